"""Location set covering against brute force and hand-derived cases."""

import numpy as np
import pytest

from models.coverage.set_cover import SetCover
from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from tests.models.brute_force import best_by_trying
from tests.models.random_problems import random_problem, random_rules


def _solved(formulation, rules=()):
    draft, program = formulate(formulation, rules)
    answer = Highs().run(program, Ask(time_limit_s=20, gap=0))
    if answer.values is None:
        assert answer.outcome.ended == "infeasible"
        return None
    plan = formulation.read_plan(draft, answer.values)
    assert formulation.objective_of(plan) == pytest.approx(answer.outcome.objective, abs=1e-7)
    return answer.outcome.objective


def _agrees_with_trying(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    rules = tuple(r for r in random_rules(rng, problem) if r.key != "floor_share")  # every place is covered anyway
    for minimise in ("sites", "cost"):
        for backup in (1, 2):
            formulation = SetCover(problem, minimise=minimise, backup=backup, leave_out=True)

            def plan_of(chosen, formulation=formulation):
                plan = formulation.plan_of(chosen)
                try:
                    formulation.objective_of(plan)
                except ProblemError:
                    return None
                return plan

            truth = best_by_trying(formulation, rules, problem.demand, plan_of)
            assert _solved(formulation, rules) == (None if truth is None else pytest.approx(truth, abs=1e-7)), seed


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_brute_force_under_rules(seed):
    _agrees_with_trying(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1220))
def test_agrees_with_brute_force_under_rules_at_length(seed):
    _agrees_with_trying(seed)


def _line(n, sites_at, limit, **sites):
    travel = np.abs(np.arange(n)[:, None] - np.array(sites_at, dtype=float)[None, :])
    return SitingProblem.dense(
        Sites.of([f"s{j}" for j in range(len(sites_at))], **sites),
        Demand.of([f"d{i}" for i in range(n)]),
        np.where(travel <= limit, travel, np.inf),
        unit="m",
    )


def test_six_places_on_a_line_need_two_sites_one_step_apart():
    # sites at 1 and 4 reach 0-2 and 3-5; no single site reaches six places
    assert _solved(SetCover(_line(6, [0, 1, 2, 3, 4], 1))) == 2


def test_a_dear_site_gives_way_to_two_cheap_ones():
    problem = _line(3, [1, 0, 2], 1, cost=np.array([10.0, 3.0, 4.0]))
    assert _solved(SetCover(problem)) == 1
    assert _solved(SetCover(problem, minimise="cost")) == 7


def test_an_existing_site_is_not_counted():
    problem = _line(3, [0, 2], 1, status=np.array([int(SiteStatus.EXISTING), 0]))
    assert _solved(SetCover(problem)) == 1


def test_a_closable_site_that_stays_is_not_a_new_site():
    # s0 is there and reaches d0 and d1, s1 the other two: s1 alone is new
    closable = np.array([int(SiteStatus.CLOSABLE), 0])
    assert _solved(SetCover(_line(4, [0.5, 2.5], 0.5, status=closable))) == 1


def test_places_out_of_everybodys_reach_are_named_or_left_out():
    problem = _line(4, [0], 1)
    with pytest.raises(ProblemError, match="2 places cannot be covered.*d2, d3"):
        SetCover(problem)
    assert _solved(SetCover(problem, leave_out=True)) == 1


def test_golden_text_of_the_program():
    _, program = formulate(SetCover(_line(3, [0, 2], 1, cost=np.array([2.0, 3.0])), minimise="cost"))
    assert lp_text(program) == (
        "\\ set-cover\nMinimize\n obj: +2 open[s0] +3 open[s1]\nSubject To\n"
        " every_place_reached_by_an_open_site[0]: +1 open[s0] >= 1\n"
        " every_place_reached_by_an_open_site[1]: +1 open[s0] +1 open[s1] >= 1\n"
        " every_place_reached_by_an_open_site[2]: +1 open[s1] >= 1\n"
        "Bounds\n 0 <= open[s0] <= 1\n 0 <= open[s1] <= 1\nGenerals\n open[s0]\n open[s1]\nEnd\n"
    )
