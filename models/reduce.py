"""Exact reduction: rows that read the same become one.

Hash and verify: a random 64-bit number per (column, value), summed along the row, groups the rows; equality is then
checked entry by entry, so the result is exact whatever the hash does. The idea is that of parallel-row detection in
presolve (Achterberg et al. 2020, Presolve reductions in mixed integer programming, INFORMS J. Comput. 32(2)).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.arrays import IntArray, Sparse

_UINT = np.uint64
_ODD = _UINT(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows that read the same. `of_row` (n_rows,): group of each; `representative` (n_groups,): one row of each."""

    of_row: IntArray
    representative: IntArray

    def __len__(self) -> int:
        return len(self.representative)


def equal_rows(matrix: Sparse, *, values: bool = False) -> Groups:
    """Groups of the rows with the same columns, and with the same values too where `values` is set.

    `matrix` (n_rows, n_columns) has sorted indices. Groups are numbered by their first row.
    """
    n = matrix.shape[0]
    length = np.diff(matrix.indptr)
    seed = 0
    key = np.zeros(n, dtype=_UINT)
    while True:
        key = key * _ODD + _row_hash(matrix, values, seed)
        order = np.argsort(key, kind="stable")
        fresh = np.ones(n, dtype=bool)
        fresh[1:] = key[order][1:] != key[order][:-1]
        first_of_run = order[np.flatnonzero(fresh)]
        first = np.empty(n, dtype=np.int64)
        first[order] = np.repeat(first_of_run, np.diff(np.append(np.flatnonzero(fresh), n)))
        if np.array_equal(length, length[first]) and _same(matrix, first, values):
            representative = np.sort(first_of_run)
            number = np.empty(n, dtype=np.int64)
            number[representative] = np.arange(len(representative))
            return Groups(number[first], representative)
        seed += 1  # two different rows met in one hash: hash again with more numbers


def _row_hash(matrix: Sparse, values: bool, seed: int) -> npt.NDArray[np.uint64]:
    rng = np.random.default_rng(seed)
    of_column = rng.integers(0, np.iinfo(np.uint64).max, size=matrix.shape[1], dtype=np.uint64, endpoint=True)
    words = of_column[matrix.indices]
    if values:
        bits = (matrix.data.astype(np.float64) + 0.0).view(np.uint64)
        words = words ^ (bits * _ODD)
        words = (words ^ (words >> _UINT(29))) * _ODD
    total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(words, dtype=np.uint64)])
    return total[matrix.indptr[1:]] - total[matrix.indptr[:-1]]


def _same(matrix: Sparse, others: IntArray, values: bool) -> bool:
    """Does every row read the same as another one of its length, `others` (n_rows,)?"""
    at = entries_of(matrix, others)
    if not np.array_equal(matrix.indices, matrix.indices[at]):
        return False
    return not values or bool(np.array_equal(matrix.data, matrix.data[at]))


def entries_of(matrix: Sparse, rows: IntArray) -> IntArray:
    """Positions of the stored entries of some rows, row after row."""
    length = np.diff(matrix.indptr)[rows].astype(np.int64)
    ends = np.cumsum(length)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(matrix.indptr[rows] - (ends - length), length)
