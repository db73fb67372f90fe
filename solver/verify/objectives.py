"""What a plan is worth by each model's definition, from the sites that are open and who is served."""

from collections.abc import Callable
from itertools import combinations

import numpy as np

from models.arrays import FloatArray
from solver.verify.case import Case
from solver.verify.flows import drives_of, flow_weights, weight_refuelled
from solver.verify.market import held
from solver.verify.money import plan_cost, site_cost
from solver.verify.service import assigns, best_cover
from solver.verify.verdict import TOLERANCE, Check, Unchecked, apart, shown


def covered_weight(case: Case) -> float:
    """Weight that the open sites cover, each place by its best (max-cover)."""
    return float(case.places["weight"].to_numpy() @ best_cover(case)[0])


def allocated_weight(case: Case) -> float:
    """Weight of what is served by the allocation."""
    rows = case.served
    return float(case.places["weight"].to_numpy()[rows["place"]] @ rows["share"].to_numpy())


def sites_or_cost(case: Case) -> float:
    """New sites, or what opening and closing costs (set-cover)."""
    if case.programme.objective == "cost":
        return site_cost(case)
    return float((case.sites["open"] & case.sites["new"]).sum())


def weighted_travel(case: Case) -> float:
    """Weight times travel: to the nearest open site, or as allocated within capacities (p-median)."""
    weight = case.wanted
    if assigns(case):
        rows = zip(case.served["place"], case.served["site"], case.served["share"], strict=True)
        return float(sum(weight[i] * s * case.counted(case.travel_of[i, j]) for i, j, s in rows if weight[i] > 0))
    least, _ = case.nearest()
    return float(sum(weight[i] * case.counted(least[i]) for i in np.flatnonzero(weight > 0).tolist()))


def worst_travel(case: Case) -> float:
    """Farthest travel of a place with weight to its nearest open site (p-center)."""
    least, _ = case.nearest()
    return float(max((least[i] for i in np.flatnonzero(case.wanted > 0).tolist()), default=0.0))


def least_distance(case: Case) -> float:
    """Least distance of a new open site from another open one (p-dispersion)."""
    apart_by, table = distances(case), case.sites
    new, may = table["new"].to_numpy(), table["may_open"].to_numpy()
    opened = np.flatnonzero(case.open).tolist()
    some = [min(apart_by[a, b], apart_by[b, a]) for a, b in combinations(opened, 2) if new[a] or new[b]]
    if some:
        return float(min(some))
    able = np.flatnonzero(may).tolist()
    return float(max(min(apart_by[a, b], apart_by[b, a]) for a, b in combinations(able, 2) if new[a] or new[b]))


def distances(case: Case) -> FloatArray:
    """Distance (n_sites, n_sites) in a straight line, or along the roads as far as the reach."""
    reach, table = case.programme.reach, case.sites
    if reach is None:
        x, y = table["x"].to_numpy(), table["y"].to_numpy()
        return np.asarray(np.sqrt((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2))
    points = case.points_of(np.arange(len(table)))
    pairs = case.travel.between(points, points, reach)
    found = np.full((len(table), len(table)), reach.limit)
    found[pairs.place, pairs.site] = np.minimum(pairs.travel, reach.limit)
    return found


def refuelled(case: Case) -> float:
    """Vehicles a day refuelled: the trips that can be driven, or with capacities the shares that are told of them."""
    if not np.isfinite(case.sites["capacity"]).any():
        return weight_refuelled(case, case.open)
    table = case.layers.get("flows")
    if table is None:
        raise Unchecked("stations have capacities, and the result does not say which flows they refuel")
    return float(flow_weights(case) @ table["refuelled_share"].to_numpy(dtype=np.float64))


def captured(case: Case) -> float:
    """Weight drawn from competitors, or what is paid for the target share of it (market-share)."""
    market = case.programme.market
    if market is None or market.target_share is None:
        return held(case)[0]
    if case.programme.objective == "cost":
        return site_cost(case)
    return float((case.sites["open"] & case.sites["new"]).sum())


def tiers_worth(case: Case) -> float:
    """Weight served through the tiers, or the cost of serving everyone (hierarchical)."""
    return plan_cost(case) if case.programme.objective == "cost" else allocated_weight(case)


WORTH: dict[str, Callable[[Case], float]] = {
    "max-cover": covered_weight,
    "set-cover": sites_or_cost,
    "capacitated-cover": allocated_weight,
    "p-median": weighted_travel,
    "p-center": worst_travel,
    "p-dispersion": least_distance,
    "fixed-charge": plan_cost,
    "market-share": captured,
    "charging": allocated_weight,
    "flow-refuelling": refuelled,
    "hierarchical": tiers_worth,
}
"""Model -> what a plan of one year is worth."""


def worth_of(case: Case) -> float:
    """What the plan is worth by its model."""
    return WORTH[case.programme.model](case)


def the_objective_is_what_the_plan_is_worth(case: Case) -> list[str] | None:
    """objective, recomputed by the definition of the model."""
    if case.programme.phasing is not None:
        return None
    return apart(f"objective ({case.entry['objective_unit']})", case.entry["objective"], worth_of(case))


def flows_are_refuelled_as_they_can_be_driven(case: Case) -> list[str] | None:
    """The layer of flows: ends, vehicles and shares; a trip that cannot be driven is not refuelled, one that can is."""
    flows, table = case.inputs.flows, case.layers.get("flows")
    if flows is None or table is None:
        return None
    found = apart("rows of the layer of flows", len(table), len(flows.weight))
    if found:
        return found
    ids, limited = flows.terminal_ids, np.isfinite(case.sites["capacity"]).any()
    driven = drives_of(case).refuelled(case.open)
    weights = flow_weights(case)
    for i, row in enumerate(table.itertuples()):
        name = f"{ids[flows.origin[i]]} - {ids[flows.destination[i]]}"
        found += apart(f"flow {i + 1}", f"{row.from_id} - {row.to_id}", name)
        found += apart(f"vehicles of {name}", float(row.weight), float(weights[i]))
        share = float(row.refuelled_share)
        if share > driven[i] + TOLERANCE or share < -TOLERANCE or (not limited and share < driven[i] - TOLERANCE):
            found.append(f"{name} is refuelled to {share:.4%}; its trip can{'' if driven[i] else 'not'} be driven")
    return found


def no_more_is_refuelled_than_stations_can(case: Case) -> list[str] | None:
    """With capacities: no more than trips that can be driven, and than what the stations have in stock."""
    vehicle = case.programme.vehicle
    if vehicle is None or vehicle.kg_per_refuel is None or case.programme.phasing is not None:
        return None
    told, most = case.entry["objective"], weight_refuelled(case, case.open)
    slack = TOLERANCE * max(1.0, told)
    found = [f"{shown(told)} are refuelled; at most {shown(most)} can be driven"] if told > most + slack else []
    stock = case.sites["capacity"][case.sites["open"]].sum() / vehicle.kg_per_refuel
    needless = weight_refuelled(case, np.zeros(len(case.sites), dtype=bool))
    if told - needless > stock + slack:
        found.append(f"{shown(told - needless)} need a stop; the stations have {shown(float(stock))} stops a day")
    return found


def the_target_share_is_reached(case: Case) -> list[str] | None:
    """market.target_share."""
    market = case.programme.market
    if market is None or market.target_share is None:
        return None
    share = held(case)[0] / float(case.places["weight"].sum())
    wanted = market.target_share
    return [f"{share:.6%} is captured; the target is {wanted:.6%}"] if share < wanted - TOLERANCE else []


VALUE: tuple[Check[Case], ...] = (
    the_objective_is_what_the_plan_is_worth,
    flows_are_refuelled_as_they_can_be_driven,
    no_more_is_refuelled_than_stations_can,
    the_target_share_is_reached,
)
