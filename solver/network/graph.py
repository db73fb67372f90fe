"""Edge layer -> RoadNetwork: access, speeds, directions, the main part, numbering."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from models.messages import Listed, say
from solver.errors import NetworkError
from solver.network.layout import hilbert_rank
from solver.network.roadnetwork import LeftOut, RoadNetwork, TurnCosts
from solver.network.store import check_edges

__all__ = ["MODES", "RoadNetwork", "build_network"]

MODE_NAMES = {"drive": say("drive"), "walk": say("walk"), "truck": say("truck")}
"""Who travels, in a word."""
MODES = tuple(MODE_NAMES)


def build_network(
    edges: gpd.GeoDataFrame,
    *,
    mode: str = "drive",
    walk_speed_kph: float = 4.8,
    truck_speed_kph: float = 80,
    speeds_kph: Mapping[str, float] | None = None,
    keep: Literal["largest", "all"] = "largest",
    turns: TurnCosts | None = None,
) -> RoadNetwork:
    """Make the network of one mode from an edge layer (columns as in `solver.network.store`).

    People on foot ignore one-way rules and walk at `walk_speed_kph`; lorries keep to `truck_speed_kph`; `speeds_kph`
    replaces the driving speed of whole road classes. `keep="largest"` keeps the largest part in which every node
    reaches every other; what is dropped stands in `left_out`. `turns` adds seconds for turning at crossings.

    Raises LayerError when the layer is at fault, NetworkError when nothing is left to travel on.
    """
    if mode not in MODES:
        raise NetworkError(say("mode is {mode!r}; must be one of {known}", mode=mode, known=Listed([*MODES])))
    check_edges(edges, "road edges")
    opened = edges[edges[mode].to_numpy(dtype=bool)]
    if opened.empty:
        raise NetworkError(
            say("no edge of {n:,} is open to {mode}; choose another mode or import with it", n=len(edges), mode=mode)
        )
    speed_kph = _speed_kph(opened, mode, (walk_speed_kph, truck_speed_kph), speeds_kph or {})
    kept, islands = _main_part(opened, mode) if keep == "largest" else (np.ones(len(opened), dtype=bool), 0)
    dropped = opened[~kept]
    left_out = LeftOut(
        closed_edges=len(edges) - len(opened),
        closed_km=float(edges["length_m"].sum() - opened["length_m"].sum()) / 1000,
        islands=islands,
        island_edge_id=dropped["edge_id"].to_numpy(dtype=np.int64),
        island_km=float(dropped["length_m"].sum()) / 1000,
    )
    if not kept.any():
        raise NetworkError(
            say("no node of the {mode} network can be left and reached again; check the one-way column", mode=mode)
        )
    network = _assemble(opened[kept], mode, speed_kph[kept], left_out)
    return network if turns is None else replace(network, turns=turns)


def _speed_kph(
    edges: gpd.GeoDataFrame, mode: str, limits_kph: tuple[float, float], by_class: Mapping[str, float]
) -> NDArray[np.float64]:
    for what, value in {"walk_speed_kph": limits_kph[0], "truck_speed_kph": limits_kph[1], **by_class}.items():
        if not 0 < value < np.inf:
            raise NetworkError(say("speed of {what} is {value}; must be above 0 km/h", what=what, value=value))
    if mode == "walk":
        return np.full(len(edges), limits_kph[0])
    speed = edges["speed_kph"].to_numpy(dtype=np.float64).copy()
    road_class = edges["road_class"].to_numpy(dtype=object)
    for name, value in by_class.items():
        speed[road_class == name] = value
    return np.minimum(speed, limits_kph[1]) if mode == "truck" else speed


def _directions(edges: gpd.GeoDataFrame, mode: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    if mode == "walk":
        return np.ones(len(edges), dtype=bool), np.ones(len(edges), dtype=bool)
    oneway = edges["oneway"].to_numpy(dtype=object)
    return oneway != "backward", oneway != "forward"


def _numbered(edges: gpd.GeoDataFrame) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    ends = edges[["from_node", "to_node"]].to_numpy(dtype=np.int64)
    node_id, index = np.unique(ends, return_inverse=True)
    number: NDArray[np.int32] = index.reshape(ends.shape).astype(np.int32)
    return node_id.astype(np.int64), number[:, 0], number[:, 1]


def _main_part(edges: gpd.GeoDataFrame, mode: str) -> tuple[NDArray[np.bool_], int]:
    """Which edges lie in the largest strongly connected component, and how many other components hold edges' ends."""
    node_id, start, end = _numbered(edges)
    forward, backward = _directions(edges, mode)
    tail = np.concatenate([start[forward], end[backward]])
    head = np.concatenate([end[forward], start[backward]])
    matrix = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(len(node_id), len(node_id)))
    parts, label = connected_components(matrix.tocsr(), directed=True, connection="strong")
    main = np.bincount(label).argmax()
    return (label[start] == main) & (label[end] == main), int(parts) - 1


def _assemble(edges: gpd.GeoDataFrame, mode: str, speed_kph: NDArray[np.float64], left_out: LeftOut) -> RoadNetwork:
    node_id, start, end = _numbered(edges)
    geometry = edges.geometry.to_numpy()
    node_xy = np.empty((len(node_id), 2))
    node_xy[start] = shapely.get_coordinates(shapely.get_point(geometry, 0))
    node_xy[end] = shapely.get_coordinates(shapely.get_point(geometry, -1))
    order = np.argsort(hilbert_rank(node_xy), kind="stable")
    number = np.empty(len(order), dtype=np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    start, end = number[start], number[end]

    forward, backward = _directions(edges, mode)
    row = np.concatenate([np.flatnonzero(forward), np.flatnonzero(backward)])
    along = np.arange(len(row)) < forward.sum()
    tail, head = np.where(along, start[row], end[row]), np.where(along, end[row], start[row])
    arcs = np.lexsort((head, tail))
    row, length_m = row[arcs], edges["length_m"].to_numpy(dtype=np.float64)[row[arcs]]
    return RoadNetwork(
        crs=edges.crs.to_string(),
        mode=mode,
        node_xy=node_xy[order],
        node_id=node_id[order],
        tail=tail[arcs].astype(np.int32),
        head=head[arcs].astype(np.int32),
        length_m=length_m,
        time_s=length_m / (speed_kph[row] / 3.6),
        arc_edge=row.astype(np.int32),
        arc_forward=along[arcs],
        edge_id=edges["edge_id"].to_numpy(dtype=np.int64),
        edge_from=start,
        edge_to=end,
        geometry=np.asarray(geometry, dtype=object),
        road_class=edges["road_class"].to_numpy(dtype=object),
        name=edges["name"].to_numpy(dtype=object),
        left_out=left_out,
    )
