"""Stations with a limit: how much of every flow they can refuel, from all ways of driving over the open ones."""

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from models.arrays import BoolArray, FloatArray
from models.errors import ProblemError
from models.flow.problem import ROUNDING, FlowProblem, Vehicle
from models.messages import say

MOST_TRIPS = 200_000


def trips_of(problem: FlowProblem, vehicle: Vehicle, flow: int, is_open: BoolArray) -> list[tuple[int, ...]]:
    """Every way to drive a flow's trip that makes no needless stop: the sites stopped at, in order.

    Driven stop by stop. A stop is needless where the vehicle could have driven on from the stop before it.
    """
    far, point = problem.distance_m, problem.site_point
    start, goal = int(problem.origin[flow]), int(problem.destination[flow])
    full = vehicle.range_m
    limits = [(far[start, goal] + vehicle.max_detour_m) * (1 + ROUNDING)]
    limits += [(far[goal, start] + vehicle.max_detour_m) * (1 + ROUNDING)] if vehicle.round_trip else []
    if not np.isfinite(limits).all():
        return []
    slack = ROUNDING * full
    must_end_with = vehicle.start_fraction * full if vehicle.round_trip else 0.0
    sites = np.flatnonzero(is_open).tolist()
    found: set[tuple[int, ...]] = set()

    def onward(leg: int, here: int, fuel: float, driven: float, missed: float, stops: tuple[int, ...]) -> None:
        """`missed` is what would be in the tank had the last stop been left out."""
        if len(found) > MOST_TRIPS:
            raise ProblemError(say("flow {flow} can be driven in too many ways over the open stations", flow=flow))
        end = goal if leg == 0 else start
        for site in sites:
            way = far[here, point[site]]
            fits = way <= fuel + slack and driven + way + far[point[site], end] <= limits[leg]
            if fits and way > missed + slack:
                onward(leg, int(point[site]), full, driven + way, fuel - way, (*stops, site))
        way = far[here, end]
        if way > fuel + slack or driven + way > limits[leg]:
            return
        if leg + 1 < len(limits):
            onward(1, goal, fuel - way, 0.0, missed - way, stops)
        elif fuel - way >= must_end_with - slack and missed - way < must_end_with - slack:
            found.add(stops)

    onward(0, start, vehicle.start_fraction * full, 0.0, -np.inf, ())
    return sorted(found)


def best_shares(
    problem: FlowProblem, vehicle: Vehicle, is_open: BoolArray, *, at_most: FloatArray | None = None
) -> FloatArray:
    """Shares (n_flows,) of the flows that refuel the most vehicles within the capacities of open stations.

    `at_most` (n_flows,) are shares not to exceed, 1 where it is None.
    """
    kg = vehicle.kg_per_refuel or 0.0
    trips = [(f, t) for f in range(problem.n_flows) for t in trips_of(problem, vehicle, f, is_open)]
    share = np.zeros(problem.n_flows)
    if not trips:
        return share
    flow = np.array([f for f, _ in trips])
    stops = [(s, c) for c, (_, trip) in enumerate(trips) for s in trip]
    use = sp.coo_array(
        (
            [kg * problem.weight[flow[c]] for _, c in stops],
            ([s for s, _ in stops], [c for _, c in stops]),
        ),
        shape=(len(problem.sites), len(trips)),
    )
    once = sp.coo_array((np.ones(len(trips)), (flow, np.arange(len(trips)))), shape=(problem.n_flows, len(trips)))
    limited = np.isfinite(problem.sites.capacity)
    found = linprog(
        -problem.weight[flow],
        A_ub=sp.vstack([sp.csr_array(use)[limited], once]).tocsr(),
        b_ub=np.concatenate(
            [problem.sites.capacity[limited], np.ones(problem.n_flows) if at_most is None else at_most]
        ),
        bounds=(0, None),
        method="highs",
    )
    if found.x is None:
        raise ProblemError(
            say("what the open stations can refuel could not be computed: {message}", message=found.message)
        )
    np.add.at(share, flow, found.x)
    return np.clip(share, 0.0, 1.0)
