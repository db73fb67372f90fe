"""Bisection over the values that a worst or least distance can take: each step asks for any plan at all."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.errors import ProblemError
from models.formulation import Formulation, Rule, formulate
from models.plan import Plan
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.optimise.posed import Reduced

Between = Callable[[float, float], Formulation]
"""The model with bounds at_least and at_most on its worth."""


def bisect(
    between: Between, values: FloatArray, rules: Sequence[Rule], plan: Plan | None, ask: Ask, *, smallest: bool
) -> Reduced:
    """The model reduced to the values that its best worth can still have, `values` (n_values,) rising.

    A plan at a value has a worth at most (`smallest`) or at least that value. What is not settled when the time is
    over is left to the engine.
    """
    ladder = values if smallest else values[::-1]
    deadline = time.monotonic() + ask.time_limit_s
    low, high = 0, len(ladder) - 1
    if not len(ladder):
        return Reduced(between(0.0, np.inf), plan)
    if plan is not None:
        high = _rung(ladder, between(0.0, np.inf).objective_of(plan), smallest)
    while low < high or plan is None:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        middle = high if low == high else (low + high) // 2
        found, ended = _any_plan(between(ladder[middle], ladder[middle]), rules, replace(ask, time_limit_s=left))
        if found is not None:
            plan, high = found, _rung(ladder, between(0.0, np.inf).objective_of(found), smallest)
        elif ended == "infeasible" and low < high:
            low = middle + 1
        else:
            break
    first, last = sorted((float(ladder[low]), float(ladder[high])))
    return Reduced(between(first, last), plan, float(ladder[low]))


def _rung(ladder: FloatArray, worth: float, smallest: bool) -> int:
    """The position of a worth on the ladder, which holds every worth a plan can have."""
    return int(np.searchsorted(ladder, worth) if smallest else np.searchsorted(-ladder, -worth))


def _any_plan(stage: Formulation, rules: Sequence[Rule], ask: Ask) -> tuple[Plan | None, str]:
    try:
        draft, program = formulate(stage, rules)
    except ProblemError:
        return None, "infeasible"
    answer = Highs().run(program, replace(ask, start=None))
    return (None if answer.values is None else stage.read_plan(draft, answer.values)), answer.outcome.ended
