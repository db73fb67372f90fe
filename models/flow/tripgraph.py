"""All ways of driving a trip as one acyclic graph of stops, for trips whose stops do not lie on one line.

The expanded network of MirHassani and Ebrazi (2013), A flexible reformulation of the refueling station location
problem, Transportation Science 47(4), with ties and ways round (Kim and Kuby 2012): a node is a stop at a site on the
way there or back after so many metres, an arc a hop on one tank. Because the metres of the leg are part of the node,
every path through the graph keeps the limit of both legs. A hop that a vehicle could leave out by driving on from the
stop before is left out; two nodes with the same hops ahead are one.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.errors import ProblemError
from models.flow.legs import Leg
from models.flow.problem import ROUNDING, Vehicle

SOURCE, SINK = 0, 1
MOST_NODES = 50_000
"""Beyond this a single trip has too many ways round to be written down."""


@dataclass(frozen=True)
class TripGraph:
    """Nodes 0 (the start) and 1 (the end of the trip), then stops: `stop` (n_nodes,) is (leg, site) of each, None for
    the two ends. `arcs` are pairs of nodes; every path from 0 to 1 can be driven."""

    stop: tuple[tuple[int, int] | None, ...]
    arcs: tuple[tuple[int, int], ...]


@dataclass(eq=False)
class _Node:
    """A stop under construction: position among its leg's sites, metres of the leg so far, nodes it is reached from."""

    leg: int
    at: int
    driven: float
    before: list[int]


def trip_graph(legs: tuple[Leg, ...], vehicle: Vehicle, name: str) -> TripGraph:
    """The graph of a trip; no arcs where no stations can refuel it. ProblemError when `name` has too many ways."""
    nodes: list[_Node] = [_Node(0, -1, 0.0, []), _Node(len(legs), -1, 0.0, [])]
    number: dict[tuple[int, int, float], int] = {}
    queue: list[tuple[int, float, int]] = [(0, 0.0, SOURCE)]
    while queue:
        _, _, here = heapq.heappop(queue)
        for leg, at, driven in _hops(legs, vehicle, nodes, here):
            if leg == len(legs):
                nodes[SINK].before.append(here)
                continue
            after = float(legs[leg].after_m[at])
            driven = after if driven <= after * (1 + ROUNDING) else driven
            key = (leg, at, round(driven, 6))
            if key not in number:
                number[key] = len(nodes)
                nodes.append(_Node(leg, at, driven, []))
                heapq.heappush(queue, (leg, driven, number[key]))
                if len(nodes) > MOST_NODES:
                    raise ProblemError(f"{name} can be driven in too many ways round; lower max_detour_m")
            nodes[number[key]].before.append(here)
    return _compact(legs, nodes)


def _hops(legs: tuple[Leg, ...], vehicle: Vehicle, nodes: list[_Node], here: int) -> list[tuple[int, int, float]]:
    """Where a vehicle may drive from a node on one tank: leg, position and metres; leg len(legs) is the trip's end.

    Only hops that none of the nodes before this one could make directly: else the stop here would be needless.
    """
    found: list[tuple[int, int, float]] = []
    node = nodes[here]
    for leg in range(node.leg, len(legs) + 1):
        is_end = leg == len(legs)
        way, driven = _ways(legs, node, leg)
        may = way <= _reach(vehicle, here, is_end=is_end)
        if not is_end:
            may &= driven + legs[leg].before_m <= legs[leg].longest_m
        if leg == node.leg and node.at >= 0:
            may &= way > 4 * ROUNDING * max(vehicle.range_m, legs[node.leg].longest_m)
        if here != SOURCE and may.any():
            needed = np.zeros(len(way), dtype=bool)
            for b in node.before:
                needed |= _ways(legs, nodes[b], leg)[0] > _reach(vehicle, b, is_end=is_end)
            may &= needed
        found += [(leg, -1 if is_end else int(at), float(driven[at])) for at in np.flatnonzero(may)]
    return found


def _ways(legs: tuple[Leg, ...], node: _Node, leg: int) -> tuple[FloatArray, FloatArray]:
    """Metres from a node to the stops of a leg (or to the end of the last), and the metres of that leg by then."""
    here = legs[node.leg] if node.leg < len(legs) else legs[-1]
    if leg == node.leg:
        way = here.after_m if node.at < 0 else here.hop_m[node.at]
        return way, node.driven + way
    to_end = here.shortest_m if node.at < 0 else float(here.before_m[node.at])
    to_end += sum(legs[i].shortest_m for i in range(node.leg + 1, min(leg, len(legs))))
    if leg == len(legs):
        return np.array([to_end]), np.zeros(1)
    return to_end + legs[leg].after_m, legs[leg].after_m


def _reach(vehicle: Vehicle, node: int, *, is_end: bool) -> float:
    if node == SOURCE:
        must_keep = vehicle.start_fraction if is_end and vehicle.round_trip else 0.0
        return vehicle.first_reach_m - must_keep * vehicle.range_m
    return vehicle.last_reach_m if is_end else vehicle.reach_m


def _compact(legs: tuple[Leg, ...], nodes: list[_Node]) -> TripGraph:
    """Only nodes from which the end is reached, and one node for all with the same stop and the same hops ahead."""
    ahead: list[set[int]] = [set() for _ in nodes]
    for number, node in enumerate(nodes):
        for before in node.before:
            ahead[before].add(number)
    stop: list[tuple[int, int] | None] = [None, None]
    merged = {SINK: SINK}
    known: dict[tuple[int, int, frozenset[int]], int] = {}
    hops: dict[int, frozenset[int]] = {}
    order = sorted(range(2, len(nodes)), key=lambda i: (nodes[i].leg, nodes[i].driven), reverse=True)
    for number in [*order, SOURCE]:
        onward = frozenset(merged[n] for n in ahead[number] if n in merged)
        if number == SOURCE:
            hops[SOURCE] = onward
        elif onward:
            node = nodes[number]
            here = (node.leg, int(legs[node.leg].site[node.at]))
            same = known.setdefault((*here, onward), len(stop))
            if same == len(stop):
                stop.append(here)
                hops[same] = onward
            merged[number] = same
    reached, todo = {SOURCE}, [SOURCE]
    while todo:
        for n in hops.get(todo.pop(), frozenset()):
            if n not in reached:
                reached.add(n)
                todo.append(n)
    return _renumbered(stop, hops, reached)


def _renumbered(stop: list[tuple[int, int] | None], hops: dict[int, frozenset[int]], reached: set[int]) -> TripGraph:
    if SINK not in reached:
        return TripGraph((None, None), ())
    kept = [n for n in range(len(stop)) if n in reached or n < 2]
    new = {n: i for i, n in enumerate(kept)}
    arcs = sorted((new[a], new[b]) for a in kept for b in hops.get(a, frozenset()))
    return TripGraph(tuple(stop[n] for n in kept), tuple(arcs))
