"""The compiled part of bounds with capacities: what a site saves when it fills up with its best places, which open."""

from typing import NamedTuple

import numpy as np

from models.algorithms.uncapacitated.swap_kernel import CostLists
from models.arrays import BoolArray, FloatArray, IntArray
from models.compiled import compiled, inner
from models.selection import least_first

HALVINGS = 60


class Filled(NamedTuple):
    """What every site serves: `taken` (n_sites,) entries from its start on, of a `place` and its `share` (n_pairs,).

    `edge` (n_sites,) is the least gain per weight that a full site takes, 0 at sites that are not full.
    """

    taken: IntArray
    place: IntArray
    share: FloatArray
    edge: FloatArray


class Choice(NamedTuple):
    """Capacity (n_sites,), and which sites there are to choose: of `counted` from `least` to `most`, of `free` any."""

    capacity: FloatArray
    counted: IntArray
    free: IntArray
    least: int
    most: int


@inner()
def _swap(place: IntArray, gain: FloatArray, a: int, b: int) -> None:
    place[a], place[b] = place[b], place[a]
    gain[a], gain[b] = gain[b], gain[a]


@inner()
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


@inner()
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


@compiled()
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
    dearest = price[0] if len(price) else 0.0
    for i in range(len(price)):
        dearest = max(dearest, price[i])
    for site in range(len(reduced)):
        reduced[site] = lists.opening[site]
        filled.taken[site] = 0
        filled.edge[site] = 0.0
        if may_open[site]:
            reduced[site] -= _fill_one(lists, site, weight, price, dearest, capacity[site], filled)


@compiled()
def times_filled(lists: CostLists, filled: Filled, part: FloatArray, times: FloatArray) -> None:
    """How many times each place (n_places,) is served when sites open to the given parts (n_sites,)."""
    times[:] = 0.0
    for site in range(len(part)):
        if part[site] > 0:
            start = lists.start_of_site[site]
            for e in range(start, start + filled.taken[site]):
                times[filled.place[e]] += part[site] * filled.share[e]


@inner(allocates=True)
def _cheapest(sites: Choice, reduced: FloatArray, price: float, chosen: BoolArray) -> None:
    """Mark the sites of least cost at a price of capacity; of as dear ones those that come first."""
    cost = np.empty(len(reduced))
    for site in range(len(reduced)):
        cost[site] = reduced[site] - price * sites.capacity[site]
        chosen[site] = False
    of_counted, below = np.empty(len(sites.counted)), 0
    for k in range(len(of_counted)):
        of_counted[k] = cost[sites.counted[k]]
        below += of_counted[k] < 0
    left = min(max(below, sites.least), sites.most, len(of_counted))
    least_first(of_counted, len(of_counted), left)
    dearest = -np.inf
    for k in range(left):
        dearest = max(dearest, of_counted[k])
    for site in sites.counted:
        if cost[site] < dearest:
            chosen[site] = True
            left -= 1
    for site in sites.counted:
        if left > 0 and cost[site] == dearest:
            chosen[site] = True
            left -= 1
    for site in sites.free:
        chosen[site] = cost[site] < 0


@inner()
def _carried(sites: Choice, chosen: BoolArray) -> float:
    total = 0.0
    for site in range(len(chosen)):
        if chosen[site]:
            total += sites.capacity[site]
    return total


@inner()
def _copy(old: BoolArray, new: BoolArray) -> None:
    for site in range(len(old)):
        new[site] = old[site]


@compiled(allocates=True)
def price_of_capacity(sites: Choice, reduced: FloatArray, need: float, part: FloatArray, chosen: BoolArray) -> float:
    """The price of capacity at which the cheapest sites carry `need`; inf where no choice does.

    `chosen` (n_sites,) carry it, and the parts (n_sites,) between two cheapest choices carry it exactly.
    """
    _cheapest(sites, reduced, 0.0, chosen)
    for site in range(len(part)):
        part[site] = 0.0
    if _carried(sites, chosen) >= need:
        for site in range(len(part)):
            part[site] = 1.0 if chosen[site] else 0.0
        return 0.0
    short, tried = np.empty(len(chosen), dtype=np.bool_), np.empty(len(chosen), dtype=np.bool_)
    _copy(chosen, short)
    high = 0.0
    for some in (sites.counted, sites.free):
        for site in some:
            if sites.capacity[site] > 0:
                high = max(high, abs(reduced[site]) / sites.capacity[site])
    low, high, doubled = 0.0, 2.0 * high + 1e-9, 0
    _cheapest(sites, reduced, high, chosen)
    while _carried(sites, chosen) < need:
        if doubled > HALVINGS:
            return np.inf
        low, high, doubled = high, 2.0 * high, doubled + 1
        _copy(chosen, short)
        _cheapest(sites, reduced, high, chosen)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if high - low <= 1e-12 * high:
            break
        _cheapest(sites, reduced, middle, tried)
        if _carried(sites, tried) >= need:
            high = middle
            _copy(tried, chosen)
        else:
            low = middle
            _copy(tried, short)
    less, more = _carried(sites, short), _carried(sites, chosen)
    share = (need - less) / (more - less)
    for site in range(len(part)):
        part[site] = share * chosen[site] + (1.0 - share) * short[site]
    return high
