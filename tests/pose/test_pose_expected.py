"""Posing expected covering: what the study must say, and what its results say of coverage."""

import pytest

from solver.errors import StudyError
from solver.solve import solve_study
from solver.study.read import read_study
from tests.cli.test_teaching import TEACHING


def test_a_study_without_vehicles_is_told_what_to_say():
    file = read_study(TEACHING / "overlap", ["programmes.pair.model=expected-cover"])
    with pytest.raises(StudyError) as told:
        solve_study(file, programmes=["pair"])
    assert str(told.value) == (
        "programmes.pair.vehicles   is missing; say under vehicles how often one is busy and how many a site takes"
    )


@pytest.mark.parametrize("busy", ["1.0", "-0.1"])
def test_vehicles_are_busy_some_of_the_time(busy):
    with pytest.raises(StudyError, match="programmes.quiet.vehicles.busy"):
        read_study(TEACHING / "ambulances", [f"programmes.quiet.vehicles.busy={busy}"])


def test_results_say_that_coverage_is_expected_and_which_vehicles_are_there():
    figures = solve_study(read_study(TEACHING / "ambulances"), programmes=["one-is-there"]).programmes["one-is-there"]
    assert figures.figures["vehicles_there"] == 1
    assert "covered is expected: the share of calls that find a free vehicle" in str(
        figures.figures["coverage_convention"]
    )


def test_a_total_that_fits_nowhere_is_among_the_reasons():
    # two sites of two vehicles each cannot take five
    file = read_study(TEACHING / "ambulances", ["programmes.quiet.vehicles.total=5"])
    result = solve_study(file, programmes=["quiet"]).programmes["quiet"]
    assert result.ended == "infeasible"
    assert any("exactly 5 vehicles in all (vehicles.total)" in str(reason) for reason in result.reasons), result.reasons
