"""Maximal covering at city size: siting's whole way to a proven plan beside engines given the textbook program.

    python -m benchmarks.covering                              two cases, 60 s per run, one thread
    python -m benchmarks.covering --cases all --limit 120
    python -m benchmarks.covering --engines highs,cp-sat,cbc
    python -m benchmarks.covering --engines scip --reduced     the engines on the program that siting makes, too

Cities are made, from a seed: 70 % of the demand and 60 % of the sites around 40 centres of a 30 x 30 square, the rest
uniform; weights 1 to 100, costs 10 to 100. `plane` cases are uniform (after Cordeau, Furini & Ljubic 2019, EJOR 275).
The textbook program (Church & ReVelle 1974) has one column and one row for every place; siting merges places that the
same sites reach, searches, and bounds before it branches. Every plan is recomputed from the places, and the gap of all
is against the best bound that any of them proved.
"""

import argparse
import time
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from models.arrays import FloatArray
from models.coverage.max_cover import MaxCover
from models.formulation import Rule, formulate
from models.problem import Demand, Sites, SitingProblem
from models.program import Program, ProgramBuilder, identity, row_of
from models.rules import Budget, Count
from solver.api.solution import solve_model
from solver.engines.catalogue import engine
from solver.engines.engine import Ask

SIDE = 30.0
CENTRES = 40


class Case(NamedTuple):
    """How many sites and places, how far, and how many sites may open or which share of all costs may be spent."""

    sites: int
    places: int
    reach: float
    count: int | None = None
    budget_share: float | None = None
    plane: bool = False


CASES = {
    "count": Case(1_000, 20_000, 1.0, count=135),
    "budget": Case(1_000, 20_000, 1.0, budget_share=0.1),
    "plane": Case(100, 10_000, 4.0, count=15, plane=True),
    "dense": Case(1_000, 200_000, 0.8, count=135),
    "large": Case(5_000, 200_000, 0.5, count=500),
    "million": Case(100, 1_000_000, 5.75, count=10, plane=True),
    "giant": Case(20_000, 1_000_000, 0.25, count=2_000),
}
FIRST = ("count", "budget")


class Run(NamedTuple):
    """What one way gave: seconds, the plan's worth recomputed, its bound; None = not known."""

    way: str
    seconds: float
    worth: float | None
    bound: float | None


def points(rng: np.random.Generator, centres: FloatArray, n: int, near: float) -> FloatArray:
    """`n` points of the square, a share of them around centres."""
    k = int(near * n)
    around = centres[rng.integers(0, len(centres), k)] + rng.normal(0, 1.0, (k, 2))
    return np.clip(np.vstack([around, rng.uniform(0, SIDE, (n - k, 2))]), 0, SIDE)


def problem_of(case: Case, seed: int) -> SitingProblem:
    """Sites, places and the distances within reach."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, SIDE, (CENTRES, 2))
    demand = points(rng, centres, case.places, 0.0 if case.plane else 0.7)
    sites = points(rng, centres, case.sites, 0.0 if case.plane else 0.6)
    pairs = cKDTree(demand).sparse_distance_matrix(cKDTree(sites), case.reach, output_type="coo_matrix").tocsr()
    return SitingProblem(
        sites=Sites.of([f"s{j}" for j in range(case.sites)], cost=rng.integers(10, 101, case.sites).astype(float)),
        demand=Demand.of([f"d{i}" for i in range(case.places)], weight=rng.integers(1, 101, case.places).astype(float)),
        travel=sp.csr_array(pairs),
    )


def money_of(case: Case, problem: SitingProblem) -> float:
    """The budget of a case that has one."""
    return (case.budget_share or 0.0) * float(problem.sites.cost.sum())


def textbook(case: Case, problem: SitingProblem) -> Program:
    """One column and one row for every place that any site reaches."""
    n = len(problem.sites)
    builder = ProgramBuilder("textbook", "max")
    opened = builder.columns("open", n, upper=1.0, integer=True)
    reached = np.flatnonzero(np.diff(problem.travel.indptr))
    covered = builder.columns("covered", len(reached), upper=1.0, objective=problem.demand.weight[reached])
    within = sp.csr_array(problem.travel[reached])
    within.data = np.full(within.nnz, -1.0)
    builder.rows("covered_only_by_open_sites", [(identity(len(reached)), covered), (within, opened)], upper=0.0)
    if case.count is not None:
        builder.rows("number", [(row_of(np.ones(n)), opened)], upper=float(case.count))
    else:
        builder.rows("money", [(row_of(problem.sites.cost), opened)], upper=money_of(case, problem))
    return builder.build()


def worth_of(problem: SitingProblem, is_open: FloatArray) -> float:
    """Weight of the places that an open site reaches, place by place."""
    pattern = sp.csr_array((np.ones(problem.travel.nnz), problem.travel.indices, problem.travel.indptr))
    return float(problem.demand.weight[pattern @ is_open > 0.5].sum())


def rule_of(case: Case, problem: SitingProblem) -> Rule:
    """What a case allows."""
    return Budget(money_of(case, problem)) if case.count is None else Count(case.count, "at most")


def by_siting(case: Case, problem: SitingProblem, ask: Ask) -> Run:
    """The whole way, from the places to the checked plan."""
    began = time.perf_counter()
    rules = [rule_of(case, problem)]
    found = solve_model(MaxCover(problem), rules, time_limit_s=ask.time_limit_s, gap=ask.gap, seed=ask.seed)
    seconds = time.perf_counter() - began
    worth = None if found.plan is None else worth_of(problem, found.plan.open.astype(float))
    return Run("siting", seconds, worth, found.bound)


def by_engine(name: str, case: Case, problem: SitingProblem, ask: Ask) -> Run:
    """The textbook program, built and solved."""
    began = time.perf_counter()
    answer = engine(name).run(textbook(case, problem), ask)
    seconds = time.perf_counter() - began
    is_open = None if answer.values is None else np.round(answer.values[: len(problem.sites)])
    return Run(name, seconds, None if is_open is None else worth_of(problem, is_open), answer.outcome.bound)


def by_engine_reduced(name: str, case: Case, problem: SitingProblem, ask: Ask) -> Run:
    """The program that siting makes of the places, with classes merged, built and solved by an engine alone."""
    began = time.perf_counter()
    draft, program = formulate(MaxCover(problem), [rule_of(case, problem)])
    answer = engine(name).run(program, ask)
    seconds = time.perf_counter() - began
    is_open = None if answer.values is None else np.round(draft.open.of(answer.values))
    return Run(f"{name} red.", seconds, None if is_open is None else worth_of(problem, is_open), answer.outcome.bound)


def report(name: str, case: Case, engines: list[str], ask: Ask, reduced: bool) -> None:
    """Run all ways on one case and print the table."""
    problem = problem_of(case, seed=7)
    asked = f"{case.count} sites" if case.count is not None else f"{case.budget_share:.0%} of all costs"
    print(f"\n{name}: {case.sites:,} sites, {case.places:,} places, reach {case.reach:g}, {asked}")
    runs = [by_siting(case, problem, ask), *(by_engine(e, case, problem, ask) for e in engines)]
    runs += [by_engine_reduced(e, case, problem, ask) for e in engines if reduced]
    bound = min(run.bound for run in runs if run.bound is not None)
    print(f"  {'way':10}{'s':>9}{'x siting':>10}{'covered':>14}{'own bound':>14}{'to best bound':>15}")
    for run in runs:
        worth = "-" if run.worth is None else f"{run.worth:,.0f}"
        own = "-" if run.bound is None else f"{run.bound:,.0f}"
        gap = "-" if run.worth is None else f"{(bound - run.worth) / bound:.3%}"
        ratio = run.seconds / runs[0].seconds
        print(f"  {run.way:10}{run.seconds:9.1f}{ratio:10.1f}{worth:>14}{own:>14}{gap:>15}", flush=True)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default=",".join(FIRST), help=f"of {', '.join(CASES)}, or all")
    parser.add_argument("--engines", default="highs,cbc,cp-sat,scip")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds per run")
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--reduced", action="store_true", help="the engines on siting's own program as well")
    asked = parser.parse_args()
    solve_model(MaxCover(problem_of(Case(20, 50, 9.0, count=3), 0)), [Count(3, "at most")])  # what is compiled once
    ask = Ask(time_limit_s=asked.limit, gap=asked.gap, threads=1)
    for name in CASES if asked.cases == "all" else asked.cases.split(","):
        report(name, CASES[name], list(filter(None, asked.engines.split(","))), ask, asked.reduced)


if __name__ == "__main__":
    main()
