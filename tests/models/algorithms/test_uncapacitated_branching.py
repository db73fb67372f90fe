"""The dual bound of medians and branching on it, against enumeration and linear programs, and where engines fail."""

from itertools import combinations

import numpy as np
import pytest

from benchmarks.medians import graph, plane
from models.algorithms.uncapacitated import branching
from models.algorithms.uncapacitated.branching import Branched, branch
from models.algorithms.uncapacitated.costs import prices_to_begin, service_of
from models.algorithms.uncapacitated.interchange import nearest_costs
from models.algorithms.uncapacitated.lagrangian import Dual, settle
from models.arrays import BoolArray
from models.formulation import formulate
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.median.p_median import PMedian
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.optimise.uncapacitated import UncapacitatedReduction
from tests.known.posing import solved
from tests.models.median_truth import dense_travel


def bounded(problem: SitingProblem, count: int, is_open: BoolArray, worth: float | None) -> Dual:
    """The dual bound from the prices of some open sites."""
    service = service_of(problem)
    near = nearest_costs(service, is_open)
    prices = prices_to_begin(service, near.first_cost, near.second_cost)
    return settle(service, count, count, worth, prices, seconds=60.0)


def branched(problem: SitingProblem, count: int, start: BoolArray | None, worth: float | None) -> Branched:
    """All plans searched, every plan of nearest sites allowed."""
    travel = dense_travel(problem)

    def judge(is_open: BoolArray) -> float | None:
        assert is_open.sum() == count
        return float(problem.demand.weight @ travel[:, is_open].min(axis=1))

    dual = bounded(problem, count, np.ones(len(problem.sites), dtype=bool) if start is None else start, worth)
    return branch(service_of(problem), (count, count), (start, dual), judge, seconds=60.0)


def scattered(seed: int, *, decimals: bool) -> SitingProblem:
    """14 points with weights; few whole distances, so that many plans are worth the same."""
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 12, (14, 2)).astype(float)
    apart = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    ids = [f"p{i}" for i in range(14)]
    weight = rng.integers(1, 4, 14) * (0.7 if decimals else 1.0)
    return SitingProblem.dense(Sites.of(ids), Demand.of(ids, weight=weight), apart, unit="m")


def agrees_with_every_choice(seed: int) -> None:
    problem, count = scattered(seed, decimals=bool(seed % 2)), 2 + seed % 3
    travel, weight = dense_travel(problem), problem.demand.weight
    worths = {c: float(weight @ travel[:, c].min(axis=1)) for c in combinations(range(14), count)}
    optimum = min(worths.values())
    first = np.zeros(14, dtype=bool)
    first[list(sorted(worths, key=worths.__getitem__)[len(worths) // 8])] = True
    for start in (None, first):
        worth = None if start is None else float(weight @ travel[:, start].min(axis=1))
        assert bounded(problem, count, ~np.zeros(14, dtype=bool) if start is None else start, worth).bound <= optimum
        found = branched(problem, count, start, worth)
        assert found.worth == pytest.approx(optimum, rel=1e-8)
        assert found.bound == pytest.approx(optimum, rel=1e-8)


@pytest.mark.parametrize("seed", range(16))
def test_branching_finds_and_proves_the_best_of_all_choices(seed: int) -> None:
    agrees_with_every_choice(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(16, 266))
def test_branching_finds_and_proves_the_best_of_many_choices(seed: int) -> None:
    agrees_with_every_choice(seed)


def test_when_memory_is_full_the_newest_nodes_come_first_and_prove_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = graph(250, 4)
    usual = branched(problem, 5, None, None)
    monkeypatch.setattr(branching, "MEMORY_BYTES", 3000)
    deep = branched(problem, 5, None, None)
    assert usual.nodes > 10
    assert deep.worth == deep.bound == usual.worth == usual.bound


@pytest.mark.parametrize(("n", "count"), [(100, 4), (120, 10)])
def test_the_dual_bound_comes_within_a_hair_of_the_linear_relaxation(n: int, count: int) -> None:
    problem = plane(n, 3, whole=False)
    plan = UncapacitatedReduction(PMedian, problem, (Count(count),)).search(5.0, 0)
    assert plan is not None
    dual = bounded(problem, count, plan.open, PMedian(problem).objective_of(plan))
    program = formulate(PMedian(problem), (Count(count),))[1].relaxed()
    linear = Highs().run(program, Ask(gap=0.0)).outcome.objective
    assert linear is not None
    # or it stopped where it proved the plan
    assert linear - 5e-4 * linear <= dual.bound <= linear + 1e-6 * linear


def test_within_the_asked_gap_branching_ends_early_and_the_bound_says_so() -> None:
    problem = graph(250, 4)
    plan = UncapacitatedReduction(PMedian, problem, (Count(5),)).search(5.0, 0)
    assert plan is not None
    worth = PMedian(problem).objective_of(plan)
    dual = bounded(problem, 5, plan.open, worth)
    service = service_of(problem)
    travel = dense_travel(problem)
    found = branch(
        service,
        (5, 5),
        (plan.open, dual),
        lambda is_open: float(travel[:, is_open].min(axis=1).sum()),
        seconds=60.0,
        gap=0.5,
    )
    assert found.nodes <= 2  # the first, looked at and put back
    assert found.bound == dual.bound < worth


def test_ctrl_c_keeps_the_plan_in_hand_and_a_bound_that_holds() -> None:
    problem = graph(250, 4)
    travel, calls = dense_travel(problem), 0

    def judge(is_open: BoolArray) -> float:
        nonlocal calls
        calls += 1
        if calls == 8:
            raise KeyboardInterrupt
        return float(travel[:, is_open].min(axis=1).sum())

    dual = bounded(problem, 5, np.ones(250, dtype=bool), None)
    found = branch(service_of(problem), (5, 5), (None, dual), judge, seconds=60.0)
    assert found.stopped
    assert found.worth is not None
    assert dual.bound <= found.bound <= 7386 <= found.worth  # the optimum is 7386


@pytest.mark.slow
@pytest.mark.parametrize(("n", "count", "seed"), [(100, 5, 1), (150, 5, 4), (150, 10, 3)])
def test_graphs_agree_with_the_plain_program_of_an_engine(n: int, count: int, seed: int) -> None:
    problem = graph(n, seed)
    worth, outcome = solved(problem, "p-median", limit_m=1e9, open=count)
    assert outcome.ended == "proven"
    plain = Highs().run(formulate(AssignmentMedian(problem), (Count(count),))[1], Ask(time_limit_s=300.0, gap=0.0))
    assert plain.outcome.ended == "proven"
    assert plain.outcome.objective == pytest.approx(worth, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "count", "seed"), [(900, 5, 1), (900, 10, 1)])
def test_large_graphs_with_few_sites_are_proven(n: int, count: int, seed: int) -> None:
    _, outcome = solved(graph(n, seed), "p-median", limit_m=1e9, seconds=180.0, open=count)
    assert outcome.ended == "proven"


@pytest.mark.slow
def test_decimals_are_proven_with_a_gap_of_nothing() -> None:
    _, outcome = solved(plane(1000, 1, whole=False), "p-median", limit_m=1e9, seconds=180.0, open=50)
    assert outcome.ended == "proven"


@pytest.mark.slow
def test_fixed_charges_agree_with_the_plain_program_of_an_engine() -> None:
    problem = plane(150, 2, cost=700.0)
    reduced = UncapacitatedReduction(FixedCharge, problem, (), with_opening=True).reduce(
        None, Ask(time_limit_s=60.0, gap=0.0)
    )
    plain = Highs().run(formulate(FixedCharge(problem), ())[1], Ask(time_limit_s=300.0, gap=0.0)).outcome
    assert plain.ended == "proven"
    assert reduced.plan is not None
    assert reduced.bound == pytest.approx(plain.objective, rel=1e-8)
