"""Shortest paths within a cut-off from many points on edges to many points on edges, compiled.

A bucket queue in the manner of Dial (1969), label-correcting inside a bucket (Denardo & Fox, 1979), so the answer is
exact for every bucket width. Labels are 64-bit. A node waits in at most one bucket, kept as a doubly linked list
through two node arrays, so the queue never grows; only the output does. After a source only the touched nodes are
reset, so a search costs what it settles, not the size of the network.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.network.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

NOT_WAITING = -2  # in `before`: the node is in no bucket
FIRST = -1  # in `before`: the node is the first of its bucket


class Arcs(NamedTuple):
    """The graph to search: arcs out of node v are `start[v]:start[v + 1]`."""

    start: Ints  # (n_nodes + 1,)
    head: Ints  # (n_arcs,)
    weight: Floats  # (n_arcs,)


class Sources(NamedTuple):
    """Points to search from, each on an edge, with up to two nodes the search enters the graph by (inf = not)."""

    node: Ints  # (n, 2)
    cost: Floats  # (n, 2) to that node, access included
    edge: Ints  # (n,)
    fraction: Floats  # (n,)
    access: Floats  # (n,)
    rising: Floats  # (n,) cost of the whole edge towards greater fractions, inf where not permitted
    falling: Floats  # (n,) towards smaller fractions

    def taken(self, order: NDArray[np.intp]) -> "Sources":
        """The sources at these positions."""
        return Sources(
            node=self.node[order],
            cost=self.cost[order],
            edge=self.edge[order],
            fraction=self.fraction[order],
            access=self.access[order],
            rising=self.rising[order],
            falling=self.falling[order],
        )


class Targets(NamedTuple):
    """Points to reach, listed by node (with the cost from there) and by edge (for sources on the same edge)."""

    by_node: Ints  # (n_nodes + 1,)
    node_target: Ints
    node_cost: Floats  # from the node to the point, access included
    by_edge: Ints  # (n_edges + 1,)
    edge_target: Ints
    fraction: Floats  # (n_targets,)
    access: Floats  # (n_targets,)


class Queue(NamedTuple):
    """Working memory of one thread."""

    label: Floats  # (n_nodes,) inf = not reached
    after: Ints  # (n_nodes,)
    before: Ints  # (n_nodes,)
    bucket: Ints  # (a power of two,) first node of each bucket, -1 = empty
    touched: Ints  # (n_nodes,)
    best: Floats  # (n_targets,) inf = not reached
    found: Ints  # (n_targets,)
    tally: NDArray[np.int64]  # (3,) waiting nodes, touched nodes, found targets
    per_width: float  # buckets per unit of cost


@compiled
def offer_target(queue: Queue, target: int, value: float, cutoff: float) -> None:
    """A target can be had for `value`."""
    if value <= cutoff and value < queue.best[target]:
        if queue.best[target] == np.inf:
            queue.found[queue.tally[2]] = target
            queue.tally[2] += 1
        queue.best[target] = value


@compiled
def offer_node(queue: Queue, node: int, value: float) -> None:
    """Lower the label of a node and put it into the bucket of its new label."""
    old = queue.label[node]
    mask = len(queue.bucket) - 1
    slot = int(value * queue.per_width) & mask
    if old == np.inf:
        queue.touched[queue.tally[1]] = node
        queue.tally[1] += 1
    queue.label[node] = value
    before = queue.before[node]
    if before != NOT_WAITING:
        old_slot = int(old * queue.per_width) & mask
        if old_slot == slot:
            return
        after = queue.after[node]
        if before == FIRST:
            queue.bucket[old_slot] = after
        else:
            queue.after[before] = after
        if after >= 0:
            queue.before[after] = before
    else:
        queue.tally[0] += 1
    first = queue.bucket[slot]
    queue.after[node] = first
    queue.before[node] = FIRST
    if first >= 0:
        queue.before[first] = node
    queue.bucket[slot] = node


@compiled
def enter(sources: Sources, s: int, targets: Targets, queue: Queue, cutoff: float) -> int:
    """Start a search at source `s`: its end nodes, and the targets on its own edge. Returns the first bucket."""
    lowest = np.inf
    for side in range(2):
        cost = sources.cost[s, side]
        if cost <= cutoff and cost < queue.label[sources.node[s, side]]:
            offer_node(queue, sources.node[s, side], cost)
            lowest = min(lowest, cost)
    edge, here = sources.edge[s], sources.fraction[s]
    for k in range(targets.by_edge[edge], targets.by_edge[edge + 1]):
        target = targets.edge_target[k]
        along = targets.fraction[target] - here
        cost = 0.0
        if along > 0.0:
            cost = along * sources.rising[s]
        elif along < 0.0:
            cost = -along * sources.falling[s]
        offer_target(queue, target, sources.access[s] + cost + targets.access[target], cutoff)
    return int(lowest * queue.per_width) if lowest < np.inf else 0


@compiled
def settle(arcs: Arcs, targets: Targets, queue: Queue, number: int, cutoff: float) -> None:
    """Empty bucket `number`. Afterwards the labels in it are exact and its targets have been offered."""
    slot = number & (len(queue.bucket) - 1)
    node = queue.bucket[slot]
    while node >= 0:
        after = queue.after[node]
        queue.bucket[slot] = after
        if after >= 0:
            queue.before[after] = FIRST
        queue.before[node] = NOT_WAITING
        queue.tally[0] -= 1
        label = queue.label[node]
        for k in range(targets.by_node[node], targets.by_node[node + 1]):
            offer_target(queue, targets.node_target[k], label + targets.node_cost[k], cutoff)
        for a in range(arcs.start[node], arcs.start[node + 1]):
            value = label + arcs.weight[a]
            if value <= cutoff and value < queue.label[arcs.head[a]]:
                offer_node(queue, arcs.head[a], value)
        node = queue.bucket[slot]


@compiled
def reset(queue: Queue) -> None:
    """Forget a search, also one that was broken off."""
    mask = len(queue.bucket) - 1
    for k in range(queue.tally[1]):
        node = queue.touched[k]
        if queue.before[node] != NOT_WAITING:
            queue.bucket[int(queue.label[node] * queue.per_width) & mask] = -1
            queue.before[node] = NOT_WAITING
        queue.label[node] = np.inf
    for k in range(queue.tally[2]):
        queue.best[queue.found[k]] = np.inf
    queue.tally[:] = 0


@compiled
def enough(queue: Queue, k: int, bound: float) -> bool:
    """Whether `k` targets are known below `bound`, so that nothing found later can be among the nearest."""
    if queue.tally[2] < k:
        return False
    below = 0
    for i in range(queue.tally[2]):
        if queue.best[queue.found[i]] < bound:
            below += 1
    return below >= k


@compiled
def search(
    arcs: Arcs, sources: Sources, targets: Targets, queue: Queue, block: tuple[int, int], limits: tuple[float, int]
) -> tuple[NDArray[np.int64], Ints, Floats]:
    """Search from the sources `block[0]:block[1]` within `limits[0]`, stopping early at `limits[1]` targets (0 = all).

    Returns the number of targets of each source, then all targets and all values, source by source.
    """
    first, last = block
    cutoff, nearest = limits
    counts = np.zeros(last - first, dtype=np.int64)
    ids = np.empty(4096, dtype=np.int32)
    values = np.empty(4096, dtype=np.float64)
    filled = 0
    for s in range(first, last):
        number = enter(sources, s, targets, queue, cutoff)
        while queue.tally[0] > 0:
            settle(arcs, targets, queue, number, cutoff)
            number += 1
            if nearest > 0 and enough(queue, nearest, number / queue.per_width * (1.0 - 1e-9)):
                break
        found = queue.tally[2]
        while filled + found > len(ids):
            ids = np.concatenate((ids, np.empty_like(ids)))
            values = np.concatenate((values, np.empty_like(values)))
        for k in range(found):
            ids[filled + k] = queue.found[k]
            values[filled + k] = queue.best[queue.found[k]]
        counts[s - first] = found
        filled += found
        reset(queue)
    return counts, ids[:filled].copy(), values[:filled].copy()


@compiled
def spread(arcs: Arcs, sources: Sources, s: int, targets: Targets, queue: Queue, cutoff: float) -> None:
    """Search from source `s` as far as the cut-off and leave labels and touched nodes in `queue`."""
    number = enter(sources, s, targets, queue, cutoff)
    while queue.tally[0] > 0:
        settle(arcs, targets, queue, number, cutoff)
        number += 1


@compiled
def at_origin(origin: Sources, s: int, node: int, label: float) -> bool:
    """Whether a path from source `s` begins at this node."""
    return (node == origin.node[s, 0] and label == origin.cost[s, 0]) or (
        node == origin.node[s, 1] and label == origin.cost[s, 1]
    )


@compiled
def trace(back: Arcs, label: Floats, node: int, origin: Sources, s: int) -> Ints:
    """Positions in `back` (the searched graph turned round) of the arcs from source `s` to `node`, last arc first.

    A label is exactly the sum that made it, so the arc that made it is found by comparing for equality.
    """
    found = np.empty(64, dtype=np.int32)
    count = 0
    while not at_origin(origin, s, node, label[node]):
        chosen = -1
        for a in range(back.start[node], back.start[node + 1]):
            if label[back.head[a]] + back.weight[a] == label[node]:
                chosen = a
                break
        if count == len(found):
            found = np.concatenate((found, np.empty_like(found)))
        found[count] = chosen
        count += 1
        node = back.head[chosen]
    return found[:count].copy()
