import itertools

import numpy as np
import pytest

from models.program import Program, ProgramBuilder, identity, row_of
from solver.engines.whole import NO_UPPER, unlimited_columns, whole


def one_row(coefficients: list[float], upper: float, objective: float | list[float] = 1.0) -> Program:
    builder = ProgramBuilder("row", "max")
    x = builder.columns("x", len(coefficients), upper=1.0, integer=True, objective=objective)
    builder.rows("row", [(row_of(np.array(coefficients)), x)], upper=upper)
    return builder.build()


def test_decimals_become_whole_and_nothing_else_changes() -> None:
    form = whole(one_row([0.1, 0.25, 3.0], 0.3, [1.5, 2.0, 12.25]))
    assert form.data.tolist() == [10, 25, 300]
    assert (form.row_lower.tolist()[0] < 0, form.row_upper.tolist()) == (True, [30])
    assert (form.objective.tolist(), form.scale, form.slack) == ([150, 200, 1225], 100.0, 0.0)
    assert whole(one_row([1.0, 1.0], np.inf)).row_upper.tolist() == [NO_UPPER]


@pytest.mark.parametrize("seed", range(20))
def test_rounding_loses_no_plan_and_lets_none_in_that_is_clearly_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a = rng.normal(0, 1, 8) * 10.0 ** rng.integers(-3, 9)
    objective = rng.normal(0, 1, 8) * 10.0 ** rng.integers(-3, 9)
    upper = float(a @ (rng.random(8) < 0.5))  # some corner lies on the side
    program = one_row(a.tolist(), upper, objective.tolist())
    form = whole(program)
    for point in itertools.product((0, 1), repeat=8):
        x = np.array(point)
        taken = bool(form.data @ x <= form.row_upper[0])
        assert taken or float(a @ x) > upper
        assert not taken or float(a @ x) <= upper + 1e-8 * np.abs(a).sum()
        moved = abs(float(form.objective @ x) / form.scale - float(objective @ x))
        assert moved <= form.slack + 1e-12 * np.abs(objective).sum()
    assert form.slack <= 1e-9 * np.abs(objective).sum()


def test_columns_take_the_bounds_that_rows_give_them() -> None:
    builder = ProgramBuilder("piles", "max")
    opened = builder.columns("open", 2, upper=1.0, integer=True)
    piles = builder.columns("piles", 2, integer=True, objective=1.0)
    builder.rows("at_most_nine_where_open", [(identity(2), piles), (identity(2, -9.0), opened)], upper=0.0)
    program = builder.build()
    assert unlimited_columns(program).tolist() == []
    assert whole(program).upper.tolist() == [1, 1, 9, 9]
    loose = program.with_bounds(lower=np.array([0.0, 0.0, 0.0, -np.inf]))
    assert unlimited_columns(loose).tolist() == [3]
