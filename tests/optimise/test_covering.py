"""Maximal covering narrowed down: parts of it decided exactly, and a bound where the program is too large."""

from dataclasses import replace

import numpy as np
import pytest

from models.algorithms.covering.part import part_of
from models.algorithms.covering.view import view_of
from models.coverage.max_cover import MaxCover
from models.formulation import Rule
from models.plan import Plan
from models.rules import Budget, Count, CoverageFloor
from solver.engines.catalogue import branches_best
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.optimise.covering import narrow_cover
from tests.models.algorithms.test_annealing import towns
from tests.models.algorithms.test_covering_dual import plans, some

PARTS = [[2, 3, 4, 5, 6, 7], [3, 5, 7]]


@pytest.mark.parametrize("sites", PARTS, ids=len)
@pytest.mark.parametrize("backup", [1, 2])
@pytest.mark.parametrize("rule", [Count(4, "at most"), Budget(16.0), CoverageFloor(0.5)], ids=lambda rule: rule.key)
def test_a_part_is_the_best_of_all_plans_that_differ_there_alone(rule: Rule, backup: int, sites: list[int]) -> None:
    model = MaxCover(some(3), backup=backup)
    demand = replace(model.problem.demand, group=("north", "south") * 15)
    model = replace(model, problem=replace(model.problem, demand=demand))
    others = np.setdiff1d(np.arange(8), sites)
    for _, begin in plans(model, rule)[::7]:
        part = part_of(view_of(model, [rule]), begin, np.array(sites))
        known = [worth for worth, is_open in plans(model, rule) if (is_open == begin)[others].all()]
        values = Highs().run(part.program, Ask(gap=0.0)).values
        found = begin.copy()
        found[sites] = values[: len(sites)] > 0.5
        assert model.objective_of(Plan(open=found)) == pytest.approx(max(known))
        assert not part.program.violations(part.values_of(begin))


def test_money_is_proven_by_a_bound_and_a_part() -> None:
    problem = towns(300, 1_500, 5)
    model, rule = MaxCover(problem), Budget(0.1 * float(problem.sites.cost.sum()))
    begin = model.plan_of(np.zeros(300, dtype=bool))
    narrow = narrow_cover(model, (rule,), begin, Ask(time_limit_s=20.0, gap=2e-3))
    assert model.objective_of(narrow.plan) >= narrow.bound / 1.002
    assert not rule.violations(problem.sites, problem.demand, narrow.plan, problem.sites.plan_cost(narrow.plan.open))


def test_numbers_are_branched_on_by_one_engine_and_money_by_another() -> None:
    model = MaxCover(some(1))
    view, none = view_of(model, [Count(3)]), np.zeros(8, dtype=bool)
    assert branches_best(part_of(view, none, np.arange(8)).program).name == "scip"
    view = view_of(model, [Budget(14.0)])
    assert branches_best(part_of(view, none, np.arange(8)).program).name == "highs"
