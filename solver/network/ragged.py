"""Runs of different length in one flat array: the vertices of many lines."""

import numpy as np
import shapely
from numpy.typing import NDArray

Starts = NDArray[np.int64]


def starts_of(sizes: NDArray[np.int64]) -> Starts:
    """(n + 1,) where run i is `starts[i]:starts[i + 1]`."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)])


def runs(first: NDArray[np.int64], sizes: NDArray[np.int64], step: NDArray[np.int64] | int = 1) -> NDArray[np.int64]:
    """Positions `first[i], first[i] + step[i], ...` of `sizes[i]` each, one run after the other."""
    within = np.arange(int(sizes.sum()), dtype=np.int64) - np.repeat(starts_of(sizes)[:-1], sizes)
    return np.repeat(first, sizes) + within * (step if isinstance(step, int) else np.repeat(step, sizes))


def lines_of(xy: NDArray[np.float64], sizes: NDArray[np.int64]) -> NDArray[np.object_]:
    """LineStrings from flat vertices, shape (n_vertices, 2)."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return np.asarray(shapely.linestrings(xy, indices=owner), dtype=object)
