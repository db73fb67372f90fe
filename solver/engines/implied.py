"""Continuous columns that are whole in some best plan anyway, so that engines of whole numbers may take them.

Two arguments, after Achterberg et al. (2020, Presolve reductions in mixed integer programming, INFORMS J. Comput. 32):

pushed   a column that may move one way without harm to the objective or to any row that it shares with other
         continuous columns stops at a bound, or at a row with integer columns only; where these are whole, so is it
         (coverage);
network  the others, where every shared row has coefficients of one size, every column at most two such rows, and the
         rows fall into two parts: the matrix is totally unimodular (Heller & Tompkins 1956), so with whole sides some
         best vertex is whole (assignment to open sites).
"""

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from models.arrays import BoolArray, FloatArray, IntArray, pairs_of
from models.program import Program

WHOLE = 1e-9


class _Entries(NamedTuple):
    """The matrix entry by entry."""

    rows: IntArray
    columns: IntArray
    values: FloatArray

    def in_columns(self, mask: BoolArray) -> "_Entries":
        """Entries of some columns."""
        keep = mask[self.columns]
        return _Entries(self.rows[keep], self.columns[keep], self.values[keep])

    def in_rows(self, mask: BoolArray) -> "_Entries":
        """Entries of some rows."""
        keep = mask[self.rows]
        return _Entries(self.rows[keep], self.columns[keep], self.values[keep])


def implied_integer(program: Program) -> BoolArray:
    """Mask (n_columns,) of the columns that may be called integer without changing the optimum; declared ones too."""
    if program.integer.all():
        return program.integer
    rows, columns, values = pairs_of(program.matrix)
    entries = _Entries(rows[values != 0], columns[values != 0], values[values != 0])
    whole_bounds = _is_whole(program.lower) & _is_whole(program.upper)
    whole_bounds &= ~_is_tiny(program.lower) & ~_is_tiny(program.upper)
    pushed = _pushed(program, entries) & whole_bounds
    rest = ~program.integer & ~pushed & whole_bounds
    while True:
        fewer = rest & ~_not_network(program, entries, rest, program.integer | pushed)
        if np.array_equal(fewer, rest):
            return program.integer | pushed | rest
        rest = fewer


def _is_whole(values: FloatArray) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return ~np.isfinite(values) | (np.abs(values - np.round(values)) <= WHOLE * np.maximum(1.0, np.abs(values)))


def _is_tiny(values: FloatArray) -> BoolArray:
    """Bounds that are more than nothing and round to it."""
    return (values != 0) & (np.round(values) == 0)


def _touched(positions: IntArray, size: int) -> BoolArray:
    mask = np.zeros(size, dtype=bool)
    mask[positions] = True
    return mask


def _pushed(program: Program, entries: _Entries) -> BoolArray:
    """Continuous columns that may go one way, and are stopped by whole numbers only."""
    own = entries.in_columns(~program.integer)
    shared = np.bincount(own.rows, minlength=program.n_rows) > 1
    rows, columns, values = own.in_rows(shared | _not_whole(program, entries, ~program.integer))
    capped, floored = np.isfinite(program.row_upper[rows]), np.isfinite(program.row_lower[rows])
    stopped_up = _touched(columns[np.where(values > 0, capped, floored)], program.n_columns)
    stopped_down = _touched(columns[np.where(values > 0, floored, capped)], program.n_columns)
    gain = program.objective if program.sense == "max" else -program.objective
    return ~program.integer & (((gain >= 0) & ~stopped_up) | ((gain <= 0) & ~stopped_down))


def _not_whole(program: Program, entries: _Entries, group: BoolArray) -> BoolArray:
    """Rows (n_rows,) that, divided by the size of the group's coefficients, hold numbers that are not whole.

    Also rows in which these coefficients differ in size. Rows without the group are whole.
    """
    inside = entries.in_columns(group)
    size = np.zeros(program.n_rows)
    np.maximum.at(size, inside.rows, np.abs(inside.values))
    with_group = size > 0
    size[~with_group] = 1.0
    quotient = entries.values / size[entries.rows]
    of_group = group[entries.columns]
    wrong = ~_is_whole(quotient) | (of_group & (np.abs(quotient) < 1 - WHOLE))
    sides = ~_is_whole(program.row_lower / size) | ~_is_whole(program.row_upper / size)
    return with_group & (sides | _touched(entries.rows[wrong & with_group[entries.rows]], program.n_rows))


def _not_network(program: Program, entries: _Entries, rest: BoolArray, whole: BoolArray) -> BoolArray:
    """Columns of `rest` that the argument of total unimodularity does not hold for, as far as one look shows."""
    n = program.n_columns
    foreign = _touched(entries.in_columns(~rest & ~whole).rows, program.n_rows)
    own = entries.in_columns(rest)
    spoiled = _touched(own.in_rows(foreign | _not_whole(program, entries, rest)).columns, n)
    shared = own.in_rows(np.bincount(own.rows, minlength=program.n_rows) > 1)
    spoiled |= np.bincount(shared.columns, minlength=n) > 2
    twice = shared.in_columns((np.bincount(shared.columns, minlength=n) == 2) & ~spoiled)
    return spoiled | _on_odd_cycle(program.n_rows, twice, n)


def _on_odd_cycle(n_rows: int, twice: _Entries, n_columns: int) -> BoolArray:
    """Columns whose two rows cannot be put into two parts: different parts where the signs agree, else the same."""
    order = np.argsort(twice.columns, kind="stable")
    first, second = order[::2], order[1::2]
    agree = np.sign(twice.values[first]) == np.sign(twice.values[second])
    a, b = twice.rows[first], twice.rows[second]
    # every row stands twice, once for each part; a row whose two copies are connected can be in neither
    here = np.concatenate([a, a + n_rows])
    there = np.concatenate([np.where(agree, b + n_rows, b), np.where(agree, b, b + n_rows)])
    graph = sp.coo_array((np.ones(len(here)), (here, there)), shape=(2 * n_rows, 2 * n_rows))
    _, part = connected_components(graph, directed=False)
    torn = part[:n_rows] == part[n_rows:]
    return _touched(twice.in_rows(torn).columns, n_columns)
