"""What users type and press at the edges: endless keys, numbers nobody waits for, pipes that close, Ctrl-C."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from solver.study.read import DEEPEST
from solver.sweep.design import MOST_RUNS
from tests.cli.test_commands import call

ROOT = Path(__file__).parents[2]
SITING = (sys.executable, "-m", "solver.cli.main")


@pytest.fixture
def times(tmp_path):
    """The example with a matrix; how to change the text of its study."""
    assert call("new", tmp_path / "a", "--from", "matrix").exit_code == 0
    study = tmp_path / "a/study.toml"
    text = study.read_text(encoding="utf-8")

    def changed(old, new):
        assert old in text
        study.write_text(text.replace(old, new), encoding="utf-8")
        return study

    return changed


def test_a_key_of_three_thousand_parts_is_one_fault(times, tmp_path):
    deep = ".".join(["a"] * 3000)
    study = times("[study]", f"{deep} = 1\n[study]")
    told = f"{study}   has a key of more than {DEEPEST} parts (a.a.a...); write it flat\n"
    for command in ("check", "run"):
        ended = call(command, study)
        assert (ended.exit_code, ended.stderr) == (3, told)
    study = times("[study]", "[study]")
    for value in (f"{deep}=1", f"study={{{deep} = 1}}"):
        ended = call("check", study, "--set", value)
        assert (ended.exit_code, f"has more than {DEEPEST} parts" in ended.stderr) == (3, True)
    assert call("check", study, "--set", f"study.title={'[' * 3000}").exit_code == 0  # a title like any other
    plan = tmp_path / "sweep.toml"
    plan.write_text(f"[vary]\n{deep} = [1, 2]\n", encoding="utf-8")
    ended = call("sweep", study, "--plan", plan, "--out", tmp_path / "sweep")
    assert (ended.exit_code, f"has a key of more than {DEEPEST} parts" in ended.stderr) == (2, True)
    ended = call("sweep", study, "--vary", f"{deep}=1,2", "--out", tmp_path / "sweep")
    assert (ended.exit_code, f"has more than {DEEPEST} parts" in ended.stderr) == (3, True)


@pytest.mark.parametrize(
    ("name", "old"),
    [("a/b", "programmes.stations"), ("..", "programmes.stations"), ("=1", "programmes.stations")],
)
def test_a_programme_is_named_as_a_study_is(times, name, old):
    ended = call("check", times(old, f'programmes."{name}"'))
    assert (ended.exit_code, f"programmes.{name}   is {name!r}, which is not such a name" in ended.stderr) == (3, True)


@pytest.mark.parametrize("kind", ["scenarios", "portfolio"])
def test_scenarios_and_portfolios_are_named_so_too(times, kind):
    inside = {"scenarios": '"solve.seed" = 1', "portfolio": "budget = 1\nprogrammes = { stations = {} }"}[kind]
    ended = call("check", times("[travel]", f'[{kind}."../b"]\n{inside}\n[travel]'))
    assert (ended.exit_code, f"{kind}.../b   is '../b', which is not such a name" in ended.stderr) == (3, True)


def test_a_name_too_long_for_a_file_is_told(times):
    ended = call("check", times("programmes.stations", f"programmes.{'x' * 300}"))
    assert (ended.exit_code, "too long for a name of files; write at most 80 signs" in ended.stderr) == (3, True)


def test_names_that_differ_by_capitals_only_are_refused(times):
    study = times(
        "[travel]",
        "[scenarios.Dry]\n[scenarios.dry]\n[portfolio.Stations]\nbudget = 1\nprogrammes = { stations = {} }\n[travel]",
    )
    ended = call("check", study)
    assert ended.exit_code == 3
    assert "the names Stations, stations are one name to many disks; give each a name of its own" in ended.stderr


TIERS = """tiers = [
  { name = "hub", file = "sites.csv", id = "site" },
  { name = "Hub", file = "sites.csv", id = "site", reach = { limit_min = 5 } },
]
[programmes.stations.demand]"""


def test_two_tiers_of_one_name_are_refused(times):
    ended = call("check", times("[programmes.stations.demand]", TIERS))
    assert ended.exit_code == 3
    assert "programmes.stations   tiers has the name Hub, hub more than once; give each its own" in ended.stderr


@pytest.mark.parametrize(
    ("words", "runs"),
    [
        (("--vary", "solve.seed=1:9", "--design", "sobol", "--samples", "99999999999"), 99_999_999_999),
        (("--vary", "solve.seed=1:9", "--design", "saltelli", "--samples", "50000"), 150_000),
        (
            (
                "--vary",
                f"solve.seed={','.join(map(str, range(400)))}",
                "--vary",
                f"solve.threads={','.join(map(str, range(1, 501)))}",
            ),
            200_000,
        ),
    ],
)
def test_more_runs_than_anybody_waits_for_are_refused_at_once(times, tmp_path, words, runs):
    ended = call("sweep", times("[study]", "[study]"), *words, "--out", tmp_path / "sweep")
    assert (ended.exit_code, f"asks for {runs:,} runs; at most {MOST_RUNS:,} are made" in ended.stderr) == (2, True)
    assert not (tmp_path / "sweep").exists()


def test_threads_no_machine_has_are_a_fault_of_the_study(times):
    ended = call("check", times("[study]", "[solve]\nthreads = 99999999999\n[study]"))
    assert (ended.exit_code, "solve.threads   is 99999999999; must be at most 1024" in ended.stderr) == (3, True)


def test_memory_that_a_layer_lacks_is_told_as_memory(times, monkeypatch):
    def short(*_, **__):
        raise MemoryError

    study = times("[study]", "[study]")
    monkeypatch.setattr(pd, "read_csv", short)
    ended = call("check", study)
    assert (ended.exit_code, ended.stderr.splitlines()[-1][:17]) == (6, "not enough memory")


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes of POSIX")
@pytest.mark.parametrize("words", [("models",), ("versions",), ("--help",)])
def test_a_reader_that_goes_away_ends_nothing(words):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as gone:
        ended = subprocess.run([*SITING, *words], cwd=ROOT, stdout=gone, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals of POSIX")
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "stopped before anything was done; nothing was written\n"),
        ("zh", "尚未开始即已停止；没有写出任何文件\n"),
    ],
)
def test_ctrl_c_while_modules_are_loaded_is_told_in_one_line(lang, said):
    script = (
        "import os, signal, sys; from solver.cli.main import main\n"
        "class Stop:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'solver.cli.group': signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stop()); sys.argv = ['siting', 'models']; main()"
    )
    environment = os.environ | {"SITING_LANG": lang, "PYTHONUTF8": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )
    assert (ended.returncode, ended.stderr) == (6, said)
    assert signal.getsignal(signal.SIGINT) is not None
