"""Flows that the same stations refuel, as one: exact reduction before anything is written into a program."""

from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.flow.covers import Covers, covers_of, smallest
from models.flow.legs import Leg, legs_of
from models.flow.problem import FlowProblem, Vehicle
from models.flow.tripgraph import TripGraph, trip_graph


@dataclass(frozen=True, eq=False)
class FlowClass:
    """Flows with the same needs: an open site in every one of `covers`, or, where there is a `graph`, one of the sites
    in `alone` (each does by itself) or a path through the graph over open stops. `flows` are their positions."""

    flows: IntArray
    weight: float
    covers: Covers
    alone: tuple[int, ...] = ()
    graph: TripGraph | None = None


@dataclass(frozen=True, eq=False)
class FlowClasses:
    """All flows by class; `always` (n_flows,) need no station, `never` (n_flows,) no stations can refuel."""

    classes: tuple[FlowClass, ...]
    always: BoolArray
    never: BoolArray


_Needs = tuple[Covers, tuple[int, ...], TripGraph | None]


def classes_of(problem: FlowProblem, vehicle: Vehicle) -> FlowClasses:
    """Group the flows of some weight by what can refuel them.

    With a limit on stations it matters where a vehicle stops, so that every trip needs its graph; else a trip on one
    line is its arc covers, and a site that does alone for a trip leaves that trip's graph.
    """
    usable = ~problem.sites.fixed_closed
    always, never = np.zeros((2, problem.n_flows), dtype=bool)
    members: dict[_Needs, list[int]] = {}
    known: dict[tuple[int, int], _Needs | None] = {}
    for flow in range(problem.n_flows):
        ends = (int(problem.origin[flow]), int(problem.destination[flow]))
        if ends not in known:
            legs = legs_of(problem, vehicle, flow, usable)
            known[ends] = None if legs is None else _needs(legs, vehicle, f"flow {flow}")
        needs = known[ends]
        if needs is None or _nothing_helps(needs):
            never[flow] = True
        elif needs == ((), (), None):
            always[flow] = True
        elif problem.weight[flow] > 0:
            members.setdefault(needs, []).append(flow)
    return FlowClasses(
        classes=tuple(_class(problem.weight, flows, needs) for needs, flows in members.items()),
        always=always,
        never=never,
    )


def _class(weight: FloatArray, flows: list[int], needs: _Needs) -> FlowClass:
    positions = np.array(flows, dtype=np.int64)
    return FlowClass(positions, float(weight[positions].sum()), *needs)


def _nothing_helps(needs: _Needs) -> bool:
    covers, alone, graph = needs
    return () in covers or (graph is not None and not alone and not graph.has_ways)


def _needs(legs: tuple[Leg, ...], vehicle: Vehicle, name: str) -> _Needs:
    limited = vehicle.kg_per_refuel is not None
    if not limited and all(leg.is_chain for leg in legs):
        return covers_of(legs, vehicle), (), None
    alone = () if limited else _alone(legs, vehicle)
    graph = trip_graph(_over(legs, alone, keep=False), vehicle, name)
    if graph.needs_none:
        return (), (), None
    if not graph.has_ways and not limited:
        return smallest([alone]), (), None
    return (), alone, graph


def _alone(legs: tuple[Leg, ...], vehicle: Vehicle) -> tuple[int, ...]:
    """The sites that refuel the trip without any other: by a stop on the way there, on the way back, or on both."""
    first, between, last = vehicle.first_reach_m, vehicle.reach_m, vehicle.last_reach_m
    does: set[int] = set()
    stops: dict[int, float] = {}
    before = 0.0
    for number, leg in enumerate(legs):
        rest = sum(other.shortest_m for other in legs[number + 1 :])
        reached, ends = before + leg.after_m <= first, leg.before_m + rest <= last
        does |= set(leg.site[reached & ends].tolist())
        if number > 0:  # filled up on the leg before, and again here
            since = np.array([stops.get(int(site), np.inf) for site in leg.site])
            does |= set(leg.site[(since + leg.after_m <= between) & ends].tolist())
        stops = dict(zip(leg.site[reached].tolist(), leg.before_m[reached].tolist(), strict=True))
        before += leg.shortest_m
    return tuple(sorted(does))


def _over(legs: tuple[Leg, ...], sites: tuple[int, ...], *, keep: bool) -> tuple[Leg, ...]:
    """The legs with only these sites, or without them."""
    return tuple(leg.only(np.isin(leg.site, sites) == keep) for leg in legs)
