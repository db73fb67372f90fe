"""The faults of road data that planners meet, each through the command line: one clear report, exit code 3."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pytest
import shapely
from click.testing import CliRunner

from solver.cli.group import siting
from solver.network.store import write_edges

CRS = "EPSG:4547"
AT = np.array([500_000.0, 3_080_000.0])

STUDY = """
[study]
name = "broken"
crs = "EPSG:4547"
[network]
file = "roads.parquet"
[programmes.clinics]
model = "max-cover"
open = 1
demand = {{ file = "places.csv", id = "id", x = "x", y = "y", crs = "EPSG:4547" }}
sites = {{ file = "sites.csv", id = "id", x = "x", y = "y", crs = "EPSG:4547" }}
reach = {{ limit_m = {limit} }}
"""


def refused(*words) -> str:
    """The report of a command that must end with exit code 3."""
    ended = CliRunner().invoke(siting, [str(word) for word in words])
    assert ended.exit_code == 3, ended.output
    assert "Traceback" not in ended.output
    return ended.stderr


def write_pbf(path: Path, tags: dict[str, str]) -> Path:
    """A grid of 60 x 60 nodes with a way along each row."""
    with osmium.SimpleWriter(str(path)) as writer:
        for i in range(3600):
            row, column = divmod(i, 60)
            writer.add_node(osmium.osm.mutable.Node(id=i + 1, version=1, location=(column * 1e-3, row * 1e-3)))
        for row in range(60):
            nodes = list(range(row * 60 + 1, row * 60 + 61))
            writer.add_way(osmium.osm.mutable.Way(id=row + 1, version=1, nodes=nodes, tags=tags))
    return path


def test_a_truncated_pbf(tmp_path):
    whole = write_pbf(tmp_path / "whole.osm.pbf", {"highway": "residential"}).read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    report = refused("network", "import", cut, "--out", tmp_path / "net.parquet")
    assert "cut.osm.pbf: is damaged or not an OpenStreetMap file" in report
    assert "download it again" in report
    assert not (tmp_path / "net.parquet").exists()


def test_a_pbf_without_highways(tmp_path):
    rivers = write_pbf(tmp_path / "rivers.osm.pbf", {"waterway": "river"})
    report = refused("network", "import", rivers, "--out", tmp_path / "net.parquet")
    assert "rivers.osm.pbf: holds no road" in report
    assert "extract it with roads" in report


def line_layer(path: Path, lines, crs=CRS) -> Path:
    geometry = [None if line is None else shapely.LineString(np.array(line) + AT) for line in lines]
    gpd.GeoDataFrame(geometry=geometry, crs=CRS).to_crs(crs).to_file(path)
    return path


def test_a_line_layer_in_degrees(tmp_path):
    roads = line_layer(tmp_path / "roads.gpkg", [[(0, 0), (100, 0)]], crs="EPSG:4490")
    report = refused("network", "import", roads, "--out", tmp_path / "net.parquet")
    assert "EPSG:4490 is in degrees; lengths need a metric one: add --crs EPSG:4547" in report


def test_a_layer_with_null_geometries(tmp_path):
    roads = line_layer(tmp_path / "roads.gpkg", [[(0, 0), (100, 0)], None, [(100, 0), (200, 0)], None])
    report = refused("network", "import", roads, "--out", tmp_path / "net.parquet")
    assert "geometry   is missing in 2 rows (1, 3); remove or redraw these rows" in report


@pytest.fixture
def study_of(tmp_path, edges_of):
    """A study on a street of 1 km and, 5 km from it, an islet street of 200 m; places and sites as given."""

    def make(places, sites, limit=20_000):
        rows = [{"from_node": i, "to_node": i + 1, "line": [(250 * i, 0), (250 * i + 250, 0)]} for i in range(4)]
        rows.append({"from_node": 9, "to_node": 10, "line": [(0, 5000), (200, 5000)]})
        write_edges(edges_of(rows), tmp_path / "roads.parquet")
        for name, points in (("places", places), ("sites", sites)):
            text = "".join(f"{key},{x},{y}\n" for key, (x, y) in points.items())
            (tmp_path / f"{name}.csv").write_text("id,x,y\n" + text)
        (tmp_path / "study.toml").write_text(STUDY.format(limit=limit))
        return tmp_path / "study.toml"

    return make


@pytest.mark.parametrize("command", ["check", "run"])
def test_points_50_km_away(command, study_of):
    study = study_of({"near": (100, 10), "far": (100, 50_000)}, {"s": (500, 0)})
    report = refused(command, study)
    assert "1 of 2 points lie farther than 500 m from the network" in report
    assert "far   50,000 m from the nearest road" in report
    assert "correct their places or coordinate system" in report


@pytest.mark.parametrize("command", ["check", "run"])
def test_points_on_a_disconnected_island(command, study_of, tmp_path):
    report = refused(command, study_of({"near": (100, 10), "islet": (100, 5000)}, {"s": (500, 0)}))
    assert "islet   5,000 m from the nearest road" in report
    assert "1 edges (0.2 km) in 1 parts that cannot be reached and left again" in report
    look = CliRunner().invoke(siting, ["network", "info", str(tmp_path / "roads.parquet")])
    assert look.exit_code == 0
    assert ["islands", "1"] in [line.split() for line in look.stdout.splitlines()]
    assert "island" in look.stdout.partition("faults")[2]
