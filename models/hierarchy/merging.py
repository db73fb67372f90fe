"""Places that the same sites reach at the same cost as one place, weights added: exact where flow divides."""

from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, Sparse


@dataclass(frozen=True, eq=False)
class PlaceClasses:
    """`of` (n_demand,): class of every place, -1 where it is left out; `first` (n_classes,): a place of each."""

    of: IntArray
    first: IntArray
    weight: FloatArray


def merge_places(access: Sparse, cost: FloatArray, weight: FloatArray, key: IntArray | None = None) -> PlaceClasses:
    """Group places with equal rows of `access` (columns only), equal `cost` entries and equal `key` (n_demand,).

    Places of weight 0 or with an empty row are left out. Rows are hashed by a random 64-bit number per column, then
    compared entry by entry, so that the grouping is exact; places that collide stay apart.
    """
    n, m = access.shape
    rng = np.random.default_rng(20040917)
    code = rng.integers(1, 2**63, size=m, dtype=np.uint64)
    with np.errstate(over="ignore"):
        entry = code[access.indices]
        mixed = entry + np.ascontiguousarray(cost).view(np.uint64) * (entry | np.uint64(1))
        total = np.concatenate([[np.uint64(0)], np.cumsum(mixed, dtype=np.uint64)])
        hashed = total[access.indptr[1:]] - total[access.indptr[:-1]]
    keys = np.zeros(n, dtype=np.int64) if key is None else key
    length = np.diff(access.indptr)
    kept = np.flatnonzero((length > 0) & (weight > 0))
    order = kept[np.lexsort((hashed[kept], length[kept], keys[kept]))]
    fresh = np.ones(len(order), dtype=bool)
    if len(order) > 1:
        a, b = order[:-1], order[1:]
        alike = (hashed[a] == hashed[b]) & (length[a] == length[b]) & (keys[a] == keys[b])
        fresh[1:] = ~alike | ~_equal_rows(access, cost, a, b, alike)
    number = np.cumsum(fresh) - 1
    of = np.full(n, -1, dtype=np.int64)
    of[order] = number
    n_classes = int(number[-1]) + 1 if len(order) else 0
    added = np.bincount(number, weights=weight[order], minlength=n_classes).astype(np.float64)
    return PlaceClasses(of, order[fresh], added)


def _equal_rows(access: Sparse, cost: FloatArray, a: IntArray, b: IntArray, alike: BoolArray) -> BoolArray:
    """Mask of pairs whose rows hold the same columns and costs; only pairs marked `alike` are looked at."""
    equal = alike.copy()
    pairs = np.flatnonzero(alike)
    length = (access.indptr[a[pairs] + 1] - access.indptr[a[pairs]]).astype(np.int64)
    owner = np.repeat(np.arange(len(pairs)), length)
    within = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    at_a = access.indptr[a[pairs]][owner] + within
    at_b = access.indptr[b[pairs]][owner] + within
    differs = (access.indices[at_a] != access.indices[at_b]) | (cost[at_a] != cost[at_b])
    equal[pairs[owner[differs]]] = False
    return equal
