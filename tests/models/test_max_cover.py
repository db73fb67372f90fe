"""Maximal covering against brute force, hand-derived cases and its laws."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from models.algorithms.covering.annealing import search_max_cover
from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import Budget, Count, CoverageFloor
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from tests.models.brute_force import best_by_trying
from tests.models.random_problems import random_problem, random_rules


def _solved(formulation, rules=()):
    draft, program = formulate(formulation, rules)
    answer = Highs().run(program, Ask(time_limit_s=20, gap=0))
    if answer.values is None:
        assert answer.outcome.ended == "infeasible"
        return None, None
    return formulation.read_plan(draft, answer.values), answer.outcome.objective


def _variants(rng, problem):
    yield MaxCover(problem)
    yield MaxCover(problem, backup=2)
    share = rng.choice([0.0, 0.25, 0.5, 1.0], problem.travel.nnz)
    yield MaxCover(
        problem, partial=sp.csr_array((share, problem.travel.indices, problem.travel.indptr), problem.travel.shape)
    )


def _agrees_with_trying(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    rules = random_rules(rng, problem)
    for formulation in _variants(rng, problem):
        truth = best_by_trying(formulation, rules, problem.demand, formulation.plan_of)
        plan, claimed = _solved(formulation, rules)
        assert (truth is None) == (plan is None), (seed, formulation.backup)
        if truth is None:
            assert search_max_cover(formulation, rules, seconds=1, seed=seed) is None
            continue
        assert claimed == pytest.approx(truth, abs=1e-7)
        assert formulation.objective_of(plan) == pytest.approx(truth, abs=1e-7)
        assert [
            f for rule in rules for f in rule.violations(problem.sites, problem.demand, plan, _cost(problem, plan))
        ] == []
        found = search_max_cover(formulation, rules, seconds=1, seed=seed)
        if found is not None:
            draft, program = formulate(formulation, rules)
            values = np.zeros(program.n_columns)
            formulation.values_of(draft, found, values)
            assert program.violations(values) == []
            assert program.objective_at(values) == pytest.approx(formulation.objective_of(found))
            assert formulation.objective_of(found) <= truth + 1e-9


def _cost(problem, plan):
    sites = problem.sites
    closed = sites.is_(SiteStatus.CLOSABLE) & ~plan.open
    return sites.cost[plan.open & sites.is_new].sum() + sites.closing_cost[closed].sum()


@pytest.mark.parametrize("seed", range(25))
def test_agrees_with_brute_force_under_rules(seed):
    _agrees_with_trying(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1250))
def test_agrees_with_brute_force_under_rules_at_length(seed):
    _agrees_with_trying(seed)


def _line(weights, sites_at, limit, **sites):
    """Places at 0, 1, 2, ... on a line and sites at given positions."""
    at = np.array(sites_at, dtype=float)
    travel = np.abs(np.arange(len(weights))[:, None] - at[None, :])
    return SitingProblem.dense(
        Sites.of([f"s{j}" for j in range(len(at))], **sites),
        Demand.of([f"d{i}" for i in range(len(weights))], weight=np.array(weights, dtype=float)),
        np.where(travel <= limit, travel, np.inf),
        unit="m",
    )


def test_a_line_worked_out_by_hand():
    # sites at 0, 2 and 5 reach one step: {0,1}, {1,2,3}, {4,5}, worth 4, 7 and 2; the best pair shares place 1
    problem = _line([3, 1, 2, 4, 1, 1], [0, 2, 5], 1)
    plan, worth = _solved(MaxCover(problem), (Count(2),))
    assert worth == 10
    assert plan.open.tolist() == [True, True, False]


def test_places_served_by_the_nearest_open_site():
    problem = _line([1, 1, 1, 1], [0, 3], 2)
    plan = MaxCover(problem).plan_of(np.array([True, True]))
    assert plan.served.toarray().tolist() == [[1, 0], [1, 0], [0, 1], [0, 1]]


def test_gradual_cover_counts_the_best_open_site_only():
    problem = _line([10.0], [0, 0], 1)
    share = sp.csr_array(np.array([[0.5, 0.8]]))
    plan, worth = _solved(MaxCover(problem, partial=share))
    assert worth == pytest.approx(8.0)
    assert plan.served.toarray()[0].tolist() in ([0.0, 0.8],)


def test_backup_cover_needs_two_open_sites():
    problem = _line([5, 7], [0, 0, 1], 0)
    assert _solved(MaxCover(problem, backup=2), (Count(2),))[1] == 5
    assert _solved(MaxCover(problem, backup=2), (Count(1),))[1] == 0


def test_an_existing_site_costs_nothing_and_is_not_new():
    problem = _line([1, 1], [0, 1], 0, cost=5.0, status=np.array([int(SiteStatus.EXISTING), 0]))
    plan, worth = _solved(MaxCover(problem), (Budget(4.0),))
    assert worth == 1
    assert plan.open.tolist() == [True, False]


def test_decay_and_backup_together_are_refused():
    problem = _line([1], [0], 0)
    with pytest.raises(ProblemError, match="choose one of decay and backup"):
        MaxCover(problem, partial=sp.csr_array(np.array([[0.5]])), backup=2)


def test_a_floor_that_cannot_be_reached_has_no_plan():
    problem = _line([1, 1], [0], 0)
    assert _solved(MaxCover(problem), (CoverageFloor(0.6),)) == (None, None)


def test_golden_text_of_the_program():
    problem = _line([3, 1, 2], [0, 1, 2], 1, cost=np.array([2.0, 3.0, 4.0]))
    _, program = formulate(MaxCover(problem), (Count(2), Budget(6.0)))
    assert lp_text(program) == GOLDEN


GOLDEN = """\
\\ max-cover
Maximize
 obj: +3 covered[0] +1 covered[1] +2 covered[2]
Subject To
 covered_only_by_an_open_site[0]: -1 open[s0] -1 open[s1] +1 covered[0] <= 0
 covered_only_by_an_open_site[1]: -1 open[s0] -1 open[s1] -1 open[s2] +1 covered[1] <= 0
 covered_only_by_an_open_site[2]: -1 open[s1] -1 open[s2] +1 covered[2] <= 0
 new_sites_exactly[0]: +1 open[s0] +1 open[s1] +1 open[s2] = 2
 costs_within_budget[0]: +2 open[s0] +3 open[s1] +4 open[s2] <= 6
Bounds
 0 <= open[s0] <= 1
 0 <= open[s1] <= 1
 0 <= open[s2] <= 1
 0 <= covered[0] <= 1
 0 <= covered[1] <= 1
 0 <= covered[2] <= 1
Generals
 open[s0]
 open[s1]
 open[s2]
End
"""


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), extra=st.integers(1, 5))
def test_more_money_or_more_reach_never_covers_less(seed, extra):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    closed = _cost(problem, MaxCover(problem).plan_of(problem.sites.fixed_open))
    worth = [_solved(MaxCover(problem), (Budget(closed + money),))[1] for money in (2.0, 2.0 + extra)]
    assert worth[1] >= worth[0] - 1e-9
    fewer = _solved(MaxCover(problem.within(1.0)), (Budget(closed + 2.0),))[1]
    assert fewer <= worth[0] + 1e-9


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_order_of_sites_and_places_does_not_matter_and_weights_scale(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    sites, demand = problem.sites, problem.demand
    a, b = rng.permutation(len(sites)), rng.permutation(len(demand))
    other = SitingProblem(
        Sites.of(
            [sites.ids[j] for j in a],
            cost=sites.cost[a],
            closing_cost=sites.closing_cost[a],
            status=sites.status[a],
        ),
        Demand.of([demand.ids[i] for i in b], weight=demand.weight[b] * 3),
        sp.csr_array(problem.travel[b][:, a]),
    )
    rules = (Budget(float(sites.base_cost() + 5)),)
    first, second = _solved(MaxCover(problem), rules)[1], _solved(MaxCover(other), rules)[1]
    assert (first is None) == (second is None)
    if first is not None:
        assert second == pytest.approx(3 * first)
