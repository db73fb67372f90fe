"""Nested tiers and the cost of the last leg, from a study file to a verified result; every number by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from models.arrays import Sparse, sparse_from_pairs
from solver.cli.group import siting
from solver.errors import StudyError
from solver.inputs.roads import Points
from solver.pose.tiers import _transport
from solver.study.schema import Reach

# county C at a (4 people), township T at b (3), village V at c (2), 10 m each; C - T 100 m, T - V 100 m, C - V 150 m
FILES = {
    "places.csv": "id,people\na,4\nb,3\nc,2\n",
    "county.csv": "id,cost,room\nC,10,9\n",
    "town.csv": "id,cost,room\nT,5,9\n",
    "village.csv": "id,cost,room\nV,1,9\n",
    "travel.csv": "demand,site,value\na,C,10\nb,T,10\nc,V,10\nT,C,100\nV,T,100\nV,C,150\n",
}
STUDY = """
[study]
name = "nested"
[travel]
matrix = "travel.csv"
[solve]
gap = 0.0
[programmes.care]
model = "hierarchical"
demand = { file = "places.csv", id = "id", weight = "people" }
reach = { limit_m = 50 }
"""
TIER = """
[[programmes.care.tiers]]
name = "NAME"
file = "NAME.csv"
id = "id"
cost = "cost"
capacity = "room"
"""


def solved(folder: Path, lines: str, *, farthest_m: int = 200, carried: float = 0.0) -> dict[str, Any]:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    tiers = [TIER.replace("NAME", "county")]
    for name in ("town", "village"):
        feeding = f"reach = {{ limit_m = {farthest_m} }}\ntransport_per_km = {carried}\n"
        tiers.append(TIER.replace("NAME", name) + feeding)
    (folder / "study.toml").write_text(STUDY + lines + "".join(tiers), encoding="utf-8")
    run = CliRunner().invoke(siting, ["run", str(folder), "--out", str(folder / "out")])
    assert run.exit_code == 0, run.output
    checked = CliRunner().invoke(siting, ["verify", str(folder / "out")])
    assert checked.exit_code == 0, checked.output
    return dict(json.loads((folder / "out/result.json").read_text(encoding="utf-8"))["programmes"]["care"])


@pytest.mark.parametrize(
    ("lines", "farthest_m", "sites", "worth"),
    [
        ("budget = 16", 200, {"C", "T", "V"}, 2),  # the village alone serves: c
        ("budget = 16\nnested = true", 200, {"C", "T", "V"}, 9),  # all three serve where they are
        ("budget = 11\nnested = true", 200, {"C", "V"}, 6),  # C feeds V past the township: a and c
        ("budget = 11\nnested = true", 120, {"C"}, 4),  # 150 m is too far for that, and T is too dear
    ],
)
def test_upper_tiers_do_what_those_below_do(
    tmp_path: Path, lines: str, farthest_m: int, sites: set[str], worth: float
) -> None:
    entry = solved(tmp_path, f'objective = "coverage"\n{lines}\n', farthest_m=farthest_m)
    assert entry["objective"] == pytest.approx(worth)
    assert sites <= {*entry["sites"]}


def test_the_last_leg_is_paid_for(tmp_path: Path) -> None:
    # nested: opening 16; 1 CNY a person and metre for 9 people over 10 m: 90
    entry = solved(tmp_path, 'objective = "cost"\nnested = true\ntransport_per_km = 1000\n')
    assert (entry["objective"], entry["cost"]) == (pytest.approx(106.0), pytest.approx(106.0))


def test_the_last_leg_and_the_ways_between_tiers_add_up(tmp_path: Path) -> None:
    # 16 and 90 as above; b's 3 people to T over 100 m, c's 2 to V straight from C over 150 m, at 0.1 CNY: 30 + 30
    entry = solved(tmp_path, 'objective = "cost"\nnested = true\ntransport_per_km = 1000\n', carried=100.0)
    assert entry["objective"] == pytest.approx(166.0)


def test_money_for_the_last_leg_counts_towards_the_budget(tmp_path: Path) -> None:
    # C costs 10, each of its 4 people 10 more: with 30 CNY half of them
    lines = 'objective = "coverage"\nnested = true\ntransport_per_km = 1000\nbudget = 30\n'
    entry = solved(tmp_path, lines)
    assert entry["objective"] == pytest.approx(2.0)
    assert entry["cost"] <= 30 + 1e-6


class TwoWays:
    """Two places an hour from a site; the second is so far off that no road leads there in an hour."""

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        travel = [3600.0, 3600.0] if reach.unit == "s" else [60_000.0, 150_000.0]
        kept = [i for i in range(2) if travel[i] <= reach.limit]
        return sparse_from_pairs(np.array(kept), np.zeros(len(kept), int), np.array(travel)[kept], (2, 1))


def test_a_way_faster_than_any_road_is_told_and_not_carried_for_nothing() -> None:
    reach, ends = Reach(limit_min=60), (Points(("a", "b"), None), Points(("s",), None))
    travel = TwoWays().between(*ends, reach)
    with pytest.raises(StudyError) as refused:
        _transport(1.0, reach, travel, ends, TwoWays())
    assert str(refused.value) == (
        "transport_per_km   some ways within 60 min are longer than 120 km, faster than 120 km/h; look at "
        "network.speeds_kph, or give the reach in m"
    )
    near = travel[:1]
    first = Points(("a",), None), ends[1]
    assert _transport(1.0, reach, near, first, OneWay()) == pytest.approx([60.0])


class OneWay:
    """The first of the two places alone, 60 km off."""

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        return sparse_from_pairs(np.zeros(1, int), np.zeros(1, int), np.array([60_000.0]), (1, 1))
