"""The first plan of stations against enumeration, and what it knows of trips against driving them."""

import numpy as np
import pytest

from models.algorithms.opening.refuelled import Trips, search_refuelled, stations_opened
from models.flow.problem import FlowProblem, Vehicle
from models.flow.refuelling import FlowRefuelling
from models.formulation import formulate
from models.plan import Plan
from models.problem import Sites
from models.rules import Budget, Count, Spacing


def model_of(seed: int) -> FlowRefuelling:
    """Trips over a plane or along a road, with ways round or without."""
    rng = np.random.default_rng(seed)
    n_sites, n_points = 7, 10
    xy = rng.uniform(0.0, 100.0, (n_points, 2))
    if seed % 3 == 0:
        xy[:, 1] = 0.0
    apart = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    ends = rng.integers(0, n_points, (12, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    sites = Sites.of([str(j) for j in range(n_sites)], cost=rng.integers(1, 9, n_sites).astype(float), xy=xy[:n_sites])
    problem = FlowProblem(
        sites, np.arange(n_sites), ends[:, 0], ends[:, 1], rng.integers(1, 9, len(ends)).astype(float), apart
    )
    vehicle = Vehicle(float(rng.integers(40, 90)), 0.5, bool(seed % 2), float(rng.choice([0.0, 15.0, 40.0])))
    return FlowRefuelling(problem, vehicle)


@pytest.mark.parametrize("seed", range(24))
def test_what_open_stations_refuel_is_what_can_be_driven(seed: int) -> None:
    model = model_of(seed)
    trips = Trips(model)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        is_open = rng.random(len(model.sites)) < 0.4
        worth = model.objective_of(Plan(open=is_open)) - model.always_refuelled()
        assert trips.worth(is_open) == pytest.approx(worth)
        gains = trips.gains(is_open)
        for site in np.flatnonzero(~is_open):
            more = is_open.copy()
            more[site] = True
            added = trips.worth(more) - worth
            assert gains[site] <= added + 1e-2 * model.problem.weight.sum()
            assert not (added == 0 and gains[site] >= 1.0)


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("rules", [(Count(3),), (Budget(9.0),), (Count(2, "at most"), Spacing(20.0))])
def test_a_first_plan_keeps_the_rules_and_is_near_the_best(seed, rules) -> None:
    model = model_of(seed)
    found = stations_opened(model, rules, seconds=5.0)
    assert found is not None
    draft, program = formulate(model, rules)
    values = np.zeros(program.n_columns)
    model.values_of(draft, found, values)
    assert not program.violations(values)
    plans = [Plan(open=np.array([bool(k >> j & 1) for j in range(7)])) for k in range(128)]
    sites = model.sites
    kept = [p for p in plans if not any(r.violations(sites, None, p, cost(model, p.open)) for r in rules)]
    best = max(model.objective_of(plan) for plan in kept)
    assert 0.6 * best <= model.objective_of(found) <= best + 1e-9


def cost(model: FlowRefuelling, is_open: np.ndarray) -> float:
    return float(model.sites.cost[is_open].sum())


def test_stations_with_limits_and_small_programs_are_left_to_the_engine() -> None:
    model = model_of(1)
    assert search_refuelled(model, (Count(2),), seconds=1.0) is None
    limited = FlowRefuelling(model.problem, Vehicle(50.0, kg_per_refuel=5.0))
    assert search_refuelled(limited, (Count(2),), seconds=1.0) is None
