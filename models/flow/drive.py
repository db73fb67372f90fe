"""Driving a vehicle over chosen stations: the truth that programs are compared with, written without them."""

import numpy as np

from models.arrays import BoolArray, IntArray
from models.flow.problem import ROUNDING, FlowProblem, Vehicle


def refuelled(problem: FlowProblem, vehicle: Vehicle, is_open: BoolArray) -> BoolArray:
    """Mask (n_flows,) of the flows whose trip can be driven when the sites in `is_open` (n_sites,) are stations."""
    stations = problem.site_point[is_open]
    return np.array([can_drive(problem, vehicle, flow, stations) for flow in range(problem.n_flows)], dtype=bool)


def can_drive(problem: FlowProblem, vehicle: Vehicle, flow: int, stations: IntArray) -> bool:
    """Can the trip of a flow be driven with stations at these points?

    Searches over what matters at a stop: where the vehicle is, which way it goes, what is in its tank and how far this
    way has taken it. A stop fills the tank. Of two such states at one point the one with more fuel after less way
    makes the other needless.
    """
    far = problem.distance_m
    start, goal = int(problem.origin[flow]), int(problem.destination[flow])
    if not np.isfinite(far[start, goal]) or (vehicle.round_trip and not np.isfinite(far[goal, start])):
        return False
    slack = ROUNDING * vehicle.range_m
    in_tank = vehicle.start_fraction * vehicle.range_m
    stops = [int(s) for s in np.unique(stations)]
    seen: dict[tuple[bool, int], list[tuple[float, float]]] = {}
    states = [(False, start, in_tank, 0.0)]
    while states:
        homeward, here, fuel, driven = states.pop()
        known = seen.setdefault((homeward, here), [])
        if any(f >= fuel and d <= driven for f, d in known):
            continue
        known.append((fuel, driven))
        end = start if homeward else goal
        limit = _longest(far[goal, start] if homeward else far[start, goal], vehicle)
        if far[here, end] <= fuel + slack and driven + far[here, end] <= limit:
            left = fuel - far[here, end]
            if not vehicle.round_trip or (homeward and left >= in_tank - slack):
                return True
            if not homeward:
                states.append((True, goal, left, 0.0))
        for stop in stops:
            way = far[here, stop]
            if way <= fuel + slack and driven + way + far[stop, end] <= limit:
                states.append((homeward, stop, vehicle.range_m, driven + way))
    return False


def _longest(shortest: float, vehicle: Vehicle) -> float:
    return float((shortest + vehicle.max_detour_m) * (1 + ROUNDING))
