"""A result as a workbook: summary, sites decided on, sites and places of every programme, and what the columns are."""

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from solver.files.csvtext import LIVE
from solver.words.columns import FIELDS, UNITS, field_name, is_money
from solver.words.currency import CNY, Currency
from solver.words.speech import CHINESE, ENGLISH

ROWS = 2**20 - 1
"""Most rows of a sheet below its head."""
LOOKED_AT = 200
"""The first so many values say how broad a column is."""
NARROW, BROAD = 8, 48
LONGEST = 32_767
"""Most signs of a cell."""
MONEY = "#,##0"
FORMATS = (("_share", "0.0%"), ("_weight", "#,##0.##"), ("_load", "#,##0.##"))
"""End of a column's name -> how its numbers are shown."""


def write_workbook(
    sheets: Mapping[str, pd.DataFrame], path: Path, *, told: bool = True, currency: Currency = CNY
) -> None:
    """Write tables as sheets: heads bold and fixed, columns as broad as their values, numbers as numbers.

    Texts stay texts, also those that look like formulas. A last sheet `fields` says what the columns are, in English
    and Chinese, where that is `told`; money is in the `currency`.
    """
    book = Workbook(write_only=True)
    for name, table in sheets.items():
        _write_sheet(book, name, table)
    if told:
        columns = (column for table in sheets.values() for column in table.columns)
        _write_sheet(book, "fields", fields_of(columns, currency))
    book.save(path)


def fields_of(columns: Iterable[Any], currency: Currency) -> pd.DataFrame:
    """Column, what it is in English, and in Chinese; the planner's own columns are not told."""
    known = [c for c in dict.fromkeys(map(str, columns)) if c in FIELDS or c.endswith(UNITS)]
    english, chinese = ENGLISH.paying(currency), CHINESE.paying(currency)
    rows = [(c, field_name(c, english), field_name(c, chinese)) for c in known]
    return pd.DataFrame(rows, columns=["column", "what it is", "含义"])


def _write_sheet(book: Workbook, name: str, table: pd.DataFrame) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    names = [str(column) for column in table.columns]
    for i, column in enumerate(names):
        sheet.column_dimensions[get_column_letter(i + 1)].width = _width(column, table.iloc[:LOOKED_AT, i])
    if names:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{min(len(table), ROWS) + 1}"
    sheet.append([_head(sheet, column) for column in names])
    formats = {i: form for i, column in enumerate(names) for end, form in FORMATS if column.endswith(end)}
    formats |= {i: MONEY for i, column in enumerate(names) if is_money(column)}
    columns = [_plain(table.iloc[:ROWS, i]) for i in range(len(names))]
    for row in zip(*columns, strict=True):
        values: list[Any] = [_text(sheet, value) if isinstance(value, str) else value for value in row]
        for i, form in formats.items():
            if isinstance(values[i], int | float):
                cell = WriteOnlyCell(sheet, values[i])
                cell.number_format = form
                values[i] = cell
        sheet.append(values)


def _text(sheet: Any, text: str) -> Cell | str:
    """A text as a cell of a sheet: as text, whatever it looks like, and without signs that no sheet keeps."""
    shown = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    if len(shown) > LONGEST:
        shown = shown[: LONGEST - 1] + "…"
    if not shown or (shown[0] != "#" and not LIVE.match(shown)):
        return shown
    cell = WriteOnlyCell(sheet, shown)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _head(sheet: Any, text: str) -> Cell:
    made = _text(sheet, text)
    cell = made if isinstance(made, Cell) else WriteOnlyCell(sheet, made)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EEEEEE")
    return cell


def _plain(column: "pd.Series[Any]") -> list[Any]:
    """Values that a cell holds: whole numbers without a point, nothing for what is unknown."""
    return [_cell(value) for value in column.tolist()]


def _cell(value: Any) -> Any:
    if value is None or value is pd.NA:
        return None
    if isinstance(value, float):
        return None if not np.isfinite(value) else int(value) if value.is_integer() and abs(value) < 1e15 else value
    return value if isinstance(value, bool | int | str) else str(value)


def _width(name: str, column: "pd.Series[Any]") -> float:
    longest = max([_length(name) + 2, *(_length(str(value)) for value in column.tolist() if value is not None)])
    return float(min(max(longest + 1, NARROW), BROAD))


def _length(text: str) -> int:
    """Places that a text takes; Chinese signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
