"""Fixed-charge location with and without capacities against enumeration and by hand."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from models.arrays import BoolArray
from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from tests.models.brute_force import assert_same, best_by_trying
from tests.models.median_truth import (
    as_sparse,
    dense_travel,
    nearest_assignment,
    reachable_problem,
    rules_for,
    solve_and_check,
)


def with_capacity(rng: np.random.Generator, problem: SitingProblem) -> SitingProblem:
    """The same problem with capacities that bind, some of them infinite."""
    s = problem.sites
    capacity = np.where(rng.random(len(s)) < 0.2, np.inf, rng.integers(2, 12, len(s)).astype(float))
    sites = Sites(s.ids, s.cost, s.status, s.group, capacity, s.closing_cost, s.xy)
    return SitingProblem(sites, problem.demand, problem.travel, unit="m")


def split_plan(problem: SitingProblem, opened: BoolArray) -> Plan | None:
    """Cheapest transport over the open sites within their capacities, by a linear program of its own."""
    travel = dense_travel(problem)
    pairs = [(i, j) for i, j in itertools.product(*map(range, travel.shape)) if opened[j] and np.isfinite(travel[i, j])]
    weight = problem.demand.weight
    if not pairs:
        return None if weight.any() else Plan(open=opened, served=as_sparse(np.zeros(travel.shape)))
    serve, load = np.zeros((len(weight), len(pairs))), np.zeros((len(problem.sites), len(pairs)))
    for x, (i, j) in enumerate(pairs):
        serve[i, x] = 1.0
        load[j, x] = weight[i]
    some = weight > 0
    finite = np.isfinite(problem.sites.capacity)
    price = np.array([weight[i] * travel[i, j] for i, j in pairs])
    found = linprog(price, load[finite], problem.sites.capacity[finite], serve[some], np.ones(int(some.sum())))
    if found.status == 2:
        return None
    served = np.zeros(travel.shape)
    for x, (i, j) in enumerate(pairs):
        if weight[i] > 0:
            served[i, j] = found.x[x]
    return Plan(open=opened, served=as_sparse(served))


def whole_plan(problem: SitingProblem, opened: BoolArray) -> Plan | None:
    """Cheapest whole assignment within the capacities, by trying all."""
    travel, weight = dense_travel(problem), problem.demand.weight
    some = np.flatnonzero(weight > 0)
    choices = [[j for j in range(len(opened)) if opened[j] and np.isfinite(travel[i, j])] for i in some]
    best, best_cost = None, np.inf
    for chosen in itertools.product(*choices):
        load = np.bincount(chosen, weights=weight[some], minlength=len(opened)) if len(some) else np.zeros(len(opened))
        cost = sum(weight[i] * travel[i, j] for i, j in zip(some, chosen, strict=True))
        if (load <= problem.sites.capacity).all() and cost < best_cost:
            best, best_cost = chosen, cost
    if best is None:
        return None
    served = np.zeros(travel.shape)
    served[some, list(best)] = 1.0
    return Plan(open=opened, served=as_sparse(served))


def agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    free = reachable_problem(rng)
    rules = rules_for(rng, free)
    small = with_capacity(rng, reachable_problem(rng, n_sites=4, n_demand=4))
    large = with_capacity(rng, reachable_problem(rng, n_sites=6))
    for make, problem, chosen_rules, plan_of in (
        (FixedCharge, free, rules, nearest_assignment),
        (FixedCharge, large, (), split_plan),
        (AssignmentMedian, large, (), split_plan),
        (lambda q: FixedCharge(q, single_source=True), small, (), whole_plan),
    ):
        try:
            model = make(problem)
        except ProblemError:
            assert problem.sites.capacity[~problem.sites.fixed_closed].sum() < problem.demand.weight.sum()
            continue
        truth = best_by_trying(model, chosen_rules, problem.demand, lambda o, q=problem, f=plan_of: f(q, o))
        assert_same(solve_and_check(model, chosen_rules, problem.demand), truth)


@pytest.mark.parametrize("seed", range(30))
def test_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30, 230))
def test_many_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


def two_sites(capacity: float, **options: bool) -> FixedCharge:
    """Places a (weight 3) and b (weight 2); s costs 10 and is 1 and 2 away, t costs 4 and is 3 and 3 away."""
    sites = Sites.of(["s", "t"], cost=np.array([10.0, 4]), capacity=capacity)
    travel = np.array([[1.0, 3.0], [2.0, 3.0]])
    return FixedCharge(SitingProblem.dense(sites, Demand.of(["a", "b"], weight=np.array([3.0, 2])), travel), **options)


def test_the_cheaper_of_site_and_travel_wins() -> None:
    # s alone: 10 + 3 + 4 = 17; t alone: 4 + 9 + 6 = 19; both: 14 + 3 + 4 = 21
    assert solve_and_check(two_sites(np.inf), (), None) == pytest.approx(17.0)


def test_capacity_splits_a_place_unless_it_must_be_whole() -> None:
    # 4 each: both open (14); s carries a (3) and 1 of b (2), t the other 1 of b (3): 14 + 3 + 2 + 3 = 22
    assert solve_and_check(two_sites(4.0), (), None) == pytest.approx(22.0)
    # whole places: a to s, b to t: 14 + 3 + 6 = 23
    assert solve_and_check(two_sites(4.0, single_source=True), (), None) == pytest.approx(23.0)


def test_too_little_capacity_is_said_in_numbers() -> None:
    with pytest.raises(ProblemError, match="all sites that may open carry 4 together; the demand is 5"):
        two_sites(2.0)


def test_a_plan_beyond_a_capacity_is_worth_nothing() -> None:
    model = two_sites(4.0)
    everything_to_s = Plan(open=np.array([True, False]), served=as_sparse(np.array([[1.0, 0], [1.0, 0]])))
    assert model.objective_of(everything_to_s) == np.inf


def test_the_program_reads_as_in_the_docstring() -> None:
    assert lp_text(formulate(two_sites(4.0), (Count(2, "at most"),))[1]) == (
        "\\ fixed-charge\nMinimize\n"
        " obj: +10 open[s] +4 open[t] +3 assign[a_s] +9 assign[a_t] +4 assign[b_s] +6 assign[b_t]\nSubject To\n"
        " every_place_is_served[a]: +1 assign[a_s] +1 assign[a_t] = 1\n"
        " every_place_is_served[b]: +1 assign[b_s] +1 assign[b_t] = 1\n"
        " served_only_by_open_sites[a_s]: -1 open[s] +1 assign[a_s] <= 0\n"
        " served_only_by_open_sites[a_t]: -1 open[t] +1 assign[a_t] <= 0\n"
        " served_only_by_open_sites[b_s]: -1 open[s] +1 assign[b_s] <= 0\n"
        " served_only_by_open_sites[b_t]: -1 open[t] +1 assign[b_t] <= 0\n"
        " load_within_capacity[s]: -4 open[s] +3 assign[a_s] +2 assign[b_s] <= 0\n"
        " load_within_capacity[t]: -4 open[t] +3 assign[a_t] +2 assign[b_t] <= 0\n"
        " capacity_suffices[0]: +4 open[s] +4 open[t] >= 5\n"
        " new_sites_at_most[0]: +1 open[s] +1 open[t] <= 2\n"
        "Bounds\n 0 <= open[s] <= 1\n 0 <= open[t] <= 1\n 0 <= assign[a_s] <= 1\n 0 <= assign[a_t] <= 1\n"
        " 0 <= assign[b_s] <= 1\n 0 <= assign[b_t] <= 1\nGenerals\n open[s]\n open[t]\nEnd\n"
    )
