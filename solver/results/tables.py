"""A plan as tables for maps and sheets: sites, demand, who is served by whom."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse as sp
import shapely

from models.arrays import FloatArray, IntArray, Sparse, pairs_of
from models.plan import Plan
from models.problem import Demand, SiteStatus
from solver.inputs.instance import ProgrammeInputs

STATUS_WORDS = {int(status): status.name.lower() for status in SiteStatus}


def site_table(
    inputs: ProgrammeInputs, plan: Plan, travel: Sparse | None, unit_cost: Mapping[str, FloatArray]
) -> pd.DataFrame:
    """One row per site, chosen or not: status, cost, units, what it serves, and the layer's own columns after.

    `unit_cost` is kind -> cost (n_sites,) of one unit. `reachable_weight` is what lies within reach of the site,
    `sole_weight` what only it reaches among the open ones, `added_weight` what it reaches and no open site does: the
    reasons for and against it.
    """
    sites, demand = inputs.sites, inputs.demand
    table = pd.DataFrame(
        {
            "site_id": sites.ids,
            "programme": inputs.name,
            "chosen": plan.open & sites.is_new,
            "open": plan.open,
            "status": [STATUS_WORDS[int(s)] for s in sites.status],
            "group": sites.group,
            "cost": sites.cost,
            "capacity": np.where(np.isinf(sites.capacity), np.nan, sites.capacity),
        }
    )
    if inputs.tier is not None:
        table["tier"] = [inputs.programme.tiers[i].name for i in inputs.tier]
    if inputs.excluded:
        table["excluded_because"] = [
            None if (why := inputs.excluded.get(site)) is None else str(why) for site in sites.ids
        ]
    for kind, count in plan.units.items():
        table[f"{kind}_units"] = count
    units_cost = _units_cost(plan, unit_cost)
    if units_cost is not None:
        table["units_cost"] = units_cost
    if demand is not None and travel is not None and travel.nnz:
        table["reachable_weight"] = _column_sums(travel, demand.weight)
        only = sp.csr_array(travel[:, np.flatnonzero(plan.open)])
        lone = np.flatnonzero(np.diff(only.indptr) == 1)
        sole = np.zeros(len(sites))
        np.add.at(sole, np.flatnonzero(plan.open)[only.indices[only.indptr[lone]]], demand.weight[lone])
        table["sole_weight"] = sole
        unreached = np.diff(only.indptr) == 0
        table["added_weight"] = _column_sums(travel, demand.weight * unreached)
    if demand is not None and plan.served is not None:
        rows, columns, share = pairs_of(plan.served)
        table["served_places"] = np.bincount(columns, minlength=len(sites))
        table["served_weight"] = np.bincount(columns, weights=share * demand.weight[rows], minlength=len(sites))
        if demand.own_load is not None:
            table["served_load"] = np.bincount(columns, weights=share * demand.load[rows], minlength=len(sites))
    taken = {*table.columns, "geometry"}
    extra = inputs.site_frame[[c for c in inputs.site_frame.columns if c not in taken]]
    table = pd.concat([table, extra.reset_index(drop=True)], axis=1)
    return _with_geometry(table, inputs.site_frame)


def _units_cost(plan: Plan, unit_cost: Mapping[str, FloatArray]) -> FloatArray | None:
    """What the units of every site (n_sites,) cost over and above the site; None where there are none."""
    if not plan.units:
        return None
    return np.sum([unit_cost[kind] * count for kind, count in plan.units.items()], axis=0)


def demand_table(inputs: ProgrammeInputs, demand: Demand, plan: Plan, travel: Sparse, travel_unit: str) -> pd.DataFrame:
    """One row per place: weight, load of its own, share served, the site that serves most of it, how far that is."""
    served = plan.served if plan.served is not None else sp.csr_array((len(demand), len(inputs.sites)))
    rows, columns, share = pairs_of(served)
    main = np.full(len(demand), -1)
    order = np.argsort(share, kind="stable")
    main[rows[order]] = columns[order]
    has = main >= 0
    table = pd.DataFrame(
        {
            "demand_id": demand.ids,
            "programme": inputs.name,
            "group": demand.group,
            "weight": demand.weight,
            **({} if demand.own_load is None else {"load": demand.own_load}),
            "served_share": np.minimum(1.0, np.bincount(rows, weights=share, minlength=len(demand))),
            "site_id": [inputs.sites.ids[j] if j >= 0 else None for j in main],
            f"travel_{travel_unit}": np.where(has, _values_at(travel, main), np.nan),
        }
    )
    return _with_geometry(table, inputs.demand_frame)


def allocation_table(inputs: ProgrammeInputs, plan: Plan, travel: Sparse | None, travel_unit: str) -> pd.DataFrame:
    """One row per served pair of place and site, and per link between sites: share or amount, travel, a straight line.

    `amount` is of weight between a place and a site; `served_load`, where places have a load of their own, of load, as
    the amount between sites is. `link` says what the row joins: `place-site` or `site-site`.
    """
    parts = []
    sites = np.array(inputs.sites.ids, dtype=object)
    if plan.served is not None and inputs.demand is not None:
        rows, columns, share = pairs_of(plan.served)
        part = pd.DataFrame(
            {
                "link": "place-site",
                "from_id": np.array(inputs.demand.ids, dtype=object)[rows],
                "to_id": sites[columns],
                "share": share,
                "amount": share * inputs.demand.weight[rows],
            }
        )
        if inputs.demand.own_load is not None:
            part["served_load"] = share * inputs.demand.load[rows]
        if travel is not None:
            part[f"travel_{travel_unit}"] = _values_of_pairs(travel, rows, columns)
        parts.append(_with_lines(part, inputs.demand.xy, rows, inputs.sites.xy, columns, inputs.site_frame))
    if plan.links is not None:
        rows, columns, amount = pairs_of(plan.links)
        part = pd.DataFrame({"link": "site-site", "from_id": sites[rows], "to_id": sites[columns], "amount": amount})
        parts.append(_with_lines(part, inputs.sites.xy, rows, inputs.sites.xy, columns, inputs.site_frame))
    if not parts:
        return pd.DataFrame({"link": [], "from_id": [], "to_id": []})
    joined = pd.concat(parts, ignore_index=True)
    joined.insert(0, "programme", inputs.name)
    return joined


def flow_table(inputs: ProgrammeInputs, plan: Plan) -> pd.DataFrame | None:
    """One row per flow: where from and to, vehicles, share refuelled, a straight line; None where there are none."""
    flows = inputs.flows
    if flows is None or plan.flow_share is None:
        return None
    ids = np.array(flows.terminal_ids, dtype=object)
    table = pd.DataFrame(
        {
            "programme": inputs.name,
            "from_id": ids[flows.origin],
            "to_id": ids[flows.destination],
            "weight": flows.weight,
            "refuelled_share": plan.flow_share,
        }
    )
    ends = flows.terminal_xy
    return _with_lines(table, ends, flows.origin, ends, flows.destination, inputs.site_frame)


def _with_geometry(table: pd.DataFrame, frame: pd.DataFrame | None) -> pd.DataFrame:
    if isinstance(frame, gpd.GeoDataFrame):
        return gpd.GeoDataFrame(table, geometry=frame.geometry.to_numpy(), crs=frame.crs)
    return table


def _with_lines(
    table: pd.DataFrame,
    begin: FloatArray | None,
    rows: IntArray,
    end: FloatArray | None,
    columns: IntArray,
    frame: pd.DataFrame,
) -> pd.DataFrame:
    if begin is None or end is None or not isinstance(frame, gpd.GeoDataFrame):
        return table
    lines = shapely.linestrings(np.stack([begin[rows], end[columns]], axis=1)) if len(rows) else []
    return gpd.GeoDataFrame(table, geometry=lines, crs=frame.crs)


def _column_sums(matrix: Sparse, weight: FloatArray) -> FloatArray:
    rows, columns, _ = pairs_of(matrix)
    return np.bincount(columns, weights=weight[rows], minlength=matrix.shape[1]).astype(np.float64)


def _values_at(matrix: Sparse, column_of_row: IntArray) -> FloatArray:
    """Value (n_rows,) at one column of every row; nan where the pair is not stored."""
    has = np.flatnonzero(column_of_row >= 0)
    values = np.full(matrix.shape[0], np.nan)
    values[has] = _values_of_pairs(matrix, has, column_of_row[has])
    return values


def _values_of_pairs(
    matrix: Sparse,
    rows: IntArray,
    columns: IntArray,
) -> FloatArray:
    """Stored values (n_pairs,), nan where a pair is not stored; sorted indices make the pairs' keys sorted."""
    stored_rows, stored_columns, stored = pairs_of(matrix)
    keys = stored_rows * matrix.shape[1] + stored_columns
    wanted = rows * matrix.shape[1] + columns
    place = np.searchsorted(keys, wanted)
    place = np.minimum(place, max(len(keys) - 1, 0))
    if not len(keys):
        return np.full(len(rows), np.nan)
    return np.where(keys[place] == wanted, stored[place], np.nan)
