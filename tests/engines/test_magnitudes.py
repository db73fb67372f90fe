"""The size of the numbers does not matter: weights of millionths and of billions give the same plans, proven."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import ProblemError
from models.formulation import Rule
from models.problem import SitingProblem
from models.rules import MinimumUse
from solver.api.solution import solve_model
from solver.engines.catalogue import available
from solver.errors import EngineError
from tests.models.matrix import CASES, Case

ENGINES = [a.name for a in available() if a.installed and not a.name.startswith("pulp:")]
MAGNITUDES = (1e-6, 1e-2, 1e9)
SCALED = [case for case in CASES if case.scale is not None]


def magnified(problem: SitingProblem, by: float) -> SitingProblem:
    """Weights and capacities in another unit."""
    return replace(
        problem,
        sites=replace(problem.sites, capacity=problem.sites.capacity * by),
        demand=replace(problem.demand, weight=problem.demand.weight * by),
    )


def rule_in(rule: Rule, by: float) -> Rule:
    return replace(rule, amount=np.asarray(rule.amount) * by) if isinstance(rule, MinimumUse) else rule


def agrees(case: Case, seed: int, by: float, engine: str) -> str:
    """An instance in another unit of weight against trying everything in the first."""
    made = case.instance(seed)
    if made is None or not isinstance(made[0], SitingProblem):
        return "nothing to decide"
    problem, model, rules = made
    truth, _ = case.best(problem, model, rules)
    try:
        found = solve_model(
            case.build(magnified(problem, by)), [rule_in(rule, by) for rule in rules], engine=engine, gap=0.0
        )
    except ProblemError:
        assert truth is None
        return "refused"
    except EngineError:
        assert engine == "cp-sat"
        return "not for this engine"
    assert found.ended == ("infeasible" if truth is None else "proven"), (case.name, seed, by, engine, found.reasons)
    if truth is not None:
        factor = 1.0 if case.scale == 1 else by
        assert found.objective / factor == pytest.approx(truth, rel=1e-5, abs=1e-6), (case.name, seed, by, engine)
    return found.ended


@pytest.mark.parametrize("case", SCALED, ids=lambda case: case.name)
def test_weights_in_another_unit_give_the_same_plan(case: Case) -> None:
    ends = {agrees(case, seed, MAGNITUDES[seed % 3], ENGINES[seed % len(ENGINES)]) for seed in range(3)}
    assert ends


@pytest.mark.slow
@pytest.mark.parametrize("case", SCALED, ids=lambda case: case.name)
def test_weights_in_any_unit_on_every_engine(case: Case) -> None:
    for seed in range(12):
        for by in (*MAGNITUDES, 1e12):
            agrees(case, seed, by, ENGINES[seed % len(ENGINES)])
