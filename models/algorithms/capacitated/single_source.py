"""Serving every place from one site within capacities: a flow made whole, then moves and exchanges."""

import numpy as np

from models.algorithms.capacitated.transport import Transported
from models.algorithms.uncapacitated.swap_kernel import NONE
from models.arrays import FloatArray, IntArray, sparse_from_pairs
from models.compiled import compiled, inner
from models.plan import Plan
from models.problem import SitingProblem


@inner()
def _over(load: float, room: float) -> float:
    return max(0.0, load - room)


@inner()
def _change(room: FloatArray, load: FloatArray, a: int, b: int, moved: float, fine: float) -> float:
    """Change of the fine when `moved` goes from slot a to slot b."""
    before = _over(load[a], room[a]) + _over(load[b], room[b])
    after = _over(load[a] - moved, room[a]) + _over(load[b] + moved, room[b])
    return fine * (after - before)


@inner()
def _move(cost: FloatArray, weight: FloatArray, room: FloatArray, slot: IntArray, load: FloatArray, fine: float) -> int:
    """Move single places to better slots; how many moved."""
    moves = 0
    for i in range(len(slot)):
        a, best, best_change = slot[i], slot[i], -1e-9
        for b in range(len(room)):
            if b != a and cost[b, i] < np.inf:
                change = cost[b, i] - cost[a, i] + _change(room, load, a, b, weight[i], fine)
                if change < best_change:
                    best, best_change = b, change
        if best != a:
            load[a] -= weight[i]
            load[best] += weight[i]
            slot[i] = best
            moves += 1
    return moves


@inner()
def _exchange(
    cost: FloatArray, weight: FloatArray, room: FloatArray, slot: IntArray, load: FloatArray, fine: float
) -> int:
    """Exchange the slots of two places where that is better; how often."""
    moves = 0
    for i in range(len(slot)):
        for k in range(i):
            a, b = slot[i], slot[k]
            if a == b:
                continue
            change = cost[b, i] + cost[a, k] - cost[a, i] - cost[b, k]
            if change >= fine * (_over(load[a], room[a]) + _over(load[b], room[b])) - 1e-9:
                continue
            change += _change(room, load, a, b, weight[i] - weight[k], fine)
            if change < -1e-9:
                load[a] += weight[k] - weight[i]
                load[b] += weight[i] - weight[k]
                slot[i], slot[k] = b, a
                moves += 1
    return moves


@compiled()
def settle_whole(
    cost: FloatArray,
    weight: FloatArray,
    room: FloatArray,
    slot: IntArray,
    load: FloatArray,
    fine: float,
    rounds: int,
) -> None:
    """Better the slots (n_places,) at `cost` (n_slots, n_places) until no move and no exchange helps."""
    for _ in range(rounds):
        if _move(cost, weight, room, slot, load, fine) + _exchange(cost, weight, room, slot, load, fine) == 0:
            return


RAISES = 12
"""How often the fine on load beyond the room is raised."""
ROUNDS = 30


def whole_plan(found: Transported, problem: SitingProblem) -> Plan | None:
    """A plan near the flow that serves no place from two sites; None where none was found.

    Every place goes where most of it goes in the flow. A fine on loads beyond the room rises until they fit.
    """
    flow, loads = found.flow, found.loads
    used = np.flatnonzero(flow.site != NONE)
    weight = loads.weight
    cost = np.ascontiguousarray(flow.cost[used] * weight)
    room, slot = flow.room[used] + flow.small, np.argmax(flow.amount[used], axis=0).astype(np.int64)
    load = np.bincount(slot, weights=weight, minlength=len(used)).astype(np.float64)
    fine = float(np.mean(cost[slot, np.arange(len(slot))] / weight)) + 1.0
    for _ in range(RAISES):
        settle_whole(cost, weight, room, slot, load, fine, ROUNDS)
        if (load <= room).all():
            break
        fine *= 3.0
    else:
        return None
    settle_whole(cost, weight, room, slot, load, 1e6 * fine, ROUNDS)
    if not (load <= room).all():
        return None
    shape = (problem.travel.shape[0], problem.travel.shape[1])
    return Plan(open=found.is_open, served=sparse_from_pairs(loads.places, flow.site[used][slot], 1.0, shape))
