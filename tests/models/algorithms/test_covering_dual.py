"""The Lagrangian bound of covering is never below the best plan, and what it settles is so in every better one."""

from itertools import product

import numpy as np
import pytest

from models.algorithms.covering.dual import bound_cover
from models.algorithms.covering.view import view_of
from models.coverage.max_cover import MaxCover
from models.formulation import Rule
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import Budget, Count
from solver.engines.engine import Ask
from solver.optimise.covering import narrow_cover
from tests.models.algorithms.test_annealing import towns


def some(seed: int) -> SitingProblem:
    """30 places and 8 sites, one of them open already and one required in every third problem."""
    rng = np.random.default_rng(seed)
    travel = np.where(rng.uniform(size=(30, 8)) < 0.3, 1.0, np.inf)
    status = [SiteStatus.CANDIDATE] * 8
    if seed % 3 == 0:
        status[0], status[1] = SiteStatus.EXISTING, SiteStatus.REQUIRED
    sites = Sites.of([str(j) for j in range(8)], cost=rng.integers(1, 9, 8).astype(float), status=np.array(status))
    return SitingProblem.dense(sites, Demand.of([str(i) for i in range(30)], weight=rng.uniform(1, 9, 30)), travel)


def plans(model: MaxCover, rule: Rule) -> list[tuple[float, np.ndarray]]:
    """Worth and open sites of every plan that keeps the rule and the statuses."""
    found = []
    for chosen in product([False, True], repeat=8):
        is_open, sites = np.array(chosen), model.sites
        if (is_open >= sites.fixed_open).all():
            plan = model.plan_of(is_open)
            if not rule.violations(sites, model.problem.demand, plan, sites.plan_cost(is_open)):
                found.append((model.objective_of(plan), is_open))
    return found


@pytest.mark.parametrize("backup", [1, 2])
@pytest.mark.parametrize("seed", range(6))
def test_no_plan_is_better_than_the_bound_nor_than_what_is_left(seed: int, backup: int) -> None:
    model = MaxCover(some(seed), backup=backup)
    for rule in (Count(3, "at most"), Count(3), Budget(14.0)):
        known = plans(model, rule)
        worths = sorted(worth for worth, _ in known)
        for worth in (worths[-1], worths[len(worths) // 2]):
            dual = bound_cover(view_of(model, [rule]), worth, seconds=1.0)
            assert dual.bound >= worths[-1]
            for better, is_open in known:
                settled = np.abs(dual.reduced) > dual.bound - worth + 1e-9 * worth
                assert better <= worth or (is_open == (dual.reduced > 0))[settled].all()
        one = next(is_open for worth, is_open in known if worth == worths[len(worths) // 2])
        narrow = narrow_cover(model, (rule,), model.plan_of(one), Ask(time_limit_s=1.0, gap=0.0))
        sites = narrow.formulation.sites
        left = [
            worth
            for worth, is_open in known
            if (is_open >= sites.fixed_open).all() and not is_open[sites.fixed_closed].any()
        ]
        assert max([model.objective_of(narrow.plan), *left]) == pytest.approx(worths[-1])


def test_a_town_is_bounded_within_a_percent_in_few_steps() -> None:
    problem = towns(200, 2_000, 3)
    dual = bound_cover(view_of(MaxCover(problem), [Count(20, "at most")]), 47_243.0, seconds=5.0, gap=0.01)
    assert dual.bound < 1.01 * 47_243.0  # the best plan known
    assert dual.steps <= 200
