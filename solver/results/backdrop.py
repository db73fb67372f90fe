"""Roads made small enough to lie under a map: streets of one class joined, bends that no eye sees left out."""

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from solver.inputs.roads import Roads
from solver.network.cache import Arrays

LAYER = "roads"
CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service")
"""Classes of roads, the greatest first; any other comes after them."""
MAIN = CLASSES[:5]
MOST_VERTICES = 150_000
FINEST_M, COARSEST_M = 0.5, 20.0
TILES = 16
"""The longer side of the map is cut into so many parts, so that a GIS draws only those in view."""
Lines = NDArray[np.object_]
Box = tuple[float, float, float, float]
"""West, south, east, north."""
AROUND, AROUND_M = 0.1, 200.0
"""Roads are kept around a plan by this share of its longer side, and by so many metres at least."""


def bounds_of(tables: Iterable[object]) -> Box | None:
    """The box around all tables that have geometry; None where none has."""
    boxes = [table.total_bounds for table in tables if isinstance(table, gpd.GeoDataFrame) and len(table)]
    if not boxes:
        return None
    x0, y0, x1, y1 = np.min(boxes, axis=0)[:2].tolist() + np.max(boxes, axis=0)[2:].tolist()
    return x0, y0, x1, y1


def under(roads: gpd.GeoDataFrame, bounds: Box) -> gpd.GeoDataFrame | None:
    """The roads around a box, small enough to lie under a map; None where there are none."""
    x0, y0, x1, y1 = bounds
    margin = max(AROUND * max(x1 - x0, y1 - y0), AROUND_M)
    near = roads.sindex.intersection((x0 - margin, y0 - margin, x1 + margin, y1 + margin))
    return backdrop(roads.iloc[np.sort(near)]) if len(near) else None


def kept_under(source: Roads, bounds: Box) -> gpd.GeoDataFrame | None:
    """As `under`, of a study's roads, computed once for all its runs."""

    def compute() -> Arrays:
        found = under(source.edges(), bounds)
        told = gpd.GeoDataFrame({"road_class": []}, geometry=[]) if found is None else found
        lines = shapely.to_wkb(told.geometry.to_numpy())
        return {
            "road_class": told["road_class"].to_numpy(dtype=np.str_),
            "length": np.array([len(line) for line in lines], dtype=np.int64),
            "wkb": np.frombuffer(b"".join(lines), dtype=np.uint8),
            "crs": np.array([source.edges().crs.to_wkt()]),
        }

    arrays = source.kept("backdrop", (np.array(bounds),), compute)
    if not len(arrays["length"]):
        return None
    ends = np.cumsum(arrays["length"])
    wkb = arrays["wkb"].tobytes()
    lines = [wkb[end - length : end] for end, length in zip(ends, arrays["length"], strict=True)]
    classes = arrays["road_class"].astype(object)
    return gpd.GeoDataFrame({"road_class": classes}, geometry=shapely.from_wkb(lines), crs=str(arrays["crs"][0]))


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
