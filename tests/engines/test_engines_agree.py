"""Every model with rules mixed in: every engine that takes it finds what trying every choice of sites finds."""

from typing import Any

import numpy as np
import pytest

import solver
from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import Formulation, Rule, formulate
from models.rules import Decided, GroupCount
from solver.engines.catalogue import available, engine, require
from solver.engines.engine import Ask
from solver.errors import EngineError
from tests.models.matrix import CASES, Case

INSTALLED = [a.name for a in available() if a.installed]
QUICK = [name for name in INSTALLED if not name.startswith("pulp:")]
"""PuLP starts a process for every program: it takes part in some instances only."""
BY_NAME = {case.name: case for case in CASES}


def agrees(case: Case, seed: int, engines: list[str], *, decided: bool = False) -> str:
    """Check one instance on some engines; says whether it had a plan. `decided`: two sites are decided by a rule."""
    made = case.instance(seed)
    if made is None:
        return "nothing to decide"
    problem, model, rules = made
    if decided:
        rules = (*rules, *decisions(model, seed))
    truth, _ = case.best(problem, model, rules)
    try:
        draft, program = formulate(model, rules)
    except ProblemError:  # a rule asks for more sites than there are
        assert truth is None, seed
        return "refused"
    for name in engines:
        try:
            require(engine(name), program)
        except EngineError:
            assert name == "cp-sat"  # the one engine for whole columns only
            continue
        answer = engine(name).run(program, Ask(time_limit_s=30.0, gap=0.0))
        if truth is None:
            assert (seed, name, answer.outcome.ended) == (seed, name, "infeasible")
            continue
        assert (seed, name, answer.outcome.ended) == (seed, name, "proven")
        assert answer.values is not None
        assert answer.outcome.objective == pytest.approx(truth, abs=1e-5), (seed, name)
        holds(model, rules, problem, draft, program, answer.values, truth)
    return "infeasible" if truth is None else "proven"


def decisions(model: Formulation, seed: int) -> tuple[Rule, ...]:
    """One site held open and one held closed, among those that are free."""
    free = np.flatnonzero(~model.sites.fixed_open & ~model.sites.fixed_closed)
    first, *rest = np.random.default_rng(seed).permutation(free) if len(free) else (None,)
    rules = [] if first is None else [Decided((model.sites.ids[first],), True, "required")]
    return (*rules, *(Decided((model.sites.ids[j],), False, "forbidden") for j in rest[:1]))


def holds(model: Formulation, rules: tuple[Rule, ...], problem: Any, *found: Any) -> None:
    """The plan read off is worth the truth, keeps every rule by the rule's own check, and can be written back."""
    draft, program, values, truth = found
    plan = model.read_plan(draft, values)
    assert model.objective_of(plan) == pytest.approx(truth, abs=1e-5)
    demand = getattr(problem, "demand", None)
    assert [f for rule in rules for f in rule.violations(model.sites, demand, plan, cost_of(model, plan))] == []
    again = np.zeros(program.n_columns)
    model.values_of(draft, plan, again)
    assert program.violations(again) == []
    assert program.objective_at(again) == pytest.approx(truth, abs=1e-5)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_few_instances_of_every_model_agree_with_trying_everything(name: str) -> None:
    ends = {agrees(BY_NAME[name], seed, (INSTALLED, QUICK)[seed] if seed < 2 else ["highs"]) for seed in range(6)}
    assert "proven" in ends


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_NAME)
def test_two_hundred_instances_of_every_model_agree_on_every_engine(name: str) -> None:
    ends = [agrees(BY_NAME[name], seed, QUICK if seed % 10 else INSTALLED) for seed in range(1000, 1240)]
    assert ends.count("proven") >= 50
    assert len(ends) - ends.count("nothing to decide") >= 200


def test_every_rule_meets_every_model_that_claims_it() -> None:
    anywhere = {"open", "budget", "at_most_one_of", "forbidden_pairs", "needs", "spacing_m"}
    groups = {"at_most_per_group", "at_least_per_group", "group_rules.owner.at_most", "group_rules.owner.at_least"}
    for case in CASES:
        met = set()
        for seed in range(60):
            made = case.instance(seed)
            if made is not None:
                met |= {"open" if r.key.startswith("open") else r.key for r in made[2]}
        claimed = anywhere | groups | ({"floor_share"} if case.covers else set())
        claimed |= {"minimum_use"} if case.loads else set()
        claimed |= {"sizes_total"} if case.units else set()
        assert claimed <= met, case.name
        assert {"floor_share", "minimum_use"} & met == {"floor_share", "minimum_use"} & claimed


@pytest.mark.parametrize("name", BY_NAME)
def test_decided_sites_agree_with_trying_everything(name: str) -> None:
    ends = {agrees(BY_NAME[name], seed, ["highs"], decided=True) for seed in range(300, 306)}
    assert ends - {"nothing to decide", "refused"}


def test_every_rule_there_is_meets_trying_everything() -> None:
    met = {"Decided"}  # by a test of its own
    for case in CASES:
        for seed in range(20):
            made = case.instance(seed)
            met |= set() if made is None else {type(rule).__name__ for rule in made[2]}
    rules = {name for name, home in solver.HOMES.items() if home.startswith("models.rules.")}
    assert met == {name for name in rules if solver.HOMES[name] != "models.rules.years"}


def test_groups_of_open_sites_are_among_the_rules() -> None:
    made = [BY_NAME["max-cover"].instance(seed) for seed in range(40)]
    rules = [rule for found in made if found is not None for rule in found[2] if isinstance(rule, GroupCount)]
    assert {rule.counts for rule in rules} == {"new", "open"}
