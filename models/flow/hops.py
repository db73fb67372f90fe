"""The covers and graphs of all classes of flows as sparse coefficients, and the way back from a plan to its hops."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from models.arrays import BoolArray, FloatArray, IntArray, Sparse
from models.errors import ProblemError
from models.flow.classes import FlowClass
from models.flow.tripgraph import SINK, SOURCE

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
            raise ProblemError(f"the open stations do not refuel the plan's shares of flows: {found.message}")
        return np.asarray(found.x)


def hops_of(classes: Sequence[FlowClass], n_sites: int) -> Hops:
    """Number the covers, graphs, stops and hops of all classes."""
    n = len(classes)
    cover_class: Entries = []
    cover_site: Entries = []
    start_class: Entries = []
    alone: Entries = []
    start_hop: Entries = []
    into: Entries = []
    out: Entries = []
    stop_hop: Entries = []
    stop_site: Entries = []
    hop: list[tuple[int, int, int, int]] = []
    n_nodes = 0
    for c, one in enumerate(classes):
        for cover in one.covers:
            cover_site += [(len(cover_class), s) for s in cover]
            cover_class.append((len(cover_class), c))
        if one.graph is None:
            continue
        row = len(start_class)
        start_class.append((row, c))
        alone += [(row, s) for s in one.alone]
        stops = {stop: len(stop_site) + i for i, stop in enumerate(sorted({s for s in one.graph.stop if s}))}
        stop_site += [(i, site) for (_, site), i in stops.items()]
        for tail, head in one.graph.arcs:
            number, stop = len(hop), one.graph.stop[head]
            hop.append((c, tail, head, -1 if stop is None else stop[1]))
            if tail == SOURCE:
                start_hop.append((row, number))
            else:
                out.append((n_nodes + tail - 2, number))
            if stop is not None:
                into.append((n_nodes + head - 2, number))
                stop_hop.append((stops[stop], number))
        n_nodes += len(one.graph.stop) - 2
    columns = np.array(hop, dtype=np.int64).reshape(-1, 4).T
    n_covers, n_graphs, n_stops, n_hops = len(cover_class), len(start_class), len(stop_site), len(hop)
    return Hops(
        cover_class=_ones(cover_class, n_covers, n),
        cover_site=_ones(cover_site, n_covers, n_sites),
        start_class=_ones(start_class, n_graphs, n),
        alone=_ones(alone, n_graphs, n_sites),
        start_hop=_ones(start_hop, n_graphs, n_hops),
        balance=sp.csr_array(_ones(into, n_nodes, n_hops) - _ones(out, n_nodes, n_hops)),
        stop_hop=_ones(stop_hop, n_stops, n_hops),
        stop_site=_ones(stop_site, n_stops, n_sites),
        of_class=columns[0],
        tail=columns[1],
        head=columns[2],
        to_site=columns[3],
    )


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
