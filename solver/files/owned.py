"""What siting wrote: a record beside the files, and a mark in each layer of a GeoPackage.

`.siting-files.json` in a folder names every file that siting wrote there, what wrote it, and the hash of its content.
A file is siting's own while its content is as it was written: one that somebody changed is theirs. A folder that is
copied or moved as a whole brings its record along; a file that is copied alone is its owner's, and is safe. GeoPackages
may hold layers of several people, so each layer of siting's bears the hash of its rows as its description.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

RECORD = ".siting-files.json"
SQLITE = b"SQLite format 3\0"
VOLATILE = ((18, 20), (24, 28), (92, 100))
"""Bytes of a database's head that programs change which only look at it."""
KEPT = 2
"""So many hashes of a file are remembered: what is written and what it replaces, for a kill between the two."""


@dataclass(frozen=True)
class Owned:
    """What wrote a file, such as `run` or `export`, and the hashes of its content, the newest first."""

    by: str
    hashes: tuple[str, ...]


def fingerprint(path: Path) -> str:
    """`sha256:...` of a file's content; of a database without what reading it changes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        head = bytearray(file.read(100))
        if head.startswith(SQLITE):
            for begin, end in VOLATILE:
                head[begin:end] = bytes(end - begin)
        digest.update(head)
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"


def record_of(folder: Path) -> dict[str, Owned]:
    """Name -> what siting knows of the file of its own in a folder; nothing where no record is."""
    try:
        told = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {str(name): Owned(str(one["by"]), tuple(map(str, one["hashes"]))) for name, one in told["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def owner_of(path: Path) -> str | None:
    """What of siting wrote a file that is still as it was written; None where it is somebody's own."""
    entry = record_of(path.parent).get(path.name)
    return entry.by if entry is not None and _is_as_written(path, entry) else None


def was_changed(path: Path) -> bool:
    """Whether siting wrote a file that is another now."""
    entry = record_of(path.parent).get(path.name)
    return entry is not None and path.is_file() and not _is_as_written(path, entry)


def _is_as_written(path: Path, entry: Owned) -> bool:
    try:
        return fingerprint(path) in entry.hashes
    except OSError:
        return False


def note(folder: Path, files: Mapping[str, Path], by: str) -> None:
    """Remember files of a folder as siting's own, by name, with the content that they have or are about to have."""
    before = record_of(folder)
    hashes = {name: fingerprint(path) for name, path in files.items()}
    new = {n: Owned(by, tuple(dict.fromkeys((h, *_older(before.get(n)))))[:KEPT]) for n, h in hashes.items()}
    write_record(folder, before | new)


def _older(entry: Owned | None) -> tuple[str, ...]:
    return () if entry is None else entry.hashes


def write_record(folder: Path, files: Mapping[str, Owned]) -> None:
    """Write the record of a folder, whole or not at all."""
    told: dict[str, Any] = {
        "about": "files that siting wrote here; it replaces a file of another content only with --overwrite",
        "files": {name: {"by": one.by, "hashes": list(one.hashes)} for name, one in sorted(files.items())},
    }
    draft = folder / f"{RECORD}.{uuid4().hex[:8]}"
    try:
        draft.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(folder / RECORD)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
