"""How QGIS draws the layers of a plan: QML styles, kept in the GeoPackage so that a layer looks right at once.

QGIS reads the table `layer_styles` of a GeoPackage and takes the style marked as default for each layer. A style holds
the symbols, the labels of chosen sites and, as aliases, the Chinese names of the columns beside their own.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import pandas as pd

from solver.export.summary import NAMES
from solver.export.symbols import looks_of, symbol
from solver.maps.palette import PAGE, qgis
from solver.words.columns import aliases
from solver.words.currency import CNY, Currency

WRITTEN = "2000-01-01T00:00:00.000Z"
"""The time that plans name as theirs: the same plan is the same file."""

CREATE = """
CREATE TABLE IF NOT EXISTS layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""


LABELLED = 60
"""So many chosen sites are labelled at every scale; more of them only where the map shows a part."""
LABELS_FROM = 50_000
"""The scale from which all chosen sites are labelled."""


def style_of(
    layer: str, table: pd.DataFrame, currency: Currency = CNY, names: Mapping[str, str] = MappingProxyType({})
) -> str:
    """QML of a layer by the end of its name (`_sites`, `_demand`, ...) and by its columns.

    `currency` is what columns of money are called by, `names` the Chinese titles of kinds and tiers.
    """
    columns = [str(column) for column in table.columns if not _is_geometry(table, str(column))]
    label = _labels(table, columns) if layer.endswith("_sites") else ""
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="3.22" styleCategories="Symbology|Labeling|Fields" labelsEnabled="{int(bool(label))}">'
        f"{_renderer(layer, table, names)}{label}{_aliases(columns, currency, names)}</qgis>"
    )


def _is_geometry(table: pd.DataFrame, column: str) -> bool:
    return isinstance(table, gpd.GeoDataFrame) and column == table.geometry.name


def write_styles(
    path: Path,
    layers: Mapping[str, pd.DataFrame],
    geometry: str = "geom",
    *,
    currency: Currency = CNY,
    names: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> None:
    """Add the table `layer_styles` with a default style for every layer to a GeoPackage; `names` by layer."""
    styles = {layer: style_of(layer, table, currency, names.get(layer, {})) for layer, table in layers.items()}
    rows = [(layer, geometry, "siting", style, WRITTEN) for layer, style in styles.items()]
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(CREATE)
        base.execute(
            "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
            (WRITTEN,),
        )
        base.executemany(
            "DELETE FROM layer_styles WHERE f_table_name = ? AND styleName = 'siting'", [row[:1] for row in rows]
        )
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
            "VALUES ('', '', ?, ?, ?, ?, '', 1, '', '', '', ?)",
            rows,
        )


def _renderer(layer: str, table: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Symbols by category, each with its label."""
    expression, looks, line = looks_of(layer, table, names)
    categories = "".join(
        f"<category value={quoteattr(look.value)} type='string' label={quoteattr(look.label)} symbol='{i}' "
        f"render='{'false' if look.hidden else 'true'}'/>"
        for i, look in enumerate(looks)
    )
    symbols = "".join(symbol(str(i), look, line=line) for i, look in enumerate(looks))
    return (
        f"<renderer-v2 type='categorizedSymbol' attr={quoteattr(expression)} enableorderby='0' forceraster='0' "
        f"symbollevels='1'><categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2>"
    )


def _labels(table: pd.DataFrame, columns: Sequence[str]) -> str:
    """Labels of the chosen sites: their name where the layer has one, else their id."""
    named = ", ".join(f'"{column}"' for column in (*(c for c in columns if c in NAMES), "site_id"))
    expression = f'CASE WHEN "chosen" THEN coalesce({named}) END'
    everywhere = int(table["chosen"].astype(bool).sum()) <= LABELLED
    scale = "" if everywhere else f' scaleVisibility="1" scaleMin="{LABELS_FROM}" scaleMax="1"'
    return (
        f'<labeling type="simple"><settings calloutType="simple"><text-style fieldName={quoteattr(expression)} '
        f'isExpression="1" fontSize="8" textColor="{qgis(PAGE["ink"])}">'
        f'<text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="{qgis(PAGE["paper"], 0.86)}"/></text-style>'
        f'<placement placement="6" dist="1.2"/><rendering{scale} drawLabels="1" obstacle="0"/></settings></labeling>'
    )


def _aliases(columns: Sequence[str], currency: Currency, names: Mapping[str, str]) -> str:
    found = aliases(columns, currency, names)
    rows = (
        f"<alias field={quoteattr(c)} index='{i}' name={quoteattr(found.get(c, ''))}/>" for i, c in enumerate(columns)
    )
    return f"<aliases>{''.join(rows)}</aliases>"
