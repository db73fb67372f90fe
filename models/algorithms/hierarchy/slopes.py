"""Sites of tiers by flows in which what opening costs is paid by the unit.

Dynamic slope scaling: Kim and Pardalos (1999), A solution approach to the fixed charge network flow problem using a
dynamic slope scaling procedure, Operations Research Letters 24. Where a flow leads through a site, opening it costs
each unit its share of what was carried there last; so flows gather at few sites. Under a budget a price of money, which
rises where too much is spent and falls where money is left, says what is worth opening.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.clock import Clock

Round = Callable[[FloatArray, float], tuple[FloatArray, float]]
"""Price of a unit at each site (n_sites,) and price of money -> what flows through each (n_sites,), and money spent."""

FIRST, AGAIN = 8, 6
"""Rounds that look for the price of money, and rounds from the beginning at about that price."""

ABOUT = (1.0, 0.93, 0.87, 1.07)
"""Where the later rounds begin, in parts of the price found: what gathers where depends much on it. Measured on two
programs of cities and three first prices; more of shorter rounds, or the price as the last ones left it, find less."""

FAR, NEARER, CLOSE = 2.0, 0.6, 1.05
"""The price of money is multiplied by the first, whose power is taken at each turn; by the third when it is known."""

LITTLE = 0.02
"""A site that carries less than this share of what it can is priced as if it carried so much."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """Opening costs and the most that is carried (n_sites,), the budget, inf where there is none, and the flow.

    Whoever sends the flows keeps the plans that they are.
    """

    cost: FloatArray
    limit: FloatArray
    budget: float
    flow: Round
    clock: Clock

    def run(self, price: float) -> None:
        """Send flows one after another, until the time is over; `price` is what money may be worth to begin with."""
        price = self._rounds(price, FAR, FIRST)
        for part in ABOUT:
            self._rounds(part * price, CLOSE, AGAIN)

    def _rounds(self, price: float, step: float, most: int) -> float:
        """So many rounds from prices of a full site on; the price of money at their end."""
        able = self.limit > 0
        slope = np.divide(self.cost, self.limit, out=np.zeros(len(able)), where=able)
        dear: bool | None = None
        for _ in range(most):
            if self.clock.over:
                break
            through, spent = self.flow(price * slope, price)
            share = np.divide(self.cost, np.maximum(through, LITTLE * self.limit), out=slope.copy(), where=able)
            slope = np.where(through > 0, share, slope)
            if np.isfinite(self.budget):
                turned = dear is not None and dear != (spent > self.budget)
                step = max(CLOSE, step**NEARER) if turned else step
                dear = spent > self.budget
                price *= step if dear else 1 / step
        return price
