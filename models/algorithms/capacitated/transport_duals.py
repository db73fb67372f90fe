"""The compiled duals of a flow: what a unit more of every place costs, and what closing a site costs at least."""

import numpy as np

from models.algorithms.capacitated.transport_kernel import Flow
from models.algorithms.uncapacitated.swap_kernel import NONE, CostLists
from models.arrays import FloatArray
from models.compiled import compiled, inner


@inner(allocates=True)
def _prices_of_room(flow: Flow) -> FloatArray:
    """What a unit of room (n_slots,) more at every slot would save."""
    n = len(flow.site)
    room = np.full(n, np.inf)
    for a in range(n):
        if flow.site[a] != NONE and flow.load[a] < flow.room[a] - flow.small:
            room[a] = 0.0
    for _ in range(n):
        again = False
        for a in range(n):
            for b in range(n):
                reached = room[b] + flow.step[a, b]
                if reached < room[a] - 1e-12 * (1.0 + abs(reached)):
                    room[a] = reached
                    again = True
        if not again:
            break
    return room


@compiled(allocates=True)
def prices_of_flow(flow: Flow, price: FloatArray) -> None:
    """What a unit more of every place (n_places,) would cost: the duals of the flow."""
    room = _prices_of_room(flow)
    for i in range(len(price)):
        price[i] = np.inf
        for a in range(len(room)):
            if flow.site[a] != NONE and flow.cost[a, i] < np.inf and room[a] < np.inf:
                price[i] = min(price[i], flow.cost[a, i] + room[a])
        if price[i] == np.inf:
            price[i] = 0.0
            for a in range(len(room)):
                if flow.amount[a, i] > 0:
                    price[i] = max(price[i], flow.cost[a, i])


@compiled(allocates=True)
def least_without(lists: CostLists, weight: FloatArray, flow: Flow, least: FloatArray) -> None:
    """Cost that a plan without each open site has at least (n_sites,), by the prices of room as they are."""
    room = _prices_of_room(flow)
    n = len(room)
    dearest = 0.0
    for a in range(n):
        if flow.site[a] != NONE and room[a] < np.inf:
            dearest = max(dearest, room[a])
    more, total = np.zeros(n), 0.0
    for a in range(n):
        if flow.site[a] != NONE:
            room[a] = min(room[a], dearest)  # any price bounds
            total += lists.opening[flow.site[a]] - room[a] * flow.room[a]
    for i in range(len(weight)):
        best, first, second = NONE, np.inf, np.inf
        for a in range(n):
            if flow.site[a] != NONE:
                price = flow.cost[a, i] + room[a]
                if price < first:
                    best, first, second = a, price, first
                elif price < second:
                    second = price
        total += weight[i] * first
        more[best] += weight[i] * (second - first)
    for a in range(n):
        if flow.site[a] != NONE:
            least[flow.site[a]] = total + more[a] + room[a] * flow.room[a] - lists.opening[flow.site[a]]
