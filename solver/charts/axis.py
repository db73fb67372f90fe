"""Axes with round steps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from solver.charts.marks import SIZE, WIDTH, Mark, fitted, line, text
from solver.maps.palette import PAGE

KEYS = 43.0
"""From the base of a plot to the end of what stands below it."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Axis:
    """What is measured, with its unit; from the first tick to the last it runs between two places of the picture."""

    name: str
    ticks: Sequence[float]
    start: float
    end: float

    def place(self, value: float) -> float:
        """Where a value is in the picture."""
        first, last = self.ticks[0], self.ticks[-1]
        return self.start + (self.end - self.start) * (value - first) / (last - first)

    def words(self, value: float) -> str:
        """A tick with as many digits as the steps have."""
        step = self.ticks[1] - self.ticks[0]
        digits = next((d for d in range(12) if abs(round(step, d) - step) < 1e-6 * step), 12)
        return f"{value:,.{digits}f}"


def round_ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Round steps, about five of them, from one that is not above `low` to the first that is not below `high`.

    `whole` numbers have no ticks between them.
    """
    if high <= low:
        high = low + (1.0 if low == 0 or whole else abs(low) / 2)
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = next(s * power for s in STEPS if s * power * 6 >= high - low)
    if whole:
        step = max(1.0, float(round(step)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * i, 12) for i in range(first, last + 1)]


def across(axis: Axis, top: float, base: float) -> list[Mark]:
    """The marks of an axis that runs from left to right below a plot: lines, numbers, name."""
    marks = []
    for tick in axis.ticks:
        x = axis.place(tick)
        marks.append(line((x, top), (x, base), PAGE["line"]))
        marks.append(text((x, base + 17), axis.words(tick), "middle", PAGE["faint"]))
    middle = (axis.start + axis.end) / 2
    room = 2 * min(middle, WIDTH - middle)
    return [*marks, text((middle, base + 35), fitted(axis.name, room), "middle")]


def upward(axis: Axis, left: float, right: float) -> list[Mark]:
    """The marks of an axis that runs upwards at the left of a plot; its name stands above it."""
    marks = []
    for tick in axis.ticks:
        y = axis.place(tick)
        marks.append(line((left, y), (right, y), PAGE["line"]))
        marks.append(text((left - 6, y + SIZE / 3), axis.words(tick), "end", PAGE["faint"]))
    return [*marks, text((10.0, axis.end - 12), fitted(axis.name, WIDTH - 20))]
