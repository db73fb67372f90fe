"""The compiled part of bounds with capacities: what a site saves when it fills up with its best places, which open."""

from typing import NamedTuple

import numpy as np
from numba import njit

from models.algorithms.uncapacitated.swap_kernel import CostLists
from models.arrays import BoolArray, FloatArray, IntArray

HALVINGS = 60


class Filled(NamedTuple):
    """What every site serves: `taken` (n_sites,) entries from its start on, of a `place` and its `share` (n_pairs,).

    `edge` (n_sites,) is the least gain per weight that a full site takes, 0 at sites that are not full.
    """

    taken: IntArray
    place: IntArray
    share: FloatArray
    edge: FloatArray


@njit(cache=True, nogil=True)
def _swap(place: IntArray, gain: FloatArray, a: int, b: int) -> None:
    place[a], place[b] = place[b], place[a]
    gain[a], gain[b] = gain[b], gain[a]


@njit(cache=True, nogil=True)
def _best_that_fit(place: IntArray, gain: FloatArray, weight: FloatArray, room: float) -> tuple[int, float]:
    """Move the entries of most gain per weight that fit to the front, the last one in part.

    How many these are, and the share of the last one: by parting around pivots (Balas and Zemel 1980), without sorting.
    """
    low, high = 0, len(place)
    while low < high:
        a, b, c = gain[low], gain[(low + high) // 2], gain[high - 1]
        pivot = max(min(a, b), min(max(a, b), c))
        better, at, worse, load, level = low, low, high, 0.0, 0.0
        while at < worse:  # three parts: better than the pivot, as good, worse
            if gain[at] > pivot:
                load += weight[place[at]]
                _swap(place, gain, better, at)
                better += 1
                at += 1
            elif gain[at] < pivot:
                worse -= 1
                _swap(place, gain, at, worse)
            else:
                level += weight[place[at]]
                at += 1
        if load > room:
            high = better
            continue
        room -= load
        if level <= room:
            room -= level
            low = worse
            continue
        for k in range(better, worse):
            if weight[place[k]] > room:
                return k + 1, room / weight[place[k]]
            room -= weight[place[k]]
        low = worse
    return low, 1.0


@njit(cache=True, nogil=True)
def _fill_one(
    lists: CostLists, site: int, weight: FloatArray, price: FloatArray, dearest: float, room: float, filled: Filled
) -> float:
    """Fill one site with the places below their price that it serves best; what that saves."""
    start = lists.start_of_site[site]
    n, load = 0, 0.0
    for e in range(start, lists.start_of_site[site + 1]):
        i = lists.place_of_site[e]
        if lists.cost_of_site[e] >= weight[i] * dearest:  # dearer per weight from here on
            break
        gain = price[i] - lists.cost_of_site[e] / weight[i]
        if gain > 0:
            filled.place[start + n] = i
            filled.share[start + n] = gain
            n += 1
            load += weight[i]
    last, full = 1.0, load > room
    if full:
        n, last = _best_that_fit(filled.place[start : start + n], filled.share[start : start + n], weight, room)
    saved, edge = 0.0, np.inf
    for e in range(start, start + n):
        edge = min(edge, filled.share[e])
        part = last if e == start + n - 1 else 1.0
        saved += part * weight[filled.place[e]] * filled.share[e]
        filled.share[e] = part
    filled.taken[site] = n
    filled.edge[site] = edge if full and n else 0.0
    return saved


@njit(cache=True, nogil=True)
def fill(
    lists: CostLists,
    weight: FloatArray,
    price: FloatArray,
    capacity: FloatArray,
    may_open: BoolArray,
    filled: Filled,
    reduced: FloatArray,
) -> None:
    """Opening cost less what each site that may open saves within its capacity, at `price` (n_places,) per weight.

    The pairs of every site must stand by rising cost per weight.
    """
    dearest = price.max() if len(price) else 0.0
    for site in range(len(reduced)):
        reduced[site] = lists.opening[site]
        filled.taken[site] = 0
        filled.edge[site] = 0.0
        if may_open[site]:
            reduced[site] -= _fill_one(lists, site, weight, price, dearest, capacity[site], filled)


@njit(cache=True, nogil=True)
def times_filled(lists: CostLists, filled: Filled, part: FloatArray, times: FloatArray) -> None:
    """How many times each place (n_places,) is served when sites open to the given parts (n_sites,)."""
    times[:] = 0.0
    for site in range(len(part)):
        if part[site] > 0:
            start = lists.start_of_site[site]
            for e in range(start, start + filled.taken[site]):
                times[filled.place[e]] += part[site] * filled.share[e]


@njit(cache=True, nogil=True)
def cheapest(cost: FloatArray, counted: IntArray, free: IntArray, least: int, most: int, chosen: BoolArray) -> None:
    """Mark the sites of least cost: of `counted` between `least` and `most`, of `free` those below 0."""
    chosen[:] = False
    below = 0
    for site in counted:
        below += cost[site] < 0
    order = np.argsort(cost[counted])
    for k in range(min(max(below, least), most, len(counted))):
        chosen[counted[order[k]]] = True
    for site in free:
        chosen[site] = cost[site] < 0


@njit(cache=True, nogil=True)
def _carried(capacity: FloatArray, chosen: BoolArray) -> float:
    total = 0.0
    for site in range(len(capacity)):
        if chosen[site]:
            total += capacity[site]
    return total


@njit(cache=True, nogil=True)
def price_of_capacity(
    reduced: FloatArray,
    capacity: FloatArray,
    need: float,
    counted: IntArray,
    free: IntArray,
    limits: tuple[int, int],
    part: FloatArray,
    chosen: BoolArray,
) -> float:
    """The price of capacity at which the cheapest sites carry `need`; inf where no choice does.

    `chosen` (n_sites,) carry it, and the parts (n_sites,) between two cheapest choices carry it exactly.
    """
    least, most = limits
    cheapest(reduced, counted, free, least, most, chosen)
    part[:] = 0.0
    if _carried(capacity, chosen) >= need:
        for site in range(len(part)):
            part[site] = 1.0 if chosen[site] else 0.0
        return 0.0
    short, high = chosen.copy(), 0.0
    for site in counted:
        if capacity[site] > 0:
            high = max(high, abs(reduced[site]) / capacity[site])
    for site in free:
        if capacity[site] > 0:
            high = max(high, abs(reduced[site]) / capacity[site])
    low, high, doubled = 0.0, 2.0 * high + 1e-9, 0
    cheapest(reduced - high * capacity, counted, free, least, most, chosen)
    while _carried(capacity, chosen) < need:
        if doubled > HALVINGS:
            return np.inf
        low, high, doubled = high, 2.0 * high, doubled + 1
        short[:] = chosen
        cheapest(reduced - high * capacity, counted, free, least, most, chosen)
    tried = chosen.copy()
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if high - low <= 1e-12 * high:
            break
        cheapest(reduced - middle * capacity, counted, free, least, most, tried)
        if _carried(capacity, tried) >= need:
            high = middle
            chosen[:] = tried
        else:
            low = middle
            short[:] = tried
    less, more = _carried(capacity, short), _carried(capacity, chosen)
    share = (need - less) / (more - less)
    for site in range(len(part)):
        part[site] = share * chosen[site] + (1.0 - share) * short[site]
    return high
