"""The studies on real roads: every command of their README, in its order, gives the figures that the README names."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.network.graph import build_network
from solver.network.snapping import nearest
from solver.network.store import read_edges

INSTANCES = Path(__file__).parents[2] / "instances"
DATA = Path(os.environ.get("SITING_DATA", Path(__file__).parents[3] / "shared" / "data")) / "osm"
FILES = {"porto-alegre": ("porto_alegre_poa.osm.pbf", "poa_hexgrid.csv"), "columbus": ("columbus.osm.pbf",)}

pytestmark = [pytest.mark.slow]


def commands_of(readme: str) -> list[list[str]]:
    """The indented lines that begin with siting or python, as words."""
    lines = [line.strip() for line in readme.splitlines() if line.startswith("    ")]
    return [line.split() for line in lines if line.startswith(("siting ", "python "))]


@pytest.fixture(scope="module", params=sorted(FILES))
def done(request, tmp_path_factory):
    """The folder in which all commands of a study's README have run, and the study's name."""
    name = request.param
    absent = [file for file in FILES[name] if not (DATA / file).is_file()]
    if absent:
        pytest.skip(f"{', '.join(absent)} is not there; set SITING_DATA to the folder of test data")
    root = tmp_path_factory.mktemp(name)
    shutil.copytree(INSTANCES / name, root / "instances" / name, ignore=shutil.ignore_patterns("data"))
    data = root / "instances" / name / "data"
    data.mkdir()
    for file in FILES[name]:
        shutil.copy(DATA / file, data / file)
    home = Path.cwd()
    os.chdir(root)
    try:
        for words in commands_of((INSTANCES / name / "README.md").read_text(encoding="utf-8")):
            if words[0] == "python":
                ran = subprocess.run(
                    [sys.executable, *words[1:]], env={**os.environ, "PYTHONPATH": str(home)}, check=False
                )
                assert ran.returncode == 0, words
            else:
                ended = CliRunner().invoke(siting, words[1:])
                assert ended.exit_code == 0, (words, ended.output)
    finally:
        os.chdir(home)
    return root, name


EXPECTED = {
    "porto-alegre": {"parking": ("proven", 30, 151_694, 337_851)},
    "columbus": {"clinics": ("proven", 3, 2_147_770, 2_292_598), "everybody": ("proven", 9, 2_292_598, 2_292_598)},
}


def test_all_of_the_result_verifies(done):
    root, name = done
    ended = CliRunner().invoke(siting, ["verify", str(root / "results" / name)])
    assert ended.exit_code == 0, ended.output


def test_the_figures_are_those_of_the_readme(done):
    root, name = done
    readme = (INSTANCES / name / "README.md").read_text(encoding="utf-8")
    programmes = json.loads((root / "results" / name / "result.json").read_text())["programmes"]
    assert set(programmes) == set(EXPECTED[name])
    for programme, (ended, sites, covered, total) in EXPECTED[name].items():
        found = programmes[programme]
        assert (found["ended"], len(found["sites"])) == (ended, sites)
        assert found["figures"]["covered_weight"] == pytest.approx(covered, rel=1e-3)
        assert found["figures"]["total_weight"] == pytest.approx(total, abs=1)
        assert f"{covered:,}" in readme or covered == total


@pytest.mark.parametrize("done", ["porto-alegre"], indirect=True)
def test_the_walk_of_every_workplace_is_the_one_networkx_finds(done):
    root, name = done
    plan, data = root / "results" / name / "plan.gpkg", root / "instances" / name / "data"
    network = build_network(read_edges(data / "roads.parquet"), mode="walk")
    graph = nx.Graph()
    for a, b, metres in zip(network.tail.tolist(), network.head.tolist(), network.length_m.tolist(), strict=True):
        graph.add_edge(a, b, w=min(metres, graph.get_edge_data(a, b, {"w": np.inf})["w"]))
    node = {f"J-{number}": i for i, number in enumerate(network.node_id)}
    demand = gpd.read_file(plan, layer="parking_demand")
    served = demand[demand["served_share"] > 0]
    assert len(served) == 126
    jobs = pd.read_csv(data / "workplaces.csv").set_index("id")["jobs"]
    share = ((500 - served["travel_m"]) / 200).clip(0, 1)
    assert served["served_share"].to_numpy() == pytest.approx(share.to_numpy(), abs=1e-6)
    assert (share * jobs.loc[served["demand_id"]].to_numpy()).sum() == pytest.approx(151_694, rel=1e-3)
    places = nearest(network, list(served["demand_id"]), np.column_stack([served.geometry.x, served.geometry.y]))
    for i, (site, travel) in enumerate(zip(served["site_id"], served["travel_m"], strict=True)):
        reached = nx.single_source_dijkstra_path_length(graph, node[site], cutoff=600, weight="w")
        edge, fraction = places.edge[i], places.fraction[i]
        length = network.length_m[network.forward_arc[edge]]
        ends = (network.edge_from[edge], fraction * length), (network.edge_to[edge], (1 - fraction) * length)
        by_networkx = min(reached.get(int(end), np.inf) + metres for end, metres in ends) + places.distance_m[i]
        assert travel == pytest.approx(by_networkx, rel=1e-9)


def test_the_layers_on_roads_are_there_and_as_long_as_the_travel(done):
    root, name = done
    programme = next(iter(EXPECTED[name]))
    layers = root / "results" / name / "roads.gpkg"
    routes = gpd.read_file(layers, layer=f"{programme}_routes")
    areas, streets = (gpd.read_file(layers, layer=f"{programme}_{kind}") for kind in ("areas", "streets"))
    plan = gpd.read_file(root / "results" / name / "plan.gpkg", layer=f"{programme}_allocation")
    assert len(routes) == len(plan) > 100
    assert (routes["length_m"] / routes.length - 1).abs().max() < 2e-3  # geodesic against the projection
    whole = areas[areas[areas.columns[areas.columns.str.startswith("limit")][0]] > 0].union_all()
    assert streets.within(whole.buffer(1)).all()
