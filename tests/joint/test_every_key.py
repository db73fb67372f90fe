"""Every key of a programme in a portfolio: kept, with the joint plan it makes, or refused by its name.

Within 7 million the joint plan of `small` is P1 and C2, 0.8 + 0.4. Without P1 it is C1 and C3, 1.0; two of the cheap
lots and C2 and C3 make 0.9.
"""

import pytest

from solver.errors import StudyError
from solver.solve import solve_study
from solver.study.read import read_study
from solver.study.schema import Programme
from tests.joint.small import JOINT, LOTS, PILES, write

KEPT = {
    "open": ("2", 0.9),
    "open_at_least": ("2", 0.9),
    "open_at_most": ("0", 1.0),
    "required": ('["P2"]', 0.9),
    "forbidden": ('["P1"]', 1.0),
    "existing_sites": ('["P3"]', 1.4),
    "closable": ('["P3"]', 1.4),
    "at_least_per_group": ("1", 0.9),
    "at_most_per_group": ("0", 1.0),
    "group_rules": ('[{ column = "district", at_most = 0 }]', 1.0),
    "money_share_per_group": ("0.0", 1.0),
    "floor_share": ("0.2", 0.9),  # P3 for the south, P2 covers a quarter of the north
    "needs": ('[["P1", "P3"]]', 1.0),  # both cost 8.5 million
    "budget": ("1e6", 1.2),  # gives way to the joint one, unless keep_budget says otherwise
    "decay": ("{ full_m = 50 }", 1.04),  # every way is 100 m, a fifth of the way from 50 to 300: 0.8 of 0.8, and 0.4
    "backup": ("2", 1.0),  # n2 alone has two lots in reach: 0.2 for 8.5 million
}
"""Key -> value for the lots, worth of the joint plan."""
RICHER = {"at_most_one_of": '[["P1", "P3"]]', "forbidden_pairs": '[["P1", "P3"]]'}
"""Rules that bind with 9.5 million: P1, C2 and C3 are worth 1.3, with P3 in place of C3 1.4."""
REFUSED = {
    "assignment": '"nearest"',
    "competitors": '["P1"]',
    "minimum_use": "1",
    "sizes": "{ one = { capacity = 1, max_per_site = 1 } }",
    "sizes_total": "1",
    "impedance": '{ shape = "power" }',
    "piles": "{ kinds = { slow = { power_kw = 7, energy_kwh_per_day = 9, cost = 1, max_per_site = 1 } } }",
    "vehicles": "{ busy = 0.5, max_per_site = 2 }",
    "flows": '{ file = "f.csv", terminals = { file = "t.csv" } }',
    "vehicle": "{ range_km = 100 }",
    "tiers": '[{ name = "a", file = "lots.csv", id = "id" }]',
    "nested": "true",
    "objective": '"coverage"',
    "unreachable": '"leave_out"',
    "single_source": "true",
    "market": "{}",
    "transport_per_km": "1",
    "transport_per_min": "1",
    "objective_order": '["floor", "coverage"]',
    "alternatives": "{}",
    "marginals": "true",
    "phasing": '{ years = [{ name = "2026" }] }',
    "engine": '"cbc"',
    "time_limit_s": "9",
    "gap": "0.1",
    "decompose": "true",
}
PLACED = {"spacing_m": "5", "spacing_from_existing": "true", "exclusion": '[{ file = "no.geojson", distance_m = 5 }]'}
"""Keys that need places on a map, which these tables have not: refused here, kept in the rules' own tests."""
ELSEWHERE = {
    "model": "test_a_programme_that_minimises_is_refused_with_the_reason",
    "title": "no part of the plan",
    "title_zh": "no part of the plan",
    "demand": "all tests of portfolios",
    "sites": "all tests of portfolios",
    "reach": "all tests of portfolios",
    "existing": "test_what_was_covered_before_is_no_gain",
    "order_tolerance": "needs objective_order, which is refused",
}


def _solved(folder, key, value, *, sets=()):
    lots = LOTS.replace('"max-cover"\n', f'"max-cover"\n{key} = {value}\n')
    return solve_study(read_study(write(folder, lots, PILES, JOINT), sets)).programmes


def test_every_key_of_the_schema_is_here():
    assert set(Programme.model_fields) == {*KEPT, *RICHER, *REFUSED, *PLACED, *ELSEWHERE}


@pytest.mark.parametrize("key", KEPT)
def test_a_key_that_a_joint_plan_keeps_makes_the_plan_it_should(tmp_path, key):
    value, worth = KEPT[key]
    assert _solved(tmp_path, key, value)["joint"].objective == pytest.approx(worth)


@pytest.mark.parametrize("key", RICHER)
def test_pairs_and_sets_of_lots_that_exclude_each_other(tmp_path, key):
    sets = ["portfolio.joint.budget=9.5e6"]
    assert _solved(tmp_path, key, "[]", sets=sets)["joint"].objective == pytest.approx(1.4)
    assert _solved(tmp_path, key, RICHER[key], sets=sets)["joint"].objective == pytest.approx(1.3)


@pytest.mark.parametrize(("key", "value"), REFUSED.items())
def test_a_key_that_a_joint_plan_cannot_keep_is_refused_by_name(tmp_path, key, value):
    with pytest.raises(StudyError, match=rf"\b{key}\b"):
        _solved(tmp_path, key, value)


@pytest.mark.parametrize(("key", "value"), [(k, v) for k, v in PLACED.items() if k != "spacing_from_existing"])
def test_a_key_that_needs_places_asks_for_them(tmp_path, key, value):
    with pytest.raises(StudyError, match="programmes.lots.sites   lots.csv has no geometry; name its columns"):
        _solved(tmp_path, key, value)


def test_how_a_member_is_solved_gives_way_to_what_the_portfolio_says(tmp_path):
    with pytest.raises(StudyError, match="1 fault") as refused:
        _solved(tmp_path, "gap", "0.1")
    assert str(refused.value).endswith(
        "portfolio.joint.programmes.lots   has gap = 0.1, which holds where it runs alone; "
        "say gap of the joint plan in portfolio.joint, or take it out"
    )
    assert _solved(tmp_path, "gap", "0.1", sets=["portfolio.joint.gap=0"])["joint"].objective == pytest.approx(1.2)
