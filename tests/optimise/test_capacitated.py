"""Models with capacities: flows that go on, the dual bound, branching and what is left, against enumeration."""

import itertools
from functools import partial

import numpy as np
import pytest

from models.algorithms.capacitated.costs import loads_of
from models.algorithms.capacitated.lagrangian import first_prices, settle_filled
from models.algorithms.capacitated.transport import transported
from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import Formulation, Rule, formulate
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.problem import Demand, Sites, SitingProblem
from models.rules import AtMostOneOf, Count, MinimumUse
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.optimise.capacitated import CapacitatedReduction
from tests.models.brute_force import best_by_trying
from tests.models.median_truth import reachable_problem, rules_for, solve_and_check
from tests.models.test_fixed_charge import split_plan, whole_plan, with_capacity


def of_left(formulation: Formulation, rules: tuple[Rule, ...], problem: SitingProblem) -> float:
    """The optimum of what is left, inf where nothing is."""
    try:
        found = solve_and_check(formulation, rules, problem.demand)
    except ProblemError:
        return np.inf
    return np.inf if found is None else found


def is_kept(model: Formulation, rules: tuple[Rule, ...], problem: SitingProblem, plan) -> bool:  # type: ignore[no-untyped-def]
    return not any(rule.violations(model.sites, problem.demand, plan, cost_of(model, plan)) for rule in rules)


def agrees(seed: int) -> None:
    """Plans keep the rules, bounds hold, and the best of plan and of what is left is the optimum."""
    rng = np.random.default_rng(seed)
    large = with_capacity(rng, reachable_problem(rng, n_sites=6))
    small = with_capacity(rng, reachable_problem(rng, n_sites=4, n_demand=4))
    for build, problem, opening, whole in (
        (FixedCharge, large, True, False),
        (AssignmentMedian, large, False, False),
        (partial(FixedCharge, single_source=True), small, True, True),
    ):
        rules = rules_for(rng, problem)
        try:
            model = build(problem)
        except ProblemError:
            continue
        of = whole_plan if whole else split_plan
        truth = best_by_trying(model, rules, problem.demand, lambda o, q=problem, f=of: f(q, o))
        reduction = CapacitatedReduction(build, problem, rules, with_opening=opening, single_source=whole)
        plan = reduction.search(2.0, seed)
        if truth is None:
            assert plan is None
            continue
        worth = np.inf
        if plan is not None:
            worth = model.objective_of(plan)
            assert worth >= truth - 1e-6
            assert is_kept(model, rules, problem, plan)
        reduced = reduction.reduce(plan, Ask(time_limit_s=5.0, gap=0.0))
        assert reduced.bound is None or reduced.bound <= truth + 1e-6
        if reduced.plan is not None:
            assert is_kept(model, rules, problem, reduced.plan)
            worth = min(worth, model.objective_of(reduced.plan))
        assert min(worth, of_left(reduced.formulation, rules, problem)) == pytest.approx(truth, abs=1e-6)


@pytest.mark.parametrize("seed", range(15))
def test_plan_bound_and_what_is_left_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(15, 415))
def test_many_plans_bounds_and_what_is_left_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


def flows_agree(seed: int) -> None:
    """Flows from scratch, after opening and after closing a site cost what a linear program says."""
    rng = np.random.default_rng(seed)
    problem = with_capacity(rng, reachable_problem(rng, n_sites=5))
    loads, model = loads_of(problem, with_opening=True), partial(_worth, problem)
    usable = ~problem.sites.fixed_closed
    for bits in itertools.product([False, True], repeat=5):
        is_open = np.array(bits) & usable
        truth, found = split_plan(problem, is_open), transported(loads, is_open, spare=1)
        assert (found is None) == (truth is None)
        if truth is None or found is None:
            continue
        assert found.worth == pytest.approx(model(truth), abs=1e-6)
        assert model(found.plan(problem)) == pytest.approx(model(truth), abs=1e-6)
        least = found.least_without()
        for site in np.flatnonzero(usable):
            other = is_open.copy()
            other[site] = not other[site]
            expected = split_plan(problem, other)
            new = found.closed(int(site)) if is_open[site] else found.opened(int(site))
            assert (new is None) == (expected is None)
            if new is not None and expected is not None:
                assert new.worth == pytest.approx(model(expected), abs=1e-6)
                assert not is_open[site] or least[site] <= model(expected) + 1e-6


def _worth(problem: SitingProblem, plan) -> float:  # type: ignore[no-untyped-def]
    """Cost of opening and of transport, place by place."""
    sites = problem.sites
    opening = sites.base_cost() + float(sites.opening_cost()[plan.open].sum())
    served = plan.served.tocoo()
    travel = problem.travel.toarray()[served.row, served.col]
    return opening + float((served.data * problem.demand.weight[served.row]) @ travel)


@pytest.mark.parametrize("seed", range(10))
def test_flows_that_go_on_cost_what_a_linear_program_says(seed: int) -> None:
    flows_agree(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 210))
def test_many_flows_that_go_on_cost_what_a_linear_program_says(seed: int) -> None:
    flows_agree(seed)


def plane(n_sites: int, n_demand: int, ratio: float, seed: int = 0) -> SitingProblem:
    """Sites and places uniform in a square; all capacities together are `ratio` times the demand."""
    rng = np.random.default_rng(seed)
    sites, places = rng.uniform(0, 100, (n_sites, 2)), rng.uniform(0, 100, (n_demand, 2))
    weight = rng.integers(1, 101, n_demand).astype(float)
    capacity = np.round(rng.uniform(0.5, 1.5, n_sites) * weight.sum() * ratio / n_sites)
    cost = np.round(rng.uniform(0.7, 1.3, n_sites) * weight.sum() * 40.0 / n_sites)
    return SitingProblem.dense(
        Sites.of([f"s{j}" for j in range(n_sites)], cost=cost, capacity=capacity),
        Demand.of([f"d{i}" for i in range(n_demand)], weight=weight),
        np.linalg.norm(places[:, None] - sites[None], axis=2),
        unit="m",
    )


@pytest.mark.parametrize(
    ("build", "opening", "rules"),
    [
        (FixedCharge, True, ()),
        (AssignmentMedian, False, (Count(7),)),
        (FixedCharge, True, (AtMostOneOf((("s0", "s1", "s2", "s3"),)), Count(6, "at least"))),
    ],
)
def test_branching_proves_what_the_engine_finds(build, opening, rules) -> None:  # type: ignore[no-untyped-def]
    problem = plane(16, 60, 4.0)
    reduction = CapacitatedReduction(build, problem, rules, with_opening=opening)
    reduced = reduction.reduce(reduction.search(5.0, 0), Ask(time_limit_s=30.0, gap=0.0))
    truth = solve_and_check(build(problem), rules, problem.demand)
    assert reduced.plan is not None
    assert is_kept(build(problem), rules, problem, reduced.plan)
    assert build(problem).objective_of(reduced.plan) == pytest.approx(truth, rel=1e-7)
    assert reduced.bound == pytest.approx(truth, rel=1e-7)


def test_the_bound_is_nearly_that_of_the_linear_program() -> None:
    # both dualise the same: prices of places and of capacity; subgradients come near
    problem = plane(25, 100, 5.0)
    loads = loads_of(problem, with_opening=True)
    dual = settle_filled(loads, 0, 25, None, first_prices(loads), seconds=30.0)
    linear = Highs().run(formulate(FixedCharge(problem))[1].relaxed(), Ask()).outcome.objective
    assert linear is not None
    assert dual.bound >= linear * 0.999


def test_too_few_sites_for_all_are_no_plan() -> None:
    # 16 sites carry 4 times the demand: two of them cannot carry all
    problem = plane(16, 60, 4.0)
    reduction = CapacitatedReduction(AssignmentMedian, problem, (Count(2),))
    assert reduction.search(5.0, 0) is None
    reduced = reduction.reduce(None, Ask(time_limit_s=5.0))
    assert reduced.plan is None
    assert reduced.bound is None


def test_a_least_use_is_left_to_the_engine_with_a_bound_that_holds() -> None:
    problem = plane(8, 30, 4.0)
    rules = (MinimumUse(300.0),)
    reduction = CapacitatedReduction(FixedCharge, problem, rules, with_opening=True)
    truth = solve_and_check(FixedCharge(problem), rules, problem.demand)
    assert reduction.search(5.0, 0) is None
    reduced = reduction.reduce(None, Ask(time_limit_s=20.0))
    assert truth is not None
    assert reduced.bound is not None
    assert reduced.bound <= truth + 1e-6
    assert of_left(reduced.formulation, rules, problem) == pytest.approx(truth, rel=1e-7)
