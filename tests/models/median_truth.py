"""Shared by the tests of median models: small problems in which every place can be reached, and their truth."""

import numpy as np
import pytest

from models.arrays import BoolArray
from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import Formulation, Rule, formulate
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.rules import CoverageFloor
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from tests.models.random_problems import random_problem, random_rules


def dense_travel(problem: SitingProblem) -> np.ndarray:
    """Travel as a full matrix with inf out of reach."""
    full = np.full(problem.travel.shape, np.inf)
    for i in range(problem.travel.shape[0]):
        part = slice(problem.travel.indptr[i], problem.travel.indptr[i + 1])
        full[i, problem.travel.indices[part]] = problem.travel.data[part]
    return full


def reachable_problem(rng: np.random.Generator, *, n_sites: int = 7, n_demand: int = 9) -> SitingProblem:
    """A random problem without the places that no site which may open reaches."""
    problem = random_problem(rng, n_sites=n_sites, n_demand=n_demand)
    travel = dense_travel(problem)
    usable = np.isfinite(travel) & ~problem.sites.fixed_closed[None, :]
    keep = np.flatnonzero(usable.any(axis=1) | (problem.demand.weight == 0))
    demand = Demand.of([f"d{i}" for i in keep], weight=problem.demand.weight[keep])
    return SitingProblem.dense(problem.sites, demand, travel[keep], unit="m")


def rules_for(rng: np.random.Generator, problem: SitingProblem) -> tuple[Rule, ...]:
    """Random rules on sites and money; floors of coverage say nothing where every place must be served."""
    return tuple(rule for rule in random_rules(rng, problem) if not isinstance(rule, CoverageFloor))


def nearest_assignment(problem: SitingProblem, opened: BoolArray) -> Plan | None:
    """Every place by its nearest open site, place by place; None where one has none."""
    travel = dense_travel(problem)
    served = np.zeros(travel.shape)
    for i in range(len(problem.demand)):
        choices = [(travel[i, j], j) for j in range(len(problem.sites)) if opened[j] and np.isfinite(travel[i, j])]
        if choices:
            served[i, min(choices)[1]] = 1.0
        elif problem.demand.weight[i] > 0:
            return None
    return Plan(open=opened, served=as_sparse(served))


def as_sparse(served: np.ndarray):  # type: ignore[no-untyped-def]
    """Positive entries only."""
    import scipy.sparse as sp

    return sp.csr_array(served)


def solve_and_check(model: Formulation, rules: tuple[Rule, ...], demand: Demand | None) -> float | None:
    """Objective of an optimum recomputed from its plan, every rule checked; None where there is no plan."""
    try:
        draft, program = formulate(model, rules)
    except ProblemError:
        return None
    answer = Highs().run(program, Ask(gap=0.0))
    if answer.values is None:
        assert answer.outcome.ended == "infeasible"
        return None
    plan = model.read_plan(draft, answer.values)
    worth = model.objective_of(plan)
    assert answer.outcome.objective == pytest.approx(worth, abs=1e-6)
    for rule in rules:
        assert rule.violations(model.sites, demand, plan, cost_of(model, plan)) == []
    again = np.zeros(program.n_columns)
    model.values_of(draft, plan, again)
    assert program.violations(again) == []
    assert program.objective_at(again) == pytest.approx(worth, abs=1e-6)
    return worth


def line(positions: list[float], **sites: object) -> SitingProblem:
    """Places of weight 1 that are also the sites, on a line."""
    at = np.array(positions)
    ids = [f"p{i}" for i in range(len(at))]
    return SitingProblem.dense(Sites.of(ids, **sites), Demand.of(ids), np.abs(at[:, None] - at[None]), unit="m")  # type: ignore[arg-type]
