"""The graph that is searched: the network's own nodes and arcs, or one with a node for every arc's two ends when
turning costs time. Also turned round, for journeys that end where the search begins."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.network.kernel import Arcs
from solver.network.roadnetwork import Floats, Impedance, Ints, RoadNetwork
from solver.network.turns import turn_seconds


@dataclass(frozen=True, eq=False)
class SearchGraph:
    """What the kernel searches, and how the network's arcs and nodes appear in it.

    With turn costs, an arc a has a node where it begins and one where it ends; turns lead from ends to beginnings.
    Journeys that start or end at a crossing itself pay for no turn there: each node v has one node to depart from and
    one to arrive at.
    """

    arcs: Arcs
    road: Ints  # (n_search_arcs,) the network's arc, -1 = a turn
    begin: Ints  # (n_arcs,) node at which each of the network's arcs begins
    end: Ints  # (n_arcs,) node at which it ends
    depart: Ints  # (n_nodes,)
    arrive: Ints  # (n_nodes,)
    reverse: bool


def search_graph(network: RoadNetwork, impedance: Impedance, *, reverse: bool) -> SearchGraph:
    """The graph for an impedance. Turn costs are seconds: they count for `time_s` only."""
    weight = network.weight(impedance)
    if network.turns is None or impedance != "time_s":
        return _plain(network, weight, reverse=reverse)
    return _with_turns(network, weight, reverse=reverse)


def _plain(network: RoadNetwork, weight: Floats, *, reverse: bool) -> SearchGraph:
    if reverse:
        road = network.in_arcs
        arcs = Arcs(network.in_start, network.tail[road], weight[road])
    else:
        road = np.arange(network.n_arcs, dtype=np.int32)
        arcs = Arcs(network.out_start, network.head, weight)
    itself = np.arange(network.n_nodes, dtype=np.int32)
    return SearchGraph(arcs, road, network.tail, network.head, itself, itself, reverse)


def _with_turns(network: RoadNetwork, weight: Floats, *, reverse: bool) -> SearchGraph:
    """Numbered along the network's order: for each network node what lies around it, so that memory stays local."""
    first, second, seconds = turn_seconds(network)
    n, m = network.n_nodes, network.n_arcs
    around = np.concatenate([network.tail, network.head, np.arange(n), np.arange(n)])
    number = np.empty(2 * m + 2 * n, dtype=np.int32)
    number[np.argsort(around, kind="stable")] = np.arange(2 * m + 2 * n, dtype=np.int32)
    begin, end, depart, arrive = np.split(number, [m, 2 * m, 2 * m + n])
    tail = np.concatenate([begin, end[first], depart[network.tail], end, depart])
    head = np.concatenate([end, begin[second], begin, arrive[network.head], arrive])
    cost = np.concatenate([weight, seconds, np.zeros(2 * m + n)])
    road = np.concatenate([np.arange(m), np.full(len(tail) - m, -1)]).astype(np.int32)
    if reverse:
        tail, head = head, tail
    arcs, order = _sorted_arcs(tail, head, cost, len(number))
    return SearchGraph(arcs, road[order], begin, end, depart, arrive, reverse)


def _sorted_arcs(tail: Ints, head: Ints, cost: Floats, n_nodes: int) -> tuple[Arcs, NDArray[np.intp]]:
    order = np.argsort(tail, kind="stable")
    start = np.searchsorted(tail[order], np.arange(n_nodes + 1)).astype(np.int32)
    return Arcs(start, head[order], cost[order]), order
