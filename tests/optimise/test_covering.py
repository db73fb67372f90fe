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


def test_the_engine_is_the_one_that_suits_the_program() -> None:
    problem, none = towns(200, 300, 0), np.zeros(200, dtype=bool)
    for rule, sites, name in ((Count(3), 200, "scip"), (Count(3), 100, "cp-sat"), (Budget(140.0), 200, "highs")):
        part = part_of(view_of(MaxCover(problem), [rule]), none, np.arange(sites))
        assert branches_best(part.program).name == name


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("backup", [1, 2])
def test_few_sites_in_doubt_are_decided_where_nobody_named_an_engine(seed: int, backup: int) -> None:
    model = MaxCover(some(seed), backup=backup)
    for rule in (Count(3), Count(4, "at most"), Budget(14.0)):
        known = plans(model, rule)
        begin = model.plan_of(min(known, key=lambda plan: plan[0])[1])
        narrow = narrow_cover(model, (rule,), begin, Ask(time_limit_s=5.0, gap=0.0, engine_is_free=True))
        best = max(worth for worth, _ in known)
        assert model.objective_of(narrow.plan) == pytest.approx(best)
        assert narrow.bound == pytest.approx(best)
