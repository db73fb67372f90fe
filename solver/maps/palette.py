"""The colours of everything that is drawn: maps, QGIS layers, pages and charts take them from here."""

from collections.abc import Mapping

MAP: Mapping[str, str] = {
    "chosen": "#d62728",
    "kept": "#1f4e79",
    "closed": "#111111",
    "other": "#8a8a8a",
    "served": "#2c8250",
    "partly": "#e3b505",
    "unserved": "#c98b4a",
    "link": "#c8641e",
    "allocation": "#5a82aa",
    "refuelled": "#2c8250",
    "stranded": "#9a9a9a",
}
"""Sites by what a plan does with them, places by how far they are served, lines between them, trips."""
TIERS = ("#941e5a", "#d62728", "#f08c28")
"""Chosen sites of each tier, highest first."""
ROADS = ("#a6a6a6", "#c4c4c4", "#dedede")
"""Great roads, other main roads, streets."""
CHANGES: Mapping[str, str] = {
    "gained": "#2c8250",
    "lost": "#d62728",
    "both": "#1f4e79",
    "existing": "#777777",
    "neither": "#b0b0b0",
}
"""Sites of one plan against those of another."""
ROBUST: Mapping[str, str] = {"always": "#800026", "often": "#e31a1c", "seldom": "#feb24c", "never": "#9a9a9a"}
"""Sites by the share of plans that choose them."""
SERIES = ("#1f5f99", "#d62728", "#2c8250", "#9467bd", "#f08c28", "#17becf", "#8c564b", "#7f7f7f")
"""Bars and lines that are told apart by colour only, in charts."""
PROGRAMMES = (*SERIES[1:], SERIES[0])
"""Chosen sites of programmes on one map: blue, which existing sites have, comes last."""
RISING = ("#f7fcf0", "#d3eecd", "#a8ddb5", "#6fc1c8", "#3a96c2", "#0f66a8", "#084081")
"""From the least to the most of a figure."""
PAGE: Mapping[str, str] = {
    "paper": "#ffffff",
    "ink": "#222222",
    "faint": "#666666",
    "frame": "#bbbbbb",
    "line": "#dddddd",
    "soft": "#f5f6f7",
    "accent": "#1f5f99",
    "hover": "#eef4fa",
    "bad": "#b22222",
    "notice": "#c98b4a",
    "notice-soft": "#fbf6ee",
}
"""Texts, lines and grounds of pages and charts, and the furniture of maps."""


def properties() -> str:
    """The colours of pages as custom properties of a style sheet."""
    return f":root {{ {' '.join(f'--{name}: {color};' for name, color in PAGE.items())} }}"


def for_scripts() -> dict[str, object]:
    """The colours that the scripts of a page draw with."""
    return {"map": dict(MAP), "page": dict(PAGE), "tiers": TIERS, "roads": ROADS, "programmes": PROGRAMMES}


def rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def faded(color: str, opacity: float) -> str:
    """A colour that lets the ground through, as style sheets write it."""
    return f"rgb({' '.join(str(part) for part in rgb(color))} / {opacity:.2f})"


def qgis(color: str, opacity: float = 1.0) -> str:
    """A colour as QGIS writes it: red, green, blue and how opaque."""
    return ",".join(str(part) for part in (*rgb(color), round(255 * opacity)))


def rising(share: float) -> str:
    """The colour between the least (0) and the most (1) of a figure."""
    place = min(max(share, 0.0), 1.0) * (len(RISING) - 1)
    i = min(int(place), len(RISING) - 2)
    mixed = (round(a + (b - a) * (place - i)) for a, b in zip(rgb(RISING[i]), rgb(RISING[i + 1]), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def is_dark(color: str) -> bool:
    """Whether white is better to read on a colour than black."""
    red, green, blue = rgb(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140
