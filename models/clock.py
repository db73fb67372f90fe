"""The end of a run's time, which its stages share: each is given a part of what is left, none more than that."""

import time
from dataclasses import dataclass

LEAST_S = 0.05
"""A stage that must run all the same is given so much, however late it is."""


@dataclass(frozen=True)
class Clock:
    """`began` and `end` on the monotonic clock."""

    began: float
    end: float

    @staticmethod
    def of(seconds: float) -> "Clock":
        """A clock that ends so many seconds from now."""
        now = time.monotonic()
        return Clock(now, now + seconds)

    def left(self, share: float = 1.0) -> float:
        """Seconds of a share of what is left; 0 where the time is over."""
        return max(0.0, share * (self.end - time.monotonic()))

    def some(self, share: float = 1.0) -> float:
        """As `left`, but never nothing: for what must be tried even late."""
        return max(LEAST_S, self.left(share))

    def part(self, share: float, most_s: float = float("inf")) -> "Clock":
        """A clock for a share of what is left, of so many seconds at most."""
        return Clock.of(min(most_s, self.left(share)))

    def without(self, share: float) -> "Clock":
        """A clock that ends earlier by a share of the whole."""
        return Clock(self.began, self.end - share * (self.end - self.began))

    @property
    def spent(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    @property
    def over(self) -> bool:
        """Is there no time left?"""
        return self.left() <= 0.0
