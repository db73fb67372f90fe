"""`--help` in Chinese is Chinese as a whole; in English it is what the commands say of themselves."""

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from docs.generate.commands import commands
from solver.cli.group import COMMANDS, siting
from solver.cli.help import keys_of
from solver.cli.town import EXAMPLES
from solver.sweep.design import DESIGNS
from solver.words.chinese.help import HELP

CALLS = ["", "network", *(name for name, _ in commands())]
SAME = re.compile(r"siting .*\\?|--\S.*|[\d\[\"_.].*|eval .*|design = .*|programmes = .*|sweep\.toml:|bash|zsh|fish")
"""Commands, options, numbers and texts of files: the same in every language."""
NAMES = {*EXAMPLES, *DESIGNS, "lhs, sobol"}
TYPED = """bash zsh fish base all flows programme import info junctions times class speed oneway name ref level bridge
tunnel demand site value"""
WORDS = {*TYPED.split()}
"""Commands, columns and words that are typed as they stand."""


def texts(command: click.Command) -> Iterator[str]:
    """Every text of a command's help."""
    yield from keys_of(command.help or "")
    yield from keys_of(command.epilog or "")
    context = click.Context(command)
    yield from (p.help for p in command.get_params(context) if isinstance(p, click.Option) and p.help)
    if isinstance(command, click.Group):
        yield from (what for _, what in command.commands_in_short(context))


def keys() -> set[str]:
    network = siting.get_command(click.Context(siting), "network")
    found = [siting, network, *(command for _, command in commands())]
    return {key for command in found for key in texts(command)}


def test_every_text_of_the_help_has_its_chinese_and_the_catalogue_no_other():
    said = keys()
    assert {key for key in said - {*HELP} if not SAME.fullmatch(key) and key not in NAMES} == set()
    assert {*HELP} - said == set()


@pytest.mark.parametrize("call", CALLS)
def test_help_in_chinese_has_no_english_and_fits_the_terminal(call):
    told = CliRunner().invoke(siting, [*call.split(), "--help"], env={"SITING_LANG": "zh"})
    assert told.exit_code == 0
    prose = [line for line in told.stdout.splitlines() if re.search("[\u4e00-\u9fff]", line)]
    prose = [line for line in prose if "siting" not in line and "--" not in line and "  #" not in line]
    assert told.stdout.startswith("用法：siting")
    assert "示例：" in told.stdout
    assert all(cell_len(line) <= 80 for line in prose)
    chinese = re.sub(r"[\x21-\x7e]*[._/\[\]=]+[\x21-\x7e]*|(?<!\w)-\w+", " ", "\n".join(prose))
    assert set(re.findall(r"(?<![A-Za-z])[a-z][a-z-]{2,}(?![A-Za-z])", chinese)) <= {*NAMES, *COMMANDS, *WORDS}


@pytest.mark.parametrize("words", [("run", "--help", "--lang", "zh"), ("--lang=zh", "run", "--help")])
def test_a_language_that_is_asked_for_holds_for_the_help_wherever_it_stands(words):
    assert CliRunner().invoke(siting, words).stdout.startswith("用法：siting run [选项] STUDY")


def test_help_in_english_says_what_the_command_says():
    told = CliRunner().invoke(siting, ["report", "--help"], env={"SITING_LANG": "en"}).stdout
    assert told.startswith("Usage: siting report [OPTIONS] DIR\n\n  Write the report of a result directory as one page")
    assert "  --out PATH      The page, .html.  [default: DIR/report.html]" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rum"], "错误：没有命令 rum；是否为 run？"),
        (["run"], "错误：缺少 'STUDY'"),
        (["run", "x", "--gp", "1"], "错误：没有选项 --gp；是否为 --gap、--help、--lang？"),
    ],
)
def test_wrong_use_is_said_in_chinese(words, said):
    ended = CliRunner().invoke(siting, words, env={"SITING_LANG": "zh"})
    assert ended.exit_code == 2
    assert ended.stderr.splitlines()[-1] == said
    assert "--help 查看帮助。" in ended.stderr
