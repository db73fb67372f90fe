"""Where a study's travel comes from: its road network, or a matrix of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import pandas as pd
from pyproj import CRS

from models.arrays import Sparse, sparse_from_pairs
from models.brief import brief
from models.limits import within
from models.messages import Message, say
from solver.errors import LayerError
from solver.findings import Finding, findings_of, named
from solver.inputs.columns import id_text
from solver.inputs.join import Missing
from solver.inputs.layers import exists, read_frame
from solver.inputs.no_way import refuse_marks, travel_values
from solver.inputs.roads import WORTH_KEEPING_S, Points, Roads
from solver.network.cache import ArrayCache, cache_folder
from solver.network.store import attribution_of
from solver.study.faults import nearest
from solver.study.read import StudyFile
from solver.study.schema import Reach, TravelSection

SECONDS = {"s": 1.0, "min": 60.0}

CHECK_PATH = say("check the path, relative to the study")


class TravelSource(Protocol):
    """Gives the impedance of every pair within reach."""

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        """Sparse (n_demand, n_sites) in metres or seconds, whichever the reach limits; absent means beyond it."""
        ...


UNIT_NAMES = {"m": say("m"), "s": say("s"), "min": say("min")}
"""Units of travel, in a word."""


@brief
@dataclass(frozen=True, eq=False)
class Matrix:
    """Travel from a table of demand, site and value that the study brings."""

    pairs: pd.DataFrame
    section: TravelSection
    file: str

    @property
    def missing(self) -> Missing:
        """What becomes of an id that stands in the table or in the layers only."""
        return "told" if self.section.missing_pairs == "unreachable" else "refused"

    def ids(self, side: Literal["demand", "site"]) -> list[str]:
        """The ids that a side of the table names, each once, as they come."""
        return [str(i) for i in self.pairs[side].unique()]

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        """The table's pairs within the reach; LayerError where units do not fit."""
        unit = self.section.unit
        if (unit == "m") != (reach.unit == "m"):
            wanted = "limit_m" if unit == "m" else "limit_min"
            fact = say("{file} is in {unit}", file=self.file, unit=UNIT_NAMES[unit])
            raise LayerError(Finding("travel.matrix", fact, say("the reach must be {key}", key=wanted)))
        said = {"mode": reach.mode, "direction": reach.direction, "access": str(reach.access).lower()}
        of_roads = [key for key, value in said.items() if getattr(reach, key) != Reach.model_fields[key].default]
        if of_roads:
            raise LayerError(
                *(
                    Finding(
                        f"reach.{key}",
                        say("is {value}, but {file} gives the travel", value=said[key], file=self.file),
                        say("take the {key} out, or the matrix", key=key),
                    )
                    for key in of_roads
                )
            )
        with np.errstate(over="ignore"):  # a number so large is beyond every reach
            value = self.pairs["value"].to_numpy(dtype=np.float64) * SECONDS.get(unit, 1.0)
        rows = pd.Index(demand.ids).get_indexer(pd.Index(self.pairs["demand"])).astype(np.int64)
        columns = pd.Index(sites.ids).get_indexer(pd.Index(self.pairs["site"])).astype(np.int64)
        keep = (rows >= 0) & (columns >= 0) & within(value, reach.limit)
        refuse_marks(self.pairs["value"].to_numpy(dtype=np.float64), keep, self.pairs, self.section, self.file)
        return sparse_from_pairs(rows[keep], columns[keep], value[keep], (len(demand.ids), len(sites.ids)))


def read_matrix(file: StudyFile) -> Matrix:
    """The study's matrix: CSV or Parquet with its columns, or npz of arrays demand, site, value."""
    section = file.study.travel
    name = str(section.matrix)
    path = file.resolve(name)
    if path.suffix.lower() == ".npz":
        frame = _arrays(path, name)
    else:
        frame = _table(path, name)
    return matrix_of(frame, section, name)


def _table(path: Path, name: str) -> pd.DataFrame:
    try:
        return read_frame(path)
    except LayerError as error:
        found = next(findings_of(error, name))
        told = say("{file} {fact}", file=name, fact=found.fact)
        raise LayerError(Finding("travel.matrix", told, found.remedy or CHECK_PATH)) from None


def _arrays(path: Path, name: str) -> pd.DataFrame:
    """The arrays of an npz file as columns; LayerError where it is none, or they do not fit together."""
    if not exists(path):
        raise LayerError(Finding("travel.matrix", say("{file} does not exist", file=name), CHECK_PATH))
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return pd.DataFrame({key: arrays[key] for key in arrays.files})
    except MemoryError:
        raise
    except Exception:  # numpy, zip and pickle raise errors of many families
        fact = say("{file} cannot be read as arrays of plain numbers and texts, all of one length", file=name)
        remedy = say("write it with numpy.savez(path, demand=..., site=..., value=...)")
        raise LayerError(Finding("travel.matrix", fact, remedy)) from None


def matrix_of(frame: pd.DataFrame, section: TravelSection, name: str) -> Matrix:
    """The pairs of a table of demand, site and value; LayerError, which calls it `name`, where it has faults."""
    faults: list[Finding] = []
    for key in ("demand", "site", "value"):
        column = getattr(section, key)
        if column not in frame.columns:
            near = nearest(column, [str(c) for c in frame.columns])
            there = named([str(c) for c in frame.columns])
            hint = say("did you mean {near}?", near=near) if near else say("it has {names}", names=there)
            faults.append(
                Finding(f"travel.{key}", say("{file} has no column {column}", file=name, column=column), hint)
            )
    if not faults and not len(frame):
        remedy = say("give a row of demand, site and value for every pair")
        faults.append(Finding("travel.matrix", say("{file} has no rows", file=name), remedy))
    if faults:
        raise LayerError(*faults)
    for key in ("demand", "site"):
        blank = [str(i + 1) for i in np.flatnonzero(frame[getattr(section, key)].isna())]
        if blank:
            told = {"file": name, "column": getattr(section, key), "rows": named(blank)}
            faults.append(
                Finding(f"travel.{key}", say("{file} has no {column} in row {rows}", **told), say("fill them in"))
            )
    if faults:
        raise LayerError(*faults)
    pairs = pd.DataFrame(
        {
            "demand": frame[section.demand].map(id_text),
            "site": frame[section.site].map(id_text),
            "value": travel_values(frame[section.value], section, name),
        }
    )
    twice = pairs.duplicated(["demand", "site"])
    if twice.any():
        first = pairs[twice].iloc[0]
        pair = f"{first['demand']} - {first['site']}"
        fact = say("{file} gives {n} pairs more than once, first {pair}", file=name, n=int(twice.sum()), pair=pair)
        raise LayerError(Finding("travel.matrix", fact, say("keep one of each")))
    return Matrix(pairs=pairs, section=section, file=name)


def travel_source(
    file: StudyFile, crs: CRS | None, on_progress: Callable[[Message, float | None], None], *, anew: bool = False
) -> Roads | Matrix:
    """The source that the study names; `anew` takes nothing from earlier runs."""
    if file.study.travel.matrix is not None:
        return read_matrix(file)
    if file.study.network is None:
        remedy = say("name a road layer, or a matrix under [travel]")
        raise LayerError(Finding("network", say("is missing"), remedy))
    folder = None if anew else cache_folder(file.folder)
    kept = () if folder is None else (ArrayCache(folder, lambda text: on_progress(text, None), WORTH_KEEPING_S),)
    return Roads(file.study.network, file.resolve(file.study.network.file), crs, on_progress, kept)


def attribution(file: StudyFile) -> str:
    """Whose data a study shows: as it says itself, else as its roads say."""
    said, network = file.study.study.attribution, file.study.network
    if said or network is None or file.study.travel.matrix is not None:
        return said
    return attribution_of(file.resolve(network.file), network.layer)
