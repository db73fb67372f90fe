"""The ways of a trip - there, and back where it is a round trip - and the sites that lie on them."""

from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.flow.problem import ROUNDING, FlowProblem, Vehicle


@dataclass(frozen=True, eq=False)
class Leg:
    """One way of a trip from its `start` point to its `end` point.

    `site` (n_on,) are the sites a vehicle can stop at without exceeding `longest_m`, in order of their distance
    `after_m` (n_on,) from the start; `before_m` (n_on,) is the way from there to the end; `hop_m` (n_on, n_on) between
    them. `shortest_m` is the way without any stop.
    """

    start: int
    end: int
    shortest_m: float
    longest_m: float
    site: IntArray
    after_m: FloatArray
    before_m: FloatArray
    hop_m: FloatArray

    def only(self, mask: BoolArray) -> "Leg":
        """The same leg with the sites in `mask` (n_on,)."""
        return replace(
            self,
            site=self.site[mask],
            after_m=self.after_m[mask],
            before_m=self.before_m[mask],
            hop_m=self.hop_m[np.ix_(mask, mask)],
        )

    @property
    def is_chain(self) -> bool:
        """Can a vehicle stop at all of its sites one after the other without any way round?"""
        if not len(self.site):
            return True
        hops = self.hop_m[np.arange(len(self.site) - 1), np.arange(1, len(self.site))].sum()
        return bool(self.after_m[0] + hops + self.before_m[-1] <= self.shortest_m * (1 + ROUNDING))


def legs_of(problem: FlowProblem, vehicle: Vehicle, flow: int, usable: BoolArray) -> tuple[Leg, ...] | None:
    """The trip's one or two legs over `usable` (n_sites,) sites; None where there is no way at all."""
    start, goal = int(problem.origin[flow]), int(problem.destination[flow])
    ends = [(start, goal), (goal, start)] if vehicle.round_trip else [(start, goal)]
    if not all(np.isfinite(problem.distance_m[a, b]) for a, b in ends):
        return None
    return tuple(_leg(problem, vehicle, a, b, usable) for a, b in ends)


def _leg(problem: FlowProblem, vehicle: Vehicle, start: int, end: int, usable: BoolArray) -> Leg:
    far, point = problem.distance_m, problem.site_point
    shortest = float(far[start, end])
    longest = (shortest + vehicle.max_detour_m) * (1 + ROUNDING)
    site = np.flatnonzero(usable & (far[start, point] + far[point, end] <= longest))
    site = site[np.lexsort((site, -far[point[site], end], far[start, point[site]]))]
    at = point[site]
    return Leg(
        start=start,
        end=end,
        shortest_m=shortest,
        longest_m=longest,
        site=site,
        after_m=far[start, at],
        before_m=far[at, end],
        hop_m=far[np.ix_(at, at)],
    )
