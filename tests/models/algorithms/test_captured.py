"""The first plan of market share against enumeration."""

from dataclasses import replace

import numpy as np
import pytest

from models.algorithms.opening.captured import search_captured
from models.formulation import formulate
from models.market.attraction import huff
from models.market.market_share import MarketShare
from models.rules import AtMostOneOf, Budget, Count
from tests.models.brute_force import best_by_trying
from tests.models.random_problems import random_problem, random_rules
from tests.models.test_market_share import with_competitors


def model_of(seed: int) -> tuple[np.random.Generator, MarketShare]:
    rng = np.random.default_rng(seed)
    problem = with_competitors(rng, random_problem(rng))
    size = rng.integers(1, 5, len(problem.sites)).astype(float)
    return rng, MarketShare(problem, huff(problem, size, distance_power=2, least_travel=1.0))


@pytest.mark.parametrize("seed", range(20))
def test_a_first_plan_keeps_the_rules_on_sites_and_is_never_beyond_the_best(seed: int) -> None:
    rng, model = model_of(seed)
    rules = [rule for rule in random_rules(rng, model.problem) if rule.key not in ("floor_share", "minimum_use")]
    best = best_by_trying(model, rules, model.problem.demand, model.capture.plan_of)
    found = search_captured(model, rules, seconds=5.0)
    if found is None:
        return
    assert best is not None
    assert model.objective_of(found) <= best + 1e-9
    draft, program = formulate(model, rules)
    values = np.zeros(program.n_columns)
    model.values_of(draft, found, values)
    assert not program.violations(values)


@pytest.mark.parametrize("seed", range(20))
def test_a_number_of_sites_is_always_found_and_near_the_best(seed: int) -> None:
    _, model = model_of(seed)
    sites = replace(model.problem.sites, cost=np.ones(len(model.problem.sites)))
    may = int((sites.is_new & ~sites.fixed_closed).sum())
    for rule in (Count(min(2, may), "at most"), Budget(2.0 + sites.base_cost())):
        best = best_by_trying(model, [rule], model.problem.demand, model.capture.plan_of)
        found = search_captured(model, [rule], seconds=5.0)
        assert (found is None) == (best is None)
        if found is not None and best is not None:
            # greedy opening alone captures 1 - 1/e = 63 % of the best
            assert model.objective_of(found) >= 0.63 * best - 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_no_plan_passes_what_all_sites_together_capture(seed: int) -> None:
    _, model = model_of(seed)
    assert model.known_bound == pytest.approx(best_by_trying(model, [], model.problem.demand, model.capture.plan_of))


def test_two_that_exclude_each_other_are_not_both_opened() -> None:
    _, model = model_of(1)
    free = [i for i, c in zip(model.sites.ids, model.sites.fixed_closed, strict=True) if not c][:2]
    found = search_captured(model, [AtMostOneOf((tuple(free),))], seconds=5.0)
    assert found is not None
    assert sum(bool(found.open[model.sites.ids.index(i)]) for i in free) <= 1
