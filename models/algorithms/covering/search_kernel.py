"""The compiled part of the covering search: what opening or closing a site changes, kept up to date, and annealing.

Every site's `change` is what the worth rises by when it opens, or falls by when it closes. It moves only where a set's
count of open sites crosses the number needed, so that most moves are judged without touching a set (the idea of the
fast interchange: Whitaker 1983, INFOR 21(2)). `owner`, the sum of the open sites' numbers in a set, names the site that
covers it alone.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.arrays import BoolArray, FloatArray
from models.compiled import compiled, inner

Int32 = npt.NDArray[np.int32]

NONE = -1
CLOSING, SWAPPING = 0.97, 0.94
"""Below the second of them a draw puts one site in place of another, below the first it closes one, else opens one."""
NEAR = 0.75
"""Share of the sites to open that are drawn from the sets of the one that closes."""
WORTH, BEST, PENALTY = range(3)
"""Places in `tally`: worth of the state, of the best plan, and penalty of the state."""
RIGHT, FEASIBLE = 1e-7, 1e-9
"""Penalty of a state that may keep every row, as a share of its worth, and relative excess of a row: rounding."""
BETTER = 1e-12
"""Share of its worth by which a plan is better than another."""


class Cover(NamedTuple):
    """The sets of every site and the sites of every set; weight of the sets, and how many open sites they need."""

    need: int
    sets_start: Int32
    sets: Int32
    sites_start: Int32
    sites: Int32
    weight: FloatArray


class State(NamedTuple):
    """What a search changes: open sites, open sites and the sum of their numbers per set, what a site's turn changes.

    `order` lists the free sites, open ones first; `position` is its inverse, -1 at sites that are fixed.
    """

    is_open: BoolArray
    times: Int32
    owner: Int32
    change: FloatArray
    order: Int32
    position: Int32


class Rows(NamedTuple):
    """Side rows: entries of every site and, behind the sites, of every set; both sides, price and activity of a row."""

    start: Int32
    row: Int32
    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    price: FloatArray
    activity: FloatArray


@inner()
def _draw(random: npt.NDArray[np.uint64]) -> float:
    """A number of [0, 1): xorshift64* (Vigna 2016), the same on every machine."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return np.float64((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inner()
def _excess(value: float, low: float, high: float) -> float:
    return max(0.0, low - value, value - high)


@compiled()
def violated(rows: Rows) -> bool:
    """Is any row broken by more than rounding?"""
    for r in range(len(rows.activity)):
        if _excess(rows.activity[r], rows.lower[r], rows.upper[r]) > FEASIBLE * max(1.0, abs(rows.activity[r])):
            return True
    return False


@inner()
def _shift(at: int, step: float, rows: Rows) -> float:
    """Move the rows' activities by one site or set; the change of penalty."""
    start, row, value, lower, upper, price, activity = rows
    penalty = 0.0
    for e in range(start[at], start[at + 1]):
        r = row[e]
        before = activity[r]
        activity[r] = before + step * value[e]
        penalty += price[r] * (_excess(activity[r], lower[r], upper[r]) - _excess(before, lower[r], upper[r]))
    return penalty


@compiled()
def toggle(site: int, cover: Cover, state: State, rows: Rows) -> float:
    """Open a closed site or close an open one; the change of penalty. That of worth is its `change`, up or down."""
    need, sets_start, sets, sites_start, sites, weight = cover
    is_open, times, owner, change, _, _ = state
    opens = not is_open[site]
    is_open[site] = opens
    step = 1 if opens else -1
    penalty = _shift(site, step, rows)
    for e in range(sets_start[site], sets_start[site + 1]):
        k = sets[e]
        crossed = max(times[k], times[k] + step)  # the count goes up to this, or down from it
        times[k] += step
        owner[k] += step * site
        if crossed < need - 1 or crossed > need + 1:
            continue
        amount = step * weight[k]
        if crossed == need:
            penalty += _shift(len(is_open) + k, step, rows)
        elif crossed == need + 1 and need == 1:  # one other site covers it: by itself, or no longer so
            change[owner[k] - (site if opens else 0)] -= amount
            continue
        for f in range(sites_start[k], sites_start[k + 1]):
            other = sites[f]
            if other == site:
                continue
            if is_open[other]:
                if crossed == need:
                    change[other] += amount
                elif crossed == need + 1:
                    change[other] -= amount
            elif crossed == need:
                change[other] -= amount
            elif crossed == need - 1:
                change[other] += amount
    return penalty


@inner()
def _kept(closes: int, opens: int, cover: Cover, state: State) -> float:
    """What is lost and gained by neither where one site takes another's place: by sets of both."""
    need, sets_start, sets, sites_start, sites, weight = cover
    total = 0.0
    for e in range(sets_start[opens], sets_start[opens + 1]):
        k = sets[e]
        if need == 1:
            if state.times[k] == 1 and state.owner[k] == closes:
                total += weight[k]
        elif state.times[k] == need or state.times[k] == need - 1:
            for f in range(sites_start[k], sites_start[k + 1]):
                if sites[f] == closes:
                    total += weight[k] if state.times[k] == need else -weight[k]
    return total


@inner()
def _dearer(closes: int, opens: int, rows: Rows) -> float:
    """The change of penalty by the rows of two sites, either of which may be none, without moving anything."""
    start, row, value, lower, upper, price, activity = rows
    penalty = 0.0
    for turn in range(2):
        at, other = (opens, closes) if turn == 0 else (closes, opens)
        if at == NONE:
            continue
        sign = 1.0 if turn == 0 else -1.0
        for e in range(start[at], start[at + 1]):
            r = row[e]
            step, seen = sign * value[e], False
            if other != NONE:
                for f in range(start[other], start[other + 1]):
                    if row[f] == r:
                        step -= sign * value[f]
                        seen = True
            if seen and turn == 1:
                continue
            now = activity[r]
            penalty += price[r] * (_excess(now + step, lower[r], upper[r]) - _excess(now, lower[r], upper[r]))
    return penalty


@inner()
def _placed(site: int, n_open: int, state: State) -> int:
    """Keep the order's open part in step with a site that was toggled; the new number of open sites."""
    target = n_open if state.is_open[site] else n_open - 1
    at, other = state.position[site], state.order[target]
    state.order[at], state.order[target] = other, site
    state.position[other], state.position[site] = at, target
    return n_open + 1 if state.is_open[site] else n_open - 1


@compiled()
def most_promising(per: FloatArray, cover: Cover, state: State, rows: Rows) -> int:
    """The closed free site whose opening gains most `per` (n_sites,), penalties counted; NONE where none gains.

    Part of what needs more sites counts by its part.
    """
    need, sets_start, sets, _, _, weight = cover
    is_open, times, _, change, order, _ = state
    start, row, value, lower, upper, price, activity = rows
    n_sites = len(is_open)
    by_sets = start[len(start) - 1] > start[n_sites]
    best, best_rate = NONE, 1e-12
    for site in order:
        if is_open[site]:
            continue
        gain = change[site]
        if need == 1 and not by_sets and gain / per[site] <= best_rate:
            penalty = _dearer(NONE, site, rows)
            if penalty >= 0:
                continue
        else:
            penalty = _dearer(NONE, site, rows)
        if need > 1 or by_sets:
            for e in range(sets_start[site], sets_start[site + 1]):
                k = sets[e]
                if need > 1 and times[k] < need - 1:
                    gain += weight[k] / need
                if times[k] == need - 1 and by_sets:
                    for f in range(start[n_sites + k], start[n_sites + k + 1]):
                        r, now = row[f], activity[row[f]]
                        after = _excess(now + value[f], lower[r], upper[r])
                        penalty += price[r] * (after - _excess(now, lower[r], upper[r]))
        rate = (gain - penalty) / per[site]
        if rate > best_rate:
            best, best_rate = site, rate
    return best


@compiled()
def anneal(
    steps: int,
    heat: tuple[float, float],
    cover: Cover,
    state: State,
    rows: Rows,
    random: npt.NDArray[np.uint64],
    tally: FloatArray,
    best_open: BoolArray,
) -> None:
    """So many moves while the temperature falls from the first to the second `heat`; the best plan is kept."""
    _, sets_start, sets, sites_start, sites, _ = cover
    is_open, _, _, change, order, position = state
    n_free, n_open = len(order), 0
    for site in order:
        n_open += is_open[site]
    by_sets = rows.start[len(rows.start) - 1] > rows.start[len(is_open)]
    ratio, now = (heat[1] / heat[0]) ** (1.0 / max(1, steps)), heat[0]
    for _ in range(steps):
        now *= ratio
        kind = _draw(random)
        closes, opens = NONE, NONE
        if n_open > 0 and (kind < CLOSING or n_open == n_free):
            closes = order[int(_draw(random) * n_open)]
        if n_open < n_free and (kind < SWAPPING or closes == NONE):
            n_sets = 0 if closes == NONE else sets_start[closes + 1] - sets_start[closes]
            if n_sets > 0 and _draw(random) < NEAR:
                k = sets[sets_start[closes] + int(_draw(random) * n_sets)]
                opens = sites[sites_start[k] + int(_draw(random) * (sites_start[k + 1] - sites_start[k]))]
                if is_open[opens] or position[opens] < 0:
                    continue
            else:
                opens = order[n_open + int(_draw(random) * (n_free - n_open))]
        least = now * np.log(_draw(random) + 1e-300)
        gain = (0.0 if opens == NONE else change[opens]) - (0.0 if closes == NONE else change[closes])
        if not by_sets:
            dearer = _dearer(closes, opens, rows)
            if gain - dearer < least:
                if closes == NONE or opens == NONE or gain - dearer + change[closes] < least:
                    continue
                gain += _kept(closes, opens, cover, state)
                if gain - dearer < least:
                    continue
        gain, dearer = 0.0, 0.0
        for back in range(2):
            for turn in range(2):
                site = closes if turn == back else opens
                if site == NONE:
                    continue
                gain += -change[site] if is_open[site] else change[site]
                dearer += toggle(site, cover, state, rows)
                n_open = _placed(site, n_open, state)
            if not by_sets or gain - dearer >= least:
                break
        tally[WORTH] += gain
        tally[PENALTY] += dearer
        better = tally[WORTH] > tally[BEST] + BETTER * abs(tally[BEST])
        if better and tally[PENALTY] <= RIGHT * abs(tally[WORTH]) and not violated(rows):
            tally[BEST] = tally[WORTH]
            for j in range(len(best_open)):
                best_open[j] = is_open[j]
