"""The teaching studies have the answers that their README works out by hand."""

from pathlib import Path

import pytest

from solver.solve import solve_study
from solver.study.read import read_study

TEACHING = Path(__file__).parent.parent / "instances/teaching"

ANSWERS = [
    ("overlap", (), "pair", 60, {"left", "right"}, 2e6),
    ("budget", (), "free", 110, {"b", "c"}, 10e6),
    ("budget", (), "fair", 90, {"a"}, 6e6),
    ("one-way", (), "visit", 50, {"at-A"}, 1e6),
    ("one-way", (), "ambulance", 50, {"at-C"}, 1e6),
]


@pytest.mark.parametrize("engine", ["highs", "cbc"])
@pytest.mark.parametrize(("study", "sets", "programme", "people", "sites", "cost"), ANSWERS)
def test_the_answer_is_the_one_found_by_hand(study, sets, programme, people, sites, cost, engine):
    file = read_study(TEACHING / study, [*sets, f"solve.engine={engine}"])
    result = solve_study(file, programmes=[programme]).programmes[programme]
    assert (result.ended, set(result.sites), result.cost_cny) == ("proven", sites, cost)
    assert result.objective == pytest.approx(people, abs=1e-6)
    assert result.figures["covered_weight"] == pytest.approx(people)


def test_a_floor_of_a_fifth_costs_eleven_million_and_there_are_ten():
    file = read_study(TEACHING / "budget", ["programmes.fair.floor_share=0.2"])
    result = solve_study(file, programmes=["fair"]).programmes["fair"]
    assert (result.ended, result.objective, result.sites) == ("infeasible", None, ())
    assert "costs at least 11,000,000 CNY; the budget is 10,000,000" in "\n".join(result.reasons)


def test_every_teaching_study_has_an_answer_here():
    studies = {path.parent.name for path in TEACHING.glob("*/study.toml")}
    assert {answer[0] for answer in ANSWERS} == studies
