"""One goal after the other, each kept when the next is sought: exact, by programs.

Lexicographic optimisation: Isermann (1982), Linear lexicographic optimization, OR Spektrum 4; Ehrgott (2005),
Multicriteria Optimization, ch. 5.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.formulation import Draft
from models.program import Program, Term
from solver.engines.engine import Ask
from solver.engines.highs import Highs

ROW = 1e3
"""Largest coefficient of a row that keeps a goal: an engine's tolerance is then a thousandth of a millionth of it."""
TIE = 1e-9
"""Relative difference of two values of a goal that is rounding."""


@dataclass(frozen=True, eq=False)
class Lowered:
    """Values (n_columns,) after all goals; `proven`: every goal is as low as those before it allow."""

    values: FloatArray
    proven: bool


def lowered(program: Program, goals: Sequence[FloatArray], values: FloatArray, *, until: float, seed: int) -> Lowered:
    """The plan `values` with its objective kept, or bettered, and then one goal (n_columns,) after the other lowered.

    `until` is on the monotonic clock; Ctrl-C ends the search with what is in hand.
    """
    kept = keeping(
        program, "the_objective_is_kept", program.objective, program.sense, float(program.objective @ values)
    )
    proven = True
    for number, goal in enumerate(goals):
        if not goal.any():
            continue
        if float(goal @ values) > _least(program, goal) + tolerance(goal, values):
            left = until - time.monotonic()
            if left <= 0:
                return Lowered(values, False)
            ask = Ask(time_limit_s=left, gap=0.0, seed=seed, start=values)
            answer = Highs().run(kept.with_objective(goal, sense="min"), ask)
            if answer.values is not None and goal @ answer.values < goal @ values:
                values = answer.values
            proven = proven and answer.outcome.ended == "proven"
            if answer.outcome.ended == "interrupted":
                return Lowered(values, False)
        kept = keeping(kept, f"goal_{number}_is_kept", goal, "min", float(goal @ values))
    return Lowered(values, proven)


def keeping(program: Program, name: str, goal: FloatArray, sense: str, value: float) -> Program:
    """The program with a row that allows no worse value of a goal (n_columns,) than `value`."""
    most = float(np.abs(goal).max(initial=0.0))
    if most == 0.0:
        return program
    row, value = goal * (ROW / most), value * (ROW / most)
    if sense == "max":
        return program.with_row(name, row, lower=value)
    return program.with_row(name, row, upper=value)


def tolerance(goal: FloatArray, values: FloatArray) -> float:
    """What rounding may make of a goal's value."""
    return TIE * float(np.abs(goal) @ np.abs(values)) + 1e-300


def _least(program: Program, goal: FloatArray) -> float:
    """What no values within the columns' bounds can pass."""
    used = goal != 0
    with np.errstate(invalid="ignore"):
        return float(np.where(goal > 0, goal * program.lower, goal * program.upper)[used].sum())


def cost_goal(draft: Draft, n_columns: int) -> FloatArray:
    """Cost over and above what no decision changes."""
    return vector_of(draft.cost, n_columns)


def sites_goal(draft: Draft, n_columns: int) -> FloatArray:
    """New sites that open, and sites that are closed."""
    goal = np.zeros(n_columns)
    goal[draft.open.index] = np.where(draft.sites.is_new, 1.0, 0.0) - np.where(_closable(draft), 1.0, 0.0)
    return goal


def units_goal(draft: Draft, n_columns: int) -> FloatArray:
    """Units of all kinds."""
    goal = np.zeros(n_columns)
    for block in draft.units.values():
        goal[block.index] = 1.0
    return goal


def vector_of(terms: Sequence[Term], n_columns: int) -> FloatArray:
    """One-row terms as coefficients (n_columns,)."""
    vector = np.zeros(n_columns)
    for matrix, block in terms:
        vector[block.index] += matrix.toarray().ravel()
    return vector


def _closable(draft: Draft) -> BoolArray:
    sites = draft.sites
    return ~sites.is_new & ~sites.fixed_open & ~sites.fixed_closed
