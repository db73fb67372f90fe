"""How points and lines lie in memory: runs of different length in one array, neighbours on the ground side by side."""

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


BITS = 16


def hilbert_rank(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Position of every point along a Hilbert curve over the bounding square.

    `xy` has shape (n, 2); the ranks have shape (n,) and may repeat where points share a cell of the 2**16 grid.
    """
    if len(xy) == 0:
        return np.zeros(0, dtype=np.int64)
    low = xy.min(axis=0)
    extent = float(np.max(xy.max(axis=0) - low)) or 1.0
    cells = np.minimum((xy - low) / extent * 2**BITS, 2**BITS - 1).astype(np.int64)
    x, y = cells[:, 0], cells[:, 1]
    rank = np.zeros(len(xy), dtype=np.int64)
    for bit in reversed(range(BITS)):
        side = np.int64(1) << bit
        right, upper = (x & side) > 0, (y & side) > 0
        rank += side * side * ((3 * right) ^ upper)
        x, y = x & (side - 1), y & (side - 1)
        mirrored = right & ~upper
        x, y = np.where(mirrored, side - 1 - x, x), np.where(mirrored, side - 1 - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
    return rank
