"""A first plan where it is known what every further site would add: opened one by one, then exchanged one for one.

Where increments fall with the open sites greedy opening is near the best (Nemhauser, Wolsey and Fisher 1978,
Mathematical Programming 14); exchange as in Teitz and Bart (1968), Operations Research 16. Rows of rules on the open
sites alone are kept at every step; whatever else a rule asks is for the caller to check.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, Sparse, pairs_of
from models.errors import ProblemError
from models.formulation import Draft, Formulated, Formulation, Rule, open_block, opening_cost
from models.program import ProgramBuilder

SLACK = 1e-9
LEAST_GAIN = 1e-9
"""Relative gain below which an exchange is rounding."""
TRIED = 3
"""So many of the most promising sites are tried for one that leaves."""


class Worth(Protocol):
    """What open sites are worth, and what each further one would add to them."""

    def worth(self, is_open: BoolArray) -> float:
        """What the open sites (n_sites,) are worth."""
        ...

    def gains(self, is_open: BoolArray) -> FloatArray:
        """What opening each site (n_sites,) adds at least; a little beyond for one that only prepares a gain."""
        ...


@dataclass(frozen=True, eq=False)
class OpenRows:
    """lower <= matrix @ open <= upper, matrix (n_rows, n_sites)."""

    matrix: Sparse
    lower: FloatArray
    upper: FloatArray

    @staticmethod
    def of(model: Formulation, rules: Sequence[Rule]) -> "OpenRows":
        """The rows of rules on open sites alone.

        They are written over open sites only, where the rules bear that, else read off the whole program.
        """
        builder = ProgramBuilder(model.name, model.sense)
        sites = model.sites
        opened = open_block(builder, sites)
        draft = Draft(builder, sites, opened, cost=opening_cost(sites, opened), base_cost=sites.base_cost())
        try:
            for rule in rules:
                rule.apply(draft)
            program = builder.build()
        except (ProblemError, KeyError):  # a rule that takes hold of more than open sites
            draft, program = Formulated.of(model, rules).built
        rows = np.concatenate(
            [f.index for f in program.families if f.rule is not None] or [np.empty(0, dtype=np.int64)]
        )
        part = sp.csr_array(program.matrix[rows.astype(np.int64)])
        on_open = sp.csr_array(part[:, draft.open.index])
        ours = np.diff(part.indptr) == np.diff(on_open.indptr)
        lower, upper = program.row_lower[rows], program.row_upper[rows]
        return OpenRows(sp.csr_array(on_open[ours]), lower[ours], upper[ours])

    def hold(self, is_open: BoolArray) -> bool:
        """Whether every row holds."""
        value = self.matrix @ is_open.astype(np.float64)
        size = SLACK * np.maximum(1.0, abs(value))
        return bool((value <= self.upper + size).all() and (value >= self.lower - size).all())

    def helped(self, is_open: BoolArray) -> tuple[BoolArray, FloatArray, int]:
        """Of opening each site (n_sites,): may it, how many of the rows below their least it lifts; how many are."""
        value = self.matrix @ is_open.astype(np.float64)
        row, site, size = pairs_of(self.matrix)
        n = self.matrix.shape[1]
        over = value[row] + size > self.upper[row] + SLACK * np.maximum(1.0, abs(value[row]))
        low = value < self.lower - SLACK * np.maximum(1.0, abs(value))
        lifts = np.bincount(site, weights=low[row] & (size > 0), minlength=n).astype(np.float64)
        return ~is_open & (np.bincount(site, weights=over, minlength=n) == 0), lifts, int(low.sum())


def search_opening(model: Formulation, rules: Sequence[Rule], worth: Worth, *, until: float) -> BoolArray | None:
    """Open sites (n_sites,) that keep the rows of rules on them, by `time.monotonic() < until`; None: none found."""
    rows = OpenRows.of(model, rules)
    closed, opened = model.sites.fixed_closed, model.sites.fixed_open
    cost = np.maximum(0.0, model.sites.opening_cost())
    best: BoolArray | None = None
    for price in (np.ones(len(cost)), cost + 1.0) if np.ptp(cost) > 0 else (np.ones(len(cost)),):
        found = _opened(worth, rows, opened.copy(), ~closed, price)
        found = _exchanged(worth, rows, found, ~closed & ~opened, until)
        if rows.hold(found) and (best is None or worth.worth(found) > worth.worth(best)):
            best = found
    return best


def _opened(worth: Worth, rows: OpenRows, is_open: BoolArray, may: BoolArray, price: FloatArray) -> BoolArray:
    """Sites opened one after the other: those that rules ask for first, then what adds most for its price."""
    while True:
        free, lifts, low = rows.helped(is_open)
        gain = worth.gains(is_open)
        free &= may & ((lifts > 0) if low else (gain > LEAST_GAIN))
        if not free.any():
            return is_open
        most = free & (lifts == lifts[free].max())
        is_open[np.argmax(np.where(most, gain / price, -np.inf))] = True


def _exchanged(worth: Worth, rows: OpenRows, is_open: BoolArray, may: BoolArray, until: float) -> BoolArray:
    """One site for another, as long as that gains and keeps the rows."""
    better = rows.hold(is_open)
    now = worth.worth(is_open)
    while better and time.monotonic() < until:
        better = False
        for out in np.flatnonzero(is_open & may):
            rest = is_open.copy()
            rest[out] = False
            free, _, _ = rows.helped(rest)
            gain = np.where(free & may, worth.worth(rest) + worth.gains(rest) - now, -1.0)
            for into in np.argsort(-gain)[:TRIED]:
                if gain[into] <= LEAST_GAIN * max(1.0, now):
                    break
                new = rest.copy()
                new[into] = True
                if rows.hold(new) and (value := worth.worth(new)) > now + LEAST_GAIN * max(1.0, now):
                    is_open, now, better = new, value, True
                    break
            if time.monotonic() > until:
                break
    return is_open
