"""A sweep's folder is one sweep's, half-written runs count for nothing, and a run that fails is one row."""

import json
import subprocess
import sys
import types
from pathlib import Path

import pandas as pd
import pytest

from solver.errors import SweepError
from solver.sweep import execute
from solver.sweep.folder import held
from solver.workers.dask import told_by_worker
from tests.sweep.small import call, write

OPEN = "programmes.clinics.open"


def sweep(tmp_path, *words, vary=f"{OPEN}=1,2"):
    study = tmp_path / "study"
    if not study.exists():
        write(study)
    return call("sweep", study, "--vary", vary, *words, "--out", tmp_path / "out")


def table(tmp_path):
    return pd.read_csv(tmp_path / "out/table.csv", encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("words", "vary", "why"),
    [
        ((), "programmes.clinics.budget=1e6", f"it varies {OPEN}; this one programmes.clinics.budget"),
        ((), f"{OPEN}=2,3", f"{OPEN} had the values 1 too"),
        (("--gap", 0.1), f"{OPEN}=1,2", "options was "),
        (("--set", "solve.seed=3"), f"{OPEN}=1,2", "overrides was [] and is ['solve.seed=3']"),
        (("--design", "one-at-a-time"), f"{OPEN}=1,2", "design was 'grid' and is 'one-at-a-time'"),
        (("--scenario", "all"), f"{OPEN}=1,2", "one of them has scenarios and the other has none"),
    ],
)
def test_another_sweep_in_the_same_folder_is_refused_with_the_difference(tmp_path, words, vary, why):
    assert sweep(tmp_path, "--jobs", 1).exit_code == 0
    before = (tmp_path / "out/table.csv").read_bytes()
    ended = sweep(tmp_path, "--jobs", 1, *words, vary=vary)
    assert ended.exit_code == 2
    assert f"{tmp_path / 'out'}   holds another sweep:\n  {why}" in ended.stderr
    assert "name a new folder, or ask for the same sweep with more values" in ended.stderr
    assert (tmp_path / "out/table.csv").read_bytes() == before


def test_more_samples_go_on_with_a_sobol_sweep_and_not_with_a_latin_hypercube(tmp_path):
    for design in ("sobol", "lhs"):
        folder = tmp_path / design
        words = ("--design", design, "--jobs", 1)
        assert sweep(folder, *words, "--samples", 2, vary="programmes.clinics.budget=3e6:9e6").exit_code == 0
        ended = sweep(folder, *words, "--samples", 4, vary="programmes.clinics.budget=3e6:9e6")
        if design == "sobol":
            assert "4 runs: 2 done now, 2 were there already" in ended.stdout
        else:
            assert "samples was 2 and is 4; lhs draws other points for another number" in ended.stderr


def test_two_sweeps_at_once_in_one_folder_are_refused(tmp_path):
    sweep(tmp_path, "--jobs", 1)
    with held(tmp_path / "out"):
        ended = sweep(tmp_path, "--jobs", 1)
        with pytest.raises(SweepError, match="another sweep is at work in it"), held(tmp_path / "out"):
            pass
    assert (ended.exit_code, "another sweep is at work in it" in ended.stderr) == (2, True)
    assert sweep(tmp_path, "--jobs", 1).exit_code == 0


@pytest.mark.parametrize("spoil", ["", '{"format": 1', '{"format": 1}'])
def test_a_run_half_written_is_done_again(tmp_path, spoil):
    sweep(tmp_path, "--jobs", 1)
    first, second = sorted((tmp_path / "out/runs").iterdir())
    (first / "result.json").write_text(spoil)
    (tmp_path / "out/runs/.abc.part").mkdir()
    ended = sweep(tmp_path, "--jobs", 1)
    assert "2 runs: 1 done now, 1 were there already, 0 with faults" in ended.stdout
    assert "programmes" in json.loads((first / "result.json").read_text(encoding="utf-8"))
    assert sorted((tmp_path / "out/runs").iterdir()) == [first, second]


def test_a_run_that_fails_in_a_way_nobody_thought_of_is_one_row(tmp_path, monkeypatch):
    solve = execute.solve_instance

    def failing(instance, *args, **said):
        if instance.file.study.programmes["clinics"].open == 2:
            raise ZeroDivisionError("by zero")
        return solve(instance, *args, **said)

    monkeypatch.setattr(execute, "solve_instance", failing)
    ended = sweep(tmp_path, "--jobs", 1, vary=f"{OPEN}=1,2,3")
    assert ended.exit_code == 3
    found = table(tmp_path)
    assert found["ended"].fillna("").tolist() == ["proven", "", "proven"]
    assert found["fault"][1] == "unexpected ZeroDivisionError: by zero; run this study alone and report it"
    monkeypatch.setattr(execute, "solve_instance", solve)
    assert "3 runs: 1 done now, 2 were there already" in sweep(tmp_path, "--jobs", 1, vary=f"{OPEN}=1,2,3").stdout


def test_a_value_that_is_the_studys_own_is_not_run_twice(tmp_path):
    ended = sweep(tmp_path, "--design", "one-at-a-time", "--jobs", 1)  # the study opens one site
    assert ended.exit_code == 0
    assert table(tmp_path)["objective"].tolist() == [50, 50, 90]
    assert len(list((tmp_path / "out/runs").iterdir())) == 2


def test_scenarios_are_crossed_with_values_and_an_unknown_one_is_refused(tmp_path):
    ended = sweep(tmp_path, "--scenario", "base", "--scenario", "south", "--jobs", 1)
    assert ended.exit_code == 0
    found = table(tmp_path)
    # weights 50, 40, 30 and 20, 45, 60
    expected = [("base", 1, 50), ("base", 2, 90), ("south", 1, 60), ("south", 2, 105)]
    assert list(zip(found["scenario"], found[OPEN], found["objective"], strict=True)) == expected
    ended = sweep(tmp_path, "--scenario", "nort", "--jobs", 1)
    assert (ended.exit_code, ended.stderr) == (
        3,
        "scenarios.nort   is not in the study; known are base, later, south\n",
    )


def test_a_scenario_added_to_the_study_makes_no_run_anew(tmp_path):
    sweep(tmp_path, "--jobs", 1)
    study = tmp_path / "study/study.toml"
    study.write_text(study.read_text(encoding="utf-8") + "[scenarios.dry]\n", encoding="utf-8")
    assert "0 done now, 2 were there already" in sweep(tmp_path, "--jobs", 1).stdout


def test_without_dask_a_scheduler_is_refused_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    ended = sweep(tmp_path, "--scheduler", "tcp://10.0.0.5:8786")
    assert ended.exit_code == 2
    assert "pip install 'siting-solver[dask]'" in ended.stderr
    ended = sweep(tmp_path, "--scheduler", "tcp://10.0.0.5:8786", "--jobs", 2)
    assert "--jobs and --scheduler both say where runs are done" in ended.stderr


class FakeCluster:
    """As much of Dask as a sweep uses: calls are done at once; `told` is what its workers say of themselves."""

    def __init__(self, told=None, lost=()):
        self.told, self.lost, self.asked = told, lost, []
        cluster = self

        class Client:
            loop = None

            def __init__(self, address, *, timeout, set_as_default):
                if address != "tcp://here":
                    raise OSError("timed out")

            def wait_for_workers(self, n, timeout):
                if cluster.told == {}:
                    raise TimeoutError

            def run(self, function, *args):
                return cluster.told or {"tcp://w1": function(*args)}

            def submit(self, function, *args, pure):
                cluster.asked.append(args[0])
                if len(cluster.asked) in cluster.lost:
                    return Future(None, RuntimeError("killed"))
                return Future(function(*args), None)

            def cancel(self, futures):
                pass

            def close(self):
                pass

        class Future:
            def __init__(self, value, error):
                self._value, self._error = value, error

            def exception(self):
                return self._error

            def result(self):
                return self._value

        self.module = types.SimpleNamespace(Client=Client, as_completed=lambda futures, loop: reversed(futures))


def test_the_workers_of_a_scheduler_do_the_runs(tmp_path, monkeypatch):
    cluster = FakeCluster(lost=(2,))
    monkeypatch.setitem(sys.modules, "distributed", cluster.module)
    ended = sweep(tmp_path, "--scheduler", "tcp://here", "--design", "grid", vary=f"{OPEN}=1,2,3")
    assert ended.exit_code == 3
    assert table(tmp_path)["objective"].fillna(-1).tolist() == [50, -1, 120]
    assert table(tmp_path)["fault"][1] == "its worker was lost: killed"
    assert all(run.folder.is_absolute() and run.file.path.is_absolute() for run in cluster.asked)
    assert not list((tmp_path / "out").glob(".seen*"))


@pytest.mark.parametrize(
    ("told", "address", "said"),
    [
        ({}, "tcp://here", "has no workers; start some with `dask worker tcp://here --nthreads 1`"),
        ({"tcp://w1": ("0.0.1", True)}, "tcp://here", "tcp://w1   has siting 0.0.1; this is "),
        ({"tcp://w1": (told_by_worker("")[0], False)}, "tcp://here", "study and --out must lie where all see them"),
        (None, "tcp://gone", "no Dask scheduler answers there (timed out); start one with `dask scheduler`"),
    ],
)
def test_workers_that_cannot_do_the_runs_are_refused_with_the_remedy(tmp_path, monkeypatch, told, address, said):
    monkeypatch.setitem(sys.modules, "distributed", FakeCluster(told).module)
    ended = sweep(tmp_path, "--scheduler", address)
    assert ended.exit_code == 2
    assert said in ended.stderr


@pytest.mark.slow
def test_a_real_cluster_gives_the_table_that_processes_give(tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        assert sweep(tmp_path / "a", "--scheduler", cluster.scheduler_address).exit_code == 0
    assert sweep(tmp_path / "b", "--jobs", 1).exit_code == 0
    one, two = (table(tmp_path / name).drop(columns="seconds") for name in "ab")
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.slow
def test_more_jobs_than_runs_are_no_harm(tmp_path):
    write(tmp_path / "study")
    command = [sys.executable, "-m", "solver.cli.main", "sweep", str(tmp_path / "study"), "--vary", f"{OPEN}=1,2"]
    command += ["--jobs", "9", "--out", str(tmp_path / "out")]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert ended.returncode == 0, ended.stderr
    assert table(tmp_path)["objective"].tolist() == [50, 90]


def test_a_scenario_is_run_alone_with_what_is_asked_over_it(tmp_path):
    study = write(tmp_path / "study")
    ended = call("run", study, "--scenario", "south", "--out", tmp_path / "south")
    assert ended.exit_code == 0, ended.output
    document = json.loads((tmp_path / "south/result.json").read_text(encoding="utf-8"))
    assert document["programmes"]["clinics"]["sites"] == ["c"]  # 60 of 20, 45, 60
    weight = ("--set", "programmes.clinics.demand.weight=later")
    call("run", study, "--scenario", "south", *weight, "--out", tmp_path / "later")
    document = json.loads((tmp_path / "later/result.json").read_text(encoding="utf-8"))
    assert document["programmes"]["clinics"]["sites"] == ["b"]  # 60 of 10, 60, 30
    ended = call("run", study, "--scenario", "west", "--out", tmp_path / "west")
    assert (ended.exit_code, ended.stderr.splitlines()[0][:31]) == (3, "scenarios.west   is not in the ")


def test_check_reads_the_study_in_every_scenario(tmp_path):
    study = write(tmp_path / "study")
    assert "study.toml: no faults, nor in its scenarios (later, south)\n" in call("check", study).stdout
    text = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(text + '[scenarios.odd]\n"programmes.clinics.opne" = 2\n', encoding="utf-8")
    ended = call("check", study)
    assert ended.exit_code == 3
    assert ended.stderr.splitlines()[-2:] == [
        "in scenario odd: study.toml: 1 fault",
        "  programmes.clinics.opne   is not a known key; did you mean open?",
    ]
    (study / "study.toml").write_text(
        text + '[scenarios.odd]\n"programmes.clinics.demand.weight" = "nobody"\n', encoding="utf-8"
    )
    ended = call("check", study)
    assert ended.exit_code == 3
    assert "in scenario odd: study.toml: 1 fault" in ended.stderr
    assert "nobody" in ended.stderr
