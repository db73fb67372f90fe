import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from solver.cli.group import siting
from solver.errors import NetworkError
from solver.network.china import metric_crs, to_bd09, to_gcj02, to_wgs84
from solver.network.datumguard import suspicion
from solver.network.graph import build_network
from solver.network.store import write_edges

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


AT = np.array([420_000.0, 3_080_000.0])
SHIFTS = {"gcj02": to_gcj02, "bd09": to_bd09, None: np.array}


@pytest.fixture
def village_streets(edges_of):
    """A street every 2 km, 9 km long."""
    return edges_of(
        [
            {"from_node": 2 * i, "to_node": 2 * i + 1, "line": AT + np.array([(0, 2000 * i), (9000, 2000 * i + 700)])}
            for i in range(5)
        ]
    )


def shifted(xy, datum, crs="EPSG:4547"):
    degrees = Transformer.from_crs(crs, 4326, always_xy=True)
    lonlat = np.column_stack(degrees.transform(xy[:, 0], xy[:, 1]))
    return np.column_stack(degrees.transform(*SHIFTS[datum](lonlat).T, direction="INVERSE"))


def houses(n, beside_m=20):
    rng = np.random.default_rng(2)
    share, street = rng.random(n), rng.integers(0, 5, n)
    off = rng.uniform(-beside_m, beside_m, n)
    return AT + np.column_stack([9000 * share, 2000 * street + 700 * share + off])


@pytest.mark.parametrize("datum", ["gcj02", "bd09", None])
def test_points_that_were_shifted_are_noticed_beside_the_roads(datum, village_streets):
    found = suspicion(build_network(village_streets, keep="all"), shifted(houses(300), datum))
    assert (found and (found.whose, found.datum)) == (datum and ("points", datum))


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_roads_that_were_shifted_are_noticed_beside_the_points(datum, village_streets):
    lines = shapely.transform(village_streets.geometry.to_numpy(), lambda xy: shifted(xy, datum))
    network = build_network(village_streets.set_geometry(gpd.GeoSeries(lines, crs="EPSG:4547")), keep="all")
    found = suspicion(network, houses(300))
    assert (found.whose, found.datum) == ("roads", datum)
    assert f"import the roads with --datum {datum}" in str(found)


def test_of_few_points_and_of_points_anywhere_nothing_is_concluded(village_streets):
    network = build_network(village_streets, keep="all")
    assert suspicion(network, shifted(houses(19), "gcj02")) is None
    assert suspicion(network, shifted(houses(20), "gcj02")) is not None
    anywhere = AT + np.random.default_rng(3).uniform(0, 9000, (300, 2))
    assert suspicion(network, anywhere) is None


STUDY = """
[study]
name = "shifted"
crs = "EPSG:4547"
[network]
file = "roads.parquet"
keep = "all"
snap_limit_m = 5000
[programmes.clinics]
model = "max-cover"
open = 1
reach = { limit_m = 3000 }
demand = { file = "houses.csv", id = "门牌", x = "lon", y = "lat", crs = "EPSG:4326", encoding = "GBK" }
sites = { file = "sites.shp", id = "名称" }
"""


@pytest.fixture
def study(village_streets, tmp_path):
    """Houses by a web map, in a table in GBK; three sites in a Shapefile in GBK whose header does not say so."""
    write_edges(village_streets, tmp_path / "roads.parquet")
    lonlat = Transformer.from_crs(4547, 4326, always_xy=True).transform(*shifted(houses(100), "gcj02").T)
    table = pd.DataFrame({"门牌": np.arange(100), "人口": 1, "lon": lonlat[0], "lat": lonlat[1]})
    table.to_csv(tmp_path / "houses.csv", index=False, encoding="GBK")
    sites = gpd.GeoDataFrame({"名称": ["甲", "乙", "丙"]}, geometry=shapely.points(houses(3)), crs="EPSG:4547")
    sites.to_file(tmp_path / "sites.shp", encoding="GBK")
    (tmp_path / "sites.cpg").unlink()
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def call(*words):
    return CliRunner().invoke(siting, [str(word) for word in words])


def test_a_study_with_shifted_points_is_refused_until_the_datum_is_named(study):
    refused = call("check", study)
    assert refused.exit_code == 3
    assert "the points look shifted by GCJ-02, the datum of Chinese web maps: half of the points lie" in refused.stderr
    assert 'set datum = "gcj02" at the layer' in refused.stderr
    assert call("check", study, "--set", "network.datum_guard=false").exit_code == 0
    undone = ("--set", "programmes.clinics.demand.datum=gcj02", "--out", study / "out")
    ended = call("run", study, *undone)
    assert ended.exit_code == 0, ended.output
    demand = gpd.read_file(study / "out/plan.gpkg", layer="clinics_demand")
    assert demand["off_road_m"].max() < 20.01
    assert set(gpd.read_file(study / "out/plan.gpkg", layer="clinics_sites")["site_id"]) == {"甲", "乙", "丙"}


def test_a_table_in_another_encoding_is_said(study):
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(text.replace(', encoding = "GBK"', ""), encoding="utf-8")
    refused = call("check", study)
    assert refused.exit_code == 3
    assert 'houses.csv   is not in UTF-8; say its encoding, for example encoding = "GBK"' in refused.stderr


def test_a_datum_of_china_is_refused_elsewhere(study):
    refused = call(
        "check",
        study,
        "--set",
        "programmes.clinics.demand.crs=EPSG:32632",
        "--set",
        "programmes.clinics.demand.datum=bd09",
    )
    assert refused.exit_code == 3
    assert "BD09 is only used inside: take the coordinates as they are" in refused.stderr
