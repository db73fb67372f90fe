"""Capacitated covering against brute force (a largest flow, or every assignment) and hand-derived cases."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from models.coverage.capacitated_cover import CapacitatedCover
from models.errors import ProblemError
from models.formulation import formulate
from models.lp_text import lp_text
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget, Count, CoverageFloor, MinimumUse
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from tests.models.brute_force import every_choice


def _problem(rng, n_sites=5, n_demand=5):
    travel = np.where(rng.random((n_demand, n_sites)) < 0.5, 1.0, np.inf)
    if n_demand > 2:
        travel[1] = travel[0]  # equal sets, so that classes are formed
    return SitingProblem.dense(
        Sites.of(
            [f"s{j}" for j in range(n_sites)],
            cost=rng.integers(1, 6, n_sites).astype(float),
            status=rng.choice([0, 0, 0, 1, 2, 3], n_sites),
            capacity=rng.integers(1, 9, n_sites).astype(float),
        ),
        Demand.of(
            [f"d{i}" for i in range(n_demand)],
            weight=rng.integers(0, 5, n_demand).astype(float),
            group=[("a", "b")[k] for k in rng.integers(0, 2, n_demand)],
        ),
        travel,
    )


def _most_served(problem, chosen, single, floor, least):
    """The most that open sites serve: all assignments one by one, or a linear program over raw pairs."""
    demand, sites = problem.demand, problem.sites
    reach = problem.travel.toarray() > 0
    n, m = reach.shape
    total = {g: sum(w for w, h in zip(demand.weight, demand.group, strict=True) if h == g) for g in demand.group}
    if single:
        best = None
        options = [[-1, *[j for j in range(m) if reach[i, j] and chosen[j]]] for i in range(n)]
        for assignment in itertools.product(*options):
            load = np.zeros(m)
            got = dict.fromkeys(total, 0.0)
            for i, j in enumerate(assignment):
                if j >= 0:
                    load[j] += demand.weight[i]
                    got[demand.group[i]] += demand.weight[i]
            if (load > sites.capacity).any() or (load < least * chosen).any():
                continue
            if floor is not None and any(got[g] < floor * total[g] - 1e-9 for g in total):
                continue
            best = max(load.sum(), -np.inf if best is None else best)
        return best
    pairs = [(i, j) for i in range(n) for j in range(m) if reach[i, j] and chosen[j]]
    rows, limits = [], []
    for i in range(n):
        rows.append([float(p[0] == i) for p in pairs])
        limits.append(demand.weight[i])
    for j in range(m):
        rows.append([float(p[1] == j) for p in pairs])
        limits.append(sites.capacity[j])
        if chosen[j] and least:
            rows.append([-float(p[1] == j) for p in pairs])
            limits.append(-least)
    for g in total if floor is not None else ():
        rows.append([-float(demand.group[p[0]] == g) for p in pairs])
        limits.append(-floor * total[g])
    if not pairs:
        return None if any(limit < 0 for limit in limits) else 0.0
    found = linprog(-np.ones(len(pairs)), A_ub=np.array(rows), b_ub=np.array(limits), bounds=(0, None))
    return -found.fun if found.status == 0 else None


def _agrees_with_trying(seed, single):
    rng = np.random.default_rng(seed)
    problem = _problem(rng)
    able = int((problem.sites.is_new & ~problem.sites.fixed_closed).sum())
    count = Count(int(rng.integers(0, able + 1)), "at most")
    budget = Budget(float(rng.integers(5, 14)))
    least = float(rng.integers(0, 3))
    floor = 0.3 if rng.random() < 0.5 and problem.demand.weight.any() else None
    rules = (count, budget, MinimumUse(least), *((CoverageFloor(floor),) if floor else ()))
    truth = None
    for chosen in every_choice(problem.sites):
        new = chosen & problem.sites.is_new
        if new.sum() > count.number or problem.sites.cost[new].sum() > budget.amount:
            continue
        value = _most_served(problem, chosen, single, floor, least)
        if value is not None and (truth is None or value > truth):
            truth = value
    formulation = CapacitatedCover(problem, single_source=single)
    draft, program = formulate(formulation, rules)
    answer = Highs().run(program, Ask(time_limit_s=20, gap=0))
    assert (truth is None) == (answer.values is None), seed
    if truth is None:
        return
    plan = formulation.read_plan(draft, answer.values)
    assert formulation.objective_of(plan) == pytest.approx(truth, abs=1e-6), seed
    assert [f for r in rules for f in r.violations(problem.sites, problem.demand, plan, 0.0)] == []
    values = np.zeros(program.n_columns)
    formulation.values_of(draft, plan, values)
    assert program.violations(values) == []


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("seed", range(15))
def test_agrees_with_brute_force_under_rules(seed, single):
    _agrees_with_trying(seed, single)


@pytest.mark.slow
@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_agrees_with_brute_force_under_rules_at_length(seed, single):
    _agrees_with_trying(seed, single)


def _two_places_one_site():
    return SitingProblem.dense(
        Sites.of(["s0", "s1"], capacity=np.array([5.0, 2.0])), Demand.of(["d0", "d1"], weight=np.array([4.0, 3.0])),
        np.array([[1.0, np.inf], [1.0, 1.0]]),
    )  # fmt: skip


def test_capacity_is_shared_out_whole_or_divided():
    problem = _two_places_one_site()
    for single, worth in ((False, 7.0), (True, 4.0)):
        formulation = CapacitatedCover(problem, single_source=single)
        _, program = formulate(formulation)
        assert Highs().run(program, Ask(gap=0)).outcome.objective == pytest.approx(worth)


def test_a_plan_that_serves_what_it_cannot_is_refused():
    formulation = CapacitatedCover(_two_places_one_site())
    served = np.array([[0.0, 1.0], [1.0, 0.5]])
    with pytest.raises(ProblemError) as caught:
        formulation.objective_of(Plan(open=np.array([False, True]), served=_sparse(served)))
    for fault in ("d0 is served by s1, which is out of reach", "s0 serves though it is closed", "s1 serves 5.5 of 2"):
        assert fault in str(caught.value)
    assert "d1 is served 1.5" in str(caught.value)


def _sparse(dense):
    import scipy.sparse as sp

    return sp.csr_array(dense)


def test_golden_text_of_the_program():
    _, program = formulate(CapacitatedCover(_two_places_one_site()))
    assert lp_text(program) == GOLDEN


GOLDEN = """\\ capacitated-cover
Maximize
 obj: +4 served[0_s0] +3 served[1_s0] +3 served[1_s1]
Subject To
 a_class_is_served_once[0]: +1 served[0_s0] <= 1
 a_class_is_served_once[1]: +1 served[1_s0] +1 served[1_s1] <= 1
 within_the_capacity_of_an_open_site[s0]: -5 open[s0] +4 served[0_s0] +3 served[1_s0] <= 0
 within_the_capacity_of_an_open_site[s1]: -2 open[s1] +3 served[1_s1] <= 0
 served_only_by_open_sites[0]: -1 open[s0] +1 served[0_s0] <= 0
 served_only_by_open_sites[1]: -1 open[s0] +1 served[1_s0] <= 0
Bounds
 0 <= open[s0] <= 1
 0 <= open[s1] <= 1
 0 <= served[0_s0] <= 1
 0 <= served[1_s0] <= 1
 0 <= served[1_s1] <= 1
Generals
 open[s0]
 open[s1]
End
"""
