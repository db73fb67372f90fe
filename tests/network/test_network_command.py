import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from solver.cli.network import network
from solver.errors import LayerError, NetworkError, StoreError
from solver.network.store import read_edges

CRS = "EPSG:4547"
AT = np.array([500_000.0, 3_080_000.0])


@pytest.fixture
def roads(tmp_path):
    """A street of 300 m that crosses another without a node, as a layer of lines in Chinese words."""
    lines = [[(0, 0), (300, 0)], [(100, -100), (100, 100)]]
    path = tmp_path / "roads.gpkg"
    gpd.GeoDataFrame(
        {"等级": ["主路", "支路"]}, geometry=[shapely.LineString(np.array(line) + AT) for line in lines], crs=CRS
    ).to_file(path)
    return path


def siting(*args):
    return CliRunner().invoke(network, [str(arg) for arg in args])


def test_a_line_layer_becomes_a_network_that_info_reads(roads, tmp_path):
    net = tmp_path / "net.gpkg"
    made = siting(
        *("import", roads, "--out", net, "--column", "class=等级", "--class", "主路=primary"),
        *("--speed", "tertiary=25", "--split-crossings", "--mode", "drive"),
    )
    assert made.exit_code == 0, made.output
    assert made.stdout.splitlines() == [
        f"{net}: 4 edges, 5 nodes, EPSG:4547",
        "  class                read km     kept km",
        "  primary                  0.3         0.3",
        "  tertiary                 0.2         0.2",
        "  all                      0.5         0.5",
        "  open to drive: 0.5 km",
        "  open to walk: 0.0 km",
        "  open to truck: 0.0 km",
        "  note: cut at crossings of one level: 2 more pieces than lines",
    ]
    assert sorted(read_edges(net).speed_kph) == [25, 25, 60, 60]
    told = siting("info", net)
    assert told.exit_code == 0
    assert "  nodes                                        5" in told.stdout
    assert told.stdout.endswith("faults\n  none\n")


def test_faults_are_written_as_a_layer(roads, tmp_path):
    net, faults = tmp_path / "net.parquet", tmp_path / "deep" / "faults.gpkg"
    assert siting("import", roads, "--out", net).exit_code == 0
    told = siting("info", net, "--faults", faults)
    assert f"2 faults written to {faults}" in told.stdout
    layer = gpd.read_file(faults)
    assert sorted(layer.kind) == ["crossing", "island"]
    assert layer.crs == CRS
    refused = siting("info", net, "--faults", tmp_path / "f.doc")
    assert (refused.exit_code, "f.doc ends in none of .gpkg, .geojson, .fgb, .parquet" in refused.stderr) == (2, True)


def test_wrong_use_and_faulty_data_are_told_apart(roads, tmp_path):
    net = tmp_path / "net.parquet"
    assert siting("import", roads).exit_code == 2  # no --out
    assert siting("import", roads, "--out", net, "--speed", "primary").exit_code == 2
    assert siting("import", roads, "--out", net, "--speed", "primary=fast").exit_code == 2
    wrong_role = siting("import", roads, "--out", net, "--column", "colour=等级")
    assert wrong_role.exit_code == 2
    assert "colour is no role; roles are class, speed, oneway" in wrong_role.output
    unknown = siting("import", roads, "--out", net, "--column", "class=等级")
    assert isinstance(unknown.exception, LayerError)
    assert "holds '主路'; say which class it is" in str(unknown.exception)
    assert not net.exists()


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".fgb", ".geojson", ".parquet"])
def test_every_format_of_lines_is_read(suffix, tmp_path):
    lines = gpd.GeoDataFrame({"k": ["primary"]}, geometry=[shapely.LineString([AT, AT + 300])], crs=CRS)
    path = tmp_path / f"roads{suffix}"
    lines.to_parquet(path) if suffix == ".parquet" else lines.to_file(path)
    words = () if suffix != ".geojson" else ("--crs", CRS)  # GeoJSON may be in any system here: its writer says which
    assert siting("import", path, "--out", tmp_path / "n.gpkg", "--column", "class=k", *words).exit_code == 0
    (edge,) = read_edges(tmp_path / "n.gpkg").itertuples()
    assert (edge.road_class, edge.length_m) == ("primary", pytest.approx(300 * 2**0.5, rel=1e-4))


@pytest.mark.parametrize("source", ["roads.gpkg", "a.osm"])
def test_options_without_sense_are_refused(source, roads, tmp_path):
    (tmp_path / "a.osm").write_text('<osm version="0.6"></osm>')
    for name, kind in (("naive.shp", shapely.box(0, 0, 1, 1)), ("point.gpkg", shapely.Point(AT))):
        gpd.GeoDataFrame(geometry=[kind], crs=CRS).to_file(tmp_path / name)
    (tmp_path / "naive.prj").unlink()
    for words, said in (
        (("--crs", "EPSG:99999"), "crs is EPSG:99999, which is no known system"),
        (("--crs", "EPSG:4490"), r"crs is EPSG:4490 (degrees); lengths need a metric system"),
        (("--speed", "boulevard=50"), "boulevard is no road class"),
        (("--clip", tmp_path / "naive.shp"), "the clip layer has no coordinate system"),
        (("--clip", tmp_path / "point.gpkg"), "the clip layer must hold polygons only; it holds Point"),
        (("--clip", tmp_path / "none.gpkg"), "there is no such file (clip layer)"),
        (("--out", tmp_path / "n.shp"), "n.shp ends in none of .parquet, .geoparquet, .gpkg"),
    ):
        refused = siting("import", tmp_path / source, "--out", tmp_path / "n.gpkg", *words)
        assert said in f"{refused.exception} {refused.stderr}", words
    assert not (tmp_path / "n.gpkg").exists()


def test_the_source_is_never_overwritten(roads):
    before = roads.read_bytes()
    refused = siting("import", roads, "--out", roads)
    assert isinstance(refused.exception, StoreError)
    assert "is read by this command, its study or its result; name another file" in str(refused.exception)
    assert roads.read_bytes() == before


def test_options_for_lines_are_refused_for_openstreetmap(tmp_path):
    path = tmp_path / "a.osm"
    path.write_text('<osm version="0.6"></osm>')
    refused = siting("import", path, "--out", tmp_path / "n.parquet", "--split-crossings")
    assert isinstance(refused.exception, NetworkError)
    assert "leave out the options for line layers" in str(refused.exception)


def test_a_mode_nobody_may_use_is_said(tmp_path):
    path = tmp_path / "paths.gpkg"
    gpd.GeoDataFrame({"k": ["footway"]}, geometry=[shapely.LineString([AT, AT + 50])], crs=CRS).to_file(path)
    refused = siting("import", path, "--out", tmp_path / "n.gpkg", "--column", "class=k", "--mode", "drive")
    assert "none of its 1 roads is open to drive" in str(refused.exception)


def test_help_shows_examples():
    assert "siting network import hunan.osm.pbf" in siting("import", "--help").stdout
    assert "siting network info roads.parquet" in siting("info", "--help").stdout
