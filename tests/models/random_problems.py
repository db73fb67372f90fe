"""Small random problems with every status, ties, empty rows and equal places."""

import numpy as np

from models.formulation import Rule
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import AtMostOneOf, Budget, Count, CoverageFloor, GroupCount, MinimumUse, Needs, Spacing
from models.rules.count import Side
from models.rules.money import MoneyShare


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
            cost=rng.integers(0, 6, n_sites).astype(float),
            closing_cost=rng.integers(0, 3, n_sites).astype(float),
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


def random_rules(
    rng: np.random.Generator, problem: SitingProblem, *, covers: bool = True, loads: bool = False, forced: int = -1
) -> tuple[Rule, ...]:
    """A random mixture of rules, each as likely to bind as not, that a model with shares or loads claims."""
    return mixed_rules(
        rng, problem.sites, problem.demand if covers else None, problem.demand if loads else None, forced=forced
    )


def mixed_rules(
    rng: np.random.Generator,
    sites: Sites,
    covered: Demand | None,
    loaded: Demand | None,
    *,
    forced: int = -1,
    richest: int = 14,
    money: bool = True,
) -> tuple[Rule, ...]:
    """As `random_rules`; `covered` and `loaded` are the demand of models that cover and that assign, else None.

    Rule number `forced` of those that can be stated is always among them; budgets are below `richest`.
    """
    pool = rule_pool(rng, sites, covered, loaded, richest, money)
    chosen = rng.random(len(pool)) < 0.25
    if forced >= 0:
        chosen[forced % len(pool)] = True
    return tuple(rule for rule, take in zip(pool, chosen, strict=True) if take)


def rule_pool(
    rng: np.random.Generator,
    sites: Sites,
    covered: Demand | None,
    loaded: Demand | None,
    richest: int = 14,
    money: bool = True,
) -> list[Rule]:
    """One rule of every kind that the sites and the demand allow to be stated; on shares of `money` without units."""
    ids, n = sites.ids, len(sites)
    able = int((sites.is_new & ~sites.fixed_closed).sum())
    owner = tuple(("city", "rail", "")[k] for k in rng.integers(0, 3, n))
    pool: list[Rule] = [
        Count(int(rng.integers(0, able + 1)), ("exactly", "at least", "at most")[rng.integers(0, 3)]),
        Budget(float(rng.integers(2, richest))),
        AtMostOneOf((tuple(rng.choice(ids, min(3, n), replace=False)),)),
        AtMostOneOf((tuple(rng.choice(ids, 2, replace=False)),), key="forbidden_pairs"),
        Needs((tuple(rng.choice(ids, 2, replace=False)),)),
        Spacing(float(rng.integers(1, 4)), from_existing=bool(rng.random() < 0.5)),
    ]
    if any(g and new for g, new in zip(sites.group, sites.is_new, strict=True)):
        pool.append(GroupCount(int(rng.integers(1, 4)), "at most"))
        pool.append(GroupCount(*_reachable_least(rng, sites, sites.group)))
    if any(g and new for g, new in zip(owner, sites.is_new, strict=True)):
        pool.append(GroupCount(1, "at most", owner, "owner", "open" if rng.random() < 0.5 else "new"))
        number, side = _reachable_least(rng, sites, owner)
        pool.append(GroupCount(number, "exactly" if rng.random() < 0.3 else side, owner, "owner"))
    if money and any(sites.group):
        pool.append(MoneyShare(float(rng.choice([0.4, 0.6, 0.8]))))
    if covered is not None and covered.weight.any():
        pool.append(CoverageFloor(float(rng.choice([0.1, 0.3, 0.5]))))
    if loaded is not None:
        pool.append(
            MinimumUse(rng.integers(0, 4, n).astype(float) if rng.random() < 0.5 else float(rng.integers(1, 4)))
        )
    return pool


def _reachable_least(rng: np.random.Generator, sites: Sites, of: tuple[str, ...]) -> tuple[dict[str, int], Side]:
    """A number for one group that its candidates can reach."""
    names = sorted({g for g, new in zip(of, sites.is_new, strict=True) if g and new})
    name = names[rng.integers(0, len(names))]
    able = sum(g == name and n and not f for g, n, f in zip(of, sites.is_new, sites.fixed_closed, strict=True))
    return {name: int(rng.integers(0, able + 1))}, "at least"
