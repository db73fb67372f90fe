"""Straight reach: what does not travel on roads."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from solver.errors import ExportError, StudyError
from solver.export.road_views import road_views
from solver.network.offroad import straight_lengths
from solver.solve import solve_study
from solver.study.read import read_study
from solver.study.schema import Reach

TEACHING = Path(__file__).parents[2] / "instances/teaching"


def test_lengths_are_straight_and_the_limit_counts_as_reached() -> None:
    demand, sites = np.array([[0.0, 0.0], [0.0, 8.0]]), np.array([[3.0, 4.0], [0.0, 0.0], [6.0, 8.0]])
    found = straight_lengths(demand, sites, 5.0)
    # the first place is 5 from the first site, 0 from the second and 10 from the third; the second 5, 8 and 6
    assert found.toarray().tolist() == [[5.0, 0.0, 0.0], [5.0, 0.0, 0.0]]
    assert found.nnz == 3  # a length of 0 is within reach


def test_nothing_to_nothing_is_empty() -> None:
    assert straight_lengths(np.empty((0, 2)), np.array([[0.0, 0.0]]), 5.0).shape == (0, 1)
    assert straight_lengths(np.array([[0.0, 0.0]]), np.array([[9.0, 0.0]]), 5.0).nnz == 0


def test_a_straight_reach_has_no_time() -> None:
    with pytest.raises(StudyError, match="mode straight knows no travel time; give limit_m in place of limit_min"):
        Reach(mode="straight", limit_min=5.0)


@pytest.fixture
def over_the_square(tmp_path):
    """The one-way square of the teaching studies, where radio is not held up by one-way streets."""
    shutil.copytree(TEACHING / "one-way", tmp_path / "square")
    text = (tmp_path / "square/study.toml").read_text(encoding="utf-8")
    (tmp_path / "square/study.toml").write_text(text.replace('mode = "drive"', 'mode = "straight"'), encoding="utf-8")
    return read_study(tmp_path / "square", ["solve.search_s=0"])


def test_one_mast_reaches_both_places_whatever_the_streets_allow(over_the_square) -> None:
    # B and D are both 1,000 m from A in a straight line: 30 + 50 people within 1,500 m
    result = solve_study(over_the_square)
    for programme in result.programmes.values():
        assert (programme.ended, programme.objective) == ("proven", 80)
        assert programme.figures["worst_travel_m"] == pytest.approx(1000)
        assert "off_road_m" not in programme.site_table


def test_what_is_reached_in_a_straight_line_has_no_routes(over_the_square) -> None:
    with pytest.raises(ExportError, match="no programme has open sites with a reach on roads"):
        road_views(over_the_square, solve_study(over_the_square), ["routes"])
