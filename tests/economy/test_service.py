"""Once sites, units and what is covered are settled, service is of least total travel."""

from typing import Any

import numpy as np
import pytest

from models.arrays import FloatArray
from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.max_cover import MaxCover
from models.hierarchy.tiers import TierProblem
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from solver.api.solution import Solution, solve_model
from solver.economy import settle
from tests.models.brute_force import every_choice
from tests.models.matrix import CASES, LOADED, MODULES, PILES, Case
from tests.models.plain_rules import Asks, asks_of, district_weight
from tests.models.truths import Small, load_of

NAMES = (
    "capacitated-cover",
    "capacitated-cover single",
    "capacitated-cover sizes",
    "charging",
    "hierarchical",
    "hierarchical single",
)
FREE = [case for case in CASES if case.name in NAMES]
FREE_LOADED = [case for case in LOADED if case.name.removesuffix(" with loads") in NAMES]


def carried(case: Case, problem: Any, solution: Solution) -> FloatArray:
    """What every site can carry with the plan's units."""
    sites, plan = problem.sites, solution.plan
    assert plan is not None
    limit = np.where(plan.open, sites.capacity, 0.0)
    name = case.name.removesuffix(" with loads")
    if name == "charging":
        limit = np.minimum(limit, sum(q * plan.units[f"k{k}"] for k, (q, _, _) in enumerate(PILES)))
    if name.endswith("sizes"):
        modules = sum(q * plan.units[f"m{k}"] for k, (q, _, _) in enumerate(MODULES))
        limit = np.where(sites.is_new, np.minimum(limit, modules), limit)
    return np.asarray(limit)


def least_travel(case: Case, problem: Any, solution: Solution, asks: Asks) -> float | None:
    """The least total travel of a service as large as the plan's from its sites, by a program of its own."""
    small, weight, limit = Small(), problem.demand.weight, carried(case, problem, solution)
    tiers, load = isinstance(problem, TierProblem), load_of(problem.demand)
    single, n = "single" in case.name, len(problem.sites)
    out: list[dict[int, float]] = [{} for _ in range(n)]
    into: list[dict[int, float]] = [{} for _ in range(n)]
    by_place: dict[int, dict[int, float]] = {i: {} for i in range(len(weight))}
    total: dict[int, float] = {}
    for i, j, t in entries(problem.access if tiers else problem.travel):
        if solution.plan is not None and solution.plan.open[j] and weight[i] > 0:
            y = small.column(upper=1.0, whole=single, gain=-(load[i] if tiers else weight[i]) * t)
            by_place[i][y], out[j][y], total[y] = 1.0, load[i], weight[i]
    for i, j, t in entries(problem.feed) if tiers else []:
        if limit[i] > 0 and limit[j] > 0:
            y = small.column(gain=-t)
            out[i][y], into[j][y] = 1.0, 1.0
    for places in by_place.values():
        small.row(places, upper=1.0)
    for j in range(n):
        small.row(out[j], upper=float(limit[j]))
        if tiers and problem.tier[j] > 0:
            small.row({**out[j], **dict.fromkeys(into[j], -1.0)}, lower=0.0, upper=0.0)
        if asks.least is not None and solution.plan is not None and solution.plan.open[j]:
            small.row(out[j], lower=asks.least[j])
    for name, whole in district_weight(problem.demand).items():
        own = [i for i, g in enumerate(problem.demand.group) if (g or "all") == name]
        row = {y: weight[i] / whole for i in own for y in by_place[i]}
        small.row(row, lower=asks.floors.get(name, 0.0) - 1e-9)
    small.row(total, lower=(solution.objective or 0.0) - 1e-7)
    found = small.most()
    return None if found is None else -found


def entries(matrix: Any) -> list[tuple[int, int, float]]:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return list(zip(rows.tolist(), matrix.indices.tolist(), matrix.data.tolist(), strict=True))


def travelled(problem: Any, solution: Solution) -> float:
    """Total travel of a plan, pair by pair."""
    plan = solution.plan
    assert plan is not None
    assert plan.served is not None
    tiers = isinstance(problem, TierProblem)
    access = (problem.access if tiers else problem.travel).todense()
    counted = load_of(problem.demand) if tiers else problem.demand.weight
    total = sum(counted[i] * share * access[i, j] for i, j, share in entries(plan.served))
    if tiers and plan.links is not None:
        feed = problem.feed.todense()
        total += sum(amount * feed[i, j] for i, j, amount in entries(plan.links))
    return float(total)


def assert_near(case: Case, seed: int) -> None:
    instance = case.instance(seed)
    if instance is None:
        return
    problem, model, rules = instance
    solution = solve_model(model, rules, gap=0.0)
    if solution.plan is None:
        return
    assert solution.ties["travel"] == "exact"
    least = least_travel(case, problem, solution, asks_of(rules, problem.sites, problem.demand))
    assert least is not None
    assert travelled(problem, solution) == pytest.approx(least, abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("case", FREE, ids=lambda case: case.name)
def test_service_is_of_least_travel(case: Case, seed: int) -> None:
    assert_near(case, seed)


@pytest.mark.parametrize("case", FREE_LOADED, ids=lambda case: case.name)
def test_service_of_loads_is_of_least_travel(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_near(case, 0)
    monkeypatch.setattr(settle, "EXACT_ENTRIES", 0)
    assert_near(case, 1)


@pytest.mark.slow
@pytest.mark.parametrize("most", [settle.EXACT_ENTRIES, 0])
@pytest.mark.parametrize("case", FREE_LOADED, ids=lambda case: case.name)
def test_that_holds_for_many_random_loads(case: Case, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "EXACT_ENTRIES", most)
    for seed in range(2, 40):
        assert_near(case, seed)


@pytest.mark.slow
@pytest.mark.parametrize("case", FREE, ids=lambda case: case.name)
def test_that_holds_for_many_random_problems(case: Case) -> None:
    for seed in range(6, 80):
        assert_near(case, seed)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("case", FREE, ids=lambda case: case.name)
def test_service_is_of_least_travel_also_where_the_program_is_large(
    case: Case, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "EXACT_ENTRIES", 0)
    assert_near(case, seed)


def test_places_go_to_the_nearer_site_where_both_have_room() -> None:
    """Sites S and T, 100 each; minutes a 1/9, b 9/1, c 5/6; 30 people each: (1 + 1 + 5) / 3 = 2.33, the worst 5."""
    travel = np.array([[1.0, 9.0], [9.0, 1.0], [5.0, 6.0]]) * 60
    problem = SitingProblem.dense(Sites.of(["S", "T"], capacity=100.0), Demand.of(["a", "b", "c"], weight=30.0), travel)
    for model in (CapacitatedCover(problem), CapacitatedCover(problem, single_source=True)):
        figures = solve_model(model, [Count(2)]).figures
        assert figures["mean_travel_min"] == pytest.approx(7 / 3)
        assert figures["worst_travel_min"] == pytest.approx(5)


def test_of_sites_that_cover_alike_the_nearer_ones_open() -> None:
    """One of two sites of the same cost and cover: the one 2 minutes away, not the one 8 minutes away."""
    problem = SitingProblem.dense(
        Sites.of(["far", "near"], cost=5.0), Demand.of(["a", "b"], weight=10.0), np.array([[480.0, 120.0]] * 2)
    )
    assert solve_model(MaxCover(problem), [Count(1)]).sites == ("near",)


@pytest.mark.parametrize("seed", range(6))
def test_at_city_size_no_single_site_is_idle_or_could_be_a_cheaper_one(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "EXACT_ENTRIES", 0)
    case = next(case for case in CASES if case.name == "max-cover")
    problem = case.problem(np.random.default_rng(seed))
    model = MaxCover(problem)
    solution = solve_model(model, [Count(3, "at most")], gap=0.0)
    assert solution.ties["sites"] == "descent"
    plan, cost = solution.plan, solution.cost
    assert plan is not None
    assert cost is not None
    for chosen in every_choice(problem.sites):
        turned = np.flatnonzero(chosen != plan.open)
        closes = plan.open[turned]
        alike = len(turned) == 1 or (len(turned) == 2 and closes.sum() == 1)
        if (
            alike
            and problem.sites.is_new[turned].all()
            and model.objective_of(model.plan_of(chosen)) >= (solution.objective or 0.0)
        ):
            assert problem.sites.plan_cost(chosen) >= cost - 1e-9 or (chosen & problem.sites.is_new).sum() > 3
