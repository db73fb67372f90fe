"""The shortest ways on the roads, by scipy and by networkx."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from models.arrays import FloatArray, IntArray
from solver.verify.streets import ROUNDING, Spots, Ways

BATCH = 32
"""Searches at once."""


@dataclass(frozen=True, eq=False)
class Trips:
    """All trips from starts to goals that cost at most `limit`."""

    ways: Ways
    starts: Spots
    goals: Spots
    limit: float
    per_m: float = 1.0
    """What a metre off the road costs."""

    @cached_property
    def off_road(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Start, goal and cost of trips that are the straight way: it is no longer than both ways to the road."""
        found: list[tuple[IntArray, IntArray, FloatArray]] = [(np.zeros(0, int), np.zeros(0, int), np.zeros(0))]
        a, b = self.starts, self.goals
        if a.xy is None or a.off_m is None or b.xy is None or b.off_m is None:
            return found[0]
        for i in range(len(a)):
            metres = np.sqrt(((b.xy - a.xy[i]) ** 2).sum(axis=1))
            near = np.flatnonzero(metres <= (a.off_m[i] + b.off_m) * (1 + ROUNDING))
            found.append((np.full(len(near), i), near, metres[near] * self.per_m))
        first, second, cost = (np.concatenate(column) for column in zip(*found, strict=True))
        return first, second, cost

    def found(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Start, goal and cost of every trip within the limit, searched by scipy from the fewer of both."""
        turned = len(self.goals) < len(self.starts)
        parts = list(self._searched(turned))
        first, second, cost = (np.concatenate(column) for column in zip(*parts, strict=True))
        return (second, first, cost) if turned else (first, second, cost)

    def _searched(self, turned: bool) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
        sources = self.ways.arriving(self.goals) if turned else self.ways.leaving(self.starts)
        sinks = self.ways.leaving(self.starts) if turned else self.ways.arriving(self.goals)
        graph = self._graph(sources, turned)
        a, b, direct = (
            np.concatenate(pair) for pair in zip(self.ways.direct(self.starts, self.goals), self.off_road, strict=True)
        )
        if turned:
            a, b = b, a
        by_source = np.argsort(a, kind="stable")
        a, b, direct = a[by_source], b[by_source], direct[by_source]
        n_sources = len(sources[0])
        yield np.zeros(0, int), np.zeros(0, int), np.zeros(0)
        for begin in range(0, n_sources, BATCH):
            batch = np.arange(begin, min(n_sources, begin + BATCH))
            label = dijkstra(graph, indices=self.ways.n + batch, limit=self.limit)
            cost = np.minimum(label[:, sinks[0][:, 0]] + sinks[1][:, 0], label[:, sinks[0][:, 1]] + sinks[1][:, 1])
            here = slice(np.searchsorted(a, batch[0]), np.searchsorted(a, batch[-1], side="right"))
            np.minimum.at(cost, (a[here] - begin, b[here]), direct[here])
            row, column = np.nonzero(cost <= self.limit)
            yield row + begin, column, cost[row, column]

    def _graph(self, sources: tuple[IntArray, FloatArray], turned: bool) -> sp.csr_array:
        """The arcs, turned round where the search goes backwards, with a node of its own for every source."""
        tail, head = (self.ways.head, self.ways.tail) if turned else (self.ways.tail, self.ways.head)
        used = np.isfinite(sources[1])
        own = np.repeat(self.ways.n + np.arange(len(used))[:, None], 2, axis=1)
        tail = np.concatenate([tail, own[used]])
        head = np.concatenate([head, sources[0][used]])
        weight = np.concatenate([self.ways.weight, sources[1][used]])
        order = np.lexsort((weight, head, tail))
        tail, head, weight = tail[order], head[order], weight[order]
        least = np.ones(len(tail), dtype=bool)  # of parallel arcs the cheapest; scipy would add them up
        least[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        size = self.ways.n + len(used)
        starts = np.searchsorted(tail[least], np.arange(size + 1))
        return sp.csr_array((weight[least], head[least], starts), shape=(size, size))

    @cached_property
    def _plain(self) -> nx.MultiDiGraph:
        graph = nx.MultiDiGraph()
        graph.add_weighted_edges_from(zip(self.ways.tail, self.ways.head, self.ways.weight, strict=True))
        return graph

    def by_networkx(self, start: int) -> FloatArray:
        """What the trips from one start to every goal (n_goals,) cost, by networkx; inf beyond the limit."""
        graph, node, cost = self._plain, *self.ways.leaving(self.starts)
        graph.add_weighted_edges_from(
            ("start", int(v), float(c)) for v, c in zip(node[start], cost[start], strict=True) if np.isfinite(c)
        )
        label = nx.single_source_dijkstra_path_length(graph, "start", cutoff=self.limit)
        graph.remove_node("start")
        end, more = self.ways.arriving(self.goals)
        found = np.array(
            [
                min(label.get(int(v), np.inf) + c for v, c in zip(*ends, strict=True))
                for ends in zip(end, more, strict=True)
            ]
        )
        one, at = slice(start, start + 1), self.starts
        alone = Spots(at.edge[one], at.along[one], at.access[one])
        _, goal, direct = self.ways.direct(alone, self.goals)
        np.minimum.at(found, goal, direct)
        from_here = self.off_road[0] == start
        np.minimum.at(found, self.off_road[1][from_here], self.off_road[2][from_here])
        return np.where(found <= self.limit, found, np.inf)
