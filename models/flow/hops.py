"""The covers and graphs of all classes of flows as sparse coefficients, and the way back from a plan to its hops."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from models.arrays import BoolArray, FloatArray, IntArray, Sparse
from models.errors import ProblemError
from models.flow.classes import FlowClass
from models.flow.tripgraph_kernel import SINK, SOURCE
from models.messages import say

Entries = list[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Hops:
    """Coefficients by row family, and every hop's class, nodes and the site it ends at.

    `cover_class` (n_covers, n_classes), `cover_site` (n_covers, n_sites); `start_class` (n_graphs, n_classes), `alone`
    (n_graphs, n_sites), `start_hop` (n_graphs, n_hops); `balance` (n_nodes, n_hops); `stop_hop` (n_stops, n_hops),
    `stop_site` (n_stops, n_sites). `of_class`, `tail`, `head`, `to_site` (n_hops,): `tail` and `head` are nodes of the
    class's own graph, `to_site` is -1 at the end of a trip.
    """

    cover_class: Sparse
    cover_site: Sparse
    start_class: Sparse
    alone: Sparse
    start_hop: Sparse
    balance: Sparse
    stop_hop: Sparse
    stop_site: Sparse
    of_class: IntArray
    tail: IntArray
    head: IntArray
    to_site: IntArray

    @property
    def n_hops(self) -> int:
        """Number of hops of all graphs."""
        return len(self.of_class)

    def taken(self, amount: FloatArray) -> Sparse:
        """(n_sites, n_hops): what a hop takes at the site it ends at, `amount` (n_classes,) by class."""
        hop = np.flatnonzero(self.to_site >= 0)
        shape = (self.cover_site.shape[1], self.n_hops)
        return sp.csr_array((amount[self.of_class[hop]], (self.to_site[hop], hop)), shape=shape)

    def any_path(self, is_open: BoolArray, share: FloatArray) -> FloatArray:
        """Hops (n_hops,) over open stations that refuel `share` (n_classes,): one path for every class."""
        values = np.zeros(self.n_hops)
        covered = np.asarray(self.start_class.T @ (self.alone @ is_open.astype(np.float64))).ravel() > 0
        usable = (self.to_site < 0) | is_open[self.to_site]
        first = np.searchsorted(self.of_class, np.arange(len(share) + 1))
        has_graph = np.diff(first) > 0
        for c in np.flatnonzero(has_graph & ~covered & (share > 0)):
            hops = [h for h in range(first[c], first[c + 1]) if usable[h]]
            values[_path(hops, self.tail, self.head)] = share[c]
        return values

    def within(self, is_open: BoolArray, share: FloatArray, amount: FloatArray, capacity: FloatArray) -> FloatArray:
        """Hops (n_hops,) over open stations that refuel `share` (n_classes,) within `capacity` (n_sites,).

        `amount` (n_classes,) is what a stop of the whole class takes. ProblemError where there are none.
        """
        if self.n_hops == 0:
            return np.zeros(0)
        limited = np.flatnonzero(np.isfinite(capacity))
        found = linprog(
            np.ones(self.n_hops),
            A_ub=sp.csr_array(sp.vstack([-self.start_hop, self.stop_hop, self.taken(amount)[limited]])),
            b_ub=np.concatenate(
                [
                    -self.start_class @ share,
                    self.stop_site @ is_open.astype(np.float64),
                    capacity[limited] * is_open[limited],
                ]
            ),
            A_eq=self.balance,
            b_eq=np.zeros(self.balance.shape[0]),
            bounds=(0, 1),
            method="highs",
        )
        if found.x is None:
            raise ProblemError(
                say("the open stations do not refuel the plan's shares of flows: {message}", message=found.message)
            )
        return np.asarray(found.x)


def hops_of(classes: Sequence[FlowClass], n_sites: int) -> Hops:
    """Number the covers, graphs, stops and hops of all classes."""
    n = len(classes)
    n = len(classes)
    covers = [(c, cover) for c, one in enumerate(classes) for cover in one.covers]
    graphs = [(c, one.alone, one.graph) for c, one in enumerate(classes) if one.graph is not None]
    n_hops = sum(len(graph.tail) for _, _, graph in graphs)
    n_nodes = sum(len(graph.leg) - 2 for _, _, graph in graphs)
    of_class, tail, head, to_site = (np.empty(n_hops, dtype=np.int64) for _ in range(4))
    start_hop, into, out, stop_hop, stop_site = (_Entries() for _ in range(5))
    first_hop = first_node = first_stop = 0
    for row, (c, _, graph) in enumerate(graphs):
        hop = first_hop + np.arange(len(graph.tail))
        of_class[hop], tail[hop], head[hop] = c, graph.tail, graph.head
        to_site[hop] = graph.site[graph.head]
        starts, stops = graph.tail == SOURCE, graph.head != SINK
        start_hop.add(np.full(starts.sum(), row), hop[starts])
        out.add(first_node + graph.tail[~starts] - 2, hop[~starts])
        into.add(first_node + graph.head[stops] - 2, hop[stops])
        place = graph.leg.astype(np.int64) * n_sites + graph.site
        known, of_node = np.unique(place[2:], return_inverse=True)
        stop_hop.add(first_stop + of_node[graph.head[stops] - 2], hop[stops])
        stop_site.add(first_stop + np.arange(len(known)), known % n_sites if len(known) else known)
        first_hop, first_node, first_stop = (
            first_hop + len(hop),
            first_node + len(graph.leg) - 2,
            first_stop + len(known),
        )
    n_covers, n_graphs = len(covers), len(graphs)
    return Hops(
        cover_class=_ones([(row, c) for row, (c, _) in enumerate(covers)], n_covers, n),
        cover_site=_ones([(row, s) for row, (_, cover) in enumerate(covers) for s in cover], n_covers, n_sites),
        start_class=_ones([(row, c) for row, (c, _, _) in enumerate(graphs)], n_graphs, n),
        alone=_ones([(row, s) for row, (_, alone, _) in enumerate(graphs) for s in alone], n_graphs, n_sites),
        start_hop=start_hop.ones(n_graphs, n_hops),
        balance=sp.csr_array(into.ones(n_nodes, n_hops) - out.ones(n_nodes, n_hops)),
        stop_hop=stop_hop.ones(first_stop, n_hops),
        stop_site=stop_site.ones(first_stop, n_sites),
        of_class=of_class,
        tail=tail,
        head=head,
        to_site=to_site,
    )


class _Entries:
    """Rows and columns of ones, collected piece by piece."""

    def __init__(self) -> None:
        self._rows: list[IntArray] = []
        self._columns: list[IntArray] = []

    def add(self, rows: IntArray, columns: IntArray) -> None:
        """More of them."""
        self._rows.append(rows)
        self._columns.append(columns)

    def ones(self, n_rows: int, n_columns: int) -> Sparse:
        """The matrix (n_rows, n_columns)."""
        if not self._rows:
            return sp.csr_array((n_rows, n_columns))
        rows, columns = np.concatenate(self._rows), np.concatenate(self._columns)
        return sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(n_rows, n_columns))


def _ones(entries: Entries, n_rows: int, n_columns: int) -> Sparse:
    rows, columns = np.array(entries, dtype=np.int64).reshape(-1, 2).T
    return sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(n_rows, n_columns))


def _path(hops: list[int], tail: IntArray, head: IntArray) -> list[int]:
    """Hops of a path from the start to the end; none where there is none."""
    into: dict[int, int] = {}
    out: dict[int, list[int]] = {}
    for hop in hops:
        out.setdefault(int(tail[hop]), []).append(hop)
    todo = [SOURCE]
    while todo:
        for hop in out.get(todo.pop(), []):
            node = int(head[hop])
            if node not in into:
                into[node] = hop
                todo.append(node)
    found, node = [], SINK
    while node != SOURCE and node in into:
        found.append(into[node])
        node = int(tail[into[node]])
    return found
