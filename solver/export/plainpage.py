"""Plain HTML of pages that need no internet: tables, and the page around them."""

from collections.abc import Iterable, Sequence
from html import escape

from solver.export.policy import policy
from solver.words.speech import Speech

STYLE = """
body{font:15px/1.5 "Segoe UI","Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif;color:#222;
  max-width:1000px;margin:2em auto;padding:0 1em}
h1{font-size:1.6em}h2{font-size:1.25em;margin-top:2em;border-bottom:1px solid #ccc}h3{font-size:1.05em;margin-top:1.6em}
table{border-collapse:collapse;margin:.8em 0}th,td{padding:.25em .8em;border-bottom:1px solid #ddd;text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}th{background:#f5f5f5}
img{max-width:100%}.note{color:#666}code{font-size:.9em}
@media print{body{max-width:none}h2,h3{break-after:avoid}img,table{break-inside:avoid}}
"""
HTML_LANG = {"en": "en", "zh": "zh-CN"}


def page(title: str, parts: Iterable[str], speech: Speech, *, style: str = "") -> str:
    """A whole page with the look of the report."""
    return (
        f'<!doctype html>\n<html lang="{HTML_LANG[speech.lang]}"><head><meta charset="utf-8">{policy()}'
        f"<title>{escape(title)}</title>"
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}{style}</style></head>\n<body>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> str:
    """A table of texts; columns in `right` to the right. Cells are escaped."""
    return raw_table([escape(h) for h in head], [[escape(cell) for cell in row] for row in rows], right=right)


def raw_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> str:
    """As `table`, of cells that are HTML already; a cell that begins with `<td` is the whole cell."""
    numeric = set(right)

    def cells(values: Sequence[str], tag: str) -> str:
        return "".join(
            v if v.startswith("<td") else f"<{tag}{' class=n' if i in numeric else ''}>{v}</{tag}>"
            for i, v in enumerate(values)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table><tr>{cells(head, 'th')}</tr>{body}</table>"
