"""Covering taken apart by districts: prices of places that several districts reach, and of what all share.

    max   sum_i w_i y_i      y_i <= sum_j a_ij x_j,    sum_j c_j x_j <= b  (shared),    x in the rules of each district

A place that the sites of several districts reach ties them, and so does what all share (a number of sites, money).
With a price u_i in [0, w_i] for covering such a place and prices l for what is shared the districts stand alone, and

    L(u, l) = sum_{i tied} (w_i - u_i)  +  l b  +  sum_d  max { u y + w y - l c x : district d }

is no less than any plan (Lagrangian decomposition: Guignard & Kim 1987, Math. Program. 39). Good prices come from a
subgradient ascent (Held, Wolfe & Crowder 1974) on the relaxation with a price at *every* place, which costs two
passes over the pairs a step; the districts, solved to the end, then tighten its bound.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.apart import Use
from models.arrays import BoolArray, FloatArray, IntArray, Sparse, transposed
from models.reduce import entries_of, equal_rows

STEP, PATIENCE, SHRINK = 1.2, 8, 0.7
"""The first step of the ascent as a part of Polyak's, the steps without a better bound before it shrinks, and by what.

Measured on made cities of 1,000 to 20,000 sites: larger steps swing, smaller ones need half as many steps again.
"""
INERTIA = 0.6
"""Part of the direction that a step keeps of the one before it (Camerini, Fratta & Maffioli 1975)."""
LEAST_STEP = 1e-3
"""The ascent ends where its step has shrunk to this part of Polyak's."""
SHARED_AMONG = 3
"""A place's first price is its weight divided by the number of its sites, but by no more than this."""
AROUND, NEAR = 1.1, 1e-4
"""The price of a use is looked for around where it was, to so small a part: any price gives a bound."""
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Districts:
    """A covering whose sites fall into districts.

    `sets` (n_classes, n_sites) are the sites that cover each class of places, `weight` (n_classes,) their weight;
    `of_site` (n_sites,) the district of each site, from 0. `least` and `most` (n_districts,) are the free sites that
    may open in each. `uses` is what all share. Sites of `fixed_open` are open, those of `fixed_closed` closed.
    """

    sets: Sparse
    weight: FloatArray
    of_site: IntArray
    least: IntArray
    most: IntArray
    uses: tuple[Use, ...]
    fixed_open: BoolArray
    fixed_closed: BoolArray

    @property
    def free(self) -> BoolArray:
        """Sites (n_sites,) to be decided."""
        return ~self.fixed_open & ~self.fixed_closed

    def tied(self) -> BoolArray:
        """Classes (n_classes,) that sites of more than one district cover."""
        first = self.of_site[self.sets.indices[self.sets.indptr[:-1]]]
        rows = np.repeat(np.arange(len(self.weight)), np.diff(self.sets.indptr))
        return np.bincount(rows, weights=self.of_site[self.sets.indices] != first[rows], minlength=len(first)) > 0

    def covered(self, is_open: BoolArray) -> BoolArray:
        """Classes (n_classes,) that open sites cover."""
        return np.asarray(self.sets @ is_open.astype(np.float64)) > 0

    def worth(self, is_open: BoolArray) -> float:
        """Weight that open sites cover."""
        return float(self.weight[self.covered(is_open)].sum())


@dataclass(frozen=True, eq=False)
class Prices:
    """`place` (n_classes,) for covering each class, `shared` (n_uses,), and the bound that they give."""

    place: FloatArray
    shared: FloatArray
    bound: float


@dataclass(frozen=True, eq=False)
class District:
    """One district by itself: `sites` and `classes` of the whole, `sets` (n, n_own_sites) of its distinct classes.

    `of_class` (n_classes,) is the distinct class of each of its classes.
    """

    number: int
    sites: IntArray
    classes: IntArray
    sets: Sparse
    of_class: IntArray

    def weight(self, worth: FloatArray) -> FloatArray:
        """Weight (n,) of the distinct classes for a worth (n_classes,) of the whole."""
        return np.bincount(self.of_class, weights=worth[self.classes], minlength=self.sets.shape[0]).astype(np.float64)


def ascent(view: Districts, worth: float, *, over: Callable[[], bool], gap: float, steps: int) -> Prices:
    """Prices by subgradients, from a price at every class; `worth` is that of a plan.

    Ends where the bound is within `gap` of the worth, after `steps`, when the step is too small, or when `over` says.
    """
    weight, count = view.weight, np.diff(view.sets.indptr)
    by_site = transposed(view.sets)
    alone = count == 1
    price = np.where(alone, weight, weight / np.clip(count, 1, SHARED_AMONG))
    shared = np.zeros(len(view.uses))
    best = Prices(price, shared, float(weight.sum()))
    step, since, direction = STEP, 0, np.zeros(len(weight))
    for _ in range(steps):
        value = np.asarray(by_site @ price)
        shared, chosen, most = _best_choice(view, value, shared)
        kept = weight > price
        bound = float((weight - price)[kept].sum()) + most
        if bound < best.bound - ROUNDING * abs(bound):
            best, since = Prices(price, shared, bound), 0
        else:
            since += 1
        if since >= PATIENCE:
            step, since = SHRINK * step, 0
        slope = np.asarray(view.sets @ chosen.astype(np.float64)) - kept
        slope[((price >= weight) & (slope < 0)) | ((price <= 0) & (slope > 0)) | alone] = 0.0
        direction = INERTIA * direction + slope
        length = float(direction @ direction)
        if length == 0 or step < LEAST_STEP or bound - worth <= gap * abs(worth) or over():
            break
        price = np.where(alone, weight, np.clip(price - step * (bound - worth) / length * direction, 0.0, weight))
    return best


def _best_choice(view: Districts, value: FloatArray, shared: FloatArray) -> tuple[FloatArray, BoolArray, float]:
    """The prices of what is shared that make the bound about least for a value (n_sites,); what opens; its worth.

    One price after the other, each by halving from around where it was: what the sites chosen use falls with it.
    """
    shared = shared.copy()
    for number, use in enumerate(view.uses):
        others = value - _paid(view, np.where(np.arange(len(shared)) == number, 0.0, shared))
        shared[number] = _price(view, others, use, shared[number])
    left = value - _paid(view, shared)
    chosen = _chosen(view, left)
    return shared, chosen, float(left[chosen].sum()) + sum(s * u.amount for s, u in zip(shared, view.uses, strict=True))


def _paid(view: Districts, shared: FloatArray) -> FloatArray:
    """What each site (n_sites,) pays for what it uses."""
    return sum((s * use.of for s, use in zip(shared, view.uses, strict=True)), np.zeros(len(view.of_site)))


def _price(view: Districts, value: FloatArray, use: Use, before: float) -> float:
    """The least price, to a part of `NEAR`, at which the sites chosen use no more than there is."""

    def too_much(price: float) -> bool:
        return float(use.of[_chosen(view, value - price * use.of)].sum()) > use.amount

    if not too_much(0.0):
        return 0.0
    positive = use.of > 0
    most = float(np.max(np.where(positive, value / np.where(positive, use.of, 1.0), 0.0), initial=0.0))
    low, high = (before / AROUND, min(most, before * AROUND)) if before > 0 else (0.0, most)
    if before > 0 and too_much(high):
        low, high = high, most
    elif before > 0 and not too_much(low):
        low, high = 0.0, low
    while high - low > NEAR * high:
        middle = (low + high) / 2
        low, high = (middle, high) if too_much(middle) else (low, middle)
    return high


def _chosen(view: Districts, left: FloatArray) -> BoolArray:
    """The sites (n_sites,) that give most: in every district the best, at least `least` and at most `most`."""
    chosen = view.free & (left > 0)
    number = np.bincount(view.of_site[chosen], minlength=len(view.most))
    wrong = (number < view.least) | (number > view.most)
    if wrong.any():
        some = np.flatnonzero(wrong[view.of_site] & view.free)
        some = some[np.lexsort((-left[some], view.of_site[some]))]  # the best of a district first
        of = view.of_site[some]
        rank = np.arange(len(some)) - np.searchsorted(of, of, side="left")
        chosen[some] = (rank < view.least[of]) | ((rank < view.most[of]) & (left[some] > 0))
    return chosen | view.fixed_open


def districts_of(view: Districts) -> list[District]:
    """Every district by itself, without the classes that fixed sites cover anyway."""
    sets = view.sets
    undecided = ~view.covered(view.fixed_open)
    rows = np.repeat(np.arange(sets.shape[0]), np.diff(sets.indptr))
    keep = undecided[rows] & view.free[sets.indices]
    rows, sites = rows[keep], sets.indices[keep]
    of = view.of_site[sites]
    order = np.lexsort((rows, of))
    ends = np.searchsorted(of[order], np.arange(len(view.most) + 1))
    own = np.flatnonzero(view.free)
    own = own[np.argsort(view.of_site[own], kind="stable")]
    borders = np.searchsorted(view.of_site[own], np.arange(len(view.most) + 1))
    found = []
    place = np.zeros(sets.shape[1], dtype=np.int64)
    for number in range(len(view.most)):
        at = order[ends[number] : ends[number + 1]]
        mine = own[borders[number] : borders[number + 1]]
        place[mine] = np.arange(len(mine))
        classes, row = np.unique(rows[at], return_inverse=True)
        part = sp.csr_array((np.ones(len(at)), (row, place[sites[at]])), shape=(len(classes), len(mine)))
        part.sort_indices()
        groups = equal_rows(part)
        distinct = sp.csr_array(part[groups.representative])
        found.append(District(number, mine, classes, distinct, groups.of_row))
    return found


def bound_of(view: Districts, prices: Prices, tied: BoolArray, parts: float) -> float:
    """L(u, l) of the heading, from what the districts give at most in all, `parts`.

    What fixed sites cover is covered, and what they use is used, whatever the districts do.
    """
    always = view.covered(view.fixed_open)
    unpaid = tied & ~always
    used = [use.amount - float(use.of[view.fixed_open].sum()) for use in view.uses]
    return (
        parts
        + float(view.weight[always].sum())
        + float((view.weight - prices.place)[unpaid].sum())
        + float(prices.shared @ np.array(used, dtype=np.float64))
    )


def worth_of_classes(view: Districts, prices: Prices, tied: BoolArray) -> FloatArray:
    """What covering each class (n_classes,) is worth to a district: the price where it is tied, else its weight."""
    return np.where(tied, prices.place, view.weight)


def moved(
    view: Districts, prices: Prices, tied: BoolArray, covers: FloatArray, used: FloatArray, bound: float, step: float
) -> Prices:
    """Prices after a subgradient step from a bound towards the plan: `covers` (n_classes,) districts cover a class.

    `used` (n_uses,) is what their sites use in all; each price of a use moves by a step of its own, as its scale is
    another. `step` is the length towards the worth of a plan, `bound` less what the plan is worth, times a part.
    """
    always = view.covered(view.fixed_open)
    slope = np.where(tied & ~always, covers - (view.weight > prices.place), 0.0)
    slope[((prices.place >= view.weight) & (slope < 0)) | ((prices.place <= 0) & (slope > 0))] = 0.0
    length = float(slope @ slope)
    place = prices.place if length == 0 else np.clip(prices.place - step / length * slope, 0.0, view.weight)
    over = used - np.array([use.amount for use in view.uses], dtype=np.float64)
    scale = np.maximum(np.abs(used), 1.0)
    shared = np.maximum(0.0, prices.shared * (1.0 + over / scale))
    return Prices(place, shared, bound)


def filled(view: Districts, is_open: BoolArray) -> BoolArray | None:
    """The sites closed and opened until the plan keeps what all share and uses it: least loss, most gain per use.

    Districts keep their numbers. None where what is used stays above an amount.
    """
    closed = _within(view, is_open)
    return None if closed is None else _used_up(view, closed)


def _within(view: Districts, is_open: BoolArray) -> BoolArray | None:
    """Without the sites that lose least for what they use, until nothing is used too much."""
    is_open = is_open.copy()
    by_site = transposed(view.sets)
    count = np.asarray(view.sets @ is_open.astype(np.float64))
    number = np.bincount(view.of_site[is_open & view.free], minlength=len(view.most))
    for use in view.uses:
        used = float(use.of[is_open].sum())
        if used <= _most(use):
            continue
        can = np.flatnonzero(is_open & view.free & (use.of > 0))

        def lost(site: int) -> float:
            rows = by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]
            return float(view.weight[rows[count[rows] == 1]].sum())

        heap = [(lost(int(j)) / use.of[j], int(j)) for j in can]
        heapq.heapify(heap)
        while heap and used > _most(use):
            told, site = heapq.heappop(heap)
            if number[view.of_site[site]] <= view.least[view.of_site[site]]:
                continue
            now = lost(site) / use.of[site]
            if now > told * (1 + ROUNDING) + ROUNDING:
                heapq.heappush(heap, (now, site))
                continue
            is_open[site] = False
            number[view.of_site[site]] -= 1
            count[by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]] -= 1
            used -= float(use.of[site])
        if used > _most(use):
            return None
    return is_open


def _used_up(view: Districts, is_open: BoolArray) -> BoolArray:
    """With the sites that gain most for what they use of the first use, while all uses allow."""
    is_open = is_open.copy()
    by_site = transposed(view.sets)
    left = np.where(view.covered(is_open), 0.0, view.weight)
    gain = np.asarray(by_site @ left)
    number = np.bincount(view.of_site[is_open & view.free], minlength=len(view.most))
    used = np.array([float(use.of[is_open].sum()) for use in view.uses])
    amount = np.array([_most(use) for use in view.uses])
    of = np.array([use.of for use in view.uses]).reshape(len(view.uses), len(is_open))
    per = np.maximum(of[0], ROUNDING) if len(of) else np.ones(len(is_open))
    must = any(use.exactly for use in view.uses)
    heap = [(-gain[j] / per[j], int(j)) for j in np.flatnonzero(view.free & ~is_open)]
    heapq.heapify(heap)
    while heap:
        told, site = heapq.heappop(heap)
        district = view.of_site[site]
        if number[district] >= view.most[district] or (used + of[:, site] > amount).any() or (told == 0 and not must):
            continue
        rows = by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]
        now = -float(left[rows].sum()) / per[site]
        if now > told + ROUNDING * abs(told):
            heapq.heappush(heap, (now, site))
            continue
        is_open[site] = True
        number[district] += 1
        used += of[:, site]
        left[rows] = 0.0
    return is_open


def _most(use: Use) -> float:
    """The amount with room for the rounding of sums."""
    return use.amount + ROUNDING * max(1.0, abs(use.amount))


def left_by_others(view: Districts, part: District, is_open: BoolArray, count: FloatArray) -> FloatArray:
    """Weight (n,) of the district's distinct classes that open sites of no other district cover.

    `count` (n_classes,) are the open sites of every class.
    """
    own = np.asarray(part.sets @ is_open[part.sites].astype(np.float64))[part.of_class]
    others = count[part.classes] - own > 0.5
    left = np.where(others, 0.0, view.weight[part.classes])
    return np.bincount(part.of_class, weights=left, minlength=part.sets.shape[0]).astype(np.float64)


def neighbours(view: Districts, tied: BoolArray) -> list[set[int]]:
    """The districts that cover a place together with each district."""
    rows = np.flatnonzero(tied)
    at = entries_of(view.sets, rows)
    row = np.repeat(np.arange(len(rows)), np.diff(view.sets.indptr)[rows])
    of = sp.csr_array((np.ones(len(at)), (row, view.of_site[view.sets.indices[at]])), shape=(len(rows), len(view.most)))
    of.data = np.ones_like(of.data)
    together = sp.csr_array(of.T @ of)
    return [
        set(together.indices[together.indptr[k] : together.indptr[k + 1]].tolist()) - {k} for k in range(len(view.most))
    ]


def turns(near: list[set[int]]) -> list[list[int]]:
    """Districts in turns such that no two of one turn are neighbours (greedy colouring, most neighbours first)."""
    turn: dict[int, int] = {}
    for district in sorted(range(len(near)), key=lambda k: (-len(near[k]), k)):
        taken = {turn[other] for other in near[district] if other in turn}
        turn[district] = next(k for k in range(len(near) + 1) if k not in taken)
    return [[d for d in sorted(turn) if turn[d] == k] for k in range(max(turn.values(), default=-1) + 1)]
