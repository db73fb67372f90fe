"""`hierarchical`: sites in tiers that feed each other (Narula 1984)."""

import numpy as np

from models.arrays import IntArray
from solver.verify.bounds import Draft, Sum, Terms
from solver.verify.case import Case, Model, always, money_name, of_all_places, of_none, weight_name
from solver.verify.money import plan_cost
from solver.verify.proven import proven_of_pairs
from solver.verify.rule import prices
from solver.verify.service import allocated_weight
from solver.verify.tier_program import tier_columns
from solver.verify.tiers import TIERS, access_lengths_m, feed_lengths_m, feeds


def _by_cost(case: Case) -> bool:
    return case.programme.objective == "cost"


def tiers_worth(case: Case) -> float:
    """Weight served through the tiers, or the cost of serving everyone."""
    return plan_cost(case) if _by_cost(case) else allocated_weight(case)


def _hierarchical(draft: Draft, case: Case, opened: IntArray) -> Terms:
    """Serving and feeding through tiers: the most served, or the least cost of serving all."""
    feed, carried = tier_columns(draft, case, opened)
    price, base = prices(case)
    nowhere = np.full(len(feed), -1)
    money = (Sum(opened, price, np.arange(len(price))), Sum(feed, carried, nowhere))
    if not _by_cost(case):
        return Terms(opened, money, base=base)
    draft.cost_of_sites(price)
    return Terms(opened, money, base=base, offset=base)


def transport_cost(case: Case) -> float:
    """Carrying between places and sites, and between tiers."""
    return last_leg_cost(case) + between_tiers_cost(case)


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


def _reachable(case: Case) -> float:
    """Weight of the places from which a chain of sites that may open leads to the highest tier."""
    may, tier = case.sites["may_open"].to_numpy(), case.sites["tier"].to_numpy()
    chained = may & (tier == 0)
    links = sorted(feeds(case), key=lambda pair: tier[pair[0]])
    for upper, lower in links:
        if chained[upper] and may[lower]:
            chained[lower] = True
    places = np.unique(case.pairs.place[chained[case.pairs.site]])
    return float(case.places["weight"].to_numpy()[places].sum())


HIERARCHICAL = Model(
    keys=frozenset({"demand", "reach", "tiers", "nested", "objective", "single_source", "transport_per_km", "phasing"}),
    words={"Programme.objective": ("coverage", "cost")},
    sections={"Tier": "name reach transport_per_km"},
    maximises=lambda case: not _by_cost(case),
    unit=lambda case: money_name(case) if _by_cost(case) else weight_name(case),
    worth=tiers_worth,
    bound=proven_of_pairs,
    program=_hierarchical,
    lacks=("single_source",),
    transport=transport_cost,
    assigns=always,
    loaded=True,
    serves_all=_by_cost,
    leaves_out=False,
    goes_to_best=False,
    chooses=False,
    idle_is_waste=False,
    asks=of_none,
    full_value=of_all_places,
    figures={"reachable_weight": _reachable},
    checks=TIERS,
)
