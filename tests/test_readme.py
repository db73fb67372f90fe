"""The tour of the README, walked as it is written."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def tour() -> list[list[str]]:
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## A tour of ten minutes")[1].split("\n## ")[0]
    return [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("    siting ")]


def test_every_command_of_the_tour_runs_and_a_longer_reach_covers_more(tmp_path: Path) -> None:
    commands = tour()
    assert len(commands) >= 8
    for command in commands:
        run = [sys.executable, "-m", "solver.cli.main", *command[1:]]
        done = subprocess.run(run, cwd=tmp_path, env=_environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
    covered = [
        json.loads((tmp_path / "results" / name / "result.json").read_text(encoding="utf-8"))["programmes"]["clinics"]
        for name in ("base", "far")
    ]
    assert covered[1]["figures"]["covered_share"] > covered[0]["figures"]["covered_share"]


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}
