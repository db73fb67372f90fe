"""Service areas against the coverage that travel gives, for many places around random networks."""

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from solver.cli.group import siting
from solver.errors import NetworkError
from solver.network.graph import build_network
from solver.network.reach import Reach
from solver.network.roadnetwork import TurnCosts
from solver.network.serviceareas import OffRoad, service_areas
from solver.network.snapping import nearest, snap
from solver.network.store import write_edges
from solver.network.travel import travel_times
from tests.network.conftest import make_edges, random_edges

KPH, FARTHEST_M = 4.8, 500.0
NEAR_M = 1.0
"""Places so near to the outline may lie on either side of it."""
WALK = OffRoad(KPH, FARTHEST_M)


def random_network(rng, seed):
    edges = random_edges(rng, 12, 24)
    edges = edges[edges["from_node"] != edges["to_node"]].reset_index(drop=True)  # loops lie on themselves here
    edges.loc[::7, "road_class"] = "motorway"
    return build_network(edges, keep="all", turns=TurnCosts(5, 2, 11) if seed % 2 else None)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("impedance", "limits"), [("length_m", (150.0, 400.0)), ("time_s", (40.0, 90.0))])
def test_a_place_is_in_the_area_just_when_its_travel_is_within_the_limit(seed, impedance, limits):
    rng = np.random.default_rng(seed)
    network, n = random_network(rng, seed), 1500
    places, centres = rng.uniform(-300, 1300, (n, 2)), rng.uniform(-100, 1100, (2, 2))
    sites = nearest(network, ["s", "t"], centres, access_speed_kph=KPH)
    people = nearest(network, range(n), places, access_speed_kph=KPH, avoid=("motorway",))
    asked = {
        "impedance": impedance,
        "direction": ("to_site", "from_site")[seed // 2 % 2],
        "access": seed % 3 > 0,
    }
    travel = travel_times(network, sites, people, cutoff=max(limits), **asked)
    value = np.full(travel.shape, np.inf)
    value[np.repeat(np.arange(n), np.diff(travel.indptr)), travel.indices] = travel.data
    off_road = OffRoad(KPH, FARTHEST_M, ("motorway",))
    areas = service_areas(Reach(network, sites, **asked), cutoffs=limits, off_road=off_road)
    assert len(areas) == 4
    points, near_road = shapely.points(places), people.distance_m <= FARTHEST_M
    for row in areas.itertuples():
        j = sites.ids.index(row.site)
        covered = value[:, j] <= row[2]
        clear = near_road & (shapely.distance(row.geometry.boundary, points) > NEAR_M)
        wrong = clear & (shapely.intersects(row.geometry, points) != covered)
        assert not wrong.any(), places[wrong]
        assert clear[near_road].mean() > 0.95
        assert row.geometry.contains(shapely.Point(centres[j]))


@pytest.fixture
def street():
    return build_network(make_edges([{"from_node": 0, "to_node": 1, "line": [(0, 0), (2000, 0)]}]))


def test_beside_a_street_the_area_narrows_as_the_way_along_it_grows(street):
    # on foot beside the street 100 - x metres are left x metres along it: a square on its corner, of 2 x 100 x 100 m2
    site = snap(street, ["s"], np.array([[1000.0, 0]]), limit_m=500)
    areas = service_areas(Reach(street, site, impedance="length_m"), cutoffs=[100, 50], off_road=WALK)
    assert areas.limit_m.tolist() == [100, 50]
    assert areas.area.tolist() == pytest.approx([20_000, 5_000], rel=1e-3)
    # the time limit is 10 s: 100 m along the street at 36 km/h or 13.3 m off it at 4.8
    by_time = service_areas(Reach(street, site), cutoffs=[10], off_road=WALK)
    assert by_time.area[0] == pytest.approx(2 * 100 * 10 * KPH / 3.6, rel=1e-3)


def test_places_farther_off_the_road_than_points_may_lie_are_in_no_area(street):
    site = snap(street, ["s"], np.array([[1000.0, 0]]), limit_m=500)
    area = service_areas(Reach(street, site, impedance="length_m"), cutoffs=[600], off_road=OffRoad(KPH, 50))
    assert np.round(area.total_bounds).tolist() == [400, -50, 1600, 50]


def test_a_site_off_the_road_lies_in_its_own_area_though_the_way_to_the_road_takes_longer(street):
    # 300 m off the road, 200 m of reach: a circle, but for where the road and back again is shorter
    site = snap(street, ["s"], np.array([[1000.0, 300]]), limit_m=500)
    area = service_areas(Reach(street, site, impedance="length_m"), cutoffs=[200], off_road=WALK).geometry[0]
    assert area.contains(shapely.Point(1000, 300))
    assert area.contains(shapely.Point(1000, 499))
    assert not area.contains(shapely.Point(1000, 501))


def test_cut_offs_that_make_no_sense_are_refused(street):
    reach = Reach(street, snap(street, ["s"], np.array([[1000.0, 0]]), limit_m=500))
    for wrong in ([], [0.0], [np.inf]):
        with pytest.raises(NetworkError, match="must be above 0 and finite"):
            service_areas(reach, cutoffs=wrong, off_road=WALK)


STUDY = """
[study]
name = "areas"
crs = "EPSG:4547"
[network]
file = "roads.parquet"
keep = "all"
[programmes.clinic]
model = "max-cover"
open = 2
demand = { file = "places.csv", id = "id", x = "x", y = "y", crs = "EPSG:4547" }
sites = { file = "sites.csv", id = "id", x = "x", y = "y", crs = "EPSG:4547" }
reach = { REACH }
"""


@pytest.mark.parametrize("limit", ["limit_m = 500", "limit_min = 2"])
def test_areas_that_are_drawn_agree_with_the_coverage_told(tmp_path: Path, limit: str):
    rng = np.random.default_rng(1)
    edges = random_edges(rng, 12, 24)
    write_edges(edges[edges["from_node"] != edges["to_node"]].reset_index(drop=True), tmp_path / "roads.parquet")
    for name, n in (("places", 100), ("sites", 5)):
        xy = rng.uniform(100, 900, (n, 2))
        pd.DataFrame({"id": [f"{name}{i}" for i in range(n)], "x": xy[:, 0], "y": xy[:, 1]}).to_csv(
            tmp_path / f"{name}.csv", index=False
        )
    (tmp_path / "study.toml").write_text(STUDY.replace("REACH", limit), encoding="utf-8")
    runner = CliRunner()
    ended = runner.invoke(siting, ["run", str(tmp_path), "--out", str(tmp_path / "out")])
    assert ended.exit_code == 0, ended.output
    words = ["export", str(tmp_path / "out"), "--to", str(tmp_path / "a.gpkg"), "--study", str(tmp_path), "--areas"]
    assert runner.invoke(siting, words).exit_code == 0
    areas = gpd.read_file(tmp_path / "a.gpkg", layer="clinic_areas")
    widest = areas[areas.iloc[:, 2] == areas.iloc[:, 2].max()].union_all()
    places = gpd.read_file(tmp_path / "out/plan.gpkg", layer="clinic_demand")
    told = places["served_share"].to_numpy() > 0.5
    assert 10 < told.sum() < 90
    clear = shapely.distance(widest.boundary, places.geometry.to_numpy()) > NEAR_M
    assert (shapely.intersects(widest, places.geometry.to_numpy()) == told)[clear].all()
    assert clear.mean() > 0.95
    shutil.rmtree(tmp_path / "out")
