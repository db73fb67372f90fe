import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from solver.errors import NetworkError
from solver.network.china import metric_crs, suspected_datum, to_bd09, to_gcj02, to_wgs84
from solver.network.graph import build_network

METRES = 111_000  # per degree, enough for a bound


@given(st.floats(74, 135), st.floats(18, 53))
def test_undoing_a_shift_is_exact_everywhere_in_china(lon, lat):
    place = np.array([[lon, lat]])
    for there, datum in ((to_gcj02, "gcj02"), (to_bd09, "bd09")):
        shifted = there(place)
        assert 20 < np.abs(shifted - place).max() * METRES < 2000
        assert np.abs(to_wgs84(shifted, datum) - place).max() * METRES < 1e-3


def test_the_shift_at_tiananmen_is_the_known_one():
    # Tiananmen, WGS 84 39.90734 N 116.39089 E, is published on GCJ-02 maps at 39.90875 N 116.39713 E
    assert to_gcj02(np.array([[116.39089, 39.90734]]))[0] == pytest.approx([116.39713, 39.90875], abs=2e-5)


def test_places_outside_china_are_refused():
    with pytest.raises(NetworkError, match=r"1 of 2 places lie outside China, first -83.0000 E 40.0000 N; GCJ02"):
        to_wgs84(np.array([[113.0, 27.0], [-83.0, 40.0]]), "gcj02")


def test_the_zone_follows_the_meridian():
    assert metric_crs(113.13, 27.83) == "EPSG:4547"  # 114 E
    assert metric_crs(111.0, 27.0) == "EPSG:4546"
    assert metric_crs(-83.0, 40.0) == "EPSG:32617"
    assert metric_crs(-51.2, -30.0) == "EPSG:32722"


@pytest.mark.parametrize(("shift", "suspected"), [(to_gcj02, "gcj02"), (to_bd09, "bd09"), (np.array, None)])
def test_points_that_were_shifted_are_noticed_beside_the_roads(shift, suspected, edges_of):
    # a village street every 2 km; houses within 20 m of it
    at = np.array([420_000.0, 3_080_000.0])
    rows = [
        {"from_node": 2 * i, "to_node": 2 * i + 1, "line": at + np.array([(0, 2000 * i), (9000, 2000 * i + 700)])}
        for i in range(5)
    ]
    network = build_network(edges_of(rows), keep="all")
    rng = np.random.default_rng(2)
    share, street = rng.random(300), rng.integers(0, 5, 300)
    houses = at + np.column_stack([9000 * share, 2000 * street + 700 * share + rng.uniform(-20, 20, 300)])
    degrees = Transformer.from_crs(network.crs, 4326, always_xy=True)
    lonlat = np.column_stack(degrees.transform(houses[:, 0], houses[:, 1]))
    moved = np.column_stack(degrees.transform(*shift(lonlat).T, direction="INVERSE"))
    assert suspected_datum(network, moved) == suspected
