"""The truth of portfolios and phases by trying everything: plain sets and sums, nothing of the formulations."""

import itertools
from dataclasses import dataclass, replace

import numpy as np

from models.problem import SiteStatus, SitingProblem
from tests.models.random_problems import random_problem


@dataclass(frozen=True)
class Choice:
    """One set of open sites with what it covers and what it costs."""

    open: frozenset[str]
    value: float
    cost: float


def choices(problem: SitingProblem, *, most_new: int | None = None) -> list[Choice]:
    """Every set of sites that statuses allow, at most `most_new` new ones; value: the weight they reach."""
    sites, weight = problem.sites, problem.demand.weight
    reach = [set(problem.travel[[i], :].indices.tolist()) for i in range(len(weight))]
    must = {j for j, s in enumerate(sites.status) if s in (SiteStatus.EXISTING, SiteStatus.REQUIRED)}
    never = {j for j, s in enumerate(sites.status) if s in (SiteStatus.FORBIDDEN, SiteStatus.COMPETITOR)}
    free = [j for j in range(len(sites)) if j not in must | never]
    found = []
    for size in range(len(free) + 1):
        for extra in itertools.combinations(free, size):
            chosen = must | set(extra)
            new = [j for j in chosen if sites.status[j] in (SiteStatus.CANDIDATE, SiteStatus.REQUIRED)]
            if most_new is not None and len(new) > most_new:
                continue
            closed = [j for j, s in enumerate(sites.status) if s == SiteStatus.CLOSABLE and j not in chosen]
            cost = sum(sites.cost[j] for j in new) + sum(sites.closing_cost[j] for j in closed)
            value = sum(w for w, near in zip(weight, reach, strict=True) if near & chosen)
            found.append(Choice(frozenset(sites.ids[j] for j in chosen), float(value), float(cost)))
    return found


def small_problem(rng: np.random.Generator, prefix: str, *, n_sites: int, n_demand: int) -> SitingProblem:
    """A random problem whose ids begin with `prefix`."""
    problem = random_problem(rng, n_sites=n_sites, n_demand=n_demand)
    return replace(problem, sites=replace(problem.sites, ids=tuple(f"{prefix}{i}" for i in problem.sites.ids)))
