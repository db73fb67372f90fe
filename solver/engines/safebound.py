"""A bound on a linear program that is valid for any row duals, however rough.

Neumaier & Shcherbina (2004), Safe bounds in linear and mixed-integer linear programming, Math. Program. 99. For

    min c'x  subject to  b_lower <= A x <= b_upper,  l <= x <= u

and any y, every feasible x has  c'x = y'(Ax) + (c - A'y)'x  >=  sum_i min over [b_lower, b_upper] of y_i t
+ sum_j min over [l, u] of (c - A'y)_j t.  Interior points and first-order methods give such y early and cheaply.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, Sparse
from models.program import Program
from solver.engines.conclude import improvement, whole_bounds

EPS = float(np.finfo(np.float64).eps)
PROPAGATION_ROUNDS = 3


@dataclass(frozen=True, eq=False)
class LpBound:
    """A valid bound on the linear relaxation, and so on the program, with what proves it.

    `bound` is never below the optimum of a `max` program, never above that of a `min`; it includes the offset.
    `values` (n_columns,) is the relaxation's solution as far as the method got. `duals` (n_rows,) prove the bound and
    `reduced_costs` (n_columns,) are c - A'y: with column j held at v the bound changes by
    reduced_costs[j] * v - (the best of reduced_costs[j] * t over its bounds). `lower`, `upper` (n_columns,) are the
    column bounds used, tightened by what rows imply. `optimal`: the method ended at an optimum of the relaxation.
    """

    bound: float
    values: FloatArray
    duals: FloatArray
    reduced_costs: FloatArray
    lower: FloatArray
    upper: FloatArray
    optimal: bool = False

    def fixed_by(self, program: Program, objective: float) -> tuple[FloatArray, FloatArray]:
        """Column bounds (lower, upper) that every plan strictly better than `objective` obeys.

        Reduced-cost fixing: with best = max(d l, d u) the bound at x_j = v is bound - best + d v (for `max`), which
        must be above `objective`; integer columns round inwards.
        """
        room = improvement(program, self.bound, objective) + 1e-9 * max(1.0, abs(objective))
        if room < 0:
            return self.lower, self.upper
        d = self.reduced_costs if program.sense == "max" else -self.reduced_costs
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = room / np.abs(d)
        low = np.where((d > 0) & np.isfinite(self.upper), self.upper - reach, self.lower)
        high = np.where((d < 0) & np.isfinite(self.lower), self.lower + reach, self.upper)
        low, high = np.maximum(low, self.lower), np.minimum(high, self.upper)
        low = np.where(program.integer, np.ceil(low - 1e-6), low)
        return low, np.where(program.integer, np.floor(high + 1e-6), high)


def safe_bound(program: Program, values: FloatArray, duals: FloatArray) -> LpBound | None:
    """The bound that row duals prove (d objective / d right-hand side, (n_rows,)); None where they prove none."""
    sign = 1.0 if program.sense == "min" else -1.0
    lower, upper = implied_bounds(program)
    y = np.where(np.isfinite(duals), sign * duals, 0.0)
    y = np.where(np.isneginf(program.row_lower), np.minimum(y, 0.0), y)
    y = np.where(np.isposinf(program.row_upper), np.maximum(y, 0.0), y)
    c = sign * program.objective
    transpose = sp.csr_array(program.matrix.T)
    reduced = c - transpose @ y
    rows = _least(y, program.row_lower, program.row_upper)
    columns = _least(reduced, lower, upper)
    if not (np.isfinite(rows).all() and np.isfinite(columns).all()):
        return None
    total = float(np.sum(rows) + np.sum(columns)) - _doubt(transpose, c, y, lower, upper)
    total -= EPS * np.sqrt(len(rows) + len(columns) + 1) * float(np.sum(np.abs(rows)) + np.sum(np.abs(columns)))
    return LpBound(float(sign * total + program.offset), values, sign * y, sign * reduced, lower, upper)


def _doubt(transpose: Sparse, c: FloatArray, y: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """How much rounding in c - A'y may have moved the bound: its error times the farthest a column can be."""
    reach = np.maximum(np.abs(lower), np.abs(upper))
    error = EPS * (np.diff(transpose.indptr) + 2) * (np.abs(c) + abs(transpose) @ np.abs(y))
    finite = np.isfinite(reach)
    return float(error[finite] @ reach[finite])


def _least(slope: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Least of slope * t over low <= t <= high; 0 where the slope is 0, even over an infinite range."""
    with np.errstate(invalid="ignore"):
        return np.where(slope == 0, 0.0, np.where(slope > 0, slope * low, slope * high))


def implied_bounds(program: Program) -> tuple[FloatArray, FloatArray]:
    """Column bounds tightened by what the rows imply where a column has none (activity bounds, a few rounds)."""
    lower, upper = whole_bounds(program)
    for _ in range(PROPAGATION_ROUNDS):
        loose = ~np.isfinite(lower) | ~np.isfinite(upper)
        if not loose.any():
            break
        new_lower, new_upper = _one_round(program, lower, upper, loose)
        if np.array_equal(new_lower, lower) and np.array_equal(new_upper, upper):
            break
        lower, upper = new_lower, new_upper
    return lower, upper


def _one_round(
    program: Program, lower: FloatArray, upper: FloatArray, loose: BoolArray
) -> tuple[FloatArray, FloatArray]:
    matrix = program.matrix
    rows = np.repeat(np.arange(program.n_rows), np.diff(matrix.indptr))
    columns, a = matrix.indices, matrix.data
    least = np.where(a > 0, a * lower[columns], a * upper[columns])
    most = np.where(a > 0, a * upper[columns], a * lower[columns])
    wanted = loose[columns] & (a != 0)
    new_lower, new_upper = lower.copy(), upper.copy()
    # a x_j <= row_upper - (least of the others), and a x_j >= row_lower - (most of the others)
    for ends, side, is_cap in ((least, program.row_upper, True), (most, program.row_lower, False)):
        finite = np.isfinite(ends)
        total = np.bincount(rows, weights=np.where(finite, ends, 0.0), minlength=program.n_rows)
        holes = np.bincount(rows, weights=~finite, minlength=program.n_rows)
        others_finite = (holes[rows] - ~finite) == 0
        use = wanted & others_finite & np.isfinite(side[rows])
        r, j, aj = rows[use], columns[use], a[use]
        limit = (side[r] - (total[r] - np.where(finite[use], ends[use], 0.0))) / aj
        limit_is_upper = (aj > 0) == is_cap
        margin = 1e-9 * np.maximum(1.0, np.abs(limit))  # rounding of the sums
        np.minimum.at(new_upper, j[limit_is_upper], (limit + margin)[limit_is_upper])
        np.maximum.at(new_lower, j[~limit_is_upper], (limit - margin)[~limit_is_upper])
    return np.where(np.isfinite(lower), lower, new_lower), np.where(np.isfinite(upper), upper, new_upper)
