"""Piles in whole numbers: the program against plans worked out by hand, by trying every plan, and by laws."""

import itertools

import networkx as nx
import numpy as np
import pytest

from models.charging.kinds import PileKind
from models.charging.piles import Charging
from models.errors import ProblemError
from models.formulation import Draft, formulate, value_of
from models.lp_text import lp_text
from models.plan import Plan
from models.problem import Demand, Sites, SiteStatus, SitingProblem
from models.program import Program
from solver.engines.engine import Ask
from solver.engines.highs import Highs

NEVER = np.inf


def charging(
    travel: list[list[float]],
    need: list[float],
    *,
    slow: tuple[float, list[float], list[int]] = (10.0, [1.0], [4]),
    fast: tuple[float, list[float], list[int]] = (40.0, [5.0], [2]),
    site_cost: list[float] | float = 0.0,
    status: list[int] | int = 0,
    **options: object,
) -> Charging:
    """Slow piles of 7 kW and fast ones of 60 kW; each kind as (kWh/day, cost by site, most by site)."""
    n = len(travel[0])
    sites = Sites.of([f"s{j}" for j in range(n)], cost=np.array(site_cost), status=np.array(status))
    demand = Demand.of([f"d{i}" for i in range(len(need))], weight=np.array(need))
    kinds = tuple(
        PileKind(name, power, energy, np.resize(cost, n).astype(float), np.resize(most, n).astype(float))
        for name, power, (energy, cost, most) in (("slow", 7.0, slow), ("fast", 60.0, fast))
    )
    problem = SitingProblem.dense(sites, demand, np.array(travel, dtype=float), unit="m")
    return Charging(problem, kinds, **options)  # type: ignore[arg-type]


def with_budget(model: Charging, budget: float | None) -> tuple[Draft, Program]:
    draft, program = formulate(model)
    if budget is None:
        return draft, program
    row = np.zeros(program.n_columns)
    for matrix, block in draft.cost:
        row[block.index] += matrix.toarray()[0]
    return draft, program.with_row("budget", row, upper=budget - draft.base_cost)


def best(model: Charging, budget: float | None = None) -> tuple[float | None, Plan | None]:
    """Value and plan of the program's optimum by HiGHS; (None, None) where it has none."""
    draft, program = with_budget(model, budget)
    answer = Highs().run(program, Ask(gap=0.0))
    if answer.values is None:
        assert answer.outcome.ended == "infeasible"
        return None, None
    plan = model.read_plan(draft, answer.values)
    again = np.zeros(program.n_columns)
    model.values_of(draft, plan, again)
    assert program.violations(again) == []
    assert program.objective_at(again) == pytest.approx(program.objective_at(answer.values))
    assert model.objective_of(plan) == pytest.approx(answer.outcome.objective, abs=1e-6)
    return answer.outcome.objective, plan


def largest_flow(model: Charging, units: np.ndarray) -> float:
    """kWh/day that piles `units` (n_kinds, n_sites) can serve, by networkx."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["from", "to"])
    energy = np.array([k.energy_kwh_per_day for k in model.kinds]) @ units
    for j, e in enumerate(energy):
        graph.add_edge("from", ("s", j), capacity=float(e))
    travel = model.problem.travel.tocoo()
    for i, j in zip(travel.row, travel.col, strict=True):
        graph.add_edge(("s", int(j)), ("d", int(i)))
        graph.add_edge(("d", int(i)), "to", capacity=float(model.problem.demand.weight[i]))
    return float(nx.maximum_flow_value(graph, "from", "to"))


def by_trying_everything(model: Charging, budget: float | None) -> float | None:
    """The best over every number of piles at every site, rules checked by hand."""
    n = len(model.sites)
    counts = [range(int(k.max_per_site[j]) + 1) for k in model.kinds for j in range(n)]
    found = None
    for choice in itertools.product(*counts):
        units = np.array(choice).reshape(len(model.kinds), n)
        here = units.sum(axis=0)
        is_open = (here > 0) | model.sites.fixed_open
        if (is_open & model.sites.fixed_closed).any() or (is_open & (here < model.min_units_where_open)).any():
            continue
        if model.total_units is not None and units.sum() != model.total_units:
            continue
        power = np.array([k.power_kw for k in model.kinds]) @ units
        if model.grid_limit_kw is not None and (power > model.grid_limit_kw).any():
            continue
        names = [k.name for k in model.kinds]
        if any(units[names.index(k)].sum() < s * units.sum() - 1e-9 for k, s in model.min_share.items()):
            continue
        cost = model.sites.cost[is_open].sum() + sum(
            (k.cost * u).sum() for k, u in zip(model.kinds, units, strict=True)
        )
        if budget is not None and cost > budget:
            continue
        value = largest_flow(model, units)
        found = value if found is None else max(found, value)
    return found


def random_model(rng: np.random.Generator) -> tuple[Charging, float | None]:
    n_sites, n_demand = int(rng.integers(1, 4)), int(rng.integers(1, 6))
    travel = np.where(rng.random((n_demand, n_sites)) < 0.6, rng.integers(0, 9, (n_demand, n_sites)), NEVER)
    maybe = lambda value: value if rng.random() < 0.5 else None  # noqa: E731
    model = charging(
        travel.tolist(),
        rng.integers(0, 60, n_demand).astype(float).tolist(),
        slow=(10.0, rng.integers(1, 4, n_sites).tolist(), rng.integers(0, 4, n_sites).tolist()),
        fast=(40.0, rng.integers(4, 9, n_sites).tolist(), rng.integers(0, 3, n_sites).tolist()),
        site_cost=rng.integers(0, 10, n_sites).astype(float).tolist(),
        status=rng.choice([0, 0, 0, 2, 3], n_sites).tolist(),
        total_units=maybe(int(rng.integers(1, 7))),
        grid_limit_kw=maybe(rng.choice([0.0, 20.0, 70.0, 140.0], n_sites)),
        min_share={"slow": float(rng.choice([0.5, 0.8]))} if rng.random() < 0.5 else {},
        min_units_where_open=int(rng.integers(0, 3)),
    )
    return model, maybe(float(rng.integers(3, 40)))


def test_the_last_pile_goes_where_need_is_left() -> None:
    # two sites side by side reach one place of 45 kWh: 4 slow piles give 40, so one pile more at the second gives 5
    model = charging([[1, 1]], [45.0], fast=(40.0, [5.0], [0]), total_units=5)
    value, plan = best(model)
    assert value == pytest.approx(45)
    assert plan is not None
    assert sorted(plan.units["slow"].tolist()) == [1, 4]


def test_a_share_of_slow_piles_holds_back_fast_ones() -> None:
    # 3 piles, at least 2/3 slow: 2 * 10 + 1 * 40 = 60 of the 100 needed; without the share 2 fast and 1 slow give 90
    assert best(charging([[1]], [100.0], total_units=3, min_share={"slow": 2 / 3}))[0] == pytest.approx(60)
    assert best(charging([[1]], [100.0], total_units=3))[0] == pytest.approx(90)


def test_the_grid_limit_holds_back_fast_piles() -> None:
    # 74 kW bear one fast pile of 60 kW and two slow ones of 7: 40 + 20
    assert best(charging([[1]], [100.0], grid_limit_kw=np.array([74.0])))[0] == pytest.approx(60)


def test_a_site_that_would_hold_too_few_piles_stays_closed() -> None:
    # the second place needs one pile only, but a site has at least two, and two piles in all are allowed
    model = charging([[1, NEVER], [NEVER, 1]], [20.0, 10.0], fast=(40.0, [5.0], [0]), total_units=2)
    assert best(model)[0] == pytest.approx(20)
    two = charging(
        [[1, NEVER], [NEVER, 1]], [20.0, 10.0], fast=(40.0, [5.0], [0]), total_units=3, min_units_where_open=2
    )
    assert best(two)[0] == pytest.approx(20)


def test_places_of_one_reach_and_district_share_one_column_per_site() -> None:
    model = charging([[1, 2], [3, 4], [1, NEVER], [NEVER, NEVER]], [1.0, 2.0, 4.0, 8.0])
    assert model.needs.of_place.tolist() == [0, 0, 1, -1]
    assert model.needs.weight.tolist() == [3.0, 4.0]
    assert model.needs.n_pairs == 3


def test_places_of_different_districts_stay_apart() -> None:
    model = charging([[1], [1]], [1.0, 2.0])
    demand = Demand.of(["a", "b"], weight=np.array([1.0, 2.0]), group=["north", "south"])
    apart = Charging(SitingProblem(model.sites, demand, model.problem.travel), model.kinds)
    assert apart.needs.weight.tolist() == [1.0, 2.0]


def test_the_handle_for_rules_says_how_much_of_every_place_is_served() -> None:
    model = charging([[1, NEVER], [1, NEVER], [NEVER, 1]], [10.0, 10.0, 5.0], slow=(10.0, [1.0], [1]), total_units=2)
    draft, program = formulate(model)
    answer = Highs().run(program, Ask(gap=0.0))
    assert answer.values is not None
    assert draft.covered_terms is not None
    plan = model.read_plan(draft, answer.values)
    assert plan.served is not None
    assert value_of(draft.covered_terms, answer.values) == pytest.approx(np.asarray(plan.served.sum(axis=1)).ravel())


def test_a_plan_that_serves_more_than_its_piles_is_refused() -> None:
    model = charging([[1]], [30.0])
    plan = Plan(
        open=np.array([True]),
        units={"slow": np.array([1]), "fast": np.array([0])},
        served=SitingProblem.dense(model.sites, model.problem.demand, np.ones((1, 1))).travel,
    )
    with pytest.raises(ProblemError, match=r"s0 serves 30 kWh/day; its piles deliver 10"):
        model.objective_of(plan)


def test_a_plan_that_serves_out_of_reach_is_refused() -> None:
    model = charging([[1, NEVER]], [5.0])
    served = SitingProblem.dense(model.sites, model.problem.demand, np.array([[NEVER, 1.0]])).travel
    plan = Plan(np.array([False, True]), {"slow": np.array([0, 1]), "fast": np.array([0, 0])}, served)
    with pytest.raises(ProblemError, match=r"d0 is served by s1, which is out of its reach"):
        model.objective_of(plan)


def test_faults_of_the_kinds_come_together() -> None:
    with pytest.raises(ProblemError) as error:
        charging([[1]], [5.0], slow=(0.0, [1.0], [1]), min_share={"slwo": 0.5})
    assert str(error.value).splitlines() == [
        "kind slow: power_kw and energy_kwh_per_day must be above 0",
        "min_share names slwo; kinds are slow, fast",
    ]


def test_the_program_reads_as_its_docstring() -> None:
    model = charging(
        [[1]],
        [30.0],
        site_cost=3.0,
        total_units=2,
        grid_limit_kw=np.array([70.0]),
        min_share={"slow": 0.5},
        min_units_where_open=2,
    )
    assert lp_text(formulate(model)[1]) == (
        "\\ charging\nMaximize\n obj: +30 served[0_s0]\nSubject To\n"
        " each_need_is_served_once[0]: +1 served[0_s0] <= 1\n"
        " energy_comes_from_piles[s0]: -10 piles_slow[s0] -40 piles_fast[s0] +30 served[0_s0] <= 0\n"
        " served_only_by_open_sites[s0]: -30 open[s0] +30 served[0_s0] <= 0\n"
        " piles_of_slow_only_at_open_sites[s0]: -2 open[s0] +1 piles_slow[s0] <= 0\n"
        " piles_of_fast_only_at_open_sites[s0]: -1 open[s0] +1 piles_fast[s0] <= 0\n"
        " at_least_so_many_piles_where_open[s0]: -2 open[s0] +1 piles_slow[s0] +1 piles_fast[s0] >= 0\n"
        " piles_within_the_grid_limit[s0]: -70 open[s0] +7 piles_slow[s0] +60 piles_fast[s0] <= 0\n"
        " piles_in_all[0]: +1 piles_slow[s0] +1 piles_fast[s0] = 2\n"
        " share_of_slow[0]: +0.5 piles_slow[s0] -0.5 piles_fast[s0] >= 0\n"
        "Bounds\n 0 <= open[s0] <= 1\n 0 <= piles_slow[s0] <= 2\n 0 <= piles_fast[s0] <= 1\n 0 <= served[0_s0] <= 1\n"
        "Generals\n open[s0]\n piles_slow[s0]\n piles_fast[s0]\nEnd\n"
    )


@pytest.mark.parametrize("seed", range(30))
def test_trying_every_plan_finds_nothing_better(seed: int) -> None:
    model, budget = random_model(np.random.default_rng(seed))
    assert best(model, budget)[0] == pytest.approx(by_trying_everything(model, budget))


def test_trying_every_plan_of_two_hundred_more_finds_nothing_better() -> None:
    for seed in range(1000, 1200):
        model, budget = random_model(np.random.default_rng(seed))
        assert best(model, budget)[0] == pytest.approx(by_trying_everything(model, budget)), seed


@pytest.mark.parametrize("seed", range(5))
def test_more_budget_never_serves_less(seed: int) -> None:
    model, _ = random_model(np.random.default_rng(seed + 50))
    values = [best(model, budget)[0] for budget in (0.0, 5.0, 10.0, 20.0, 40.0, 80.0)]
    known = [v for v in values if v is not None]
    assert values[len(values) - len(known) :] == known  # once a plan exists, it goes on existing
    assert all(a <= b + 1e-6 for a, b in itertools.pairwise(known))


def test_a_required_site_is_open_and_a_forbidden_one_is_not() -> None:
    model = charging(
        [[1, 1, 1]], [100.0], status=[SiteStatus.REQUIRED, SiteStatus.FORBIDDEN, SiteStatus.CANDIDATE], total_units=2
    )
    value, plan = best(model)
    assert value == pytest.approx(80)  # two fast piles of 40
    assert plan is not None
    assert plan.open.tolist()[:2] == [True, False]


def test_piles_without_shares_serve_as_much_as_a_largest_flow() -> None:
    model = charging([[1, 1], [1, NEVER]], [30.0, 20.0])
    plan = Plan(np.array([True, True]), {"slow": np.array([4, 1]), "fast": np.array([0, 0])})
    # site 0 gives 40 to both places, site 1 gives 10 to the first: 50 in all, all of it needed
    assert model.objective_of(plan) == pytest.approx(50)
    assert largest_flow(model, np.array([[4, 1], [0, 0]])) == pytest.approx(50)


def test_what_an_engine_leaves_at_closed_sites_is_nobody_s_service():
    # d0 is served by s0; 1e-16 of it at the closed s1, and 1e-12 of d1 at s0, are rounding
    model = charging([[1, 1], [1, NEVER]], [8, 5])
    draft, program = formulate(model)
    values = np.zeros(program.n_columns)
    values[draft.open.index] = [1, 0]
    values[draft.units["slow"].index] = [1, 0]
    needs = model.needs
    group = needs.of_place
    share = {(group[0], 0): 1.0, (group[0], 1): 1e-16, (group[1], 0): 1e-12}
    values[draft.blocks["served"].index] = [
        share[g, j] for g, j in zip(needs.group.tolist(), needs.site.tolist(), strict=True)
    ]
    served = model.read_plan(draft, values).served
    assert served is not None
    assert served.toarray().tolist() == [[1, 0], [0, 0]]
