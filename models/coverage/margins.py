"""What single sites add to a cover: the weight that only one of the open ones covers, or that one more would."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of
from models.problem import SitingProblem


@runtime_checkable
class ByMargin(Protocol):
    """A model that knows at once what closing or opening one site changes."""

    def losses(self, is_open: BoolArray) -> FloatArray:
        """What closing each open site (n_sites,) would lose, all others staying; 0 at closed ones."""
        ...

    def gains(self, is_open: BoolArray) -> FloatArray:
        """What opening each site (n_sites,) would gain."""
        ...


@dataclass(frozen=True, eq=False)
class Margins:
    """Margins of a plan in which `share` (n_demand, n_sites) of a place is covered by the best of its sites.

    With `backup` above 1 shares are whole, and a place is covered by so many sites.
    """

    problem: SitingProblem
    share: Sparse
    is_open: BoolArray
    backup: int = 1

    def _open_pairs(self) -> tuple[IntArray, IntArray, FloatArray]:
        rows, columns, share = pairs_of(self.share)
        at = self.is_open[columns] & ~self.problem.sites.fixed_closed[columns] & (share > 0)
        return rows[at], columns[at], share[at]

    def gains(self) -> FloatArray:
        """Weight (n_sites,) that opening one more site would newly cover."""
        rows, columns, share = pairs_of(self.share)
        covered, _, open_share = self._open_pairs()
        weight = self.problem.demand.weight
        if self.backup > 1:
            count = np.bincount(covered, minlength=len(weight))
            gained = np.where(count[rows] == self.backup - 1, weight[rows], 0.0)
        else:
            best = np.zeros(len(weight))
            np.maximum.at(best, covered, open_share)
            gained = weight[rows] * np.maximum(0.0, share - best[rows])
        return np.bincount(columns, weights=gained, minlength=len(self.is_open)).astype(np.float64)
