import geopandas as gpd
import numpy as np
import pytest
import shapely

from solver.errors import NetworkError
from solver.network.graph import build_network
from solver.network.reach import Reach
from solver.network.roadnetwork import TurnCosts
from solver.network.routes import routes
from solver.network.snapping import snap
from solver.network.travel import travel_times


@pytest.fixture
def bay(edges_of):
    """A street along a bay: straight on it is 100 m by a one-way bridge eastwards, and round the shore 400 m."""
    return build_network(
        edges_of(
            [
                {"from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)]},
                {"from_node": 2, "to_node": 3, "line": [(100, 0), (200, 0)], "oneway": "forward"},
                {"from_node": 3, "to_node": 2, "line": [(200, 0), (200, -150), (100, -150), (100, 0)]},
                {"from_node": 3, "to_node": 4, "line": [(200, 0), (300, 0)]},
            ]
        )
    )


def test_the_line_is_the_road_travelled_in_its_direction(bay):
    home, site = (snap(bay, [name], np.array([xy]), limit_m=20) for name, xy in (("h", (50, 5)), ("s", (260, -5))))
    there = routes(Reach(bay, site), home, np.array([[0, 0]]))
    assert list(there.geometry[0].coords) == [(50, 0), (100, 0), (200, 0), (260, 0)]
    assert (there.demand[0], there.site[0]) == ("h", "s")
    assert there.length_m[0] == pytest.approx(210)
    assert there.time_s[0] == pytest.approx(21)
    back = routes(Reach(bay, site, direction="from_site"), home, np.array([[0, 0]]))
    shore = [(260, 0), (200, 0), (200, -150), (100, -150), (100, 0), (50, 0)]
    assert list(back.geometry[0].coords) == shore
    assert back.length_m[0] == pytest.approx(60 + 400 + 50)
    assert back.crs == bay.crs


def test_on_one_street_the_line_is_the_part_between(bay):
    points = snap(bay, ["a", "b"], np.array([[20.0, 0.0], [70.0, 0.0]]), limit_m=20)
    found = routes(Reach(bay, points), points, np.array([[0, 1], [1, 0], [0, 0]]))
    assert [list(line.coords) for line in found.geometry] == [[(20, 0), (70, 0)], [(70, 0), (20, 0)], [(20, 0)] * 2]
    assert list(found.length_m) == pytest.approx([50, 50, 0])


def test_pairs_beyond_the_cut_off_or_without_a_way_are_named(bay):
    points = snap(bay, ["a", "b"], np.array([[20.0, 0.0], [290.0, 0.0]]), limit_m=20)
    with pytest.raises(NetworkError, match="1 pairs have no way within 10: a - b"):
        routes(Reach(bay, points), points, np.array([[0, 1], [0, 0]]), cutoff=10)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("direction", ["to_site", "from_site"])
@pytest.mark.parametrize("turns", [None, TurnCosts(5, 2, 11)], ids=["free", "turns"])
def test_random_routes_are_as_long_as_their_travel_time_says(seed, direction, turns, random_edges_of, random_points_on):
    rng = np.random.default_rng(seed)
    edges = random_edges_of(rng, 25, 60).assign(speed_kph=36.0)
    edges["length_m"] = edges.geometry.length
    network = build_network(edges, turns=turns)
    sites, demand = random_points_on(rng, network, 6), random_points_on(rng, network, 10)
    matrix = travel_times(network, sites, demand, cutoff=np.inf, direction=direction, access=False).tocoo()
    pairs = np.column_stack(matrix.coords)
    found = routes(Reach(network, sites, direction=direction, access=False), demand, pairs)
    np.testing.assert_allclose(found.geometry.length, found.length_m, rtol=1e-9, atol=1e-6)
    if turns is None:
        np.testing.assert_allclose(found.time_s, matrix.data, rtol=1e-9, atol=1e-9)
    else:  # turning only adds
        assert (found.time_s <= matrix.data + 1e-6).all()
        assert (found.time_s < matrix.data - 1).any()
    for points, column, place in ((demand, 0, 0), (sites, 1, -1)):
        at = place if direction == "to_site" else -1 - place
        ends = shapely.get_point(found.geometry.to_numpy(), at)
        own = shapely.line_interpolate_point(network.geometry[points.edge], points.fraction, normalized=True)[
            pairs[:, column]
        ]
        assert shapely.distance(ends, own).max() < 1e-6


def test_no_pairs_give_an_empty_layer(bay):
    points = snap(bay, ["a"], np.array([[20.0, 0.0]]), limit_m=20)
    found = routes(Reach(bay, points), points, np.zeros((0, 2), dtype=int))
    assert isinstance(found, gpd.GeoDataFrame)
    assert len(found) == 0
    assert list(found.columns) == ["demand", "site", "length_m", "time_s", "geometry"]
