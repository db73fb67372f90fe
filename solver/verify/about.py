"""What a result says of the study, of its roads and of what it was computed by."""

import re
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from solver.instance import Instance, ProgrammeInputs
from solver.network.store import attribution_of, read_edges
from solver.store import under_plan
from solver.study.read import StudyFile, setting
from solver.study.settings import general_settings, settings_of
from solver.verify.figures import unlike
from solver.verify.files import ROADS, Files
from solver.verify.inputs import are_parts
from solver.verify.made import made_of
from solver.verify.verdict import Check, Unchecked, apart, shown
from solver.versions import versions

Both = tuple[Files, Instance]
"""A result and the study that it is of."""
LIBRARY = {"highs": "highspy", "cp-sat": "ortools", "scip": "ortools", "pulp:": "pulp"}
"""How the name of an engine begins -> the library whose version is its own."""
VERSION = re.compile(r"\d+(\.\w+)+([+-.][\w.]+)?")
NEAR_M = 1e-6


def the_result_is_of_this_study(both: Both) -> list[str]:
    """Name, titles, notes, system, models and settings are the study's, and every file that it names is recorded."""
    files, instance = both
    document, study = files.document, instance.file.study
    found = apart("study", document["study"], study.study.name)
    for key in ("title", "title_zh", "note", "note_zh"):
        found += apart(key, document.get(key, ""), getattr(study.study, key))
    found += apart("attribution", document.get("attribution", ""), _attribution(instance.file))
    found += apart("crs", document.get("crs"), None if instance.crs is None else instance.crs.to_string())
    untold = [name for name in instance.inputs if name not in document["inputs"]]
    parts = are_parts(untold, instance.file.folder)
    found += [f"{name} is read and not recorded" for name in untold if name not in parts]
    if "settings" in document:
        found += unlike("settings", document["settings"], general_settings(study))
    for name, entry in files.programmes.items():
        found += _entry_faults(name, entry, instance)
    return found


def _entry_faults(name: str, entry: dict[str, Any], instance: Instance) -> list[str]:
    """Model, titles and settings of a programme or portfolio, or of a programme in a portfolio."""
    study = instance.file.study
    inputs = inputs_of(instance, name)
    model = "portfolio" if name in study.portfolio else None if inputs is None else inputs.programme.model
    found = [f"{name} is no programme of the study"] if model is None else []
    found += apart(f"model of {name}", entry["model"], model)
    section = study.portfolio.get(name) or section_of(instance, name)
    if section is not None:
        found += apart(f"title of {name}", entry["title"], section.title)
        found += apart(f"title_zh of {name}", entry["title_zh"], section.title_zh)
        if "settings" in entry:
            found += unlike(f"settings of {name}", entry["settings"], settings_of(section))
    return found


def _attribution(file: StudyFile) -> str:
    """Whose data are shown: as the study says, else as its roads say."""
    said, network = file.study.study.attribution, file.study.network
    if said or network is None or file.study.travel.matrix is not None:
        return said
    return attribution_of(file.resolve(network.file), network.layer)


def roads_under_the_plan_are_the_studys(both: Both) -> list[str] | None:
    """The layer of roads in plan.gpkg: every line of it, from the study's road layer."""
    files, instance = both
    network = instance.file.study.network
    if ROADS not in files.layers or network is None:
        return [f"there is a layer {ROADS}, and the study has no roads"] if ROADS in files.layers else None
    right = under_plan(made_of(files).result, read_edges(instance.file.resolve(network.file), layer=network.layer))
    told = files.layers[ROADS]
    found = apart(f"rows of the layer {ROADS}", len(told), 0 if right is None else len(right))
    if found or right is None:
        return found
    if not isinstance(told, gpd.GeoDataFrame) or "road_class" not in told:
        return [f"the layer {ROADS} has no lines, or no classes"]
    same_class = told["road_class"].to_numpy() == right["road_class"].to_numpy()
    same_line = shapely.equals_exact(told.geometry.to_numpy(), right.geometry.to_numpy(), NEAR_M)
    return [
        f"line {i + 1} of the layer {ROADS} ({right['road_class'].iloc[i]}) is not as in the study"
        for i in np.flatnonzero(~(same_class & same_line)).tolist()
    ]


def every_engine_is_the_one_that_was_asked(both: Both) -> list[str]:
    """The engine of every programme, and that its version is the one that `versions` tells."""
    files, instance = both
    study, found = instance.file.study, []
    asked = files.document.get("asked", {}).get("engine")
    told = files.document["versions"]
    unknown = []
    for name, entry in files.programmes.items():
        section = study.portfolio.get(name.split(".")[0]) or section_of(instance, name)
        engine, _, version = entry["engine"].partition(" ")
        if section is not None:
            found += apart(f"engine of {name}", engine, asked or setting(section, study, "engine"))
        library = next((lib for begin, lib in LIBRARY.items() if engine.startswith(begin)), None)
        if library is None or library not in told:
            unknown.append(f"the version of {engine} ({version})")
        elif version.split(" ")[0] != told[library]:
            found += apart(f"version of {engine} of {name}", version, told[library])
    if unknown and not found:
        raise Unchecked(f"only the run knows {', '.join(dict.fromkeys(unknown))}")
    return found


def versions_are_those_at_hand(both: Both) -> list[str]:
    """What the result was computed by is installed here; else only the run knows it."""
    told, here = both[0].document["versions"], versions()
    found = [
        f"versions.{name} is {text}, which is no version" for name, text in told.items() if not VERSION.match(text)
    ]
    found += [] if "siting" in told else ["versions does not name siting"]
    if found:
        return found
    differ = [
        f"{name}: the result says {shown(told.get(name))}, here it is {shown(here.get(name))}"
        for name in dict.fromkeys([*told, *here])
        if told.get(name) != here.get(name)
    ]
    if differ:
        raise Unchecked(
            f"what it was computed by is not what is here, so that only the run knows it: {'; '.join(differ)}"
        )
    return []


def section_of(instance: Instance, name: str) -> Any:
    """The section of a programme, also of one in a portfolio; None where the study has none."""
    inputs = inputs_of(instance, name)
    return None if inputs is None else inputs.programme


def inputs_of(instance: Instance, name: str) -> ProgrammeInputs | None:
    """The inputs of an entry of the result; in a portfolio without a budget of its own, unless it keeps it."""
    inputs = instance.inputs_of(name)
    if inputs is None or name in instance.programmes:
        return inputs
    portfolio = next(p for p in instance.portfolios if name.startswith(f"{p}."))
    section = instance.file.study.portfolio[portfolio].programmes[name.removeprefix(f"{portfolio}.")]
    if section.keep_budget:
        return inputs
    return replace(inputs, programme=inputs.programme.model_copy(update={"budget_cny": None}))


ABOUT: tuple[Check[Both], ...] = (
    the_result_is_of_this_study,
    roads_under_the_plan_are_the_studys,
    every_engine_is_the_one_that_was_asked,
    versions_are_those_at_hand,
)
