"""A result directory in, verdicts out: find the study, compare its inputs, and make every check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from models.messages import Listed, say
from solver.errors import StoreError, StudyError
from solver.events import Event
from solver.inputs.instance import Instance, load_instance
from solver.inputs.roads import Roads
from solver.inputs.travel import travel_source
from solver.results.store import read_document
from solver.study.read import StudyFile, read_study, setting
from solver.verify.about import ABOUT, inputs_of, says_the_same
from solver.verify.alternatives import OTHERS
from solver.verify.bound import BOUND
from solver.verify.case import Case
from solver.verify.columns import COLUMNS
from solver.verify.figures import TOLD
from solver.verify.files import FILES, Files, read_layers
from solver.verify.inputs import (
    Inputs,
    every_file_of_an_input_is_recorded,
    no_input_has_changed,
    refuse_missing,
)
from solver.verify.joins import JOINS
from solver.verify.joint import JOINT, MEMBER_FIGURES, Joint
from solver.verify.known import KNOWN, only_what_is_known, unknown_in, unknown_of
from solver.verify.layers import LAYERS
from solver.verify.made import MADE
from solver.verify.maps import MAPS
from solver.verify.models import MODELS
from solver.verify.money import MONEY
from solver.verify.objectives import VALUE
from solver.verify.proof import PROOF
from solver.verify.rules import RULE_CHECKS
from solver.verify.service import SERVICE
from solver.verify.shapes import SHAPES
from solver.verify.thrift import THRIFT
from solver.verify.told import JOINTLY, TELLING
from solver.verify.travel import Travel
from solver.verify.verdict import Check, Text, Verdict, examine
from solver.verify.years import YEARS

PLAN_CHECKS: tuple[Check[Case], ...] = (
    *RULE_CHECKS,
    *MONEY,
    *SERVICE,
    *THRIFT,
    *VALUE,
    *YEARS,
    *TOLD,
    *LAYERS,
    *COLUMNS,
    *SHAPES,
    *OTHERS,
)
"""Checks of a plan; those of how it was proven are made without one too."""

WHOLE: tuple[Check[Files], ...] = (*FILES, *MADE, *MAPS)
"""Checks of the files that belong to no single programme."""

Listener = Callable[[Event], None]


@dataclass(frozen=True)
class Report:
    """What was verified: the study's name and every verdict.

    `stopped`: inputs have changed, and no more was looked at.
    """

    study: str
    verdicts: tuple[Verdict, ...]
    stopped: bool = False
    never: tuple[Text, ...] = ()
    """What no check can know."""

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts that fail."""
        return tuple(v for v in self.verdicts if v.status == "fails")


def verify_result(
    folder: Path,
    *,
    study: Path | None = None,
    programmes: Sequence[str] = (),
    despite_changes: bool = False,
    on_event: Listener | None = None,
) -> Report:
    """Recompute everything that a result directory claims from its inputs.

    `study` names the study where it is not where the result says. StoreError where the folder is no result, StudyError
    where the study or a layer of it is missing or has faults. Changed inputs end it, unless `despite_changes`.
    """
    listen = on_event or (lambda _event: None)
    document = _sound(folder)
    path = study_path(folder, document, study)
    inputs = Inputs(document, path.parent, partial(says_the_same, document, path))
    refuse_missing(inputs)
    verdicts = examine("", inputs, [no_input_has_changed])
    if any(v.status == "fails" for v in verdicts) and not despite_changes:
        return Report(document["study"], tuple(verdicts), stopped=True)
    file = read_study(path, document["overrides"])
    names = [name for name in document["programmes"] if name in {*file.study.programmes, *file.study.portfolio}]
    listen(Event("", "layers", say("reading the layers"), None))
    instance = load_instance(file, names)
    files = Files(folder, document, read_layers(folder))
    verdicts += examine("", (files, instance), ABOUT)
    verdicts += examine("", (inputs, instance.inputs), [every_file_of_an_input_is_recorded])
    verdicts += examine("", (files, instance), JOINS)
    verdicts += examine("", files, WHOLE)
    cases = cases_of(files, instance, listen)
    wanted = [name for name in document["programmes"] if not programmes or _asked(name, programmes)]
    for name in wanted:
        verdicts += _verdicts_of(name, files, instance, cases, listen)
    return Report(document["study"], tuple(verdicts), never=(say("seconds"),))


def _asked(name: str, programmes: Sequence[str]) -> bool:
    return name in programmes or name.split(".")[0] in programmes


def _sound(folder: Path) -> dict[str, Any]:
    """result.json with all that is needed to begin; StoreError where something is not there."""
    document = read_document(folder)
    missing = [key for key in ("study", "inputs", "overrides", "programmes") if key not in document]
    if missing:
        raise StoreError(
            say(
                "{folder}/result.json   has no {missing}; it was not written by siting",
                folder=folder,
                missing=Listed(missing),
            )
        )
    return document


def study_path(folder: Path, document: Mapping[str, Any], given: Path | None) -> Path:
    """The study file: the one that is given, or where the result says; StudyError where there is none."""
    told = document.get("study_path")
    if given is None and told is None:
        raise StudyError(say("{folder}   does not say where its study is; name it: --study STUDY.toml", folder=folder))
    path = given if given is not None else folder / str(told)
    path = path / "study.toml" if path.is_dir() else path
    if not path.is_file():
        remedy = say("check the path") if given is not None else say("it was moved; name it: --study STUDY.toml")
        raise StudyError(say("{path}   does not exist; {remedy}", path=path, remedy=remedy))
    return path


def cases_of(files: Files, instance: Instance, listen: Listener) -> dict[str, Case]:
    """Name -> case of every programme of the result, also of those in portfolios."""
    travel = _travel(instance.file, instance, listen)
    found: dict[str, Case] = {}
    for name, entry in files.programmes.items():
        inputs = inputs_of(instance, name)
        if inputs is None or name in instance.file.study.portfolio:
            continue
        member = name not in instance.programmes
        asked = files.document.get("asked", {})
        gap = asked.get("gap", setting(inputs.programme, instance.file.study, "gap"))
        known = MODELS.get(inputs.programme.model)
        case = Case(name, entry, files.layers_of(name), inputs, travel, gap, member, asked, known)
        if member:
            case.memory["figures"] = MEMBER_FIGURES
        found[name] = case
    return found


def _travel(file: StudyFile, instance: Instance, listen: Listener) -> Travel:
    if file.study.travel.matrix is not None:
        return Travel(file, None)
    source = travel_source(file, instance.crs, lambda text, share: listen(Event("", "network", text, share)), anew=True)
    return Travel(file, source if isinstance(source, Roads) else None)


def _verdicts_of(
    name: str, files: Files, instance: Instance, cases: Mapping[str, Case], listen: Listener
) -> list[Verdict]:
    study = instance.file.study
    if name in study.portfolio:
        section = study.portfolio[name]
        members = {m: cases[f"{name}.{m}"] for m in section.programmes if f"{name}.{m}" in cases}
        asked = files.document.get("asked", {}).get("gap")
        gap = setting(section, study, "gap") if asked is None else asked
        joint = Joint(name, files.programmes[name], section, members, gap)
        unknown = [*unknown_in(section, f"portfolio.{name}"), *(key for m in members.values() for key in unknown_of(m))]
        return only_what_is_known(examine(name, joint, (*JOINT, *JOINTLY)), unknown)
    if name not in cases:
        return []
    case = cases[name]
    listen(Event(name, "verify", say("recomputing"), None))
    verdicts = examine(name, case, (*KNOWN, *PROOF, *TELLING, *(_of_a_plan(case) if case.has_plan else ())))
    if case.has_plan:
        listen(Event(name, "verify", say("looking for a better plan than the bound allows"), None))
        verdicts += examine(name, case, BOUND)
    return only_what_is_known(verdicts, unknown_of(case))


def _of_a_plan(case: Case) -> tuple[Check[Case], ...]:
    """The checks of a plan, those of its model's own with them."""
    return PLAN_CHECKS if case.known is None else (*PLAN_CHECKS, *case.known.checks)
