"""Tiers: which sites of the highest tier open decides most; choose them, bound the whole, then plan below them.

With only the highest tier whole, the program is a relaxation with few whole columns: cuts of linear programs below one
choice after another settle it (Benders 1962), its bound holds for every plan, and the sites it opens are the ones to
plan for. The plan below them is then bettered place by place: all decisions but those near a point are held and the
rest solved again (large-neighbourhood search, Shaw 1998).
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.clock import LEAST_S
from models.formulation import Draft, Formulated, Rule
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.incumbent import relative_gap
from models.plan import Plan
from models.program import Program, ProgramBuilder, row_of
from solver.engines.engine import Ask
from solver.engines.highs import Highs, lp_bound, tightened
from solver.engines.interrupt import run_or_stop
from solver.engines.safebound import LpBound, safe_bound
from solver.optimise.posed import Reduced, StoppedWith
from solver.optimise.reduced import better, values_of

Model = HierarchicalCoverage | HierarchicalCost

CHOOSING, TIGHTENING, PLANNING = 0.5, 0.25, 0.4
"""Shares of the time that is left for the highest tier, one linear program and the first plan; the rest betters it."""

NEAR = 0.003
"""The choice of the highest tier is settled within this part of its worth."""

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
        """Seconds of a share of what is left, a moment at least."""
        return max(LEAST_S, share * (self.end - time.monotonic()))


def upper_first(model: Model, rules: tuple[Rule, ...], plan: Plan | None, ask: Ask) -> Reduced:
    """A bound that holds for every plan, and the best plan found below the choice of the highest tier."""
    end = time.monotonic() + ask.time_limit_s
    draft, program = Formulated.of(model, rules).built
    posed = _Posed(model, draft, program, end)
    top = draft.open.index[model.problem.tier == 0]
    implied = model.flows.implied_rows(draft, program.n_columns)
    tight = tightened(program, implied, time_limit_s=posed.left(TIGHTENING), threads=ask.threads)
    above, bound = _by_cuts(posed, tight, top, ask)
    values = values_of(model, draft, program, plan)
    if above is not None:
        held = tight.with_held(top, above)
        held = tightened(held, implied, time_limit_s=posed.left(TIGHTENING), threads=ask.threads)
        finer = replace(ask, gap=0.1 * ask.gap, time_limit_s=posed.left(PLANNING), start=values)
        answer = Highs().run(held, finer)
        values = better(program, values, answer.values)
        if values is not None and answer.outcome.ended == "interrupted":
            raise StoppedWith(model.read_plan(draft, values), bound)
        if values is not None:
            values = _polished(posed, replace(held, lower=tight.lower, upper=tight.upper), values, bound, ask)
    return Reduced(model, None if values is None else model.read_plan(draft, values), bound)


def _by_cuts(posed: _Posed, tight: Program, top: IntArray, ask: Ask) -> tuple[FloatArray | None, float | None]:
    """Which sites of the highest tier open (len(top),), and a bound on every plan; None for what is not found.

    A linear program below a choice says what the choice is worth, and its row duals bound every choice by a linear
    function of it (the cuts of Benders 1962, made safe from rounding); the next choice is the best under all cuts,
    whose worth there bounds every plan.
    """
    relaxed = tight.relaxed()
    end = time.monotonic() + posed.left(CHOOSING)
    linear = lp_bound(tight, time_limit_s=posed.left(TIGHTENING), threads=ask.threads)
    best: FloatArray | None = None
    worth, bound = -np.inf, None if linear is None else linear.bound
    cuts: list[tuple[float, FloatArray]] = []
    tried: set[bytes] = set()
    while linear is not None and time.monotonic() < end:
        cuts.append(_cut(tight, linear, top))
        choice = _master(posed, tight, top, cuts, ask)
        if choice is None:
            break
        at, above = choice
        bound = _tighter(tight, bound, above)
        if at.tobytes() in tried:
            break  # its cut is there already: only rounding is left
        tried.add(at.tobytes())
        held = relaxed.with_held(top, at)
        linear = lp_bound(held, time_limit_s=posed.left(TIGHTENING), threads=ask.threads)
        if linear is not None and _sign(tight) * linear.bound > worth:
            worth, best = _sign(tight) * linear.bound, at
        if _sign(tight) * above - worth <= NEAR * abs(worth):
            break
    return best, bound


def _cut(tight: Program, linear: LpBound, top: IntArray) -> tuple[float, FloatArray]:
    """Constant and slope (len(top),) of a linear function of the choice that is nowhere worse than any plan's worth."""
    safe = safe_bound(tight, linear.values, linear.duals)
    if safe is None:
        return _sign(tight) * linear.bound, np.zeros(len(top))
    slope = _sign(tight) * safe.reduced_costs[top]
    most = np.maximum(slope * safe.lower[top], slope * safe.upper[top])
    return _sign(tight) * safe.bound - float(most.sum()), slope


def _sign(program: Program) -> float:
    return 1.0 if program.sense == "max" else -1.0


def _master(
    posed: _Posed, tight: Program, top: IntArray, cuts: list[tuple[float, FloatArray]], ask: Ask
) -> tuple[FloatArray, float] | None:
    """The best choice under the cuts and within the budget, and a bound on every choice."""
    builder = ProgramBuilder("the highest tier under cuts", "max")
    opened = builder.columns("opened", len(top), lower=tight.lower[top], upper=tight.upper[top], integer=True)
    most = max(constant + float(np.abs(slope).sum()) for constant, slope in cuts)
    worth = builder.columns("worth", 1, lower=-np.inf, upper=most, objective=1.0)
    for number, (constant, slope) in enumerate(cuts):
        builder.rows(f"cut_{number}", [(row_of([1.0]), worth), (row_of(-slope), opened)], upper=constant)
    for family in tight.families:
        cost = np.asarray(tight.matrix[[family.start]].todense()).ravel() if family.rule == "budget" else None
        if cost is not None and family.size == 1 and (cost >= 0).all():
            builder.rows(
                "opening_within_the_budget", [(row_of(cost[top]), opened)], upper=tight.row_upper[family.start]
            )
    answer = run_or_stop(Highs(), builder.build(), Ask(time_limit_s=posed.left(CHOOSING), gap=1e-4, seed=ask.seed))
    if answer.values is None or answer.outcome.bound is None:
        return None
    return np.round(opened.of(answer.values)), _sign(tight) * answer.outcome.bound


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
            tight.with_held(others, np.round(values[others])),
            replace(ask, gap=0.02 * ask.gap, time_limit_s=min(NEIGHBOURHOOD_S, posed.left()), start=values),
        )
        found = better(posed.program, values, part.values)
        if found is not None and part.outcome.ended == "interrupted":
            raise StoppedWith(model.read_plan(posed.draft, found), bound)
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


def _tighter(program: Program, *bounds: float | None) -> float | None:
    known = [bound for bound in bounds if bound is not None]
    if not known:
        return None
    return min(known) if program.sense == "max" else max(known)
