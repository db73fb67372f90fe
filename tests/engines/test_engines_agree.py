"""Coverage with rules mixed in: every engine takes it and finds what trying everything finds."""

import numpy as np
import pytest
import scipy.sparse as sp

from models.coverage.max_cover import MaxCover
from models.formulation import formulate
from solver.engines.catalogue import available, engine, require
from solver.engines.engine import Ask
from tests.models.brute_force import best_by_trying
from tests.models.random_problems import random_problem, random_rules

INSTALLED = [a.name for a in available() if a.installed]


@pytest.mark.parametrize("seed", range(500, 512))
def test_coverage_on_every_engine(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    rules = random_rules(rng, problem)
    travel = problem.travel
    share = sp.csr_array((rng.choice([0.0, 0.25, 0.5, 1.0], travel.nnz), travel.indices, travel.indptr), travel.shape)
    for formulation in (MaxCover(problem), MaxCover(problem, backup=2), MaxCover(problem, partial=share)):
        truth = best_by_trying(formulation, rules, problem.demand, formulation.plan_of)
        draft, program = formulate(formulation, rules)
        for name in INSTALLED:
            require(engine(name), program)
            answer = engine(name).run(program, Ask(time_limit_s=20.0, gap=0.0))
            if truth is None:
                assert (name, answer.outcome.ended) == (name, "infeasible")
                continue
            assert answer.values is not None
            plan = formulation.read_plan(draft, answer.values)
            assert (name, answer.outcome.ended) == (name, "proven")
            assert formulation.objective_of(plan) == pytest.approx(truth, abs=1e-7)


def test_the_seeds_hold_both_kinds() -> None:
    kinds = set()
    for seed in range(500, 512):
        rng = np.random.default_rng(seed)
        problem = random_problem(rng)
        formulation = MaxCover(problem)
        kinds.add(best_by_trying(formulation, random_rules(rng, problem), problem.demand, formulation.plan_of) is None)
    assert kinds == {True, False}
