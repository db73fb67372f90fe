"""First plans of least worst travel and of greatest least distance: the farthest next.

The place that is farthest from what is open gets the site nearest to it; the site that is farthest from all that are
open opens. Gonzalez (1985), Clustering to minimize the maximum intercluster distance, Theoretical Computer Science 38;
for dispersion: White (1991), The maximal-dispersion problem, IMA J. Mathematics Applied in Medicine and Biology 8.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import pairs_of
from models.dispersion import PDispersion
from models.figures import cost_of
from models.formulation import Formulation, Rule
from models.median.p_center import PCenter
from models.placed import problem_of
from models.plan import Plan
from models.rules import asked


def nearest_to_the_farthest(model: PCenter, rules: Sequence[Rule]) -> Plan | None:
    """Sites for the farthest place, one after another, as many as may open; None where that breaks a rule."""
    problem, sites = model.problem, model.sites
    number = _most(model, rules)
    place, site, travel = pairs_of(problem.travel)
    use = ~sites.fixed_closed[site] & (problem.demand.weight[place] > 0)
    place, site, travel = place[use], site[use], travel[use]
    start = np.searchsorted(place, np.arange(len(problem.demand) + 1))
    by_site = np.argsort(site, kind="stable")
    ends = np.searchsorted(site[by_site], np.arange(len(sites) + 1))
    is_open = sites.fixed_open | (~sites.is_new & ~sites.fixed_closed)
    nearest = np.where(problem.demand.weight > 0, np.inf, -np.inf)
    for j in np.flatnonzero(is_open):
        own = by_site[ends[j] : ends[j + 1]]
        np.minimum.at(nearest, place[own], travel[own])
    for _ in range(number - int((is_open & sites.is_new).sum())):
        farthest = int(np.argmax(nearest))
        pairs = np.arange(start[farthest], start[farthest + 1])
        pairs = pairs[~is_open[site[pairs]]]
        if not len(pairs):
            left = np.flatnonzero(~is_open & ~sites.fixed_closed)
            if not len(left):
                break
            new = int(left[0])
        else:
            new = int(site[pairs[np.argmin(travel[pairs])]])
        is_open[new] = True
        own = by_site[ends[new] : ends[new + 1]]
        np.minimum.at(nearest, place[own], travel[own])
    return None if np.isposinf(nearest).any() else _kept(model, rules, model.plan_of(is_open))


def farthest_from_all(model: PDispersion, rules: Sequence[Rule]) -> Plan | None:
    """The site farthest from what is open, one after another, as many as must open; None where that breaks a rule."""
    sites, distance = model.sites, np.minimum(model.distance, model.distance.T)
    few = asked.fewest(rules)
    number = 2 if few is None else few
    is_open = sites.fixed_open | (~sites.is_new & ~sites.fixed_closed)
    free = ~is_open & ~sites.fixed_closed
    if not is_open.any() and free.any():
        far = np.where(free[:, None] & free[None, :], distance, -1.0)
        is_open[int(np.argmax(far.max(axis=1)))] = True
    least = distance[is_open].min(axis=0) if is_open.any() else np.full(len(sites), np.inf)
    while int((is_open & sites.is_new).sum()) < number:
        left = np.where(is_open | sites.fixed_closed, -1.0, least)
        new = int(np.argmax(left))
        if left[new] < 0:
            return None
        is_open[new] = True
        least = np.minimum(least, distance[new])
    return _kept(model, rules, Plan(open=is_open))


def _most(model: Formulation, rules: Sequence[Rule]) -> int:
    """How many new sites may open."""
    may = int((model.sites.is_new & ~model.sites.fixed_closed).sum())
    many = asked.most(rules)
    return may if many is None else min(may, many)


def _kept(model: Formulation, rules: Sequence[Rule], plan: Plan) -> Plan | None:
    places = problem_of(model)
    sites, demand = model.sites, None if places is None else places.demand
    cost = cost_of(model, plan)
    return None if any(rule.violations(sites, demand, plan, cost) for rule in rules) else plan
