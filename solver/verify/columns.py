"""Every column of sites and places in plan.gpkg: recomputed, or the planner's own as the inputs have them.

What a layer has beyond that is named as not checked.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from models.arrays import FloatArray
from models.messages import Listed, Message, say
from solver.export.column_names import tidy
from solver.verify.case import Case
from solver.verify.money import units_cost_by_site
from solver.verify.service import best_cover, serves
from solver.verify.verdict import TOLERANCE, Check, Unchecked, apart
from solver.verify.years import year_case

ON_ROAD = ("road_x", "road_y", "off_road_m")
REACHED = ("reachable_weight", "sole_weight", "added_weight")
SERVED = ("served_places", "served_weight", "served_load")
KEYS = {"sites": "site_id", "demand": "demand_id"}


def sites_are_told_with_all_their_columns(case: Case) -> list[Message] | None:
    """Programme, why a site is excluded, what its units cost, when it opens, what it is worth, and its layer's own."""
    table = ordered(case, "sites", list(case.sites["id"]))
    if table is None:
        return None
    right: dict[str, Any] = {"programme": [case.name] * len(table)}
    if case.inputs.excluded:
        right["excluded_because"] = [case.inputs.excluded.get(site) for site in case.sites["id"]]
    if case.units:
        right["units_cost"] = units_cost_by_site(case)
    right |= _worth(case)
    years = _opening_years(case)
    right |= {} if years is None else {"opening_year": years}
    known = {"site_id", "chosen", "open", "status", "group", "cost", "capacity", *right, *site_roads(case)}
    known |= {f"{kind}_units" for kind in case.units} | ({"tier"} if case.programme.tiers else set())
    wanted = {*REACHED} if serves(case) and len(case.pairs.place) else set()
    served = SERVED if case.has_loads else SERVED[:2]
    wanted |= {*served} if serves(case) and len(case.served) else set()
    found = [
        say("the layer of sites has no column {name}", name=name)
        for name in sorted((wanted | known) - {*table.columns})
    ]
    known |= {name for name in (*REACHED, *served) if case.inputs.demand is not None}
    return found + _columns("sites", table, right, known, case.inputs.site_frame)


def places_are_told_with_all_their_columns(case: Case) -> list[Message] | None:
    """Programme, group, the site that serves most and how far it is; every place stands where the study has it."""
    demand = case.inputs.demand
    if demand is None:
        return None
    table = ordered(case, "demand", list(demand.ids))
    if table is None:
        return None
    right: dict[str, Any] = {"programme": [case.name] * len(table), "group": list(demand.group)}
    travel = f"travel_{case.pairs.unit}"
    most, metres = _main_servers(case, table["site_id"].tolist())
    right |= {"site_id": most, travel: metres}
    if demand.own_load is not None:
        phasing = case.programme.phasing
        right["load"] = demand.own_load * (1.0 if phasing is None else phasing.years[-1].growth)
    years = _first_served(case)
    right |= {} if years is None else {"served_from_year": years}
    known = {"demand_id", "weight", "served_share", *right, *demand_roads(case)}
    found = [say("the layer of places has no column {name}", name=name) for name in sorted(known - {*table.columns})]
    return found + _columns("demand", table, right, known, None)


def _main_servers(case: Case, told: Sequence[Any]) -> tuple[list[Any], FloatArray]:
    """The site that serves most of each place (the one told where several serve as much), and travel to it."""
    rows = case.served
    most = dict(rows.groupby("place")["share"].max())
    ties: dict[int, list[int]] = {}
    for place, site, share in zip(rows["place"], rows["site"], rows["share"], strict=True):
        if share >= most[place] - TOLERANCE:
            ties.setdefault(place, []).append(site)
    ids = case.sites["id"]
    servers: list[Any] = []
    travel = np.full(len(told), np.nan)
    for place, said in enumerate(told):
        of = ties.get(place, [])
        site = next((j for j in of if ids[j] == str(said)), of[0] if of else None)
        servers.append(None if site is None else ids[site])
        if site is not None:
            travel[place] = case.travel_of.get((place, site), np.nan)
    return servers, travel


def _columns(
    kind: str,
    table: pd.DataFrame,
    right: Mapping[str, Any],
    known: set[str],
    frame: pd.DataFrame | None,
) -> list[Message]:
    """Faults of recomputed columns and of the planner's own; Unchecked where there are others and no fault."""
    key, found = KEYS[kind], []
    for name, values in right.items():
        if name in table:
            found += unlike_column(name, table[name], pd.Series(values, index=table.index), table[key])
    left = [str(c) for c in table.columns if c not in known and c != geometry_name(table)]
    for name, values in _own_columns(table, known, frame, left).items():
        left.remove(name)
        found += unlike_column(name, table[name], values, table[key])
    if left and not found:
        raise Unchecked(
            say("columns of the layer of {kind} that are not recomputed: {left}", kind=kind, left=Listed(tuple(left)))
        )
    return found


def _own_columns(
    table: pd.DataFrame, known: set[str], frame: pd.DataFrame | None, left: Sequence[str]
) -> dict[str, pd.Series]:
    """Name in the layer -> values of the planner's own columns, in the order in which the inputs have them."""
    if frame is None:
        return {}
    taken = ({*known} - {*ON_ROAD}) | {geometry_name(frame)}
    own = pd.DataFrame(frame[[c for c in frame.columns if c not in taken]]).set_axis(table.index)
    own = own.rename(columns={c: f"{c}_layer" for c in ON_ROAD if c in known})
    before = [c for c in table.columns if c in known]
    tidied = tidy(pd.concat([pd.DataFrame(index=table.index, columns=before), own], axis=1))
    return {str(c): tidied[c] for c in tidied.columns[len(before) :] if c in left}


def geometry_name(table: pd.DataFrame) -> str:
    """The name of the column of shapes, that of a layer read back where there is none."""
    return str(table.geometry.name) if isinstance(table, gpd.GeoDataFrame) else "geometry"


def unlike_column(name: str, told: pd.Series, right: pd.Series, ids: pd.Series) -> list[Message]:
    """Rows in which a column of a layer says something else than it should."""
    a, b = [_plain(v) for v in told.tolist()], [_plain(v) for v in right.tolist()]
    return [
        fault
        for one, other, row in zip(a, b, ids, strict=True)
        if not _alike(one, other)
        for fault in (
            apart(say("{name} of {row}", name=name, row=row), one, other)
            or [say("{name} of {row}: {one} is not {other}", name=name, row=row, one=one, other=other)]
        )
    ]


def _plain(value: Any) -> Any:
    """A value as it is compared: numbers as numbers, nothing as None, all else as text."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.integer | np.floating):
        return float(value)
    return str(value) or None


def _alike(told: Any, right: Any) -> bool:
    if isinstance(told, float) and isinstance(right, float):
        return bool(np.isclose(told, right, rtol=TOLERANCE, atol=1e-9))
    if isinstance(told, bool) != isinstance(right, bool) and None not in (told, right):
        return float(told) == right if isinstance(right, float) else told == float(right)
    return bool(told == right)


def _worth(case: Case) -> dict[str, Any]:
    """What other plans and marginals say of every site."""
    entry, ids, right = case.entry, case.sites["id"], {}
    others, marginals = entry.get("alternatives") or [], entry.get("marginals") or {}
    if others:
        opened = [{*other["sites"], *other["kept_sites"]} for other in others]
        right["in_alternatives"] = [sum(site in of for of in opened) / len(others) for site in ids]
    for name in ("lost_at_least", "lost_at_most") if marginals else ():
        right[name] = [marginals.get(site, {}).get(name) for site in ids]
    return right


def _opening_years(case: Case) -> list[str | None] | None:
    """The year in which each new site opens; None for a programme without years."""
    if case.programme.phasing is None:
        return None
    year = {site: name for name, told in case.entry["phases"].items() for site in told["sites"]}
    return [year.get(site) for site in case.sites["id"]]


def _first_served(case: Case) -> list[str | None] | None:
    """The first year in which an open site serves each place; None where capacities decide, or without years."""
    if case.programme.phasing is None or case.model.assigns(case):
        return None
    served = np.array([best_cover(year_case(case, t))[0] > 0 for t in range(len(case.entry["phases"]))])
    names = list(case.entry["phases"])
    return [names[row.argmax()] if row.any() else None for row in served.T]


def ordered(case: Case, kind: str, ids: Sequence[str]) -> pd.DataFrame | None:
    """A layer in the order of the study; None where it is missing or has other rows, which another check tells."""
    table = case.layers.get(kind)
    if table is None or KEYS[kind] not in table:
        return None
    keys = table[KEYS[kind]].astype(str)
    if len(keys) != len(ids) or set(keys) != set(ids):
        return None
    table = table.set_axis(keys.to_numpy(), axis=0)
    return table.loc[list(ids)]


def demand_roads(case: Case) -> tuple[str, ...]:
    """The columns of the layer of places that say where they meet the road; none where nothing goes by road."""
    reach = case.programme.reach
    on_roads = case.travel.roads is not None and reach is not None and reach.mode != "straight"
    return ON_ROAD if on_roads and not _all_straight(case) else ()


def site_roads(case: Case) -> tuple[str, ...]:
    """The same of the layer of sites."""
    return ON_ROAD if case.travel.roads is not None and not _all_straight(case) else ()


def _all_straight(case: Case) -> bool:
    p = case.programme
    reaches = [reach for reach in (p.reach, *(tier.reach for tier in p.tiers)) if reach is not None]
    return bool(reaches) and all(reach.mode == "straight" for reach in reaches)


COLUMNS: tuple[Check[Case], ...] = (
    sites_are_told_with_all_their_columns,
    places_are_told_with_all_their_columns,
)
