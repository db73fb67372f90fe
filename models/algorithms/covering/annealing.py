"""Covering by greedy opening and simulated annealing with neighbour swaps, under any rows on open and covered.

Greedy: Cornuejols, Fisher & Nemhauser 1977; swaps: Teitz & Bart 1968; annealing for covering: Murray & Church 1996,
Geographical Analysis 28(4). Rows are kept by penalties that rise until plans keep them.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np
import scipy.sparse as sp

from models.algorithms.covering import search_kernel as kernel
from models.algorithms.covering.search_kernel import Int32
from models.algorithms.covering.view import CoverSearch, view_of
from models.arrays import BoolArray, FloatArray, IntArray, Sparse
from models.coverage.max_cover import MaxCover
from models.formulation import Rule
from models.plan import Plan

HOT, COLD, LAST = 0.05, 0.002, 1e-6
"""First and last temperature of the cooling and that of the descent behind it, as shares of what an open site is worth.

Measured on cities of 1,000 to 20,000 sites (`benchmarks.covering`): from 0.3 the first half of the steps was lost."""
ROUNDS, AT_LAST = 24, 0.06
"""Rounds of the cooling, after each of which rows that are broken become dearer; share of the steps for the descent."""
SLICE = 2_000
"""Steps between two looks at the clock, a few milliseconds."""
STEPS_PER_SITE, MOST_STEPS = 600, 20_000
"""Steps of the first cooling for every site that may open, and of the last one: a few are soon tried in every way."""
LONGER, COOLINGS = 5, 6
"""Each cooling takes so many times the steps of the one before, and there are so many at most."""
PENALTY, DEARER = 1.5, 1.6
"""First penalty of a broken row, as a share of the best site's worth for what a site changes in it; how it rises."""
GREEDILY = 0.4
"""Share of the time for the greedy plans; beyond it, they go on until they keep the rows, to all of the time."""


class CoverRun:
    """One search over a covering: what the kernels work on, and the best plan so far."""

    def __init__(self, search: CoverSearch, seed: int) -> None:
        self.search = search
        n = len(search.own)
        alone = search.own + search.sets_of_site @ search.weight
        self._cover = kernel.Cover(
            search.need, *_links(search.sets_of_site), *_links(search.sites_of_set), np.array(search.weight)
        )
        self._state = kernel.State(
            is_open=np.zeros(n, dtype=np.bool_),
            times=np.zeros(len(search.weight), dtype=np.int32),
            owner=np.zeros(len(search.weight), dtype=np.int32),
            change=np.array(search.own if search.need > 1 else alone),
            order=search.free.astype(np.int32),
            position=np.full(n, kernel.NONE, dtype=np.int32),
        )
        rows = sp.csr_array(sp.vstack([search.on_site_t, search.on_set_t]))
        self._rows = kernel.Rows(
            *_links(rows),
            value=np.array(rows.data, dtype=np.float64),
            lower=np.array(search.lower),
            upper=np.array(search.upper),
            price=PENALTY * max(float(alone.max(initial=0.0)), 1e-9) / search.scale,
            activity=np.zeros(len(search.lower)),
        )
        self._sort()
        self._random = np.array([0x9E3779B97F4A7C15 ^ (seed * 2 + 1)], dtype=np.uint64)
        self._tally = np.array([0.0, -np.inf, 0.0])
        self._best_open = np.zeros(n, dtype=np.bool_)
        self._toggle(np.flatnonzero(search.fixed_open))

    @property
    def best(self) -> BoolArray | None:
        """The best plan (n_sites,) so far, None where none kept every row."""
        return None if self._tally[kernel.BEST] == -np.inf else self._best_open.copy()

    @property
    def worth(self) -> float:
        """What the best plan is worth, -inf where there is none."""
        return float(self._tally[kernel.BEST])

    def open_greedily(self, seconds: float) -> None:
        """Open sites while that gains, by gain alone or by gain per what rows allow: the better of both stays."""
        deadline = time.monotonic() + seconds
        n = len(self.search.own)
        for per in (_scarcity(self.search), np.ones(n)):
            if per is None:
                continue
            self.close_all()
            until = time.monotonic() + GREEDILY * (deadline - time.monotonic())
            while time.monotonic() < until or (self._broken and time.monotonic() < deadline):
                site = kernel.most_promising(per, self._cover, self._state, self._rows)
                if site == kernel.NONE:
                    break
                self._toggle(np.array([site]))
            self._note()
        if self.best is None:
            self._sort()
        else:
            self.begin_with(self._best_open)

    def begin_with(self, is_open: BoolArray) -> None:
        """Make a plan (n_sites,) the state, and the best one where it is."""
        self._toggle(np.flatnonzero(self._state.is_open != is_open))
        self._sort()
        self._note()

    def cool(self, steps: int, seconds: float, enough: Callable[[float], bool] = lambda _worth: False) -> bool:
        """So many steps from hot to cold, and a descent from the best plan; False where the time cut them short.

        Where the time is short for the steps, as it is measured on the way, they cool as much faster: they end cold.
        """
        if not len(self._state.order) or not len(self.search.weight):
            return True
        began, value = time.monotonic(), self._value_of_a_site()
        until, done, total, rounds = began + (1.0 - AT_LAST) * seconds, 0, steps, 0
        while done < total and not enough(self.worth):
            part = min(SLICE, total - done)
            hot, cold = (HOT * value * (COLD / HOT) ** (at / total) for at in (done, done + part))
            self._anneal(part, hot, cold)
            done += part
            now = time.monotonic()
            total = max(done, min(steps, int(done * (1.0 + (until - now) / max(now - began, 1e-9)))))
            if done * ROUNDS >= (rounds + 1) * total:
                rounds += 1
                self._raise_prices()
        return self._descend(int(AT_LAST * total), value, began + seconds) and total == steps

    def _descend(self, steps: int, value: float, until: float) -> bool:
        """Steps that only better the best plan; False where the time cut them short."""
        if self.best is not None:
            self.begin_with(self._best_open)
        for _ in range(0, steps, SLICE):
            if time.monotonic() >= until:
                return False
            self._anneal(SLICE, LAST * value, LAST * value)
        return True

    def close_all(self) -> None:
        """Close what is open beyond what must be."""
        self._toggle(np.flatnonzero(self._state.is_open & ~self.search.fixed_open))

    def _anneal(self, steps: int, hot: float, cold: float) -> None:
        worked_on = (self._cover, self._state, self._rows)
        kernel.anneal(steps, (hot, cold), *worked_on, self._random, self._tally, self._best_open)

    def _toggle(self, sites: IntArray) -> None:
        for site in sites.tolist():
            kernel.toggle(site, self._cover, self._state, self._rows)

    def _note(self) -> None:
        """Recompute worth and penalty, and keep the state where it is the best plan."""
        is_open, covered = self._state.is_open, self._state.times >= self.search.need
        worth = float(self.search.own @ is_open + self.search.weight @ covered)
        self._tally[kernel.WORTH], self._tally[kernel.PENALTY] = worth, float(self._rows.price @ self._excess)
        if worth > self._tally[kernel.BEST] and not self._broken:
            self._tally[kernel.BEST] = worth
            self._best_open[:] = is_open

    @property
    def _excess(self) -> FloatArray:
        """By how much every row (n_rows,) is broken."""
        rows = self._rows
        return np.maximum(0.0, np.maximum(rows.lower - rows.activity, rows.activity - rows.upper))

    @property
    def _broken(self) -> bool:
        return bool(kernel.violated(self._rows))

    def _sort(self) -> None:
        """Open sites first in the order of the free ones."""
        state = self._state
        first = np.argsort(~state.is_open[state.order], kind="stable")
        state.order[:] = state.order[first]
        state.position[state.order] = np.arange(len(state.order), dtype=np.int32)

    def _value_of_a_site(self) -> float:
        """Mean worth of an open free site."""
        return max(float(self._tally[kernel.WORTH]), 1e-9) / max(1, int(self._state.is_open[self._state.order].sum()))

    def _raise_prices(self) -> None:
        """Make rows dearer that are broken now."""
        rows = self._rows
        rows.price[self._excess > kernel.FEASIBLE * np.maximum(1.0, np.abs(rows.activity))] *= DEARER
        self._note()


def search_cover(
    search: CoverSearch,
    *,
    seconds: float,
    seed: int,
    enough: Callable[[float], bool] = lambda _worth: False,
    coolings: int | None = None,
    begin: BoolArray | None = None,
    at_once: bool = False,
) -> BoolArray | None:
    """Open sites (n_sites,) of the best plan found that keeps every row; None where none was found.

    From the plan `begin`, else a greedy one. Coolings follow each other, each longer than the one before, until the
    best worth is `enough`, the time is over, or so many `coolings` or the longest are done: the same seed gives the
    same plan wherever the time suffices. `at_once`: the longest alone, where the time will not suffice anyway.
    """
    deadline = time.monotonic() + seconds
    run = CoverRun(search, seed)
    if begin is None:
        run.open_greedily(seconds)
    else:
        run.begin_with(begin)
    most = MOST_STEPS * len(search.free)
    for number in range(COOLINGS if coolings is None else coolings):
        left = deadline - time.monotonic()
        if enough(run.worth) or (left <= 0 and number > 0):
            break
        steps = most if at_once else STEPS_PER_SITE * LONGER**number * len(search.free)
        if not run.cool(min(steps, most), left, enough) or steps >= most:
            break
    return run.best


def _scarcity(search: CoverSearch) -> FloatArray | None:
    """The greatest share (n_sites,) that each site takes of what a row on sites allows; None where all take the same.

    Such rows are budgets and numbers: an upper side above 0, no negative numbers, nothing of what is covered.
    """
    use, allows = search.resources
    if not len(allows) or not len(search.free):
        return None
    share = np.asarray((use @ sp.diags_array(1.0 / allows)).max(axis=1).toarray()).ravel()
    of_free = share[search.free]
    if np.ptp(of_free) <= 1e-9 * of_free.max():
        return None
    return np.maximum(share, 1e-3 * float(of_free.max()))


def _links(matrix: Sparse) -> tuple[Int32, Int32]:
    return np.array(matrix.indptr, dtype=np.int32), np.array(matrix.indices, dtype=np.int32)


LEAST_S = 0.25
"""Seconds for the search where formulating has taken all: a plan in hand is worth more than the time."""


def search_max_cover(formulation: MaxCover, rules: Sequence[Rule], *, seconds: float, seed: int) -> Plan | None:
    """A plan that keeps every rule, by greedy opening and one cooling; None where none was found."""
    until = time.monotonic() + seconds
    view = view_of(formulation, rules)
    if view is None:
        return None
    left = max(LEAST_S, until - time.monotonic())
    is_open = search_cover(view, seconds=left, seed=seed, coolings=1)
    return None if is_open is None else formulation.plan_of(is_open)
