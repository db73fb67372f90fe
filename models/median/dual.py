"""A bound on median and fixed-charge models, and what it settles: sites that open or stay closed, pairs that serve not.

Every place i has a price u_i; with r_j = f_j + sum_i min(0, c_ij - u_i),

    L(u) = sum_i u_i + least sum of r_j over sets of sites that the statuses and the number of sites allow

bounds the cost of every plan from below (the assignment of places relaxed: Geoffrion 1974; Cornuejols, Fisher and
Nemhauser 1977, Management Science 23; prices by subgradients: Held, Wolfe and Crowder 1974, Math. Programming 6).
A decision whose reversal lifts L(u) to the worth of a known plan or beyond can be settled (reduced-cost fixing): no
plan that reverses it is better than the known one. Other rules only restrict plans further: all this holds with them.
"""

import time
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.median.service import Service
from models.search import swap

ITERATIONS = 1500
PATIENCE = 30
"""Steps without a better bound after which steps become half as long."""
SHORTEST = 1e-3
FADING = 0.05
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Dual:
    """The best bound found, and what it settles against `worth`: (n_sites,), (n_sites,), (n_pairs,).

    `prices` (n_places,) give the bound; `chosen` (n_sites,) are the sites of least cost by them; `share` (n_sites,) is
    how often each was chosen lately.
    """

    bound: float
    closed: BoolArray
    opened: BoolArray
    idle: BoolArray
    prices: FloatArray
    chosen: BoolArray
    share: FloatArray


@dataclass(frozen=True, eq=False)
class Step:
    """The bound at some prices, and what every site adds to it."""

    value: float
    reduced: FloatArray
    chosen: BoolArray
    enter: float
    """What the counted site that leaves, for another to enter, had added; 0 where none must leave."""
    leave: float
    """What must enter for a counted site to leave."""


def settle(
    service: Service,
    least: int,
    most: int,
    worth: float | None,
    prices: FloatArray,
    *,
    seconds: float,
    steps: int = ITERATIONS,
) -> Dual:
    """Improve the prices (n_places,) and settle what they prove against the worth of a known plan, None if none.

    The number of free new sites lies between `least` and `most`.
    """
    n_sites = len(service.sure)
    closed, opened = np.zeros(n_sites, dtype=bool), np.zeros(n_sites, dtype=bool)
    idle = np.zeros(len(service.lists.site), dtype=bool)
    cut = cut_of(service, worth)
    target = worth if worth is not None else np.inf
    u, best, best_u = prices.copy(), -np.inf, prices.copy()
    scale, waited, times = 1.0, 0, np.zeros(len(prices))
    deadline = time.monotonic() + seconds
    share = np.zeros(n_sites)
    for _ in range(steps):
        step = _evaluate(service, least, most, u)
        share += FADING * (step.chosen - share)
        waited += 1
        if step.value > best:
            if step.value > best + 1e-6 * abs(step.value):
                waited = 0
            best, best_u = step.value, u.copy()
        if cut is not None:
            settle_sites(service, step, cut, closed, opened)
        if waited >= PATIENCE:
            scale, waited, u = 0.5 * scale, 0, best_u.copy()
            step = _evaluate(service, least, most, u)
        swap.times_served(service.lists, u, step.chosen, times)
        slope = 1.0 - times
        length = float(slope @ slope)
        aim = target if np.isfinite(target) else best + 0.05 * max(1.0, abs(best))
        if length == 0 or scale < SHORTEST or (cut is not None and best > cut) or time.monotonic() > deadline:
            break
        u = np.maximum(0.0, u + scale * max(aim - step.value, 1e-6 * abs(aim)) / length * slope)
    last = _evaluate(service, least, most, best_u)
    if cut is not None:
        settle_sites(service, last, cut, closed, opened)
        idle = _idle_pairs(service, last, best_u, cut)
    return Dual(safe(service, best), closed, opened, idle, best_u, last.chosen, share)


def _evaluate(service: Service, least: int, most: int, u: FloatArray) -> Step:
    reduced = np.empty(len(service.sure))
    swap.reduced_costs(service.lists, u, reduced)
    chosen = service.sure | (service.closable & (reduced < 0))
    free = np.flatnonzero(service.counted)
    order = free[np.argsort(reduced[free], kind="stable")]
    k = int(np.clip((reduced[free] < 0).sum(), least, min(most, len(free))))
    chosen[order[:k]] = True
    value = service.base + float(u.sum()) + float(reduced[chosen].sum())
    return step_of(value, reduced, chosen, service.counted, (least, most))


def step_of(value: float, reduced: FloatArray, chosen: BoolArray, counted: BoolArray, limits: tuple[int, int]) -> Step:
    """The step whose chosen sites are those of least cost, with what entering and leaving them would change."""
    least, most = limits
    inside, outside = reduced[counted & chosen], reduced[counted & ~chosen]
    k = len(inside)
    last = float(inside.max()) if k else 0.0
    following = float(outside.min()) if len(outside) else np.inf
    enter = last if k == most or last > 0 else 0.0
    leave = following if k == least else min(0.0, following)
    return Step(value, reduced, chosen, enter if k or most else -np.inf, leave)


def cut_of(service: Service, worth: float | None) -> float | None:
    """A bound beyond this proves that no plan betters the known one, by more than rounding."""
    if worth is None:
        return None
    return worth - 1.0 + 1e-6 if service.whole else worth - 2 * ROUNDING * max(1.0, abs(worth))


def safe(service: Service, value: float) -> float:
    """The value less what rounding may have added, or the next whole number where every worth is one."""
    if service.whole:
        return float(np.ceil(value - 1e-6))
    return value - ROUNDING * max(1.0, abs(value))


def settle_sites(service: Service, step: Step, cut: float, closed: BoolArray, opened: BoolArray) -> None:
    """Mark the free sites that open, or stay closed, in every plan below the cut."""
    free = service.counted
    closed |= free & ~step.chosen & (step.value + step.reduced - step.enter > cut)
    opened |= free & step.chosen & (step.value - step.reduced + step.leave > cut)


def _idle_pairs(service: Service, step: Step, u: FloatArray, cut: float) -> BoolArray:
    """Pairs (n_pairs,) that serve in no better plan."""
    site = service.lists.site
    entering = np.where(service.counted & ~step.chosen, step.reduced - step.enter, 0.0)
    above = np.maximum(0.0, service.lists.cost - u[service.place_of_pair])
    return np.asarray(step.value + np.maximum(0.0, entering)[site] + above > cut)
