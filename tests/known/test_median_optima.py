"""Published optima of median and fixed-charge instances, and of the two-stage instance."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import floyd_warshall

from models.arrays import FloatArray, sparse_from_pairs
from models.formulation import Formulation, Rule, formulate
from models.hierarchy.hierarchical import HierarchicalCost
from models.hierarchy.tiers import TierProblem
from models.problem import Demand, Sites, SitingProblem
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.outcome import Outcome
from tests.known.posing import solved as posed_and_solved

pytestmark = pytest.mark.slow


def data(*parts: str) -> Path:
    """A file of the folder that SITING_DATA names; skips where it is not there."""
    folder = os.environ.get("SITING_DATA")
    if not folder:
        pytest.skip("SITING_DATA is not set; it names the folder of instances with published optima")
    path = Path(folder).joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path


def numbers(path: Path) -> list[float]:
    return [float(word) for word in path.read_text(encoding="utf-8").split()]


def solved(
    model: Formulation, rules: tuple[Rule, ...] = (), *, seconds: float = 120.0, gap: float = 1e-7
) -> tuple[float, Outcome]:
    """The plan's worth recomputed from the plan, and how the run ended."""
    draft, program = formulate(model, rules)
    answer = Highs().run(program, Ask(time_limit_s=seconds, gap=gap))
    assert answer.values is not None
    return model.objective_of(model.read_plan(draft, answer.values)), answer.outcome


def p_median_file(name: str) -> tuple[FloatArray, int]:
    """All-pairs distances of an OR-Library graph, the last cost of a repeated edge counting, and p."""
    values = np.array(numbers(data("orlib_pmed", f"{name}.txt")), dtype=np.int64)
    n, _, p = (int(v) for v in values[:3])
    arcs = np.full((n, n), np.inf)
    for i, j, cost in values[3:].reshape(-1, 3):
        arcs[i - 1, j - 1] = arcs[j - 1, i - 1] = cost
    return floyd_warshall(arcs), p


@pytest.mark.parametrize(("name", "optimum"), [("pmed1", 5819), ("pmed2", 4093), ("pmed6", 7824), ("pmed16", 8162)])
def test_or_library_medians(name: str, optimum: float) -> None:
    distance, p = p_median_file(name)
    ids = [str(i + 1) for i in range(len(distance))]
    worth, outcome = posed_and_solved(
        SitingProblem.dense(Sites.of(ids), Demand.of(ids), distance, unit="m"), "p-median", limit_m=1e9, open=p
    )
    assert outcome.ended == "proven"
    assert worth == pytest.approx(optimum, abs=1e-6)


def cap_file(name: str, capacity: float | None = None) -> SitingProblem:
    """An OR-Library warehouse instance; costs are of serving all of a customer, so travel is cost per unit."""
    text = data("orlib_cap", f"{name}.txt").read_text(encoding="utf-8")
    words = text.replace("capacity", str(capacity)).split() if capacity is not None else text.split()
    values = np.array([float(w) for w in words])
    m, n = int(values[0]), int(values[1])
    warehouses = values[2 : 2 + 2 * m].reshape(m, 2)
    customers = values[2 + 2 * m :].reshape(n, m + 1)
    sites = Sites.of([f"w{j}" for j in range(m)], cost=warehouses[:, 1], capacity=warehouses[:, 0])
    demand = Demand.of([f"c{i}" for i in range(n)], weight=customers[:, 0])
    return SitingProblem.dense(sites, demand, customers[:, 1:] / customers[:, :1], unit="m")


@pytest.mark.parametrize(
    ("name", "capacity", "optimum"),
    [
        ("cap71", None, 932615.750),
        ("cap101", None, 796648.437),
        ("cap131", None, 793439.562),
        ("capa", 8000.0, 19240822.449),
        ("capa", 10000.0, 18438046.543),
        ("capa", 12000.0, 17765201.949),
        ("capa", 14000.0, 17160439.012),
    ],
)
def test_or_library_warehouses(name: str, capacity: float | None, optimum: float) -> None:
    problem = cap_file(name, capacity)
    # costs are of serving a unit: as metres at 1 CNY a metre
    worth, outcome = posed_and_solved(problem, "fixed-charge", limit_m=1e9, seconds=60.0, transport_per_km=1000.0)
    assert outcome.ended == "proven"
    assert worth == pytest.approx(optimum, abs=0.0015 + 1e-7 * optimum)


def stores() -> SitingProblem:
    """San Francisco: 205 census tracts and 16 stores, network metres, weight = people in 2000."""
    folder = "sf_stores"
    people: dict[str, float] = {}
    travel: dict[tuple[str, str], float] = {}
    with data(folder, "SF_network_distance_candidateStore_16_censusTract_205_new.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            travel[row["DestinationName"], row["name"]] = float(row["distance"])
    with data(folder, "SF_demand_205_centroid_uniform_weight.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            people[row["NAME"]] = float(row["POP2000"])
    tracts, names = sorted({t for t, _ in travel}), sorted({s for _, s in travel})
    matrix = np.array([[travel[t, s] for s in names] for t in tracts])
    demand = Demand.of(tracts, weight=np.array([people[t] for t in tracts]))
    return SitingProblem.dense(Sites.of(names), demand, matrix, unit="m")


def test_the_two_stage_instance_within_its_bounds() -> None:
    # Fernandes et al. (2014): plants feed satellites, satellites serve customers; best known 722178, bound 721209.6
    values = np.array(numbers(data("tscflp", "PSC1-C1-50.txt")))
    n_plants, n_satellites, n_customers = (int(v) for v in values[:3])
    at = 3
    parts = []
    for rows, columns in (
        (n_customers, 1),
        (n_plants, 2),
        (n_plants, n_satellites),
        (n_satellites, 2),
        (n_satellites, n_customers),
    ):
        parts.append(values[at : at + rows * columns].reshape(rows, columns))
        at += rows * columns
    demand, plants, feed, satellites, serve = parts
    n = n_plants + n_satellites
    upper, lower = (a.ravel() for a in np.indices(feed.shape))
    site, customer = (a.ravel() for a in np.indices(serve.shape))
    both = np.vstack([plants, satellites])
    access = sparse_from_pairs(customer, site + n_plants, serve.ravel(), (n_customers, n))
    links = sparse_from_pairs(upper, lower + n_plants, feed.ravel(), (n, n))
    problem = TierProblem(
        Sites.of([f"s{i}" for i in range(n)], cost=both[:, 1], capacity=both[:, 0]),
        np.repeat([0, 1], [n_plants, n_satellites]),
        Demand.of([f"c{i}" for i in range(n_customers)], weight=demand.ravel()),
        access,
        links,
        access_cost=access.data,
        feed_cost=links.data,
    )
    worth, outcome = solved(HierarchicalCost(problem), seconds=100.0, gap=0.002)
    assert outcome.bound is not None
    assert outcome.bound <= 722178 + 1e-6
    assert 721209.6 - 1e-6 <= worth <= 722178 * 1.02
