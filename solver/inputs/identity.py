"""The identity of an input: every file that is opened for it, and the hash of each.

A layer is seldom one file: a Shapefile is read with the tables beside it, a file geodatabase is a folder, a virtual
layer reads what it names, and what was written to a GeoPackage last may still lie in the log beside it.
"""

import hashlib
import json
import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

from solver.study.read import sha256_of

BESIDE: dict[str, tuple[str, ...]] = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg", ".cst", ".qix", ".sbn", ".sbx", ".idm", ".ind"),
    ".shx": (".shp", ".dbf", ".prj", ".cpg", ".cst"),
    ".dbf": (".shp", ".shx", ".prj", ".cpg", ".cst"),
    ".tab": (".dat", ".map", ".id", ".ind", ".dbf"),
    ".mif": (".mid",),
    ".gml": (".xsd", ".gfs"),
    ".xml": (".xsd", ".gfs"),
}
"""Ending -> endings of the files that are opened with it, of the same name."""
BESIDE_A_TABLE = (".csvt", ".prj")
"""What a virtual layer opens with a CSV; a study that names the CSV itself reads it alone."""
LOGS = ("-wal", "-journal")
"""What SQLite may have put beside a database and not into it yet."""
DATABASES = (".gpkg", ".sqlite", ".db")
PASSING = (".lock",)
"""Endings of files that say who has a folder open, and nothing of what is in it."""
LOOKED_AT = 4096
"""A virtual layer is known by its first bytes."""


def files_of(path: Path) -> tuple[Path, ...]:
    """Every file that is there and is opened for an input, itself first; none where there is nothing of its name."""
    found: dict[Path, None] = {}
    _collect(path, found, named_by_layer=False)
    return tuple(found)


def identity_of(path: Path) -> str:
    """One hash over the names and contents of every file that is opened for an input."""
    state = hashlib.sha256()
    for file in files_of(path):
        state.update(f"{os.path.relpath(file, path.parent)}\0{sha256_of(file)}\n".encode())
    return state.hexdigest()


def hashes_of(names: Iterable[str], folder: Path) -> dict[str, str]:
    """Name -> sha256 of every file that is opened for the inputs that a study in `folder` names.

    A file that an input brings along is named as the input is: `town.dbf` beside `town.shp`, `town.gdb/a1.gdbtable`.
    """
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        start = folder / name
        for file in files_of(start):
            told = name if file == start else _named(file, start, name, folder)
            if told not in found:
                found[told] = sha256_of(file)
    return found


def changed(told: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Names of the files of an input whose content is another than a result tells, that came, or that went.

    A result of an earlier version tells of a layer's own file only: what is beside that cannot be compared.
    """
    other = [name for name, sha in told.items() if now.get(name) != sha]
    return other + [name for name in now if name not in told and _was_looked_for(Path(name), told)]


def _was_looked_for(name: Path, told: Mapping[str, str]) -> bool:
    """Whether a file that is not told of would have been, had it been there."""
    if name.name.endswith(LOGS):
        return True
    alike = [other for other in map(Path, told) if other.parent == name.parent]
    return (name.parent.suffix.lower() == ".gdb" and bool(alike)) or sum(o.stem == name.stem for o in alike) > 1


def _named(file: Path, start: Path, name: str, folder: Path) -> str:
    """The name of a file that comes with an input, written as the study would name it."""
    if Path(name).is_absolute():
        return str(file)
    try:
        return (Path(name).parent / file.relative_to(start.parent)).as_posix()
    except ValueError:  # a virtual layer may name files anywhere
        return Path(os.path.relpath(file, folder)).as_posix()


def _collect(path: Path, found: dict[Path, None], *, named_by_layer: bool) -> None:
    """Add the files of one input to those found; what is there already is not looked at again."""
    if path in found:
        return
    if _is_dir(path):
        for file in sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() not in PASSING):
            found.setdefault(file)
        return
    if not _is_file(path):
        return
    found[path] = None
    for file in _beside(path, named_by_layer):
        found.setdefault(file)
    for source in _sources(path):
        _collect(source, found, named_by_layer=True)


def _beside(path: Path, named_by_layer: bool) -> Iterator[Path]:
    suffix = path.suffix.lower()
    wanted = BESIDE.get(suffix, ())
    if named_by_layer and suffix in (".csv", ".tsv"):
        wanted = BESIDE_A_TABLE
    if suffix in DATABASES:
        logs = (path.with_name(path.name + log) for log in LOGS)
        yield from (log for log in logs if _is_file(log) and log.stat().st_size)
    if wanted:
        alike = (p for p in path.parent.iterdir() if p.stem == path.stem and p != path)
        yield from sorted(p for p in alike if p.suffix.lower() in wanted and p.is_file())


def _sources(path: Path) -> list[Path]:
    """The files that a virtual layer names, whether they are there or not."""
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    try:
        if b"<OGRVRTDataSource" in head:
            return list(_of_virtual(path))
        if b"gdal_streamed_alg" in head:
            return list(_of_pipeline(path))
    except (ElementTree.ParseError, ValueError, OSError):  # reading it will say what is wrong with it
        pass
    return []


def _of_virtual(path: Path) -> Iterator[Path]:
    for node in ElementTree.parse(path).iter():
        if node.tag in ("SrcDataSource", "SourceFilename") and node.text and node.text.strip():
            name = node.text.strip()
            relative = {k.lower(): v for k, v in node.attrib.items()}.get("relativetovrt") in ("1", "true", "yes")
            yield path.parent / name if relative else Path(name)


def _of_pipeline(path: Path) -> Iterator[Path]:
    """Words of the command that are files, seen from its own folder or from where siting runs."""
    said = json.loads(path.read_text(encoding="utf-8"))
    for word in shlex.split(str(said.get("command_line", ""))):
        name = word.partition("=")[2] if word.startswith("--") else word
        for file in dict.fromkeys((path.parent / name, Path(name))):
            if name and (_is_file(file) or file.suffix.lower() == ".gdb"):
                yield file


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no disk can keep
        return False


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
