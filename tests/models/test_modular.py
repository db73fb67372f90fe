"""Modules of capacity: the program as written, the plans worked out by hand, and the faults of a plan."""

from functools import partial

import numpy as np
import pytest

from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.median.fixed_charge import FixedCharge
from models.modular import Modular, Module, modular
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget
from tests.models.median_truth import as_sparse, solve_and_check


def two_places(**sites: object) -> SitingProblem:
    """Places of weight 3 and 2; s reaches both, t the second only."""
    travel = np.array([[1.0, np.inf], [1.0, 1.0]])
    return SitingProblem.dense(
        Sites.of(["s", "t"], **sites),  # type: ignore[arg-type]
        Demand.of(["a", "b"], weight=np.array([3.0, 2.0])),
        travel,
        unit="m",
    )


def small(most: float = 2.0, cost: float = 1.0) -> Module:
    return Module("small", 2.0, np.full(2, cost), np.full(2, most))


def test_a_module_more_where_the_budget_allows_it() -> None:
    # one module carries 2, two 4; sites are free: 3 modules serve all 5, of which 2 fit at s and 1 serves b at t
    model = modular(CapacitatedCover, two_places(), [small()], in_objective=False)
    for budget, served in ((0.0, 0.0), (1.0, 2.0), (2.0, 4.0), (3.0, 5.0)):
        assert solve_and_check(model, (Budget(budget),), model.demand) == pytest.approx(served)


def test_modules_are_part_of_a_cost_that_is_minimised() -> None:
    # s alone with 3 modules: 5 (site) + 3 + 5 (travel); with t (cost 1) and its own module: 6 + 2 + 1 + 5
    build = partial(FixedCharge, price=1.0)
    model = modular(build, two_places(cost=np.array([5.0, 1.0])), [small(3.0)], in_objective=True)
    assert solve_and_check(model, (), model.demand) == pytest.approx(13.0)
    model = modular(build, two_places(cost=np.array([5.0, 1.0])), [small(2.0)], in_objective=True)
    assert solve_and_check(model, (), model.demand) == pytest.approx(14.0)


def test_a_site_that_is_there_keeps_its_capacity_and_takes_no_module() -> None:
    problem = two_places(status=np.array([1, 0]), capacity=np.array([4.0, np.inf]))
    model = modular(CapacitatedCover, problem, [small()], in_objective=False)
    assert solve_and_check(model, (Budget(0.0),), model.demand) == pytest.approx(4.0)
    assert solve_and_check(model, (Budget(1.0),), model.demand) == pytest.approx(5.0)


def test_a_plan_with_too_few_modules_is_refused() -> None:
    model = modular(CapacitatedCover, two_places(), [small(1.0)], in_objective=False)
    served = as_sparse(np.array([[1.0, 0.0], [0.0, 1.0]]))
    plan = Plan(open=np.array([True, True]), units={"small": np.array([2, 0])}, served=served)
    with pytest.raises(ProblemError) as error:
        model.objective_of(plan)
    assert str(error.value).splitlines() == [
        "s has 2 modules of small; at most 1 fit",
        "t is open without a module",
        "t serves 2; its modules carry 0",
    ]


def test_a_model_without_loads_takes_no_modules() -> None:
    with pytest.raises(ProblemError, match="sizes needs a model that assigns demand to sites; max-cover does not"):
        formulate(Modular(MaxCover(two_places()), two_places().demand, (small(),), False))


def test_the_program_reads_as_in_the_docstring() -> None:
    model = modular(CapacitatedCover, two_places(status=np.array([0, 3])), [small()], in_objective=False)
    assert lp_text(formulate(model, (Budget(3.0),))[1]) == (
        "\\ capacitated-cover\nMaximize\n obj: +5 served[0_s]\nSubject To\n"
        " a_class_is_served_once[0]: +1 served[0_s] <= 1\n"
        " within_the_capacity_of_an_open_site[s]: -4 open[s] +5 served[0_s] <= 0\n"
        " within_the_capacity_of_an_open_site[t]: 0 <= 0\n"
        " modules_carry_the_load[s]: +5 served[0_s] -2 modules_small[s] <= 0\n"
        " modules_of_small_only_at_open_sites[s]: -2 open[s] +1 modules_small[s] <= 0\n"
        " an_open_site_has_a_module[s]: -1 open[s] +1 modules_small[s] >= 0\n"
        " costs_within_budget[0]: +1 modules_small[s] +1 modules_small[t] <= 3\n"
        "Bounds\n 0 <= open[s] <= 1\n 0 <= open[t] <= 0\n 0 <= served[0_s] <= 1\n"
        " 0 <= modules_small[s] <= 2\n 0 <= modules_small[t] <= 0\n"
        "Generals\n open[s]\n open[t]\n modules_small[s]\n modules_small[t]\nEnd\n"
    )
