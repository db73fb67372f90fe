"""A map of a programme's plan as a picture: roads faint, places served and not, sites chosen and kept."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import geopandas as gpd
import matplotlib
import numpy as np
import pandas as pd
from matplotlib import ft2font
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

from models.arrays import BoolArray
from solver.maps.extents import Extent, crowded_part, extent_of, inside, pieces, round_length_m, xy_of
from solver.maps.fonts import cjk_font, has_chinese, readable
from solver.maps.palette import MAP, PAGE, ROADS, TIERS
from solver.results.backdrop import MAIN
from solver.results.result import ProgrammeResult
from solver.words.names import names_in
from solver.words.speech import ENGLISH, Speech

HEIGHT_IN = 7.5
DPI = 150
WORDS = {
    "en": {
        "served": "served",
        "unserved": "not served",
        "chosen": "chosen site",
        "kept": "existing, kept",
        "other": "candidate, not chosen",
        "link": "supplied by",
        "refuelled": "trips refuelled",
        "stranded": "trips not refuelled",
        "tier": "{name}, chosen",
        "north": "N",
    },
    "zh": {
        "served": "已覆盖",
        "unserved": "未覆盖",
        "chosen": "选中站点",
        "kept": "现有保留",
        "other": "未选候选点",
        "link": "供应关系",
        "refuelled": "可补能的出行",
        "stranded": "不可补能的出行",
        "tier": "选中：{name}",
        "north": "北",
    },
}
TIER_LOOKS = tuple(zip(TIERS, ("D", "s", "o"), (3.0, 1.6, 0.6), strict=True))
"""Colour, mark and size, against that of a chosen site, of the chosen sites of each tier, highest first."""


def map_png(
    programme: ProgrammeResult,
    *,
    roads: gpd.GeoDataFrame | None = None,
    speech: Speech = ENGLISH,
    attribution: str = "",
) -> bytes | None:
    """The bytes of the map, None where there is nothing to draw.

    Texts are Chinese only where they were asked for and a font can show them; `cjk_font` says which fonts those are.
    Where most sites crowd into a small part of the map, a second panel shows that part enlarged. `attribution` says
    below the map whose data it shows.
    """
    sites, demand = programme.site_table, programme.demand_table
    if not isinstance(sites, gpd.GeoDataFrame):
        return None
    speech = speech if speech.zh and cjk_font() else ENGLISH
    tables = (sites, demand, programme.flow_table)
    whole = extent_of([table for table in tables if isinstance(table, gpd.GeoDataFrame)])
    part = crowded_part(xy_of(sites)[sites["chosen"].to_numpy(dtype=bool)], whole)
    views = [whole] if part is None else [whole, part]
    shapes = [(x1 - x0) / (y1 - y0) for x0, y0, x1, y1 in views]
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1, rect=(0, 0, 1, 0.985))
    figure = Figure(figsize=(max(6.0, HEIGHT_IN * sum(shapes) + 0.4), HEIGHT_IN + 1.2), dpi=DPI, layout=layout)
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(views), width_ratios=shapes, squeeze=False)[0]
    for axes, view in zip(panels, views, strict=True):
        _draw_panel(axes, programme, sites, roads, view, speech)
    if part is not None:
        x0, y0, x1, y1 = part
        panels[0].add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, ec="black", lw=1.0, zorder=8))
    panels[0].set_title(_title(programme, speech), fontsize=13, loc="left")
    draw_legend(figure, panels[0])
    if attribution:
        below = readable(attribution, "")
        figure.text(0.995, 0.005, below, ha="right", va="bottom", fontsize=7, color=PAGE["faint"]).set_in_layout(False)
    buffer = BytesIO()
    font = set_fonts(figure)
    figure.savefig(buffer, format="png", metadata={"Software": "siting", "Source": drawn_by(font)})
    return buffer.getvalue()


def drawn_by(font: str | None = None) -> str:
    """What decides how a picture of the same plan looks: versions, and the Chinese font where one was needed."""
    libraries = f"matplotlib {matplotlib.__version__}, freetype {ft2font.__freetype_version__}"
    return libraries if font is None else f"{libraries}, {font}"


def smaller(png: bytes) -> bytes:
    """A picture in fewer colours: some shades of grey and of the marks are put together."""
    buffer = BytesIO()
    plain = Image.open(BytesIO(png)).convert("RGB")
    plain.quantize(96, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(buffer, "PNG")
    return buffer.getvalue()


def _draw_panel(
    axes: Any,
    programme: ProgrammeResult,
    sites: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame | None,
    view: Extent,
    speech: Speech,
) -> None:
    words = WORDS[speech.lang]
    if roads is not None and len(roads):
        draw_roads(axes, roads, view)
    if isinstance(programme.demand_table, gpd.GeoDataFrame):
        _draw_demand(axes, programme.demand_table, view, words)
    _draw_links(axes, programme.allocation_table, words)
    _draw_flows(axes, programme.flow_table, words)
    _draw_sites(axes, sites, view, words, names_in(programme.settings, speech))
    draw_frame(axes, view, words["north"])


def draw_roads(axes: Any, roads: gpd.GeoDataFrame, view: Extent) -> None:
    """Roads, faint, main ones a little darker."""
    shown = roads.iloc[roads.sindex.intersection(view)]
    main = np.zeros(len(shown), dtype=bool)
    if "road_class" in shown.columns:
        main = shown["road_class"].astype(str).str.removesuffix("_link").isin(MAIN).to_numpy()
    for mask, color, width in ((~main, ROADS[2], 0.3), (main, ROADS[1], 0.7)):
        lines = pieces(shown.geometry.to_numpy()[mask])
        axes.add_collection(LineCollection(lines, colors=color, linewidths=width, zorder=1))


def _draw_demand(axes: Any, demand: gpd.GeoDataFrame, view: Extent, words: dict[str, str]) -> None:
    weight = demand["weight"].to_numpy(dtype=np.float64)
    xy = xy_of(demand)
    near = inside(xy, view)
    top = float(np.quantile(weight[weight > 0], 0.98)) if (weight > 0).any() else 1.0
    largest = float(np.clip(30000.0 / max(int(near.sum()), 1), 6.0, 60.0))
    area = 1.0 + largest * np.minimum(weight / top, 1.0)
    share = demand["served_share"].to_numpy(dtype=np.float64)
    for key, mask in (("unserved", share <= 0), ("served", share > 0)):
        if mask.any():
            shown = mask & near
            color = np.tile(to_rgba(MAP[key]), (int(shown.sum()), 1))
            color[:, 3] = np.where(share[shown] > 0, 0.35 + 0.4 * share[shown], 0.55)
            label = f"{words[key]} ({int(mask.sum()):,})"
            axes.scatter(*xy[shown].T, s=area[shown], c=color, lw=0, label=label, zorder=2)


def _draw_links(axes: Any, allocation: pd.DataFrame | None, words: dict[str, str]) -> None:
    """Links between sites (tiers); the lines of places to sites would hide the map and are in plan.gpkg."""
    if not isinstance(allocation, gpd.GeoDataFrame) or "link" not in allocation:
        return
    links = allocation.geometry.to_numpy()[(allocation["link"] == "site-site").to_numpy()]
    lines = pieces(links)
    if lines:
        collection = LineCollection(lines, colors=MAP["link"], linewidths=0.6, alpha=0.7, label=words["link"])
        axes.add_collection(collection)


def _draw_flows(axes: Any, flows: pd.DataFrame | None, words: dict[str, str]) -> None:
    """Trips as straight lines, the broader the more vehicles."""
    if not isinstance(flows, gpd.GeoDataFrame) or not len(flows):
        return
    width = 0.2 + 2.0 * flows["weight"].to_numpy(dtype=np.float64) / max(float(flows["weight"].max()), 1e-9)
    refuelled = flows["refuelled_share"].to_numpy(dtype=np.float64) > 0.5
    for key, mask in (("stranded", ~refuelled), ("refuelled", refuelled)):
        if mask.any():
            lines = pieces(flows.geometry.to_numpy()[mask])
            label = f"{words[key]} ({int(mask.sum()):,})"
            axes.add_collection(
                LineCollection(lines, colors=MAP[key], linewidths=width[mask], alpha=0.35, label=label, zorder=3)
            )


def _draw_sites(
    axes: Any, sites: gpd.GeoDataFrame, view: Extent, words: dict[str, str], names: Mapping[str, str]
) -> None:
    xy = xy_of(sites)
    near = inside(xy, view)
    chosen, is_open = (sites[key].to_numpy(dtype=bool) for key in ("chosen", "open"))
    masks = {"other": ~is_open, "kept": is_open & ~chosen, "chosen": chosen}
    looks: dict[str, dict[str, Any]] = {
        "other": {"s": _size(masks["other"] & near, 3000, 3, 12), "marker": "o", "lw": 0, "alpha": 0.6},
        "kept": {"s": _size(masks["kept"] & near, 3000, 5, 30), "marker": "s", "lw": 0.2, "edgecolors": "white"},
        "chosen": {"s": _size(chosen & near, 4000, 16, 90), "marker": "o", "lw": 0.6, "edgecolors": "white"},
    }
    tiers = _tiers(sites)
    if tiers:
        masks.pop("chosen")
    for rank, (key, mask) in enumerate(masks.items()):
        if mask.any():
            label = f"{words[key]} ({int(mask.sum()):,})"
            axes.scatter(*xy[mask & near].T, c=MAP[key], label=label, zorder=4 + rank, **looks[key])
    for level, (name, mask) in reversed(list(enumerate(tiers.items()))):
        color, marker, size = TIER_LOOKS[min(level, len(TIER_LOOKS) - 1)]
        look = looks["chosen"] | {"s": max(8.0, looks["chosen"]["s"] * size), "marker": marker}
        label = f"{words['tier'].format(name=readable(names.get(name, name), str(level + 1)))} ({int(mask.sum()):,})"
        axes.scatter(*xy[mask & near].T, c=color, label=label, zorder=7 + 0.1 * (len(tiers) - level), **look)


def _tiers(sites: gpd.GeoDataFrame) -> Mapping[str, BoolArray]:
    """Tier -> mask (n_sites,) of its chosen sites, highest first; empty where sites have no tiers."""
    if "tier" not in sites.columns:
        return {}
    names = sites["tier"].astype(str)
    chosen = sites["chosen"].to_numpy(dtype=bool)
    return {name: chosen & (names == name).to_numpy() for name in dict.fromkeys(names)}


def _size(mask: BoolArray, ink: float, least: float, most: float) -> float:
    """Area of a mark (square points): the more marks, the smaller each."""
    return float(np.clip(ink / max(int(mask.sum()), 1), least, most))


def _title(programme: ProgrammeResult, speech: Speech) -> str:
    first, second = (programme.title_zh, programme.title) if speech.zh else (programme.title, programme.title_zh)
    return first or readable(second, "") or programme.name


def draw_frame(axes: Any, view: Extent, north: str) -> None:
    """Frame, scale bar and north arrow; the grid's north is up."""
    x0, y0, x1, y1 = view
    axes.set(xlim=(x0, x1), ylim=(y0, y1), xticks=[], yticks=[], aspect="equal")
    for spine in axes.spines.values():
        spine.set_color(PAGE["frame"])
    length = round_length_m((x1 - x0) / 3)
    below = axes.get_xaxis_transform()  # x in metres, y as a share of the frame: under it, where nothing is hidden
    axes.plot([x1 - length, x1], [-0.015, -0.015], "k-", lw=2.5, transform=below, clip_on=False)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(x1 - length / 2, -0.024, text, transform=below, ha="center", va="top", fontsize=8)
    ends = {"xy": (0.97, 0.99), "xytext": (0.97, 0.93), "xycoords": "axes fraction"}
    arrow = {"arrowstyle": "-|>,head_width=0.35,head_length=0.7", "color": PAGE["ink"], "lw": 1.4}
    axes.annotate(north, **ends, ha="center", va="top", fontsize=9, color=PAGE["ink"], arrowprops=arrow, zorder=9)


def draw_legend(figure: Figure, axes: Any, columns: int = 3) -> None:
    """The legend under the map."""
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return
    legend = figure.legend(handles, labels, loc="outside lower left", ncols=columns, fontsize=8, frameon=False)
    for handle in legend.legend_handles:
        if isinstance(handle, PathCollection):
            handle.set(sizes=[30], alpha=None)


def set_fonts(figure: Figure) -> str | None:
    """Texts with Chinese signs in a font that has them; the font, None where none was needed or is there."""
    used = None
    for text in figure.findobj(Text):
        font = cjk_font() if has_chinese(text.get_text()) else None
        if font is not None:
            text.set_fontfamily([font, "DejaVu Sans"])
            used = font
    return used
