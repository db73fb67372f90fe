"""Whatever is damaged in a study or a layer ends with one report and exit code 3, or was no fault."""

import json
import random

import numpy as np
import pytest

from solver.study.schema import Programme
from tests.faults.mutations import asked, damaged_study, require_report

KEYS = sorted(Programme.model_fields)
SEEDS = range(80)
FURTHER = range(10_000, 13_000)
TIMES = """
[study]
name = "table"
[travel]
matrix = "times.npz"
unit = "min"
[programmes.clinics]
model = "max-cover"
open = 1
demand = { file = "places.csv", id = "place", weight = "people" }
sites = { file = "sites.csv", id = "site" }
reach = { limit_min = 10 }
"""


def require_told(folder, seed):
    said = damaged_study(folder, seed, KEYS)
    try:
        ended = asked("check", folder)
        assert ended.exit_code in (0, 3)
        if ended.exit_code == 3:
            require_report(ended)
            assert ended.stdout == ""
    except AssertionError as error:
        raise AssertionError(f"{said}: {error}") from error
    return ended.exit_code


def test_check_reports_a_damaged_study_or_finds_no_fault(tmp_path):
    codes = [require_told(tmp_path / "study", seed) for seed in SEEDS]
    assert codes.count(3) > len(SEEDS) / 2


@pytest.mark.slow
def test_check_reports_thousands_of_damaged_studies(tmp_path):
    assert {require_told(tmp_path / "study", seed) for seed in FURTHER} == {0, 3}


def require_plan_holds(folder, seed):
    """What check lets pass is solved, and the result holds; a limit, or no plan by proof, is an end as well."""
    said = damaged_study(folder, seed, KEYS)
    if asked("check", folder).exit_code:
        return
    out = folder.with_name("out")
    ended = asked("run", folder, "--out", out, "--time-limit", "5")
    assert ended.exit_code in (0, 4, 5, 6), f"{said}: {ended.stderr}"
    verified = asked("verify", out)
    assert verified.exit_code == 0, f"{said}: {verified.output}"


@pytest.mark.slow
def test_what_check_lets_pass_is_solved_and_holds(tmp_path):
    for seed in range(20_000, 20_600):
        require_plan_holds(tmp_path / "study", seed)


@pytest.fixture
def table_study(tmp_path):
    (tmp_path / "study.toml").write_text(TIMES, encoding="utf-8")
    (tmp_path / "places.csv").write_text("place,people\na,10\nb,20\n", encoding="utf-8")
    (tmp_path / "sites.csv").write_text("site\nX\nY\n", encoding="utf-8")
    return tmp_path


PAIRS = {"demand": ["a", "b"], "site": ["X", "Y"], "value": [5.0, 6.0]}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"demand": np.array(["a", None], dtype=object)}, "cannot be read as arrays of plain numbers and texts"),
        ({"value": [5.0]}, "cannot be read as arrays of plain numbers and texts, all of one length"),
        ({"value": [5.0, np.nan]}, "has no number of at least 0 in row 2"),
        ({"value": [5.0, -1.0]}, "has no number of at least 0 in row 2"),
        ({"demand": ["a", "a"], "site": ["X", "X"]}, "gives 1 pairs more than once, first a - X"),
    ],
)
def test_a_table_of_arrays_is_refused_with_what_is_wrong_in_it(table_study, changed, told):
    np.savez(table_study / "times.npz", **(PAIRS | changed))
    ended = asked("check", table_study)
    assert ended.exit_code == 3
    assert f"travel.{'value' if 'number of' in told else 'matrix'}   times.npz {told}" in ended.stderr


def test_a_broken_archive_of_arrays_and_a_missing_one_are_told(table_study):
    missing = asked("check", table_study)
    (table_study / "times.npz").write_bytes(random.Random(1).randbytes(100))
    broken = asked("check", table_study)
    assert (missing.exit_code, broken.exit_code) == (3, 3)
    assert "times.npz does not exist; check the path, relative to the study" in missing.stderr
    assert "times.npz cannot be read as arrays of plain numbers" in broken.stderr


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1e308", "column people is above 1e+15 in row 2 (1e+308)"),
        ("", "column people is not a number of at least 0 in row 2 (nothing)"),
        ("9" * 400, "column people is not a number of at least 0 in row 2 (9999"),
        ("inf", "column people is not a number of at least 0 in row 2 (inf)"),
    ],
)
def test_numbers_that_nobody_can_reckon_with_are_refused(table_study, cell, told):
    np.savez(table_study / "times.npz", **PAIRS)
    (table_study / "places.csv").write_text(f"place,people\na,10\nb,{cell}\n", encoding="utf-8")
    ended = asked("check", table_study)
    assert ended.exit_code == 3
    assert told in ended.stderr


def test_ids_that_no_file_keeps_are_refused(table_study):
    np.savez(table_study / "times.npz", **PAIRS)
    (table_study / "sites.csv").write_text("site\nX\n\x07Y\n", encoding="utf-8")
    ended = asked("check", table_study)
    assert ended.exit_code == 3
    assert "sites.csv has site blank or with signs that no file keeps in row 2" in ended.stderr


def test_numbers_of_the_study_that_are_none_or_endless_are_refused_with_their_keys(table_study):
    text = TIMES.replace("limit_min = 10", "limit_min = inf").replace("open = 1", "open = 99999999999999999999")
    (table_study / "study.toml").write_text(text, encoding="utf-8")
    ended = asked("check", table_study)
    assert ended.exit_code == 3
    assert ended.stderr.splitlines() == [
        "study.toml: 2 faults",
        "  programmes.clinics.open              is 99999999999999999999; write a number between -1e+15 and 1e+15",
        "  programmes.clinics.reach.limit_min   is inf; write a number between -1e+15 and 1e+15",
    ]


def test_a_study_saved_by_an_editor_with_a_byte_order_mark_is_read(table_study):
    np.savez(table_study / "times.npz", **PAIRS)
    (table_study / "study.toml").write_text(TIMES, encoding="utf-8-sig")
    assert asked("check", table_study).exit_code == 0


def test_a_study_in_gbk_is_told_to_be_saved_as_utf_8(table_study):
    (table_study / "study.toml").write_bytes(f"# \u682a\u6d32\n{TIMES}".encode("gbk"))
    ended = asked("check", table_study)
    assert ended.exit_code == 3
    assert "is not UTF-8 text (byte 3); save it as UTF-8 in your editor" in ended.stderr


def test_a_layer_whose_system_is_none_is_told(tmp_path):
    from tests.faults.mutations import TEACHING

    text = (TEACHING / "street/study.toml").read_text(encoding="utf-8")
    for name in ("places.csv", "sites.csv", "times.csv"):
        (tmp_path / name).write_bytes((TEACHING / "street" / name).read_bytes())
    (tmp_path / "study.toml").write_text(text.replace('crs = "EPSG:4547" }', 'crs = "y" }'), encoding="utf-8")
    ended = asked("check", tmp_path)
    assert ended.exit_code == 3
    assert "sites.crs   is 'y', which is no known system; use an EPSG code, such as EPSG:4547" in " ".join(
        ended.stderr.split(" ")
    )
    assert json.dumps(ended.stdout) == '""'
