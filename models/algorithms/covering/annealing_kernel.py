"""The compiled part of the covering search: toggling sites, greedy opening, annealing by swaps between neighbours."""

from typing import NamedTuple

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.compiled import compiled, inner

FEASIBLE = 1e-9
NONE = -1


class Links(NamedTuple):
    """A sparse matrix by rows: `entry[start[r]:start[r + 1]]` with `value` alongside."""

    start: IntArray
    entry: IntArray
    value: FloatArray


class Cover(NamedTuple):
    """What stays the same during a search; see `view.CoverSearch`. `price` is a row's penalty."""

    own: FloatArray
    weight: FloatArray
    need: int
    sets_of_site: Links
    sites_of_set: Links
    rows_of_site: Links
    rows_of_set: Links
    lower: FloatArray
    upper: FloatArray
    price: FloatArray


class State(NamedTuple):
    """What a search changes: open sites, open sites per set, activity per row.

    `order` lists the free sites, open ones first; `position` is its inverse, -1 at sites that are fixed.
    """

    is_open: BoolArray
    times: IntArray
    activity: FloatArray
    order: IntArray
    position: IntArray


@inner()
def _excess(value: float, low: float, high: float) -> float:
    if value < low:
        return low - value
    if value > high:
        return value - high
    return 0.0


@inner()
def _shift(cover: Cover, state: State, links: Links, at: int, step: int) -> float:
    """Move the rows' activities by one site or set; the change of penalty."""
    penalty = 0.0
    for e in range(links.start[at], links.start[at + 1]):
        row = links.entry[e]
        low, high = cover.lower[row], cover.upper[row]
        before = _excess(state.activity[row], low, high)
        state.activity[row] += step * links.value[e]
        penalty += cover.price[row] * (_excess(state.activity[row], low, high) - before)
    return penalty


@compiled()
def toggle(cover: Cover, state: State, site: int) -> tuple[float, float]:
    """Open a closed site or close an open one; the change of worth and of penalty."""
    step = -1 if state.is_open[site] else 1
    state.is_open[site] = not state.is_open[site]
    worth = step * cover.own[site]
    penalty = _shift(cover, state, cover.rows_of_site, site, step)
    crossing = cover.need if step == 1 else cover.need - 1
    sets = cover.sets_of_site
    for e in range(sets.start[site], sets.start[site + 1]):
        k = sets.entry[e]
        state.times[k] += step
        if state.times[k] == crossing:
            worth += step * cover.weight[k]
            penalty += _shift(cover, state, cover.rows_of_set, k, step)
    return worth, penalty


@compiled()
def violated(cover: Cover, state: State) -> bool:
    """Is any row broken by more than rounding?"""
    for row in range(len(state.activity)):
        value = state.activity[row]
        slack = FEASIBLE * max(1.0, abs(value))
        if value < cover.lower[row] - slack or value > cover.upper[row] + slack:
            return True
    return False


@inner()
def _promise(cover: Cover, state: State, site: int) -> float:
    """What opening a closed site gains, penalties counted; part of what needs more sites counts by its part."""
    worth, penalty = toggle(cover, state, site)
    toggle(cover, state, site)
    if cover.need > 1:
        worth, sets = cover.own[site], cover.sets_of_site
        for e in range(sets.start[site], sets.start[site + 1]):
            if state.times[sets.entry[e]] < cover.need:
                worth += cover.weight[sets.entry[e]] / cover.need
    return worth - penalty


@compiled()
def greedy(cover: Cover, state: State, per: FloatArray, promise: FloatArray, evaluations: int) -> bool:
    """Open, one after another, the free site that promises most `per` (n_sites,); False where there is more to do.

    Lazily (Minoux 1978): promises only fall while sites open, so that those computed earlier bound them, and only the
    greatest is computed anew. `promise` (n_sites,) holds them, inf where none was computed; it goes on from call to
    call, each of which computes so many. Where rows make promises rise, all are computed once more at the end.
    """
    fresh = False
    while evaluations > 0:
        best, best_rate, second = NONE, 1e-12, 1e-12
        for site in state.order:
            rate = promise[site] / per[site]
            if state.is_open[site] or rate <= second:
                continue
            if rate > best_rate:
                best, best_rate, second = site, rate, max(second, best_rate)
            else:
                second = rate
        if best == NONE:
            if fresh:
                return True
            fresh = True
            for site in state.order:
                promise[site] = np.inf
            continue
        promise[best] = _promise(cover, state, best)
        evaluations -= 1
        if promise[best] > 1e-12 and promise[best] / per[best] >= second:
            toggle(cover, state, best)
            fresh = False
    return False


@inner()
def _neighbour(cover: Cover, state: State, site: int, rng: np.random.Generator) -> int:
    """A closed free site that shares a random set with `site`, NONE where the draw finds no such site."""
    sets, sites = cover.sets_of_site, cover.sites_of_set
    n_sets = sets.start[site + 1] - sets.start[site]
    if n_sets == 0:
        return NONE
    k = sets.entry[sets.start[site] + int(rng.random() * n_sets)]
    n_sites = sites.start[k + 1] - sites.start[k]
    other = sites.entry[sites.start[k] + int(rng.random() * n_sites)]
    if state.is_open[other] or state.position[other] < 0:
        return NONE
    return int(other)


@inner()
def _draw(cover: Cover, state: State, n_open: int, moved: IntArray, rng: np.random.Generator) -> int:
    """Choose the sites to toggle: mostly one open and one closed; sometimes one for two, or one alone."""
    order = state.order
    n_free = len(order)
    kind = rng.random()
    n_moved = 0
    if n_open > 0 and (kind < 0.92 or kind >= 0.95 or n_open == n_free):
        moved[0] = order[int(rng.random() * n_open)]
        n_moved = 1
    n_in = 2 if 0.86 < kind < 0.92 else 1
    if (kind >= 0.95 and n_moved == 1) or n_open == n_free:
        n_in = 0
    for _ in range(n_in):
        chosen = NONE
        if n_moved > 0 and rng.random() < 0.75:
            chosen = _neighbour(cover, state, moved[0], rng)
        if chosen == NONE:
            chosen = order[n_open + int(rng.random() * (n_free - n_open))]
        again = False
        for m in range(n_moved):
            again = again or moved[m] == chosen
        if not again:
            moved[n_moved] = chosen
            n_moved += 1
    return n_moved


@inner()
def _place(state: State, site: int, n_open: int) -> int:
    """Keep the order's open part in step with a site that was toggled; the new number of open sites."""
    target = n_open if state.is_open[site] else n_open - 1
    at = state.position[site]
    other = state.order[target]
    state.order[at], state.order[target] = other, site
    state.position[other], state.position[site] = at, target
    return n_open + 1 if state.is_open[site] else n_open - 1


@compiled(allocates=True)
def anneal(
    cover: Cover,
    state: State,
    rng: np.random.Generator,
    steps: int,
    heat: tuple[float, float],
    worth: tuple[float, float],
    best_open: BoolArray,
) -> tuple[float, float]:
    """`steps` moves while the temperature falls from `heat[0]` to `heat[1]`; the state goes on.

    `worth` is that of the state and of the best plan so far; both come back, and the best plan in `best_open`.
    """
    now, best = worth
    n_open = 0
    for site in state.order:
        n_open += state.is_open[site]
    ratio = (heat[1] / heat[0]) ** (1.0 / max(1, steps))
    temperature = heat[0]
    moved = np.empty(3, dtype=np.int64)
    for _ in range(steps):
        temperature *= ratio
        n_moved = _draw(cover, state, n_open, moved, rng)
        gain, delta = 0.0, 0.0
        for m in range(n_moved):
            more, penalty = toggle(cover, state, moved[m])
            gain += more
            delta += more - penalty
        if delta >= 0 or rng.random() < np.exp(delta / temperature):
            now += gain
            for m in range(n_moved):
                n_open = _place(state, moved[m], n_open)
            if now > best and not violated(cover, state):
                best = now
                for site in range(len(best_open)):
                    best_open[site] = state.is_open[site]
        else:
            for m in range(n_moved - 1, -1, -1):
                toggle(cover, state, moved[m])
    return now, best
