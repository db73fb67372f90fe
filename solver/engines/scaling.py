"""Programs go to engines in numbers of a size that suits their absolute tolerances; what they say comes back unscaled.

Engines accept a row that is broken by about 1e-6 and a reduced cost of 1e-7, whatever the numbers mean: weights of 1e-6
would serve everyone from nowhere, an objective of 1e9 be right to a thousand. All factors are powers of two, so that no
number is rounded; whole columns are never scaled, and rows with numbers of ordinary size stay as they are, as a budget
must be kept to the cent. Equilibration: Curtis & Reid (1972), IMA J. Applied Mathematics 10; Tomlin (1975).
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray
from models.program import Program
from solver.engines.conclude import Report
from solver.engines.engine import Ask, Progress
from solver.engines.safebound import implied_bounds

SMALL, LARGE, LARGE_TO = 2.0**-3, 2.0**30, 2.0**27
"""The largest coefficient of a row: below the first it is brought to one, above the second to the third."""
WORTH_SMALL, WORTH_LARGE, WORTH_TO = 2.0**3, 2.0**20, 2.0**13
"""The same for the largest term of the objective."""
REACH_LARGE = 2.0**20
"""Columns that reach farther are brought to about one."""


@dataclass(frozen=True, eq=False)
class Scaled:
    """A program as an engine gets it. A column of the original is `column` (n_columns,) times what the engine says, the
    objective what it says divided by `worth`.
    """

    program: Program
    column: FloatArray
    worth: float

    @staticmethod
    def same(program: Program) -> "Scaled":
        """A program as it is."""
        return Scaled(program, np.ones(program.n_columns), 1.0)

    def ask(self, ask: Ask) -> Ask:
        """The same wishes in the engine's numbers."""
        start = None if ask.start is None or len(ask.start) != len(self.column) else ask.start / self.column
        tell = ask.on_progress

        def told(progress: Progress) -> None:
            assert tell is not None
            tell(replace(progress, objective=self._unscaled(progress.objective), bound=self._unscaled(progress.bound)))

        return replace(ask, start=start, on_progress=None if tell is None else told)

    def back(self, report: Report) -> Report:
        """What the engine says in the numbers of the original."""
        fits = report.values is not None and len(report.values) == len(self.column)
        values = report.values * self.column if fits and report.values is not None else report.values
        return replace(report, values=values, bound=self._unscaled(report.bound))

    def _unscaled(self, value: float | None) -> float | None:
        return None if value is None else value / self.worth


def scaled(program: Program) -> Scaled:
    """The program in numbers of a size that suits; the same object where it is so already."""
    lower, upper = implied_bounds(program)
    reach = np.maximum(np.abs(lower), np.abs(upper))
    column = _reach_factors(program, reach)
    size = sp.csr_array(abs(program.matrix) @ sp.diags_array(column))
    row = _row_factors(_largest(size))
    if (row != 1.0).any() and not program.integer.all():
        column = column * _column_factors(program, size, row)
        row = _row_factors(_largest(sp.csr_array(abs(program.matrix) @ sp.diags_array(column))))
    worth = _worth_factor(program, reach)
    if worth == 1.0 and (row == 1.0).all() and (column == 1.0).all():
        return Scaled.same(program)
    matrix = sp.csr_array(sp.diags_array(row) @ program.matrix @ sp.diags_array(column))
    changed = replace(
        program,
        objective=program.objective * column * worth,
        offset=program.offset * worth,
        lower=program.lower / column,
        upper=program.upper / column,
        matrix=matrix,
        row_lower=program.row_lower * row,
        row_upper=program.row_upper * row,
    )
    return Scaled(changed, column, worth)


def _largest(size: sp.csr_array) -> FloatArray:
    """Largest coefficient (n_rows,) of every row of absolute values, 1 where it has none."""
    if not size.nnz:
        return np.ones(size.shape[0])
    most = np.asarray(size.max(axis=1).toarray(), dtype=np.float64).ravel()
    return np.where(most > 0, most, 1.0)


def _row_factors(largest: FloatArray) -> FloatArray:
    up, down = _power(1.0 / largest), _power(LARGE_TO / largest)
    return np.where(largest < SMALL, up, np.where(largest > LARGE, down, 1.0))


def _reach_factors(program: Program, reach: FloatArray) -> FloatArray:
    """Factors of continuous columns that are small or large at their largest.

    All of a small one would be less than a tolerance; in sums of large ones a tolerance is less than rounding.
    """
    off = ~program.integer & np.isfinite(reach) & (((reach > 0) & (reach < SMALL)) | (reach > REACH_LARGE))
    return np.where(off, _power(np.where(off, reach, 1.0)), 1.0)


def _column_factors(program: Program, size: sp.csr_array, row: FloatArray) -> FloatArray:
    """Factors of continuous columns that are small or large in every row they are in."""
    most = _largest(sp.csr_array((sp.diags_array(row) @ size).T))
    off = ~program.integer & ((most < SMALL) | (most > LARGE))
    return np.where(off, _power(1.0 / most), 1.0)


def _worth_factor(program: Program, reach: FloatArray) -> float:
    """The factor of the objective, by the most that one column, whose value reaches so far (n_columns,), adds to it."""
    used = np.flatnonzero(program.objective)
    if not len(used):
        return 1.0
    reach = reach[used]
    cost = np.abs(program.objective[used])
    term = cost * np.where(np.isfinite(reach) & (reach > 0), reach, 1.0)
    most = float(term.max())
    if not np.isfinite(most) or most == 0 or WORTH_SMALL <= most <= WORTH_LARGE:
        return 1.0
    return float(_power(np.array(WORTH_TO / most)))


def _power(factor: FloatArray) -> FloatArray:
    """The power of two next to a factor."""
    return np.exp2(np.round(np.log2(factor)))
