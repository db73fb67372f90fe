"""Piles of a study's section: columns to kinds, limits to rows, and a first plan that keeps every rule."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from models.arrays import Sparse
from models.formulation import formulate
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget, CoverageFloor
from solver.engines.engine import Ask
from solver.engines.highs import Highs, lp_bound
from solver.errors import StudyError
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.roads import Points
from solver.pose.charging import pose_charging
from solver.study.schema import Programme, Reach


@dataclasses.dataclass(frozen=True)
class Within:
    """Travel from a matrix (n_demand, n_sites), inf out of reach."""

    matrix: np.ndarray

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        near = np.where(self.matrix <= reach.limit, self.matrix, np.inf)
        return SitingProblem.dense(Sites.of(sites.ids), Demand.of(demand.ids), near, unit="m").travel


SECTION = {
    "model": "charging",
    "demand": {"file": "places.csv", "id": "id", "weight": "kwh"},
    "sites": {"file": "sites.csv", "id": "id"},
    "reach": {"limit_m": 500.0},
    "piles": {
        "total": 4,
        "at_least_where_open": 2,
        "grid_limit_kw": "grid",
        "min_share": {"slow": 0.5},
        "kinds": {
            "slow": {"power_kw": 7.0, "energy_kwh_per_day": 40.0, "cost": 5.0, "max_per_site": "most_slow"},
            "fast": {"power_kw": 120.0, "energy_kwh_per_day": 480.0, "cost": "fast_cny", "max_per_site": 2.0},
        },
    },
}


def inputs_of(need: list[float], columns: dict[str, list[float]], **changed: object) -> ProgrammeInputs:
    frame = pd.DataFrame(columns)
    demand = Demand.of([f"d{i}" for i in range(len(need))], weight=np.array(need))
    sites = Sites.of([f"s{j}" for j in range(len(frame))], cost=100.0)
    return ProgrammeInputs("ev", Programme.model_validate(SECTION | changed), sites, frame, demand)


COLUMNS = {"grid": [400.0, 130.0], "most_slow": [3.0, 9.0], "fast_cny": [70.0, 80.0]}


def test_columns_of_the_site_layer_become_kinds_and_limits() -> None:
    posed = pose_charging(inputs_of([1000.0], COLUMNS), Within(np.array([[100.0, 600.0]])))
    model = posed.formulation
    assert model.most_units.tolist() == [[3.0, 4.0], [2.0, 1.0]]  # at most 4 in all; 130 kW bear one fast pile
    assert model.kinds[1].cost.tolist() == [70.0, 80.0]
    # 2 slow and 2 fast at the site within reach: 80 + 960, of which 1000 is needed
    answer = Highs().run(formulate(model, posed.rules)[1], Ask(gap=0.0))
    assert answer.outcome.objective == pytest.approx(1000.0)


def test_a_section_without_kinds_is_refused() -> None:
    with pytest.raises(StudyError, match=r"programmes\.ev\.piles   is missing; name the kinds of piles"):
        pose_charging(inputs_of([1.0], COLUMNS, piles=None), Within(np.zeros((1, 2))))


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(StudyError, match=r"piles\.grid_limit_kw"):
        pose_charging(inputs_of([1.0], {"most_slow": [1.0], "fast_cny": [1.0]}), Within(np.zeros((1, 1))))


def city(seed: int, n_sites: int, n_demand: int) -> tuple[ProgrammeInputs, Within]:
    rng = np.random.default_rng(seed)
    at, to = rng.random((n_demand, 1, 2)) * 5000, rng.random((1, n_sites, 2)) * 5000
    columns = {
        "grid": rng.integers(150, 900, n_sites).astype(float).tolist(),
        "most_slow": rng.integers(5, 40, n_sites).astype(float).tolist(),
        "fast_cny": rng.integers(60, 90, n_sites).astype(float).tolist(),
    }
    piles = SECTION["piles"] | {"total": 6 * n_sites}  # type: ignore[operator]
    need = rng.integers(10, 400, n_demand).astype(float).tolist()
    inputs = inputs_of(need, columns, piles=piles, budget=140.0 * n_sites)
    return inputs, Within(np.abs(at - to).sum(axis=2))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_the_first_plan_keeps_every_rule_and_lies_near_the_bound(seed: int) -> None:
    inputs, source = city(seed, 60, 400)
    posed = pose_charging(inputs, source)
    assert posed.search is not None
    plan = posed.search(4.0, 1)
    assert plan is not None
    draft, program = formulate(posed.formulation, posed.rules)
    values = np.zeros(program.n_columns)
    posed.formulation.values_of(draft, plan, values)
    assert program.violations(values) == []
    bound = lp_bound(program, time_limit_s=20.0)
    assert bound is not None
    assert posed.formulation.objective_of(plan) >= 0.97 * bound.bound
    assert any(isinstance(rule, Budget) for rule in posed.rules)


def test_piles_that_cannot_be_placed_have_no_first_plan() -> None:
    inputs, source = city(1, 10, 40)
    posed = pose_charging(
        dataclasses.replace(inputs, programme=inputs.programme.model_copy(update={"budget": 10.0})), source
    )
    assert posed.search is not None
    assert posed.search(5.0, 1) is None


def test_a_floor_in_every_district_is_kept_by_the_first_plan() -> None:
    inputs, source = city(2, 40, 200)
    assert inputs.demand is not None
    group = tuple("north" if i % 4 else "south" for i in range(200))
    inputs = dataclasses.replace(
        inputs,
        demand=dataclasses.replace(inputs.demand, group=group),
        programme=inputs.programme.model_copy(update={"floor_share": 0.2}),
    )
    posed = pose_charging(inputs, source)
    assert posed.search is not None
    plan = posed.search(4.0, 1)
    assert plan is not None
    floor = next(rule for rule in posed.rules if isinstance(rule, CoverageFloor))
    assert floor.violations(posed.formulation.sites, inputs.demand, plan, 0.0) == []
