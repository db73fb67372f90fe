"""A map of sites in classes, such as gained and lost, or chosen in every plan and in none."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from models.arrays import BoolArray
from solver.maps.extents import extent_of, xy_of
from solver.maps.fonts import cjk_font
from solver.maps.plan_map import WORDS, draw_frame, draw_legend, draw_roads, set_fonts
from solver.words.speech import Speech

HEIGHT_IN = 5.2
DPI = 130


@dataclass(frozen=True, eq=False)
class SiteClass:
    """Sites that look alike: which (n_sites,), their name in English and Chinese, and how they are drawn."""

    which: BoolArray
    name: str
    name_zh: str
    color: str
    area: float
    marker: str = "o"


def sites_png(
    sites: gpd.GeoDataFrame, classes: Sequence[SiteClass], *, roads: gpd.GeoDataFrame | None, title: str, speech: Speech
) -> bytes | None:
    """The map as PNG, later classes on top; None where there are no sites."""
    if not len(sites):
        return None
    zh = speech.zh and cjk_font() is not None
    view = extent_of([sites])
    x0, y0, x1, y1 = view
    figure = Figure(figsize=(max(5.0, HEIGHT_IN * (x1 - x0) / (y1 - y0)), HEIGHT_IN), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.subplots()
    if roads is not None and len(roads):
        draw_roads(axes, roads, view)
    xy = xy_of(sites)
    for rank, kind in enumerate(classes):
        count = int(np.count_nonzero(kind.which))
        if count:
            area = kind.area * float(np.clip(60 / count, 0.25, 1.0))
            label = f"{kind.name_zh if zh else kind.name} ({count:,})"
            look = {"s": area, "c": kind.color, "marker": kind.marker, "lw": 0.5, "ec": "white", "zorder": 4 + rank}
            axes.scatter(*xy[kind.which].T, label=label, **look)
    draw_frame(axes, view, WORDS["zh" if zh else "en"]["north"])
    if title:
        axes.set_title(title, fontsize=12, loc="left")
    draw_legend(figure, axes, 2)
    set_fonts(figure)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": "siting"})
    return buffer.getvalue()
