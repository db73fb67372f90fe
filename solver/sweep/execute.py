"""Running a sweep: travel first and once, then the runs in processes, each on disk as soon as it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from models.errors import ProblemError, SitingError
from models.messages import say, worded
from solver.events import Event, Listener
from solver.export.folder import write_result
from solver.files.protect import Guard
from solver.inputs.identity import identity_of
from solver.inputs.instance import Instance, load_instance
from solver.inputs.roads import WORTH_KEEPING_S, Roads
from solver.inputs.travel import Matrix, read_matrix
from solver.network.cache import ArrayCache, cache_folder
from solver.pose.programme import pose
from solver.results.folder import guard_of
from solver.solve import solve_instance
from solver.study.schema import NetworkSection, Reach
from solver.sweep.folder import SWEEP, clean
from solver.sweep.runs import Run
from solver.sweep.table import Table
from solver.sweep.travel import widest_reaches
from solver.words.speech import ENGLISH, Speech
from solver.workers.pools import each

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
    speech: Speech


def run_sweep(
    runs: Sequence[Run],
    out: Path,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    maps: bool = False,
    speech: Speech = ENGLISH,
    on_event: Listener,
    guard: Guard | None = None,
) -> Swept:
    """Do the runs that are not on disk yet and keep table.csv up to date; what is done stays done when this is killed.

    A run with faults does not end the sweep: its row says which. Ctrl-C ends it with the runs that are on disk.
    """
    clean(out)
    table = Table(runs, out / TABLE, guard or Guard(SWEEP))
    alike: dict[Path, list[int]] = {}
    for position, run in enumerate(runs):
        alike.setdefault(run.folder, []).append(position)  # a value that is the study's own makes the same run
    todo = []
    for positions in alike.values():
        if runs[positions[0]].is_done():
            for position in positions:
                table.add(position)
        else:
            todo.append(positions)
    left = sum(map(len, todo))
    kept, done, faults = len(runs) - left, len(runs) - left, 0
    shared = shared_of(runs, out, maps=maps, speech=speech)
    try:
        if todo:
            _warm([runs[positions[0]] for positions in todo], shared, on_event)
        pieces = [(runs[positions[0]], shared) for positions in todo]
        for piece, answer in each(run_one, pieces, jobs=jobs, scheduler=scheduler, shared=out):
            end, fault = answer if not isinstance(answer, Exception) else ("fault", _lost(answer, speech))
            if end == "interrupted":
                break
            for position in todo[piece]:
                done += 1
                faults += end == "fault"
                table.add(position, fault)
            table.write()
            on_event(Event("", "sweep", say("{done} of {n} runs", done=done, n=len(runs)), done / len(runs)))
    except KeyboardInterrupt:
        pass
    if done:
        table.write()
    return Swept(table.frame() if done else pd.DataFrame(), len(runs), kept, faults, len(runs) - done)


def run_one(run: Run, shared: Shared) -> tuple[End, str]:
    """One run from study to result on disk; a fault is its answer in words, whatever it is."""
    try:
        instance = load_instance(run.file, run.programmes)
        source = source_of(instance, shared)
        result = solve_instance(instance, source, listen=lambda _event: None)
        if any(programme.ended == "interrupted" for programme in result.programmes.values()):
            return "interrupted", ""
        guard = replace(guard_of(result), overwrite=True)  # what is no whole result is done anew
        write_result(result, run.folder, maps=shared.maps, speech=shared.speech, guard=guard)
    except SitingError as error:
        return "fault", worded(error, shared.speech)
    except MemoryError:
        return "fault", worded(say("not enough memory"), shared.speech)
    except Exception as error:  # one run that fails in a way nobody thought of must not cost the others
        kind = type(error).__name__
        told = say("unexpected {kind}: {error}; run this study alone and report it", kind=kind, error=error)
        return "fault", worded(told, shared.speech)
    return "done", ""


def shared_of(runs: Sequence[Run], out: Path, *, maps: bool = False, speech: Speech = ENGLISH) -> Shared:
    """What all runs of a sweep share."""
    return Shared(out / "travel", widest_reaches([run.file.study for run in runs]), maps, speech)


def _lost(error: Exception, speech: Speech) -> str:
    return worded(say("its worker was lost: {error}", error=error), speech)


def _warm(runs: Sequence[Run], shared: Shared, listen: Listener) -> None:
    """Compute every matrix the runs need, with all cores; runs that differ in nothing that travels are asked once."""
    seen = set()
    for run in runs:
        kind = _travel_kind(run, shared)
        if kind in seen or run.file.study.travel.matrix is not None:
            continue
        seen.add(kind)
        listen(Event("", "travel", say("travel times for all runs ({n})", n=len(seen)), None))
        try:
            instance = load_instance(run.file, run.programmes)
            source = source_of(instance, shared)
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


def source_of(instance: Instance, shared: Shared) -> Roads | Matrix:
    """Travel of an instance, from what the runs share."""
    file = instance.file
    if file.study.travel.matrix is not None or file.study.network is None:
        return read_matrix(file)
    path, crs = file.resolve(file.study.network.file), "" if instance.crs is None else instance.crs.to_string()
    known_by = (crs, identity_of(path))
    roads = _roads(file.study.network.model_dump_json(), path, known_by, (shared.folder, cache_folder(file.folder)))
    roads.crs, roads.widest = instance.crs, shared.widest
    return roads


@lru_cache(maxsize=4)
def _roads(section: str, path: Path, _known_by: tuple[str, str], folders: tuple[Path, Path | None]) -> Roads:
    """The roads of this process; runs of the same network share what is in memory, and all processes the folders."""
    shared, beside = folders
    kept = () if beside is None else (ArrayCache(beside, worth_s=WORTH_KEEPING_S),)
    return Roads(NetworkSection.model_validate_json(section), path, None, caches=(ArrayCache(shared), *kept))
