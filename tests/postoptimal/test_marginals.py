import itertools

import numpy as np
import pytest

from models.arrays import FloatArray
from models.errors import ProblemError
from models.program import Program, ProgramBuilder, row_of
from solver.engines.catalogue import engine
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.postoptimal.marginals import MarginalValue, marginals
from tests.engines.programs import best_covering, covering

ASK = Ask(time_limit_s=30.0, gap=0.0)


def solved(program: Program) -> tuple[FloatArray, float]:
    answer = Highs().run(program, ASK)
    assert answer.values is not None
    assert answer.outcome.objective is not None
    return answer.values, answer.outcome.objective


def best_with(program: Program, count: int, site: int, is_open: bool) -> float:
    """The best covering by at most `count` sites with one site open, or closed: every choice tried."""
    n = program.block("open").size
    reached = program.matrix.toarray()[: program.family("covered_only_if_open").size, :n] > 0
    weight = program.block("covered").of(program.objective)
    return max(
        float(weight[reached[:, list(sites)].any(axis=1)].sum())
        for size in range(count + 1)
        for sites in itertools.combinations(range(n), size)
        if (site in sites) == is_open
    )


@pytest.mark.parametrize("name", ["highs", "cp-sat"])
@pytest.mark.parametrize("seed", range(4))
def test_every_site_is_worth_what_enumeration_says(seed: int, name: str) -> None:
    program = covering(seed)
    plan, worth = solved(program)
    opened = program.block("open")
    found = marginals(program, opened.index, plan, worth, engine(name), ASK)
    assert [m.site for m in found.sites if m.chosen] == np.flatnonzero(opened.of(plan)).tolist()
    assert sorted(m.site for m in found.sites) == list(range(opened.size))
    assert found.better is None
    for m in found.sites:
        truth = worth - best_with(program, 3, m.site, not m.chosen)
        assert (m.at_least, m.at_most) == (pytest.approx(truth, abs=1e-4), pytest.approx(truth, abs=1e-4))
        assert (m.basis, m.impossible, m.label) == ("solved", False, f"open[{m.site}]")


@pytest.mark.parametrize("seed", range(6))
def test_without_time_the_relaxation_proves_what_it_says(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.postoptimal.marginals.LEAST_S", np.inf)
    program = covering(seed)
    plan, worth = solved(program)
    found = marginals(program, program.block("open").index, plan, None, Highs(), ASK)
    for m in found.sites:
        assert (m.basis, m.at_most, m.impossible) == ("relaxation", None, False)
        assert m.at_least is not None
        assert m.at_least <= worth - best_with(program, 3, m.site, not m.chosen) + 1e-6


def test_the_relaxation_alone_knows_most_where_it_is_tight() -> None:
    # gains 9, 5, 4, 1 and two sites: without the first 9 + 5 becomes 5 + 4, and the fourth forced in leaves 9 + 1
    builder = ProgramBuilder("gains", "max")
    opened = builder.columns("open", 4, upper=1.0, integer=True, objective=[9.0, 5.0, 4.0, 1.0])
    builder.rows("two", [(row_of(np.ones(4)), opened)], upper=2.0)
    plan = np.array([1.0, 1.0, 0.0, 0.0])
    found = marginals(builder.build(), opened.index, plan, 14.0, Highs(), Ask(time_limit_s=30.0))
    truth = {0: 5.0, 1: 1.0, 2: 1.0, 3: 4.0}
    assert {m.site: m.at_least for m in found.sites} == pytest.approx(truth, abs=1e-3)


def test_a_plan_that_can_be_bettered_is_and_the_losses_count_from_the_better_one() -> None:
    program = covering(1)
    truth = best_covering(program, 3)
    nothing = np.zeros(program.n_columns)
    found = marginals(program, program.block("open").index, nothing, None, Highs(), ASK)
    assert found.better is not None
    assert program.objective_at(found.better) == truth
    for m in found.sites:
        loss = truth - best_with(program, 3, m.site, True)
        assert not m.chosen
        assert m.at_least is not None
        assert m.at_most is not None
        assert m.at_least - 1e-6 <= loss <= m.at_most + 1e-6


def test_fixed_sites_are_left_out_and_a_site_nothing_can_do_without_is_named() -> None:
    # min cost of serving two places; B alone reaches the second; C is required, D forbidden
    builder = ProgramBuilder("serve", "min")
    opened = builder.columns(
        "open",
        4,
        lower=[0.0, 0.0, 1.0, 0.0],
        upper=[1.0, 1.0, 1.0, 0.0],
        integer=True,
        objective=[3.0, 5.0, 1.0, 0.0],
        labels=["A", "B", "C", "D"],
    )
    reach = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
    builder.rows("served", [(reach, opened)], lower=1.0)
    told: list[tuple[MarginalValue, float]] = []
    plan = np.array([0.0, 1.0, 1.0, 0.0])
    found = marginals(builder.build(), opened.index, plan, 6.0, Highs(), ASK, lambda m, share: told.append((m, share)))
    assert [(m.label, m.chosen) for m in found.sites] == [("open[B]", True), ("open[A]", False)]
    without_b, with_a = found.sites
    assert (without_b.impossible, without_b.at_least, without_b.at_most) == (True, None, None)
    assert (with_a.impossible, with_a.at_least, with_a.at_most) == (False, pytest.approx(3.0), pytest.approx(3.0))
    assert [share for _, share in told] == [0.5, 1.0]


def test_a_plan_that_is_none_is_refused() -> None:
    program = covering(0)
    with pytest.raises(ProblemError, match="the plan in hand breaks open"):
        marginals(program, program.block("open").index, np.full(program.n_columns, 2.0), None, Highs(), ASK)
