"""Shares of the money in districts: the row, what plans break, and brute force over sites, modules and piles."""

from itertools import product

import numpy as np
import pytest

from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.figures import cost_of, unit_costs_of
from models.formulation import formulate
from models.lp_text import lp_text
from models.modular import Module, modular
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget
from models.rules.money import MoneyShare
from solver.engines.engine import Ask
from solver.engines.highs import Highs

GROUPS = ("west", "west", "east", "east", "")


def town(seed: int = 0) -> SitingProblem:
    rng = np.random.default_rng(seed)
    ids = list("ABCDE")
    sites = Sites.of(ids, cost=rng.integers(1, 7, 5).astype(float), group=list(GROUPS))
    demand = Demand.of([f"p{i}" for i in range(8)], weight=rng.integers(1, 9, 8).astype(float))
    return SitingProblem.dense(sites, demand, rng.uniform(0.0, 10.0, (8, 5)), unit="m").within(4.0)


def test_one_row_a_district_of_what_is_paid_less_its_share_of_the_whole() -> None:
    sites = Sites.of(list("ABC"), cost=np.array([4.0, 2.0, 6.0]), group=["west", "east", "east"])
    demand = Demand.of(["p"], weight=np.ones(1))
    model = MaxCover(SitingProblem.dense(sites, demand, np.array([[0.0, 1.0, 1.0]]), unit="m"))
    text = lp_text(formulate(model, (MoneyShare(0.5),))[1])
    assert " paid_in_a_district_within_its_share[west]: +2 open[A] -1 open[B] -3 open[C] <= 0" in text
    assert " paid_in_a_district_within_its_share[east]: -2 open[A] +1 open[B] +3 open[C] <= 0" in text


def test_what_breaks_it_is_told_with_the_money() -> None:
    sites = Sites.of(list("ABC"), cost=np.array([4.0, 2.0, 2.0]), group=["west", "east", ""])
    rule = MoneyShare({"west": 0.4, "east": 0.25})
    all_open = Plan(open=np.ones(3, dtype=bool))
    assert rule.violations(sites, None, all_open, 8.0) == [
        "west gets 4 of 8; at most 40.0% is asked for (money_share_per_group)"
    ]
    assert rule.violations(sites, None, Plan(open=np.zeros(3, dtype=bool)), 0.0) == []
    assert (
        str(rule.describe())
        == "at most a share of the money in districts: west 40.0%, east 25.0% (money_share_per_group)"
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (MoneyShare({"north": 0.5}), "names north; the sites' districts are east, west"),
        (MoneyShare(0.5), "needs what a unit of small costs"),
    ],
)
def test_what_makes_no_sense_is_refused(rule: MoneyShare, said: str) -> None:
    model = modular(
        CapacitatedCover, town(), [Module("small", 3.0, np.full(5, 2.0), np.full(5, 2.0))], in_objective=False
    )
    with pytest.raises(ProblemError, match=said):
        formulate(model if "unit" in said else MaxCover(town()), (rule,))
    with pytest.raises(ProblemError, match="must be shares from 0 to 1"):
        MoneyShare(1.5)


@pytest.mark.parametrize("share", [0.35, 0.5, 0.7])
@pytest.mark.parametrize("seed", range(12))
def test_the_best_plan_within_shares_is_that_of_trying_all(seed: int, share: float) -> None:
    model, budget = MaxCover(town(seed)), Budget(12.0)
    rule = MoneyShare(share)
    cost, west, east = model.sites.cost, np.array(GROUPS) == "west", np.array(GROUPS) == "east"
    best = 0.0
    for bits in product((False, True), repeat=5):
        chosen = np.array(bits)
        spent = float(cost[chosen].sum())
        if spent <= 12 and all(cost[chosen & of].sum() <= share * spent + 1e-9 for of in (west, east)):
            best = max(best, model.objective_of(model.plan_of(chosen)))
    draft, program = formulate(model, (budget, rule))
    answer = Highs().run(program, Ask(time_limit_s=20.0, gap=0.0))
    assert answer.outcome.objective == pytest.approx(best)
    plan = model.read_plan(draft, answer.values)
    assert rule.violations(model.sites, model.problem.demand, plan, cost_of(model, plan)) == []


@pytest.mark.parametrize("seed", range(8))
def test_units_count_where_they_stand(seed: int) -> None:
    problem = town(seed)
    rng = np.random.default_rng(seed)
    price, size = rng.integers(1, 4, 5).astype(float), 4.0
    model = modular(CapacitatedCover, problem, [Module("box", size, price, np.full(5, 2.0))], in_objective=False)
    rule, budget = MoneyShare(0.5, unit_costs_of(model)), Budget(14.0)
    draft, program = formulate(model, (budget, rule))
    answer = Highs().run(program, Ask(time_limit_s=30.0, gap=0.0))
    best = 0.0
    for boxes in product(range(3), repeat=5):
        n = np.array(boxes)
        opened = n > 0
        paid = problem.sites.cost * opened + price * n
        spent = float(paid.sum())
        if spent > 14 or any(paid[np.array(GROUPS) == g].sum() > 0.5 * spent + 1e-9 for g in ("west", "east")):
            continue
        best = max(best, _served(problem, size * n))
    assert answer.outcome.objective == pytest.approx(best, abs=1e-5)
    plan = model.read_plan(draft, answer.values)
    assert rule.violations(model.sites, problem.demand, plan, cost_of(model, plan)) == []


def _served(problem: SitingProblem, room: np.ndarray) -> float:
    """The most weight that sites with so much room serve, by a linear program of its own."""
    from scipy.optimize import linprog

    place, site = problem.travel.nonzero()
    stored = problem.travel.tocoo()
    place, site = stored.row, stored.col
    weight = problem.demand.weight
    rows = [(place == i).astype(float) for i in range(len(weight))]
    rows += [np.where(site == j, weight[place], 0.0) for j in range(len(room))]
    found = linprog(-weight[place], A_ub=np.array(rows), b_ub=[*np.ones(len(weight)), *room], bounds=(0, 1))
    return float(-found.fun)
