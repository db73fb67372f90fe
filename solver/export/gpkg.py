"""plan.gpkg: the layers of every programme, styled, and the same file for the same plan."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import pandas as pd
import pyogrio

from solver.export.column_names import tidy
from solver.export.styles import WRITTEN, write_styles
from solver.results.backdrop import LAYER
from solver.results.result import ProgrammeResult, StudyResult
from solver.results.store import KINDS
from solver.words.currency import CNY, Currency
from solver.words.names import names_in
from solver.words.speech import CHINESE

READABLE = "1.2"
"""Version of GeoPackage that programs of the last years read without a warning."""


def tables_of(programme: ProgrammeResult) -> dict[str, pd.DataFrame]:
    """Kind (sites, demand, allocation, flows) -> table, those that there are."""
    tables = (programme.site_table, programme.demand_table, programme.allocation_table, programme.flow_table)
    return {kind: table for kind, table in zip(KINDS, tables, strict=True) if table is not None and len(table)}


def plan_layers(result: StudyResult, roads: gpd.GeoDataFrame | None = None) -> dict[str, pd.DataFrame]:
    """Name of the layer -> table, in the order in which they are drawn from below: roads, lines, places, sites."""
    under = {} if roads is None or not len(roads) else {LAYER: roads}
    return under | {
        f"{name}_{kind}": table
        for name, programme in result.programmes.items()
        for kind, table in reversed(tables_of(programme).items())
    }


def layer_names(result: StudyResult) -> dict[str, dict[str, str]]:
    """Layer of sites -> the Chinese titles of the kinds and tiers of its programme."""
    return {f"{name}_sites": names_in(programme.settings, CHINESE) for name, programme in result.programmes.items()}


def write_gpkg(
    layers: Mapping[str, pd.DataFrame],
    path: Path,
    currency: Currency = CNY,
    names: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> None:
    """A GeoPackage of the layers with a style for each that has geometry; tables without geometry stay tables.

    `currency` is what columns of money are called by, `names` those of kinds and tiers by layer.
    """
    tidied = {name: tidy(table) for name, table in layers.items()}
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN})
    try:
        for name, table in tidied.items():
            options = {} if path.exists() else {"dataset_options": {"VERSION": READABLE}}
            pyogrio.write_dataframe(table, path, layer=name, driver="GPKG", **options)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    spatial = {name: table for name, table in tidied.items() if isinstance(table, gpd.GeoDataFrame)}
    if spatial:
        write_styles(path, spatial, currency=currency, names=names)
