"""Places that the same sites reach at the same cost as one place, weights added: exact where flow divides."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, IntArray, Sparse
from models.reduce import equal_rows


@dataclass(frozen=True, eq=False)
class PlaceClasses:
    """`of` (n_demand,): class of every place, -1 where it is left out; `first` (n_classes,): a place of each.

    `weight` and `load` (n_classes,) are the sums of their places'.
    """

    of: IntArray
    first: IntArray
    weight: FloatArray
    load: FloatArray


def merge_places(
    access: Sparse,
    cost: FloatArray,
    weight: FloatArray,
    key: IntArray | None = None,
    load: FloatArray | None = None,
) -> PlaceClasses:
    """Group places with equal rows of `access` (columns only), equal `cost` entries and equal `key` (n_demand,).

    Places of one class have as much `load` (n_demand,) per weight; None: the weight. Places of weight 0 or with an
    empty row are left out. Classes are numbered by their first place.
    """
    n = access.shape[0]
    kept = np.flatnonzero((np.diff(access.indptr) > 0) & (weight > 0))
    keys = np.zeros(n, dtype=np.int64) if key is None else key
    rows = sp.csr_array((cost, access.indices, access.indptr), shape=access.shape)[kept]
    load = weight if load is None else load
    marks = np.stack([keys[kept] + 1.0, load[kept] / weight[kept] + 1.0], axis=1)
    joined = sp.csr_array(sp.hstack([rows, sp.csr_array(marks)]))
    joined.sort_indices()
    groups = equal_rows(joined, values=True)
    of = np.full(n, -1, dtype=np.int64)
    of[kept] = groups.of_row
    added = [np.bincount(groups.of_row, weights=w[kept], minlength=len(groups)) for w in (weight, load)]
    return PlaceClasses(of, kept[groups.representative], added[0].astype(np.float64), added[1].astype(np.float64))
