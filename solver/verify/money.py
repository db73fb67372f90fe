"""What a plan costs, added up from the study's layers, against what is told and what there is."""

import numpy as np

from models.arrays import FloatArray
from solver.verify.case import Case
from solver.verify.tiers import access_lengths_m, feed_lengths_m
from solver.verify.verdict import Check, apart

CENT = 0.01


def plan_cost(case: Case) -> float:
    """Opening new sites, closing what may close, units, and transport where a model pays for it."""
    return site_cost(case) + units_cost(case) + transport_cost(case)


def site_cost(case: Case) -> float:
    """Opening and closing, site by site."""
    total = 0.0
    for site in case.sites.itertuples():
        if site.open and site.new:
            total += site.cost
        elif site.status == "closable" and not site.open:
            total += site.closing
    return float(total)


def units_cost(case: Case) -> float:
    """Piles or modules."""
    return float(units_cost_by_site(case).sum())


def units_cost_by_site(case: Case) -> FloatArray:
    """What the piles or modules of every site (n_sites,) cost."""
    p = case.programme
    kinds = p.piles.kinds if p.piles is not None else p.sizes
    paid = [case.money(kind.cost) * case.units[name] for name, kind in kinds.items()]
    return np.sum(paid, axis=0) if paid else np.zeros(len(case.sites))


def transport_cost(case: Case) -> float:
    """What carrying costs, in models that pay for it."""
    p = case.programme
    if p.model == "fixed-charge":
        price = price_of_travel(case)
        weight = case.wanted
        rows = zip(case.served["place"], case.served["site"], case.served["share"], strict=True)
        return float(
            sum(price * weight[i] * s * case.counted(case.travel_of[i, j]) for i, j, s in rows if weight[i] > 0)
        )
    return last_leg_cost(case) + between_tiers_cost(case) if p.model == "hierarchical" else 0.0


def last_leg_cost(case: Case) -> float:
    """Carrying between the places and the sites of tiers that serve them."""
    price = case.programme.transport_per_km
    if not price:
        return 0.0
    lengths, load = access_lengths_m(case), case.places["load"].to_numpy()
    rows = zip(case.served["place"], case.served["site"], case.served["share"], strict=True)
    return float(sum(price * load[i] * s * lengths[i, j] / 1000.0 for i, j, s in rows))


def between_tiers_cost(case: Case) -> float:
    """Carrying from each tier to the next."""
    p = case.programme
    if not any(tier.transport_per_km for tier in p.tiers):
        return 0.0
    lengths = feed_lengths_m(case)
    tier = case.sites["tier"].to_numpy()
    return float(
        sum(
            row.amount * p.tiers[tier[row.lower]].transport_per_km * lengths[row.upper, row.lower] / 1000.0
            for row in case.sent.itertuples()
            if p.tiers[tier[row.lower]].transport_per_km
        )
    )


def price_of_travel(case: Case) -> float:
    """CNY per unit of weight and metre, second, or unit of what travel counts as."""
    p, in_metres = case.programme, case.pairs.unit == "m"
    price = (p.transport_per_km if in_metres else p.transport_per_min) or 0.0
    return price if p.impedance is not None else price / (1000.0 if in_metres else 60.0)


def the_cost_is_what_the_plan_costs(case: Case) -> list[str]:
    """cost, to the cent."""
    found = plan_cost(case)
    told = case.entry["cost"]
    if told is not None and abs(told - found) <= CENT + 1e-9 * abs(found):
        return []
    return apart("cost", told, found, within=1e-9)


def the_budget_is_the_studys_and_is_kept(case: Case) -> list[str] | None:
    """budget."""
    budget = case.programme.budget
    faults = apart("budget", case.entry["budget"], budget)
    if budget is None:
        return faults or None
    spent = plan_cost(case)
    if spent > budget + CENT + 1e-9 * budget:
        faults.append(f"the plan costs {spent:,.2f} CNY; the budget is {budget:,.2f}")
    return faults


MONEY: tuple[Check[Case], ...] = (the_cost_is_what_the_plan_costs, the_budget_is_the_studys_and_is_kept)
