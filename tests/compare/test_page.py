"""Plans side by side, as files."""

import pandas as pd
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.compare.page import figure_rows, site_lines
from solver.compare.plans import compare
from solver.export.folder import write_result
from solver.words.speech import CHINESE, ENGLISH
from tests.made_results import programme_result, study_result
from tests.sweep.small import call, write


@pytest.fixture
def two(tmp_path):
    """Results a and b: the chosen site is P-1 in one and P-2 in the other."""
    write_result(study_result(programme_result()), tmp_path / "a", maps=False)
    other = programme_result(sites=("P-2",), objective=80.0)
    other.site_table["chosen"] = [False, True, False, False]
    other.site_table["open"] = [False, True, True, False]
    write_result(study_result(other), tmp_path / "b", maps=False)
    return tmp_path


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("gained 1: P-2; lost 1: P-1", "Covered, by district")),
        ("zh", ("新增 1：P-2；取消 1：P-1", "各分区覆盖率")),
    ],
)
def test_the_page_has_a_map_of_what_changed_and_bars_of_districts_and_needs_no_internet(two, lang, said):
    ended = CliRunner().invoke(
        siting, ["compare", str(two / "a"), str(two / "b"), "--out", str(two / "c.html"), "--lang", lang]
    )
    assert ended.exit_code == 0, ended.output
    page = (two / "c.html").read_text(encoding="utf-8")
    assert all(text in page for text in said)
    assert page.count("data:image/png;base64,") == 1
    assert page.count('<svg class="chart"') == 1
    assert "http:" not in page.replace("https", "http")


def test_markdown_has_the_same_tables(two):
    CliRunner().invoke(siting, ["compare", str(two / "a"), str(two / "b"), "--out", str(two / "c.md")])
    lines = (two / "c.md").read_text(encoding="utf-8").splitlines()
    assert "| Objective | 90 | 80 |" in lines
    assert "- b: gained 1: P-2; lost 1: P-1" in lines


def test_plans_that_differ_by_less_than_their_gaps_are_told_to():
    entries = {}
    for plan, objective, bound in (("a", 50.0, 56.0), ("b", 55.0, 58.0), ("c", 57.0, 57.0), ("d", 50.0, 50.0)):
        result = programme_result(objective=objective, bound=bound)
        entries[plan] = study_result(result).as_json()
    # between 50 and 56, 55 and 58, 57, 50
    assert compare(entries).not_told == {"parking": (("a", "b"), ("b", "c"))}


def test_runs_of_a_sweep_are_compared_by_their_number(tmp_path):
    out = tmp_path / "out"
    call("sweep", write(tmp_path / "study"), "--vary", "programmes.clinics.open=1,2", "--jobs", 1, "--out", out)
    ended = call("compare", f"{out}:1", f"{out}:2", "--out", tmp_path / "c.csv")
    assert ended.exit_code == 0, ended.output
    assert "out:2: sites gained: 1: b" in ended.stdout
    assert {"out:1", "out:2"} <= set(pd.read_csv(tmp_path / "c.csv", encoding="utf-8-sig").columns)
    ended = call("compare", f"{out}:1", f"{out}:7")
    assert ended.exit_code == 2
    assert f"{out}:7   the sweep has no result of run 7; " in ended.stderr


@pytest.mark.parametrize(
    ("speech", "line"),
    [
        (ENGLISH, "b: other units 1: P-1 (4 slow pile -> 6 slow pile, 1 fast)"),
        (CHINESE, "b：设备数不同 1：P-1（慢充桩 4 -> 慢充桩 6、fast 1）"),
    ],
)
def test_units_of_a_site_go_by_the_titles_of_their_kinds(speech, line):
    settings = {"piles": {"kinds": {"slow": {"title": "slow pile", "title_zh": "慢充桩"}, "fast": {}}}}
    units = ({"slow": 4}, {"slow": 6, "fast": 1})
    few, many = (programme_result(units={"P-1": held}, settings=settings) for held in units)
    found = compare({"a": study_result(few).as_json(), "b": study_result(many).as_json()})
    assert site_lines(found, "parking", speech) == [line]
    figures = {row[0]: row[1:] for row in figure_rows(found, "parking", CHINESE)}
    assert figures["慢充桩（数量）"] == ["4", "6"]
