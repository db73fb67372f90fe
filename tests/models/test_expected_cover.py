"""Maximal expected covering by hand, against plain covering, and what its plans may not be."""

import numpy as np
import pytest

from models.coverage.expected_cover import ExpectedCover
from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import formulate
from models.lp_text import lp_text
from models.plan import Plan
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import Count
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from tests.models import truths
from tests.models.brute_force import every_choice
from tests.models.plain_rules import Asks
from tests.models.random_problems import random_problem


def solved(model, rules=()):
    draft, program = formulate(model, rules)
    answer = Highs().run(program, Ask(time_limit_s=20, gap=0))
    if answer.values is None:
        assert answer.outcome.ended == "infeasible"
        return None
    plan = model.read_plan(draft, answer.values)
    assert model.objective_of(plan) == pytest.approx(answer.outcome.objective, abs=1e-7)
    written = np.zeros(program.n_columns)
    model.values_of(draft, plan, written)
    assert not program.violations(written)
    assert program.objective_at(written) == pytest.approx(answer.outcome.objective, abs=1e-7)
    assert answer.outcome.objective <= model.known_bound + 1e-9
    assert answer.outcome.objective <= model.most_by_site[plan.open].sum() + 1e-9
    return plan


def row(status=0):
    """Town of 100 and village of 30: A reaches the one, B the other, C both, farther off."""
    sites = Sites.of(["A", "B", "C"], cost=np.array([1.0, 1.0, 3.0]), status=status)
    travel = np.array([[1.0, np.inf, 2.0], [np.inf, 1.0, 2.0]])
    return SitingProblem.dense(sites, Demand.of(["town", "village"], weight=np.array([100.0, 30.0])), travel, unit="m")


@pytest.mark.parametrize("seed", range(30))
def test_agrees_with_every_way_of_giving_vehicles_to_sites(seed):
    rng = np.random.default_rng([seed, 83])
    problem = random_problem(rng, n_sites=4, n_demand=6)
    busy, most, there = float(rng.choice([0.0, 0.2, 0.5, 0.9])), int(rng.integers(1, 4)), int(rng.integers(0, 2))
    total = int(rng.integers(1, 6)) if rng.random() < 0.6 else None
    n = len(problem.sites)
    model = ExpectedCover(problem, busy, np.full(n, float(most)), there=np.full(n, float(there)), total=total)
    truth = truths.expecting(busy=busy, most=most, there=there, total=total)
    values = [truth(problem, chosen, Asks()) for chosen in every_choice(problem.sites)]
    best = max((value for value in values if value is not None), default=None)
    plan = solved(model)
    assert (plan is None) == (best is None)
    assert plan is None or model.objective_of(plan) == pytest.approx(best, abs=1e-7)


@pytest.mark.parametrize("seed", range(10))
def test_vehicles_that_are_never_busy_cover_as_in_plain_covering(seed):
    problem = random_problem(np.random.default_rng(seed), n_sites=6, n_demand=9)
    rules = [Count(2, "at most")]
    model = ExpectedCover(problem, 0.0, np.full(6, 3.0), there=np.ones(6))
    plain = Highs().run(formulate(MaxCover(problem), rules)[1], Ask(time_limit_s=20, gap=0)).outcome
    plan = solved(model, rules)
    assert (plan is None) == (plain.objective is None)
    assert plan is None or model.objective_of(plan) == pytest.approx(plain.objective)


@pytest.mark.parametrize(("busy", "value", "vehicles"), [(0.2, 104.0, [1, 1, 0]), (0.5, 75.0, [2, 0, 0])])
def test_the_busier_they_are_the_more_stand_together(busy, value, vehicles):
    # one each: (100 + 30)(1 - q); both in the town: 100 (1 - q^2)
    problem = row(np.array([0, 0, int(SiteStatus.FORBIDDEN)]))
    model = ExpectedCover(problem, busy, np.full(3, 2.0), total=2)
    plan = solved(model)
    assert model.objective_of(plan) == pytest.approx(value)
    assert plan.units["vehicles"].tolist() == vehicles


def test_vehicles_that_are_there_count_and_cost_nothing():
    # C is there with one: 65; one more costs 2 and adds 25 at A, 7.5 at B, 32.5 at C
    problem = row(np.array([0, 0, int(SiteStatus.EXISTING)]))
    model = ExpectedCover(problem, 0.5, np.full(3, 2.0), cost=np.full(3, 2.0), there=np.ones(3), total=1)
    plan = solved(model)
    assert (model.objective_of(plan), cost_of(model, plan)) == (pytest.approx(97.5), 2.0)
    assert plan.units["vehicles"].tolist() == [0, 0, 1]


def test_vehicles_beyond_those_that_add_anything_have_no_columns():
    # half of what is left each time: below 10^-12 after 40
    problem = row()
    model = ExpectedCover(problem, 0.5, np.full(3, 1e6))
    _, program = formulate(model, [])
    assert program.n_columns == 2 * 3 + 2 * 40
    assert model.known_bound == pytest.approx(130.0)


def test_the_nearest_vehicle_that_is_free_answers():
    # A has one, C two: A answers half of the town, C three quarters of the other half
    plan = ExpectedCover(row(), 0.5, np.full(3, 2.0)).plan_with(np.array([True, False, True]), np.array([1, 0, 2]))
    assert plan.served.toarray().tolist() == [[0.5, 0.0, 0.375], [0.0, 0.0, 0.75]]


def test_plans_that_break_the_problem_are_told_with_every_fault():
    model = ExpectedCover(row(), 0.5, np.full(3, 2.0), total=2)
    bad = Plan(open=np.array([True, True, False]), units={"vehicles": np.array([3, 0, 0])})
    with pytest.raises(ProblemError) as told:
        model.objective_of(bad)
    assert str(told.value).splitlines() == [
        "A has 3 vehicles more; at most 2 fit",
        "B is a station without a vehicle",
        "there are 3 vehicles; 2 are asked",
    ]


def test_what_is_given_must_make_sense():
    with pytest.raises(ProblemError, match="busy must be at least 0 and below 1; got 1"):
        ExpectedCover(row(), 1.0, np.full(3, 2.0))
    with pytest.raises(ProblemError, match=r"max_per_site has shape \(2,\); there are 3 sites"):
        ExpectedCover(row(), 0.5, np.full(2, 2.0))
    with pytest.raises(ProblemError, match="cost must be at least 0"):
        ExpectedCover(row(), 0.5, np.full(3, 2.0), cost=np.array([1.0, -1.0, 1.0]))
    with pytest.raises(ProblemError, match="vehicles that are there must be whole numbers"):
        ExpectedCover(row(np.ones(3, dtype=int)), 0.5, np.full(3, 2.0), there=np.full(3, 0.5))


def test_golden_text_of_the_program():
    sites = Sites.of(["A"], cost=np.array([1.0]))
    problem = SitingProblem.dense(sites, Demand.of(["a"], weight=np.array([8.0])), np.ones((1, 1)), unit="m")
    text = lp_text(formulate(ExpectedCover(problem, 0.5, np.full(1, 2.0), total=2))[1])
    assert text == (
        "\\ expected-cover\nMaximize\n obj: +4 reached_by[0] +2 reached_by[1]\nSubject To\n"
        " no_more_than_the_vehicles_in_reach[0]: -1 vehicles[A] +1 reached_by[0] +1 reached_by[1] <= 0\n"
        " vehicles_only_at_open_sites[A]: -2 open[A] +1 vehicles[A] <= 0\n"
        " a_vehicle_at_every_new_station[A]: -1 open[A] +1 vehicles[A] >= 0\n"
        " vehicles_in_all[0]: +1 vehicles[A] = 2\n"
        "Bounds\n 0 <= open[A] <= 1\n 0 <= vehicles[A] <= 2\n"
        " 0 <= reached_by[0] <= 1\n 0 <= reached_by[1] <= 1\n"
        "Generals\n open[A]\n vehicles[A]\nEnd\n"
    )
