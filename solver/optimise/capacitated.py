"""Median and fixed-charge models with capacities: a first plan, and what a dual bound leaves.

Where places may be split, the open sites decide what a plan is worth (a flow does the rest), and branching on them
with the dual bound proves it. Where places must be whole, the best split plan bounds all and is made whole. What this
does not prove, and whatever a rule on loads asks for, the bound makes smaller and an engine decides.
"""

import time
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.algorithms.capacitated.branching import branch
from models.algorithms.capacitated.costs import CapacitatedCosts, loads_of
from models.algorithms.capacitated.descent import Descent, completed, descend, gains, search_filled
from models.algorithms.capacitated.lagrangian import first_prices, settle_filled
from models.algorithms.capacitated.single_source import whole_plan
from models.algorithms.capacitated.transport import MOST_CELLS, Transported, transported
from models.algorithms.uncapacitated.costs import AssignmentCosts
from models.algorithms.uncapacitated.lagrangian import Dual
from models.arrays import BoolArray
from models.clock import LEAST_S
from models.formulation import BySites, Draft, open_block, opening_cost
from models.plan import Plan
from models.problem import SiteStatus, SitingProblem
from models.program import ProgramBuilder, row_of
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.optimise.posed import Reduced
from solver.optimise.reduction import Reduction, left_by

STEPS_SEARCH, STEPS_AGAIN = 200, 150
NEAR = 0.01
"""A plan within this part of the best one is bettered by a descent of its own."""
SHORT_S = 5.0


@dataclass(frozen=True, eq=False)
class CapacitatedReduction(Reduction):
    """A model that serves every place within capacities."""

    single_source: bool = False

    @property
    def costs(self) -> AssignmentCosts:
        """The problem as lists of costs."""
        return self.loads

    @cached_property
    def loads(self) -> CapacitatedCosts:
        """The problem as lists of costs, with weights and rooms."""
        return loads_of(self.problem, price=self.price, with_opening=self.with_opening)

    @property
    def _by_sites(self) -> bool:
        return all(isinstance(rule, BySites) for rule in self.rules)

    def search(self, seconds: float, seed: int) -> Plan | None:
        """A plan near the sites of a dual bound; None where none was found that keeps the rules."""
        deadline = time.monotonic() + seconds
        loads, (least, most) = self.loads, self.limits
        if least > most or not len(loads.weight) or not self._by_sites:
            return None
        dual = settle_filled(loads, least, most, None, first_prices(loads), seconds=_half(deadline), steps=STEPS_SEARCH)
        if not np.isfinite(dual.bound):
            return None
        found = None
        for begin in (self._completed, self._under_rules):
            start = None if found is not None else begin(dual, deadline)
            if start is not None:
                found = search_filled(start, self.descent(deadline), np.random.default_rng(seed))
        return None if found is None else self._plan(found)

    def reduce(self, plan: Plan | None, ask: Ask) -> Reduced:
        """The best plan and bound found, and what they leave for the engine to decide."""
        deadline = time.monotonic() + ask.time_limit_s
        whole, loads, (least, most) = self.whole, self.loads, self.limits
        if least > most or not len(loads.weight):
            return Reduced(whole, plan)
        worth = self.worth_of(plan)
        dual = settle_filled(loads, least, most, worth, first_prices(loads), seconds=ask.time_limit_s)
        bound = dual.bound
        if self._decided_by_branching and not _near(worth, bound, ask.gap):
            found, bound = self._branched(dual, plan, worth, deadline)
            better = None if found is None else self._plan(found)
            if better is not None and (worth is None or whole.objective_of(better) < worth):
                plan, worth = better, whole.objective_of(better)
                left = max(0.0, deadline - time.monotonic())
                dual = settle_filled(loads, least, most, worth, dual.prices, seconds=left, steps=STEPS_AGAIN)
        if not np.isfinite(bound):
            return Reduced(whole, plan)  # no plan at all: the engine says why
        return self.reduced(plan, bound, lambda: self._left(dual))

    def _left(self, dual: Dual) -> SitingProblem:
        """What is left to decide; a small share may pay at any pair, so only whole places let pairs go."""
        settled = dual if self.single_source else replace(dual, idle=np.zeros_like(dual.idle))
        return left_by(settled, self.loads, self.problem)

    @property
    def _decided_by_branching(self) -> bool:
        sites = self.problem.sites
        small = int((~sites.fixed_closed).sum()) * len(self.loads.weight) <= MOST_CELLS
        return small and self._by_sites and not sites.is_(SiteStatus.CLOSABLE).any()

    def _branched(
        self, dual: Dual, plan: Plan | None, worth: float | None, deadline: float
    ) -> tuple[Transported | None, float]:
        """The best flow found by branching, None where none is better, and a bound on all plans.

        Where places must be whole, flows still split them: the bound holds, and so does what no flow can reach.
        """
        part = replace(
            self.loads, sure=self.loads.sure | dual.opened, counted=self.loads.counted & ~dual.opened & ~dual.closed
        )
        n_opened = int((dual.opened & ~self.loads.sure).sum())
        limits = (max(0, self.limits[0] - n_opened), self.limits[1] - n_opened)
        judged = _Judged(self, None if self.single_source else worth, deadline)
        found = branch(
            part,
            settle_filled,
            limits,
            (None if plan is None else plan.open, dual.prices),
            judged,
            seconds=max(0.0, deadline - time.monotonic()),
        )
        bound = found.bound if worth is None else min(found.bound, worth)
        return judged.best, max(bound, dual.bound)

    def descent(self, deadline: float) -> Descent:
        """What a descent keeps to."""
        return Descent(self.loads, self.allows, *self.limits, deadline)

    def allows(self, found: Transported) -> bool:
        """Does the least-cost plan of the open sites keep every rule?"""
        sites, is_open = self.problem.sites, found.is_open
        if (is_open & sites.fixed_closed).any() or (sites.fixed_open & ~is_open).any():
            return False
        return self._keeps_rules(found.plan(self.problem), found.worth)

    def _keeps_rules(self, plan: Plan, worth: float) -> bool:
        cost = worth if self.with_opening else self.problem.sites.plan_cost(plan.open)
        return not any(rule.violations(self.problem.sites, self.problem.demand, plan, cost) for rule in self.rules)

    def _plan(self, found: Transported) -> Plan | None:
        if not self.single_source:
            return found.plan(self.problem)
        plan = whole_plan(found, self.problem)
        worth = np.inf if plan is None else self.whole.objective_of(plan)
        return plan if plan is not None and np.isfinite(worth) and self._keeps_rules(plan, worth) else None

    def _completed(self, dual: Dual, _deadline: float) -> BoolArray | None:
        """Sites of the dual and what they lack to serve all."""
        return completed(self.loads, dual.chosen, np.argsort(-dual.share), self.limits[1])

    def _under_rules(self, dual: Dual, deadline: float) -> BoolArray | None:
        """Sites of least cost by the dual's prices that keep the rules about sites and carry all; None if none do."""
        sites, loads = self.problem.sites, self.loads
        builder = ProgramBuilder("sites at dual prices", "min")
        opened = open_block(builder, sites)
        draft = Draft(builder, sites, opened, opening_cost(sites, opened), sites.base_cost())
        for rule in self.rules:
            if isinstance(rule, BySites) and not rule.about_service:
                rule.apply(draft)
        everywhere = ~sites.fixed_closed
        builder.add_objective(opened, np.where(everywhere, gains(loads, dual.prices, everywhere), 0.0))
        builder.rows("capacity_suffices", [(row_of(loads.capacity), opened)], lower=loads.total)
        answer = Highs().run(builder.build(), Ask(time_limit_s=min(SHORT_S, max(LEAST_S, _half(deadline))), gap=1e-3))
        return None if answer.values is None else opened.of(answer.values) > 0.5


class _Judged:
    """What branching thinks of open sites: their flow, or a better one near it. Keeps the best."""

    def __init__(self, reduction: CapacitatedReduction, worth: float | None, deadline: float) -> None:
        self.reduction, self.worth, self.deadline = reduction, worth, deadline
        self.best: Transported | None = None
        self.seen: set[bytes] = set()

    def __call__(self, is_open: BoolArray) -> tuple[float, BoolArray] | None:
        """Worth and open sites; None where no plan has these sites or they were seen before."""
        if is_open.tobytes() in self.seen:
            return None
        self.seen.add(is_open.tobytes())
        found = transported(self.reduction.loads, is_open)
        if found is None or not self.reduction.allows(found):
            return None
        if self.worth is None or found.worth < self.worth * (1 + NEAR):
            descent = self.reduction.descent(min(self.deadline, time.monotonic() + SHORT_S))
            found = descend(is_open, descent) or found
        if self.worth is None or found.worth < self.worth:
            self.worth, self.best = found.worth, found
        return found.worth, found.is_open


def _half(deadline: float) -> float:
    """Half of the seconds that are left."""
    return max(0.0, deadline - time.monotonic()) / 2


def _near(worth: float | None, bound: float, gap: float) -> bool:
    return worth is not None and worth - bound <= gap * abs(worth)
