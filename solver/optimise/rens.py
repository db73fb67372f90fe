"""A first plan from the linear relaxation: what it settles stays settled, the rest is a small program of its own.

Relaxation induced: sites that the relaxation opens or closes as a whole are kept, units stay near its numbers, and an
engine decides the rest (Berthold 2014, RENS, Mathematical Programming Computation 6). Where nothing fits, more is left
free, step by step.
"""

import time

import numpy as np

from models.arrays import FloatArray
from models.formulation import Draft, Formulated, Formulation, Rule
from models.plan import Plan
from models.program import Program
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.interrupt import run_or_stop

WHOLE = 1e-6
"""How near to a whole number counts as whole."""
ENOUGH = 0.002
"""Relative gap at which the small program may stop."""
STEPS = ((True, 1.0), (False, 3.0), (False, np.inf))
"""Whether the sites that the relaxation opens stay open, and how many more units than its own a site may have."""


def search_relaxed(formulation: Formulation, rules: tuple[Rule, ...], seconds: float, seed: int) -> Plan | None:
    """A plan that keeps every rule, or None where none is found in about `seconds`."""
    until = time.monotonic() + seconds
    draft, program = Formulated.of(formulation, rules).built
    relaxed = run_or_stop(Highs(), program.relaxed(), Ask(time_limit_s=seconds, seed=seed))
    if relaxed.values is None or relaxed.outcome.ended != "proven":
        return None
    for part, (keep_open, width) in zip((0.5, 0.7, 1.0), STEPS, strict=True):
        left = part * (until - time.monotonic())
        if left <= 0:
            return None
        small = near(draft, program, relaxed.values, keep_open=keep_open, width=width)
        found = run_or_stop(Highs(), small, Ask(time_limit_s=left, gap=ENOUGH, seed=seed))
        if found.values is not None:
            whole = np.where(program.integer, np.round(found.values), found.values)
            return formulation.read_plan(draft, whole)
    return None


def near(draft: Draft, program: Program, relaxed: FloatArray, *, keep_open: bool, width: float) -> Program:
    """The program without the sites that the relaxation leaves closed, and with at most `width` units more than it."""
    lower, upper = program.lower.copy(), program.upper.copy()
    site, share = draft.open.index, draft.open.of(relaxed)
    upper[site] = np.maximum(lower[site], np.minimum(upper[site], share > WHOLE))
    if keep_open:
        lower[site] = np.maximum(lower[site], share > 1 - WHOLE)
    for block in draft.units.values():
        most = np.ceil(block.of(relaxed) - WHOLE) + width
        upper[block.index] = np.minimum(upper[block.index], most)
    return program.with_bounds(lower=lower, upper=upper)
