"""Where capacity or reach is what no plan can keep, they are named: alone, beside rules, and with the numbers."""

from pathlib import Path

import numpy as np
import pytest

import solver
from solver.errors import StudyError
from solver.results.result import ProgrammeResult
from solver.solve import solve_study
from solver.study.read import read_study
from tests.sweep import small

# Places p, q, r with 50, 40, 30 pupils; sites a, b, c reach p, q, r in 5 min each, and one another's in 20.
ALL = "demand,site,value\n" + "".join(
    f"{i},{j},{5 if i + j in ('pa', 'qb', 'rc') else 20}\n" for i in "pqr" for j in "abc"
)
SITES = "site,district,cost,room\na,north,3e6,40\nb,mid,2e6,45\nc,south,1e6,50\n"


def reasons_of(folder: Path, sets: list[str]) -> ProgrammeResult:
    study = small.write(folder, times=ALL, sites=SITES)
    own = [
        one if one.startswith("programmes.") else f"programmes.clinics.{one}" for one in ["reach.limit_min=30", *sets]
    ]
    return solve_study(read_study(study, own)).programmes["clinics"]


def test_capacity_is_named_where_the_sites_asked_for_cannot_hold_all(tmp_path):
    # the roomiest two hold 50 + 45 = 95 of 120 pupils; three hold 135
    told = reasons_of(tmp_path, ['model="p-median"', "open=2", "sites.capacity=room"])
    assert told.ended == "infeasible"
    assert told.reasons == (
        "cannot be kept together: 'no site serves more than its capacity; 120 are to be served (capacity)'; "
        "'exactly 2 new sites (open)'",
        "there is a plan with 3 new sites",
        "2 new sites hold at most 95 of 120: 25 are too many",
    )
    assert told.reasons_zh == (
        "以下规则不能同时满足：“各站点服务量不超过其容量；共需服务 120（capacity）”；“恰好新建 2 个站点（open）”",
        "若新建 3 个站点，则有可行方案",
        "2 个新站点容量至多 95，共需 120，尚缺 25",
    )


def test_all_sites_together_that_hold_too_little_are_a_fault(tmp_path):
    sets = ['model="fixed-charge"', "transport_per_min=1", "sites.capacity=room", "demand.weight=100"]
    with pytest.raises(StudyError) as told:
        reasons_of(tmp_path, sets)
    assert "all sites that may open carry 135 together; the demand is 300: add sites or capacity" in str(told.value)


def test_reach_is_named_where_the_sites_asked_for_do_not_reach_all(tmp_path):
    # within ten minutes each site reaches its own place
    near = "reach.limit_min=10"
    told = reasons_of(tmp_path, ['model="p-median"', "open=2", near])
    assert told.reasons == (
        "cannot be kept together: 'every place is served within reach (reach)'; 'exactly 2 new sites (open)'",
        "there is a plan with 3 new sites",
    )


@pytest.mark.parametrize("model", ["set-cover"])
def test_reach_is_named_beside_the_fewest_sites_that_are_allowed(tmp_path, model):
    told = reasons_of(tmp_path, [f'model="{model}"', "open=2", "reach.limit_min=10"])
    assert told.reasons[0] == (
        "cannot be kept together: 'every place is served within reach (reach)'; 'exactly 2 new sites (open)'"
    )


def test_capacity_is_named_beside_a_floor(tmp_path):
    # a holds 40 of the 50 in the north, which lies beyond the reach of the others
    sets = ['model="capacitated-cover"', "open=3", "floor_share=0.9", "sites.capacity=room"]
    told = reasons_of(tmp_path, [*sets, "reach.limit_min=10"])
    assert told.reasons == (
        "cannot be kept together: 'no site serves more than its capacity (capacity)'; "
        "'at least 90.0% covered in every district (floor_share)'",
        "there is a plan with north covered to 80.0%",
    )


def test_a_count_alone_is_still_told_where_it_is_the_cause(tmp_path):
    told = reasons_of(tmp_path, ['model="p-median"', "open=2", "open_at_least=3"])
    assert "capacity" not in told.reasons[0]
    assert "reach" not in told.reasons[0]


def test_python_names_capacity_too():
    sites, demand = solver.Sites.of(["a", "b"], capacity=[10, 20]), solver.Demand.of(["p", "q"], weight=[15.0, 10.0])
    problem = solver.SitingProblem.dense(sites, demand, np.array([[1.0, 2.0], [2.0, 1.0]]))
    solution = solver.solve_model(solver.FixedCharge(problem, price=1.0), [solver.Count(1, "at most")])
    assert solution.reasons == (
        "cannot be kept together: 'no site serves more than its capacity; 25 are to be served (capacity)'; "
        "'at most 1 new site (open_at_most)'",
        "there is a plan with 2 new sites",
        "1 new site holds at most 20 of 25: 5 are too many",
    )
