"""Charts as SVG that needs no internet and no fonts of ours: axes, and what every chart shares."""

import logging
import warnings
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

FONTS = ("Segoe UI", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "SimHei", "DejaVu Sans", "sans-serif")
COLORS = ("#1f4e79", "#d62728", "#2c8250", "#c8641e", "#7b4ea3", "#8a8a8a", "#17a2b8", "#b8860b")
LOOK: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "siting",
    "font.family": list(FONTS),
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "hatch.linewidth": 0.8,
}


@contextmanager
def chart(width_in: float = 7.4, height_in: float = 3.9) -> Iterator[Figure]:
    """A figure to draw in, with the look of every chart."""
    finding = logging.getLogger("matplotlib.font_manager")
    level = finding.level
    finding.setLevel(logging.ERROR)  # fonts that are not here are the reader's
    try:
        with mpl.rc_context(LOOK):
            figure = Figure(figsize=(width_in, height_in), layout="constrained")
            FigureCanvasAgg(figure)
            yield figure
    finally:
        finding.setLevel(level)


def svg_of(figure: Figure) -> bytes:
    """The figure as SVG whose texts stay texts, in whatever font the reader's computer has."""
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # signs that no font here has are drawn by the reader's
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "siting"})
    return buffer.getvalue()


def image(content: bytes, alt: str, kind: str = "svg+xml") -> str:
    """An HTML image with its content in the page."""
    return f'<img alt="{escape(alt)}" src="data:image/{kind};base64,{b64encode(content).decode()}">'
