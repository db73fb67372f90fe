"""Points on edges in the kernel's words: where a search leaves a point, and where it arrives at one."""

from typing import NamedTuple

import numpy as np

from solver.network.kernel import NoRoad, Sources, Targets
from solver.network.roadnetwork import Floats, Impedance, Ints, RoadNetwork
from solver.network.searchgraph import SearchGraph
from solver.network.snapping import SnappedPoints


class Ends(NamedTuple):
    """Two nodes of the search graph for each point, the cost between point and node, and the whole edge's costs."""

    node: Ints  # (n, 2)
    cost: Floats  # (n, 2) inf = no way
    along: Floats  # (n,) cost of the edge as drawn, inf where not permitted
    against: Floats  # (n,)


def sources_at(
    network: RoadNetwork, graph: SearchGraph, points: SnappedPoints, impedance: Impedance, *, access: bool
) -> Sources:
    """Points to leave from or, in a graph turned round, to arrive at; who is reached without the road is not known."""
    ends = ends_of(network, graph, points, network.weight(impedance), leaving=not graph.reverse)
    extra = _access(points, impedance, access)
    return Sources(
        node=ends.node,
        cost=ends.cost + extra[:, None],
        edge=points.edge,
        fraction=points.fraction,
        access=extra,
        rising=ends.against if graph.reverse else ends.along,
        falling=ends.along if graph.reverse else ends.against,
        no_road=NoRoad(np.zeros(len(points) + 1, np.int32), np.zeros(0, np.int32), np.zeros(0)),
    )


def targets_at(
    network: RoadNetwork, graph: SearchGraph, points: SnappedPoints, impedance: Impedance, *, access: bool
) -> Targets:
    """Points to arrive at or, in a graph turned round, to leave from."""
    ends = ends_of(network, graph, points, network.weight(impedance), leaving=graph.reverse)
    extra = _access(points, impedance, access)
    node, cost = ends.node.ravel(), (ends.cost + extra[:, None]).ravel()
    used = np.flatnonzero(np.isfinite(cost))
    used = used[np.argsort(node[used], kind="stable")]
    by_edge = np.argsort(points.edge, kind="stable").astype(np.int32)
    return Targets(
        by_node=_starts(node[used], len(graph.arcs.start) - 1),
        node_target=(used // 2).astype(np.int32),
        node_cost=cost[used],
        by_edge=_starts(points.edge[by_edge], network.n_edges),
        edge_target=by_edge,
        fraction=points.fraction,
        access=extra,
    )


def _starts(sorted_keys: Ints, n_keys: int) -> Ints:
    return np.searchsorted(sorted_keys, np.arange(n_keys + 1)).astype(np.int32)


def _access(points: SnappedPoints, impedance: Impedance, wanted: bool) -> Floats:
    if not wanted:
        return np.zeros(len(points))
    return np.asarray(points.access_s if impedance == "time_s" else points.distance_m, dtype=np.float64)


def ends_of(network: RoadNetwork, graph: SearchGraph, points: SnappedPoints, weight: Floats, *, leaving: bool) -> Ends:
    """A point exactly at a node is at that node, also where its own edge is one-way."""
    edge, fraction = points.edge, points.fraction
    forward, backward = network.forward_arc[edge], network.backward_arc[edge]
    along = np.where(forward >= 0, weight[forward], np.inf)
    against = np.where(backward >= 0, weight[backward], np.inf)
    with np.errstate(invalid="ignore"):  # nothing of a way that is not there: replaced below
        if leaving:
            nodes = [graph.end[backward], graph.end[forward]]
            costs = [fraction * against, (1.0 - fraction) * along]
        else:
            nodes = [graph.begin[forward], graph.begin[backward]]
            costs = [fraction * along, (1.0 - fraction) * against]
    at_node = graph.depart if leaving else graph.arrive
    for side, (here, there) in enumerate([(0.0, network.edge_from), (1.0, network.edge_to)]):
        nodes[side] = np.where(fraction == here, at_node[there[edge]], nodes[side])
        costs[side] = np.where(fraction == here, 0.0, costs[side])
    return Ends(np.column_stack(nodes).astype(np.int32), np.column_stack(costs), along, against)
