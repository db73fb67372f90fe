"""The inputs of a result: nothing that was opened for them has changed, came, or went."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from models.messages import Message, say
from solver.errors import StudyError
from solver.findings import named
from solver.verify.verdict import Unchecked

FAMILIES = (
    ("shp", "shx", "dbf", "prj", "cpg", "cst", "qix", "sbn", "sbx", "idm", "ind"),
    ("tab", "dat", "map", "id", "ind"),
    ("mif", "mid"),
    ("gml", "xsd", "gfs"),
)
"""Endings of files that are one layer together, the one that is named first."""
LOG = re.compile(r"\.(gpkg|sqlite|db)-(wal|journal)$", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a result was computed from, as it says, and the folder of the study as it is found now."""

    document: Mapping[str, Any]
    folder: Path
    same: Callable[[], Collection[str]] = tuple
    """Names of files of the study that say the same as they did, whatever else in them has changed."""

    @property
    def told(self) -> Mapping[str, str]:
        """Name -> sha256 as the result tells it."""
        told: Mapping[str, str] = self.document["inputs"]
        return told


def refuse_missing(inputs: Inputs) -> None:
    """StudyError where an input is not there any more; a part of one that went is a change of it."""
    gone = [name for name in inputs.told if not (inputs.folder / name).exists() and not _is_part(name, inputs.folder)]
    if gone:
        raise StudyError(
            say("{folder}: inputs of the result are missing", folder=inputs.folder),
            *(say("  {name}   is not there any more; bring it back, or name the study: --study", name=n) for n in gone),
        )


def no_input_has_changed(inputs: Inputs) -> list[Message]:
    """The sha256 of every file that the result was computed from, and no file with them that was not there then.

    A study file may change in what is not of the result, such as a programme that is added.
    """
    found, same = [], None
    for name, told in inputs.told.items():
        path = inputs.folder / name
        if not path.is_file():
            found.append(say("{name} is not there any more", name=name))
        elif _sha256(path) != told:
            same = inputs.same() if same is None else same
            found += [] if name in same else [say("{name} has changed since the result was computed", name=name)]
    came = {other for name in inputs.told for other in _opened_with(name, inputs.folder) if _came(other, inputs.told)}
    return found + [say("{name} was not there when the result was computed", name=name) for name in sorted(came)]


def every_file_of_an_input_is_recorded(both: tuple[Inputs, Iterable[str]]) -> list[Message] | None:
    """Layers of several files are known by all of them; what earlier versions did not record cannot be compared."""
    inputs, read = both
    parts = [name for name in read if _is_part(name, inputs.folder)]
    if not parts:
        return None
    lacking = [name for name in parts if name not in inputs.told]
    if lacking:
        raise Unchecked(say("the result does not say what was in {files}", files=named(lacking)))
    return []


def are_parts(names: Iterable[str], folder: Path) -> set[str]:
    """Those of some names that are parts of an input, such as the table of a Shapefile."""
    return {name for name in names if _is_part(name, folder)}


def _is_part(name: str, folder: Path) -> bool:
    """Whether a file belongs to an input that is there under another name."""
    path = folder / name
    if LOG.search(name):
        return path.with_name(LOG.sub(r".\1", path.name)).is_file()
    if any(above.suffix.lower() == ".gdb" and above.is_dir() for above in path.parents):
        return True
    ending = path.suffix[1:].lower()
    heads = [first for first, *others in FAMILIES if ending in others]
    return any(path.with_suffix(f".{case}").is_file() for head in heads for case in (head, head.upper()))


def _opened_with(name: str, folder: Path) -> set[str]:
    """Names of the files that are there now and are opened with one that is told of."""
    path, base = folder / name, PurePosixPath(name)
    if not path.parent.is_dir():
        return set()
    ending = path.suffix[1:].lower()
    family = next((f for f in FAMILIES if ending == f[0]), ())
    found = {
        (base.parent / other.name).as_posix()
        for other in path.parent.iterdir()
        if (other.stem == path.stem and other.suffix[1:].lower() in family and other.is_file())
        or (LOG.search(other.name) and other.name.startswith(f"{path.name}-") and other.stat().st_size)
    }
    if base.parent.suffix.lower() == ".gdb":
        inside = (other for other in path.parent.iterdir() if other.is_file() and other.suffix.lower() != ".lock")
        found |= {(base.parent / other.name).as_posix() for other in inside}
    return found - {name}


def _came(name: str, told: Mapping[str, str]) -> bool:
    """Whether a file that the result does not tell of would have been told of, had it been there."""
    if name in told:
        return False
    path = PurePosixPath(name)
    if LOG.search(name) or path.parent.suffix.lower() == ".gdb":
        return True
    return sum(PurePosixPath(other).with_suffix("") == path.with_suffix("") for other in told) > 1


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
