"""Trips driven over the open stations: shortest chains of hops that a tank bears, there and back."""

from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np

from models.arrays import BoolArray, FloatArray
from models.messages import say
from solver.inputs.roads import Points
from solver.verify.case import Case
from solver.verify.trips import Trips
from solver.verify.verdict import Unchecked

TIE = 1e-7
"""Ways that differ by a smaller share of the longer one are equally long; a tank may be driven to its end."""


@dataclass(frozen=True, eq=False)
class Drives:
    """Distances in metres between terminals and sites; inf where there is no way.

    `between` (n_points, n_points) over terminals first, then sites.
    """

    case: Case

    @cached_property
    def between(self) -> FloatArray:
        """Length of the shortest way from every point to every other."""
        case, flows, vehicle = self.case, self.case.inputs.flows, self.case.programme.vehicle
        if flows is None or vehicle is None:
            raise Unchecked(say("the programme has no flows"))
        classes = tuple(vehicle.road_classes)
        ways = case.travel.ways(vehicle.mode, classes)
        ends = case.travel.terminals(Points(flows.terminal_ids, flows.terminal_xy), vehicle.mode, classes)
        stops, _ = case.travel.spots(
            case.points_of(np.arange(len(case.sites))), vehicle.mode, motorways=True, classes=classes
        )
        spots = type(ends)(
            np.concatenate([ends.edge, stops.edge]),
            np.concatenate([ends.along, stops.along]),
            np.zeros(len(ends) + len(stops)),
        )
        first, second, metres = Trips(ways, spots, spots, np.inf).found()
        found = np.full((len(spots), len(spots)), np.inf)
        finite = np.isfinite(metres)
        found[first[finite], second[finite]] = metres[finite]
        np.fill_diagonal(found, 0.0)
        return found

    def refuelled(self, is_open: BoolArray) -> BoolArray:
        """Flows (n_flows,) whose trip can be driven over the open sites (n_sites,)."""
        flows = self.case.inputs.flows
        if flows is None:
            raise Unchecked(say("the programme has no flows"))
        known: dict[tuple[int, int], bool] = {}
        ends = list(zip(flows.origin.tolist(), flows.destination.tolist(), strict=True))
        stations = len(flows.terminal_ids) + np.flatnonzero(is_open)
        for pair in ends:
            if pair not in known:
                known[pair] = self._can_drive(*pair, stations.tolist())
        return np.array([known[pair] for pair in ends], dtype=bool)

    def _can_drive(self, origin: int, goal: int, stations: list[int]) -> bool:
        vehicle, far = self.case.programme.vehicle, self.between
        if vehicle is None or not np.isfinite(far[origin, goal]):
            return False
        tank, detour = 1000.0 * vehicle.range_km, 1000.0 * vehicle.max_detour_km
        slack = TIE * tank
        longest = (far[origin, goal] + detour) * (1 + TIE)
        near = [s for s in stations if far[origin, s] + far[s, goal] <= longest]
        there = self._last_stops(origin, near, first_hop=vehicle.start_fraction * tank)
        # what is used of a full tank when the goal is reached, least of all ways there
        used = [far[s, goal] for s, driven in there.items() if driven + far[s, goal] <= longest]
        used = [u for u in used if u <= tank + slack]
        if far[origin, goal] <= vehicle.start_fraction * tank + slack:
            used.append((1 - vehicle.start_fraction) * tank + far[origin, goal])
        if not used:
            return False
        if not vehicle.round_trip:
            return True
        if not np.isfinite(far[goal, origin]):
            return False
        return self._comes_back(origin, goal, stations, min(used))

    def _comes_back(self, origin: int, goal: int, stations: list[int], used: float) -> bool:
        """From the goal with so much of the tank used, back to the origin with as much as at the start."""
        vehicle, far = self.case.programme.vehicle, self.between
        if vehicle is None:
            return False
        tank, detour = 1000.0 * vehicle.range_km, 1000.0 * vehicle.max_detour_km
        slack, last_hop = TIE * tank, (1 - vehicle.start_fraction) * tank
        if used + far[goal, origin] <= last_hop + slack:
            return True
        longest = (far[goal, origin] + detour) * (1 + TIE)
        near = [s for s in stations if far[goal, s] + far[s, origin] <= longest]
        back = self._last_stops(goal, near, first_hop=tank - used)
        return any(
            far[s, origin] <= last_hop + slack and driven + far[s, origin] <= longest for s, driven in back.items()
        )

    def _last_stops(self, start: int, stations: list[int], *, first_hop: float) -> dict[int, float]:
        """Station -> least way from the start to it, in hops from station to station that a full tank bears."""
        vehicle, far = self.case.programme.vehicle, self.between
        tank = 1000.0 * (vehicle.range_km if vehicle else 0.0)
        graph = nx.DiGraph()
        graph.add_node("start")
        graph.add_weighted_edges_from(
            ("start", s, far[start, s]) for s in stations if far[start, s] <= first_hop + TIE * tank
        )
        graph.add_weighted_edges_from(
            (a, b, far[a, b]) for a in stations for b in stations if a != b and far[a, b] <= tank * (1 + TIE)
        )
        found = nx.single_source_dijkstra_path_length(graph, "start")
        return {int(s): float(d) for s, d in found.items() if s != "start"}


def weight_refuelled(case: Case, is_open: BoolArray) -> float:
    """Vehicles a day whose trips can be driven over the open sites."""
    flows = case.inputs.flows
    if flows is None:
        raise Unchecked(say("the programme has no flows"))
    return float(flow_weights(case)[drives_of(case).refuelled(is_open)].sum())


def flow_weights(case: Case) -> FloatArray:
    """Vehicles a day (n_flows,); of the last year where there are years."""
    flows, phasing = case.inputs.flows, case.programme.phasing
    if flows is None:
        raise Unchecked(say("the programme has no flows"))
    return np.asarray(flows.weight * (1.0 if phasing is None else phasing.years[-1].growth))


def drives_of(case: Case) -> Drives:
    """The distances of a case, computed once."""
    if "drives" not in case.memory:
        case.memory["drives"] = Drives(case)
    drives: Drives = case.memory["drives"]
    return drives
