"""All ways of driving a trip as one acyclic graph of stops, for trips whose stops do not lie on one line.

The expanded network of MirHassani and Ebrazi (2013), A flexible reformulation of the refueling station location
problem, Transportation Science 47(4), with ties and ways round (Kim and Kuby 2012): a node is a stop at a site on the
way there or back after so many metres, an arc a hop on one tank. Because the metres of the leg are part of the node,
every path through the graph keeps the limit of both legs. A hop that a vehicle could leave out by driving on from the
stop before is left out; two nodes with the same hops ahead are one.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import IntArray
from models.errors import ProblemError
from models.flow.legs import Leg
from models.flow.problem import ROUNDING, Vehicle
from models.flow.tripgraph_kernel import NONE, SINK, SOURCE, Tank, Ways, compact, expand
from models.messages import say

MOST_NODES = 50_000
"""Beyond this a single trip has too many ways round to be written down."""


@dataclass(frozen=True, eq=False)
class TripGraph:
    """Nodes 0 (the start) and 1 (the end of the trip), then stops: `leg` and `site` (n_nodes,), -1 for the two ends.

    Hops lead from `tail` (n_hops,) to `head`, in the order of both; every path from 0 to 1 can be driven.
    """

    leg: IntArray
    site: IntArray
    tail: IntArray
    head: IntArray

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TripGraph) and self._bytes == other._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)

    @property
    def _bytes(self) -> tuple[bytes, ...]:
        return tuple(part.tobytes() for part in (self.leg, self.site, self.tail, self.head))

    @property
    def has_ways(self) -> bool:
        """Can any stations refuel the trip?"""
        return len(self.tail) > 0

    @property
    def needs_none(self) -> bool:
        """Can the trip be driven without a stop?"""
        return bool(((self.tail == SOURCE) & (self.head == SINK)).any())


def trip_graph(legs: tuple[Leg, ...], vehicle: Vehicle, name: str) -> TripGraph:
    """The graph of a trip; no hops where no stations can refuel it. ProblemError when `name` has too many ways."""
    ways, tank = _ways(legs), _tank(vehicle)
    leg, at, driven, tail, head = expand(ways, tank, MOST_NODES)
    if len(leg) > MOST_NODES:
        raise ProblemError(say("{name} can be driven in too many ways round; lower max_detour_m", name=name))
    place = np.where(at == NONE, NONE, ways.first[np.minimum(leg, len(legs) - 1)] + at)
    order = 2 + np.lexsort((-driven[2:], -leg[2:]))
    left, start, onward, reached = compact(place, order, tail, head, int(ways.first[-1]))
    return _renumbered(left, start, onward, reached, ways)


def _tank(vehicle: Vehicle) -> Tank:
    must_keep = vehicle.start_fraction * vehicle.range_m if vehicle.round_trip else 0.0
    first = vehicle.first_reach_m
    return Tank(
        first, first - must_keep, vehicle.reach_m, vehicle.last_reach_m, vehicle.range_m, 4 * ROUNDING, ROUNDING
    )


def _ways(legs: tuple[Leg, ...]) -> Ways:
    size = np.array([len(leg.site) for leg in legs], dtype=np.int64)
    return Ways(
        first=np.concatenate([[0], np.cumsum(size)]),
        site=np.concatenate([leg.site for leg in legs]).astype(np.int64),
        after=np.concatenate([leg.after_m for leg in legs]),
        before=np.concatenate([leg.before_m for leg in legs]),
        hop=np.concatenate([leg.hop_m.ravel() for leg in legs]),
        block=np.concatenate([[0], np.cumsum(size**2)]),
        shortest=np.array([leg.shortest_m for leg in legs], dtype=np.float64),
        longest=np.array([leg.longest_m for leg in legs], dtype=np.float64),
    )


def _renumbered(left: IntArray, start: IntArray, onward: IntArray, reached: np.ndarray, ways: Ways) -> TripGraph:
    """Only what is reached, numbered anew in the same order."""
    if not reached[SINK]:
        ends, none = np.full(2, NONE), np.zeros(0, dtype=np.int64)
        return TripGraph(ends, ends, none, none)
    new = np.cumsum(reached) - 1
    tail = np.repeat(np.arange(len(left)), np.diff(start))
    kept = reached[tail]
    place = left[reached]
    leg = np.where(place == NONE, NONE, np.searchsorted(ways.first, place, side="right") - 1)
    site = np.where(place == NONE, NONE, ways.site[np.maximum(place, 0)] if len(ways.site) else NONE)
    return TripGraph(leg, site, new[tail[kept]], new[onward[kept]])
