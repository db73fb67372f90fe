"""Random studies against brute force: the right worth, no plan as good that costs less, no site too many, all verified.

What random studies found is here too, each as the smallest case of its kind.
"""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.coverage.nearest_cover import NearestCover
from models.problem import Demand, Sites, SitingProblem
from models.program import ProgramBuilder, row_of
from models.rules import Count
from solver import solve_model
from solver.economy.stages import lowered
from tests.adversary.generator import MODELS, kind_of, town_of
from tests.adversary.together import best_jointly, best_trips, joint_of, trips_of
from tests.adversary.town import Place, Site, Town, write_study
from tests.adversary.truth import best_of, best_of_years
from tests.adversary.way import faults, run

ENGINES = ("highs", "cbc", "scip", "cp-sat")
FAST = (*range(0, 28, 2), 29, 33, 37, 41, 54, 55)
CHUNK, CHUNKS = 25, 32


def assert_right(folder: Path, seed: int, engine: str, *, verify: bool) -> None:
    town = town_of(seed)
    write_study(folder, (town,), gpkg=seed % 5 == 0)
    truth = best_of_years(town) if "phasing" in town.keys else best_of(town)
    found = run(folder, engine, verify=verify)
    if found.engine_cannot:
        assert engine == "cp-sat"
    elif found.refused:
        unreached = not any(town.reach(i, j) is not None for i, j in town.travel)
        unsized = "sites that are there take no modules" in found.refused
        assert truth is None or unsized or (unreached and "no place is within" in found.refused), found.refused
    else:
        assert faults(town, found.results["p"], truth) == [], (seed, kind_of(seed), engine)


@pytest.mark.parametrize("seed", FAST)
def test_a_random_study_comes_out_right(seed: int, tmp_path: Path) -> None:
    assert_right(tmp_path, seed, "highs", verify=seed % 16 == 0)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_eight_hundred_random_studies_come_out_right_on_every_engine(chunk: int, tmp_path: Path) -> None:
    for seed in range(CHUNK * chunk, CHUNK * (chunk + 1)):
        for engine in ENGINES:
            folder = tmp_path / f"{seed}-{engine}"
            folder.mkdir()
            assert_right(folder, seed, engine, verify=True)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(10))
def test_a_hundred_joint_plans_come_out_right(chunk: int, tmp_path: Path) -> None:
    for seed in range(10 * chunk, 10 * (chunk + 1)):
        joint, folder = joint_of(seed), tmp_path / str(seed)
        folder.mkdir()
        joint.write(folder)
        truth = best_jointly(joint)
        town = replace(joint.towns[0], amount=1.0, model="max-cover", keys={})
        for engine in ENGINES:
            found = run(folder, engine)
            if not found.engine_cannot and not (found.refused and truth is None):
                told = None if truth is None else replace(truth, sites=-1)
                assert faults(town, found.results["joint"], told) == [], (seed, engine)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(10))
def test_a_hundred_towns_of_trips_come_out_right(chunk: int, tmp_path: Path) -> None:
    for seed in range(10 * chunk, 10 * (chunk + 1)):
        trips, folder = trips_of(seed), tmp_path / str(seed)
        folder.mkdir()
        if trips.trips:
            trips.write(folder)
            for engine in ENGINES:
                found = run(folder, engine)
                if not found.engine_cannot:
                    assert faults(trips.town, found.results["p"], best_trips(trips)) == [], (seed, engine)


def test_every_kind_comes_by_turns() -> None:
    assert {kind_of(seed) for seed in range(len(MODELS))} == set(MODELS)


@pytest.fixture(autouse=True)
def quiet() -> None:
    """geopandas warns of tables without a system."""
    warnings.simplefilter("ignore")


def two_sites(**changes: object) -> Town:
    """Places a and b, 10 each; a site of 10 beside a, one of 20 in reach of both."""
    sites = (
        Site("near_a", 10, "candidate", (0, 0), "west", "city"),
        Site("both", 20, "candidate", (100, 0), "west", ""),
    )
    places = (Place("a", 10, "west", (0, 0)), Place("b", 10, "west", (100, 0)))
    travel = {(0, 0): 0.0, (0, 1): 100.0, (1, 1): 0.0}
    return replace(Town("p", "max-cover", sites, places, travel, 150), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "engine", ["cbc", *(pytest.param(name, marks=pytest.mark.slow) for name in ("scip", "cp-sat"))]
)
def test_an_engine_that_the_relaxation_left_nothing_to_do_is_the_one_that_was_asked(
    engine: str, tmp_path: Path
) -> None:
    town = two_sites(model="p-median", keys={"open": 1})
    write_study(tmp_path, (town,))
    told = run(tmp_path, engine).results["p"]
    assert f"highs (bound), {engine} not needed" in told.engine
    assert told.objective == 1000  # a walks 100 m to `both`


def test_verification_takes_no_plan_for_better_that_a_small_budget_does_not_pay(tmp_path: Path) -> None:
    # the better site costs 20 millionths, the budget is 15: less than a cent apart
    town = two_sites(money=1e-6, keys={"budget_cny": 15})
    write_study(tmp_path, (town,))
    assert run(tmp_path, "highs").results["p"].objective == 10


def test_of_nearest_sites_the_cheaper_opens_where_amounts_are_large() -> None:
    """10^10 people at each of two places: s0 is there and serves the first, s2 or s3 the second, s2 for half."""
    sites = Sites.of(
        ["s0", "s1", "s2", "s3"], cost_cny=np.array([0, 1, 1, 2]) * 1e-5, capacity=np.array([3, 4, 3, 2]) * 1e10,
        status=np.array([1, 0, 0, 0]),
    )  # fmt: skip
    inf = np.inf
    travel = np.array([[100, 100, inf, 100], [inf, inf, 50, 50], [inf, 100, 150, inf]])
    problem = SitingProblem.dense(sites, Demand.of(["a", "b", "c"], weight=np.array([1, 1, 0]) * 1e10), travel)
    solution = solve_model(NearestCover(problem), [Count(2, "at most")], engine="scip", gap=0.0)
    assert solution.objective == pytest.approx(2e10)
    assert solution.cost_cny == pytest.approx(1e-5)


def test_an_engines_rounding_of_shares_does_not_keep_a_dear_plan() -> None:
    """5 * 10^10 are served by a site of 20 or one of 10; the plan in hand has the dear one and serves 250 too many."""
    builder = ProgramBuilder("two sites", "max")
    opened = builder.columns("open", 2, upper=1.0, integer=True)
    served = builder.columns("served", 1, upper=2.0, objective=np.array([5e10]))
    builder.rows("served_by_open_sites", [(row_of(np.ones(1)), served), (row_of(-np.ones(2)), opened)], upper=0.0)
    builder.rows("at_most_one", [(row_of(np.ones(2)), opened)], upper=1.0)
    cost = np.array([20.0, 10.0, 0.0])
    found = lowered(builder.build(), [cost], np.array([1.0, 0.0, 1.0 + 5e-9]), until=1e12, seed=0)
    assert found.proven
    assert cost @ found.values == 10
