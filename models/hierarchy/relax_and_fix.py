"""A first plan of tiers: whole decisions for one tier at a time, from the highest down, the tiers below it relaxed.

Relax-and-fix: Dillenberger, Escudero, Wollensak and Zhang (1994), On practical resource allocation for production
planning and scheduling with period overlapping setups, EJOR 75. Few whole columns are left at a time, the costly ones
first, and what the lower tiers could still do is seen in full.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray, IntArray
from models.formulation import Draft
from models.program import Program

Solve = Callable[[Program, float, float], FloatArray | None]
"""Program, seconds, relative gap -> values of a solution within the gap or of the best found in time; None if none."""


def relax_and_fix(
    draft: Draft, program: Program, tier: IntArray, solve: Solve, *, seconds: float, gap: float = 0.005
) -> FloatArray | None:
    """Column values (n_columns,) of a plan that keeps every row; None where a tier's choice leaves none.

    `tier` (n_sites,) as in `TierProblem`. Unused seconds of a tier are left to those below it.
    """
    end = time.monotonic() + seconds
    lower, upper = program.lower.copy(), program.upper.copy()
    n_tiers = int(tier.max()) + 1
    values: FloatArray | None = None
    for level in range(n_tiers):
        own = draft.open.start + np.flatnonzero(tier == level)
        whole = np.zeros(program.n_columns, dtype=bool)
        whole[own] = True
        if level == n_tiers - 1:
            whole = program.integer
        left = max(0.5, end - time.monotonic()) / (n_tiers - level) * (1.5 if level < n_tiers - 1 else 1.0)
        stage = replace(program, integer=whole, lower=lower.copy(), upper=upper.copy())
        values = solve(stage, left, gap)
        if values is None:
            return None
        lower[own] = upper[own] = np.round(values[own])
    return values
