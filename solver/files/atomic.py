"""Files and folders that are written whole or not at all, and places that are tried before long work begins."""

import errno
import os
import shutil
import sqlite3
import textwrap
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from models.messages import say
from solver.errors import StoreError
from solver.files.geopackage import all_rows, compact, copied, is_geopackage, mark, siting_layers
from solver.files.owned import note
from solver.files.parsed import require_parsed
from solver.files.protect import Guard
from solver.files.system import of_system

STALE_S = 24 * 3600.0
"""A draft that is older was left by a process that was killed."""
FULL = (errno.ENOSPC, errno.EDQUOT)
TRIED_BYTES = 1 << 10
"""Where not even so much can be written, nothing can."""


@contextmanager
def whole(path: Path, guard: Guard | None = None) -> Iterator[Path]:
    """A path of the same name in a folder of its own; its files move to their place when all of them are written.

    With a `guard` nothing that is read and nothing of other people is replaced, and what is written is remembered as
    siting's own. A GeoPackage that is there already is the draft to begin with: its other layers stay as they are.
    Without one the place is the caller's own.
    """
    require_writable(path)
    if guard is not None:
        guard.require(path)
        path = Path(os.path.realpath(path))
    with failing_plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".export-", dir=path.parent) as folder, failing_plainly(path):
            draft = Path(folder) / path.name
            layers = _begun(path, draft) if guard is not None else {}
            yield draft
            files = {file.name: file for file in sorted(Path(folder).iterdir())}
            for name, file in files.items():
                require_parsed(file, path.parent / name)
            if guard is not None:
                _finish(path, draft, layers, guard)
                guard.require_all(path.parent / name for name in files)
                note(path.parent, files, guard.by)
            for name, file in files.items():
                file.replace(path.parent / name)


def _begun(path: Path, draft: Path) -> dict[str, str]:
    """Layer -> hash of its rows, of the GeoPackage that is there and is added to."""
    if path.suffix.lower() != ".gpkg" or not path.is_file() or not is_geopackage(path):
        return {}
    return copied(path, draft)


def _finish(path: Path, draft: Path, layers: Mapping[str, str], guard: Guard) -> None:
    """Mark the layers that were written; StoreError where one of them was not siting's to replace."""
    if path.suffix.lower() != ".gpkg" or not is_geopackage(draft):
        return
    own, now = siting_layers(path) if layers else {}, all_rows(draft)
    for name, rows in layers.items():
        if now.get(name) != rows and not (name in own and (own[name] or guard.overwrite)):
            why = say("was changed since siting wrote it") if name in own else say("is not siting's")
            remedy = say("name another file, or say --overwrite") if name in own else say("name another file")
            raise StoreError(
                say("{path}   has a layer {name} that {why}; {remedy}", path=path, name=name, why=why, remedy=remedy)
            )
    mark(draft, {name: rows for name, rows in now.items() if layers.get(name) != rows or own.get(name)})
    if layers:
        compact(draft)


def require_writable(path: Path) -> None:
    """StoreError where `path` could not be written, and the error of a full disk where there is no room left.

    What is to hold it may be a file, let nobody write, or only seem to do so: that is tried.
    """
    above = _nearest(path.parent)
    if not above.is_dir():
        raise StoreError(
            say("{path}   cannot be written: {above} is a file; name another place", path=path, above=above)
        )
    if not os.access(above, os.W_OK | os.X_OK):
        raise StoreError(
            say(
                "{path}   cannot be written: {above} lets you write nothing; name another place", path=path, above=above
            )
        )
    fault = _tried(above)
    if fault is not None and fault.errno in FULL:
        raise OSError(fault.errno, os.strerror(fault.errno), str(path)) from fault
    if fault is not None:
        said = of_system(fault)
        raise StoreError(
            say(
                "{path}   cannot be written: {above} takes no files ({said}); name another place",
                path=path,
                above=above,
                said=said,
            )
        ) from fault


def require_place(path: Path, guard: Guard) -> None:
    """StoreError where `path` may not be written, or could not be; to be asked before long work begins."""
    guard.require(path)
    require_writable(path)


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _tried(folder: Path) -> OSError | None:
    """What the system says to a small file in a folder; None where it takes it."""
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(TRIED_BYTES))
            file.flush()
    except OSError as error:
        return error
    return None


@contextmanager
def failing_plainly(path: Path) -> Iterator[None]:
    """Turns what drivers raise where nothing can be written into the error of a full disk, or else a StoreError.

    What fails while it writes a draft is told with the name of the file that the user asked for.
    """
    try:
        yield
    except Exception as error:
        if not _is_of_writing(error):
            raise
        tried = None if getattr(error, "errno", None) else _tried(_nearest(path.parent))
        full = getattr(error, "errno", None) in FULL or "disk is full" in str(error)
        if full or (tried is not None and tried.errno in FULL):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        said = of_system(error) if isinstance(error, OSError) else textwrap.shorten(str(error), 120)
        raise StoreError(
            say("{path}   could not be written ({said}); what was there is as it was", path=path, said=said)
        ) from error


def _is_of_writing(error: Exception) -> bool:
    """Whether the system, GDAL or SQLite raised it."""
    return isinstance(error, OSError | sqlite3.Error) or type(error).__module__.startswith("pyogrio")


def clear_drafts(folder: Path) -> None:
    """Take away drafts of a folder that processes which were killed a day ago or earlier have left beside it."""
    if not folder.parent.is_dir():
        return
    for draft in folder.parent.iterdir():
        if draft.name.startswith(f".{folder.name}.") and draft.suffix == ".part" and _is_stale(draft):
            shutil.rmtree(draft, ignore_errors=True)


def _is_stale(draft: Path) -> bool:
    try:
        return time.time() - draft.stat().st_mtime > STALE_S
    except OSError:
        return False


def rescue(folder: Path) -> None:
    """Put back the folder that a process was replacing when it was killed, between the two moves of that."""
    if folder.exists() or not folder.parent.is_dir():
        return
    olds = [p for p in folder.parent.iterdir() if p.name.startswith(f".{folder.name}.") and p.suffix == ".old"]
    if olds:
        max(olds, key=lambda p: p.stat().st_mtime).rename(folder)
