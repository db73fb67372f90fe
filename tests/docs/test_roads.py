"""Every command of docs/roads.md runs, in its order, on a small made-up town near Zhuzhou."""

import os
import shlex
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from solver.cli.group import siting
from solver.network.china import to_gcj02

TEXT = (Path(__file__).parents[2] / "docs/roads.md").read_text(encoding="utf-8")
WEST, SOUTH, STEP = 113.13, 27.83, 0.002  # the south-west corner, and a block of some 200 m
SIDE = 9
CLASSES = ("residential", "secondary", "tertiary")


def indented(text: str) -> list[str]:
    """The indented lines of a text."""
    return [line[4:] for line in text.splitlines() if line.startswith("    ")]


COMMANDS = [line for line in indented(TEXT) if line.startswith("siting ")]
SETTINGS = [line for line in indented(TEXT) if not line.startswith(("siting ", "python "))]


def places(n: int, seed: int) -> np.ndarray:
    """Random places in town, degrees (n, 2)."""
    return np.array([WEST, SOUTH]) + np.random.default_rng(seed).uniform(0, (SIDE - 1) * STEP, (n, 2))


def write_town(path: Path) -> None:
    """A grid of streets, a gate, a one-way street, a road that nothing joins."""
    ways = [[row * SIDE + column for column in range(SIDE)] for row in range(SIDE)]
    ways += [[row * SIDE + column for row in range(SIDE)] for column in range(SIDE)]
    nodes = [(WEST + column * STEP, SOUTH + row * STEP) for row in range(SIDE) for column in range(SIDE)]
    ways.append([len(nodes), len(nodes) + 1])
    nodes += [(WEST - 0.01, SOUTH), (WEST - 0.01, SOUTH + STEP)]
    with osmium.SimpleWriter(str(path)) as writer:
        for i, place in enumerate(nodes):
            tags = {"barrier": "bollard"} if i == 40 else {}
            writer.add_node(osmium.osm.mutable.Node(id=i + 1, version=1, location=place, tags=tags))
        for number, way in enumerate(ways, start=1):
            tags = {"highway": CLASSES[number % 3], "name": f"Street {number}"}
            tags |= {"oneway": "yes", "maxspeed": "30 mph"} if number == 4 else {}
            refs = [i + 1 for i in way]
            writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=refs, tags=tags))


def write_lines(folder: Path) -> None:
    """The GIS's own roads in GBK, in CGCS2000; the same two roads as a web map shows them."""
    at = np.array([414_000.0, 3_080_000.0])
    lines = [[(0, 0), (1000, 0)], [(500, -400), (500, 400)], [(1000, 0), (1000, 600)]]
    columns = {"等级": ["主干路", "环路", "支路"], "时速": ["60", None, "30"], "单向": ["双向", "否", None]}
    own = gpd.GeoDataFrame(columns, geometry=[shapely.LineString(at + line) for line in lines], crs="EPSG:4547")
    own.to_file(folder / "roads.shp", encoding="GBK")
    degrees = own.to_crs(4326)[["geometry"]]
    moved = shapely.transform(degrees.geometry.to_numpy(), to_gcj02)
    degrees.set_geometry(gpd.GeoSeries(moved, crs=4326)).to_file(folder / "web.geojson")


def write_study(folder: Path) -> None:
    """The settings that the guide shows, around one programme."""
    network, reach = SETTINGS[: SETTINGS.index('keep = "largest"              # or "all"') + 1], SETTINGS[-1]
    (folder / "study").mkdir()
    layer = 'x = "lon", y = "lat", crs = "EPSG:4326" }'
    study = [
        *("[study]", 'name = "town"', 'crs = "EPSG:4547"', *network),
        *("[programmes.shops]", 'model = "max-cover"', "open = 2", reach),
        f'demand = {{ file = "../places.csv", id = "id", {layer}',
        f'sites = {{ file = "../shops.csv", id = "id", {layer}',
    ]
    (folder / "study/study.toml").write_text("\n".join(study), encoding="utf-8")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The folder in which all commands have run, and what each said."""
    folder = tmp_path_factory.mktemp("town")
    write_town(folder / "town.osm.pbf")
    write_lines(folder)
    for name, n, seed in (("places", 60, 1), ("shops", 6, 2)):
        lonlat = places(n, seed)
        table = pd.DataFrame({"id": [f"{name[0]}{i}" for i in range(n)], "lon": lonlat[:, 0], "lat": lonlat[:, 1]})
        table.to_csv(folder / f"{name}.csv", index=False)
    box = shapely.box(WEST - 0.1, SOUTH - 0.1, WEST + 0.1, SOUTH + 0.1)
    gpd.GeoDataFrame(geometry=[box], crs=4326).to_file(folder / "district.gpkg")
    write_study(folder)
    (folder / "study/town.parquet").symlink_to(folder / "town.parquet")
    home, said = Path.cwd(), {}
    os.chdir(folder)
    try:
        for command in COMMANDS:
            ended = CliRunner().invoke(siting, shlex.split(command)[1:])
            assert ended.exit_code == 0, (command, ended.output)
            said[command] = ended.stdout
    finally:
        os.chdir(home)
    return folder, said


def test_the_guide_has_commands_and_all_of_them_ran(done):
    assert len(COMMANDS) == len(done[1]) == 12


def test_the_look_finds_the_road_that_nothing_joins(done):
    info = next(text for command, text in done[1].items() if command.startswith("siting network info town"))
    assert ["islands", "1"] in [line.split() for line in info.splitlines()]


def test_the_layers_of_the_guide_are_there(done):
    folder = done[0]
    own = gpd.read_file(folder / "own.gpkg")
    assert sorted(own["road_class"]) == ["primary", "primary", "secondary", "secondary", "tertiary"]  # crossing cut
    web = gpd.read_parquet(folder / "web.parquet")
    assert web.union_all().hausdorff_distance(gpd.read_file(folder / "roads.shp").union_all()) < 0.01
    nearest = pd.read_parquet(folder / "nearest.parquet")
    assert nearest.groupby("demand").size().max() == 2
    assert len(pd.read_csv(folder / "times.csv")) == 60 * 6  # a town of 2 km
    assert len(gpd.read_file(folder / "areas.gpkg", layer="shops_areas")) == 2 * 3
    assert set(gpd.read_file(folder / "routes.gpkg", layer="shops_routes")["programme"]) == {"shops"}


def test_fault_kinds_of_the_guide_are_those_of_the_look():
    source = (Path(__file__).parents[2] / "solver/network/inspect.py").read_text(encoding="utf-8")
    table = TEXT.split("| kind |")[1].split("\n\n")[0]
    named = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    assert named == {"island", "trap", "gap", "crossing", "double", "speed", "length"}
    assert all(f'"{kind}"' in source for kind in named)
