"""Array types used throughout, and the few array helpers every model needs."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
Sparse: TypeAlias = sp.csr_array


def frozen(values: npt.ArrayLike, dtype: npt.DTypeLike) -> Any:
    """A read-only copy of `values` with the given dtype."""
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def pairs_of(matrix: Sparse) -> tuple[IntArray, IntArray, FloatArray]:
    """Row, column and value of every stored entry (explicit zeros included), row by row."""
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
    return rows, matrix.indices.astype(np.int64), matrix.data


def reached(matrix: Sparse, rows: IntArray, columns: IntArray) -> BoolArray:
    """Which of some pairs (n,) are stored, explicit zeros included."""
    if not len(rows):
        return np.zeros(0, dtype=bool)
    stored = sp.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    return np.asarray(stored[rows, columns]).ravel() > 0


LONG_ROW = 50
"""Rows of so many entries on average are put in order one by one."""


def order_within_rows(start: IntArray, value: FloatArray) -> IntArray:
    """Positions (n,) that put the values of every row `start[r]:start[r + 1]` in rising order; equal ones stay."""
    n_rows = len(start) - 1
    if len(value) < LONG_ROW * n_rows:
        return np.lexsort((value, np.repeat(np.arange(n_rows), np.diff(start))))
    order = np.empty(len(value), dtype=np.int64)
    for low, high in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
        order[low:high] = low + np.argsort(value[low:high], kind="stable")
    return order


def sparse_from_pairs(rows: IntArray, columns: IntArray, values: npt.ArrayLike, shape: tuple[int, int]) -> Sparse:
    """Compressed rows from pairs, explicit zeros kept, indices sorted; a pair given twice is an error."""
    order = np.lexsort((columns, rows))
    rows, columns = rows[order], columns[order]
    if len(rows) > 1 and bool(np.any((rows[1:] == rows[:-1]) & (columns[1:] == columns[:-1]))):
        raise ValueError("a pair is given twice")
    data = np.broadcast_to(np.asarray(values, dtype=np.float64), order.shape)[order]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
    return sp.csr_array((data.copy(), columns, indptr), shape=shape)


def transposed(matrix: Sparse) -> Sparse:
    """The same entries by column, explicit zeros kept, indices sorted."""
    rows, columns, values = pairs_of(matrix)
    return sparse_from_pairs(columns, rows, values, (matrix.shape[1], matrix.shape[0]))
