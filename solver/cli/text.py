"""Plain tables for the terminal; Chinese signs count as two columns."""

import shutil
from collections.abc import Sequence

from rich.cells import cell_len

ENDLESS = (10_000, 24)
"""Columns and lines of what is no terminal, such as a file."""


def padded(text: str, width: int) -> str:
    """A text with blanks after it up to a width; before it where the width is negative."""
    blanks = " " * (abs(width) - cell_len(text))
    return text + blanks if width > 0 else blanks + text


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Lines of aligned columns, those in `right` to the right; two spaces between."""
    widths = [max(cell_len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    return "\n".join(_line(row, widths, right) for row in (head, *rows))


def fitted(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """As `table`; in a terminal too narrow for it, several tables one below the other, each with the first column."""
    width = shutil.get_terminal_size(ENDLESS).columns
    widths = [max(cell_len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    groups: list[list[int]] = [[]]
    for i in range(1, len(head)):
        if groups[-1] and sum(widths[k] + 2 for k in (0, *groups[-1])) + widths[i] > width:
            groups.append([])
        groups[-1].append(i)
    return "\n\n".join(_part((0, *group), head, rows, right) for group in groups)


def _part(columns: Sequence[int], head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    there = [k for k, i in enumerate(columns) if i in right]
    return table([head[i] for i in columns], [[row[i] for i in columns] for row in rows], right=there)


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    cells = []
    for i, (text, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - cell_len(text))
        cells.append(space + text if i in right else text + space)
    return "  ".join(cells).rstrip()
