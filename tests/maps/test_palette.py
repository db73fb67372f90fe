"""Colours stand in one place, and what must be told apart has its own."""

import re
from pathlib import Path

import pytest

from solver.maps import palette

ROOT = Path(__file__).parents[2]
HOME = ROOT / "solver/maps/palette.py"
FILES = sorted(p for p in (ROOT / "solver").rglob("*") if p.suffix in (".py", ".js", ".css", ".html") and p != HOME)
COLOR = re.compile(
    r"""(?<![\w&(])\#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})(?![-\w])
    |\brgba?\(\s*\d|\bhsla?\(\s*\d|["']\d{1,3},\d{1,3},\d{1,3},\d{1,3}["']""",
    re.VERBOSE,
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_colour_stands_outside_the_palette(path):
    assert COLOR.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('color: "#fff"', True),
        ("a { border: 1px solid #1f5f99; }", True),
        ("rgba(255, 255, 255, .8)", True),
        ('Look("kept", "31,78,121,255")', True),
        ('href="#map"', False),
        ("color: var(--ink)", False),
    ],
)
def test_colours_are_known_by_how_they_are_written(text, found):
    assert bool(COLOR.search(text)) == found


def test_the_style_sheet_uses_no_colour_that_pages_do_not_have():
    used = set(re.findall(r"var\(--([\w-]+)\)", (ROOT / "solver/export/page/page.css").read_text(encoding="utf-8")))
    assert used <= set(palette.PAGE)
    assert all(f"--{name}: {color};" in palette.properties() for name, color in palette.PAGE.items())


@pytest.mark.parametrize("family", [palette.TIERS, palette.ROADS, palette.SERIES, palette.PROGRAMMES])
def test_what_stands_side_by_side_differs(family):
    assert len(set(family)) == len(family)


def test_a_colour_as_qgis_and_style_sheets_write_it():
    assert palette.qgis("#d62728") == "214,39,40,255"
    assert palette.qgis("#ffffff", 0.5) == "255,255,255,128"
    assert palette.faded("#d62728", 0.25) == "rgb(214 39 40 / 0.25)"


def test_colours_rise_from_the_first_to_the_last():
    assert palette.rising(0.0) == palette.RISING[0]
    assert palette.rising(1.0) == palette.RISING[-1]
    assert palette.is_dark(palette.RISING[-1])
    assert not palette.is_dark(palette.RISING[0])
