"""The real road lines of an allocation: who travels to which site along which streets."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from models.messages import Listed, say
from solver.errors import NetworkError
from solver.network.endpoints import Ends, ends_of
from solver.network.kernel import trace
from solver.network.offroad import straight_lines
from solver.network.reach import Reach
from solver.network.roadnetwork import Floats, Ints
from solver.network.searchgraph import SearchGraph, search_graph
from solver.network.snapping import SnappedPoints


@dataclass(frozen=True)
class _Piece:
    """A part of an edge as travelled, fractions along its geometry."""

    edge: int
    begin: float
    end: float


def routes(reach: Reach, demand: SnappedPoints, pairs: NDArray[np.intp], *, cutoff: float = np.inf) -> gpd.GeoDataFrame:
    """Shortest ways of demand and site pairs, (n, 2) positions in `demand` and in `reach.points`.

    Columns `demand`, `site`, `length_m`, `time_s` (road only, without turns and access) and the line in the direction
    of travel, between the snapped places. Where the way is the straight one, off the road, that is the line, with its
    length and time. Raises NetworkError that names pairs without a way within `cutoff`.
    """
    network, graph = reach.network, reach.graph
    back = search_graph(network, reach.impedance, reverse=not graph.reverse)
    arriving = ends_of(network, graph, demand, network.weight(reach.impedance), leaving=graph.reverse)
    pairs = np.asarray(pairs, dtype=np.intp).reshape(-1, 2)
    straight = straight_lines(reach.points, demand, pairs[:, ::-1], access=reach.access)
    found: dict[int, list[_Piece]] = {row: [] for row in straight}
    for site in np.unique(pairs[:, 1]):
        label, _ = reach.search(int(site), cutoff)
        for row in set(np.flatnonzero(pairs[:, 1] == site).tolist()) - set(straight):
            way = _way(reach, back, label, (demand, arriving), (int(pairs[row, 0]), int(site)))
            if way is not None:
                found[row] = way
    missing = [row for row in range(len(pairs)) if row not in found]
    if missing:
        named = [f"{demand.ids[pairs[r, 0]]} - {reach.points.ids[pairs[r, 1]]}" for r in missing[:5]]
        raise NetworkError(
            say("{n:,} pairs have no way within {cutoff}: {pairs}", n=len(missing), cutoff=cutoff, pairs=Listed(named))
        )
    table = _as_frame(reach, demand, pairs, [found[row] for row in range(len(pairs))])
    return _with_straight(table, reach, demand, pairs, straight)


def _way(
    reach: Reach, back: SearchGraph, label: Floats, arrival: tuple[SnappedPoints, Ends], pair: tuple[int, int]
) -> list[_Piece] | None:
    """Pieces from the site to the demand point, as searched; None when there is no way."""
    demand, ends = arrival
    i, site = pair
    access = reach.sources.access[site]
    direct = _direct_cost(reach, site, demand, i)
    by_end = label[ends.node[i]] + ends.cost[i] - access
    best = min(direct, float(by_end.min()))
    if not np.isfinite(best):
        return None
    edge, here = int(demand.edge[i]), float(demand.fraction[i])
    start, begin = int(reach.points.edge[site]), float(reach.points.fraction[site])
    if direct <= best:
        return [_Piece(edge, begin, here)]
    side = int(by_end.argmin())
    node = int(ends.node[i, side])
    steps = trace(back.arcs, label, node, reach.sources, site)
    first = int(back.arcs.head[steps[-1]]) if len(steps) else node
    leaves = 0 if first == reach.sources.node[site, 0] and label[first] == reach.sources.cost[site, 0] else 1
    roads = back.road[steps[::-1]]
    roads = roads[roads >= 0]
    return [_Piece(start, begin, float(leaves)), *_whole(reach, roads), _Piece(edge, float(side), here)]


def _direct_cost(reach: Reach, site: int, demand: SnappedPoints, i: int) -> float:
    """Along the common edge, inf where there is none or it is not permitted."""
    if reach.points.edge[site] != demand.edge[i]:
        return np.inf
    along = float(demand.fraction[i] - reach.points.fraction[site])
    if along == 0:
        return 0.0
    whole = reach.sources.rising[site] if along > 0 else reach.sources.falling[site]
    return abs(along) * float(whole)


def _whole(reach: Reach, roads: Ints) -> list[_Piece]:
    edges, ahead = reach.network.arc_edge[roads], reach.drawn_forward(roads)
    return [
        _Piece(int(edge), 0.0, 1.0) if forward else _Piece(int(edge), 1.0, 0.0)
        for edge, forward in zip(edges, ahead, strict=True)
    ]


def _as_frame(
    reach: Reach, demand: SnappedPoints, pairs: NDArray[np.intp], ways: list[list[_Piece]]
) -> gpd.GeoDataFrame:
    network = reach.network
    to_site = reach.graph.reverse
    length, time = np.zeros(len(ways)), np.zeros(len(ways))
    lines = []
    for row, way in enumerate(ways):
        for piece in way:
            part = abs(piece.end - piece.begin)
            ahead = (piece.end > piece.begin) != to_site  # as really travelled
            arc = (network.forward_arc if ahead else network.backward_arc)[piece.edge]
            if part > 0:
                length[row] += part * network.length_m[arc]
                time[row] += part * network.time_s[arc]
        lines.append(_line(network.geometry, way, turned=to_site))
    table = pd.DataFrame(
        {
            "demand": [demand.ids[i] for i in pairs[:, 0]],
            "site": [reach.points.ids[j] for j in pairs[:, 1]],
            "length_m": length,
            "time_s": time,
        }
    )
    return gpd.GeoDataFrame(table, geometry=lines, crs=network.crs)


def _with_straight(
    table: gpd.GeoDataFrame,
    reach: Reach,
    demand: SnappedPoints,
    pairs: NDArray[np.intp],
    straight: Mapping[int, tuple[float, float]],
) -> gpd.GeoDataFrame:
    """The table with the rows whose way leads from point to point, not along the road."""
    if demand.point_xy is None or reach.points.point_xy is None:
        return table
    for row, (metres, seconds) in straight.items():
        ends = demand.point_xy[pairs[row, 0]], reach.points.point_xy[pairs[row, 1]]
        line = shapely.LineString(ends if reach.graph.reverse else ends[::-1])
        table.loc[row, ["length_m", "time_s", "geometry"]] = [metres, seconds, line]
    return table


def _line(geometry: NDArray[np.object_], way: list[_Piece], *, turned: bool) -> shapely.LineString:
    if not way:
        return shapely.LineString()
    parts = []
    for piece in way:
        line = geometry[piece.edge]
        if {piece.begin, piece.end} == {0.0, 1.0}:
            xy = shapely.get_coordinates(line)
            parts.append(xy if piece.end > piece.begin else xy[::-1])
        else:
            parts.append(shapely.get_coordinates(substring(line, piece.begin, piece.end, normalized=True)))
    xy = np.concatenate(parts)
    xy = xy[np.concatenate([[True], (np.diff(xy, axis=0) != 0).any(axis=1)])]
    if len(xy) == 1:
        xy = np.repeat(xy, 2, axis=0)
    return shapely.LineString(xy[::-1] if turned else xy)
