"""The tour of the README, walked as it is written."""

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from solver.cli.group import siting

ROOT = Path(__file__).resolve().parents[2]


def tour() -> list[list[str]]:
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## A tour of ten minutes")[1].split("\n## ")[0]
    return [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("    siting ")]


def test_every_command_of_the_tour_runs_and_a_longer_reach_covers_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = tour()
    assert len(commands) >= 8
    monkeypatch.chdir(tmp_path)
    for command in commands:
        done = CliRunner().invoke(siting, command[1:])
        assert done.exit_code == 0, f"{command}: {done.output}"
    covered = [
        json.loads((tmp_path / "results" / name / "result.json").read_text(encoding="utf-8"))["programmes"]["clinics"]
        for name in ("base", "far")
    ]
    assert covered[1]["figures"]["covered_share"] > covered[0]["figures"]["covered_share"]
