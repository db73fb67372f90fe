"""What can flow from open sites of the highest tier down to the places, whatever it costs: the least cut of a network.

Ford and Fulkerson (1956), Maximal flow through a network, Canadian Journal of Mathematics 8. What the sites below may
carry is counted as if all of them were open, so that no plan carries more; and every cut of the network, be it the
least one for a choice of the highest tier, bounds what any other choice can carry by a linear function of it. A flow
takes milliseconds where a linear program with its money takes seconds.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from models.arrays import BoolArray, FloatArray, IntArray, Sparse
from models.hierarchy.flows import TierFlows

WHOLE = 2.0**30
"""Flows are whole numbers of 32 bits: all that is carried counts as so many. A cut is worth what its arcs carry."""


@dataclass(frozen=True, eq=False)
class Reach:
    """The network of a model of tiers: in and out of every site, classes of places, source and sink.

    `top` (n_top,) are the sites of the highest tier.
    """

    flows: TierFlows

    @cached_property
    def top(self) -> IntArray:
        """The sites of the highest tier."""
        return np.flatnonzero(self.flows.problem.is_source)

    @property
    def _sink(self) -> int:
        return 2 * len(self.flows.problem.sites) + len(self.flows.classes.load)

    @cached_property
    def _arcs(self) -> tuple[IntArray, IntArray, FloatArray]:
        """From, to and the most that is carried (n_arcs,), without the arcs from the source."""
        n, load, limit = len(self.flows.problem.sites), self.flows.classes.load, self.flows.limit
        upper, lower, _ = self.flows.feed_pairs
        group, site, _ = self.flows.serve_pairs
        into = np.arange(n)
        tail = np.concatenate([into, n + upper, n + site, 2 * n + np.arange(len(load))])
        head = np.concatenate([n + into, lower, 2 * n + group, np.full(len(load), self._sink)])
        between = np.minimum(limit[upper], limit[lower])
        return tail, head, np.concatenate([limit, between, np.minimum(limit[site], load[group]), load])

    def _network(self, opened: BoolArray) -> Sparse:
        """Whole capacities from node to node; only the open sites of the highest tier are fed."""
        tail, head, most = self._arcs
        source, whole = self._sink + 1, WHOLE / float(self.flows.classes.load.sum())
        fed = self.top[opened]
        carried = np.concatenate([most, self.flows.limit[fed]])
        ends = (np.concatenate([tail, np.full(len(fed), source)]), np.concatenate([head, fed]))
        units = np.minimum(np.floor(carried * whole), WHOLE).astype(np.int32)
        return sp.csr_array(sp.coo_array((units, ends), shape=(source + 1, source + 1)))

    def cut(self, opened: BoolArray, ratio: FloatArray) -> tuple[float, FloatArray]:
        """Constant and slope (n_top,) of what any choice carries at most; the least for the sites `opened` (n_top,).

        `ratio` (n_classes,) is what a unit of load of each class counts: the cut is of that worth.
        """
        if not len(ratio):
            return 0.0, np.zeros(len(self.top))
        network = self._network(opened)
        source, n = self._sink + 1, len(self.flows.problem.sites)
        carried = maximum_flow(network, source, self._sink).flow
        rest = sp.csr_array(network - carried)
        rest.data[rest.data < 0] = 0
        rest.eliminate_zeros()
        near = np.zeros(source + 1, dtype=bool)
        near[breadth_first_order(rest, source, return_predecessors=False)] = True
        tail, head, most = self._arcs
        near_group = near[2 * n : self._sink]
        beyond = float(ratio[~near_group].max(initial=0.0))
        worth = np.where(head == self._sink, ratio[np.clip(tail - 2 * n, 0, len(ratio) - 1)], beyond)
        is_top = np.zeros(n, dtype=bool)
        is_top[self.top] = True
        site = np.where(tail < n, tail, tail - n)
        of_top = (tail < 2 * n) & is_top[np.minimum(site, n - 1)]
        across = near[tail] & ~near[head] & ~of_top
        constant = float((most * worth)[across].sum())
        leaves = of_top & (tail >= n) & ~near[head]
        passed = np.bincount(site[leaves], weights=most[leaves], minlength=n)[self.top]
        return constant, beyond * np.minimum(self.flows.limit[self.top], passed)
