"""The charts of a sweep show its runs: by hand, in a village where site a is worth 50, b 40 and c 30."""

import re
from html import unescape

import pytest

from tests.sweep.small import call, write

CHART = re.compile(
    r"<h3>([^<]*)</h3>\s*<div class=\"wide\"><svg class=\"chart\".*?<title>[^<]*</title>(.*?)</svg>", re.S
)


@pytest.fixture(scope="module")
def charts(tmp_path_factory):
    """Title of a chart -> its SVG, of a sweep of the village."""
    folder = tmp_path_factory.mktemp("charts")

    def swept(*words):
        out = folder / str(len(list(folder.iterdir())))
        ended = call("sweep", write(folder / "study"), *words, "--jobs", 1, "--out", out)
        assert ended.exit_code == 0, ended.output
        page = (out / "sweep.html").read_text(encoding="utf-8")
        return {unescape(title): svg for title, svg in CHART.findall(page)}

    return swept


def texts(svg):
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)<", svg)]


def numbers(svg, tag, *keys):
    return [
        tuple(float(re.search(f' {key}="([^"]*)"', mark)[1]) for key in keys)
        for mark in re.findall(f"<{tag} [^>]*>", svg)
    ]


def test_a_curve_rises_with_the_number_of_sites_which_are_whole(charts):
    svg = charts("--vary", "programmes.clinics.open=1,2,3")["What more of it brings"]
    heights = [y for _, y in numbers(svg, "circle", "cx", "cy")]
    first, second, third = heights  # 50, 90 and 120 of 120
    assert (first - second) / (second - third) == pytest.approx(40 / 30, abs=0.02)
    assert {"New sites", "1", "2", "3", "Share covered (%)"} <= set(texts(svg))
    assert "1.5" not in texts(svg)


def test_two_keys_of_a_grid_are_a_heat_map_with_every_value(charts):
    svg = charts("--vary", "programmes.clinics.open=1,2,3", "--vary", "programmes.clinics.reach.limit_min=5,10")[
        "Two keys together"
    ]
    said = texts(svg)
    # 50, 90 and 120 of 120, whatever the limit: every trip takes 5 minutes
    assert [said.count(value) for value in ("41.7", "75.0", "100.0")] == [3, 2, 3]  # least and most in the scale too


def test_bars_of_a_tornado_are_as_long_as_what_they_change(charts):
    svg = charts("--design", "one-at-a-time", "--vary", "programmes.clinics.open=2,3")["Each key alone"]
    three, two = (wide for wide, high in numbers(svg, "rect", "width", "height"))
    assert three / two == pytest.approx(70 / 40, abs=0.02)  # of shares: 50, 90 and 120 of 120
    assert {"2", "3"} <= set(texts(svg))


def test_cost_against_value_joins_the_runs_that_none_beats(charts):
    svg = charts("--vary", 'programmes.clinics.required=[],["b"],["c"]')["Cost and value"]
    # a: 3 million, 50; b: 2 million, 40; c: 1 million, 30: none beats another
    (points,) = re.findall(r'<polyline points="([^"]*)"', svg)
    assert len(points.split()) == 3
    assert {"1", "2", "3"} <= set(texts(svg))
    assert "Cost (million CNY)" in texts(svg)


def test_indices_lie_between_their_ends_on_an_axis_to_one(charts):
    svg = charts("--vary", "programmes.clinics.open=1:3", "--design", "sobol", "--samples", 4)[
        "Which keys explain the differences"
    ]
    assert "New sites" in texts(svg)
    assert "1.0" in texts(svg)
