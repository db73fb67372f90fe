"""Whole decisions for tiers by diving: linear programs in which more and more of the sites are settled.

Bixby, Fenelon, Gu, Rothberg and Wunderling (2000), MIP: theory and practice, in System Modelling and Optimization; a
tier at a time, from the highest down (relax-and-fix: Dillenberger, Escudero, Wollensak and Zhang 1994, EJOR 75), so
that what the lower tiers could still do is seen in full while a costly site is settled.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.program import Program

Solve = Callable[[Program], FloatArray | None]
"""A linear program -> values (n_columns,) of an optimum; None where it has none, or none was reached in time."""

WHOLE = 1e-6
"""A site this near to open or closed is so in the linear solution."""

AT_ONCE = 0.4
"""Share of the fractional sites of a tier that is settled after one linear solution, from both ends."""

FEW = 3
"""So many fractional sites of a tier are settled at once."""

OPENED, CLOSED = 0.5, 0.15
"""Sites above the first are opened among those settled, below the second closed."""


def dive(program: Program, tiers: Sequence[IntArray], values: FloatArray, solve: Solve) -> FloatArray | None:
    """Values (n_columns,) of a linear solution in which the columns of all tiers are whole; None where none is found.

    `tiers` are the columns of the sites, the highest first, `values` a solution of the linear program. Where a
    rounding leaves no solution, less of it is tried.
    """
    for columns in tiers:
        while _fractional(values[columns]).any():
            found = _settled(program, columns, values, solve)
            if found is None:
                return None
            program, values = found
        program = program.with_held(columns, np.round(values[columns]))
    return values


def _settled(
    program: Program, columns: IntArray, values: FloatArray, solve: Solve
) -> tuple[Program, FloatArray] | None:
    """The program with some more columns held, and its linear solution; None where it has none."""
    for at, level in _roundings(values[columns]):
        held = program.with_held(columns[at], level)
        found = solve(held)
        if found is not None:
            return held, found
    return None


def _roundings(level: FloatArray) -> Iterator[tuple[IntArray, FloatArray]]:
    """Positions and levels to hold, the boldest first: most of a tier, the likeliest site open, the same closed."""
    fractional = np.flatnonzero(_fractional(level))
    order = fractional[np.argsort(-level[fractional], kind="stable")]
    if len(order) <= FEW:
        yield np.arange(len(level)), np.where(level > OPENED, 1.0, 0.0)
    else:
        most = max(1, int(AT_ONCE * len(order)))
        whole = np.flatnonzero(level >= 1 - WHOLE)
        up, down = order[:most], order[-most:]
        up, down = up[(level[up] > OPENED) | (up == order[0])], down[(level[down] < CLOSED) & (down != order[0])]
        yield np.concatenate([whole, up, down]), np.repeat([1.0, 0.0], [len(whole) + len(up), len(down)])
    yield order[:1], np.ones(1)
    yield order[:1], np.zeros(1)


def _fractional(level: FloatArray) -> BoolArray:
    return (level > WHOLE) & (level < 1 - WHOLE)
