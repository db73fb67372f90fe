"""Where drawn lines meet: at their ends within a tolerance, and - only where asked - where they cross or touch."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

JOIN_M = 0.05  # ends this near are one node; also the least piece that splitting leaves

Floats = NDArray[np.float64]
Lines = NDArray[np.object_]


def join_ends(lines: Lines) -> tuple[NDArray[np.int64], NDArray[np.int64], Lines]:
    """Node numbers of the first and last vertex of each line, and the lines drawn exactly to their nodes."""
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, which)) for which in (0, -1)])
    pairs = cKDTree(ends).query_pairs(JOIN_M, output_type="ndarray")
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends)))
    _, node = connected_components(joined, directed=False)
    _, first = np.unique(node, return_index=True)
    place = ends[first][node]
    moved = np.flatnonzero((place != ends).any(axis=1))
    lines = lines.copy()
    for end in moved:
        row, last = end % len(lines), end >= len(lines)
        xy = shapely.get_coordinates(lines[row])
        xy[-1 if last else 0] = place[end]
        lines[row] = shapely.LineString(xy)
    node = node.astype(np.int64)
    return node[: len(lines)], node[len(lines) :], lines


def split_at_crossings(edges: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int]:
    """Cut lines of the same level where they cross, and any line where another one ends on it.

    Returns the pieces and how many more there are than lines. Bridges and tunnels have another level, so they are cut
    only where a road ends on them.
    """
    lines = edges.geometry.to_numpy()
    owner, places = _meetings(lines, edges["level"].to_numpy())
    order = np.argsort(owner, kind="stable")
    owner, places = owner[order], places[order]
    first = np.searchsorted(owner, np.arange(len(lines) + 1))
    rows: list[int] = []
    pieces: list[shapely.LineString] = []
    for row, line in enumerate(lines):
        cut = _cut(line, places[first[row] : first[row + 1]])
        pieces.extend(cut)
        rows.extend([row] * len(cut))
    table = edges.drop(columns=edges.active_geometry_name).iloc[rows].reset_index(drop=True)
    return gpd.GeoDataFrame(table, geometry=pieces, crs=edges.crs), len(pieces) - len(lines)


def _meetings(lines: Lines, level: NDArray[np.int8]) -> tuple[NDArray[np.int64], Floats]:
    """Line numbers and places at which each is to be cut."""
    tree = shapely.STRtree(lines)
    a, b = tree.query(lines, predicate="intersects")
    pair = (a < b) & (level[a] == level[b])
    a, b = a[pair], b[pair]
    points, which = shapely.get_parts(shapely.intersection(lines[a], lines[b]), return_index=True)
    points, which = _as_points(points, which)
    owners = [a[which], b[which]]
    places = [shapely.get_coordinates(points)] * 2
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    end, touched = tree.query(ends, predicate="dwithin", distance=JOIN_M)
    other = touched != end % len(lines)
    owners.append(touched[other])
    places.append(shapely.get_coordinates(ends[end[other]]))
    return np.concatenate(owners).astype(np.int64), np.concatenate(places)


def _as_points(parts: Lines, which: NDArray[np.intp]) -> tuple[Lines, NDArray[np.intp]]:
    """Where lines run together, the ends of the common stretch are where they meet."""
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    stretch, owner = parts[is_line], which[is_line]
    ends = [shapely.get_point(stretch, 0), shapely.get_point(stretch, -1)]
    return np.concatenate([parts[~is_line], *ends]), np.concatenate([which[~is_line], owner, owner])


def _cut(line: shapely.LineString, places: Floats) -> list[shapely.LineString]:
    """A line cut at places on it; each place becomes a vertex, exactly."""
    if len(places) == 0:
        return [line]
    at = shapely.line_locate_point(line, shapely.points(places))
    xy = shapely.get_coordinates(line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    inside = (at > JOIN_M) & (at < along[-1] - JOIN_M)
    at, places = at[inside], places[inside]
    order = np.argsort(at, kind="stable")
    at, places = at[order], places[order]
    new = np.concatenate([[True], np.diff(at) > JOIN_M]) if len(at) else np.zeros(0, dtype=bool)
    at, places = at[new], places[new]
    vertex = np.concatenate([along, at])
    is_cut = np.arange(len(vertex)) >= len(along)
    order = np.lexsort((is_cut, vertex))
    every, is_cut = np.concatenate([xy, places])[order], is_cut[order]
    stops = np.concatenate([[0], np.flatnonzero(is_cut), [len(every) - 1]])
    pieces = [_without_repeats(every[i : j + 1]) for i, j in pairwise(stops)]
    return [shapely.LineString(piece) for piece in pieces if len(piece) > 1]


def _without_repeats(xy: Floats) -> Floats:
    return xy[np.concatenate([[True], (np.diff(xy, axis=0) != 0).any(axis=1)])]
