"""Roads made small enough to lie under a map: streets of one class joined, bends that no eye sees left out."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

LAYER = "roads"
CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service")
"""Classes of roads, the greatest first; any other comes after them."""
MAIN = CLASSES[:5]
MOST_VERTICES = 150_000
FINEST_M, COARSEST_M = 0.5, 20.0
TILES = 16
"""The longer side of the map is cut into so many parts, so that a GIS draws only those in view."""
Lines = NDArray[np.object_]


def backdrop(roads: gpd.GeoDataFrame, *, most: int = MOST_VERTICES) -> gpd.GeoDataFrame:
    """One row per class of road and part of the map, greatest class first: columns `road_class` and geometry.

    Bends of less than a ten thousandth of the extent are left out, and then the smallest classes as wholes, so that
    at most `most` vertices are left.
    """
    classes = np.full(len(roads), "road", dtype=object)
    if "road_class" in roads:
        classes = roads["road_class"].astype(str).str.removesuffix("_link").to_numpy(dtype=object)
    x0, y0, x1, y1 = roads.total_bounds
    side = max(x1 - x0, y1 - y0)
    finest = float(np.clip(side / 10_000, FINEST_M, COARSEST_M))
    names: list[str] = []
    pieces: list[Any] = []
    left = most
    for name in _ranked(classes.tolist()):
        chains = shapely.simplify(_chains(roads.geometry.to_numpy()[classes == name]), finest)
        left -= int(shapely.get_num_coordinates(chains).sum())
        if left < 0 and names:
            break
        tiles = _by_tile(chains, max(side / TILES, 1.0))
        names += [name] * len(tiles)
        pieces += tiles.tolist()
    return gpd.GeoDataFrame({"road_class": names}, geometry=pieces, crs=roads.crs)


def _chains(geometry: Lines) -> Lines:
    """Single lines in the plane, joined where two of them meet."""
    parts = shapely.force_2d(shapely.get_parts(geometry))
    parts = parts[shapely.get_num_coordinates(parts) > 1]
    return np.asarray(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts))))


def _by_tile(chains: Lines, size_m: float) -> Lines:
    """Chains as one multiline for each square that they begin in."""
    begin = shapely.get_coordinates(shapely.get_point(chains, 0))
    _, tile = np.unique(np.floor(begin / size_m), axis=0, return_inverse=True)
    order = np.argsort(tile, kind="stable")
    return np.asarray(shapely.multilinestrings(chains[order], indices=tile[order]))


def _ranked(classes: Sequence[str]) -> list[str]:
    """The classes there are, greatest first."""
    there = set(classes)
    return [name for name in CLASSES if name in there] + sorted(there.difference(CLASSES))
