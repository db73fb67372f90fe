"""Points over two axes: joined by lines, with bands or bars to their bounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.charts.axis import KEYS, Axis, across, round_ticks, upward
from solver.charts.marks import WIDTH, Chart, Mark, Point, area, dot, legend, line, polyline, text, width_of
from solver.maps.palette import PAGE, SERIES

TOP, PLOT = 34.0, 280.0
"""Where a plot begins, and how high it is."""


@dataclass(frozen=True)
class Series:
    """Points that belong together.

    `bounds` are as many values: a band is drawn to them, or, where the points are not `joined`, a bar from each;
    `notes` stand beside the points; `beside` are hollow points that no line joins.
    """

    name: str
    points: Sequence[Point]
    bounds: Sequence[float] = ()
    notes: Sequence[str] = ()
    beside: Sequence[Point] = ()
    joined: bool = True


def plane(series: Sequence[Series], x_name: str, y_name: str, *, whole: tuple[bool, bool] = (False, False)) -> Chart:
    """Series in their colours, named below where there are several; `whole` says which axes have whole numbers only."""
    points = [point for own in series for point in (*own.points, *own.beside)]
    xs = [x for x, _ in points]
    ys = [y for _, y in points] + [bound for own in series for bound in own.bounds]
    y_ticks = round_ticks(min(ys), max(ys), whole=whole[1])
    base = TOP + PLOT
    upright = Axis(y_name, y_ticks, base, TOP)
    left = max(width_of(upright.words(tick)) for tick in y_ticks) + 18
    right = WIDTH - 36
    level = Axis(x_name, round_ticks(min(xs), max(xs), whole=whole[0]), left, right)
    marks = [*across(level, TOP, base), *upward(upright, left, right)]
    marks.append(line((left, base), (right, base), PAGE["faint"]))
    colors = [SERIES[i % len(SERIES)] for i in range(len(series))]
    for own, color in zip(series, colors, strict=True):
        marks += _drawn(own, level, upright, color)
    end = base + KEYS
    if len(series) > 1:
        keys, end = legend([(own.name, color) for own, color in zip(series, colors, strict=True)], end, left)
        marks += keys
    return Chart(f"{y_name}; {x_name}", end, marks)


def _drawn(own: Series, level: Axis, upright: Axis, color: str) -> list[Mark]:
    places = [(level.place(x), upright.place(y)) for x, y in own.points]
    limits = [(x, upright.place(bound)) for (x, _), bound in zip(places, own.bounds, strict=False)]
    marks: list[Mark] = []
    if own.joined:
        marks += [area([*places, *limits[::-1]], color, 0.2)] if limits else []
        marks += [polyline(places, color)] if len(places) > 1 else []
    else:
        marks += [line(start, end, color, 3, 0.5) for start, end in zip(places, limits, strict=False)]
    marks += [dot((level.place(x), upright.place(y)), 4, color, hollow=True) for x, y in own.beside]
    marks += [dot(place, 3.5, color) for place in places]
    marks += [text((x + 5, y + 14), note, color=PAGE["faint"]) for (x, y), note in zip(places, own.notes, strict=False)]
    return marks
