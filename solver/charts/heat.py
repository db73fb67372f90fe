"""A figure over two keys as colour and number: a panel for each of several conditions."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.charts.marks import LINE, WIDTH, Chart, Mark, fitted, rect, text, width_of
from solver.maps.palette import PAGE, is_dark, rising

HIGH = 30.0
"""Height of a cell."""
STEPS = 24
"""Steps of the scale of colours."""


@dataclass(frozen=True)
class Panel:
    """Values row by row from below, with their words; None where there is none."""

    title: str
    values: Sequence[Sequence[float | None]]
    words: Sequence[Sequence[str]]


def heat_map(
    panels: Sequence[Panel],
    across: tuple[str, Sequence[str]],
    down: tuple[str, Sequence[str]],
    figure: str,
    ends: tuple[str, str],
) -> Chart:
    """Panels below each other; `across` and `down` are names of keys and of their values, `figure` what is shown.

    `ends` are the least and the greatest value in words.
    """
    known = [value for panel in panels for row in panel.values for value in row if value is not None]
    low, span = min(known), (max(known) - min(known)) or 1.0
    left = min(200.0, max(width_of(name) for name in down[1])) + 16
    wide = min(110.0, (WIDTH - left - 12) / len(across[1]))
    marks: list[Mark] = []
    top = 4.0
    for panel in panels:
        heads = [text for text in (panel.title, down[0]) if text]
        marks += [text((10, top + LINE * (i + 1) - 6), fitted(head, WIDTH - 20)) for i, head in enumerate(heads)]
        top += LINE * len(heads)
        for i, (name, values, words) in enumerate(zip(down[1], panel.values, panel.words, strict=True)):
            y = top + HIGH * (len(down[1]) - 1 - i)
            marks.append(text((left - 6, y + HIGH / 2 + 4), fitted(name, left - 12), "end", PAGE["faint"]))
            for j, (value, said) in enumerate(zip(values, words, strict=True)):
                color = PAGE["soft"] if value is None else rising((value - low) / span)
                ink = PAGE["paper"] if is_dark(color) else PAGE["ink"]
                marks.append(rect(left + wide * j + 1, y + 1, wide - 2, HIGH - 2, color))
                marks.append(text((left + wide * (j + 0.5), y + HIGH / 2 + 4), said, "middle", ink))
        top += HIGH * len(down[1])
        for j, name in enumerate(across[1]):
            place = (left + wide * (j + 0.5), top + 14)
            marks.append(text(place, fitted(name, wide - 4), "middle", PAGE["faint"]))
        marks.append(text((left, top + 32), fitted(across[0], WIDTH - left)))
        top += 2 * LINE + 6
    marks += _scale(figure, ends, left, top)
    return Chart(figure, top + 2 * LINE + 6, marks)


def _scale(figure: str, ends: tuple[str, str], left: float, top: float) -> list[Mark]:
    """What the colours mean."""
    x, wide = left + width_of(ends[0]) + 6, 8.0
    steps = [rect(x + wide * i, top, wide + 0.5, 12, rising(i / (STEPS - 1))) for i in range(STEPS)]
    last = x + wide * STEPS + 6
    return [
        *steps,
        text((left, top + 11), ends[0], color=PAGE["faint"]),
        text((last, top + 11), ends[1], color=PAGE["faint"]),
        text((left, top + 11 + LINE), fitted(figure, WIDTH - left)),
    ]
