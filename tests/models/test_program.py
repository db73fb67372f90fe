"""The neutral program: what it says, checks and prints."""

import numpy as np
import pytest

from models.errors import ProblemError
from models.lp_text import lp_text
from models.program import ProgramBuilder, row_of


def knapsack() -> ProgramBuilder:
    builder = ProgramBuilder("knapsack", "max")
    take = builder.columns("take", 3, upper=1.0, integer=True, objective=[6, 5, 4], labels=["a-1", "b", "c"])
    builder.rows("weight_within_limit", [(row_of([3, 2, 2]), take)], upper=4.0)
    return builder


def test_a_violation_is_a_number_with_a_name() -> None:
    program = knapsack().build()
    # 3 + 2 + 0.5 * 2 = 6 is 2 above the limit of 4; the half is half a unit from whole
    found = {v.where: v.amount for v in program.violations(np.array([1.0, 1.0, 0.5]))}
    assert found == {"weight_within_limit[0]": pytest.approx(2.0), "take[c] must be whole": pytest.approx(0.5)}


def test_values_within_all_bounds_and_rows_violate_nothing() -> None:
    program = knapsack().build()
    assert program.violations(np.array([0.0, 1.0, 1.0])) == []
    assert program.objective_at(np.array([0.0, 1.0, 1.0])) == 9.0  # 5 + 4


def test_the_text_of_a_program_is_what_a_reader_expects() -> None:
    assert lp_text(knapsack().build()) == (
        "\\ knapsack\nMaximize\n obj: +6 take[a_1] +5 take[b] +4 take[c]\nSubject To\n"
        " weight_within_limit[0]: +3 take[a_1] +2 take[b] +2 take[c] <= 4\n"
        "Bounds\n 0 <= take[a_1] <= 1\n 0 <= take[b] <= 1\n 0 <= take[c] <= 1\n"
        "Generals\n take[a_1]\n take[b]\n take[c]\nEnd\n"
    )


def test_coefficients_of_the_wrong_shape_are_refused_by_name() -> None:
    builder = ProgramBuilder("wrong", "min")
    x = builder.columns("x", 2)
    with pytest.raises(ProblemError, match=r"rows too_wide: coefficients of x are \(1, 3\), not \(1, 2\)"):
        builder.rows("too_wide", [(row_of([1, 2, 3]), x)])


def test_a_row_added_later_joins_the_program() -> None:
    program = knapsack().build().with_row("at_most_one", np.array([1.0, 1.0, 1.0]), upper=1.0)
    # 0 + 1 + 1 = 2 is one above the new row's limit
    assert [(v.where, v.amount) for v in program.violations(np.array([0.0, 1.0, 1.0]))] == [("at_most_one[0]", 1.0)]
