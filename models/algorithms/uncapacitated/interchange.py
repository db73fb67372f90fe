"""A first plan for median and fixed-charge models: descent by interchange from many starts.

Interchange: Teitz and Bart (1968), Operations Research 16; the change of every swap with one entering site in one pass:
Whitaker (1983), INFOR 21; Resende and Werneck (2007), A fast swap-based local search procedure for location problems,
Annals of Operations Research 150. Between descents a few of the best plan's sites are exchanged at random (iterated
local search: Lourenco, Martin and Stuetzle 2003).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.algorithms.uncapacitated import swap_kernel
from models.algorithms.uncapacitated.costs import AssignmentCosts, limits_of
from models.algorithms.uncapacitated.lagrangian import Dual
from models.arrays import BoolArray, IntArray
from models.formulation import Rule
from models.problem import SitingProblem

ROUNDS = 60
"""Descents at most: the same seed gives the same plan as long as the time does not cut it short."""
IDLE = 25
"""Descents in a row without a better plan after which the search ends."""
MANY_ROUNDS, MANY_IDLE = 400, 100
"""The same among the few sites that a dual bound leaves."""
SELDOM = 1e-3
WORK = 2_000_000
"""Pairs and places that a descent looks at between two looks at the clock: some hundredths of a second."""


@dataclass(frozen=True)
class _Effort:
    """When descents end: by the clock, by their number, by how many in a row are in vain."""

    until: float
    rounds: int
    idle: int


def search_sites(
    service: AssignmentCosts, problem: SitingProblem, rules: Sequence[Rule], *, seconds: float, seed: int
) -> BoolArray | None:
    """Open sites (n_sites,) of the best plan found that serves every place; None where none was found.

    None also where the rules say more than how many sites may open and what they may cost.
    """
    limits = limits_of(service, problem, rules)
    if limits is None:
        return None
    rng = np.random.default_rng(seed)
    movable = np.flatnonzero(~service.sure & ~problem.sites.fixed_closed).astype(np.int64)
    if _uncounted(service, limits, movable):
        return None
    start = _start(service, movable, limits, rng)
    return _descended(service, [start], movable, limits, rng, _Effort(time.monotonic() + seconds, ROUNDS, IDLE))


def polished(
    service: AssignmentCosts,
    problem: SitingProblem,
    rules: Sequence[Rule],
    known: BoolArray,
    dual: Dual,
    *,
    seconds: float,
) -> BoolArray | None:
    """A plan at least as good as a known one (n_sites,), from what a dual bound chooses; None as in `search_sites`.

    First a descent from the sites of least cost by its prices, then many among the few sites that it chose lately.
    """
    limits = limits_of(service, problem, rules)
    free = ~service.sure & ~problem.sites.fixed_closed & (~dual.closed | known)
    if limits is None or _uncounted(service, limits, np.flatnonzero(free)):
        return None
    rng, until = np.random.default_rng(0), time.monotonic() + seconds
    starts = [known, dual.chosen]
    if float(service.lists.money[free & dual.chosen].sum()) > limits.budget:
        starts = [known]
    best = _descended(service, starts, np.flatnonzero(free), limits, rng, _Effort(until, len(starts), len(starts)))
    if best is None:
        return None
    few = np.flatnonzero(free & ((dual.share > SELDOM) | known | best))
    return _descended(service, [best], few, limits, rng, _Effort(until, MANY_ROUNDS, MANY_IDLE))


def _uncounted(service: AssignmentCosts, limits: swap_kernel.Limits, movable: IntArray) -> bool:
    """Closable sites that cost, beside a number of new sites that does not count them."""
    return (limits.least > 0 or limits.most < len(movable)) and bool(service.closable.any())


def _descended(
    service: AssignmentCosts,
    starts: Sequence[BoolArray],
    movable: IntArray,
    limits: swap_kernel.Limits,
    rng: np.random.Generator,
    effort: _Effort,
) -> BoolArray | None:
    """The best plan of descents from some starts, then from the best with some sites exchanged; None if none serves."""
    best, best_worth, idle = starts[0], np.inf, 0
    tolerance = 1e-9 * float(service.lists.cost.max(initial=0.0))
    for number in range(effort.rounds):
        begin = starts[number] if number < len(starts) else _shaken(best, movable, service, limits, rng)
        state = _served(service, begin)
        worth = swap_kernel.serve(service.lists, state)
        if len(movable):
            order, turn = rng.permutation(movable), np.zeros(2, dtype=np.int64)
            while not swap_kernel.descend(service.lists, state, movable, limits, order, tolerance, turn, WORK):
                if time.monotonic() > effort.until:
                    break
            worth = swap_kernel.serve(service.lists, state)
        idle += 1
        if _complete(state, movable, limits) and worth < best_worth - tolerance:
            best, best_worth, idle = state.is_open.copy(), worth, 0
        if time.monotonic() > effort.until or idle > effort.idle or not len(movable):
            break
    return best if np.isfinite(best_worth) else None


def _served(service: AssignmentCosts, is_open: BoolArray) -> swap_kernel.Served:
    n = len(service.lists.start) - 1
    return swap_kernel.Served(
        is_open=is_open.copy(),
        first=np.full(n, swap_kernel.NONE, dtype=np.int64),
        second=np.full(n, swap_kernel.NONE, dtype=np.int64),
        first_cost=np.zeros(n),
        second_cost=np.zeros(n),
        loss=np.zeros(len(is_open)),
    )


def nearest_costs(service: AssignmentCosts, is_open: BoolArray) -> swap_kernel.Served:
    """Nearest and second nearest open site of every place, with their costs."""
    state = _served(service, is_open)
    swap_kernel.serve(service.lists, state)
    return state


def _start(
    service: AssignmentCosts, movable: np.ndarray, limits: swap_kernel.Limits, rng: np.random.Generator
) -> BoolArray:
    """Sites at random, as many as the limits bear; the cheapest where a number is asked for and money is short."""
    money = service.lists.money
    tight = np.isfinite(limits.budget) and limits.least > 0
    order = movable[np.argsort(money[movable], kind="stable")] if tight else rng.permutation(movable)
    chosen = order[: limits.most]
    chosen = chosen[np.cumsum(money[chosen]) <= limits.budget]
    is_open = service.sure.copy()
    is_open[chosen] = True
    return is_open


def _shaken(
    best: BoolArray, movable: np.ndarray, service: AssignmentCosts, limits: swap_kernel.Limits, rng: np.random.Generator
) -> BoolArray:
    """Some open sites exchanged for closed ones, within the money."""
    money = service.lists.money
    is_open = best.copy()
    inside, outside = movable[best[movable]], movable[~best[movable]]
    n = min(len(inside), len(outside), max(1, int(rng.integers(1, 2 + max(2, len(inside) // 6)))))
    spare = limits.budget - float(money[inside].sum())
    for out, new in zip(rng.permutation(inside)[:n], rng.permutation(outside)[:n], strict=True):
        if money[new] - money[out] <= spare:
            is_open[out], is_open[new] = False, True
            spare -= money[new] - money[out]
    return is_open


def _complete(state: swap_kernel.Served, movable: np.ndarray, limits: swap_kernel.Limits) -> bool:
    n_open = int(state.is_open[movable].sum())
    return bool((state.first != swap_kernel.NONE).all()) and limits.least <= n_open <= limits.most
