"""Three tiers of sites against enumeration, by hand, and by laws."""

from itertools import product

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from models.errors import ProblemError
from models.formulation import formulate
from models.hierarchy.chain import chain_faults
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.hierarchy.tiers import TierProblem
from models.lp_text import lp_text
from models.plan import Plan
from models.problem import Demand, Sites, SiteStatus
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from tests.models.brute_force import assert_same


def sparse(dense: list[list[float]]) -> sp.csr_array:
    """Entries of -1 are out of reach, zeros are stored."""
    full = np.array(dense, dtype=np.float64)
    rows, columns = np.nonzero(full >= 0)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=full.shape[0]))])
    return sp.csr_array((full[rows, columns], columns, indptr), shape=full.shape)


def small() -> TierProblem:
    """One centre C, two stations S T, two points P Q; S feeds P, T feeds P and Q; three places, a and b alike."""
    o = -1.0
    return TierProblem(
        sites=Sites.of(
            ["C", "S", "T", "P", "Q"], cost=np.array([9.0, 3, 4, 1, 1]), capacity=np.array([8.0, 4, 9, 7, 6])
        ),
        tier=np.array([0, 1, 1, 2, 2]),
        demand=Demand.of(["a", "b", "c"], weight=np.array([2.0, 3, 4])),
        access=sparse([[o, o, o, 1, o], [o, o, o, 1, o], [o, o, o, 2, 2]]),
        feed=sparse([[o, 5, 6, o, o], [o, o, o, 1, o], [o, o, o, 2, 3], [o] * 5, [o] * 5]),
    )


def random_problem(seed: int, *, nested: bool = False, costs: bool = False) -> TierProblem:
    """One or two centres, up to two stations and three points, up to four places; capacities that bind."""
    rng = np.random.default_rng(seed)
    sizes = (int(rng.integers(1, 3)), int(rng.integers(1, 3)), int(rng.integers(1, 4)))
    tier = np.repeat([0, 1, 2], sizes)
    n, n_demand = len(tier), int(rng.integers(1, 5))
    step = tier[None, :] - tier[:, None]
    may = (step >= 1) if nested else (step == 1)
    feed = np.where(may & (rng.random((n, n)) < 0.8), rng.integers(0, 9, (n, n)), -1.0)
    may_serve = np.ones(n, dtype=bool) if nested else tier == 2
    access = np.where(may_serve & (rng.random((n_demand, n)) < 0.7), rng.integers(0, 9, (n_demand, n)), -1.0)
    status = rng.choice([0, 0, 0, 0, int(SiteStatus.EXISTING), int(SiteStatus.FORBIDDEN), int(SiteStatus.CLOSABLE)], n)
    sites = Sites.of(
        [f"s{i}" for i in range(n)],
        cost=rng.integers(1, 20, n).astype(float),
        closing_cost=rng.integers(1, 5, n).astype(float),
        capacity=np.where(rng.random(n) < 0.3, np.inf, rng.integers(1, 12, n).astype(float)),
        status=status,
    )
    demand = Demand.of([f"d{i}" for i in range(n_demand)], weight=rng.integers(0, 6, n_demand).astype(float))
    access_matrix, feed_matrix = sparse(access.tolist()), sparse(feed.tolist())
    return TierProblem(
        sites=sites,
        tier=tier,
        demand=demand,
        access=access_matrix,
        feed=feed_matrix,
        access_cost=access_matrix.data * 0.5 if costs else 0.0,
        feed_cost=feed_matrix.data * 0.25 if costs else 0.0,
        nested=nested,
    )


def best_flow(problem: TierProblem, opened: np.ndarray, *, cost: bool) -> float | None:
    """Best flow over a given set of open sites by a linear program of its own, place by place; None if none."""
    n, places = len(problem.sites), len(problem.demand)
    serve = [(k, j, c) for k, j, c in zip(*coordinates(problem.access), problem.access_cost, strict=True) if opened[j]]
    feed = [
        (i, j, c)
        for i, j, c in zip(*coordinates(problem.feed), problem.feed_cost, strict=True)
        if opened[i] and opened[j]
    ]
    n_columns = len(serve) + len(feed)
    demand_rows = np.zeros((places, n_columns))
    balance = np.zeros((n, n_columns))
    load = np.zeros((n, n_columns))
    for x, (k, j, _) in enumerate(serve):
        demand_rows[k, x] = load[j, x] = balance[j, x] = 1.0
    for x, (i, j, _) in enumerate(feed, start=len(serve)):
        load[i, x] = balance[i, x] = 1.0
        balance[j, x] = -1.0
    weight = problem.demand.weight
    finite = np.isfinite(problem.sites.capacity)
    below = problem.tier > 0
    upper_rows, upper = load[finite], problem.sites.capacity[finite]
    equal_rows, equal = balance[below], np.zeros(int(below.sum()))
    if cost:
        equal_rows, equal = np.vstack([equal_rows, demand_rows]), np.concatenate([equal, weight])
        objective = np.array([c for _, _, c in serve + feed])
    else:
        upper_rows, upper = np.vstack([upper_rows, demand_rows]), np.concatenate([upper, weight])
        objective = -np.array([1.0] * len(serve) + [0.0] * len(feed))
    if n_columns == 0:
        return None if cost and weight.any() else 0.0
    found = linprog(objective, upper_rows, upper, equal_rows, equal)
    return None if found.status == 2 else float(found.fun) * (1 if cost else -1)


def coordinates(matrix: sp.csr_array) -> tuple[list[int], list[int]]:
    """Row and column of every stored entry."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return rows.tolist(), matrix.indices.tolist()


def enumerated(problem: TierProblem, *, cost: bool, budget: float = np.inf) -> float | None:
    """The best over all sets of open sites whose opening cost is within the budget."""
    sites, best = problem.sites, None
    for bits in product([False, True], repeat=len(sites)):
        opened = np.array(bits)
        if (opened < sites.fixed_open).any() or (opened & sites.fixed_closed).any():
            continue
        opening = sum(float(c) for c, o, new in zip(sites.cost, opened, sites.is_new, strict=True) if o and new)
        closed = ~opened & sites.is_(SiteStatus.CLOSABLE)
        opening += float(sites.closing_cost[closed].sum())
        if opening > budget:
            continue
        flow = best_flow(problem, opened, cost=cost)
        if flow is None:
            continue
        value = flow + opening if cost else flow
        if best is None or (value < best if cost else value > best):
            best = value
    return best


def solved(
    model: HierarchicalCoverage | HierarchicalCost, budget: float | None = None
) -> tuple[float | None, Plan | None]:
    """Objective recomputed from the plan, after checking the plan against program and problem."""
    draft, program = formulate(model)
    if budget is not None:
        row = np.zeros(program.n_columns)
        for coefficients, block in draft.cost:
            row[block.index] += coefficients.toarray().ravel()
        program = program.with_row("budget", row, upper=budget - draft.base_cost)
    answer = Highs().run(program, Ask(gap=0.0))
    if answer.values is None:
        assert answer.outcome.ended == "infeasible"
        return None, None
    plan = model.read_plan(draft, answer.values)
    assert chain_faults(model.problem, plan) == []
    again = np.zeros(program.n_columns)
    model.values_of(draft, plan, again)
    assert program.violations(again) == []
    assert program.objective_at(again) == pytest.approx(answer.outcome.objective, abs=1e-6)
    return model.objective_of(plan), plan


def agrees(seed: int) -> None:
    """Coverage with and without budget and cost agree with enumeration on one random problem."""
    problem = random_problem(seed, nested=seed % 3 == 0)
    budget = float(np.random.default_rng(seed).integers(0, 60))
    for limit in (None, budget):
        value, _ = solved(HierarchicalCoverage(problem), limit)
        truth = enumerated(problem, cost=False, budget=np.inf if limit is None else limit)
        assert_same(value, truth)
    priced = random_problem(seed, nested=seed % 3 == 0, costs=True)
    truth = enumerated(priced, cost=True)
    try:
        value, _ = solved(HierarchicalCost(priced))
    except ProblemError:
        value = None
    assert_same(value, truth)


@pytest.mark.parametrize("seed", range(30))
def test_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30, 230))
def test_many_random_problems_agree_with_enumeration(seed: int) -> None:
    agrees(seed)


def test_the_centre_s_capacity_is_what_can_be_served() -> None:
    # All open: P reaches a, b, c (9 in all) and carries 7, Q carries c; the centre hands out 8 at most.
    value, plan = solved(HierarchicalCoverage(small()))
    assert value == pytest.approx(8.0)
    assert plan is not None
    assert plan.open.tolist()[0]


def test_a_budget_that_misses_the_station_serves_nobody() -> None:
    # C + P = 10 leaves no station to join them; C + S + P = 13 carries 4 through S.
    assert solved(HierarchicalCoverage(small()), 12.0)[0] == pytest.approx(0.0)
    assert solved(HierarchicalCoverage(small()), 13.0)[0] == pytest.approx(4.0)


def test_a_plan_without_its_links_is_worth_nothing() -> None:
    problem = small()
    served = sparse([[-1, -1, -1, 1, -1], [-1] * 5, [-1] * 5])
    unlinked = Plan(open=np.ones(5, dtype=bool), served=served)
    model = HierarchicalCoverage(problem)
    assert model.objective_of(unlinked) == 0.0
    assert chain_faults(problem, unlinked) == ["P hands on more than it receives"]
    links = sparse([[-1, 2, -1, -1, -1], [-1, -1, -1, 1, -1], [-1] * 5, [-1] * 5, [-1] * 5])
    # S got 2 and passes 1 on: P can account for 1 of the 2 it hands to place a.
    assert model.objective_of(Plan(open=np.ones(5, dtype=bool), served=served, links=links)) == pytest.approx(1.0)


def test_one_feeder_serves_less_where_two_are_needed() -> None:
    # P wants 7, S can carry 4 and T, cut to 3, the rest: with a single feeder P gets at most 4, and Q nothing from T.
    problem = small()
    cut = Sites.of(problem.sites.ids, cost=problem.sites.cost, capacity=np.array([8.0, 4, 3, 7, 6]))
    two = TierProblem(cut, problem.tier, problem.demand, problem.access, problem.feed)
    assert solved(HierarchicalCoverage(two))[0] == pytest.approx(7.0)
    # a single feeder: P by S (4) and Q by T (3) together serve 7 as well, so close Q
    closed = Sites.of(
        cut.ids, cost=cut.cost, capacity=cut.capacity, status=np.array([0, 0, 0, 0, int(SiteStatus.FORBIDDEN)])
    )
    one = TierProblem(closed, problem.tier, problem.demand, problem.access, problem.feed)
    assert solved(HierarchicalCoverage(one))[0] == pytest.approx(7.0)
    value, plan = solved(HierarchicalCoverage(one, single_feeder=True))
    assert value == pytest.approx(4.0)
    assert plan is not None
    assert plan.links is not None
    assert np.diff(plan.links.tocsc().indptr)[3] == 1


def test_a_place_with_one_server_is_served_whole_or_not() -> None:
    # Within the centre's 8, places of 2, 3 and 4: whole places give 7 (a whole c and b) at most.
    assert solved(HierarchicalCoverage(small(), single_source=True))[0] == pytest.approx(7.0)


def test_places_reached_by_the_same_sites_become_one() -> None:
    flows = HierarchicalCoverage(small()).flows
    assert sorted(flows.classes.weight.tolist()) == [4.0, 5.0]


def test_the_program_reads_as_in_the_docstring() -> None:
    o = -1.0
    problem = TierProblem(
        sites=Sites.of(["C", "S"], cost=np.array([9.0, 3]), capacity=np.array([8.0, 4])),
        tier=np.array([0, 1]),
        demand=Demand.of(["a", "b"], weight=np.array([2.0, 3])),
        access=sparse([[o, 1], [o, 1]]),
        feed=sparse([[o, 5], [o, o]]),
    )
    assert lp_text(formulate(HierarchicalCoverage(problem))[1]) == (
        "\\ hierarchical\nMaximize\n obj: +5 serve[S_a]\nSubject To\n"
        " a_place_is_served_at_most_once[a]: +1 serve[S_a] <= 1\n"
        " a_site_passes_on_what_it_receives[S]: +5 serve[S_a] -1 feed[C_S] = 0\n"
        " an_open_site_carries_at_most_its_capacity[C]: -4 open[C] +1 feed[C_S] <= 0\n"
        " an_open_site_carries_at_most_its_capacity[S]: -4 open[S] +5 serve[S_a] <= 0\n"
        " a_site_is_fed_only_by_open_sites[C_S]: -4 open[C] +1 feed[C_S] <= 0\n"
        "Bounds\n 0 <= open[C] <= 1\n 0 <= open[S] <= 1\n 0 <= serve[S_a] <= 1\n 0 <= feed[C_S] <= inf\n"
        "Generals\n open[C]\n open[S]\nEnd\n"
    )


def test_faults_of_tiers_are_told_together() -> None:
    o = -1.0
    with pytest.raises(ProblemError) as told:
        TierProblem(
            sites=Sites.of(["C", "S", "P"]),
            tier=np.array([0, 1, 2]),
            demand=Demand.of(["a"]),
            access=sparse([[o, 1, 1]]),
            feed=sparse([[o, 1, 1], [o, o, 1], [1, o, o]]),
        )
    assert str(told.value).splitlines() == [
        "P feeds C, which is not in a lower tier",
        "C feeds P, past a tier; only nested tiers may",
        "S serves places but is not in the lowest tier; only nested tiers may",
    ]


def test_cost_names_the_places_no_chain_reaches() -> None:
    problem = small()
    lost = TierProblem(
        problem.sites,
        problem.tier,
        Demand.of(["a", "b", "far"]),
        sparse([[-1, -1, -1, 1, -1]] * 2 + [[-1] * 5]),
        problem.feed,
    )
    with pytest.raises(ProblemError, match=r"1 places are beyond the reach of every chain of sites \(far\)"):
        HierarchicalCost(lost)
