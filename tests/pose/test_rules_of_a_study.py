"""Rules as a study writes them: what they do to a plan, and the full text of every refusal."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.problem import SiteStatus
from solver.errors import StudyError
from solver.solve import solve_study
from solver.study.read import read_study
from tests.rules_study import SITES, inputs_of, solved, write_study

EXCLUSION = """
[[programmes.p.exclusion]]
file = "housing.geojson"
distance_m = 40
id = "name"
"""


def chosen(folder: Path, rules: str, **options: object) -> tuple[set[str], float | None]:
    result = solved(folder, rules, **options)
    assert result.ended == "proven"
    return set(result.sites), result.objective


def refused(folder: Path, rules: str, **options: object) -> str:
    with pytest.raises(StudyError) as error:
        solved(folder, rules, **options)
    return str(error.value)


def test_without_rules_everything_is_covered(tmp_path: Path) -> None:
    assert solved(tmp_path, "open = 2").objective == 28  # A (a, b), C (c) and E, which is there (d)


def test_at_most_one_site_of_an_owner(tmp_path: Path) -> None:
    # two of the city's three sites A, B, D may not open: A, C, E cover all; without C the city alone gives 18 + 4
    rules = 'forbidden = ["C"]\nopen = 2\n[[programmes.p.group_rules]]\ncolumn = "owner"\nat_most = {city = 1}'
    assert "open asks for 2" not in refused_or_infeasible(tmp_path, rules)
    rules = 'open_at_most = 2\n[[programmes.p.group_rules]]\ncolumn = "owner"\nat_most = 1\nat_least = {rail = 1}'
    assert chosen(tmp_path, rules) == ({"A", "C"}, 28)


def refused_or_infeasible(folder: Path, rules: str) -> str:
    result = solved(folder, rules)
    assert result.ended == "infeasible"
    return "\n".join(result.reasons)


def test_a_group_of_all_open_sites_counts_existing_ones(tmp_path: Path) -> None:
    # four lots of land 4, 3, 2, 2 and the existing one on 1: exactly one open site in group "1" is E itself
    rules = '[[programmes.p.group_rules]]\ncolumn = "land"\nexactly = {1 = 1, 2 = 1}\ncounts = "open"'
    sites, worth = chosen(tmp_path, rules)
    assert len(sites & {"A", "B"}) == 1
    assert worth == 28


def test_groups_that_do_not_exist_are_named(tmp_path: Path) -> None:
    assert refused(tmp_path, '[[programmes.p.group_rules]]\ncolumn = "owner"\nat_most = {town = 1}') == (
        "programmes.p   group_rules.owner.at_most names town; the groups in column owner are city, rail"
    )
    text = refused(tmp_path, '[[programmes.p.group_rules]]\ncolumn = "ownr"\nat_most = 1')
    assert "programmes.p" in text
    assert "sites has no column ownr; did you mean owner?" in text


def test_too_few_sites_in_a_group_are_told_in_numbers(tmp_path: Path) -> None:
    assert refused(tmp_path, '[[programmes.p.group_rules]]\ncolumn = "owner"\nat_least = {rail = 2}') == (
        "programmes.p   group_rules.owner.at_least: too few candidates in a group: rail has 1, 2 are asked for"
    )


def test_new_sites_keep_away_from_existing_ones_where_asked(tmp_path: Path) -> None:
    # D lies 250 m from E; without C everything new in the east is D
    rules = 'required = ["D"]\nspacing_m = 240'
    assert chosen(tmp_path, rules)[1] == 22  # A and D are far apart; C lies within 240 m of D
    lines = refused_or_infeasible(tmp_path, 'required = ["D"]\nspacing_m = 260\nspacing_from_existing = true')
    assert "260" in lines


def test_candidates_near_an_excluded_layer_are_forbidden_and_it_is_said_why(tmp_path: Path) -> None:
    # North Court reaches from x = 60 to 100, 30 m above the line: B (at 100) is 30 m away, A is hypot(60, 30) = 67 m;
    # the Mill from 440 to 480: D is 30 m away. Both are nearer than 40 m.
    result = solved(tmp_path, EXCLUSION)
    assert result.figures["excluded_sites"] == 2
    assert set(result.figures["excluded"]) == {"B", "D"}
    assert result.site_table is not None
    why = dict(zip(result.site_table.site_id, result.site_table.excluded_because, strict=True))
    assert why["B"] == "30 m from North Court of housing.geojson; at least 40 m"
    assert why["D"] == "30 m from Mill of housing.geojson; at least 40 m"
    assert [site for site, text in why.items() if pd.isna(text)] == ["A", "C", "E"]
    assert set(result.sites) <= {"A", "C"}


def test_only_the_features_that_count_exclude_and_existing_sites_stay(tmp_path: Path) -> None:
    inputs = inputs_of(tmp_path, EXCLUSION.replace("40", "300") + 'where = {kind = "works"}')
    assert set(inputs.excluded) == {"C", "D"}  # 190 m and 30 m from the Mill; E, 222 m away, is there already
    assert "row 1" not in str(inputs.excluded["C"])
    assert inputs.sites.status[4] == SiteStatus.EXISTING


def test_at_the_distance_itself_a_site_may_open(tmp_path: Path) -> None:
    assert inputs_of(tmp_path, EXCLUSION.replace("40", "30")).excluded == {}


def test_a_required_site_that_an_exclusion_forbids_is_a_fault(tmp_path: Path) -> None:
    text = refused(tmp_path, 'required = ["B"]' + EXCLUSION)
    assert "programmes.p.exclusion.0   forbids required sites: B (30 m from North Court of housing.geojson" in text
    assert "require others, or keep less distance" in text


def test_lists_set_the_status_of_single_sites(tmp_path: Path) -> None:
    inputs = inputs_of(tmp_path, 'required = ["A"]\nforbidden = ["B"]\nexisting_sites = ["C"]\nclosable = ["E"]')
    expected = [SiteStatus.REQUIRED, SiteStatus.FORBIDDEN, SiteStatus.EXISTING, SiteStatus.CANDIDATE]
    assert np.array_equal(inputs.sites.status, [*map(int, expected), int(SiteStatus.CLOSABLE)])


def test_lists_that_contradict_a_layer_or_each_other_are_faults(tmp_path: Path) -> None:
    text = refused(tmp_path, 'required = ["E", "A"]\nforbidden = ["A"]\nclosable = ["F"]')
    assert "programmes.p.required   E is existing in its layer; it is there already; `closable` lets it close" in text
    assert "programmes.p.required   A is in `forbidden` as well; take it out of one of the lists" in text
    assert "programmes.p.closable   F is not a site" in text


def test_a_closed_site_costs_its_closing(tmp_path: Path) -> None:
    sites = SITES.replace("land\n", "land,closing\n").replace("2\n", "2,0\n").replace("3\n", "3,0\n")
    sites = sites.replace("candidate,4\n", "candidate,4,0\n").replace("existing,1\n", "existing,1,3\n")
    rules = 'closable = ["E"]\nbudget = 3\n[[programmes.p.group_rules]]\ncolumn = "owner"\nat_most = 9'
    result = solved(tmp_path, rules, sites=sites)
    assert result.kept_sites == ("E",)  # closing E costs 3 and gains nothing
    assert result.cost == 0


def test_rules_that_a_model_cannot_keep_are_refused_with_those_that_can(tmp_path: Path) -> None:
    text = refused(tmp_path, 'minimum_use = 3\ncompetitors = ["B"]\nsingle_source = true')
    assert text.splitlines() == [
        "programmes.p.minimum_use   max-cover does not take it: it needs a model that assigns demand to sites "
        "(capacitated-cover, p-median, fixed-charge, charging, hierarchical)",
        "programmes.p.single_source   max-cover does not take it: it needs a model that assigns places "
        "(capacitated-cover, p-median, fixed-charge, hierarchical)",
        "programmes.p.competitors   max-cover does not take it: it needs a model in which others compete "
        "(market-share)",
    ]
    assert "floor_share   set-cover does not take it: it needs a model that covers some places" in refused(
        tmp_path, "floor_share = 0.5", model="set-cover"
    )


def test_a_competitor_in_the_layer_is_refused_where_nobody_competes(tmp_path: Path) -> None:
    assert refused(tmp_path, "", sites=SITES.replace("existing", "competitor")) == (
        "programmes.p   max-cover does not take competitors (E): it needs a model in which others compete "
        "(market-share)"
    )


def test_a_capacity_that_would_say_nothing_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "", sets=["programmes.p.sites.capacity=capacity"]) == (
        "programmes.p.sites.capacity   max-cover does not take it: its sites serve without limit "
        "(capacitated-cover, p-median, fixed-charge, charging, hierarchical)"
    )


def test_pairs_and_steps_are_lists_in_a_study(tmp_path: Path) -> None:
    # A, B not together and C only with B: B, C and D reach b, c, d, and A's place a is lost
    rules = 'forbidden_pairs = [["A", "B"]]\nneeds = [["C", "B"]]\nrequired = ["C"]'
    assert chosen(tmp_path, rules)[1] == 18
    # half beyond 50 m: A covers a and half of b, E half of d
    rules = 'open = 1\nrequired = ["A"]\ndecay = {shape = "steps", steps = [[50, 1.0], [100, 0.5]]}'
    assert chosen(tmp_path, rules)[1] == 10 + 4 + 2


@pytest.mark.parametrize(
    ("decay", "text"),
    [
        ("full_min = 1", "decay.full_min   does not fit a reach in m; use full_m"),
        ("full_m = 1, full_min = 1", "has both full_m and full_min; keep the one that the reach has"),
        ("full_m = 10, rate = 2", "shape `linear` has no rate; exponential, gaussian and power do"),
        (
            'shape = "steps", steps = [[50, 1.0]], full_m = 10',
            "shape `steps` has no full_m or full_min; the first step says up to where all is covered",
        ),
        (
            'shape = "steps", steps = [[100, 1.0], [50, 0.5]]',
            "has steps whose share rises with distance; a farther step must not cover more",
        ),
    ],
)
def test_keys_of_a_decay_that_would_say_nothing_are_refused(tmp_path: Path, decay: str, text: str) -> None:
    assert text in refused(tmp_path, f"decay = {{ {decay} }}")


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (
            'at_most_one_of = [["A", "A"]]',
            "at_most_one_of needs two or more different sites in every set; not so in [A, A]",
        ),
        ('needs = [["A", "A"]]', "needs needs two or more different sites in every set; not so in [A, A]"),
        ('forbidden_pairs = [["A", "X"]]', "forbidden_pairs names X, which are not sites of the programme"),
        ("spacing_from_existing = true", "spacing_from_existing needs spacing_m"),
        ('[[programmes.p.group_rules]]\ncolumn = "owner"', "needs one of at_least, at_most and exactly"),
    ],
)
def test_rules_without_sense_are_refused(tmp_path: Path, rules: str, text: str) -> None:
    assert text in refused(tmp_path, rules)


def test_least_use_by_column(tmp_path: Path) -> None:
    # capacitated: C would serve the 6 of c, its land says at least 3; A and B at least 2, E at least 1
    assert chosen(tmp_path, 'minimum_use = "land"\nopen = 3', model="capacitated-cover")[1] == 28
    # D must serve 4 and E 1 of the 4 people of d: never both
    assert solved(tmp_path, 'minimum_use = "land"\nopen = 4', model="capacitated-cover").ended == "infeasible"
    # 7 for every site: C (6 people in reach) and D (4) cannot open; existing E (4) is open and never used enough
    assert solved(tmp_path, "minimum_use = 7", model="capacitated-cover").ended == "infeasible"


def changed(folder: Path, rules: str, old: str, new: str) -> str:
    """What is said of the study with some of its lines replaced."""
    path = write_study(folder, rules).path
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(StudyError) as error:
        solve_study(read_study(path))
    return str(error.value)


def test_layers_of_an_exclusion_need_one_system(tmp_path: Path) -> None:
    text = changed(tmp_path, EXCLUSION, 'name = "line"\ncrs = "EPSG:4547"', 'name = "line"')
    assert "programmes.p.exclusion   needs one system for all layers; set study.crs, for example EPSG:4547" in text


@pytest.mark.parametrize("rules", ["spacing_m = 100", EXCLUSION])
def test_distances_need_places_also_where_travel_is_a_matrix(tmp_path: Path, rules: str) -> None:
    text = changed(tmp_path, rules, 'x = "x"\ny = "y"\n', "")
    assert "programmes.p.sites   sites.csv has no geometry; name its columns: x = ..., y = ..., crs = ..." in text
