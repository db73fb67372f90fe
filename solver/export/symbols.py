"""The symbols of a plan's layers: which classes each has, and what their marks and lines look like in QGIS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from solver.maps import palette
from solver.maps.palette import MAP, PAGE, ROADS, qgis
from solver.results.backdrop import CLASSES, LAYER, MAIN


@dataclass(frozen=True)
class Look:
    """One class of a layer: the value of the expression, its label, the symbol's colour, size (mm) and shape.

    `width` is an expression of a line's width in mm where it is not the same for all; `hidden` classes are in the
    legend, to be switched on.
    """

    value: str
    label: str
    color: str
    size_mm: float
    shape: str = "circle"
    outline: str = qgis(PAGE["paper"])
    width: str = ""
    hidden: bool = False


CLEAR = qgis(PAGE["ink"], 0.0)
SITE_EXPRESSION = """CASE WHEN "chosen" THEN {chosen} WHEN "open" THEN 'kept' ELSE 'not' END"""
DEMAND_EXPRESSION = (
    """CASE WHEN "served_share" >= 0.9999 THEN 'served' WHEN "served_share" > 0 THEN 'partly' ELSE 'not' END"""
)
FLOW_EXPRESSION = DEMAND_EXPRESSION.replace("served_share", "refuelled_share")
CHOSEN = (Look("chosen", "chosen 选中", qgis(MAP["chosen"]), 3.4),)
OTHERS = (
    Look("kept", "existing, kept 现有", qgis(MAP["kept"]), 2.6, "square"),
    Look("not", "not chosen 未选", qgis(MAP["other"]), 1.2, outline=CLEAR),
)
TIERS = tuple(zip(map(qgis, palette.TIERS), (5.0, 3.4, 1.8), ("diamond", "square", "circle"), strict=True))
"""Colour, size and shape of the chosen sites of each tier, highest first."""
DEMAND = (
    Look("served", "served 已覆盖", qgis(MAP["served"], 0.8), 1.4, outline=CLEAR),
    Look("partly", "served in part 部分覆盖", qgis(MAP["partly"], 0.86), 1.4, outline=CLEAR),
    Look("not", "not served 未覆盖", qgis(MAP["unserved"], 0.7), 1.2, outline=CLEAR),
)
LINES = (
    Look("place-site", "served by 服务关系", qgis(MAP["allocation"], 0.43), 0.15),
    Look("site-site", "supplied by 供应关系", qgis(MAP["link"], 0.8), 0.4),
)
BY_WEIGHT = '0.1 + 1.3 * "weight" / maximum("weight")'
FLOWS = (
    Look("served", "refuelled 可补能", qgis(MAP["refuelled"], 0.43), 0.5, width=BY_WEIGHT),
    Look("partly", "refuelled in part 部分可补能", qgis(MAP["partly"], 0.67), 0.5, width=BY_WEIGHT),
    Look("not", "not refuelled 不可补能", qgis(MAP["stranded"], 0.5), 0.5, width=BY_WEIGHT),
)
ROBUST_EXPRESSION = (
    """CASE WHEN "share" >= 0.9999 THEN 'always' WHEN "share" >= 0.5 THEN 'often' """
    """WHEN "share" > 0 THEN 'seldom' ELSE 'never' END"""
)
ROBUST = (
    Look("always", "in every plan 每个方案都选", qgis(palette.ROBUST["always"]), 3.6),
    Look("often", "in half of the plans or more 半数以上方案选中", qgis(palette.ROBUST["often"]), 3.0),
    Look("seldom", "in fewer than half 少数方案选中", qgis(palette.ROBUST["seldom"]), 2.4),
    Look("never", "in no plan 从未选中", qgis(palette.ROBUST["never"]), 1.2, outline=CLEAR),
)
CLASS_ZH = dict(zip(CLASSES, ("高速公路", "国道", "省道", "县道", "乡道", "其他道路", "街道", "通道"), strict=True))


def looks_of(
    layer: str, table: pd.DataFrame, names: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, Sequence[Look], bool]:
    """The expression that tells the classes of a layer apart, the classes, and whether they are lines.

    `names` are the Chinese titles of tiers.
    """
    if layer == LAYER:
        return '"road_class"', _roads(table), True
    if layer.endswith("_sites"):
        return _sites(table, names)
    if layer.endswith("_robust"):
        return ROBUST_EXPRESSION, ROBUST, False
    if layer.endswith("_demand"):
        return DEMAND_EXPRESSION, DEMAND, False
    if layer.endswith("_flows"):
        return FLOW_EXPRESSION, FLOWS, True
    there = set(table["link"])
    return '"link"', [look for look in LINES if look.value in there], True


def _sites(table: pd.DataFrame, titles: Mapping[str, str]) -> tuple[str, Sequence[Look], bool]:
    if "tier" not in table.columns:
        return SITE_EXPRESSION.format(chosen="'chosen'"), (*CHOSEN, *OTHERS), False
    names = list(dict.fromkeys(table["tier"].astype(str)))
    called = {name: f"{name} {titles[name]}" if name in titles else name for name in names}
    looks = [
        Look(f"tier {name}", f"{called[name]}, chosen 选中", *TIERS[min(level, len(TIERS) - 1)])
        for level, name in enumerate(names)
    ]
    return SITE_EXPRESSION.format(chosen="""'tier ' || "tier\""""), (*looks, *OTHERS), False


def _roads(table: pd.DataFrame) -> list[Look]:
    names = list(dict.fromkeys(table["road_class"].astype(str)))
    return [Look(name, f"{name} {CLASS_ZH.get(name, '')}".strip(), *_road(name)) for name in names]


def _road(name: str) -> tuple[str, float]:
    """Colour and width (mm): the greater the road, the darker and broader."""
    if name in MAIN[:2]:
        return qgis(ROADS[0]), 0.7
    return (qgis(ROADS[1]), 0.4) if name in MAIN else (qgis(ROADS[2]), 0.2)


def symbol(name: str, look: Look, *, line: bool) -> str:
    """QML of one symbol; the first of a layer is drawn last, over the others."""
    kind, layer_class = ("line", "SimpleLine") if line else ("marker", "SimpleMarker")
    values = (
        {"line_color": look.color, "line_width": f"{look.size_mm:g}", "line_width_unit": "MM", "capstyle": "round"}
        if line
        else {
            "color": look.color,
            "name": look.shape,
            "size": f"{look.size_mm:g}",
            "size_unit": "MM",
            "outline_color": look.outline,
            "outline_width": "0.2",
            "outline_width_unit": "MM",
            "outline_style": "solid",
        }
    )
    options = "".join(f'<Option type="QString" name="{key}" value="{escape(text)}"/>' for key, text in values.items())
    return (
        f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer_class}" enabled="1" locked="0" pass="{max(0, 9 - int(name))}">'
        f'<Option type="Map">{options}</Option>{_width(look.width)}</layer></symbol>'
    )


def _width(expression: str) -> str:
    """A width that an expression gives."""
    if not expression:
        return ""
    return (
        '<data_defined_properties><Option type="Map"><Option type="QString" name="name" value=""/>'
        '<Option type="Map" name="properties"><Option type="Map" name="outlineWidth">'
        '<Option type="bool" name="active" value="true"/>'
        f'<Option type="QString" name="expression" value={quoteattr(expression)}/>'
        '<Option type="int" name="type" value="3"/></Option></Option>'
        '<Option type="QString" name="type" value="collection"/></Option></data_defined_properties>'
    )
