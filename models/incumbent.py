"""The best plan and the best bound of a programme while it is solved, shared by all that look for either.

Every stage of a solve is given the same `Incumbent`, with a clock that may end earlier than that of the whole. It reads
there what others have found, leaves there what it finds itself, and stops where both are near enough: so nothing is
proven twice, and Ctrl-C or a limit loses nothing, wherever it comes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

import numpy as np

from models.clock import Clock
from models.program import Sense

Plan = TypeVar("Plan")

TIE = 1e-9
"""Relative gap below which plan and bound differ by the rounding of their sums."""


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """|objective - bound| / max(|objective|, 1e-9); None when either is unknown or infinite."""
    if objective is None or bound is None or not np.isfinite(bound):
        return None
    return abs(objective - bound) / max(abs(objective), 1e-9)


def tighter(sense: Sense, *bounds: float | None) -> float | None:
    """The bound that says most, None where there is none."""
    told = [bound for bound in bounds if bound is not None and np.isfinite(bound)]
    if not told:
        return None
    return min(told) if sense == "max" else max(told)


@dataclass(frozen=True)
class Standing:
    """How a solve stands: worth of the best plan, best bound, seconds left; None where it is not known."""

    objective: float | None = None
    bound: float | None = None
    left_s: float | None = None

    @property
    def gap(self) -> float | None:
        """Relative gap between plan and bound."""
        return relative_gap(self.objective, self.bound)


@dataclass(eq=False)
class _Held(Generic[Plan]):
    """What is in hand."""

    plan: Plan | None = None
    objective: float | None = None
    bound: float | None = None


@dataclass(frozen=True, eq=False)
class Incumbent(Generic[Plan]):
    """What is in hand of a solve, what is asked of it, and the time of the stage that holds this.

    `judge` says what a plan is worth, None where it breaks a rule: nothing is held that it does not pass. `gap` is the
    relative gap at which plan and bound are near enough. `on_better` is told of every better plan and bound.
    """

    sense: Sense
    judge: Callable[[Plan], float | None]
    clock: Clock
    gap: float = 0.0
    on_better: Callable[[Standing], None] | None = None
    _held: _Held[Plan] = field(default_factory=_Held)

    @property
    def plan(self) -> Plan | None:
        """The best plan found."""
        return self._held.plan

    @property
    def objective(self) -> float | None:
        """What the best plan is worth."""
        return self._held.objective

    @property
    def bound(self) -> float | None:
        """What no plan passes."""
        return self._held.bound

    @property
    def standing(self) -> Standing:
        """Plan, bound and time left as they are now."""
        return Standing(self.objective, self.bound, self.clock.left())

    @property
    def known_gap(self) -> float | None:
        """Relative gap between plan and bound; None where either is unknown."""
        return relative_gap(self.objective, self.bound)

    @property
    def enough(self) -> bool:
        """Is the plan in hand within the asked gap of the bound?"""
        known = self.known_gap
        return known is not None and known <= (max(self.gap, TIE) if self.gap >= 0 else self.gap)

    @property
    def over(self) -> bool:
        """Is there nothing left to do: no time, or a plan that is proven?"""
        return self.enough or self.clock.over

    def left(self, share: float = 1.0) -> float:
        """Seconds of a share of the time that is left; 0 where it is over."""
        return self.clock.left(share)

    def some(self, share: float = 1.0) -> float:
        """As `left`, but never nothing."""
        return self.clock.some(share)

    def part(self, share: float = 1.0, most_s: float = float("inf")) -> "Incumbent[Plan]":
        """The same for a stage that has a share of the time left, so many seconds at most."""
        return self.until(self.clock.part(share, most_s))

    def until(self, clock: Clock) -> "Incumbent[Plan]":
        """The same for a stage with a clock of its own."""
        return replace(self, clock=clock)

    def beats(self, objective: float) -> bool:
        """Is a plan of this worth better than the one in hand?"""
        return self.objective is None or self._sign * (objective - self.objective) > 0

    def found(self, plan: Plan | None) -> bool:
        """Hold a plan where it keeps the rules and is better than the one in hand; was it?"""
        worth = None if plan is None else self.judge(plan)
        if plan is None or worth is None or not self.beats(worth):
            return False
        self._held.plan, self._held.objective = plan, worth
        self._told(self.standing)
        return True

    def bounded(self, bound: float | None) -> bool:
        """Hold a bound that is proven for every plan where it is tighter than the one in hand; was it?"""
        best = tighter(self.sense, self.bound, bound)
        if best is None or best == self.bound:
            return False
        self._held.bound = best
        self._told(self.standing)
        return True

    def glimpsed(self, objective: float | None, bound: float | None) -> None:
        """Tell what an engine says on its way, which counts only when it has been checked at its end."""
        ahead = objective is not None and self.beats(objective)
        shown = objective if ahead else self.objective
        self._told(Standing(shown, tighter(self.sense, self.bound, bound), self.left()))

    @property
    def _sign(self) -> float:
        return 1.0 if self.sense == "max" else -1.0

    def _told(self, standing: Standing) -> None:
        if self.on_better is not None:
            self.on_better(standing)
