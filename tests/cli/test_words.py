"""What the terminal says: in Chinese where it is asked for, and within the width that there is."""

import re

import pytest

from solver.cli.text import fitted
from solver.words import report as words
from solver.words.speech import CHINESE
from tests.sweep import small
from tests.sweep.small import call

OWN = {"a", "b", "c", "p", "q", "r", "north", "mid", "south", "clinics", "siting", "now", "later"}


def english(text):
    """Words of English in a text, without paths, keys of a study and endings of files."""
    plain = re.sub(r"\S*[/_=.]\S*|--\S+|QGIS|ArcGIS", " ", text)
    return set(re.findall(r"[a-z]{3,}", plain)) - OWN


def test_a_comparison_in_chinese_is_in_chinese(tmp_path):
    study = small.write(tmp_path / "s")
    for name, gap in (("base", "0"), ("far", "0.1")):
        call("run", study, "--out", tmp_path / name, "--gap", gap)
    told = call("compare", tmp_path / "base", tmp_path / "far", "--lang", "zh").stdout
    assert "覆盖率" in told
    assert english(told) <= {"base", "far"}


def test_a_sweep_in_chinese_is_in_chinese(tmp_path):
    study = small.write(tmp_path / "s")
    vary = ("--vary", "programmes.clinics.open=1,2,9", "--lang", "zh", "--jobs", "1")
    told = call("sweep", study, "--out", tmp_path / "out", *vary).stdout
    assert "共 3 次计算：本次完成 3 次，已有 0 次，有错误 1 次" in told
    assert "方案不足 5 个，难以断定站点稳健（clinics）" in told
    lines = [line for line in told.splitlines() if "candidates may open" not in line]
    assert english("\n".join(lines)) <= {"open"}


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
