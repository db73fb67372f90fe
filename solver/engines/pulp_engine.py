"""PuLP as the door to whatever solver the office owns: Gurobi, CPLEX, COPT, Xpress, SCIP, ... and the CBC it brings.

PuLP runs in a process of its own (`pulp_solve`), as it cannot be stopped and prints whatever it is told. Only
`sol_status` tells an optimum from a plan found at a limit.
"""

import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Literal

import numpy as np
import pulp

from models.arrays import FloatArray
from models.messages import Listed, say
from models.program import Program
from solver.engines.answering import answered
from solver.engines.command import run_command
from solver.engines.conclude import Report, may_grow
from solver.engines.engine import Ask, Features
from solver.engines.highs import solve_linear, solve_strictly
from solver.engines.outcome import Answer, Ended, Limit
from solver.errors import EngineError

STATUS: dict[int, tuple[Ended, Limit | None]] = {
    pulp.LpSolutionOptimal: ("proven", None),
    pulp.LpSolutionIntegerFeasible: ("limit", "time"),
    pulp.LpSolutionNoSolutionFound: ("limit", "time"),
    pulp.LpSolutionInfeasible: ("infeasible", None),
    pulp.LpSolutionUnbounded: ("unbounded", None),
}
"""PuLP's `sol_status` -> ours; one that is not here is `failed`."""


class PulpEngine:
    """One of PuLP's solvers, by our name and by PuLP's, the one to prefer first.

    Its bound is known only where it proves its plan: then it is the asked gap away. Ctrl-C is passed on to the solver;
    the start is kept where the solver does not answer.
    """

    features = Features(reports_bound=False)

    def __init__(self, solver: str, names: Sequence[str]) -> None:
        self.name = f"pulp:{solver}"
        self._solver, self._names = solver, tuple(names)

    def version(self) -> str:
        """Version of PuLP and its name of the solver; EngineError where the solver is not installed."""
        return f"{metadata.version('pulp')} {self._installed()}"

    def run(self, program: Program, ask: Ask) -> Answer:
        """Solve; see `Engine.run`."""
        solve = partial(_report, solver=self._installed())
        return answered(self, program, ask, solve, refit=solve_linear, strictly=solve_strictly)

    def _installed(self) -> str:
        usable = [name for name in self._names if name in usable_solvers()]
        if not usable:
            raise EngineError(
                say(
                    "{name}: install {solver}, with a licence where it needs one (PuLP looks for {commands}), "
                    "or choose another engine",
                    name=self.name,
                    solver=self._solver,
                    commands=Listed(self._names, by="either"),
                )
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
    raise EngineError(
        say("cbc: no CBC on this computer; install it (pip install 'pulp[cbc]'), or choose another engine")
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """PuLP 3 warns at every turn that PuLP 4 will differ; we pin PuLP 3."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _report(program: Program, ask: Ask, solver: str) -> Report:
    with tempfile.TemporaryDirectory(prefix="siting-") as name:
        folder = Path(name)
        _write(program, ask, folder / "program.npz")
        stopped = _solve(ask, solver, folder)
        status, values = _read(folder / "answer.npz")
        said = (folder / "log.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    ended, limit = STATUS.get(status, ("failed", None)) if status is not None else ("failed", None)
    if ended == "infeasible" and may_grow(program):
        # PuLP says "infeasible" of an unbounded program, which has a solution once its objective is gone
        still = program.with_objective(np.zeros(program.n_columns), sense=program.sense)
        ended = "unbounded" if _report(still, replace(ask, start=None), solver).ended == "proven" else ended
    if stopped is not None and ended in ("failed", "limit"):
        ended, limit = ("interrupted", None) if stopped == "user" else ("limit", "time")
    words = pulp.LpSolution.get(status, status) if status is not None else (said or ["no answer"])[-1]
    return Report(
        ended=ended, values=values, bound=_bound(program, ask, ended, values), raw=f"{solver}: {words}", limit=limit
    )


def _bound(program: Program, ask: Ask, ended: Ended, values: FloatArray | None) -> float | None:
    """PuLP tells no bound: a proven plan is the asked gap away from it."""
    if ended != "proven" or values is None:
        return None
    value = program.objective_at(values)
    worse = ask.gap * abs(value) if program.integer.any() else 0.0
    return value + worse if program.sense == "max" else value - worse


def _write(program: Program, ask: Ask, path: Path) -> None:
    fits = ask.start is not None and len(ask.start) == program.n_columns
    np.savez(
        path,
        maximise=program.sense == "max",
        objective=program.objective,
        offset=program.offset,
        lower=program.lower,
        upper=program.upper,
        integer=program.integer,
        indptr=program.matrix.indptr,
        indices=program.matrix.indices,
        data=program.matrix.data,
        row_lower=program.row_lower,
        row_upper=program.row_upper,
        start=np.asarray(ask.start if fits else [], dtype=np.float64),
        ends=time.time() + ask.time_limit_s,
        gap=ask.gap,
        threads=ask.threads,
        seed=ask.seed,
    )


def _solve(ask: Ask, solver: str, folder: Path) -> Literal["user", "deadline"] | None:
    """Run PuLP in a process of its own; why that was stopped, None where it ended by itself."""
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    return run_command(
        [sys.executable, "-m", "solver.engines.pulp_solve", str(folder), solver],
        folder / "log.txt",
        time_limit_s=ask.time_limit_s,
        environment={"PYTHONPATH": path},
    )


def _read(path: Path) -> tuple[int | None, FloatArray | None]:
    """PuLP's `sol_status` and the column values; None where there are none."""
    if not path.exists():
        return None, None
    with np.load(path, allow_pickle=False) as file:
        values = file["values"]
        return int(file["sol_status"]), None if np.isnan(values).any() else values
