"""The truth by trying everything: every subset of sites that may open, judged by plain arithmetic."""

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from models.arrays import BoolArray
from models.figures import cost_of
from models.formulation import Formulation, Rule
from models.plan import Plan
from models.problem import Demand, Sites


def every_choice(sites: Sites) -> Iterator[BoolArray]:
    """Every set of open sites that the statuses allow."""
    free = np.flatnonzero(~sites.fixed_open & ~sites.fixed_closed)
    for bits in itertools.product((False, True), repeat=len(free)):
        chosen = sites.fixed_open.copy()
        chosen[free] = bits
        yield chosen


def assert_same(found: float | None, truth: float | None) -> None:
    """Both have no plan, or plans worth the same."""
    assert (found is None) == (truth is None)
    assert truth is None or found == pytest.approx(truth, abs=1e-6)


def best_by_trying(
    formulation: Formulation, rules: Sequence[Rule], demand: Demand | None, plan_of: Callable[[BoolArray], Plan | None]
) -> float | None:
    """The best objective over every choice whose plan keeps every rule, None where none does."""
    sign = 1.0 if formulation.sense == "max" else -1.0
    best: float | None = None
    for chosen in every_choice(formulation.sites):
        plan = plan_of(chosen)
        if plan is None:
            continue
        cost = cost_of(formulation, plan)
        if any(rule.violations(formulation.sites, demand, plan, cost) for rule in rules):
            continue
        worth = formulation.objective_of(plan)
        if best is None or sign * worth > sign * best:
            best = worth
    return best
