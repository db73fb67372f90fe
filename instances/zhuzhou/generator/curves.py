"""Lines through given points, points along lines, and random points that keep apart."""

import numpy as np
import shapely
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from models.arrays import BoolArray, FloatArray, IntArray


def smooth(points: FloatArray, step_m: float, random: np.random.Generator, wander: float = 0.0) -> FloatArray:
    """A smooth curve (m, 2) through points (n, 2), a vertex about every `step_m`, swaying by `wander` of each leg."""
    if wander > 0:
        points = swayed(points, random, wander)
    chord = np.concatenate([[0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(points, axis=0).T)))])
    fine = CubicSpline(chord, points)(np.linspace(0, chord[-1], 50 * len(points)))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(fine, axis=0).T))])
    at = np.linspace(0, along[-1], max(2, round(float(along[-1]) / step_m) + 1))
    return np.column_stack([np.interp(at, along, fine[:, 0]), np.interp(at, along, fine[:, 1])])


def swayed(points: FloatArray, random: np.random.Generator, wander: float) -> FloatArray:
    """Points with one more in the middle of each leg, off the straight line by a normal share of the leg's length."""
    leg = np.diff(points, axis=0)
    off = random.normal(0.0, wander, len(leg)).clip(-2 * wander, 2 * wander)
    middle = (points[:-1] + points[1:]) / 2 + np.column_stack([-leg[:, 1], leg[:, 0]]) * off[:, None]
    out = np.empty((2 * len(points) - 1, 2))
    out[0::2], out[1::2] = points, middle
    return out


def along(line: shapely.LineString, step_m: float) -> FloatArray:
    """Points (n, 2) along a line, both ends included, about `step_m` apart."""
    n = max(1, round(float(line.length) / step_m))
    return shapely.get_coordinates(shapely.line_interpolate_point(line, np.linspace(0, 1, n + 1), normalized=True))


def scattered(xy: FloatArray, apart_m: FloatArray, random: np.random.Generator) -> IntArray:
    """Positions of points kept so that none lies within `apart_m` (n,) of an earlier-drawn kept one."""
    rank = random.permutation(len(xy))
    xy, apart_m = xy[rank], apart_m[rank]
    near = cKDTree(xy).query_ball_point(xy, apart_m, return_sorted=True)
    kept = np.zeros(len(xy), dtype=bool)
    for i, others in enumerate(near):
        kept[i] = not any(kept[j] for j in others if j < i)
    return np.sort(rank[kept])


def segments(a: FloatArray, b: FloatArray) -> np.ndarray:
    """Straight lines from `a` (n, 2) to `b` (n, 2)."""
    return shapely.linestrings(np.stack([a, b], axis=1))


def crosses(a: FloatArray, b: FloatArray, line: shapely.Geometry) -> BoolArray:
    """Whether each straight line a-b (n,) meets `line`."""
    shapely.prepare(line)
    return shapely.intersects(line, segments(a, b))


def shares(total: int, weight: FloatArray) -> IntArray:
    """Whole numbers (n,) as near as can be in proportion to `weight`, summing exactly to `total`: largest remainder."""
    exact = total * weight / weight.sum()
    floor = np.floor(exact).astype(np.int64)
    left = total - int(floor.sum())
    floor[np.argsort(floor - exact, kind="stable")[:left]] += 1
    return floor
