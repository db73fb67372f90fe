"""The different travel values of every place, and which sites lie at each: the sets of a radius formulation."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of
from models.merging import merge_places
from models.problem import SitingProblem


@dataclass(frozen=True, eq=False)
class Radii:
    """One row per class of places and travel value, classes one after the other, values rising.

    `owner` class, `value` travel (n_rows,); `first` (n_classes,) row of each class's least value; `count` (n_classes,)
    rows of each; `weight` (n_classes,); `at` (n_rows, n_sites): sites at exactly that value. `place_ids` names a place
    of each class.
    """

    owner: IntArray
    value: FloatArray
    first: IntArray
    count: IntArray
    weight: FloatArray
    at: Sparse
    place_ids: tuple[str, ...]

    @property
    def is_first(self) -> BoolArray:
        """Rows with the least value of their class."""
        mask = np.zeros(len(self.owner), dtype=bool)
        mask[self.first] = True
        return mask

    @property
    def is_inner(self) -> BoolArray:
        """Rows that are not the greatest value of their class."""
        mask = np.ones(len(self.owner), dtype=bool)
        mask[self.first + self.count - 1] = False
        return mask

    @property
    def step(self) -> FloatArray:
        """How much farther the next value is, for every inner row."""
        inner = np.flatnonzero(self.is_inner)
        return self.value[inner + 1] - self.value[inner]

    def labels(self, mask: BoolArray) -> list[str]:
        """place_value names of the rows in a mask."""
        at = np.flatnonzero(mask)
        return [f"{self.place_ids[self.owner[r]]}_{self.value[r]:g}" for r in at]


def radii_of(problem: SitingProblem, *, weighted: bool = True) -> Radii:
    """Travel values of places with weight over the sites that may open; places with equal rows are one class.

    Values beyond the nearest site that is open anyway never matter and are left out. Without `weighted` every place
    counts, whatever its weight.
    """
    place, site, travel = pairs_of(problem.travel)
    sites, n_demand = problem.sites, len(problem.demand)
    sure = np.full(n_demand, np.inf)
    fixed = sites.fixed_open[site]
    np.minimum.at(sure, place[fixed], travel[fixed])
    keep = ~sites.fixed_closed[site] & (travel <= sure[place])
    place, site, travel = place[keep], site[keep], travel[keep]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=n_demand))])
    rows = sp.csr_array((travel, site, indptr), shape=problem.travel.shape)
    weight = problem.demand.weight if weighted else np.ones(n_demand)
    classes = merge_places(rows, rows.data, weight)
    merged = sp.csr_array((rows.data, rows.indices, rows.indptr), shape=rows.shape)[classes.first]
    owner, site, travel = pairs_of(sp.csr_array(merged))
    order = np.lexsort((site, travel, owner))
    owner, site, travel = owner[order], site[order], travel[order]
    fresh = np.ones(len(owner), dtype=bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (travel[1:] != travel[:-1])
    row = np.cumsum(fresh) - 1
    count = np.bincount(owner[fresh], minlength=len(classes.weight)).astype(np.int64)
    at = sp.csr_array(sp.coo_array((np.ones(len(row)), (row, site)), shape=(int(fresh.sum()), len(sites))))
    return Radii(
        owner=owner[fresh],
        value=travel[fresh],
        first=np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64),
        count=count,
        weight=classes.weight,
        at=at,
        place_ids=tuple(problem.demand.ids[k] for k in classes.first),
    )
