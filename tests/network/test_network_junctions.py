from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.errors import NetworkError
from solver.network.graph import build_network
from solver.network.junctions import junctions
from solver.network.store import write_edges
from solver.study.read import read_study

INSTANCES = Path(__file__).parents[2] / "instances"


@pytest.fixture
def streets(edges_of):
    """A street of 300 m with crossings at 100 m (four streets) and 200 m (three), the latter with a footway."""
    line = {"name": "Long Street", "road_class": "primary"}
    return edges_of(
        [
            {**line, "from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)]},
            {**line, "from_node": 2, "to_node": 3, "line": [(100, 0), (200, 0)]},
            {**line, "from_node": 3, "to_node": 4, "line": [(200, 0), (300, 0)]},
            {"name": "北街", "from_node": 2, "to_node": 5, "line": [(100, 0), (100, 90)]},
            {"name": "", "from_node": 2, "to_node": 6, "line": [(100, 0), (100, -90)]},
            {"name": "Path", "from_node": 3, "to_node": 7, "line": [(200, 0), (200, 90)], "drive": False},
        ]
    )


def test_junctions_are_where_three_streets_of_the_mode_meet(streets):
    walk, drive = junctions(build_network(streets, mode="walk"), every_m=50), junctions(build_network(streets))
    assert walk.site_id.tolist() == ["J-2", "J-3"]
    assert walk.streets.tolist() == [4, 3]
    assert walk.name.tolist() == ["Long Street / 北街", "Long Street / Path"]
    assert [(p.x, p.y) for p in walk.geometry] == [(100, 0), (200, 0)]
    assert drive.site_id.tolist() == ["J-2"]


def test_of_a_square_the_junction_with_most_streets_is_taken(streets):
    found = junctions(build_network(streets, mode="walk"), every_m=1000)
    assert found.site_id.tolist() == ["J-2"]


def test_classes_without_a_junction_or_unknown_ones_are_refused(streets):
    network = build_network(streets)
    with pytest.raises(NetworkError, match="no node of the drive network has 3 streets of primary"):
        junctions(network, classes=["primary"])
    with pytest.raises(NetworkError, match="trunk is no class of the drive network; it has primary, residential"):
        junctions(network, classes=["trunk"])
    with pytest.raises(NetworkError, match="every_m is 0; must be above 0"):
        junctions(network, every_m=0)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".parquet"])
def test_the_command_writes_a_layer(suffix, streets, tmp_path):
    write_edges(streets, tmp_path / "net.parquet")
    out = tmp_path / f"candidates{suffix}"
    ended = CliRunner().invoke(siting, ["network", "junctions", str(tmp_path / "net.parquet"), "--out", str(out)])
    assert ended.exit_code == 0, ended.output
    assert ended.stdout == f"{out}: 1 junctions, one for each 250 m square, EPSG:4547\n"
    layer = gpd.read_parquet(out) if suffix == ".parquet" else gpd.read_file(out)
    assert layer.site_id.tolist() == ["J-2"]
    place = layer.to_crs("EPSG:4547").geometry[0]
    assert (place.x, place.y) == pytest.approx((100, 0), abs=0.01)
    unwritten = CliRunner().invoke(siting, ["network", "junctions", str(tmp_path / "net.parquet"), "--out", "a.doc"])
    assert unwritten.exit_code == 2
    assert "a.doc ends in none of .gpkg, .geojson, .fgb, .parquet" in unwritten.stderr


@pytest.mark.parametrize("name", ["porto-alegre", "columbus"])
def test_the_studies_whose_data_are_elsewhere_are_well_written(name):
    file = read_study(INSTANCES / name)
    assert file.study.study.name == name
    said = (INSTANCES / name / "README.md").read_text(encoding="utf-8")
    assert "(c) OpenStreetMap contributors, ODbL" in said
    assert {"import", "junctions", "prepare.py", "run"} <= set(said.replace("/", " ").split())
