"""A first plan for market share: the captured weight has falling increments in the open sites."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.algorithms.opening.interchange import search_opening
from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of
from models.formulation import Rule
from models.market.market_share import MarketShare
from models.plan import Plan


def search_captured(model: MarketShare, rules: Sequence[Rule], *, seconds: float) -> Plan | None:
    """A plan that keeps the rows of rules on open sites; None where none was found."""
    pulls = Pulls(model.capture.own, model.capture.against, model.capture.classes.weight)
    best = search_opening(model, rules, pulls, until=time.monotonic() + seconds)
    return None if best is None else model.capture.plan_of(best)


@dataclass(frozen=True, eq=False)
class Pulls:
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

    def gains(self, is_open: BoolArray) -> FloatArray:
        """What opening each site (n_sites,) adds."""
        total = self.total(is_open)
        of, site, pull = pairs_of(self.own)
        more = self.captured(total[of] + pull, of) - self.captured(total[of], of)
        return np.bincount(site, weights=more, minlength=self.own.shape[1]).astype(np.float64)
