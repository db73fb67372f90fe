import itertools

import numpy as np
import pytest

from models.arrays import FloatArray
from models.errors import ProblemError
from models.program import Program, ProgramBuilder
from solver.engines.catalogue import engine
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.postoptimal.alternatives import Alternative, AlternativesOptions, alternatives
from tests.engines.programs import covering

ASK = Ask(time_limit_s=30.0, gap=0.0)


def best_plan(program: Program) -> FloatArray:
    values = Highs().run(program, ASK).values
    assert values is not None
    return values


def near_optimal(program: Program, count: int, within: float) -> dict[frozenset[int], float]:
    """Every choice of at most `count` sites whose coverage is within the loss, with its worth: all tried."""
    n = program.block("open").size
    reached = program.matrix.toarray()[: program.family("covered_only_if_open").size, :n] > 0
    weight = program.block("covered").of(program.objective)
    worth = {
        frozenset(sites): float(weight[reached[:, list(sites)].any(axis=1)].sum())
        for size in range(count + 1)
        for sites in itertools.combinations(range(n), size)
    }
    least = (1 - within) * max(worth.values()) - 1e-6
    return {sites: value for sites, value in worth.items() if value >= least}


def sites_of(plan: Alternative) -> frozenset[int]:
    return frozenset(np.flatnonzero(plan.open).tolist())


@pytest.mark.parametrize("name", ["highs", "cp-sat"])
@pytest.mark.parametrize("seed", range(4))
def test_each_plan_is_the_farthest_there_is(seed: int, name: str) -> None:
    program = covering(seed)
    allowed = near_optimal(program, 3, 0.25)
    found = alternatives(
        program, program.block("open").index, best_plan(program), engine(name), ASK, AlternativesOptions(4, 0.25)
    )
    assert len(found.plans) > 2
    so_far: list[frozenset[int]] = []
    for plan in found.plans:
        sites = sites_of(plan)
        assert plan.objective == allowed[sites]  # the best of these sites, not only some plan with them
        if so_far:
            truth = max(min(len(other ^ q) for q in so_far) for other in allowed)
            assert (plan.distance, plan.distance_bound) == (truth, truth)
            assert min(len(sites ^ q) for q in so_far) == truth
        so_far.append(sites)
    assert found.plans[0].loss == 0.0
    assert all(plan.loss <= 0.25 + 1e-6 for plan in found.plans)


@pytest.mark.parametrize("seed", range(3))
def test_asked_for_enough_all_plans_within_the_loss_are_found_and_it_is_proven(seed: int) -> None:
    program = covering(seed, n_sites=6)
    allowed = near_optimal(program, 3, 0.15)
    found = alternatives(
        program, program.block("open").index, best_plan(program), Highs(), ASK, AlternativesOptions(100, 0.15)
    )
    assert found.exhausted
    assert {sites_of(plan) for plan in found.plans} == set(allowed)
    assert len(found.plans) == len(allowed)


def test_hop_skip_jump_avoids_what_was_open() -> None:
    # two pairs of twins: {A or a} and {B or b} cover the same; from A, B the next plan is a, b
    builder = ProgramBuilder("twins", "max")
    opened = builder.columns("open", 4, upper=1.0, integer=True, objective=-1.0, labels=["A", "a", "B", "b"])
    groups = builder.columns("served", 2, upper=1.0, integer=True, objective=10.0)
    twin = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]])
    builder.rows("served_if_open", [(twin, opened), (-np.eye(2), groups)], lower=0.0)
    program = builder.build()
    best = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 1.0])
    found = alternatives(program, opened.index, best, Highs(), ASK, AlternativesOptions(1, 0.0, "hsj"))
    assert [sites_of(plan) for plan in found.plans] == [{0, 2}, {1, 3}]
    assert found.plans[1].distance == 4
    assert found.plans[1].distance_bound is None
    assert found.share_open.tolist() == [0.5, 0.5, 0.5, 0.5]


def test_a_program_that_minimises_allows_what_costs_a_little_more() -> None:
    # one of three sites of cost 10, 10.4, 12: within 5 % only the first two
    builder = ProgramBuilder("one", "min")
    opened = builder.columns("open", 3, upper=1.0, integer=True, objective=[10.0, 10.4, 12.0])
    builder.rows("one", [(np.ones((1, 3)), opened)], lower=1.0)
    told: list[Alternative] = []
    found = alternatives(
        builder.build(),
        opened.index,
        np.array([1.0, 0.0, 0.0]),
        Highs(),
        ASK,
        AlternativesOptions(5, 0.05),
        told.append,
    )
    assert [sites_of(plan) for plan in found.plans] == [{0}, {1}]
    assert found.plans[1].loss == pytest.approx(0.04)
    assert found.exhausted
    assert told == [found.plans[1]]


def test_no_time_is_no_proof() -> None:
    program = covering(0)
    plan = best_plan(program)
    found = alternatives(
        program, program.block("open").index, plan, Highs(), Ask(time_limit_s=0.0), AlternativesOptions(3, 0.2)
    )
    assert (len(found.plans), found.exhausted) == (1, False)


@pytest.mark.parametrize(("count", "within"), [(0, 0.1), (1, -0.1), (1, float("nan")), (1, float("inf"))])
def test_numbers_that_make_no_sense_are_refused(count: int, within: float) -> None:
    with pytest.raises(ProblemError, match="count must be at least 1 and within a share"):
        AlternativesOptions(count, within)


def test_what_is_no_plan_or_no_choice_is_refused() -> None:
    program = covering(0)
    too_many = np.concatenate([np.ones(program.block("open").size), np.zeros(program.block("covered").size)])
    with pytest.raises(ProblemError, match=r"begin with breaks so_many_sites\[0\] by 5"):
        alternatives(program, program.block("open").index, too_many, Highs(), ASK, AlternativesOptions(1, 0.1))
    best, relaxed = best_plan(program), program.relaxed()
    with pytest.raises(ProblemError, match=r"column open\[0\] is not a 0/1 column"):
        alternatives(relaxed, program.block("open").index, best, Highs(), ASK, AlternativesOptions(1, 0.1))
