"""The compiled part of opening stations: which trips open stations refuel, and which one more would complete.

The nodes of a trip's graph are numbered from its end: a hop leads to a smaller number, but from the start (0) and to
the end (1).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.compiled import compiled, inner
from models.flow.classes import FlowClass
from models.flow.tripgraph_kernel import SINK, SOURCE


class Trips(NamedTuple):
    """Classes of trips.

    `weight` (n_classes,). Class c has the sites `alone` from `first_alone[c]` on; the covers `first_cover[c]` to
    `first_cover[c + 1]`, of which cover k has the sites `cover` from `cover_start[k]` on; and the hops `tail`, `head`
    from `first_hop[c]` on, ordered by node from the start of the trip to its end. Its nodes stand at the sites `place`
    from `first_node[c]` on. `most_nodes` is the greatest number of nodes of any class.
    """

    weight: FloatArray
    first_alone: IntArray
    alone: IntArray
    first_cover: IntArray
    cover_start: IntArray
    cover: IntArray
    first_hop: IntArray
    tail: IntArray
    head: IntArray
    first_node: IntArray
    place: IntArray
    most_nodes: int


def trips_of(classes: Sequence[FlowClass]) -> Trips:
    """The classes one after the other."""
    none = np.zeros(0, dtype=np.int64)
    covers = [cover for one in classes for cover in one.covers]
    graphs = [one.graph for one in classes]
    order = [
        none if g is None else np.lexsort((g.head, np.where(g.tail == SOURCE, -len(g.leg), -g.tail))) for g in graphs
    ]
    places = [none if g is None else g.site for g in graphs]
    return Trips(
        weight=np.array([one.weight for one in classes], dtype=np.float64),
        first_alone=_starts([len(one.alone) for one in classes]),
        alone=np.array([s for one in classes for s in one.alone], dtype=np.int64),
        first_cover=_starts([len(one.covers) for one in classes]),
        cover_start=_starts([len(cover) for cover in covers]),
        cover=np.array([s for cover in covers for s in cover], dtype=np.int64),
        first_hop=_starts([len(of) for of in order]),
        tail=np.concatenate([none, *(g.tail[of] for g, of in zip(graphs, order, strict=True) if g is not None)]),
        head=np.concatenate([none, *(g.head[of] for g, of in zip(graphs, order, strict=True) if g is not None)]),
        first_node=_starts([len(of) for of in places]),
        place=np.concatenate([none, *places]).astype(np.int64),
        most_nodes=max((len(of) for of in places), default=0),
    )


def _starts(sizes: Sequence[int]) -> IntArray:
    return np.concatenate([[0], np.cumsum(np.array(sizes, dtype=np.int64))]).astype(np.int64)


@inner()
def _unmet(trips: Trips, c: int, is_open: BoolArray) -> int:
    """Covers of a class without an open site."""
    unmet = 0
    for k in range(trips.first_cover[c], trips.first_cover[c + 1]):
        met = False
        for i in range(trips.cover_start[k], trips.cover_start[k + 1]):
            met |= is_open[trips.cover[i]]
        unmet += not met
    return unmet


@inner()
def _arrives(trips: Trips, c: int, is_open: BoolArray, arrive: BoolArray) -> bool:
    """Can the trip be driven? `arrive`: the nodes that are reached over open stations."""
    first, nodes = trips.first_node[c], trips.first_node[c + 1] - trips.first_node[c]
    arrive[:nodes] = False
    if nodes == 0:
        return True
    for i in range(trips.first_alone[c], trips.first_alone[c + 1]):
        if is_open[trips.alone[i]]:
            return True
    for hop in range(trips.first_hop[c], trips.first_hop[c + 1]):
        tail = trips.tail[hop]
        if tail == SOURCE or (arrive[tail] and is_open[trips.place[first + tail]]):
            arrive[trips.head[hop]] = True
    return bool(arrive[SINK])


@compiled(allocates=True)
def completed(trips: Trips, is_open: BoolArray) -> float:
    """Weight of the trips that open stations refuel."""
    arrive = np.zeros(max(trips.most_nodes, 2), dtype=np.bool_)
    total = 0.0
    for c in range(len(trips.weight)):
        if _unmet(trips, c, is_open) == 0 and _arrives(trips, c, is_open, arrive):
            total += trips.weight[c]
    return total


@compiled(allocates=True)
def gains(trips: Trips, is_open: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Weight of the trips that one more station completes (n_sites,), and of those that it brings nearer."""
    n = len(is_open)
    completes, nearer = np.zeros(n), np.zeros(n)
    arrive, leave = (
        np.zeros(max(trips.most_nodes, 2), dtype=np.bool_),
        np.zeros(max(trips.most_nodes, 2), dtype=np.bool_),
    )
    seen, count = np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    done = np.full(n, -1, dtype=np.int64)
    for c in range(len(trips.weight)):
        weight, unmet = trips.weight[c], _unmet(trips, c, is_open)
        driven = _arrives(trips, c, is_open, arrive)
        if unmet == 0 and driven:
            continue
        if unmet > 0:  # a trip on one line: the sites in all covers that are not met
            for k in range(trips.first_cover[c], trips.first_cover[c + 1]):
                met = False
                for i in range(trips.cover_start[k], trips.cover_start[k + 1]):
                    met |= is_open[trips.cover[i]]
                if met:
                    continue
                for i in range(trips.cover_start[k], trips.cover_start[k + 1]):
                    site = trips.cover[i]
                    if seen[site] != c:
                        seen[site], count[site] = c, 0
                    count[site] += 1
                    if count[site] == unmet:
                        completes[site] += weight
                    nearer[site] += weight / unmet
            continue
        for i in range(trips.first_alone[c], trips.first_alone[c + 1]):
            site = trips.alone[i]
            if done[site] != c:
                done[site] = c
                completes[site] += weight
        first, nodes = trips.first_node[c], trips.first_node[c + 1] - trips.first_node[c]
        leave[:nodes] = False
        for i in range(trips.first_hop[c + 1] - trips.first_hop[c]):
            hop = trips.first_hop[c + 1] - 1 - i
            head = trips.head[hop]
            if head == SINK or (leave[head] and is_open[trips.place[first + head]]):
                leave[trips.tail[hop]] = True
        for node in range(2, nodes):
            site = trips.place[first + node]
            if is_open[site]:
                continue
            if arrive[node] and leave[node]:
                if done[site] != c:
                    done[site] = c
                    completes[site] += weight
            elif (arrive[node] or leave[node]) and seen[site] != c:
                seen[site] = c
                nearer[site] += weight
    return completes, nearer
