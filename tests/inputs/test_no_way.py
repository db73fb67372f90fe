"""Marks for "no way" are never taken for travel, and amounts that nobody can reckon with are faults of the check."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from models.errors import ProblemError
from models.magnitude import marks_of_no_way
from models.problem import Demand, Sites, SitingProblem
from models.rules.money import Budget
from solver.api.frames import demand_from_frame, problem_from_matrix, sites_from_frame
from solver.cli.group import siting
from solver.errors import LayerError
from solver.study.schema import Reach
from tests.pose.matrix_study import programmes_of, run, write_study

PLACES = {"a": 30.0, "b": 30.0, "c": 30.0}
SITES = {"id": ["s", "t"], "cost": [1, 1]}
MEDIAN = 'model = "p-median"\nopen = 1\nunreachable = "leave_out"\nsites = { file = "sites.csv", id = "id" }\n'


def study(folder: Path, mark: Any, *, unit: str = "min", said: str | None = None) -> None:
    """Without marks, t serves a, b and c at 9, 1 and 6 minutes, s a and c at 1 and 5; s has no way from b."""
    key = "limit_m" if unit == "m" else "limit_min"
    travel = {"a": {"s": 1, "t": 9}, "b": {"s": mark, "t": 1}, "c": {"s": 5, "t": 6}}
    write_study(
        folder,
        {"p": f"{MEDIAN}reach = {{ {key} = 9e14 }}\n"},
        places=PLACES,
        sites=SITES,
        travel=travel,
        unit=unit,
    )
    if said is not None:
        text = (folder / "study.toml").read_text(encoding="utf-8")
        (folder / "study.toml").write_text(text.replace("[solve]", f"unreachable_value = {said}\n[solve]"), "utf-8")


def check(folder: Path) -> Any:
    return CliRunner().invoke(siting, ["check", str(folder)])


MARKS = [
    *(("min", mark) for mark in (2147483647, 3579140, 3579139.4, 9999999, 99999, 1e9, 1e6, 4294967295, 65535, 1.79e14)),
    *(("s", mark) for mark in (2147483647, 214748364.7, 9999999, 999999, 1e9, 32767)),
    *(("m", mark) for mark in (2147483647, 9999999, 99999, 1e9, 1e7, 123456789)),
]


@pytest.mark.parametrize(("unit", "mark"), MARKS)
def test_a_number_that_stands_for_no_way_is_asked_about(tmp_path: Path, unit: str, mark: float) -> None:
    study(tmp_path, mark, unit=unit)
    ended = check(tmp_path)
    assert ended.exit_code == 3, ended.output
    assert f"travel.csv has {mark:.15g} for 1 pairs (first b - s), which looks like a mark for no way" in ended.output
    assert f"set travel.unreachable_value = {mark:.15g}, or, where it is travel" in ended.output


@pytest.mark.parametrize("mark", [-1, -9999, "NA", "", "none", "-", "no way"])
def test_what_is_no_number_of_travel_is_asked_about(tmp_path: Path, mark: float | str) -> None:
    study(tmp_path, mark)
    ended = check(tmp_path)
    assert ended.exit_code == 3, ended.output
    assert "travel.csv has no number of at least 0 in row 3; mend them, or, where " in ended.output
    assert "set travel.unreachable_value = " in ended.output


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (2147483647, "2147483647"),
        (9999999, "[-1, 9999999]"),
        (-1, "-1"),
        ("NA", '"NA"'),
        ("", '""'),
        ("no way", '"No way"'),
    ],
)
def test_a_mark_that_the_study_says_is_no_way(tmp_path: Path, mark: float | str, said: str) -> None:
    # s serves 60 people at 1 and 5 minutes and leaves b out or refuses; t serves all: 30 x (9 + 1 + 6) min
    study(tmp_path, mark, said=said)
    ended = run(tmp_path)
    assert ended.exit_code == 0, ended.output
    entry = programmes_of(tmp_path)["p"]
    assert (entry["sites"], entry["objective"]) == (["t"], pytest.approx(30 * 16 * 60))
    ended = CliRunner().invoke(siting, ["verify", str(tmp_path / "out")])
    assert ended.exit_code == 0, ended.output


def test_a_long_way_that_the_study_says_is_travel_is_travel(tmp_path: Path) -> None:
    study(tmp_path, 99999, said="[]")
    assert check(tmp_path).exit_code == 0


def test_a_mark_beyond_the_reach_is_out_of_reach_as_it_should_be(tmp_path: Path) -> None:
    study(tmp_path, 9999999)
    text = (tmp_path / "study.toml").read_text(encoding="utf-8").replace("9e14", "60")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert run(tmp_path).exit_code == 0
    assert programmes_of(tmp_path)["p"]["sites"] == ["t"]


@pytest.mark.parametrize(
    ("unit", "values"),
    [
        ("m", [1, 9, 5, 6, 1000, 100_000]),
        ("m", [0.001, 1e6]),
        ("m", [3e11, 7e11, 1e12, 2e12]),  # of any magnitude, as long as they go together
        ("s", [60, 36000, 86400]),
        ("min", [0, 1, 1440]),
        ("m", [40_000, 65_535, 99_999]),
        ("m", [0, 0]),
    ],
)
def test_real_travel_is_not_asked_about(unit: str, values: list[float]) -> None:
    assert marks_of_no_way(np.array(values, dtype=float), unit).tolist() == []


def test_more_than_one_mark_is_found_and_endless_numbers_are_none() -> None:
    values = np.array([3.0, 7.0, 9999999.0, 2147483647.0, np.inf])
    assert marks_of_no_way(values, "min").tolist() == [9999999.0, 2147483647.0]


def test_python_asks_too() -> None:
    sites, demand = Sites.of(["s", "t"]), Demand.of(["a", "b"])
    with pytest.raises(ProblemError, match="travel holds 2147483647, which looks like a mark for no way"):
        SitingProblem.dense(sites, demand, np.array([[1, 5], [2, 2147483647]], dtype=float), unit="s")
    assert SitingProblem.dense(sites, demand, np.array([[1, 5], [2, np.inf]]), unit="s").travel.nnz == 3
    table = pd.DataFrame({"demand": ["a", "b"], "site": ["s", "s"], "value": [5.0, 9999999.0]})
    frames = (
        demand_from_frame(pd.DataFrame({"id": ["a", "b"]}), id="id"),
        sites_from_frame(pd.DataFrame({"id": ["s"]}), id="id"),
    )
    with pytest.raises(LayerError, match="the table has 9999999 for 1 pairs"):
        problem_from_matrix(*frames, table, Reach(limit_m=1e9))
    assert problem_from_matrix(*frames, table, Reach(limit_m=1e9), unreachable_value=9999999).travel.nnz == 1


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            'sites = { file = "sites.csv", id = "id", cost = "dear" }',
            "column dear is too large to reckon with",
        ),
        (
            'sites = { file = "sites.csv", id = "id", capacity = "dear" }',
            "column dear is too large to reckon with",
        ),
        (
            'sites = { file = "sites.csv", id = "id", cost = 1e15 }',
            "cost   is 1000000000000000.0; write",
        ),
        ("budget = 1e15", "budget   is 1000000000000000.0; write"),
    ],
)
def test_amounts_of_1e15_are_faults_of_the_check(tmp_path: Path, lines: str, told: str) -> None:
    sites = {"id": ["s"], "dear": [1e15]}
    own = "" if "sites" in lines else 'sites = { file = "sites.csv", id = "id" }\n'
    text = f'model = "max-cover"\nopen = 1\nreach = {{ limit_m = 9 }}\n{own}{lines}\n'
    write_study(tmp_path, {"p": text}, places={"a": 1.0}, sites=sites, travel={"a": {"s": 1}})
    ended = check(tmp_path)
    assert (ended.exit_code, told in ended.output) == (3, True), ended.output


def test_amounts_of_1e15_are_faults_in_python_and_1e12_is_none() -> None:
    for name in ("cost", "capacity", "closing_cost"):
        Sites.of(["s"], **{name: 1e12})
        with pytest.raises(ProblemError, match=f"site {name} must be below 1e\\+15; not so at s \\(1e\\+15\\)"):
            Sites.of(["s"], **{name: 1e15})
    with pytest.raises(ProblemError, match="demand weight must be below 1e\\+15"):
        Demand.of(["a"], weight=1e15)
    with pytest.raises(ProblemError, match="budget must be below 1e\\+15"):
        Budget(1e15)
    with pytest.raises(LayerError, match="must be below 1e\\+15"):
        sites_from_frame(pd.DataFrame({"id": ["s"]}), id="id", cost=1e15)
