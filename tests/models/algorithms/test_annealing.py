"""The search of covering ends cold however short its time is, and takes money by what it buys."""

import time

import numpy as np
import pytest

from models.algorithms.covering.annealing import search_max_cover
from models.coverage.max_cover import MaxCover
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget, Count


def towns(n_sites: int, n_places: int, seed: int) -> SitingProblem:
    """Places and sites in a square, each site reaching about a fiftieth of it; costs 10 to 100."""
    rng = np.random.default_rng(seed)
    sites, places = rng.uniform(0, 1, (n_sites, 2)), rng.uniform(0, 1, (n_places, 2))
    apart = np.linalg.norm(places[:, None] - sites[None], axis=2)
    return SitingProblem.dense(
        Sites.of([f"s{j}" for j in range(n_sites)], cost=rng.integers(10, 101, n_sites).astype(float)),
        Demand.of([f"d{i}" for i in range(n_places)], weight=rng.integers(1, 101, n_places).astype(float)),
        np.where(apart <= 0.08, apart, np.inf),
    )


def best(problem: SitingProblem, rule: Count | Budget, seconds: float) -> float:
    plan = search_max_cover(MaxCover(problem), [rule], seconds=seconds, seed=0)
    assert plan is not None
    return MaxCover(problem).objective_of(plan)


def greedy(problem: SitingProblem, number: int) -> float:
    """Weight covered by sites opened one by one, each the best beside the others."""
    reach = problem.travel.toarray() > 0
    left = problem.demand.weight.copy()
    for _ in range(number):
        left[reach[:, np.argmax(left @ reach)]] = 0.0
    return float(problem.demand.weight.sum() - left.sum())


def test_a_search_of_half_a_second_betters_the_greedy_plan() -> None:
    problem = towns(200, 2_000, 3)
    best(problem, Count(20, "at most"), 0.1)  # compiles
    assert best(problem, Count(20, "at most"), 0.5) > greedy(problem, 20)


def test_money_goes_where_it_buys_most() -> None:
    # dear covers 10 for 10, ten cheap ones 2 each for 1: by gain alone the dear one takes all the money
    travel = np.full((30, 11), np.inf)
    travel[:10, 0] = 1.0
    for j in range(10):
        travel[10 + 2 * j : 12 + 2 * j, 1 + j] = 1.0
    travel[0, 1:] = 1.0
    problem = SitingProblem.dense(
        Sites.of([f"s{j}" for j in range(11)], cost=np.array([10.0] + [1.0] * 10)),
        Demand.of([str(i) for i in range(30)]),
        travel,
    )
    assert best(problem, Budget(10.0), 1e-9) == 21.0


@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_the_search_ends_in_time(seconds: float) -> None:
    problem = towns(300, 3_000, 1)
    began = time.monotonic()
    best(problem, Count(30, "exactly"), max(seconds, 0.05))
    assert time.monotonic() - began < seconds + 2.0
