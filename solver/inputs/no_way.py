"""Pairs without a way in a table of travel: the study says by which mark, and no mark is taken for travel unsaid."""

from typing import Any

import numpy as np
import pandas as pd

from models.arrays import BoolArray, FloatArray
from models.magnitude import marks_of_no_way
from models.messages import say
from solver.errors import LayerError
from solver.findings import Finding, named
from solver.inputs.columns import numeric
from solver.study.schema import TravelSection

BLANK = ("", "na", "n/a", "#n/a", "nan", "null", "none", "<na>")
"""Texts of a mark that stand for a cell in which readers of tables find nothing."""


def travel_values(column: "pd.Series[Any]", section: TravelSection, name: str) -> FloatArray:
    """Travel (n_rows,) in the table's unit, inf where a cell is a mark of `travel.unreachable_value`.

    LayerError with the rows that hold neither.
    """
    values = numeric(column)
    marked = np.zeros(len(values), dtype=bool)
    for mark in marks_said(section) or ():
        marked |= _holding(column, values, mark)
    bad = np.flatnonzero(~marked & ~(values >= 0))
    if len(bad):
        cell = column.iloc[bad[0]]
        shown = "" if pd.isna(cell) else str(cell)
        said = f"{cell:g}" if isinstance(cell, int | float) and not pd.isna(cell) else f'"{shown}"'
        rows = named([str(i + 1) for i in bad])
        fact = say("{file} has no number of at least 0 in row {rows}", file=name, rows=rows)
        remedy = say("mend them, or, where {mark} stands for no way, set travel.unreachable_value = {mark}", mark=said)
        raise LayerError(Finding("travel.value", fact, remedy))
    return np.where(marked, np.inf, values)


def marks_said(section: TravelSection) -> list[float | str] | None:
    """The marks that the study names; None where it names none, empty where it says that there are none."""
    said = section.unreachable_value
    return said if said is None or isinstance(said, list) else [said]


def refuse_marks(values: FloatArray, within: BoolArray, pairs: pd.DataFrame, section: TravelSection, name: str) -> None:
    """LayerError where values (n_rows,) in the table's unit look like marks for "no way" and are within a reach."""
    if marks_said(section) == []:
        return
    marks = marks_of_no_way(values, section.unit)
    if not len(marks):
        return
    passing = np.flatnonzero(within & (values >= marks[0]))
    if not len(passing):
        return
    first = pairs.iloc[passing[0]]
    found = [f"{value:.15g}" for value in np.unique(values[passing])]
    said = found[0] if len(found) == 1 else f"[{', '.join(found)}]"
    pair = f"{first['demand']} - {first['site']}"
    fact = say(
        "{file} has {values} for {n:,} pairs (first {pair}), which looks like a mark for no way and lies within the "
        "reach",
        file=name,
        values=named(found),
        n=len(passing),
        pair=pair,
    )
    remedy = say(
        "set travel.unreachable_value = {mark}, or, where it is travel, travel.unreachable_value = []", mark=said
    )
    raise LayerError(Finding("travel.value", fact, remedy))


def _holding(column: "pd.Series[Any]", values: FloatArray, mark: float | str) -> BoolArray:
    """Rows (n_rows,) that hold a mark: a number by its value, a text as it stands, a blank by its having nothing."""
    if not isinstance(mark, str):
        return np.asarray(np.isclose(values, mark, rtol=1e-12, atol=0.0), dtype=bool)
    text = mark.strip().casefold()
    if text in BLANK and bool(column.isna().any()):
        return np.asarray(column.isna().to_numpy(dtype=bool) | (_texts(column) == text), dtype=bool)
    return np.asarray(_texts(column) == text, dtype=bool)


def _texts(column: "pd.Series[Any]") -> Any:
    return column.astype(str).str.strip().str.casefold().to_numpy()
