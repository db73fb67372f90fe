"""Plain tables for the terminal; Chinese signs count as two columns."""

from collections.abc import Sequence

from rich.cells import cell_len


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Lines of aligned columns, those in `right` to the right; two spaces between."""
    widths = [max(cell_len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    return "\n".join(_line(row, widths, right) for row in (head, *rows))


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    cells = []
    for i, (text, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - cell_len(text))
        cells.append(space + text if i in right else text + space)
    return "  ".join(cells).rstrip()
