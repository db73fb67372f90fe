"""A dear and a cheap site that reach alike, a site that nobody needs: the plan of 2 million, or of 12, by hand."""

import numpy as np
import pytest

from models.charging.kinds import PileKind
from models.charging.piles import Charging
from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.max_cover import MaxCover
from models.coverage.set_cover import SetCover
from models.formulation import Formulation, Rule
from models.median.p_center import PCenter
from models.median.p_median import PMedian
from models.modular import Module, modular
from models.phasing import Phase, Phasing
from models.portfolio import Member, Portfolio
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget, Count
from solver.api.solution import solve_model
from solver.api.together import solve_together

PLACES = Demand.of(["a", "b", "c"], weight=30.0)
FAR = np.inf
TRAVEL = np.array([[60.0, 60.0, FAR], [60.0, 60.0, FAR], [FAR, FAR, 60.0]])
MONEY = (Count(3, "at most"), Budget(2e7))


def two_alike(capacity: float = FAR) -> SitingProblem:
    """A and B reach a and b, C reaches c; A costs 9 million, the others one."""
    sites = Sites.of(["A_dear", "B_cheap", "C"], cost=np.array([9e6, 1e6, 1e6]), capacity=capacity)
    return SitingProblem.dense(sites, PLACES, TRAVEL)


def with_useless() -> SitingProblem:
    """dear (90) and cheap (1) reach a and b, useless (5) nobody, c (1) reaches c."""
    sites = Sites.of(["dear", "cheap", "useless", "c"], cost=np.array([90.0, 1, 5, 1]))
    return SitingProblem.dense(sites, PLACES, np.insert(TRAVEL, 2, FAR, axis=1))


ALIKE: list[tuple[str, Formulation, tuple[Rule, ...]]] = [
    ("max-cover", MaxCover(two_alike()), MONEY),
    ("set-cover", SetCover(two_alike()), ()),
    ("capacitated-cover", CapacitatedCover(two_alike(60)), MONEY),
    ("capacitated-cover, places whole", CapacitatedCover(two_alike(60), single_source=True), MONEY),
    ("p-median", PMedian(two_alike()), (Count(2, "at most"), Budget(2e7))),
    ("p-center", PCenter(two_alike()), (Count(2, "at most"), Budget(2e7))),
    ("two years", Phasing((Phase("1", MaxCover(two_alike())), Phase("2", MaxCover(two_alike())))), MONEY),
]


@pytest.mark.parametrize("engine", ["highs", "cbc"])
@pytest.mark.parametrize(("name", "model", "rules"), ALIKE, ids=[name for name, _, _ in ALIKE])
def test_of_two_sites_that_reach_alike_the_cheap_one_opens(
    name: str, model: Formulation, rules: tuple[Rule, ...], engine: str
) -> None:
    solution = solve_model(model, rules, engine=engine)
    assert solution.sites == ("B_cheap", "C")
    assert solution.cost == pytest.approx(2e6)
    assert solution.ties["sites"] == "exact"


def test_exactly_three_still_means_three() -> None:
    solution = solve_model(MaxCover(two_alike()), [Count(3)])
    assert solution.sites == ("A_dear", "B_cheap", "C")


def test_of_piles_one_at_each_site_that_is_needed() -> None:
    """Piles of 60 kWh at 5: cheap serves a and b with one, c with another: 1 + 1 + 2 x 5 = 12."""
    kind = PileKind("slow", 7.0, 60.0, np.full(4, 5.0), np.full(4, 4.0))
    solution = solve_model(Charging(with_useless(), (kind,)), [Budget(1000.0)])
    assert solution.cost == pytest.approx(12)
    assert solution.units == {"cheap": {"slow": 1}, "c": {"slow": 1}}
    assert solution.objective == pytest.approx(90)


def test_of_modules_two_do() -> None:
    """Modules of 60 at 5: 12 again, and not 17 with three."""
    module = Module("hall", 60.0, np.full(4, 5.0), np.full(4, 4.0))
    model = modular(CapacitatedCover, with_useless(), [module], in_objective=False)
    solution = solve_model(model, [Budget(1000.0)])
    assert solution.cost == pytest.approx(12)
    assert solution.units == {"cheap": {"hall": 1}, "c": {"hall": 1}}


def test_a_joint_plan_spends_no_more_than_it_must() -> None:
    members = tuple(Member(name, MaxCover(two_alike()), MONEY, full=90.0) for name in ("lots", "wards"))
    joint = solve_together(Portfolio(members, 4e7))
    assert joint.whole.cost == pytest.approx(4e6)
    assert joint.whole.ties["sites"] == "exact"
    assert joint["lots"].sites == joint["wards"].sites == ("B_cheap", "C")
