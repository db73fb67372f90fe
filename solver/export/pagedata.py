"""The data that the report's page carries for its map and its tables of sites: small, and without any outside help."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from models.arrays import FloatArray, IntArray
from solver.export.summary import NAMES
from solver.maps import palette
from solver.results.backdrop import MAIN
from solver.results.result import ProgrammeResult, StudyResult
from solver.words.columns import UNITS, field_name
from solver.words.names import names_in
from solver.words.page import PAGE
from solver.words.report import title_of
from solver.words.speech import Speech

BEFORE = ("site_id", *NAMES, "decision", "status", "group", "tier", "opening_year")
AFTER = (
    *("cost", "units_cost", "capacity", "reachable_weight", "sole_weight", "added_weight"),
    *(
        "served_places",
        "served_weight",
        "served_load",
        "in_alternatives",
        "lost_at_least",
        "lost_at_most",
        "excluded_because",
    ),
)
SHARES = ("in_alternatives",)
LEVELS = 60
"""Texts of which there are so few are numbered."""
MOST_PLACES = 200_000
"""Rows of places that the page carries; programmes beyond that have theirs in plan.gpkg only."""
HEAVY = 40_000
"""With more vertices than this the small streets wait until the map stands still."""


def page_data(result: StudyResult, roads: gpd.GeoDataFrame | None, speech: Speech) -> dict[str, Any]:
    """Words, coordinates, sites, places, lines and roads as plain values for the page's scripts."""
    pools = _Pools(result)
    programmes, room = [], MOST_PLACES
    for programme in result.programmes.values():
        if programme.site_table is not None:
            room -= 0 if programme.demand_table is None else len(programme.demand_table)
            programmes.append(_programme(programme, pools, speech, places=room >= 0))
    told = [] if roads is None or not pools.spatial else _roads(roads, pools)
    placed = [i for i, programme in enumerate(programmes) if programme["sites"]["pool"] is not None]
    return {
        "lang": speech.lang,
        "words": {key: both[speech.zh] for key, both in PAGE.items()},
        "colors": palette.for_scripts(),
        "attribution": result.attribution,
        "unit_m": pools.unit_m,
        "start": placed[0] if len(placed) == 1 else -1,
        "heavy": sum(len(line) for road in told for line in road["lines"]) > 2 * HEAVY,
        "pools": pools.pools,
        "roads": told,
        "programmes": programmes,
    }


class _Pools:
    """Sets of points, each kept once however many programmes use it, as whole steps from one point to the next."""

    def __init__(self, result: StudyResult) -> None:
        tables = [t for p in result.programmes.values() for t in (p.site_table, p.demand_table)]
        bounds = [t.total_bounds for t in tables if isinstance(t, gpd.GeoDataFrame) and len(t)]
        self.spatial = bool(bounds)
        self.origin = np.min(bounds, axis=0)[:2] if bounds else np.zeros(2)
        size = float((np.max(bounds, axis=0)[2:] - self.origin).max()) if bounds else 0.0
        self.unit_m = 1.0 if size > 20_000 else 0.1
        self.pools: list[dict[str, Any]] = []
        self._known: dict[bytes, int] = {}

    def steps(self, xy: FloatArray, starts: IntArray | None = None) -> list[int]:
        """Points (n, 2) as x, y, dx, dy, ... in whole units, from each of the positions `starts` anew."""
        at = np.round((xy - self.origin) / self.unit_m).astype(np.int64)
        steps = np.diff(at, axis=0, prepend=0)
        if starts is not None:
            steps[starts] = at[starts]
        return steps.ravel().tolist()

    def number(self, table: pd.DataFrame, ids: Sequence[str] | None) -> int | None:
        """The number of the set of a table's places, None where it has no geometry."""
        if not isinstance(table, gpd.GeoDataFrame):
            return None
        xy = shapely.get_coordinates(table.geometry.representative_point().to_numpy())
        key = xy.tobytes() + repr(ids).encode()
        if key not in self._known:
            self._known[key] = len(self.pools)
            self.pools.append({"xy": self.steps(xy), **({} if ids is None else {"ids": list(ids)})})
        return self._known[key]


def _programme(programme: ProgrammeResult, pools: _Pools, speech: Speech, *, places: bool) -> dict[str, Any]:
    sites = programme.site_table
    assert sites is not None
    kinds = kinds_of(sites)
    position = {site: i for i, site in enumerate(sites["site_id"])}
    found: dict[str, Any] = {
        "name": programme.name,
        "title": title_of({"title": programme.title, "title_zh": programme.title_zh}, programme.name, speech),
        "sites": {
            "pool": pools.number(sites, None),
            "kinds": kinds,
            "columns": site_columns(sites, kinds, speech, names_in(programme.settings, speech)),
        },
    }
    if programme.demand_table is not None and not places:
        found["left_out"] = True
    elif programme.demand_table is not None:
        found["places"] = _places(programme.demand_table, position, pools, speech)
    allocation, flows = programme.allocation_table, programme.flow_table
    if allocation is not None and "link" in allocation and (allocation["link"] == "site-site").any():
        links = allocation[allocation["link"] == "site-site"]
        ends = {"from": "from_id", "to": "to_id"}
        found["links"] = {key: [position[site] for site in links[column]] for key, column in ends.items()}
    if isinstance(flows, gpd.GeoDataFrame) and len(flows):
        ends_xy = shapely.get_coordinates(flows.geometry.to_numpy())
        numbers = {"weight": plain(flows["weight"]), "share": plain(flows["refuelled_share"], 4)}
        found["flows"] = {"xy": pools.steps(ends_xy), **numbers}
    return found


def kinds_of(sites: pd.DataFrame) -> list[str]:
    """What a plan does with every site: `chosen`, `kept`, `closed` or `other`."""
    chosen, is_open = sites["chosen"].to_numpy(dtype=bool), sites["open"].to_numpy(dtype=bool)
    closed = (sites["status"] == "closable").to_numpy() & ~is_open
    return np.select([chosen, is_open, closed], ["chosen", "kept", "closed"], "other").tolist()


def site_columns(
    sites: pd.DataFrame, kinds: Sequence[str], speech: Speech, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The columns of the table of sites that say something, with their heads and values; kinds and tiers by `names`."""
    told = sites.assign(decision=[PAGE[kind][speech.zh] for kind in kinds])
    if set(told["status"]) <= {"candidate"}:
        told = told.drop(columns="status")
    elif "status" in told:
        told["status"] = [PAGE.get(f"status_{word}", (word, word))[speech.zh] for word in told["status"]]
    if "tier" in told:
        told["tier"] = [names.get(tier, tier) for tier in told["tier"]]
    units = [str(c) for c in told.columns if str(c).endswith(UNITS)]
    heads = [c for c in (*BEFORE, *units, *AFTER) if c in told.columns and _says_something(told[c])]
    return [_column(name, told[name], field_name(name, speech, names)) for name in heads]


def _says_something(column: "pd.Series[Any]") -> bool:
    return bool(((column.notna()) & (column.astype(str) != "")).any())


def _column(name: str, column: "pd.Series[Any]", head: str) -> dict[str, Any]:
    told: dict[str, Any] = {"key": name, "head": head}
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return told | {"kind": "share" if name in SHARES else "number", "values": plain(column, 4)}
    texts = [None if pd.isna(value) else str(value) for value in column]
    levels = list(dict.fromkeys(texts))
    if name == "decision" or (len(levels) <= LEVELS and len(texts) > 2 * len(levels)):
        code = {level: i for i, level in enumerate(levels)}
        return told | {"kind": "text", "levels": levels, "values": [code[text] for text in texts]}
    return told | {"kind": "text", "values": texts}


def _places(table: pd.DataFrame, position: Mapping[str, int], pools: _Pools, speech: Speech) -> dict[str, Any]:
    travel = next((str(c) for c in table.columns if str(c).startswith("travel_")), None)
    return {
        "pool": pools.number(table, table["demand_id"].astype(str).tolist()),
        "weight": plain(table["weight"], 3),
        "share": plain(table["served_share"], 4),
        "site": [position.get(site, -1) for site in table["site_id"]],
        "travel": [None] * len(table) if travel is None else plain(table[travel], 0),
        "travel_head": "" if travel is None else field_name(travel, speech),
    }


def plain(column: "pd.Series[Any]", digits: int = 2) -> list[float | int | None]:
    """Numbers as JSON has them: rounded, whole ones without a point, None for unknown."""
    values = np.round(column.to_numpy(dtype=np.float64), digits).tolist()
    return [None if not np.isfinite(v) else int(v) if v == int(v) else v for v in values]


def _roads(roads: gpd.GeoDataFrame, pools: _Pools) -> list[dict[str, Any]]:
    """Roads in three strengths: 0 the great ones, 1 other main roads, 2 streets."""
    rank = np.array([0 if c in MAIN[:2] else 1 if c in MAIN else 2 for c in roads["road_class"]])
    told = []
    for strength in np.unique(rank):
        parts = shapely.get_parts(roads.geometry.to_numpy()[rank == strength])
        xy, index = shapely.get_coordinates(parts, return_index=True)
        starts = np.flatnonzero(np.diff(index, prepend=-1))
        steps, ends = pools.steps(xy, starts), 2 * np.append(starts[1:], len(xy))
        lines = [steps[start:end] for start, end in zip(2 * starts, ends, strict=True)]
        told.append({"rank": int(strength), "lines": lines})
    return told
