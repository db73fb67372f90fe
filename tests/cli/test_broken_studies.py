"""Every broken study ends with one clear report: place, fact, remedy; the full text stands here."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from solver.cli.group import siting

BROKEN = Path(__file__).parents[2] / "instances/broken"

OFF = (
    "lie farther than 500 m from the network; correct their places or coordinate system, "
    "import roads that reach them, or raise the limit (snap_limit_m):"
)
REPORTS = {
    "bad-numbers": """\
study.toml: 1 fault
  programmes.clinics.demand.weight   places.csv column people is not a number of at least 0 in row 1 (-30), 2 (many); \
mend them""",
    "blank-cells": """\
study.toml: 2 faults
  programmes.clinics.sites.cost   sites.csv column cost is not a number of at least 0 in row 1 (nothing); \
mend them
  programmes.clinics.sites.id     sites.csv has no site in row 2; give every row an id""",
    "duplicate-id": """\
study.toml: 1 fault
  programmes.clinics.sites.id   sites.csv has site at-A more than once; ids must differ""",
    "endless-number": """\
study.toml: 2 faults
  programmes.clinics.budget          is 1e+300; write a number between -1e+15 and 1e+15
  programmes.clinics.reach.limit_m   is inf; write a number between -1e+15 and 1e+15""",
    "excluded-required": """\
study.toml: 1 fault
  programmes.clinics.exclusion.0   forbids required sites: at-C (0 m from row 2 of ../layers/edges.geojson; at least \
50 m); require others, or keep less distance""",
    "gbk-layer": """\
study.toml: 1 fault
  programmes.clinics.sites.file   sites.csv   is not in UTF-8; say its encoding, for example encoding = "GBK\"""",
    "many-faults": """\
study.toml: 3 faults
  network                            {folder}/../layers/streets.geojson: there is no such file; make it with \
`siting network import`
  programmes.clinics.demand.weight   ../layers/places.csv has no column poeple; did you mean people?
  programmes.clinics.sites.id        ../layers/sites.csv has no column siteid; did you mean site?""",
    "matrix-ids": """\
study.toml: 1 fault
  travel.demand   times.csv and the places of the study: 0 ids match, 2 only in times.csv (1, 2), 3 only among the \
places of the study (B, D, F); mend the ids""",
    "matrix-unit": """\
study.toml: 1 fault
  travel.matrix   times.csv is in min; the reach must be limit_min""",
    "missing-column": """\
study.toml: 1 fault
  programmes.clinics.demand.weight   ../layers/places.csv has no column peoples; did you mean people?""",
    "missing-file": """\
study.toml: 1 fault
  programmes.clinics.sites.file   sites.gpkg   does not exist; check the path, relative to the study""",
    "not-toml": """\
{folder}/study.toml   is not valid TOML: Expected ']' at the end of a table declaration (at line 2, column 7); \
mend it there""",
    "off-network": f"""\
study.toml: 1 fault
  programmes.clinics   1 of 2 points {OFF}
  in-the-lake   3,000 m from the nearest road""",
    "ragged-table": """\
study.toml: 1 fault
  programmes.clinics.sites.file   sites.csv   has 6 fields in line 3, 4 were expected; put texts with commas in \
quotes, or save it anew as CSV""",
    "rule-contradicts": """\
study.toml: 1 fault
  programmes.clinics.required   at-A is in `forbidden` as well; take it out of one of the lists""",
    "rule-unfit": """\
study.toml: 2 faults
  programmes.clinics.minimum_use     max-cover does not take it: it needs a model that assigns demand to sites \
(capacitated-cover, p-median, fixed-charge, charging, hierarchical)
  programmes.clinics.single_source   max-cover does not take it: it needs a model that assigns places \
(capacitated-cover, p-median, fixed-charge, hierarchical)""",
    "too-many": """\
study.toml: 1 fault
  programmes.clinics   open asks for 5 new sites; only 2 candidates may open""",
    "unknown-key": """\
study.toml: 2 faults
  programmes.clinics.budget_yuan   is not a known key; did you mean budget?
  programmes.clinics.buget         is not a known key; did you mean budget?""",
    "unknown-model": """\
study.toml: 1 fault
  programmes.clinics.model   max-covr is not a model; did you mean max-cover?""",
    "unknown-site": """\
study.toml: 1 fault
  programmes.clinics.required   at-B is not a site; did you mean at-C?""",
    "wrong-crs": """\
study.toml: 1 fault
  study.crs   is EPSG:4490 (degrees); lengths need a metric system; use a projected one, e.g. EPSG:4547""",
    "wrong-zone": f"""\
study.toml: 1 fault
  programmes.clinics   2 of 2 points {OFF}
  at-C   295,627 m from the nearest road
  at-A   294,612 m from the nearest road""",
}


def test_every_broken_study_has_its_report_here():
    assert {path.parent.name for path in BROKEN.glob("*/study.toml")} == {*REPORTS, "budget-too-small"}


@pytest.mark.parametrize("name", REPORTS)
def test_check_reports_every_fault_in_full(name):
    ended = CliRunner().invoke(siting, ["check", str(BROKEN / name)])
    report = REPORTS[name].format(folder=BROKEN / name) + "\n"
    assert ended.exit_code == 3
    assert ended.stdout == ""
    assert ended.stderr.endswith(report)
    progress = ended.stderr.removesuffix(report).splitlines()
    assert all(line.startswith((f"{name}: ", "clinics: ")) for line in progress)


@pytest.mark.parametrize("name", REPORTS)
def test_run_ends_with_the_same_code_and_writes_nothing(name, tmp_path):
    ended = CliRunner().invoke(siting, ["run", str(BROKEN / name), "--out", str(tmp_path / "out")])
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_budget_below_the_cheapest_plan_is_proven_infeasible_and_explained(tmp_path):
    ended = CliRunner().invoke(siting, ["run", str(BROKEN / "budget-too-small"), "--out", str(tmp_path / "out")])
    assert ended.exit_code == 4
    assert (
        """\
clinics: Why there is no plan
  cannot be kept together: 'exactly 1 new site (open)'; 'a budget of 600,000 CNY (budget)'
  - there is a plan with 0 new sites
  - 'exactly 1 new site (open)' costs at least 1,000,000 CNY; the budget is 600,000
"""
        in ended.stdout
    )
    entry = json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))["programmes"]["clinics"]
    assert (entry["ended"], entry["objective"], entry["cost"], entry["sites"]) == ("infeasible", None, None, [])
    assert len(entry["reasons"]) == 3


def test_the_budget_the_explanation_names_is_enough(tmp_path):
    more = ["--set", "programmes.clinics.budget=1e6", "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(siting, ["run", str(BROKEN / "budget-too-small"), *more]).exit_code == 0
