"""Every model at city size under short limits: a plan with sense, a bound no worse than the trivial one, time kept.

    python -m benchmarks.limits                          all models at 1, 3, 10 and 30 s
    python -m benchmarks.limits --limits 1,10 --only charging
    python -m benchmarks.limits --engine scip

The cities are those of `benchmarks.covering`: 1,000 sites and 20,000 places in a 30 x 30 square around 40 centres, and
the planes of `benchmarks.medians` and `benchmarks.capacities`. `over` is the time beyond the limit (5 % or 2 s are
allowed, what is more is marked); the trivial bound is what is known before anything is solved.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from benchmarks.capacities import plane as plane_with_capacities
from benchmarks.covering import CASES as COVERING
from benchmarks.covering import Case as City
from benchmarks.covering import problem_of
from benchmarks.medians import plane
from models.charging.kinds import PileKind
from models.charging.piles import Charging
from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.max_cover import MaxCover
from models.coverage.set_cover import SetCover
from models.dispersion import PDispersion
from models.flow.problem import FlowProblem, Vehicle
from models.flow.refuelling import FlowRefuelling
from models.formulation import Formulation, Rule
from models.hierarchy.hierarchical import HierarchicalCoverage
from models.hierarchy.tiers import TierProblem
from models.market.attraction import huff
from models.market.market_share import MarketShare
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.median.p_center import PCenter
from models.median.p_median import PMedian
from models.modular import Module, modular
from models.phasing import Phase, Phasing
from models.problem import Demand, Sites, SitingProblem
from models.rules import Budget, Count
from models.rules.years import YearBudgets
from solver.api.solution import solve_model

limited = partial(plane_with_capacities, alike=False, seed=2)
OVERRUN_SHARE, OVERRUN_S = 0.05, 2.0
"""What a limit may be overrun by, the larger of both."""


class Case(NamedTuple):
    """A model under rules by name, made when its turn comes."""

    name: str
    make: Callable[[], tuple[Formulation, tuple[Rule, ...]]]


class Run(NamedTuple):
    """What one run gave; None where it is not known."""

    seconds: float
    ended: str
    objective: float | None
    bound: float | None
    gap: float | None
    trivial: float | None

    def over_s(self, limit_s: float) -> float:
        """Seconds beyond what a limit allows, at most 0 where it was kept."""
        return self.seconds - limit_s - max(OVERRUN_SHARE * limit_s, OVERRUN_S)


@cache
def city(name: str = "count") -> SitingProblem:
    """A city of the covering benchmark."""
    return problem_of(COVERING[name], 7)


@cache
def wide() -> SitingProblem:
    """A city of 300 sites and 5,000 places in which every place is reached."""
    return problem_of(City(300, 5_000, 45.0), 7)


def with_capacity(problem: SitingProblem, part: float) -> SitingProblem:
    """Capacities alike that carry `part` of all demand at 135 sites."""
    each = part * float(problem.demand.weight.sum()) / 135
    sites = replace(problem.sites, capacity=np.full(len(problem.sites), each))
    return replace(problem, sites=sites)


def charging() -> tuple[Formulation, tuple[Rule, ...]]:
    """Two kinds of pile under grid limits and a share of the slow kind."""
    problem = city()
    n = len(problem.sites)
    rng = np.random.default_rng(3)
    sites = replace(problem.sites, cost=1e3 * problem.sites.cost)
    kinds = (
        PileKind("fast", 120.0, 1_000.0, np.full(n, 60e3), np.full(n, 20)),
        PileKind("slow", 7.0, 80.0, np.full(n, 5e3), np.full(n, 60)),
    )
    model = Charging(
        replace(problem, sites=sites),
        kinds,
        grid_limit_kw=rng.choice([300.0, 600.0, 1_000.0], n),
        min_share={"slow": 0.5},
    )
    return model, (Budget(3e7), Count(100, "at most"))


def refuelling() -> tuple[Formulation, tuple[Rule, ...]]:
    """400 points, 4,000 trips between them, 150 candidates."""
    rng = np.random.default_rng(5)
    xy = rng.uniform(0, 600e3, (400, 2))
    apart = 1.2 * np.linalg.norm(xy[:, None] - xy[None], axis=2)
    ends = rng.integers(0, 400, (4_000, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    problem = FlowProblem(
        Sites.of([f"s{j}" for j in range(150)], cost=1e6),
        np.arange(150),
        ends[:, 0],
        ends[:, 1],
        rng.integers(1, 100, len(ends)).astype(float),
        apart,
    )
    return FlowRefuelling(problem, Vehicle(300e3, max_detour_m=20e3)), (Count(25),)


def tiers() -> tuple[Formulation, tuple[Rule, ...]]:
    """20 centres, 150 stations, 800 points."""
    problem = problem_of(City(970, 15_000, 1.2), 11)
    rng = np.random.default_rng(2)
    tier = np.repeat([0, 1, 2], [20, 150, 800])
    access = problem.travel.tocoo()
    low = tier[access.col] == 2
    shape = problem.travel.shape
    served = sp.csr_array((access.data[low], (access.row[low], access.col[low])), shape=shape)
    xy = rng.uniform(0, 30, (970, 2))
    apart = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    may = (tier[None, :] - tier[:, None] == 1) & (apart < np.where(tier == 0, 12.0, 5.0)[:, None])
    feed = sp.csr_array(np.where(may, np.maximum(apart, 1e-9), 0.0))
    capacity = np.array([150e3, 20e3, 3e3])[tier]
    sites = Sites.of(problem.sites.ids, cost=np.array([3e6, 4e5, 5e4])[tier], capacity=capacity, xy=xy)
    return HierarchicalCoverage(TierProblem(sites, tier, problem.demand, served, feed)), (Budget(25e6),)


def modules() -> tuple[Formulation, tuple[Rule, ...]]:
    """Capacity in modules of two sizes."""
    problem = city()
    n = len(problem.sites)
    kinds = [
        Module("small", 2_000.0, np.full(n, 20.0), np.full(n, 3)),
        Module("large", 5_000.0, np.full(n, 40.0), np.full(n, 2)),
    ]
    return modular(CapacitatedCover, problem, kinds, in_objective=False), (Budget(8_000.0),)


def years() -> tuple[Formulation, tuple[Rule, ...]]:
    """Three years of growing demand."""
    problem = city()
    grown = [replace(problem, demand=replace(problem.demand, weight=f * problem.demand.weight)) for f in (1, 1.2, 1.5)]
    phasing = Phasing(tuple(Phase(f"y{t}", MaxCover(p)) for t, p in enumerate(grown)))
    return phasing, (YearBudgets(phasing, (2_000.0, 1_500.0, 1_500.0)),)


def share() -> tuple[Formulation, tuple[Rule, ...]]:
    """20 competitors among 300 sites."""
    problem = problem_of(City(300, 5_000, 6.0), 7)
    status = np.zeros(300, dtype=np.int64)
    status[:20] = 4
    problem = replace(problem, sites=replace(problem.sites, status=status))
    return MarketShare(problem, huff(problem, np.ones(300), least_travel=0.1)), (Count(15),)


def apart() -> tuple[Formulation, tuple[Rule, ...]]:
    """30 of 400 points as far from each other as can be."""
    xy = np.random.default_rng(1).uniform(0, 1_000, (400, 2))
    sites = Sites.of([f"s{j}" for j in range(400)])
    return PDispersion(sites, np.linalg.norm(xy[:, None] - xy[None], axis=2)), (Count(30),)


def reached(problem: SitingProblem) -> SitingProblem:
    """Without the places that no site reaches."""
    keep = np.diff(problem.travel.indptr) > 0
    ids = [i for i, k in zip(problem.demand.ids, keep, strict=True) if k]
    return SitingProblem(problem.sites, Demand.of(ids, weight=problem.demand.weight[keep]), problem.travel[keep])


CASES = (
    Case("max-cover", lambda: (MaxCover(city()), (Count(135),))),
    Case("max-cover, money", lambda: (MaxCover(city()), (Budget(5_500.0),))),
    Case("max-cover, dense", lambda: (MaxCover(city("dense")), (Count(135),))),
    Case("max-cover, large", lambda: (MaxCover(city("large")), (Count(500),))),
    Case("max-cover, backup", lambda: (MaxCover(city(), backup=2), (Count(135),))),
    Case("set-cover", lambda: (SetCover(city(), leave_out=True, minimise="cost"), ())),
    Case("capacitated-cover", lambda: (CapacitatedCover(with_capacity(city(), 0.8)), (Count(135),))),
    Case(
        "capacitated-cover, whole",
        lambda: (CapacitatedCover(with_capacity(city(), 0.8), single_source=True), (Count(135),)),
    ),
    Case("capacitated-cover, modules", modules),
    Case("charging", charging),
    Case("p-median", lambda: (PMedian(plane(2_000, 1)), (Count(100),))),
    Case("p-median, city", lambda: (PMedian(wide()), (Count(30),))),
    Case("p-median, capacity", lambda: (AssignmentMedian(limited(300, 3_000, 12.0, 0.0)), (Count(30),))),
    Case(
        "p-median, capacity, whole",
        lambda: (AssignmentMedian(limited(100, 1_000, 8.0, 0.0), single_source=True), (Count(15),)),
    ),
    Case("fixed-charge", lambda: (FixedCharge(wide(), price=0.01), ())),
    Case("fixed-charge, capacity", lambda: (FixedCharge(limited(300, 3_000, 6.0, 2e5)), ())),
    Case("p-center", lambda: (PCenter(wide()), (Count(40),))),
    Case("p-dispersion", apart),
    Case("market-share", share),
    Case("flow-refuelling", refuelling),
    Case("hierarchical", tiers),
    Case("years", years),
)


def measure(case: Case, limit_s: float, *, engine: str = "highs") -> Run:
    """Solve one case within a limit."""
    model, rules = case.make()
    began = time.perf_counter()
    found = solve_model(model, rules, engine=engine, time_limit_s=limit_s)
    seconds = time.perf_counter() - began
    trivial = getattr(model, "known_bound", None)
    return Run(seconds, found.ended, found.objective, found.bound, found.gap, trivial)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limits", default="1,3,10,30", help="seconds, one run each")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--engine", default="highs")
    asked = parser.parse_args()
    print(f"{'case':28}{'limit':>6}{'took':>8}{'':6}{'ended':>10}{'worth':>15}{'bound':>15}{'trivial':>15}{'gap':>9}")
    for case in CASES:
        for limit_s in map(float, asked.limits.split(",")):
            if asked.only not in case.name:
                continue
            try:
                run = measure(case, limit_s, engine=asked.engine)
            except Exception as error:
                print(case.name, limit_s, type(error), str(error)[:300], flush=True)
                continue
            kept = "OVER" if run.over_s(limit_s) > 0 else ""
            numbers = "".join("              -" if v is None else f"{v:15,.6g}" for v in (*run[2:4], run.trivial))
            gap = "-" if run.gap is None else f"{run.gap:.2%}"
            print(f"{case.name:28}{limit_s:6g}{run.seconds:8.1f} {kept:5}{run.ended:>10}{numbers}{gap:>9}", flush=True)


if __name__ == "__main__":
    main()
