"""A result as a folder: plan, maps, tables, project and page, written whole or not at all."""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from solver.export.gpkg import layer_names, plan_layers, write_gpkg
from solver.export.project import write_project
from solver.export.report import report_html
from solver.export.summary import sites_csv, summary_table
from solver.files.csvtext import write_csv
from solver.files.geopackage import all_rows, mark
from solver.files.protect import Guard
from solver.inputs.reads import RESULT
from solver.inputs.roads import Roads
from solver.inputs.travel import Matrix
from solver.results.backdrop import Box, bounds_of, kept_under, under
from solver.results.folder import Whose, guard_of, replacing
from solver.results.result import StudyResult
from solver.results.store import PLAN
from solver.words.report import title_of
from solver.words.speech import ENGLISH, Speech

PROJECT = "plan.qgz"


SITES = "sites.csv"


SUMMARY = "summary.csv"


REPORT = "report.html"


@dataclass(frozen=True, eq=False)
class Drawn:
    """What is drawn of a result: the roads under its maps, its maps, and those of the page in fewer colours."""

    under: gpd.GeoDataFrame | None
    maps: Mapping[str, bytes]
    page: Mapping[str, bytes]


def write_result(
    result: StudyResult,
    folder: Path,
    *,
    roads: gpd.GeoDataFrame | None = None,
    speech: Speech = ENGLISH,
    maps: bool = True,
    drawn: Drawn | None = None,
    guard: Guard | None = None,
) -> None:
    """Write a result directory whole or not at all; a result that is there is replaced only by a complete one.

    `roads` are drawn under the maps, where nothing is `drawn` already. Files in the folder that are not siting's stay.
    StoreError where `folder` holds files that are no result, the result of another study, or what the `guard` does
    not let go.
    """
    drawn = drawn or _drawn(result, None if roads is None else under_plan(result, roads), speech, maps=maps)
    guard = guard or guard_of(result)
    study = Whose(result.study, None if result.study_path is None else Path(result.study_path))
    with replacing(folder, study, guard, tuple(result.programmes)) as draft:
        for name, content in drawn.maps.items():
            (draft / f"map-{name}.png").write_bytes(content)
        layers = plan_layers(result, drawn.under)
        if layers:
            write_gpkg(layers, draft / PLAN, result.currency, layer_names(result))
            mark(draft / PLAN, all_rows(draft / PLAN))
        document = _plain(result.as_json() | {"study_path": _way(result.study_path, folder)})
        write_readable(document, result, draft, pictures=drawn.page, roads=drawn.under, speech=speech)
        text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
        (draft / RESULT).write_text(text + "\n", encoding="utf-8")


def write_readable(
    document: dict[str, Any],
    result: StudyResult,
    folder: Path,
    *,
    pictures: Mapping[str, bytes],
    roads: gpd.GeoDataFrame | None,
    speech: Speech,
) -> None:
    """Write what people read of a result beside its data: QGIS project, tables of sites and programmes, and the page.

    All of it follows from `document` (result.json), the tables of `result`, the `roads` under the plan and the
    `pictures` of the page: the same result gives the same files.
    """
    layers = plan_layers(result, roads)
    if layers:
        titles = {name: title_of(entry, name, speech) for name, entry in document["programmes"].items()}
        title = title_of(document, result.study, speech)
        names = layer_names(result)
        write_project(folder / PROJECT, PLAN, title, titles, layers, currency=result.currency, names=names)
    sites_csv(result, folder / SITES)
    write_csv(summary_table(document), folder / SUMMARY)
    page = report_html(document, pictures, speech=speech, result=result, roads=roads)
    (folder / REPORT).write_text(page, encoding="utf-8")


def pictures_of(result: StudyResult, roads: gpd.GeoDataFrame | None, speech: Speech) -> dict[str, bytes]:
    """Programme -> map as PNG, of those that have places to draw."""
    from solver.maps.plan_map import map_png  # loaded only where pictures are drawn: it takes its time

    drawn = {
        name: map_png(programme, roads=roads, speech=speech, attribution=result.attribution)
        for name, programme in result.programmes.items()
    }
    return {name: content for name, content in drawn.items() if content is not None}


def for_page(pictures: dict[str, bytes]) -> dict[str, bytes]:
    """The same maps in fewer colours, a third as large."""
    from solver.maps.plan_map import smaller

    return {name: smaller(content) for name, content in pictures.items()}


def under_plan(result: StudyResult, roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """The roads around the plan's sites and places, small enough to lie under its maps; None where there are none."""
    bounds = bounds_of_plan(result)
    if bounds is None:
        return None
    if result.crs is not None and roads.crs is not None and roads.crs != result.crs:
        roads = roads.to_crs(result.crs)
    return under(roads, bounds)


def bounds_of_plan(result: StudyResult) -> Box | None:
    """The box around the sites and places of all plans; None where none has geometry."""
    return bounds_of(table for p in result.programmes.values() for table in (p.site_table, p.demand_table))


def drawn_on(result: StudyResult, source: Roads | Matrix, speech: Speech) -> Drawn:
    """What is drawn of a result on the roads that its travel comes from, which were made small in an earlier run."""
    bounds = bounds_of_plan(result)
    roads = kept_under(source, bounds) if isinstance(source, Roads) and bounds is not None else None
    return _drawn(result, roads, speech, maps=True)


def _drawn(result: StudyResult, roads: gpd.GeoDataFrame | None, speech: Speech, *, maps: bool) -> Drawn:
    pictures = pictures_of(result, roads, speech) if maps else {}
    return Drawn(roads, pictures, for_page(pictures))


def _way(path: str | None, folder: Path) -> str | None:
    """The way from a folder to a file, with /; the file's own path where none leads there (another drive)."""
    if path is None:
        return None
    try:
        return Path(os.path.relpath(Path(path).resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path


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
