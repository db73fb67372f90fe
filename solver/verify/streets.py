"""The roads as a plain graph, made anew from the edge layer."""

from dataclasses import dataclass

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely

from models.arrays import BoolArray, FloatArray, IntArray
from solver.study.schema import NetworkSection

ROUNDING = 1e-7
"""The limit counts, and so does what exceeds it, or falls short of a least distance, by no more than this share."""
TURN_DEG, ABOUT_DEG = 45.0, 170.0


@dataclass(frozen=True, eq=False)
class Spots:
    """Points on the road: row of the edge (n_points,), how far along it from 0 to 1, and what the way to it costs.

    `xy` (n_points, 2) are the points themselves, `off_m` (n_points,) their distance from the road where it counts; None
    where nobody goes from point to point without the road.
    """

    edge: IntArray
    along: FloatArray
    access: FloatArray
    xy: FloatArray | None = None
    off_m: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.edge)


@dataclass(frozen=True, eq=False)
class Streets:
    """Edges that a mode may use, by row: their ends (positions of nodes), lengths, speeds and permitted directions."""

    n_nodes: int
    start: IntArray
    end: IntArray
    metres: FloatArray
    seconds: FloatArray
    forward: BoolArray
    backward: BoolArray
    lines: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    road_class: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    row_of: dict[int, int]
    """Edge id of the layer -> row."""


def streets_of(edges: gpd.GeoDataFrame, mode: str, classes: tuple[str, ...], section: NetworkSection) -> Streets:
    """The edges open to a mode, of some classes only where they are named, in the part that all of it can reach."""
    table = edges[edges["road_class"].isin(classes)] if classes else edges
    table = table[table[mode].astype(bool)]
    kph = table["speed_kph"].astype(float)
    if mode == "walk":
        kph = kph * 0.0 + section.walk_speed_kph
    else:
        kph = kph.where(
            ~table["road_class"].isin(list(section.speeds_kph)), table["road_class"].map(section.speeds_kph)
        )
        kph = kph.astype(float)
    if mode == "truck":
        kph = kph.clip(upper=section.truck_speed_kph)
    table = table.assign(
        kph=kph,
        there=True if mode == "walk" else table["oneway"] != "backward",
        back=True if mode == "walk" else table["oneway"] != "forward",
    )
    if section.keep == "largest":
        main = _main_part(table)
        table = table[table["from_node"].isin(main) & table["to_node"].isin(main)]
    nodes = {node: i for i, node in enumerate(sorted({*table["from_node"], *table["to_node"]}))}
    metres = table["length_m"].to_numpy(dtype=np.float64)
    return Streets(
        n_nodes=len(nodes),
        start=table["from_node"].map(nodes).to_numpy(dtype=np.int64),
        end=table["to_node"].map(nodes).to_numpy(dtype=np.int64),
        metres=metres,
        seconds=3.6 * metres / table["kph"].to_numpy(dtype=np.float64),
        forward=table["there"].to_numpy(dtype=bool),
        backward=table["back"].to_numpy(dtype=bool),
        lines=table.geometry.to_numpy(),
        road_class=table["road_class"].to_numpy(dtype=object),
        row_of={int(edge): i for i, edge in enumerate(table["edge_id"])},
    )


def _main_part(table: gpd.GeoDataFrame) -> set[int]:
    """Nodes of the largest part in which all can reach all."""
    graph = nx.DiGraph()
    there, back = table[table["there"]], table[table["back"]]
    graph.add_edges_from(zip(there["from_node"], there["to_node"], strict=True))
    graph.add_edges_from(zip(back["to_node"], back["from_node"], strict=True))
    return set(max(nx.strongly_connected_components(graph), key=len, default=set()))


@dataclass(frozen=True, eq=False)
class Ways:
    """A graph to search: arcs with what they cost, where every edge begins and ends in it, where trips start and end.

    Without costs of turning, edges begin and end at their nodes. With them, every direction of an edge has a beginning
    and an end of its own, and turns lead from ends to beginnings.
    """

    streets: Streets
    cost: FloatArray
    tail: IntArray
    head: IntArray
    weight: FloatArray
    begins: tuple[IntArray, IntArray]
    """Where an edge (n_edges,) begins in its own direction and against it."""
    ends: tuple[IntArray, IntArray]
    depart: IntArray
    arrive: IntArray

    @property
    def n(self) -> int:
        """Number of nodes of the graph."""
        return 1 + int(max(self.depart.max(initial=0), self.arrive.max(initial=0), self.head.max(initial=0)))

    def leaving(self, spots: Spots) -> tuple[IntArray, FloatArray]:
        """Two nodes (n, 2) that a trip from each spot comes to first, and what the way there costs; inf: no way."""
        s, e, f = self.streets, spots.edge, spots.along
        node = np.stack([self.ends[1][e], self.ends[0][e]], axis=1)
        cost = np.stack(
            [np.where(s.backward[e], f * self.cost[e], np.inf), np.where(s.forward[e], (1 - f) * self.cost[e], np.inf)],
            axis=1,
        )
        return self._at_nodes(spots, node, cost, self.depart)

    def arriving(self, spots: Spots) -> tuple[IntArray, FloatArray]:
        """Two nodes (n, 2) from which a trip can end at each spot, and what the way from there costs."""
        s, e, f = self.streets, spots.edge, spots.along
        node = np.stack([self.begins[0][e], self.begins[1][e]], axis=1)
        cost = np.stack(
            [np.where(s.forward[e], f * self.cost[e], np.inf), np.where(s.backward[e], (1 - f) * self.cost[e], np.inf)],
            axis=1,
        )
        return self._at_nodes(spots, node, cost, self.arrive)

    def _at_nodes(self, spots: Spots, node: IntArray, cost: FloatArray, at: IntArray) -> tuple[IntArray, FloatArray]:
        """A spot at an end of its edge is at the node, whatever the edge permits."""
        for side, (place, ends) in enumerate(((0.0, self.streets.start), (1.0, self.streets.end))):
            here = spots.along == place
            node[here, side] = at[ends[spots.edge[here]]]
            cost[here, side] = 0.0
        return node, cost + spots.access[:, None]

    def direct(self, starts: Spots, goals: Spots) -> tuple[IntArray, IntArray, FloatArray]:
        """Start, goal and cost of the trips along one edge."""
        order = np.argsort(goals.edge, kind="stable")
        first = np.searchsorted(goals.edge[order], starts.edge, side="left")
        last = np.searchsorted(goals.edge[order], starts.edge, side="right")
        a = np.repeat(np.arange(len(starts)), last - first)
        b = order[np.concatenate([np.arange(i, j) for i, j in zip(first, last, strict=True)] or [np.zeros(0, int)])]
        e, step = starts.edge[a], goals.along[b] - starts.along[a]
        way = ((step >= 0) & self.streets.forward[e]) | ((step <= 0) & self.streets.backward[e])
        cost = np.abs(step) * self.cost[e] + starts.access[a] + goals.access[b]
        return a[way], b[way], cost[way]


def ways_of(streets: Streets, unit: str, section: NetworkSection, mode: str) -> Ways:
    """The graph for metres or seconds; turning costs seconds only, and nothing on foot."""
    cost = streets.metres if unit == "m" else streets.seconds
    turns = section.turns
    if turns is None or unit == "m" or mode == "walk":
        there, back = np.flatnonzero(streets.forward), np.flatnonzero(streets.backward)
        every = np.arange(streets.n_nodes)
        return Ways(
            streets,
            cost,
            np.concatenate([streets.start[there], streets.end[back]]),
            np.concatenate([streets.end[there], streets.start[back]]),
            np.concatenate([cost[there], cost[back]]),
            (streets.start, streets.end),
            (streets.end, streets.start),
            every,
            every,
        )
    return _with_turns(streets, cost, (turns.left_s, turns.right_s, turns.about_s))


def _with_turns(streets: Streets, cost: FloatArray, turning: tuple[float, float, float]) -> Ways:
    """Nodes: beginnings and ends of each edge both ways (0 to 4 n_edges), then one to depart and arrive per node."""
    n = len(cost)
    begin, end = np.arange(2 * n), 2 * n + np.arange(2 * n)
    depart, arrive = 4 * n + np.arange(streets.n_nodes), 4 * n + streets.n_nodes + np.arange(streets.n_nodes)
    arcs = [(int(a), int(b), 0.0) for a, b in zip(depart, arrive, strict=True)]  # who is there already need not turn
    open_way = np.concatenate([streets.forward, streets.backward])
    at_tail = np.concatenate([streets.start, streets.end])
    at_head = np.concatenate([streets.end, streets.start])
    out: dict[int, list[int]] = {}
    for way in np.flatnonzero(open_way).tolist():
        out.setdefault(int(at_tail[way]), []).append(way)
        arcs.append((int(begin[way]), int(end[way]), float(cost[way % n])))
        arcs.append((int(depart[at_tail[way]]), int(begin[way]), 0.0))
        arcs.append((int(end[way]), int(arrive[at_head[way]]), 0.0))
    leave = [_heading(streets, way, n, at_end=False) for way in range(2 * n)]
    come = [_heading(streets, way, n, at_end=True) for way in range(2 * n)]
    for way in np.flatnonzero(open_way).tolist():
        onward = out.get(int(at_head[way]), [])
        degrees = [(np.degrees(leave[b] - come[way]) + 180.0) % 360.0 - 180.0 for b in onward]
        back = [(b % n == way % n and b != way) or abs(d) >= ABOUT_DEG for b, d in zip(onward, degrees, strict=True)]
        choice = back.count(False) > 1
        for b, angle, about in zip(onward, degrees, back, strict=True):
            left, right = choice and angle > TURN_DEG, choice and angle < -TURN_DEG
            price = turning[2] if about else turning[0] if left else turning[1] if right else 0.0
            arcs.append((int(end[way]), int(begin[b]), price))
    tail, head, weight = (np.array(column) for column in zip(*arcs, strict=True))
    sides = (begin[:n], begin[n:]), (end[:n], end[n:])
    return Ways(streets, cost, tail, head, weight.astype(np.float64), sides[0], sides[1], depart, arrive)


def _heading(streets: Streets, way: int, n: int, *, at_end: bool) -> float:
    """Direction in radians in which a way, an edge (n_edges,) there or back, begins or ends."""
    points = shapely.get_coordinates(streets.lines[way % n])
    if way >= n:
        points = points[::-1]
    step = points[-1] - points[-2] if at_end else points[1] - points[0]
    return float(np.arctan2(step[1], step[0]))
