"""plan.qgz: a QGIS project beside plan.gpkg that opens all of its layers, grouped by programme and styled."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from solver.export.column_names import tidy
from solver.export.styles import style_of
from solver.results.backdrop import LAYER
from solver.words.currency import CNY, Currency

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time that the project's file names as its own: the same plan is the same file."""
NAMES = {
    "sites": "sites 站点",
    "demand": "places 需求点",
    "allocation": "who is served by whom 服务关系",
    "flows": "flows 出行",
}
ROADS = "roads 道路"


def write_project(
    path: Path,
    plan: str,
    title: str,
    groups: Mapping[str, str],
    layers: Mapping[str, pd.DataFrame],
    *,
    currency: Currency = CNY,
    names: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> None:
    """Write the project of the spatial layers of the GeoPackage `plan` in the same folder.

    `groups` is programme -> title, `currency` what columns of money are called by, `names` those
    of kinds and tiers by layer.
    The first programme is shown, the others wait to be switched on.
    """
    spatial = {name: table for name, table in layers.items() if isinstance(table, gpd.GeoDataFrame)}
    if not spatial:
        return
    text = _project(plan, title, groups, spatial, currency, names)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo(f"{path.stem}.qgs", EARLIEST), text)
    path.write_bytes(buffer.getvalue())


def _project(
    plan: str,
    title: str,
    groups: Mapping[str, str],
    layers: Mapping[str, gpd.GeoDataFrame],
    currency: Currency,
    names: Mapping[str, Mapping[str, str]],
) -> str:
    crs = next(table.crs for table in layers.values())
    srs = "" if crs is None else _srs(crs)
    drawn = {
        name: _Drawn(f"siting_layer_{i}", f"./{plan}|layername={name}", _name(name)) for i, name in enumerate(layers)
    }
    tree: list[str] = []
    for number, (programme, name) in enumerate(groups.items()):
        own = [drawn[f"{programme}_{kind}"] for kind in NAMES if f"{programme}_{kind}" in layers]
        if own:
            shown = "Qt::Unchecked" if tree else "Qt::Checked"
            tree.append(
                f'<layer-tree-group name={quoteattr(name)} checked="{shown}" expanded="{int(not number)}">'
                f"<customproperties/>{''.join(layer.leaf() for layer in own)}</layer-tree-group>"
            )
    if LAYER in layers:
        tree.append(drawn[LAYER].leaf())
    styles = {name: style_of(name, tidy(table), currency, names.get(name, {})) for name, table in layers.items()}
    maps = "".join(drawn[name].map_layer(table, styles[name], srs) for name, table in layers.items())
    extent = _extent([table for name, table in layers.items() if name != LAYER])
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="3.22.0" projectname={quoteattr(title)}><title>{escape(title)}</title>'
        f"<projectCrs>{srs}</projectCrs>"
        f"<layer-tree-group><customproperties/>{''.join(tree)}</layer-tree-group>"
        f'<mapcanvas name="theMapCanvas"><units>meters</units>{extent}'
        f"<destinationsrs>{srs}</destinationsrs></mapcanvas>"
        f"<projectlayers>{maps}</projectlayers>"
        '<properties><Paths><Absolute type="bool">false</Absolute></Paths>'
        '<SpatialRefSys><ProjectionsEnabled type="int">1</ProjectionsEnabled></SpatialRefSys></properties></qgis>\n'
    )


def _name(layer: str) -> str:
    """What a layer is called in the legend."""
    return ROADS if layer == LAYER else NAMES[layer.rpartition("_")[2]]


def _srs(crs: CRS) -> str:
    return f"<spatialrefsys><wkt>{escape(crs.to_wkt())}</wkt><authid>{escape(crs.to_string())}</authid></spatialrefsys>"


@dataclass(frozen=True)
class _Drawn:
    """A layer of the project: its key, where its data are, and its name."""

    key: str
    source: str
    name: str

    def leaf(self) -> str:
        """The layer in the tree."""
        return (
            f'<layer-tree-layer id="{self.key}" name={quoteattr(self.name)} source={quoteattr(self.source)} '
            'providerKey="ogr" checked="Qt::Checked" expanded="0"><customproperties/></layer-tree-layer>'
        )

    def map_layer(self, table: gpd.GeoDataFrame, style: str, srs: str) -> str:
        """The layer itself, in its style."""
        kind = "Point" if (table.geom_type == "Point").all() else "Line"
        inside = style[style.index("<renderer-v2") : style.rindex("</qgis>")]
        return (
            f'<maplayer type="vector" geometry="{kind}" labelsEnabled="{int("<labeling" in style)}">'
            f"<id>{self.key}</id><datasource>{escape(self.source)}</datasource>"
            f"<layername>{escape(self.name)}</layername><srs>{srs}</srs>"
            f'<provider encoding="UTF-8">ogr</provider>{inside}</maplayer>'
        )


def _extent(tables: Sequence[gpd.GeoDataFrame]) -> str:
    bounds = [table.total_bounds for table in tables if len(table)]
    values = [
        min(b[0] for b in bounds),
        min(b[1] for b in bounds),
        max(b[2] for b in bounds),
        max(b[3] for b in bounds),
    ]
    names = ("xmin", "ymin", "xmax", "ymax")
    return "<extent>" + "".join(f"<{n}>{v:.3f}</{n}>" for n, v in zip(names, values, strict=True)) + "</extent>"
