"""CBC as a command: the program goes to it as an MPS file, its solution and log are read back.

Forrest et al., coin-or/Cbc. Building PuLP objects for a large program takes minutes, writing the file seconds; the
command is the one PuLP brings, or one on the path.
"""

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.arrays import FloatArray
from models.messages import say
from models.program import Program
from solver.engines.answering import answered
from solver.engines.command import run_command
from solver.engines.conclude import Report
from solver.engines.engine import Ask, Features
from solver.engines.highs import solve_linear, solve_strictly, write_mps
from solver.engines.outcome import Answer, Ended, Limit
from solver.engines.pulp_engine import cbc_command
from solver.errors import EngineError

STATUS: dict[str, tuple[Ended, Limit | None]] = {
    "Optimal": ("proven", None),
    "Infeasible": ("infeasible", None),
    "Integer infeasible": ("infeasible", None),
    "Unbounded": ("unbounded", None),
    "Stopped on time": ("limit", "time"),
    "Stopped on iterations": ("limit", "iterations"),
    "Stopped on nodes": ("limit", "nodes"),
    "Stopped on ctrl-c": ("interrupted", None),
    "Stopped on user event": ("interrupted", None),
}
"""First words of CBC's solution file -> ours; others are `failed`."""

NO_PLAN = "no integer solution"

NUMBER = r"(-?[0-9.]+(?:e[+-]?[0-9]+)?)"
FINAL_BOUND = re.compile(rf"^Lower bound:\s+{NUMBER}", re.MULTILINE)
TREE = re.compile(rf"{NUMBER} best solution, best possible {NUMBER} \(([0-9.]+) seconds\)")
PARTIAL = re.compile(rf"best objective {NUMBER} \(best possible {NUMBER}\)")
ROOT = re.compile(rf"^Continuous objective value is {NUMBER}", re.MULTILINE)
LOG_DIGITS = 5e-6
"""Relative rounding of the log's numbers, which have six digits."""
FINAL_DECIMALS = 5e-4
"""Absolute rounding of the final lower bound, which has three decimals."""
UNKNOWN = 1e40


class Cbc:
    """Linear and mixed-integer programs, warm start, bound, Ctrl-C."""

    name = "cbc"
    features = Features(warm_start=True, interrupt=True)

    def version(self) -> str:
        """Version of the CBC command."""
        return _version(cbc_command())

    def run(self, program: Program, ask: Ask) -> Answer:
        """Solve; see `Engine.run`."""
        return answered(self, program, ask, _report, refit=solve_linear, strictly=solve_strictly)


@lru_cache
def _version(command: str) -> str:
    said = subprocess.run([command, "-quit"], capture_output=True, text=True, timeout=60, check=False).stdout
    found = re.search(r"Version:\s*(\S+)", said)
    return found.group(1) if found else "unknown"


def _report(program: Program, ask: Ask) -> Report:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="siting-") as folder:
        place = Path(folder)
        write_mps(program, str(place / "program.mps"))
        if ask.start is not None and program.integer.any():
            _write_start(place / "start.txt", ask.start)
        try:
            left = max(0.1, ask.time_limit_s - (time.monotonic() - began))
            arguments = _arguments(place, replace(ask, time_limit_s=left))
            # CBC forgets its limit inside presolve and cuts: the wall clock ends it
            stopped = run_command(arguments, place / "log.txt", time_limit_s=left)
        except OSError as error:
            raise EngineError(
                say(
                    "cbc: {command} cannot be started ({error}); choose another engine",
                    command=cbc_command(),
                    error=error,
                )
            ) from error
        log = (place / "log.txt").read_text(encoding="utf-8", errors="replace")
        solution = place / "solution.txt"
        text = solution.read_text(encoding="utf-8", errors="replace") if solution.exists() else ""
    return _read(program, ask, text, log, stopped)


def _arguments(place: Path, ask: Ask) -> list[str]:
    start = ["-mips", str(place / "start.txt")] if (place / "start.txt").exists() else []
    # CBC measures its gap against the larger of plan and bound: this share keeps it within ours
    share = ask.gap / (1.0 + ask.gap)
    threads = ["-threads", str(ask.threads)] if ask.threads > 1 else []
    return [
        cbc_command(),
        str(place / "program.mps"),
        *start,
        *("-sec", f"{ask.time_limit_s:g}", "-timeMode", "elapsed", "-ratio", f"{share:.12g}"),
        *("-randomSeed", str(ask.seed + 1), "-randomCbcSeed", str(ask.seed + 1)),
        *threads,
        "-solve",
        *("-printingOptions", "all", "-solution", str(place / "solution.txt")),
    ]


def _write_start(path: Path, start: FloatArray) -> None:
    lines = ["Stopped on time - objective value 0"]
    lines += [f"{i} c{i} {start[i]:.15g} 0" for i in np.flatnonzero(start)]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _read(program: Program, ask: Ask, text: str, log: str, stopped: str | None) -> Report:
    """What the solution file and the log say. CBC minimises: a `max` program was negated."""
    sign = -1.0 if program.sense == "max" else 1.0
    first, _, rest = text.partition("\n")
    raw = first.partition(" - objective value")[0] or "no solution file"
    ended, limit = next((STATUS[words] for words in STATUS if raw.startswith(words)), ("failed", None))
    if stopped is not None and ended not in ("proven", "infeasible", "unbounded"):
        ended, limit = ("interrupted", None) if stopped == "user" else ("limit", "time")
    values = None if NO_PLAN in raw or ended in ("infeasible", "unbounded") else _values(program, rest)
    least = max(_bounds(log), default=-np.inf)
    if ended == "proven" and values is not None:
        value = sign * program.objective_at(values)
        least = max(least, value - ask.gap * abs(value)) if program.integer.any() else value
    bound = sign * least if np.isfinite(least) else None
    return Report(ended=ended, values=values, bound=bound, raw=raw, limit=limit)


def _values(program: Program, text: str) -> FloatArray | None:
    values = np.full(program.n_columns, np.nan)
    for line in text.splitlines():
        parts = line.replace("**", " ").split()
        if len(parts) >= 3 and parts[1].startswith("c"):
            values[int(parts[1][1:])] = float(parts[2])
    return values if not np.isnan(values).any() else None


def _bounds(log: str) -> Iterator[float]:
    """Every lower bound the log knows, moved by what its printing may have rounded."""
    for text in FINAL_BOUND.findall(log)[-1:]:
        yield float(text) - FINAL_DECIMALS
    for texts in (TREE.findall(log)[-1:], PARTIAL.findall(log)[-1:]):
        for found in texts:
            if abs(float(found[1])) < UNKNOWN:
                yield float(found[1]) - LOG_DIGITS * abs(float(found[1]))
    for text in ROOT.findall(log)[-1:]:
        yield float(text) - LOG_DIGITS * abs(float(text))
