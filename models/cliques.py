"""Pairs of which at most one may be chosen, as cliques: fewer rows and a tighter relaxation."""

import numpy as np
import scipy.sparse as sp

from models.arrays import IntArray, Sparse


def clique_rows(first: IntArray, second: IntArray, n: int) -> Sparse:
    """One row (n_cliques, n) of ones per clique; every pair `first`, `second` is in one, and no other pair is."""
    dense = n <= DENSE_SITES and len(first) > DENSE_PAIRS * n
    found = (_cliques_by_mask if dense else _cliques)(first, second, n)
    size = np.array([len(clique) for clique in found], dtype=np.int64)
    indptr = np.concatenate([[0], np.cumsum(size)])
    return sp.csr_array((np.ones(size.sum()), np.concatenate([*found, np.empty(0, int)]), indptr), (len(found), n))


DENSE_SITES, DENSE_PAIRS = 1500, 5
"""Up to so many sites, and with more pairs than so many for each, cliques are grown by arrays."""


def _cliques(first: IntArray, second: IntArray, n: int) -> list[IntArray]:
    """Cliques that cover every edge of a graph, grown greedily from the edges not yet covered."""
    near: list[set[int]] = [set() for _ in range(n)]
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        near[a].add(b)
        near[b].add(a)
    left = [set(s) for s in near]
    cliques = []
    for a in range(n):
        while left[a]:
            b = max(left[a], key=lambda k: (len(near[a] & near[k]), -k))
            clique, common = [a, b], near[a] & near[b]
            while common:
                c = max(common, key=lambda k: (sum(k in left[m] for m in clique), len(near[k] & common), -k))
                clique.append(c)
                common = common & near[c]
            for m in clique:
                left[m] -= set(clique)
            cliques.append(np.array(sorted(clique), dtype=np.int64))
    return cliques


def _cliques_by_mask(first: IntArray, second: IntArray, n: int) -> list[IntArray]:
    """The very cliques of `_cliques`, by arrays (n, n): quicker where there are many edges."""
    near = np.zeros((n, n), dtype=np.float32)
    near[first, second] = near[second, first] = 1.0
    left, cliques = near.copy(), []
    for a in range(n):
        while left[a].any():
            ways = np.flatnonzero(left[a])
            clique = [a, int(ways[np.argmax(near[ways] @ near[a])])]
            common, fresh = near[a] * near[clique[1]], left[a] + left[clique[1]]
            while common.any():
                able = np.flatnonzero(common)
                c = int(able[np.argmax(fresh[able].astype(np.float64) * (n + 1) + near[able] @ common)])
                clique.append(c)
                common, fresh = common * near[c], fresh + left[c]
            left[np.ix_(clique, clique)] = 0.0
            cliques.append(np.array(sorted(clique), dtype=np.int64))
    return cliques
