import geopandas as gpd
import pytest

from solver.errors import NetworkError
from solver.network.inspect import look_at


@pytest.fixture
def sick(edges_of):
    """Two streets in a row with: an islet, a one-way trap, a crossing, a gap, an odd speed, an odd length, a double."""
    return edges_of(
        [
            {"edge_id": 10, "from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)], "road_class": "primary"},
            {"edge_id": 11, "from_node": 2, "to_node": 3, "line": [(100, 0), (300, 0)]},
            {"edge_id": 12, "from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)]},
            {"edge_id": 13, "from_node": 3, "to_node": 4, "line": [(300, 0), (300, 100)], "oneway": "forward"},
            {"edge_id": 14, "from_node": 5, "to_node": 6, "line": [(200, -50), (200, 50)], "speed_kph": 200.0},
            {"edge_id": 15, "from_node": 2, "to_node": 7, "line": [(100, 0), (100, 90)], "length_m": 300.0},
            {"edge_id": 16, "from_node": 8, "to_node": 9, "line": [(0, 600), (50, 600)]},
            {"edge_id": 17, "from_node": 9, "to_node": 7, "line": [(50, 600), (100, 90)]},
            {"edge_id": 18, "from_node": 8, "to_node": 99, "line": [(0, 600), (-97, 4)]},
            {"edge_id": 19, "from_node": 98, "to_node": 1, "line": [(-100, 0), (0, 0)]},
        ]
    )


def test_every_kind_of_fault_is_found_where_it_is(sick):
    look = look_at(sick)
    found = {kind: sorted(set(rows["edge_id"])) for kind, rows in look.faults.groupby("kind")[["edge_id"]]}
    assert found == {
        "island": [14],
        "trap": [13],
        "speed": [14],
        "length": [15],
        "double": [12],
        "crossing": [11],
        "gap": [18, 19],  # 98 and 99 end 5 m apart
    }
    facts = look.faults.set_index(["kind", "edge_id"])["fact"]
    assert facts["speed", 14] == "200 km/h on residential, usual 30"
    assert facts["length", 15] == "length_m is 300, the line is 90 m"
    assert facts["crossing", 11] == "crosses edge 14 at one level without a node"
    place = look.faults[look.faults.kind == "crossing"].geometry.iloc[0]
    assert (place.x, place.y) == (200, 0)
    assert look.faults.crs == sick.crs


def test_the_figures_are_those_of_the_layer(sick):
    look = look_at(sick)
    assert (look.edges, look.nodes) == (10, 11)
    # 100 + 200 + 100 + 100 (one-way) + 100 + 300 (as given) + 50 + 512.44 + 603.84 + 100
    assert look.km == pytest.approx(2.16628, abs=1e-5)
    assert look.one_way_km == pytest.approx(0.1)
    assert look.km_by_class["primary"] == pytest.approx(0.1)
    assert (look.islands, look.strong_parts, look.main_nodes) == (1, 3, 8)  # parts: the main one, {4}, {5, 6}
    assert look.main_km == pytest.approx(look.km - 0.1 - 0.1)
    assert look.dead_ends == 5  # nodes 4, 5, 6, 98, 99


def test_a_bridge_may_cross_and_walkers_are_not_trapped(sick):
    sick.loc[sick.edge_id == 14, ["bridge", "level"]] = [True, 1]
    look = look_at(sick, mode="walk")
    assert "crossing" not in look.fault_counts()
    assert "trap" not in look.fault_counts()
    with pytest.raises(NetworkError, match="no edge of 10 is open to truck"):
        look_at(sick.assign(truck=False), mode="truck")


def test_a_sound_network_has_no_faults(edges_of):
    sound = edges_of([{"from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)]}])
    look = look_at(sound)
    assert look.fault_counts() == {}
    assert isinstance(look.faults, gpd.GeoDataFrame)
