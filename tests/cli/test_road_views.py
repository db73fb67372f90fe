import shutil
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from click.testing import CliRunner

from solver.cli.group import siting

TEACHING = Path(__file__).parents[2] / "instances/teaching"


def call(*words):
    return CliRunner().invoke(siting, [str(word) for word in words])


@pytest.fixture(scope="module")
def square(tmp_path_factory):
    """The one-way square: 1,000 m a side, driven clockwise, one site of two for each direction of travel."""
    folder = tmp_path_factory.mktemp("square")
    shutil.copytree(TEACHING / "one-way", folder / "study")
    ended = call("run", folder / "study", "--out", folder / "base")
    assert ended.exit_code == 0, ended.output
    return folder


def test_routes_are_as_long_as_the_travel_of_the_plan(square, tmp_path):
    ended = call("export", square / "base", "--to", tmp_path / "r.gpkg", "--study", square / "study", "--routes")
    assert ended.exit_code == 0, ended.output
    for name in ("visit", "ambulance"):
        routes = gpd.read_file(tmp_path / "r.gpkg", layer=f"{name}_routes").set_index(["from_id", "to_id"])
        plan = gpd.read_file(square / "base/plan.gpkg", layer=f"{name}_allocation").set_index(["from_id", "to_id"])
        assert len(routes) == len(plan) > 0
        assert routes["length_m"].to_dict() == pytest.approx(plan["travel_m"].to_dict())
        assert routes.length.to_dict() == pytest.approx(plan["travel_m"].to_dict())
        assert set(routes["programme"]) == {name}


def test_areas_and_streets_lie_within_the_reach(square, tmp_path):
    words = ("--study", square / "study", "-p", "ambulance")
    call("export", square / "base", "--to", tmp_path / "a.gpkg", *words, "--areas", "--streets")
    assert {name for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")} == {"ambulance_areas", "ambulance_streets"}
    areas = gpd.read_file(tmp_path / "a.gpkg", layer="ambulance_areas")
    assert areas["limit_m"].tolist() == [1500, 1000, 500]
    streets = gpd.read_file(tmp_path / "a.gpkg", layer="ambulance_streets")
    assert streets.length.sum() == pytest.approx(1500)  # one way only: what lies ahead within 1,500 m
    call("export", square / "base", "--to", tmp_path / "s.geojson", *words, "--streets")
    assert gpd.read_file(tmp_path / "s.geojson").crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "a.gpkg", "--routes"), "--routes needs --study"),
        (("--to", "a.fgb", "--routes", "--areas", "--study", "study"), "a.fgb holds one layer; ask for one of areas"),
        (("--to", "a.xlsx", "--routes", "--study", "study"), "are written as .gpkg .geojson"),
        (("--to", "a.gpkg", "--routes", "--study", "study", "-p", "vist"), "did you mean visit?"),
    ],
)
def test_wrong_use_is_said(words, said, square, tmp_path):
    put = {"study": square / "study", "a.gpkg": tmp_path / "a.gpkg", "a.fgb": tmp_path / "a.fgb"}
    ended = call("export", square / "base", *(put.get(word, word) for word in words))
    assert ended.exit_code == 2
    assert said in ended.stderr


def test_a_study_changed_since_the_run_is_refused(square, tmp_path):
    shutil.copytree(square / "study", tmp_path / "study")
    places = tmp_path / "study/places.csv"
    places.write_text(places.read_text() + "\n")
    ended = call("export", square / "base", "--to", tmp_path / "a.gpkg", "--study", tmp_path / "study", "--routes")
    assert ended.exit_code == 2
    assert "places.csv changed since the run; run the study again" in ended.stderr
    assert not (tmp_path / "a.gpkg").exists()
