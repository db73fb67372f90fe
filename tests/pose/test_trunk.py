"""Points on edges become nodes of a plain graph, and distances stay what they were."""

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely

from solver.network.graph import build_network
from solver.network.snapping import snap
from solver.pose.trunk import graph_with_points


def line_of_two_edges() -> gpd.GeoDataFrame:
    """A street 0 - 100 - 300 m along x; the second edge is one-way towards larger x, with a two-way road back."""
    lines = [
        shapely.LineString([(0, 0), (100, 0)]),
        shapely.LineString([(100, 0), (300, 0)]),
        shapely.LineString([(300, 0), (300, 50), (100, 50), (100, 0)]),
    ]
    n = len(lines)
    return gpd.GeoDataFrame(
        {
            "edge_id": np.arange(n),
            "from_node": [0, 1, 2],
            "to_node": [1, 2, 1],
            "road_class": "primary",
            "name": "",
            "ref": "",
            "length_m": [line.length for line in lines],
            "speed_kph": 50.0,
            "oneway": ["both", "forward", "both"],
            "drive": True,
            "walk": True,
            "truck": True,
            "bridge": False,
            "tunnel": False,
            "level": np.zeros(n, dtype=np.int8),
        },
        geometry=lines,
        crs="EPSG:4547",
    )


def test_points_split_their_edges_and_directions_are_kept() -> None:
    network = build_network(line_of_two_edges(), mode="drive")
    points = snap(network, ["a", "b", "same-as-b"], np.array([[40.0, 1], [150, 2], [150, 2]]), limit_m=10)
    graph = graph_with_points(network, (points,))
    a, b, same = graph.node_of[0]
    assert b == same  # two points at one place share a node
    assert graph.n_nodes == network.n_nodes + 2
    routes = nx.DiGraph()
    for tail, head, length in zip(graph.tail, graph.head, graph.length_m, strict=True):
        routes.add_edge(int(tail), int(head), length=length)
    # forward: 60 m to the junction and 50 m along the one-way edge
    assert np.isclose(nx.shortest_path_length(routes, a, b, weight="length"), 110)
    # back: 150 m on to the end, 50 + 200 + 50 m round, 60 m along the first street
    assert np.isclose(nx.shortest_path_length(routes, b, a, weight="length"), 150 + 300 + 60)
