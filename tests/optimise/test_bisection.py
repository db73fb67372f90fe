"""p-centres and dispersion narrowed down by searches, relaxations and whole programs, against enumeration."""

import numpy as np
import pytest

from models.dispersion import PDispersion, straight_distances
from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import Formulation, Rule
from models.median.p_center import PCenter
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.program import Program
from models.rules import Count, CoverageFloor
from solver.engines.engine import Ask, Engine
from solver.engines.interrupt import run_or_stop
from solver.engines.outcome import Answer
from solver.optimise import bisection
from solver.optimise.methods import METHODS
from tests.models.brute_force import best_by_trying
from tests.models.median_truth import nearest_assignment, reachable_problem, rules_for
from tests.models.random_problems import random_problem, random_rules


def settles(model: Formulation, rules: tuple[Rule, ...], demand: Demand | None, truth: float | None) -> None:
    """Does the reduction, from its own first plan and from none, end at the optimum with a bound that says so?"""
    method = METHODS[type(model)]
    assert method.search is not None
    assert method.reduce is not None
    for plan in (method.search(model, rules, 1.0, 0), None):
        reduced = method.reduce(model, rules, plan, Ask(time_limit_s=20.0, gap=0.0))
        if truth is None:
            assert reduced.plan is None
            continue
        assert reduced.plan is not None
        assert model.objective_of(reduced.plan) == pytest.approx(truth, abs=1e-9)
        assert reduced.bound == pytest.approx(truth, abs=1e-9)
        cost = cost_of(model, reduced.plan)
        assert not any(rule.violations(model.sites, demand, reduced.plan, cost) for rule in rules)


def centre_agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = reachable_problem(rng)
    rules = rules_for(rng, problem)
    if seed % 2:
        rules = tuple(rule for rule in rules if isinstance(rule, Count))
    model = PCenter(problem)
    truth = best_by_trying(model, rules, problem.demand, lambda chosen: nearest_assignment(problem, chosen))
    settles(model, rules, problem.demand, truth)


def dispersion_agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    rules: tuple[Rule, ...] = tuple(r for r in random_rules(rng, problem) if not isinstance(r, CoverageFloor))
    if seed % 2:
        rules = tuple(rule for rule in rules if isinstance(rule, Count))
    try:
        model = PDispersion(problem.sites, straight_distances(problem.sites))
    except ProblemError:  # fewer than two sites
        return
    settles(model, rules, None, best_by_trying(model, rules, None, lambda chosen: Plan(open=chosen)))


AGREE = {"p-center": centre_agrees, "p-dispersion": dispersion_agrees}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", AGREE)
def test_random_problems_are_settled_as_enumeration_has_them(name: str, seed: int) -> None:
    AGREE[name](seed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", AGREE)
def test_whole_programs_decide_what_searches_do_not_find(name: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bisection, "GLANCE", 0)
    monkeypatch.setattr(bisection, "CLIMB", 0)
    AGREE[name](100 + seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 500))
@pytest.mark.parametrize("name", AGREE)
def test_many_random_problems_are_settled(name: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 3 == 0:
        monkeypatch.setattr(bisection, "GLANCE", 0)
        monkeypatch.setattr(bisection, "CLIMB", 0)
    AGREE[name](seed)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Programs that are solved from here on, whether they have whole columns."""
    solved: list[bool] = []

    def noted(engine: Engine, program: Program, ask: Ask) -> Answer:
        solved.append(bool(program.integer.any()))
        return run_or_stop(engine, program, ask)

    monkeypatch.setattr(bisection, "run_or_stop", noted)
    return solved


def test_a_graph_is_settled_by_few_linear_programs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = counted(monkeypatch)
    rng = np.random.default_rng(1)
    xy, ids = rng.integers(0, 30, (80, 2)), [str(k) for k in range(80)]
    apart = np.abs(xy[:, None] - xy[None]).sum(axis=2).astype(float)
    model = PCenter(SitingProblem.dense(Sites.of(ids), Demand.of(ids), apart, unit="m"))
    method = METHODS[PCenter]
    assert method.reduce is not None
    reduced = method.reduce(model, (Count(8),), None, Ask(time_limit_s=20.0, gap=0.0))
    assert reduced.plan is not None
    assert model.objective_of(reduced.plan) == reduced.bound
    assert not any(solved)
    assert len(solved) <= 6
