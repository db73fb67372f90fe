"""Searches from one point at a time whose labels stay to be looked at: for service areas and routes."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.limits import reaching
from solver.network.blocks import new_queue
from solver.network.endpoints import sources_at, targets_at
from solver.network.kernel import Queue, Sources, Targets, reset, spread
from solver.network.roadnetwork import Floats, Impedance, Ints, RoadNetwork
from solver.network.searchgraph import SearchGraph, search_graph
from solver.network.snapping import SnappedPoints
from solver.network.travel import Direction


@dataclass(frozen=True, eq=False)
class Reach:
    """Ready to search from each of `points`; one search at a time."""

    network: RoadNetwork
    points: SnappedPoints
    impedance: Impedance = "time_s"
    direction: Direction = "to_site"
    access: bool = True
    graph: SearchGraph = field(init=False)
    sources: Sources = field(init=False)
    _nobody: Targets = field(init=False)
    _queue: Queue = field(init=False)

    def __post_init__(self) -> None:
        graph = search_graph(self.network, self.impedance, reverse=self.direction == "to_site")
        nobody = SnappedPoints((), np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, 2)))
        prepared = {
            "graph": graph,
            "sources": sources_at(self.network, graph, self.points, self.impedance, access=self.access),
            "_nobody": targets_at(self.network, graph, nobody, self.impedance, access=self.access),
            "_queue": new_queue(graph.arcs, 0),
        }
        for name, value in prepared.items():
            object.__setattr__(self, name, value)

    def search(self, point: int, cutoff: float) -> tuple[Floats, Ints]:
        """(n_search_nodes,) labels, inf = beyond the cut-off, and the nodes within. Valid until the next search."""
        reset(self._queue)
        spread(self.graph.arcs, self.sources, point, self._nobody, self._queue, (reaching(float(cutoff)), 0))
        return self._queue.label, self._queue.touched[: self._queue.tally[1]]

    def drawn_forward(self, road: Ints) -> NDArray[np.bool_]:
        """Whether the search runs along the geometry on these arcs of the network."""
        return np.asarray(self.network.arc_forward[road] != self.graph.reverse)
