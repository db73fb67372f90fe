"""A load beside the weight: capacities, modules, piles and flows count the load, objective and coverage the weight."""

import numpy as np
import pytest
import scipy.sparse as sp

from models.charging.kinds import PileKind
from models.charging.piles import Charging
from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.nearest_cover import NearestCover
from models.errors import ProblemError
from models.hierarchy.tiers import TierProblem
from models.median.fixed_charge import AssignmentMedian
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count, MinimumUse
from solver.api.solution import solve_model
from solver.economy import settle
from tests.models.matrix import LOADED, Case


def assert_best(case: Case, seed: int) -> None:
    instance = case.instance(seed)
    if instance is None:
        return
    problem, model, rules = instance
    best, _ = case.best(problem, model, rules)
    solution = solve_model(model, rules, gap=0.0)
    if best is None:
        assert solution.ended == "infeasible", (seed, solution.ended)
        return
    assert solution.objective == pytest.approx(best, abs=1e-5), seed


@pytest.mark.parametrize("case", LOADED, ids=lambda case: case.name)
def test_loads_against_brute_force(case: Case) -> None:
    for seed in range(2):
        assert_best(case, seed)


@pytest.mark.slow
@pytest.mark.parametrize("case", LOADED, ids=lambda case: case.name)
def test_that_holds_for_many_random_problems(case: Case) -> None:
    for seed in range(2, 60):
        assert_best(case, seed)


def test_of_two_places_the_one_that_needs_less_for_its_people_is_served() -> None:
    """Room for 10 visits: a has 6 people of 10 visits, b 5 of 4, c 4 of 6. b and c are 9 people; a alone would be 6."""
    problem = SitingProblem.dense(
        Sites.of(["s"], capacity=10.0),
        Demand.of(["a", "b", "c"], weight=np.array([6.0, 5.0, 4.0]), load=np.array([10.0, 4.0, 6.0])),
        np.array([[60.0]] * 3),
    )
    for model in (CapacitatedCover(problem), CapacitatedCover(problem, single_source=True)):
        solution = solve_model(model, [Count(1)])
        assert solution.objective == pytest.approx(9)
        assert solution.figures["covered_weight"] == pytest.approx(9)
    # 20 visits come for 15 people: half of everybody
    assert solve_model(NearestCover(problem), [Count(1)]).objective == pytest.approx(7.5)
    pile = PileKind("slow", 7.0, 10.0, np.array([1.0]), np.array([1.0]))
    assert solve_model(Charging(problem, (pile,))).objective == pytest.approx(9)


def test_places_of_equal_reach_are_told_apart_by_what_they_take_up() -> None:
    """Equal reach and district, 10 people each, of 10 and of 30 visits: room for 25: the one and half the other."""
    demand = Demand.of(["light", "heavy"], weight=10.0, load=np.array([10.0, 30.0]))
    problem = SitingProblem.dense(Sites.of(["s"], capacity=25.0), demand, np.array([[60.0], [60.0]]))
    solution = solve_model(CapacitatedCover(problem), [Count(1)])
    assert solution.objective == pytest.approx(15)
    assert solution.plan is not None
    assert solution.plan.served is not None
    assert solution.plan.served.toarray().ravel() == pytest.approx([1.0, 0.5])


def test_service_within_loads_is_of_least_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    """S and T hold 4 visits each; a (1 person, 4 visits) is 1 and 2 away, b (10 people, 4 visits) 1 and 9.

    b to S and a to T: 10 x 1 + 1 x 2 = 12; the other way 1 + 90.
    """
    problem = SitingProblem.dense(
        Sites.of(["S", "T"], capacity=4.0),
        Demand.of(["a", "b"], weight=np.array([1.0, 10.0]), load=4.0),
        np.array([[1.0, 2.0], [1.0, 9.0]]),
    )
    for most in (settle.EXACT_ENTRIES, 0):
        monkeypatch.setattr(settle, "EXACT_ENTRIES", most)
        plan = solve_model(CapacitatedCover(problem), [Count(2)]).plan
        assert plan is not None
        assert plan.served is not None
        assert plan.served.toarray() == pytest.approx(np.array([[0.0, 1.0], [1.0, 0.0]]))


def test_who_takes_up_nothing_is_served_at_a_full_site_and_nobody_takes_up_nothing() -> None:
    """10 visits fill the site; 5 people without visits are served as well. 0 people with 7 visits take no room."""
    demand = Demand.of(["full", "free", "nobody"], weight=np.array([10.0, 5.0, 0.0]), load=np.array([10.0, 0.0, 7.0]))
    problem = SitingProblem.dense(Sites.of(["s"], capacity=10.0), demand, np.array([[60.0]] * 3))
    assert solve_model(CapacitatedCover(problem), [Count(1)]).objective == pytest.approx(15)
    assert solve_model(CapacitatedCover(problem), [Count(0)]).objective == pytest.approx(0)
    assert solve_model(NearestCover(problem), [Count(1)]).objective == pytest.approx(15)
    assert solve_model(AssignmentMedian(problem), [Count(1)]).objective == pytest.approx(15 * 60)
    assert demand.load.tolist() == [10.0, 0.0, 0.0]
    assert Demand.of(["a"], weight=3.0).load.tolist() == [3.0]


def test_a_least_use_counts_loads() -> None:
    """2 people of 6 visits: a site used for 5 is used enough, though only 2 people come."""
    problem = SitingProblem.dense(Sites.of(["s"]), Demand.of(["a"], weight=2.0, load=6.0), np.array([[60.0]]))
    assert solve_model(AssignmentMedian(problem), [MinimumUse(5.0)]).ended == "proven"
    assert solve_model(CapacitatedCover(problem), [Count(1), MinimumUse(7.0)]).ended == "infeasible"


def test_what_takes_up_nothing_cannot_be_fed() -> None:
    with pytest.raises(ProblemError, match=r"demand.load is 0 at 1 places with weight \(a\); tiers feed what places"):
        TierProblem(
            sites=Sites.of(["s"]),
            tier=np.array([0]),
            demand=Demand.of(["a", "b"], weight=1.0, load=np.array([0.0, 2.0])),
            access=sp.csr_array(np.ones((2, 1))),
            feed=sp.csr_array((1, 1)),
        )


def test_loads_are_checked() -> None:
    with pytest.raises(ProblemError, match="demand load must be a number of at least 0; not so at b"):
        Demand.of(["a", "b"], load=np.array([1.0, -1.0]))
    with pytest.raises(ProblemError, match=r"demand.load has shape"):
        Demand(("a", "b"), np.ones(2), ("", ""), own_load=np.ones(3))
