"""Columns called integer change no optimum; coverage and assignment are among them, divisible flows are not."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from models.program import Program, ProgramBuilder, identity, row_of
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.implied import implied_integer

EXACT = Ask(time_limit_s=20.0, gap=0.0)


def optimum(program: Program) -> tuple[str, float | None]:
    outcome = Highs().run(program, EXACT).outcome
    return outcome.ended, outcome.objective


def coverage(floor: float) -> Program:
    rng = np.random.default_rng(3)
    reached = sp.csr_array((rng.random((9, 5)) < 0.4).astype(float))
    weight = rng.random(9)
    builder = ProgramBuilder("coverage", "max")
    opened = builder.columns("open", 5, upper=1.0, integer=True)
    covered = builder.columns("covered", 9, upper=1.0, objective=weight)
    builder.rows("only_if_open", [(identity(9), covered), (-reached, opened)], upper=0.0)
    builder.rows("count", [(row_of(np.ones(5)), opened)], upper=2.0)
    builder.rows("floor", [(row_of(weight), covered)], lower=floor)
    return builder.build()


def assignment(*, capacity: bool, weight: float = 1.0) -> Program:
    """Four places to three sites, two of them open; at most two places (or `weight` of one each) per site."""
    rng = np.random.default_rng(4)
    builder = ProgramBuilder("assignment", "min")
    opened = builder.columns("open", 3, upper=1.0, integer=True)
    share = builder.columns("share", 12, upper=1.0, objective=rng.random(12))
    place = sp.csr_array(np.kron(np.eye(4), np.ones(3)))
    site = sp.csr_array(np.kron(np.ones(4), np.eye(3)))
    builder.rows("each_place", [(place, share)], lower=1.0, upper=1.0)
    builder.rows("only_open", [(identity(12), share), (sp.csr_array(-np.tile(np.eye(3), (4, 1))), opened)], upper=0.0)
    builder.rows("count", [(row_of(np.ones(3)), opened)], upper=2.0)
    if capacity:
        builder.rows("capacity", [(sp.csr_array(site * weight), share), (identity(3, -2.0), opened)], upper=0.0)
    return builder.build()


def test_coverage_is_whole_with_and_without_a_floor() -> None:
    for floor in (-np.inf, 2.0):
        assert implied_integer(coverage(floor)).all()
    capped = coverage(2.0)
    upper = capped.row_upper.copy()
    upper[-1] = 2.5  # a cap on what may be covered is kept by parts of places
    assert not implied_integer(replace(capped, row_upper=upper)).all()


def test_assignment_is_whole_also_under_capacities_in_places() -> None:
    assert implied_integer(assignment(capacity=False)).all()
    assert implied_integer(assignment(capacity=True)).all()


def test_flows_under_capacities_in_other_units_are_not() -> None:
    program = assignment(capacity=True, weight=0.7)
    assert implied_integer(program).tolist() == program.integer.tolist()


def test_an_odd_cycle_is_not() -> None:
    # a + b <= 1, b + c <= 1, a + c <= 1: the best is (1/2, 1/2, 1/2)
    builder = ProgramBuilder("triangle", "max")
    x = builder.columns("x", 3, upper=1.0, objective=1.0)
    builder.rows("pairs", [(np.array([[1.0, 1, 0], [0, 1, 1], [1, 0, 1]]), x)], upper=1.0)
    program = builder.build()
    assert optimum(program) == ("proven", pytest.approx(1.5))
    assert not implied_integer(program).any()
    # a - b <= 0, b + c <= 1, a + c <= 1: one part {first, second} would need the third to be in both
    builder = ProgramBuilder("signed", "max")
    x = builder.columns("x", 3, upper=1.0, objective=1.0)
    builder.rows("pairs", [(np.array([[1.0, -1, 0], [0, 1, 1], [1, 0, 1]]), x)], upper=[0.0, 1.0, 1.0])
    assert implied_integer(builder.build()).all()


def random_program(seed: int) -> Program:
    rng = np.random.default_rng(seed)
    builder = ProgramBuilder("random", "max" if rng.random() < 0.5 else "min")
    whole = builder.columns("whole", 3, upper=2.0, integer=True, objective=rng.normal(0, 1, 3))
    part = builder.columns(
        "part", 5, upper=rng.choice([1.0, 2.0, 2.0 if seed % 2 else 2.5], 5), objective=rng.normal(0, 1, 5)
    )
    n_rows = int(rng.integers(1, 6))
    own = rng.choice([0.0, 0.0, 1.0, -1.0], (n_rows, 5)) * rng.choice([1.0, 1.0, 2.0], (n_rows, 1))
    odd = 1.0 if seed % 2 else 1.5  # every other program has whole numbers only
    shared = rng.choice([0.0, 2.0, -2.0, odd], (n_rows, 3), p=[0.4, 0.3, 0.2, 0.1])
    upper = rng.choice([0.0, 2.0, 4.0, odd, np.inf], n_rows, p=[0.2, 0.3, 0.3, 0.1, 0.1])
    lower = np.where(rng.random(n_rows) < 0.3, upper - 2.0, -np.inf)
    builder.rows("rows", [(shared, whole), (own, part)], lower=np.where(np.isinf(upper), -1.0, lower), upper=upper)
    return builder.build()


@pytest.mark.parametrize("seed", range(120))
def test_no_optimum_changes(seed: int) -> None:
    program = random_program(seed)
    ended, best = optimum(program)
    again, whole_best = optimum(replace(program, integer=implied_integer(program)))
    assert (again, whole_best) == (ended, pytest.approx(best, abs=1e-6) if best is not None else None)


def test_the_random_programs_are_of_all_kinds() -> None:
    """Otherwise the test above would show little."""
    added = [int(np.sum(implied_integer(p) & ~p.integer)) for p in map(random_program, range(120))]
    assert added.count(0) >= 10
    assert added.count(5) >= 10
    assert len(set(added)) >= 5
