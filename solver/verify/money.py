"""What a plan costs, added up from the study's layers, against what is told and what there is."""

import numpy as np

from models.arrays import FloatArray
from models.messages import Message, Money, say
from solver.verify.case import Case
from solver.verify.verdict import Check, apart

CENT = 0.01


def plan_cost(case: Case) -> float:
    """Opening new sites, closing what may close, units, and transport where a model pays for it."""
    return float(paid_by_site(case).sum()) + transport_cost(case)


def site_cost(case: Case) -> float:
    """Opening new sites and closing what may close."""
    return float(_site_cost_by_site(case).sum())


def paid_by_site(case: Case) -> FloatArray:
    """What is paid at every site (n_sites,): opening, closing, units; transport belongs to none."""
    return _site_cost_by_site(case) + units_cost_by_site(case)


def _site_cost_by_site(case: Case) -> FloatArray:
    table = case.sites
    opening = np.where(table["open"] & table["new"], table["cost"], 0.0)
    closing = np.where((table["status"] == "closable") & ~table["open"], table["closing"], 0.0)
    return np.asarray(opening + closing, dtype=np.float64)


def units_cost_by_site(case: Case) -> FloatArray:
    """What the piles, vehicles or modules of every site (n_sites,) cost."""
    paid = [case.money(kind.section.cost) * case.units[name] for name, kind in case.programme.unit_kinds.items()]
    return np.sum(paid, axis=0) if paid else np.zeros(len(case.sites))


def transport_cost(case: Case) -> float:
    """What carrying costs, in models that pay for it."""
    return 0.0 if case.model.transport is None else case.model.transport(case)


def the_cost_is_what_the_plan_costs(case: Case) -> list[Message]:
    """cost, to the cent."""
    found = plan_cost(case)
    told = case.entry["cost"]
    if told is not None and abs(told - found) <= CENT + 1e-9 * abs(found):
        return []
    return apart("cost", told, found, within=1e-9)


def the_budget_is_the_studys_and_is_kept(case: Case) -> list[Message] | None:
    """budget."""
    budget = case.programme.budget
    faults = apart("budget", case.entry["budget"], budget)
    if budget is None:
        return faults or None
    spent = plan_cost(case)
    if spent > budget + CENT + 1e-9 * budget:
        faults.append(say("the plan costs {spent}; the budget is {budget}", spent=Money(spent), budget=Money(budget)))
    return faults


MONEY: tuple[Check[Case], ...] = (the_cost_is_what_the_plan_costs, the_budget_is_the_studys_and_is_kept)
