"""Nothing an engine says is believed without the plan being recomputed."""

import numpy as np
import pytest

from models.arrays import FloatArray
from models.errors import SitingError
from models.incumbent import relative_gap
from models.program import Program, ProgramBuilder, identity, row_of
from solver.engines.conclude import Report, cleaned, conclude
from solver.engines.engine import Ask
from solver.engines.highs import solve_linear
from solver.engines.outcome import Answer, Ended, Outcome


def program() -> Program:
    """max 3a + 2b of binaries with 2a + 2b <= 3: the best plan is (1, 0), worth 3."""
    builder = ProgramBuilder("pair", "max")
    x = builder.columns("x", 2, upper=1.0, integer=True, objective=[3.0, 2.0])
    builder.rows("room", [(row_of(np.array([2.0, 2.0])), x)], upper=3.0)
    return builder.build()


def told(ended: Ended, values: list[float] | None, bound: float | None, *, gap: float = 0.0) -> Answer:
    array = None if values is None else np.array(values)
    report = Report(ended=ended, values=array, bound=bound, raw="said", limit="time" if ended == "limit" else None)
    return conclude(program(), Ask(gap=gap), report, engine="e", version="1", seconds=1.0, refit=solve_linear)


def test_an_optimum_that_holds_is_believed() -> None:
    answer = told("proven", [1.0 - 1e-9, 1e-9], 3.0)
    assert (answer.outcome.ended, answer.outcome.objective, answer.outcome.gap) == ("proven", 3.0, 0.0)
    assert answer.values is not None
    assert answer.values.tolist() == [1.0, 0.0]


def test_a_plan_that_breaks_a_row_is_no_plan() -> None:
    answer = told("proven", [1.0, 1.0], 5.0)
    assert (answer.outcome.ended, answer.values) == ("failed", None)
    assert answer.outcome.raw == "said: no plan that holds was found"


def test_an_optimum_far_from_its_bound_is_none() -> None:
    answer = told("proven", [0.0, 1.0], 3.0)
    assert (answer.outcome.ended, answer.outcome.objective, answer.outcome.bound) == ("failed", 2.0, 3.0)


def test_a_bound_that_a_plan_beats_is_dropped() -> None:
    answer = told("limit", [1.0, 0.0], 2.5)
    assert (answer.outcome.ended, answer.outcome.bound) == ("failed", None)
    assert "better than the bound" in answer.outcome.raw


def test_a_plan_at_its_bound_is_proven_whatever_the_engine_says() -> None:
    answer = told("limit", [1.0, 0.0], 3.0)
    assert (answer.outcome.ended, answer.outcome.limit) == ("proven", None)
    assert told("limit", [0.0, 1.0], 3.0, gap=0.5).outcome.ended == "proven"
    assert told("limit", [0.0, 1.0], 3.0, gap=0.4).outcome.ended == "limit"


def test_a_start_that_holds_refutes_infeasible_and_stands_in_for_a_lost_plan() -> None:
    ask = Ask(start=np.array([0.0, 1.0]))
    report = Report(ended="infeasible", values=None, bound=None, raw="said")
    answer = conclude(program(), ask, report, engine="e", version="1", seconds=1.0, refit=solve_linear)
    assert (answer.outcome.ended, answer.outcome.objective) == ("failed", 2.0)


def test_rounding_integers_refits_the_rest() -> None:
    # piles <= 4 open, demand 3.9999: open = 0.999975 serves it, and so must open = 1 with piles as they are
    builder = ProgramBuilder("mixed", "min")
    opened = builder.columns("open", 1, upper=1.0, integer=True, objective=10.0)
    flow = builder.columns("flow", 1, objective=1.0)
    builder.rows("capacity_used_fully", [(identity(1), flow), (identity(1, -4.0), opened)], lower=0.0, upper=0.0)
    mixed = builder.build()
    calls: list[FloatArray] = []

    def refit(fixed: Program) -> FloatArray | None:
        calls.append(fixed.lower)
        return solve_linear(fixed)

    found = cleaned(mixed, np.array([0.999975, 3.9999]), refit)
    assert found == pytest.approx([1.0, 4.0])
    assert len(calls) == 1


@pytest.mark.parametrize(
    "parts",
    [
        {"ended": "limit"},
        {"ended": "proven", "limit": "time"},
        {"ended": "proven", "bound": None},
        {"ended": "infeasible", "holds_plan": True},
        {"ended": "interrupted", "holds_plan": False},
    ],
)
def test_impossible_outcomes_cannot_be_made(parts: dict[str, object]) -> None:
    whole = {"ended": "proven", "holds_plan": True, "objective": 1.0, "bound": 1.0, "limit": None}
    rest = {"seconds": 1.0, "engine": "e", "version": "1", "raw": "r"}
    Outcome(**(whole | rest))  # type: ignore[arg-type]
    with pytest.raises(SitingError, match="impossible outcome"):
        Outcome(**(whole | rest | parts))  # type: ignore[arg-type]


def test_a_gap_is_unknown_until_both_sides_are() -> None:
    assert relative_gap(None, 1.0) is None
    assert relative_gap(1.0, None) is None
    assert relative_gap(1.0, np.inf) is None
    assert relative_gap(-4.0, -3.0) == 0.25
