"""The 25-node network of Simchi-Levi and Berman (1988) that Kuby and Lim (2005) used: enumeration, ties, the table."""

import itertools
import os
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from models.flow.drive import can_drive, refuelled
from models.flow.problem import FlowProblem, Vehicle, shortest_ways
from models.flow.refuelling import FlowRefuelling
from models.formulation import formulate
from models.problem import Sites
from models.rules import Count
from solver.engines.engine import Ask
from solver.engines.highs import Highs

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("SITING_DATA", ROOT.parent / "shared" / "data")) / "frlm_25"
RANGES = (4.0, 8.0, 12.0)


@cache
def network() -> FlowProblem:
    """Flows w_i w_j / d^1.5 for every unordered pair of the 25 nodes, every node a site."""
    if not DATA.exists():
        pytest.skip(f"{DATA.name} is not there; set SITING_DATA to the folder of test data")
    arcs = np.loadtxt(DATA / "ARCS.txt")
    weight = np.loadtxt(DATA / "NODES.txt")[:, 1]
    a, b = arcs[:, 2].astype(int) - 1, arcs[:, 3].astype(int) - 1
    both = (np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([arcs[:, 1]] * 2))
    distance = shortest_ways(both, np.arange(25))
    pairs = np.array(list(itertools.combinations(range(25), 2)))
    origin, destination = pairs.T
    return FlowProblem(
        sites=Sites.of([str(i + 1) for i in range(25)]),
        site_point=np.arange(25),
        origin=origin,
        destination=destination,
        weight=weight[origin] * weight[destination] / distance[origin, destination] ** 1.5,
        distance_m=distance,
    )


def share_of(range_m: float, stations: int) -> float:
    """Percent of all flow that the best stations refuel, and that driving over them confirms."""
    model = FlowRefuelling(network(), Vehicle(range_m))
    draft, program = formulate(model, [Count(stations, "exactly")])
    answer = Highs().run(program, Ask(gap=0.0))
    assert answer.values is not None
    assert answer.outcome.ended == "proven"
    plan = model.read_plan(draft, answer.values)
    driven = refuelled(model.problem, model.vehicle, plan.open)
    total = model.problem.weight.sum()
    assert model.problem.weight @ driven == pytest.approx(answer.outcome.objective)
    return float(100 * (answer.outcome.objective or 0.0) / total)


def by_enumeration(range_m: float, stations: int) -> float:
    """Percent of all flow that the best of all sets of so many stations refuels, every set driven."""
    problem, vehicle = network(), Vehicle(range_m)
    far = problem.distance_m
    sets = list(itertools.combinations(range(25), stations))
    worth = np.zeros(len(sets))
    for flow in range(problem.n_flows):
        start, goal = problem.origin[flow], problem.destination[flow]
        on_way = set(np.flatnonzero(far[start] + far[:, goal] == far[start, goal]).tolist())
        drives: dict[frozenset[int], bool] = {}  # stations off the way change nothing
        for i, chosen in enumerate(sets):
            useful = on_way.intersection(chosen)
            key = frozenset(useful)
            if key not in drives:
                drives[key] = can_drive(problem, vehicle, flow, np.array(sorted(useful), dtype=np.int64))
            worth[i] += problem.weight[flow] * drives[key]
    return float(100 * worth.max() / problem.weight.sum())


def test_67_of_the_300_pairs_have_more_than_one_shortest_way() -> None:
    far = network().distance_m
    arcs = np.loadtxt(DATA / "ARCS.txt")
    ways = np.zeros(300)
    for flow, (start, goal) in enumerate(itertools.combinations(range(25), 2)):
        count = {start: 1}
        for node in np.argsort(far[start], kind="stable").tolist():
            if node != start:
                near = [(int(a), int(b), d) for a, b, d in arcs[:, [2, 3, 1]]] + [
                    (int(b), int(a), d) for a, b, d in arcs[:, [2, 3, 1]]
                ]
                count[node] = sum(
                    count[a - 1] for a, b, d in near if b - 1 == node and far[start, a - 1] + d == far[start, node]
                )
        ways[flow] = count[goal]
    assert (ways > 1).sum() == 67


@pytest.mark.parametrize(("range_m", "stations"), [(4.0, 1), (8.0, 1), (12.0, 1), (8.0, 2)])
def test_no_set_of_one_or_two_stations_refuels_more(range_m: float, stations: int) -> None:
    assert share_of(range_m, stations) == pytest.approx(by_enumeration(range_m, stations))


@pytest.mark.parametrize("range_m", RANGES)
def test_no_set_of_three_stations_refuels_more(range_m: float) -> None:
    for stations in (1, 2, 3):
        assert share_of(range_m, stations) == pytest.approx(by_enumeration(range_m, stations))


def table_in_the_docs() -> dict[tuple[float, int], float]:
    """(range, stations) -> percent, as docs/flow-refuelling.md says."""
    rows = re.findall(
        r"^\| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$",
        (ROOT / "docs" / "flow-refuelling.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    return {(r, int(p)): float(v) for p, *values in rows for r, v in zip(RANGES, values, strict=True)}


@pytest.mark.parametrize(("range_m", "stations"), [(4.0, 5), (8.0, 5), (12.0, 3)])
def test_the_table_in_the_docs_is_what_comes_out(range_m: float, stations: int) -> None:
    assert table_in_the_docs()[range_m, stations] == pytest.approx(share_of(range_m, stations), abs=0.005)


@pytest.mark.slow
def test_the_whole_table_in_the_docs_is_what_comes_out() -> None:
    table = table_in_the_docs()
    assert len(table) == 75
    for (range_m, stations), percent in table.items():
        assert percent == pytest.approx(share_of(range_m, stations), abs=0.005), (range_m, stations)
