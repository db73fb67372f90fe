"""Rows of whole commands: the reference study, its programmes alone, the teaching town, a sweep."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.rows.figure import KIB, Asked, Figure, Row
from models._version import __version__

ROOT = Path(__file__).parent.parent.parent
REFERENCE = ROOT / "instances" / "zhuzhou" / "study.toml"
ALONE = {"parking": 1.0, "parking-upgrade": 0.3, "charging": 10.0, "hydrogen": 1.0, "logistics": 40.0, "clinics": 0.5}
"""Programme of the reference study -> seconds aimed at."""
RUNS = 100


def siting(arguments: Sequence[str], folder: Path, way: str, fresh: Mapping[str, str]) -> Figure:
    """One command in a process of its own, with caches of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "solver.cli.main", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SITING_LANG": "en", **fresh},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    note = "" if done.returncode == 0 else f"exit {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
    return Figure(way, __version__, seconds, cpu, memory_mb=after.ru_maxrss / KIB, note=note)


def caches(folder: Path) -> dict[str, str]:
    """Caches of compiled code and of travel in a folder."""
    return {"NUMBA_CACHE_DIR": str(folder / "compiled"), "SITING_CACHE": str(folder / "travel")}


def _reference(_asked: Asked) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fresh = caches(folder)
        run = ["run", str(REFERENCE), "--out", "result", "--overwrite"]
        return [siting(run, folder, way, fresh) for way in ("cold", "with cached travel")]


def _alone(_asked: Asked) -> list[Figure]:
    """Each programme with everything compiled and all travel kept; the seconds are of the whole command."""
    figures = []
    for programme, goal in ALONE.items():
        with tempfile.TemporaryDirectory() as name:
            run = ["run", str(REFERENCE), "-p", programme, "--out", "result", "--overwrite"]
            fresh = {"SITING_CACHE": str(Path(name) / "travel")}
            siting([*run, "--time-limit", "1"], Path(name), "first", fresh)
            figure = siting(run, Path(name), programme, fresh)
            solve_s = _solve_s(Path(name) / "result" / "result.json", programme)
            figures.append(Figure(**{**vars(figure), "note": f"{solve_s:.1f} s of it solving; aim {goal:g} s"}))
    return figures


def _solve_s(result: Path, programme: str) -> float:
    seconds = json.loads(result.read_text(encoding="utf-8"))["programmes"][programme]["seconds"]
    return float(seconds.get("solve", 0.0)) + float(seconds.get("formulate", 0.0))


def _town(_asked: Asked) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fresh = caches(folder)
        siting(["new", "town"], folder, "new", fresh)
        run = ["run", "town", "--out", "result", "--overwrite"]
        return [siting(run, folder, way, fresh) for way in ("first time", "again")]


def _sweep(_asked: Asked) -> list[Figure]:
    """A hundred budgets of parking: in one sweep on two cores, and one of them as a single run, times a hundred."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fresh = caches(folder)
        single = ["run", str(REFERENCE), "-p", "parking", "--out", "one", "--overwrite"]
        siting(single, folder, "first", fresh)
        one = siting(single, folder, "single", fresh)
        budgets = ",".join(f"{4e8 + 8e6 * k:g}" for k in range(RUNS))
        sweep = ["sweep", str(REFERENCE), "-p", "parking", "--vary", f"programmes.parking.budget={budgets}"]
        swept = siting([*sweep, "--out", "swept", "--jobs", "2"], folder, f"one sweep of {RUNS} runs, two jobs", fresh)
        seconds, cpu = (one.seconds or 0.0) * RUNS, (one.cpu_s or 0.0) * RUNS
        times = Figure(f"{RUNS} single runs", __version__, seconds, cpu, note="one of them, times a hundred")
        return [swept, times]


ROWS = (
    Row("reference", "siting run instances/zhuzhou, two cores", "60 s cold, 25 s with cached travel", _reference),
    Row("alone", "each programme of the reference study alone", "see the notes", _alone),
    Row("town", "siting run town, 25 sites", "6 s the first time, 2 s again", _town),
    Row("sweep", f"a sweep of {RUNS} budgets of parking", "20 x single runs", _sweep),
)
