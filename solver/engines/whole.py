"""A pure integer program in whole numbers, for engines that know no others; what rounding may change is allowed for.

A row whose numbers have few decimals is multiplied by a power of ten and stays as it was. Any other row is multiplied
by a power of two, rounded, and its sides are moved out by the most that rounding can matter: no plan is lost, so that
a bound stays valid, and what is gained lies far within the tolerance that plans are checked with.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.program import Program
from solver.engines.safebound import implied_bounds

DECIMALS = 6
EXACT = 1e-11
"""Relative distance from a whole number below which a number with decimals was meant to be one."""
EXACT_TOTAL = 2.0**53
ROUNDED_TOTAL = 2.0**42
"""Greatest activity of a row with exact and with rounded numbers; the smaller keeps the engine fast."""
NO_LOWER, NO_UPPER = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class WholeProgram:
    """Column bounds (n_columns,), coefficients `data` (nnz,) in the order of the program's matrix, sides (n_rows,).

    `objective` (n_columns,) is `scale` times the program's, rounded; `slack` is the most by which rounding moves the
    objective of a plan, in the program's unit. NO_LOWER and NO_UPPER stand for no side.
    """

    lower: IntArray
    upper: IntArray
    data: IntArray
    row_lower: IntArray
    row_upper: IntArray
    objective: IntArray
    scale: float
    slack: float


def unlimited_columns(program: Program) -> IntArray:
    """Positions of the columns that neither have two finite bounds nor get them from a row."""
    lower, upper = implied_bounds(program)
    return np.flatnonzero(~np.isfinite(lower) | ~np.isfinite(upper))


def whole(program: Program) -> WholeProgram:
    """The program in whole numbers; all columns are integer and none of `unlimited_columns`."""
    lower, upper = implied_bounds(program)
    lower, upper = np.ceil(lower - 1e-6), np.floor(upper + 1e-6)
    reach = np.maximum(np.abs(lower), np.abs(upper))
    rows = np.repeat(np.arange(program.n_rows), np.diff(program.matrix.indptr))
    data, scale, slack = _scaled(program.matrix.data, rows, program.n_rows, reach[program.matrix.indices])
    used = np.flatnonzero(program.objective)
    costs, cost_scale, cost_slack = _scaled(
        program.objective[used], np.zeros(len(used), dtype=np.int64), 1, reach[used]
    )
    objective = np.zeros(program.n_columns, dtype=np.int64)
    objective[used] = costs
    return WholeProgram(
        lower=lower.astype(np.int64),
        upper=upper.astype(np.int64),
        data=data,
        row_lower=_side(program.row_lower * scale - slack, NO_LOWER, np.ceil, -1.0),
        row_upper=_side(program.row_upper * scale + slack, NO_UPPER, np.floor, 1.0),
        objective=objective,
        scale=float(cost_scale[0]),
        slack=float(cost_slack[0] / cost_scale[0]),
    )


def _scaled(
    data: FloatArray, rows: IntArray, n_rows: int, reach: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Whole coefficients, factor of every row (n_rows,), and the most rounding can move its activity (n_rows,)."""
    total = np.bincount(rows, weights=np.abs(data) * np.maximum(reach, 1.0), minlength=n_rows)
    scale = np.zeros(n_rows)
    for decimals in range(DECIMALS + 1):
        factor = 10.0**decimals
        off = np.abs(data * factor - np.round(data * factor)) > EXACT * np.abs(data * factor)
        exact = np.bincount(rows, weights=off, minlength=n_rows) == 0
        scale = np.where((scale == 0) & exact & (total * factor < EXACT_TOTAL), factor, scale)
    rounded = scale == 0
    with np.errstate(divide="ignore"):
        power = np.floor(np.log2(ROUNDED_TOTAL / total))
    scale = np.where(rounded, np.exp2(np.clip(power, -1000, 60)), scale)
    exactly = data * scale[rows]
    values = np.round(exactly)
    moved = np.bincount(rows, weights=np.abs(values - exactly) * reach, minlength=n_rows)
    return values.astype(np.int64), scale, moved.astype(np.float64)


def _side(sides: FloatArray, none: int, towards: "np.ufunc", out: float) -> IntArray:
    """Sides as whole numbers; the last bits of a number that was meant to be whole do not move it."""
    limited = np.isfinite(sides) & (np.abs(sides) < 2.0**62)
    kept = np.where(limited, sides, 0.0)
    kept = towards(kept + out * (1e-9 + EXACT * np.abs(kept)))
    return np.where(limited, kept.astype(np.int64), none)
