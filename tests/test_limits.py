"""The limit itself counts: in every place where travel or distance is compared with one, verification included."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import shapely
from click.testing import CliRunner
from pyproj import CRS

from models import limits
from models.problem import Demand, Sites, SitingProblem
from models.rules.pairs import Spacing
from solver.cli.group import siting
from solver.exclusion import excluded_sites
from solver.findings import Findings
from solver.network.graph import build_network
from solver.network.snapping import snap
from solver.network.store import write_edges
from solver.network.straight import straight_lengths
from solver.network.transforms import gradual, stepped
from solver.network.travel import k_nearest, travel_times
from solver.study.rules import Exclusion
from solver.sweep.travel import within
from solver.verify import travel as verified
from tests.network.conftest import make_edges
from tests.pose.matrix_study import programmes_of, run, write_study

SITES = {"id": ["s"], "cost": [1]}
COVER = 'model = "max-cover"\nopen = 1\nsites = { file = "sites.csv", id = "id" }\n'
ODD_MIN = (4.1, 8.2, 16.4, 16.9, 32.3, 32.8, 33.3, 33.8)
"""Minutes that are a little less than so many seconds: 60 * 8.2 is 491.99999999999994."""


def holds(folder: Path) -> None:
    ended = CliRunner().invoke(siting, ["verify", str(folder / "out")])
    assert ended.exit_code == 0, ended.output


@pytest.mark.parametrize("minutes", ODD_MIN)
def test_a_matrix_in_seconds_reaches_a_limit_in_minutes(tmp_path: Path, minutes: float) -> None:
    # the second is 0.01 s too far
    seconds = round(60 * minutes)
    travel = {"a": {"s": seconds}, "b": {"s": seconds + 0.01}}
    write_study(
        tmp_path,
        {"p": f"{COVER}reach = {{ limit_min = {minutes} }}"},
        places={"a": 2.0, "b": 1.0},
        sites=SITES,
        travel=travel,
        unit="s",
    )
    assert run(tmp_path).exit_code == 0
    assert programmes_of(tmp_path)["p"]["objective"] == 2.0
    holds(tmp_path)


def test_single_precision_does_not_put_a_place_out_of_reach(tmp_path: Path) -> None:
    # 8.3 in single precision is 8.300000190734863
    travel = {"a": {"s": float(np.float32(8.3))}, "b": {"s": 8.301}}
    write_study(
        tmp_path,
        {"p": f"{COVER}reach = {{ limit_min = 8.3 }}"},
        places={"a": 2.0, "b": 1.0},
        sites=SITES,
        travel=travel,
        unit="min",
    )
    assert run(tmp_path).exit_code == 0
    assert programmes_of(tmp_path)["p"]["objective"] == 2.0
    holds(tmp_path)


@pytest.mark.parametrize(
    ("decay", "worth"),
    [
        ('shape = "steps", steps = [[4.1, 1.0], [8.2, 0.5]]', 1.5),  # 246 s in full, 492 s half
        ('shape = "linear", full_min = 4.1', 1.0),  # in full at 246 s, nothing left at 492 s
    ],
)
def test_the_bands_of_a_decay_and_places_own_limits_hold_what_is_at_their_end(
    tmp_path: Path, decay: str, worth: float
) -> None:
    write_study(
        tmp_path,
        {"p": f"{COVER}reach = {{ limit_min = 8.2 }}\ndecay = {{ {decay} }}"},
        places={"a": 1.0, "b": 1.0},
        sites=SITES,
        travel={"a": {"s": 246}, "b": {"s": 492}},
        unit="s",
    )
    assert run(tmp_path).exit_code == 0
    assert programmes_of(tmp_path)["p"]["objective"] == pytest.approx(worth, abs=1e-12)
    holds(tmp_path)
    places = pd.DataFrame({"id": ["a", "b"], "people": [1.0, 1.0], "own": [4.1, 8.2]})
    places.to_csv(tmp_path / "places.csv", index=False)
    own = COVER + 'demand = { file = "places.csv", id = "id", weight = "people", limit_min = "own" }\n'
    text = (tmp_path / "study.toml").read_text(encoding="utf-8")
    head = text[: text.index("[programmes")]
    (tmp_path / "study.toml").write_text(f"{head}[programmes.p]\n{own}reach = {{ limit_min = 8.2 }}\n", "utf-8")
    assert run(tmp_path).exit_code == 0
    assert programmes_of(tmp_path)["p"]["objective"] == 2.0
    holds(tmp_path)


def test_roads_straight_ways_and_tables_of_travel_reach_their_limit(tmp_path: Path) -> None:
    # ten pieces of 0.1 m and one of 33.3 m add up to a little more or less than 34.3 m
    x = np.concatenate([0.1 * np.arange(11), [34.3]])
    rows = [{"from_node": i, "to_node": i + 1, "line": [(x[i], 0), (x[i + 1], 0)]} for i in range(11)]
    network = build_network(make_edges(rows), mode="walk", walk_speed_kph=3.6)
    ends = [snap(network, [name], np.array([[at, 0.0]]), limit_m=1) for name, at in (("a", 0.0), ("s", 34.3))]
    for seconds in (34.3, np.nextafter(34.3, 0), 34.3 - 1e-12):
        assert travel_times(network, ends[1], ends[0], cutoff=seconds).nnz == 1
        assert k_nearest(network, ends[1], ends[0], k=1, cutoff=seconds).nnz == 1
    assert travel_times(network, ends[1], ends[0], cutoff=34.29).nnz == 0
    there = np.array([[0.1 + 0.2, 0.0]])  # 0.30000000000000004
    assert straight_lengths(np.zeros((1, 2)), there, 0.3).nnz == 1
    assert straight_lengths(np.zeros((1, 2)), there, 0.2999).nnz == 0
    write_edges(make_edges(rows), tmp_path / "roads.parquet")
    for name, at in (("places", 0.0), ("sites", 34.3)):
        pd.DataFrame({"id": [name], "x": [at], "y": [0.0]}).to_csv(tmp_path / f"{name}.csv", index=False)
    words = ["--demand", "places.csv", "--sites", "sites.csv", "--x", "x", "--y", "y", "--crs", "EPSG:4547"]
    words = [str(tmp_path / word) if word.endswith(".csv") else word for word in words]
    out = str(tmp_path / "times.csv")
    words += ["--mode", "walk", "--limit-m", repr(float(np.nextafter(34.3, 0))), "--out", out]
    ended = CliRunner().invoke(siting, ["network", "times", str(tmp_path / "roads.parquet"), *words])
    assert ended.exit_code == 0, ended.output
    assert pd.read_csv(out)["value"].tolist() == [34.3]


def test_python_and_sweeps_cut_travel_at_its_limit() -> None:
    travel = sp.csr_array(np.array([[492.0, 492.01]]))
    problem = SitingProblem(Sites.of(["s", "t"]), Demand.of(["a"]), travel)
    assert problem.within(60 * 8.2).travel.data.tolist() == [492.0]
    assert within(travel, 60 * 8.2).data.tolist() == [492.0]


def test_shares_at_a_full_distance_that_is_the_limit_are_whole() -> None:
    assert gradual("linear", full=0.3, limit=0.3)(np.array([0.1 + 0.2])).tolist() == [1.0]
    assert stepped([(0.3, 1.0), (0.6, 0.25)])(np.array([0.1 + 0.2, 0.6000001])).tolist() == [1.0, 0.0]


def test_sites_exactly_as_far_apart_as_asked_may_open_together() -> None:
    # 0.1 + 0.2 and 0.7 are 0.39999999999999997 apart
    sites = Sites.of(["a", "b"], xy=np.array([[0.1 + 0.2, 0.0], [0.7, 0.0]]))
    assert Spacing(0.4)._close(sites)[0].tolist() == []
    assert Spacing(0.401)._close(sites)[0].tolist() == [0]


def test_a_site_exactly_as_far_as_an_exclusion_asks_is_kept(tmp_path: Path) -> None:
    shape = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shapely.Point(0.3, 0.0))}
    crs = {"type": "name", "properties": {"name": "EPSG:4547"}}
    layer = {"type": "FeatureCollection", "crs": crs, "features": [shape]}
    (tmp_path / "water.geojson").write_text(json.dumps(layer), encoding="utf-8")
    sites = Sites.of(["a", "b"], xy=np.array([[0.7, 0.0], [0.6, 0.0]]))
    findings = Findings("x")
    section = Exclusion(file="water.geojson", distance_m=0.4)
    assert list(excluded_sites(tmp_path, [section], sites, CRS("EPSG:4547"), "p", findings)) == ["b"]
    assert not findings


def test_verification_has_the_same_tolerance_in_code_of_its_own() -> None:
    assert verified.ROUNDING == limits.ROUNDING
    assert verified.SAME_PLACE_M == limits.SAME_PLACE_M
    assert verified.farthest(492.0) == pytest.approx(limits.reaching(492.0), rel=1e-15)
