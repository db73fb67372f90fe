"""A result as a folder: plan, maps, tables, project and page, written whole or not at all."""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

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
from solver.results.backdrop import bounds_of
from solver.results.backdrop import under as roads_within
from solver.results.folder import Whose, guard_of, replacing
from solver.results.result import ProgrammeResult, StudyResult
from solver.results.store import PLAN
from solver.words.report import title_of
from solver.words.speech import ENGLISH, Speech

PROJECT = "plan.qgz"


SITES = "sites.csv"


SUMMARY = "summary.csv"


REPORT = "report.html"


class Drawing(Protocol):
    """The roads under the maps of a result, and its maps."""

    def under(self, result: StudyResult) -> gpd.GeoDataFrame | None:
        """The roads under all maps; None where there are none."""
        ...

    def pictures(self) -> Mapping[str, tuple[bytes, bytes]]:
        """Programme -> its map as PNG, and the same in fewer colours; asked for after `under`."""
        ...


def write_result(
    result: StudyResult,
    folder: Path,
    *,
    roads: gpd.GeoDataFrame | None = None,
    speech: Speech = ENGLISH,
    maps: bool = True,
    drawing: Drawing | None = None,
    guard: Guard | None = None,
) -> None:
    """Write a result directory whole or not at all; a result that is there is replaced only by a complete one.

    `roads` are drawn under the maps; both come from the `drawing` where there is one. Files in the folder that are not
    siting's stay. StoreError where `folder` holds files that are no result, the result of another study, or what the
    `guard` does not let go.
    """
    drawing = drawing or _DrawnHere(result, roads, speech, maps=maps)
    under = drawing.under(result)
    guard = guard or guard_of(result)
    study = Whose(result.study, None if result.study_path is None else Path(result.study_path))
    with replacing(folder, study, guard, tuple(result.programmes)) as draft:
        layers = plan_layers(result, under)
        if layers:
            write_gpkg(layers, draft / PLAN, result.currency, layer_names(result))
            mark(draft / PLAN, all_rows(draft / PLAN))
        document = _plain(result.as_json() | {"study_path": _way(result.study_path, folder)})
        pictures = drawing.pictures()
        for name, (content, _) in pictures.items():
            (draft / f"map-{name}.png").write_bytes(content)
        page = {name: content for name, (_, content) in pictures.items()}
        write_readable(document, result, draft, pictures=page, roads=under, speech=speech)
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
    drawn = {n: map_of(programme, roads, speech, result.attribution) for n, programme in result.programmes.items()}
    return {name: content for name, content in drawn.items() if content is not None}


def map_of(
    programme: ProgrammeResult, roads: gpd.GeoDataFrame | None, speech: Speech, attribution: str
) -> bytes | None:
    """The map of a programme as PNG; None where it has no places to draw."""
    from solver.maps.plan_map import map_png  # loaded only where pictures are drawn: it takes its time

    return map_png(programme, roads=roads, speech=speech, attribution=attribution)


def for_page(pictures: dict[str, bytes]) -> dict[str, bytes]:
    """The same maps in fewer colours, a third as large."""
    from solver.maps.plan_map import smaller

    return {name: smaller(content) for name, content in pictures.items()}


def under_plan(result: StudyResult, roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """The roads around the plan's sites and places, small enough to lie under its maps; None where there are none."""
    bounds = bounds_of(table for p in result.programmes.values() for table in (p.site_table, p.demand_table))
    if bounds is None:
        return None
    if result.crs is not None and roads.crs is not None and roads.crs != result.crs:
        roads = roads.to_crs(result.crs)
    return roads_within(roads, bounds)


class _DrawnHere:
    """Maps drawn where they are asked for."""

    def __init__(self, result: StudyResult, roads: gpd.GeoDataFrame | None, speech: Speech, *, maps: bool) -> None:
        self._result, self._speech, self._maps = result, speech, maps
        self._under = None if roads is None else under_plan(result, roads)

    def under(self, _result: StudyResult) -> gpd.GeoDataFrame | None:
        return self._under

    def pictures(self) -> dict[str, tuple[bytes, bytes]]:
        pictures = pictures_of(self._result, self._under, self._speech) if self._maps else {}
        smaller = for_page(pictures)
        return {name: (content, smaller[name]) for name, content in pictures.items()}


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
