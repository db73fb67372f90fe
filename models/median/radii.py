"""The different travel values of every place, and which sites lie at each: the sets of a radius formulation."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, order_within_rows, pairs_of
from models.demand_classes import merge_places
from models.labels import ValueLabels
from models.problem import SitingProblem
from models.program import Block, ProgramBuilder


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

    def labels(self, mask: BoolArray) -> ValueLabels:
        """place_value names of the rows in a mask."""
        return ValueLabels(self.owner[mask], self.value[mask], self.place_ids)


def radii_of(problem: SitingProblem) -> Radii:
    """Travel values of places with weight over the sites that may open; places with equal rows are one class.

    Values beyond the nearest site that is open anyway never matter and are left out.
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
    classes = merge_places(rows, rows.data, problem.demand.weight)
    merged = sp.csr_array(sp.csr_array((rows.data, rows.indices, rows.indptr), shape=rows.shape)[classes.first])
    owner, site, travel = pairs_of(merged)
    order = order_within_rows(merged.indptr.astype(np.int64), travel)
    owner, site, travel = owner[order], site[order], travel[order]
    fresh = np.ones(len(owner), dtype=bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (travel[1:] != travel[:-1])
    row = np.cumsum(fresh) - 1
    count = np.bincount(owner[fresh], minlength=len(classes.weight)).astype(np.int64)
    at = sp.csr_array(sp.coo_array((np.ones(len(row)), (row, site)), shape=(int(fresh.sum()), len(sites))))
    return Radii(
        owner=owner[fresh],
        value=travel[fresh],
        first=np.cumsum(count) - count,
        count=count,
        weight=classes.weight,
        at=at,
        place_ids=tuple(problem.demand.ids[k] for k in classes.first),
    )


def farther_chains(builder: ProgramBuilder, radii: Radii, opened: Block, objective: FloatArray) -> Block:
    """The columns `farther`, their objective (n_inner,) and the rows that set them: see `models.median.p_median`."""
    farther = builder.columns(
        "farther", int(radii.is_inner.sum()), upper=1.0, objective=objective, labels=radii.labels(radii.is_inner)
    )
    column = np.cumsum(radii.is_inner) - 1
    for name, mask, bound in (
        ("served_at_the_first_distance_or_farther", radii.is_first, 1.0),
        ("served_at_this_distance_or_farther", radii.is_inner & ~radii.is_first, 0.0),
        ("every_place_has_an_open_site_within_reach", ~radii.is_inner & ~radii.is_first, 0.0),
    ):
        rows = np.flatnonzero(mask)
        own = np.flatnonzero(radii.is_inner[rows])
        before = np.flatnonzero(~radii.is_first[rows])
        sign = np.concatenate([np.ones(len(own)), -np.ones(len(before))])
        columns = np.concatenate([column[rows[own]], column[rows[before] - 1]])
        flow = sp.csr_array(
            sp.coo_array((sign, (np.concatenate([own, before]), columns)), shape=(len(rows), farther.size))
        )
        at = sp.csr_array(radii.at[rows])
        builder.rows(name, [(flow, farther), (at, opened)], lower=bound, labels=radii.labels(mask))
    return farther


def farther_values(radii: Radii, is_open: BoolArray) -> FloatArray:
    """Values (n_inner,) of the columns `farther` when the given sites (n_sites,) are open."""
    reached = (radii.at @ is_open.astype(np.float64)) > 0
    passed = np.cumsum(reached) - np.repeat((np.cumsum(reached) - reached)[radii.first], radii.count)
    return np.asarray((passed == 0)[radii.is_inner], dtype=np.float64)
