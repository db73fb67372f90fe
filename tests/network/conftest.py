"""Road networks made for the tests, and an answer by other code: networkx on a graph where the points are nodes."""

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from solver.network.roadnetwork import RoadNetwork
from solver.network.snapping import SnappedPoints

CRS = "EPSG:4547"
DATA = Path(os.environ.get("SITING_DATA", Path(__file__).parents[3] / "shared" / "data")) / "osm"
FAST_AND_SLOW = ("andorra", *(pytest.param(name, marks=pytest.mark.slow) for name in ("columbus", "porto_alegre_poa")))
"""Real extracts, the large ones for the slow truths only."""


def real(name: str) -> Path:
    """A real extract; the test is skipped where it is absent."""
    path = DATA / f"{name}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"{path.name} is not there; set SITING_DATA to the folder of test data")
    return path


DEFAULTS = {
    "road_class": "residential",
    "name": "",
    "ref": "",
    "speed_kph": 36.0,  # 10 m/s, so that times are lengths / 10
    "oneway": "both",
    "drive": True,
    "walk": True,
    "truck": True,
    "bridge": False,
    "tunnel": False,
    "level": 0,
}


def make_edges(rows: list[dict]) -> gpd.GeoDataFrame:
    """Edges from rows that give at least from_node, to_node and the coordinates `line`; the rest has defaults."""
    geometry = [shapely.LineString(row["line"]) for row in rows]
    table = pd.DataFrame(
        [
            {**DEFAULTS, "edge_id": number, "length_m": line.length, **{k: v for k, v in row.items() if k != "line"}}
            for number, (row, line) in enumerate(zip(rows, geometry, strict=True))
        ]
    )
    return gpd.GeoDataFrame(table.astype({"level": "int8"}), geometry=geometry, crs=CRS)


@pytest.fixture
def edges_of() -> Callable[..., gpd.GeoDataFrame]:
    return make_edges


def random_edges(rng: np.random.Generator, n_nodes: int, n_edges: int) -> gpd.GeoDataFrame:
    """Any multigraph: loops, parallel edges, one-ways, bent lines; lengths that are not the straight distance."""
    xy = rng.uniform(0, 1000, (n_nodes, 2))
    ends = rng.integers(0, n_nodes, (n_edges, 2))
    rows = []
    for start, end in ends:
        bend = xy[start] * 0.4 + xy[end] * 0.6 + rng.uniform(1, 50, 2)
        rows.append({"from_node": int(start), "to_node": int(end), "line": [xy[start], bend, xy[end]]})
    edges = make_edges(rows)
    edges["oneway"] = rng.choice(["both", "forward", "backward"], n_edges, p=[0.5, 0.3, 0.2])
    edges["speed_kph"] = rng.choice([20.0, 36.0, 50.0, 90.0], n_edges)
    return edges


@pytest.fixture
def random_edges_of() -> Callable[..., gpd.GeoDataFrame]:
    return random_edges


def random_points(rng: np.random.Generator, network: RoadNetwork, n: int) -> SnappedPoints:
    """Points on random edges, some of them exactly at an end, some at the same place."""
    fraction = np.where(rng.random(n) < 0.3, rng.choice([0.0, 0.25, 1.0], n), rng.random(n))
    distance_m = rng.uniform(0, 30, n)
    return SnappedPoints(
        ids=tuple(f"p{i}" for i in range(n)),
        edge=rng.integers(0, network.n_edges, n).astype(np.int32),
        fraction=fraction,
        distance_m=distance_m,
        access_s=distance_m / 1.2,
        xy=np.zeros((n, 2)),
    )


@pytest.fixture
def random_points_on() -> Callable[..., SnappedPoints]:
    return random_points


def by_networkx(
    network: RoadNetwork, sites: SnappedPoints, demand: SnappedPoints, *, cutoff: float, impedance: str, direction: str
) -> np.ndarray:
    """(n_demand, n_sites), inf = beyond. Every edge is cut at its points; the points become nodes of their own."""
    weight = network.weight(impedance)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.n_nodes))
    on_edge: dict[int, list[tuple[float, object]]] = {}
    for kind, points in (("site", sites), ("demand", demand)):
        for i, (edge, fraction) in enumerate(zip(points.edge, points.fraction, strict=True)):
            on_edge.setdefault(int(edge), []).append((float(fraction), (kind, i)))
    for arc in range(network.n_arcs):
        edge, along = int(network.arc_edge[arc]), bool(network.arc_forward[arc])
        stops = [(0.0, int(network.edge_from[edge])), *on_edge.get(edge, []), (1.0, int(network.edge_to[edge]))]
        stops.sort(key=lambda stop: stop[0])
        if not along:
            stops.reverse()
        for (here, u), (there, v) in pairwise(stops):
            graph.add_edge(u, v, w=abs(there - here) * weight[arc])
    for edge, stops in on_edge.items():  # points in the same place are one place, also on a one-way edge
        every = [(0.0, int(network.edge_from[edge])), *stops, (1.0, int(network.edge_to[edge]))]
        for here, u in every:
            for there, v in every:
                if here == there and u != v:
                    graph.add_edge(u, v, w=0.0)
    answer = np.full((len(demand), len(sites)), np.inf)
    off = [p.access_s if impedance == "time_s" else p.distance_m for p in (demand, sites)]
    view = graph.reverse() if direction == "to_site" else graph
    for j in range(len(sites)):
        if ("site", j) not in view:
            continue
        reached = nx.single_source_dijkstra_path_length(view, ("site", j), weight="w")
        for i in range(len(demand)):
            answer[i, j] = reached.get(("demand", i), np.inf) + off[0][i] + off[1][j]
    if sites.point_xy is not None and demand.point_xy is not None:  # the straight way, where it is no longer
        metres = np.hypot(*(demand.point_xy[:, None] - sites.point_xy[None]).transpose(2, 0, 1))
        both, cost = (np.add.outer(of[0], of[1]) for of in ((demand.distance_m, sites.distance_m), off))
        answer = np.where(metres <= both * (1 + 1e-7), metres * cost / np.maximum(both, 1e-9), answer)
    answer[answer > cutoff] = np.inf
    return answer


@pytest.fixture
def networkx_times() -> Callable[..., np.ndarray]:
    return by_networkx
