"""The price of money at which the programmes, each for itself, would spend what there is.

Every cluster's best value less the price times its spending is a convex function of the price. It is known at the
prices that were tried: from above by the chords between them (the bounds are proven there), from below by the plans
found (a plan's value less its spending at any price). Where both lie apart the cluster is solved again; where they meet
it is not, so that programmes whose spending hardly answers to the price are solved two or three times only. Kelley's
cutting planes (Kelley 1960, J. SIAM 8) in one dimension, with bounds interpolated.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from models.arrays import FloatArray
from models.clock import LEAST_S
from models.portfolio import JointProgram
from models.prices import Cluster, budget_row
from solver.engines.engine import Ask
from solver.engines.highs import Highs, lp_bound
from solver.engines.interrupt import run_or_stop

ROUNDS = 14
WIDER = 5
"""How often the first guess of a price may be too low."""


@dataclass(frozen=True, eq=False)
class Tried:
    """A cluster's relaxation at one price: a proven bound, and a solution (n,) with its value and spending."""

    price: float
    bound: float
    values: FloatArray
    worth: float
    spending: float

    def at(self, price: float) -> float:
        """What this solution is worth at another price."""
        return self.worth - price * self.spending


@dataclass(eq=False)
class Curve:
    """What is known of one cluster."""

    cluster: Cluster
    tried: list[Tried] = field(default_factory=list)

    def above(self, price: float) -> float:
        """A proven bound at a price between those tried."""
        low, high = self.around(price)
        if high.price == low.price:
            return low.bound
        share = (price - low.price) / (high.price - low.price)
        return (1 - share) * low.bound + share * high.bound

    def below(self, price: float) -> float:
        """The worth of the best solution in hand at a price."""
        return max(tried.at(price) for tried in self.tried)

    def around(self, price: float) -> tuple[Tried, Tried]:
        """The tried prices next to a price."""
        return (
            max((t for t in self.tried if t.price <= price), key=lambda t: t.price),
            min((t for t in self.tried if t.price >= price), key=lambda t: t.price),
        )

    def next_to(self, price: float, side: int) -> Tried:
        """The tried price next below (-1) or above (1) a price; the nearest there is, where there is none."""
        beyond = [t for t in self.tried if side * (t.price - price) > 0]
        return min(beyond or self.tried, key=lambda t: abs(t.price - price))


@dataclass(frozen=True, eq=False)
class Priced:
    """A price of money (in the program's objective), the bound it proves, and a solution (n_columns,) near it.

    The solution mixes those of the prices next to it so that the money is spent; it is linear, no plan. `bound_of` is
    each cluster's part of the bound.
    """

    price: float
    bound: float
    values: FloatArray
    bound_of: tuple[float, ...]


def search_price(joint: JointProgram, clusters: tuple[Cluster, ...], *, seconds: float, within: float) -> Priced | None:
    """The best price found in about `seconds`, or as soon as its bound is proven best within the share `within`.

    None where a programme's relaxation has no solution or none was found in time.
    """
    search = _Search(joint, [Curve(c) for c in clusters], time.monotonic() + seconds)
    if not search.try_all(0.0):
        return None
    if search.row is None or search.spent(0.0) <= search.money:
        return search.priced(0.0)
    high = search.first_guess()
    for wider in range(WIDER):
        high *= 4.0 if wider else 1.0
        if not search.try_all(high):
            return search.priced(0.0)
        if search.spent(high) <= search.money:
            break
    best = min((0.0, high), key=search.above)
    for _ in range(ROUNDS):
        price = search.lowest(high)
        if search.above(price) < search.above(best):
            best = price
        open_gap = search.above(best) - search.below(price)
        if open_gap <= within * abs(search.above(best)) or not search.try_worst(price):
            break
    return search.priced(min((best, search.lowest(high)), key=search.above))


@dataclass(eq=False)
class _Search:
    joint: JointProgram
    curves: list[Curve]
    until: float

    def __post_init__(self) -> None:
        self.row = budget_row(self.joint)
        self.money = 0.0 if self.row is None else float(self.joint.program.row_upper[self.row])

    def try_all(self, price: float) -> bool:
        return all(self._try(curve, price) for curve in self.curves)

    def try_worst(self, price: float) -> bool:
        """Solve the clusters again whose bound and solutions lie apart at a price, until the rest matters little."""
        gaps = sorted(((c.above(price) - c.below(price), n) for n, c in enumerate(self.curves)), reverse=True)
        total = sum(gap for gap, _ in gaps)
        done = 0.0
        for gap, number in gaps:
            if done >= 0.8 * total:
                break
            if any(t.price == price for t in self.curves[number].tried) or not self._try(self.curves[number], price):
                return done > 0
            done += gap
        return True

    def _try(self, curve: Curve, price: float) -> bool:
        left = self.until - time.monotonic()
        if left <= 0 and curve.tried:
            return False
        program = curve.cluster.at(price).relaxed()
        relaxed = lp_bound(program, time_limit_s=max(left, LEAST_S))
        if relaxed is None:
            left = self.until - time.monotonic()
            answer = run_or_stop(Highs(), program, Ask(time_limit_s=max(left, LEAST_S)))
            if answer.values is None or answer.outcome.bound is None:
                return False
            bound, values = answer.outcome.bound, answer.values
        else:
            bound, values = relaxed.bound, relaxed.values
        worth = float(curve.cluster.program.objective @ values)
        curve.tried.append(Tried(price, bound, values, worth, float(curve.cluster.cost @ values)))
        return True

    def above(self, price: float) -> float:
        return sum(c.above(price) for c in self.curves) + price * self.money + self.joint.program.offset

    def below(self, price: float) -> float:
        return sum(c.below(price) for c in self.curves) + price * self.money + self.joint.program.offset

    def spent(self, price: float) -> float:
        return sum(next(t for t in c.tried if t.price == price).spending for c in self.curves)

    def first_guess(self) -> float:
        """An eighth of what a unit of money yields on average where money does not matter."""
        worth = sum(c.tried[0].worth for c in self.curves)
        return max(1e-12, worth / max(self.spent(0.0), 1.0) / 8.0)

    def lowest(self, high: float) -> float:
        """The price at which what the solutions in hand prove is lowest: where two of their lines cross."""
        low, top = 0.0, high
        for _ in range(80):
            first, second = low + (top - low) / 3, top - (top - low) / 3
            if self.below(first) <= self.below(second):
                top = second
            else:
                low = first
        return 0.5 * (low + top)

    def priced(self, price: float) -> Priced:
        """The price with its bound, and the solutions on both sides of it mixed so that the money is spent."""
        low, high = ([c.around(price)[side] for c in self.curves] for side in (0, 1))
        if _spent(low) < self.money:
            low, high = [c.next_to(price, -1) for c in self.curves], low
        elif _spent(high) > self.money:
            low, high = high, [c.next_to(price, 1) for c in self.curves]
        apart = _spent(low) - _spent(high)
        share = 1.0 if apart <= 0 else float(np.clip((self.money - _spent(high)) / apart, 0.0, 1.0))
        values = np.zeros(self.joint.program.n_columns)
        for curve, first, second in zip(self.curves, low, high, strict=True):
            values[curve.cluster.columns] = share * first.values + (1 - share) * second.values
        return Priced(price, self.above(price), values, tuple(c.above(price) for c in self.curves))


def _spent(tried: list[Tried]) -> float:
    return sum(each.spending for each in tried)
