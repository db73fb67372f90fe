"""The teaching studies have the answers that their README works out by hand."""

from pathlib import Path

import pytest

from solver.export.summary import decided_sites
from solver.pose.catalogue import MODELS
from solver.solve import solve_study
from solver.study.read import read_study

TEACHING = Path(__file__).parents[2] / "instances/teaching"

ANSWERS = [
    ("overlap", "pair", 60, {"left", "right"}, 2e6),
    ("budget", "free", 110, {"b", "c"}, 10e6),
    ("budget", "fair", 90, {"a"}, 6e6),
    ("one-way", "visit", 50, {"at-A"}, 1e6),
    ("one-way", "ambulance", 50, {"at-C"}, 1e6),
    ("everyone", "fewest", 2, {"west", "east"}, 10e6),
    ("everyone", "cheapest", 6e6, {"middle", "first", "last"}, 6e6),
    ("ambulances", "never-busy", 130, {"fire-station", "school"}, 2e6),
    ("ambulances", "quiet", 104, {"fire-station", "school"}, 2e6),
    ("ambulances", "busy", 75, {"fire-station"}, 1e6),
    ("ambulances", "four-million", 102.5, {"fire-station", "school"}, 4e6),
    ("ambulances", "half-a-million-more", 113.75, {"pass"}, 4.5e6),
    ("ambulances", "one-is-there", 97.5, set(), 0),
    ("beds", "shared", 140, {"X", "Y"}, 2e6),
    ("beds", "whole", 110, {"X", "Y"}, 2e6),
    ("beds", "wards", 140, {"X", "Y"}, 14e6),
    ("street", "near", 230 * 60, {"at0"}, 1e6),
    ("street", "nobody-far", 8 * 60, {"at2"}, 1e6),
    ("street", "as-many-as-pay", 2.3e6, {"at0", "at10"}, 2.3e6),
    ("street", "apart", 2000, {"at0", "at2", "at10"}, 3e6),
    ("piles", "free", 600, {"mall", "home"}, 100e3),
    ("piles", "mostly-slow", 390, {"mall", "home"}, None),  # an eleventh slow pile fits the budget and serves nobody
    ("line", "anywhere", 130, {"node-1"}, 1e7),
    ("line", "at-the-end", 30, {"node-0"}, 1e7),
    ("line", "further-on", 100, {"node-2"}, 1e7),
    ("post", "seven", 70, {"K2", "S2"}, 7e6),
    ("post", "eight", 100, {"K2", "S1", "S2"}, 8e6),
    ("shops", "one", 58, {"Y"}, 1e6),
    ("shops", "two", 90 * 5 / 13 + 72 * 5 / 7, {"X", "Y"}, 2e6),
    ("shops", "half", 2, {"X", "Y"}, 2e6),
    ("purse", "lots", 60, {"A"}, 6e6),
    ("purse", "piles", 50, {"C"}, 5e6),
    ("purse", "joint", 0.9, {"lots/A", "lots/B"}, 10e6),
    ("purse", "fair", 0.8, {"lots/B", "piles/C"}, 9e6),
    ("purse", "linked", 0.6, {"lots/B", "piles/D"}, 9e6),
    ("years", "steady", 45 + 85, {"Q", "R"}, 10e6),
    ("years", "in-the-end", 4 * 100, {"P"}, 10e6),
    ("years", "not-saved", 45 + 4 * 85, {"Q", "R"}, 10e6),
]
"""Study, programme, objective, chosen sites, cost in CNY (None: several plans of the same worth cost differently)."""
COVERED = {"max-cover", "expected-cover", "capacitated-cover", "charging", "hierarchical"}
"""Models whose objective is what they cover."""


def solved(study, programme, sets=()):
    return solve_study(read_study(TEACHING / study, sets), programmes=[programme]).programmes[programme]


@pytest.mark.parametrize("engine", ["highs", "cbc"])
@pytest.mark.parametrize(("study", "programme", "objective", "sites", "cost"), ANSWERS)
def test_the_answer_is_the_one_found_by_hand(study, programme, objective, sites, cost, engine):
    result = solved(study, programme, [f"solve.engine={engine}"])
    assert (result.ended, set(result.sites)) == ("proven", sites)
    assert result.objective == pytest.approx(objective, abs=1e-6)
    assert cost is None or result.cost == pytest.approx(cost)
    if result.model in COVERED and not result.phases:
        assert result.figures["covered_weight"] == pytest.approx(objective)


def test_numbers_of_units_are_those_found_by_hand():
    assert solved("beds", "wards").units == {"X": {"ward": 2}, "Y": {"ward": 1}}
    free = solved("piles", "free").units
    assert free["mall"]["fast"] == 1
    assert solved("ambulances", "busy").units == {"fire-station": {"vehicles": 2}}
    assert solved("ambulances", "four-million").units == {"fire-station": {"vehicles": 3}, "school": {"vehicles": 1}}
    assert solved("ambulances", "one-is-there").units == {"pass": {"vehicles": 1}}
    assert sum(kinds.get("slow", 0) for kinds in free.values()) == 3


@pytest.mark.parametrize(("study", "programme"), [("beds", "wards"), ("piles", "free"), ("beds", "shared")])
def test_the_money_of_the_listed_sites_adds_up_to_the_cost_of_the_plan(study, programme):
    result = solve_study(read_study(TEACHING / study), programmes=[programme])
    sites = decided_sites(result)
    money = [c for c in ("cost", "units_cost") if c in sites.columns]
    assert sites[money].to_numpy().sum() == pytest.approx(result.programmes[programme].cost)
    assert len(money) == 1 + (programme != "shared")


def test_the_station_at_the_end_refuels_nothing_of_the_full_trip():
    # the 30 it refuels are those of the short trip
    shares = {name: solved("line", name).figures["refuelled_share"] for name in ("at-the-end", "further-on")}
    assert shares == pytest.approx({"at-the-end": 30 / 130, "further-on": 100 / 130})


def test_a_floor_of_a_fifth_costs_eleven_million_and_there_are_ten():
    file = read_study(TEACHING / "budget", ["programmes.fair.floor_share=0.2"])
    result = solve_study(file, programmes=["fair"]).programmes["fair"]
    assert (result.ended, result.objective, result.sites) == ("infeasible", None, ())
    assert "costs at least 11,000,000 CNY; the budget is 10,000,000" in "\n".join(result.reasons)


def test_every_programme_of_every_teaching_study_has_an_answer_here_and_a_heading_in_the_readme():
    files = [read_study(path) for path in sorted(TEACHING.glob("*/study.toml"))]
    programmes = {(f.path.parent.name, name) for f in files for name in (*f.study.programmes, *f.study.portfolio)}
    assert {answer[:2] for answer in ANSWERS} == programmes
    readme = (TEACHING / "README.md").read_text(encoding="utf-8")
    assert all(f"## {study}: " in readme for study, _ in programmes)
    assert all(f"`{name}`" in readme for _, name in programmes if name != "pair")


def test_years_open_one_after_the_other_or_wait():
    opened = {
        name: [told["sites"] for told in solved("years", name).phases.values()] for name in ("steady", "in-the-end")
    }
    assert opened == {"steady": [["Q"], ["R"]], "in-the-end": [[], ["P"]]}


def test_every_model_and_portfolios_and_years_have_a_teaching_study():
    files = [read_study(path) for path in TEACHING.glob("*/study.toml")]
    taught = {programme.model for file in files for programme in file.study.programmes.values()}
    assert any(file.study.portfolio for file in files)
    assert any(programme.phasing for file in files for programme in file.study.programmes.values())
    assert taught == set(MODELS)
