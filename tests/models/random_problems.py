"""Small random problems with every status, ties, empty rows and equal places."""

import numpy as np

from models.formulation import Rule
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import AtMostOneOf, Budget, Count, CoverageFloor, GroupCount, Needs, Spacing


def random_problem(rng: np.random.Generator, *, n_sites: int = 8, n_demand: int = 14) -> SitingProblem:
    """Points in a square, coarse coordinates so that ties happen, impedance kept within reach."""
    xy_sites = rng.integers(0, 8, size=(n_sites, 2)).astype(float)
    xy_demand = rng.integers(0, 8, size=(n_demand, 2)).astype(float)
    statuses = [SiteStatus.CANDIDATE] * 6 + [
        SiteStatus.EXISTING,
        SiteStatus.REQUIRED,
        SiteStatus.FORBIDDEN,
        SiteStatus.CLOSABLE,
    ]
    travel = np.abs(xy_demand[:, None, :] - xy_sites[None, :, :]).sum(axis=2)
    travel = np.where(travel <= rng.integers(2, 5), travel, np.inf)
    return SitingProblem.dense(
        Sites.of(
            [f"s{j}" for j in range(n_sites)],
            cost_cny=rng.integers(0, 6, n_sites).astype(float),
            closing_cost_cny=rng.integers(0, 3, n_sites).astype(float),
            status=np.array([int(statuses[k]) for k in rng.integers(0, len(statuses), n_sites)]),
            group=[("north", "south")[k] for k in rng.integers(0, 2, n_sites)],
            xy=xy_sites,
        ),
        Demand.of(
            [f"d{i}" for i in range(n_demand)],
            weight=rng.integers(0, 5, n_demand).astype(float),
            group=[("north", "south", "")[k] for k in rng.integers(0, 3, n_demand)],
            xy=xy_demand,
        ),
        travel,
        unit="m",
    )


def random_rules(rng: np.random.Generator, problem: SitingProblem) -> tuple[Rule, ...]:
    """A random mixture of rules, each as likely to bind as not."""
    ids = problem.sites.ids
    able = int((problem.sites.is_new & ~problem.sites.fixed_closed).sum())
    names = {g for g, new in zip(problem.sites.group, problem.sites.is_new, strict=True) if new and g}
    pool: list[Rule] = [
        Count(int(rng.integers(0, able + 1)), ("exactly", "at least", "at most")[rng.integers(0, 3)]),
        Budget(float(rng.integers(2, 14))),
        AtMostOneOf((tuple(rng.choice(ids, 3, replace=False)),)),
        AtMostOneOf((tuple(rng.choice(ids, 2, replace=False)),), key="forbidden_pairs"),
        Needs((tuple(rng.choice(ids, 2, replace=False)),)),
        Spacing(float(rng.integers(1, 4))),
    ]
    if names:
        pool.append(GroupCount(int(rng.integers(1, 4)), "at most"))
    if problem.demand.weight.any():
        pool.append(CoverageFloor(float(rng.choice([0.1, 0.3, 0.5]))))
    chosen = rng.random(len(pool)) < 0.35
    return tuple(rule for rule, take in zip(pool, chosen, strict=True) if take)
