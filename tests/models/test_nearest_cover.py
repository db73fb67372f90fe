"""Everybody to the nearest open site: a site too many can cover less."""

import numpy as np
import pytest

from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.nearest_cover import NearestCover
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from solver.api.solution import solve_model


def crossroads() -> SitingProblem:
    """Three places of 40 people; `big` (120) is 5 minutes from all of them, `small` (10) one minute from two."""
    travel = np.array([[300.0, 60.0], [300.0, 60.0], [300.0, np.inf]])
    sites = Sites.of(["big", "small"], capacity=np.array([120.0, 10.0]), cost=1.0)
    return SitingProblem.dense(sites, Demand.of(["a", "b", "c"], weight=40.0), travel)


def test_a_small_site_nearby_draws_people_away_from_room() -> None:
    """With both open 80 people come to `small`, which serves 10 of them, and 40 to `big`: 50 in all."""
    both = solve_model(NearestCover(crossroads()), [Count(2)])
    assert both.objective == pytest.approx(50)
    assert both.plan is not None
    assert both.plan.served is not None
    assert both.plan.served.todense() == pytest.approx(np.array([[0, 0.125], [0, 0.125], [1, 0]]))
    assert solve_model(CapacitatedCover(crossroads()), [Count(2)]).objective == pytest.approx(120)


def test_left_free_it_opens_the_large_one_alone() -> None:
    """`big` alone serves all 120."""
    free = solve_model(NearestCover(crossroads()))
    assert free.sites == ("big",)
    assert free.objective == pytest.approx(120)
