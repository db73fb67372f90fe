"""Random studies against brute force: the right worth, no plan as good that costs less, no site too many, all verified.

What random studies found is here too, each as the smallest case of its kind.
"""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.nearest_cover import NearestCover
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from solver.api.solution import solve_model
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
    town = two_sites(money=1e-6, keys={"budget": 15})
    write_study(tmp_path, (town,))
    assert run(tmp_path, "highs").results["p"].objective == 10


def test_verification_takes_no_worse_plan_for_as_good_where_amounts_are_small(tmp_path: Path) -> None:
    # millionths of people: from `near_a` (10) b is out of reach, `both` (20) serves it at 0; a walks 100 m to it
    town = two_sites(model="p-median", amount=1e-6, keys={"open": 1})
    town = replace(town, travel={(0, 0): 0.0, (0, 1): 100.0, (1, 0): 150.0, (1, 1): 0.0}, limit=200)
    town = replace(town, keys={"open": 1, "impedance": {"shape": "power", "exponent": 2.0}})
    write_study(tmp_path, (town,))
    assert run(tmp_path, "highs").results["p"].cost == 20


def test_of_nearest_sites_the_cheaper_opens_where_amounts_are_large() -> None:
    """10^10 people at each of two places: s0 is there and serves the first, s2 or s3 the second, s2 for half."""
    sites = Sites.of(
        ["s0", "s1", "s2", "s3"], cost=np.array([0, 1, 1, 2]) * 1e-5, capacity=np.array([3, 4, 3, 2]) * 1e10,
        status=np.array([1, 0, 0, 0]),
    )  # fmt: skip
    inf = np.inf
    travel = np.array([[100, 100, inf, 100], [inf, inf, 50, 50], [inf, 100, 150, inf]])
    problem = SitingProblem.dense(sites, Demand.of(["a", "b", "c"], weight=np.array([1, 1, 0]) * 1e10), travel)
    solution = solve_model(NearestCover(problem), [Count(2, "at most")], engine="scip", gap=0.0)
    assert solution.objective == pytest.approx(2e10)
    assert solution.cost == pytest.approx(1e-5)


def test_an_engines_rounding_of_shares_does_not_keep_a_dear_plan(tmp_path: Path) -> None:
    """s0 is there, full with 20, and reaches b; the new s4 reaches a; 30 at each: 50. One slow pile at s0 (5) and two
    at s4 (10) do, 10 + 15; a fast one at s4 (12) does too, for 27. CBC serves 100 of 5 * 10^10 more than there is room.
    """
    kinds = {
        "slow": {"power_kw": 7, "energy_kwh_per_day": 20, "cost": 5, "max_per_site": 2},
        "fast": {"power_kw": 60, "energy_kwh_per_day": 60, "cost": 12, "max_per_site": 1},
    }
    piles = {"at_least_where_open": 1, "kinds": kinds, "grid_limit_kw": 67, "min_share": {"slow": 0.5}}
    costs = (("s0", 10, "closable", 20), ("s1", 90, "candidate", 20), ("s2", 0, "candidate", 20))
    costs += (("s3", 10, "candidate", 20), ("s4", 10, "candidate", 9999))
    sites = tuple(
        Site(name, cost, status, (100 * j, 0), "west", "", 10 * (j in (0, 3, 4)), room)
        for j, (name, cost, status, room) in enumerate(costs)
    )
    places = tuple(Place(name, weight, "west", (0, 0)) for name, weight in (("a", 30), ("b", 30), ("c", 0)))
    near = {(0, 3): 100, (0, 4): 100, (1, 0): 100, (1, 2): 150, (1, 3): 100, (2, 0): 50, (2, 2): 50, (2, 3): 150}
    far = {(0, 2): 300, (1, 4): 400, (2, 1): 300}
    keys = {"open": 1, "piles": piles}
    town = Town("p", "charging", sites, places, near | far, 150, keys, amount=1e9, money=1e-6)
    truth = best_of(town)
    assert truth is not None
    assert (truth.worth, truth.cost) == (50, 25)
    write_study(tmp_path, (town,))
    assert faults(town, run(tmp_path, "cbc", verify=False).results["p"], truth) == []


def test_nobody_of_many_is_given_up_for_a_cheaper_plan() -> None:
    """A thousand million people at one place, 5 at another, each with a site of its own: all of them are worth 10."""
    sites = Sites.of(["big", "small"], cost=np.array([0.0, 10.0]), capacity=2e9)
    travel = np.array([[1.0, np.inf], [np.inf, 1.0]])
    problem = SitingProblem.dense(sites, Demand.of(["many", "few"], weight=np.array([1e9, 5.0])), travel)
    solution = solve_model(CapacitatedCover(problem), [], gap=0.0)
    assert solution.objective == 1_000_000_005
    assert solution.sites == ("big", "small")
