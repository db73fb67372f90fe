"""The compiled part of serving places within capacities at least cost: a flow between the open sites.

Places are served by their best open site; where a site carries too much, load moves away along the cheapest chain of
sites, one place after another from site to site (successive shortest paths: Jewell 1958; Busacker and Gowen 1960; on
the small graph of the sites only, because a place passes a load on at the difference of two costs). Closing a site is
taking its room away, opening one is letting it draw load as long as that pays: both go on from the flow as it is.
"""

from typing import NamedTuple

import numpy as np

from models.algorithms.uncapacitated.swap_kernel import NONE, CostLists
from models.arrays import BoolArray, FloatArray, IntArray
from models.compiled import compiled, inner

NOTHING = 1e-9
"""An amount of weight below this, relative to the whole, is rounding."""


class Flow(NamedTuple):
    """Amounts (n_slots, n_places) that the sites in the slots serve, and unit costs, inf out of reach.

    `site` (n_slots,) is the site of every slot, NONE where it is empty. `step` (n_slots, n_slots) is the least cost of
    moving a unit from one slot to another, of the place `via`. `room` and `load` are (n_slots,).
    """

    site: IntArray
    cost: FloatArray
    amount: FloatArray
    room: FloatArray
    load: FloatArray
    step: FloatArray
    via: IntArray
    small: float


@inner()
def _steps_from(flow: Flow, a: int) -> None:
    """The cheapest moves away from one slot."""
    flow.step[a, :] = np.inf
    flow.via[a, :] = NONE
    if flow.site[a] == NONE:
        return
    for i in range(flow.amount.shape[1]):
        if flow.amount[a, i] > 0:
            _offer(flow, a, i)


@inner()
def _offer(flow: Flow, a: int, i: int) -> None:
    """A place that slot `a` serves may move."""
    for b in range(len(flow.site)):
        if b != a and flow.site[b] != NONE:
            move = flow.cost[b, i] - flow.cost[a, i]
            if move < flow.step[a, b]:
                flow.step[a, b] = move
                flow.via[a, b] = i


@inner()
def _step_again(flow: Flow, a: int, b: int) -> None:
    """The cheapest move between two slots."""
    best, via = np.inf, NONE
    for i in range(flow.amount.shape[1]):
        if flow.amount[a, i] > 0:
            move = flow.cost[b, i] - flow.cost[a, i]
            if move < best:
                best, via = move, i
    flow.step[a, b] = best
    flow.via[a, b] = via


@inner(allocates=True)
def _paths(flow: Flow, far: FloatArray, before: IntArray) -> None:
    """Least cost of reaching every slot from those where `far` is set (Bellman 1958), and the slot before it."""
    n = len(flow.site)
    before[:] = NONE
    changed = np.empty(n, dtype=np.bool_)
    for a in range(n):
        changed[a] = far[a] < np.inf
    for _ in range(n):
        again = False
        for a in range(n):
            if not changed[a]:
                continue
            changed[a] = False
            for b in range(n):
                reached = far[a] + flow.step[a, b]
                if reached < far[b] - 1e-12 * (1.0 + abs(reached)):
                    far[b] = reached
                    before[b] = a
                    changed[b] = True
                    again = True
        if not again:
            return


@inner(allocates=True)
def _push(flow: Flow, before: IntArray, end: int, most: float) -> float:
    """Move up to `most` along the path that ends in a slot; what was moved, and the cost of it are in the flow."""
    b, hops = end, 0
    while before[b] != NONE:
        a = before[b]
        most = min(most, flow.amount[a, flow.via[a, b]])
        b = a
        hops += 1
        if hops > len(flow.site):
            return 0.0
    start, b = b, end
    moved = np.empty((hops, 3), dtype=np.int64)
    for k in range(hops):
        a = before[b]
        moved[k, 0], moved[k, 1], moved[k, 2] = a, b, flow.via[a, b]
        b = a
    for k in range(hops):
        a, b, i = moved[k, 0], moved[k, 1], moved[k, 2]
        flow.amount[a, i] -= most
        if flow.amount[a, i] <= flow.small:
            flow.amount[b, i] += flow.amount[a, i]
            flow.amount[a, i] = 0.0
        flow.amount[b, i] += most
    for k in range(hops):
        a, b, i = moved[k, 0], moved[k, 1], moved[k, 2]
        if flow.amount[a, i] == 0.0:
            for c in range(len(flow.site)):
                if flow.via[a, c] == i:
                    _step_again(flow, a, c)
        if flow.amount[b, i] > 0:
            _offer(flow, b, i)
    flow.load[start] -= most
    flow.load[end] += most
    return most


@inner(allocates=True)
def relieve(flow: Flow) -> bool:
    """Move load from slots beyond their room to others at least cost; False where there is no room for it."""
    n = len(flow.site)
    far, before = np.empty(n), np.empty(n, dtype=np.int64)
    for _ in range(20 * flow.amount.shape[1] + 1000):
        some = False
        for a in range(n):
            over = flow.site[a] != NONE and flow.load[a] > flow.room[a] + flow.small
            far[a] = 0.0 if over else np.inf
            some = some or over
        if not some:
            return True
        _paths(flow, far, before)
        end, best = NONE, np.inf
        for b in range(n):
            if flow.site[b] != NONE and flow.load[b] < flow.room[b] - flow.small and far[b] < best:
                end, best = b, far[b]
        if end == NONE:
            return False
        start = end
        for _hop in range(n):
            if before[start] == NONE:
                break
            start = before[start]
        most = min(flow.load[start] - flow.room[start], flow.room[end] - flow.load[end])
        if most <= 0 or _push(flow, before, end, most) <= 0:
            return False
    return False


@compiled(allocates=True)
def draw(flow: Flow, slot: int) -> None:
    """Let a new slot take load from all others as long as that pays and it has room."""
    n = len(flow.site)
    far, before = np.empty(n), np.empty(n, dtype=np.int64)
    for _ in range(20 * flow.amount.shape[1] + 1000):
        for a in range(n):
            far[a] = 0.0 if flow.site[a] != NONE and a != slot and flow.load[a] > flow.small else np.inf
        _paths(flow, far, before)
        left = flow.room[slot] - flow.load[slot]
        if left <= flow.small or far[slot] > -1e-9 * (1.0 + abs(far[slot])):
            return
        start = slot
        for _hop in range(n):
            if before[start] == NONE:
                break
            start = before[start]
        if start == slot or _push(flow, before, slot, min(left, flow.load[start])) <= 0:
            return


@compiled()
def enter(lists: CostLists, weight: FloatArray, capacity: FloatArray, flow: Flow, slot: int, site: int) -> None:
    """Put a site into an empty slot, without load."""
    flow.site[slot] = site
    flow.room[slot] = capacity[site]
    flow.load[slot] = 0.0
    flow.cost[slot, :] = np.inf
    flow.amount[slot, :] = 0.0
    flow.step[slot, :] = np.inf
    flow.via[slot, :] = NONE
    for e in range(lists.start_of_site[site], lists.start_of_site[site + 1]):
        i = lists.place_of_site[e]
        flow.cost[slot, i] = lists.cost_of_site[e] / weight[i]
    for a in range(len(flow.site)):
        if a != slot and flow.site[a] != NONE:
            _step_again(flow, a, slot)


@inner()
def _hand_on(flow: Flow, slot: int, i: int) -> bool:
    """Give what rounding has left of a place at a slot to the best other one."""
    best = NONE
    for b in range(len(flow.site)):
        near = b != slot and flow.site[b] != NONE and flow.cost[b, i] < np.inf
        if near and (best == NONE or flow.cost[b, i] < flow.cost[best, i]):
            best = b
    if best == NONE:
        return False
    flow.amount[best, i] += flow.amount[slot, i]
    flow.load[best] += flow.amount[slot, i]
    flow.amount[slot, i] = 0.0
    _offer(flow, best, i)
    return True


@compiled(allocates=True)
def leave(flow: Flow, slot: int) -> bool:
    """Take a slot's site out; False where the others have no room for what it serves."""
    flow.room[slot] = 0.0
    if not relieve(flow):
        return False
    for i in range(flow.amount.shape[1]):
        if flow.amount[slot, i] > 0 and not _hand_on(flow, slot, i):
            return False
    flow.site[slot] = NONE
    flow.step[:, slot] = np.inf
    flow.step[slot, :] = np.inf
    flow.via[:, slot] = NONE
    flow.via[slot, :] = NONE
    return True


@compiled(allocates=True)
def begin(lists: CostLists, weight: FloatArray, capacity: FloatArray, is_open: BoolArray, flow: Flow) -> bool:
    """Serve all places from the open sites at least cost; False where that is not possible."""
    flow.site[:] = NONE
    flow.amount[:] = 0.0
    slot = 0
    for site in range(len(is_open)):
        if is_open[site]:
            enter(lists, weight, capacity, flow, slot, site)
            slot += 1
    for i in range(len(weight)):
        best = NONE
        for a in range(slot):
            if flow.cost[a, i] < np.inf and (best == NONE or flow.cost[a, i] < flow.cost[best, i]):
                best = a
        if best == NONE:
            return False
        flow.amount[best, i] = weight[i]
        flow.load[best] += weight[i]
    for a in range(slot):
        _steps_from(flow, a)
    return relieve(flow)


@compiled()
def cost_of_flow(lists: CostLists, flow: Flow) -> float:
    """Cost of service and of opening."""
    total = 0.0
    for a in range(len(flow.site)):
        if flow.site[a] != NONE:
            total += lists.opening[flow.site[a]]
            for i in range(flow.amount.shape[1]):
                if flow.amount[a, i] > 0:
                    total += flow.amount[a, i] * flow.cost[a, i]
    return total
