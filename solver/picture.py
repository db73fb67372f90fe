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

from models.arrays import FloatArray
from solver.result import ProgrammeResult

SIZE_IN = (9.0, 8.0)
DPI = 150
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
    "unserved": "#b9a38a",
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
    """The bytes of the map, None where there is nothing to draw."""
    sites, demand = programme.site_table, programme.demand_table
    if not isinstance(sites, gpd.GeoDataFrame):
        return None
    lang = lang if lang == "zh" and cjk_font() else "en"
    figure = Figure(figsize=SIZE_IN, dpi=DPI, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.1)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    extent = _extent([sites, demand] if isinstance(demand, gpd.GeoDataFrame) else [sites])
    if roads is not None and len(roads):
        _draw_roads(axes, roads, extent)
    words = WORDS[lang]
    if isinstance(demand, gpd.GeoDataFrame):
        _draw_demand(axes, demand, words)
    _draw_links(axes, programme.allocation_table, words)
    _draw_sites(axes, sites, words)
    _dress(axes, extent, _title(programme, lang))
    buffer = BytesIO()
    fonts = [cjk_font()] if lang == "zh" else []
    _set_fonts(figure, [f for f in fonts if f])
    figure.savefig(buffer, format="png", metadata={"Software": "siting"})
    return buffer.getvalue()


def _extent(frames: Sequence[gpd.GeoDataFrame]) -> tuple[float, float, float, float]:
    """Square-ish bounds (x0, y0, x1, y1) around everything, with a margin."""
    bounds = np.array([frame.total_bounds for frame in frames if len(frame)])
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    half = np.maximum((high - low) / 2, max(float((high - low).max()) / 4, 100.0)) * 1.06
    middle = (low + high) / 2
    return (*(middle - half), *(middle + half))


def _draw_roads(axes: Any, roads: gpd.GeoDataFrame, extent: tuple[float, float, float, float]) -> None:
    shown = roads.iloc[roads.sindex.intersection(extent)]
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


def _draw_demand(axes: Any, demand: gpd.GeoDataFrame, words: dict[str, str]) -> None:
    weight = demand["weight"].to_numpy(dtype=np.float64)
    xy = shapely.get_coordinates(demand.geometry.representative_point().to_numpy())
    top = float(np.quantile(weight[weight > 0], 0.98)) if (weight > 0).any() else 1.0
    largest = min(60.0, max(6.0, 30000.0 / max(len(demand), 1)))
    area = 1.0 + largest * np.minimum(weight / top, 1.0)
    share = demand["served_share"].to_numpy(dtype=np.float64)
    for key, mask in (("unserved", share <= 0), ("served", share > 0)):
        if mask.any():
            color = np.tile(to_rgba(COLORS[key]), (int(mask.sum()), 1))
            color[:, 3] = np.where(share[mask] > 0, 0.35 + 0.4 * share[mask], 0.55)
            label = f"{words[key]} ({int(mask.sum()):,})"
            axes.scatter(*xy[mask].T, s=area[mask], c=color, lw=0, label=label, zorder=2)


def _draw_links(axes: Any, allocation: pd.DataFrame | None, words: dict[str, str]) -> None:
    """Links between sites (tiers); the lines of places to sites would hide the map and are in plan.gpkg."""
    if not isinstance(allocation, gpd.GeoDataFrame) or "link" not in allocation:
        return
    links = allocation.geometry.to_numpy()[(allocation["link"] == "site-site").to_numpy()]
    lines = _pieces(links)
    if lines:
        collection = LineCollection(lines, colors=COLORS["link"], linewidths=0.6, alpha=0.7, label=words["link"])
        axes.add_collection(collection)


def _draw_sites(axes: Any, sites: gpd.GeoDataFrame, words: dict[str, str]) -> None:
    xy = shapely.get_coordinates(sites.geometry.representative_point().to_numpy())
    chosen, is_open = (sites[key].to_numpy(dtype=bool) for key in ("chosen", "open"))
    size = float(np.clip(6000.0 / max(int(chosen.sum()), 1), 12.0, 90.0))
    looks = (
        ("other", ~is_open, {"s": 5, "marker": "o", "lw": 0, "alpha": 0.6}),
        ("kept", is_open & ~chosen, {"s": max(8.0, size / 3), "marker": "s", "lw": 0.3, "edgecolors": "white"}),
        ("chosen", chosen, {"s": size, "marker": "o", "lw": 0.6, "edgecolors": "white"}),
    )
    for rank, (key, mask, look) in enumerate(looks):
        if mask.any():
            label = f"{words[key]} ({int(mask.sum()):,})"
            axes.scatter(*xy[mask].T, c=COLORS[key], label=label, zorder=4 + rank, **look)


def _title(programme: ProgrammeResult, lang: str) -> str:
    if lang == "zh":
        return programme.title_zh or programme.title or programme.name
    return programme.title or programme.name


def _dress(axes: Any, extent: tuple[float, float, float, float], title: str) -> None:
    x0, y0, x1, y1 = extent
    axes.set(xlim=(x0, x1), ylim=(y0, y1), xticks=[], yticks=[], aspect="equal")
    for spine in axes.spines.values():
        spine.set_color("#bbbbbb")
    axes.set_title(title, fontsize=13, loc="left")
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        legend = axes.figure.legend(handles, labels, loc="outside lower left", ncols=3, fontsize=8, frameon=False)
        for handle in legend.legend_handles:
            if isinstance(handle, PathCollection):
                handle.set(sizes=[30], alpha=None)
    length = round_length_m((x1 - x0) / 4)
    below = axes.get_xaxis_transform()  # x in metres, y as a share of the frame: under it, where nothing is hidden
    axes.plot([x1 - length, x1], [-0.015, -0.015], "k-", lw=2.5, transform=below, clip_on=False)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(x1 - length / 2, -0.024, text, transform=below, ha="center", va="top", fontsize=8)


def round_length_m(most_m: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is at most `most_m`: the length of the scale bar."""
    power = 10.0 ** math.floor(math.log10(most_m))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most_m * (1 + 1e-12))


def _set_fonts(figure: Figure, fonts: list[str]) -> None:
    for text in figure.findobj(match=lambda artist: hasattr(artist, "set_fontfamily")) if fonts else ():
        text.set_fontfamily([*fonts, "DejaVu Sans"])  # type: ignore[attr-defined]
