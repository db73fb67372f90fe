"""The p-median against enumeration, by hand, and by laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.median.fixed_charge import AssignmentMedian
from models.median.p_median import PMedian
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import Count
from tests.models.brute_force import assert_same, best_by_trying
from tests.models.median_truth import line, nearest_assignment, reachable_problem, rules_for, solve_and_check


def agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = reachable_problem(rng)
    rules = rules_for(rng, problem)
    model = PMedian(problem)
    truth = best_by_trying(model, rules, problem.demand, lambda chosen: nearest_assignment(problem, chosen))
    for formulation in (model, AssignmentMedian(problem), AssignmentMedian(problem, single_source=True)):
        assert_same(solve_and_check(formulation, rules, problem.demand), truth)


@pytest.mark.parametrize("seed", range(30))
def test_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30, 230))
def test_many_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


def test_one_median_of_a_line_is_its_middle() -> None:
    # from 0, 1, 5 to the middle one: 1 + 0 + 4
    assert solve_and_check(PMedian(line([0, 1, 5])), (Count(1),), None) == pytest.approx(5.0)


def test_an_existing_site_serves_without_counting() -> None:
    # p0 stands at 0; the one new site serves best from 6: 0 and 1 go to p0 (0 + 1), 6 stays (0), 7 goes to 6 (1)
    problem = line([0, 1, 6, 7], status=np.array([int(SiteStatus.EXISTING), 0, 0, 0]))
    assert solve_and_check(PMedian(problem), (Count(1),), None) == pytest.approx(2.0)


def test_places_out_of_reach_are_named() -> None:
    travel = np.array([[1.0, np.inf], [np.inf, np.inf]])
    problem = SitingProblem.dense(Sites.of(["s", "t"]), Demand.of(["near", "far"]), travel)
    with pytest.raises(ProblemError, match=r"^1 places are out of reach of every site that may open \(far\); p-median"):
        PMedian(problem)


def test_the_program_reads_as_in_the_docstring() -> None:
    travel = np.array([[0.0, 4.0], [3.0, 3.0]])
    problem = SitingProblem.dense(Sites.of(["s", "t"]), Demand.of(["a", "b"], weight=np.array([2.0, 5])), travel)
    # place b is 3 from both sites: one value, one row; place a is 0 from s and 2 * 4 more from t alone
    text = lp_text(formulate(PMedian(problem), (Count(1),))[1])
    assert text == (
        "\\ p-median\nMinimize\n obj: +8 farther[a_0] +15\nSubject To\n"
        " served_at_the_first_distance_or_farther[a_0]: +1 open[s] +1 farther[a_0] >= 1\n"
        " served_at_the_first_distance_or_farther[b_3]: +1 open[s] +1 open[t] >= 1\n"
        " every_place_has_an_open_site_within_reach[a_4]: +1 open[t] -1 farther[a_0] >= 0\n"
        " new_sites_exactly[0]: +1 open[s] +1 open[t] = 1\n"
        "Bounds\n 0 <= open[s] <= 1\n 0 <= open[t] <= 1\n 0 <= farther[a_0] <= 1\n"
        "Generals\n open[s]\n open[t]\nEnd\n"
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.integers(2, 9))
def test_laws(seed: int, factor: int) -> None:
    """More sites never worsen the plan; weights scale the objective; a place twice is its weight doubled."""
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 9, (6, 2)).astype(float)
    weight = rng.integers(1, 5, 6).astype(float)
    travel = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    ids = [f"p{i}" for i in range(6)]

    def value(p: int, w: np.ndarray, rows: np.ndarray) -> float:
        names = [f"d{i}" for i in range(len(rows))]
        problem = SitingProblem.dense(Sites.of(ids), Demand.of(names, weight=w[rows]), travel[rows])
        found = solve_and_check(PMedian(problem), (Count(p),), problem.demand)
        assert found is not None
        return found

    plain = np.arange(6)
    two = value(2, weight, plain)
    assert value(3, weight, plain) <= two + 1e-9
    assert value(2, weight * factor, plain) == pytest.approx(factor * two)
    assert value(2, weight, np.append(plain, 0)) == pytest.approx(
        value(2, weight * np.array([2, 1, 1, 1, 1, 1]), plain)
    )


def test_where_nobody_has_weight_nothing_is_travelled() -> None:
    problem = SitingProblem.dense(Sites.of(["s"]), Demand.of(["d"], weight=0.0), np.array([[1.0]]), unit="m")
    assert solve_and_check(PMedian(problem), (), problem.demand) == 0.0
