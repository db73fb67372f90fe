"""Points on edges in the kernel's words: where a search leaves a point, and where it arrives at one."""

import numpy as np

from solver.network.kernel import Arcs, Sources, Targets
from solver.network.roadnetwork import Floats, Impedance, Ints, RoadNetwork
from solver.network.snapping import SnappedPoints


def arcs_of(network: RoadNetwork, impedance: Impedance, *, reverse: bool) -> Arcs:
    """The network's arcs as travelled, or all turned round."""
    weight = network.weight(impedance)
    if not reverse:
        return Arcs(network.out_start, network.head, weight)
    return Arcs(network.in_start, network.tail[network.in_arcs], weight[network.in_arcs])


def sources_at(
    network: RoadNetwork, points: SnappedPoints, impedance: Impedance, *, reverse: bool, access: bool
) -> Sources:
    """Points to leave from (`reverse=False`) or, in the turned graph, to arrive at."""
    node, cost, along, against = _ends(network, points, impedance, leaving=not reverse)
    extra = _access(points, impedance, access)
    return Sources(
        node=node,
        cost=cost + extra[:, None],
        edge=points.edge,
        fraction=points.fraction,
        access=extra,
        rising=against if reverse else along,
        falling=along if reverse else against,
    )


def targets_at(
    network: RoadNetwork, points: SnappedPoints, impedance: Impedance, *, reverse: bool, access: bool
) -> Targets:
    """Points to arrive at (`reverse=False`) or, in the turned graph, to leave from."""
    node, cost, _, _ = _ends(network, points, impedance, leaving=reverse)
    extra = _access(points, impedance, access)
    side_node, side_cost = node.ravel(), (cost + extra[:, None]).ravel()
    used = np.flatnonzero(np.isfinite(side_cost))
    used = used[np.argsort(side_node[used], kind="stable")]
    by_edge = np.argsort(points.edge, kind="stable").astype(np.int32)
    return Targets(
        by_node=_starts(side_node[used], network.n_nodes),
        node_target=(used // 2).astype(np.int32),
        node_cost=side_cost[used],
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


def _ends(
    network: RoadNetwork, points: SnappedPoints, impedance: Impedance, *, leaving: bool
) -> tuple[Ints, Floats, Floats, Floats]:
    """Both nodes of each point's edge with the cost between point and node, then the edge's cost along and against.

    A point exactly at a node is at that node, also where its own edge is one-way.
    """
    edge, fraction = points.edge, points.fraction
    weight = network.weight(impedance)
    forward, backward = network.forward_arc[edge], network.backward_arc[edge]
    along = np.where(forward >= 0, weight[forward], np.inf)
    against = np.where(backward >= 0, weight[backward], np.inf)
    to_first, to_last = (against, along) if leaving else (along, against)
    node = np.column_stack([network.edge_from[edge], network.edge_to[edge]])
    with np.errstate(invalid="ignore"):
        first = np.where(fraction == 0.0, 0.0, fraction * to_first)
        last = np.where(fraction == 1.0, 0.0, (1.0 - fraction) * to_last)
    return node.astype(np.int32), np.column_stack([first, last]), along, against
