"""A time limit at city size on every model that the benchmark makes: a plan with sense, a sensible bound, time kept."""

import pytest

from benchmarks.limits import CASES, Case, Run, measure
from models.formulation import known_bound_of

CHARGING = next(case for case in CASES if case.name == "charging")


def has_sense(case: Case, run: Run) -> None:
    """A plan of some worth under a bound no worse than what is known before solving."""
    assert run.objective is not None, case.name
    assert run.bound is not None, case.name
    assert run.gap is not None
    assert run.objective > 0
    assert run.gap < 1.5
    model, _ = case.make()
    known = known_bound_of(model)
    assert known is not None
    assert (known - run.bound if model.sense == "max" else run.bound - known) >= -1e-6 * abs(known)


def test_charging_in_a_city_has_a_plan_with_sense_within_a_second() -> None:
    has_sense(CHARGING, measure(CHARGING, 1.0))


@pytest.mark.slow
@pytest.mark.parametrize("limit_s", [1.0, 3.0, 10.0, 30.0])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_model_at_every_limit(case: Case, limit_s: float) -> None:
    """On a machine that has a core for it."""
    measure(case, 0.1)  # what is compiled once
    run = measure(case, limit_s)
    assert run.over_s(limit_s) <= 0.0, run
    has_sense(case, run)
