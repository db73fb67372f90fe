"""The tier-by-tier first plan: it keeps every row and comes close to the best."""

import numpy as np
import pytest

from models.algorithms.hierarchy.relax_and_fix import relax_and_fix
from models.arrays import FloatArray
from models.formulation import formulate
from models.hierarchy.chain import chain_faults
from models.hierarchy.hierarchical import HierarchicalCoverage
from models.hierarchy.tiers import TierProblem
from models.problem import Demand, Sites
from models.program import Program
from models.rules import Budget
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from tests.models.test_hierarchical import sparse


def plane(seed: int, n_places: int = 150) -> TierProblem:
    """Four centres, 70 stations (so that some are rounded first) and 30 points in a square of 30."""
    rng = np.random.default_rng(seed)
    tier = np.repeat([0, 1, 2], [4, 70, 30])
    xy, places = rng.uniform(0, 30, (len(tier), 2)), rng.uniform(0, 30, (n_places, 2))
    between = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    reach = np.array([0.0, 15.0, 8.0])[tier][None, :]
    feed = np.where((tier[None] - tier[:, None] == 1) & (between <= reach), between, -1.0)
    to_site = np.hypot(*(places[:, None] - xy[None]).transpose(2, 0, 1))
    access = np.where((tier == 2)[None] & (to_site <= 6), to_site, -1.0)
    weight = rng.integers(1, 20, n_places).astype(float)
    cost = np.array([100.0, 8, 3])[tier] * rng.uniform(0.7, 1.3, len(tier))
    capacity = np.array([700.0, 90, 120])[tier] * rng.uniform(0.7, 1.3, len(tier))
    return TierProblem(
        Sites.of([f"s{i}" for i in range(len(tier))], cost=cost, capacity=capacity),
        tier,
        Demand.of([f"d{i}" for i in range(n_places)], weight=weight),
        sparse(access.tolist()),
        sparse(feed.tolist()),
    )


def solve(program: Program, seconds: float, gap: float) -> FloatArray | None:
    return Highs().run(program, Ask(time_limit_s=seconds, gap=gap)).values


@pytest.mark.parametrize("seed", [pytest.param(0, marks=pytest.mark.slow), 1, 2])
def test_the_first_plan_keeps_every_row_and_is_within_a_tenth_of_the_bound(seed: int) -> None:
    model = HierarchicalCoverage(plane(seed))
    draft, program = formulate(model, [Budget(450.0)])
    values = relax_and_fix(draft, program, model.problem.tier, solve, seconds=20.0)
    assert values is not None
    assert program.violations(values) == []
    plan = model.read_plan(draft, values)
    assert chain_faults(model.problem, plan) == []
    assert model.cost_of(plan) <= 450.0
    best = Highs().run(program, Ask(time_limit_s=20.0, gap=0.02)).outcome
    assert best.bound is not None
    assert 0.9 * best.bound <= model.objective_of(plan) <= best.bound * (1 + 1e-9)


def test_no_plan_is_said_where_a_choice_leaves_none() -> None:
    model = HierarchicalCoverage(plane(0))
    draft, program = formulate(model, [Budget(450.0)])
    # every candidate must open, far beyond the budget
    impossible = program.with_bounds(lower=np.where(program.integer, 1.0, program.lower))
    assert relax_and_fix(draft, impossible, model.problem.tier, solve, seconds=5.0) is None
