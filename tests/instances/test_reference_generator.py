"""The generator: the same layers again from the same facts, and the small tools it is made of."""

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from instances.zhuzhou.generator.build import build_layers
from instances.zhuzhou.generator.curves import scattered, shares, smooth
from instances.zhuzhou.generator.draft import Draft, edges_of, unwet
from instances.zhuzhou.generator.facts import read_facts
from instances.zhuzhou.generator.ways import ways

STUDY = Path(__file__).parent.parent.parent / "instances" / "zhuzhou"


@pytest.mark.slow
def test_rebuilt_layers_are_the_committed_ones() -> None:
    built = build_layers(read_facts(STUDY))
    committed = {p.stem: p for p in (STUDY / "layers").iterdir()}
    assert set(built) == set(committed)
    for name, frame in built.items():
        if not isinstance(frame, gpd.GeoDataFrame):
            assert_frame_equal(frame, pd.read_csv(committed[name]), check_dtype=False)
            continue
        kept = gpd.read_parquet(committed[name])
        columns = [c for c in frame if c != "geometry"]
        assert_frame_equal(pd.DataFrame(frame[columns]), pd.DataFrame(kept[columns]), check_dtype=False)
        assert shapely.equals_exact(frame.geometry.to_numpy(), kept.geometry.to_numpy(), tolerance=1e-6).all(), name


def test_the_command_says_how_it_is_used() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "instances.zhuzhou.generator", "nowhere"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "python -m instances.zhuzhou.generator" in done.stderr


def test_every_part_has_its_own_random_numbers() -> None:
    facts = read_facts(STUDY)
    a, b = facts.random("streets").random(5), facts.random("people").random(5)
    assert (a == facts.random("streets").random(5)).all()
    assert (a != b).all()


def test_facts_name_only_towns_that_exist() -> None:
    facts = read_facts(STUDY)
    known = set(facts.towns["town"])
    assert len(known) == 105
    assert set(facts.towns["county"]) == set(facts.counties["county"])
    named = {v for road in facts.roads for v in road["via"] if isinstance(v, str)}
    named |= {t for seat in facts.settings["urban"]["seat"] for t in seat["towns"]}
    assert named | set(facts.settings["urban"]["core_towns"]) <= known


def test_every_unit_cost_says_where_it_is_from() -> None:
    norms = pd.read_csv(STUDY / "facts" / "norms.csv")
    assert norms["status"].isin(["read", "assumed"]).all()
    assert norms["source"].str.len().gt(5).all()
    assert norms["unit"].str.startswith("CNY").all()


@given(st.integers(0, 10**7), st.lists(st.floats(0.01, 1e4), min_size=1, max_size=40))
def test_shares_sum_exactly_and_stay_within_one_of_proportion(total: int, weight: list[float]) -> None:
    found = shares(total, np.array(weight))
    exact = total * np.array(weight) / sum(weight)
    assert found.sum() == total
    assert (np.abs(found - exact) < 1 + 1e-6 * total).all()


def test_largest_remainders_win() -> None:
    # 10 x (0.55, 0.26, 0.19) = 5.5, 2.6, 1.9: the two left go to .9 and .6
    assert shares(10, np.array([55.0, 26.0, 19.0])).tolist() == [5, 3, 2]


def test_scattered_points_keep_apart_and_none_is_left_out_without_cause() -> None:
    random = np.random.default_rng(3)
    xy = random.uniform(0, 1000, (300, 2))
    kept = scattered(xy, np.full(300, 90.0), random)
    gaps = np.hypot(*(xy[:, None] - xy[kept][None]).transpose(2, 0, 1))
    assert all(np.hypot(*(xy[i] - xy[j])) > 90 for i, j in combinations(kept, 2))
    assert (gaps.min(axis=1) <= 90).all()


def test_a_smooth_curve_meets_its_points() -> None:
    points = np.array([[0.0, 0.0], [1000.0, 300.0], [2000.0, -200.0], [2500.0, 900.0]])
    line = shapely.LineString(smooth(points, 20.0, np.random.default_rng(1)))
    assert all(line.distance(shapely.Point(p)) < 3 for p in points)


def test_edges_over_a_river_go_and_bridges_stay() -> None:
    xy = np.array([[0.0, 0.0], [0.0, 10.0], [5.0, 0.0], [5.0, 10.0]])
    draft = Draft(xy, edges_of(np.array([0, 2, 0]), np.array([1, 3, 2]), "tertiary", bridge=[False, True, False]))
    left = unwet(draft, shapely.LineString([(-5, 5), (20, 5)]))
    assert left.edges[["u", "v"]].to_numpy().tolist() == [[2, 3], [0, 2]]


def test_ways_agree_with_networkx_and_take_the_cheaper_of_parallel_edges() -> None:
    random = np.random.default_rng(11)
    u = random.integers(0, 40, 160)
    v = (u + random.integers(1, 40, 160)) % 40
    cost = random.uniform(1, 9, 160)
    draft = Draft(random.uniform(0, 1, (40, 2)), edges_of(u, v, "tertiary"))
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(40))
    graph.add_edges_from((int(a), int(b), {"w": c}) for a, b, c in zip(u, v, cost, strict=True))
    found = ways(draft, cost)
    distance, before = found.tree(np.array([0, 7]))
    for row, source in enumerate((0, 7)):
        wanted = nx.single_source_dijkstra_path_length(graph, source, weight="w")
        assert distance[row] == pytest.approx([wanted[i] for i in range(40)])
    for goal in range(1, 40):
        on = found.edges_to(before[:1], np.array([goal]))
        assert cost[on].sum() == pytest.approx(distance[0, goal])
