"""What each site is worth: the loss without a chosen one, and the loss by forcing a rejected one in.

For a site i the program is solved again with open_i held at the other value. With z* the best objective there is and
v* the best with the site held so, the loss is z* - v* (for `max`; reversed for `min`). It is given as an interval:

    at_least = z - b,   z the plan in hand, b a bound on v*: the linear relaxation's by its reduced costs (one linear
               program for all sites, see `safebound`), or the engine's where there was time;
    at_most  = Z - v,   Z a bound on z*, v the best plan found with the site held so.

The plan found is sought first near the plan in hand (local branching, Fischetti & Lodi 2003, Math. Program. 98).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.arrays import FloatArray, IntArray
from models.errors import ProblemError
from models.messages import say
from models.program import Program
from solver.engines.conclude import best, improvement
from solver.engines.engine import Ask, Engine
from solver.engines.highs import lp_bound
from solver.engines.interrupt import run_or_stop
from solver.engines.safebound import LpBound

Basis = Literal["solved", "relaxation"]
NEAR = 4
"""How many sites a plan near the one in hand may change: the site itself, a swap, and one more."""
NEAR_SHARE = 0.5
"""Share of a site's time for the search near the plan in hand."""
RELAXATION_SHARE = 0.2
SLICE_S = 1.0
"""A site is given so much time at least, until the time is out: some sites solved well tell more than all badly."""
LEAST_S = 0.05
"""Below so much time for a site nothing is solved again."""


@dataclass(frozen=True)
class MarginalValue:
    """What turning one site's decision round costs, in the program's unit.

    `site` is its position among the opened columns, `chosen` whether the plan opens it. The loss lies between
    `at_least` (0 where nothing more is proven) and `at_most` (None where no plan was found or no bound is known).
    `impossible`: proven that there is no plan at all with the decision turned round; then both are None. `basis`
    says whether the program was solved again or only the relaxation looked at.
    """

    site: int
    label: str
    chosen: bool
    at_least: float | None
    at_most: float | None
    impossible: bool
    basis: Basis


@dataclass(frozen=True, eq=False)
class Marginals:
    """One entry per site whose decision was free, the chosen ones first, in the order of the sites.

    `better` are the column values (n_columns,) of a plan better than the one in hand that came up on the way.
    `interrupted`: Ctrl-C ended the work; sites it had not come to have the relaxation's proof only.
    """

    sites: tuple[MarginalValue, ...]
    better: FloatArray | None
    interrupted: bool = False


def marginals(
    program: Program,
    opened: IntArray,
    plan: FloatArray,
    bound: float | None,
    engine: Engine,
    ask: Ask,
    on_done: Callable[[MarginalValue, float], None] | None = None,
) -> Marginals:
    """The marginal value of every site of `opened` (positions of 0/1 columns) that is not fixed.

    `plan` (n_columns,) is the plan in hand, `bound` what is proven of the program (None: only the relaxation's).
    `ask.time_limit_s` is for all sites; those it does not reach have the relaxation's proof only. `on_done` is told
    every site and the share of sites done. ProblemError where `plan` is none.
    """
    broken = program.violations(plan)
    if broken:
        raise ProblemError(
            say(
                "marginals: the plan in hand breaks {where} by {amount:g}",
                where=broken[0].where,
                amount=broken[0].amount,
            )
        )
    deadline = time.monotonic() + ask.time_limit_s
    interrupted = False
    try:
        relaxation = lp_bound(program, time_limit_s=RELAXATION_SHARE * ask.time_limit_s, threads=ask.threads)
    except KeyboardInterrupt:
        relaxation, interrupted = None, True
    free = opened[program.lower[opened] < program.upper[opened]]
    known = _Known(program, plan, plan, _tighter(program, bound, None if relaxation is None else relaxation.bound))
    turned: dict[int, _Turned] = {}
    for column in _most_telling_first(known, free, relaxation):
        left = 0.0 if interrupted else deadline - time.monotonic()
        seconds = min(left, max(SLICE_S, left / (len(free) - len(turned))))
        try:
            turned[column] = _turn(known, opened, column, relaxation, engine, replace(ask, time_limit_s=seconds))
        except KeyboardInterrupt:
            interrupted = True
            turned[column] = _turn(known, opened, column, relaxation, engine, replace(ask, time_limit_s=0.0))
        known = known.with_plan(turned[column].values)
        if on_done is not None:
            on_done(_marginal(known, opened, turned[column]), len(turned) / len(free))
    improved = improvement(program, known.worth, program.objective_at(plan)) > 1e-9 * max(1.0, abs(known.worth))
    entries = sorted((_marginal(known, opened, each) for each in turned.values()), key=lambda m: (not m.chosen, m.site))
    return Marginals(tuple(entries), known.plan if improved else None, interrupted)


@dataclass(frozen=True, eq=False)
class _Known:
    """The plan in hand at the start, the best one so far and the bound on all."""

    program: Program
    given: FloatArray
    plan: FloatArray
    bound: float | None

    @property
    def worth(self) -> float:
        return self.program.objective_at(self.plan)

    def with_plan(self, plan: FloatArray | None) -> "_Known":
        """The same with a plan, if it is better."""
        if plan is None or improvement(self.program, self.program.objective_at(plan), self.worth) <= 0:
            return self
        return replace(self, plan=plan)

    def turned_value(self, column: int) -> float:
        """What the plan at the start does not decide."""
        return 0.0 if self.given[column] > 0.5 else 1.0


@dataclass(frozen=True, eq=False)
class _Turned:
    """What is known of the plans with one column held at its other value; `values` the best of them."""

    column: int
    values: FloatArray | None
    bound: float | None
    impossible: bool
    basis: Basis


def _most_telling_first(known: _Known, free: IntArray, relaxation: LpBound | None) -> list[int]:
    """The chosen sites, then the rejected ones, each from the least loss that the relaxation leaves possible."""

    def rank(column: int) -> tuple[bool, float]:
        value = known.turned_value(column)
        bound = _reduced_cost_bound(known.program, relaxation, column, value)
        return value > 0.5, 0.0 if bound is None else improvement(known.program, known.worth, bound)

    return sorted((int(column) for column in free), key=rank)


def _turn(
    known: _Known, opened: IntArray, column: int, relaxation: LpBound | None, engine: Engine, ask: Ask
) -> _Turned:
    """Hold a column at the value that the plan does not give it, and solve again as far as time allows."""
    program, value = known.program, known.turned_value(column)
    bound = _tighter(program, known.bound, _reduced_cost_bound(program, relaxation, column, value))
    if ask.time_limit_s < LEAST_S:
        return _Turned(column, None, bound, False, "relaxation")
    held = program.with_held(np.array([column]), value)
    start = known.plan.copy()
    start[column] = value
    near = run_or_stop(engine, _near(held, opened, known.plan), _quietly(ask, NEAR_SHARE * ask.time_limit_s, start))
    if near.values is not None and bound is not None:
        left_open = improvement(program, bound, program.objective_at(near.values))
        if left_open <= ask.gap * abs(bound):
            return _Turned(column, near.values, bound, False, "solved")
    left = max(LEAST_S, ask.time_limit_s - near.outcome.seconds)
    answer = run_or_stop(engine, held, _quietly(ask, left, near.values))
    if answer.outcome.ended == "infeasible":
        return _Turned(column, None, None, True, "solved")
    proven = None if answer.outcome.ended == "failed" else answer.outcome.bound
    values = best(program, near.values, answer.values)
    return _Turned(column, values, _tighter(program, bound, proven), False, "solved")


def _quietly(ask: Ask, seconds: float, start: FloatArray | None) -> Ask:
    return replace(ask, time_limit_s=seconds, start=start, on_progress=None)


def _near(program: Program, opened: IntArray, plan: FloatArray) -> Program:
    """Only plans that differ from the one in hand at no more than `NEAR` sites."""
    is_open = plan[opened] > 0.5
    row = np.zeros(program.n_columns)
    row[opened] = np.where(is_open, -1.0, 1.0)
    return program.with_row("near_the_plan_in_hand", row, upper=NEAR - float(is_open.sum()))


def _reduced_cost_bound(program: Program, relaxation: LpBound | None, column: int, value: float) -> float | None:
    """The relaxation's bound with a column held at a value."""
    if relaxation is None:
        return None
    cost = relaxation.reduced_costs[column]
    ends = cost * relaxation.lower[column], cost * relaxation.upper[column]
    return float(relaxation.bound + cost * value - (max(ends) if program.sense == "max" else min(ends)))


def _tighter(program: Program, *bounds: float | None) -> float | None:
    known = [b for b in bounds if b is not None]
    if not known:
        return None
    return min(known) if program.sense == "max" else max(known)


def _marginal(known: _Known, opened: IntArray, turned: _Turned) -> MarginalValue:
    program = known.program
    at_least = at_most = None
    if not turned.impossible:
        at_least = 0.0 if turned.bound is None else max(0.0, improvement(program, known.worth, turned.bound))
        if known.bound is not None and turned.values is not None:
            at_most = max(at_least, improvement(program, known.bound, program.objective_at(turned.values)))
    return MarginalValue(
        site=int(np.flatnonzero(opened == turned.column)[0]),
        label=program.column_name(turned.column),
        chosen=known.turned_value(turned.column) < 0.5,
        at_least=at_least,
        at_most=at_most,
        impossible=turned.impossible,
        basis=turned.basis,
    )
