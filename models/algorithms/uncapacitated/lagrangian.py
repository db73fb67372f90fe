"""A bound on median and fixed-charge models, and what it settles: sites that open or stay closed, pairs that serve not.

Every place i has a price u_i; with r_j = f_j + sum_i min(0, c_ij - u_i),

    L(u) = sum_i u_i + least sum of r_j over sets of sites that the statuses and the number of sites allow

bounds the cost of every plan from below (the assignment of places relaxed: Geoffrion 1974; Cornuejols, Fisher and
Nemhauser 1977, Management Science 23). The prices rise by the volume algorithm (`volume_kernel`) to within a
hair of the linear relaxation. No price need exceed the cost at a site that is open anyway.
A decision whose reversal lifts L(u) to the worth of a known plan or beyond can be settled (reduced-cost fixing): no
plan that reverses it is better than the known one. Other rules only restrict plans further: all this holds with them.
"""

import time
from dataclasses import dataclass

import numpy as np

from models.algorithms.uncapacitated import volume_kernel
from models.algorithms.uncapacitated.costs import AssignmentCosts
from models.algorithms.uncapacitated.volume_kernel import Aim, Ascent, Part
from models.arrays import BoolArray, FloatArray, IntArray

STEPS = 2000
CHUNK, CHUNK_PAIRS = 50, 5_000_000
"""Steps between two looks at the clock, and pairs that all of them may look at."""
PATIENCE, MIX = 10, 1.0
"""Steps without progress after which they get shorter; the share of the last subgradient in the mean to begin with."""
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Dual:
    """The best bound found, and what it settles against `worth`: (n_sites,), (n_sites,), (n_pairs,).

    `prices` (n_places,) give the bound, and `chosen` (n_sites,) are the sites of least cost by them; `share` (n_sites,)
    is how often each was chosen lately.
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
    service: AssignmentCosts,
    least: int,
    most: int,
    worth: float | None,
    prices: FloatArray,
    *,
    seconds: float,
) -> Dual:
    """Improve the prices (n_places,) and settle what they prove against the worth of a known plan, None if none.

    The number of free new sites lies between `least` and `most`.
    """
    free = np.flatnonzero(service.counted | service.closable)
    n_sites, n_counted = len(service.sure), int(service.counted.sum())
    part = part_of(service, service.sure, free)
    cut = cut_of(service, worth)
    aim = Aim(least, min(most, n_counted), np.inf if cut is None else cut, np.inf if worth is None else worth)
    state = volume_kernel.begin(part, prices, MIX)
    deadline = time.monotonic() + seconds
    chunk = max(1, min(CHUNK, CHUNK_PAIRS // max(1, len(part.cost))))
    for _ in range(STEPS // chunk):
        if volume_kernel.ascend(part, aim, state, chunk, PATIENCE) or time.monotonic() > deadline:
            break
    closed, opened = np.zeros(n_sites, dtype=bool), np.zeros(n_sites, dtype=bool)
    closed[free], opened[free] = state.closed & part.counted, state.opened & part.counted
    idle = np.zeros(len(service.lists.site), dtype=bool)
    if cut is not None:
        idle = _idle_pairs(service, part, aim, state, free)
    chosen, share = service.sure.copy(), service.sure.astype(np.float64)
    chosen[free], share[free] = state.chosen, state.share
    bound = safe(service, float(state.pace[volume_kernel.BEST]))
    return Dual(bound, closed, opened, idle, state.price, chosen, share)


def part_of(service: AssignmentCosts, sure: BoolArray, free: IntArray) -> Part:
    """The choice among the `free` sites (positions) where those of the mask `sure` (n_sites,) are open."""
    lists = service.lists
    role = np.full(len(sure), volume_kernel.OUT, dtype=np.int64)
    role[sure] = volume_kernel.SURE
    role[free] = np.arange(len(free))
    start, site, cost, floor, cap = volume_kernel.listed(lists.start, lists.site, lists.cost, role, lists.far)
    base = service.base + float(lists.opening[sure].sum())
    return Part(start, site, cost, floor, cap, lists.opening[free], service.counted[free], base)


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


def cut_of(service: AssignmentCosts, worth: float | None) -> float | None:
    """A bound beyond this proves that no plan betters the known one, by more than rounding."""
    return None if worth is None else cut_below(worth, whole=service.whole)


def cut_below(worth: float, *, whole: bool) -> float:
    """The same; `whole`: every plan is worth a whole number."""
    return worth - 1.0 + 1e-6 if whole else worth - 2 * ROUNDING * abs(worth)


def safe(service: AssignmentCosts, value: float) -> float:
    """The value less what rounding may have added, or the next whole number where every worth is one."""
    return safe_bound(value, whole=service.whole)


def safe_bound(value: float, *, whole: bool) -> float:
    """The same; `whole`: every plan is worth a whole number."""
    return float(np.ceil(value - 1e-6)) if whole else value - ROUNDING * abs(value)


def settle_sites(service: AssignmentCosts, step: Step, cut: float, closed: BoolArray, opened: BoolArray) -> None:
    """Mark the free sites that open, or stay closed, in every plan below the cut."""
    free = service.counted
    closed |= free & ~step.chosen & (step.value + step.reduced - step.enter > cut)
    opened |= free & step.chosen & (step.value - step.reduced + step.leave > cut)


def _idle_pairs(service: AssignmentCosts, part: Part, aim: Aim, state: Ascent, free: IntArray) -> BoolArray:
    """Pairs (n_pairs,) that serve in no better plan."""
    reduced, chosen = np.empty(len(free)), np.zeros(len(free), dtype=bool)
    value, enter, _ = volume_kernel.evaluate(part, aim, state.price, reduced, chosen)
    entering = np.zeros(len(service.sure))
    entering[free] = np.where(chosen, 0.0, np.maximum(0.0, reduced - np.where(part.counted, enter, 0.0)))
    above = np.maximum(0.0, service.lists.cost - state.price[service.place_of_pair])
    return np.asarray(value + entering[service.lists.site] + above > aim.cut)
