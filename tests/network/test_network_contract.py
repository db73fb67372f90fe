import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from solver.network.contract import contract
from solver.network.graph import build_network
from solver.network.store import check_edges
from solver.network.travel import travel_times


def chopped(edges, rng):
    """Every edge cut into one to four pieces, each drawn in either direction."""
    rows = []
    spare = 10_000
    for row in edges.itertuples():
        pieces = int(rng.integers(1, 5))
        nodes = [row.from_node, *range(spare, spare + pieces - 1), row.to_node]
        spare += pieces
        line = row.geometry
        for i in range(pieces):
            piece = shapely.ops.substring(line, i / pieces, (i + 1) / pieces, normalized=True)
            one = {**row._asdict(), "from_node": nodes[i], "to_node": nodes[i + 1], "geometry": piece}
            one["length_m"] = row.length_m / pieces
            if rng.random() < 0.5:
                turned = {"both": "both", "forward": "backward", "backward": "forward"}[row.oneway]
                one.update(from_node=nodes[i + 1], to_node=nodes[i], geometry=piece.reverse(), oneway=turned)
            rows.append(one)
    table = pd.DataFrame(rows).drop(columns="Index").assign(edge_id=np.arange(len(rows)))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=edges.crs).sample(frac=1, random_state=1)


@pytest.mark.parametrize("seed", range(6))
def test_chopping_and_contracting_changes_no_distance_and_loses_no_metre(seed, random_edges_of, random_points_on):
    rng = np.random.default_rng(seed)
    edges = random_edges_of(rng, 25, 60)
    pieces = chopped(edges, rng)
    merged = contract(pieces)
    check_edges(merged, "merged")
    assert len(merged) <= len(edges)
    assert merged.length_m.sum() == pytest.approx(edges.length_m.sum())
    assert merged.geometry.length.sum() == pytest.approx(edges.geometry.length.sum())
    before, after = build_network(pieces, keep="all"), build_network(merged, keep="all")
    assert after.n_nodes <= 25 < before.n_nodes
    shared = np.intersect1d(before.node_id, after.node_id)
    times = []
    for network in (before, after):
        at = nodes_as_points(network, shared, random_points_on)
        times.append(travel_times(network, at, at, cutoff=np.inf).toarray())
    np.testing.assert_allclose(times[0], times[1], rtol=1e-12)
    assert np.count_nonzero(times[0]) > 50


def nodes_as_points(network, node_id, random_points_on):
    """Each node as the end of some edge."""
    places = random_points_on(np.random.default_rng(0), network, len(node_id))
    for i, node in enumerate(node_id):
        number = int(np.flatnonzero(network.node_id == node)[0])
        starts = np.flatnonzero(network.edge_from == number)
        ends = np.flatnonzero(network.edge_to == number)
        places.edge[i], places.fraction[i] = (starts[0], 0.0) if len(starts) else (ends[0], 1.0)
        places.access_s[i] = 0.0
    return places


def test_a_lonely_ring_keeps_one_node(edges_of):
    corners = [(0, 0), (100, 0), (100, 100), (0, 100)]
    sides = [{"from_node": i, "to_node": (i + 1) % 4, "line": [corners[i], corners[(i + 1) % 4]]} for i in range(4)]
    ring = contract(edges_of(sides))
    assert len(ring) == 1
    assert ring.length_m[0] == pytest.approx(400)
    assert ring.from_node[0] == ring.to_node[0]
    assert ring.geometry[0].is_ring


def test_edges_that_differ_are_not_joined(edges_of):
    two = [
        {"from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)]},
        {"from_node": 2, "to_node": 3, "line": [(100, 0), (200, 0)], "bridge": True, "level": 1},
    ]
    assert len(contract(edges_of(two))) == 2
