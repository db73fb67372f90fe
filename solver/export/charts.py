"""Bar charts as SVG: one bar for each name, an axis with round steps and its unit."""

import math
from collections.abc import Sequence
from html import escape

WIDTH, LEFT, RIGHT, ROW, HEAD = 720, 150, 125, 24, 8
COLORS = ("#1f5f99", "#d62728", "#2c8250", "#9467bd", "#f08c28", "#17becf", "#8c564b", "#7f7f7f")
Bar = tuple[str, float | None, str]
"""Name, value and the value in words; an unknown value has no bar."""


def bar_chart(bars: Sequence[Bar], axis: str, *, most: float | None = None) -> str:
    """Bars one below the other; `axis` says what is measured and in what unit; the axis ends at `most` or above."""
    top = max([value for _, value, _ in bars if value is not None] + [most or 0.0], default=0.0)
    ticks = ticks_to(top if top > 0 else 1.0)
    end = ticks[-1] if most is None else most
    wide = WIDTH - LEFT - RIGHT
    height = HEAD + ROW * len(bars) + 40
    base = HEAD + ROW * len(bars)
    parts = [_open(height, axis)]
    for tick in ticks:
        x = LEFT + wide * tick / end
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{HEAD}" y2="{base}" stroke="#ddd"/>')
        parts.append(_text(x, base + 14, f"{tick:,g}", "middle", "#666"))
    for i, (name, value, words) in enumerate(bars):
        y = HEAD + ROW * i
        parts.append(_text(LEFT - 6, y + 16, name if len(name) <= 20 else f"{name[:19]}…", "end"))
        length = 0.0 if value is None else max(0.0, wide * value / end)
        parts.append(f'<rect x="{LEFT}" y="{y + 4}" width="{length:.1f}" height="{ROW - 8}" fill="{COLORS[0]}"/>')
        parts.append(_text(LEFT + length + 5, y + 16, words))
    parts.append(f'<line x1="{LEFT}" x2="{LEFT}" y1="{HEAD}" y2="{base}" stroke="#666"/>')
    parts.append(_text(LEFT + wide / 2, base + 32, axis, "middle", "#444"))
    return "".join([*parts, "</svg></div>"])


def split_bar(parts_of: Sequence[Bar], axis: str) -> str:
    """One bar divided among names, with a legend of names and values in words."""
    total = sum(value or 0.0 for _, value, _ in parts_of) or 1.0
    wide, x = WIDTH - 20, 10.0
    parts = [_open(52 + 20 * len(parts_of), axis)]
    for i, (_, value, _) in enumerate(parts_of):
        length = wide * max(value or 0.0, 0.0) / total
        color = "#dddddd" if i == len(parts_of) - 1 else COLORS[i % len(COLORS)]
        parts.append(f'<rect x="{x:.1f}" y="8" width="{length:.1f}" height="26" fill="{color}"/>')
        x += length
        top = 46 + 20 * i
        parts.append(f'<rect x="10" y="{top}" width="12" height="12" fill="{color}"/>')
        parts.append(_text(28, top + 11, f"{parts_of[i][0]}: {parts_of[i][2]}"))
    return "".join([*parts, "</svg></div>"])


def ticks_to(top: float) -> list[float]:
    """Round steps from 0 to the first that is not below `top`, about five of them."""
    power = 10.0 ** math.floor(math.log10(top / 5))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power * 6 >= top)
    count = math.ceil(top / step - 1e-9)
    return [round(step * i, 12) for i in range(count + 1)]


def _open(height: float, title: str) -> str:
    return (
        f'<div class="wide"><svg class="chart" viewBox="0 0 {WIDTH} {height:g}" role="img" font-size="12" '
        'font-family="inherit">'
        f"<title>{escape(title)}</title>"
    )


def _text(x: float, y: float, text: str, anchor: str = "start", color: str = "#222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}">{escape(text)}</text>'
