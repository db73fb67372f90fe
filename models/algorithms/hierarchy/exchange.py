"""A plan of tiers bettered by closing, opening and exchanging sites, each judged by what all would cost then.

Drop, add and interchange: Kuehn and Hamburger (1963), A heuristic program for locating warehouses, Management Science
9; shaken and repeated (iterated local search: Lourenco, Martin and Stuetzle 2003, Handbook of Metaheuristics). Sites
are tried in the order in which a linear relaxation wants them, so that few of all exchanges need judging.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.clock import Clock

Judge = Callable[[BoolArray], float]
"""Open sites (n_sites,) -> what everything costs, inf where they cannot serve all."""

TRIED = 8
"""An opened site is exchanged for so many open ones of its tier at most, those that are wanted least first."""

SHAKEN = 2
"""So many sites of a tier are exchanged at random before the search begins anew."""

IDLE = 30
"""The search ends after so many shakes that led to nothing better."""

TIE = 1e-9
"""Relative difference of two costs that is rounding."""


@dataclass(frozen=True, eq=False)
class Exchange:
    """What a search knows: which sites may change (n_sites,), their tiers, how much each is wanted."""

    free: BoolArray
    tier: IntArray
    wanted: FloatArray
    judge: Judge
    clock: Clock

    def search(self, opened: BoolArray, rng: np.random.Generator, found: Callable[[BoolArray], bool]) -> None:
        """Better a plan until the time is over, or `found`, which is told of every better one, says that it will do."""
        best, least = opened, self.judge(opened)
        now, cost, idle = best, least, 0
        while idle < IDLE and self.free.any():
            now, cost = self._descended(now, cost)
            idle += 1
            if cost < least - TIE * abs(cost):
                best, least, idle = now, cost, 0
                if found(best):
                    return
            if self.clock.over:
                return
            now = self._shaken(best, rng)
            cost = self.judge(now)

    def _descended(self, now: BoolArray, cost: float) -> tuple[BoolArray, float]:
        """The first better neighbour again and again, until there is none or no time."""
        better = True
        while better:
            better = False
            for other in self._neighbours(now):
                if self.clock.over:
                    return now, cost
                worth = self.judge(other)
                if worth < np.inf and not worth >= cost - TIE * abs(worth):
                    now, cost, better = other, worth, True
                    break
        return now, cost

    def _neighbours(self, now: BoolArray) -> Iterator[BoolArray]:
        """One site less, one more, one for another: the likeliest first."""
        least_first = np.argsort(self.wanted, kind="stable")
        open_now = [j for j in least_first if now[j] and self.free[j]]
        closed = [j for j in least_first[::-1] if not now[j] and self.free[j]]
        for j in open_now:
            yield _changed(now, close=j)
        for k in closed:
            yield _changed(now, open_=k)
            for j in [j for j in open_now if self.tier[j] == self.tier[k]][:TRIED]:
                yield _changed(now, close=j, open_=k)

    def _shaken(self, now: BoolArray, rng: np.random.Generator) -> BoolArray:
        """A few sites of one tier exchanged at random, the wanted ones rather."""
        opened = now.copy()
        level = int(rng.choice(self.tier[self.free]))
        own = self.free & (self.tier == level)
        out, into = np.flatnonzero(own & now), np.flatnonzero(own & ~now)
        opened[rng.permutation(out)[:SHAKEN]] = False
        luck = rng.exponential(float(np.std(self.wanted)), len(into))
        opened[into[np.argsort(-self.wanted[into] - luck)[: SHAKEN + 1]]] = True
        return opened


def _changed(now: BoolArray, *, close: int | None = None, open_: int | None = None) -> BoolArray:
    other = now.copy()
    if close is not None:
        other[close] = False
    if open_ is not None:
        other[open_] = True
    return other
