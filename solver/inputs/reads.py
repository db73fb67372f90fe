"""Everything that a command reads by a path it is given: a study with its layers, a result, a sweep, a layer."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from solver.files.owned import record_of
from solver.inputs.identity import files_of

RESULT, SWEEP, STUDY = "result.json", "sweep.json", "study.toml"


def files_read(path: Path) -> frozenset[Path]:
    """Files that are read where a command is given `path`: the file or folder and all that it leads to.

    A study leads to every file that a text of it names; a result to its own files, its study and that study's inputs;
    a layer to the files beside it. What cannot be read leads nowhere: the command will say so.
    """
    found: set[Path] = set()
    _collect(path, found, set())
    return frozenset(found)


def _collect(path: Path, found: set[Path], seen: set[Path]) -> None:
    try:
        place = path.resolve()
        if place in seen:
            return
        seen.add(place)
        if path.is_dir():
            _of_folder(path, found, seen)
        elif path.is_file():
            found.update(files_of(path))
            if path.suffix.lower() == ".toml":
                for named in named_in(_toml(path), path.parent):
                    _collect(named, found, seen)
    except (OSError, ValueError):  # names that no disk can keep, folders that nobody may read
        return


def _of_folder(folder: Path, found: set[Path], seen: set[Path]) -> None:
    if (folder / RESULT).is_file():
        found.update(folder / name for name, one in record_of(folder).items() if one.by in ("run", "report"))
        found.update(p for p in folder.iterdir() if p.name in RESULT_FILES or p.match("map-*.png"))
        for one in _inputs_of(folder):
            _collect(one, found, seen)
    elif (folder / SWEEP).is_file():
        found.update(p for p in folder.iterdir() if p.is_file())
        for run in sorted((folder / "runs").glob("*")):
            _collect(run, found, seen)
    elif (folder / STUDY).is_file():
        _collect(folder / STUDY, found, seen)
    elif folder.suffix.lower() == ".gdb":
        found.update(files_of(folder))


RESULT_FILES = (RESULT, "plan.gpkg", "plan.qgz", "sites.csv", "summary.csv", "report.html")
"""What a result directory holds beside its maps."""


def _inputs_of(folder: Path) -> Iterator[Path]:
    """The study of a result, and the inputs that the result names."""
    try:
        document = json.loads((folder / RESULT).read_text(encoding="utf-8"))
        way, inputs = document.get("study_path"), document.get("inputs")
    except (OSError, ValueError, AttributeError):
        return
    if isinstance(way, str):
        study = folder / way
        yield study
        for name in inputs if isinstance(inputs, dict) else ():
            yield study.parent / str(name)


def named_in(raw: Any, folder: Path) -> Iterator[Path]:
    """Every file that a text of a study names, seen from its folder."""
    left: list[Any] = [raw]
    while left:
        node = left.pop()
        if isinstance(node, Mapping):
            left += node.values()
        elif isinstance(node, list):
            left += node
        elif isinstance(node, str) and node and "\0" not in node:
            place = folder / node
            if place.suffix.lower() == ".gdb" or _is_file(place):
                yield place


def _toml(path: Path) -> Any:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a text too long for a name
        return False
