"""Any layer of lines -> edge layer: columns mapped, ends joined, crossings cut where asked, nothing guessed."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Geod

from models.messages import Message, say
from solver.errors import LayerError
from solver.files.drivers import read_layer, remote_name, require_plain
from solver.findings import Findings
from solver.network.china import Datum, known_crs, metric_crs, shapefile_encoding, to_wgs84
from solver.network.contract import contract
from solver.network.crossings import join_ends, split_at_crossings
from solver.network.graph import MODES
from solver.network.line_columns import LineLayer, understood
from solver.network.osm import Imported, check_options, clipped
from solver.network.osm_tags import CLASS_SPEED_KPH
from solver.network.store import rows_named


def read_lines(
    path: str | Path,
    how: LineLayer | None = None,
    *,
    crs: str | None = None,
    clip: gpd.GeoDataFrame | None = None,
    speeds_kph: Mapping[str, float] | None = None,
) -> Imported:
    """Read a line layer of any format geopandas reads.

    `crs` is the metric system to come out; a layer in degrees is refused without it. `clip` keeps the edges that touch
    its polygons, whole. Raises LayerError with every fault at once.
    """
    how = how or LineLayer()
    path = Path(path)
    return understand_lines(_read(path, how), how, name=path.name, crs=crs, clip=clip, speeds_kph=speeds_kph)


def understand_lines(
    raw: gpd.GeoDataFrame,
    how: LineLayer | None = None,
    *,
    name: str = "lines",
    crs: str | None = None,
    clip: gpd.GeoDataFrame | None = None,
    speeds_kph: Mapping[str, float] | None = None,
) -> Imported:
    """Lines in memory as `read_lines` gives those of a file; `name` is what faults call them."""
    how = how or LineLayer()
    check_options(MODES, speeds_kph or {}, crs, clip)
    findings = Findings(name)
    _check_shapes(raw, findings)
    table = understood(raw, how.columns, {**CLASS_SPEED_KPH, **(speeds_kph or {})}, findings)
    findings.raise_if_any(LayerError)
    lines = _projected(raw, name, crs, how.datum)
    edges = gpd.GeoDataFrame(table, geometry=lines.geometry.to_numpy(), crs=lines.crs)
    edges = edges.explode(ignore_index=True) if (edges.geom_type == "MultiLineString").any() else edges
    notes: list[Message] = []
    if how.split:
        edges, pieces = split_at_crossings(edges)
        notes.append(say("cut at crossings of one level: {pieces:,} more pieces than lines", pieces=pieces))
    edges = _with_nodes(edges)
    if clip is not None:
        edges = clipped(edges, clip)
    source_km = (edges["length_m"].groupby(edges["road_class"]).sum() / 1000).sort_values(ascending=False)
    return Imported(contract(edges), {str(k): float(v) for k, v in source_km.items()}, tuple(notes))


def _read(path: Path, how: LineLayer) -> gpd.GeoDataFrame:
    require_plain(path)
    if remote_name(path) is None and not path.is_file() and path.suffix.lower() != ".gdb":
        raise LayerError(say("{path}: there is no such file", path=path))
    try:
        if path.suffix.lower() in (".parquet", ".geoparquet"):
            return gpd.read_parquet(path)
        encoding = how.encoding or shapefile_encoding(path)
        more = {"encoding": encoding} if encoding else {}
        frame = read_layer(path, how.layer, **more)
    except MemoryError:
        raise
    except Exception as error:
        raise LayerError(say("{path}: cannot be read as a layer of lines: {error}", path=path, error=error)) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise LayerError(say("{path}: has no geometry; give a layer of lines", path=path))
    return frame


def _check_shapes(raw: gpd.GeoDataFrame, findings: Findings) -> None:
    geometry = raw.geometry.to_numpy()
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    if len(raw) == 0:
        findings.add("rows", say("there are none"))
    if missing.any():
        findings.add(
            "geometry",
            say("is missing in {rows}", rows=rows_named(missing)),
            say("remove or redraw these rows"),
        )
    kinds = shapely.get_type_id(geometry)
    wrong = ~missing & ~np.isin(kinds, [shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING])
    if wrong.any():
        findings.add("geometry", say("is no line in {rows}", rows=rows_named(wrong)), say("give a layer of lines"))
    broken = ~missing & ~np.isfinite(shapely.bounds(geometry)).all(axis=1)
    if broken.any():
        findings.add("geometry", say("has coordinates that are no numbers in {rows}", rows=rows_named(broken)))


def _projected(raw: gpd.GeoDataFrame, place: str, crs: str | None, datum: Datum | None) -> gpd.GeoDataFrame:
    own = known_crs(raw.crs, place)
    if datum is not None:
        degrees = raw.to_crs(4326)
        moved = shapely.transform(degrees.geometry.to_numpy(), lambda lonlat: to_wgs84(lonlat, datum))
        raw = degrees.set_geometry(gpd.GeoSeries(moved, index=raw.index, crs=4326))
        own = CRS.from_epsg(4326)
    if crs is None and not own.is_projected:
        west, south, east, north = raw.total_bounds
        near = metric_crs((west + east) / 2, (south + north) / 2)
        raise LayerError(
            say(
                "{place}: coordinate system {crs} is in degrees; lengths need a metric one: add "
                "--crs {near} or your own",
                place=place,
                crs=own.to_string(),
                near=near,
            )
        )
    target = CRS.from_user_input(crs) if crs else own
    if not target.is_projected or abs(target.axis_info[0].unit_conversion_factor - 1) > 1e-9:
        raise LayerError(
            say(
                "{place}: coordinate system {crs} is not in metres; give a metric one by --crs",
                place=place,
                crs=target.to_string(),
            )
        )
    return raw.to_crs(target)


def _with_nodes(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    from_node, to_node, geometry = join_ends(edges.geometry.to_numpy())
    kept = shapely.length(geometry) > 0
    table = edges.drop(columns=edges.active_geometry_name).loc[kept].reset_index(drop=True)
    lines = gpd.GeoSeries(geometry[kept], crs=edges.crs)
    degrees = lines.to_crs(4326)
    earth = Geod(ellps="WGS84")
    table.insert(0, "edge_id", np.arange(len(table), dtype=np.int64))
    table.insert(1, "from_node", from_node[kept])
    table.insert(2, "to_node", to_node[kept])
    table["length_m"] = [earth.geometry_length(line) for line in degrees]
    return gpd.GeoDataFrame(table, geometry=lines, crs=edges.crs)
