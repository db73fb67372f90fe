"""Median and fixed-charge models without capacities: a first plan by interchange, and what a dual bound leaves."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from models.algorithms.uncapacitated.branching import Branched, branch
from models.algorithms.uncapacitated.costs import AssignmentCosts, numbers_asked, prices_to_begin, service_of
from models.algorithms.uncapacitated.interchange import nearest_costs, polished, search_sites
from models.algorithms.uncapacitated.lagrangian import Dual, cut_of, settle
from models.algorithms.uncapacitated.swap_kernel import NONE
from models.arrays import BoolArray
from models.errors import ProblemError
from models.formulation import Formulation, Rule
from models.median.nearest import nearest_plan
from models.plan import Plan
from models.problem import SiteStatus, SitingProblem
from models.rules import asked
from solver.clock import Clock
from solver.engines.engine import Ask
from solver.optimise.posed import Reduced, StoppedWith

EASY_PAIRS = 3000
"""So few pairs an engine decides at once."""
POLISHING = 0.1
"""Share of the time in which the dual bound betters the plan."""
BESIDE_RULES = 0.4
"""Share of the time for branching where rules count that its bound does not know."""


@dataclass(frozen=True, eq=False)
class UncapacitatedReduction:
    """A model that serves every place from its nearest open site, as `build` makes it of a problem.

    `price` and `with_opening` say what its worth is made of: price times weight times travel, and the cost of sites.
    """

    build: Callable[[SitingProblem], Formulation]
    problem: SitingProblem
    rules: Sequence[Rule]
    price: float = 1.0
    with_opening: bool = False

    @cached_property
    def service(self) -> AssignmentCosts:
        """The problem as lists of costs."""
        return service_of(self.problem, price=self.price, with_opening=self.with_opening)

    def search(self, seconds: float, seed: int) -> Plan | None:
        """A plan by interchange, None where the rules say more than numbers and money."""
        clock = Clock.of(seconds)
        service = self.service  # the lists take their time
        is_open = search_sites(service, self.problem, self.rules, seconds=clock.some(), seed=seed)
        return None if is_open is None else nearest_plan(self.problem, is_open)

    def reduce(self, plan: Plan | None, ask: Ask) -> Reduced:
        """What a dual bound leaves for the engine to decide."""
        began = time.monotonic()
        whole = self.build(self.problem)
        required = int(self.problem.sites.is_(SiteStatus.REQUIRED).sum())
        least, most = numbers_asked(self.service, self.rules, required)
        if least > most or not len(self.service.lists.cost):
            return Reduced(whole, plan)
        worth = None if plan is None else whole.objective_of(plan)
        dual = self._first_dual(plan, worth, (least, most), ask.time_limit_s)
        if plan is not None:
            plan, worth, dual = self._polished(plan, dual, (least, most), POLISHING * ask.time_limit_s)
        bound, left = dual.bound, ask.time_limit_s - (time.monotonic() - began)
        if worth is None or (worth - bound > ask.gap * abs(worth) and int((~dual.idle).sum()) > EASY_PAIRS):
            found = self._branched(plan, dual, (least, most), replace(ask, time_limit_s=left))
            bound = max(bound, found.bound) if np.isfinite(found.bound) else bound
            if found.is_open is not None and found.worth is not None and (worth is None or found.worth < worth):
                plan = nearest_plan(self.problem, found.is_open)
                worth = whole.objective_of(plan)
                if not found.stopped:
                    dual = settle(self.service, least, most, worth, dual.prices, seconds=POLISHING * ask.time_limit_s)
            if found.stopped:
                raise KeyboardInterrupt if plan is None else StoppedWith(plan, bound)
        cut = cut_of(self.service, worth)
        if cut is not None and worth is not None and bound > cut:
            return Reduced(whole, plan, worth)
        try:
            return Reduced(self.build(left_by(dual, self.service, self.problem)), plan, bound)
        except ProblemError:  # a place without any pair left: no plan is better than the one in hand
            return Reduced(whole, plan, bound if worth is None else worth)

    def _branched(self, plan: Plan | None, dual: Dual, limits: tuple[int, int], ask: Ask) -> Branched:
        known = asked.only_numbers(self.rules)
        return branch(
            self.service,
            limits,
            (None if plan is None else plan.open, dual),
            self._judge,
            seconds=ask.time_limit_s if known else BESIDE_RULES * ask.time_limit_s,
            gap=ask.gap,
            loose=bool(self.problem.sites.is_(SiteStatus.CLOSABLE).any()) and not self.with_opening,
        )

    def _first_dual(self, plan: Plan | None, worth: float | None, limits: tuple[int, int], seconds: float) -> Dual:
        is_open = plan.open if plan is not None else ~self.problem.sites.fixed_closed
        near = nearest_costs(self.service, is_open)
        prices = prices_to_begin(self.service, near.first_cost, near.second_cost)
        return settle(self.service, *limits, worth, prices, seconds=seconds)

    def _polished(self, plan: Plan, dual: Dual, limits: tuple[int, int], seconds: float) -> tuple[Plan, float, Dual]:
        """The plan made better where the dual bound shows how, its worth, and what is settled against that."""
        worth = self.build(self.problem).objective_of(plan)
        found = polished(self.service, self.problem, self.rules, plan.open, dual, seconds=seconds)
        judged = None if found is None else self._judge(found)
        if found is None or judged is None or judged >= worth - 1e-9 * abs(worth):
            return plan, worth, dual
        plan = nearest_plan(self.problem, found)
        worth = self.build(self.problem).objective_of(plan)
        return plan, worth, settle(self.service, *limits, worth, dual.prices, seconds=seconds)

    def _judge(self, is_open: BoolArray) -> float | None:
        """What a plan is worth, None where it leaves a place unserved or breaks a rule."""
        sites = self.problem.sites
        state = nearest_costs(self.service, is_open)
        if bool((state.first == NONE).any()) or (is_open & sites.fixed_closed).any():
            return None
        worth = float(state.first_cost.sum() + self.service.lists.opening[is_open].sum()) + self.service.base
        cost = worth if self.with_opening else sites.plan_cost(is_open)
        plan = Plan(open=is_open)
        return None if any(rule.violations(sites, self.problem.demand, plan, cost) for rule in self.rules) else worth


def left_by(dual: Dual, service: AssignmentCosts, problem: SitingProblem) -> SitingProblem:
    """The problem with settled sites forbidden or required, and without the pairs that serve in no better plan."""
    status = problem.sites.status.copy()
    status[dual.closed] = int(SiteStatus.FORBIDDEN)
    status[dual.opened] = int(SiteStatus.REQUIRED)
    keep = np.ones(problem.travel.nnz, dtype=bool)
    keep[service.entry[dual.idle]] = False
    rows = np.repeat(np.arange(problem.travel.shape[0]), np.diff(problem.travel.indptr))[keep]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=problem.travel.shape[0]))])
    travel = sp.csr_array((problem.travel.data[keep], problem.travel.indices[keep], indptr), problem.travel.shape)
    return replace(problem, sites=replace(problem.sites, status=status), travel=travel)
