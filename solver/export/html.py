"""Small pieces of HTML: tables that scripts sort, lists, escaped texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Cell:
    """A cell that shows a text, already safe, and sorts by a number; None sorts last."""

    text: str
    value: float | None


def table(
    head: Sequence[str], rows: Iterable[Sequence[str | Cell]], *, right: Iterable[int] = (), sorts: bool = True
) -> str:
    """A table of safe texts; columns of numbers stand to the right. A click on a head sorts it, unless it does not."""
    numeric = set(right)

    def place(i: int) -> str:
        return " class=n" if i in numeric else ""

    heads = "".join(f"<th{place(i)}>{text}</th>" for i, text in enumerate(head))
    body = "".join(f"<tr>{''.join(_cell(cell, place(i)) for i, cell in enumerate(row))}</tr>" for row in rows)
    kind = ' class="sortable"' if sorts else ""
    return f'<div class="wide"><table{kind}><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(cell: str | Cell, place: str) -> str:
    if isinstance(cell, str):
        return f"<td{place}>{cell}</td>"
    value = "" if cell.value is None else f"{cell.value:.12g}"
    return f'<td{place} data-v="{value}">{cell.text}</td>'


def items(texts: Iterable[str]) -> str:
    """A list of texts, which are made safe."""
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of a text, which is made safe."""
    return f"<p{f' class={kind}' if kind else ''}>{escape(text)}</p>"
