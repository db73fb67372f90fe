"""The runs of a sweep: each a study with its values set, known by a hash of all that decides its answer."""

import hashlib
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models._version import __version__
from models.messages import Listed, say
from solver.errors import StudyError, SweepError
from solver.events import SolveOptions
from solver.inputs.instance import input_hashes
from solver.results.folder import is_result
from solver.results.store import read_document
from solver.study.options import with_options
from solver.study.read import StudyFile, read_study
from solver.study.scenarios import override
from solver.sweep.design import Point, Scenario, SweepPlan, points_of


@dataclass(frozen=True, eq=False)
class Run:
    """One run: its values, the study with them set, what is solved, and the folder of its result."""

    point: Point
    file: StudyFile
    programmes: tuple[str, ...]
    folder: Path
    scenario: str = ""
    """The scenario's name, "" where the sweep has none."""

    def is_done(self) -> bool:
        """Whether its whole result is on disk and no programme of it was interrupted."""
        if not is_result(self.folder):
            return False
        entries = read_document(self.folder)["programmes"].values()
        return all(entry["ended"] != "interrupted" for entry in entries)


def runs_of(
    study: Path, plan: SweepPlan, out: Path, *, overrides: Sequence[str] = (), options: SolveOptions | None = None
) -> list[Run]:
    """Every run of the plan, its study read and validated; StudyError with every fault of every run at once.

    Scenario by scenario, and within each point by point of the design.
    """
    options = options or SolveOptions()
    runs, faults = [], []
    points = points_of(plan) if plan.vary else [{}]
    for scenario, point in itertools.product(plan.scenarios or (Scenario(""),), points):
        said = {**dict(scenario.values), **point}
        sets = [*overrides, *(override(key, value) for key, value in said.items())]
        try:
            file = read_study(study, sets)
        except StudyError as error:
            faults.append(error)
            continue
        programmes = plan.programmes or touched(plan, file)
        known = (*file.study.programmes, *file.study.portfolio)
        unknown = [name for name in programmes if name not in known]
        if unknown:
            raise SweepError(
                say(
                    "{unknown} is no programme of {name}; it has {known}",
                    unknown=unknown[0],
                    name=file.path.name,
                    known=Listed(known),
                )
            )
        asked = with_options(file, programmes, options)
        _refuse_varied(plan, file, asked)
        runs.append(Run(point, asked, programmes, out / "runs" / _key(asked, programmes), scenario.name))
    if faults:
        raise StudyError(*{str(fault): fault for fault in faults}.values())
    _require_one_currency(runs)
    return runs


def _require_one_currency(runs: Sequence[Run]) -> None:
    """SweepError where runs are in different money, which cannot be compared."""
    codes = tuple(dict.fromkeys(run.file.study.study.money.code for run in runs))
    if len(codes) > 1:
        fact = say("runs are in {codes}: costs of different money cannot be compared", codes=Listed(codes))
        raise SweepError(say("{fact}; leave study.currency out of what is varied", fact=fact))


def _refuse_varied(plan: SweepPlan, file: StudyFile, asked: StudyFile) -> None:
    """SweepError where an option of the command would undo what the sweep varies."""
    for said in asked.overrides[len(file.overrides) :]:
        key, _, value = said.partition("=")
        if key in plan.keys:
            raise SweepError(
                say("{key} is varied, and an option sets it to {value}; take one of them out", key=key, value=value)
            )


def touched(plan: SweepPlan, file: StudyFile) -> tuple[str, ...]:
    """The programmes and portfolios that the varied keys belong to; what a run solves where a key belongs to none.

    A key of a member of a portfolio belongs to the portfolio as well, where that is what a run solves.
    """
    study = file.study
    keys = {*plan.keys, *(key for scenario in plan.scenarios for key, _ in scenario.values)}
    found = {key.split(".")[1] for key in keys if key.startswith(("programmes.", "portfolio."))}
    if not keys or not all(key.startswith(("programmes.", "portfolio.")) for key in keys):
        return study.solved()
    joint = [n for n, section in study.portfolio.items() if n in found or found & set(section.programmes)]
    members = study.needed(joint)
    return (*(n for n in study.programmes if n in found and n not in members), *joint)


def _key(file: StudyFile, programmes: Sequence[str]) -> str:
    """The hash of the study's values, the contents of its files, what is solved and by which version."""
    needed = file.study.needed(programmes)
    chosen = [file.study.programmes[name] for name in needed]
    hashes = {name: sha for name, sha in input_hashes(file, chosen).items() if name != file.path.name}
    study = file.study.model_dump(mode="json")
    del study["scenarios"]  # what is taken of them stands in the keys themselves
    study["programmes"] = {name: study["programmes"][name] for name in needed}
    study["solved"] = list(programmes)
    known = {"study": study, "files": hashes, "version": __version__}
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:12]
