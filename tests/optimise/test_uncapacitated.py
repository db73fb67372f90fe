"""First plans by interchange and exact reduction by a dual bound, against enumeration."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import Formulation, Rule
from models.median.fixed_charge import FixedCharge
from models.median.p_median import PMedian
from models.problem import Demand, Sites, SitingProblem
from models.rules import AtMostOneOf, Budget, Count
from solver.engines.engine import Ask
from solver.optimise.uncapacitated import UncapacitatedReduction
from tests.models.brute_force import best_by_trying
from tests.models.median_truth import nearest_assignment, reachable_problem, rules_for, solve_and_check


def of_left(formulation: Formulation, rules: tuple, problem: SitingProblem) -> float:
    """The optimum of what is left, inf where nothing is."""
    try:
        found = solve_and_check(formulation, rules, problem.demand)
    except ProblemError:
        return np.inf
    return np.inf if found is None else found


def agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = reachable_problem(rng)
    if seed % 2:  # worths that are no whole numbers
        problem = replace(problem, demand=replace(problem.demand, weight=0.7 * problem.demand.weight))
    rules = rules_for(rng, problem)
    if seed % 3 == 0:
        rules = tuple(rule for rule in rules if isinstance(rule, Count | Budget))
    for build, with_opening in ((PMedian, False), (FixedCharge, True)):
        reduction = UncapacitatedReduction(build, problem, rules, with_opening=with_opening)
        model = build(problem)
        truth = best_by_trying(model, rules, problem.demand, lambda chosen: nearest_assignment(problem, chosen))
        plan = reduction.search(1.0, seed)
        if plan is not None and not with_opening:  # transport counts in the budget of a fixed charge
            assert all(not rule.violations(model.sites, problem.demand, plan, cost_of(model, plan)) for rule in rules)
        if plan is not None and any(
            rule.violations(model.sites, problem.demand, plan, cost_of(model, plan)) for rule in rules
        ):
            plan = None
        if truth is None:
            assert plan is None
            continue
        reduced = reduction.reduce(plan, Ask(time_limit_s=5.0))
        assert reduced.bound is None or reduced.bound <= truth + 1e-6
        worth = np.inf if plan is None else model.objective_of(plan)
        assert worth >= truth - 1e-9
        best = min(worth, of_left(reduced.formulation, rules, problem))
        assert best == pytest.approx(truth, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_and_the_plan_in_hand_hold_the_optimum(seed: int) -> None:
    agrees(seed)


@pytest.mark.parametrize("seed", range(10))
def test_branching_finds_the_optimum_as_well(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.optimise.uncapacitated.EASY_PAIRS", -1)
    agrees(1000 + seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 420))
def test_what_is_left_and_the_plan_in_hand_hold_many_optima(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 5:
        monkeypatch.setattr("solver.optimise.uncapacitated.EASY_PAIRS", -1)
    agrees(seed)


def plane(seed: int, n: int) -> SitingProblem:
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 1000, (n, 2)).astype(float)
    ids = [f"p{i}" for i in range(n)]
    travel = np.round(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)))
    sites = Sites.of(ids, cost=rng.integers(50, 500, n).astype(float))
    return SitingProblem.dense(sites, Demand.of(ids, weight=rng.integers(1, 9, n).astype(float)), travel, unit="m")


def test_the_search_finds_the_optimum_of_sixty_places_and_the_bound_proves_it() -> None:
    problem, rules = plane(1, 60), (Count(8),)
    reduction = UncapacitatedReduction(PMedian, problem, rules)
    plan = reduction.search(10.0, 0)
    assert plan is not None
    optimum = solve_and_check(PMedian(problem), rules, problem.demand)
    assert PMedian(problem).objective_of(plan) == pytest.approx(optimum)
    reduced = reduction.reduce(plan, Ask(time_limit_s=10.0))
    assert reduced.bound == pytest.approx(optimum)


@pytest.mark.parametrize("rules", [(Count(3),), (Count(6), AtMostOneOf((("p1", "p2", "p3"),)))])
def test_branching_proves_without_a_first_plan(rules: tuple[Rule, ...]) -> None:
    problem = plane(5, 50)
    reduced = UncapacitatedReduction(PMedian, problem, rules).reduce(None, Ask(time_limit_s=20.0, gap=0.0))
    assert reduced.plan is not None
    optimum = solve_and_check(PMedian(problem), rules, problem.demand)
    assert PMedian(problem).objective_of(reduced.plan) == pytest.approx(optimum)
    assert reduced.bound == pytest.approx(optimum)


def test_the_same_seed_gives_the_same_plan() -> None:
    reduction = UncapacitatedReduction(PMedian, plane(2, 50), (Count(5),))
    first, again = reduction.search(10.0, 7), reduction.search(10.0, 7)
    assert first is not None
    assert again is not None
    assert (first.open == again.open).all()


def test_a_budget_bounds_what_the_search_opens() -> None:
    problem = plane(3, 40)
    plan = UncapacitatedReduction(PMedian, problem, (Budget(900.0),)).search(10.0, 0)
    assert plan is not None
    assert problem.sites.cost[plan.open].sum() <= 900
    assert UncapacitatedReduction(PMedian, problem, (Budget(40.0),)).search(10.0, 0) is None
