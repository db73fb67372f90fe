"""The runs of a sweep: each a study with its values set, known by a hash of all that decides its answer."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from models._version import __version__
from solver.errors import StudyError, SweepError
from solver.events import SolveOptions
from solver.findings import named
from solver.instance import input_hashes
from solver.store import is_result, read_document
from solver.study.read import StudyFile, read_study
from solver.sweep.design import Point, SweepPlan, override, points_of


@dataclass(frozen=True, eq=False)
class Run:
    """One run: its values, the study with them set, what is solved, and the folder of its result."""

    point: Point
    file: StudyFile
    programmes: tuple[str, ...]
    options: SolveOptions
    folder: Path

    def is_done(self) -> bool:
        """Whether its whole result is on disk and no programme of it was interrupted."""
        if not is_result(self.folder):
            return False
        entries = read_document(self.folder)["programmes"].values()
        return all(entry["ended"] != "interrupted" for entry in entries)


def runs_of(
    study: Path, plan: SweepPlan, out: Path, *, overrides: Sequence[str] = (), options: SolveOptions | None = None
) -> list[Run]:
    """Every run of the plan, its study read and validated; StudyError with every fault of every run at once."""
    options = options or SolveOptions()
    runs, faults = [], []
    for point in points_of(plan):
        sets = [*overrides, *(override(key, value) for key, value in point.items())]
        try:
            file = read_study(study, sets)
        except StudyError as error:
            faults.append(str(error))
            continue
        programmes = plan.programmes or touched(plan, file)
        known = (*file.study.programmes, *file.study.portfolio)
        unknown = [name for name in programmes if name not in known]
        if unknown:
            raise SweepError(f"{unknown[0]} is no programme of {file.path.name}; it has {', '.join(known)}")
        runs.append(Run(point, file, programmes, options, out / "runs" / _key(file, programmes, options)))
    if faults:
        raise StudyError("\n".join(dict.fromkeys(faults)))
    return runs


def touched(plan: SweepPlan, file: StudyFile) -> tuple[str, ...]:
    """The programmes and portfolios that the varied keys belong to; what a run solves where a key belongs to none.

    A key of a member of a portfolio belongs to the portfolio as well, where that is what a run solves.
    """
    study = file.study
    found = [vary.key.split(".")[1] for vary in plan.vary if vary.key.startswith(("programmes.", "portfolio."))]
    if len(found) < len(plan.vary):
        return study.solved()
    joint = [n for n, section in study.portfolio.items() if n in found or set(found) & set(section.programmes)]
    members = study.needed(joint)
    return (*(n for n in study.programmes if n in found and n not in members), *joint)


def require_sweep_folder(out: Path) -> None:
    """SweepError unless the folder is absent, empty, or a sweep that can be gone on with."""
    if not out.exists():
        return
    if not out.is_dir():
        raise SweepError(f"{out}   is a file; name a folder for the sweep")
    if any(out.iterdir()) and not (out / "sweep.json").is_file():
        files = [path.name for path in sorted(out.iterdir())]
        raise SweepError(f"{out}   holds files that are no sweep ({named(files)}); name an empty or a new folder")


def write_plan(plan: SweepPlan, study: Path, out: Path) -> None:
    """Write sweep.json: what the sweep varies."""
    out.mkdir(parents=True, exist_ok=True)
    draft = out / ".sweep.json"
    text = json.dumps({"study": study.name, **asdict(plan)}, ensure_ascii=False, indent=1, default=str)
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(out / "sweep.json")


def _key(file: StudyFile, programmes: Sequence[str], options: SolveOptions) -> str:
    """The hash of the study's values, the contents of its files, what is solved and by which version."""
    needed = file.study.needed(programmes)
    chosen = [file.study.programmes[name] for name in needed]
    hashes = {name: sha for name, sha in input_hashes(file, chosen).items() if name != file.path.name}
    study = file.study.model_dump(mode="json")
    study["programmes"] = {name: study["programmes"][name] for name in needed}
    study["solved"] = list(programmes)
    known = {"study": study, "files": hashes, "options": asdict(options), "version": __version__}
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:12]
