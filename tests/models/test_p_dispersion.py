"""Dispersion against enumeration, by hand, and by laws."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.dispersion import PDispersion, straight_distances
from models.errors import ProblemError
from models.formulation import Rule, formulate
from models.lp_text import lp_text
from models.plan import Plan
from models.problem import Sites, SiteStatus
from models.rules import Count, CoverageFloor
from tests.models.brute_force import every_choice
from tests.models.median_truth import solve_and_check
from tests.models.random_problems import random_problem, random_rules


def least_by_loops(sites: Sites, opened: np.ndarray) -> float | None:
    new = {int(SiteStatus.CANDIDATE), int(SiteStatus.REQUIRED)}
    apart = [
        float(np.hypot(*(sites.xy[a] - sites.xy[b])))
        for a, b in itertools.combinations(np.flatnonzero(opened), 2)
        if sites.status[a] in new or sites.status[b] in new
    ]
    return min(apart, default=None)


def agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    sites = problem.sites
    rules: tuple[Rule, ...] = tuple(r for r in random_rules(rng, problem) if not isinstance(r, CoverageFloor))
    if not any(isinstance(rule, Count) for rule in rules):
        able = int((sites.is_new & ~sites.fixed_closed).sum())
        rules = (*rules, Count(min(int(rng.integers(2, 5)), able)))
    try:
        model = PDispersion(sites, straight_distances(sites))
    except ProblemError:
        assert (~sites.fixed_closed).sum() < 2 or not (sites.is_new & ~sites.fixed_closed).any()
        return
    truth: float | None = None
    for chosen in every_choice(sites):
        cost = float(sites.opening_cost()[chosen].sum()) + sites.base_cost()
        if any(rule.violations(sites, None, Plan(open=chosen), cost) for rule in rules):
            continue
        least = least_by_loops(sites, chosen)
        worth = float(model.values[-1]) if least is None else least
        truth = worth if truth is None else max(truth, worth)
    found = solve_and_check(model, rules, None)
    assert (found is None) == (truth is None)
    if truth is not None:
        assert found == pytest.approx(truth, abs=1e-6)
        for low, high in ((truth, truth), (truth - 1, truth + 0.5)):
            between = PDispersion(sites, straight_distances(sites), "m", max(0.0, low - 1e-12), high + 1e-12)
            assert solve_and_check(between, rules, None) == pytest.approx(truth, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 230))
def test_many_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


def on_a_line(positions: list[float], **options: object) -> PDispersion:
    xy = np.array([[p, 0.0] for p in positions])
    sites = Sites.of([f"s{i}" for i in range(len(positions))], xy=xy, **options)  # type: ignore[arg-type]
    return PDispersion(sites, straight_distances(sites))


def test_three_sites_on_a_line_take_its_ends_and_what_lies_nearest_the_middle() -> None:
    # 0, 4 and 10: the least is 4; with 6 for 4 as well
    assert solve_and_check(on_a_line([0, 1, 4, 6, 10]), (Count(3),), None) == pytest.approx(4.0)


def test_what_is_there_keeps_new_sites_away_but_not_itself() -> None:
    # existing at 0 and 1 (1 apart, which nothing can change); one new among 4 and 6: 6 is 5 from 1
    standing = np.array([int(SiteStatus.EXISTING), int(SiteStatus.EXISTING), 0, 0])
    assert solve_and_check(on_a_line([0, 1, 4, 6], status=standing), (Count(1),), None) == pytest.approx(5.0)


def test_closing_a_site_makes_room() -> None:
    # the closable site at 5 is in the way of 4 (1 apart); without it the new site at 4 is 4 from the one at 0
    status = np.array([int(SiteStatus.EXISTING), int(SiteStatus.CLOSABLE), 0])
    assert solve_and_check(on_a_line([0, 5, 4], status=status), (Count(1),), None) == pytest.approx(4.0)


def test_of_two_directions_the_shorter_counts() -> None:
    model = PDispersion(Sites.of(["s", "t"]), np.array([[0.0, 9.0], [3.0, 0.0]]))
    assert solve_and_check(model, (Count(2),), None) == pytest.approx(3.0)


def test_too_few_sites_are_refused() -> None:
    with pytest.raises(ProblemError, match=r"^p-dispersion needs two sites that may be open together"):
        on_a_line([0, 1], status=int(SiteStatus.EXISTING))
    with pytest.raises(ProblemError, match=r"^p-dispersion needs the coordinates of the sites"):
        straight_distances(Sites.of(["s", "t"]))


def test_the_program_reads_as_in_the_docstring() -> None:
    model = on_a_line([0, 1, 4])  # distances 1, 3, 4
    assert lp_text(formulate(model, (Count(2),))[1]) == (
        "\\ p-dispersion\nMaximize\n obj: +2 apart[3] +1 apart[4] +1\nSubject To\n"
        " nearer_pairs_forbid_a_distance[s0_s1]: +1 open[s0] +1 open[s1] +1 apart[3] <= 2\n"
        " nearer_pairs_forbid_a_distance[s1_s2]: +1 open[s1] +1 open[s2] +1 apart[4] <= 2\n"
        " apart_far_means_apart_less[0]: -1 apart[3] +1 apart[4] <= 0\n"
        " new_sites_exactly[0]: +1 open[s0] +1 open[s1] +1 open[s2] = 2\n"
        "Bounds\n 0 <= open[s0] <= 1\n 0 <= open[s1] <= 1\n 0 <= open[s2] <= 1\n"
        " 0 <= apart[3] <= 1\n 0 <= apart[4] <= 1\n"
        "Generals\n open[s0]\n open[s1]\n open[s2]\nEnd\n"
    )


def test_below_the_bound_pairs_exclude_each_other() -> None:
    sites = Sites.of(["s0", "s1", "s2"], xy=np.array([[0.0, 0], [1, 0], [4, 0]]))
    text = lp_text(formulate(PDispersion(sites, straight_distances(sites), "m", 3.0, 3.0), (Count(2),))[1])
    assert " too_near_to_open_together[0]: +1 open[s0] +1 open[s1] <= 1\n" in text
    assert " obj: +3\n" in text


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.integers(2, 9))
def test_laws(seed: int, factor: int) -> None:
    """More sites never lie farther apart; distances scale the objective; the order of sites says nothing."""
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 9, (7, 2)).astype(float)

    def value(p: int, at: np.ndarray) -> float:
        sites = Sites.of([f"s{i}" for i in range(7)], xy=at)
        found = solve_and_check(PDispersion(sites, straight_distances(sites)), (Count(p),), None)
        assert found is not None
        return found

    three = value(3, xy)
    assert value(4, xy) <= three + 1e-9
    assert value(3, xy * factor) == pytest.approx(three * factor)
    assert value(3, xy[rng.permutation(7)]) == pytest.approx(three)
