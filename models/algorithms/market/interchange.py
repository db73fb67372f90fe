"""A first plan for market share: sites opened by what they add, then exchanged one for one while that gains.

The captured weight has falling increments in the open sites, so that greedy opening is near the best (Nemhauser, Wolsey
and Fisher 1978, Mathematical Programming 14); exchange as in Teitz and Bart (1968), Operations Research 16. Rows of
rules on the open sites alone are kept at every step; whatever else a rule asks is for the caller to check.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of
from models.formulation import Formulated, Rule
from models.market.market_share import MarketShare
from models.plan import Plan

SLACK = 1e-9
LEAST_GAIN = 1e-9
"""Relative gain below which an exchange is rounding."""


def search_captured(model: MarketShare, rules: Sequence[Rule], *, seconds: float) -> Plan | None:
    """A plan that keeps the rows of rules on open sites; None where none was found."""
    until = time.monotonic() + seconds
    draft, program = Formulated.of(model, rules).built
    rows = np.concatenate([f.index for f in program.families if f.rule is not None] or [np.empty(0, dtype=np.int64)])
    part = sp.csr_array(program.matrix[rows.astype(np.int64)])
    ours = np.diff(part.indptr) == np.diff(sp.csr_array(part[:, draft.open.index]).indptr)
    kept = _Rows(
        sp.csr_array(part[ours][:, draft.open.index]), program.row_lower[rows][ours], program.row_upper[rows][ours]
    )
    pulls = _Pulls(model.capture.own, model.capture.against, model.capture.classes.weight)
    closed, opened = model.sites.fixed_closed, model.sites.fixed_open
    cost = np.maximum(0.0, model.sites.opening_cost())
    best: BoolArray | None = None
    for price in (np.ones(len(cost)), cost + 1.0) if np.ptp(cost) > 0 else (np.ones(len(cost)),):
        found = _exchanged(pulls, kept, _opened(pulls, kept, opened.copy(), ~closed, price), ~closed & ~opened, until)
        if kept.hold(found) and (best is None or pulls.worth(found) > pulls.worth(best)):
            best = found
    return None if best is None else model.capture.plan_of(best)


@dataclass(frozen=True, eq=False)
class _Pulls:
    """Pull (n_classes, n_sites) of our sites, pull (n_classes,) of the others, and weight (n_classes,)."""

    own: Sparse
    against: FloatArray
    weight: FloatArray

    def captured(self, total: FloatArray, at: IntArray | slice = slice(None)) -> FloatArray:
        """Weight captured of the classes `at` where our open sites pull with `total`."""
        return np.asarray(self.weight[at] * total / np.maximum(total + self.against[at], 1e-300))

    def total(self, is_open: BoolArray) -> FloatArray:
        """Pull (n_classes,) of the open sites."""
        return np.asarray(self.own @ is_open.astype(np.float64))

    def worth(self, is_open: BoolArray) -> float:
        """Weight captured in all."""
        return float(self.captured(self.total(is_open)).sum())

    def gains(self, total: FloatArray) -> FloatArray:
        """What opening each site (n_sites,) adds where the open ones pull with `total`."""
        of, site, pull = pairs_of(self.own)
        more = self.captured(total[of] + pull, of) - self.captured(total[of], of)
        return np.bincount(site, weights=more, minlength=self.own.shape[1]).astype(np.float64)


@dataclass(frozen=True, eq=False)
class _Rows:
    """lower <= matrix @ open <= upper, matrix (n_rows, n_sites)."""

    matrix: Sparse
    lower: FloatArray
    upper: FloatArray

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


def _opened(pulls: _Pulls, rows: _Rows, is_open: BoolArray, may: BoolArray, price: FloatArray) -> BoolArray:
    """Sites opened one after the other: those that rules ask for first, then what adds most for its price."""
    while True:
        free, lifts, low = rows.helped(is_open)
        gain = pulls.gains(pulls.total(is_open))
        free &= may & ((lifts > 0) if low else (gain > LEAST_GAIN))
        if not free.any():
            return is_open
        most = free & (lifts == lifts[free].max())
        is_open[np.argmax(np.where(most, gain / price, -np.inf))] = True


def _exchanged(pulls: _Pulls, rows: _Rows, is_open: BoolArray, may: BoolArray, until: float) -> BoolArray:
    """One site for another, as long as that gains and keeps the rows."""
    better = rows.hold(is_open)
    while better and time.monotonic() < until:
        better = False
        for out in np.flatnonzero(is_open & may):
            now, rest = pulls.worth(is_open), is_open.copy()
            rest[out] = False
            free, _, _ = rows.helped(rest)
            gain = np.where(free & may, pulls.worth(rest) + pulls.gains(pulls.total(rest)) - now, -1.0)
            for into in np.argsort(-gain)[:3]:
                new = rest.copy()
                new[into] = True
                if gain[into] > LEAST_GAIN * max(1.0, now) and rows.hold(new):
                    is_open, better = new, True
                    break
            if time.monotonic() > until:
                break
    return is_open
