"""What each rule means, by plain arithmetic over one choice of sites: independent of the rules' own rows and checks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.formulation import Rule
from models.problem import Demand, Sites, SiteStatus
from models.rules import (
    AtMostOneOf,
    Budget,
    Count,
    CoverageFloor,
    Decided,
    GroupCount,
    MinimumUse,
    Needs,
    Spacing,
    UnitsTotal,
)
from models.rules.money import MoneyShare

NEW = (SiteStatus.CANDIDATE, SiteStatus.REQUIRED, SiteStatus.FORBIDDEN)


@dataclass(frozen=True, eq=False)
class Asks:
    """What rules ask of more than the choice of sites: money, shares by district, least loads (n_sites,), units."""

    budget: float = np.inf
    floors: dict[str, float] = field(default_factory=dict)
    least: FloatArray | None = None
    units: int | None = None

    def met(self, *, cost: float, shares: dict[str, float], load: FloatArray | None, opened: BoolArray) -> bool:
        """Are they met by a plan whose cost, shares and loads are known?"""
        if cost > self.budget + 1e-9 or any(shares[g] < s - 1e-9 for g, s in self.floors.items()):
            return False
        return (
            self.least is None or load is None or all(load[j] >= self.least[j] - 1e-9 for j in np.flatnonzero(opened))
        )


def asks_of(rules: Sequence[Rule], sites: Sites, demand: Demand | None) -> Asks:
    """The rules that concern more than the choice of sites."""
    budget, floors, least, units = np.inf, dict[str, float](), None, None
    for rule in rules:
        if isinstance(rule, Budget):
            budget = min(budget, rule.amount)
        elif isinstance(rule, UnitsTotal):
            units = rule.number
        elif isinstance(rule, MinimumUse):
            least = np.broadcast_to(np.asarray(rule.amount, dtype=float), (len(sites),))
        elif isinstance(rule, CoverageFloor):
            assert demand is not None
            for name in district_weight(demand):
                share = rule.share if isinstance(rule.share, float) else rule.share.get(name, 0.0)
                floors[name] = max(floors.get(name, 0.0), share)
    return Asks(budget, floors, least, units)


def district_weight(demand: Demand) -> dict[str, float]:
    """District -> weight, those with weight only; places without a district are one called `all`."""
    found: dict[str, float] = {}
    for name, weight in zip(demand.group, demand.weight, strict=True):
        found[name or "all"] = found.get(name or "all", 0.0) + float(weight)
    return {name: total for name, total in found.items() if total > 0}


def shares_of(demand: Demand, covered: FloatArray) -> dict[str, float]:
    """District -> covered share, for the covered share (n_demand,) of every place."""
    total = district_weight(demand)
    got = dict.fromkeys(total, 0.0)
    for name, weight, share in zip(demand.group, demand.weight, covered, strict=True):
        if (name or "all") in got:
            got[name or "all"] += float(weight) * float(share)
    return {name: got[name] / total[name] for name in total}


def sites_cost(sites: Sites, opened: BoolArray) -> float:
    """What opening and closing costs."""
    cost = 0.0
    for j in range(len(sites)):
        if opened[j] and sites.status[j] in NEW:
            cost += float(sites.cost[j])
        if not opened[j] and sites.status[j] == SiteStatus.CLOSABLE:
            cost += float(sites.closing_cost[j])
    return cost


def kept(rule: Rule, sites: Sites, opened: BoolArray) -> bool:
    """Does a choice of sites (n_sites,) keep a rule? True for rules that concern more than that: see `asks_of`."""
    here = {sites.ids[j] for j in range(len(sites)) if opened[j]}
    new = [j for j in range(len(sites)) if opened[j] and sites.status[j] in NEW]
    if isinstance(rule, Count):
        return _side(len(new), rule.number, rule.side)
    if isinstance(rule, GroupCount):
        return _groups_kept(rule, sites, opened)
    if isinstance(rule, AtMostOneOf):
        return all(sum(site in here for site in chosen) <= 1 for chosen in rule.sets)
    if isinstance(rule, Decided):
        return all((site in here) == rule.is_open for site in rule.ids)
    if isinstance(rule, Needs):
        return all(b in here for a, b in rule.pairs if a in here)
    if isinstance(rule, Spacing):
        there = [j for j in range(len(sites)) if opened[j] and j not in new and rule.from_existing]
        return all(_apart(sites, j, k) >= rule.distance_m for j in new for k in [*new, *there] if k != j)
    if isinstance(rule, MoneyShare):
        return _money_kept(rule, sites, opened)
    assert isinstance(rule, Budget | CoverageFloor | MinimumUse | UnitsTotal)
    return True


def _groups_kept(rule: GroupCount, sites: Sites, opened: BoolArray) -> bool:
    names = sites.group if rule.of is None else rule.of
    counts = [s in NEW or (rule.counts == "open" and s != SiteStatus.COMPETITOR) for s in sites.status]
    for name in {g for g, c in zip(names, counts, strict=True) if c and g}:
        if isinstance(rule.number, int):
            number = rule.number
        elif name in rule.number:
            number = rule.number[name]
        else:
            continue
        if not _side(sum(opened[j] and counts[j] and names[j] == name for j in range(len(sites))), number, rule.side):
            return False
    return True


def _money_kept(rule: MoneyShare, sites: Sites, opened: BoolArray) -> bool:
    """What every district costs against its share of the whole; without units."""
    alone = [np.arange(len(sites)) == j for j in range(len(sites))]
    closed = {j: sites.status[j] == SiteStatus.CLOSABLE and not opened[j] for j in range(len(sites))}
    cost = {j: float(sites.cost[j]) * bool((alone[j] & opened).any() and sites.status[j] in NEW) for j in closed}
    cost = {j: cost[j] + float(sites.closing_cost[j]) * closed[j] for j in cost}
    total = sum(cost.values())
    for name in {g for g in sites.group if g}:
        share = rule.share if isinstance(rule.share, float) else rule.share.get(name, 1.0)
        if sum(c for j, c in cost.items() if sites.group[j] == name) > share * total + 1e-9:
            return False
    return True


def _apart(sites: Sites, j: int, k: int) -> float:
    assert sites.xy is not None
    return float(((sites.xy[j] - sites.xy[k]) ** 2).sum() ** 0.5)


def _side(n: int, number: int, side: str) -> bool:
    return {"exactly": n == number, "at least": n >= number, "at most": n <= number}[side]
