"""Ways with shared vertices -> pieces between junctions."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from solver.network.layout import runs, starts_of

EARTH = Geod(ellps="WGS84")
STUB_M = 0.5  # a barrier closes this much of each road at it
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Vertices:
    """Ways as flat arrays: way w owns the vertices `start[w]:start[w + 1]`."""

    start: Ints  # (n_ways + 1,)
    node: Ints  # (n_vertices,) equal where ways meet
    lonlat: Floats  # (n_vertices, 2)


@dataclass(frozen=True, eq=False)
class Segments:
    """Pieces of ways between junctions; vertices flat, as many for each as `sizes` says."""

    way: Ints  # (n,)
    from_node: Ints  # (n,)
    to_node: Ints  # (n,)
    length_m: Floats  # (n,) on the ellipsoid
    sizes: Ints  # (n,)
    lonlat: Floats  # (sizes.sum(), 2)


def split_at_junctions(vertices: Vertices, also: NDArray[np.bool_] | None = None) -> Segments:
    """Cut ways wherever two meet, where one meets itself, and at the vertices marked in `also`."""
    n = len(vertices.node)
    _, inverse, uses = np.unique(vertices.node, return_inverse=True, return_counts=True)
    cut = uses[inverse] > 1
    first, last = vertices.start[:-1], vertices.start[1:] - 1
    cut[first] = cut[last] = True
    if also is not None:
        cut |= also
    is_last = np.zeros(n, dtype=bool)
    is_last[last] = True
    at = np.flatnonzero(cut)
    begins = ~is_last[at]
    begin, end = at[begins], at[1:][begins[:-1]]
    sizes = end - begin + 1
    way = np.repeat(np.arange(len(first)), np.diff(vertices.start))[begin]
    lonlat = vertices.lonlat[runs(begin, sizes)]
    segments = Segments(way, vertices.node[begin], vertices.node[end], lengths_m(lonlat, sizes), sizes, lonlat)
    return _without_zero_lengths(segments)


def lengths_m(lonlat: Floats, sizes: Ints) -> Floats:
    """Geodesic length of each run of vertices, (n,)."""
    if len(sizes) == 0:
        return np.zeros(0)
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    step = np.zeros(len(lonlat))
    step[1:] = EARTH.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    start = starts_of(sizes)[:-1]
    step[start] = 0.0
    return np.asarray(np.add.reduceat(step, start), dtype=np.float64)


def _without_zero_lengths(segments: Segments) -> Segments:
    """Two nodes in the same place joined by a piece of no length become one node."""
    zero = segments.length_m <= 0
    if not zero.any():
        return segments
    names, inverse = np.unique(np.concatenate([segments.from_node[zero], segments.to_node[zero]]), return_inverse=True)
    a, b = inverse[: zero.sum()], inverse[zero.sum() :]
    _, part = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(len(names), len(names))))
    least = np.full(part.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, part, names)

    def renamed(node: Ints) -> Ints:
        place = np.minimum(np.searchsorted(names, node), len(names) - 1)
        return np.where(names[place] == node, least[part[place]], node)

    keep = ~zero
    return Segments(
        segments.way[keep],
        renamed(segments.from_node[keep]),
        renamed(segments.to_node[keep]),
        segments.length_m[keep],
        segments.sizes[keep],
        segments.lonlat[np.repeat(keep, segments.sizes)],
    )


def cut_at_barriers(vertices: Vertices, barriers: Mapping[int, object]) -> tuple[Vertices, NDArray[np.bool_]]:
    """Put a vertex `STUB_M` before and behind every barrier (a quarter of the way where the road is shorter).

    New vertices have negative node numbers. Returns the vertices and where to cut: at barriers and new vertices.
    """
    at = np.flatnonzero(np.isin(vertices.node, np.fromiter(barriers, dtype=np.int64, count=len(barriers))))
    before = at[~np.isin(at, vertices.start[:-1])]
    behind = at[~np.isin(at, vertices.start[1:] - 1)]
    barrier = np.concatenate([before, behind])
    other = np.concatenate([before - 1, behind + 1])
    here, there = vertices.lonlat[barrier], vertices.lonlat[other]
    length_m = EARTH.inv(here[:, 0], here[:, 1], there[:, 0], there[:, 1])[2]
    share = np.minimum(STUB_M / np.maximum(length_m, 1e-9), 0.25)
    places = here + share[:, None] * (there - here)
    position = np.concatenate([before, behind + 1])
    order = np.lexsort((np.arange(len(position)) < len(before), position))  # behind a vertex, then before the next
    position, places = position[order], places[order]
    way = np.searchsorted(vertices.start, barrier[order], side="right") - 1
    added = np.bincount(way, minlength=len(vertices.start) - 1)
    node = np.insert(vertices.node, position, -1 - np.arange(len(position)))
    lonlat = np.insert(vertices.lonlat, position, places, axis=0)
    stops = np.zeros(len(vertices.node), dtype=bool)
    stops[at] = True
    return (
        Vertices(starts_of(np.diff(vertices.start) + added), node, lonlat),
        np.insert(stops, position, True),
    )
