"""A road network with points on its edges as a plain graph: every point becomes a node that splits its edge."""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from solver.network.roadnetwork import RoadNetwork
from solver.network.snapping import SnappedPoints


@dataclass(frozen=True, eq=False)
class PointGraph:
    """Directed arcs (n_arcs,) with their length, and the node (n_points,) of every point, group by group."""

    n_nodes: int
    tail: IntArray
    head: IntArray
    length_m: FloatArray
    node_of: tuple[IntArray, ...]


def graph_with_points(network: RoadNetwork, groups: tuple[SnappedPoints, ...]) -> PointGraph:
    """Split every edge at the points on it; points at the same place of an edge share a node.

    A point at an end of its edge is that end's node. Directions of travel are kept.
    """
    edge = np.concatenate([g.edge for g in groups]).astype(np.int64)
    fraction = np.concatenate([g.fraction for g in groups])
    node = np.full(len(edge), -1, dtype=np.int64)
    node[fraction <= 0] = network.edge_from[edge[fraction <= 0]]
    node[fraction >= 1] = network.edge_to[edge[fraction >= 1]]
    inside = np.flatnonzero(node < 0)
    inside = inside[np.lexsort((fraction[inside], edge[inside]))]
    fresh = np.ones(len(inside), dtype=bool)
    fresh[1:] = (edge[inside][1:] != edge[inside][:-1]) | (fraction[inside][1:] != fraction[inside][:-1])
    node[inside] = network.n_nodes + np.cumsum(fresh) - 1
    stops = inside[fresh]  # one per new node, sorted by edge and fraction
    tail, head, length = _split(network, edge[stops], fraction[stops], node[stops])
    ends = np.cumsum([len(g) for g in groups])
    return PointGraph(
        n_nodes=network.n_nodes + int(fresh.sum()),
        tail=tail,
        head=head,
        length_m=length,
        node_of=tuple(np.split(node, ends[:-1])),
    )


def _split(
    network: RoadNetwork, edge: IntArray, fraction: FloatArray, node: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """All arcs, those of split edges replaced by chains through the new nodes."""
    first = np.searchsorted(edge, network.arc_edge, side="left")
    last = np.searchsorted(edge, network.arc_edge, side="right")
    whole = first == last
    tails = [network.tail[whole].astype(np.int64)]
    heads = [network.head[whole].astype(np.int64)]
    lengths = [network.length_m[whole]]
    for arc in np.flatnonzero(~whole):
        part = slice(first[arc], last[arc])
        forward = network.arc_forward[arc]
        along = fraction[part] if forward else (1.0 - fraction[part])[::-1]
        via = node[part] if forward else node[part][::-1]
        chain = np.concatenate([[network.tail[arc]], via, [network.head[arc]]]).astype(np.int64)
        places = np.concatenate([[0.0], along, [1.0]])
        tails.append(chain[:-1])
        heads.append(chain[1:])
        lengths.append(np.diff(places) * network.length_m[arc])
    return np.concatenate(tails), np.concatenate(heads), np.concatenate(lengths)
