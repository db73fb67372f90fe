"""The farthest next: a first plan of least worst travel and of greatest least distance, at most twice from the best."""

from itertools import combinations

import numpy as np
import pytest

from models.algorithms.uncapacitated.farthest import farthest_from_all, nearest_to_the_farthest
from models.cliques import _cliques, _cliques_by_mask
from models.dispersion import PDispersion
from models.median.p_center import PCenter
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget, Count


def square(seed: int, n: int) -> np.ndarray:
    at = np.random.default_rng(seed).uniform(0, 10, (n, 2))
    return np.linalg.norm(at[:, None] - at[None], axis=2) + 0.001


@pytest.mark.parametrize("seed", range(5))
def test_the_worst_travel_is_at_most_twice_the_least(seed: int) -> None:
    apart, ids = square(seed, 10), [str(k) for k in range(10)]
    model = PCenter(SitingProblem.dense(Sites.of(ids, cost=1.0), Demand.of(ids), apart))
    plan = nearest_to_the_farthest(model, [Count(3)])
    assert plan is not None
    assert int(plan.open.sum()) == 3
    best = min(float(apart[:, list(c)].min(axis=1).max()) for c in combinations(range(10), 3))
    assert model.objective_of(plan) <= 2 * best + 0.01
    assert nearest_to_the_farthest(model, [Count(3), Budget(2.0)]) is None  # it would break the budget


@pytest.mark.parametrize("seed", range(5))
def test_the_least_distance_is_at_least_half_the_greatest(seed: int) -> None:
    apart, ids = square(seed, 10), [str(k) for k in range(10)]
    model = PDispersion(Sites.of(ids), apart)
    plan = farthest_from_all(model, [Count(4)])
    assert plan is not None
    assert int(plan.open.sum()) == 4
    best = max(min(float(apart[a, b]) for a, b in combinations(c, 2)) for c in combinations(range(10), 4))
    assert model.objective_of(plan) >= best / 2 - 0.01


@pytest.mark.parametrize("reach", [2.0, 5.0, 9.0])
def test_cliques_by_arrays_are_those_by_sets(reach: float) -> None:
    first, second = np.nonzero(np.triu(square(3, 60) < reach, 1))
    ways = [[clique.tolist() for clique in grow(first, second, 60)] for grow in (_cliques, _cliques_by_mask)]
    assert ways[0] == ways[1]
