import numpy as np
import pytest
import shapely

from solver.errors import NetworkError
from solver.network.areas import reached_streets
from solver.network.graph import build_network
from solver.network.reach import Reach
from solver.network.roadnetwork import TurnCosts
from solver.network.snapping import SnappedPoints, snap
from solver.network.travel import travel_times


@pytest.fixture
def street(edges_of):
    """300 m at 10 m/s, and from its end a one-way street of 100 m away from it that comes back round 300 m."""
    return build_network(
        edges_of(
            [
                {"from_node": 1, "to_node": 2, "line": [(0, 0), (300, 0)], "name": "long"},
                {"from_node": 2, "to_node": 3, "line": [(300, 0), (400, 0)], "oneway": "forward", "name": "away"},
                {"from_node": 3, "to_node": 2, "line": [(400, 0), (400, 100), (300, 100), (300, 0)], "name": "back"},
            ]
        )
    )


def at(network, x, y=0.0):
    return snap(network, [f"at {x}"], np.array([[float(x), y]]), limit_m=50)


def rounded(line):
    return [(round(x, 6), round(y, 6)) for x, y in line.coords]


def shares(streets):
    """Street name -> coordinates of its reached parts."""
    return {name: [rounded(line) for line in part.geometry] for name, part in streets.groupby("name")}


def test_streets_are_cut_where_the_time_is_up_and_one_ways_count_in_their_direction(street):
    # 15 s = 150 m from the place at 200 m: to 50 m on the long street, and with 50 m left beyond its end
    site = at(street, 200)
    there = reached_streets(Reach(street, site, direction="from_site"), cutoff=15)
    assert shares(there) == {
        "long": [[(50, 0), (300, 0)]],
        "away": [[(300, 0), (350, 0)]],
        "back": [[(300, 50), (300, 0)]],
    }
    assert dict(zip(there.name, there.reached_s, strict=True)) == pytest.approx({"long": 0, "away": 10, "back": 10})
    # to the site nobody comes down the one-way street, but 50 m of the street back
    here = reached_streets(Reach(street, site), cutoff=15)
    assert shares(here) == {"long": [[(50, 0), (300, 0)]], "back": [[(300, 50), (300, 0)]]}


def test_the_way_to_the_road_uses_up_time(street):
    # 12 m off the road at 4.8 km/h = 9 s, so 6 s = 60 m remain of 15 s
    reach = Reach(street, at(street, 100, 12))
    assert shares(reached_streets(reach, cutoff=15)) == {"long": [[(40, 0), (160, 0)]]}
    assert len(reached_streets(reach, cutoff=8)) == 0
    by_length = reached_streets(Reach(street, at(street, 100, 12), impedance="length_m"), cutoff=32)
    assert shares(by_length) == {"long": [[(80, 0), (120, 0)]]}
    assert list(by_length.reached_m) == pytest.approx([12])


def test_limits_that_make_no_sense_are_refused(street):
    reach = Reach(street, at(street, 200))
    for wrong in (0, np.inf):
        with pytest.raises(NetworkError, match="must be above 0"):
            reached_streets(reach, cutoff=wrong)
    with pytest.raises(NetworkError, match="cut-off is nan; must be above 0 and finite"):
        reached_streets(reach, cutoff=np.nan)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("direction", ["to_site", "from_site"])
@pytest.mark.parametrize("turns", [None, TurnCosts(5, 2, 11)], ids=["free", "turns"])
def test_any_place_is_on_a_reached_street_just_when_its_travel_time_is_within(
    seed, direction, turns, random_edges_of, random_points_on
):
    rng = np.random.default_rng(seed)
    network = build_network(random_edges_of(rng, 30, 70), turns=turns, keep="all")
    sites, cutoff = random_points_on(rng, network, 4), 90.0
    n = 3000
    proper = np.flatnonzero(network.edge_from != network.edge_to)  # loops are drawn over themselves here
    edge, fraction = rng.choice(proper, n).astype(np.int32), rng.uniform(0.001, 0.999, n)
    xy = shapely.line_interpolate_point(network.geometry[edge], fraction, normalized=True)
    places = SnappedPoints(
        tuple(map(str, range(n))), edge, fraction, np.zeros(n), np.zeros(n), shapely.get_coordinates(xy)
    )
    times = travel_times(network, sites, places, cutoff=np.inf, direction=direction)
    value = np.full(times.shape, np.inf)
    value[np.repeat(np.arange(n), np.diff(times.indptr)), times.indices] = times.data
    streets = reached_streets(Reach(network, sites, direction=direction), cutoff=cutoff)
    row_of = {int(name): row for row, name in enumerate(network.edge_id)}
    for j, site in enumerate(sites.ids):
        inside = np.zeros(n, dtype=bool)
        own = streets[streets.site == site]
        for edge_id, line in zip(own.edge_id, own.geometry, strict=True):
            on_it = np.flatnonzero(edge == row_of[edge_id])
            inside[on_it] |= shapely.distance(xy[on_it], line) < 1e-6
        clear = np.abs(value[:, j] - cutoff) > 0.01
        assert (inside == (value[:, j] <= cutoff))[clear].all()
        assert 0 < inside.mean() < 1
