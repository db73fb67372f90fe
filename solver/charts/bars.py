"""Bars: one or several for each name, from zero to either side; and one bar that is divided."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.charts.axis import KEYS, Axis, across, round_ticks
from solver.charts.marks import WIDTH, Chart, Mark, fitted, hatching, legend, line, rect, text, width_of
from solver.maps.palette import PAGE, SERIES

TOP = 8.0
THICK = 16.0
"""Height of a bar that stands alone, and of all that stand below each other for one name where those are few."""
GAP = 1.0
"""Between bars of one name."""
NAMES = 220.0
"""Most room for names."""
Named = tuple[str, float | None, str]
"""Name, value and the value in words; an unknown value has no bar."""


@dataclass(frozen=True)
class Bar:
    """A bar to a value, the words at its end, the ends of its interval; an unsure one is hatched."""

    value: float | None
    words: str = ""
    color: str = SERIES[0]
    interval: tuple[float, float] | None = None
    unsure: bool = False

    @property
    def ends(self) -> tuple[float, ...]:
        """What the axis must reach."""
        return (*(() if self.value is None else (self.value,)), *(self.interval or ()))


Row = tuple[str, Sequence[Bar]]
"""A name and its bars."""


def named_bars(bars: Sequence[Named], axis: str, *, most: float | None = None) -> Chart:
    """A bar for each name; `axis` says what is measured and in what unit; it ends at `most` or above."""
    return bar_chart([(name, [Bar(value, words)]) for name, value, words in bars], axis, most=most)


def bar_chart(
    rows: Sequence[Row],
    axis: str,
    *,
    least: float = 0.0,
    most: float | None = None,
    overlaid: bool = False,
    names: Sequence[tuple[str, str]] = (),
) -> Chart:
    """Names down, their bars below each other or all in one line (`overlaid`); `names` tell what the colours mean."""
    bars = [bar for _, own in rows for bar in own]
    ends = [end for bar in bars for end in bar.ends]
    ticks = round_ticks(min([least, *ends]), max([most or 0.0, *ends]))
    left = min(NAMES, max((width_of(name) for name, _ in rows), default=0.0)) + 16
    said = max((width_of(bar.words) for bar in bars), default=0.0) + 12
    scale = Axis(axis, ticks, left + (said if ticks[0] < 0 else 0.0), WIDTH - max(said, 24.0))
    lines = 1 if overlaid else max((len(own) for _, own in rows), default=1)
    thick = THICK if lines == 1 else max(8.0, 1.5 * THICK / lines)
    high = thick * lines + 8
    base = TOP + high * len(rows)
    marks = across(scale, TOP, base)
    for i, (name, own) in enumerate(rows):
        top = TOP + high * i + 4
        marks.append(text((left - 6, top + (high - 8) / 2 + 4), fitted(name, NAMES), "end"))
        first = 0.0 if overlaid else (lines - len(own)) * thick / 2
        for place, bar in enumerate(own):
            marks += _drawn(bar, scale, top + (0.0 if overlaid else first + place * thick), thick - GAP)
    zero = scale.place(0.0)
    marks.append(line((zero, TOP), (zero, base), PAGE["faint"]))
    keys, end = legend(names, base + KEYS) if names else ([], base + KEYS)
    return Chart(axis, end, [*marks, *keys])


def _drawn(bar: Bar, scale: Axis, top: float, thick: float) -> list[Mark]:
    zero = scale.place(0.0)
    end = zero if bar.value is None else scale.place(bar.value)
    x, wide = min(zero, end), abs(end - zero)
    marks = [rect(x, top, wide, thick, bar.color)]
    if bar.unsure:
        marks += hatching(x, top, wide, thick)
    if bar.interval is not None:
        low, high = map(scale.place, bar.interval)
        middle = top + thick / 2
        marks.append(line((low, middle), (high, middle), PAGE["ink"]))
        marks += [line((x, middle - 3), (x, middle + 3), PAGE["ink"]) for x in (low, high)]
    if bar.words:
        beyond, anchor = (-5, "end") if end < zero else (5, "start")
        marks.append(text((end + beyond, top + thick / 2 + 4), bar.words, anchor))
    return marks


def split_bar(parts: Sequence[Named], title: str, colon: str = ": ") -> Chart:
    """One bar divided among names, with a legend of names and values in words; the last is what is left."""
    total = sum(value or 0.0 for _, value, _ in parts) or 1.0
    wide, x = WIDTH - 20, 10.0
    colors = [SERIES[i % len(SERIES)] for i in range(len(parts) - 1)] + [PAGE["line"]]
    marks = []
    for (_, value, _), color in zip(parts, colors, strict=True):
        length = wide * max(value or 0.0, 0.0) / total
        marks.append(rect(x, 8, length, 26, color))
        x += length
    keys, end = legend([(f"{n}{colon}{words}", color) for (n, _, words), color in zip(parts, colors, strict=True)], 40)
    return Chart(title, end + 4, [*marks, *keys])
