"""Thriftier plans of the same objective at city size: close what adds nothing, exchange for the cheaper.

A descent: every step keeps the objective and the rules and lowers the cost, or else the number of sites or units.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np

from models.arrays import BoolArray, IntArray, pairs_of
from models.coverage.margins import ByMargin
from models.figures import unit_costs_of
from models.placed import problem_of
from models.plan import Plan
from models.service import carrying_of
from solver.economy.measure import Ground
from solver.economy.service import FromOpen, by_flow

NEAR = 12
"""So many cheaper candidates are tried in the place of a site, those that share most places with it first."""


@runtime_checkable
class Sized(Protocol):
    """A formulation whose sites hold units that carry what they serve."""

    def unit_capacity(self) -> Mapping[str, float]:
        """Kind -> what one unit carries."""
        ...


def descended(ground: Ground, plan: Plan, *, until: float) -> Plan:
    """A plan that no step found in time betters; `until` is on the monotonic clock."""
    now = ground.measure(plan)
    changed = now is not None
    while changed and now is not None and time.monotonic() < until:
        changed = False
        for site in _dearest_first(ground, plan):
            if time.monotonic() > until:
                return plan
            if not plan.open[site]:
                continue
            for other in _steps(ground, plan, site):
                if time.monotonic() > until:
                    return plan
                measure = ground.measure(other)
                if measure is not None and measure.betters(now) and ground.values(other) is not None:
                    plan, now, changed = other, measure, True
                    break
    return plan


def _dearest_first(ground: Ground, plan: Plan) -> list[int]:
    sites = ground.model.sites
    new = np.flatnonzero(plan.open & sites.is_new & ~sites.fixed_open)
    return [int(j) for j in new[np.argsort(-sites.cost[new], kind="stable")]]


def _steps(ground: Ground, plan: Plan, site: int) -> Iterator[Plan]:
    """Plans without a site, with a cheaper one in its place, or with fewer units there."""
    model = ground.model
    if isinstance(model, FromOpen):
        if not isinstance(model, ByMargin) or model.losses(plan.open)[site] <= 0:
            yield model.plan_of(_turned(plan.open, closed=site))
        yield from _exchanged(ground, plan, site, model)
        return
    if not _is_used(plan, site):
        yield _closed(plan, np.array([site]))
    trimmed = _trimmed(ground, plan)
    if trimmed is not None:
        yield trimmed
    if _others_have_room(ground, plan, site):
        fewer = by_flow(model, _closed(plan, np.array([site])))
        if fewer is not None:
            yield fewer


def _exchanged(ground: Ground, plan: Plan, site: int, model: FromOpen) -> Iterator[Plan]:
    """The plan with a cheaper candidate in the place of a site."""
    sites = ground.model.sites
    may = ~plan.open & sites.is_new & ~sites.fixed_closed
    cheaper = np.flatnonzero(may & (sites.cost < sites.cost[site]))
    for other in _as_good(ground, plan.open, site, cheaper) if len(cheaper) else ():
        yield model.plan_of(_turned(plan.open, closed=site, opened=int(other)))


def _as_good(ground: Ground, is_open: BoolArray, site: int, others: IntArray) -> IntArray:
    """Those of the others that may make up for a site, cheapest first."""
    if isinstance(ground.model, ByMargin):
        loss = ground.model.losses(is_open)[site]
        gain = ground.model.gains(_turned(is_open, closed=site))[others]
        others = others[gain >= loss * (1 - 1e-12)]
    else:
        problem = problem_of(ground.model)
        if problem is None:
            return others[:NEAR]
        travel = problem.travel
        mine = np.zeros(travel.shape[0])
        rows, columns, _ = pairs_of(travel)
        mine[rows[columns == site]] = problem.demand.weight[rows[columns == site]]
        common = np.bincount(columns, weights=mine[rows], minlength=travel.shape[1])[others]
        others = others[np.argsort(-common, kind="stable")][:NEAR]
    return others[np.argsort(ground.model.sites.cost[others], kind="stable")]


def _trimmed(ground: Ground, plan: Plan) -> Plan | None:
    """The plan without the units that its load does not need, the dearest first; None where there are none."""
    if not isinstance(ground.model, Sized) or plan.served is None or ground.draft.demand is None:
        return None
    capacity, cost = ground.model.unit_capacity(), unit_costs_of(ground.model)
    load = np.asarray(ground.draft.demand.load @ plan.served)
    units = {kind: np.array(plan.units[kind]) for kind in capacity}
    spare = sum(capacity[kind] * count for kind, count in units.items()) - load * (1 + 1e-12)
    may = plan.open & ground.model.sites.is_new
    for kind in sorted(capacity, key=lambda k: -float(np.mean(cost[k]))):
        others = sum((units[k] for k in units if k != kind), np.zeros(len(load), dtype=np.int64))
        most = np.floor(np.maximum(spare, 0.0) / capacity[kind] + 1e-12).astype(np.int64)
        off = np.where(may, np.minimum(most, units[kind] - (others == 0)), 0).clip(min=0)
        units[kind] = units[kind] - off
        spare = spare - capacity[kind] * off
    if all((units[kind] == plan.units[kind]).all() for kind in units):
        return None
    return replace(plan, units={**plan.units, **units})


def _others_have_room(ground: Ground, plan: Plan, site: int) -> bool:
    """Is there room at other open sites, wherever they are, for what one site serves?"""
    carrying, demand = carrying_of(ground.model), ground.draft.demand
    if carrying is None or plan.served is None or demand is None:
        return False
    load = np.asarray(demand.load @ plan.served)
    room = np.maximum(0.0, np.minimum(carrying.carries(plan), float(load.sum())) - load)
    return bool(room.sum() - room[site] >= load[site] * (1 - 1e-9))


def _is_used(plan: Plan, site: int) -> bool:
    served = plan.served is not None and bool((plan.served.indices == site).any())
    links = plan.links is not None and bool((plan.links.indices == site).any() or plan.links[[site]].nnz)
    return served or links or (plan.served is None and plan.links is None)


def _closed(plan: Plan, sites: IntArray) -> Plan:
    """The plan without some sites and what they serve."""
    is_open = np.array(plan.open)
    is_open[sites] = False
    units = {kind: np.where(is_open, count, 0) for kind, count in plan.units.items()}
    served = plan.served
    if served is not None:
        served = served.copy()
        served.data[~is_open[served.indices]] = 0.0
        served.eliminate_zeros()
    return replace(plan, open=is_open, units=units, served=served)


def _turned(is_open: BoolArray, *, closed: int, opened: int | None = None) -> BoolArray:
    other = np.array(is_open)
    other[closed] = False
    if opened is not None:
        other[opened] = True
    return other
