"""Years against trying every sequence of choices, hand-derived cases, and the laws of time."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from models.charging.kinds import PileKind
from models.charging.piles import Charging
from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.phasing import Phase, Phasing, joined, opening_year
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.program import row_of
from models.rules import Count
from models.rules.years import OfYear, OrderOfYears, YearBudgets, YearCount
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from tests.models.portfolio_truth import choices, small_problem


def _solved(phasing, rules):
    draft, program = formulate(phasing, rules)
    answer = Highs().run(program, Ask(time_limit_s=30, gap=0))
    if answer.values is None:
        assert answer.outcome.ended == "infeasible"
        return None
    plan = phasing.read_plan(draft, answer.values)
    for rule in (*rules, OrderOfYears(phasing)):
        assert rule.violations(phasing.sites, None, plan, phasing.cost_of(plan)) == []
    again = np.zeros(program.n_columns)
    phasing.values_of(draft, plan, again)
    assert program.violations(again) == []
    worth = phasing.objective_of(plan)
    assert worth == pytest.approx(answer.outcome.objective, abs=1e-7)
    return plan, worth


def _random(seed):
    """Two or three years of growing demand over four sites, money that carries over or not, limits on openings."""
    rng = np.random.default_rng(seed)
    problem = small_problem(rng, "", n_sites=4, n_demand=6)
    n_years = int(rng.integers(2, 4))
    problems = [
        replace(problem, demand=replace(problem.demand, weight=problem.demand.weight * rng.integers(1, 4, 6)))
        for _ in range(n_years)
    ]
    counts = [float(rng.choice([0.5, 1.0, 2.0])) for _ in problems]
    phasing = Phasing(tuple(Phase(f"y{t}", MaxCover(p), counts[t]) for t, p in enumerate(problems)))
    closing = problem.sites.base_cost()
    carry = bool(rng.random() < 0.5)
    amounts = tuple(
        None if not carry and rng.random() < 0.2 else float(rng.integers(0, 6)) + (closing if t == 0 else 0.0)
        for t in range(n_years)
    )
    limits = [(int(rng.integers(0, 2)), int(rng.integers(1, 4))) if rng.random() < 0.5 else (0, None) for _ in problems]
    rules = [YearBudgets(phasing, amounts, carry)]
    rules += [YearCount(phasing, t, low, high) for t, (low, high) in enumerate(limits)]
    most_last = int(rng.integers(2, 5))
    rules.append(OfYear(phasing, n_years - 1, Count(most_last, "at most")))
    return phasing, tuple(rules), problems, counts, amounts, carry, limits, most_last


def _best_by_trying(problems, counts, amounts, carry, limits, most_last):
    """Every sequence of sets: openings stay, closures stay, money and numbers kept year by year."""
    sites = problems[0].sites
    closable = {i for i, s in zip(sites.ids, sites.status, strict=True) if s == SiteStatus.CLOSABLE}
    new = {i for i, s in zip(sites.ids, sites.status, strict=True) if s in (SiteStatus.CANDIDATE, SiteStatus.REQUIRED)}
    best = None
    for sequence in itertools.product(*(choices(p) for p in problems)):
        ok, spent_before, opened_before, money = True, 0.0, 0, 0.0
        for t, now in enumerate(sequence):
            if t and not (sequence[t - 1].open - closable <= now.open and now.open & closable <= sequence[t - 1].open):
                ok = False
                break
            opened = len(now.open & new)
            low, high = limits[t]
            ok &= opened - opened_before >= low and (high is None or opened - opened_before <= high)
            if carry:
                money += amounts[t]
                ok &= now.cost <= money + 1e-9
            elif amounts[t] is not None:
                ok &= now.cost - spent_before <= amounts[t] + 1e-9
            spent_before, opened_before = now.cost, opened
        if ok and opened_before <= most_last:
            worth = sum(c * now.value for c, now in zip(counts, sequence, strict=True))
            best = worth if best is None else max(best, worth)
    return best


def _agrees_with_trying(seed):
    phasing, rules, *of_study = _random(seed)
    truth = _best_by_trying(*of_study)
    try:
        found = _solved(phasing, rules)
    except ProblemError:
        found = None
    assert (found is None) == (truth is None), seed
    if truth is not None:
        assert found[1] == pytest.approx(truth, abs=1e-7)


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_trying_every_sequence(seed):
    _agrees_with_trying(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3000, 3210))
def test_agrees_with_trying_every_sequence_at_length(seed):
    _agrees_with_trying(seed)


def _town(weights, status=0, closing=0.0):
    """Three places with a site each; sites cost 3, 2 and 2."""
    travel = np.where(np.eye(3) > 0, 0.0, np.inf)
    sites = Sites.of(["a", "b", "c"], cost=np.array([3.0, 2.0, 2.0]), status=status, closing_cost=closing)
    return SitingProblem.dense(sites, Demand.of(["pa", "pb", "pc"], weight=np.array(weights, dtype=float)), travel)


def _two(carry, budgets=(2.0, 2.0), weights=((5, 4, 1), (5, 4, 9))):
    phasing = Phasing(tuple(Phase(str(2026 + t), MaxCover(_town(w))) for t, w in enumerate(weights)))
    return phasing, (YearBudgets(phasing, budgets, carry),)


def test_a_town_over_two_years_worked_out_by_hand():
    # 2 in each year: b (4) in 2026 and c in 2027, 4 + 4 + 9 = 17; a for 3 would leave no money for c
    phasing, rules = _two(True)
    plan, worth = _solved(phasing, rules)
    assert worth == 17
    assert [year.open.tolist() for year in plan.years] == [[False, True, False], [False, True, True]]
    assert opening_year(plan, phasing.sites).tolist() == [-1, 0, 1]


def test_money_that_does_not_carry_over_is_lost():
    # nothing costs 1: carried over, 1 + 2 buy a in 2027 (5) or c (9); with 1 + 4 c and a, 14, without c and b, 13
    worths = [_solved(*_two(carry, (1.0, 4.0)))[1] for carry in (True, False)]
    assert worths == [14, 13]


def test_short_sight_opens_the_wrong_site():
    # with 3 and 1: a at once (5 + 5) leaves 1; b at once (4) and c in 2027 (4 + 9) is better
    phasing, rules = _two(True, (3.0, 1.0))
    assert _solved(phasing, rules)[1] == 17


def test_a_site_that_closed_does_not_open_again():
    # a is there and 2026 must do without any site: in 2027 its five would cost nothing, but it is gone; b costs 2
    status, weights = np.array([int(SiteStatus.CLOSABLE), 0, 0]), ((5, 4, 1), (5, 4, 1))
    phasing = Phasing(tuple(Phase(str(2026 + t), MaxCover(_town(w, status, 1.0))) for t, w in enumerate(weights)))
    none_open = OfYear(phasing, 0, _AtMostOpen(0))
    assert _solved(phasing, (YearBudgets(phasing, (1.0, 0.0)), none_open))[1] == 0
    plan, worth = _solved(phasing, (YearBudgets(phasing, (1.0, 2.0)), none_open))
    assert worth == 4
    assert phasing.costs_of(plan) == [1.0, 3.0]
    assert _solved(phasing, (YearBudgets(phasing, (0.0, 0.0)),))[1] == 10


class _AtMostOpen(Count):
    """At most so many open sites, those that are there included."""

    def apply(self, draft):

        draft.builder.rows(
            "open_sites", [(row_of(np.ones(3)), draft.open)], upper=float(self.number), rule="open_sites"
        )

    def violations(self, sites, demand, plan, cost):
        return [] if plan.open.sum() <= self.number else ["too many open"]


def test_piles_stay_where_they_are():
    # one pile serves 10: the need moves from a to b, the pile at a stays and a second is set up at b
    kinds = (PileKind("slow", 7.0, 10.0, np.ones(2), np.full(2, 3.0)),)
    phases = []
    for t, need in enumerate(([10.0, 0.0], [0.0, 10.0])):
        travel = np.where(np.eye(2) > 0, 0.0, np.inf)
        problem = SitingProblem.dense(Sites.of(["a", "b"]), Demand.of(["pa", "pb"], weight=np.array(need)), travel)
        phases.append(Phase(f"y{t}", Charging(problem, kinds)))
    phasing = Phasing(tuple(phases))
    plan, worth = _solved(phasing, (YearBudgets(phasing, (1.0, 1.0)),))
    assert worth == 20
    assert [year.units["slow"].tolist() for year in plan.years] == [[1, 0], [1, 1]]


def test_more_money_in_any_year_never_makes_it_worse():
    base = _solved(*_two(True))[1]
    for more in ((3.0, 2.0), (2.0, 3.0), (5.0, 2.0)):
        assert _solved(*_two(True, more))[1] >= base
        assert _solved(*_two(False, more))[1] <= _solved(*_two(True, more))[1]


def test_faults_are_found_in_the_plans_alone():
    phasing, rules = _two(False)
    model = phasing.phases[0].formulation
    plan = joined([model.plan_of(np.array(bits, dtype=bool)) for bits in ([1, 0, 0], [0, 1, 1])])
    count = YearCount(phasing, 1, at_least=2)
    found = [
        f for rule in (*rules, OrderOfYears(phasing), count) for f in rule.violations(phasing.sites, None, plan, 4.0)
    ]
    assert found == [
        "2026 has spent 3; 2 were there",
        "a was open and is closed in 2027",
        "2027 opens 1 new sites; at least 2 are asked for",
    ]


def test_rules_say_what_they_are():
    phasing, rules = _two(False)
    assert rules[0].describe() == ("budgets of the years: 2026 2, 2027 2; what is left is lost (phasing.budget)")
    assert YearCount(phasing, 0, 1, 1).describe() == "2026: exactly 1 new sites open (phasing.open)"
    assert YearCount(phasing, 1, 1, 3).describe() == "2027: at least 1 and at most 3 new sites open (phasing.open)"
    assert OfYear(phasing, 1, Count(2, "at most")).describe() == "2027: at most 2 new sites (open_at_most)"


def test_years_that_make_no_sense_are_refused():
    first = Phase("2026", MaxCover(_town((1, 1, 1))))
    other = replace(_town((1, 1, 1)), sites=Sites.of(["x", "b", "c"]))
    with pytest.raises(ProblemError) as caught:
        Phasing((first, Phase("2026", MaxCover(other), counts=0.0)))
    assert str(caught.value) == (
        "year 2026 decides about other sites than year 2026\nyear 2026 must count more than 0; got 0\n"
        "years must differ in name; got 2026, 2026"
    )
    phasing, _ = _two(True)
    with pytest.raises(ProblemError, match="money carries over, but 2027 has no budget; give every year one, or"):
        YearBudgets(phasing, (2.0, None))


def test_golden_text_of_the_program():
    phasing, _ = _two(False)
    rules = (YearBudgets(phasing, (2.0, 3.0), carry_over=False), YearCount(phasing, 1, 1, 1))
    assert lp_text(formulate(phasing, rules)[1]) == GOLDEN


GOLDEN = """\
\\ max-cover
Maximize
 obj: +5 2026.open[a] +4 2026.open[b] +1 2026.open[c] +5 2027.open[a] +4 2027.open[b] +9 2027.open[c]
Subject To
 2027.what_is_open_stays_open[a]: +1 2026.open[a] -1 2027.open[a] <= 0
 2027.what_is_open_stays_open[b]: +1 2026.open[b] -1 2027.open[b] <= 0
 2027.what_is_open_stays_open[c]: +1 2026.open[c] -1 2027.open[c] <= 0
 2026.spent_so_far_within_budgets_so_far[0]: +3 2026.open[a] +2 2026.open[b] +2 2026.open[c] <= 2
 2027.spent_so_far_within_budgets_so_far[0]: +3 2027.open[a] +2 2027.open[b] +2 2027.open[c] <= 5
 2027.spent_this_year_within_its_budget[0]: -3 2026.open[a] -2 2026.open[b] -2 2026.open[c] +3 2027.open[a] +2 2027.open[b] +2 2027.open[c] <= 3
 2027.new_sites_of_this_year[0]: -1 2026.open[a] -1 2026.open[b] -1 2026.open[c] +1 2027.open[a] +1 2027.open[b] +1 2027.open[c] = 1
Bounds
 0 <= 2026.open[a] <= 1
 0 <= 2026.open[b] <= 1
 0 <= 2026.open[c] <= 1
 0 <= 2027.open[a] <= 1
 0 <= 2027.open[b] <= 1
 0 <= 2027.open[c] <= 1
Generals
 2026.open[a]
 2026.open[b]
 2026.open[c]
 2027.open[a]
 2027.open[b]
 2027.open[c]
End
"""  # noqa: E501
