"""What money buys where: by programme and district, the cost, the gain, and what one more million would bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.arrays import FloatArray
from models.formulation import Draft, formulate
from models.messages import say
from models.plan import Plan
from models.portfolio import Member
from models.problem import SiteStatus
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.optimise.posed import PosedProgramme
from solver.results.result import in_both

MILLION = 1e6
BEFORE_S = 20.0
"""Most seconds for what the sites that are there cover by themselves."""
HOW = say("price of money at which the linear relaxations of the programmes spend the budget (Lagrangian dual)")
ELSEWHERE = say("transport")
"""The district of cost that belongs to no site."""


@dataclass(frozen=True, eq=False)
class Before:
    """What is covered without any new site: the programme's value, and the share of every place (n_demand,)."""

    value: float
    served: FloatArray | None


def member_figures(
    member: Member, posed: PosedProgramme, plan: Plan, draft: Draft, values: FloatArray, price: float | None
) -> dict[str, Any]:
    """Figures of one programme of a joint plan.

    `price` is what a unit of money adds to the weighted shares, None if unknown.

    `draft` and `values` (n_columns,) are those of the programme alone.
    """
    value = member.formulation.objective_of(plan)
    by_site = cost_by_site(draft, values)
    total = cost_of_draft(draft, values)
    before = before_of(posed)
    gained = None if before is None else value - before.value
    return {
        "weight": member.weight,
        "floor_share": member.floor,
        "full_value": member.full,
        "share_of_full_value": value / member.full,
        "gained": gained,
        "gained_per_million": _per_million(gained, total),
        "one_more_million_gains": None if price is None else price * MILLION / member.factor,
        **in_both("one_more_million_how", HOW),
        "money_by_district": _districts(posed, plan, by_site, total - float(by_site.sum()), before),
    }


def before_of(posed: PosedProgramme) -> Before | None:
    """What the sites that are there cover by themselves, rules aside; None where that cannot be said."""
    draft, program = formulate(posed.formulation, ())
    sites = posed.formulation.sites
    there = sites.is_(SiteStatus.EXISTING, SiteStatus.CLOSABLE)
    if not there.any():
        return Before(program.offset, None if draft.demand is None else np.zeros(len(draft.demand)))
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[draft.open.index] = upper[draft.open.index] = there
    answer = Highs().run(program.with_bounds(lower=lower, upper=upper), Ask(time_limit_s=BEFORE_S, gap=1e-4))
    if answer.values is None or answer.outcome.ended != "proven":
        return None
    plan = posed.formulation.read_plan(draft, answer.values)
    return Before(posed.formulation.objective_of(plan), served_of(plan))


def served_of(plan: Plan) -> FloatArray | None:
    """Share (n_demand,) of every place that a plan serves, None where it serves no places."""
    return None if plan.served is None else np.minimum(1.0, np.asarray(plan.served.sum(axis=1)).ravel())


def cost_of_draft(draft: Draft, values: FloatArray) -> float:
    """Cost of column values (n_columns,)."""
    return draft.base_cost + sum(float((matrix @ block.of(values))[0]) for matrix, block in draft.cost)


def cost_by_site(draft: Draft, values: FloatArray) -> FloatArray:
    """Cost (n_sites,) of opening, closing and units; transport belongs to no site."""
    sites = draft.sites
    cost = np.where(sites.is_(SiteStatus.CLOSABLE), sites.closing_cost, 0.0)
    own = [draft.open, *draft.units.values()]
    for matrix, block in draft.cost:
        if any(block is each for each in own):
            cost = cost + matrix.toarray().ravel() * block.of(values)
    return cost


def _districts(
    posed: PosedProgramme, plan: Plan, by_site: FloatArray, rest: float, before: Before | None
) -> dict[str, dict[str, float | None]]:
    """District -> cost of what is opened in it, what the people in it gain, and the gain for each million."""
    cost: dict[str, float] = {}
    for group, value in zip(posed.formulation.sites.group, by_site, strict=True):
        cost[group or "all"] = cost.get(group or "all", 0.0) + float(value)
    if abs(rest) > 1.0:
        cost[str(ELSEWHERE)] = rest
    gain: dict[str, float] = {}
    served, demand = served_of(plan), None if posed.problem is None else posed.problem.demand
    known = served is not None and before is not None and before.served is not None and demand is not None
    if demand is not None and served is not None and before is not None and before.served is not None:
        for group, value in zip(demand.group, demand.weight * (served - before.served), strict=True):
            gain[group or "all"] = gain.get(group or "all", 0.0) + float(value)
    names = sorted({*cost, *gain})
    return {
        name: {
            "cost": cost.get(name, 0.0),
            "gained": gain.get(name, 0.0) if known else None,
            "gained_per_million": _per_million(gain.get(name, 0.0) if known else None, cost.get(name, 0.0)),
        }
        for name in names
    }


def _per_million(gained: float | None, cost: float) -> float | None:
    return None if gained is None or cost <= 0 else gained / (cost / MILLION)


def joint_districts(members: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """District -> what each programme and all of them spend in it."""
    found: dict[str, dict[str, float]] = {}
    for name, figures in members.items():
        for district, part in figures["money_by_district"].items():
            row = found.setdefault(district, {"cost": 0.0})
            row["cost"] += part["cost"]
            row[f"{name}_cost"] = part["cost"]
    return dict(sorted(found.items()))
