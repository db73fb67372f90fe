"""plan.gpkg and plan.qgz in a GIS: layers grouped, named, styled, with Chinese names beside the columns' own."""

import json
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pyogrio
import pytest
import shapely

from solver.export.folder import write_result
from solver.export.symbols import looks_of
from solver.results.store import read_result
from solver.solve import solve_study
from solver.study.read import read_study
from solver.words.columns import aliases, field_name
from solver.words.speech import CHINESE, ENGLISH
from tests.made_results import matrix_programme, programme_result, study_result

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"
READ_BY_QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
project = QgsProject.instance()
told = {"read": project.read(sys.argv[1] + "/plan.qgz"), "title": project.title(), "crs": project.crs().authid()}
told["tree"] = [[group.name(), [n.name() for n in group.children()]] for group in project.layerTreeRoot().findGroups()]
told["valid"] = [node.layer().isValid() for node in project.layerTreeRoot().findLayers()]
layer = QgsVectorLayer(sys.argv[1] + "/plan.gpkg|layername=parking_sites", "sites", "ogr")
told["classes"] = [c.label() for c in layer.renderer().categories()]
told["alias"] = layer.attributeAlias(layer.fields().indexOf("site_id"))
told["labels"] = layer.labelsEnabled()
print("TOLD" + json.dumps(told))
"""


def roads():
    line = shapely.LineString([(499000, 3080500), (503000, 3080500)])
    return gpd.GeoDataFrame({"road_class": ["primary"]}, geometry=[line], crs="EPSG:4547")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project") / "out"
    write_result(study_result(programme_result(), programme_result("clinics")), folder, roads=roads(), maps=False)
    return folder


def project_of(folder):
    with zipfile.ZipFile(folder / "plan.qgz") as package:
        assert package.namelist() == ["plan.qgs"]
        return ElementTree.fromstring(package.read("plan.qgs").decode().partition("\n")[2])


def test_the_project_shows_every_layer_of_the_plan_in_a_group_for_each_programme(written):
    project = project_of(written)
    groups = project.find("layer-tree-group").findall("layer-tree-group")
    assert [(g.get("name"), g.get("checked")) for g in groups] == [
        ("New lots", "Qt::Checked"),
        ("New lots", "Qt::Unchecked"),
    ]
    sources = [node.text for node in project.iter("datasource")]
    layers = [name for name, _ in pyogrio.list_layers(written / "plan.gpkg") if name != "layer_styles"]
    assert sorted(sources) == sorted(f"./plan.gpkg|layername={name}" for name in layers)
    shown = {node.get("id") for node in project.iter("layer-tree-layer")}
    assert shown == {node.findtext("id") for node in project.iter("maplayer")}


def test_roads_lie_under_the_plan_as_a_layer_of_their_own(written):
    layer = gpd.read_file(written / "plan.gpkg", layer="roads")
    assert layer["road_class"].tolist() == ["primary"]
    assert project_of(written).find("layer-tree-group")[-1].get("name") == "roads 道路"


def test_what_is_read_back_takes_no_notice_of_the_roads(written):
    assert set(read_result(written).programmes) == {"parking", "clinics"}


def test_a_plan_without_places_has_no_project(tmp_path):
    write_result(study_result(matrix_programme()), tmp_path / "out")
    assert not (tmp_path / "out/plan.qgz").exists()


def test_chinese_names_stand_beside_the_columns_own_and_the_planner_s_columns_keep_theirs():
    assert aliases(["slow_units"], names={"slow": "慢充桩"}) == {"slow_units": "slow_units 慢充桩（数量）"}
    assert aliases(["site_id", "slow_units", "spaces"]) == {
        "site_id": "site_id 站点编号",
        "slow_units": "slow_units slow（数量）",
    }
    assert field_name("spaces", CHINESE) == "spaces"
    assert field_name("slow_units", ENGLISH) == "slow, number"


def test_a_style_has_aliases_for_the_columns_of_its_layer_and_labels_its_chosen_sites(written):
    with sqlite3.connect(written / "plan.gpkg") as base:
        (qml,) = base.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = 'parking_sites'").fetchone()
    style = ElementTree.fromstring(qml.partition("\n")[2])
    columns = gpd.read_file(written / "plan.gpkg", layer="parking_sites").columns
    assert {a.get("field") for a in style.iter("alias")} == set(columns) - {"geometry"}
    (text,) = style.iter("text-style")
    assert text.get("fieldName") == """CASE WHEN "chosen" THEN coalesce("name", "site_id") END"""
    assert style.get("labelsEnabled") == "1"


def test_sites_of_tiers_have_a_class_for_each_tier():
    table = programme_result().site_table.assign(tier=["county", "town", "town", "county"])
    expression, looks, line = looks_of("x_sites", table, {"county": "县级中心"})
    assert not line
    assert [look.label for look in looks[:2]] == ["county 县级中心, chosen 选中", "town, chosen 选中"]
    assert [look.value for look in looks] == ["tier county", "tier town", "kept", "not"]
    assert expression == """CASE WHEN "chosen" THEN 'tier ' || "tier" WHEN "open" THEN 'kept' ELSE 'not' END"""


def test_trips_are_lines_that_say_who_is_refuelled(tmp_path):
    # the line 0-1-2-3: a station at the end refuels the short trip only (3 of 13 vehicles)
    result = solve_study(read_study(ROOT / "instances/teaching/line"), programmes=["at-the-end"])
    table = result.programmes["at-the-end"].flow_table
    worth = float((table["weight"] * table["refuelled_share"]).sum())
    assert worth == pytest.approx(result.programmes["at-the-end"].objective)
    write_result(result, tmp_path / "out", maps=False)
    back = gpd.read_file(tmp_path / "out/plan.gpkg", layer="at-the-end_flows")
    assert back["refuelled_share"].tolist() == table["refuelled_share"].tolist()
    assert set(back.geom_type) == {"LineString"}
    assert not back.has_z.any()


def qgis_is_there():
    if shutil.which(PYTHON) is None:
        return False
    asked = [PYTHON, "-c", "import qgis.core"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not qgis_is_there(), reason="QGIS is not installed")
def test_qgis_opens_project_and_styles(written):
    ended = subprocess.run(
        [PYTHON, "-c", READ_BY_QGIS, str(written)],
        capture_output=True,
        text=True,
        check=False,
        env={"QT_QPA_PLATFORM": "offscreen"},
    )
    told = json.loads(ended.stdout.partition("TOLD")[2].splitlines()[0])
    kinds = ["sites 站点", "places 需求点", "who is served by whom 服务关系"]
    assert told == {
        "read": True,
        "title": "A study by hand",
        "crs": "EPSG:4547",
        "tree": [["New lots", kinds], ["New lots", kinds]],
        "valid": [True] * 7,
        "classes": ["chosen 选中", "existing, kept 现有", "not chosen 未选"],
        "alias": "site_id 站点编号",
        "labels": True,
    }
    assert "Warning" not in ended.stderr
