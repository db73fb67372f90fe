"""A first plan for models with capacities: sites of a dual bound, then opening, closing and exchanging them.

The prices of the flow in hand say which closed sites are worth trying (Jacobsen 1983, Heuristics for the capacitated
plant location model, EJOR 12); every trial is an exact flow that goes on from the last one.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from models.algorithms.capacitated import volume_kernel
from models.algorithms.capacitated.costs import CapacitatedCosts, empty_filling
from models.algorithms.capacitated.transport import Transported, transported
from models.arrays import BoolArray, FloatArray, IntArray

TRIED = 8
"""Closed sites tried in exchange for open ones; more, step by step, where none of these helps and `wide` is set."""
IDLE = 12
"""Descents in a row without a better plan after which the search ends."""

SPARE = 4

Allows = Callable[[Transported], bool]
"""Does a plan keep every rule?"""


@dataclass(frozen=True, eq=False)
class Descent:
    """What a descent keeps to: rules, how many counted sites may open, and the time."""

    loads: CapacitatedCosts
    allows: Allows
    least: int
    most: int
    deadline: float
    wide: bool = False

    @property
    def late(self) -> bool:
        """Is the time over?"""
        return time.monotonic() > self.deadline

    def betters(self, new: Transported | None, worth: float) -> bool:
        """Is the new plan allowed and better by more than rounding?"""
        return new is not None and new.worth < worth - 1e-9 * abs(worth) and self.allows(new)


def descend(start: BoolArray, descent: Descent) -> Transported | None:
    """The best plan found from open sites (n_sites,) by one step after another; None where they cannot serve all."""
    now = transported(descent.loads, start, spare=SPARE)
    if now is None or not descent.allows(now):
        return None
    while not descent.late:
        better = next(_steps(now, descent), None)
        if better is None:
            break
        now = better if better.spare > 1 else transported(descent.loads, better.is_open, spare=SPARE) or better
    return now


def _steps(now: Transported, descent: Descent) -> Iterator[Transported]:
    """Plans better than the one in hand, the likely ones first."""
    loads, worth = descent.loads, now.worth
    is_open = now.is_open
    n_open = int((is_open & loads.counted).sum())
    movable = loads.counted | loads.closable
    gain = gains(loads, now.prices(), movable & ~is_open)
    order = [int(j) for j in np.argsort(gain, kind="stable") if np.isfinite(gain[j])]
    for site in order:
        if gain[site] >= 0 or (n_open >= descent.most and loads.counted[site]) or descent.late:
            break
        new = now.opened(site)
        if new is not None and descent.betters(new, worth):
            yield new
    for site in _closable(now, movable, worth):
        if (n_open > descent.least or not loads.counted[site]) and not descent.late:
            new = now.closed(site)
            if new is not None and descent.betters(new, worth):
                yield new
    for site in order if descent.wide else order[:TRIED]:
        wider = now.opened(site)
        for other in [] if wider is None else _closable(wider, movable, worth):
            if wider is None or descent.late:
                return
            if loads.counted[site] == loads.counted[other] and site != other:
                new = wider.closed(other)
                if new is not None and descent.betters(new, worth):
                    yield new


def search_filled(start: BoolArray, descent: Descent, rng: np.random.Generator) -> Transported | None:
    """The best plan of descents from open sites (n_sites,) and from others near the best (iterated local search)."""
    best = descend(start, descent)
    movable = descent.loads.counted | descent.loads.closable
    idle = 0
    while best is not None and idle < IDLE and not descent.late:
        new = descend(_shaken(best.is_open, movable, rng), descent)
        idle += 1
        if new is not None and new.worth < best.worth * (1 - 1e-9):
            best, idle = new, 0
    return None if best is None else descend(best.is_open, replace(descent, wide=True)) or best


def _shaken(is_open: BoolArray, movable: BoolArray, rng: np.random.Generator) -> BoolArray:
    """Some open sites exchanged for closed ones."""
    inside, outside = np.flatnonzero(is_open & movable), np.flatnonzero(~is_open & movable)
    n = min(len(inside), len(outside), int(rng.integers(1, 3 + len(inside) // 8)))
    shaken = is_open.copy()
    shaken[rng.permutation(inside)[:n]] = False
    shaken[rng.permutation(outside)[:n]] = True
    return shaken


def _closable(now: Transported, movable: BoolArray, worth: float) -> list[int]:
    """Open sites without which the plan might cost less than `worth`, the likely ones first."""
    least = now.least_without()
    return [int(j) for j in np.argsort(least, kind="stable") if movable[j] and least[j] < worth]


def gains(loads: CapacitatedCosts, prices: FloatArray, closed: BoolArray) -> FloatArray:
    """The most that opening each closed site can change the cost (n_sites,), inf at the others."""
    reduced = np.empty(len(closed))
    volume_kernel.fill(loads.lists, loads.weight, prices, loads.capacity, closed, empty_filling(loads), reduced)
    return np.where(closed, reduced, np.inf)


def completed(loads: CapacitatedCosts, chosen: BoolArray, order: IntArray, most: int) -> BoolArray | None:
    """Open sites with more of `order`, one after another, until they can serve all; None where they never can."""
    is_open = chosen | loads.sure
    left = [int(j) for j in order if not is_open[j]]
    while transported(loads, is_open) is None:
        if not left or int((is_open & loads.counted).sum()) >= most:
            return None
        is_open = is_open.copy()
        is_open[left.pop(0)] = True
    return is_open
