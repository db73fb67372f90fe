"""The edge layer on disk: one row per piece of road, GeoParquet or a GeoPackage layer `edges`.

Columns: `edge_id`, `from_node`, `to_node` whole numbers; `road_class` (OpenStreetMap's highway words), `name`, `ref`;
`length_m`, `speed_kph` above 0; `oneway` "both", "forward" or "backward" as the geometry runs; `drive`, `walk`,
`truck` may be used by; `bridge`, `tunnel`; `level` as in OpenStreetMap; `geometry` LineStrings whose first and last
vertex are the nodes, in a metric coordinate system.
"""

import os
from pathlib import Path
from uuid import uuid4

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from solver.errors import LayerError

WHOLE = ("edge_id", "from_node", "to_node", "level")
TEXT = ("road_class", "name", "ref", "oneway")
YES_NO = ("drive", "walk", "truck", "bridge", "tunnel")
NUMBER = ("length_m", "speed_kph")
COLUMNS = (
    *("edge_id", "from_node", "to_node", "road_class", "name", "ref", "length_m", "speed_kph", "oneway"),
    *("drive", "walk", "truck", "bridge", "tunnel", "level"),
)
ONEWAY = ("both", "forward", "backward")
LAYER = "edges"
NODE_TOLERANCE_M = 0.01


def read_edges(path: str | os.PathLike[str], *, layer: str | None = None) -> gpd.GeoDataFrame:
    """Read an edge layer. Raises LayerError naming every fault at once."""
    path = Path(path)
    if not path.is_file():
        raise LayerError(f"{path}: there is no such file; make it with `siting network import`")
    try:
        if path.suffix.lower() in (".parquet", ".geoparquet"):
            edges = gpd.read_parquet(path)
        else:
            edges = gpd.read_file(path, layer=layer or LAYER)
    except Exception as error:
        raise LayerError(f"{path}: cannot be read as a layer of road edges: {error}") from error
    if not isinstance(edges, gpd.GeoDataFrame):
        raise LayerError(f"{path}: has no geometry; give a layer made by `siting network import`")
    edges = _typed(edges)
    check_edges(edges, path.name)
    return edges


def write_edges(edges: gpd.GeoDataFrame, path: str | os.PathLike[str]) -> None:
    """Write an edge layer as GeoParquet (.parquet) or GeoPackage (.gpkg): either whole or not at all."""
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in (".parquet", ".geoparquet", ".gpkg"):
        raise LayerError(f"{path}: a road network is written as .parquet or .gpkg, not {suffix or 'without suffix'}")
    check_edges(edges, path.name)
    tidy = edges[[*COLUMNS, *(c for c in edges.columns if c not in COLUMNS)]]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}-{uuid4().hex}{suffix}")
    try:
        if suffix == ".gpkg":
            tidy.to_file(draft, layer=LAYER, driver="GPKG", engine="pyogrio")
        else:
            tidy.to_parquet(draft, compression="zstd", write_covering_bbox=False)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def check_edges(edges: gpd.GeoDataFrame, place: str) -> None:
    """Raise LayerError with all faults of an edge layer: columns, values, geometries, coordinate system."""
    faults = _column_faults(edges) or _value_faults(edges)
    faults += _crs_faults(edges)
    if faults:
        some = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        raise LayerError("\n".join([f"{place}: {some}", *(f"  {fault}" for fault in faults)]))


def _typed(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Formats differ in how they keep text that is empty and yes/no values; columns that resist stay for the check."""
    changed: dict[str, object] = {}
    for column in set(TEXT) & set(edges.columns):
        changed[column] = edges[column].astype(object).where(edges[column].notna(), "")
    for column in set(YES_NO) & set(edges.columns):
        if edges[column].isin([0, 1]).all():
            changed[column] = edges[column].astype(bool)
    for column in set(WHOLE) & set(edges.columns):
        if pd.api.types.is_integer_dtype(edges[column]):
            changed[column] = edges[column].astype(np.int8 if column == "level" else np.int64)
    return edges.assign(**changed)


def _column_faults(edges: gpd.GeoDataFrame) -> list[str]:
    if edges.active_geometry_name is None:
        return ["has no geometry"]
    faults = [f"column {c} is missing; an edge layer has {', '.join(COLUMNS)}" for c in COLUMNS if c not in edges]
    kinds = (
        (WHOLE, pd.api.types.is_integer_dtype, "whole numbers"),
        (YES_NO, pd.api.types.is_bool_dtype, "yes/no values"),
        (NUMBER, pd.api.types.is_numeric_dtype, "numbers"),
    )
    for columns, fits, words in kinds:
        faults += [
            f"{c} holds {edges[c].dtype}; must hold {words}" for c in columns if c in edges and not fits(edges[c])
        ]
    if len(edges) == 0:
        faults.append("holds no edge")
    return faults


def _rows(bad: NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(bad)
    shown = ", ".join(str(row) for row in rows[:5])
    return f"{len(rows)} row{'s' if len(rows) > 1 else ''} ({shown}{', ...' if len(rows) > 5 else ''})"


def _value_faults(edges: gpd.GeoDataFrame) -> list[str]:
    faults = []
    for column in NUMBER:
        values = edges[column].to_numpy(dtype=np.float64)
        bad = ~(np.isfinite(values) & (values > 0))
        if bad.any():
            faults.append(f"{column} is not above 0 in {_rows(bad)}")
    bad = ~edges["oneway"].isin(ONEWAY).to_numpy()
    if bad.any():
        faults.append(f"oneway is not one of {', '.join(ONEWAY)} in {_rows(bad)}")
    bad = edges["edge_id"].duplicated(keep=False).to_numpy()
    if bad.any():
        faults.append(f"edge_id is not unique in {_rows(bad)}")
    return faults + _geometry_faults(edges)


def _geometry_faults(edges: gpd.GeoDataFrame) -> list[str]:
    geometry = edges.geometry.to_numpy()
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    if missing.any():
        return [f"geometry is missing in {_rows(missing)}"]
    bad = shapely.get_type_id(geometry) != shapely.GeometryType.LINESTRING
    if bad.any():
        return [f"geometry is not a LineString in {_rows(bad)}; explode multi-part lines"]
    return _node_faults(edges, geometry)


def _node_faults(edges: gpd.GeoDataFrame, geometry: NDArray[np.object_]) -> list[str]:
    """Every edge that ends at a node must end at the same place."""
    ends = edges[["from_node", "to_node"]].to_numpy(dtype=np.int64)
    points = [shapely.get_coordinates(shapely.get_point(geometry, which)) for which in (0, -1)]
    xy = np.stack(points, axis=1)  # (n_edges, 2, 2)
    node_id, index = np.unique(ends, return_inverse=True)
    index = index.reshape(ends.shape)
    place = np.empty((len(node_id), 2))
    place[index[:, 0]] = xy[:, 0]
    place[index[:, 1]] = xy[:, 1]
    off = np.abs(place[index] - xy).max(axis=2) > NODE_TOLERANCE_M
    if not off.any():
        return []
    nodes = ", ".join(str(node) for node in np.unique(ends[off])[:5])
    return [f"edges that share a node end in different places: node {nodes}, {_rows(off.any(axis=1))}"]


def _crs_faults(edges: gpd.GeoDataFrame) -> list[str]:
    if edges.active_geometry_name is None:
        return []
    if edges.crs is None:
        return ["has no coordinate system; lengths need a metric one, for example EPSG:4547"]
    if not edges.crs.is_projected:
        return [
            f"is in {edges.crs.to_string()} (degrees); lengths need a metric system: "
            "import it with `siting network import FILE --out NET --crs EPSG:4547`"
        ]
    return []
