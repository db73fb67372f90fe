"""Why a study has no plan: the smallest set of rules and what would set it free, in full, rule by rule."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.formulation import Rule, formulate
from models.placed import resited
from models.rules import AtMostOneOf, Budget, Count
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.postoptimal import reasons
from solver.postoptimal.infeasibility import Change, explain
from tests.models.matrix import CASES, Case
from tests.models.test_worst_district import two_districts
from tests.rules_study import SITES, solved

# Sites A, B in the west (cost 4, 5), C, D in the east (6, 7), E in the east (9) is there unless FREE.
# Places a (10), b (8) in the west; c (6), d (4) in the east. A reaches a and b, every other site its own place, E d.
FREE = {"sites": SITES.replace("existing", "candidate")}
ASSIGNED = {"model": "capacitated-cover"}
EXCLUSION = '[[programmes.p.exclusion]]\nfile = "housing.geojson"\ndistance_m = 300\nid = "name"'
OWNER = '[[programmes.p.group_rules]]\ncolumn = "owner"\n'
SIZES = "[programmes.p.sizes.small]\ncapacity = 2\ncost = 3\nmax_per_site = 5"
PILES = (
    "[programmes.p.piles]\n{}\n"
    "kinds = {{ slow = {{ power_kw = 7, energy_kwh_per_day = 3, cost = 1, max_per_site = 3 }} }}"
)
CHARGING = {"model": "charging"}

CONFLICTS: list[tuple[str, dict[str, object], list[str]]] = [
    (
        # A, B, C are the cheapest three: 4 + 5 + 6 = 15
        "open = 3\nbudget = 12",
        {},
        [
            "cannot be kept together: 'exactly 3 new sites (open)'; 'a budget of 12 CNY (budget)'",
            "there is a plan with 2 new sites",
            "'exactly 3 new sites (open)' costs at least 15 CNY; the budget is 12",
        ],
    ),
    (
        # A is the cheapest one: 4; sums that are not whole are told to the cent
        "open = 1\nbudget = 3.5",
        {},
        [
            "cannot be kept together: 'exactly 1 new site (open)'; 'a budget of 3.50 CNY (budget)'",
            "there is a plan with 0 new sites",
            "'exactly 1 new site (open)' costs at least 4 CNY; the budget is 3.50",
        ],
    ),
    (
        # three piles a site at most: E, which is there, and one new site hold 6; E alone holds 3
        "open = 0\n" + PILES.format("total = 5"),
        CHARGING,
        [
            "cannot be kept together: 'exactly 0 new sites (open)'; 'exactly 5 piles in all (piles.total)'",
            "there is a plan with 1 new site",
            "there is a plan if 'exactly 5 piles in all (piles.total)' is lowered by 2",
        ],
    ),
    (
        "open = 1\n" + PILES.format("at_least_where_open = 4"),
        FREE | CHARGING,
        [
            "cannot be kept together: 'exactly 1 new site (open)'; "
            "'at least 4 piles at every open site (piles.at_least_where_open)'",
            "there is a plan with 0 new sites",
            "there is a plan if 'at least 4 piles at every open site (piles.at_least_where_open)' is lowered by 1",
        ],
    ),
    (
        # 0.9 of each district needs A (4) and C (6) in the second year, with 3 left of the first and 4 of its own
        "[programmes.p.phasing]\ncarry_over = true\n"
        '[[programmes.p.phasing.years]]\nname = "2026"\nbudget = 3\n'
        '[[programmes.p.phasing.years]]\nname = "2027"\nbudget = 4\nfloor_share = 0.9',
        {},
        [
            "cannot be kept together: '2027: at least 90.0% covered in every district (floor_share)'; "
            "'2027: 4 CNY and what is left of the years before (phasing.budget)'",
            "there is a plan with 2027: east covered to 40.0%",
            "there is a plan if '2027: 4 CNY and what is left of the years before (phasing.budget)' is raised by "
            "3, and by no less",
        ],
    ),
    (
        # two in each district: 4 + 5 + 6 + 7 = 22; one in the east saves 7
        "at_least_per_group = 2\nbudget = 15",
        {},
        [
            "cannot be kept together: 'a budget of 15 CNY (budget)'; "
            "'at least 2 new sites in every district (at_least_per_group)'",
            "'at least 2 new sites in every district (at_least_per_group)' costs at least 22 CNY; the budget is 15",
            "there is a plan with 1 new site in east",
        ],
    ),
    (
        # one in the west and one in the east are two; three need two in one of them
        "at_most_per_group = 1\nopen_at_least = 3",
        {},
        [
            "cannot be kept together: 'at least 3 new sites (open_at_least)'; "
            "'at most 1 new site in every district (at_most_per_group)'",
            "there is a plan with 2 new sites",
            "there is a plan with 2 new sites in west",
        ],
    ),
    (
        # the city has A, B, D, the railway C: one each are two
        "open = 4\n" + OWNER + "at_most = 1",
        {},
        [
            "cannot be kept together: 'exactly 4 new sites (open)'; "
            "'at most 1 new site in every group of column owner (group_rules.owner.at_most)'",
            "there is a plan with 2 new sites",
            "there is a plan with 3 new sites in city",
        ],
    ),
    (
        # without C the east has d alone, 4 of 10
        'floor_share = 0.8\nforbidden = ["C"]',
        {},
        [
            "cannot be kept together: 'at least 80.0% covered in every district (floor_share)'; 'C closed (forbidden)'",
            "there is a plan with east covered to 40.0%",
            "there is a plan with C open",
        ],
    ),
    (
        "floor_share = 0.8\n" + EXCLUSION,
        {},
        [
            "cannot be kept together: 'at least 80.0% covered in every district (floor_share)'; "
            "'A, B, C, D too near to something (exclusion)'",
            "there is a plan with east covered to 40.0% and west covered to 0.0%",
            "there is a plan with A open (67 m from North Court of housing.geojson; at least 300 m) and "
            "C open (153 m from North Court of housing.geojson; at least 300 m)",
        ],
    ),
    (
        'forbidden_pairs = [["A", "B"]]\nrequired = ["A", "B"]',
        {},
        [
            "cannot be kept together: 'at most one site of A, B (forbidden_pairs)'; 'A, B open (required)'",
            "there is a plan with 2 of A, B open",
            "there is a plan with B closed",
        ],
    ),
    (
        'needs = [["A", "B"]]\nrequired = ["A"]\nforbidden = ["B"]',
        {},
        [
            "cannot be kept together: 'A only with B (needs)'; 'A open (required)'; 'B closed (forbidden)'",
            "there is a plan with A without B open",
            "there is a plan with A closed",
            "there is a plan with B open",
        ],
    ),
    (
        # D lies 250 m from E, which is there
        'required = ["D"]\nspacing_m = 260\nspacing_from_existing = true',
        {},
        [
            "cannot be kept together: 'new sites at least 260 m from one another and from existing ones (spacing_m)'; "
            "'D open (required)'",
            "there is a plan with 2 of D, E open, which are nearer than 260 m",
            "there is a plan with D closed",
        ],
    ),
    (
        # D reaches the 4 of d
        'minimum_use = 5\nrequired = ["D"]',
        FREE | ASSIGNED,
        [
            "cannot be kept together: 'every open site serves at least 5 (minimum_use)'; 'D open (required)'",
            "there is a plan with D used for 1 less than its least use",
            "there is a plan with D closed",
        ],
    ),
    (
        # A, C, D: 4 + 6 + 7
        "budget = 10",
        FREE | {"model": "set-cover"},
        [
            "'a budget of 10 CNY (budget)' cannot be kept",
            "the cheapest plan costs at least 17 CNY; the budget is 10",
        ],
    ),
    (
        # required D (7) with the cheapest two others (4 + 5) is 16: the third rule takes no part in the conflict
        'open = 3\nbudget = 12\nrequired = ["D"]',
        {},
        [
            "cannot be kept together: 'exactly 3 new sites (open)'; 'a budget of 12 CNY (budget)'",
            "there is a plan with 2 new sites",
            "with all other rules kept, 'exactly 3 new sites (open)' costs at least 16 CNY; the budget is 12",
        ],
    ),
    (
        # 9 of 10 in the east take C and D, 16.2 of 18 in the west A and B, as A has room for 10: no two sites do.
        # Within 30 CNY two sites take A and C, say (10), and 20 CNY buy 6 modules of 2: 6 each
        "open = 2\nfloor_share = 0.9\nbudget = 30\n" + SIZES,
        FREE | ASSIGNED | {"sets": ["programmes.p.sites.capacity=capacity"]},
        [
            "cannot be kept together: 'a budget of 30 CNY (budget)'; "
            "'at least 90.0% covered in every district (floor_share)'",
            "changing 'a budget of 30 CNY (budget)' alone is not enough: it stands against other rules too",
            "there is a plan with east covered to 60.0% and west covered to 33.3%",
        ],
    ),
]


@pytest.mark.parametrize(("rules", "options", "lines"), CONFLICTS)
def test_a_conflict_is_told_in_full(tmp_path: Path, rules: str, options: dict[str, object], lines: list[str]) -> None:
    result = solved(tmp_path, rules, **options)
    assert result.ended == "infeasible"
    assert list(result.reasons) == lines


@pytest.mark.parametrize(
    ("rules", "options"),
    [
        ("open = 3\nbudget = 15", {}),
        ("open = 2\nbudget = 12", {}),
        ("at_least_per_group = 2\nbudget = 22", {}),
        ("at_least_per_group = {west = 2, east = 1}\nbudget = 15", {}),
        ("open = 2\n" + OWNER + "at_most = 1", {}),
        ("open = 4\n" + OWNER + "at_most = {city = 3}", {}),
        ('floor_share = {east = 0.4, west = 0.8}\nforbidden = ["C"]', {}),
        ("budget = 17", FREE | {"model": "set-cover"}),
        ('open = 3\nbudget = 16\nrequired = ["D"]', {}),
    ],
)
def test_what_an_explanation_says_would_do_does(tmp_path: Path, rules: str, options: dict[str, object]) -> None:
    assert solved(tmp_path, rules, **options).ended == "proven"


def test_statuses_are_changed_in_the_problem_of_a_model() -> None:
    problem = two_districts()
    status = problem.sites.status.copy()
    status[0] = 3
    changed = resited(MaxCover(problem), replace(problem.sites, status=status))
    assert changed.sites.fixed_closed.tolist() == [True, False]


def test_ctrl_c_keeps_the_proof_that_there_is_no_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reasons, "explain", stopped)
    result = solved(tmp_path, "open = 3\nbudget = 12")
    assert (result.ended, result.objective) == ("infeasible", None)
    assert result.reasons == ("no plan keeps every rule; Ctrl-C ended the search for the rules in conflict",)
    assert result.reasons_zh == ("没有方案能满足全部规则；查找冲突规则时被中断",)


def test_words_of_rules() -> None:
    assert Count(1, "at most").describe() == "at most 1 new site (open_at_most)"
    six = tuple((f"a{k}", f"b{k}") for k in range(6))
    assert AtMostOneOf(six, "forbidden_pairs").describe() == (
        "at most one site of a0, b0; a1, b1; a2, b2; a3, b3; a4, b4 and 1 more (forbidden_pairs)"
    )


def relaxed(rule: Rule, change: Change) -> Rule | None:
    """The rule as the explanation would have it, where it is one number."""
    if isinstance(rule, Budget):
        return Budget(rule.amount + change.by + 1e-6)
    if isinstance(rule, Count):
        return Count(round(change.works), rule.side)
    return None


def told_truly(case: Case, seed: int) -> bool:
    """Check the explanation of one instance against trying everything; False where there is nothing to explain."""
    made = case.instance(seed)
    if made is None:
        return False
    problem, model, rules = made
    if case.best(problem, model, rules)[0] is not None or case.best(problem, model, ())[0] is None:
        return False
    try:
        program = formulate(model, rules)[1]
    except ProblemError:
        return False
    by_key = {rule.key: rule for rule in rules}
    found = explain(program, {key: rule.describe() for key, rule in by_key.items()}, Highs(), Ask(time_limit_s=30.0))
    assert found.smallest
    conflict = [by_key[key] for key in found.conflict]
    assert case.best(problem, model, tuple(conflict))[0] is None
    for rule in conflict:
        assert case.best(problem, model, tuple(r for r in conflict if r is not rule))[0] is not None
    others = () if found.further else tuple(r for r in rules if r not in conflict)
    for key in found.conflict:
        changes = [change for change in found.changes if change.rule == key]
        less = relaxed(by_key[key], changes[0]) if len(changes) == 1 else None
        kept = (*others, *(r for r in conflict if r.key != key))
        if less is not None:
            assert case.best(problem, model, (*kept, less))[0] is not None
        if key in found.stuck:
            assert case.best(problem, model, kept)[0] is None
    return True


EXPLAINED = [case for case in CASES if case.name in ("max-cover", "set-cover cost", "capacitated-cover", "charging")]


@pytest.mark.parametrize("case", EXPLAINED, ids=[case.name for case in EXPLAINED])
def test_random_conflicts_are_smallest_and_their_changes_work(case: Case) -> None:
    assert sum(told_truly(case, seed) for seed in range(24)) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_random_conflicts_of_every_model(case: Case) -> None:
    for seed in range(100, 200):
        told_truly(case, seed)
