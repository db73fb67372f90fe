"""Vector layers in and out: geometry, system of coordinates, columns; nothing dropped or filled in silence."""

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from models.arrays import FloatArray
from models.messages import Listed, Message, say
from solver.errors import LayerError, NetworkError
from solver.files.atomic import whole
from solver.files.csvtext import read_texts
from solver.files.drivers import ANEW, layer_names, of_file, read_layer, remote_name, require_plain
from solver.files.protect import Guard
from solver.files.system import of_system
from solver.findings import Findings, findings_of, named
from solver.inputs.columns import id_text, missing_column, numeric
from solver.inputs.join import join, quoted, sure_misses
from solver.network.china import Datum, shapefile_encoding, to_wgs84
from solver.study.schema import Layer

TABLES = {".csv", ".tsv", ".txt"}
FARTHEST = 1e8
"""No coordinate of a system on Earth is as large, in metres."""
DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".fgb": "FlatGeobuf"}
LAYERS = (*DRIVERS, ".parquet")
"""Endings of layers that siting writes."""


def read_frame(path: Path, *, layer: str | None = None, encoding: str | None = None) -> gpd.GeoDataFrame | pd.DataFrame:
    """A file as it is: Parquet and CSV by pandas, anything else by geopandas. LayerError when it cannot be read.

    Without `encoding` tables are UTF-8 and Shapefiles what they say or, where they say nothing, what their bytes are.
    """
    require_plain(path)
    if remote_name(path) is None and not exists(path):
        raise of_file(path, say("does not exist"))
    if _is_folder(path):
        raise of_file(path, say("is a folder"), say("name a file"))
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            return _read_parquet(path)
        if suffix in TABLES:
            return _read_table(path, "\t" if suffix == ".tsv" else ",", encoding or "utf-8-sig")
        layers = layer_names(path)
        if layer is not None and layer not in layers:
            there = say("it has {names}", names=named(layers))
            raise of_file(path, say("has no layer {layer}", layer=layer), there)
        if layer is None and len(layers) > 1:
            which = say("say which: layer = one of {layers}", layers=named(layers))
            raise of_file(path, say("has several layers"), which)
        encoding = encoding or shapefile_encoding(path)
        more = {"encoding": encoding} if encoding else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of geometries that are none, which the checks name
            return read_layer(path, layers[0] if layer is None else layer, **more)
    except (LayerError, MemoryError):
        raise
    except (UnicodeDecodeError, LookupError) as error:
        said = encoding or "UTF-8"
        remedy = say('say its encoding, for example encoding = "GBK"')
        raise of_file(path, say("is not in {said}", said=said), remedy) from error
    except pd.errors.EmptyDataError:
        raise of_file(path, say("is empty"), say("fill it, or name another file")) from None
    except pd.errors.ParserError as error:
        found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        told = say("is no table")
        if found:
            wanted, line, fields = found.groups()
            told = say("has {n} fields in line {line}, {wanted} were expected", n=fields, line=line, wanted=wanted)
        remedy = say("put texts with commas in quotes, or save it anew as CSV")
        raise of_file(path, told, remedy) from None
    except Exception as error:  # the drivers behind geopandas raise errors of many families
        raise of_file(path, say("cannot be read ({said})", said=_said(error, path)), ANEW) from None


def _said(error: Exception, path: Path) -> Message | str:
    """What the system or a driver says, as one line and without the way to the file."""
    if isinstance(error, OSError) and error.errno:
        return of_system(error)
    text = str(error) or type(error).__name__
    return " ".join(text.replace(str(path), path.name).split()).rstrip(".")


def _is_folder(path: Path) -> bool:
    return path.is_dir() and path.suffix.lower() != ".gdb"


def exists(path: Path) -> bool:
    """Whether there is a file or folder of that name; none has a name that no disk can keep."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _read_table(path: Path, separator: str, encoding: str) -> pd.DataFrame:
    """A table with numbers as numbers; digits behind a leading zero are a code (0608, 060816029.00) and stay text."""
    frame = pd.read_csv(path, sep=separator, encoding=encoding)
    numeric = [c for c in frame.columns if pd.api.types.is_numeric_dtype(frame[c].dtype)]
    if numeric:
        texts = pd.read_csv(path, sep=separator, encoding=encoding, usecols=numeric, dtype=str)
        for column in numeric:
            if texts[column].str.match(r"0\d", na=False).any():
                frame[column] = texts[column]
    return read_texts(frame)


def _read_parquet(path: Path) -> gpd.GeoDataFrame | pd.DataFrame:
    try:
        return gpd.read_parquet(path)
    except ValueError:  # a table without geometry
        return pd.read_parquet(path)


def metric_crs(text: str | None, place: str, findings: Findings) -> CRS | None:
    """The metric system a study names; a fault where it is none."""
    if text is None:
        return None
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        findings.add(
            place,
            say("is {text!r}, which is no known system", text=text),
            say("use an EPSG code, for example EPSG:4547"),
        )
        return None
    if not is_metric(crs):
        findings.add(
            place,
            say("is {text} ({unit}); lengths need a metric system", text=text, unit=unit_of(crs)),
            say("use a projected one, e.g. EPSG:4547"),
        )
        return None
    return crs


def is_metric(crs: CRS) -> bool:
    """Whether both axes are in metres."""
    return bool(crs.is_projected) and all(axis.unit_name in {"metre", "meter"} for axis in crs.axis_info[:2])


def unit_of(crs: CRS) -> Message | str:
    """What the axes of a system are in."""
    if crs.is_geographic:
        return say("degrees")
    return str(crs.axis_info[0].unit_name) if crs.axis_info else say("unknown units")


def read_points(
    folder: Path,
    spec: Layer,
    crs: CRS | None,
    place: str,
    findings: Findings,
    *,
    needs_geometry: bool,
    as_points: bool = True,
) -> gpd.GeoDataFrame | pd.DataFrame | None:
    """A layer as points in `crs` (columns kept), the rows that count only; None, with findings, where it has faults.

    Polygons and lines stand for a point on their surface, or stay what they are where `as_points` is unset. Tables
    without geometry become points by their x and y.
    """
    path = folder / spec.file
    try:
        frame = read_frame(path, layer=spec.layer, encoding=spec.encoding)
    except LayerError as error:
        found = next(findings_of(error, spec.file))
        remedy = found.remedy or say("check the path, relative to the study")
        findings.add(f"{place}.file", say("{file}   {fact}", file=spec.file, fact=found.fact), remedy)
        return None
    for column, wanted in spec.where.items():
        if column not in frame.columns:
            missing_column(findings, f"{place}.where", spec.file, column, frame)
            return None
        values = wanted if isinstance(wanted, list) else [wanted]
        counts = frame[column].isin(values)
        if _note_values(frame[column], counts, values, spec.file, f"{place}.where.{column}", findings):
            return None
        frame = frame[counts]
    if frame.empty:
        findings.add(place, *_no_rows(spec))
        return None
    frame = frame.reset_index(drop=True)
    if not needs_geometry and (spec.x is None or spec.y is None):
        return frame
    if not as_points:
        return _as_shapes(frame, spec, crs, place, findings)
    return points_of(frame, spec, crs, place, findings)


def _note_values(
    column: "pd.Series[Any]",
    counts: "pd.Series[bool]",
    wanted: Sequence[Any],
    file: str,
    place: str,
    findings: Findings,
) -> bool:
    """Note the values of `where` that no row has, and rows left out whose value differs by blanks or width only."""
    before = len(findings.found)
    values = [value for value in wanted if not column.isin([value]).any()]
    texts = column[~counts].dropna().map(id_text)
    named_by = join(place, file, "values", map(id_text, values), texts, silent_is="counted")
    if counts.any() or named_by.near:
        named_by.note(findings)
    for near in sure_misses(dict.fromkeys(texts), [id_text(value) for value in wanted]):
        findings.add(
            place,
            say("{file} has rows with {told}, which do not count", file=file, told=quoted(near.told)),
            near.asked(),
        )
    return len(findings.found) > before


def _no_rows(spec: Layer) -> tuple[Message, Message]:
    """The fact and the remedy of a layer without rows."""
    if spec.where:
        return say("{file} has no rows that meet `where`", file=spec.file), say("mend `where`")
    return say("{file} has no rows", file=spec.file), say("fill it, or name another file")


def points_of(
    frame: gpd.GeoDataFrame | pd.DataFrame, spec: Layer, crs: CRS | None, place: str, findings: Findings
) -> gpd.GeoDataFrame | None:
    """A frame as points in `crs`, polygons and lines as a point on their surface; None, with findings, where faulty."""
    found = _as_shapes(frame, spec, crs, place, findings)
    if found is not None and not (found.geom_type == "Point").all():
        return found.set_geometry(found.geometry.representative_point())
    return found


def _as_shapes(
    frame: gpd.GeoDataFrame | pd.DataFrame, spec: Layer, crs: CRS | None, place: str, findings: Findings
) -> gpd.GeoDataFrame | None:
    if not isinstance(frame, gpd.GeoDataFrame):
        if spec.x is None or spec.y is None:
            findings.add(
                place,
                say("{file} has no geometry", file=spec.file),
                say("name its columns: x = ..., y = ..., crs = ..."),
            )
            return None
        for axis in (spec.x, spec.y):
            if axis not in frame.columns:
                missing_column(findings, place, spec.file, axis, frame)
                return None
        if not _is_known(spec.crs, place, findings):
            return None
        x, y = numeric(frame[spec.x]), numeric(frame[spec.y])
        frame = gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(x, y), crs=spec.crs)
        frame.loc[np.isnan(x) | np.isnan(y), "geometry"] = None
    if frame.crs is None and spec.crs is not None and _is_known(spec.crs, place, findings):
        frame = frame.set_crs(spec.crs)
    if frame.crs is None:
        findings.add(
            place,
            say("{file} does not say its system of coordinates", file=spec.file),
            say('say it: crs = "EPSG:4326", say'),
        )
        return None
    null = frame.geometry.isna() | frame.geometry.is_empty
    if null.any():
        rows = [str(i + 1) for i in np.flatnonzero(null)]
        findings.add(
            place,
            say("{file} has no geometry in row {rows}", file=spec.file, rows=named(rows)),
            say("mend or remove them"),
        )
        return None
    far = ~(np.abs(frame.geometry.bounds.to_numpy()) <= FARTHEST).all(axis=1)
    if far.any():
        rows = [str(i + 1) for i in np.flatnonzero(far)]
        findings.add(
            place,
            say("{file} has coordinates off the Earth in row {rows}", file=spec.file, rows=named(rows)),
            say("mend or remove them"),
        )
        return None
    if spec.datum is not None:
        moved = unshifted(frame, spec.datum, place, spec.file, findings)
        if moved is None:
            return None
        frame = moved
    if crs is None:
        if not is_metric(CRS(frame.crs)):
            findings.add(
                f"{spec.file}{':' + spec.layer if spec.layer else ''}",
                say(
                    "is in {system} ({unit}); lengths need a metric system",
                    system=CRS(frame.crs).to_string(),
                    unit=unit_of(CRS(frame.crs)),
                ),
                say("set study.crs, for example EPSG:4547"),
            )
            return None
    elif not CRS(frame.crs).equals(crs):
        frame = frame.to_crs(crs)
        if not np.isfinite(frame.geometry.total_bounds).all():
            findings.add(
                place,
                say("{file} cannot be brought to {system}", file=spec.file, system=crs.to_string()),
                say("is its system right?"),
            )
            return None
    return frame


def _is_known(crs: str | None, place: str, findings: Findings) -> bool:
    """Whether a layer's system is one, or none is said; else a fault."""
    try:
        return crs is None or bool(CRS.from_user_input(crs))
    except CRSError:
        findings.add(
            f"{place}.crs",
            say("is {crs!r}, which is no known system", crs=crs),
            say("use an EPSG code, such as EPSG:4547"),
        )
        return False


def unshifted(
    frame: gpd.GeoDataFrame, datum: Datum, place: str, file: str, findings: Findings
) -> gpd.GeoDataFrame | None:
    """The layer in WGS 84 degrees with the shift of a Chinese web map undone; None, with a finding, outside China."""
    degrees = frame.to_crs("EPSG:4326")
    try:
        moved = shapely.transform(degrees.geometry.to_numpy(), lambda lonlat: to_wgs84(lonlat, datum))
    except NetworkError as error:
        findings.add(f"{place}.datum", say("{file}: {error}", file=file, error=error))
        return None
    return degrees.set_geometry(gpd.GeoSeries(moved, index=degrees.index, crs=degrees.crs))


def xy_of(frame: gpd.GeoDataFrame | pd.DataFrame) -> FloatArray | None:
    """Coordinates (n, 2) in metres, None for a table without geometry."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return None
    return np.column_stack([frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()])


def write_layer(frame: gpd.GeoDataFrame, path: Path, guard: Guard | None = None) -> None:
    """One layer as GeoPackage, GeoJSON (in degrees), FlatGeobuf or GeoParquet, whichever the ending says."""
    suffix = path.suffix.lower()
    if suffix not in LAYERS:
        raise LayerError(say("{path}: a layer is written as {layers}", path=path, layers=Listed(LAYERS)))
    with whole(path, guard) as draft:
        if suffix == ".parquet":
            frame.to_parquet(draft, compression="zstd")
        else:
            out = frame.to_crs("EPSG:4326") if suffix == ".geojson" else frame
            out.to_file(draft, driver=DRIVERS[suffix], layer=path.stem, engine="pyogrio")
