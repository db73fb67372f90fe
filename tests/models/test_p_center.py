"""The p-centre against enumeration, by hand, and by laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.median.p_center import PCenter
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import Count
from tests.models.brute_force import best_by_trying
from tests.models.median_truth import (
    dense_travel,
    line,
    nearest_assignment,
    reachable_problem,
    rules_for,
    solve_and_check,
)


def worst_by_loops(problem: SitingProblem, opened: np.ndarray) -> float:
    travel = dense_travel(problem)
    return max(
        (min(travel[i, j] for j in np.flatnonzero(opened)) for i in np.flatnonzero(problem.demand.weight)),
        default=0.0,
    )


def agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = reachable_problem(rng)
    rules = rules_for(rng, problem)
    model = PCenter(problem)
    truth = best_by_trying(model, rules, problem.demand, lambda chosen: nearest_assignment(problem, chosen))
    found = solve_and_check(model, rules, problem.demand)
    assert (found is None) == (truth is None)
    if truth is None:
        return
    assert found == pytest.approx(truth, abs=1e-6)
    for low, high in ((truth, truth), (truth - 1.5, truth), (truth - 0.5, truth + 3)):
        assert solve_and_check(PCenter(problem, low, high), rules, problem.demand) == pytest.approx(truth, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 230))
def test_many_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


def test_the_centre_of_a_line_halves_its_length() -> None:
    # 0, 4, 6, 10 with one site among them: from 4 and from 6 the farthest is 6 away; with two, 0 or 4 and 6 or 10
    assert solve_and_check(PCenter(line([0, 4, 6, 10])), (Count(1),), None) == pytest.approx(6.0)
    assert solve_and_check(PCenter(line([0, 4, 6, 10])), (Count(2),), None) == pytest.approx(4.0)


def test_a_place_without_weight_does_not_count() -> None:
    ids = ["p0", "p1", "p2"]
    travel = np.abs(np.array([0.0, 2, 50])[:, None] - np.array([0.0, 2, 50])[None])
    problem = SitingProblem.dense(Sites.of(ids), Demand.of(ids, weight=np.array([1.0, 9, 0])), travel)
    assert solve_and_check(PCenter(problem), (Count(1),), None) == pytest.approx(2.0)


def test_an_existing_site_serves_without_counting() -> None:
    # p0 stands at 0; one more at 6 or 7 leaves 1 as the worst
    problem = line([0, 1, 6, 7], status=np.array([int(SiteStatus.EXISTING), 0, 0, 0]))
    assert solve_and_check(PCenter(problem), (Count(1),), None) == pytest.approx(1.0)


def test_bounds_that_exclude_every_value_are_refused() -> None:
    with pytest.raises(ProblemError, match=r"^p-center: at_least 3 is above at_most 2$"):
        PCenter(line([0, 4]), 3, 2)
    with pytest.raises(ProblemError, match=r"^p-center: no travel lies between 1 and 2$"):
        formulate(PCenter(line([0, 4]), 1, 2), (Count(1),))


def test_the_program_reads_as_in_the_docstring() -> None:
    travel = np.array([[0.0, 4.0, 6.0], [3.0, 3.0, 1.0]])
    problem = SitingProblem.dense(Sites.of(["s", "t", "u"]), Demand.of(["a", "b"]), travel)
    # nearest: 0 and 1, so D = 1, 3, 4, 6; place a reads 1, 4, 6 and place b 1, 3
    assert lp_text(formulate(PCenter(problem), (Count(1),))[1]) == (
        "\\ p-center\nMinimize\n obj: +2 beyond[1] +1 beyond[3] +2 beyond[4] +1\nSubject To\n"
        " served_at_the_first_distance_or_farther[a_1]: +1 open[s] +1 farther[a_1] >= 1\n"
        " served_at_the_first_distance_or_farther[b_1]: +1 open[u] +1 farther[b_1] >= 1\n"
        " served_at_this_distance_or_farther[a_4]: +1 open[t] -1 farther[a_1] +1 farther[a_4] >= 0\n"
        " every_place_has_an_open_site_within_reach[a_6]: +1 open[u] -1 farther[a_4] >= 0\n"
        " every_place_has_an_open_site_within_reach[b_3]: +1 open[s] +1 open[t] -1 farther[b_1] >= 0\n"
        " no_place_is_farther_than_the_worst[a_1]: +1 farther[a_1] -1 beyond[3] <= 0\n"
        " no_place_is_farther_than_the_worst[a_4]: +1 farther[a_4] -1 beyond[4] <= 0\n"
        " no_place_is_farther_than_the_worst[b_1]: +1 farther[b_1] -1 beyond[1] <= 0\n"
        " beyond_a_distance_means_beyond_less[0]: -1 beyond[1] +1 beyond[3] <= 0\n"
        " beyond_a_distance_means_beyond_less[1]: -1 beyond[3] +1 beyond[4] <= 0\n"
        " new_sites_exactly[0]: +1 open[s] +1 open[t] +1 open[u] = 1\n"
        "Bounds\n 0 <= open[s] <= 1\n 0 <= open[t] <= 1\n 0 <= open[u] <= 1\n"
        " 0 <= farther[a_1] <= 1\n 0 <= farther[a_4] <= 1\n 0 <= farther[b_1] <= 1\n"
        " 0 <= beyond[1] <= 1\n 0 <= beyond[3] <= 1\n 0 <= beyond[4] <= 1\n"
        "Generals\n open[s]\n open[t]\n open[u]\nEnd\n"
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.integers(2, 9))
def test_laws(seed: int, factor: int) -> None:
    """More sites never worsen the plan; longer travel scales the objective; weights and their order say nothing."""
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 9, (6, 2)).astype(float)
    travel = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    ids = [f"p{i}" for i in range(6)]

    def value(p: int, matrix: np.ndarray, weight: np.ndarray) -> float:
        problem = SitingProblem.dense(Sites.of(ids), Demand.of(ids, weight=weight), matrix)
        found = solve_and_check(PCenter(problem), (Count(p),), problem.demand)
        assert found is not None
        return found

    ones = np.ones(6)
    two = value(2, travel, ones)
    assert value(3, travel, ones) <= two + 1e-9
    assert value(2, travel * factor, ones) == pytest.approx(factor * two)
    assert value(2, travel, rng.integers(1, 9, 6).astype(float)) == pytest.approx(two)
    turned = rng.permutation(6)
    assert value(2, travel[turned][:, turned], ones) == pytest.approx(two)
