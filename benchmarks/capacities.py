"""Median models with capacities: the whole way of `siting run` beside the plain program in HiGHS.

    python -m benchmarks.capacities                      the default cases, one thread, 60 s per run
    python -m benchmarks.capacities --limit 20 --only cost --no-plain

Random plane instances in the manner of Beasley (1988, An algorithm for solving large capacitated warehouse location
problems, EJOR 33): sites and places uniform in a square, weights 1 to 100, transport by distance and weight. `ratio` is
what all sites carry together, in times of the demand. Without `--no-plain`, HiGHS gets the same program as a whole.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.formulation import Formulation, Rule, formulate
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from solver.api.from_model import pose_model
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.outcome import Outcome
from solver.events import SILENT
from solver.inputs.instance import ProgrammeInputs
from solver.optimise.anytime import optimise
from solver.study.schema import Programme

SIDE = 1000.0
SEARCH_S = 20.0


class Case(NamedTuple):
    """A model under rules by name, made when its turn comes."""

    name: str
    make: Callable[[], Formulation]
    rules: tuple[Rule, ...] = ()


def plane(n_sites: int, n_demand: int, ratio: float, opening_cost: float, *, alike: bool, seed: int) -> SitingProblem:
    """Capacities alike or between half and one and a half times their mean; costs within 30 % of `opening_cost`."""
    rng = np.random.default_rng(seed)
    sites, places = rng.uniform(0, SIDE, (n_sites, 2)), rng.uniform(0, SIDE, (n_demand, 2))
    weight = rng.integers(1, 101, n_demand).astype(float)
    each = np.ones(n_sites) if alike else rng.uniform(0.5, 1.5, n_sites)
    return SitingProblem.dense(
        Sites.of(
            [f"s{j}" for j in range(n_sites)],
            cost=rng.uniform(0.7, 1.3, n_sites) * opening_cost,
            capacity=np.round(each * weight.sum() * ratio / n_sites),
        ),
        Demand.of([f"d{i}" for i in range(n_demand)], weight=weight),
        np.linalg.norm(places[:, None] - sites[None], axis=2),
        unit="m",
    )


def cost(
    n_sites: int, n_demand: int, ratio: float, opening_cost: float, *, alike: bool = False, whole: bool = False
) -> Formulation:
    """Fixed and transport cost."""
    problem = plane(n_sites, n_demand, ratio, opening_cost, alike=alike, seed=1)
    return FixedCharge(problem, single_source=whole)


def median(n_sites: int, n_demand: int, ratio: float, *, whole: bool = False) -> Formulation:
    """Transport alone."""
    return AssignmentMedian(plane(n_sites, n_demand, ratio, 0.0, alike=False, seed=2), single_source=whole)


CASES = (
    Case("cost, 100 x 1,000, alike, ratio 12", partial(cost, 100, 1000, 12.0, 1e6, alike=True)),
    Case("cost, 100 x 1,000, ratio 8", partial(cost, 100, 1000, 8.0, 5e5)),
    Case("cost, 100 x 1,000, ratio 6", partial(cost, 100, 1000, 6.0, 3e5)),
    Case("cost, 100 x 1,000, ratio 8, places whole", partial(cost, 100, 1000, 8.0, 5e5, whole=True)),
    Case("cost, 300 x 3,000, ratio 15", partial(cost, 300, 3000, 15.0, 1e6)),
    Case("cost, 300 x 3,000, ratio 6", partial(cost, 300, 3000, 6.0, 2e5)),
    Case("median, 100 x 1,000, 15 sites", partial(median, 100, 1000, 8.0), (Count(15),)),
    Case("median, 100 x 1,000, 15 sites, places whole", partial(median, 100, 1000, 8.0, whole=True), (Count(15),)),
    Case("median, 300 x 3,000, 30 sites", partial(median, 300, 3000, 12.0), (Count(30),)),
)


def as_run(model: Formulation, rules: tuple[Rule, ...], ask: Ask) -> Outcome:
    """Search, bound, branching, and the engine on what is left."""
    programme = Programme.model_validate(
        {
            "model": model.name,
            "demand": {"file": "places.csv", "id": "id", "weight": "weight"},
            "sites": {"file": "sites.csv", "id": "id"},
            "reach": {"limit_m": 1e9},
        }
    )
    inputs = ProgrammeInputs("measured", programme, model.sites, pd.DataFrame({"id": model.sites.ids}), None)
    posed = pose_model(inputs, model, rules)
    return optimise(posed, Highs(), ask, search_s=SEARCH_S, tell=SILENT).outcome


def as_plain(model: Formulation, rules: tuple[Rule, ...], ask: Ask) -> Outcome:
    """The whole program in HiGHS."""
    return Highs().run(formulate(model, rules)[1], ask).outcome


def measure(name: str, run: Callable[[], Outcome]) -> tuple[float, Outcome]:
    """Run once and print a line: wall-clock seconds, how it ended, worth and gap."""
    began = time.perf_counter()
    outcome = run()
    seconds = time.perf_counter() - began
    objective = "-" if outcome.objective is None else f"{outcome.objective:,.2f}"
    gap = "-" if outcome.gap is None else f"{outcome.gap:.4%}"
    print(f"  {name:8}{seconds:9.2f} s  {outcome.ended:12}{objective:>18}{gap:>11}", flush=True)
    return seconds, outcome


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds per run")
    parser.add_argument("--gap", type=float, default=1e-6)
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--no-plain", action="store_true", help="leave HiGHS on the whole program out")
    asked = parser.parse_args()
    ask = Ask(time_limit_s=asked.limit, gap=asked.gap)
    as_run(cost(10, 20, 3.0, 1e4), (), ask)  # compiles
    as_run(cost(10, 20, 3.0, 1e4, whole=True), (), ask)
    for case in CASES:
        if asked.only not in case.name:
            continue
        print(f"\n{case.name}")
        model = case.make()
        seconds, _ = measure("siting", partial(as_run, model, case.rules, ask))
        if not asked.no_plain:
            plain, outcome = measure("HiGHS", partial(as_plain, model, case.rules, ask))
            print(f"  ratio {'' if outcome.ended == 'proven' else 'above '}{plain / seconds:.1f}")


if __name__ == "__main__":
    main()
