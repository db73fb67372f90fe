"""A covering taken apart by districts: its bound holds for every plan, its plan keeps every rule."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from benchmarks.national import write_country
from models.arrays import BoolArray
from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.formulation import Rule
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import Budget, Count, GroupCount
from solver.engines.engine import Ask
from solver.optimise.decomposed import by_district, districts_of_model
from solver.solve import solve_study
from solver.study.read import read_study
from solver.workers.where import on_scheduler

N_SITES, N_PLACES = 9, 30


def country(seed: int) -> MaxCover:
    """Three districts of three sites; some places are reached from more than one."""
    rng = np.random.default_rng(seed)
    status = rng.choice(
        [SiteStatus.CANDIDATE, SiteStatus.REQUIRED, SiteStatus.EXISTING, SiteStatus.FORBIDDEN],
        N_SITES,
        p=[0.8, 0.05, 0.1, 0.05],
    )
    sites = Sites.of(
        [f"s{k}" for k in range(N_SITES)],
        cost=rng.integers(1, 9, N_SITES).astype(float),
        status=status.astype(np.int64),
        group=[f"d{k // 3}" for k in range(N_SITES)],
    )
    reach = sp.csr_array((rng.random((N_PLACES, N_SITES)) < 0.25).astype(np.float64))
    demand = Demand.of([str(k) for k in range(N_PLACES)], weight=rng.integers(1, 20, N_PLACES).astype(float))
    return MaxCover(SitingProblem(sites=sites, demand=demand, travel=reach, unit="m"))


def rules_of(model: MaxCover, seed: int) -> tuple[Rule, ...]:
    """Numbers and money that some plan keeps."""
    required = int(model.sites.is_(SiteStatus.REQUIRED).sum())
    shared: list[Rule] = [
        [Count(required + 3)],
        [Budget(14.0 + 9 * required)],
        [Count(6, "at most"), Budget(20.0 + 9 * required)],
    ][seed % 3]
    return (*shared, GroupCount(2 + required, "at most"), *([GroupCount({"d0": 1}, "at least")] if seed % 2 else []))


def best_by_trying_all(model: MaxCover, rules: tuple[Rule, ...]) -> float | None:
    """The most that any choice gives; None where none keeps the rules."""
    sites, best = model.sites, None
    for chosen in product([False, True], repeat=N_SITES):
        is_open: BoolArray = np.array(chosen)
        if (is_open & sites.fixed_closed).any() or (~is_open & sites.fixed_open).any():
            continue
        plan = model.plan_of(is_open)
        cost = sites.plan_cost(is_open)
        if any(rule.violations(sites, model.problem.demand, plan, cost) for rule in rules):
            continue
        worth = model.objective_of(plan)
        best = worth if best is None else max(best, worth)
    return best


@pytest.mark.parametrize("seed", range(24))
def test_the_bound_holds_and_the_plan_keeps_the_rules(seed: int) -> None:
    model = country(seed)
    rules = rules_of(model, seed)
    optimum = best_by_trying_all(model, rules)
    assert optimum is not None
    found = by_district(model, districts_of_model(model, rules), Ask(time_limit_s=20, gap=0.0), "highs")
    assert found.bound is not None
    assert found.bound >= optimum - 1e-6
    assert found.plan is not None
    cost = model.sites.plan_cost(found.plan.open)
    assert not [v for rule in rules for v in rule.violations(model.sites, model.problem.demand, found.plan, cost)]
    assert model.objective_of(found.plan) >= 0.9 * optimum


def test_what_ties_districts_otherwise_is_told() -> None:
    model = country(0)
    with pytest.raises(ProblemError, match="open_at_least"):
        districts_of_model(model, (Count(3, "at least"),))


def test_a_country_on_a_cluster_is_the_same_country(tmp_path: Path) -> None:
    """Places, sites and travel are read and put together here; the districts are solved by the workers."""
    distributed = pytest.importorskip("distributed")
    write_country(tmp_path, 4, limit_s=60.0, gap=0.01)
    file = read_study(tmp_path / "study.toml")
    here = solve_study(file).programmes["clinics"]
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        on_scheduler(cluster.scheduler_address),
    ):
        there = solve_study(file).programmes["clinics"]
    assert here.ended == "proven"
    assert here.gap is not None
    assert here.gap <= 0.01
    assert (there.objective, there.bound, there.sites) == (here.objective, here.bound, here.sites)
