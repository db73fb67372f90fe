"""Between points off the road the straight way stands where it is no longer than both ways to the road."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.network.graph import build_network
from solver.network.offroad import straight_ways
from solver.network.reach import Reach
from solver.network.routes import routes
from solver.network.snapping import nearest, snap
from solver.network.store import write_edges
from solver.network.travel import k_nearest, travel_times
from tests.network.conftest import make_edges, random_edges

KPH = 4.8

STUDY = """
[study]
name = "villages"
crs = "EPSG:4547"
[network]
file = "roads.parquet"
[programmes.school]
model = "p-median"
open = 1
demand = { file = "places.csv", id = "id", weight = "people", x = "x", y = "y", crs = "EPSG:4547" }
sites = { file = "places.csv", id = "id", x = "x", y = "y", crs = "EPSG:4547" }
reach = { mode = "MODE", direction = "DIRECTION", LIMIT }
"""


def villages(folder, mode="drive", direction="to_site", limit="limit_m = 5000"):
    """A road along y = 0 for 2 km; big lies 450 m off it, small on it."""
    write_edges(
        make_edges([{"from_node": 0, "to_node": 1, "line": [(0, 0), (2000, 0)], "speed_kph": 36.0}]),
        folder / "roads.parquet",
    )
    places = {"id": ["big", "small"], "people": [100, 50], "x": [500, 1000], "y": [450, 0]}
    pd.DataFrame(places).to_csv(folder / "places.csv", index=False)
    text = STUDY.replace("MODE", mode).replace("DIRECTION", direction).replace("LIMIT", limit)
    (folder / "study.toml").write_text(text, encoding="utf-8")


def call(*words):
    return CliRunner().invoke(siting, [str(word) for word in words])


@pytest.mark.parametrize("direction", ["to_site", "from_site"])
@pytest.mark.parametrize(
    ("mode", "limit", "worth"),
    [
        ("drive", "limit_m = 5000", 50 * (500 + 450)),
        ("drive", "limit_min = 60", 50 * (500 / 10 + 450 / (KPH / 3.6))),  # 36 km/h on the road
        ("walk", "limit_min = 60", 50 * (950 / (KPH / 3.6))),
    ],
)
def test_the_greater_village_keeps_its_own_school(tmp_path, direction, mode, limit, worth):
    villages(tmp_path, mode, direction, limit)
    ended = call("run", tmp_path, "--out", tmp_path / "out")
    assert ended.exit_code == 0, ended.output
    entry = json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))["programmes"]["school"]
    assert (entry["sites"], entry["objective"]) == (["big"], pytest.approx(worth))
    assert call("verify", tmp_path / "out").exit_code == 0
    if limit != "limit_m = 5000":
        return
    ended = call("export", tmp_path / "out", "--to", tmp_path / "w.geojson", "--study", tmp_path, "--routes")
    assert ended.exit_code == 0, ended.output
    ways = {way["properties"]["from_id"]: way for way in json.loads((tmp_path / "w.geojson").read_text())["features"]}
    assert ways["big"]["properties"]["length_m"] == 0
    assert ways["small"]["properties"]["length_m"] == pytest.approx(500)


def by_hand(xy, other, off, other_off):
    """Which pairs (n, m) go straight, and how far that is: one by one."""
    metres = np.array([[np.hypot(*(p - q)) for q in other] for p in xy])
    allowed = np.array([[a + b for b in other_off] for a in off])
    return metres <= allowed * (1 + 1e-7), metres


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("direction", ["to_site", "from_site"])
@pytest.mark.parametrize("impedance", ["length_m", "time_s"])
def test_travel_is_the_lesser_of_the_road_and_the_straight_way_that_the_rule_allows(seed, direction, impedance):
    rng = np.random.default_rng(seed)
    network = build_network(random_edges(rng, 8, 14), keep="all")
    xy = rng.uniform(-400, 1400, (60, 2))
    xy[10:20] = xy[0:10]  # the same points again
    places = nearest(network, [f"p{i}" for i in range(60)], xy, access_speed_kph=KPH)
    sites = nearest(network, [f"s{i}" for i in range(25)], xy[5:30], access_speed_kph=KPH)
    plain = [
        type(points)(points.ids, points.edge, points.fraction, points.distance_m, points.access_s, points.xy)
        for points in (sites, places)
    ]
    options = {"impedance": impedance, "direction": direction}
    limit = 600.0
    road = dense(travel_times(network, *plain, cutoff=np.inf, **options))
    found = dense(travel_times(network, sites, places, cutoff=limit, **options))
    goes, metres = by_hand(xy, xy[5:30], places.distance_m, sites.distance_m)
    straight = metres if impedance == "length_m" else metres / (KPH / 3.6)
    right = np.where(goes, straight, road)
    right = np.where(right <= limit, right, np.inf)
    np.testing.assert_allclose(found, right, rtol=1e-12, atol=1e-9)
    assert (np.diag(found[5:30]) == 0).all()
    assert 0 < (goes & (straight < road)).mean() < 1
    assert (straight[goes] <= road[goes] * (1 + 1e-12)).all()  # never longer than by road
    back = {**options, "direction": {"to_site": "from_site", "from_site": "to_site"}[direction]}
    turned = dense(travel_times(network, places, sites, cutoff=limit, **back))  # searched from the other side
    np.testing.assert_allclose(turned.T, found, rtol=1e-12, atol=1e-9)
    best = k_nearest(network, sites, places, k=2, **options)
    everything = np.where(goes, straight, road)
    least = np.sort(everything, axis=1)[:, :2]
    for i in range(60):
        got = np.sort(best.data[best.indptr[i] : best.indptr[i + 1]])
        np.testing.assert_allclose(got, least[i][np.isfinite(least[i])], rtol=1e-12, atol=1e-9)


def dense(matrix):
    full = np.full(matrix.shape, np.inf)
    full[np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices] = matrix.data
    return full


def test_pairs_are_the_same_from_either_side_and_for_any_spread_of_distances():
    rng = np.random.default_rng(1)
    network = build_network(make_edges([{"from_node": 0, "to_node": 1, "line": [(0, 0), (3000, 0)]}]))
    xy = np.column_stack([rng.uniform(0, 3000, 300), rng.choice([0.0, 0.5, 3.0, 40.0, 900.0], 300)])
    few, many = snap(network, range(40), xy[:40], limit_m=900), snap(network, range(300), xy, limit_m=900)
    there, back = straight_ways(few, many, "length_m", access=True), straight_ways(many, few, "length_m", access=True)
    goes, _ = by_hand(xy[:40], xy, few.distance_m, many.distance_m)
    pairs = {(i, int(j)) for i in range(40) for j in there.target[there.start[i] : there.start[i + 1]]}
    assert pairs == {(int(i), int(j)) for i, j in zip(*np.nonzero(goes), strict=True)}
    assert pairs == {(int(j), i) for i in range(300) for j in back.target[back.start[i] : back.start[i + 1]]}


def test_where_the_way_to_the_road_does_not_count_only_the_same_point_is_no_way_off():
    network = build_network(make_edges([{"from_node": 0, "to_node": 1, "line": [(0, 0), (2000, 0)]}]))
    points = snap(network, ["a", "b"], np.array([[500.0, 400], [600, 400]]), limit_m=500)
    travel = travel_times(network, points, points, cutoff=5000, impedance="length_m", access=False)
    assert travel.toarray().tolist() == [[0, pytest.approx(100)], [pytest.approx(100), 0]]


def test_a_motorway_site_is_at_itself_though_people_would_leave_for_another_road():
    rows = [
        {"from_node": 0, "to_node": 1, "line": [(0, 0), (2000, 0)], "road_class": "motorway"},
        {"from_node": 1, "to_node": 2, "line": [(2000, 0), (2000, 300)]},
        {"from_node": 2, "to_node": 3, "line": [(2000, 300), (0, 300)]},
    ]
    network, xy = build_network(make_edges(rows)), np.array([[500.0, 0]])
    site, place = snap(network, ["s"], xy, limit_m=500), snap(network, ["p"], xy, limit_m=500, avoid=("motorway",))
    assert travel_times(network, site, place, cutoff=5000, impedance="length_m").toarray().tolist() == [[0.0]]


def test_the_route_of_a_straight_way_is_the_straight_line_in_the_direction_of_travel():
    network = build_network(make_edges([{"from_node": 0, "to_node": 1, "line": [(0, 0), (2000, 0)]}]))
    site = snap(network, ["s"], np.array([[500.0, 100]]), limit_m=500)
    place = snap(network, ["p", "far"], np.array([[560.0, 100], [900, 100]]), limit_m=500)
    for direction, line in (("to_site", [(560, 100), (500, 100)]), ("from_site", [(500, 100), (560, 100)])):
        found = routes(Reach(network, site, direction=direction), place, np.array([[0, 0], [1, 0]]))
        assert list(found.geometry[0].coords) == line
        assert found.length_m.tolist() == pytest.approx([60, 400])
        assert found.time_s.tolist() == pytest.approx([60 / (KPH / 3.6), 40])
