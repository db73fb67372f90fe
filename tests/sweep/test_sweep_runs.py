"""A sweep is many runs, one table, nothing done twice, and nothing lost when it is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.inputs.instance import load_instance
from solver.inputs.roads import Points, Roads
from solver.network.cache import ArrayCache
from solver.solve import solve_study
from solver.study.read import read_study
from solver.sweep import execute
from solver.sweep.travel import widest_reaches

ROOT = Path(__file__).parents[2]
BUDGETS = (3.5e6, 4.2e6, 5e6)
REACHES = (8, 10, 12)
NINE = (
    "--vary",
    "programmes.clinics.budget=" + ",".join(map(str, BUDGETS)),
    "--vary",
    "programmes.clinics.reach.limit_min=" + ",".join(map(str, REACHES)),
)


def new_town(folder):
    """The town that `siting new` writes, without the search for a first plan: it is small enough."""
    assert call("new", folder / "town").exit_code == 0
    study = folder / "town/study.toml"
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("[solve]\n", "[solve]\nsearch_s = 0\n"), encoding="utf-8")
    return folder / "town"


@pytest.fixture
def town(tmp_path):
    return new_town(tmp_path)


@pytest.fixture(scope="module")
def nine(tmp_path_factory):
    """A sweep of nine runs: folder of the study, folder of the sweep, what was said."""
    folder = tmp_path_factory.mktemp("nine")
    ended = call("sweep", new_town(folder), *NINE, "--jobs", 1, "--out", folder / "out")
    return folder / "town", folder / "out", ended


def call(*words):
    return CliRunner().invoke(siting, [str(word) for word in words])


def table_of(folder):
    return pd.read_csv(folder / "table.csv", encoding="utf-8-sig")


def results_of(folder):
    return {path: path.stat().st_mtime_ns for path in (folder / "runs").glob("*/result.json")}


def require_nine_that_never_fall(table):
    assert len(table) == 9
    assert set(table["ended"]) == {"proven"}
    keys = ["programmes.clinics.budget", "programmes.clinics.reach.limit_min"]
    covered = table.pivot(index=keys[0], columns=keys[1], values="covered_share").to_numpy()
    assert covered.shape == (3, 3)
    assert (np.diff(covered, axis=0) >= -1e-9).all()
    assert (np.diff(covered, axis=1) >= -1e-9).all()
    assert (np.diff(covered, axis=1) > 0).any()
    assert (np.diff(covered, axis=0) > 0).any()
    assert (table["cost"] <= table[keys[0]]).all()


def test_nine_runs_over_budgets_and_reaches_never_cover_less_with_more(nine):
    _, out, ended = nine
    assert ended.exit_code == 0, ended.output
    assert "9 runs: 9 done now, 0 were there already, 0 with faults" in ended.stdout
    require_nine_that_never_fall(table_of(out))
    assert len(list((out / "travel").iterdir())) == 3  # one matrix for three reaches, and both ends of it


def test_a_run_of_a_sweep_is_the_run_of_its_study(nine):
    town, out, _ = nine
    for _, row in table_of(out).iloc[[0, 5]].iterrows():
        sets = [f"{key}={row[key]}" for key in row.index if key.startswith("programmes.")]
        alone = solve_study(read_study(town, sets)).programmes["clinics"]
        assert row["objective"] == pytest.approx(alone.objective)
        document = json.loads((out / row["folder"] / "result.json").read_text(encoding="utf-8"))
        assert document["programmes"]["clinics"]["objective"] == pytest.approx(alone.objective)


def test_stopped_half_way_and_started_again_it_runs_only_what_is_missing(town, tmp_path, monkeypatch):
    one, asked = execute.run_one, []

    def stopping(run, shared):
        if len(asked) == 4:
            raise KeyboardInterrupt
        asked.append(run.folder)
        return one(run, shared)

    monkeypatch.setattr(execute, "run_one", stopping)
    ended = call("sweep", town, *NINE, "--jobs", 1, "--out", tmp_path / "out")
    assert ended.exit_code == 5
    assert "stopped with 5 runs missing; the same command runs them" in ended.stdout
    assert len(table_of(tmp_path / "out")) == 4
    before = results_of(tmp_path / "out")
    assert len(before) == 4

    monkeypatch.setattr(execute, "run_one", one)
    ended = call("sweep", town, *NINE, "--jobs", 1, "--out", tmp_path / "out")
    assert ended.exit_code == 0
    assert "9 runs: 5 done now, 4 were there already, 0 with faults" in ended.stdout
    after = results_of(tmp_path / "out")
    assert {path: after[path] for path in before} == before
    require_nine_that_never_fall(table_of(tmp_path / "out"))


def test_values_added_later_cost_only_their_own_runs(town, tmp_path):
    key = "programmes.clinics.open"
    call("sweep", town, "--vary", f"{key}=1,2", "--jobs", 1, "--out", tmp_path / "out")
    ended = call("sweep", town, "--vary", f"{key}=1,2,3", "--jobs", 1, "--out", tmp_path / "out")
    assert "3 runs: 1 done now, 2 were there already" in ended.stdout


def test_a_layer_that_changed_is_run_again(town, tmp_path):
    words = ("sweep", town, "--vary", "programmes.clinics.open=1,2", "--jobs", 1, "--out", tmp_path / "out")
    call(*words)
    study = town / "study.toml"
    study.write_text(study.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    assert "0 done now, 2 were there already" in call(*words).stdout
    moved = gpd.read_file(town / "layers.gpkg", layer="existing").translate(-500.0)
    layer = gpd.GeoDataFrame({"site_id": ["E-01"], "district": ["east"]}, geometry=moved)
    layer.to_file(town / "layers.gpkg", layer="existing", driver="GPKG")
    assert "2 done now, 0 were there already" in call(*words).stdout


def test_a_run_without_a_plan_is_an_answer_and_one_with_faults_is_told(town, tmp_path):
    ended = call(
        "sweep", town, "--vary", "programmes.clinics.open=2,40", "--jobs", 1, "--out", tmp_path / "faults"
    )  # there are 25 candidates
    assert ended.exit_code == 3
    table = table_of(tmp_path / "faults")
    assert table["ended"].tolist()[0] == "proven"
    assert table["fault"][1] == "programmes.clinics   open asks for 40 new sites; only 25 candidates may open"
    ended = call("sweep", town, "--vary", "programmes.clinics.budget=1e5,5e6", "--jobs", 1, "--out", tmp_path / "poor")
    assert ended.exit_code == 0
    table = table_of(tmp_path / "poor")
    assert table["ended"].tolist() == ["infeasible", "proven"]
    assert np.isnan(table["covered_share"][0])


def test_every_fault_of_every_run_is_told_before_anything_runs(town, tmp_path):
    ended = call("sweep", town, "--vary", "programmes.clinics.opne=1,2", "--out", tmp_path / "out")
    assert ended.exit_code == 3
    assert ended.stderr == ("study.toml: 1 fault\n  programmes.clinics.opne   is not a known key; did you mean open?\n")
    assert not (tmp_path / "out").exists()


def test_runs_in_different_money_are_refused(town, tmp_path):
    ended = call("sweep", town, "--vary", "study.currency=CNY,EUR", "--out", tmp_path / "out")
    assert ended.exit_code == 2
    fault = (
        "runs are in CNY, EUR: costs of different money cannot be compared; leave study.currency out of what is varied"
    )
    assert ended.stderr == f"{fault}\n"


def test_a_folder_of_other_things_is_refused(town, tmp_path):
    ended = call("sweep", town, "--vary", "programmes.clinics.open=1", "--out", town)
    assert ended.exit_code == 2
    assert "holds files that are no sweep" in ended.stderr


def test_programmes_that_no_key_belongs_to_are_left_out(tmp_path):
    study = ROOT / "instances/teaching/budget"
    words = ("sweep", study, "--jobs", 1)
    call(*words, "--vary", "programmes.fair.budget=5e6,10e6", "--out", tmp_path / "one")
    assert set(table_of(tmp_path / "one")["programme"]) == {"fair"}
    call(*words, "--vary", "solve.seed=1", "--out", tmp_path / "all")
    assert table_of(tmp_path / "all")["programme"].tolist() == ["free", "fair"]
    call(*words, "--vary", "solve.seed=1", "-p", "free", "--out", tmp_path / "named")
    assert table_of(tmp_path / "named")["programme"].tolist() == ["free"]


def test_a_plan_file_is_swept(town, tmp_path):
    plan = tmp_path / "sweep.toml"
    plan.write_text('design = "one-at-a-time"\n[vary]\n"programmes.clinics.open" = [1, 2]\n', encoding="utf-8")
    ended = call("sweep", town, "--plan", plan, "--jobs", 1, "--out", tmp_path / "out")
    assert ended.exit_code == 0
    assert table_of(tmp_path / "out")["new_sites"].tolist() == [3, 1, 2]


@pytest.fixture
def shared(town, tmp_path):
    """Makes roads that share a folder, as the processes of a sweep do; and the points and reaches to ask for."""
    studies = [read_study(town, [f"programmes.clinics.reach.limit_min={m}"]).study for m in (7, 12)]
    instance = load_instance(read_study(town))
    inputs = instance.programmes["clinics"]
    points = Points(inputs.demand.ids, inputs.demand.xy), Points(inputs.sites.ids, inputs.sites.xy)
    widest = widest_reaches(studies)
    section, path = studies[0].network, town / "roads.gpkg"

    def made():
        return Roads(section, path, instance.crs, caches=(ArrayCache(tmp_path / "travel"),), widest=widest)

    short, long = (study.programmes["clinics"].reach for study in studies)
    assert widest == {short: long, long: long}
    return made, points, short, long, Roads(section, path, instance.crs).between(*points, short)


def test_travel_cut_from_a_longer_reach_is_the_travel_of_the_shorter(shared, tmp_path):
    made, points, short, long, direct = shared
    for roads in (made(), made()):  # the second reads what the first wrote
        cut = roads.between(*points, short)
        assert 0 < cut.nnz < roads.between(*points, long).nnz
        np.testing.assert_array_equal(cut.toarray(), direct.toarray())
        assert cut.nnz == direct.nnz
    assert len(list((tmp_path / "travel").iterdir())) == 3  # the travel, and both ends of it on the roads


@pytest.mark.slow
def test_runs_in_processes_give_the_same_table(town, tmp_path):
    for jobs in (1, 2):
        assert call("sweep", town, *NINE, "--jobs", jobs, "--out", tmp_path / f"{jobs}").exit_code == 0
    alone, together = (table_of(tmp_path / f"{jobs}").drop(columns="seconds") for jobs in (1, 2))
    pd.testing.assert_frame_equal(alone, together)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows kills by other means")
def test_killed_without_warning_it_leaves_whole_runs_no_process_and_is_gone_on_with(town, tmp_path):
    command = [sys.executable, "-m", "solver.cli.main", "sweep", str(town), *NINE, "--jobs", "2"]
    command += ["--out", str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 100
        while len(results_of(tmp_path / "out")) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    before = results_of(tmp_path / "out")
    assert 3 <= len(before) < 9
    time.sleep(2)
    settled = results_of(tmp_path / "out")
    time.sleep(2)
    assert results_of(tmp_path / "out") == settled  # its processes ended with it
    ended = call("sweep", town, *NINE, "--jobs", 1, "--out", tmp_path / "out")
    assert f"9 runs: {9 - len(settled)} done now, {len(settled)} were there already" in ended.stdout
    after = results_of(tmp_path / "out")
    assert {path: after[path] for path in settled} == settled
    require_nine_that_never_fall(table_of(tmp_path / "out"))
    assert not list((tmp_path / "out/runs").glob(".*"))
