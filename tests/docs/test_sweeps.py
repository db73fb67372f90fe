"""docs/sweeps.md: every command runs in its order and says what the page shows; its settings are the study's."""

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from solver.study.read import read_study
from solver.sweep.planfile import PLAN_KEYS, read_plan
from tests.docs.test_guide import run_all, steps

PAGE = (Path(__file__).parents[2] / "docs/sweeps.md").read_text(encoding="utf-8")
SCENARIOS, PLAN = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
COMMANDS = [command for command, _, _ in steps(PAGE)]


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The folder in which all commands have run, and what each said."""
    folder = tmp_path_factory.mktemp("sweeps")
    said = run_all(COMMANDS[:1], folder)
    study = folder / "town/study.toml"
    text = study.read_text(encoding="utf-8").replace("[solve]\n", "[solve]\nsearch_s = 0\n")  # it is small enough
    study.write_text(f"{text}\n{SCENARIOS}", encoding="utf-8")
    return folder, said | run_all(COMMANDS[1:], folder)


def test_every_command_says_what_the_page_shows(walked):
    assert len(COMMANDS) == len(walked[1]) == 10
    for command, code, shown in steps(PAGE):
        ended, said = walked[1][command]
        assert ended == code, (command, said)
        pattern = r"[\s\S]*".join(re.escape("\n".join(part)) for part in parts_of(shown))
        assert re.search(pattern, said), f"{command}\nsaid\n{said}"


def parts_of(lines):
    """The lines between lines of dots."""
    found = [[]]
    for line in lines:
        if line == "...":
            found.append([])
        else:
            found[-1].append(line)
    return found


def test_the_files_of_the_page_are_written(walked):
    folder = walked[0] / "results"
    named = set(re.findall(r"^\| `(\w+\.csv)`", PAGE, flags=re.MULTILINE))
    written = {path.name for path in folder.glob("*/*.csv")} - {"sites.csv", "summary.csv"}
    assert named == written
    for line in re.findall(r"^\| `(\w+\.csv)` \|.*\| (.*) \|$", PAGE, flags=re.MULTILINE):
        path = next(folder.glob(f"*/{line[0]}"))
        columns = set(pd.read_csv(path, encoding="utf-8-sig").columns)
        assert set(re.findall(r"`(\w+)`", line[1])) <= columns, line[0]


def test_the_plan_file_of_the_page_is_a_plan_of_the_town(walked):
    path = walked[0] / "sweep.toml"
    path.write_text(PLAN, encoding="utf-8")
    plan = read_plan(path, read_study(walked[0] / "town").study)
    assert [scenario.name for scenario in plan.scenarios] == ["base", "slower"]
    assert len(plan.axes) == 1
    assert set(tomllib.loads(PLAN)) <= set(PLAN_KEYS)
