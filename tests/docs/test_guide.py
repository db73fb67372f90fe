"""docs/guide.md and its Chinese sister: every command runs in its order and says what the page shows."""

import os
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.cli.teaching import TEACHING
from solver.study.read import merged, validated

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("guide.md", "guide.zh.md")}
Step = tuple[str, int, list[str]]
"""A command, the code it ends with, and the lines below it; `...` stands for any lines."""


def steps(page: str) -> Iterator[Step]:
    """The commands of a page in their order."""
    for block in re.findall(r"^ *```console\n(.*?)^ *```", page, flags=re.MULTILINE | re.DOTALL):
        indent = len(block) - len(block.lstrip(" "))
        lines = [line[indent:] for line in block.splitlines()]
        starts = [i for i, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            command, _, note = lines[start].removeprefix("$ ").partition("    #")
            code = re.search(r"\d+", note)
            yield command, int(code[0]) if code else 0, lines[start + 1 : end]


Said = dict[str, tuple[int, str]]
"""Command -> the code it ended with, and what it said."""


def run_all(commands: list[str], folder: Path, lang: str = "en") -> Said:
    """Run commands in a folder, one after the other, on a computer of a language."""
    home, found = Path.cwd(), {}
    os.chdir(folder)
    try:
        for command in commands:
            ended = CliRunner().invoke(siting, shlex.split(command)[1:], env={"SITING_LANG": lang})
            found[command] = ended.exit_code, ended.stdout + (ended.stderr if ended.exit_code else "")
    finally:
        os.chdir(home)
    return found


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """The English page, walked."""
    return run_all(["siting new town", *(step[0] for step in steps(PAGES["guide.md"]))], tmp_path_factory.mktemp("en"))


def compare(page: str, said: Said) -> int:
    """How many commands of a page were run; each said what the page shows."""
    number = 0
    for command, code, lines in steps(page):
        if command in said:
            ended, text = said[command]
            assert ended == code, f"{command}: {text}"
            pattern = "\n".join("[\\s\\S]*" if line == "..." else re.escape(line.rstrip()) for line in lines).strip()
            assert re.search(pattern, text), f"{command} says:\n{text}\nthe page shows:\n" + "\n".join(lines)
            number += 1
    return number


def test_every_command_says_what_the_page_shows(english: Said) -> None:
    assert compare(PAGES["guide.md"], english) == len(list(steps(PAGES["guide.md"]))) >= 12


def test_the_first_commands_of_the_chinese_page_say_what_it_shows(tmp_path: Path) -> None:
    page = PAGES["guide.zh.md"]
    first = [step[0] for step in steps(page)][:4]
    assert compare(page, run_all(["siting new town", *first], tmp_path, "zh")) == 4


@pytest.mark.slow
def test_every_command_says_what_the_chinese_page_shows(tmp_path: Path) -> None:
    page = PAGES["guide.zh.md"]
    said = run_all(["siting new town", *(step[0] for step in steps(page))], tmp_path, "zh")
    assert compare(page, said) == len(list(steps(page))) >= 12


@pytest.mark.parametrize("name", PAGES)
def test_the_study_files_of_the_page_are_sound(name: str) -> None:
    first, *others = (tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGES[name], flags=re.DOTALL))
    assert validated(first, name).programmes["clinics"].model == "max-cover"
    raw: dict[str, Any] = first
    for more in others:
        raw = merged(raw, more)
        validated(raw, name)
    assert len(others) >= 1


@pytest.mark.parametrize("name", PAGES)
def test_examples_and_links_of_the_page_are_there(name: str) -> None:
    page = PAGES[name]
    assert "    siting new town" in page
    examples = set(re.findall(r"--from ([a-z-]+)", page))
    assert examples <= set(TEACHING)
    assert len(examples) >= 9
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert (DOCS / link).is_file(), link


def test_both_pages_walk_the_same_way() -> None:
    def plain(command: str) -> str:
        return re.sub(r" --lang \w+| --out \S+", "", command)

    english, chinese = ([plain(step[0]) for step in steps(page)] for page in PAGES.values())
    assert set(english) <= set(chinese)
    heads = [re.findall(r"^## (\d+)\.", page, flags=re.MULTILINE) for page in PAGES.values()]
    assert heads[0] == heads[1]
    assert len(re.findall(r"[\u4e00-\u9fff]", PAGES["guide.zh.md"])) > 1500
