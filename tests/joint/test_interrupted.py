"""Ctrl-C and a time limit that is far too short keep what is in hand of a joint plan, wherever they come.

The study of `small`: within 7 million P1 and C2 are worth 0.8 + 0.4, the most there is.
"""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from solver.engines.highs import Highs
from solver.engines.outcome import Answer
from solver.joint import run as joint_run
from solver.joint import solve
from solver.optimise import years
from solver.solve import solve_study
from solver.study.read import read_study
from tests.joint.small import HEAD, JOINT, LOTS, PILES, programmes_of, run, write

ROOT = Path(__file__).parents[2]


def stopped_at(folder, text, *, times=1):
    """The results of the joint study where Ctrl-C comes as the run says `text` for the so manieth time."""
    seen = 0

    def listen(event):
        nonlocal seen
        seen += text in str(event.text)
        if seen == times and text in str(event.text):
            raise KeyboardInterrupt

    return solve_study(read_study(write(folder, LOTS, PILES, JOINT)), on_event=listen).programmes


@pytest.fixture
def by_parts(monkeypatch):
    monkeypatch.setattr(solve, "WHOLE", 0)


@pytest.mark.usefixtures("by_parts")
@pytest.mark.parametrize("text", ["closing a gap", "solving all of it"])
def test_a_joint_plan_in_hand_is_kept_with_its_members(tmp_path, text):
    programmes = stopped_at(tmp_path, text)
    joint, lots, piles = programmes.values()
    assert (joint.ended, lots.ended, piles.ended) == ("interrupted",) * 3
    assert 0 < joint.objective <= 1.2 + 1e-9 <= joint.bound + 1e-6
    assert joint.cost == lots.cost + piles.cost <= 7e6
    assert joint.objective == pytest.approx(lots.objective / 100 + piles.objective / 100)


@pytest.mark.usefixtures("by_parts")
@pytest.mark.parametrize(("text", "times"), [("looking for the price", 1), ("within", 2), ("within", 3)])
def test_before_every_programme_has_a_plan_there_is_nothing_to_keep(tmp_path, text, times):
    # `within` is said of travel once, then of either programme's money
    joint = stopped_at(tmp_path, text, times=times)["joint"]
    assert (joint.ended, joint.objective, joint.sites) == ("interrupted", None, ())


class StoppedInRun(Highs):
    """An engine that Ctrl-C reaches in its run number `number`, with the plan that it has then."""

    def __init__(self, number: int) -> None:
        self.number = number

    def run(self, program, ask):
        self.number -= 1
        answer = super().run(program, ask)
        if self.number != 0:
            assert self.number > 0, "asked again after Ctrl-C"
            return answer
        return Answer(answer.values, replace(answer.outcome, ended="interrupted", bound=None))


@pytest.mark.usefixtures("by_parts")
@pytest.mark.parametrize("number", range(1, 5))
def test_an_engine_stopped_in_any_run_is_not_asked_again_and_its_plan_counts(tmp_path, monkeypatch, number):
    # the runs: one for each programme within its part of the money, then cluster by cluster at the price and within it
    monkeypatch.setattr(joint_run, "engine_of", lambda _name: StoppedInRun(number))
    joint = solve_study(read_study(write(tmp_path, LOTS, PILES, JOINT))).programmes["joint"]
    assert joint.ended == "interrupted"
    assert (joint.objective is not None) == (number > 1)


def test_the_command_ends_with_6_and_a_written_result_where_nothing_is_in_hand(tmp_path, monkeypatch):
    def stopped(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(solve, "search_price", stopped)
    assert run(write(tmp_path, LOTS, PILES, JOINT)).exit_code == 6
    assert programmes_of(tmp_path)["joint"]["ended"] == "interrupted"


def test_without_time_the_price_is_no_proof_and_a_plan_may_be_in_hand(tmp_path):
    ended = run(write(tmp_path, LOTS, PILES, JOINT), "--time-limit", "0.000001")
    assert ended.exit_code in {0, 5, 6}
    joint = programmes_of(tmp_path)["joint"]
    assert joint["ended"] in {"proven", "limit"}


class Slow(Highs):
    """An engine that never comes to a plan in time."""

    def run(self, program, ask):
        answer = super().run(program, ask)
        late = replace(answer.outcome, ended="limit", limit="time", holds_plan=False, objective=None, bound=None)
        return Answer(None, late)


def test_a_time_limit_without_a_plan_is_written_with_the_bound_of_the_price(tmp_path, monkeypatch):
    monkeypatch.setattr(joint_run, "engine_of", lambda _name: Slow())
    ended = run(write(tmp_path, LOTS, PILES, JOINT))
    assert ended.exit_code == 6
    joint = programmes_of(tmp_path)["joint"]
    assert (joint["ended"], joint["limit"], joint["objective"], joint["sites"]) == ("limit", "time", None, [])
    assert joint["bound"] >= 1.2 - 1e-6


def hard(folder: Path, *, n_places: int = 1600, n_sites: int = 160) -> Path:
    """Two programmes over the same random places, too hard to be settled within seconds."""
    rng = np.random.default_rng(7)
    places, sites = rng.random((n_places, 2)), rng.random((n_sites, 2))
    distance = np.hypot(*(places[:, None, :] - sites[None, :, :]).transpose(2, 0, 1))
    rows, columns = np.nonzero(distance < 0.12)
    weights = {key: rng.integers(1, 99, n_places) for key in ("cars", "kwh")}
    pd.DataFrame({"id": np.arange(n_places), "district": "d", **weights}).to_csv(folder / "places.csv", index=False)
    ids = [f"s{j}" for j in range(n_sites)]
    for name in ("lots", "piles"):
        cost = rng.integers(100, 400, n_sites) * 1e4
        pd.DataFrame({"id": ids, "cost": cost, "district": "d"}).to_csv(folder / f"{name}.csv", index=False)
    travel = pd.DataFrame({"demand": rows, "site": [ids[j] for j in columns], "value": 100})
    travel.to_csv(folder / "travel.csv", index=False)
    (folder / "study.toml").write_text("\n".join((HEAD, LOTS, PILES, JOINT.replace("7e6", "5e7"))), encoding="utf-8")
    return folder


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_while_the_engine_works_on_all_of_it_ends_with_5_and_a_result(tmp_path):
    command = [sys.executable, "-m", "solver.cli.main", "run", str(hard(tmp_path)), "--out", str(tmp_path / "out")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        while "solving all of it" not in (line := process.stderr.readline()):
            assert line, "ended before the engine began"
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 5
    joint = programmes_of(tmp_path)["joint"]
    assert joint["ended"] == "interrupted"
    assert joint["bound"] >= joint["objective"] > 0


YEARS = """
[programmes.lots.phasing]
years = [{ name = "2026", budget = 2.5e6 }, { name = "2027", budget = 6e6 }]
"""


@pytest.mark.parametrize("number", [3, 4])
def test_ctrl_c_in_the_backward_pass_over_years_keeps_the_forward_plan(tmp_path, monkeypatch, number):
    # forwards: run 1 opens P3 or P2 in 2026, 20 either way, run 2 adds P1 in 2027: 100 with P3, 80 with P2, which
    # covers nothing more; runs 3 and 4 go backwards
    engine = StoppedInRun(number)
    monkeypatch.setattr(years, "Highs", lambda: engine)
    study = read_study(write(tmp_path, LOTS, YEARS), ["solve.search_s=5"])
    lots = solve_study(study).programmes["lots"]
    assert lots.ended == "interrupted"
    assert lots.objective in {20 + 100, 20 + 80}
    assert lots.objective <= lots.bound <= 20 + 2 * 100  # of what all sites could cover in both years


@pytest.mark.parametrize("number", [1, 2])
def test_ctrl_c_in_the_forward_pass_over_years_has_nothing_to_keep(tmp_path, monkeypatch, number):
    engine = StoppedInRun(number)
    monkeypatch.setattr(years, "Highs", lambda: engine)
    with pytest.raises(KeyboardInterrupt):
        solve_study(read_study(write(tmp_path, LOTS, YEARS), ["solve.search_s=5"]))
