"""Places that the same sites reach at the same cost as one place, weights added: exact where flow divides."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, IntArray, Sparse
from models.reduce import equal_rows


@dataclass(frozen=True, eq=False)
class PlaceClasses:
    """`of` (n_demand,): class of every place, -1 where it is left out; `first` (n_classes,): a place of each."""

    of: IntArray
    first: IntArray
    weight: FloatArray


def merge_places(access: Sparse, cost: FloatArray, weight: FloatArray, key: IntArray | None = None) -> PlaceClasses:
    """Group places with equal rows of `access` (columns only), equal `cost` entries and equal `key` (n_demand,).

    Places of weight 0 or with an empty row are left out. Classes are numbered by their first place.
    """
    n = access.shape[0]
    kept = np.flatnonzero((np.diff(access.indptr) > 0) & (weight > 0))
    keys = np.zeros(n, dtype=np.int64) if key is None else key
    rows = sp.csr_array((cost, access.indices, access.indptr), shape=access.shape)[kept]
    joined = sp.csr_array(sp.hstack([rows, sp.csr_array(keys[kept, None] + 1.0)]))
    joined.sort_indices()
    groups = equal_rows(joined, values=True)
    of = np.full(n, -1, dtype=np.int64)
    of[kept] = groups.of_row
    added = np.bincount(groups.of_row, weights=weight[kept], minlength=len(groups)).astype(np.float64)
    return PlaceClasses(of, kept[groups.representative], added)
