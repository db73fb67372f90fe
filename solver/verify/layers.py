"""The layers of plan.gpkg that a programme has, column by column, against result.json and the study."""

import numpy as np
import pandas as pd
import shapely

from models.arrays import FloatArray
from models.messages import Message, say
from solver.verify.case import Case
from solver.verify.tables import geometry_of
from solver.verify.verdict import Check, apart

NEAR_M = 0.01
EXACT = 1e-9
"""Numbers of the study are not rounded."""


def the_site_layer_has_every_site_of_the_study(case: Case) -> list[Message]:
    """One row for each, chosen or not."""
    table = case.layers.get("sites")
    if table is None:
        return [say("plan.gpkg has no layer of sites")]
    told, right = table["site_id"].astype(str), case.sites["id"]
    found = apart(say("rows of the site layer"), len(told), len(right))
    found += [say("{name} is missing", name=i) for i in sorted(set(right) - set(told))]
    return found + [say("{name} is no site of the study", name=i) for i in sorted(set(told) - set(right))]


def the_site_layer_says_what_the_result_says(case: Case) -> list[Message]:
    """Chosen, open, status, cost, capacity, group, tier and units of every site."""
    table = _by_site(case)
    sites, new = case.sites, case.sites["open"] & case.sites["new"]
    right = {
        "chosen": new,
        "open": sites["open"],
        "status": sites["status"],
        "group": sites["group"],
        "cost": sites["cost"],
        "capacity": sites["capacity"].replace(np.inf, np.nan),
        **{f"{kind}_units": pd.Series(count) for kind, count in case.units.items()},
    }
    if case.programme.tiers:
        right["tier"] = sites["tier"].map(lambda i: case.programme.tiers[i].name)
    found = []
    for column, values in right.items():
        if column not in table:
            found.append(say("the site layer has no column {column}", column=column))
            continue
        found += _unlike(case, column, table[column], values)
    return found


def what_sites_reach_and_serve_is_as_told(case: Case) -> list[Message] | None:
    """Columns reachable_weight, sole_weight, added_weight, served_places, served_weight and served_load of the sites.

    What a site reaches is not compared where rounding decides whether a place that it reaches lies within the limit.
    """
    table = _by_site(case)
    if case.inputs.demand is None or "reachable_weight" not in table:
        return None
    weight, pairs, n = case.places["weight"].to_numpy(), case.pairs, len(case.sites)
    reachable = np.zeros(n)
    np.add.at(reachable, pairs.site, weight[pairs.place])
    own = pairs.where(case.open[pairs.site])
    alone = own.where(np.bincount(own.place, minlength=len(weight))[own.place] == 1)
    sole = np.zeros(n)
    np.add.at(sole, alone.site, weight[alone.place])
    right: dict[str, FloatArray] = {"reachable_weight": reachable, "sole_weight": sole}
    if "added_weight" in table:
        unreached = pairs.where(~np.isin(pairs.place, own.place))
        right["added_weight"] = np.zeros(n)
        np.add.at(right["added_weight"], unreached.site, weight[unreached.place])
    reach_told = pairs.site[np.isin(pairs.place, case.doubts.place)]
    for column, values in right.items():
        unsure = np.union1d(reach_told, case.doubts.site).astype(np.int64)
        values[unsure] = table[column].to_numpy(dtype=np.float64)[unsure]
    if "served_weight" in table:
        rows = case.served["site"].to_numpy()
        amount = case.served["share"].to_numpy() * weight[case.served["place"]]
        right["served_places"] = np.bincount(rows, minlength=n).astype(np.float64)
        right["served_weight"] = np.bincount(rows, weights=amount, minlength=n).astype(np.float64)
        if case.has_loads and "served_load" in table:
            carried = case.served["share"].to_numpy() * case.places["load"].to_numpy()[case.served["place"]]
            right["served_load"] = np.bincount(rows, weights=carried, minlength=n).astype(np.float64)
    return [fault for name, values in right.items() for fault in _unlike(case, name, table[name], pd.Series(values))]


def layers_lie_where_the_study_has_them(case: Case) -> list[Message] | None:
    """Points of sites, and lines of the allocation from end to end."""
    points = geometry_of(case.layers.get("sites"))
    if points is None or "x" not in case.sites:
        return None
    table = case.layers["sites"]
    at = {str(i): p for i, p in zip(table["site_id"], points, strict=True)}
    found = [
        say("{site} lies {metres:.2f} m from its place in the study", site=site.id, metres=d)
        for site in case.sites.itertuples()
        if site.id in at and (d := _far(at[site.id], site.x, site.y)) > NEAR_M
    ]
    lines, demand = case.layers.get("allocation"), case.inputs.demand
    shapes = geometry_of(lines)
    if shapes is None or lines is None:
        return found
    ends = {str(site.id): (site.x, site.y) for site in case.sites.itertuples()}
    begins = dict(ends)
    if demand is not None and demand.xy is not None:
        begins = {str(i): (x, y) for i, (x, y) in zip(demand.ids, demand.xy, strict=True)}
    for link, a, b, line in zip(lines["link"], lines["from_id"], lines["to_id"], shapes, strict=True):
        first, last = shapely.get_point(line, 0), shapely.get_point(line, -1)
        start = (begins if link == "place-site" else ends)[str(a)]
        if max(_far(first, *start), _far(last, *ends[str(b)])) > NEAR_M:
            found.append(say("the line from {site} to {other} does not join them", site=a, other=b))
    return found


def _far(point: shapely.Geometry, x: float, y: float) -> float:
    where = shapely.get_coordinates(shapely.centroid(point))[0]
    return float(np.hypot(where[0] - x, where[1] - y))


def _by_site(case: Case) -> pd.DataFrame:
    """The site layer in the order of the study."""
    table = case.layers["sites"]
    return table.set_index(table["site_id"].astype(str)).reindex(case.sites["id"])


def _unlike(case: Case, column: str, told: pd.Series, right: pd.Series) -> list[Message]:
    """Rows in which a column says something else."""
    if pd.api.types.is_bool_dtype(right) or not pd.api.types.is_numeric_dtype(right):
        a = told.map(lambda v: "" if pd.isna(v) else str(_truth(v, right))).to_numpy()
        b = right.map(str).to_numpy()
        rows = np.flatnonzero(a != b)
    else:
        a, b = told.to_numpy(dtype=np.float64, na_value=np.nan), right.to_numpy(dtype=np.float64)
        rows = np.flatnonzero(~np.isclose(a, b, rtol=EXACT, atol=EXACT, equal_nan=True))
    return [
        say(
            "{column} of {site}: the layer says {told}, recomputed it is {right}",
            column=column,
            site=case.sites["id"].iloc[i],
            told=a[i],
            right=b[i],
        )
        for i in rows.tolist()
    ]


def _truth(value: object, right: pd.Series) -> object:
    return bool(value) if pd.api.types.is_bool_dtype(right) else value


LAYERS: tuple[Check[Case], ...] = (
    the_site_layer_has_every_site_of_the_study,
    the_site_layer_says_what_the_result_says,
    what_sites_reach_and_serve_is_as_told,
    layers_lie_where_the_study_has_them,
)
