"""Shortest ways over a draft of the network, and the edges they take."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from instances.zhuzhou.generator.draft import Draft
from models.arrays import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Ways:
    """Undirected graph of a draft under a cost per edge; of parallel edges the cheapest."""

    graph: sp.csr_array
    key: IntArray  # of each pair of nodes joined, ascending
    edge: IntArray

    def tree(self, sources: IntArray) -> tuple[FloatArray, IntArray]:
        """Cost (n_sources, n_nodes) and node before each on the way from each source."""
        distance, before = dijkstra(self.graph, directed=False, indices=sources, return_predecessors=True)
        return distance, before.astype(np.int64)

    def nearest_tree(self, sources: IntArray) -> tuple[FloatArray, IntArray]:
        """Cost (n_nodes,) and node before each on the way from the nearest source."""
        distance, before, _ = dijkstra(
            self.graph, directed=False, indices=sources, return_predecessors=True, min_only=True
        )
        return distance, before.astype(np.int64)

    def edges_to(self, before: IntArray, goal: IntArray) -> IntArray:
        """Edges on the ways to `goal` (n,) along the trees `before` (n, n_nodes), each once."""
        at, row, n = goal.copy(), np.arange(len(goal)), self.graph.shape[0]
        found: list[IntArray] = [np.empty(0, dtype=np.int64)]
        while True:
            last = before[row, at]
            on = last >= 0
            if not on.any():
                break
            found.append(np.minimum(at, last)[on] * n + np.maximum(at, last)[on])
            at = np.where(on, last, at)
        return self.edge[np.searchsorted(self.key, np.unique(np.concatenate(found)))]


def ways(draft: Draft, cost: FloatArray) -> Ways:
    """The graph of a draft under `cost` (n_edges,)."""
    u, v = draft.edges["u"].to_numpy(), draft.edges["v"].to_numpy()
    n = len(draft.xy)
    order = np.argsort(cost, kind="stable")
    pair = (np.minimum(u, v) * n + np.maximum(u, v))[order]
    key, first = np.unique(pair, return_index=True)
    edge = order[first]
    return Ways(sp.coo_array((cost[edge], (u[edge], v[edge])), shape=(n, n)).tocsr(), key, edge)
