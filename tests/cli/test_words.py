"""What the terminal says: in Chinese where it is asked for, and within the width that there is."""

import re
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from models.messages import say
from solver.cli.group import COMMANDS, siting
from solver.cli.progress import progress
from solver.cli.teaching import TEACHING
from solver.cli.text import fitted
from solver.engines.catalogue import ENGINES
from solver.events import Event
from solver.pose.catalogue import MODELS
from solver.versions import versions
from solver.words import report as words
from solver.words.speech import CHINESE
from tests.sweep import small

OWN = {"town", "clinics", "north", "mid", "south", "east", "west", "small", "base", "far", "later"}
"""What these studies call their programmes, districts and scenarios, and what results are called here."""
TYPED = {"import", "info", "junctions", "times", "gap", "open", "engine", "purse", "highs", "walk"}
"""Words that people type or find in their files: sub-commands, keys, engines, modes."""
ROADS = {"residential", "unclassified", "primary", "trunk", "road"}
SOLVERS = {part for name in ENGINES for part in (name, name.rpartition(":")[2])}
ALLOWED = {
    *OWN,
    *TYPED,
    *ROADS,
    *COMMANDS,
    *ENGINES,
    *(name.rpartition(":")[2] for name in ENGINES),
    *MODELS,
    *TEACHING,
    *versions(),
    "siting",
    "matrix",
}


def english(text: str) -> set[str]:
    """Words of English in a text, without paths, keys, options and columns, names of software and of people."""
    plain = re.sub(r"\S*[/_=.\[\]]\S*|--\S+|Ctrl-C|[A-Za-z]*[A-Z][A-Za-z]*", " ", text)
    return set(re.findall(r"(?<![A-Za-z])[a-z][a-z:-]{2,}", plain)) - ALLOWED


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town, a result of it, points and a study of a table in a folder."""
    folder = tmp_path_factory.mktemp("words")
    assert call("new", folder / "town").exit_code == 0
    study = folder / "town" / "study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace("open = 3", "open = 2"), encoding="utf-8")
    assert call("run", folder / "town", "--out", folder / "base").exit_code == 0
    points = shapely.points([(500_100, 3_080_100), (501_000, 3_081_000)])
    gpd.GeoDataFrame({"id": ["p", "q"]}, geometry=points, crs="EPSG:4547").to_file(folder / "points.gpkg")
    small.write(folder / "s")
    return folder


def call(*said, **environment):
    """A command as it ends, in Chinese."""
    return CliRunner().invoke(siting, [str(word) for word in said], env={"SITING_LANG": "zh", **environment})


NET = "@town/roads.gpkg"
CALLS = {
    "new": ("new", "@other"),
    "check": ("check", "@town"),
    "run": ("run", "@town", "--out", "@far", "--alternatives", "2", "--marginals"),
    "verify": ("verify", "@base", "--all"),
    "compare": ("compare", "@base", "@base", "--out", "@c.md"),
    "sweep": ("sweep", "@s", "--out", "@sweep", "--vary", "programmes.clinics.open=1,2", "--jobs", "1"),
    "export": ("export", "@base", "--to", "@plan.shp"),
    "export roads": ("export", "@base", "--to", "@ways.gpkg", "--study", "@town", "--routes"),
    "report": ("report", "@base"),
    "network import": ("network", "import", NET, "--out", "@n.gpkg", "--crs", "EPSG:4547", "--split-crossings"),
    "network info": ("network", "info", NET, "--faults", "@faults.gpkg"),
    "network junctions": ("network", "junctions", NET, "--out", "@j.gpkg"),
    "network times": (
        *("network", "times", NET, "--demand", "@points.gpkg", "--sites", "@points.gpkg"),
        *("--out", "@t.csv", "--limit-min", "9"),
    ),
    "models": ("models",),
    "engines": ("engines",),
    "versions": ("versions",),
}  # fmt: skip
"""Command -> how it is called; @ is the folder."""


@pytest.mark.parametrize("name", CALLS)
def test_a_command_in_chinese_says_no_english_word(place, name):
    said = call(*(word.replace("@", f"{place}/") for word in CALLS[name]))
    assert said.exit_code == 0, said.stderr
    assert english(said.stdout) == set()
    assert english(said.stderr) == set()


def test_the_language_is_asked_for_on_the_command_before_it_by_the_environment_or_by_the_locale():
    asked = (
        (("versions", "--lang", "zh"), {"SITING_LANG": "en"}),
        (("--lang", "zh", "versions"), {"SITING_LANG": "en"}),
        (("versions",), {"SITING_LANG": "zh", "LC_ALL": "en_US.UTF-8"}),
        (("versions",), {"SITING_LANG": "", "LC_ALL": "zh_CN.UTF-8"}),
        (("versions",), {"SITING_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_TW.UTF-8"}),
    )
    assert {call(*said, **environment).stdout.split()[0] for said, environment in asked} == {"名称"}
    assert call("versions", SITING_LANG="", LC_ALL="C.UTF-8").stdout.split()[0] == "what"
    assert call("--lang", "zh", "versions", "--lang", "en").stdout.split()[0] == "what"


@pytest.mark.parametrize("command", [*COMMANDS, "network import", "network info", "network junctions", "network times"])
def test_every_command_has_the_option(command):
    assert "--lang [en|zh]" in call(*command.split(), "--help").stdout


def test_bars_of_progress_are_in_chinese(capsys):
    with progress("town", terminal=True, speech=CHINESE) as listen:
        listen(Event("", "layers", say("reading the layers"), None))
        listen(Event("clinics", "travel", say("travel within reach"), 0.5))
    assert "读取图层" in capsys.readouterr().err


def test_a_comparison_in_chinese_is_in_chinese(tmp_path):
    study = small.write(tmp_path / "s")
    for name, gap in (("base", "0"), ("far", "0.1")):
        call("run", study, "--out", tmp_path / name, "--gap", gap)
    told = call("compare", tmp_path / "base", tmp_path / "far").stdout
    assert "覆盖率" in told
    assert english(told) == set()


def test_a_sweep_in_chinese_is_in_chinese(tmp_path):
    study = small.write(tmp_path / "s")
    told = call("sweep", study, "--out", tmp_path / "out", "--vary", "programmes.clinics.open=1,2,9", "--jobs", "1")
    assert "共 3 次计算：本次完成 3 次，已有 0 次，有错误 1 次" in told.stdout
    assert "方案不足 5 个，难以断定站点稳健（clinics）" in told.stdout
    assert "要求 9 个新建站点" in told.stdout
    assert english(told.stdout) == set()


@pytest.mark.parametrize(("columns", "tables"), [("200", 1), ("40", 2), ("22", 3)])
def test_a_table_too_wide_for_the_terminal_goes_on_below(monkeypatch, columns, tables):
    monkeypatch.setenv("COLUMNS", columns)
    head, rows = ["Programme", "Ended", "Cost", "Objective"], [["clinics", "proven", "3.90 million", "9,070 people"]]
    parts = fitted(head, rows, right=(2, 3)).split("\n\n")
    assert len(parts) == tables
    assert all(part.startswith("Programme") for part in parts)
    assert max(len(line) for part in parts for line in part.splitlines()) <= max(int(columns), 23)


@pytest.mark.parametrize(
    ("value", "told"), [(0, "0 元"), (120, "120 元"), (10_000, "1.0 万元"), (3.9e6, "390.0 万元"), (2e8, "2.00 亿元")]
)
def test_small_sums_are_not_told_as_none(value, told):
    assert words.money(value, CHINESE) == told
