"""Travel times and lengths between points on the network, many to many within a cut-off, as a sparse matrix."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.limits import reaching
from models.messages import say
from solver.errors import NetworkError
from solver.network.blocks import Blocks, Progress
from solver.network.endpoints import sources_at, targets_at
from solver.network.offroad import straight_ways
from solver.network.roadnetwork import Impedance, RoadNetwork
from solver.network.searchgraph import search_graph
from solver.network.snapping import SnappedPoints

Direction = Literal["to_site", "from_site"]


@dataclass(frozen=True)
class Question:
    """What is asked of every pair. Raises NetworkError when it makes no sense."""

    impedance: Impedance
    direction: Direction
    access: bool
    cutoff: float
    nearest: int = 0  # 0 = all within the cut-off

    def __post_init__(self) -> None:
        if self.direction not in ("to_site", "from_site"):
            raise NetworkError(
                say("direction is {direction!r}; must be 'to_site' or 'from_site'", direction=self.direction)
            )
        if not self.cutoff > 0:
            raise NetworkError(say("cutoff is {cutoff}; must be above 0", cutoff=self.cutoff))


def travel_times(  # noqa: PLR0913
    network: RoadNetwork,
    sites: SnappedPoints,
    demand: SnappedPoints,
    *,
    cutoff: float,
    impedance: Impedance = "time_s",
    direction: Direction = "to_site",
    access: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> csr_array:
    """Least travel time (seconds) or length (metres) of every pair within `cutoff`, shape (n_demand, n_sites).

    A stored entry is within reach (0 is stored), a missing one is not. `direction` says who travels: demand to the
    site or the site to demand. With `access` the way between points and road is added at both ends, or the straight way
    stands where `solver.network.offroad` says so; the cut-off applies to the total. `jobs` threads share the work
    (None = one for each core); `progress(done, total)` counts searches. The searches start from the smaller side.
    """
    question = Question(impedance, direction, access, cutoff)
    if len(sites) <= len(demand):
        blocks = _prepared(network, sites, demand, question, outward=direction == "from_site")
        return blocks.run(jobs, progress, turned=True)
    blocks = _prepared(network, demand, sites, question, outward=direction == "to_site")
    found = blocks.run(jobs, progress)
    found.sort_indices()
    return found


def k_nearest(  # noqa: PLR0913
    network: RoadNetwork,
    sites: SnappedPoints,
    demand: SnappedPoints,
    *,
    k: int,
    cutoff: float = np.inf,
    impedance: Impedance = "time_s",
    direction: Direction = "to_site",
    access: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> csr_array:
    """As `travel_times`, keeping for every demand point only its `k` nearest sites (the first of equals).

    Each search ends as soon as no farther site can be among the `k`, so a cut-off is not needed.
    """
    if k < 1:
        raise NetworkError(say("k is {k}; must be at least 1", k=k))
    question = Question(impedance, direction, access, cutoff, nearest=k)
    blocks = _prepared(network, demand, sites, question, outward=direction == "to_site")
    return _smallest_of_rows(blocks.run(jobs, progress), k)


def _prepared(
    network: RoadNetwork, sources: SnappedPoints, targets: SnappedPoints, question: Question, *, outward: bool
) -> Blocks:
    """Searches from `sources`; `outward` when travel runs from sources to targets, otherwise the graph is turned."""
    graph = search_graph(network, question.impedance, reverse=not outward)
    return Blocks(
        graph.arcs,
        sources_at(network, graph, sources, question.impedance, access=question.access)._replace(
            no_road=straight_ways(sources, targets, question.impedance, access=question.access)
        ),
        targets_at(network, graph, targets, question.impedance, access=question.access),
        (reaching(question.cutoff), question.nearest),
    )


def _smallest_of_rows(found: csr_array, k: int) -> csr_array:
    row = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    order = np.lexsort((found.indices, found.data, row))
    rank = np.arange(len(order)) - found.indptr[row]
    kept: NDArray[np.intp] = order[rank < k]
    indptr = np.concatenate([[0], np.cumsum(np.minimum(np.diff(found.indptr), k))])
    smallest = csr_array((found.data[kept], found.indices[kept], indptr), shape=found.shape)
    smallest.sort_indices()
    return smallest
