"""Exports: a result's layers in the formats of geographic systems, spreadsheets and programs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from models.messages import Listed, Message, say
from solver.errors import ExportError
from solver.export.column_names import shortened, tidy, written
from solver.export.gpkg import layer_names, tables_of, write_gpkg
from solver.export.summary import decided_sites, summary_table
from solver.export.workbook import ROWS, fields_of, write_workbook
from solver.files.atomic import whole
from solver.files.csvtext import write_csv
from solver.files.parsed import require_parsed
from solver.files.protect import Guard
from solver.results.folder import guard_of
from solver.results.result import StudyResult
from solver.results.store import KINDS
from solver.words.currency import Currency

DEGREES = "EPSG:4326"
SUFFIXES = (".gpkg", ".geojson", ".shp", ".fgb", ".kml", ".parquet", ".csv", ".xlsx")
LINES = say("the lines of allocation are left out; write them with --layer allocation as .csv")
NEEDS_GEOMETRY = {".geojson", ".shp", ".fgb", ".kml"}


def export_result(
    result: StudyResult,
    path: Path,
    *,
    kind: str = "sites",
    chosen: bool = False,
    programmes: tuple[str, ...] = (),
    guard: Guard | None = None,
) -> list[Message]:
    """Write a result to `path` in the format of its ending; returns notes on what the format changed.

    A GeoPackage holds everything, a workbook everything but lines; the other formats hold one layer: the `kind` (one
    of `KINDS`) of all programmes one below the other, told apart by the column `programme`. `chosen` leaves out sites
    that are not chosen. GeoJSON and KML are in degrees (WGS 84), the others in the study's system. What the `guard`
    keeps is not written over: without one the inputs of the result, and files that siting did not write.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ExportError(say("{name} ends in none of {known}", name=path.name, known=Listed([*SUFFIXES])))
    layers = layers_of(result, programmes, chosen=chosen)
    with whole(path, guard or replace(guard_of(result), by="export")) as draft:
        if suffix == ".gpkg":
            write_gpkg(layers, draft, result.currency, layer_names(result))
            return []
        if suffix == ".xlsx":
            return _xlsx(result, layers, draft)
        table = joined(layers, kind)
        if suffix in NEEDS_GEOMETRY and not isinstance(table, gpd.GeoDataFrame):
            raise ExportError(
                say("{name} needs geometry, which a study with a matrix lacks; use .csv or .xlsx", name=path.name)
            )
        notes = _shp(table, draft, result.currency) if suffix == ".shp" else WRITERS[suffix](table, draft)
        require_parsed(draft, path, rows=len(table))
        return notes


def layers_of(result: StudyResult, programmes: tuple[str, ...], *, chosen: bool) -> dict[str, pd.DataFrame]:
    """Name of the layer -> table of the programmes asked for, all if none is named; ExportError if there is none."""
    unknown = [name for name in programmes if name not in result.programmes]
    if unknown:
        raise ExportError(
            say(
                "the result has no programme {unknown}; it has {programmes}",
                unknown=unknown[0],
                programmes=Listed([*result.programmes]),
            )
        )
    layers = {
        f"{name}_{kind}": table
        for name, programme in result.programmes.items()
        if not programmes or name in programmes
        for kind, table in reversed(tables_of(programme).items())
    }
    if not layers:
        raise ExportError(say("the result holds no plan, so there is nothing to export"))
    if chosen:
        layers = {
            name: table[table["chosen"].astype(bool)] if name.endswith("_sites") else table
            for name, table in layers.items()
        }
    return layers


def joined(layers: Mapping[str, pd.DataFrame], kind: str) -> pd.DataFrame:
    """The tables of one kind, one below the other."""
    if kind not in KINDS:
        raise ExportError(say("{kind} is no layer of a result; layers are {known}", kind=kind, known=Listed([*KINDS])))
    parts = [table for name, table in layers.items() if name.endswith(f"_{kind}")]
    if not parts:
        raise ExportError(say("the result holds no layer {kind}", kind=kind))
    whole = pd.concat([part.dropna(axis=1, how="all") for part in parts], ignore_index=True)
    for column in (c for part in parts for c in part.columns if c not in whole.columns):
        whole[column] = np.nan
    for column in whole.columns:
        if pd.api.types.is_float_dtype(whole[column]) and all(_whole_numbers(part, column) for part in parts):
            whole[column] = whole[column].astype("Int64")
    if all(isinstance(part, gpd.GeoDataFrame) for part in parts):
        return gpd.GeoDataFrame(whole, geometry=parts[0].geometry.name, crs=parts[0].crs)
    return whole


def _whole_numbers(part: pd.DataFrame, column: str) -> bool:
    """Whether a part has whole numbers in a column, or lacks it: joined with others they are to stay whole."""
    return column not in part.columns or pd.api.types.is_integer_dtype(part[column])


def _in_degrees(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return table if table.crs is None else table.to_crs(DEGREES)


def _geojson(table: gpd.GeoDataFrame, path: Path) -> list[Message]:
    pyogrio.write_dataframe(tidy(_in_degrees(table)), path, driver="GeoJSON", RFC7946="YES")
    return [say("coordinates are degrees (WGS 84), as {format} wants", format="GeoJSON")]


def _fgb(table: gpd.GeoDataFrame, path: Path) -> list[Message]:
    pyogrio.write_dataframe(tidy(table), path, driver="FlatGeobuf")
    return []


def _kml(table: gpd.GeoDataFrame, path: Path) -> list[Message]:
    """Places are labelled by their id and, where the layer has one, their name."""
    key = next(c for c in ("site_id", "demand_id", "from_id") if c in table.columns)
    plain = tidy(_in_degrees(table))
    labels = plain[key].astype(str)
    for column in [c for c in plain.columns if c.lower() == "name"]:  # KML keeps this word for the label
        labels = labels.str.cat(plain.pop(column).fillna("").astype(str), sep=" ").str.strip()
    geometry = plain.geometry.name
    heads = {c: escape(written(str(c))) for c in plain.columns if c != geometry}  # the driver writes them as they are
    named = plain.rename(columns=heads).assign(Name=labels)
    options = {"NameField": "Name"}
    pyogrio.write_dataframe(named, path, layer=re.sub(r"\W", "_", path.stem), driver="KML", dataset_options=options)
    return [say("coordinates are degrees (WGS 84), as {format} wants", format="KML")]


def _shp(table: gpd.GeoDataFrame, path: Path, currency: Currency) -> list[Message]:
    plain = tidy(table)
    geometry = plain.geometry.name
    short = shortened([str(c) for c in plain.columns if c != geometry])
    for column in plain.columns:
        if plain[column].dtype.name in {"bool", "boolean"}:
            plain[column] = plain[column].astype("Int32")
    pyogrio.write_dataframe(plain.rename(columns=short), path, driver="ESRI Shapefile", ENCODING="UTF-8")
    cut = [f"{name} = {field}" for name, field in short.items() if name != field]
    if not cut:
        return []
    told = fields_of(short, currency).set_index("column")
    legend = pd.DataFrame({"field": short.values(), "column": short.keys()}).join(told, on="column")
    write_csv(legend, path.with_name(f"{path.stem}_fields.csv"))
    return [
        say("field names are cut to 10 signs: {fields}", fields=Listed(cut)),
        say("{file} says which field is which column, and what it is", file=f"{path.stem}_fields.csv"),
    ]


def _parquet(table: pd.DataFrame, path: Path) -> list[Message]:
    tidy(table).to_parquet(path, compression="zstd", index=False)
    return []


def _csv(table: pd.DataFrame, path: Path) -> list[Message]:
    write_csv(with_coordinates(table), path)
    return []


def with_coordinates(table: pd.DataFrame) -> pd.DataFrame:
    """Points as columns x and y (lines as text in `wkt`) in the place of the geometry."""
    if not isinstance(table, gpd.GeoDataFrame):
        return table
    plain = pd.DataFrame(table.drop(columns=table.geometry.name))
    if (table.geom_type == "Point").all():
        return plain.assign(x=table.geometry.x.round(2), y=table.geometry.y.round(2))
    return plain.assign(wkt=table.geometry.to_wkt(rounding_precision=2))


def _xlsx(result: StudyResult, layers: Mapping[str, pd.DataFrame], path: Path) -> list[Message]:
    """A workbook: the summary, the sites decided on, then the sites and places of every programme."""
    kept = [name for name in layers if not name.endswith("_allocation")]
    short = shortened(kept, 31)
    tables = {short[name]: with_coordinates(layers[name]) for name in kept}
    sheets = {"summary": summary_table(result.as_json()), "decided": decided_sites(result), **tables}
    write_workbook(sheets, path, currency=result.currency)
    return [
        say("{name}: a sheet holds {rows:,} rows; {left:,} are left out", name=name, rows=ROWS, left=len(table) - ROWS)
        for name, table in tables.items()
        if len(table) > ROWS
    ] + [LINES] * (len(kept) < len(layers))


WRITERS: dict[str, Callable[[Any, Path], list[Message]]] = {
    ".geojson": _geojson,
    ".fgb": _fgb,
    ".kml": _kml,
    ".parquet": _parquet,
    ".csv": _csv,
}
