"""The engines side by side on maximal covering and p-median: seconds, gap, and the ratio to the fastest.

    python -m benchmarks.engines                     the default cases, one thread, 60 s per run
    python -m benchmarks.engines --engines highs,cp-sat --limit 20 --repeat 3

Random plane instances after Cordeau, Furini & Ljubic (2019, Benders decomposition for very large scale partial set
covering and maximal covering location problems, EJOR 275): places and sites uniform in a 30 x 30 square, weights
1 to 100. Every engine is given the same reduced program, without a start, and every plan is recomputed.
"""

import argparse
import statistics
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from models.coverage.max_cover import MaxCover
from models.formulation import formulate
from models.problem import Demand, Sites, SitingProblem
from models.program import Program, ProgramBuilder, identity, row_of
from models.rules import Budget, Count
from solver.engines.catalogue import available, engine
from solver.engines.engine import Ask
from solver.engines.outcome import Outcome

SIDE = 30.0


class Case(NamedTuple):
    """A program by name, made when its turn comes."""

    name: str
    make: Callable[[], Program]


def plane(n_sites: int, n_demand: int, reach: float, seed: int = 0) -> SitingProblem:
    """Sites and weighted places uniform in the square, with the distances of pairs within reach."""
    rng = np.random.default_rng(seed)
    sites, places = rng.uniform(0, SIDE, (n_sites, 2)), rng.uniform(0, SIDE, (n_demand, 2))
    pairs = cKDTree(places).sparse_distance_matrix(cKDTree(sites), reach, output_type="coo_matrix").tocsr()
    return SitingProblem(
        sites=Sites.of([f"s{j}" for j in range(n_sites)], cost=rng.integers(10, 101, n_sites).astype(float)),
        demand=Demand.of([f"d{i}" for i in range(n_demand)], weight=rng.integers(1, 101, n_demand).astype(float)),
        travel=sp.csr_array(pairs),
    )


def covering_by_count(n_sites: int, n_demand: int, reach: float, count: int) -> Program:
    """Maximal covering by a number of sites."""
    formulation = MaxCover(plane(n_sites, n_demand, reach))
    return formulate(formulation, [Count(count, "at most")])[1]


def covering_by_budget(n_sites: int, n_demand: int, reach: float, share: float) -> Program:
    """Maximal covering with a share of what all sites cost."""
    problem = plane(n_sites, n_demand, reach)
    return formulate(MaxCover(problem), [Budget(share * float(problem.sites.cost.sum()))])[1]


def p_median(n: int, count: int) -> Program:
    """The plain program of the p-median (ReVelle & Swain 1970) on n points that are places and sites."""
    rng = np.random.default_rng(0)
    points = rng.uniform(0, SIDE, (n, 2))
    away = np.round(np.linalg.norm(points[:, None] - points[None, :], axis=2), 2)
    builder = ProgramBuilder("p-median", "min")
    opened = builder.columns("open", n, upper=1.0, integer=True)
    share = builder.columns("share", n * n, upper=1.0, objective=away.ravel())
    each_place, each_site = sp.kron(identity(n), np.ones((1, n))), sp.kron(np.ones((n, 1)), identity(n, -1.0))
    builder.rows("every_place_is_served", [(sp.csr_array(each_place), share)], lower=1.0, upper=1.0)
    builder.rows("only_by_open_sites", [(identity(n * n), share), (sp.csr_array(each_site), opened)], upper=0.0)
    builder.rows("count", [(row_of(np.ones(n)), opened)], upper=float(count))
    return builder.build()


CASES = (
    Case("covering, 100 sites, 10,000 places, reach 4, 15 sites", lambda: covering_by_count(100, 10_000, 4.0, 15)),
    Case("covering, 100 sites, 100,000 places, reach 5.75, 10", lambda: covering_by_count(100, 100_000, 5.75, 10)),
    Case("covering, 300 sites, 10,000 places, reach 2, budget 10 %", lambda: covering_by_budget(300, 10_000, 2.0, 0.1)),
    Case("p-median, 100 points, 10 sites", lambda: p_median(100, 10)),
)


def measure(name: str, program: Program, ask: Ask, repeat: int) -> tuple[float, Outcome]:
    """Median seconds of some runs, and the last outcome."""
    outcomes = [engine(name).run(program, ask).outcome for _ in range(repeat)]
    return statistics.median(outcome.seconds for outcome in outcomes), outcomes[-1]


def report(case: Case, names: list[str], ask: Ask, repeat: int) -> None:
    """Measure all engines on one case and print the table."""
    program = case.make()
    print(f"\n{case.name}: {program.n_columns:,} columns, {program.n_rows:,} rows, {program.matrix.nnz:,} entries")
    print(f"  {'engine':12}{'s':>8}{'ratio':>8}  {'ended':10}{'objective':>14}{'gap':>9}")
    found = {name: measure(name, program, ask, repeat) for name in names}
    fastest = min((s for s, outcome in found.values() if outcome.ended == "proven"), default=None)
    for name, (seconds, outcome) in sorted(found.items(), key=lambda item: item[1][0]):
        ratio = f"{seconds / fastest:.1f}" if fastest and outcome.ended == "proven" else "-"
        objective = "-" if outcome.objective is None else f"{outcome.objective:,.2f}"
        gap = "-" if outcome.gap is None else f"{outcome.gap:.3%}"
        print(f"  {name:12}{seconds:8.2f}{ratio:>8}  {outcome.ended:10}{objective:>14}{gap:>9}", flush=True)
    proven = {round(o.objective or 0.0, 4) for _, o in found.values() if o.ended == "proven" and ask.gap == 0}
    if len(proven) > 1:
        print(f"  DISAGREEMENT: proven optima differ: {sorted(proven)}")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default=",".join(a.name for a in available() if a.installed))
    parser.add_argument("--limit", type=float, default=60.0, help="seconds per run")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=1)
    asked = parser.parse_args()
    ask = Ask(time_limit_s=asked.limit, gap=0.0, threads=asked.threads)
    for case in CASES:
        report(case, asked.engines.split(","), ask, asked.repeat)


if __name__ == "__main__":
    main()
