"""A first plan over years: year after year from the first (short-sighted), or back from the last (far-sighted).

Each year is a program of its own in which what other years have decided is fixed: forwards, what is open stays open
and the money left is there; backwards, only what is open later may be open, within the money up to then. The better of
the two is kept.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.clock import LEAST_S
from models.figures import cost_of
from models.formulation import Draft, Rule, formulate
from models.messages import Message
from models.phasing import PhasedPlan, Phasing, year_by_year
from models.plan import Plan
from models.problem import SiteStatus
from models.program import Program
from models.rules.years import YearBudgets, YearCount
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.interrupt import run_or_stop
from solver.optimise.posed import StoppedWith

ENOUGH = 0.002
"""Relative gap at which a year is solved well enough."""


@dataclass(frozen=True, eq=False)
class YearTask:
    """What the search needs: the model, every year's rules, the money, and limits on openings by year."""

    phasing: Phasing
    rules: tuple[tuple[Rule, ...], ...]
    budgets: YearBudgets
    counts: Mapping[int, YearCount]


def search_years(task: YearTask, seconds: float, seed: int) -> PhasedPlan | None:
    """The better of the forward and the backward pass within about `seconds`; None where neither finds a plan.

    Ctrl-C raises StoppedWith the forward plan where there is one.
    """
    until = time.monotonic() + seconds
    number = len(task.phasing.phases)
    found: list[PhasedPlan] = []
    for order in (range(number), range(number - 1, -1, -1)):
        backwards = order[0] != 0 or number == 1
        if backwards and (number == 1 or not task.budgets.carry_over):
            continue
        pass_s = (until - time.monotonic()) / (1 if backwards else 2)
        step = _Step(task, pass_s / number, seed, tuple(order))
        try:
            plan = year_by_year(task.phasing, order, step.solve)
        except KeyboardInterrupt:
            if not found:
                raise
            raise StoppedWith(found[0]) from None
        if plan is not None and not _faults(task, plan):
            found.append(plan)
    sign = 1.0 if task.phasing.sense == "max" else -1.0
    return max(found, key=lambda plan: sign * task.phasing.objective_of(plan), default=None)


def _faults(task: YearTask, plan: PhasedPlan) -> list[Message]:
    rules: tuple[Rule, ...] = (task.budgets, *task.counts.values())
    sites = task.phasing.sites
    return [fault for rule in rules for fault in rule.violations(sites, None, plan, 0.0)] + task.phasing.order_faults(
        plan
    )


@dataclass(frozen=True, eq=False)
class _Step:
    """One year after the other in a given order."""

    task: YearTask
    seconds: float
    seed: int
    order: Sequence[int]

    def solve(self, year: int, plans: Mapping[int, Plan]) -> Plan | None:
        """The best plan of a year given those that are decided."""
        model = self.task.phasing.phases[year].formulation
        draft, program = formulate(model, self.task.rules[year])
        program = _with_openings(draft, program, *self._openings(year, plans))
        money = self._money(year, plans)
        if money is not None:
            program = program.with_row("within_the_money", _cost_row(draft, program), upper=money - draft.base_cost)
        program = _fixed(draft, program, plans.get(year - 1), plans.get(year + 1))
        if (program.lower > program.upper).any():
            return None
        ask = Ask(time_limit_s=max(LEAST_S, self.seconds), gap=ENOUGH, seed=self.seed)
        values = run_or_stop(Highs(), program, ask).values
        return None if values is None else model.read_plan(draft, values)

    def _money(self, year: int, plans: Mapping[int, Plan]) -> float | None:
        budgets = self.task.budgets
        own = budgets.amounts[year]
        if budgets.carry_over or year == 0 or own is None:
            return budgets.so_far(year)
        return own + cost_of(self.task.phasing.phases[year - 1].formulation, plans[year - 1])

    def _openings(self, year: int, plans: Mapping[int, Plan]) -> tuple[float, float]:
        """Fewest and most new sites at the end of a year, from the years decided and the limits of the others."""
        new = self.task.phasing.sites.is_new
        if year - 1 in plans:
            low, high = self._limits(year)
            before = float((plans[year - 1].open & new).sum())
            return before + low, before + high
        limits = [self._limits(t) for t in range(year + 1)]
        low, high = (float(sum(part)) for part in zip(*limits, strict=True))
        if year + 1 in plans:
            later = float((plans[year + 1].open & new).sum())
            least, most = self._limits(year + 1)
            low, high = max(low, later - most), min(high, later - least)
        return low, high

    def _limits(self, year: int) -> tuple[float, float]:
        count = self.task.counts.get(year)
        if count is None:
            return 0.0, np.inf
        return float(count.at_least), np.inf if count.at_most is None else float(count.at_most)


def _with_openings(draft: Draft, program: Program, low: float, high: float) -> Program:
    if low <= 0 and np.isinf(high):
        return program
    row = np.zeros(program.n_columns)
    row[draft.open.index] = draft.sites.is_new
    return program.with_row("new_sites_by_now", row, lower=low, upper=high)


def _cost_row(draft: Draft, program: Program) -> FloatArray:
    row = np.zeros(program.n_columns)
    for matrix, block in draft.cost:
        row[block.index] += matrix.toarray().ravel()
    return row


def _fixed(draft: Draft, program: Program, before: Plan | None, after: Plan | None) -> Program:
    """What the years next to this one leave free: at least what was open, at most what will be; closables reversed."""
    lower, upper = program.lower.copy(), program.upper.copy()
    at, may_close = draft.open.index, draft.sites.is_(SiteStatus.CLOSABLE)
    if before is not None:
        lower[at] = np.where(~may_close & before.open, 1.0, lower[at])
        upper[at] = np.where(may_close & ~before.open, 0.0, upper[at])
        for kind, block in draft.units.items():
            lower[block.index] = np.where(may_close, lower[block.index], before.units[kind])
    if after is not None:
        upper[at] = np.where(~may_close & ~after.open, 0.0, upper[at])
        lower[at] = np.where(may_close & after.open, 1.0, lower[at])
        for kind, block in draft.units.items():
            most = np.where(may_close, upper[block.index], after.units[kind])
            upper[block.index] = np.minimum(upper[block.index], most)
    return program.with_bounds(lower=lower, upper=upper)
