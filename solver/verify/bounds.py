"""Textbook programs of a case, written anew, and what they prove: a bound by weak duality, whatever a solver says.

    min  c x    s.t.  A x <= b,  lower <= x <= upper, all bounds finite

Any prices y >= 0 of the rows prove  c x >= -b y + sum_j min over the bounds of (c + A'y)_j x_j  for every plan. Good
prices come from scipy's linear programming; the proof is the arithmetic, done here.
"""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from models.arrays import BoolArray, FloatArray, IntArray

INFEASIBLE = 2
"""Status of scipy's solvers."""
Entries = tuple[IntArray, IntArray, FloatArray]
"""Row, column and value."""


@dataclass(frozen=True, eq=False)
class Linear:
    """A program that minimises; `whole` (n_columns,) says which columns must be whole numbers."""

    cost: FloatArray
    matrix: sp.csr_array
    most: FloatArray
    lower: FloatArray
    upper: FloatArray
    whole: BoolArray

    def proven_by(self, prices: FloatArray) -> float:
        """What prices (n_rows,) of the rows prove: no plan is below."""
        y = np.maximum(0.0, prices)
        reduced = self.cost + self.matrix.T @ y
        return float(np.where(reduced >= 0, reduced * self.lower, reduced * self.upper).sum() - self.most @ y)

    def relaxed_bound(self, limit_s: float) -> float | None:
        """The best bound that prices from linear programming prove; None where time runs out."""
        found = linprog(
            self.cost,
            A_ub=self.matrix,
            b_ub=self.most,
            bounds=np.column_stack([self.lower, self.upper]),
            method="highs",
            options={"time_limit": limit_s},
        )
        return self.proven_by(-np.asarray(found.ineqlin.marginals)) if found.status == 0 else None

    def whole_bound(self, limit_s: float, gap: float) -> tuple[float | None, FloatArray | None]:
        """The bound that branching proves, by scipy's solver, and the best plan (n_columns,) it finds."""
        found = milp(
            self.cost,
            constraints=LinearConstraint(self.matrix, ub=self.most),
            bounds=Bounds(self.lower, self.upper),
            integrality=self.whole.astype(int),
            options={"time_limit": limit_s, "mip_rel_gap": gap},
        )
        bound = getattr(found, "mip_dual_bound", None)
        return (None if bound is None or not np.isfinite(bound) else float(bound)), found.x

    def is_impossible(self, limit_s: float) -> tuple[bool, FloatArray | None]:
        """Whether it is proven that no plan keeps all rows, and a plan (n_columns,) where one is known."""
        found = milp(
            self.cost,
            constraints=LinearConstraint(self.matrix, ub=self.most),
            bounds=Bounds(self.lower, self.upper),
            integrality=self.whole.astype(int),
            options={"time_limit": limit_s},
        )
        return found.status == INFEASIBLE, found.x


@dataclass(frozen=True, eq=False)
class Sum:
    """Columns, how much a unit of each adds, and the site or the place that it belongs to; -1: none."""

    columns: IntArray
    amount: FloatArray
    of: IntArray


@dataclass(frozen=True, eq=False)
class Terms:
    """What rules speak of, in the columns of a textbook program. None: the program does not tell it."""

    opened: IntArray
    """Columns (n_sites,) of open sites."""
    money: tuple[Sum, ...] | None
    """What is paid, by site; beside it `base`, which is paid whatever is decided."""
    base: float = 0.0
    covered: Sum | None = None
    """Weight covered, by place."""
    offset: float = 0.0
    """What is added to the objective."""


@dataclass
class Draft:
    """A growing program: columns by kind, rows that are at most something."""

    n_columns: int = 0
    n_rows: int = 0
    _cost: list[FloatArray] = field(default_factory=list)
    _lower: list[FloatArray] = field(default_factory=list)
    _upper: list[FloatArray] = field(default_factory=list)
    _whole: list[BoolArray] = field(default_factory=list)
    _entries: list[Entries] = field(default_factory=list)
    _most: list[FloatArray] = field(default_factory=list)

    def columns(
        self, cost: FloatArray, lower: FloatArray | float, upper: FloatArray | float, *, whole: bool
    ) -> IntArray:
        """New columns, and their positions."""
        n = len(cost)
        self._cost.append(np.asarray(cost, dtype=np.float64))
        self._lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (n,)))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (n,)))
        self._whole.append(np.full(n, whole))
        self.n_columns += n
        return np.arange(self.n_columns - n, self.n_columns)

    def cost_of_sites(self, cost: FloatArray) -> None:
        """What the first columns, those of the sites, cost."""
        self._cost[0] = np.asarray(cost, dtype=np.float64)

    def rows(self, n: int, most: FloatArray | float, *terms: Entries) -> None:
        """New rows: the sum of the terms, whose rows count from 0, is at most `most`."""
        for row, column, value in terms:
            data = np.broadcast_to(np.asarray(value, dtype=np.float64), np.shape(column))
            self._entries.append((np.asarray(row, dtype=np.int64) + self.n_rows, np.asarray(column), data))
        self._most.append(np.broadcast_to(np.asarray(most, dtype=np.float64), (n,)))
        self.n_rows += n

    def total(self, columns: IntArray, values: FloatArray | float, *, most: float | None, least: float | None) -> None:
        """One row: a weighted sum of columns is at most and at least so much."""
        one, factor = np.zeros(len(columns), dtype=np.int64), np.broadcast_to(values, (len(columns),))
        if most is not None:
            self.rows(1, most, (one, columns, factor))
        if least is not None:
            self.rows(1, -least, (one, columns, -factor))

    def build(self) -> Linear:
        """The program."""
        entries = self._entries or [(np.zeros(0, int), np.zeros(0, int), np.zeros(0))]
        row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
        matrix = sp.csr_array(sp.coo_array((value, (row, column)), shape=(self.n_rows, self.n_columns)))
        most = np.concatenate(self._most) if self._most else np.zeros(0)
        cost, lower, upper = (
            np.concatenate(each).astype(np.float64) for each in (self._cost, self._lower, self._upper)
        )
        return Linear(cost, matrix, most, lower, upper, np.concatenate(self._whole).astype(bool))
