"""Results on disk, read back as they were written."""

import json
import warnings
from collections.abc import Collection
from dataclasses import fields
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from models.messages import say
from solver.errors import LayerError, StoreError
from solver.files.atomic import rescue
from solver.files.drivers import layer_names, read_layer
from solver.files.system import of_system
from solver.inputs.reads import RESULT
from solver.results.backdrop import LAYER as ROADS
from solver.results.folder import is_result as is_result
from solver.results.folder import require_free as require_free
from solver.results.result import FORMAT, AlternativesSearch, Marginal, OtherPlan, ProgrammeResult, StudyResult
from solver.results.shape import REMEDY, require_shape
from solver.words.currency import currency_of

PLAN = "plan.gpkg"
KINDS = ("sites", "demand", "allocation", "flows")
"""Tables of a programme in a result."""


def read_document(folder: Path) -> dict[str, Any]:
    """result.json as it stands; StoreError where there is none or it is of another format."""
    path = folder / RESULT
    rescue(folder)
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(
            say(
                "{folder}   holds no {file}; name a folder that `siting run --out` wrote",
                folder=folder,
                file=RESULT,
            )
        ) from None
    except OSError as error:
        raise StoreError(
            say("{path}   cannot be read ({said}); {remedy}", path=path, said=of_system(error), remedy=REMEDY)
        ) from None
    except (ValueError, RecursionError) as error:
        raise StoreError(say("{path}   is damaged ({said}); {remedy}", path=path, said=error, remedy=REMEDY)) from None
    if not isinstance(document, dict) or "programmes" not in document:
        raise StoreError(say("{path}   is no result of siting; name a folder that `siting run --out` wrote", path=path))
    if document.get("format") != FORMAT:
        told = document.get("format")
        raise StoreError(
            say(
                "{path}   has format {told}; this version reads format {known}: compute the result anew",
                path=path,
                told=told,
                known=FORMAT,
            )
        )
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
        warnings=tuple(document.get("warnings", ())),
        currency=currency_of(document),
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
        "alternatives_sought": None if sought is None else AlternativesSearch(**sought),
        "alternatives": tuple(OtherPlan(**other) for other in others),
        "marginals": {site: Marginal(**worth) for site, worth in entry.get("marginals", {}).items()},
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
        raise StoreError(
            say("{path}   is damaged ({said}); {remedy}", path=path, said=str(error).splitlines()[0], remedy=REMEDY)
        ) from None
