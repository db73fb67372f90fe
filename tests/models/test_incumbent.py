"""What stages share: the best plan that keeps the rules, the tightest bound, the time, and whether they are enough."""

import pytest

from models.clock import Clock
from models.incumbent import Incumbent, Standing, relative_gap, tighter


def of_even_numbers(sense, *, gap=0.1, heard=None):
    """Plans are numbers worth themselves; odd ones break a rule."""
    return Incumbent(sense, lambda n: float(n) if n % 2 == 0 else None, Clock.of(60.0), gap, heard)


def test_the_better_plan_that_keeps_the_rules_is_held():
    most, least = of_even_numbers("max"), of_even_numbers("min")
    assert [most.found(n) for n in (4, 2, 7, None, 6)] == [True, False, False, False, True]
    assert [least.found(n) for n in (4, 6, 1, 2)] == [True, False, False, True]
    assert (most.plan, most.objective, least.plan) == (6, 6.0, 2)


def test_the_tighter_bound_is_held_and_what_is_no_number_is_none():
    most, least = of_even_numbers("max"), of_even_numbers("min")
    assert [most.bounded(b) for b in (9.0, None, float("inf"), 10.0, 8.0)] == [True, False, False, False, True]
    assert [least.bounded(b) for b in (1.0, 2.0, 0.0)] == [True, True, False]
    assert (most.bound, least.bound) == (8.0, 2.0)
    assert tighter("max", None, 3.0, float("nan")) == 3.0
    assert tighter("min") is None


def test_a_plan_within_the_asked_gap_of_the_bound_is_enough():
    most = of_even_numbers("max", gap=0.1)
    assert not most.enough
    most.found(20)
    most.bounded(23.0)  # 15 % away
    assert not most.enough
    most.bounded(22.0)  # 10 %
    assert most.enough
    assert most.over


def test_a_stage_shares_what_is_in_hand_and_has_a_clock_of_its_own():
    most = of_even_numbers("max")
    stage = most.part(0.5, 3.0)
    stage.found(8)
    assert most.plan == 8
    assert stage.left() <= 3.0 < most.left()


def test_every_better_plan_and_bound_is_told_and_what_an_engine_says_counts_for_nothing():
    heard: list[Standing] = []
    most = of_even_numbers("max", heard=heard.append)
    most.found(4)
    most.found(2)
    most.bounded(6.0)
    most.glimpsed(5.0, 5.5)
    assert [(s.objective, s.bound) for s in heard] == [(4.0, None), (4.0, 6.0), (5.0, 5.5)]
    assert heard[1].gap == relative_gap(4.0, 6.0) == pytest.approx(0.5)
    assert heard[0].left_s == pytest.approx(60.0, abs=5.0)
    assert (most.objective, most.bound) == (4.0, 6.0)
