"""A result directory is whole, opens in GIS, is read back as it was, and is never left half-written."""

import json
import shutil
import sqlite3
from dataclasses import fields
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from solver.errors import StoreError
from solver.export import folder as writing
from solver.export.folder import write_result
from solver.results.result import ProgrammeResult
from solver.results.store import is_result, read_result
from tests.made_results import matrix_programme, no_plan, programme_result, study_result

FILES = {
    ".siting-files.json",
    *("result.json", "sites.csv", "summary.csv", "plan.gpkg", "plan.qgz", "report.html", "map-parking.png"),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store") / "out"
    write_result(study_result(programme_result(), no_plan()), folder)
    return folder


def test_the_directory_holds_the_contract_s_files_and_nothing_is_left_beside_it(written):
    assert {p.name for p in written.iterdir()} == FILES
    assert [p.name for p in written.parent.iterdir()] == ["out"]


def test_result_json_has_the_contract_s_fields_and_null_for_what_is_unknown(written):
    document = json.loads((written / "result.json").read_text(encoding="utf-8"))
    parking = document["programmes"]["parking"]
    assert document["format"] == 1
    assert (parking["ended"], parking["objective"], parking["sites"]) == ("proven", 90.0, ["P-1"])
    assert parking["figures"]["mean_travel_min"] is None
    assert document["programmes"]["clinics"]["objective"] is None
    assert document["programmes"]["clinics"]["reasons"] == ["budget: at most 2 CNY; would have to be 5 CNY"]


def test_a_figure_that_is_no_number_is_written_as_null(tmp_path):
    figures = {"covered_share": float("nan"), "by_district": {"a": {"new_sites": np.int64(3)}}}
    write_result(study_result(programme_result(figures=figures)), tmp_path / "out", maps=False)
    document = json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))
    assert document["programmes"]["parking"]["figures"] == {
        "covered_share": None,
        "by_district": {"a": {"new_sites": 3}},
    }


def test_what_is_read_back_is_what_was_written(written):
    made, read = study_result(programme_result(), no_plan()), read_result(written)
    assert read.as_json() == made.as_json()
    for name, programme in made.programmes.items():
        for field in fields(ProgrammeResult):
            value, back = getattr(programme, field.name), getattr(read.programmes[name], field.name)
            if isinstance(value, gpd.GeoDataFrame):
                assert back.crs == value.crs
                assert back.geometry.geom_equals(value.geometry).all()
                pd.testing.assert_frame_equal(
                    pd.DataFrame(back.drop(columns="geometry")),
                    pd.DataFrame(value.drop(columns="geometry")),
                    check_dtype=False,
                )


def test_plan_gpkg_opens_with_the_layers_of_every_plan_in_the_study_s_system(written):
    path = written / "plan.gpkg"
    assert set(gpd.list_layers(path)["name"]) == {
        "parking_sites",
        "parking_demand",
        "parking_allocation",
        "layer_styles",
    }
    sites = gpd.read_file(path, layer="parking_sites")
    assert sites.crs.to_epsg() == 4547
    assert sites.loc[sites["chosen"], "site_id"].tolist() == ["P-1"]


def test_every_layer_of_plan_gpkg_has_a_default_style_whose_fields_exist(written):
    with sqlite3.connect(written / "plan.gpkg") as base:
        rows = base.execute("SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles")
        styles = {name: (column, qml, default) for name, column, qml, default in rows}
        geometry = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
    assert styles.keys() == geometry.keys()
    for layer, (column, qml, default) in styles.items():
        assert (column, default) == (geometry[layer], 1)
        renderer = ElementTree.fromstring(qml.partition("\n")[2]).find("renderer-v2")
        named = {part for part in renderer.get("attr").split('"') if part.isidentifier() and part.islower()}
        assert named & set(gpd.read_file(written / "plan.gpkg", layer=layer).columns)
        symbols = {s.get("name") for s in renderer.iter("symbol")}
        assert {c.get("symbol") for c in renderer.iter("category")} == symbols


def test_the_same_plan_is_the_same_file(tmp_path):
    for name in ("a", "b"):
        write_result(study_result(), tmp_path / name)
    for file in FILES:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_sites_csv_lists_what_was_decided_and_opens_in_excel_with_its_chinese_signs(written):
    content = (written / "sites.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(written / "sites.csv", encoding="utf-8-sig")
    assert table["site_id"].tolist() == ["P-1"]
    assert table["group"].tolist() == ["天元区"]
    assert table["name"].tolist() == ["株洲站"]
    assert (table["x"][0], table["y"][0]) == (500000, 3080000)
    assert abs(table["lon"][0] - 114.0) < 1e-6  # easting 500 km lies on the central meridian


def test_a_site_that_is_closed_is_a_decision_too(tmp_path):
    table = programme_result().site_table
    table.loc[3, "status"] = "closable"
    write_result(study_result(programme_result(site_table=table)), tmp_path / "out", maps=False)
    decided = pd.read_csv(tmp_path / "out/sites.csv", encoding="utf-8-sig")
    assert dict(zip(decided["site_id"], decided["decision"], strict=True)) == {"P-1": "open", "P-4": "close"}


def test_a_study_without_geometry_keeps_tables_and_draws_no_map(tmp_path):
    write_result(study_result(matrix_programme("parking"), crs=None), tmp_path / "out")
    assert {p.name for p in (tmp_path / "out").iterdir()} == FILES - {"map-parking.png", "plan.qgz"}
    read = read_result(tmp_path / "out").programmes["parking"]
    assert not isinstance(read.site_table, gpd.GeoDataFrame)
    assert read.demand_table["served_share"].tolist() == [1.0, 1.0, 0.0]


def test_columns_of_the_planner_that_clash_are_renamed_not_lost(tmp_path):
    table = programme_result().site_table.assign(fid="x", Name="upper", mixed=[1, "a", None, 2.5])
    write_result(study_result(programme_result(site_table=table)), tmp_path / "out", maps=False)
    read = read_result(tmp_path / "out").programmes["parking"].site_table
    assert read["fid_2"].tolist() == ["x"] * 4
    assert read["Name_2"].tolist() == ["upper"] * 4
    assert read["mixed"].tolist()[:2] == ["1", "a"]


def test_a_result_is_replaced_whole(tmp_path):
    write_result(study_result(programme_result("parking")), tmp_path / "out")
    write_result(study_result(programme_result("clinics")), tmp_path / "out", maps=False)
    assert {p.name for p in (tmp_path / "out").iterdir()} == FILES - {"map-parking.png"}
    assert list(read_result(tmp_path / "out").programmes) == ["clinics"]


def test_a_run_that_dies_while_writing_leaves_the_old_result_and_no_other(tmp_path, monkeypatch):
    write_result(study_result(programme_result("parking")), tmp_path / "out", maps=False)
    before = (tmp_path / "out/result.json").read_bytes()
    monkeypatch.setattr(writing, "sites_csv", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_result(study_result(programme_result("clinics")), tmp_path / "out", maps=False)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out/result.json").read_bytes() == before


def test_a_folder_of_other_things_is_not_overwritten(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter.docx").write_text("years of work")
    with pytest.raises(StoreError) as caught:
        write_result(study_result(), tmp_path / "thesis")
    assert str(caught.value) == (
        f"{tmp_path / 'thesis'}   holds files that are no result of siting; name an empty or a new folder"
    )
    assert (tmp_path / "thesis/chapter.docx").read_text() == "years of work"


def test_a_file_where_the_folder_should_be_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(StoreError, match="is a file; name a folder"):
        write_result(study_result(), tmp_path / "out")


def test_a_result_without_its_result_json_is_no_result(written, tmp_path):
    shutil.copytree(written, tmp_path / "half")
    (tmp_path / "half/result.json").unlink()
    assert not is_result(tmp_path / "half")
    with pytest.raises(StoreError, match="holds no result.json"):
        read_result(tmp_path / "half")


def test_a_result_of_a_later_format_is_refused(written, tmp_path):
    shutil.copytree(written, tmp_path / "later")
    path = tmp_path / "later/result.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 1', '"format": 9'), encoding="utf-8")
    with pytest.raises(StoreError, match="has format 9; this version reads format 1"):
        read_result(tmp_path / "later")
