"""Market share against enumeration, by hand, and by laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.arrays import BoolArray
from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.market.attraction import Attraction, huff
from models.market.market_share import MarketShare, MarketTarget
from models.plan import Plan
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import Count
from tests.models.brute_force import best_by_trying
from tests.models.median_truth import as_sparse, dense_travel, solve_and_check
from tests.models.random_problems import random_problem, random_rules


def with_competitors(rng: np.random.Generator, problem: SitingProblem) -> SitingProblem:
    status = np.where(rng.random(len(problem.sites)) < 0.25, int(SiteStatus.COMPETITOR), problem.sites.status)
    return replace(problem, sites=replace(problem.sites, status=status))


def served_by_loops(
    problem: SitingProblem, size: np.ndarray, power: float, stay: float | None, opened: BoolArray
) -> np.ndarray:
    """Huff's shares of our open sites, term by term as in his paper; travel below 1 counts as 1."""
    travel = dense_travel(problem)
    served = np.zeros(travel.shape)
    for i in range(len(problem.demand)):
        pull = {j: size[j] / max(1.0, travel[i, j]) ** power for j in range(len(size)) if np.isfinite(travel[i, j])}
        ours = [j for j in pull if opened[j]]
        theirs = sum(p for j, p in pull.items() if problem.sites.status[j] == SiteStatus.COMPETITOR)
        theirs += 0.0 if stay is None else size.mean() / stay**power
        for j in ours:
            served[i, j] = pull[j] / (theirs + sum(pull[k] for k in ours))
    return served


def agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = with_competitors(rng, random_problem(rng))
    size = rng.integers(1, 5, len(problem.sites)).astype(float)
    power, stay = float(rng.choice([1.0, 2.0])), [None, 2.0][rng.integers(0, 2)]
    pulls = huff(problem, size, distance_power=power, least_travel=1.0, stay_away_travel=stay)
    rules = random_rules(rng, problem)

    def plan_of(opened: BoolArray) -> Plan:
        return Plan(open=opened, served=as_sparse(served_by_loops(problem, size, power, stay, opened)))

    def captured(plan: Plan) -> float:
        assert plan.served is not None
        return float(problem.demand.weight @ np.asarray(plan.served.sum(axis=1)).ravel())

    model = MarketShare(problem, pulls)
    truth = best_by_trying(model, rules, problem.demand, plan_of)
    found = solve_and_check(model, rules, problem.demand)
    assert (found is None) == (truth is None)
    if truth is None:
        return
    assert found == pytest.approx(truth, abs=1e-6)
    everything = ~problem.sites.fixed_closed
    assert model.objective_of(plan_of(everything)) == pytest.approx(captured(plan_of(everything)), abs=1e-9)
    if not problem.demand.weight.any():
        return
    target = float(rng.choice([0.5, 0.9, 0.99])) * truth / problem.demand.weight.sum()
    for minimise in ("sites", "cost"):
        least = MarketTarget(problem, pulls, target, minimise)
        best = best_by_trying(least, rules, problem.demand, plan_of)
        assert best is not None
        assert solve_and_check(least, rules, problem.demand) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 230))
def test_many_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


def town(**options: float) -> tuple[SitingProblem, Attraction]:
    """Places a (weight 6) and b (4); s and t ours, r a competitor. Travel: a 1, 2, 1; b - (out of reach), 1, 2."""
    sites = Sites.of(["s", "t", "r"], cost=np.array([5.0, 2, 0]), status=np.array([0, 0, SiteStatus.COMPETITOR]))
    travel = np.array([[1.0, 2.0, 1.0], [np.inf, 1.0, 2.0]])
    problem = SitingProblem.dense(sites, Demand.of(["a", "b"], weight=np.array([6.0, 4])), travel, unit="m")
    return problem, huff(problem, np.array([1.0, 2.0, 1.0]), **options)


def test_shares_follow_size_over_squared_distance() -> None:
    # a: s 1, t 2/4, r 1; b: t 2, r 1/4.  s: 6 * 1/2 = 3;  t: 6 * 0.5/1.5 + 4 * 2/2.25 = 2 + 3.5556
    model = MarketShare(*town())
    assert solve_and_check(model, (Count(1),), None) == pytest.approx(2 + 32 / 9)
    # both: 6 * 1.5/2.5 + 32/9
    assert solve_and_check(model, (Count(2),), None) == pytest.approx(3.6 + 32 / 9)
    assert model.market_shares(model.capture.plan_of(np.array([True, False, False]))) == pytest.approx((0.3, 0.7))


def test_a_target_takes_what_it_needs() -> None:
    # t alone holds 55.56 %, s alone 30 %, both 71.56 %
    assert solve_and_check(MarketTarget(*town(), target=0.55), (), None) == pytest.approx(1.0)
    assert solve_and_check(MarketTarget(*town(), target=0.56), (), None) == pytest.approx(2.0)
    assert solve_and_check(MarketTarget(*town(), target=0.2, minimise="cost"), (), None) == pytest.approx(2.0)


def test_a_target_beyond_everything_is_said_in_numbers() -> None:
    with pytest.raises(ProblemError, match=r"^all sites together capture 71\.56% of the demand; the target is 80\.00%"):
        MarketTarget(*town(), target=0.8)


def test_some_stay_away_from_what_is_far() -> None:
    # mean size 4/3; half stay away from such a site at 1: staying pulls 4/3 at every place
    # t: a 0.5 / (0.5 + 1 + 4/3), b 2 / (2 + 0.25 + 4/3)
    model = MarketShare(*town(stay_away_travel=1.0))
    assert solve_and_check(model, (Count(1),), None) == pytest.approx(6 * 0.5 / (1.5 + 4 / 3) + 4 * 2 / (2.25 + 4 / 3))


def test_travel_of_nothing_is_refused_unless_there_is_a_least() -> None:
    problem = SitingProblem.dense(Sites.of(["s"]), Demand.of(["a"]), np.array([[0.0]]), unit="m")
    with pytest.raises(ProblemError, match=r"^1 pairs are 0 m apart \(a - s\), where a site pulls without limit"):
        huff(problem, np.ones(1))
    assert huff(problem, np.ones(1), least_travel=10.0).own.toarray() == pytest.approx(1.0)


def test_the_program_reads_as_in_the_docstring() -> None:
    # pulls over the greatest of each place: a: s 1, t 0.5, against 1; b: t 1, against 0.125
    assert lp_text(formulate(MarketShare(*town()), (Count(1),))[1]) == (
        "\\ market-share\nMaximize\n obj: +6 go[a_s] +6 go[a_t] +4 go[b_t]\nSubject To\n"
        " goes_only_to_open_sites[a_s]: -0.5 open[s] +1 go[a_s] <= 0\n"
        " goes_only_to_open_sites[a_t]: -0.333333333333 open[t] +1 go[a_t] <= 0\n"
        " goes_only_to_open_sites[b_t]: -0.888888888889 open[t] +1 go[b_t] <= 0\n"
        " goes_by_pull_against_the_others[a_s]: +1 go[a_s] -1 away[a] <= 0\n"
        " goes_by_pull_against_the_others[a_t]: +1 go[a_t] -0.5 away[a] <= 0\n"
        " goes_by_pull_against_the_others[b_t]: +0.125 go[b_t] -1 away[b] <= 0\n"
        " everyone_goes_once[a]: +1 go[a_s] +1 go[a_t] +1 away[a] <= 1\n"
        " everyone_goes_once[b]: +1 go[b_t] +1 away[b] <= 1\n"
        " new_sites_exactly[0]: +1 open[s] +1 open[t] = 1\n"
        "Bounds\n 0 <= open[s] <= 1\n 0 <= open[t] <= 1\n 0 <= open[r] <= 0\n"
        " 0 <= go[a_s] <= 1\n 0 <= go[a_t] <= 1\n 0 <= go[b_t] <= 1\n 0 <= away[a] <= 1\n 0 <= away[b] <= 1\n"
        "Generals\n open[s]\n open[t]\n open[r]\nEnd\n"
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.integers(2, 9))
def test_laws(seed: int, factor: int) -> None:
    """More sites never capture less; weights scale the objective; the units of size and travel say nothing."""
    rng = np.random.default_rng(seed)
    sites = Sites.of([f"s{j}" for j in range(6)], status=np.array([0, 0, 0, 0, 0, SiteStatus.COMPETITOR]))
    travel, size = rng.integers(1, 9, (7, 6)).astype(float), rng.integers(1, 9, 6).astype(float)
    weight = rng.integers(1, 5, 7).astype(float)

    def value(p: int, times: float = 1.0, unit: float = 1.0) -> float:
        demand = Demand.of([f"d{i}" for i in range(7)], weight=weight * times)
        problem = SitingProblem.dense(sites, demand, travel * unit)
        found = solve_and_check(MarketShare(problem, huff(problem, size * unit)), (Count(p),), demand)
        assert found is not None
        return found

    two = value(2)
    assert value(3) >= two - 1e-9
    assert value(2, times=factor) == pytest.approx(factor * two)
    assert value(2, unit=factor) == pytest.approx(two)
