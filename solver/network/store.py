"""The edge layer on disk: one row per piece of road, GeoParquet or a GeoPackage layer `edges`.

Columns: `edge_id`, `from_node`, `to_node` whole numbers; `road_class` (OpenStreetMap's highway words), `name`, `ref`;
`length_m`, `speed_kph` above 0; `oneway` "both", "forward" or "backward" as the geometry runs; `drive`, `walk`,
`truck` may be used by; `bridge`, `tunnel`; `level` as in OpenStreetMap; `geometry` LineStrings whose first and last
vertex are the nodes, in a metric coordinate system.
"""

import json
import os
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely
from numpy.typing import NDArray

from models.messages import Listed, Message, say
from solver.errors import LayerError
from solver.files.atomic import whole
from solver.files.drivers import read_layer, remote_name, require_plain
from solver.files.protect import Guard
from solver.findings import Findings, named

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
SUFFIXES = (".parquet", ".geoparquet", ".gpkg")
"""Endings of networks that siting writes."""
ATTRIBUTION = "attribution"
"""Whose data the roads are, among the `attrs` of the frame and in the file."""
NODE_TOLERANCE_M = 0.01


def read_edges(path: str | os.PathLike[str], *, layer: str | None = None) -> gpd.GeoDataFrame:
    """Read an edge layer. Raises LayerError naming every fault at once."""
    path = Path(path)
    require_plain(path)
    if remote_name(path) is None and not path.is_file():
        raise LayerError(say("{path}: there is no such file; make it with `siting network import`", path=path))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of geometries that are none, which the check names
            if path.suffix.lower() in (".parquet", ".geoparquet"):
                edges = gpd.read_parquet(path)
            else:
                edges = read_layer(path, layer or LAYER)
    except MemoryError:
        raise
    except Exception as error:
        raise LayerError(
            say(
                "{path}: cannot be read as a layer of road edges: {error}; give a layer made by `siting "
                "network import`",
                path=path,
                error=error,
            )
        ) from error
    if not isinstance(edges, gpd.GeoDataFrame):
        raise LayerError(say("{path}: has no geometry; give a layer made by `siting network import`", path=path))
    edges = _typed(edges)
    check_edges(edges, path.name)
    return edges


def write_edges(edges: gpd.GeoDataFrame, path: str | os.PathLike[str], guard: Guard | None = None) -> None:
    """Write an edge layer as GeoParquet (.parquet) or GeoPackage (.gpkg): either whole or not at all."""
    path = Path(path)
    suffix = check_suffix(path)
    check_edges(edges, path.name)
    order = [*COLUMNS, *(c for c in edges.columns if c not in COLUMNS)]
    tidy = edges if list(edges.columns) == order else edges[order]
    with whole(path, guard) as draft:
        if suffix == ".gpkg":
            told = {ATTRIBUTION: edges.attrs[ATTRIBUTION]} if edges.attrs.get(ATTRIBUTION) else None
            tidy.to_file(draft, layer=LAYER, driver="GPKG", engine="pyogrio", layer_metadata=told)
        else:
            tidy.to_parquet(draft, compression="zstd", write_covering_bbox=False)


def attribution_of(path: Path, layer: str | None = None) -> str:
    """Whose data an edge layer says it is, such as OpenStreetMap's contributors; "" where it says nothing."""
    if not path.is_file() or path.suffix.lower() not in (".parquet", ".geoparquet", ".gpkg"):
        return ""
    if path.suffix.lower() in (".parquet", ".geoparquet"):
        told = json.loads((pq.read_schema(path).metadata or {}).get(b"PANDAS_ATTRS", b"{}"))
    else:
        told = pyogrio.read_info(path, layer=layer or LAYER).get("layer_metadata") or {}
    return str(told.get(ATTRIBUTION, ""))


def check_suffix(path: Path) -> str:
    """The ending of a network to be written; LayerError where it is none of those."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise LayerError(
            say(
                "{path}: a road network is written as .parquet or .gpkg, not {suffix}",
                path=path,
                suffix=suffix or say("without suffix"),
            )
        )
    return suffix


def check_edges(edges: gpd.GeoDataFrame, place: str) -> None:
    """Raise LayerError with all faults of an edge layer: columns, values, geometries, coordinate system."""
    findings = Findings(place)
    if edges.active_geometry_name is None:
        findings.add("geometry", say("is missing"), say("give a layer of lines"))
    else:
        _check_columns(edges, findings)
        if not findings:
            _check_values(edges, findings)
        _check_crs(edges, findings)
    findings.raise_if_any(LayerError)


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


def _check_columns(edges: gpd.GeoDataFrame, findings: Findings) -> None:
    for column in COLUMNS:
        if column not in edges:
            findings.add(column, say("is missing"), say("an edge layer has {columns}", columns=Listed([*COLUMNS])))
    kinds = (
        (WHOLE, pd.api.types.is_integer_dtype, say("whole numbers")),
        (YES_NO, pd.api.types.is_bool_dtype, say("yes/no values")),
        (NUMBER, pd.api.types.is_numeric_dtype, say("numbers")),
    )
    for columns, fits, words in kinds:
        for column in columns:
            if column in edges and not fits(edges[column]):
                findings.add(
                    column, say("holds {dtype}", dtype=edges[column].dtype), say("must hold {kind}", kind=words)
                )
    if len(edges) == 0:
        findings.add("rows", say("there are none"), say("import roads with `siting network import`"))


def rows_named(bad: NDArray[np.bool_]) -> Message:
    """The marked rows, counted and the first few by number."""
    rows = np.flatnonzero(bad)
    shown = named([str(row) for row in rows])
    if len(rows) == 1:
        return say("1 row ({shown})", shown=shown)
    return say("{n:,} rows ({shown})", n=len(rows), shown=shown)


def _check_values(edges: gpd.GeoDataFrame, findings: Findings) -> None:
    for column in NUMBER:
        values = edges[column].to_numpy(dtype=np.float64)
        bad = ~(np.isfinite(values) & (values > 0))
        if bad.any():
            findings.add(
                column,
                say("is not above 0 in {rows}", rows=rows_named(bad)),
                say("mend them, or remove these rows"),
            )
    bad = ~edges["oneway"].isin(ONEWAY).to_numpy()
    if bad.any():
        findings.add(
            "oneway",
            say("is not one of {known} in {rows}", known=Listed([*ONEWAY]), rows=rows_named(bad)),
            say("mend them"),
        )
    bad = edges["edge_id"].duplicated(keep=False).to_numpy()
    if bad.any():
        findings.add(
            "edge_id",
            say("is not unique in {rows}", rows=rows_named(bad)),
            say("give every edge its own number"),
        )
    _check_geometry(edges, findings)


def _check_geometry(edges: gpd.GeoDataFrame, findings: Findings) -> None:
    geometry = edges.geometry.to_numpy()
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    bent = ~missing & (shapely.get_type_id(geometry) != shapely.GeometryType.LINESTRING)
    if missing.any():
        findings.add(
            "geometry",
            say("is missing in {rows}", rows=rows_named(missing)),
            say("remove or redraw these rows"),
        )
    if bent.any():
        findings.add(
            "geometry",
            say("is not a LineString in {rows}", rows=rows_named(bent)),
            say("explode multi-part lines"),
        )
    if not (missing.any() or bent.any()):
        _check_nodes(edges, geometry, findings)


def _check_nodes(edges: gpd.GeoDataFrame, geometry: NDArray[np.object_], findings: Findings) -> None:
    """Every edge that ends at a node must end at the same place."""
    ends = edges[["from_node", "to_node"]].to_numpy(dtype=np.int64)
    after = np.cumsum(shapely.get_num_coordinates(geometry))
    vertices = np.concatenate([[0], after[:-1]]), after - 1
    every = shapely.get_coordinates(geometry)
    xy = np.stack([every[which] for which in vertices], axis=1)  # (n_edges, 2, 2)
    node_id, index = np.unique(ends, return_inverse=True)
    index = index.reshape(ends.shape)
    place = np.empty((len(node_id), 2))
    place[index[:, 0]] = xy[:, 0]
    place[index[:, 1]] = xy[:, 1]
    off = np.abs(place[index] - xy).max(axis=2) > NODE_TOLERANCE_M
    if off.any():
        nodes = named([str(node) for node in np.unique(ends[off])])
        fact = say(
            "lie in different places for node {nodes}, {rows}",
            nodes=nodes,
            rows=rows_named(off.any(axis=1)),
        )
        findings.add("from_node, to_node", fact, say("import the roads anew"))


def _check_crs(edges: gpd.GeoDataFrame, findings: Findings) -> None:
    remedy = say("import it with `siting network import FILE --out NET --crs EPSG:4547` or your own metric system")
    if edges.crs is None:
        findings.add("coordinate system", say("is not given; lengths need a metric one"), remedy)
    elif not edges.crs.is_projected:
        findings.add(
            "coordinate system",
            say("{crs} is in degrees; lengths need a metric one", crs=edges.crs.to_string()),
            remedy,
        )
