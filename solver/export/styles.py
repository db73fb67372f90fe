"""How QGIS draws the layers of a plan: QML styles, kept in the GeoPackage so that a layer looks right at once.

QGIS reads the table `layer_styles` of a GeoPackage and takes the style marked as default for each layer.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

WRITTEN = "2000-01-01T00:00:00.000Z"
"""The time that plans name as theirs: the same plan is the same file."""

CREATE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""


@dataclass(frozen=True)
class Look:
    """One class of a layer: the value of the expression, its label, the symbol's colour, size (mm) and shape."""

    value: str
    label: str
    color: str
    size_mm: float
    shape: str = "circle"
    outline: str = "255,255,255,255"


SITE_EXPRESSION = """CASE WHEN "chosen" THEN 'chosen' WHEN "open" THEN 'kept' ELSE 'not' END"""
DEMAND_EXPRESSION = (
    """CASE WHEN "served_share" >= 0.9999 THEN 'served' WHEN "served_share" > 0 THEN 'partly' ELSE 'not' END"""
)
SITES = (
    Look("chosen", "chosen 选中", "214,39,40,255", 3.4),
    Look("kept", "existing, kept 现有", "31,78,121,255", 2.6, "square"),
    Look("not", "not chosen 未选", "150,150,150,255", 1.2, outline="150,150,150,0"),
)
DEMAND = (
    Look("served", "served 已覆盖", "44,130,80,200", 1.4, outline="44,130,80,0"),
    Look("partly", "served in part 部分覆盖", "230,160,30,220", 1.4, outline="230,160,30,0"),
    Look("not", "not served 未覆盖", "120,120,120,160", 1.2, outline="120,120,120,0"),
)
LINES = (
    Look("place-site", "served by 服务关系", "90,130,170,110", 0.15),
    Look("site-site", "supplied by 供应关系", "200,100,30,200", 0.5),
)


def style_of(layer: str) -> str:
    """QML of a layer by the end of its name: `_sites`, `_demand` or `_allocation`."""
    if layer.endswith("_sites"):
        return _qml(SITE_EXPRESSION, SITES, line=False)
    if layer.endswith("_demand"):
        return _qml(DEMAND_EXPRESSION, DEMAND, line=False)
    return _qml('"link"', LINES, line=True)


def write_styles(path: Path, layers: Sequence[str], geometry: str = "geom") -> None:
    """Add the table `layer_styles` with a default style for every layer to a GeoPackage."""
    rows = [(layer, geometry, "siting", style_of(layer), WRITTEN) for layer in layers]
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(CREATE)
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
            (WRITTEN,),
        )
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
            "VALUES ('', '', ?, ?, ?, ?, '', 1, '', '', '', ?)",
            rows,
        )


def _qml(expression: str, looks: Sequence[Look], *, line: bool) -> str:
    categories = "".join(
        f"<category value={quoteattr(look.value)} type='string' label={quoteattr(look.label)} symbol='{i}' "
        "render='true'/>"
        for i, look in enumerate(looks)
    )
    symbols = "".join(_symbol(str(i), look, line=line) for i, look in enumerate(looks))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22" styleCategories="Symbology">'
        f"<renderer-v2 type='categorizedSymbol' attr={quoteattr(expression)} enableorderby='0' forceraster='0' "
        "symbollevels='1'>"
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    )


def _symbol(name: str, look: Look, *, line: bool) -> str:
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
        f'<layer class="{layer_class}" enabled="1" locked="0" pass="{9 - int(name)}">'
        f'<Option type="Map">{options}</Option></layer></symbol>'
    )
