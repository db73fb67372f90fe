"""Rules: the rows of each in full, and what each says of a plan that breaks it."""

import numpy as np
import pytest

from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.formulation import Rule, formulate
from models.lp_text import lp_text
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.rules import AtMostOneOf, Decided, GroupCount, MinimumUse, Needs, Spacing
from tests.models.median_truth import as_sparse

# four sites on a line at 0, 3, 4 and 9; the last one is there; s0 and s1 belong to the city
STATUS = np.array([0, 0, 0, 1])
XY = np.array([[0.0, 0], [3, 0], [4, 0], [9, 0]])
OWNER = ("city", "city", "rail", "rail")


def problem(status: np.ndarray = STATUS, xy: np.ndarray | None = XY) -> SitingProblem:
    sites = Sites.of([f"s{j}" for j in range(4)], status=status, xy=xy, group=["n", "n", "n", "s"])
    return SitingProblem.dense(sites, Demand.of(["d"]), np.ones((1, 4)), unit="m")


def rows_of(rule: Rule, status: np.ndarray = STATUS) -> list[str]:
    """The rule's own rows as text."""
    text = lp_text(formulate(MaxCover(problem(status)), (rule,))[1]).splitlines()
    first = next(i for i, line in enumerate(text) if line == "Subject To") + 1
    return [line.strip() for line in text[first : text.index("Bounds")] if not line.startswith(" covered_only")]


GOLDEN: list[tuple[Rule, list[str]]] = [
    (
        GroupCount(1, "at most", OWNER, "owner"),
        [
            "new_sites_of_a_group_of_owner_at_most[city]: +1 open[s0] +1 open[s1] <= 1",
            "new_sites_of_a_group_of_owner_at_most[rail]: +1 open[s2] <= 1",
        ],
    ),
    (
        GroupCount({"rail": 2}, "exactly", OWNER, "owner", "open"),
        ["open_sites_of_a_group_of_owner_exactly[rail]: +1 open[s2] +1 open[s3] = 2"],
    ),
    (
        GroupCount(1, "at least"),
        ["new_sites_of_a_district_at_least[n]: +1 open[s0] +1 open[s1] +1 open[s2] >= 1"],
    ),
    (
        Spacing(4.0),  # 0 and 3, 3 and 4; exactly 4 apart is far enough
        [
            "new_sites_keep_their_distance[s0__s1]: +1 open[s0] +1 open[s1] <= 1",
            "new_sites_keep_their_distance[s1__s2]: +1 open[s1] +1 open[s2] <= 1",
        ],
    ),
    (
        Spacing(5.5, from_existing=True),  # s0, s1 and s2 are all within 5.5 of one another; s3 is 5 from s2
        [
            "new_sites_keep_their_distance[s0__s1__s2]: +1 open[s0] +1 open[s1] +1 open[s2] <= 1",
            "new_sites_keep_their_distance[s2__s3]: +1 open[s2] +1 open[s3] <= 1",
        ],
    ),
    (
        AtMostOneOf((("s0", "s2"),), "forbidden_pairs"),
        ["at_most_one_of_a_set_forbidden_pairs[s0__s2]: +1 open[s0] +1 open[s2] <= 1"],
    ),
    (Needs((("s0", "s2"),)), ["opens_only_with_what_it_needs[s0_without_s2]: +1 open[s0] -1 open[s2] <= 0"]),
    (Decided(("s1",), True, "required"), ["required_sites_are_open[s1]: +1 open[s1] >= 1"]),
    (Decided(("s1",), False, "forbidden"), ["forbidden_sites_are_closed[s1]: +1 open[s1] <= 0"]),
]


@pytest.mark.parametrize(("rule", "rows"), GOLDEN)
def test_the_rows_of_a_rule_read_as_it_does(rule: Rule, rows: list[str]) -> None:
    assert rows_of(rule) == rows


def test_closable_sites_that_stay_keep_new_ones_away_too() -> None:
    # s3 may close at last: then s2 may open
    assert rows_of(Spacing(5.5, from_existing=True), np.array([3, 3, 0, 5])) == [
        "new_sites_keep_their_distance[s2__s3]: +1 open[s2] +1 open[s3] <= 1"
    ]


ALL = Plan(open=np.ones(4, dtype=bool), served=as_sparse(np.array([[1.0, 0, 0, 0]])))
BROKEN: list[tuple[Rule, list[str]]] = [
    (
        GroupCount(1, "at most", OWNER, "owner"),
        ["city has 2 new sites; at most 1 are asked for (group_rules.owner.at_most)"],
    ),
    (
        GroupCount(1, "exactly", OWNER, "owner", "open"),
        [
            "city has 2 open sites; exactly 1 are asked for (group_rules.owner.exactly.open)",
            "rail has 2 open sites; exactly 1 are asked for (group_rules.owner.exactly.open)",
        ],
    ),
    (
        Spacing(5.5, from_existing=True),
        [
            "s0 and s1 are 3 m apart; at least 5.5 is asked for (spacing_m)",
            "s0 and s2 are 4 m apart; at least 5.5 is asked for (spacing_m)",
            "s1 and s2 are 1 m apart; at least 5.5 is asked for (spacing_m)",
            "s2 and s3 are 5 m apart; at least 5.5 is asked for (spacing_m)",
        ],
    ),
    (AtMostOneOf((("s0", "s2"),)), ["s0 and s2 are open together (at_most_one_of)"]),
    (Decided(("s1",), False, "forbidden"), ["s1 is open (forbidden)"]),
    (
        MinimumUse(np.array([2.0, 0.0, 1.0, 0.0])),
        [
            "s0 serves 1; at least 2 is asked for (minimum_use)",
            "s2 serves 0; at least 1 is asked for (minimum_use)",
        ],
    ),
]


@pytest.mark.parametrize(("rule", "faults"), BROKEN)
def test_a_plan_that_breaks_a_rule_is_told_where(rule: Rule, faults: list[str]) -> None:
    given = problem()
    assert rule.violations(given.sites, given.demand, ALL, 0.0) == faults


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (GroupCount(2, "at least", OWNER, "owner"), "too few candidates in a group: rail has 1, 2 are asked for"),
        (GroupCount(1, "at most", OWNER[:3], "owner"), "has 3 groups; there are 4 sites"),
        (GroupCount({"w": 1}, "at most"), "at_most_per_group names w; the sites' districts are n, s"),
        (GroupCount({"s": 1}, "at least"), "too few candidates in a district: s has 0, 1 are asked for"),
        (GroupCount(1, "at most", ("",) * 4, "owner"), "at_most needs a group for the sites; column owner is empty"),
        (MinimumUse(1.0), "minimum_use needs a model that assigns demand to sites; max-cover does not"),
        (Decided(("s9",), True, "required"), "required names s9, which are not sites of the programme"),
        (Needs((("s9", "s0"),)), "needs names s9, which are not sites of the programme"),
    ],
)
def test_a_rule_that_cannot_be_stated_is_refused(rule: Rule, text: str) -> None:
    with pytest.raises(ProblemError, match=text):
        formulate(MaxCover(problem()), (rule,))


def test_a_district_without_candidates_has_no_new_sites_to_count() -> None:
    # s3, the only site of the south, is there already
    assert rows_of(GroupCount({"s": 1}, "at most")) == ["new_sites_of_a_district_at_most[s]: 0 <= 1"]
    assert rows_of(GroupCount(1, "at most"), status=np.ones(4, dtype=int)) == []


def test_spacing_without_places_is_refused() -> None:
    with pytest.raises(ProblemError, match="needs the coordinates of the sites"):
        formulate(MaxCover(problem(xy=None)), (Spacing(3.0),))


def test_words_of_rules() -> None:
    assert GroupCount(1, "at most", OWNER, "owner").describe() == (
        "at most 1 new site in every group of column owner (group_rules.owner.at_most)"
    )
    assert GroupCount({"rail": 2}, "at least", OWNER, "owner", "open").describe() == (
        "at least so many open sites in a group of column owner: rail 2 (group_rules.owner.at_least.open)"
    )
    assert Spacing(300.0, from_existing=True).describe() == (
        "new sites at least 300 m from one another and from existing ones (spacing_m)"
    )
    assert Needs((("a", "b"),)).describe() == "a only with b (needs)"
    assert MinimumUse(3.0).describe() == "every open site serves at least 3 (minimum_use)"
    assert Decided(("a", "b"), True, "required").describe() == "a, b open (required)"
