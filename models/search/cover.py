"""Covering by greedy opening and simulated annealing with neighbour swaps, under any rows on open and covered.

Greedy: Cornuejols, Fisher & Nemhauser 1977; swaps: Teitz & Bart 1968; annealing for covering: Murray & Church 1996,
Geographical Analysis 28(4). Rows are kept by penalties that rise until plans keep them.
"""

import time

import numpy as np

from models.arrays import BoolArray, Sparse
from models.search import kernel
from models.search.pure import CoverSearch

ROUNDS = 24
"""Pieces of the cooling: between them the clock is looked at, and rows that are broken become dearer."""
HOT, COLD = 0.3, 0.002
"""First and last temperature, as a share of what an open site is worth on average."""

LEAST_EFFORT, EFFORT_PER_PAIR = 6e7, 2e3
"""Pairs that the annealing looks at: at least so many, and so often each on average."""
MOST_MOVES_PER_SITE = 20_000
"""A few sites are soon tried in every way."""


def search_cover(search: CoverSearch, *, seconds: float, seed: int, effort: float | None = None) -> BoolArray | None:
    """Open sites (n_sites,) of the best plan found that keeps every row; None where none was found.

    `effort` is how many (site, set) pairs the annealing looks at, None = as many as the size asks for: the same seed
    gives the same plan on any machine as long as `seconds` does not cut it short.
    """
    if effort is None:
        effort = max(LEAST_EFFORT, EFFORT_PER_PAIR * search.sets_of_site.nnz)
    run = _Run(search)
    run.open_greedily()
    if len(search.free) and len(search.weight):
        per_site = float(np.diff(search.sets_of_site.indptr)[search.free].mean())
        steps = int(min(effort / (3.0 * (per_site + 4.0)), MOST_MOVES_PER_SITE * len(search.free)) / ROUNDS)
        value = run.value_of_a_site()
        fall = (COLD / HOT) ** (1.0 / ROUNDS)
        rng = np.random.default_rng(seed)
        deadline = time.monotonic() + seconds
        for piece in range(ROUNDS):
            run.anneal(rng, steps, (HOT * value * fall**piece, HOT * value * fall ** (piece + 1)))
            if time.monotonic() > deadline:
                break
    return run.best()


class _Run:
    """One search: what the kernels work on, and the best plan so far."""

    def __init__(self, search: CoverSearch) -> None:
        n = len(search.own)
        alone = search.own + search.sets_of_site @ search.weight
        top = max(float(alone.max(initial=0.0)), 1e-9)
        self.cover = kernel.Cover(
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
        position = np.full(n, kernel.NONE, dtype=np.int64)
        position[search.free] = np.arange(len(search.free))
        self.state = kernel.State(
            is_open=np.zeros(n, dtype=np.bool_),
            times=np.zeros(len(search.weight), dtype=np.int64),
            activity=np.zeros(len(search.lower)),
            order=search.free.copy(),
            position=position,
        )
        self._best_worth = -np.inf
        self._best_open = np.zeros(n, dtype=np.bool_)
        for site in np.flatnonzero(search.fixed_open):
            kernel.toggle(self.cover, self.state, int(site))

    def open_greedily(self) -> None:
        """Open sites while that gains."""
        kernel.greedy(self.cover, self.state)
        state = self.state
        first = np.argsort(~state.is_open[state.order], kind="stable")
        state.order[:] = state.order[first]
        state.position[state.order] = np.arange(len(state.order))
        if not kernel.violated(self.cover, state):
            self._best_worth = self.worth()
            self._best_open[:] = state.is_open

    def worth(self) -> float:
        """Worth of the state, anew."""
        covered = self.state.times >= self.cover.need
        return float(self.cover.own @ self.state.is_open + self.cover.weight @ covered)

    def value_of_a_site(self) -> float:
        """Mean worth of an open free site."""
        return max(self.worth(), 1e-9) / max(1, int(self.state.is_open[self.state.order].sum()))

    def anneal(self, rng: np.random.Generator, steps: int, heat: tuple[float, float]) -> None:
        """One piece of the cooling; rows that are broken at its end become dearer."""
        worth = (self.worth(), self._best_worth)
        _, self._best_worth = kernel.anneal(self.cover, self.state, rng, steps, heat, worth, self._best_open)
        activity, slack = self.state.activity, 1e-9 * np.maximum(1.0, np.abs(self.state.activity))
        broken = (activity < self.cover.lower - slack) | (activity > self.cover.upper + slack)
        self.cover.price[broken] *= 1.6

    def best(self) -> BoolArray | None:
        """The best plan, None where none kept every row."""
        return None if self._best_worth == -np.inf else self._best_open


def _links(matrix: Sparse) -> kernel.Links:
    return kernel.Links(
        np.ascontiguousarray(matrix.indptr, dtype=np.int64),
        np.ascontiguousarray(matrix.indices, dtype=np.int64),
        np.ascontiguousarray(matrix.data, dtype=np.float64),
    )
