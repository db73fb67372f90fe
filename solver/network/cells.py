"""The ground divided among the straight pieces of road that are nearest to it."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi

from solver.network.layout import runs, starts_of
from solver.network.roadnetwork import Floats

MOST_SAMPLES = 100_000
FINEST_M, COARSEST_M = 1.0, 10.0
"""Pieces are sampled so densely, as far as `MOST_SAMPLES` in all allow."""
NEAR_ENDS = (0.0, 1 / 8, 2 / 5)
"""Samples beside the ends of pieces, in shares of the spacing: equally far from a junction on every road there."""
SAME_M = 1e-3


@dataclass(frozen=True, eq=False)
class Segments:
    """Straight pieces (n,) of edges: the edge's row, both ends (n, 2), and the shares along the edge where they lie."""

    edge: NDArray[np.int64]
    start: Floats
    end: Floats
    begin: Floats
    stop: Floats

    def __len__(self) -> int:
        return len(self.edge)

    @property
    def length_m(self) -> Floats:
        """Length (n,)."""
        return np.asarray(np.hypot(*(self.end - self.start).T), dtype=np.float64)

    def taken(self, keep: NDArray[np.bool_]) -> "Segments":
        """Some of them."""
        return Segments(self.edge[keep], self.start[keep], self.end[keep], self.begin[keep], self.stop[keep])


def segments_of(lines: NDArray[np.object_], rows: NDArray[np.int64]) -> Segments:
    """The straight pieces of some rows of `lines`, those without length left out."""
    xy, owner = shapely.get_coordinates(lines[rows], return_index=True)
    here = np.flatnonzero(owner[1:] == owner[:-1])
    long = np.hypot(*(xy[here + 1] - xy[here]).T)
    whole = np.bincount(owner[here], long, minlength=len(rows))[owner[here]]
    first = np.searchsorted(owner[here], owner[here], side="left")
    so_far = np.concatenate([[0.0], np.cumsum(long)])
    along = so_far[:-1] - so_far[first]
    with np.errstate(divide="ignore", invalid="ignore"):
        begin, stop = along / whole, (along + long) / whole
    last = np.append(owner[here][1:] != owner[here][:-1], True)
    found = Segments(rows[owner[here]], xy[here], xy[here + 1], begin, np.where(last, 1.0, stop))
    return found.taken(long > 0)


def nearest_ground(segments: Segments) -> NDArray[np.object_]:
    """Polygons (n_segments,) of the ground that is nearer to each piece than to others.

    Built of the cells of samples along the pieces: true to about a tenth of their spacing, and to a millimetre on the
    road itself. The ground at a common end of pieces is in the polygon of each.
    """
    spacing = float(np.clip(segments.length_m.sum() / MOST_SAMPLES, FINEST_M, COARSEST_M))
    owner, place = _samples(segments, spacing)
    key = np.round(place / SAME_M).astype(np.int64)
    _, first, cell = np.unique(key, axis=0, return_index=True, return_inverse=True)
    cells = _cells(place[first])
    starts = np.searchsorted(owner, np.arange(len(segments) + 1))
    mine = [np.unique(cell.ravel()[a:b]) for a, b in pairwise(starts)]
    return np.array([shapely.coverage_union_all(cells[some]) for some in mine], dtype=object)


def farthest_corner(segments: Segments, ground: NDArray[np.object_]) -> Floats:
    """Distance (n_segments,) of the farthest corner of each piece's ground from the piece."""
    corners, owner = shapely.get_coordinates(ground, return_index=True)
    lines = shapely.linestrings(np.stack([segments.start, segments.end], axis=1))
    off = shapely.distance(shapely.points(corners), lines[owner])
    return np.asarray(np.maximum.reduceat(off, np.searchsorted(owner, np.arange(len(segments)))), dtype=np.float64)


def _samples(segments: Segments, spacing: float) -> tuple[NDArray[np.int64], Floats]:
    """Segment (n_samples,) and place (n_samples, 2) of every sample, segment by segment."""
    long = segments.length_m
    step = np.minimum(spacing, long / 2)
    count = np.maximum(np.ceil((long - 2 * step) / spacing - 1e-9), 0).astype(np.int64) + 1
    middle = np.repeat(np.arange(len(segments)), count)
    rank = runs(np.zeros(len(segments), dtype=np.int64), count)
    gap = np.where(count > 1, (long - 2 * step) / np.maximum(count - 1, 1), 0.0)
    owner, along = [middle], [(step[middle] + rank * gap[middle]) / long[middle]]
    for share in NEAR_ENDS:
        near = share * step / long
        owner += [np.arange(len(segments))] * 2
        along += [near, 1.0 - near]
    which, at = np.concatenate(owner), np.concatenate(along)
    order = np.argsort(which, kind="stable")
    which, at = which[order], at[order]
    return which, segments.start[which] + at[:, None] * (segments.end - segments.start)[which]


def _cells(places: Floats) -> NDArray[np.object_]:
    """Voronoi polygons (n,) of different places (n, 2), closed far outside them all."""
    centre = (places.min(axis=0) + places.max(axis=0)) / 2
    far = 20.0 * float(np.abs(places - centre).max() + 1000.0)
    angle = np.arange(8) * np.pi / 4
    around = far * np.column_stack([np.cos(angle), np.sin(angle)])
    found = Voronoi(np.concatenate([places - centre, around]))
    corners = [found.regions[region] for region in found.point_region[: len(places)]]
    sizes = np.array([len(some) for some in corners], dtype=np.int64)
    flat = found.vertices[np.concatenate([np.asarray(some, dtype=np.int64) for some in corners])]
    owner = np.repeat(np.arange(len(places)), sizes)
    middle = np.add.reduceat(flat, starts_of(sizes)[:-1]) / sizes[:, None]
    turn = np.arctan2(*(flat - middle[owner]).T[::-1])
    order = np.lexsort((turn, owner))
    return np.asarray(shapely.polygons(shapely.linearrings(flat[order] + centre, indices=owner)), dtype=object)
