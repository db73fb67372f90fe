"""Of equally good plans the least costly, then the one of fewest sites: against every choice there is."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.formulation import Formulation, Rule
from models.problem import SiteStatus
from solver.api.solution import Solution, solve_model
from tests.models.brute_force import every_choice
from tests.models.matrix import CASES, Case
from tests.models.plain_rules import NEW, asks_of, kept

SEEDS = range(3)
MANY = range(3, 40)


def as_good(case: Case, problem: Any, model: Formulation, rules: tuple[Rule, ...], worth: float, cny: float) -> int:
    """Fewest sites opened or closed by a plan that is worth as much and costs at most so much; -1 where none is."""
    sign = 1.0 if model.sense == "max" else -1.0
    asks = asks_of(rules, model.sites, getattr(problem, "demand", None))
    asks, fewest = replace(asks, budget=min(asks.budget, cny)), -1
    for chosen in every_choice(model.sites):
        if not all(kept(rule, model.sites, chosen) for rule in rules):
            continue
        found = case.truth(problem, chosen, asks)
        if found is not None and sign * found >= sign * worth - 1e-7 * max(1.0, abs(worth)):
            status = model.sites.status
            turned = (chosen & np.isin(status, NEW)) | (~chosen & (status == SiteStatus.CLOSABLE))
            fewest = int(turned.sum()) if fewest < 0 else min(fewest, int(turned.sum()))
    return fewest


def assert_thrifty(case: Case, seed: int) -> None:
    instance = case.instance(seed)
    if instance is None:
        return
    problem, model, rules = instance
    solution: Solution = solve_model(model, rules, gap=0.0)
    if solution.plan is None:
        return
    worth, cost = solution.objective, solution.cost
    assert worth is not None
    assert cost is not None
    assert solution.ties["sites"] == "exact"
    assert as_good(case, problem, model, rules, worth, cost - 0.5) == -1, "another plan is as good and costs less"
    status, is_open = model.sites.status, solution.plan.open
    turned = int((is_open & np.isin(status, NEW)).sum() + (~is_open & (status == SiteStatus.CLOSABLE)).sum())
    assert as_good(case, problem, model, rules, worth, cost + 1e-6) == turned, "another plan does with fewer sites"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_plan_of_the_same_worth_costs_less_or_has_fewer_sites(case: Case, seed: int) -> None:
    assert_thrifty(case, seed)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_that_holds_for_a_thousand_random_problems(case: Case) -> None:
    for seed in MANY:
        assert_thrifty(case, seed)
