"""A look at an edge layer before it is trusted: size, parts, dead ends, and its faults as a layer for a GIS."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from models.messages import say, worded
from solver.errors import NetworkError
from solver.network.osm_tags import CLASS_SPEED_KPH
from solver.network.store import check_edges
from solver.words.speech import Speech

GAP_M = 5.0  # a dead end this near to a road it does not meet was probably meant to meet it
SPEED_RATIO = (0.25, 2.5)  # plausible speeds as a share of the class's usual one
LENGTH_TOLERANCE = 0.05  # between length_m and the drawn line


@dataclass(frozen=True, eq=False)
class NetworkLook:
    """What one mode's network is like. `faults` has columns `kind`, `edge_id`, `fact` (a message) and a geometry."""

    mode: str
    edges: int
    nodes: int
    km: float
    km_by_class: Mapping[str, float]
    one_way_km: float
    strong_parts: int  # parts in which every node reaches every other
    main_nodes: int  # of the largest of them
    main_km: float
    islands: int  # parts that no road joins to the largest
    dead_ends: int
    faults: gpd.GeoDataFrame

    def fault_counts(self) -> dict[str, int]:
        """Number of faults of each kind."""
        return {str(kind): int(count) for kind, count in self.faults["kind"].value_counts().sort_index().items()}

    def faults_in(self, speech: Speech) -> gpd.GeoDataFrame:
        """The faults with their facts in the words of a language."""
        return self.faults.assign(fact=[worded(fact, speech) for fact in self.faults["fact"]])


def look_at(edges: gpd.GeoDataFrame, *, mode: str = "drive") -> NetworkLook:
    """Look at the edges open to `mode`. Raises LayerError for a faulty layer, NetworkError when nothing is open."""
    check_edges(edges, "road edges")
    opened = edges[edges[mode].to_numpy(dtype=bool)].reset_index(drop=True)
    if opened.empty:
        raise NetworkError(say("no edge of {n:,} is open to {mode}; choose another mode", n=len(edges), mode=mode))
    graph = _graph(opened, mode)
    parts = sorted(nx.strongly_connected_components(graph), key=len, reverse=True)
    joined = sorted(nx.weakly_connected_components(graph), key=len, reverse=True)
    inside = _both_ends_in(opened, parts[0])
    connected = _both_ends_in(opened, next(part for part in joined if next(iter(parts[0])) in part))
    degree = pd.concat([opened["from_node"], opened["to_node"]]).value_counts()
    dead = degree.index[degree == 1].to_numpy()
    length_m = opened["length_m"].to_numpy()
    return NetworkLook(
        mode=mode,
        edges=len(opened),
        nodes=graph.number_of_nodes(),
        km=float(length_m.sum()) / 1000,
        km_by_class=_km_by_class(opened),
        one_way_km=float(length_m[(opened["oneway"] != "both").to_numpy()].sum()) / 1000,
        strong_parts=len(parts),
        main_nodes=len(parts[0]),
        main_km=float(length_m[inside].sum()) / 1000,
        islands=len(joined) - 1,
        dead_ends=len(dead),
        faults=_faults(opened, inside, connected, dead),
    )


def _graph(edges: gpd.GeoDataFrame, mode: str) -> nx.DiGraph:
    start, end, oneway = (edges[c].to_numpy() for c in ("from_node", "to_node", "oneway"))
    graph: nx.DiGraph = nx.DiGraph()
    ahead, back = (oneway != "backward") | (mode == "walk"), (oneway != "forward") | (mode == "walk")
    graph.add_edges_from(zip(start[ahead].tolist(), end[ahead].tolist(), strict=True))
    graph.add_edges_from(zip(end[back].tolist(), start[back].tolist(), strict=True))
    return graph


def _both_ends_in(edges: gpd.GeoDataFrame, nodes: set[int]) -> NDArray[np.bool_]:
    wanted = np.fromiter(nodes, dtype=np.int64, count=len(nodes))
    return np.isin(edges["from_node"], wanted) & np.isin(edges["to_node"], wanted)


def _km_by_class(edges: gpd.GeoDataFrame) -> dict[str, float]:
    km = (edges["length_m"].groupby(edges["road_class"]).sum() / 1000).sort_values(ascending=False)
    return {str(name): float(value) for name, value in km.items()}


def _faults(
    edges: gpd.GeoDataFrame, inside: NDArray[np.bool_], connected: NDArray[np.bool_], dead: NDArray[np.int64]
) -> gpd.GeoDataFrame:
    table = pd.concat(
        [
            _marked(edges, ~connected, "island", say("no road joins it to the main part")),
            _marked(edges, connected & ~inside, "trap", say("can be reached or left only, not both")),
            _speed_faults(edges),
            _length_faults(edges),
            _doubles(edges),
            _gaps(edges, dead),
            _crossings(edges),
        ],
        ignore_index=True,
    )
    return gpd.GeoDataFrame(table, geometry="geometry", crs=edges.crs)


def _marked(edges: gpd.GeoDataFrame, rows: NDArray[np.bool_], kind: str, fact: object) -> pd.DataFrame:
    """Faults of whole edges."""
    chosen = edges[rows]
    return pd.DataFrame(
        {
            "kind": kind,
            "edge_id": chosen["edge_id"].to_numpy(dtype=np.int64),
            "fact": fact,
            "geometry": np.asarray(chosen.geometry.to_numpy(), dtype=object),
        },
        index=range(len(chosen)),
    )


def _at_points(edge_id: NDArray[np.int64], kind: str, fact: object, xy: NDArray[np.float64]) -> pd.DataFrame:
    """Faults of places."""
    points = np.asarray(shapely.points(xy), dtype=object)
    return pd.DataFrame({"kind": kind, "edge_id": edge_id, "fact": fact, "geometry": points}, index=range(len(xy)))


def _speed_faults(edges: gpd.GeoDataFrame) -> pd.DataFrame:
    usual = edges["road_class"].map(dict(CLASS_SPEED_KPH)).fillna(50.0).to_numpy(dtype=np.float64)
    speed = edges["speed_kph"].to_numpy(dtype=np.float64)
    odd = edges["drive"].to_numpy(dtype=bool) & ((speed < usual * SPEED_RATIO[0]) | (speed > usual * SPEED_RATIO[1]))
    facts = [
        say("{speed:.0f} km/h on {road_class}, usual {usual:.0f}", speed=s, road_class=c, usual=u)
        for s, c, u in zip(speed[odd], edges["road_class"][odd], usual[odd], strict=True)
    ]
    return _marked(edges, odd, "speed", facts)


def _length_faults(edges: gpd.GeoDataFrame) -> pd.DataFrame:
    drawn = shapely.length(edges.geometry.to_numpy())
    given = edges["length_m"].to_numpy(dtype=np.float64)
    odd = np.abs(given - drawn) > np.maximum(LENGTH_TOLERANCE * drawn, 1.0)
    facts = [
        say("length_m is {given:.0f}, the line is {drawn:.0f} m", given=g, drawn=d)
        for g, d in zip(given[odd], drawn[odd], strict=True)
    ]
    return _marked(edges, odd, "length", facts)


def _doubles(edges: gpd.GeoDataFrame) -> pd.DataFrame:
    """Edges drawn twice, in either direction."""
    normal = shapely.to_wkb(shapely.normalize(edges.geometry.to_numpy()))
    double = pd.Series(normal).duplicated().to_numpy()
    return _marked(edges, double, "double", say("the same line is there already"))


def _gaps(edges: gpd.GeoDataFrame, dead: NDArray[np.int64]) -> pd.DataFrame:
    """Dead ends beside a road of the same level that they do not meet; nodes made at barriers end there rightly."""
    dead = dead[dead >= 0]
    ends = []
    for column, which in (("from_node", 0), ("to_node", -1)):
        row = np.flatnonzero(np.isin(edges[column], dead))
        ends.append((row, shapely.get_point(edges.geometry.to_numpy()[row], which)))
    row = np.concatenate([r for r, _ in ends])
    points = np.concatenate([p for _, p in ends])
    lines = edges.geometry.to_numpy()
    at, other = shapely.STRtree(lines).query(points, predicate="dwithin", distance=GAP_M)
    level = edges["level"].to_numpy()
    strange = (other != row[at]) & (level[other] == level[row[at]])
    at, first = np.unique(at[strange], return_index=True)
    distance = shapely.distance(points[at], lines[other[strange][first]])
    facts = [say("dead end {gap:.1f} m from a road it does not meet", gap=d) for d in distance]
    ids = edges["edge_id"].to_numpy(dtype=np.int64)[row[at]]
    return _at_points(ids, "gap", facts, shapely.get_coordinates(points[at]))


def _crossings(edges: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places where roads of one level cross without a node."""
    lines = edges.geometry.to_numpy()
    a, b = shapely.STRtree(lines).query(lines, predicate="crosses")
    level = edges["level"].to_numpy()
    pair = (a < b) & (level[a] == level[b])
    a, b = a[pair], b[pair]
    parts, which = shapely.get_parts(shapely.intersection(lines[a], lines[b]), return_index=True)
    point = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    parts, which = parts[point], which[point]
    nodes = shapely.MultiPoint(np.concatenate([shapely.get_coordinates(shapely.get_point(lines, w)) for w in (0, -1)]))
    tree = shapely.STRtree(shapely.get_parts(nodes))
    near = np.zeros(len(parts), dtype=bool)
    near[tree.query(parts, predicate="dwithin", distance=0.05)[0]] = True
    ids = edges["edge_id"].to_numpy(dtype=np.int64)
    facts = [say("crosses edge {edge} at one level without a node", edge=i) for i in ids[b[which[~near]]]]
    return _at_points(ids[a[which[~near]]], "crossing", facts, shapely.get_coordinates(parts[~near]))
