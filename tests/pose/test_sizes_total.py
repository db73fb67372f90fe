"""So many modules in all, and the first plan of capacitated covering."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from models.coverage.capacitated_cover import CapacitatedCover
from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.modular import Module, modular
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget, Count, CoverageFloor, UnitsTotal
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.optimise.rens import near, search_relaxed
from tests.rules_study import SITES, solved

SIZES = """sizes_total = {total}
budget = 100
[programmes.p.sizes.small]
capacity = 3
cost = 2
max_per_site = 2
[programmes.p.sizes.large]
capacity = 8
cost = 7
max_per_site = 1
"""
NO_OLD = {
    "model": "capacitated-cover",
    "sites": "\n".join(SITES.splitlines()[:-1]),
    "sets": ["travel.missing_pairs=unreachable"],
}


def test_more_modules_serve_more_until_all_are_served(tmp_path: Path) -> None:
    # only A serves a (10), A and B serve b (8), only C c (6), only D d (4): a large module carries 8: one serves 8,
    # two at A and B 16, the third 6 at C, the fourth 4 at D
    results = {n: solved(tmp_path, SIZES.format(total=n), **NO_OLD) for n in (1, 2, 3, 4)}
    assert {n: r.objective for n, r in results.items()} == pytest.approx({1: 8, 2: 16, 3: 22, 4: 26})
    for total, result in results.items():
        assert sum(n for kinds in result.units.values() for n in kinds.values()) == total


def test_more_modules_than_fit_have_a_reason(tmp_path: Path) -> None:
    # four new sites with at most two small and one large: 12
    result = solved(tmp_path, SIZES.format(total=13), **NO_OLD)
    assert result.ended == "infeasible"
    assert "exactly 13 modules in all (sizes_total)" in "\n".join(result.reasons)


def test_other_models_have_no_modules_to_count(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"programmes\.p\.sizes_total   max-cover does not take it"):
        solved(tmp_path, "sizes_total = 3")


def test_a_total_without_sizes_says_where_they_go(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="sizes_total needs sites that hold modules in whole numbers; name them under"):
        solved(tmp_path, "sizes_total = 3", model="capacitated-cover")


def test_a_plan_with_another_number_is_faulted() -> None:
    plan = Plan(open=np.array([True, True]), units={"small": np.array([2, 0]), "large": np.array([0, 1])})
    sites = Sites.of(["s", "t"])
    assert UnitsTotal(3).violations(sites, None, plan, 0.0) == []
    assert UnitsTotal(4).violations(sites, None, plan, 0.0) == [
        "there are 3 modules; exactly 4 modules in all (sizes_total)"
    ]


def test_a_rule_on_a_model_without_units_is_refused() -> None:
    problem = SitingProblem.dense(Sites.of(["s"]), Demand.of(["a"]), np.ones((1, 1)))
    with pytest.raises(ProblemError, match="sizes_total needs sites that hold modules"):
        formulate(CapacitatedCover(problem), (UnitsTotal(1),))


def test_the_row_counts_the_modules_of_every_kind() -> None:
    problem = SitingProblem.dense(Sites.of(["s", "t"]), Demand.of(["a"]), np.ones((1, 2)))
    kinds = [Module(name, 1.0, np.zeros(2), np.full(2, 9.0)) for name in ("small", "large")]
    program = formulate(modular(CapacitatedCover, problem, kinds, in_objective=False), (UnitsTotal(5),))[1]
    assert [line.strip() for line in lp_text(program).splitlines() if "modules_in_all" in line] == [
        "modules_in_all[0]: +1 modules_small[s] +1 modules_small[t] +1 modules_large[s] +1 modules_large[t] = 5"
    ]


def random_city(seed: int) -> tuple[SitingProblem, list[Module]]:
    rng = np.random.default_rng(seed)
    n, m = 12, 40
    travel = np.where(rng.random((m, n)) < 0.3, rng.uniform(1, 9, (m, n)), np.inf)
    sites = Sites.of(
        [f"s{j}" for j in range(n)],
        cost=rng.integers(1, 9, n).astype(float),
        capacity=rng.integers(20, 90, n).astype(float),
        status=rng.choice([0, 0, 0, 0, 1, 2, 3], n),
    )
    demand = Demand.of(
        [f"d{i}" for i in range(m)], weight=rng.integers(0, 12, m).astype(float), group=[f"g{i % 3}" for i in range(m)]
    )
    modules = [
        Module("small", 7.0, rng.integers(1, 4, n).astype(float), rng.integers(0, 4, n).astype(float)),
        Module("large", 25.0, rng.integers(3, 9, n).astype(float), rng.integers(0, 3, n).astype(float)),
    ]
    return SitingProblem.dense(sites, demand, travel), modules


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("single", [False, True], ids=["shared", "single"])
def test_the_first_plan_keeps_every_rule_and_is_near_the_optimum(seed: int, single: bool) -> None:
    problem, modules = random_city(seed)
    build = partial(CapacitatedCover, single_source=single)
    model = modular(build, problem, modules, in_objective=False) if seed % 2 else build(problem)
    rules = (Budget(40.0), CoverageFloor(0.1), Count(6, "at most"))
    draft, program = formulate(model, rules)
    best = Highs().run(program, Ask(gap=0.0))
    plan = search_relaxed(model, rules, 20.0, seed)
    if best.values is None:
        assert plan is None
        return
    assert plan is not None
    values = np.zeros(program.n_columns)
    model.values_of(draft, plan, values)
    assert not program.violations(values)
    worth = model.objective_of(plan)
    assert worth == pytest.approx(program.objective_at(values))
    assert 0.85 * program.objective_at(best.values) <= worth <= program.objective_at(best.values) * (1 + 1e-9)


def test_sites_that_the_relaxation_closes_stay_closed_and_units_near_its_numbers() -> None:
    problem, modules = random_city(1)
    draft, program = formulate(modular(CapacitatedCover, problem, modules, in_objective=False), (Budget(60.0),))
    relaxed = Highs().run(program.relaxed(), Ask()).values
    assert relaxed is not None
    small = near(draft, program, relaxed, keep_open=True, width=1.0)
    closed = draft.open.of(relaxed) <= 1e-6
    assert closed.any()
    assert (small.upper[draft.open.index][closed] == 0).all()
    assert (small.lower[draft.open.index] <= small.upper[draft.open.index]).all()
    for block in draft.units.values():
        assert (small.upper[block.index] <= np.ceil(block.of(relaxed)) + 1).all()
