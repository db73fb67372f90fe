"""CSV that spreadsheets read as text: no cell of it becomes a formula, and siting reads the same texts back.

A spreadsheet takes a text that begins with =, +, -, @ (or their full-width forms), a tab or a line's end for a formula.
Such a text is written behind an apostrophe; one that begins with apostrophes before such a sign gets one more, so that
reading, which takes one away, gives every text back as it was. Numbers are written as they are.
"""

import re
from pathlib import Path
from typing import Any

import pandas as pd

SIGNS = r"=+\-@\t\r\n＝＋－＠"
LIVE = re.compile(f"'*[{SIGNS}]")
GUARDED = re.compile(f"'+[{SIGNS}]")
MARK = "utf-8-sig"
"""UTF-8 whose first bytes say so, by which spreadsheets show Chinese signs."""


def guarded(value: Any) -> Any:
    """A text as a cell that no spreadsheet runs; other values as they are."""
    return f"'{value}" if isinstance(value, str) and LIVE.match(value) else value


def unguarded(value: Any) -> Any:
    """The text that `guarded` was given."""
    return value[1:] if isinstance(value, str) and GUARDED.match(value) else value


def write_csv(frame: pd.DataFrame, path: Path, *, encoding: str = MARK) -> None:
    """Write a table as CSV whose texts and heads stay texts in a spreadsheet."""
    _each_text(frame, guarded).to_csv(path, index=False, encoding=encoding)


def read_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """A table as it was before `write_csv`."""
    return _each_text(frame, unguarded)


def _each_text(frame: pd.DataFrame, change: Any) -> pd.DataFrame:
    """A table with its texts and heads changed; the table itself where none is."""
    heads = [change(name) for name in frame.columns]
    changed = {}
    for i, kind in enumerate(frame.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            column = frame.iloc[:, i]
            values = [change(value) for value in column.tolist()]
            if any(new is not old for new, old in zip(values, column.tolist(), strict=True)):
                changed[i] = pd.Series(values, index=column.index, dtype=object)
    if not changed and heads == list(frame.columns):
        return frame
    columns = [changed.get(i, frame.iloc[:, i]) for i in range(frame.shape[1])]
    whole = pd.concat(columns, axis=1) if columns else frame.copy()
    whole.columns = pd.Index(heads)
    return whole
