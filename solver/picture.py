"""A map of a programme's plan as a picture: roads faint, places served and not, sites chosen and kept."""

import math
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from scipy.spatial import KDTree

from models.arrays import BoolArray, FloatArray
from solver.result import ProgrammeResult

HEIGHT_IN = 7.5
DPI = 150
Extent = tuple[float, float, float, float]
"""x0, y0, x1, y1 in metres."""
CJK_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
MAIN_CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary")
WORDS = {
    "en": {
        "served": "served",
        "unserved": "not served",
        "chosen": "chosen site",
        "kept": "existing, kept",
        "other": "candidate, not chosen",
        "link": "supplied by",
    },
    "zh": {
        "served": "已覆盖",
        "unserved": "未覆盖",
        "chosen": "选中站点",
        "kept": "现有保留",
        "other": "未选候选点",
        "link": "供应关系",
    },
}
COLORS = {
    "served": "#2c8250",
    "unserved": "#c98b4a",
    "chosen": "#d62728",
    "kept": "#1f4e79",
    "other": "#8a8a8a",
    "link": "#c8641e",
}


@lru_cache(maxsize=1)
def cjk_font() -> str | None:
    """The first font of this computer that has Chinese signs, None where there is none."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CJK_FONTS if name in known), None)


def draw_map(
    programme: ProgrammeResult, path: Path, *, roads: gpd.GeoDataFrame | None = None, lang: str = "en"
) -> bool:
    """Write the map of a plan as a PNG; False, and no file, where the tables have no geometry to draw.

    Texts are Chinese only where they were asked for and a font can show them.
    """
    content = map_png(programme, roads=roads, lang=lang)
    if content is None:
        return False
    path.write_bytes(content)
    return True


def map_png(programme: ProgrammeResult, *, roads: gpd.GeoDataFrame | None = None, lang: str = "en") -> bytes | None:
    """The bytes of the map, None where there is nothing to draw.

    Where most sites crowd into a small part of the map, a second panel shows that part enlarged.
    """
    sites, demand = programme.site_table, programme.demand_table
    if not isinstance(sites, gpd.GeoDataFrame):
        return None
    lang = lang if lang == "zh" and cjk_font() else "en"
    whole = _extent([sites, demand] if isinstance(demand, gpd.GeoDataFrame) else [sites])
    part = crowded_part(_xy(sites)[sites["chosen"].to_numpy(dtype=bool)], whole)
    views = [whole] if part is None else [whole, part]
    shapes = [(x1 - x0) / (y1 - y0) for x0, y0, x1, y1 in views]
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1)
    figure = Figure(figsize=(max(6.0, HEIGHT_IN * sum(shapes) + 0.4), HEIGHT_IN + 1.2), dpi=DPI, layout=layout)
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(views), width_ratios=shapes, squeeze=False)[0]
    for axes, view in zip(panels, views, strict=True):
        _draw_panel(axes, programme, sites, roads, view, WORDS[lang])
    if part is not None:
        x0, y0, x1, y1 = part
        panels[0].add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, ec="black", lw=1.0, zorder=8))
    panels[0].set_title(_title(programme, lang), fontsize=13, loc="left")
    _legend(figure, panels[0])
    buffer = BytesIO()
    _set_fonts(figure, cjk_font() if lang == "zh" else None)
    figure.savefig(buffer, format="png", metadata={"Software": "siting"})
    return buffer.getvalue()


def _draw_panel(
    axes: Any,
    programme: ProgrammeResult,
    sites: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame | None,
    view: Extent,
    words: dict[str, str],
) -> None:
    if roads is not None and len(roads):
        _draw_roads(axes, roads, view)
    if isinstance(programme.demand_table, gpd.GeoDataFrame):
        _draw_demand(axes, programme.demand_table, view, words)
    _draw_links(axes, programme.allocation_table, words)
    _draw_sites(axes, sites, view, words)
    _frame(axes, view)


def _xy(frame: gpd.GeoDataFrame) -> FloatArray:
    """Coordinates (n, 2) of one point per row."""
    return shapely.get_coordinates(frame.geometry.representative_point().to_numpy())


def _extent(frames: Sequence[gpd.GeoDataFrame]) -> Extent:
    """Bounds (x0, y0, x1, y1) around everything, with a margin, no side longer than twice the other."""
    bounds = np.array([frame.total_bounds for frame in frames if len(frame)])
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    half = np.maximum((high - low) / 2, max(float((high - low).max()) / 4, 100.0)) * 1.06
    (x0, y0), (x1, y1) = (low + high) / 2 - half, (low + high) / 2 + half
    return float(x0), float(y0), float(x1), float(y1)


def crowded_part(xy: FloatArray, whole: Extent) -> Extent | None:
    """A square of a seventh of the longer side that holds most points (n, 2); None if that is not a third of them."""
    x0, y0, x1, y1 = whole
    half = max(x1 - x0, y1 - y0) / 14
    if len(xy) < 6:
        return None
    tree = KDTree(xy)
    found = tree.query_ball_point(xy, half, p=np.inf)
    most = max(found, key=len)
    if len(most) < len(xy) / 3:
        return None
    x, y = (xy[most].min(axis=0) + xy[most].max(axis=0)) / 2
    return float(x - half), float(y - half), float(x + half), float(y + half)


def _draw_roads(axes: Any, roads: gpd.GeoDataFrame, view: Extent) -> None:
    shown = roads.iloc[roads.sindex.intersection(view)]
    main = np.zeros(len(shown), dtype=bool)
    if "road_class" in shown.columns:
        main = shown["road_class"].astype(str).str.removesuffix("_link").isin(MAIN_CLASSES).to_numpy()
    for mask, color, width in ((~main, "#e6e6e6", 0.3), (main, "#c9c9c9", 0.7)):
        lines = _pieces(shown.geometry.to_numpy()[mask])
        axes.add_collection(LineCollection(lines, colors=color, linewidths=width, zorder=1))


def _pieces(geometry: Any) -> list[FloatArray]:
    """Coordinates (n, 2) of every line, parts of multilines apart."""
    parts = shapely.get_parts(geometry)
    coordinates, index = shapely.get_coordinates(parts, return_index=True)
    return np.split(coordinates, np.flatnonzero(np.diff(index)) + 1) if len(coordinates) else []


def _inside(xy: FloatArray, view: Extent) -> BoolArray:
    """Mask (n,) of the points in the view."""
    return np.asarray((xy >= view[:2]).all(axis=1) & (xy <= view[2:]).all(axis=1))


def _draw_demand(axes: Any, demand: gpd.GeoDataFrame, view: Extent, words: dict[str, str]) -> None:
    weight = demand["weight"].to_numpy(dtype=np.float64)
    xy = _xy(demand)
    inside = _inside(xy, view)
    top = float(np.quantile(weight[weight > 0], 0.98)) if (weight > 0).any() else 1.0
    largest = float(np.clip(30000.0 / max(int(inside.sum()), 1), 6.0, 60.0))
    area = 1.0 + largest * np.minimum(weight / top, 1.0)
    share = demand["served_share"].to_numpy(dtype=np.float64)
    for key, mask in (("unserved", share <= 0), ("served", share > 0)):
        if mask.any():
            shown = mask & inside
            color = np.tile(to_rgba(COLORS[key]), (int(shown.sum()), 1))
            color[:, 3] = np.where(share[shown] > 0, 0.35 + 0.4 * share[shown], 0.55)
            label = f"{words[key]} ({int(mask.sum()):,})"
            axes.scatter(*xy[shown].T, s=area[shown], c=color, lw=0, label=label, zorder=2)


def _draw_links(axes: Any, allocation: pd.DataFrame | None, words: dict[str, str]) -> None:
    """Links between sites (tiers); the lines of places to sites would hide the map and are in plan.gpkg."""
    if not isinstance(allocation, gpd.GeoDataFrame) or "link" not in allocation:
        return
    links = allocation.geometry.to_numpy()[(allocation["link"] == "site-site").to_numpy()]
    lines = _pieces(links)
    if lines:
        collection = LineCollection(lines, colors=COLORS["link"], linewidths=0.6, alpha=0.7, label=words["link"])
        axes.add_collection(collection)


def _draw_sites(axes: Any, sites: gpd.GeoDataFrame, view: Extent, words: dict[str, str]) -> None:
    xy = _xy(sites)
    inside = _inside(xy, view)
    chosen, is_open = (sites[key].to_numpy(dtype=bool) for key in ("chosen", "open"))
    masks = {"other": ~is_open, "kept": is_open & ~chosen, "chosen": chosen}
    looks = {
        "other": {"s": _size(masks["other"] & inside, 3000, 3, 12), "marker": "o", "lw": 0, "alpha": 0.6},
        "kept": {"s": _size(masks["kept"] & inside, 3000, 5, 30), "marker": "s", "lw": 0.2, "edgecolors": "white"},
        "chosen": {"s": _size(chosen & inside, 4000, 16, 90), "marker": "o", "lw": 0.6, "edgecolors": "white"},
    }
    for rank, (key, mask) in enumerate(masks.items()):
        if mask.any():
            label = f"{words[key]} ({int(mask.sum()):,})"
            axes.scatter(*xy[mask & inside].T, c=COLORS[key], label=label, zorder=4 + rank, **looks[key])


def _size(mask: BoolArray, ink: float, least: float, most: float) -> float:
    """Area of a mark (square points): the more marks, the smaller each."""
    return float(np.clip(ink / max(int(mask.sum()), 1), least, most))


def _title(programme: ProgrammeResult, lang: str) -> str:
    if lang == "zh":
        return programme.title_zh or programme.title or programme.name
    return programme.title or programme.name


def _frame(axes: Any, view: Extent) -> None:
    """Frame and scale bar."""
    x0, y0, x1, y1 = view
    axes.set(xlim=(x0, x1), ylim=(y0, y1), xticks=[], yticks=[], aspect="equal")
    for spine in axes.spines.values():
        spine.set_color("#bbbbbb")
    length = round_length_m((x1 - x0) / 3)
    below = axes.get_xaxis_transform()  # x in metres, y as a share of the frame: under it, where nothing is hidden
    axes.plot([x1 - length, x1], [-0.015, -0.015], "k-", lw=2.5, transform=below, clip_on=False)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(x1 - length / 2, -0.024, text, transform=below, ha="center", va="top", fontsize=8)


def _legend(figure: Figure, axes: Any) -> None:
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return
    legend = figure.legend(handles, labels, loc="outside lower left", ncols=3, fontsize=8, frameon=False)
    for handle in legend.legend_handles:
        if isinstance(handle, PathCollection):
            handle.set(sizes=[30], alpha=None)


def round_length_m(most_m: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is at most `most_m`: the length of the scale bar."""
    power = 10.0 ** math.floor(math.log10(most_m))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most_m * (1 + 1e-12))


def _set_fonts(figure: Figure, font: str | None) -> None:
    if font is not None:
        for text in figure.findobj(Text):
            text.set_fontfamily([font, "DejaVu Sans"])
