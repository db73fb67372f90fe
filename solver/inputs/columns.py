"""Columns of a layer as ids, numbers and texts; every fault with its rows, nothing filled in silence."""

from typing import Any

import numpy as np
import pandas as pd

from models.arrays import FloatArray
from models.magnitude import LARGEST
from models.messages import Message, say
from solver.findings import Findings, named
from solver.study.faults import SHOWN, nearest


def missing_column(findings: Findings, place: str, file: str, column: str, frame: pd.DataFrame) -> None:
    """Note that a layer lacks a column, with the nearest name."""
    near = nearest(column, [str(c) for c in frame.columns])
    columns = [str(c) for c in frame.columns if c != "geometry"]
    remedy = (
        say("did you mean {near}?", near=near) if near else say("it has {columns}", columns=named(columns, most=12))
    )
    findings.add(place, say("{file} has no column {column}", file=file, column=column), remedy)


def ids_of(frame: pd.DataFrame, column: str, file: str, place: str, findings: Findings) -> tuple[str, ...]:
    """The ids of a layer as text; faults where one is missing or given twice."""
    if column not in frame.columns:
        missing_column(findings, f"{place}.id", file, column, frame)
        return ()
    values = frame[column]
    if values.isna().any():
        rows = [str(i + 1) for i in np.flatnonzero(values.isna())]
        findings.add(
            f"{place}.id",
            say("{file} has no {column} in row {rows}", file=file, column=column, rows=named(rows)),
            say("give every row an id"),
        )
        return ()
    ids = tuple(id_text(v) for v in values)
    odd = [str(i + 1) for i, text in enumerate(ids) if not text.isprintable() or not text.strip()]
    if odd:
        findings.add(
            f"{place}.id",
            say(
                "{file} has {column} blank or with signs that no file keeps in row {odd}",
                file=file,
                column=column,
                odd=named(odd),
            ),
            say("write letters and digits"),
        )
        return ()
    twice = sorted({i for i, n in pd.Series(ids).value_counts().items() if n > 1})
    if twice:
        findings.add(
            f"{place}.id",
            say("{file} has {column} {twice} more than once", file=file, column=column, twice=named(twice)),
            say("ids must differ"),
        )
    return ids


def id_text(value: Any) -> str:
    """An id as text, the same from every file: 7, 7.0 and "7" are one id."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def numbers_of(
    frame: pd.DataFrame, spec: float | str | None, file: str, place: str, findings: Findings, *, default: float = 0.0
) -> FloatArray:
    """Numbers (n_rows,) from a column or one number; faults where they are missing, no numbers, or negative."""
    if spec is None or not isinstance(spec, str):
        value = default if spec is None else float(spec)
        if value < 0:
            findings.add(place, say("is {value:g}", value=value), say("must be at least 0"))
        elif spec is not None and value >= LARGEST:
            findings.add(place, say("is {value:g}", value=value), say("must be below {largest:g}", largest=LARGEST))
        return np.full(len(frame), value)
    if spec not in frame.columns:
        missing_column(findings, place, file, spec, frame)
        return np.full(len(frame), default)
    values = numeric(frame[spec])
    for bad, what in (
        (~np.isfinite(values) | (values < 0), say("not a number of at least 0")),
        (np.isfinite(values) & (values > LARGEST), say("above {largest:g}", largest=LARGEST)),
        (values == LARGEST, say("too large to reckon with (from {largest:g} on)", largest=LARGEST)),
    ):
        if bad.any():
            shown = [say("{row} ({cell})", row=i + 1, cell=_cell(frame[spec].iloc[i])) for i in np.flatnonzero(bad)]
            findings.add(
                place,
                say(
                    "{file} column {spec} is {what} in row {shown}", file=file, spec=spec, what=what, shown=named(shown)
                ),
                say("mend them"),
            )
    return values if not findings else np.where((values >= 0) & (values < LARGEST), values, default)


def money_of(
    frame: pd.DataFrame, spec: float | str, factor: FloatArray | float, file: str, place: str, findings: Findings
) -> FloatArray:
    """Amounts (n_rows,) in whole currency: a column is multiplied by the factor of its layer, one number is not."""
    values = numbers_of(frame, spec, file, place, findings)
    if not isinstance(spec, str):
        return values
    amounts = values * factor
    beyond = (amounts >= LARGEST) & (values < LARGEST)
    if beyond.any():
        shown = [f"{i + 1} ({amounts[i]:g})" for i in np.flatnonzero(beyond)]
        fact = say(
            "{file} column {spec} times cost_unit is {largest:g} or more in row {shown}",
            file=file,
            spec=spec,
            largest=LARGEST,
            shown=named(shown),
        )
        findings.add(place, fact, say("mend them, or the unit"))
    return amounts


def numeric(values: "pd.Series[Any]") -> FloatArray:
    """Numbers (n_rows,) of a column; nan where there are none."""
    try:
        return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
    except (OverflowError, TypeError):  # a whole number of hundreds of digits; a list or a section
        return np.array([_number(value) for value in values])


def _number(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf
    except (TypeError, ValueError):
        return np.nan


def _cell(value: Any) -> Message | str:
    """A faulty cell as it is shown: nothing by that word, long ones by their beginning."""
    if value is None or value is pd.NA or value != value:
        return say("nothing")
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def texts_of(frame: pd.DataFrame, column: str | None, file: str, place: str, findings: Findings) -> tuple[str, ...]:
    """Text (n_rows,) of a column; "" for all where no column is named."""
    if column is None:
        return ("",) * len(frame)
    if column not in frame.columns:
        missing_column(findings, place, file, column, frame)
        return ("",) * len(frame)
    if frame[column].isna().any():
        rows = [str(i + 1) for i in np.flatnonzero(frame[column].isna())]
        findings.add(
            place,
            say("{file} has no {column} in row {rows}", file=file, column=column, rows=named(rows)),
            say("fill them in"),
        )
    return tuple(id_text(v) for v in frame[column])
