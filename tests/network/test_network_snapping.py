import numpy as np
import pytest

from solver.errors import NetworkError
from solver.network.graph import build_network
from solver.network.snapping import nearest, snap


@pytest.fixture
def cross(edges_of):
    """A street along the x axis from 0 to 300 m and, 100 m north of it, a motorway."""
    return build_network(
        edges_of(
            [
                {"from_node": 1, "to_node": 2, "line": [(0, 0), (300, 0)]},
                {"from_node": 3, "to_node": 4, "line": [(0, 100), (300, 100)], "road_class": "motorway"},
            ]
        ),
        keep="all",
    )


def test_a_point_meets_the_nearest_edge_not_the_nearest_node(cross):
    snapped = snap(cross, ["a"], np.array([[150.0, 40.0]]), limit_m=50)
    assert snapped.fraction == pytest.approx([0.5])
    assert snapped.xy == pytest.approx(np.array([[150, 0]]))
    assert snapped.distance_m == pytest.approx([40])
    assert snapped.access_s == pytest.approx([30])  # 40 m at 4.8 km/h = 4/3 m/s


def test_nobody_is_snapped_to_a_class_to_avoid(cross):
    at = np.array([[150.0, 90.0]])
    assert snap(cross, ["a"], at, limit_m=100).distance_m == pytest.approx([10])
    assert snap(cross, ["a"], at, limit_m=100, avoid={"motorway"}).distance_m == pytest.approx([90])
    with pytest.raises(NetworkError, match="every edge is of a class to avoid"):
        snap(cross, ["a"], at, limit_m=100, avoid={"motorway", "residential"})


def test_points_too_far_are_all_named_with_distance_and_remedy(cross):
    places = np.array([[0.0, -10.0], [100.0, 50_100.0], [100.0, -501.0]])
    with pytest.raises(NetworkError) as refused:
        snap(cross, ["near", "village", "mill"], places, limit_m=500)
    assert str(refused.value) == (
        "2 of 3 points lie farther than 500 m from the network; correct their places or coordinate system, "
        "import roads that reach them, or raise the limit (snap_limit_m):\n"
        "  village   50,000 m from the nearest road\n"
        "  mill   501 m from the nearest road"
    )
    found = nearest(cross, ["near", "village", "mill"], places)
    assert found.distance_m == pytest.approx([10, 50_000, 501])
    assert found.beyond(500).tolist() == [1, 2]


def test_points_without_coordinates_are_named(cross):
    with pytest.raises(NetworkError, match="1 points have no coordinates: b"):
        snap(cross, ["a", "b"], np.array([[0.0, 0.0], [np.nan, 0.0]]), limit_m=5)


def test_the_snapped_place_is_on_its_edge_at_its_fraction(random_edges_of):
    rng = np.random.default_rng(3)
    network = build_network(random_edges_of(rng, 60, 150))
    snapped = nearest(network, [str(i) for i in range(500)], rng.uniform(-100, 1100, (500, 2)))
    for edge, fraction, xy in zip(snapped.edge, snapped.fraction, snapped.xy, strict=True):
        place = network.geometry[edge].interpolate(fraction, normalized=True)
        assert (place.x, place.y) == pytest.approx(tuple(xy))
