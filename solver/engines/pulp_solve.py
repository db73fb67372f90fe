"""PuLP in a process of its own, which Ctrl-C and a clock can end: `python -m solver.engines.pulp_solve FOLDER SOLVER`.

Reads FOLDER/program.npz and writes FOLDER/answer.npz (`sol_status`, `values`). Names are positions (c0, c1, ...), never
ids, as PuLP rewrites names.
"""

import inspect
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pulp

SEED: dict[str, str] = {"GUROBI": "Seed", "HiGHS": "random_seed"}
"""Solver -> its own name for the seed."""
THREADS: dict[str, str] = {"GUROBI": "Threads"}
"""Solver -> its own name for the threads, where PuLP has none."""


def main(folder: Path, solver: str) -> None:
    """Solve the program of a folder."""
    warnings.simplefilter("ignore")  # PuLP 3 warns at every turn that PuLP 4 will differ
    with np.load(folder / "program.npz", allow_pickle=False) as file:
        program = {name: file[name] for name in file.files}
    problem, columns = _problem(program)
    start = program["start"]
    if len(start):
        for column, value in zip(columns, start.tolist(), strict=True):
            column.setInitialValue(value, check=False)
    problem.solve(_solver(solver, program))
    found = [np.nan if column.varValue is None else column.varValue for column in columns]
    draft = folder / "answer.part.npz"
    np.savez(draft, sol_status=problem.sol_status, values=np.array(found, dtype=np.float64))
    draft.replace(folder / "answer.npz")


def _solver(name: str, program: dict[str, Any]) -> Any:
    """PuLP's solver with those of our wishes that it knows."""
    known = inspect.signature(getattr(pulp, name).__init__).parameters
    gap, threads, seed = float(program["gap"]), int(program["threads"]), int(program["seed"])
    wishes = {
        "timeLimit": max(0.1, float(program["ends"]) - time.time()),  # what beginning and building have left
        # some solvers measure the gap against the larger of plan and bound: this share keeps it within ours
        "gapRel": gap / (1.0 + gap),
        "threads": threads,
        "warmStart": len(program["start"]) > 0 and not (os.name == "nt" and name.endswith("_CMD")),
    }
    given: dict[str, Any] = {key: value for key, value in wishes.items() if key in known}
    if "solverParams" in known:
        given |= {own[name]: value for own, value in ((SEED, seed), (THREADS, threads)) if name in own}
    return pulp.getSolver(name, msg=False, **given)


def _problem(program: dict[str, Any]) -> tuple[Any, list[Any]]:
    problem = pulp.LpProblem("program", pulp.LpMaximize if bool(program["maximise"]) else pulp.LpMinimize)
    sides = zip(program["lower"], program["upper"], program["integer"], strict=True)
    columns = [
        pulp.LpVariable(f"c{i}", _side(low), _side(high), pulp.LpInteger if whole else pulp.LpContinuous)
        for i, (low, high, whole) in enumerate(sides)
    ]
    for column in columns:
        problem.addVariable(column)  # also those in no row
    objective = program["objective"]
    terms = [(columns[j], float(objective[j])) for j in np.flatnonzero(objective)]
    problem += pulp.LpAffineExpression(terms, float(program["offset"]))
    for row in np.flatnonzero(np.diff(program["indptr"])):
        _add_row(problem, program, columns, int(row))
    return problem, columns


def _add_row(problem: Any, program: dict[str, Any], columns: list[Any], row: int) -> None:
    part = slice(program["indptr"][row], program["indptr"][row + 1])
    terms = [(columns[j], float(a)) for j, a in zip(program["indices"][part], program["data"][part], strict=True)]
    low, high = _side(program["row_lower"][row]), _side(program["row_upper"][row])
    sides = [(pulp.LpConstraintEQ, low, "e")] if low == high else []
    if not sides:
        sides = [(pulp.LpConstraintGE, low, "g"), (pulp.LpConstraintLE, high, "l")]
    for sense, side, letter in sides:
        if side is not None:
            problem += pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, f"r{row}{letter}", side)


def _side(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
