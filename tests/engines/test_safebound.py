"""Bounds hold whatever the duals are, and are tight where those are good."""

import numpy as np
import pytest

from models.program import Program, ProgramBuilder, identity, row_of
from solver.engines.engine import Ask
from solver.engines.highs import Highs, lp_bound
from solver.engines.safebound import implied_bounds, safe_bound
from tests.engines.programs import best_covering, best_of_box, boxed, covering

FEASIBLE = (0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize("seed", FEASIBLE)
def test_any_duals_whatever_give_a_bound_that_holds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for program, truth in ((boxed(seed), best_of_box(boxed(seed))), (covering(seed), best_covering(covering(seed), 3))):
        assert truth is not None
        for scale in (0.0, 0.1, 10.0):
            found = safe_bound(program, np.zeros(program.n_columns), rng.normal(0, scale, program.n_rows))
            assert found is not None
            assert found.bound >= truth if program.sense == "max" else found.bound <= truth


@pytest.mark.parametrize("seed", FEASIBLE)
def test_interior_point_comes_as_near_as_the_simplex(seed: int) -> None:
    program = covering(seed, n_sites=20, n_demand=60)
    found = lp_bound(program, time_limit_s=10.0)
    linear = Highs().run(program.relaxed(), Ask(gap=0.0)).outcome.objective
    assert found is not None
    assert linear is not None
    assert found.bound >= linear - 1e-9
    assert found.bound == pytest.approx(linear, rel=1e-4)


@pytest.mark.parametrize("seed", FEASIBLE)
def test_reduced_costs_fix_only_what_no_better_plan_has(seed: int) -> None:
    program = covering(seed)
    found = lp_bound(program, time_limit_s=10.0)
    truth = best_covering(program, 3)
    assert found is not None
    lower, upper = found.fixed_by(program, truth - 0.5)
    fixed = program.with_bounds(lower=lower, upper=upper)
    assert Highs().run(fixed, Ask(gap=0.0)).outcome.objective == truth  # the best plan is better than truth - 0.5


def test_bounds_implied_by_rows() -> None:
    # 0 <= flow <= 6 open and flow >= 2 give flow at most 6; dearer >= 3 flow has no cap
    builder = ProgramBuilder("implied", "min")
    opened = builder.columns("open", 1, upper=1.0, integer=True)
    flow = builder.columns("flow", 1, lower=-np.inf)
    dearer = builder.columns("dearer", 1, lower=-np.inf)
    builder.rows("only_where_open", [(identity(1), flow), (identity(1, -6.0), opened)], upper=0.0)
    builder.rows("demand", [(row_of(np.ones(1)), flow)], lower=2.0)
    builder.rows("dearer", [(identity(1), dearer), (identity(1, -3.0), flow)], lower=0.0)
    lower, upper = implied_bounds(builder.build())
    assert lower == pytest.approx([0.0, 2.0, 6.0], abs=1e-6)
    assert upper[:2] == pytest.approx([1.0, 6.0], abs=1e-6)
    assert np.isposinf(upper[2])


def test_no_bound_is_claimed_where_the_duals_prove_none() -> None:
    builder = ProgramBuilder("loose", "max")
    builder.columns("x", 1, objective=1.0)
    program: Program = builder.build()
    assert safe_bound(program, np.zeros(1), np.empty(0)) is None
