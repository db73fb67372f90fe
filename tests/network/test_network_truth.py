"""Travel times on real extracts and on the reference study are those that networkx finds, to 1e-9, both directions."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from solver.network.graph import build_network
from solver.network.osm import read_osm
from solver.network.roadnetwork import RoadNetwork
from solver.network.snapping import SnappedPoints, nearest
from solver.network.store import read_edges
from solver.network.travel import k_nearest, travel_times
from tests.network.conftest import FAST_AND_SLOW, real

LAYERS = Path(__file__).parents[2] / "instances/zhuzhou/layers"
DIRECTIONS = ("to_site", "from_site")


def agree(network: RoadNetwork, sites: SnappedPoints, demand: SnappedPoints, direction: str, truth: Callable) -> None:
    """Both impedances, every pair; and the three nearest are the three least of them."""
    for impedance, cutoff in (("time_s", 3600.0), ("length_m", 20_000.0)):
        asked = {"cutoff": cutoff, "impedance": impedance, "direction": direction}
        expected = truth(network, sites, demand, **asked)
        assert np.isfinite(expected).mean() > 0.1
        found = travel_times(network, sites, demand, **asked)
        dense = np.full(found.shape, np.inf)
        dense[np.repeat(np.arange(len(demand)), np.diff(found.indptr)), found.indices] = found.data
        np.testing.assert_allclose(dense, expected, rtol=1e-9)
        three = k_nearest(network, sites, demand, k=3, **asked)
        least = np.sort(expected, axis=1)[:, :3]
        assert np.sort(three.data).tolist() == pytest.approx(np.sort(least[np.isfinite(least)]).tolist(), rel=1e-9)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", FAST_AND_SLOW)
def test_on_a_real_extract(name, direction, networkx_times):
    edges = read_osm(real(name), modes=["drive"]).edges
    assert (edges.oneway == "forward").sum() > 10
    network = build_network(edges)
    rng = np.random.default_rng(11)
    low, high = network.node_xy.min(axis=0), network.node_xy.max(axis=0)
    sites = nearest(network, [f"s{i}" for i in range(6)], rng.uniform(low, high, (6, 2)))
    demand = nearest(network, [f"d{i}" for i in range(300)], rng.uniform(low, high, (300, 2)))
    agree(network, sites, demand, direction, networkx_times)


@pytest.mark.slow
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_on_the_reference_study(direction, networkx_times):
    network = build_network(read_edges(LAYERS / "roads.parquet"))
    two_way = np.bincount(network.arc_edge, minlength=network.n_edges) == 2
    assert 0.02 < 1 - two_way.mean() < 0.5  # it has one-way streets

    def some(file: str, column: str, n: int) -> SnappedPoints:
        layer = gpd.read_parquet(LAYERS / file).sample(n, random_state=4)
        points = layer.geometry.representative_point()
        return nearest(network, layer[column].astype(str).tolist(), np.column_stack([points.x, points.y]))

    sites, demand = some("parking_candidates.parquet", "site_id", 6), some("places.parquet", "place_id", 400)
    agree(network, sites, demand, direction, networkx_times)
