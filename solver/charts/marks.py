"""What charts are made of: lines, bars, dots and texts with their places; pages put them into SVG."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from solver.maps.palette import PAGE

WIDTH = 720.0
"""Charts are so wide; a page makes them smaller where it is narrow."""
SIZE = 12.0
"""Height of texts."""
LINE = 20.0
"""Height of a line of texts."""
FIRST_WIDE = "\u2e80"
"""Signs from here on are as wide as they are high."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """An element of SVG with its attributes and text."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(frozen=True)
class Chart:
    """A picture so high, what it shows, and its marks, later ones on top."""

    title: str
    height: float
    marks: Sequence[Mark]
    width: float = WIDTH


def rect(x: float, y: float, width: float, height: float, color: str, opacity: float = 1.0) -> Mark:
    """A filled rectangle."""
    place = {"x": x, "y": y, "width": max(width, 0.0), "height": height}
    return Mark("rect", {**_numbers(place), "fill": color, **_opacity(opacity)})


def line(start: Point, end: Point, color: str, width: float = 1.0, opacity: float = 1.0) -> Mark:
    """A straight line."""
    ends = _numbers({"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]})
    return Mark("line", {**ends, "stroke": color, "stroke-width": f"{width:g}", **_opacity(opacity)})


def polyline(points: Sequence[Point], color: str, width: float = 1.6) -> Mark:
    """Points that are joined."""
    look = {"fill": "none", "stroke": color, "stroke-width": f"{width:g}"}
    return Mark("polyline", {"points": _points(points), **look})


def area(points: Sequence[Point], color: str, opacity: float) -> Mark:
    """What points go around, filled."""
    return Mark("polygon", {"points": _points(points), "fill": color, **_opacity(opacity)})


def dot(place: Point, radius: float, color: str, *, hollow: bool = False) -> Mark:
    """A round mark; a hollow one is a ring."""
    at = _numbers({"cx": place[0], "cy": place[1], "r": radius})
    return Mark("circle", {**at, "fill": PAGE["paper"] if hollow else color, "stroke": color})


def text(place: Point, words: str, anchor: str = "start", color: str = PAGE["ink"]) -> Mark:
    """Words that begin, end or have their middle at a place."""
    at = _numbers({"x": place[0], "y": place[1]})
    return Mark("text", {**at, "text-anchor": anchor, "fill": color}, words)


def hatching(x: float, y: float, width: float, height: float) -> Iterator[Mark]:
    """Slanting lines over a rectangle."""
    step = 7.0
    for i in range(1, int((width + height) / step) + 1):
        low, high = max(0.0, i * step - height), min(width, i * step)
        yield line((x + low, y + i * step - low), (x + high, y + i * step - high), PAGE["paper"], 1.2)


def width_of(words: str) -> float:
    """About how wide a text is."""
    return sum(SIZE if sign >= FIRST_WIDE else 0.56 * SIZE for sign in words)


def fitted(words: str, room: float) -> str:
    """A text, cut where it is wider than its room."""
    if width_of(words) <= room:
        return words
    while words and width_of(words) + SIZE > room:
        words = words[:-1]
    return f"{words}…"


def legend(names: Sequence[tuple[str, str]], top: float, left: float = 10.0) -> tuple[list[Mark], float]:
    """Names with their colours, beside each other as long as there is room; also where the next line would begin."""
    marks, x = [], left
    for name, color in names:
        words = fitted(name, WIDTH - left - 30)
        if x > left and x + 18 + width_of(words) > WIDTH - 10:
            x, top = left, top + LINE
        marks += [rect(x, top + 4, 12, 12, color), text((x + 18, top + 14), words)]
        x += 18 + width_of(words) + 18
    return marks, top + LINE


def _numbers(values: Mapping[str, float]) -> dict[str, str]:
    return {key: f"{value:.1f}" for key, value in values.items()}


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _opacity(opacity: float) -> dict[str, str]:
    return {} if opacity >= 1.0 else {"opacity": f"{opacity:g}"}
