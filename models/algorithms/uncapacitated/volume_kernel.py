"""The compiled part of the Lagrangian bound of median models: prices of places, bettered by the volume algorithm.

Barahona and Anbil (2000), The volume algorithm, Mathematical Programming 87: every step starts from the best prices and
goes along a running mean of subgradients; the same mean of the chosen sites tends to an optimum of the relaxation.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.compiled import compiled, inner
from models.selection import least_first

SURE, OUT = -2, -1
"""Roles of sites that are no part of a choice: open in every plan, open in none."""

WINDOW = 50
"""Steps after which progress is looked at."""
SLIGHT, STALLED = 0.01, 0.002
"""Progress in a window, as a share of what is missing, below which steps average longer, and may end."""
LEAST_MIX, FINE_MIX = 1e-3, 1e-2
TOLD = 1e-4
"""Share of what is missing that counts as a better bound."""
LONGER, SHORTER, LONGEST = 1.1, 0.66, 2.0
BEST, STRETCH, LOWS, MIX, SINCE, STEPS = range(6)
"""Places in `Ascent.pace`."""


class Part(NamedTuple):
    """A choice among some sites: pairs of every place by rising cost, dearer ones than a site open anyway left out.

    `cap` (n_places,): cost at a site open anyway. `floor` (n_places,): the least cost. Of the sites to choose from:
    `opening` cost, and whether each is `counted`. `base` is the cost of every plan beside these.
    """

    start: IntArray
    site: IntArray
    cost: FloatArray
    floor: FloatArray
    cap: FloatArray
    opening: FloatArray
    counted: BoolArray
    base: float


class Aim(NamedTuple):
    """How many counted sites open, the bound that ends the ascent, and the worth it heads for, inf if unknown."""

    least: int
    most: int
    cut: float
    target: float


class Ascent(NamedTuple):
    """Where an ascent stands: the best prices (n_places,) and what was chosen by them, what the steps have settled.

    `share` (n_sites,) is the running mean of the choice, `direction` (n_places,) that of the subgradients.
    """

    price: FloatArray
    chosen: BoolArray
    closed: BoolArray
    opened: BoolArray
    share: FloatArray
    direction: FloatArray
    pace: FloatArray


@compiled(allocates=True)
def listed(
    start: IntArray, site: IntArray, cost: FloatArray, role: IntArray, far: float
) -> tuple[IntArray, IntArray, FloatArray, FloatArray, FloatArray]:
    """Start, site, cost, floor and cap of the pairs of sites with a role of 0 or more, which is their new number."""
    n = len(start) - 1
    first, floor, cap = np.zeros(n + 1, dtype=np.int64), np.empty(n), np.full(n, far)
    for place in range(n):
        kept = 0
        for e in range(start[place], start[place + 1]):
            if role[site[e]] == SURE:
                cap[place] = cost[e]
                break
            kept += role[site[e]] >= 0
        first[place + 1] = first[place] + kept
    number, price = np.empty(first[n], dtype=np.int64), np.empty(first[n])
    for place in range(n):
        at = first[place]
        for e in range(start[place], start[place + 1]):
            if at == first[place + 1]:
                break
            if role[site[e]] >= 0:
                number[at], price[at] = role[site[e]], cost[e]
                at += 1
        floor[place] = price[first[place]] if first[place] < first[place + 1] else cap[place]
    return first, number, price, floor, cap


@inner(allocates=True)
def _of_counted(part: Part, aim: Aim, reduced: FloatArray) -> tuple[int, float, float, int]:
    """How many counted sites are chosen, the dearest of these, the cheapest of the others, and how many are below it.

    0 and inf where there is none.
    """
    counted, n, negative = np.empty(len(reduced)), 0, 0
    for j in range(len(reduced)):
        if part.counted[j]:
            counted[n] = reduced[j]
            negative += reduced[j] < 0
            n += 1
    k = max(aim.least, min(aim.most, negative))
    if k > 0:
        least_first(counted, n, k)
    last, following, below = -np.inf if k > 0 else 0.0, np.inf, 0
    for j in range(k):
        last = max(last, counted[j])
    for j in range(k, n):
        following = min(following, counted[j])
    for j in range(k):
        below += counted[j] < last
    return k, last, following, below


@compiled(allocates=True)
def evaluate(
    part: Part, aim: Aim, price: FloatArray, reduced: FloatArray, chosen: BoolArray
) -> tuple[float, float, float]:
    """The bound by some prices, and what a counted site must pay to enter and to leave; fills `reduced`, `chosen`.

    To enter: what the site that leaves for it had added, 0 where none must leave. To leave: what must enter for it.
    """
    n_sites = len(reduced)
    for j in range(n_sites):
        reduced[j] = part.opening[j]
    value = part.base
    for place in range(len(price)):
        value += price[place]
        for e in range(part.start[place], part.start[place + 1]):
            if part.cost[e] >= price[place]:
                break
            reduced[part.site[e]] += part.cost[e] - price[place]
    k, last, following, below = _of_counted(part, aim, reduced)
    ties = k - below
    for j in range(n_sites):
        chosen[j] = reduced[j] < (last if part.counted[j] and k > 0 else 0.0)
        if part.counted[j]:
            chosen[j] = k > 0 and chosen[j]
            if ties > 0 and reduced[j] == last:
                chosen[j] = True
                ties -= 1
        if chosen[j]:
            value += reduced[j]
    enter = last if k == aim.most or last > 0 else 0.0
    if aim.most == 0:
        enter = -np.inf
    return value, enter, following if k == aim.least else min(0.0, following)


@inner()
def _slope(part: Part, price: FloatArray, chosen: BoolArray, slope: FloatArray) -> None:
    """1 less how many chosen sites would serve each place below its price."""
    for place in range(len(price)):
        slope[place] = 1.0
        for e in range(part.start[place], part.start[place + 1]):
            if part.cost[e] >= price[place]:
                break
            if chosen[part.site[e]]:
                slope[place] -= 1.0


@inner()
def _settle(
    part: Part, state: Ascent, cut: float, found: tuple[float, float, float], reduced: FloatArray, chosen: BoolArray
) -> None:
    """Note the sites whose choice the other way lifts the bound beyond the cut."""
    value, enter, leave = found
    for j in range(len(reduced)):
        if not chosen[j] and value + reduced[j] - (enter if part.counted[j] else 0.0) > cut:
            state.closed[j] = True
        elif chosen[j] and value - reduced[j] + (leave if part.counted[j] else 0.0) > cut:
            state.opened[j] = True


@inner()
def _step(part: Part, state: Ascent, missing: float, price: FloatArray) -> bool:
    """The next prices to try, kept between floor and cap; False where the direction leads nowhere."""
    norm = 0.0
    for i in range(len(price)):
        d = state.direction[i]
        if (d > 0 and state.price[i] < part.cap[i]) or (d < 0 and state.price[i] > part.floor[i]):
            norm += d * d
    if norm < 1e-12:
        return False
    length = state.pace[STRETCH] * missing / norm
    for i in range(len(price)):
        price[i] = min(part.cap[i], max(part.floor[i], state.price[i] + length * state.direction[i]))
    return True


@inner()
def _mix(state: Ascent, slope: FloatArray, chosen: BoolArray) -> None:
    """Move the means towards the last subgradient and choice, as far as that shortens the direction."""
    square, product, fresh = 0.0, 0.0, 0.0
    for i in range(len(slope)):
        square += state.direction[i] * state.direction[i]
        product += state.direction[i] * slope[i]
        fresh += slope[i] * slope[i]
    most, apart = state.pace[MIX], fresh - 2 * product + square
    mix = min(most, max(0.1 * most, (square - product) / apart)) if apart > 1e-12 else most
    for i in range(len(slope)):
        state.direction[i] = mix * slope[i] + (1 - mix) * state.direction[i]
    for j in range(len(chosen)):
        state.share[j] += mix * ((1.0 if chosen[j] else 0.0) - state.share[j])


@compiled(allocates=True)
def ascend(part: Part, aim: Aim, state: Ascent, steps: int, patience: int) -> bool:
    """Take some steps; True where more would not help. After `patience` steps without progress they get shorter."""
    reduced, chosen = np.empty(len(part.opening)), np.zeros(len(part.opening), dtype=np.bool_)
    slope, price = np.empty(len(part.cap)), np.empty(len(part.cap))
    pace = state.pace
    if not np.isfinite(pace[BEST]):
        for i in range(len(price)):
            state.price[i] = min(part.cap[i], max(part.floor[i], state.price[i]))
        found = evaluate(part, aim, state.price, reduced, chosen)
        _slope(part, state.price, chosen, state.direction)
        _settle(part, state, aim.cut, found, reduced, chosen)
        for j in range(len(chosen)):
            state.chosen[j], state.share[j] = chosen[j], 1.0 if chosen[j] else 0.0
        pace[BEST] = pace[SINCE] = found[0]
    for _ in range(steps):
        best = pace[BEST]
        known = np.isfinite(aim.target)
        missing = (aim.target if known else best + 0.05 * max(1.0, abs(best))) - best
        missing = max(missing, 1e-6 * max(1.0, abs(best)))
        if best > aim.cut or not _step(part, state, missing, price):
            return True
        found = evaluate(part, aim, price, reduced, chosen)
        _settle(part, state, aim.cut, found, reduced, chosen)
        _slope(part, price, chosen, slope)
        pace[STEPS] += 1
        pace[LOWS] += 1
        if found[0] > best:
            along = 0.0
            for i in range(len(slope)):
                along += state.direction[i] * slope[i]
            if along >= 0:
                pace[STRETCH] = min(LONGEST, LONGER * pace[STRETCH])
            if found[0] > best + TOLD * missing:
                pace[LOWS] = 0
            pace[BEST] = found[0]
            for i in range(len(price)):
                state.price[i] = price[i]
            for j in range(len(chosen)):
                state.chosen[j] = chosen[j]
        if pace[LOWS] >= patience:
            pace[STRETCH], pace[LOWS] = SHORTER * pace[STRETCH], 0
        if pace[STEPS] % WINDOW == 0:
            gained = pace[BEST] - pace[SINCE]
            if gained < STALLED * missing and pace[MIX] <= FINE_MIX:
                return True
            if gained < SLIGHT * missing:
                pace[MIX] = max(LEAST_MIX, 0.5 * pace[MIX])
            pace[SINCE] = pace[BEST]
        _mix(state, slope, chosen)
    return bool(pace[BEST] > aim.cut)


def begin(part: Part, price: FloatArray, mix: float) -> Ascent:
    """An ascent that has not taken a step, from some prices (n_places,)."""
    n_sites, n_places = len(part.opening), len(part.cap)
    return Ascent(
        price=price.copy(),
        chosen=np.zeros(n_sites, dtype=bool),
        closed=np.zeros(n_sites, dtype=bool),
        opened=np.zeros(n_sites, dtype=bool),
        share=np.zeros(n_sites),
        direction=np.zeros(n_places),
        pace=np.array([-np.inf, 1.0, 0.0, mix, -np.inf, 0.0]),
    )
