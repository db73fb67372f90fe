"""Where a map looks: extents, the part where things crowd, round lengths for scale bars."""

import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import KDTree

from models.arrays import BoolArray, FloatArray

Extent = tuple[float, float, float, float]
"""x0, y0, x1, y1 in metres."""


def xy_of(frame: gpd.GeoDataFrame) -> FloatArray:
    """Coordinates (n, 2) of one point per row."""
    return shapely.get_coordinates(frame.geometry.representative_point().to_numpy())


def extent_of(frames: Sequence[gpd.GeoDataFrame]) -> Extent:
    """Bounds (x0, y0, x1, y1) around everything, with a margin, no side longer than twice the other."""
    bounds = np.array([frame.total_bounds for frame in frames if len(frame)])
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    half = np.maximum((high - low) / 2, max(float((high - low).max()) / 4, 100.0)) * 1.06
    (x0, y0), (x1, y1) = (low + high) / 2 - half, (low + high) / 2 + half
    return float(x0), float(y0), float(x1), float(y1)


def crowded_part(xy: FloatArray, whole: Extent) -> Extent | None:
    """A square of a seventh of the longer side that holds most points (n, 2); None if that is not a third of them."""
    x0, y0, x1, y1 = whole
    half = max(x1 - x0, y1 - y0) / 14
    if len(xy) < 6:
        return None
    tree = KDTree(xy)
    found = tree.query_ball_point(xy, half, p=np.inf)
    most = max(found, key=len)
    if len(most) < len(xy) / 3:
        return None
    x, y = (xy[most].min(axis=0) + xy[most].max(axis=0)) / 2
    return float(x - half), float(y - half), float(x + half), float(y + half)


def pieces(geometry: Any) -> list[FloatArray]:
    """Coordinates (n, 2) of every line, parts of multilines apart."""
    parts = shapely.get_parts(geometry)
    coordinates, index = shapely.get_coordinates(parts, return_index=True)
    return np.split(coordinates, np.flatnonzero(np.diff(index)) + 1) if len(coordinates) else []


def inside(xy: FloatArray, view: Extent) -> BoolArray:
    """Mask (n,) of the points in the view."""
    return np.asarray((xy >= view[:2]).all(axis=1) & (xy <= view[2:]).all(axis=1))


def round_length_m(most_m: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is at most `most_m`: the length of the scale bar."""
    power = 10.0 ** math.floor(math.log10(most_m))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most_m * (1 + 1e-12))
