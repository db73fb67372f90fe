"""Where a program takes longer to build than there is time, plan and bound are the model's own, and checked."""

from itertools import combinations

import numpy as np
import pytest

from models.algorithms.uncapacitated import swap_kernel
from models.algorithms.uncapacitated.costs import service_of
from models.algorithms.uncapacitated.interchange import nearest_costs
from models.formulation import Formulated, Rule
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.median.p_median import PMedian
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from solver.api.solution import solve_model
from solver.optimise.warm import warm
from solver.postoptimal.reasons import explaining_s


def plane(capacity: float = np.inf) -> SitingProblem:
    """40 places, 12 sites."""
    rng = np.random.default_rng(4)
    at, sites = rng.uniform(0, 30, (40, 2)), rng.uniform(0, 30, (12, 2))
    travel = np.linalg.norm(at[:, None] - sites[None], axis=2)
    made = Sites.of([f"s{j}" for j in range(12)], cost=50.0, capacity=np.full(12, capacity))
    return SitingProblem.dense(made, Demand.of([f"d{i}" for i in range(40)], weight=np.arange(1.0, 41.0)), travel)


def least(problem: SitingProblem, number: int) -> float:
    """Weight times travel of the best `number` sites, by trying all."""
    travel = problem.travel.toarray()
    return min(
        float(problem.demand.weight @ travel[:, list(chosen)].min(axis=1)) for chosen in combinations(range(12), number)
    )


@pytest.fixture
def never_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Building a program would take hours."""
    monkeypatch.setattr("solver.optimise.anytime.PAIR_S", 1e3)

    def built(_self: Formulated) -> None:
        raise AssertionError("the program was built")

    monkeypatch.setattr(Formulated, "built", property(built))


@pytest.mark.usefixtures("never_built")
def test_a_median_is_proven_by_its_own_search_and_bound_without_the_program() -> None:
    problem = plane()
    found = solve_model(PMedian(problem), [Count(3)], time_limit_s=5.0, gap=0.0)
    assert found.objective == pytest.approx(least(problem, 3))
    assert found.ended == "proven"
    assert len(found.sites) == 3
    assert found.demand_frame() is not None


@pytest.mark.usefixtures("never_built")
@pytest.mark.parametrize(
    ("model", "rules"),
    [
        (AssignmentMedian(plane(300.0)), [Count(4)]),
        (FixedCharge(plane(), price=1.0), []),
        (PMedian(plane()), [Count(3)]),
    ],
    ids=["capacity", "fixed-charge", "median"],
)
def test_a_limit_with_no_time_at_all_has_a_plan_under_a_bound(model: PMedian, rules: list[Rule]) -> None:
    found = solve_model(model, rules, time_limit_s=0.01)
    assert found.objective is not None
    assert found.bound is not None
    assert model.known_bound <= found.bound <= found.objective


def test_who_asks_for_the_same_program_gets_the_same() -> None:
    model, rules = PMedian(plane()), (Count(3),)
    held = Formulated.of(model, rules)
    assert not held.is_built
    assert Formulated.of(model, list(rules)).built[1] is held.built[1]
    assert Formulated.of(model, ()).built[1] is not held.built[1]


def test_a_descent_in_slices_ends_where_one_at_a_stretch_does() -> None:
    ends = []
    for work in (1, 10**9):
        made = _state()
        turn, slices = np.zeros(2, dtype=np.int64), 1
        while not swap_kernel.descend(*made, turn, work):
            slices += 1
        ends.append(made[1].is_open.tolist())
        assert (slices > 10) == (work == 1)
    assert ends[0] == ends[1]


def _state() -> tuple[object, ...]:
    service = service_of(plane())
    state = nearest_costs(service, np.arange(12) < 3)
    movable = np.arange(12)
    return service.lists, state, movable, swap_kernel.Limits(3, 3, np.inf), movable, 1e-9


def test_what_is_compiled_is_ready_before_the_limit_begins() -> None:
    warm(PMedian(plane()))
    assert swap_kernel.descend.signatures
    assert swap_kernel.serve.signatures


def test_explaining_takes_what_solving_has_left() -> None:
    assert explaining_s(40.0, 10.0) == 30.0
    assert explaining_s(600.0, 10.0) == 60.0  # a minute at most
    assert explaining_s(10.0, 9.9) == 2.0
    assert explaining_s(100.0, 100.0) == 5.0
