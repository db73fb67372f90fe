"""Median and fixed-charge models without capacities: a first plan by interchange, and what a dual bound leaves."""

import time
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.algorithms.uncapacitated.branching import Branched, branch
from models.algorithms.uncapacitated.costs import AssignmentCosts, prices_to_begin, service_of
from models.algorithms.uncapacitated.interchange import nearest_costs, polished, search_sites
from models.algorithms.uncapacitated.lagrangian import Dual, settle
from models.algorithms.uncapacitated.swap_kernel import NONE
from models.arrays import BoolArray
from models.clock import Clock
from models.median.nearest import nearest_plan
from models.plan import Plan
from models.problem import SiteStatus
from models.rules import asked
from solver.engines.engine import Ask
from solver.optimise.posed import Reduced, StoppedWith
from solver.optimise.reduction import Reduction, left_by

EASY_PAIRS = 3000
"""So few pairs an engine decides at once."""
POLISHING = 0.1
"""Share of the time in which the dual bound betters the plan."""
BESIDE_RULES = 0.4
"""Share of the time for branching where rules count that its bound does not know."""


@dataclass(frozen=True, eq=False)
class UncapacitatedReduction(Reduction):
    """A model that serves every place from its nearest open site."""

    @property
    def costs(self) -> AssignmentCosts:
        """The problem as lists of costs."""
        return self.service

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
        least, most = self.limits
        if least > most or not len(self.service.lists.cost):
            return Reduced(self.whole, plan)
        worth = self.worth_of(plan)
        dual = self._first_dual(plan, worth, (least, most), ask.time_limit_s)
        if plan is not None:
            plan, worth, dual = self._polished(plan, dual, (least, most), POLISHING * ask.time_limit_s)
        bound, left = dual.bound, ask.time_limit_s - (time.monotonic() - began)
        if worth is None or (worth - bound > ask.gap * abs(worth) and int((~dual.idle).sum()) > EASY_PAIRS):
            found = self._branched(plan, dual, (least, most), replace(ask, time_limit_s=left))
            bound = max(bound, found.bound) if np.isfinite(found.bound) else bound
            if found.is_open is not None and found.worth is not None and (worth is None or found.worth < worth):
                plan = nearest_plan(self.problem, found.is_open)
                worth = self.whole.objective_of(plan)
                if not found.stopped:
                    dual = settle(self.service, least, most, worth, dual.prices, seconds=POLISHING * ask.time_limit_s)
            if found.stopped:
                raise KeyboardInterrupt if plan is None else StoppedWith(plan, bound)
        return self.reduced(plan, bound, lambda: left_by(dual, self.service, self.problem))

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
        worth = self.whole.objective_of(plan)
        found = polished(self.service, self.problem, self.rules, plan.open, dual, seconds=seconds)
        judged = None if found is None else self._judge(found)
        if found is None or judged is None or judged >= worth - 1e-9 * abs(worth):
            return plan, worth, dual
        plan = nearest_plan(self.problem, found)
        worth = self.whole.objective_of(plan)
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
