"""The highest tier first: its bound holds for the best plan there is, and its plan keeps every rule."""

import time
from itertools import product

import numpy as np
import pytest
import scipy.sparse as sp

from models.algorithms.hierarchy.reach import Reach
from models.figures import cost_of
from models.formulation import formulate
from models.hierarchy.chain import chain_faults
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.hierarchy.tiers import TierProblem
from models.problem import Demand, Sites
from models.rules import Budget
from solver.api.solution import solve_model
from solver.engines.engine import Ask
from solver.engines.highs import Highs, lp_bound, tightened
from solver.optimise.tier_flow import OpenFlow
from solver.optimise.tiers import upper_first
from tests.models.brute_force import every_choice
from tests.models.matrix import CASES, Case
from tests.models.test_hierarchical import best_flow, enumerated, random_problem
from tests.models.test_hierarchical_start import plane


@pytest.mark.parametrize("seed", range(12))
def test_bound_and_plan_enclose_the_best_of_all_plans(seed: int) -> None:
    problem = random_problem(seed, nested=seed % 3 == 0)
    model = HierarchicalCoverage(problem)
    for budget, rules in ((20.0, (Budget(20.0),)), (np.inf, ())):
        best = enumerated(problem, cost=False, budget=budget)
        found = upper_first(model, rules, None, Ask(time_limit_s=10.0, gap=1e-6))
        assert found.bound is not None
        assert best is not None
        assert found.bound >= best - 1e-6
        if found.plan is not None:
            assert chain_faults(problem, found.plan) == []
            assert model.cost_of(found.plan) <= budget + 1e-6
            assert model.objective_of(found.plan) <= best + 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_the_least_cost_lies_between_bound_and_plan(seed: int) -> None:
    problem = random_problem(seed, costs=True)
    best = enumerated(problem, cost=True)
    try:
        model = HierarchicalCost(problem)
        formulate(model)
    except Exception:
        assert best is None
        return
    found = upper_first(model, (), None, Ask(time_limit_s=10.0, gap=1e-6))
    if best is None:
        assert found.plan is None
        return
    assert found.bound is not None
    assert found.bound <= best + 1e-6
    if found.plan is not None:
        assert model.objective_of(found.plan) >= best - 1e-6


def under_rules(case: Case, seed: int) -> None:
    """The best of all plans that keep some rules lies between bound and plan, which keeps them, too."""
    made = case.instance(seed)
    if made is None:
        return
    problem, model, rules = made
    best, _ = case.best(problem, model, rules)
    assert isinstance(model, HierarchicalCoverage | HierarchicalCost)
    found = upper_first(model, rules, None, Ask(time_limit_s=10.0, gap=1e-6))
    sign = 1.0 if model.sense == "max" else -1.0
    if best is not None and found.bound is not None:
        assert sign * found.bound >= sign * best - 1e-6
    if found.plan is not None:
        assert best is not None
        assert chain_faults(problem, found.plan) == []
        cost = cost_of(model, found.plan)
        assert not [fault for rule in rules for fault in rule.violations(model.sites, problem.demand, found.plan, cost)]
        assert sign * model.objective_of(found.plan) <= sign * best + 1e-6


TIERED = [case for case in CASES if case.name.startswith("hierarchical")]


@pytest.mark.parametrize("case", TIERED, ids=lambda case: case.name)
def test_under_rules_the_best_plan_lies_between_bound_and_plan(case: Case) -> None:
    for seed in range(5):
        under_rules(case, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5, 60))
@pytest.mark.parametrize("case", TIERED, ids=lambda case: case.name)
def test_under_many_rules_the_best_plan_lies_between_bound_and_plan(case: Case, seed: int) -> None:
    under_rules(case, seed)


@pytest.mark.parametrize("seed", range(8))
def test_a_least_cut_is_what_can_flow_below_its_choice_and_no_less_than_below_others(seed: int) -> None:
    problem = random_problem(seed, nested=seed % 2 == 0)
    flows = HierarchicalCoverage(problem).flows
    reach, below = Reach(flows), ~problem.sites.fixed_closed & ~problem.is_source
    choices = [np.array(c) for c in product([False, True], repeat=len(reach.top))]
    carried = []
    for choice in choices:
        opened = below.copy()
        opened[reach.top] = choice & ~problem.sites.fixed_closed[reach.top]
        carried.append(best_flow(problem, opened, cost=False))
    for choice, most in zip(choices, carried, strict=True):
        constant, slope = reach.cut(choice, np.ones(len(flows.classes.load)))
        assert constant + slope @ choice == pytest.approx(most, abs=1e-6)
        assert all(constant + slope @ c >= m - 1e-6 for c, m in zip(choices, carried, strict=True))


@pytest.mark.parametrize("seed", [0, 16, 44])
def test_a_flow_through_open_sites_costs_what_the_cheapest_plan_with_them_costs(seed: int) -> None:
    problem = random_problem(seed, costs=True)
    model = HierarchicalCost(problem)
    flow, sites = OpenFlow(model, *formulate(model)), problem.sites
    for opened in every_choice(sites):
        carried = best_flow(problem, opened, cost=True)
        truth = np.inf if carried is None else carried + sites.plan_cost(opened)
        assert flow.cost(opened) == pytest.approx(truth, abs=1e-5)


@pytest.mark.parametrize("seed", range(2))
def test_rows_that_follow_from_whole_sites_tighten_and_lose_no_plan(seed: int) -> None:
    model = HierarchicalCoverage(plane(seed))
    draft, program = formulate(model, [Budget(250.0)])
    tight, tight_bound = tightened(program, model.flows.implied_rows(draft, program.n_columns), time_limit_s=20.0)
    loose_bound = lp_bound(program, time_limit_s=20.0)
    assert loose_bound is not None
    assert tight_bound is not None
    assert tight.n_rows > program.n_rows
    assert tight_bound.bound < loose_bound.bound
    plan = Highs().run(program, Ask(time_limit_s=10.0, gap=0.05))
    assert plan.values is not None
    assert tight.violations(plan.values, tolerance=1e-5) == []
    found = upper_first(model, (Budget(250.0),), None, Ask(time_limit_s=10.0, gap=0.05))
    assert found.bound is not None
    assert found.bound <= tight_bound.bound * (1 + 1e-9)
    assert found.bound >= plan.outcome.objective - 1e-6


def test_a_choice_of_the_highest_tier_is_not_tried_twice() -> None:
    # a0 and a1 feed b0 and b1, which 0 CNY do not open: the worth is 0, and no cut changes that
    feed = np.zeros((4, 4))
    feed[:2, 2:] = 1.0
    problem = TierProblem(
        sites=Sites.of(["a0", "a1", "b0", "b1"], cost=np.array([3.0, 4.0, 1.0, 2.0]), capacity=5.0),
        tier=np.array([0, 0, 1, 1]),
        demand=Demand.of(["d"], weight=7.0),
        access=sp.csr_array(np.array([[0.0, 0.0, 1.0, 1.0]])),
        feed=sp.csr_array(feed),
    )
    begun = time.monotonic()
    solution = solve_model(HierarchicalCoverage(problem), [Budget(0.0)], gap=0.0, time_limit_s=60)
    assert (solution.ended, solution.objective) == ("proven", 0.0)
    assert time.monotonic() - begun < 5
