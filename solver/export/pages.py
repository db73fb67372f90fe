"""Pages from templates: what Python gives are plain values, what makes HTML of them stands in the folder `page`."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.export.policy import policy
from solver.maps import palette
from solver.words.speech import Speech

if TYPE_CHECKING:
    from jinja2 import Environment

FILES = Path(__file__).parent / "page"
HTML_LANG = {"en": "en", "zh": "zh-CN"}
"""The language of a page as browsers call it."""


@dataclass(frozen=True)
class Cell:
    """A cell that is more than a text.

    `value` is what the cell sorts by, "" where that is not known; `href` what it leads to; `kind` is `code`, or `no`
    where there is nothing; `ground` is its background, `why` what is told of it where a pointer rests.
    """

    text: str
    value: str | None = None
    href: str = ""
    kind: str = ""
    ground: str = ""
    why: str = ""


Row = Sequence[str | Cell]


@dataclass(frozen=True)
class Table:
    """A table; the columns in `right` hold numbers. A click on a head sorts it, where the page has a script for it."""

    head: Sequence[str]
    rows: Sequence[Row]
    right: Sequence[int] = ()
    sorts: bool = True


def number_cell(text: str, value: float | None) -> Cell:
    """A cell that shows a number in words and sorts by it; None sorts last."""
    return Cell(text, "" if value is None else f"{value:.12g}")


def picture_source(content: bytes) -> str:
    """The address of a PNG that lies in the page itself."""
    return f"data:image/png;base64,{b64encode(content).decode()}"


def page(
    template: str,
    speech: Speech,
    *,
    title: str,
    scripts: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
    **values: Any,
) -> str:
    """A whole page: `template` with its `values`, and the `data` that its `scripts` show."""
    text = None if data is None else json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    around = {
        "html_lang": HTML_LANG[speech.lang],
        "policy": policy(scripts),
        "style": palette.properties() + text_of("page.css"),
        "scripts": scripts,
        "data": None if text is None else text.replace("<", "\\u003c"),  # so that none of it can end the element
    }
    return _environment().get_template(template).render(title=title, **around, **values)


@cache
def text_of(name: str) -> str:
    """The text of a style sheet or a script."""
    return (FILES / name).read_text(encoding="utf-8")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # loaded only where a page is made

    return Environment(
        loader=FileSystemLoader(FILES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
