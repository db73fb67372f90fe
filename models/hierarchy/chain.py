"""What a plan of tiers is worth and whether it holds, from problem and plan alone: no classes, no columns, no rows."""

import numpy as np

from models.arrays import FloatArray, IntArray, Sparse, pairs_of
from models.hierarchy.tiers import TierProblem
from models.messages import Message, say
from models.plan import Plan


def served_weight(problem: TierProblem, plan: Plan) -> float:
    """Weight served through open chains: what reaches a site from the highest tier, at most what it hands out.

    From the highest tier down, the part of what a site sends that it can account for is what it got from open sites
    within reach (all of it at a source); the same part of what it serves counts.
    """
    n = len(problem.sites)
    given, worth = np.zeros(n), np.zeros(n)
    place, site, share = _pairs(plan.served, problem.access, plan)
    np.add.at(given, site, share * problem.demand.load[place])
    np.add.at(worth, site, share * problem.demand.weight[place])
    upper, lower, amount = _pairs(plan.links, problem.feed, plan, sites=True)
    out = given + np.bincount(upper, weights=amount, minlength=n)
    backed = np.where(problem.is_source & plan.open, 1.0, 0.0)
    for tier in range(1, problem.n_tiers):
        into = np.bincount(lower, weights=amount * backed[upper], minlength=n)
        here = (problem.tier == tier) & plan.open & (out > 0)
        backed[here] = np.minimum(1.0, into[here] / out[here])
    return float(worth @ backed)


def plan_cost(problem: TierProblem, plan: Plan) -> float:
    """Opening and closing of sites plus transport of the load that is fed and served."""
    sites = problem.sites
    cost = sites.plan_cost(plan.open)
    for matrix, prices, carried, weight in (
        (problem.access, problem.access_cost, plan.served, problem.demand.load),
        (problem.feed, problem.feed_cost, plan.links, np.ones(len(sites))),
    ):
        if carried is None:
            continue
        rows, columns, _ = pairs_of(matrix)
        amount = np.asarray(carried[rows, columns]).ravel() * weight[rows] if len(rows) else np.empty(0)
        cost += float(amount @ np.asarray(prices))
    return cost


def total_travel_of_tiers(problem: TierProblem, plan: Plan) -> float:
    """Load times travel from places to their sites, and amounts times travel from tier to tier."""
    total = 0.0
    for matrix, carried, weight in (
        (problem.access, plan.served, problem.demand.load),
        (problem.feed, plan.links, np.ones(len(problem.sites))),
    ):
        if carried is not None and carried.nnz:
            rows, columns, amount = pairs_of(carried)
            total += float((amount * weight[rows]) @ np.asarray(matrix[rows, columns]).ravel())
    return total


def chain_faults(problem: TierProblem, plan: Plan, *, tolerance: float = 1e-6) -> list[Message]:
    """How a plan breaks the chain: closed sites used, reach or capacity passed, more handed on than received."""
    sites, n = problem.sites, len(problem.sites)
    faults: list[Message] = []
    given, sent, got = np.zeros(n), np.zeros(n), np.zeros(n)
    if plan.served is not None:
        place, site, share = pairs_of(plan.served)
        np.add.at(given, site, share * problem.demand.load[place])
        total = np.bincount(place, weights=share, minlength=len(problem.demand))
        faults += [
            say("{place} is served {total:.6g} times", place=problem.demand.ids[k], total=total[k])
            for k in np.flatnonzero(total > 1 + tolerance)
        ]
        faults += _outside(plan.served, problem.access, problem.demand.ids, sites.ids)
    if plan.links is not None:
        upper, lower, amount = pairs_of(plan.links)
        np.add.at(sent, upper, amount)
        np.add.at(got, lower, amount)
        faults += _outside(plan.links, problem.feed, sites.ids, sites.ids)
    out = given + sent
    size = np.maximum(1.0, out)
    unused, over = ~plan.open & (out + got > tolerance), out > sites.capacity + tolerance * size
    unfed = ~problem.is_source & (out > got + tolerance * size)
    faults += [say("{site} is closed but used", site=sites.ids[j]) for j in np.flatnonzero(unused)]
    faults += [say("{site} carries more than its capacity", site=sites.ids[j]) for j in np.flatnonzero(over)]
    return faults + [say("{site} hands on more than it receives", site=sites.ids[j]) for j in np.flatnonzero(unfed)]


def _pairs(
    carried: Sparse | None, reach: Sparse, plan: Plan, *, sites: bool = False
) -> tuple[IntArray, IntArray, FloatArray]:
    """Pairs within reach between open sites with what the plan says they carry."""
    rows, columns, _ = pairs_of(reach)
    if carried is None or not len(rows):
        return rows[:0], columns[:0], np.empty(0)
    amount = np.asarray(carried[rows, columns]).ravel()
    usable = (amount > 0) & plan.open[columns]
    if sites:
        usable &= plan.open[rows]
    return rows[usable], columns[usable], amount[usable]


def _outside(carried: Sparse, reach: Sparse, row_ids: tuple[str, ...], column_ids: tuple[str, ...]) -> list[Message]:
    rows, columns, _ = pairs_of(reach)
    within = set(zip(rows.tolist(), columns.tolist(), strict=True))
    rows, columns, amount = pairs_of(carried)
    return [
        say("{row_ids} and {column_ids} are beyond each other's reach", row_ids=row_ids[i], column_ids=column_ids[j])
        for i, j, a in zip(rows.tolist(), columns.tolist(), amount, strict=True)
        if a > 0 and (i, j) not in within
    ]
