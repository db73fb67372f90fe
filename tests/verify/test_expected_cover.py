"""Expected covering: tampered stations, vehicles, shares and objectives are found."""

import json
import shutil

import pytest

from solver.export.folder import write_result
from solver.solve import solve_study
from solver.study.read import read_study
from solver.verify.run import verify_result
from tests.cli.test_teaching import TEACHING
from tests.verify.every_key import verified

KEYS = {
    "total": {
        "open": None,
        "existing_sites": ["D"],
        "vehicles": {"busy": 0.4, "max_per_site": 2.0, "total": 3, "there": 1.0, "cost": 1.0},
    },
    "money": {"open": None, "budget": 14.0},
    "years": {
        "open": None,
        "vehicles": {"busy": 0.4, "max_per_site": 2.0, "total": 3},
        "phasing": {"years": [{"name": "one", "open_at_most": 1, "growth": 1.0}, {"name": "two", "growth": 1.5}]},
    },
}


def first(entry):
    """The first site with vehicles."""
    return next(site for site, held in entry["units"].items() if held["vehicles"])


def one_more(entry):
    entry["units"][first(entry)]["vehicles"] += 5


def none_left(entry):
    del entry["units"][first(entry)]


def closed(entry):
    entry["sites"] = entry["sites"][1:]


def praised(entry):
    entry["objective"] *= 1.02


def promised(entry):
    entry["bound"] *= 0.9


TAMPERED = {
    one_more: "units_keep_their_limits",
    none_left: "vehicles_are_as_many_as_asked",
    closed: "units_keep_their_limits",
    praised: "the_objective_is_what_the_plan_is_worth",
    promised: "no_plan_beats_the_bound",
}


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("expected")
    names, report = verified(folder, "expected-cover", KEYS)
    assert set(names) == set(KEYS)
    assert [v for v in report.verdicts if v.status == "fails"] == []
    held = {v.check for v in report.verdicts if v.part == "total" and v.status == "holds"}
    assert {*TAMPERED.values(), "the_nearest_free_vehicle_answers"} <= held
    return folder


@pytest.mark.parametrize("how", TAMPERED, ids=lambda how: how.__name__)
def test_a_tampered_result_is_found(how, result):
    path = result / "out/result.json"
    right = path.read_text(encoding="utf-8")
    document = json.loads(right)
    how(document["programmes"]["total"])
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        found = {v.check for v in verify_result(result / "out").verdicts if v.status == "fails" and v.part == "total"}
    finally:
        path.write_text(right, encoding="utf-8")
    assert TAMPERED[how] in found


PORTFOLIO = """
[portfolio.joint]
budget = 5e6
[portfolio.joint.programmes]
four-million = {}
half-a-million-more = {}
"""


def test_two_services_under_one_budget_are_solved_and_verified(tmp_path):
    # by hand, of 130 calls: three at the fire station answer 87.5 for 2.5 million; twice that is 5 million.
    # 1.5 and 3.5 million give 50 + 90, 1 and 4 million 0 + 102.5
    shutil.copytree(TEACHING / "ambulances", tmp_path / "study")
    study = tmp_path / "study/study.toml"
    study.write_text(study.read_text(encoding="utf-8") + PORTFOLIO, encoding="utf-8")
    result = solve_study(read_study(study), programmes=["joint"])
    assert result.programmes["joint"].objective == pytest.approx(2 * 87.5 / 130)
    write_result(result, tmp_path / "out", maps=False)
    assert [v for v in verify_result(tmp_path / "out").verdicts if v.status == "fails"] == []
