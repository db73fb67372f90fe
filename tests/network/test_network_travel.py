import numpy as np
import pytest

from solver.errors import NetworkError
from solver.network.graph import build_network
from solver.network.snapping import SnappedPoints, snap
from solver.network.travel import k_nearest, travel_times


def dense(matrix):
    full = np.full(matrix.shape, np.inf)
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    full[row, matrix.indices] = matrix.data
    return full


def on(network, *places):
    """Points on edges, given as (edge, fraction), without any way off the road."""
    n = len(places)
    return SnappedPoints(
        ids=tuple(f"p{i}" for i in range(n)),
        edge=np.array([edge for edge, _ in places], dtype=np.int32),
        fraction=np.array([fraction for _, fraction in places], dtype=np.float64),
        distance_m=np.zeros(n),
        access_s=np.zeros(n),
        xy=np.zeros((n, 2)),
    )


@pytest.fixture
def one_way_ring(edges_of):
    """A square of 100 m sides travelled anticlockwise only, at 10 m/s: each side takes 10 s, once round 40 s."""
    corners = [(0, 0), (100, 0), (100, 100), (0, 100)]
    return build_network(
        edges_of(
            [
                {
                    "from_node": i,
                    "to_node": (i + 1) % 4,
                    "line": [corners[i], corners[(i + 1) % 4]],
                    "oneway": "forward",
                }
                for i in range(4)
            ]
        )
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("direction", ["to_site", "from_site"])
@pytest.mark.parametrize("impedance", ["time_s", "length_m"])
def test_random_networks_agree_with_networkx_whatever_the_shape(
    seed, direction, impedance, random_edges_of, random_points_on, networkx_times
):
    rng = np.random.default_rng(seed)
    network = build_network(random_edges_of(rng, 30, 70), keep="all" if seed % 2 else "largest")
    n_sites, n_demand = (5, 25) if seed % 3 else (25, 5)  # both sides get to be the one that is searched from
    sites, demand = random_points_on(rng, network, n_sites), random_points_on(rng, network, n_demand)
    cutoff = {"time_s": 200.0, "length_m": 1500.0}[impedance]
    asked = {"cutoff": cutoff, "impedance": impedance, "direction": direction}
    expected = networkx_times(network, sites, demand, **asked)
    found = dense(travel_times(network, sites, demand, **asked))
    assert np.isfinite(expected).any()
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_k_nearest_are_the_k_smallest_of_the_whole_matrix(seed, random_edges_of, random_points_on):
    rng = np.random.default_rng(seed)
    network = build_network(random_edges_of(rng, 200, 500))
    sites, demand = random_points_on(rng, network, 40), random_points_on(rng, network, 60)
    full = np.sort(dense(travel_times(network, sites, demand, cutoff=np.inf)), axis=1)
    nearest = k_nearest(network, sites, demand, k=3)
    assert (np.diff(nearest.indptr) == 3).all()
    np.testing.assert_allclose(np.sort(nearest.data.reshape(-1, 3), axis=1), full[:, :3], rtol=1e-12)


def test_one_thread_and_many_give_the_same_matrix(random_edges_of, random_points_on):
    rng = np.random.default_rng(5)
    network = build_network(random_edges_of(rng, 300, 800))
    sites, demand = random_points_on(rng, network, 200), random_points_on(rng, network, 300)
    one = travel_times(network, sites, demand, cutoff=150, jobs=1)
    told = []
    many = travel_times(
        network, sites, demand, cutoff=150, jobs=4, progress=lambda done, total: told.append((done, total))
    )
    assert one.nnz > 1000
    assert (one.indptr == many.indptr).all()
    assert (one.indices == many.indices).all()
    assert (one.data == many.data).all()
    assert one.has_sorted_indices
    assert told[-1] == (200, 200)


def test_going_back_on_a_one_way_street_means_going_round(one_way_ring):
    # site at 80 m, demand at 20 m of the same side: to the site 60 m ahead = 6 s; from the site 40 - 6 = 34 s round
    site, demand = on(one_way_ring, (0, 0.8)), on(one_way_ring, (0, 0.2))
    assert dense(travel_times(one_way_ring, site, demand, cutoff=100, direction="to_site"))[0, 0] == pytest.approx(6)
    assert dense(travel_times(one_way_ring, site, demand, cutoff=100, direction="from_site"))[0, 0] == pytest.approx(34)


def test_walkers_ignore_one_way_streets(edges_of):
    # 100 m against the arrow at 4.8 km/h: 100 / (4.8 / 3.6) = 75 s
    network = build_network(
        edges_of([{"from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)], "oneway": "forward"}]), mode="walk"
    )
    times = travel_times(network, on(network, (0, 0.0)), on(network, (0, 1.0)), cutoff=100)
    assert dense(times)[0, 0] == pytest.approx(75)


def test_two_points_in_one_place_are_zero_apart_and_stored_as_reached(one_way_ring):
    times = travel_times(one_way_ring, on(one_way_ring, (1, 0.5)), on(one_way_ring, (1, 0.5)), cutoff=5)
    assert times.nnz == 1
    assert times.data[0] == 0.0


def test_a_point_at_a_corner_may_leave_by_any_street(edges_of):
    # One-way 2 -> 1 (west) and two-way 2 - 3 (east). A site at node 1's end of the one-way is reached; a site at its
    # start, node 2, is left eastwards at once: 50 m = 5 s, although the street it was snapped to runs the other way.
    network = build_network(
        edges_of(
            [
                {"from_node": 2, "to_node": 1, "line": [(100, 0), (0, 0)], "oneway": "forward"},
                {"from_node": 2, "to_node": 3, "line": [(100, 0), (200, 0)]},
            ]
        ),
        keep="all",
    )
    times = travel_times(network, on(network, (0, 0.0)), on(network, (1, 0.5)), cutoff=60, direction="from_site")
    assert dense(times)[0, 0] == pytest.approx(5)


def test_a_loop_is_left_by_the_shorter_way(edges_of):
    # A loop of 400 m at the end of a 100 m street; the point 100 m along the loop is 100 m from its node, not 300.
    square = [(100, 0), (200, 0), (200, 100), (100, 100), (100, 0)]
    network = build_network(
        edges_of(
            [{"from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)]}, {"from_node": 2, "to_node": 2, "line": square}]
        )
    )
    times = travel_times(network, on(network, (0, 0.0)), on(network, (1, 0.25)), cutoff=60)
    assert dense(times)[0, 0] == pytest.approx(20)


def test_access_off_the_road_counts_at_both_ends_and_towards_the_cut_off(edges_of):
    # 24 m on foot at 4.8 km/h = 18 s, 100 m of road = 10 s, 48 m on foot = 36 s: 64 s in all; in length 172 m
    network = build_network(edges_of([{"from_node": 1, "to_node": 2, "line": [(0, 0), (300, 0)]}]))
    site = snap(network, ["s"], np.array([[100.0, 24.0]]), limit_m=50)
    home = snap(network, ["h"], np.array([[200.0, -48.0]]), limit_m=50)
    assert dense(travel_times(network, site, home, cutoff=64.01))[0, 0] == pytest.approx(64)
    assert travel_times(network, site, home, cutoff=63.99).nnz == 0
    assert dense(travel_times(network, site, home, cutoff=500, impedance="length_m"))[0, 0] == pytest.approx(172)
    assert dense(travel_times(network, site, home, cutoff=500, access=False))[0, 0] == pytest.approx(10)


def test_a_wrong_direction_or_cut_off_is_refused(one_way_ring):
    points = on(one_way_ring, (0, 0.5))
    with pytest.raises(NetworkError, match=r"direction is 'both'; must be 'to_site' or 'from_site'"):
        travel_times(one_way_ring, points, points, cutoff=5, direction="both")
    with pytest.raises(NetworkError, match=r"cutoff is 0; must be above 0"):
        travel_times(one_way_ring, points, points, cutoff=0)
    with pytest.raises(NetworkError, match=r"impedance is 'money'; must be 'time_s' or 'length_m'"):
        travel_times(one_way_ring, points, points, cutoff=5, impedance="money")


def test_no_points_give_an_empty_matrix(one_way_ring):
    nobody, somebody = on(one_way_ring), on(one_way_ring, (0, 0.5))
    assert travel_times(one_way_ring, nobody, somebody, cutoff=5).shape == (1, 0)
    assert travel_times(one_way_ring, somebody, nobody, cutoff=5).shape == (0, 1)
