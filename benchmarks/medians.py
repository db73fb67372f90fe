"""Medians and fixed charges: what search, dual bound and branching prove, beside an engine alone.

    python -m benchmarks.medians                 all cases, 60 s of the clock each
    python -m benchmarks.medians --plain         the whole program by HiGHS as well, without a start
    python -m benchmarks.medians --only plane --limit 100

Graphs after Beasley (1985, A note on solving large p-median problems, EJOR 21): n nodes, n * n / 50 edges at random of
cost 1 to 100, every node a place and a site. Planes: points uniform in a square, straight distances. Seconds are of the
processor, so that other work on the machine hardly counts; the first case bears the compilation unless it is cached.
A gap is what is left for an engine to close, which `siting run` would ask next.
"""

import argparse
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from models.formulation import Formulation, Rule, formulate
from models.incumbent import relative_gap
from models.median.fixed_charge import FixedCharge
from models.median.p_median import PMedian
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.optimise.uncapacitated import UncapacitatedReduction

SIDE_M = 1000.0
MOST_COST = 100


class Case(NamedTuple):
    """A problem by name, made when its turn comes, and how many sites open; None where their cost decides."""

    name: str
    make: Callable[[], SitingProblem]
    n_open: int | None


def graph(n: int, seed: int) -> SitingProblem:
    """Shortest paths in a connected graph of n nodes after Beasley's recipe."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(n)
    tree = np.array([rng.integers(0, k) for k in range(1, n)])
    ends = rng.integers(0, n, (max(0, n * n // 50 - n + 1), 2))
    ends = np.vstack([np.column_stack([order[1:], order[tree]]), ends[ends[:, 0] != ends[:, 1]]])
    cost = rng.integers(1, MOST_COST + 1, len(ends)).astype(np.float64)
    low, high = ends.min(axis=1), ends.max(axis=1)
    by_cost = np.argsort(cost, kind="stable")
    _, first = np.unique((low * n + high)[by_cost], return_index=True)
    least = by_cost[first]
    edges = sp.csr_array(sp.coo_array((cost[least], (low[least], high[least])), shape=(n, n)))
    ids = [str(i) for i in range(n)]
    return SitingProblem.dense(Sites.of(ids), Demand.of(ids), dijkstra(edges, directed=False), unit="m")


def plane(n: int, seed: int, *, whole: bool = True, cost: float = 0.0) -> SitingProblem:
    """Points in a square and the distances between them, rounded where `whole` is set."""
    xy = np.random.default_rng(seed).uniform(0, SIDE_M, (n, 2))
    apart = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    ids = [str(i) for i in range(n)]
    sites = Sites.of(ids, cost=np.full(n, cost))
    return SitingProblem.dense(sites, Demand.of(ids), np.round(apart) if whole else apart, unit="m")


CASES = (
    *(
        Case(f"graph {n}, {p} sites, seed {seed}", lambda n=n, seed=seed: graph(n, seed), p)  # type: ignore[misc]
        for n, p in ((600, 5), (800, 5), (900, 5), (800, 10), (900, 10))
        for seed in (1, 2)
    ),
    Case("plane 1000, 50 sites, decimals", lambda: plane(1000, 1, whole=False), 50),
    Case("plane 2000, 100 sites", lambda: plane(2000, 1), 100),
    Case("plane 1000, sites of 1,000 CNY", lambda: plane(1000, 1, cost=1000.0), None),
)


def measure(case: Case, limit_s: float, *, plain: bool) -> None:
    """Solve a case and print a line for each way."""
    problem = case.make()
    with_opening = case.n_open is None
    build: Callable[[SitingProblem], Formulation] = FixedCharge if with_opening else PMedian
    rules: tuple[Rule, ...] = () if case.n_open is None else (Count(case.n_open),)
    began = time.process_time()
    reduction = UncapacitatedReduction(build, problem, rules, with_opening=with_opening)
    first = reduction.search(limit_s / 4, 0)
    found = reduction.reduce(first, Ask(time_limit_s=limit_s, gap=0.0))
    worth = None if found.plan is None else build(problem).objective_of(found.plan)
    _line(case.name, "siting", time.process_time() - began, worth, found.bound)
    if plain:
        began = time.process_time()
        outcome = Highs().run(formulate(build(problem), rules)[1], Ask(time_limit_s=limit_s, gap=0.0)).outcome
        _line("", "HiGHS alone", time.process_time() - began, outcome.objective, outcome.bound)


def _line(name: str, way: str, seconds: float, worth: float | None, bound: float | None) -> None:
    gap = relative_gap(worth, bound)
    shown = "-" if worth is None else f"{worth:,.1f}"
    told = "-" if gap is None else "proven" if gap <= 1e-8 else f"{gap:.3%}"
    print(f"{name:34}{way:13}{seconds:8.1f} s{shown:>14}{told:>9}", flush=True)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of the clock for a case")
    parser.add_argument("--plain", action="store_true", help="HiGHS on the whole program as well")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    asked = parser.parse_args()
    for case in CASES:
        if asked.only in case.name:
            measure(case, asked.limit, plain=asked.plain)


if __name__ == "__main__":
    main()
