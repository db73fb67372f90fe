"""The road network as arrays: nodes, one arc per permitted direction, and the edges they belong to."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.brief import brief
from models.messages import Listed, Message, say
from solver.errors import NetworkError


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Edges that are closed to the mode, and edges that cannot be reached from the main part and left again."""

    closed_edges: int
    closed_km: float
    islands: int
    island_edge_id: NDArray[np.int64]  # (n,) ids in the edge layer
    island_km: float

    def __bool__(self) -> bool:
        return bool(self.closed_edges or len(self.island_edge_id))

    @property
    def message(self) -> Message:
        """What is left out, and why."""
        parts = []
        if self.closed_edges:
            closed = {"edges": self.closed_edges, "km": self.closed_km}
            parts.append(say("{edges:,} edges ({km:,.1f} km) closed to the mode", **closed))
        if len(self.island_edge_id):
            lost = {"edges": len(self.island_edge_id), "km": self.island_km, "parts": self.islands}
            parts.append(
                say("{edges:,} edges ({km:,.1f} km) in {parts:,} parts that cannot be reached and left again", **lost)
            )
        return say("left out: {parts}", parts=Listed(parts, by="semicolon")) if parts else say("nothing left out")

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class TurnCosts:
    """Seconds added at crossings. A bend in a road without a crossing costs nothing, nor does turning at a dead end
    beyond `about_s`. Raises NetworkError for costs below 0."""

    left_s: float
    right_s: float
    about_s: float

    def __post_init__(self) -> None:
        for name in ("left_s", "right_s", "about_s"):
            if not 0 <= getattr(self, name) < np.inf:
                raise NetworkError(
                    say(
                        "turn cost {name} is {value}; must be at least 0 seconds",
                        name=name,
                        value=getattr(self, name),
                    )
                )


Impedance = Literal["time_s", "length_m"]
Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Objects = NDArray[np.object_]


@brief
@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """A routable network in one mode. Nodes are numbered along a space-filling curve, arcs sorted by tail.

    An edge is a piece of road between two nodes; it has one arc for each direction that may be travelled.
    `arc_forward` says whether an arc runs along the geometry of its edge or against it (loops need this).
    Raises NetworkError when the arrays contradict each other.
    """

    crs: str
    mode: str
    node_xy: Floats  # (n_nodes, 2) metres
    node_id: NDArray[np.int64]  # (n_nodes,) as in the edge layer
    tail: Ints  # (n_arcs,)
    head: Ints  # (n_arcs,)
    length_m: Floats  # (n_arcs,)
    time_s: Floats  # (n_arcs,)
    arc_edge: Ints  # (n_arcs,)
    arc_forward: NDArray[np.bool_]  # (n_arcs,)
    edge_id: NDArray[np.int64]  # (n_edges,) as in the edge layer
    edge_from: Ints  # (n_edges,)
    edge_to: Ints  # (n_edges,)
    geometry: Objects  # (n_edges,) LineStrings
    road_class: Objects  # (n_edges,)
    name: Objects  # (n_edges,)
    left_out: LeftOut
    turns: TurnCosts | None = None  # seconds at crossings, None = turning is free

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise NetworkError(say("road network: {faults}", faults=Listed(faults, by="semicolon")))

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_xy)

    @property
    def n_arcs(self) -> int:
        """Number of arcs: edges times permitted directions."""
        return len(self.tail)

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return len(self.edge_from)

    def weight(self, impedance: Impedance) -> Floats:
        """What an arc costs, (n_arcs,): `time_s` in seconds or `length_m` in metres."""
        if impedance == "time_s":
            return self.time_s
        if impedance == "length_m":
            return self.length_m
        raise NetworkError(say("impedance is {impedance!r}; must be 'time_s' or 'length_m'", impedance=impedance))

    @cached_property
    def out_start(self) -> Ints:
        """(n_nodes + 1,) arcs out of node v are `out_start[v]:out_start[v + 1]`."""
        return np.searchsorted(self.tail, np.arange(self.n_nodes + 1)).astype(np.int32)

    @cached_property
    def in_arcs(self) -> Ints:
        """(n_arcs,) arcs sorted by head."""
        return np.argsort(self.head, kind="stable").astype(np.int32)

    @cached_property
    def in_start(self) -> Ints:
        """(n_nodes + 1,) arcs into node v are `in_arcs[in_start[v]:in_start[v + 1]]`."""
        return np.searchsorted(self.head[self.in_arcs], np.arange(self.n_nodes + 1)).astype(np.int32)

    @cached_property
    def forward_arc(self) -> Ints:
        """(n_edges,) the arc along each edge's geometry, -1 where that is not permitted."""
        return _arc_of_edge(self, self.arc_forward)

    @cached_property
    def backward_arc(self) -> Ints:
        """(n_edges,) the arc against each edge's geometry, -1 where that is not permitted."""
        return _arc_of_edge(self, ~self.arc_forward)


def _arc_of_edge(network: RoadNetwork, chosen: NDArray[np.bool_]) -> Ints:
    arc = np.full(network.n_edges, -1, dtype=np.int32)
    rows = np.flatnonzero(chosen)
    arc[network.arc_edge[rows]] = rows
    return arc


def _faults(network: RoadNetwork) -> list[Message]:
    faults = _shape_faults(network)
    if faults:
        return faults
    if network.n_arcs == 0:
        return [say("no arc can be travelled")]
    for what, values, limit in (
        ("tail", network.tail, network.n_nodes),
        ("head", network.head, network.n_nodes),
        ("arc_edge", network.arc_edge, network.n_edges),
        ("edge_from", network.edge_from, network.n_nodes),
        ("edge_to", network.edge_to, network.n_nodes),
    ):
        if len(values) and (int(values.min()) < 0 or int(values.max()) >= limit):
            faults.append(say("{what} points outside 0..{limit}", what=what, limit=limit - 1))
    if faults:
        return faults
    if np.any(np.diff(network.tail) < 0):
        faults.append(say("arcs are not sorted by tail"))
    for what in ("length_m", "time_s"):
        bad = np.flatnonzero(~(np.isfinite(getattr(network, what)) & (getattr(network, what) > 0)))
        if len(bad):
            faults.append(
                say("{what} of {n} arcs is not above 0, first arc {first}", what=what, n=len(bad), first=bad[0])
            )
    return faults + _end_faults(network)


def _shape_faults(network: RoadNetwork) -> list[Message]:
    faults: list[Message] = []
    groups: tuple[tuple[str, ...], ...] = (
        ("tail", "head", "length_m", "time_s", "arc_edge", "arc_forward"),
        ("edge_from", "edge_to", "edge_id", "geometry", "road_class", "name"),
        ("node_xy", "node_id"),
    )
    for group in groups:
        sizes: dict[str, Any] = {what: len(getattr(network, what)) for what in group}
        if len(set(sizes.values())) > 1:
            faults.append(say("arrays differ in length: {sizes}", sizes=sizes))
    if network.node_xy.ndim != 2 or network.node_xy.shape[1] != 2:
        faults.append(say("node_xy has shape {shape}; must be (n_nodes, 2)", shape=network.node_xy.shape))
    return faults


def _end_faults(network: RoadNetwork) -> list[Message]:
    start, end = network.edge_from[network.arc_edge], network.edge_to[network.arc_edge]
    right = np.where(
        network.arc_forward,
        (network.tail == start) & (network.head == end),
        (network.tail == end) & (network.head == start),
    )
    bad = np.flatnonzero(~right)
    if not len(bad):
        return []
    return [say("{n} arcs do not join the ends of their edge, first arc {first}", n=len(bad), first=bad[0])]
