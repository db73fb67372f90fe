"""A first plan of tiers: whole decisions for one tier at a time, from the highest down, the tiers below it relaxed.

Relax-and-fix: Dillenberger, Escudero, Wollensak and Zhang (1994), On practical resource allocation for production
planning and scheduling with period overlapping setups, EJOR 75. Few whole columns are left at a time, the costly ones
first, and what the lower tiers could still do is seen in full. Two things of our own make it quick: while tiers are
relaxed a small price on money leaves the lower ones room in the budget (many relaxed plans serve the same, the
cheapest of them rounds best), and in a large tier the greater part is settled by rounding linear solutions.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.formulation import Draft
from models.program import Program

Solve = Callable[[Program, float, float], FloatArray | None]
"""Program, seconds, relative gap -> values of a solution within the gap or of the best found in time; None if none."""

THRIFT = 0.25
"""While tiers are relaxed, opening everything counts as this share of serving everyone."""

FEW = 60
"""A tier of at most so many undecided sites is solved as it is; in a larger one most are rounded first."""

ROUNDINGS = 2
AT_ONCE = 0.3
"""Share of the fractional sites of a tier opened after each linear solution, those nearest to 1 first."""


def relax_and_fix(
    draft: Draft, program: Program, tier: IntArray, solve: Solve, *, seconds: float, gap: float = 0.005
) -> FloatArray | None:
    """Column values (n_columns,) of a plan that keeps every row; None where a tier's choice leaves none.

    `tier` (n_sites,) as in `TierProblem`. Unused seconds of a tier are left to those below it.
    """
    end = time.monotonic() + seconds
    n_tiers = int(tier.max()) + 1
    present = program
    values: FloatArray | None = None
    for level in range(n_tiers):
        last = level == n_tiers - 1
        own = draft.open.start + np.flatnonzero(tier == level)
        stage = present if last else _thrifty(draft, present)
        if not last and (present.lower[own] < present.upper[own]).sum() > FEW:
            stage = _rounded(stage, own, solve, end)
        share = 1.0 / (n_tiers - level) if last else 1.5 / (n_tiers - level + 0.5)
        whole = program.integer if last else _mask(program.n_columns, own)
        values = solve(replace(stage, integer=whole), max(0.05, end - time.monotonic()) * share, gap)
        if values is None:
            return None
        present = present.with_held(own, np.round(values[own]))
    return values


def _thrifty(draft: Draft, program: Program) -> Program:
    """The program with a small price on money, where it maximises something else under costs."""
    cost = np.zeros(program.n_columns)
    for row, block in draft.cost:
        cost[block.index] += row.toarray().ravel()
    spent = float(np.maximum(draft.sites.opening_cost(), 0.0).sum())
    if program.sense == "min" or draft.demand is None or not spent > 0:
        return program
    worth = float(draft.demand.weight.sum())
    return program.with_objective(program.objective - THRIFT * worth / spent * cost, sense="max", offset=program.offset)


def _rounded(stage: Program, own: IntArray, solve: Solve, end: float) -> Program:
    """The stage with the tier's plain cases settled: open what linear solutions open, close what they never touch."""
    linear = stage.relaxed()
    for _ in range(ROUNDINGS):
        values = solve(linear, max(0.05, end - time.monotonic()), 0.0)
        if values is None:
            return stage
        level = values[own]
        undecided = (linear.lower[own] < linear.upper[own]) & (level > 1e-6)
        fractional = np.flatnonzero(undecided & (level < 1 - 1e-6))
        stage = replace(stage, lower=_set(linear.lower, own[undecided & (level > 0.999)], 1.0), upper=linear.upper)
        nearest = fractional[np.argsort(-level[fractional], kind="stable")[: int(AT_ONCE * len(fractional))]]
        linear = replace(linear, lower=_set(stage.lower, own[nearest], 1.0))
    values = solve(linear, max(0.05, end - time.monotonic()), 0.0)
    if values is None:
        return stage
    never = (values[own] <= 1e-6) & (linear.lower[own] < linear.upper[own])
    return replace(stage, lower=linear.lower, upper=_set(linear.upper, own[never], 0.0))


def _set(array: FloatArray, at: IntArray, value: FloatArray | float) -> FloatArray:
    changed = array.copy()
    changed[at] = value
    return changed


def _mask(size: int, at: IntArray) -> BoolArray:
    mask = np.zeros(size, dtype=bool)
    mask[at] = True
    return mask
