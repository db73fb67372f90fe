"""Places seen as weighted sets of sites: what covering models are about, brought to its smallest exact form.

A place that is covered by degrees (share s_1 > s_2 > ... of the sites that reach it) is a sum of plain places: one of
weight w (s_l - s_l+1) for every level l, covered by the sites of share s_l and more (the radius idea of Cornuejols,
Nemhauser & Wolsey 1980). So gradual covering (Berman, Krass & Drezner 2003) is plain covering of more sets, and sets
that read the same are one.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, Sparse
from models.reduce import entries_of, equal_rows


@dataclass(frozen=True, eq=False)
class CoverClasses:
    """Distinct sets of sites, none empty.

    `sets` (n_classes, n_sites) has an entry where a site covers the class; `of_demand` (n_demand, n_classes) the share
    of a place that is covered with the class.
    """

    sets: Sparse
    of_demand: Sparse

    def __len__(self) -> int:
        return int(self.sets.shape[0])

    def weight(self, demand_weight: FloatArray) -> FloatArray:
        """Weight (n_classes,) of the classes for a weight (n_demand,) of the places."""
        return np.asarray(demand_weight @ self.of_demand, dtype=np.float64)


def cover_classes(share: Sparse, usable: BoolArray) -> CoverClasses:
    """The classes of a covering: `share` (n_demand, n_sites) in (0, 1] where a site covers; `usable` (n_sites,)."""
    keep = usable[share.indices] & (share.data > 0)
    kept = share if keep.all() else _entries(share, keep)
    levels, place, amount = _levels(kept)
    groups = equal_rows(levels)
    covered = np.diff(levels.indptr) > 0
    sets = sp.csr_array(levels[groups.representative])
    of_demand = sp.csr_array(
        (amount[covered], (place[covered], groups.of_row[covered])), shape=(share.shape[0], len(groups))
    )
    of_demand.sum_duplicates()
    some = np.flatnonzero(np.diff(sets.indptr) > 0)
    sets.data = np.ones_like(sets.data)
    return CoverClasses(sp.csr_array(sets[some]), sp.csr_array(of_demand[:, some]))


def _entries(matrix: Sparse, keep: BoolArray) -> Sparse:
    """The matrix with only some of its entries."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))[keep]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=matrix.shape[0]))])
    return sp.csr_array((matrix.data[keep], matrix.indices[keep], indptr), shape=matrix.shape)


def _levels(share: Sparse) -> tuple[Sparse, FloatArray, FloatArray]:
    """One row per place and level: its sites; the place of each row, and the share that the level adds."""
    n = share.shape[0]
    if share.nnz == 0 or (share.data == share.data[0]).all():  # one level a place, as where coverage is not gradual
        amount = np.full(n, share.data[0] if share.nnz else 0.0)
        pattern = sp.csr_array((np.ones(share.nnz), share.indices, share.indptr), share.shape)
        return pattern if pattern.has_sorted_indices else pattern.sorted_indices(), np.arange(n), amount
    rows = np.repeat(np.arange(n), np.diff(share.indptr))
    order = np.lexsort((-share.data, rows))  # within a place, from the largest share down
    value, row, site = share.data[order], rows[order], share.indices[order]
    last = np.ones(len(value), dtype=bool)  # the last entry of every (place, level)
    last[:-1] = (row[1:] != row[:-1]) | (value[1:] != value[:-1])
    place, level_value, end = row[last], value[last], np.flatnonzero(last) + 1
    below = np.zeros(len(place))
    below[:-1] = np.where(place[1:] == place[:-1], level_value[1:], 0.0)
    start = share.indptr[place]
    count = end - start
    ends = np.cumsum(count)
    at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(start - (ends - count), count)
    levels = sp.csr_array((np.ones(len(at)), site[at], np.concatenate([[0], ends])), shape=(len(place), share.shape[1]))
    levels.sort_indices()
    return levels, place, level_value - below


def rows_of(matrix: Sparse, rows: BoolArray) -> Sparse:
    """Some rows of a matrix."""
    index = np.flatnonzero(rows)
    at = entries_of(matrix, index)
    indptr = np.concatenate([[0], np.cumsum(np.diff(matrix.indptr)[index])])
    return sp.csr_array((matrix.data[at], matrix.indices[at], indptr), shape=(len(index), matrix.shape[1]))
