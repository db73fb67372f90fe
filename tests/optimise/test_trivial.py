"""The bound that needs no search holds for every model, and money and numbers count in it."""

import numpy as np
import pytest

from models.charging.kinds import PileKind
from models.charging.piles import Charging
from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.formulation import formulate, known_bound_of
from models.phasing import Phase, Phasing
from models.portfolio import Member, Portfolio
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget, Count
from models.rules.years import YearBudgets
from solver.optimise.trivial import joint_trivial_bound, trivial_bound
from tests.models.matrix import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_plan_of_any_model_passes_what_is_known_before_solving(case: Case) -> None:
    told = 0
    for seed in range(6):
        made = case.instance(seed)
        if made is None:
            continue
        problem, model, rules = made
        truth, _ = case.best(problem, model, rules)
        try:
            draft, program = formulate(model, rules)
        except ProblemError:
            continue
        bound, known = trivial_bound(model, draft, program), known_bound_of(model)
        assert known is not None
        assert np.isfinite(known)
        told += 1
        if truth is not None:
            assert bound is not None
            sign = 1.0 if model.sense == "max" else -1.0
            assert sign * (bound - truth) >= -1e-6, (case.name, seed)
            assert sign * (known - bound) >= -1e-6, (case.name, seed)
    assert told


def four() -> SitingProblem:
    """Sites that cover 40, 30, 20 and 10 by themselves for 4, 2, 2 and 1."""
    weight = np.array([40.0, 30.0, 20.0, 10.0])
    travel = np.where(np.eye(4) > 0, 1.0, np.inf)
    sites = Sites.of(list("abcd"), cost=np.array([4.0, 2.0, 2.0, 1.0]))
    return SitingProblem.dense(sites, Demand.of(list("wxyz"), weight=weight), travel)


def bound_under(*rules: Budget | Count) -> float | None:
    model = MaxCover(four())
    return trivial_bound(model, *formulate(model, rules))


def test_money_and_numbers_bound_what_can_be_covered() -> None:
    assert known_bound_of(MaxCover(four())) == 100.0
    assert bound_under() == pytest.approx(100.0)
    assert bound_under(Count(2, "at most")) == pytest.approx(70.0)
    # 15 for each of the first two, then 10: 30 + 20 for 4, 10 a CNY: 5 buy 60
    assert bound_under(Budget(5.0)) == pytest.approx(60.0)


def test_piles_bound_the_energy_that_money_buys() -> None:
    pile = PileKind("pile", 7.0, 5.0, np.full(4, 1.0), np.full(4, 8.0))
    model = Charging(four(), (pile,))
    # every site costs besides its piles: x (2 for 30) with 6 piles is 30 for 8 in all
    found = trivial_bound(model, *formulate(model, [Budget(8.0)]))
    assert found == pytest.approx(30.0)


def test_years_and_portfolios_add_up() -> None:
    phasing = Phasing((Phase("first", MaxCover(four())), Phase("second", MaxCover(four()), 2.0)))
    assert known_bound_of(phasing) == 300.0
    rules = (YearBudgets(phasing, (2.0, 3.0)),)
    # 30 in the first year for 2, then 60 for 5, which counts twice
    assert trivial_bound(phasing, *formulate(phasing, rules)) == pytest.approx(30.0 + 2 * 60.0)
    members = tuple(Member(name, MaxCover(four()), (), full=100.0) for name in ("p", "q"))
    portfolio = Portfolio(members, 4.0)
    # 15, 15 a CNY in both: 30 + 30 for 4, of 100 each
    assert joint_trivial_bound(portfolio, portfolio.formulate()) == pytest.approx(0.6)
