"""Results on disk: written whole or not at all, read back as they were."""

import json
import math
import os
import warnings
from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from solver.csvtext import write_csv
from solver.drivers import layer_names, read_layer
from solver.errors import LayerError, StoreError
from solver.export.backdrop import LAYER as ROADS
from solver.export.backdrop import backdrop
from solver.export.gpkg import KINDS, plan_layers, write_gpkg
from solver.export.project import write_project
from solver.export.report import report_html
from solver.export.summary import sites_csv, summary_table
from solver.export.words import title_of
from solver.geopackage import all_rows, mark
from solver.protect import Guard
from solver.reads import RESULT
from solver.result import FORMAT, OtherPlan, ProgrammeResult, SiteWorth, Sought, StudyResult
from solver.resultfolder import Whose, guard_of, replacing
from solver.resultfolder import is_result as is_result
from solver.resultfolder import require_free as require_free
from solver.resultshape import REMEDY, require_shape
from solver.written import rescue

PLAN = "plan.gpkg"
PROJECT = "plan.qgz"
SITES = "sites.csv"
SUMMARY = "summary.csv"
REPORT = "report.html"
AROUND = 0.1
"""Roads are kept around a plan by this share of its longer side."""


def write_result(
    result: StudyResult,
    folder: Path,
    *,
    roads: gpd.GeoDataFrame | None = None,
    lang: str = "en",
    maps: bool = True,
    guard: Guard | None = None,
) -> None:
    """Write a result directory whole or not at all; a result that is there is replaced only by a complete one.

    `roads` are drawn under the maps. Files in the folder that are not siting's stay. StoreError where `folder` holds
    files that are no result, the result of another study, or what the `guard` does not let go.
    """
    under = None if roads is None else under_plan(result, roads)
    guard = guard or guard_of(result)
    study = Whose(result.study, None if result.study_path is None else Path(result.study_path))
    with replacing(folder, study, guard, tuple(result.programmes)) as draft:
        pictures = pictures_of(result, under, lang) if maps else {}
        for name, content in pictures.items():
            (draft / f"map-{name}.png").write_bytes(content)
        layers = plan_layers(result, under)
        if layers:
            write_gpkg(layers, draft / PLAN)
            mark(draft / PLAN, all_rows(draft / PLAN))
        document = _plain(result.as_json() | {"study_path": _way(result.study_path, folder)})
        write_readable(document, result, draft, pictures=for_page(pictures), roads=under, lang=lang)
        text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
        (draft / RESULT).write_text(text + "\n", encoding="utf-8")


def write_readable(
    document: dict[str, Any],
    result: StudyResult,
    folder: Path,
    *,
    pictures: dict[str, bytes],
    roads: gpd.GeoDataFrame | None,
    lang: str,
) -> None:
    """Write what people read of a result beside its data: QGIS project, tables of sites and programmes, and the page.

    All of it follows from `document` (result.json), the tables of `result`, the `roads` under the plan and the
    `pictures` of the page: the same result gives the same files.
    """
    layers = plan_layers(result, roads)
    if layers:
        titles = {name: title_of(entry, name, lang) for name, entry in document["programmes"].items()}
        write_project(folder / PROJECT, PLAN, title_of(document, result.study, lang), titles, layers)
    sites_csv(result, folder / SITES)
    write_csv(summary_table(document), folder / SUMMARY)
    page = report_html(document, pictures, lang=lang, result=result, roads=roads)
    (folder / REPORT).write_text(page, encoding="utf-8")


def pictures_of(result: StudyResult, roads: gpd.GeoDataFrame | None, lang: str) -> dict[str, bytes]:
    """Programme -> map as PNG, of those that have places to draw."""
    from solver.picture import map_png  # loaded only where pictures are drawn: it takes its time

    drawn = {
        name: map_png(programme, roads=roads, lang=lang, attribution=result.attribution)
        for name, programme in result.programmes.items()
    }
    return {name: content for name, content in drawn.items() if content is not None}


def for_page(pictures: dict[str, bytes]) -> dict[str, bytes]:
    """The same maps in fewer colours, a third as large."""
    from solver.picture import smaller

    return {name: smaller(content) for name, content in pictures.items()}


def under_plan(result: StudyResult, roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """The roads around the plan's sites and places, small enough to lie under its maps; None where there are none."""
    tables = [table for p in result.programmes.values() for table in (p.site_table, p.demand_table)]
    bounds = [table.total_bounds for table in tables if isinstance(table, gpd.GeoDataFrame) and len(table)]
    if not bounds:
        return None
    if result.crs is not None and roads.crs is not None and roads.crs != result.crs:
        roads = roads.to_crs(result.crs)
    x0, y0, x1, y1 = np.min(bounds, axis=0)[:2].tolist() + np.max(bounds, axis=0)[2:].tolist()
    margin = max(AROUND * max(x1 - x0, y1 - y0), 200.0)
    near = roads.sindex.intersection((x0 - margin, y0 - margin, x1 + margin, y1 + margin))
    return backdrop(roads.iloc[np.sort(near)]) if len(near) else None


def _way(path: str | None, folder: Path) -> str | None:
    """The way from a folder to a file, with /; the file's own path where none leads there (another drive)."""
    if path is None:
        return None
    try:
        return Path(os.path.relpath(Path(path).resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path


def read_document(folder: Path) -> dict[str, Any]:
    """result.json as it stands; StoreError where there is none or it is of another format."""
    path = folder / RESULT
    rescue(folder)
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(f"{folder}   holds no {RESULT}; name a folder that `siting run --out` wrote") from None
    except OSError as error:
        raise StoreError(f"{path}   cannot be read ({error.strerror}); {REMEDY}") from None
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{path}   is damaged ({error}); {REMEDY}") from None
    if not isinstance(document, dict) or "programmes" not in document:
        raise StoreError(f"{path}   is no result of siting; name a folder that `siting run --out` wrote")
    if document.get("format") != FORMAT:
        told = document.get("format")
        raise StoreError(f"{path}   has format {told}; this version reads format {FORMAT}: compute the result anew")
    require_shape(text, path)
    return document


def read_result(folder: Path, *, tables: bool = True) -> StudyResult:
    """The result of a directory; plans and problems themselves are not kept. `tables=False` leaves the layers out."""
    document = read_document(folder)
    layers = _layers(folder) if tables else {}
    path = document.get("study_path")
    programmes = {
        name: _programme(name, entry, {k: layers.get(f"{name}_{k}") for k in KINDS})
        for name, entry in document["programmes"].items()
    }
    return StudyResult(
        study=document["study"],
        title=document["title"],
        title_zh=document["title_zh"],
        crs=document["crs"],
        inputs=document["inputs"],
        overrides=tuple(document["overrides"]),
        versions=document["versions"],
        note=document.get("note", ""),
        note_zh=document.get("note_zh", ""),
        attribution=document.get("attribution", ""),
        settings=document.get("settings", {}),
        programmes=programmes,
        study_path=None if path is None else str((folder / path).resolve()),
        asked=document.get("asked", {}),
        joins=tuple(document.get("joins", ())),
    )


def read_roads(folder: Path) -> gpd.GeoDataFrame | None:
    """The roads under the plan of a result, None where it has none."""
    return _layers(folder, only=(ROADS,)).get(ROADS)


def _programme(name: str, entry: dict[str, Any], tables: dict[str, pd.DataFrame | None]) -> ProgrammeResult:
    known = {field.name for field in fields(ProgrammeResult)}
    values: dict[str, Any] = {key: value for key, value in entry.items() if key in known}
    values |= {key: tuple(values.get(key, ())) for key in ("sites", "kept_sites", "reasons")}
    values["reasons_zh"] = tuple(entry.get("reasons_zh", ()))  # earlier versions had English only
    values |= _worth(entry)
    return ProgrammeResult(
        name=name,
        site_table=tables["sites"],
        demand_table=tables["demand"],
        allocation_table=tables["allocation"],
        flow_table=tables["flows"],
        **values,
    )


def _worth(entry: dict[str, Any]) -> dict[str, Any]:
    """Other plans and the worth of sites; results of earlier versions have none."""
    lists = ("sites", "kept_sites", "opens", "leaves_out")
    others = [other | {key: tuple(other[key]) for key in lists} for other in entry.get("alternatives", [])]
    sought = entry.get("alternatives_sought")
    return {
        "alternatives_sought": None if sought is None else Sought(**sought),
        "alternatives": tuple(OtherPlan(**other) for other in others),
        "marginals": {site: SiteWorth(**worth) for site, worth in entry.get("marginals", {}).items()},
    }


def _layers(folder: Path, *, only: Collection[str] = ()) -> dict[str, pd.DataFrame]:
    """The layers of plan.gpkg by name, some of them only where they are named; none where there is no such file."""
    path = folder / PLAN
    if not path.exists():
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # what GDAL thinks of a file that it can read
            names = [name for name in layer_names(path) if name != "layer_styles" and (not only or name in only)]
            return {name: read_layer(path, name) for name in names}
    except (RuntimeError, ValueError, LayerError) as error:  # what GDAL and SQLite make of a damaged file
        raise StoreError(f"{path}   is damaged ({str(error).splitlines()[0]}); {REMEDY}") from None


def _plain(value: Any) -> Any:
    """A value as JSON has it: numbers of numpy as numbers, and what is no finite number unknown."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
