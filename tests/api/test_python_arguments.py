"""From Python: arguments of another kind are told as errors of the project, and what holds arrays shows as a line."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import solver
from models.coverage.max_cover import MaxCover
from models.errors import SitingError
from models.median.p_median import PMedian
from models.problem import Demand, Sites, SitingProblem
from models.rules.count import Count
from solver import Reach
from solver.api.solution import solve_model
from solver.study.read import read_study
from tests.sweep import small

N = 900


def problem(size=4, **given):
    sites, demand = Sites.of([f"s{i}" for i in range(size)]), Demand.of([f"d{i}" for i in range(size)])
    travel = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(float)
    return SitingProblem.dense(sites, demand, travel, **given)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: problem(unit="km"), "unit is 'km'; 's' or 'm' or 'min' is needed"),
        (lambda: problem(unit=5), "unit is 5; a text is needed"),
        (lambda: solve_model(PMedian(problem()), [Count(1)], gap="0"), "solve_model: gap is '0'; a number is needed"),
        (lambda: solve_model(PMedian(problem()), [Count(1)], gap=2), "gap   is 2.0; must be at most 1"),
        (lambda: solve_model(PMedian(problem()), gap=float("nan")), "gap"),
        (lambda: solve_model(PMedian(problem()), [Count(1)], time_limit_s="60"), "time_limit_s is '60'; a number"),
        (lambda: solve_model(PMedian(problem()), [Count(1)], time_limit_s=-1), "must be above 0"),
        (lambda: solve_model(PMedian(problem()), [Count(1)], seed=0.5), "seed is 0.5; a whole number is needed"),
        (lambda: solve_model(PMedian(problem()), [Count(1)], engine="higs"), "higs"),
        (lambda: solve_model(PMedian(problem()), [Count(1)], engine=3), "engine is 3; a text is needed"),
        (
            lambda: solve_model(PMedian(problem()), Count(1)),
            "rules is Count(number=1, side='exactly'); a list is needed",
        ),
        (lambda: solve_model(PMedian(problem()), [3]), "entry 0 is 3"),
        (lambda: solve_model("p-median", [Count(1)]), "model is 'p-median'; a formulation is needed"),
        (lambda: solve_model(PMedian(problem()), speed=3), "solve_model: got an unexpected keyword argument 'speed'"),
        (lambda: Count("3"), "Count: number is '3'; a whole number is needed"),
        (lambda: Count(3, "exact"), "Count: side is 'exact'; 'exactly' or 'at least' or 'at most' is needed; did you"),
        (lambda: solver.Budget("2e9"), "Budget: amount is '2e9'; a number is needed"),
        (lambda: PMedian(np.zeros((3, 3))), "a SitingProblem is needed"),
        (lambda: MaxCover(problem(), backup="2"), "backup is '2'; a whole number is needed"),
        (lambda: solver.SetCover(problem(), minimise="money"), "minimise is 'money'; 'sites' or 'cost' is needed"),
        (lambda: Reach(limit_m="500"), "limit_m   is '500', which is no number; write a number"),
        (lambda: Reach(mode="fly", limit_m=5), "mode   is 'fly'; must be"),
        (Reach, "needs exactly one of limit_m and limit_min"),
        (lambda: Reach(limit=5), "limit   is not a known key; did you mean limit_m?"),
        (lambda: solver.Decay(shape="flat"), "shape   is 'flat'; must be"),
        (lambda: solver.Alternatives(count="3"), "count   is '3', which is no whole number"),
        (lambda: solver.solve_together(5), "portfolio is 5; a Portfolio is needed"),
        (lambda: solver.run_study(5), "study is 5; a text"),
        (lambda: solver.sites_from_frame([1, 2], id="site"), "frame"),
        (lambda: solver.decayed(problem().travel, 5, Reach(limit_m=5)), "decay is 5; a Decay is needed"),
    ],
)
def test_an_argument_of_another_kind_is_an_error_of_the_project(call, told):
    with pytest.raises(SitingError) as error:
        call()
    assert told in str(error.value)


def test_a_table_of_pairs_in_another_unit_is_told():
    demand = solver.demand_from_frame(pd.DataFrame({"id": ["p"]}), id="id")
    sites = solver.sites_from_frame(pd.DataFrame({"id": ["a"]}), id="id")
    pairs = pd.DataFrame({"demand": ["p"], "site": ["a"], "value": [1.0]})
    with pytest.raises(SitingError, match="unit   is 'km'; must be 'm', 's' or 'min'"):
        solver.problem_from_matrix(demand, sites, pairs, Reach(limit_m=500), unit="km")


def test_numbers_of_numpy_are_numbers():
    solved = solve_model(PMedian(problem()), [Count(np.int64(1))], gap=np.float64(0), seed=np.int64(1))
    assert solved.objective == 4.0  # from 1: 1 + 0 + 1 + 2


def test_what_holds_arrays_shows_as_a_line_and_not_as_every_id(tmp_path):
    large = problem(N)
    file = read_study(small.write(tmp_path / "s"))
    solutions = solver.run_study(tmp_path / "s")
    things = [large, large.sites, large.demand, PMedian(large), MaxCover(large), solver.CapacitatedCover(large)]
    things += [solver.FixedCharge(large, price=1.0), file, solutions, solutions["clinics"], solutions.result]
    things += [solutions["clinics"].plan, solutions.result.programmes["clinics"]]
    things += [solver.Needs(tuple((f"s{i}", f"s{i + 1}") for i in range(N - 1)))]
    for thing in things:
        text = repr(thing)
        assert len(text) <= 200, text
        assert "\n" not in text
        assert "s500" not in text
    assert (
        repr(large) == f"SitingProblem(sites=Sites({N}), demand=Demand({N}), travel=sparse[900 x 900, 810,000 stored])"
    )


@pytest.mark.parametrize("name", solver.__all__)
def test_every_public_class_shows_as_a_line(name):
    public = getattr(solver, name)
    if dataclasses.is_dataclass(public) and any(f.type for f in dataclasses.fields(public)):
        own = public.__repr__.__module__
        small_ones = ("Event", "SolveOptions", "Count", "Budget", "GroupCount", "UnitsTotal", "LineColumns", "Solution")
        assert own == "models.brief" or name in small_ones
