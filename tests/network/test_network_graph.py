from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.errors import LayerError, NetworkError
from solver.network.graph import build_network
from solver.network.layout import hilbert_rank


def speed_of(network, road_class):
    arcs = network.road_class[network.arc_edge] == road_class
    return (network.length_m / network.time_s * 3.6)[arcs]


@pytest.fixture
def town(edges_of):
    """A triangle of two-way streets (1, 2, 3), a dead-end one-way (3 -> 4), and an islet (5 - 6) far away."""
    return edges_of(
        [
            {"from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)], "road_class": "trunk", "speed_kph": 100.0},
            {"from_node": 2, "to_node": 3, "line": [(100, 0), (100, 100)], "truck": False},
            {"from_node": 3, "to_node": 1, "line": [(100, 100), (0, 0)], "drive": False},
            {"from_node": 3, "to_node": 4, "line": [(100, 100), (200, 100)], "oneway": "forward"},
            {"from_node": 5, "to_node": 6, "line": [(9000, 0), (9000, 50)]},
        ]
    )


def test_only_the_part_that_can_be_reached_and_left_is_kept_and_the_rest_is_said(town):
    network = build_network(town)
    # kept: 1-2 and 2-3. Closed: 3-1 (141 m). Islands: node 4 (cannot be left) and the islet 5-6: 100 + 50 m.
    assert sorted(network.edge_id) == [0, 1]
    assert network.n_nodes == 3
    assert network.n_arcs == 4
    assert sorted(network.left_out.island_edge_id) == [3, 4]
    assert network.left_out.island_km == pytest.approx(0.150)
    assert network.left_out.closed_km == pytest.approx(np.hypot(100, 100) / 1000)
    assert str(network.left_out) == (
        "left out: 1 edges (0.1 km) closed to the mode; "
        "2 edges (0.1 km) in 2 parts that cannot be reached and left again"
    )


def test_everything_is_kept_when_asked(town):
    network = build_network(town, keep="all")
    assert network.n_edges == 4  # the closed edge is still closed
    assert str(build_network(town[town.drive], keep="all").left_out) == "nothing left out"


def test_lorries_are_slower_and_keep_to_their_roads(town):
    network = build_network(town, mode="truck", keep="all")
    assert 1 not in network.edge_id
    assert speed_of(network, "trunk") == pytest.approx([80, 80])
    assert speed_of(build_network(town), "trunk") == pytest.approx([100, 100])


def test_a_study_can_set_the_speed_of_a_class(town):
    network = build_network(town, speeds_kph={"trunk": 70})
    assert speed_of(network, "trunk") == pytest.approx([70, 70])
    assert speed_of(network, "residential") == pytest.approx([36, 36])
    with pytest.raises(NetworkError, match="speed of trunk is -1; must be above 0 km/h"):
        build_network(town, speeds_kph={"trunk": -1})


def test_a_mode_without_roads_says_so(town):
    with pytest.raises(NetworkError, match="no edge of 5 is open to truck"):
        build_network(town.assign(truck=False), mode="truck")
    with pytest.raises(NetworkError, match="mode is 'fly'; must be one of drive, walk, truck"):
        build_network(town, mode="fly")


def test_degrees_are_refused_with_the_remedy(town):
    with pytest.raises(LayerError, match="EPSG:4326 is in degrees; lengths need a metric one; import it"):
        build_network(town.to_crs(4326))


def test_a_network_that_contradicts_itself_is_refused(town):
    network = build_network(town)
    with pytest.raises(NetworkError, match="arcs do not join the ends of their edge"):
        replace(network, arc_forward=~network.arc_forward)
    with pytest.raises(NetworkError, match="head points outside 0..2"):
        replace(network, head=network.head + 1)
    with pytest.raises(NetworkError, match="time_s of 4 arcs is not above 0"):
        replace(network, time_s=network.time_s * 0)
    with pytest.raises(NetworkError, match="arrays differ in length"):
        replace(network, name=network.name[:1])


@given(st.integers(0, 2**32 - 1))
def test_the_curve_visits_every_cell_of_a_grid_in_unit_steps(seed):
    # On a full 8 x 8 grid of cells the curve's order never jumps: consecutive points are neighbours.
    side = 8
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * (side / (side - 1)) / side
    shuffled = np.random.default_rng(seed).permutation(grid)
    ordered = shuffled[np.argsort(hilbert_rank(shuffled))]
    steps = np.abs(np.diff(ordered, axis=0)).sum(axis=1)
    assert steps == pytest.approx(np.full(side * side - 1, 1 / (side - 1)))


def test_nodes_are_numbered_along_the_curve(random_edges_of):
    network = build_network(random_edges_of(np.random.default_rng(1), 100, 300))
    assert (np.diff(hilbert_rank(network.node_xy)) >= 0).all()
