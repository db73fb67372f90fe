"""Running a sweep: travel first and once, then the runs in processes, each on disk as soon as it ends."""

import multiprocessing
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from solver.errors import ProblemError, SitingError, SweepError
from solver.events import Event
from solver.instance import Instance, load_instance
from solver.network.cache import cache_folder
from solver.pose.catalogue import pose
from solver.solve import solve_instance
from solver.store import write_result
from solver.study.schema import NetworkSection, Reach
from solver.sweep.runs import Run
from solver.sweep.table import Table
from solver.sweep.travel import SharedRoads, widest_reaches
from solver.travel import Matrix, Roads, read_matrix

Listener = Callable[[Event], None]
End = Literal["done", "fault", "interrupted"]
TABLE = "table.csv"


@dataclass(frozen=True, eq=False)
class Swept:
    """How a sweep ended: the table of all runs, how many there are, were there already, had faults, are missing."""

    table: pd.DataFrame
    runs: int
    kept: int
    faults: int
    missing: int


@dataclass(frozen=True, eq=False)
class Shared:
    """What all runs of a sweep share."""

    folder: Path
    widest: Mapping[Reach, Reach]
    maps: bool
    lang: str


def run_sweep(
    runs: Sequence[Run], out: Path, *, jobs: int = 1, maps: bool = False, lang: str = "en", on_event: Listener
) -> Swept:
    """Do the runs that are not on disk yet and keep table.csv up to date; what is done stays done when this is killed.

    A run with faults does not end the sweep: its row says which. Ctrl-C ends it with the runs that are on disk.
    """
    _clean(out)
    table = Table(runs, out / TABLE)
    todo = []
    for position, run in enumerate(runs):
        if run.is_done():
            table.add(position)
        else:
            todo.append(position)
    kept, faults = len(runs) - len(todo), 0
    shared = Shared(out / "travel", widest_reaches([run.file.study for run in runs]), maps, lang)
    done = kept
    try:
        if todo:
            _warm([runs[i] for i in todo], shared, on_event)
        for position, end, fault in _executed(runs, todo, shared, jobs):
            if end == "interrupted":
                break
            done += 1
            faults += end == "fault"
            table.add(position, fault)
            table.write()
            on_event(Event("", "sweep", f"{done} of {len(runs)} runs", done / len(runs)))
    except KeyboardInterrupt:
        pass
    if done:
        table.write()
    return Swept(table.frame() if done else pd.DataFrame(), len(runs), kept, faults, len(runs) - done)


def run_one(run: Run, shared: Shared) -> tuple[End, str]:
    """One run from study to result on disk; a fault of its inputs is its answer."""
    try:
        instance = load_instance(run.file, run.programmes)
        source = _source(instance, shared)
        result = solve_instance(instance, source, options=run.options, listen=lambda _event: None)
    except (SitingError, MemoryError) as error:
        return "fault", str(error) or "not enough memory"
    if any(programme.ended == "interrupted" for programme in result.programmes.values()):
        return "interrupted", ""
    write_result(result, run.folder, maps=shared.maps, lang=shared.lang)
    return "done", ""


def _executed(runs: Sequence[Run], todo: Sequence[int], shared: Shared, jobs: int) -> Iterator[tuple[int, End, str]]:
    """Position, end and fault of every run as it ends, here or in processes."""
    if jobs == 1 or len(todo) < 2:
        for position in todo:
            yield position, *run_one(runs[position], shared)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(todo)), mp_context=context, initializer=_worker) as pool:
        futures: dict[Future[tuple[End, str]], int] = {pool.submit(run_one, runs[i], shared): i for i in todo}
        try:
            for future in as_completed(futures):
                yield futures[future], *future.result()
        except BrokenProcessPool:
            raise SweepError(
                "a process ended suddenly, perhaps for lack of memory; start the same sweep again with fewer --jobs: "
                "it does only what is missing"
            ) from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _worker() -> None:
    """In a process of its own: Ctrl-C is the parent's, and when the parent is gone the process ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _warm(runs: Sequence[Run], shared: Shared, listen: Listener) -> None:
    """Compute every matrix the runs need, with all cores; runs that differ in nothing that travels are asked once."""
    seen = set()
    for run in runs:
        kind = _travel_kind(run, shared)
        if kind in seen or run.file.study.travel.matrix is not None:
            continue
        seen.add(kind)
        listen(Event("", "travel", f"travel times for all runs ({len(seen)})", None))
        try:
            instance = load_instance(run.file, run.programmes)
            source = _source(instance, shared)
            for inputs in instance.programmes.values():
                pose(inputs, source)
        except (SitingError, ProblemError):
            continue  # the run itself will say so


def _travel_kind(run: Run, shared: Shared) -> str:
    """Everything of a run's study that its travel depends on, as text."""
    study = run.file.study
    parts = [repr(study.study.crs), repr(study.network)]
    for name in study.needed(run.programmes):
        programme = study.programmes[name]
        reaches = [programme.reach, *(tier.reach for tier in programme.tiers)]
        wide = [shared.widest.get(reach, reach) for reach in reaches if reach is not None]
        layers = (programme.demand, programme.sites, programme.existing, programme.flows, programme.vehicle)
        parts += [repr(layers), repr([tier.file for tier in programme.tiers]), repr(wide)]
    return "\n".join(parts)


def _source(instance: Instance, shared: Shared) -> Roads | Matrix:
    file = instance.file
    if file.study.travel.matrix is not None or file.study.network is None:
        return read_matrix(file)
    kept = cache_folder(file.folder)
    crs = instance.crs.to_string() if instance.crs is not None else ""
    roads = _roads(
        file.study.network.model_dump_json(), file.resolve(file.study.network.file), crs, shared.folder, kept
    )
    roads.crs, roads.widest = instance.crs, shared.widest
    return roads


@lru_cache(maxsize=4)
def _roads(section: str, path: Path, _crs: str, folder: Path, kept: Path | None) -> SharedRoads:
    """The roads of this process; runs of the same network share what is in memory."""
    return SharedRoads(NetworkSection.model_validate_json(section), path, None, cache=kept, folder=folder)


def _clean(out: Path) -> None:
    """Take away what runs that were killed left half-written."""
    for draft in (out / "runs").glob(".*.part"):
        shutil.rmtree(draft, ignore_errors=True)
