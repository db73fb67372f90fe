"""Covering by greedy opening and simulated annealing with neighbour swaps, under any rows on open and covered.

Greedy: Cornuejols, Fisher & Nemhauser 1977; swaps: Teitz & Bart 1968; annealing for covering: Murray & Church 1996,
Geographical Analysis 28(4). Rows are kept by penalties that rise until plans keep them.
"""

import time
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from models.algorithms.covering import annealing_kernel
from models.algorithms.covering.view import CoverSearch, cover_search
from models.arrays import BoolArray, FloatArray, Sparse
from models.coverage.max_cover import MaxCover
from models.formulation import Formulated, Rule
from models.plan import Plan

ROUNDS, PARTS = 24, 8
"""Rounds of the cooling, after each of which rows that are broken become dearer, and parts of each, between which the
clock is looked at."""
HOT, COLD = 0.3, 0.002
"""First and last temperature, as a share of what an open site is worth on average."""

LEAST_EFFORT, EFFORT_PER_PAIR = 6e7, 2e3
"""Pairs that the annealing looks at: at least so many, and so often each on average."""
MOST_MOVES_PER_SITE = 20_000
"""A few sites are soon tried in every way."""
GREEDILY, AT_LAST = 0.4, 0.06
"""Shares of the time for the greedy plans, and of the steps for the descent at the end."""
GREEDILY_S, LAST_S = 0.3, 1.0
"""Seconds for the greedy plans at least, and beyond their time until there is a plan that keeps the rows."""
EVALUATIONS = 2_000
LEAST_STEPS = 200
TRIAL = 0.02
"""Share of the time in which it is measured how fast steps are."""


def search_cover(search: CoverSearch, *, seconds: float, seed: int, effort: float | None = None) -> BoolArray | None:
    """Open sites (n_sites,) of the best plan found that keeps every row; None where none was found.

    `effort` is how many (site, set) pairs the annealing looks at, None = as many as the size asks for: the same seed
    gives the same plan on any machine where `seconds` suffice for that. Where they do not, it cools as much faster, and
    ends cold all the same.
    """
    if effort is None:
        effort = max(LEAST_EFFORT, EFFORT_PER_PAIR * search.sets_of_site.nnz)
    began = time.monotonic()
    deadline = began + seconds
    run = _Run(search)
    run.open_greedily(search, began + GREEDILY * seconds)
    if len(search.free) and len(search.weight):
        per_site = float(np.diff(search.sets_of_site.indptr)[search.free].mean())
        steps = int(min(effort / (3.0 * (per_site + 4.0)), MOST_MOVES_PER_SITE * len(search.free)))
        _cool(run, np.random.default_rng(seed), steps, deadline)
    return run.best()


def _cool(run: "_Run", rng: np.random.Generator, steps: int, deadline: float) -> None:
    """So many steps from hot to cold, fewer where the time is short; then a descent from the best plan."""
    value, number = run.value_of_a_site(), ROUNDS * PARTS
    fall = (COLD / HOT) ** (1.0 / number)
    at_last = int(AT_LAST * steps)
    done, since = 0, time.monotonic()
    seconds = deadline - since
    for part in range(number):
        left = deadline - time.monotonic()
        if left <= 0:
            return
        now = steps // number
        speed = done / max(time.monotonic() - since, 1e-9)
        if done and speed * left < (number - part) * now + at_last:
            now = int((1.0 - AT_LAST) * speed * left / (number - part))
        if not done and now > LEAST_STEPS:  # how fast steps are is measured by a few of them
            done = LEAST_STEPS
            run.anneal(rng, done, (HOT * value, HOT * value))
            while time.monotonic() - since < TRIAL * seconds and done < now:
                run.anneal(rng, LEAST_STEPS, (HOT * value, HOT * value))
                done += LEAST_STEPS
            now = min(now - done, int(done / max(time.monotonic() - since, 1e-9) * left / number))
        heat = HOT * value * fall**part
        run.anneal(rng, max(1, now), (heat, heat * fall))
        done += max(1, now)
        if part % PARTS == PARTS - 1:
            run.raise_prices()
    speed = done / max(time.monotonic() - since, 1e-9)
    last = min(at_last, int(speed * max(0.0, deadline - time.monotonic())))
    if last > 0 and run.return_to_best():
        run.anneal(rng, last, (1e-3 * COLD * value, 1e-6 * COLD * value))


class _Run:
    """One search: what the kernels work on, and the best plan so far."""

    def __init__(self, search: CoverSearch) -> None:
        n = len(search.own)
        alone = search.own + search.sets_of_site @ search.weight
        top = max(float(alone.max(initial=0.0)), 1e-9)
        self.cover = annealing_kernel.Cover(
            own=search.own,
            weight=search.weight,
            need=search.need,
            sets_of_site=_links(search.sets_of_site),
            sites_of_set=_links(search.sites_of_set),
            rows_of_site=_links(search.on_site_t),
            rows_of_set=_links(search.on_set_t),
            lower=search.lower,
            upper=search.upper,
            price=1.5 * top / search.scale,
        )
        position = np.full(n, annealing_kernel.NONE, dtype=np.int64)
        position[search.free] = np.arange(len(search.free))
        self.state = annealing_kernel.State(
            is_open=np.zeros(n, dtype=np.bool_),
            times=np.zeros(len(search.weight), dtype=np.int64),
            activity=np.zeros(len(search.lower)),
            order=search.free.copy(),
            position=position,
        )
        self._best_worth = -np.inf
        self._best_open = np.zeros(n, dtype=np.bool_)
        for site in np.flatnonzero(search.fixed_open):
            annealing_kernel.toggle(self.cover, self.state, int(site))

    def open_greedily(self, search: CoverSearch, deadline: float) -> None:
        """Open sites while that gains, by gain alone and by gain per what rows allow; the better of both stays."""
        rates = [np.ones(len(search.own))]
        scarce = _scarcity(search)
        if scarce is not None:
            rates.append(scarce)
        for number, per in enumerate(rates):
            self._restart(search)
            promise = np.full(len(search.own), np.inf)
            now = time.monotonic()
            until = now + max(GREEDILY_S, deadline - now) / (len(rates) - number)
            while not annealing_kernel.greedy(self.cover, self.state, per, promise, EVALUATIONS):
                late = time.monotonic() - until
                any_open = bool(self.state.is_open[search.free].any())
                if late > LAST_S or (late > 0 and any_open and not annealing_kernel.violated(self.cover, self.state)):
                    break
            worth = self.worth()
            if not annealing_kernel.violated(self.cover, self.state) and worth > self._best_worth:
                self._best_worth = worth
                self._best_open[:] = self.state.is_open
        if not self.return_to_best():
            self._sort()

    def _restart(self, search: CoverSearch) -> None:
        """Close whatever is open beyond what must be."""
        for site in np.flatnonzero(self.state.is_open & ~search.fixed_open):
            annealing_kernel.toggle(self.cover, self.state, int(site))

    def return_to_best(self) -> bool:
        """Make the best plan the state; False where there is none."""
        if self._best_worth == -np.inf:
            return False
        for site in np.flatnonzero(self.state.is_open != self._best_open):
            annealing_kernel.toggle(self.cover, self.state, int(site))
        self._sort()
        return True

    def _sort(self) -> None:
        """Open sites first in the order of the free ones."""
        state = self.state
        first = np.argsort(~state.is_open[state.order], kind="stable")
        state.order[:] = state.order[first]
        state.position[state.order] = np.arange(len(state.order))

    def worth(self) -> float:
        """Worth of the state, anew."""
        covered = self.state.times >= self.cover.need
        return float(self.cover.own @ self.state.is_open + self.cover.weight @ covered)

    def value_of_a_site(self) -> float:
        """Mean worth of an open free site."""
        return max(self.worth(), 1e-9) / max(1, int(self.state.is_open[self.state.order].sum()))

    def anneal(self, rng: np.random.Generator, steps: int, heat: tuple[float, float]) -> None:
        """A part of the cooling."""
        worth = (self.worth(), self._best_worth)
        _, self._best_worth = annealing_kernel.anneal(self.cover, self.state, rng, steps, heat, worth, self._best_open)

    def raise_prices(self) -> None:
        """Make rows dearer that are broken now."""
        activity, slack = self.state.activity, 1e-9 * np.maximum(1.0, np.abs(self.state.activity))
        broken = (activity < self.cover.lower - slack) | (activity > self.cover.upper + slack)
        self.cover.price[broken] *= 1.6

    def best(self) -> BoolArray | None:
        """The best plan, None where none kept every row."""
        return None if self._best_worth == -np.inf else self._best_open


def _scarcity(search: CoverSearch) -> FloatArray | None:
    """The greatest share (n_sites,) that each site takes of what a row on sites allows; None where all take the same.

    Such rows are budgets and numbers: an upper side above 0, no negative numbers, nothing of what is covered.
    """
    on_site, on_set = sp.csc_array(search.on_site_t), sp.csc_array(search.on_set_t)
    used = np.diff(on_site.indptr) > 0
    least = np.zeros(len(search.upper))
    least[used] = np.minimum.reduceat(np.append(on_site.data, 0.0), on_site.indptr[:-1][used]) if used.any() else 0.0
    allows = search.upper - np.asarray(on_site.T @ search.fixed_open.astype(np.float64)).ravel()
    rows = np.flatnonzero(used & (np.diff(on_set.indptr) == 0) & (least >= 0) & np.isfinite(allows) & (allows > 0))
    if not len(rows) or not len(search.free):
        return None
    share = np.asarray((on_site[:, rows] @ sp.diags_array(1.0 / allows[rows])).max(axis=1).toarray()).ravel()
    of_free = share[search.free]
    if np.ptp(of_free) <= 1e-9 * of_free.max():
        return None
    return np.maximum(share, 1e-3 * float(of_free.max()))


def _links(matrix: Sparse) -> annealing_kernel.Links:
    return annealing_kernel.Links(
        np.ascontiguousarray(matrix.indptr, dtype=np.int64),
        np.ascontiguousarray(matrix.indices, dtype=np.int64),
        np.ascontiguousarray(matrix.data, dtype=np.float64),
    )


LEAST_S = 0.25
"""Seconds for the search where formulating has taken all: a plan in hand is worth more than the time."""


def search_max_cover(formulation: MaxCover, rules: Sequence[Rule], *, seconds: float, seed: int) -> Plan | None:
    """A plan that keeps every rule, by greedy opening and annealing; None where none was found."""
    until = time.monotonic() + seconds
    draft, program = Formulated.of(formulation, rules).built
    covered = draft.blocks["covered"]
    view = cover_search(program, draft.open, covered, formulation.shared_sets, formulation.backup)
    if view is None:
        return None
    is_open = search_cover(view, seconds=max(LEAST_S, until - time.monotonic()), seed=seed)
    return None if is_open is None else formulation.plan_of(is_open)
