"""Sites and places carry the place where they meet the road."""

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from solver.export.folder import write_result
from solver.solve import solve_study
from solver.study.read import read_study

TEACHING = Path(__file__).parents[2] / "instances/teaching"
AT_A, AT_C = (500_000.0, 3_081_000.0), (501_000.0, 3_080_000.0)

TIERS = """
[study]
name = "tiers"
crs = "EPSG:4547"
[network]
file = "edges.geojson"
[programmes.post]
model = "hierarchical"
demand = { file = "places.csv", id = "place", weight = "people", x = "x", y = "y", crs = "EPSG:4547" }
reach = { mode = "walk", limit_m = 3000 }
  [[programmes.post.tiers]]
  name = "centre"
  file = "centre.csv"
  id = "site"
  x = "x"
  y = "y"
  crs = "EPSG:4547"
  [[programmes.post.tiers]]
  name = "station"
  file = "station.csv"
  id = "site"
  x = "x"
  y = "y"
  crs = "EPSG:4547"
  reach = { mode = "drive", limit_m = 5000 }
"""


@pytest.fixture
def square(tmp_path):
    """The one-way square, its sites moved: at-A 200 m east of A and 30 m north of the street, at-C 7 m east of C."""
    folder = tmp_path / "study"
    shutil.copytree(TEACHING / "one-way", folder)
    sites = pd.read_csv(folder / "sites.csv").set_index("site")
    sites.loc["at-A", ["x", "y"]] = AT_A[0] + 200, AT_A[1] + 30
    sites.loc["at-C", ["x", "y"]] = AT_C[0] + 7, AT_C[1]
    sites.reset_index().to_csv(folder / "sites.csv", index=False)
    return folder


def test_the_tables_name_the_place_on_the_road_and_the_way_to_it(square, tmp_path):
    result = solve_study(read_study(square), programmes=["visit"])
    write_result(result, tmp_path / "out")
    sites = gpd.read_file(tmp_path / "out/plan.gpkg", layer="visit_sites").set_index("site_id")
    assert sites.loc["at-A", ["road_x", "road_y", "off_road_m"]].tolist() == [AT_A[0] + 200, AT_A[1], 30]
    assert sites.loc["at-C", ["road_x", "road_y", "off_road_m"]].tolist() == [*AT_C, 7]
    demand = gpd.read_file(tmp_path / "out/plan.gpkg", layer="visit_demand")
    assert demand["off_road_m"].tolist() == [0, 0]
    assert demand["road_x"].tolist() == demand.geometry.x.tolist()
    decided = pd.read_csv(tmp_path / "out/sites.csv").iloc[0]
    assert (decided["site_id"], decided["off_road_m"]) == ("at-A", 30)


def test_sites_of_every_tier_are_on_the_roads_of_the_tier_below(square):
    sites = pd.read_csv(square / "sites.csv").set_index("site")
    for tier, site in (("centre", "at-A"), ("station", "at-C")):
        sites.loc[[site]].to_csv(square / f"{tier}.csv")
    (square / "study.toml").write_text(TIERS)
    table = solve_study(read_study(square)).programmes["post"].site_table.set_index("site_id")
    assert table["tier"].to_dict() == {"at-A": "centre", "at-C": "station"}
    assert table["off_road_m"].to_dict() == {"at-A": 30, "at-C": 7}


def test_a_study_with_a_matrix_has_no_such_columns():
    table = solve_study(read_study(TEACHING / "overlap")).programmes["pair"].site_table
    assert not {"road_x", "road_y", "off_road_m"} & set(table.columns)


def test_columns_of_the_planner_of_that_name_are_kept_under_another(square):
    sites = pd.read_csv(square / "sites.csv").assign(road_x="west side")
    sites.to_csv(square / "sites.csv", index=False)
    table = solve_study(read_study(square), programmes=["visit"]).programmes["visit"].site_table
    assert set(table["road_x_layer"]) == {"west side"}
    assert table["road_x"].tolist() == [AT_A[0] + 200, AT_C[0]]
