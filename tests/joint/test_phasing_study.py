"""A programme over years from the study file to the result, worked out by hand.

Lots: P1 covers n1 and n2 (80 cars) for 6 million, P2 covers n2 (20) for 2.5, P3 covers s1 and s2 (20) for 2.5.
"""

import json

import geopandas as gpd
import pandas as pd
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.solve import solve_study
from solver.study.read import read_study
from tests.joint.small import LOTS, PLACES, programmes_of, run, write

YEARS = """
[programmes.lots.phasing]
carry_over = true
[[programmes.lots.phasing.years]]
name = "2026"
budget = 2.5e6
[[programmes.lots.phasing.years]]
name = "2027"
budget = 3.5e6
growth = 2.0
[[programmes.lots.phasing.years]]
name = "2028"
budget = 2.5e6
demand = "cars_2028"
"""
LATER = {**PLACES, "cars_2028": [60, 20, 200, 0]}


def _lots(folder, *sets, years=YEARS):
    return solve_study(read_study(write(folder, LOTS, years, places=LATER), sets)).programmes["lots"]


def test_every_year_has_its_openings_money_and_cover(tmp_path):
    # waiting for P1: 0 + 2 * 80 + (80 + 200) = 440; P3 at once: 20 + 2 * 20 + 200 with P2 in 2027: 20 + 80 + 220 = 320,
    # and P1 by 2028: 20 + 40 + 280 = 340
    lots = _lots(tmp_path)
    assert (lots.ended, lots.objective, lots.cost) == ("proven", 440, 8.5e6)
    assert lots.sites == ("P1", "P3")
    wanted = ("sites", "objective", "budget", "cost", "cost_so_far", "left", "covered_share")
    assert {year: tuple(told[key] for key in wanted) for year, told in lots.phases.items()} == {
        "2026": ([], 0.0, 2.5e6, 0.0, 0.0, 2.5e6, 0.0),
        "2027": (["P1"], 160.0, 3.5e6, 6e6, 6e6, 0.0, 0.8),
        "2028": (["P3"], 280.0, 2.5e6, 2.5e6, 8.5e6, 0.0, 1.0),
    }


@pytest.mark.parametrize(
    ("sets", "worth", "sites"),
    [
        # P1 is never paid for: P3 in the first year, P2 in the second (3.5 buy no more), 20 + 80 + 220
        (["programmes.lots.phasing.carry_over=false"], 320, ("P2", "P3")),
        # 2026 must open one: P3 or P2, then 6 million are there in 2028 only: 20 + 40 + 280
        (["programmes.lots.phasing.years.0.open=1"], 340, ("P1", "P3")),
        (["programmes.lots.phasing.years.1.open_at_most=0"], 340, ("P1", "P3")),
        # the first year counts so much that P3's 20 are worth it: 200 + 40 + 280
        (["programmes.lots.phasing.years.0.counts=10.0"], 520, ("P1", "P3")),
        # the whole programme may open one site: P1 in 2027, 160 + 80, or P3 from the start, 20 + 40 + 200
        (["programmes.lots.open=1"], 260, ("P3",)),
        (["programmes.lots.budget=6e6"], 320, ("P2", "P3")),
        (["programmes.lots.phasing.years.0.floor_share=0.1"], None, ()),  # both districts at once: 8.5 million
    ],
)
def test_money_numbers_counts_and_floors_by_year(tmp_path, sets, worth, sites):
    lots = _lots(tmp_path, *sets)
    if worth is None:
        assert lots.ended == "infeasible"
        return
    assert (lots.ended, lots.objective) == ("proven", worth)
    if worth != 320:
        assert lots.sites == sites


def test_no_plan_is_explained_with_the_year(tmp_path):
    lots = _lots(tmp_path, "programmes.lots.phasing.years.0.open_at_least=2")
    assert lots.ended == "infeasible"
    assert lots.reasons[0].startswith("cannot be kept together: ")
    assert "2026: at least 2 new sites open (phasing.open)" in lots.reasons[0]


def test_the_files_say_in_which_year_a_site_opens(tmp_path):
    assert run(write(tmp_path, LOTS, YEARS, places=LATER)).exit_code == 0
    assert programmes_of(tmp_path)["lots"]["phases"]["2027"]["sites"] == ["P1"]
    sites = pd.read_csv(tmp_path / "out/sites.csv", encoding="utf-8-sig")
    assert dict(zip(sites["site_id"], sites["opening_year"].astype(str), strict=True)) == {"P1": "2027", "P3": "2028"}
    plan = gpd.read_file(tmp_path / "out/plan.gpkg", layer="lots_sites")
    assert plan["opening_year"].fillna("-").tolist() == ["2027", "-", "2028"]
    places = gpd.read_file(tmp_path / "out/plan.gpkg", layer="lots_demand")
    assert places["served_from_year"].tolist() == ["2027", "2027", "2028", "2028"]
    report = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "<td>2027</td>" in report


def test_programmes_without_years_have_no_phases(tmp_path):
    run(write(tmp_path, LOTS.replace('"max-cover"', '"max-cover"\nopen = 1')))
    assert "phases" not in json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))["programmes"]["lots"]


FAULTS = [
    (
        YEARS.replace("carry_over = true", "carryover = true").replace("growth = 2.0", "growth = 0"),
        """\
study.toml: 2 faults
  programmes.lots.phasing.carryover        is not a known key; did you mean carry_over?
  programmes.lots.phasing.years.1.growth   is 0; must be above 0""",
    ),
    (
        YEARS.replace('"2027"', '"2026"'),
        """\
study.toml: 1 fault
  programmes.lots.phasing   years has 2026 more than once""",
    ),
    (
        YEARS.replace("cars_2028", "car_2028"),
        """\
study.toml: 1 fault
  programmes.lots.phasing.years.2028.demand   places.csv has no column car_2028; did you mean cars_2028?""",
    ),
    (
        YEARS.replace("budget = 3.5e6", ""),
        """\
study.toml: 1 fault
  programmes.lots   money carries over, but 2027 has no budget; give every year one, or set carry_over = false""",
    ),
]


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_faults_of_years_are_reported_in_full(tmp_path, number):
    years, report = FAULTS[number]
    folder = write(tmp_path, LOTS, years, places=LATER)
    ended = CliRunner().invoke(siting, ["check", str(folder)])
    assert (ended.exit_code, ended.stderr[-len(report) - 1 :]) == (3, report + "\n")
    assert run(folder).exit_code == 3


def test_a_model_that_years_do_not_go_with_is_refused(tmp_path):
    ended = run(write(tmp_path, LOTS.replace("max-cover", "set-cover"), YEARS, places=LATER))
    assert ended.exit_code == 3
    assert ended.stderr.endswith(
        "programmes.lots.phasing   set-cover does not take it: it needs a model whose value is of a year and whose "
        "cost is of setting up (max-cover, expected-cover, capacitated-cover, charging, flow-refuelling, "
        "hierarchical)\n"
    )


def test_years_and_a_portfolio_together_are_refused(tmp_path):
    joint = "[portfolio.joint]\nbudget = 1e6\n[portfolio.joint.programmes]\nlots = {}\n"
    ended = run(write(tmp_path, LOTS, YEARS, joint, places=LATER))
    assert ended.exit_code == 3
    assert ended.stderr.endswith(
        "portfolio.joint.programmes.lots   has phasing: years and a joint budget together are not defined; "
        "take phasing out, or run it alone with -p\n"
    )


def test_modules_in_all_are_those_at_the_end_of_the_last_year(tmp_path):
    # 2026 pays for one lot, which holds two modules at most: the third comes with a later lot
    lots = LOTS.replace('"max-cover"', '"capacitated-cover"\nsizes_total = 3')
    lots += "sizes = { one = { capacity = 50, max_per_site = 2 } }\n"
    found = solve_study(read_study(write(tmp_path, lots, YEARS, places=LATER))).programmes["lots"]
    assert found.ended == "proven"
    assert sum(kinds["one"] for kinds in found.units.values()) == 3


@pytest.mark.parametrize("key", ["alternatives", "marginals"])
def test_other_plans_and_the_worth_of_sites_are_refused_over_years(tmp_path, key):
    folder = write(tmp_path, LOTS.replace('"max-cover"', f'"max-cover"\n{key} = {{}}'), YEARS, places=LATER)
    fault = f"programmes.lots.{key}   is not told of a programme over years; take {key} or phasing out\n"
    checked = CliRunner().invoke(siting, ["check", str(folder)])
    assert (checked.exit_code, checked.stderr.endswith(fault)) == (3, True)
    assert run(folder).stderr.endswith(fault)


def test_other_plans_that_the_command_asks_for_are_refused_over_years(tmp_path):
    ended = run(write(tmp_path, LOTS, YEARS, places=LATER), "--alternatives", "2")
    assert ended.exit_code == 3
    assert ended.stderr.endswith(
        "alternatives and marginals are not told of a programme over years; take phasing out to ask for them\n"
    )
