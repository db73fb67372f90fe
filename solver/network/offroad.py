"""Straight ways between points that lie off the road, where the way by the road would be an absurd way round.

A trip leaves its point for the road and ends with the way from the road to the other point. Where two points are no
farther from each other than both together from their roads, nobody goes to the road and back: the trip is the straight
way, at the speed of those ways (0 for the same point). It is never longer than the trip by road, for that has both ways
to the road and what lies between.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from models.arrays import FloatArray, Sparse, sparse_from_pairs
from models.limits import reaching, within
from solver.network.kernel import NoRoad
from solver.network.roadnetwork import Floats, Impedance, Ints
from solver.network.snapping import SnappedPoints

BAND = 2.0
"""Points whose distance from the road differs by less than this factor are searched together."""


class _Apart(NamedTuple):
    """Pairs of points: positions in both sets, and metres between them."""

    first: Ints
    second: Ints
    metres: Floats


def straight_ways(sources: SnappedPoints, targets: SnappedPoints, impedance: Impedance, *, access: bool) -> NoRoad:
    """The straight ways from sources to targets that stand for the way by road, in seconds or metres.

    Where the way between point and road does not count (`access` false), only the same point is no way from itself.
    Points whose own places are not known (`point_xy` None) have none.
    """
    nothing = _Apart(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))
    if sources.point_xy is None or targets.point_xy is None or not (len(sources) and len(targets)):
        return _listed(nothing, nothing.metres, len(sources))
    off = [points.distance_m if access else np.zeros(len(points)) for points in (sources, targets)]
    found = _near(sources.point_xy, off[0], targets.point_xy, off[1])
    cost = found.metres if impedance == "length_m" else _seconds(sources, targets, found)
    return _listed(found, cost, len(sources))


def straight_lines(
    sources: SnappedPoints, targets: SnappedPoints, pairs: NDArray[np.intp], *, access: bool
) -> dict[int, tuple[float, float]]:
    """Of pairs of positions (n, 2) in sources and targets: row -> metres and seconds, where the way is the straight."""
    ways = straight_ways(sources, targets, "length_m", access=access)
    first = np.repeat(np.arange(len(sources), dtype=np.int32), np.diff(ways.start))
    seconds = _seconds(sources, targets, _Apart(first, ways.target, ways.cost))
    place = {key: k for k, key in enumerate(zip(first.tolist(), ways.target.tolist(), strict=True))}
    asked = {row: place.get((int(i), int(j))) for row, (i, j) in enumerate(pairs)}
    return {row: (float(ways.cost[k]), float(seconds[k])) for row, k in asked.items() if k is not None}


def _seconds(sources: SnappedPoints, targets: SnappedPoints, apart: _Apart) -> Floats:
    """Time (n_pairs,) at the speed of the ways between the points and their roads."""
    metres = sources.distance_m[apart.first] + targets.distance_m[apart.second]
    seconds = sources.access_s[apart.first] + targets.access_s[apart.second]
    pace = np.divide(seconds, metres, out=np.zeros(len(metres)), where=metres > 0)
    return np.asarray(apart.metres * pace, dtype=np.float64)


def _near(xy: Floats, off: Floats, other_xy: Floats, other_off: Floats) -> _Apart:
    """Pairs no farther apart than both together from the road."""
    if len(xy) > len(other_xy):
        turned = _near(other_xy, other_off, xy, off)
        return _Apart(turned.second, turned.first, turned.metres)
    rows, columns = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    band = np.floor(np.log(np.maximum(other_off, 1.0)) / np.log(BAND))
    for one in np.unique(band):
        inside = np.flatnonzero(band == one)
        farthest = reaching(off + other_off[inside].max())
        near = cKDTree(other_xy[inside]).query_ball_point(xy, farthest, return_sorted=True)
        rows.append(np.repeat(np.arange(len(xy)), [len(some) for some in near]))
        columns.append(inside[np.concatenate([*(np.asarray(some, dtype=np.int64) for some in near)])])
    first, second = np.concatenate(rows), np.concatenate(columns)
    metres = np.hypot(*(xy[first] - other_xy[second]).T)
    keep = within(metres, off[first] + other_off[second])
    return _Apart(first[keep].astype(np.int32), second[keep].astype(np.int32), metres[keep])


def _listed(pairs: _Apart, cost: Floats, n: int) -> NoRoad:
    order = np.argsort(pairs.first, kind="stable")
    start = np.searchsorted(pairs.first[order], np.arange(n + 1)).astype(np.int32)
    return NoRoad(start, pairs.second[order], cost[order])


def straight_lengths(demand_xy: FloatArray, site_xy: FloatArray, limit_m: float) -> Sparse:
    """Sparse (n_demand, n_sites): metres as the crow flies, stored where they are at most `limit_m`."""
    if not (len(demand_xy) and len(site_xy)):
        return sparse_from_pairs(np.empty(0, int), np.empty(0, int), np.empty(0), (len(demand_xy), len(site_xy)))
    near = cKDTree(site_xy).query_ball_point(demand_xy, reaching(limit_m), return_sorted=True)
    rows = np.repeat(np.arange(len(near)), [len(found) for found in near])
    columns = np.concatenate([*(np.asarray(found, dtype=np.int64) for found in near)])
    length = np.hypot(*(demand_xy[rows] - site_xy[columns]).T)
    return sparse_from_pairs(rows, columns, length, (len(demand_xy), len(site_xy)))
