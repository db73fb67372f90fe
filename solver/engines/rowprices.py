"""A bound in little time for programs too large to solve their relaxation: prices of rows, bettered step by step.

Any prices of the rows bound every plan (see `safebound`). Each step moves them along a subgradient of that bound, with
part of the last direction kept (deflection: Camerini, Fratta & Maffioli 1975, Math. Programming Study 3), as far as
the worth of a known plan says (Polyak 1969; halving after idle steps: Held, Wolfe & Crowder 1974). Rows are scaled to
length one. It comes near the relaxation's own bound, never beyond it.
"""

import time
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, Sparse
from models.program import Program
from solver.engines.safebound import LpBound, implied_bounds, safe_bound

PATIENCE = 30
"""Steps without a better bound after which steps become half as long."""
SHORTEST = 1e-4
KEPT = 0.7
"""Share of the last direction that a step keeps."""


class _Boxed(NamedTuple):
    """min c x, row_lower <= A x <= row_upper, lower <= x <= upper; rows of length one."""

    c: FloatArray
    matrix: Sparse
    transpose: Sparse
    lower: FloatArray
    upper: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray


def bound_by_prices(program: Program, objective: float, *, seconds: float) -> LpBound | None:
    """A valid bound by about so many seconds of steps towards `objective`, the worth of a plan in hand.

    None where a column has no bounds, so that rough prices prove nothing.
    """
    lower, upper = implied_bounds(program)
    if not (np.isfinite(lower).all() and np.isfinite(upper).all()):
        return None
    sign = 1.0 if program.sense == "min" else -1.0
    length = np.sqrt(np.asarray(program.matrix.multiply(program.matrix).sum(axis=1)).ravel())
    scale = 1.0 / np.where(length > 0, length, 1.0)
    matrix = sp.csr_array(sp.diags_array(scale) @ program.matrix)
    boxed = _Boxed(
        c=sign * program.objective,
        matrix=matrix,
        transpose=sp.csr_array(matrix.T),
        lower=lower,
        upper=upper,
        row_lower=program.row_lower * scale,
        row_upper=program.row_upper * scale,
    )
    prices = _bettered(boxed, sign * (objective - program.offset), time.monotonic() + seconds)
    return safe_bound(program, np.zeros(program.n_columns), sign * prices * scale)


def _bettered(boxed: _Boxed, target: float, until: float) -> FloatArray:
    y = np.zeros(len(boxed.row_lower))
    best, best_y, along = -np.inf, y, np.zeros_like(y)
    share, waited = 1.0, 0
    while share > SHORTEST and time.monotonic() < until:
        value, slope = _valued(boxed, y)
        waited += 1
        if value > best:
            waited = 0 if value > best + 1e-5 * abs(value) else waited
            best, best_y = value, y
        if waited > PATIENCE:
            share, waited, y, along = 0.5 * share, 0, best_y, np.zeros_like(y)
            continue
        along = KEPT * along + (1.0 - KEPT) * slope
        length = float(along @ along)
        if length == 0 or value >= target:
            break
        y = _allowed(boxed, y + share * (target - value) / length * along)
    return best_y


def _valued(boxed: _Boxed, y: FloatArray) -> tuple[float, FloatArray]:
    """The bound at prices y (n_rows,), and its slope."""
    reduced = boxed.c - boxed.transpose @ y
    x = np.where(reduced > 0, boxed.lower, boxed.upper)
    activity = boxed.matrix @ x
    idle = np.clip(activity, boxed.row_lower, boxed.row_upper)
    side = np.where(y > 0, boxed.row_lower, np.where(y < 0, boxed.row_upper, idle))
    return float(reduced @ x + y @ side), side - activity


def _allowed(boxed: _Boxed, y: FloatArray) -> FloatArray:
    """Prices without those that an open side of a row forbids."""
    y = np.where(np.isneginf(boxed.row_lower), np.minimum(y, 0.0), y)
    return np.where(np.isposinf(boxed.row_upper), np.maximum(y, 0.0), y)
