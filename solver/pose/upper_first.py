"""Tiers: which sites of the highest tier open decides most; choose them, bound the whole, then plan below them.

With only the highest tier whole, the program is a relaxation with few whole columns, and the sites it opens are the
ones to plan for (the first stage of relax-and-fix, Dillenberger et al. 1994). The plan below them is then bettered
place by place: all decisions but those near a point are held and the rest solved again (large-neighbourhood search,
Shaw 1998).
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.formulation import Draft, Rule, formulate
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.plan import Plan
from models.program import Program
from solver.engines.engine import Ask
from solver.engines.highs import Highs, lp_bound, tightened
from solver.engines.outcome import relative_gap
from solver.pose.posed import Narrowed

Model = HierarchicalCoverage | HierarchicalCost

CHOOSING, TIGHTENING, PLANNING = 0.35, 0.25, 0.6
"""Shares of the time that is left for the highest tier, the linear bound and the first plan; the rest betters it."""

HALF = 0.5
"""The highest tier is chosen within this part of the asked gap; the plan is sought within less."""

AT_ONCE = 300
NEIGHBOURHOOD_S = 12.0
"""So many sites are decided anew at a time, for so long at most."""


@dataclass(frozen=True, eq=False)
class _Posed:
    """What the steps share: draft and program, rows that hold in every plan, and the end of the time."""

    model: Model
    draft: Draft
    program: Program
    end: float

    def left(self, share: float = 1.0) -> float:
        """Seconds of a share of what is left, at least one."""
        return max(1.0, share * (self.end - time.monotonic()))


def upper_first(model: Model, rules: tuple[Rule, ...], plan: Plan | None, ask: Ask) -> Narrowed:
    """A bound that holds for every plan, and the best plan found below the choice of the highest tier."""
    end = time.monotonic() + ask.time_limit_s
    draft, program = formulate(model, rules)
    posed = _Posed(model, draft, program, end)
    top = draft.open.index[model.problem.tier == 0]
    whole = np.zeros(program.n_columns, dtype=bool)
    whole[top] = True
    chosen = Highs().run(
        replace(program, integer=whole & program.integer),
        replace(ask, gap=HALF * ask.gap, time_limit_s=posed.left(CHOOSING), start=None),
    )
    implied = model.flows.implied_rows(draft, program.n_columns)
    tight = tightened(program, implied, time_limit_s=posed.left(TIGHTENING), threads=ask.threads)
    linear = lp_bound(tight, time_limit_s=posed.left(TIGHTENING), threads=ask.threads)
    bound = _tighter(program, chosen.outcome.bound, None if linear is None else linear.bound)
    values = None if plan is None else _values(posed, plan)
    if chosen.values is not None:
        held = _held(tight, top, np.round(chosen.values))
        held = tightened(held, implied, time_limit_s=posed.left(TIGHTENING), threads=ask.threads)
        finer = replace(ask, gap=0.1 * ask.gap, time_limit_s=posed.left(PLANNING), start=values)
        values = _better(program, values, Highs().run(held, finer).values)
        if values is not None:
            values = _polished(posed, replace(held, lower=tight.lower, upper=tight.upper), values, bound, ask)
    return Narrowed(model, None if values is None else model.read_plan(draft, values), bound)


def _polished(posed: _Posed, tight: Program, values: FloatArray, bound: float | None, ask: Ask) -> FloatArray:
    """The values after deciding the sites near one point after another anew, until the gap or the time is reached."""
    model = posed.model
    below = np.flatnonzero(model.problem.tier > 0)
    rng = np.random.default_rng(ask.seed)
    while len(below) and time.monotonic() < posed.end:
        gap = relative_gap(posed.program.objective_at(values), bound)
        if gap is not None and gap <= ask.gap:
            break
        free = _near(model, int(rng.choice(below)), below)
        others = posed.draft.open.index[~free]
        part = Highs().run(
            _held(tight, others, np.round(values)),
            replace(ask, gap=0.02 * ask.gap, time_limit_s=min(NEIGHBOURHOOD_S, posed.left()), start=values),
        )
        found = _better(posed.program, values, part.values)
        if len(below) <= AT_ONCE and found is values:
            break
        values = values if found is None else found
    return values


def _near(model: Model, site: int, below: IntArray) -> BoolArray:
    """Mask (n_sites,) of the sites nearest to one of them; those it deals with where there are no coordinates."""
    n = len(model.problem.sites)
    xy = model.problem.sites.xy
    if xy is None:
        order = np.random.default_rng(site).permutation(below)
    else:
        order = below[np.argsort(np.hypot(*(xy[below] - xy[site]).T), kind="stable")]
    free = np.zeros(n, dtype=bool)
    free[order[:AT_ONCE]] = True
    return free


def _held(program: Program, columns: IntArray, values: FloatArray) -> Program:
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[columns] = upper[columns] = values[columns]
    return program.with_bounds(lower=lower, upper=upper)


def _values(posed: _Posed, plan: Plan) -> FloatArray | None:
    values = np.zeros(posed.program.n_columns)
    posed.model.values_of(posed.draft, plan, values)
    return values if not posed.program.violations(values) else None


def _better(program: Program, first: FloatArray | None, second: FloatArray | None) -> FloatArray | None:
    """The values of higher worth; the first where they are even."""
    if first is None or second is None:
        return second if first is None else first
    sign = 1.0 if program.sense == "max" else -1.0
    return second if sign * program.objective_at(second) > sign * program.objective_at(first) else first


def _tighter(program: Program, *bounds: float | None) -> float | None:
    known = [bound for bound in bounds if bound is not None]
    if not known:
        return None
    return min(known) if program.sense == "max" else max(known)
