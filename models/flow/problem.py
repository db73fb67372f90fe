"""Trips, the sites they may refuel at, and the distances between them."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from models.arrays import FloatArray, IntArray, frozen
from models.brief import brief
from models.given import checked
from models.magnitude import LARGEST, is_beyond
from models.messages import say
from models.problem import Sites, raise_all

ROUNDING = 1e-7
"""Lengths that differ by less than this share of the longer one are equal: ties of paths, a tank driven to its end."""


@checked
@brief
@dataclass(frozen=True)
class Vehicle:
    """What refuels: distance on a full tank, share of the tank at the origin, and how it may travel.

    A round trip goes to the destination and back and ends with at least what it began with, so that it can be repeated
    (Kuby and Lim 2005); a one-way trip only has to arrive. Either way is at most `max_detour_m` longer than the
    shortest. `kg_per_refuel` is what a stop takes from a station's capacity, None where stations have no limit.
    """

    range_m: float
    start_fraction: float = 0.5
    round_trip: bool = True
    max_detour_m: float = 0.0
    kg_per_refuel: float | None = None

    def __post_init__(self) -> None:
        faults = []
        if not (np.isfinite(self.range_m) and self.range_m > 0):
            faults.append(say("range_m is {range_m}; must be above 0", range_m=self.range_m))
        if not 0 <= self.start_fraction <= 1:
            faults.append(
                say(
                    "start_fraction is {start_fraction}; must be a share between 0 and 1",
                    start_fraction=self.start_fraction,
                )
            )
        if not (np.isfinite(self.max_detour_m) and self.max_detour_m >= 0):
            faults.append(say("max_detour_m is {max_detour_m}; must be at least 0", max_detour_m=self.max_detour_m))
        if self.kg_per_refuel is not None and not self.kg_per_refuel > 0:
            faults.append(say("kg_per_refuel is {kg_per_refuel}; must be above 0", kg_per_refuel=self.kg_per_refuel))
        raise_all(faults)

    @property
    def reach_m(self) -> float:
        """Longest way on a full tank, with room for rounding."""
        return self.range_m * (1 + ROUNDING)

    @property
    def first_reach_m(self) -> float:
        """Longest way on what is in the tank at the origin, with room for rounding."""
        return self.range_m * (self.start_fraction + ROUNDING)

    @property
    def last_reach_m(self) -> float:
        """Longest way from a full tank to the end of a trip."""
        return self.range_m * (1 - (self.start_fraction if self.round_trip else 0.0) + ROUNDING)


@checked
@brief
@dataclass(frozen=True, eq=False)
class FlowProblem:
    """Flows between points, and sites at points.

    `site_point` (n_sites,), `origin` and `destination` (n_flows,) are positions among the points; `weight` (n_flows,)
    vehicles a day; `distance_m` (n_points, n_points) the shortest way from row to column, inf where there is none.
    Refuelling depends on nothing else: the way between two stops is a shortest one.
    """

    sites: Sites
    site_point: IntArray
    origin: IntArray
    destination: IntArray
    weight: FloatArray
    distance_m: FloatArray

    def __post_init__(self) -> None:
        for name in ("site_point", "origin", "destination"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))
        for name in ("weight", "distance_m"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64))
        n_points, n_flows = len(self.distance_m), len(self.weight)
        faults = []
        if self.distance_m.shape != (n_points, n_points):
            faults.append(say("distance_m has shape {shape}; it must be square", shape=self.distance_m.shape))
        elif np.isnan(self.distance_m).any() or (self.distance_m < 0).any() or self.distance_m.diagonal().any():
            faults.append(say("distance_m must be at least 0 everywhere and 0 from a point to itself"))
        for name, size in (("site_point", len(self.sites)), ("origin", n_flows), ("destination", n_flows)):
            values = getattr(self, name)
            if values.shape != (size,):
                faults.append(
                    say("{name} has shape {shape}; ({size},) is needed", name=name, shape=values.shape, size=size)
                )
            elif size and not (values.min() >= 0 and values.max() < n_points):
                faults.append(say("{name} must name points 0 to {n_points}", name=name, n_points=n_points - 1))
        if not (np.isfinite(self.weight).all() and (self.weight >= 0).all()):
            faults.append(say("weight must be finite and at least 0 for every flow"))
        elif is_beyond(self.weight).any():
            faults.append(say("weight must be below {largest:g} for every flow", largest=LARGEST))
        raise_all(faults)

    @staticmethod
    def on_graph(
        sites: Sites,
        arcs: tuple[IntArray, IntArray, FloatArray],
        *,
        site_node: IntArray,
        origin_node: IntArray,
        destination_node: IntArray,
        weight: FloatArray,
    ) -> "FlowProblem":
        """A problem on directed arcs (tail, head, length in m), sites and ends of flows being nodes."""
        n_sites = len(site_node)
        nodes = np.concatenate([site_node, origin_node, destination_node]).astype(np.int64)
        points, position = np.unique(nodes, return_inverse=True)
        ends = position[n_sites:]
        return FlowProblem(
            sites=sites,
            site_point=position[:n_sites],
            origin=ends[: len(weight)],
            destination=ends[len(weight) :],
            weight=weight,
            distance_m=shortest_ways(arcs, points),
        )

    @property
    def n_flows(self) -> int:
        """Number of flows."""
        return len(self.weight)


def shortest_ways(arcs: tuple[IntArray, IntArray, FloatArray], points: IntArray) -> FloatArray:
    """Lengths (n_points, n_points) of the shortest ways between nodes, by Dijkstra's algorithm; inf where none is."""
    tail, head, length = arcs
    n = int(max(tail.max(initial=0), head.max(initial=0), points.max(initial=0))) + 1
    order = np.lexsort((length, head, tail))  # of parallel arcs the shortest counts; scipy would add them up
    tail, head, length = tail[order], head[order], length[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    graph = sp.csr_array((length[first], (tail[first], head[first])), shape=(n, n))
    found = np.empty((len(points), len(points)))
    for i, point in enumerate(points):
        found[i] = dijkstra(graph, indices=int(point))[points]
    return found
