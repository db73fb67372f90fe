"""Which runs no other beats, and which cannot be told apart."""

from pathlib import Path

import pytest

from solver.sweep.cases import Case, Measure, is_lever, measure_of
from solver.sweep.marks import marks_of

BUDGET, REACH = "programmes.clinics.budget", "programmes.clinics.reach.limit_min"
WORTH = Measure("objective", "max")


def case(run, objective, cost, *, bound=None, scenario="", sense="max", **point):
    entry = {
        "objective": objective,
        "bound": objective if bound is None else bound,
        "cost": cost,
        "sense": sense,
        "sites": [],
        "figures": {},
    }
    return Case(run, scenario, {{"budget": BUDGET, "reach": REACH}[k]: v for k, v in point.items()}, entry, Path())


def test_a_run_is_beaten_by_one_that_costs_no_more_and_is_worth_no_less():
    cases = [case(1, 50, 3, budget=3), case(2, 60, 4, budget=4), case(3, 60, 5, budget=5), case(4, 40, 3, budget=6)]
    assert marks_of(cases, WORTH).beaten_by == {1: None, 2: None, 3: 2, 4: 1}
    assert marks_of(cases, WORTH).front() == [1, 2]


def test_where_less_is_better_the_front_turns_round():
    cases = [case(1, 50, 3, sense="min"), case(2, 40, 3, sense="min"), case(3, 30, 9, sense="min")]
    assert marks_of(cases, Measure("objective", "min")).beaten_by == {1: 2, 2: None, 3: None}


def test_runs_that_are_even_do_not_beat_each_other():
    assert marks_of([case(1, 50, 3, budget=3), case(2, 50, 3, budget=4)], WORTH).beaten_by == {1: None, 2: None}


def test_runs_under_another_reach_or_scenario_are_no_better_or_worse():
    cases = [case(1, 50, 3, reach=8), case(2, 90, 3, reach=12), case(3, 99, 3, reach=8, scenario="dry")]
    assert set(marks_of(cases, WORTH).beaten_by.values()) == {None}


def test_values_whose_gaps_overlap_cannot_be_told_apart_and_equal_ones_need_not_be():
    # optima: 50 to 56, 55 to 58, 57 to 57, 50 to 50
    cases = [case(1, 50, 1, bound=56), case(2, 55, 1, bound=58), case(3, 57, 1), case(4, 50, 1)]
    assert marks_of(cases, WORTH).not_told_from == {1: [2], 2: [1, 3], 3: [2], 4: []}


def test_a_run_without_a_plan_has_no_marks_and_beats_none():
    marks = marks_of([case(1, None, None), case(2, 50, 3)], WORTH)
    assert marks.beaten_by == {2: None}


def test_plans_are_measured_by_the_share_where_that_is_what_the_model_maximises():
    covering = case(1, 60.0, 1)
    covering.entry["figures"] = {"covered_weight": 60.0, "total_weight": 80.0, "covered_share": 0.75}
    covering.entry["bound"] = 64.0
    measure = measure_of([covering])
    assert measure == Measure("covered_share", "max")
    assert (measure.of(covering), measure.bound_of(covering)) == (0.75, 0.8)
    assert measure_of([covering, case(2, 50, 1)]) == WORTH
    assert measure_of([case(1, 50, 1, sense="min")]) == Measure("objective", "min")
    assert measure_of([case(1, None, None)]) is None


@pytest.mark.parametrize(
    ("key", "lever"),
    [
        (BUDGET, True),
        ("programmes.clinics.floor_share", True),
        ("programmes.charging.piles.total", True),
        ("programmes.rescue.vehicles.total", True),
        ("programmes.rescue.vehicles.busy", False),
        ("portfolio.joint.budget", True),
        ("solve.seed", True),
        (REACH, False),
        ("programmes.clinics.demand.weight", False),
        ("programmes.clinics.competitors", False),
        ("network.walk_speed_kph", False),
    ],
)
def test_a_lever_is_what_is_decided_not_what_the_world_is_like(key, lever):
    assert is_lever(key) is lever
