"""What must hold of every model, whatever the numbers: laws over random problems of all of them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ProblemError
from models.formulation import Formulation, Rule, formulate
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.rules import Budget, Count
from solver.engines.engine import Ask
from solver.engines.highs import Highs, lp_bound
from tests.models.matrix import CASES, Case

PLACED = [case for case in CASES if isinstance(case.problem(np.random.default_rng(0)), SitingProblem)]
"""Models of places and sites with travel between them."""
COVERING = [case for case in PLACED if case.covers and not case.name.startswith("market-share")]
"""A longer reach is one for competitors too."""
SCALED = [case for case in PLACED if case.scale is not None]
DIVISIBLE = [case for case in PLACED if "single" not in case.name]
SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=30, deadline=None)


def worth(model: Formulation, rules: tuple[Rule, ...] = ()) -> float | None:
    """The optimum, None where there is no plan."""
    try:
        _, program = formulate(model, rules)
    except ProblemError:
        return None
    return Highs().run(program, Ask(gap=0.0)).outcome.objective


def posed(case: Case, seed: int) -> tuple[Any, Formulation, tuple[Rule, ...]]:
    """The first instance from a seed on that can be posed."""
    for s in range(seed, seed + 50):
        made = case.instance(s)
        if made is not None:
            return made
    pytest.fail(f"{case.name} has no instance near {seed}")


def no_worse(model: Formulation, second: float | None, first: float | None) -> bool:
    """Is the second value at least as good as the first, where there was a first?"""
    if first is None:
        return True
    sign = 1.0 if model.sense == "max" else -1.0
    return second is not None and sign * second >= sign * first - 1e-6


def same(first: float | None, second: float | None, factor: float = 1.0) -> bool:
    """Are both without a plan, or is the second the first times a factor?"""
    if first is None or second is None:
        return first is second
    return abs(second - factor * first) <= 1e-6 * max(1.0, abs(second))


@LAW
@given(case=st.sampled_from(CASES), seed=SEEDS, more=st.integers(1, 10))
def test_more_money_never_makes_a_plan_worse(case: Case, seed: int, more: int) -> None:
    _, model, _ = posed(case, seed)
    least = model.sites.base_cost() + float(np.minimum(model.sites.opening_cost(), 0.0).sum())
    for money in (least + 3.0, least + 0.4 * case.richest):
        first, second = worth(model, (Budget(money),)), worth(model, (Budget(money + more),))
        assert no_worse(model, second, first)


@LAW
@given(case=st.sampled_from(CASES), seed=SEEDS, number=st.integers(0, 4))
def test_more_sites_never_make_a_plan_worse(case: Case, seed: int, number: int) -> None:
    _, model, _ = posed(case, seed)
    values = [worth(model, (Count(n, "at most"),)) for n in (number, number + 1, 99)]
    assert no_worse(model, values[1], values[0])
    assert no_worse(model, values[2], values[1])


@LAW
@given(case=st.sampled_from(COVERING), seed=SEEDS, limit=st.sampled_from([1.0, 2.0]))
def test_a_longer_reach_never_lowers_coverage(case: Case, seed: int, limit: float) -> None:
    problem, model, _ = posed(case, seed)
    reduce = worth(case.build(problem.within(limit)), (Count(2, "at most"),))
    assert no_worse(model, worth(model, (Count(2, "at most"),)), reduce)


@LAW
@given(case=st.sampled_from(PLACED), seed=SEEDS)
def test_the_order_of_sites_and_places_changes_nothing(case: Case, seed: int) -> None:
    problem, model, rules = posed(case, seed)
    rules = tuple(r for r in rules if getattr(r, "of", None) is None and r.key != "minimum_use")  # told by position
    rng = np.random.default_rng(seed)
    a, b = rng.permutation(len(problem.sites)), rng.permutation(len(problem.demand))
    s, d = problem.sites, problem.demand
    sites = Sites(
        tuple(s.ids[j] for j in a),
        s.cost[a],
        s.status[a],
        tuple(s.group[j] for j in a),
        s.capacity[a],
        s.closing_cost[a],
        None if s.xy is None else s.xy[a],
    )
    demand = Demand.of([d.ids[i] for i in b], weight=d.weight[b], group=[d.group[i] for i in b])
    other = SitingProblem(sites, demand, sp.csr_array(problem.travel[b][:, a]), unit=problem.unit)
    assert same(worth(model, rules), worth(case.build(other), rules))


@LAW
@given(case=st.sampled_from(SCALED), seed=SEEDS)
def test_trebled_weights_scale_the_objective(case: Case, seed: int) -> None:
    problem, model, rules = posed(case, seed)
    rules = tuple(rule for rule in rules if rule.key != "minimum_use")  # told in the weight's unit
    larger = replace(
        problem,
        sites=replace(problem.sites, capacity=3 * problem.sites.capacity),
        demand=replace(problem.demand, weight=3 * problem.demand.weight),
    )
    assert case.scale is not None
    assert same(worth(model, rules), worth(case.build(larger), rules), case.scale)


@LAW
@given(case=st.sampled_from(DIVISIBLE), seed=SEEDS, which=st.integers(0, 100))
def test_a_place_twice_is_a_place_of_twice_the_weight(case: Case, seed: int, which: int) -> None:
    problem, model, rules = posed(case, seed)
    d = problem.demand
    i = which % len(d)
    double = np.where(np.arange(len(d)) == i, 2.0, 1.0) * d.weight
    heavy = replace(problem, demand=replace(d, weight=double))
    twice = replace(
        problem,
        demand=Demand.of([*d.ids, "again"], weight=np.append(d.weight, d.weight[i]), group=[*d.group, d.group[i]]),
        travel=sp.csr_array(sp.vstack([problem.travel, problem.travel[[i]]])),
    )
    try:
        first = case.build(heavy)
    except ProblemError:  # more than all sites can carry
        with pytest.raises(ProblemError):
            case.build(twice)
        return
    assert same(worth(first, rules), worth(case.build(twice), rules))


@LAW
@given(case=st.sampled_from(CASES), seed=SEEDS)
def test_forcing_the_best_sites_open_keeps_the_value(case: Case, seed: int) -> None:
    problem, model, rules = posed(case, seed)
    try:
        draft, program = formulate(model, rules)
    except ProblemError:
        return
    answer = Highs().run(program, Ask(gap=0.0))
    if answer.values is None:
        return
    opened = draft.open.of(answer.values) > 0.5
    if case.name == "p-dispersion" and not (opened.sum() > 1 and (opened & model.sites.is_new).any()):
        return  # no pair is open: the value is that of the widest pair there could be
    candidate = model.sites.is_(SiteStatus.CANDIDATE)
    for status in (
        np.where(candidate & opened, int(SiteStatus.REQUIRED), model.sites.status),
        np.where(candidate & ~opened, int(SiteStatus.FORBIDDEN), model.sites.status),
    ):
        forced = case.build(replace(problem, sites=replace(problem.sites, status=status)))
        assert same(answer.outcome.objective, worth(forced, rules))


@LAW
@given(case=st.sampled_from(CASES), seed=SEEDS)
def test_no_plan_is_better_than_the_optimum_and_the_optimum_not_than_a_bound(case: Case, seed: int) -> None:
    _, model, rules = posed(case, seed)
    try:
        _, program = formulate(model, rules)
    except ProblemError:
        return
    best = Highs().run(program, Ask(gap=0.0)).outcome
    loose = Highs().run(program, Ask(gap=0.5)).outcome
    linear = lp_bound(program, time_limit_s=5.0, threads=1)
    if best.objective is None:
        assert loose.objective is None
        return
    assert loose.objective is not None
    assert no_worse(model, best.objective, loose.objective)
    for bound in (best.bound, loose.bound, None if linear is None else linear.bound):
        assert bound is None or no_worse(model, bound, best.objective)


@LAW
@given(case=st.sampled_from(CASES), seed=SEEDS)
def test_the_same_seed_gives_the_same_plan(case: Case, seed: int) -> None:
    _, model, rules = posed(case, seed)
    try:
        _, program = formulate(model, rules)
    except ProblemError:
        return
    first, second = (Highs().run(program, Ask(seed=seed, gap=0.0)).values for _ in range(2))
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert np.array_equal(first, second)
