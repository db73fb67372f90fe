"""Rows of maximal covering: a plane after Cordeau, Furini & Ljubic (2019, EJOR 275), and made cities."""

import importlib.util
from collections.abc import Callable, Sequence
from importlib import metadata

import numpy as np

from benchmarks.covering import CASES, Case, money_of, problem_of, textbook, worth_of
from benchmarks.rows.figure import Asked, Figure, Row, most_memory_mb, watched, with_gaps
from models._version import __version__
from models.arrays import FloatArray
from models.coverage.max_cover import MaxCover
from models.formulation import Rule, formulate
from models.problem import SitingProblem
from models.rules import Budget, Count
from solver.api.solution import solve_model
from solver.engines.catalogue import available, engine
from solver.engines.engine import Ask
from solver.engines.outcome import Answer

SEED, GAP = 7, 1e-4
OTHERS = ("cbc", "highs", "cp-sat", "scip")
MORE = {
    "hundred-thousand": Case(100, 100_000, 5.75, count=10, plane=True),
    "giant": Case(20_000, 1_000_000, 0.25, count=2_000),
}
"""Cases beside those of `benchmarks.covering`."""


def case_of(name: str) -> Case:
    """A case by name."""
    return CASES[name] if name in CASES else MORE[name]


def rule_of(case: Case, problem: SitingProblem) -> Rule:
    """The number or the money of a case."""
    return Budget(money_of(case, problem)) if case.count is None else Count(case.count, "at most")


def warm() -> None:
    """What is compiled once is compiled before anything is measured."""
    solve_model(MaxCover(problem_of(Case(30, 60, 9.0, count=3), 0)), [Count(3, "at most")])


def by_siting(case: Case, problem: SitingProblem, limit_s: float, gap: float = GAP, way: str = "siting") -> Figure:
    """From the places to the checked plan."""
    with watched() as watch:
        found = solve_model(MaxCover(problem), [rule_of(case, problem)], time_limit_s=limit_s, gap=gap, seed=1)
    worth = None if found.plan is None else worth_of(problem, found.plan.open.astype(float))
    return Figure(way, __version__, watch.seconds, watch.cpu_s, worth, found.bound, memory_mb=most_memory_mb())


def by_engines(case: Case, problem: SitingProblem, limit_s: float, kind: str) -> list[Figure]:
    """Every engine on the textbook's program or on the reduced one, building counted."""
    return [_by_engine(name, case, problem, limit_s, kind) for name in OTHERS if name in _installed()]


def _installed() -> set[str]:
    return {each.name for each in available() if each.installed}


def _by_engine(name: str, case: Case, problem: SitingProblem, limit_s: float, kind: str) -> Figure:
    with watched() as watch:
        if kind == "raw":
            program = textbook(case, problem)
        else:
            program = formulate(MaxCover(problem), [rule_of(case, problem)])[1]
        answer: Answer = engine(name).run(program, Ask(time_limit_s=limit_s, gap=GAP, threads=1))
    is_open: FloatArray | None = None if answer.values is None else np.round(answer.values[: len(problem.sites)])
    worth = None if is_open is None else worth_of(problem, is_open)
    way = f"{'PuLP + CBC' if name == 'cbc' else name} {kind}"
    return Figure(way, answer.outcome.version, watch.seconds, watch.cpu_s, worth, answer.outcome.bound)


def by_spopt(case: Case, problem: SitingProblem, limit_s: float) -> list[Figure]:
    """spopt with PuLP's CBC, where it is installed; its matrix of all pairs is not counted."""
    if importlib.util.find_spec("spopt") is None or case.count is None:
        return [Figure("spopt + CBC", "", None, note="not installed: pip install spopt")] if case.count else []
    import pulp
    from spopt.locate import MCLP

    dense = np.full(problem.travel.shape, 1e6)
    rows = np.repeat(np.arange(problem.travel.shape[0]), np.diff(problem.travel.indptr))
    dense[rows, problem.travel.indices] = problem.travel.data
    with watched() as watch:
        model = MCLP.from_cost_matrix(dense, problem.demand.weight, case.reach, p_facilities=case.count)
        model = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=limit_s, threads=1))
    is_open = np.array([float(variable.value() or 0.0) for variable in model.fac_vars])
    return [Figure("spopt + CBC", metadata.version("spopt"), watch.seconds, watch.cpu_s, worth_of(problem, is_open))]


def _row(
    name: str, *, limits: Sequence[float], raw: bool = False, reduced: bool = False, spopt: bool = False
) -> Callable[[Asked], list[Figure]]:
    """A case at some limits, beside those that are asked."""

    def measure(asked: Asked) -> list[Figure]:
        warm()
        case = case_of(name)
        problem = problem_of(case, SEED)
        figures = [by_siting(case, problem, limit, way=f"siting {limit:g} s") for limit in limits]
        figures += by_spopt(case, problem, asked.limit_s) if spopt else []
        for kind in (["raw"] if raw else []) + (["reduced"] if reduced else []):
            figures += by_engines(case, problem, asked.limit_s, kind)
        return with_gaps(figures)

    return measure


def _million(asked: Asked) -> list[Figure]:
    """A hundred thousand and a million places under the same sites."""
    warm()
    figures = []
    for name in ("hundred-thousand", "million"):
        case = case_of(name)
        problem = problem_of(case, SEED)
        held = most_memory_mb()
        figure = by_siting(case, problem, asked.limit_s, way=f"siting, {case.places:,} places")
        figures.append(Figure(**{**vars(figure), "note": f"{held:,.0f} MB held by the problem"}))
    return [with_gaps([figure])[0] for figure in figures]


ROWS = (
    Row(
        "plane",
        "Cordeau's plane, 10,000 places x 100 sites, proven",
        "50 x spopt, 15 x PuLP + CBC, 30 x HiGHS",
        _row("plane", limits=(60,), raw=True, reduced=True, spopt=True),
    ),
    Row("million", "1,000,000 places x 100 sites, proven", "5 s, at most 2 x the 100,000, 1 GB", _million),
    Row(
        "city",
        "city, 1,000 sites x 20,000 places, 135 open",
        "at 2 s ahead of every engine's minute; 0.6 % at 2.2 s; 0.02 % at 60 s",
        _row("count", limits=(2, 2.2, 60), raw=True, reduced=True),
    ),
    Row(
        "dense",
        "city, 1,000 sites x 200,000 places, 135 open",
        "proven in 25 s",
        _row("dense", limits=(10, 60), reduced=True),
    ),
    Row("large", "5,000 sites x 200,000 places, 500 open", "2 % in 10 s, 1 % in 60 s", _row("large", limits=(10, 60))),
    Row("giant", "20,000 sites x 1,000,000 places, 2,000 open", "3 % in 60 s, 3 GB", _row("giant", limits=(60,))),
    Row(
        "money",
        "city, 1,000 sites x 20,000 places, a tenth of the money",
        "1 % in 0.1 s, proven in 5 s",
        _row("budget", limits=(0.1, 60), raw=True, reduced=True),
    ),
)
