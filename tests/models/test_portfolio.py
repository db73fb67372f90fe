"""Programmes under one budget against trying everything, hand-derived cases, and the laws of joint choice."""

import itertools

import numpy as np
import pytest

from models.coverage.max_cover import MaxCover
from models.coverage.set_cover import SetCover
from models.errors import ProblemError
from models.figures import cost_of
from models.lp_text import lp_text
from models.portfolio import Link, Member, Portfolio, cost_of_drafts
from models.prices import budget_row, clusters_of
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget, Count
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from tests.models.portfolio_truth import Choice, choices, small_problem


def _solved(portfolio):
    joint = portfolio.formulate()
    answer = Highs().run(joint.program, Ask(time_limit_s=30, gap=0))
    if answer.values is None:
        assert answer.outcome.ended == "infeasible"
        return None
    plans = portfolio.read_plans(joint.drafts, answer.values)
    costs = {m.name: cost_of(m.formulation, plans[m.name]) for m in portfolio.members}
    assert portfolio.violations(plans, costs) == []
    assert cost_of_drafts(joint.drafts, answer.values) == pytest.approx(costs)
    again = portfolio.values_of(joint.drafts, plans, joint.program.n_columns)
    assert joint.program.violations(again) == []
    worth = portfolio.objective_of(plans)
    assert worth == pytest.approx(answer.outcome.objective, abs=1e-7)
    assert worth == pytest.approx(joint.program.objective_at(again), abs=1e-7)
    return plans, costs, worth


def _random(seed):
    """Three programmes with floors, a limit on new sites in the second, and links from the third to the first."""
    rng = np.random.default_rng(seed)
    problems = {n: small_problem(rng, n, n_sites=4, n_demand=7) for n in ("a", "b", "c")}
    most = int(rng.integers(0, 4))
    floors = {n: float(rng.choice([0.0, 0.0, 0.3])) for n in problems}
    weights = {n: float(rng.choice([0.5, 1.0, 2.0])) for n in problems}
    links = [
        Link("c", problems["c"].sites.ids[j], "a", tuple(rng.choice(problems["a"].sites.ids, size, replace=False)))
        for j, size in ((0, 1), (1, 2), (2, 0))
        if rng.random() < 0.5
    ]
    members = tuple(
        Member(
            n,
            MaxCover(p),
            (Count(most, "at most"),) if n == "b" else (),
            max(1.0, float(p.demand.weight.sum())),
            weights[n],
            floors[n],
        )
        for n, p in problems.items()
    )
    return Portfolio(members, float(rng.integers(3, 22)), tuple(links)), problems, most


def _combinations(portfolio, problems, most) -> list[dict[str, Choice]]:
    """Every joint choice that keeps budget, floors and links."""
    options = [choices(p, most_new=most if n == "b" else None) for n, p in problems.items()]
    full = {m.name: m for m in portfolio.members}
    kept = []
    for combination in itertools.product(*options):
        of = dict(zip(problems, combination, strict=True))
        if sum(c.cost for c in combination) > portfolio.budget + 1e-9:
            continue
        if any(c.value < full[n].floor * full[n].full - 1e-9 for n, c in of.items()):
            continue
        if any(
            k.site in of[k.member].open and not of[k.needs_member].open & set(k.needs_sites) for k in portfolio.links
        ):
            continue
        kept.append(of)
    return kept


def _worth(portfolio, of):
    return sum(m.weight * of[m.name].value / m.full for m in portfolio.members)


def _agrees_with_trying(seed):
    portfolio, problems, most = _random(seed)
    try:
        found = _solved(portfolio)
    except ProblemError:  # a floor above what is covered whatever opens
        found = None
    kept = _combinations(portfolio, problems, most)
    assert (found is None) == (kept == []), seed
    if found is None:
        return
    assert found[2] == pytest.approx(max(_worth(portfolio, of) for of in kept), abs=1e-7)
    _no_programme_gains_unnoticed(portfolio, found, kept)
    _prices_bound(portfolio, found[2])


def _no_programme_gains_unnoticed(portfolio, found, kept):
    """Whatever else helps one programme costs others at least as much in the objective: the plan is Pareto-optimal."""
    plans, _, worth = found
    value = {m.name: m.formulation.objective_of(plans[m.name]) for m in portfolio.members}
    for of in kept:
        change = {n: of[n].value - value[n] for n in value}
        if any(c > 1e-9 for c in change.values()):
            assert any(c < -1e-9 for c in change.values())
            assert _worth(portfolio, of) <= worth + 1e-9


def _prices_bound(portfolio, worth):
    """At any price the clusters' own optima add up to no less than the joint optimum."""
    joint = portfolio.formulate()
    clusters = clusters_of(joint, portfolio.links)
    assert sorted(name for c in clusters for name in c.names) == sorted(joint.parts)
    right = joint.program.row_upper[budget_row(joint)]
    for price in (0.0, 0.01, 0.1):
        alone = [Highs().run(c.at(price), Ask(gap=0)).outcome for c in clusters]
        assert sum(o.bound for o in alone) + price * right + joint.program.offset >= worth - 1e-7


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_trying_everything(seed):
    _agrees_with_trying(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2220))
def test_agrees_with_trying_everything_at_length(seed):
    _agrees_with_trying(seed)


def _line(weights, reaches, cost, prefix):
    """Sites that each reach some places by their positions."""
    travel = np.full((len(weights), len(reaches)), np.inf)
    for j, places in enumerate(reaches):
        travel[places, j] = 0.0
    return SitingProblem.dense(
        Sites.of([f"{prefix}{j + 1}" for j in range(len(reaches))], cost=np.array(cost)),
        Demand.of([f"{prefix}d{i}" for i in range(len(weights))], weight=np.array(weights, dtype=float)),
        travel,
    )


LOTS = _line([60, 40], [[0], [1]], [6.0, 5.0], "P")
PILES = _line([70, 30], [[0], [1]], [5.0, 1.0], "C")


def _two(budget, *, weight=1.0, floor=0.0, links=()):
    lots = Member("lots", MaxCover(LOTS), (), 100.0)
    return Portfolio((lots, Member("piles", MaxCover(PILES), (), 100.0, weight, floor)), budget, links)


def test_money_goes_where_it_covers_most():
    # 7 CNY: P1 + C2 cover 60 % + 30 % = 0.9; C1 + C2 cover 100 % for 6 = 1.0; P2 + C2 70 %
    plans, costs, worth = _solved(_two(7.0))
    assert worth == pytest.approx(1.0)
    assert costs == {"lots": 0.0, "piles": 6.0}


def test_a_weight_moves_the_money():
    # piles count a tenth: P1 (0.6) and C2 (0.03) beat P2 (0.4) and C2, and C1 + C2 (0.1)
    plans, costs, worth = _solved(_two(7.0, weight=0.1))
    assert worth == pytest.approx(0.63)
    assert costs == {"lots": 6.0, "piles": 1.0}


def test_a_floor_is_kept_whatever_the_weight():
    # at least half of the piles' need: C1; what is left of 7 buys no lot, and C2
    plans, costs, worth = _solved(_two(7.0, weight=0.1, floor=0.5))
    assert worth == pytest.approx(0.1)
    assert costs == {"lots": 0.0, "piles": 6.0}


def test_a_link_makes_piles_wait_for_their_lot():
    # C1 stands at P1, C2 at either lot: 7 CNY buy P1 + C2 (0.9) or P2 + C2 (0.7); C1 needs P1, 11 CNY
    links = (Link("piles", "C1", "lots", ("P1",)), Link("piles", "C2", "lots", ("P1", "P2")))
    assert _solved(_two(7.0, links=links))[2] == pytest.approx(0.9)
    assert _solved(_two(12.0, links=links))[2] == pytest.approx(1.6)
    assert _solved(_two(4.0, links=links))[2] == pytest.approx(0.0)


def test_a_link_without_any_site_closes_its_site():
    assert _solved(_two(7.0, links=(Link("piles", "C1", "lots", ()),)))[2] == pytest.approx(0.9)


def test_more_joint_money_never_makes_it_worse():
    worths = [_solved(_two(float(budget)))[2] for budget in range(18)]
    assert worths == sorted(worths)
    assert worths[-1] == pytest.approx(2.0)


def test_the_joint_plan_is_at_least_as_good_as_any_split():
    joint = _solved(_two(11.0))[2]
    for lots in range(12):
        alone = (
            Member("lots", MaxCover(LOTS), (Budget(lots),), 100.0),
            Member("piles", MaxCover(PILES), (Budget(11 - lots),), 100.0),
        )
        assert _solved(Portfolio(alone))[2] <= joint + 1e-9


def test_faults_are_found_in_the_plans_alone():
    links = (Link("piles", "C1", "lots", ("P1",)),)
    portfolio = _two(4.0, floor=0.8, links=links)
    lots = portfolio.members[0].formulation.plan_of(np.array([False, False]))
    piles = portfolio.members[1].formulation.plan_of(np.array([True, False]))
    assert portfolio.violations({"lots": lots, "piles": piles}, {"lots": 0.0, "piles": 5.0}) == [
        "the programmes cost 5 together; the joint budget is 4",
        "piles reaches 70.0000% of its full value; its floor is 80.0000%",
        "piles opens C1 without P1 of lots",
    ]


def test_every_fault_of_a_portfolio_is_named_at_once():
    lots = Member("lots", MaxCover(LOTS), (), 100.0)
    with pytest.raises(ProblemError) as caught:
        Portfolio((lots,), 1.0, (Link("lots", "P1", "lots", ("P2",)), Link("piles", "C1", "lots", ("P9",))))
    assert str(caught.value) == (
        "a link joins lots with itself; use the rule `needs` of the programme\n"
        "a link names piles, which is no programme of the portfolio\n"
        "a link names P9, which lots does not have"
    )
    with pytest.raises(ProblemError, match="programmes must differ in name; got lots, lots"):
        Portfolio((lots, lots))
    with pytest.raises(ProblemError, match="lots minimises \\(set-cover\\); only programmes that maximise"):
        Member("lots", SetCover(LOTS), (), 100.0)
    with pytest.raises(ProblemError, match="lots can cover nothing: its full value is 0"):
        Member("lots", MaxCover(LOTS), (), 0.0)
    with pytest.raises(ProblemError, match="weight must be above 0 and floor a share; got 0 and 0"):
        Member("lots", MaxCover(LOTS), (), 1.0, weight=0.0)


def test_linked_programmes_stay_together_and_others_are_apart():
    lone = Member("halls", MaxCover(_line([50], [[0]], [3.0], "H")), (), 50.0)
    linked = _two(7.0, links=(Link("piles", "C1", "lots", ("P1",)),))
    portfolio = Portfolio((lone, *linked.members), 7.0, linked.links)
    clusters = clusters_of(portfolio.formulate(), portfolio.links)
    assert [c.names for c in clusters] == [("halls",), ("lots", "piles")]
    assert clusters[1].cost.tolist() == [6.0, 5.0, 5.0, 1.0]
    assert [f.name for f in clusters[1].program.families] == ["piles_opens_only_where_lots_does"]
    assert clusters[1].within(7.0).row_upper[-1] == 7.0


def test_golden_text_of_the_program():
    links = (Link("piles", "C1", "lots", ("P1", "P2")),)
    portfolio = _two(7.0, weight=2.0, floor=0.25, links=links)
    assert lp_text(portfolio.formulate().program) == GOLDEN


def test_golden_text_of_one_programme_at_a_price():
    # a weight of 2: 2 * 70 / 100 less 5 CNY at 0.125, 2 * 30 / 100 less 1 CNY
    clusters = clusters_of(_two(7.0, weight=2.0, floor=0.25).formulate(), ())
    assert lp_text(clusters[1].at(0.125)) == GOLDEN_AT_A_PRICE


GOLDEN = """\
\\ portfolio
Maximize
 obj: +0.6 lots.open[P1] +0.4 lots.open[P2] +1.4 piles.open[C1] +0.6 piles.open[C2]
Subject To
 piles.value_reaches_its_floor[0]: +70 piles.open[C1] +30 piles.open[C2] >= 25
 all_costs_within_the_joint_budget[0]: +6 lots.open[P1] +5 lots.open[P2] +5 piles.open[C1] +1 piles.open[C2] <= 7
 piles_opens_only_where_lots_does[C1]: -1 lots.open[P1] -1 lots.open[P2] +1 piles.open[C1] <= 0
Bounds
 0 <= lots.open[P1] <= 1
 0 <= lots.open[P2] <= 1
 0 <= piles.open[C1] <= 1
 0 <= piles.open[C2] <= 1
Generals
 lots.open[P1]
 lots.open[P2]
 piles.open[C1]
 piles.open[C2]
End
"""
GOLDEN_AT_A_PRICE = """\
\\ piles
Maximize
 obj: +0.775 piles.open[C1] +0.475 piles.open[C2]
Subject To
 piles.value_reaches_its_floor[0]: +70 piles.open[C1] +30 piles.open[C2] >= 25
Bounds
 0 <= piles.open[C1] <= 1
 0 <= piles.open[C2] <= 1
Generals
 piles.open[C1]
 piles.open[C2]
End
"""
