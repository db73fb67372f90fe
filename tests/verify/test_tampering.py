"""Whatever is changed in a result or in its inputs, verification finds it and names it with both numbers."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.errors import StudyError
from solver.export.folder import write_result
from solver.export.gpkg import write_gpkg
from solver.solve import solve_study
from solver.study.read import read_study, sha256_of
from solver.verify.run import verify_result
from tests.joint import small

TEACHING = Path(__file__).parents[2] / "instances/teaching"
STUDIES = {
    "ambulances": ["four-million"],
    "beds": ["shared"],
    "budget": [],
    "line": ["anywhere"],
    "one-way": ["visit"],
    "piles": ["free"],
    "post": ["seven", "eight"],
    "shops": ["one"],
    "street": ["near", "apart"],
}
"""Teaching study -> its programmes that are solved, all where none is named."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every study beside its result, to be copied before it is changed."""
    folder = tmp_path_factory.mktemp("made")
    for name in STUDIES:
        shutil.copytree(TEACHING / name, folder / name / "study")
    link = '[[portfolio.joint.links]]\nprogramme = "piles"\nneeds = "lots"\ncolumn = "lot"\n'
    (folder / "joint/study").mkdir(parents=True)
    small.write(folder / "joint/study", small.LOTS, small.PILES, small.JOINT, link)
    years = '[programmes.lots.phasing]\nyears = [{ name = "1", budget = 3e6 }, { name = "2", budget = 6e6 }]\n'
    (folder / "years/study").mkdir(parents=True)
    small.write(folder / "years/study", small.LOTS, years)
    for name in (*STUDIES, "joint", "years"):
        file = read_study(folder / name / "study", ["solve.search_s=0"])
        write_result(solve_study(file, programmes=STUDIES.get(name, [])), folder / name / "out", maps=False)
    return folder


@pytest.fixture
def copied(made, tmp_path):
    def copy(name):
        shutil.copytree(made / name, tmp_path / name)
        return tmp_path / name / "out"

    return copy


def changed(out, programme, change):
    """result.json with a programme's entry changed."""
    path = out / "result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["programmes"][programme] if programme else document)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def found(out, **options):
    """Check -> what it found wrong."""
    faults = {}
    for verdict in verify_result(out, **options).failed:
        faults.setdefault(verdict.check, []).extend(str(detail) for detail in verdict.details)
    return faults


def put(*keys):
    """A change: the value, the last of the keys, at the place that the others lead to."""
    *way, last, value = keys

    def change(entry):
        for key in way:
            entry = entry[key]
        entry[last] = value

    return change


def swapped(old, new):
    def change(entry):
        entry["sites"] = [new if site == old else site for site in entry["sites"]]

    return change


ENTRIES = [
    # study, programme, change of its entry in result.json, the check that finds it, a part of what it says
    ("budget", "free", swapped("b", "a"), "the_objective_is_what_the_plan_is_worth", "110"),
    ("budget", "free", swapped("b", "z"), "every_site_of_the_plan_is_in_the_study", "z is no site of the study"),
    ("budget", "free", put("cost", 9e6),
     "the_cost_is_what_the_plan_costs", "says 9,000,000, recomputed it is 10,000,000"),
    ("budget", "free", put("budget", 9e6), "the_budget_is_the_studys_and_is_kept", "9,000,000"),
    ("budget", "free", put("objective", 111.0),
     "the_objective_is_what_the_plan_is_worth", "says 111, recomputed it is 110"),
    ("budget", "free", put("bound", 120.0), "the_gap_is_the_distance_of_plan_and_bound", "0.0909"),
    ("budget", "free", put("bound", 100.0), "the_plan_is_no_better_than_the_bound", "better than the bound 100"),
    ("budget", "free", put("gap", 0.5), "the_gap_is_the_distance_of_plan_and_bound", "says 0.5, recomputed it is 0"),
    ("budget", "free", put("ended", "limit"), "the_end_fits_what_is_in_hand", "ended is limit and limit is None"),
    ("budget", "free", put("ended", "infeasible"), "the_end_fits_what_is_in_hand", "there is a plan worth 110"),
    ("budget", "free", put("model", "set-cover"),
     "the_result_is_of_this_study", "says set-cover, recomputed it is max-cover"),
    ("budget", "free", put("kept_sites", []), "what_must_be_open_is_open_and_what_must_not_is_not", "closed"),
    ("budget", "free", put("figures", "covered_share", 0.9), "the_figures_are_those_of_the_plan", "covered_share"),
    ("budget", "free", put("figures", "mean_travel_min", 1.0), "the_figures_are_those_of_the_plan", "mean_travel_min"),
    ("budget", "free", put("figures", "new_sites", 3),
     "the_figures_are_those_of_the_plan", "says 3, recomputed it is 2"),
    ("budget", "fair", put("settings", "floor_share", 0.1), "the_result_is_of_this_study", "floor_share"),
    ("piles", "free", put("units", "mall", {"slow": 6, "fast": 1}), "units_keep_their_limits", "the grid bears"),
    ("piles", "free", put("units", "mall", {"fast": 2}), "units_keep_their_limits", "mall has 2 fast; at most 1 fit"),
    ("piles", "free", put("units", "mall", {"slow": 1}), "no_site_serves_more_than_it_can", "mall serves"),
    ("line", "anywhere", swapped("node-1", "node-3"), "the_objective_is_what_the_plan_is_worth", "130"),
    ("line", "anywhere", put("figures", "total_flow", 131.0), "the_figures_are_those_of_the_plan", "total_flow"),
    ("one-way", "visit", swapped("at-A", "at-C"),
     "places_are_served_by_open_sites_within_reach", "at-A, which is closed"),
    ("post", "seven", swapped("S2", "S1"), "sites_are_fed_by_the_tier_above_within_reach", "S2 is closed"),
    ("street", "near", swapped("at0", "at10"), "the_objective_is_what_the_plan_is_worth", "13,800"),
    ("street", "apart", put("figures", "least_spacing_m", 2500.0), "the_figures_are_those_of_the_plan", "2,000"),
    ("joint", "joint", put("objective", 1.99), "the_joint_objective_is_the_weighted_sum_of_shares", "1.99"),
    ("joint", "joint", put("budget", 8e6),
     "the_joint_budget_is_kept", "says 8,000,000, recomputed it is 7,000,000"),
    ("joint", "joint.lots", put("sites", []),
     "the_portfolio_lists_the_sites_of_its_programmes", "in the portfolio only"),
    ("joint", "joint.piles", put("sites", ["C3"]),
     "linked_sites_open_only_with_what_they_need", "piles opens C3 without P3"),
    ("joint", "joint.piles", put("figures", "full_value", 99.0),
     "the_joint_objective_is_the_weighted_sum_of_shares", "99"),
    ("years", "lots", put("phases", "1", "sites", []), "years_add_up_to_the_plan", "opens in no year"),
    ("years", "lots", put("phases", "1", "cost", 1.0), "every_year_spends_what_it_says_and_has", "cost of 1"),
    ("years", "lots", put("phases", "2", "objective", 1.0), "every_year_is_worth_what_it_says", "objective of 2"),
]  # fmt: skip


@pytest.mark.parametrize(("study", "programme", "change", "check", "said"), ENTRIES)
def test_a_changed_entry_is_found(study, programme, change, check, said, copied):
    out = copied(study)
    changed(out, programme, change)
    assert said in "\n".join(found(out)[check])


def edited(path, old, new):
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8-sig")


def layer(out, name, change):
    """plan.gpkg with one layer changed."""
    path = out / "plan.gpkg"
    names = [n for n, _ in pyogrio.list_layers(path) if n != "layer_styles"]
    layers = {n: pyogrio.read_dataframe(path, layer=n) for n in names}
    path.unlink()
    write_gpkg({n: change(table) if n == name else table for n, table in layers.items()}, path)


def cell(column, value, row=0):
    def change(table):
        table = table.copy()
        table[column] = table[column].astype(object)
        table.loc[row, column] = value
        return table.infer_objects()

    return change


def test_a_changed_cost_in_sites_csv_is_found(copied):
    out = copied("budget")
    table = pd.read_csv(out / "sites.csv", encoding="utf-8-sig")
    table.loc[0, "cost"] += 1
    table.to_csv(out / "sites.csv", index=False, encoding="utf-8-sig")
    said = found(out)["sites_csv_lists_what_was_decided"]
    assert len(said) == 1
    assert said[0].startswith("cost of b of free: the result says")


def test_a_site_that_is_not_listed_and_one_that_was_not_decided_on_are_found(copied):
    out = copied("budget")
    edited(out / "sites.csv", "free,b,", "free,a,")
    assert found(out)["sites_csv_lists_what_was_decided"] == [
        "a of free is listed and not decided on",
        "b of free is decided on and not listed",
    ]


def test_a_changed_number_in_summary_csv_is_found(copied):
    out = copied("budget")
    edited(out / "summary.csv", "110.0", "112.0")
    assert "of free in summary.csv: the result says 112, recomputed it is 110" in "".join(
        found(out)["summary_csv_says_what_the_result_says"]
    )


LAYERS = [
    ("budget", "free_sites", cell("cost", 7.0),
     "the_site_layer_says_what_the_result_says", "cost of a: the layer says 7"),
    ("budget", "free_sites", cell("chosen", True),
     "the_site_layer_says_what_the_result_says", "chosen of a: the layer says True"),
    ("budget", "free_sites", cell("reachable_weight", 1.0),
     "what_sites_reach_and_serve_is_as_told", "reachable_weight of a"),
    ("budget", "free_sites", lambda t: t.iloc[1:], "the_site_layer_has_every_site_of_the_study", "a is missing"),
    ("budget", "free_demand", cell("weight", 9.0), "the_demand_layer_agrees_with_the_allocation", "weight of"),
    ("budget", "free_demand", cell("served_share", 0.25),
     "the_demand_layer_agrees_with_the_allocation", "served_share of"),
    ("budget", "free_allocation", lambda t: t.iloc[1:],
     "places_are_served_by_the_best_open_site", "is served to 0.000000"),
    ("budget", "free_allocation", cell("amount", 1.0), "no_place_is_served_twice", "amount of"),
    ("budget", "free_allocation", cell("share", 2.0), "no_place_is_served_twice", "is served 2.000000 times"),
    ("ambulances", "four-million_allocation", cell("share", 0.25), "the_nearest_free_vehicle_answers", "share of"),
    ("one-way", "visit_allocation", cell("travel_m", 5.0),
     "places_are_served_by_open_sites_within_reach", "says 5, recomputed it is"),
    ("one-way", "visit_sites", lambda t: t.set_geometry(t.translate(1)),
     "layers_lie_where_the_study_has_them", "lies 1.00 m"),
    ("one-way", "visit_allocation", lambda t: t.set_geometry(t.translate(1)),
     "layers_lie_where_the_study_has_them", "does not join"),
    ("post", "eight_allocation", cell("amount", 1.0, row=4), "no_site_hands_on_more_than_it_gets", "hands on"),
    ("piles", "free_sites", cell("slow_units", 9), "the_site_layer_says_what_the_result_says", "slow_units of"),
    ("line", "anywhere_flows", cell("refuelled_share", 0.5), "flows_are_refuelled_as_they_can_be_driven", "50.0000%"),
    ("beds", "shared_allocation", cell("share", 0.1), "the_objective_is_what_the_plan_is_worth", "140"),
    ("shops", "one_allocation", cell("share", 0.9), "people_go_by_the_pull_of_sites", "says 0.9"),
]  # fmt: skip


@pytest.mark.parametrize(("study", "name", "change", "check", "said"), LAYERS)
def test_a_changed_layer_is_found(study, name, change, check, said, copied):
    out = copied(study)
    layer(out, name, change)
    assert said in "\n".join(found(out)[check])


@pytest.mark.parametrize("name", ["sites.csv", "summary.csv", "plan.gpkg", "report.html"])
def test_a_file_that_is_gone_is_found(name, copied):
    out = copied("budget")
    (out / name).unlink()
    assert found(out)["every_file_of_the_result_is_there"] == [f"{name} is missing"]


def test_a_report_of_something_else_is_found(copied):
    out = copied("budget")
    (out / "report.html").write_text("<html>something else</html>", encoding="utf-8")
    assert found(out)["the_report_tells_of_every_programme"] == [
        "free is not in report.html",
        "fair is not in report.html",
    ]


def test_a_changed_input_is_named_and_ends_it(copied):
    out = copied("budget")
    edited(out.parent / "study/places.csv", "50", "51")
    report = verify_result(out)
    assert report.stopped
    assert [v.details for v in report.failed] == [("places.csv has changed since the result was computed",)]


def test_going_on_despite_changes_says_what_they_change(copied):
    out = copied("budget")
    edited(out.parent / "study/sites.csv", "6000000", "6000001")
    faults = found(out, despite_changes=True)
    assert set(faults) == {
        "no_input_has_changed",
        "the_cost_is_what_the_plan_costs",
        "the_site_layer_says_what_the_result_says",
    }


def test_changes_that_the_hashes_were_made_to_fit_are_found_by_the_rest(copied):
    # somebody makes the budget larger in the study and writes the new hash into the result
    out = copied("budget")
    study = out.parent / "study/study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace("budget = 10e6", "budget = 20e6"), encoding="utf-8")
    changed(out, "", put("inputs", "study.toml", sha256_of(study)))
    faults = found(out)
    assert "says 10,000,000, recomputed it is 20,000,000" in "".join(faults["the_budget_is_the_studys_and_is_kept"])
    assert faults["no_plan_beats_the_bound"][0].startswith("the plan a, b, c keeps every rule and is worth")


def test_a_proof_that_was_made_up_is_found_by_trying_every_plan(copied):
    # a plan that is not the best, told as proven: all its numbers fit each other
    out = copied("budget")
    file = read_study(out.parent / "study", ["programmes.free.required=['a']", "solve.search_s=0"])
    write_result(solve_study(file, programmes=["free"]), out, maps=False)
    worse = json.loads((out / "result.json").read_text(encoding="utf-8"))["programmes"]["free"]
    assert worse["objective"] < 110
    changed(out, "", put("overrides", ["solve.search_s=0"]))
    faults = found(out)
    assert set(faults) == {
        "no_plan_beats_the_bound",
        "the_report_is_what_the_result_makes_of_it",
        "the_result_is_of_this_study",
        "the_site_layer_says_what_the_result_says",
        "what_was_joined_is_as_told",
    }
    assert faults["no_plan_beats_the_bound"] == [
        f"the plan b, c keeps every rule and is worth 110; the bound is {worse['bound']:g}"
    ]


def test_a_study_that_is_gone_can_be_named(copied):
    out = copied("budget")
    (out.parent / "study").rename(out.parent / "moved")
    with pytest.raises(StudyError, match="does not exist; it was moved; name it: --study"):
        verify_result(out)
    assert found(out, study=out.parent / "moved") == {}


def test_an_input_that_is_gone_is_named(copied):
    out = copied("budget")
    (out.parent / "study/places.csv").unlink()
    with pytest.raises(StudyError, match=r"places\.csv   is not there any more"):
        verify_result(out)


def command(*words):
    return CliRunner().invoke(siting, ["verify", *(str(word) for word in words)])


def test_the_command_ends_with_0_3_and_7(copied):
    out = copied("budget")
    ended = command(out)
    assert ended.exit_code == 0
    assert ended.stdout.splitlines()[-1].endswith("checks hold; 0 could not be made.")
    changed(out, "free", put("objective", 111.0))
    ended = command(out)
    assert ended.exit_code == 7
    assert "objective (people): the result says 111, recomputed it is 110" in ended.stdout
    (out.parent / "study/places.csv").unlink()
    assert command(out).exit_code == 3
    assert command(out.parent / "study").exit_code == 2


def test_the_command_lists_every_check_in_both_languages_and_as_json(copied):
    out = copied("budget")
    assert "free              the cost is what the plan costs" in command(out, "--all").stdout
    assert "成本与方案相符" in command(out, "--all", "--lang", "zh").stdout
    verdicts = json.loads(command(out, "--json", "-p", "free").stdout)
    assert {"part": "free", "check": "the_cost_is_what_the_plan_costs", "status": "holds", "details": []} in verdicts
    assert "fair" not in {v["part"] for v in verdicts}
    assert command(out, "-p", "fare").exit_code == 2


def test_what_fails_is_said_in_chinese_and_its_amounts_in_the_money_of_the_study(copied):
    out = copied("budget")
    edited(out.parent / "study/study.toml", "budget = 10e6", "budget = 9e6")
    said = command(out, "--despite-changes", "--lang", "zh").stdout
    assert "free：预算与研究一致且未超出——不成立\n  budget：结果为 10,000,000，重算为 9,000,000\n" in said
    assert "  方案造价 10,000,000 元；预算为 9,000,000 元\n" in said
    assert not re.search("[a-z]{2,} [a-z]{2,}", said), said
