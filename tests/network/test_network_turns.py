import cmath
import math
from itertools import product

import networkx as nx
import numpy as np
import pytest

from solver.errors import NetworkError
from solver.network.graph import build_network
from solver.network.roadnetwork import TurnCosts
from solver.network.snapping import SnappedPoints
from solver.network.travel import k_nearest, travel_times

COSTS = TurnCosts(left_s=7.0, right_s=3.0, about_s=20.0)


def on(*places):
    """Points on edges, given as (edge, fraction), without any way off the road."""
    n = len(places)
    edge = np.array([edge for edge, _ in places], dtype=np.int32)
    fraction = np.array([fraction for _, fraction in places], dtype=np.float64)
    return SnappedPoints(tuple(f"p{i}" for i in range(n)), edge, fraction, np.zeros(n), np.zeros(n), np.zeros((n, 2)))


def dense(matrix):
    full = np.full(matrix.shape, np.inf)
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    full[row, matrix.indices] = matrix.data
    return full


@pytest.fixture
def crossroads(edges_of):
    """Four streets of 100 m (10 s) from the centre: 0 west, 1 east, 2 north, 3 south."""
    ends = [(-100, 0), (100, 0), (0, 100), (0, -100)]
    rows = [{"from_node": 0, "to_node": i + 1, "line": [(0, 0), end]} for i, end in enumerate(ends)]
    return build_network(edges_of(rows), turns=COSTS)


@pytest.mark.parametrize(
    ("to", "extra"), [((1, 0.5), 0.0), ((2, 0.5), 7.0), ((3, 0.5), 3.0)], ids=["straight", "left", "right"]
)
def test_a_left_turn_costs_more_than_a_right_one_and_straight_on_nothing(crossroads, to, extra):
    # from the west, half a street (5 s) to the crossing and half a street on
    times = travel_times(crossroads, on(to), on((0, 0.5)), cutoff=100)
    assert dense(times)[0, 0] == pytest.approx(10 + extra)
    back = travel_times(crossroads, on((0, 0.5)), on(to), cutoff=100, direction="from_site")
    assert dense(back)[0, 0] == pytest.approx(10 + extra)


def test_the_way_back_is_turned_the_other_way(crossroads):
    # from the north to the west: right, 3 s, where from the west to the north was left
    assert dense(travel_times(crossroads, on((0, 0.5)), on((2, 0.5)), cutoff=100))[0, 0] == pytest.approx(13)


def test_whoever_starts_at_the_crossing_turns_nowhere(crossroads):
    # edge 0 begins at the centre, so fraction 0 is the crossing itself
    assert dense(travel_times(crossroads, on((2, 1.0)), on((0, 0.0)), cutoff=100))[0, 0] == pytest.approx(10)
    assert dense(travel_times(crossroads, on((0, 0.0)), on((2, 1.0)), cutoff=100))[0, 0] == pytest.approx(10)


def test_a_bend_without_a_crossing_costs_nothing(edges_of):
    rows = [
        {"from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)]},
        {"from_node": 2, "to_node": 3, "line": [(100, 0), (100, 100)], "road_class": "primary"},
    ]
    network = build_network(edges_of(rows), turns=COSTS)
    assert dense(travel_times(network, on((1, 1.0)), on((0, 0.0)), cutoff=100))[0, 0] == pytest.approx(20)


def test_lengths_know_no_turns(crossroads):
    found = travel_times(crossroads, on((2, 0.5)), on((0, 0.5)), cutoff=500, impedance="length_m")
    assert dense(found)[0, 0] == pytest.approx(100)


def test_costs_below_zero_are_refused():
    with pytest.raises(NetworkError, match="turn cost right_s is -1; must be at least 0 seconds"):
        TurnCosts(left_s=1, right_s=-1, about_s=1)


def turn_cost(network, a, b):
    """Seconds from arc a onto arc b, by complex numbers."""

    def way(arc):
        xy = [complex(x, y) for x, y in network.geometry[network.arc_edge[arc]].coords]
        return xy if network.arc_forward[arc] else xy[::-1]

    def leads_back(arc):
        into, out = way(a), way(arc)
        angle = cmath.phase((out[1] - out[0]) / (into[-1] - into[-2]))
        same = network.arc_edge[arc] == network.arc_edge[a] and network.arc_forward[arc] != network.arc_forward[a]
        return same or abs(math.degrees(angle)) >= 170, math.degrees(angle)

    ways_on = [arc for arc in range(network.n_arcs) if network.tail[arc] == network.head[a]]
    back, angle = leads_back(b)
    if back:
        return COSTS.about_s
    if sum(not leads_back(arc)[0] for arc in ways_on) < 2:
        return 0.0
    return COSTS.left_s if angle > 45 else COSTS.right_s if angle < -45 else 0.0


def by_line_graph(network, sites, demand):
    """(n_demand, n_sites) seconds to the site: networkx on a graph whose nodes are arcs."""
    graph = nx.DiGraph()
    for a, b in product(range(network.n_arcs), repeat=2):
        if network.head[a] == network.tail[b]:
            graph.add_edge(("end", a), ("begin", b), w=turn_cost(network, a, b))
    for a in range(network.n_arcs):
        graph.add_edge(("begin", a), ("end", a), w=network.time_s[a])

    def arcs_at(points, i):
        """Arcs of the point's edge with the share of them that lies before the point."""
        for arc in np.flatnonzero(network.arc_edge == points.edge[i]):
            yield int(arc), float(points.fraction[i] if network.arc_forward[arc] else 1 - points.fraction[i])

    def node_of(points, i):
        ends = {0.0: network.edge_from, 1.0: network.edge_to}
        return ends[points.fraction[i]][points.edge[i]] if points.fraction[i] in ends else None

    for i in range(len(demand)):
        for arc, before in arcs_at(demand, i):
            graph.add_edge(("demand", i), ("end", arc), w=(1 - before) * network.time_s[arc])
        for arc in np.flatnonzero(network.tail == node_of(demand, i)):
            graph.add_edge(("demand", i), ("begin", int(arc)), w=0.0)
    for j in range(len(sites)):
        for arc, before in arcs_at(sites, j):
            graph.add_edge(("begin", arc), ("site", j), w=before * network.time_s[arc])
        for arc in np.flatnonzero(network.head == node_of(sites, j)):
            graph.add_edge(("end", int(arc)), ("site", j), w=0.0)
    for i, j in product(range(len(demand)), range(len(sites))):
        if node_of(demand, i) is not None and node_of(demand, i) == node_of(sites, j):
            graph.add_edge(("demand", i), ("site", j), w=0.0)
        for arc, here in arcs_at(demand, i):
            for other, there in arcs_at(sites, j):
                if arc == other and here <= there:
                    graph.add_edge(("demand", i), ("site", j), w=(there - here) * network.time_s[arc])
    answer = np.full((len(demand), len(sites)), np.inf)
    for i in range(len(demand)):
        reached = nx.single_source_dijkstra_path_length(graph, ("demand", i), weight="w")
        answer[i] = [reached.get(("site", j), np.inf) for j in range(len(sites))]
    return answer


@pytest.mark.parametrize("seed", range(6))
def test_random_networks_with_turns_agree_with_networkx(seed, random_edges_of, random_points_on):
    rng = np.random.default_rng(seed)
    network = build_network(random_edges_of(rng, 12, 26), turns=COSTS, keep="all" if seed % 2 else "largest")
    sites, demand = random_points_on(rng, network, 6), random_points_on(rng, network, 15)
    expected = by_line_graph(network, sites, demand)
    assert np.isfinite(expected).mean() > 0.2
    found = dense(travel_times(network, sites, demand, cutoff=np.inf, access=False))
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    nearest = dense(k_nearest(network, sites, demand, k=2, access=False))
    np.testing.assert_allclose(np.sort(nearest, axis=1)[:, :2], np.sort(expected, axis=1)[:, :2], rtol=1e-9)
