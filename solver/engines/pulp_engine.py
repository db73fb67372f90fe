"""PuLP as the door to whatever solver the office owns: Gurobi, CPLEX, COPT, Xpress, SCIP, ... and the CBC it brings.

Names are positions (c0, c1, ...), never ids, as PuLP rewrites names. Only `sol_status` tells an optimum from a plan
found at a limit.
"""

import inspect
import os
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import Any

import numpy as np
import pulp

from models.program import Program
from solver.engines.conclude import Report, conclude, may_grow, without_search
from solver.engines.engine import Ask, Features
from solver.engines.highs import solve_linear
from solver.engines.outcome import Answer, Ended, Limit
from solver.errors import EngineError

SOLVERS: dict[str, tuple[str, ...]] = {
    "gurobi": ("GUROBI", "GUROBI_CMD"),
    "cplex": ("CPLEX_PY", "CPLEX_CMD"),
    "copt": ("COPT", "COPT_CMD"),
    "xpress": ("XPRESS_PY", "XPRESS"),
    "mosek": ("MOSEK",),
    "scip": ("SCIP_PY", "SCIP_CMD"),
    "glpk": ("GLPK_CMD",),
    "highs": ("HiGHS", "HiGHS_CMD"),
}
"""Our name -> PuLP's names for it, the one to prefer first."""

STATUS: dict[int, tuple[Ended, Limit | None]] = {
    pulp.LpSolutionOptimal: ("proven", None),
    pulp.LpSolutionIntegerFeasible: ("limit", "time"),
    pulp.LpSolutionNoSolutionFound: ("limit", "time"),
    pulp.LpSolutionInfeasible: ("infeasible", None),
    pulp.LpSolutionUnbounded: ("unbounded", None),
}
"""PuLP's `sol_status` -> ours; one that is not here is `failed`."""


class PulpEngine:
    """One of PuLP's solvers. Its bound is known only where it proves its plan: then it is the asked gap away."""

    features = Features(reports_bound=False)

    def __init__(self, solver: str) -> None:
        if solver not in SOLVERS:
            raise EngineError(f"pulp:{solver} is not known; choose one of {', '.join('pulp:' + s for s in SOLVERS)}")
        self.name = f"pulp:{solver}"
        self._solver = solver

    def version(self) -> str:
        """Version of PuLP and its name of the solver; EngineError where the solver is not installed."""
        return f"{metadata.version('pulp')} {self._installed()}"

    def run(self, program: Program, ask: Ask) -> Answer:
        """Solve; see `Engine.run`. Ctrl-C is not held back."""
        began = time.monotonic()
        version = self.version()
        report = without_search(program) or _report(program, ask, self._installed())
        return conclude(
            program,
            ask,
            report,
            engine=self.name,
            version=version,
            seconds=time.monotonic() - began,
            refit=solve_linear,
        )

    def _installed(self) -> str:
        usable = [name for name in SOLVERS[self._solver] if name in usable_solvers()]
        if not usable:
            raise EngineError(
                f"{self.name}: install {self._solver}, with a licence where it needs one (PuLP looks for "
                f"{' or '.join(SOLVERS[self._solver])}), or choose another engine"
            )
        return usable[0]


def usable_solvers() -> tuple[str, ...]:
    """PuLP's names of the solvers it finds on this computer."""
    with _quiet():
        return tuple(pulp.listSolvers(onlyAvailable=True))


def cbc_command() -> str:
    """The CBC that PuLP brings, or one on the path; EngineError where there is none."""
    bundled = getattr(pulp, "PULP_CBC_CMD", None)
    for command in (getattr(bundled, "pulp_cbc_path", None), "cbc"):
        found = shutil.which(command) if command else None
        if found:
            return found
    raise EngineError("cbc: no CBC on this computer; install it (pip install 'pulp[cbc]'), or choose another engine")


@contextmanager
def _quiet() -> Iterator[None]:
    """PuLP 3 warns at every turn that PuLP 4 will differ; we pin PuLP 3."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _on_standard_error() -> Iterator[None]:
    """What solvers print whatever they are told (licences, banners) stays out of the results on standard output."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _report(program: Program, ask: Ask, solver: str) -> Report:
    with _quiet():
        problem, columns = _problem(program)
        try:
            with _on_standard_error():
                problem.solve(_solver(solver, ask))
        except pulp.PulpError as error:
            return Report(ended="failed", values=None, bound=None, raw=f"{solver}: {error}")
    ended, limit = STATUS.get(problem.sol_status, ("failed", None))
    if ended == "infeasible" and may_grow(program):
        # PuLP says "infeasible" of an unbounded program, which has a solution once its objective is gone
        still = program.with_objective(np.zeros(program.n_columns), sense=program.sense)
        ended = "unbounded" if _report(still, ask, solver).ended == "proven" else ended
    found = [column.varValue for column in columns]
    values = None if None in found else np.array(found, dtype=np.float64)
    raw = f"{solver}: {pulp.LpSolution.get(problem.sol_status, problem.sol_status)}"
    bound = None
    if ended == "proven" and values is not None:
        value = program.objective_at(values)
        worse = ask.gap * abs(value) if program.integer.any() else 0.0
        bound = value + worse if program.sense == "max" else value - worse
    return Report(ended=ended, values=values, bound=bound, raw=raw, limit=limit)


def _solver(name: str, ask: Ask) -> Any:
    """PuLP's solver with those of our wishes that it knows."""
    known = inspect.signature(getattr(pulp, name).__init__).parameters
    # some solvers measure the gap against the larger of plan and bound: this share keeps it within ours
    wishes = {"timeLimit": ask.time_limit_s, "gapRel": ask.gap / (1.0 + ask.gap), "threads": ask.threads}
    return pulp.getSolver(name, msg=False, **{key: value for key, value in wishes.items() if key in known})


def _problem(program: Program) -> tuple[Any, list[Any]]:
    problem = pulp.LpProblem("program", pulp.LpMaximize if program.sense == "max" else pulp.LpMinimize)
    columns = [
        pulp.LpVariable(f"c{i}", _side(low), _side(high), pulp.LpInteger if whole else pulp.LpContinuous)
        for i, (low, high, whole) in enumerate(zip(program.lower, program.upper, program.integer, strict=True))
    ]
    for column in columns:
        problem.addVariable(column)  # also those in no row
    used = np.flatnonzero(program.objective)
    problem += pulp.LpAffineExpression([(columns[j], float(program.objective[j])) for j in used], program.offset)
    for row in np.flatnonzero(np.diff(program.matrix.indptr)):
        _add_row(problem, program, columns, int(row))
    return problem, columns


def _add_row(problem: Any, program: Program, columns: list[Any], row: int) -> None:
    part = slice(program.matrix.indptr[row], program.matrix.indptr[row + 1])
    terms = [
        (columns[j], float(a)) for j, a in zip(program.matrix.indices[part], program.matrix.data[part], strict=True)
    ]
    low, high = _side(program.row_lower[row]), _side(program.row_upper[row])
    sides = [(pulp.LpConstraintEQ, low, "e")] if low == high else []
    if not sides:
        sides = [(pulp.LpConstraintGE, low, "g"), (pulp.LpConstraintLE, high, "l")]
    for sense, side, letter in sides:
        if side is not None:
            problem += pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, f"r{row}{letter}", side)


def _side(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
