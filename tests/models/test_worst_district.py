"""The worst district's share: the program as written, by hand, and what it refuses."""

import numpy as np
import pytest

from models.coverage.max_cover import MaxCover
from models.coverage.set_cover import SetCover
from models.coverage.worst_district import WorstDistrict, worst_district
from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from tests.models.median_truth import solve_and_check

INF = np.inf


def two_districts() -> SitingProblem:
    """North: a (3), b (1); south: c (2). s reaches a and b, t reaches b and c."""
    return SitingProblem.dense(
        Sites.of(["s", "t"]),
        Demand.of(["a", "b", "c"], weight=np.array([3.0, 1.0, 2.0]), group=["north", "north", "south"]),
        np.array([[1.0, INF], [1.0, 1.0], [INF, 1.0]]),
        unit="m",
    )


def test_one_site_leaves_a_district_bare_or_covers_a_quarter_of_it() -> None:
    # s: north whole, south nothing; t: north 1 of 4, south whole
    problem = two_districts()
    model = WorstDistrict(MaxCover(problem), problem.demand)
    assert solve_and_check(model, (Count(1),), problem.demand) == pytest.approx(0.25)
    assert solve_and_check(model, (Count(2),), problem.demand) == pytest.approx(1.0)
    kept = WorstDistrict(MaxCover(problem), problem.demand, keep_at_least=4.0)
    assert solve_and_check(kept, (Count(1),), problem.demand) == pytest.approx(0.0)  # only s covers 4


def test_the_worst_district_is_named() -> None:
    problem = two_districts()
    assert worst_district(problem.demand, MaxCover(problem).plan_of(np.array([True, False]))) == ("south", 0.0)
    assert worst_district(problem.demand, Plan(open=np.array([False, False]))) == ("north", 0.0)


def test_a_model_that_minimises_has_no_order() -> None:
    problem = two_districts()
    with pytest.raises(ProblemError, match="objective_order needs a model that maximises; set-cover minimises here"):
        WorstDistrict(SetCover(problem), problem.demand)


def test_the_program_reads_as_in_the_docstring() -> None:
    problem = two_districts()
    model = WorstDistrict(MaxCover(problem), problem.demand, keep_at_least=3.0)
    assert lp_text(formulate(model, (Count(1),))[1]) == (
        "\\ max-cover\nMaximize\n obj: +1 worst_share[0]\nSubject To\n"
        " covered_only_by_an_open_site[0]: -1 open[s] -1 open[t] +1 covered[0] <= 0\n"
        " no_district_is_covered_less[north]: +0.75 open[s] +0.25 covered[0] -1 worst_share[0] >= 0\n"
        " no_district_is_covered_less[south]: +1 open[t] -1 worst_share[0] >= 0\n"
        " the_first_objective_is_kept[0]: +3 open[s] +2 open[t] +1 covered[0] >= 3\n"
        " new_sites_exactly[0]: +1 open[s] +1 open[t] = 1\n"
        "Bounds\n 0 <= open[s] <= 1\n 0 <= open[t] <= 1\n 0 <= covered[0] <= 1\n 0 <= worst_share[0] <= 1\n"
        "Generals\n open[s]\n open[t]\nEnd\n"
    )
