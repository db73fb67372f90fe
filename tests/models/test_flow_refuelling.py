"""Stations on the way: worked out by hand, by driving over a graph of whole metres, and by trying every set."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from models.errors import ProblemError
from models.flow.drive import refuelled
from models.flow.problem import FlowProblem, Vehicle
from models.flow.refuelling import FlowRefuelling
from models.flow.stops import best_shares
from models.formulation import formulate
from models.lp_text import lp_text
from models.plan import Plan
from models.problem import Sites, SiteStatus
from solver.engines.engine import Ask
from solver.engines.highs import Highs

Edge = tuple[int, int, int]


def directed(edges: list[Edge], one_way: list[Edge] | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    arcs = [*edges, *[(b, a, d) for a, b, d in edges], *(one_way or [])]
    tail, head, length = (np.array(part) for part in zip(*arcs, strict=True))
    return tail, head, length.astype(float)


def model_of(
    edges: list[Edge],
    trips: list[tuple[int, int]],
    vehicle: Vehicle,
    *,
    weight: list[float] | None = None,
    one_way: list[Edge] | None = None,
    site_nodes: list[int] | None = None,
    **of_sites: object,
) -> FlowRefuelling:
    """A model whose sites are nodes of a small graph, all of them unless some are named."""
    nodes = sorted({n for a, b, _ in [*edges, *(one_way or [])] for n in (a, b)}) if site_nodes is None else site_nodes
    problem = FlowProblem.on_graph(
        Sites.of([f"n{i}" for i in nodes], **of_sites),  # type: ignore[arg-type]
        directed(edges, one_way),
        site_node=np.array(nodes),
        origin_node=np.array([o for o, _ in trips]),
        destination_node=np.array([d for _, d in trips]),
        weight=np.ones(len(trips)) if weight is None else np.array(weight),
    )
    return FlowRefuelling(problem, vehicle)


def best(model: FlowRefuelling, stations: int | None = None) -> tuple[float, Plan]:
    """The program's optimum with so many stations, checked against its own plan."""
    draft, program = formulate(model)
    if stations is not None:
        row = np.zeros(program.n_columns)
        row[draft.open.index] = 1
        program = program.with_row("count", row, upper=stations)
    answer = Highs().run(program, Ask(gap=0.0))
    assert answer.values is not None
    assert answer.outcome.ended == "proven"
    plan = model.read_plan(draft, answer.values)
    again = np.zeros(program.n_columns)
    model.values_of(draft, plan, again)
    assert program.violations(again) == []
    assert program.objective_at(again) == pytest.approx(answer.outcome.objective)
    assert model.objective_of(plan) == pytest.approx(answer.outcome.objective)
    return float(answer.outcome.objective or 0.0), plan


def step_by_step(arcs: tuple[np.ndarray, ...], trip: tuple[int, int], vehicle: Vehicle, stations: set[int]) -> bool:
    """Drive arc by arc over whole metres, filling up wherever there is a station: no distances, no reduction."""
    tail, head, length = arcs
    out: dict[int, list[tuple[int, int]]] = {}
    for a, b, d in zip(tail.tolist(), head.tolist(), length.astype(int).tolist(), strict=True):
        out.setdefault(a, []).append((b, d))

    def shortest(a: int, b: int) -> float:
        far = {a: 0}
        todo = [a]
        while todo:
            n = min(todo, key=far.__getitem__)
            todo.remove(n)
            for m, d in out.get(n, []):
                if far[n] + d < far.get(m, 10**9):
                    far[m] = far[n] + d
                    todo.append(m)
        return far.get(b, np.inf)

    start, goal = trip
    legs = [(start, goal), (goal, start)] if vehicle.round_trip else [(start, goal)]
    limits = [shortest(a, b) + vehicle.max_detour_m for a, b in legs]
    if not np.isfinite(limits).all():
        return False
    first = vehicle.start_fraction * vehicle.range_m
    seen = set()
    todo2 = [(0, start, first, 0)]
    while todo2:
        state = todo2.pop()
        if state in seen:
            continue
        seen.add(state)
        leg, node, fuel, driven = state
        if node in stations:
            fuel = vehicle.range_m
        if node == legs[leg][1]:
            if leg == len(legs) - 1:
                if not vehicle.round_trip or fuel >= first:
                    return True
            else:
                todo2.append((leg + 1, node, fuel, 0))
        for to, d in out.get(node, []):
            if d <= fuel and driven + d <= limits[leg]:
                todo2.append((leg, to, fuel - d, driven + d))
    return False


LINE: list[Edge] = [(0, 1, 1), (1, 2, 1), (2, 3, 1)]


@pytest.mark.parametrize(("station", "worth"), [(0, 0.0), (1, 1.0), (2, 1.0), (3, 0.0)])
def test_one_station_on_a_line_refuels_the_full_trip_only_from_the_middle(station: int, worth: float) -> None:
    # range 4, half a tank at node 0: from node 1, 1 + 2 + 2 + 1 with fills there and back; a station at node 0 leaves
    # 1 at node 3 and needs 3; one at node 3 is out of reach of half a tank
    model = model_of(LINE, [(0, 3)], Vehicle(4.0))
    assert refuelled(model.problem, model.vehicle, np.arange(4) == station).tolist() == [bool(worth)]
    assert best(model_of(LINE, [(0, 3)], Vehicle(4.0), site_nodes=[station]))[0] == worth


def test_the_best_single_station_of_the_line_is_in_the_middle() -> None:
    worth, plan = best(model_of(LINE, [(0, 3), (0, 1)], Vehicle(4.0)), stations=1)
    # 0 - 1 and back needs 2 of the half tank of 2 and must end with 2: a station at 0 or 1 does; node 1 does for both
    assert worth == 2
    assert plan.open.tolist() == [False, True, False, False]


def test_a_trip_within_the_first_half_tank_one_way_needs_no_station() -> None:
    model = model_of(LINE, [(0, 2), (0, 3)], Vehicle(4.0, round_trip=False))
    worth, plan = best(model, stations=0)
    assert worth == 1
    assert plan.flow_share is not None
    assert plan.flow_share.tolist() == [1.0, 0.0]


TWO_WAYS: list[Edge] = [(0, 1, 2), (1, 3, 2), (0, 2, 1), (2, 3, 3)]


@pytest.mark.parametrize("station", [1, 2])
def test_a_station_on_any_shortest_way_counts(station: int) -> None:
    # 0 - 1 - 3 and 0 - 2 - 3 both measure 4; range 6: from 1 it is 2 + 2 + 2 and 2 home, from 2 it is 1 + 3 + 3 and 1
    assert best(model_of(TWO_WAYS, [(0, 3)], Vehicle(6.0), site_nodes=[station]))[0] == 1


def test_stations_on_two_ways_do_not_help_one_trip_together() -> None:
    # 0 - 1 - 2 - 5 and 0 - 3 - 4 - 5 both measure 9; stations 1 and 4 lie on different ways. Range 8, half a tank of 4:
    # 1 is reached after 3; from there to 5 and back to 1 is 12 > 8. With 2 open as well, 1 - 2 - 5 - 2 - 1 - 0 works.
    edges = [(0, 1, 3), (1, 2, 3), (2, 5, 3), (0, 3, 3), (3, 4, 3), (4, 5, 3)]
    model = model_of(edges, [(0, 5)], Vehicle(8.0), site_nodes=[1, 2, 4])
    for stations, works in (([True, False, True], False), ([True, True, False], True)):
        assert refuelled(model.problem, model.vehicle, np.array(stations)).tolist() == [works]
    assert best(model_of(edges, [(0, 5)], Vehicle(8.0), site_nodes=[1, 4]))[0] == 0
    assert best(model_of(edges, [(0, 5)], Vehicle(8.0), site_nodes=[1, 2, 4]), stations=2)[0] == 1


def test_a_detour_counts_up_to_its_limit_and_uses_fuel() -> None:
    # station 2 lies 1 off the way at node 1: there and back 2 more each way
    edges = [(0, 1, 2), (1, 3, 2), (1, 2, 1)]
    assert best(model_of(edges, [(0, 3)], Vehicle(6.0, max_detour_m=1.0), site_nodes=[2]))[0] == 0
    assert best(model_of(edges, [(0, 3)], Vehicle(6.0, max_detour_m=2.0), site_nodes=[2]))[0] == 1
    # with range 5.9 the way from 2 over 1 to 3 and back to 2 is 6: too far
    assert best(model_of(edges, [(0, 3)], Vehicle(5.9, max_detour_m=2.0), site_nodes=[2]))[0] == 0


def test_there_and_back_may_stop_at_different_stations() -> None:
    # one-way carriageways: 0 -> 1 -> 3 and 3 -> 2 -> 0, 2 each; range 4 with half a tank of 2: fill at 1 (2 driven),
    # over 3 (2) to 2 (2) with 0 left, fill, home with 2: both stations are needed
    ring = [(0, 1, 2), (1, 3, 2), (3, 2, 2), (2, 0, 2)]
    model = model_of([], [(0, 3)], Vehicle(4.0), one_way=ring, site_nodes=[1, 2])
    assert best(model, stations=1)[0] == 0
    assert best(model, stations=2)[0] == 1


def test_existing_stations_refuel_and_forbidden_sites_do_not() -> None:
    status = np.array([SiteStatus.FORBIDDEN, SiteStatus.EXISTING])
    worth, plan = best(model_of(LINE, [(0, 3)], Vehicle(4.0), site_nodes=[1, 2], status=status))
    assert worth == 1
    assert plan.open.tolist() == [False, True]
    closed = np.array([SiteStatus.FORBIDDEN, SiteStatus.FORBIDDEN])
    assert best(model_of(LINE, [(0, 3)], Vehicle(4.0), site_nodes=[1, 2], status=closed))[0] == 0


def test_a_station_with_a_limit_refuels_part_of_a_flow() -> None:
    # the trip 0 - 3 - 0 stops twice at node 1 (or twice at 2); 10 vehicles at 5 kg a stop take 100 kg; 60 kg serve 6
    model = model_of(LINE, [(0, 3)], Vehicle(4.0, kg_per_refuel=5.0), weight=[10.0], site_nodes=[1], capacity=60.0)
    worth, plan = best(model)
    assert worth == pytest.approx(6.0)
    assert plan.flow_share == pytest.approx([0.6])


def test_vehicles_share_out_over_stations_with_limits() -> None:
    # stopping out at 1 and home at 2, or at 2 only, ...: two stations of 60 kg give 24 stops, 2 for each vehicle
    model = model_of(LINE, [(0, 3)], Vehicle(4.0, kg_per_refuel=5.0), weight=[20.0], site_nodes=[1, 2], capacity=60.0)
    assert best(model)[0] == pytest.approx(12.0)
    assert best(model, stations=1)[0] == pytest.approx(6.0)


def test_a_station_with_a_limit_stands_beside_one_without() -> None:
    # the flow of 20 stops twice a vehicle at 5 kg; node 1 gives 60 kg a day, node 2 as much as is asked
    capacity = np.array([60.0, np.inf])
    model = model_of(
        LINE, [(0, 3)], Vehicle(4.0, kg_per_refuel=5.0), weight=[20.0], site_nodes=[1, 2], capacity=capacity
    )
    assert best(model)[0] == pytest.approx(20.0)
    closed = np.array([SiteStatus.CANDIDATE, SiteStatus.FORBIDDEN])
    model = model_of(
        LINE,
        [(0, 3)],
        Vehicle(4.0, kg_per_refuel=5.0),
        weight=[20.0],
        site_nodes=[1, 2],
        capacity=capacity,
        status=closed,
    )
    assert best(model)[0] == pytest.approx(6.0)


def test_a_capacity_without_the_amount_of_a_stop_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"say what a stop takes \(kg_per_refuel\)"):
        model_of(LINE, [(0, 3)], Vehicle(4.0), capacity=60.0)


def test_a_plan_that_claims_a_trip_it_cannot_drive_is_refused() -> None:
    model = model_of(LINE, [(0, 3)], Vehicle(4.0))
    plan = Plan(open=np.array([True, False, False, False]), flow_share=np.array([1.0]))
    with pytest.raises(ProblemError, match=r"flow 0: 1 refuelled; at most 0 can be driven"):
        model.objective_of(plan)


def test_flows_with_the_same_needs_become_one_column() -> None:
    model = model_of(LINE, [(0, 3), (0, 3), (3, 0), (1, 2)], Vehicle(4.0), weight=[1.0, 2.0, 4.0, 8.0])
    # 0 - 3 from either end wants node 1 or 2, or both 0 and 3; 1 - 2 ends with 2 only after a stop at 1 or 2
    assert [(c.flows.tolist(), c.weight, c.covers) for c in model.flows.classes] == [
        ([0, 1, 2], 7.0, ((0, 1, 2), (1, 2, 3))),
        ([3], 8.0, ((1, 2),)),
    ]


def test_the_program_reads_as_its_docstring() -> None:
    text = lp_text(formulate(model_of(LINE, [(0, 3)], Vehicle(4.0), weight=[7.0]))[1])
    assert text == (
        "\\ flow-refuelling\nMaximize\n obj: +7 refuelled[0]\nSubject To\n"
        " each_piece_of_a_trip_is_covered[0]: -1 open[n0] -1 open[n1] -1 open[n2] +1 refuelled[0] <= 0\n"
        " each_piece_of_a_trip_is_covered[1]: -1 open[n1] -1 open[n2] -1 open[n3] +1 refuelled[0] <= 0\n"
        "Bounds\n 0 <= open[n0] <= 1\n 0 <= open[n1] <= 1\n 0 <= open[n2] <= 1\n 0 <= open[n3] <= 1\n"
        " 0 <= refuelled[0] <= 1\n"
        "Generals\n open[n0]\n open[n1]\n open[n2]\n open[n3]\nEnd\n"
    )


@dataclass(frozen=True)
class Case:
    edges: list[Edge]
    one_way: list[Edge]
    trips: list[tuple[int, int]]
    weight: list[float]
    vehicle: Vehicle

    def model(self, vehicle: Vehicle | None = None, **of_sites: object) -> FlowRefuelling:
        return model_of(
            self.edges, self.trips, vehicle or self.vehicle, weight=self.weight, one_way=self.one_way, **of_sites
        )


def random_case(rng: np.random.Generator) -> Case:
    n = int(rng.integers(3, 8))
    tree = [(int(rng.integers(i)), i, int(rng.integers(1, 5))) for i in range(1, n)]
    more = [
        (int(a), int(b), int(rng.integers(1, 5))) for a, b in rng.integers(0, n, (int(rng.integers(0, 6)), 2)) if a != b
    ]
    two_way = int(rng.integers(0, len(more) + 1))
    vehicle = Vehicle(
        range_m=float(rng.integers(2, 14)),
        start_fraction=float(rng.choice([0.5, 0.5, 0.0, 0.25, 1.0])),
        round_trip=bool(rng.random() < 0.7),
        max_detour_m=float(rng.choice([0, 0, 1, 2, 4])),
    )
    return Case(
        edges=tree + more[:two_way],
        one_way=more[two_way:],
        trips=[(int(a), int(b)) for a, b in rng.integers(0, n, (4, 2))],
        weight=rng.integers(1, 9, 4).astype(float).tolist(),
        vehicle=vehicle,
    )


def sets_of(n: int, at_most: int) -> Iterator[tuple[int, ...]]:
    for count in range(at_most + 1):
        yield from itertools.combinations(range(n), count)


def check_by_trying_every_set(seed: int) -> None:
    rng = np.random.default_rng(seed)
    case = random_case(rng)
    model, arcs = case.model(), directed(case.edges, case.one_way)
    n, p = len(model.sites), int(rng.integers(1, 4))
    most = 0.0
    for stations in sets_of(n, p):
        driven = [step_by_step(arcs, trip, case.vehicle, set(stations)) for trip in case.trips]
        assert refuelled(model.problem, case.vehicle, np.isin(np.arange(n), stations)).tolist() == driven, stations
        most = max(most, float(np.array(case.weight) @ driven))
    assert best(model, stations=p)[0] == pytest.approx(most)


@pytest.mark.parametrize("seed", range(30))
def test_driving_over_every_set_of_stations_finds_nothing_better(seed: int) -> None:
    check_by_trying_every_set(seed)


def test_driving_over_every_set_of_two_hundred_more_finds_nothing_better() -> None:
    for seed in range(1000, 1220):
        check_by_trying_every_set(seed)


@pytest.mark.parametrize("seed", range(8))
def test_without_a_binding_limit_capacities_change_nothing(seed: int) -> None:
    case = random_case(np.random.default_rng(seed))
    limited = case.model(replace(case.vehicle, kg_per_refuel=1.0), capacity=1e4)
    assert best(limited, stations=2)[0] == pytest.approx(best(case.model(), stations=2)[0])


@pytest.mark.parametrize("seed", range(30))
def test_no_two_stations_with_limits_refuel_more_than_the_program_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    case = random_case(rng)
    model = case.model(replace(case.vehicle, kg_per_refuel=2.0), capacity=rng.integers(0, 30, 7)[: n_nodes(case)])
    weight = model.problem.weight
    most = max(
        float(weight @ best_shares(model.problem, model.vehicle, np.isin(np.arange(len(model.sites)), stations)))
        for stations in sets_of(len(model.sites), 2)
    )
    assert best(model, stations=2)[0] == pytest.approx(most)


def n_nodes(case: Case) -> int:
    return 1 + max(max(a, b) for a, b, _ in case.edges)


@pytest.mark.parametrize("seed", range(6))
def test_a_wider_range_a_longer_detour_and_more_stations_never_refuel_less(seed: int) -> None:
    case = random_case(np.random.default_rng(seed + 100))
    worth = [best(case.model(), stations=p)[0] for p in (0, 1, 2, 3)]
    assert worth == sorted(worth)
    for vehicles in (
        [replace(case.vehicle, max_detour_m=d) for d in (0.0, 1.0, 3.0)],
        [replace(case.vehicle, range_m=r) for r in (3.0, 6.0, 12.0)],
    ):
        worth = [best(case.model(v), stations=2)[0] for v in vehicles]
        assert worth == sorted(worth)
