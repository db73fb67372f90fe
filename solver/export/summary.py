"""A result in two small tables: the programmes, and the sites that were decided on."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from solver.files.csvtext import write_csv
from solver.results.result import StudyResult
from solver.words.currency import currency_of

NAMES = ("name", "name_zh", "名称", "address", "地址")
"""Columns of the planner's layer that tell people which site it is."""
OWN = ("programme", "site_id", "decision", "status", "opening_year", "group", "tier")
FURTHER = ("in_alternatives", "lost_at_least", "lost_at_most")
ON_ROAD = ("road_x", "road_y", "off_road_m")
NUMBERS = ("cost", "capacity", "reachable_weight", "sole_weight", "served_places", "served_weight", "served_load")


def summary_table(document: dict[str, Any]) -> pd.DataFrame:
    """One row per programme of a result's document: how it ended, what it costs, and every figure that is a number."""
    rows = []
    for name, entry in document["programmes"].items():
        row = {
            "programme": name,
            "title": entry["title"],
            "title_zh": entry["title_zh"],
            **{key: entry[key] for key in ("model", "ended", "objective", "objective_unit", "bound", "gap")},
            **{key: entry[key] for key in ("budget", "cost")},
            "currency": currency_of(document).code,
            "new_sites": len(entry["sites"]) if entry["objective"] is not None else None,
            "kept_sites": len(entry["kept_sites"]) if entry["objective"] is not None else None,
        }
        row |= {f"{kind}_units": total for kind, total in unit_totals(entry).items()}
        row |= {k: v for k, v in entry["figures"].items() if isinstance(v, int | float | str)}
        row["seconds"] = round(sum(entry["seconds"].values()), 3)
        rows.append(row)
    return pd.DataFrame(rows)


def unit_totals(entry: dict[str, Any]) -> dict[str, int]:
    """Kind -> number of units over all sites of a programme's entry."""
    totals: dict[str, int] = {}
    for kinds in entry["units"].values():
        for kind, count in kinds.items():
            totals[kind] = totals.get(kind, 0) + count
    return totals


def decided_sites(result: StudyResult) -> pd.DataFrame:
    """One row per site that the plan opens or closes, over all programmes, with coordinates where they are known.

    `x` and `y` are in the study's system, `lon` and `lat` in degrees (WGS 84); `road_x`, `road_y` is the place where
    the site meets the road, `off_road_m` how far that is.
    """
    parts = [_decided(programme.site_table) for programme in result.programmes.values()]
    known = [part for part in parts if part is not None and len(part)]
    if not known:
        return pd.DataFrame({column: [] for column in OWN})
    joined = pd.concat([part.dropna(axis=1, how="all") for part in known], ignore_index=True)
    units = [c for c in joined.columns if str(c).endswith("_units")]
    units += [c for c in ("units_cost",) if c in joined.columns]
    order = [*OWN, *FURTHER, *units, *NUMBERS, *NAMES, "x", "y", "lon", "lat", *ON_ROAD]
    return joined[[c for c in order if c in joined.columns]]


def sites_csv(result: StudyResult, path: Path) -> None:
    """Write `decided_sites` as CSV that spreadsheets show with Chinese signs."""
    write_csv(decided_sites(result), path)


def _decided(table: pd.DataFrame | None) -> pd.DataFrame | None:
    if table is None:
        return None
    chosen, is_open = table["chosen"].astype(bool), table["open"].astype(bool)
    closed = (table["status"] == "closable") & ~is_open
    part = table[chosen | closed].copy()
    part["decision"] = ["open" if c else "close" for c in chosen[chosen | closed]]
    if isinstance(part, gpd.GeoDataFrame) and len(part):
        points = part.geometry.representative_point()
        part["x"], part["y"] = shapely.get_coordinates(points.to_numpy()).T.round(2)
        if part.crs is not None:
            degrees = points.to_crs("EPSG:4326")
            part["lon"], part["lat"] = shapely.get_coordinates(degrees.to_numpy()).T.round(6)
    return pd.DataFrame(part.drop(columns=part.geometry.name)) if isinstance(part, gpd.GeoDataFrame) else part
