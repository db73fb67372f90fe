"""Shortest paths within a cut-off from many points on edges to many points on edges, compiled.

A bucket queue in the manner of Dial (1969), label-correcting inside a bucket (Denardo & Fox, 1979), so the answer is
exact for every bucket width. Labels are 64-bit. A node waits in at most one bucket, kept as a doubly linked list
through two node arrays, so the queue never grows; only the output does. After a source only the touched nodes are
reset, so a search costs what it settles, not the size of the network.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.compiled import compiled, inner
from solver.network.layout import runs

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Tally = tuple[int, int, int]  # waiting nodes, touched nodes, found targets

NOT_WAITING = -2  # in `before`: the node is in no bucket
FIRST = -1  # in `before`: the node is the first of its bucket


class Arcs(NamedTuple):
    """The graph to search: arcs out of node v are `start[v]:start[v + 1]`."""

    start: Ints  # (n_nodes + 1,)
    head: Ints  # (n_arcs,)
    weight: Floats  # (n_arcs,)


class NoRoad(NamedTuple):
    """Targets that a source goes to without the road: those of source s are `start[s]:start[s + 1]`."""

    start: Ints  # (n_sources + 1,)
    target: Ints
    cost: Floats

    def taken(self, order: NDArray[np.intp]) -> "NoRoad":
        """Those of the sources at these positions."""
        first, count = self.start[order].astype(np.int64), np.diff(self.start)[order]
        pick = runs(first, count.astype(np.int64))
        start = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
        return NoRoad(start, self.target[pick], self.cost[pick])


class Sources(NamedTuple):
    """Points to search from, each on an edge, with up to two nodes the search enters the graph by (inf = not)."""

    node: Ints  # (n, 2)
    cost: Floats  # (n, 2) to that node, access included
    edge: Ints  # (n,)
    fraction: Floats  # (n,)
    access: Floats  # (n,)
    rising: Floats  # (n,) cost of the whole edge towards greater fractions, inf where not permitted
    falling: Floats  # (n,) towards smaller fractions
    no_road: NoRoad

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
            no_road=self.no_road.taken(order),
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
    tally: NDArray[np.int64]  # (3,) as in `Tally`, after a search
    per_width: float  # buckets per unit of cost


@inner()
def offer_target(queue: Queue, tally: Tally, target: int, value: float, cutoff: float) -> Tally:
    """A target can be had for `value`."""
    waiting, touched, found = tally
    if value <= cutoff and value < queue.best[target]:
        if queue.best[target] == np.inf:
            queue.found[found] = target
            found += 1
        queue.best[target] = value
    return waiting, touched, found


@inner()
def offer_node(queue: Queue, tally: Tally, node: int, value: float) -> Tally:
    """Lower the label of a node and put it into the bucket of its new label."""
    waiting, touched, found = tally
    old = queue.label[node]
    mask = len(queue.bucket) - 1
    slot = int(value * queue.per_width) & mask
    if old == np.inf:
        queue.touched[touched] = node
        touched += 1
    queue.label[node] = value
    before = queue.before[node]
    if before != NOT_WAITING:
        old_slot = int(old * queue.per_width) & mask
        if old_slot == slot:
            return waiting, touched, found
        after = queue.after[node]
        if before == FIRST:
            queue.bucket[old_slot] = after
        else:
            queue.after[before] = after
        if after >= 0:
            queue.before[after] = before
    else:
        waiting += 1
    first = queue.bucket[slot]
    queue.after[node] = first
    queue.before[node] = FIRST
    if first >= 0:
        queue.before[first] = node
    queue.bucket[slot] = node
    return waiting, touched, found


@inner()
def enter(sources: Sources, s: int, targets: Targets, queue: Queue, cutoff: float) -> tuple[Tally, int]:
    """Start a search at source `s`: its end nodes, the targets on its own edge and those it goes to without the road.

    Returns the first bucket too.
    """
    tally = (0, 0, 0)
    lowest = np.inf
    for side in range(2):
        cost = sources.cost[s, side]
        if cost <= cutoff and cost < queue.label[sources.node[s, side]]:
            tally = offer_node(queue, tally, sources.node[s, side], cost)
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
        tally = offer_target(queue, tally, target, sources.access[s] + cost + targets.access[target], cutoff)
    no_road = sources.no_road
    for k in range(no_road.start[s], no_road.start[s + 1]):
        tally = offer_target(queue, tally, no_road.target[k], no_road.cost[k], cutoff)
    return tally, int(lowest * queue.per_width) if lowest < np.inf else 0


@inner()
def drain(arcs: Arcs, targets: Targets, queue: Queue, tally: Tally, number: int, limits: tuple[float, int]) -> Tally:
    """Empty the buckets from `number` on until none waits or `limits[1]` targets are known (0 = all).

    When a bucket is empty its labels are exact and its targets have been offered. The loop is written out, without
    calls: that halves its time.
    """
    cutoff, nearest = limits
    waiting, n_touched, n_found = tally
    start, head, weight = arcs.start, arcs.head, arcs.weight
    by_node, node_target, node_cost = targets.by_node, targets.node_target, targets.node_cost
    label, after, before, bucket = queue.label, queue.after, queue.before, queue.bucket
    touched, best, found, per_width = queue.touched, queue.best, queue.found, queue.per_width
    mask = len(bucket) - 1
    while waiting > 0:
        slot = number & mask
        node = bucket[slot]
        while node >= 0:
            following = after[node]
            bucket[slot] = following
            if following >= 0:
                before[following] = FIRST
            before[node] = NOT_WAITING
            waiting -= 1
            here = label[node]
            for k in range(by_node[node], by_node[node + 1]):
                value, target = here + node_cost[k], node_target[k]
                if value <= cutoff and value < best[target]:
                    if best[target] == np.inf:
                        found[n_found] = target
                        n_found += 1
                    best[target] = value
            for a in range(start[node], start[node + 1]):
                value, there = here + weight[a], head[a]
                if value > cutoff or value >= label[there]:
                    continue
                old = label[there]
                label[there] = value
                new_slot = int(value * per_width) & mask
                if before[there] == NOT_WAITING:
                    waiting += 1
                    if old == np.inf:
                        touched[n_touched] = there
                        n_touched += 1
                else:
                    old_slot = int(old * per_width) & mask
                    if old_slot == new_slot:
                        continue
                    following, previous = after[there], before[there]
                    if previous == FIRST:
                        bucket[old_slot] = following
                    else:
                        after[previous] = following
                    if following >= 0:
                        before[following] = previous
                first = bucket[new_slot]
                after[there] = first
                before[there] = FIRST
                if first >= 0:
                    before[first] = there
                bucket[new_slot] = there
            node = bucket[slot]
        number += 1
        if nearest > 0 and enough(best, found, n_found, nearest, number / per_width * (1.0 - 1e-9)):
            break
    return waiting, n_touched, n_found


@compiled()
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
    for k in range(3):
        queue.tally[k] = 0


@inner()
def enough(best: Floats, found: Ints, n_found: int, k: int, bound: float) -> bool:
    """Whether `k` targets are known below `bound`, so that nothing found later can be among the nearest."""
    if n_found < k:
        return False
    below = 0
    for i in range(n_found):
        if best[found[i]] < bound:
            below += 1
    return below >= k


@compiled()
def spread(arcs: Arcs, sources: Sources, s: int, targets: Targets, queue: Queue, limits: tuple[float, int]) -> None:
    """Search from source `s` within `limits[0]`, stopping early at `limits[1]` targets (0 = all).

    Labels, touched nodes and found targets stay in `queue` until it is reset.
    """
    tally, number = enter(sources, s, targets, queue, limits[0])
    queue.tally[0], queue.tally[1], queue.tally[2] = drain(arcs, targets, queue, tally, number, limits)


@inner(allocates=True)
def longer(old: np.ndarray, filled: int, size: int) -> np.ndarray:
    """The first `filled` numbers of an array in one of another size."""
    new = np.empty(size, dtype=old.dtype)
    for k in range(filled):
        new[k] = old[k]
    return new


@compiled(allocates=True)
def search(
    arcs: Arcs, sources: Sources, targets: Targets, queue: Queue, block: tuple[int, int], limits: tuple[float, int]
) -> tuple[NDArray[np.int64], Ints, Floats]:
    """Search from the sources `block[0]:block[1]` within `limits` as in `spread`.

    Returns the number of targets of each source, then all targets and all values, source by source.
    """
    first, last = block
    counts = np.zeros(last - first, dtype=np.int64)
    ids = np.empty(4096, dtype=np.int32)
    values = np.empty(4096, dtype=np.float64)
    filled = 0
    for s in range(first, last):
        spread(arcs, sources, s, targets, queue, limits)
        found = queue.tally[2]
        while filled + found > len(ids):
            ids, values = longer(ids, filled, 2 * len(ids)), longer(values, filled, 2 * len(values))
        for k in range(found):
            ids[filled + k] = queue.found[k]
            values[filled + k] = queue.best[queue.found[k]]
        counts[s - first] = found
        filled += found
        reset(queue)
    return counts, longer(ids, filled, filled), longer(values, filled, filled)


@inner()
def at_origin(origin: Sources, s: int, node: int, label: float) -> bool:
    """Whether a path from source `s` begins at this node."""
    return (node == origin.node[s, 0] and label == origin.cost[s, 0]) or (
        node == origin.node[s, 1] and label == origin.cost[s, 1]
    )


@compiled(allocates=True)
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
            found = longer(found, count, 2 * count)
        found[count] = chosen
        count += 1
        node = back.head[chosen]
    return longer(found, count, count)
