"""The identity of an input is every file that is opened for it: no answer is kept when one of them changes."""

import json
import shutil
import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from solver.cli.group import siting
from solver.inputs.identity import changed, files_of, hashes_of, identity_of
from solver.verify.run import verify_result

STUDY = """
[study]
name = "layers"
[travel]
matrix = "times.csv"
[solve]
gap = 0.0
search_s = 0
[programmes.p]
model = "max-cover"
open = 1
reach = { limit_m = 100 }
demand = { file = "FILE", id = "place", weight = "people" }
sites = { file = "sites.csv", id = "site" }
"""
PEOPLE = [30, 20, 5]  # A reaches a and b: 50; B reaches c: 5
MORE = [30, 20, 500]  # then B: 500
VIRTUAL = """<OGRVRTDataSource><OGRVRTLayer name="places">
<SrcDataSource relativeToVRT="1">data/places.csv</SrcDataSource>
<Field name="place"/><Field name="people" type="Integer"/></OGRVRTLayer></OGRVRTDataSource>
"""


def places(people):
    return gpd.GeoDataFrame(
        {"place": ["a", "b", "c"], "people": np.array(people, dtype=np.int32)},
        geometry=shapely.points([[0, 0], [1, 0], [2, 0]]),
        crs="EPSG:4547",
    )


def write(folder, file, people):
    """The study with its places in a layer of several files."""
    (folder / "study.toml").write_text(STUDY.replace("FILE", file), encoding="utf-8")
    (folder / "sites.csv").write_text("site\nA\nB\n")
    (folder / "times.csv").write_text("demand,site,value\na,A,10\nb,A,10\nc,B,10\n")
    shutil.rmtree(folder / file, ignore_errors=True)
    for old in folder.glob(f"{file.split('.')[0]}.*"):
        old.unlink()
    places(people).to_file(folder / file, driver="OpenFileGDB" if file.endswith(".gdb") else None)


def call(*words):
    return CliRunner().invoke(siting, [str(word) for word in words])


def sweep_of(folder):
    ended = call("sweep", folder, "--vary", "programmes.p.open=1", "--jobs", 1, "--out", folder / "out")
    assert ended.exit_code == 0, ended.output
    return pd.read_csv(folder / "out/table.csv")["objective"].tolist()


@pytest.mark.parametrize(
    ("file", "beside"),
    [("places.shp", "places.dbf"), ("places.gdb", "places.gdb/"), ("p.tab", "p.dat")],
)
def test_no_answer_is_kept_when_a_file_beside_a_layer_changes(file, beside, tmp_path):
    write(tmp_path, file, PEOPLE)
    main = tmp_path / file
    assert sweep_of(tmp_path) == [50]
    assert call("run", tmp_path, "--out", tmp_path / "result").exit_code == 0
    told = json.loads((tmp_path / "result/result.json").read_text(encoding="utf-8"))["inputs"]
    assert any(name.startswith(beside) for name in told)
    assert not verify_result(tmp_path / "result").failed

    kept = main.read_bytes() if main.is_file() else None
    write(tmp_path, file, MORE)
    if kept is not None:
        assert main.read_bytes() == kept  # only what is beside it has changed
    assert sweep_of(tmp_path) == [500]
    report = verify_result(tmp_path / "result")
    assert report.stopped
    assert any(str(text).startswith(beside) and "has changed" in str(text) for text in report.failed[0].details)


def test_a_file_that_comes_to_a_layer_is_a_change_of_it(tmp_path):
    write(tmp_path, "places.shp", PEOPLE)
    (tmp_path / "places.cpg").unlink(missing_ok=True)
    before = identity_of(tmp_path / "places.shp")
    assert call("run", tmp_path, "--out", tmp_path / "result").exit_code == 0
    (tmp_path / "places.cpg").write_text("GBK")
    assert identity_of(tmp_path / "places.shp") != before
    assert verify_result(tmp_path / "result").failed[0].details == (
        "places.cpg was not there when the result was computed",
    )


def test_a_file_that_went_from_a_layer_is_a_change_of_it_and_no_missing_input(tmp_path):
    write(tmp_path, "places.shp", PEOPLE)
    assert call("run", tmp_path, "--out", tmp_path / "result").exit_code == 0
    (tmp_path / "places.prj").unlink()
    assert verify_result(tmp_path / "result").failed[0].details == ("places.prj is not there any more",)


def test_what_an_earlier_version_did_not_record_is_not_checked_and_no_accusation(tmp_path):
    write(tmp_path, "places.shp", PEOPLE)
    assert call("run", tmp_path, "--out", tmp_path / "result").exit_code == 0
    path = tmp_path / "result/result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    parts = [name for name in document["inputs"] if name.startswith("places.") and name != "places.shp"]
    assert len(parts) >= 3
    for name in parts:
        del document["inputs"][name]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert call("report", tmp_path / "result").exit_code == 0  # the page lists the inputs
    report = verify_result(tmp_path / "result")
    assert not report.failed
    unmade = {v.check: tuple(map(str, v.details)) for v in report.verdicts if v.status == "not checked"}
    assert "places.dbf" in unmade["every_file_of_an_input_is_recorded"][0]


def test_what_is_written_to_a_database_and_still_in_its_log_belongs_to_it(tmp_path):
    path = tmp_path / "places.gpkg"
    places(PEOPLE).to_file(path)
    before = hashes_of(["places.gpkg"], tmp_path)
    base = sqlite3.connect(path)
    base.execute("pragma journal_mode = wal").fetchall()
    base.execute("create table note (text)")
    base.commit()
    after = hashes_of(["places.gpkg"], tmp_path)
    base.close()
    assert list(before) == ["places.gpkg"]
    assert list(after) == ["places.gpkg", "places.gpkg-wal"]
    assert "places.gpkg-wal" in changed(before, after)


def test_a_virtual_layer_is_known_by_what_it_names(tmp_path):
    (tmp_path / "town/data").mkdir(parents=True)
    table = tmp_path / "town/data/places.csv"
    table.write_text("place,people\na,30\n")
    (tmp_path / "town/data/places.csvt").write_text('"String","Integer"\n')
    (tmp_path / "town/places.vrt").write_text(VIRTUAL, encoding="utf-8")
    before = hashes_of(["town/places.vrt"], tmp_path)
    assert list(before) == ["town/places.vrt", "town/data/places.csv", "town/data/places.csvt"]
    table.write_text("place,people\na,31\n")
    after = hashes_of(["town/places.vrt"], tmp_path)
    assert changed(before, after) == ["town/data/places.csv"]


def test_virtual_layers_that_name_each_other_end(tmp_path):
    for one, other in (("a.vrt", "b.vrt"), ("b.vrt", "a.vrt")):
        (tmp_path / one).write_text(VIRTUAL.replace("data/places.csv", other), encoding="utf-8")
    assert files_of(tmp_path / "a.vrt") == (tmp_path / "a.vrt", tmp_path / "b.vrt")


def test_a_pipeline_is_known_by_what_it_reads(tmp_path):
    (tmp_path / "in.geojson").write_text("{}")
    said = {"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read in.geojson ! limit 2"}
    (tmp_path / "p.gdalg.json").write_text(json.dumps(said))
    assert [path.name for path in files_of(tmp_path / "p.gdalg.json")] == ["p.gdalg.json", "in.geojson"]


def test_what_is_not_there_has_no_files(tmp_path):
    assert files_of(tmp_path / "no.shp") == ()
    assert files_of(tmp_path / ("n" * 300)) == ()
    assert hashes_of(["no.shp", "a\0b"], tmp_path) == {}


def test_a_lock_in_a_folder_is_no_part_of_its_content(tmp_path):
    (tmp_path / "town.gdb").mkdir()
    (tmp_path / "town.gdb/a1.gdbtable").write_text("x")
    before = identity_of(tmp_path / "town.gdb")
    (tmp_path / "town.gdb/_gdb.PC1.lock").write_text("")
    assert identity_of(tmp_path / "town.gdb") == before
