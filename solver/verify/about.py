"""What a result says of the study, of its roads and of what it was computed by."""

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from models.messages import Listed, Message, say
from solver.errors import StudyError
from solver.export.folder import under_plan
from solver.inputs.instance import Instance, ProgrammeInputs
from solver.network.store import attribution_of, read_edges
from solver.study.joint import PortfolioSection
from solver.study.options import general_settings, settings_of
from solver.study.read import StudyFile, read_study, setting
from solver.study.schema import Programme
from solver.study.warnings import warnings_of
from solver.verify.figures import unlike
from solver.verify.files import ROADS, Files
from solver.verify.inputs import are_parts
from solver.verify.made import made_of
from solver.verify.verdict import Check, Unchecked, apart, shown
from solver.versions import versions
from solver.words.currency import currency_of

Both = tuple[Files, Instance]
"""A result and the study that it is of."""
LIBRARY = {"highs": "highspy", "cp-sat": "ortools", "scip": "ortools", "pulp:": "pulp"}
"""How the name of an engine begins -> the library whose version is its own."""
VERSION = re.compile(r"\d+(\.\w+)+([+-.][\w.]+)?")
NEAR_M = 1e-6


def the_result_is_of_this_study(both: Both) -> list[Message]:
    """Name, titles, notes, system, models and settings are the study's, and every file that it names is recorded."""
    files, instance = both
    document = files.document
    found = unlike_the_study(document, instance.file)
    if "warnings" in document:
        right = [each.as_json() for each in warnings_of(instance.file.study, instance.programmes)]
        found += unlike("warnings", document["warnings"], right)
    found += apart("crs", document.get("crs"), None if instance.crs is None else instance.crs.to_string())
    bases = {path.name for path in instance.file.bases}  # what they say is compared
    untold = [name for name in instance.inputs if name not in document["inputs"] and name not in bases]
    parts = are_parts(untold, instance.file.folder)
    return found + [say("{name} is read and not recorded", name=name) for name in untold if name not in parts]


def unlike_the_study(document: Mapping[str, Any], file: StudyFile) -> list[Message]:
    """Where a result's name, titles, notes, models and settings are not those of a study."""
    about = file.study.study
    found = apart("study", document["study"], about.name)
    for key in ("title", "title_zh", "note", "note_zh"):
        found += apart(key, document.get(key, ""), getattr(about, key))
    found += unlike("currency", asdict(currency_of(document)), asdict(about.money))
    found += apart("attribution", document.get("attribution", ""), _attribution(file))
    if "settings" in document:
        found += unlike("settings", document["settings"], general_settings(file.study))
    for name, entry in document["programmes"].items():
        found += _entry_faults(name, entry, file)
    return found


def _entry_faults(name: str, entry: Mapping[str, Any], file: StudyFile) -> list[Message]:
    """Model, titles and settings of a programme or portfolio, or of a programme in a portfolio."""
    section = section_of(file, name)
    if section is None:
        return [say("{name} is no programme of the study", name=name)]
    found = apart(say("model of {name}", name=name), entry["model"], getattr(section, "model", "portfolio"))
    found += apart(say("title of {name}", name=name), entry["title"], section.title)
    found += apart(say("title_zh of {name}", name=name), entry["title_zh"], section.title_zh)
    return found + (
        unlike(say("settings of {name}", name=name), entry["settings"], settings_of(section))
        if "settings" in entry
        else []
    )


def says_the_same(document: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """Names of files of the study that have changed in nothing of what the result is made from; none where they have.

    A programme that is added, another's settings, a remark: results of the others stay what they are.
    """
    told = [document.get("settings"), *(entry.get("settings") for entry in document["programmes"].values())]
    if not all(told):
        return ()  # earlier versions did not tell what was asked
    try:
        file = read_study(path, document["overrides"])
    except StudyError:
        return ()
    if unlike_the_study(document, file):
        return ()
    return tuple(Path(os.path.relpath(part, file.folder)).as_posix() for part in (file.path, *file.bases))


def _attribution(file: StudyFile) -> str:
    """Whose data are shown: as the study says, else as its roads say."""
    said, network = file.study.study.attribution, file.study.network
    if said or network is None or file.study.travel.matrix is not None:
        return said
    return attribution_of(file.resolve(network.file), network.layer)


def roads_under_the_plan_are_the_studys(both: Both) -> list[Message] | None:
    """The layer of roads in plan.gpkg: every line of it, from the study's road layer."""
    files, instance = both
    network = instance.file.study.network
    if ROADS not in files.layers or network is None:
        return (
            [say("there is a layer {roads}, and the study has no roads", roads=ROADS)]
            if ROADS in files.layers
            else None
        )
    right = under_plan(made_of(files).result, read_edges(instance.file.resolve(network.file), layer=network.layer))
    told = files.layers[ROADS]
    found = apart(say("rows of the layer {roads}", roads=ROADS), len(told), 0 if right is None else len(right))
    if found or right is None:
        return found
    if not isinstance(told, gpd.GeoDataFrame) or "road_class" not in told:
        return [say("the layer {roads} has no lines, or no classes", roads=ROADS)]
    same_class = told["road_class"].to_numpy() == right["road_class"].to_numpy()
    same_line = shapely.equals_exact(told.geometry.to_numpy(), right.geometry.to_numpy(), NEAR_M)
    return [
        say(
            "line {n} of the layer {roads} ({road_class}) is not as in the study",
            n=i + 1,
            roads=ROADS,
            road_class=right["road_class"].iloc[i],
        )
        for i in np.flatnonzero(~(same_class & same_line)).tolist()
    ]


def every_engine_is_the_one_that_was_asked(both: Both) -> list[Message]:
    """The engine of every programme, and that its version is the one that `versions` tells."""
    files, instance = both
    study, found = instance.file.study, []
    asked = files.document.get("asked", {}).get("engine")
    told = files.document["versions"]
    unknown = []
    for name, entry in files.programmes.items():
        section = study.portfolio.get(name.split(".")[0]) or section_of(instance.file, name)
        engine, version = _engine_and_version(entry["engine"])
        if section is not None:
            found += apart(say("engine of {name}", name=name), engine, asked or setting(section, study, "engine"))
        library = next((lib for begin, lib in LIBRARY.items() if engine.startswith(begin)), None)
        if library is None or library not in told:
            unknown.append(say("the version of {engine} ({version})", engine=engine, version=version))
        elif version.split(" ")[0] != told[library]:
            found += apart(say("version of {engine} of {name}", engine=engine, name=name), version, told[library])
    if unknown and not found:
        raise Unchecked(say("only the run knows {what}", what=Listed(tuple(dict.fromkeys(unknown)))))
    return found


def _engine_and_version(told: str) -> tuple[str, str]:
    """What an entry says of its engine: also where the bound of the relaxation left it nothing to do."""
    idle = re.fullmatch(r"highs \(bound\), (\S+) not needed (.*)", told)
    engine, version = idle.groups() if idle else told.split(" ", 1) if " " in told else (told, "")
    return engine, version


def versions_are_those_at_hand(both: Both) -> list[Message]:
    """What the result was computed by is installed here; else only the run knows it."""
    told, here = both[0].document["versions"], versions()
    found = [
        say("versions.{name} is {text}, which is no version", name=name, text=text)
        for name, text in told.items()
        if not VERSION.match(text)
    ]
    found += [] if "siting" in told else [say("versions does not name siting")]
    if found:
        return found
    differ = [
        say(
            "{name}: the result says {told}, here it is {here}",
            name=name,
            told=shown(told.get(name)),
            here=shown(here.get(name)),
        )
        for name in dict.fromkeys([*told, *here])
        if told.get(name) != here.get(name)
    ]
    if differ:
        raise Unchecked(
            say(
                "what it was computed by is not what is here, so that only the run knows it: {differ}",
                differ=Listed(tuple(differ), by="semicolon"),
            )
        )
    return []


def section_of(file: StudyFile, name: str) -> Programme | PortfolioSection | None:
    """The section behind an entry of a result; None where the study has none.

    A programme of a portfolio has no budget of its own there, unless it keeps it.
    """
    study = file.study
    if name in study.portfolio or name in study.programmes:
        return study.portfolio.get(name) or study.programmes[name]
    portfolio = next((p for p in study.portfolio if name.startswith(f"{p}.")), None)
    member = name.removeprefix(f"{portfolio}.")
    if portfolio is None or member not in study.programmes or member not in study.portfolio[portfolio].programmes:
        return None
    if study.portfolio[portfolio].programmes[member].keep_budget:
        return study.programmes[member]
    return study.programmes[member].model_copy(update={"budget": None})


def inputs_of(instance: Instance, name: str) -> ProgrammeInputs | None:
    """The inputs of a programme of the result, under the section that holds for it."""
    inputs, section = instance.inputs_of(name), section_of(instance.file, name)
    return replace(inputs, programme=section) if inputs is not None and isinstance(section, Programme) else None


ABOUT: tuple[Check[Both], ...] = (
    the_result_is_of_this_study,
    roads_under_the_plan_are_the_studys,
    every_engine_is_the_one_that_was_asked,
    versions_are_those_at_hand,
)
