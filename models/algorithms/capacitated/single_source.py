"""Serving every place from one site within capacities: a flow made whole, then moves and exchanges."""

import numpy as np

from models.algorithms.capacitated.single_source_kernel import settle_whole
from models.algorithms.capacitated.transport import Transported
from models.algorithms.uncapacitated.swap_kernel import NONE
from models.arrays import sparse_from_pairs
from models.plan import Plan
from models.problem import SitingProblem

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
