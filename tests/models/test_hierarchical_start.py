"""A dive through the tiers: it keeps every row and comes close to the best."""

import numpy as np
import pytest

from models.algorithms.hierarchy.dive import dive
from models.arrays import FloatArray
from models.formulation import formulate
from models.hierarchy.chain import chain_faults
from models.hierarchy.hierarchical import HierarchicalCoverage
from models.hierarchy.tiers import TierProblem
from models.problem import Demand, Sites
from models.program import Program
from models.rules import Budget
from solver.engines.highs import lp_bound
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


def solve(program: Program) -> FloatArray | None:
    linear = lp_bound(program.relaxed(), time_limit_s=20.0, method="simplex")
    return None if linear is None else linear.values


@pytest.mark.parametrize("seed", [pytest.param(0, marks=pytest.mark.slow), 1, 2])
def test_a_dive_keeps_every_row_and_loses_less_than_a_fifth(seed: int) -> None:
    model = HierarchicalCoverage(plane(seed))
    draft, program = formulate(model, [Budget(450.0)])
    linear = lp_bound(program, time_limit_s=20.0, method="simplex")
    assert linear is not None
    tiers = [draft.open.index[model.problem.tier == level] for level in range(3)]
    values = dive(program.relaxed(), tiers, linear.values, solve)
    assert values is not None
    assert program.violations(values) == []
    plan = model.read_plan(draft, values)
    assert chain_faults(model.problem, plan) == []
    assert model.cost_of(plan) <= 450.0
    assert 0.8 * linear.bound <= model.objective_of(plan) <= linear.bound * (1 + 1e-9)


def test_a_dive_says_where_its_roundings_leave_no_plan() -> None:
    model = HierarchicalCoverage(plane(0))
    draft, program = formulate(model, [Budget(450.0)])
    tiers = [draft.open.index[model.problem.tier == level] for level in range(3)]
    assert dive(program.relaxed(), tiers, np.full(program.n_columns, 0.5), lambda _program: None) is None
