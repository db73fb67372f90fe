"""Charts: bars as long as their values, axes with round steps, every text within the picture."""

import pytest

from solver.charts.axis import Axis, round_ticks
from solver.charts.bars import Bar, bar_chart, named_bars, split_bar
from solver.charts.heat import Panel, heat_map
from solver.charts.marks import WIDTH, fitted, hatching, legend, width_of
from solver.charts.plane import Series, plane
from solver.maps.palette import PAGE, RISING, SERIES


def texts(chart):
    return [mark.text for mark in chart.marks if mark.tag == "text"]


def numbers(chart, tag, *keys):
    return [tuple(float(mark.attributes[key]) for key in keys) for mark in chart.marks if mark.tag == tag]


def test_bars_are_as_long_as_their_values_and_the_axis_has_a_name_with_its_unit():
    chart = named_bars([("a", 50.0, "50%"), ("<b>", 25.0, "25%"), ("c", None, "–")], "share, %", most=100)
    lengths = [length for (length,) in numbers(chart, "rect", "width")]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.2)
    assert lengths[2] == 0
    assert {"share, %", "<b>", "25%", "–", "0", "20", "40", "60", "80", "100"} <= set(texts(chart))


def test_bars_go_to_either_side_of_zero_and_their_words_stand_beyond_them():
    chart = bar_chart([("key", [Bar(4.0, "up"), Bar(-2.0, "down")])], "change", overlaid=True)
    (up, high), (down, low) = numbers(chart, "rect", "x", "width")
    zero = down + low
    assert up == pytest.approx(zero, abs=0.2)
    assert high == pytest.approx(2 * low, abs=0.2)
    place = {mark.text: mark.attributes for mark in chart.marks if mark.tag == "text"}
    assert (place["up"]["text-anchor"], place["down"]["text-anchor"]) == ("start", "end")
    assert float(place["down"]["x"]) < down < up + high < float(place["up"]["x"])


def test_bars_of_one_name_stand_below_each_other_and_the_legend_says_whose_they_are():
    rows = [("north", [Bar(1.0), Bar(2.0)]), ("south", [Bar(3.0), Bar(None)])]
    chart = bar_chart(rows, "x", names=[("one", SERIES[0]), ("two", SERIES[1])])
    tops = [top for (top,) in numbers(chart, "rect", "y")[:4]]
    assert tops == sorted(set(tops))
    assert {"one", "two"} <= set(texts(chart))


def test_an_interval_is_drawn_from_end_to_end_and_what_is_unsure_is_hatched():
    sure = bar_chart([("key", [Bar(2.0, interval=(1.0, 3.0))])], "x")
    unsure = bar_chart([("key", [Bar(2.0, interval=(1.0, 3.0), unsure=True)])], "x")
    (x, wide), *_ = numbers(sure, "rect", "x", "width")
    whiskers = [mark.attributes for mark in sure.marks if mark.attributes.get("stroke") == PAGE["ink"]]
    assert (float(whiskers[0]["x1"]) - x, float(whiskers[0]["x2"]) - x) == pytest.approx(
        (wide / 2, 1.5 * wide), abs=0.2
    )
    assert len(unsure.marks) > len(sure.marks) + 10


def test_hatching_stays_within_its_bar():
    for mark in hatching(10.0, 20.0, 30.0, 8.0):
        place = {key: float(mark.attributes[key]) for key in ("x1", "x2", "y1", "y2")}
        assert all(10.0 <= place[key] <= 40.0 for key in ("x1", "x2"))
        assert all(20.0 <= place[key] <= 28.0 for key in ("y1", "y2"))


def test_a_divided_bar_is_whole_and_its_last_part_is_what_is_left():
    chart = split_bar([("spent", 3.0, "3"), ("left", 1.0, "1")], "Budget")
    (first, three), (second, one) = numbers(chart, "rect", "x", "width")[:2]
    assert three == pytest.approx(3 * one, abs=0.2)
    assert second == pytest.approx(first + three, abs=0.2)
    assert chart.marks[1].attributes["fill"] == PAGE["line"]
    assert {"spent: 3", "left: 1"} <= set(texts(chart))


@pytest.mark.parametrize(
    ("low", "high", "whole", "ticks"),
    [
        (0, 100, False, [0, 20, 40, 60, 80, 100]),
        (0, 293, False, [0, 50, 100, 150, 200, 250, 300]),
        (0, 7.2e-3, False, [0, 2e-3, 4e-3, 6e-3, 8e-3]),
        (0, 1, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (2, 3, True, [2, 3]),
        (1, 4, True, [1, 2, 3, 4]),
        (-21, 3, False, [-25, -20, -15, -10, -5, 0, 5]),
        (41.2, 50.3, False, [40, 42, 44, 46, 48, 50, 52]),
        (7, 7, True, [7, 8]),
        (0, 0, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_an_axis_has_round_steps_from_below_the_least_to_above_the_greatest(low, high, whole, ticks):
    assert round_ticks(low, high, whole=whole) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("ticks", "said"),
    [([0.0, 0.25, 0.5], "0.25"), ([0.0, 1e6, 2e6], "1,000,000"), ([0.0, 2.5], "2.5"), ([-0.002, 0.0], "0.000")],
)
def test_ticks_have_as_many_digits_as_their_steps(ticks, said):
    assert Axis("", ticks, 0, 1).words(ticks[1]) == said


def test_points_lie_where_their_values_are_with_a_band_to_their_bounds():
    chart = plane([Series("a", [(0, 0), (10, 100)], bounds=[20, 100])], "x, km", "y, %")
    (x0, y0), (x1, y1) = numbers(chart, "circle", "cx", "cy")
    assert x0 < x1
    assert y1 < y0
    band = next(mark for mark in chart.marks if mark.tag == "polygon").attributes["points"].split()
    assert float(band[-1].split(",")[1]) == pytest.approx(y0 + 0.2 * (y1 - y0), abs=0.2)
    assert {"x, km", "y, %"} <= set(texts(chart))
    assert "a" not in texts(chart)  # the only one needs no name


def test_points_that_are_not_joined_have_bars_to_their_bounds():
    chart = plane([Series("a", [(0, 0), (10, 100)], bounds=[20, 100], joined=False), Series("b", [(5, 5)])], "x", "y")
    assert not [mark for mark in chart.marks if mark.tag in ("polygon", "polyline")]
    assert {"a", "b"} <= set(texts(chart))


def test_a_heat_map_colours_the_least_and_the_most_and_shows_what_has_no_plan():
    panel = Panel("base", [[1.0, None], [2.0, 3.0]], [["1", "–"], ["2", "3"]])
    chart = heat_map([panel], ("across", ["a", "b"]), ("down", ["c", "d"]), "figure", ("1", "3"))
    cells = {(m.attributes["x"], m.attributes["y"]): m.attributes["fill"] for m in chart.marks if m.tag == "rect"}
    assert list(cells.values())[:4] == [RISING[0], PAGE["soft"], RISING[3], RISING[-1]]
    place = [(mark.text, mark.attributes) for mark in chart.marks if mark.tag == "text"]
    height = {name: float(at["y"]) for name, at in place}
    assert height["d"] < height["c"]  # values rise upwards
    assert ("3", PAGE["paper"]) in [(name, at["fill"]) for name, at in place]  # white on the darkest
    assert ("1", PAGE["ink"]) in [(name, at["fill"]) for name, at in place]


LONG = "a district with a name that goes on and on, 一个名字很长很长很长很长很长很长的分区"


@pytest.mark.parametrize(
    "chart",
    [
        named_bars([(LONG, 1.0, "1.00 million CNY"), ("b", 12345678.0, "12.35 million CNY")], LONG),
        bar_chart([(LONG, [Bar(-1.0, "down"), Bar(2.0, "up")])], "x", names=[(LONG, SERIES[0]), (LONG, SERIES[1])]),
        split_bar([(LONG, 1.0, "1"), (LONG, 2.0, "2"), (LONG, 0.0, "0")], LONG),
        plane([Series(LONG, [(0, 1e7), (1, 2e7)]), Series("b", [(1, 1e7)], notes=["3"])], LONG, LONG),
        heat_map([Panel(LONG, [[1.0] * 12], [["1"] * 12])], (LONG, [LONG] * 12), (LONG, [LONG]), LONG, ("1", "1")),
    ],
    ids=["bars", "grouped", "split", "plane", "heat"],
)
def test_every_text_lies_within_the_picture(chart):
    for mark in chart.marks:
        if mark.tag == "text":
            x, wide = float(mark.attributes["x"]), width_of(mark.text)
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[mark.attributes["text-anchor"]]
            assert left >= 0, mark
            assert left + wide <= WIDTH + 1, mark
            assert 0 < float(mark.attributes["y"]) <= chart.height, mark


def test_what_is_cut_says_so():
    assert fitted("short", 100) == "short"
    assert fitted("much too long for it", 60).endswith("…")
    assert width_of(fitted("much too long for it", 60)) <= 60


def test_a_legend_goes_on_in_the_next_line():
    marks, end = legend([("a name of some length", "red")] * 6, 0.0)
    assert len({mark.attributes["y"] for mark in marks if mark.tag == "rect"}) == 2
    assert end == 40
