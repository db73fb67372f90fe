"""Files and folders that are written whole or not at all, and places that are tried before long work begins."""

import errno
import os
import shutil
import sqlite3
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from solver.errors import StoreError

STALE_S = 24 * 3600.0
"""A draft that is older was left by a process that was killed."""
FULL = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM_BYTES = 1 << 16
"""With less room than this left, a driver that failed to write failed for want of it."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path of the same name in a folder of its own; its files move to their place when all of them are written."""
    require_writable(path)
    with failing_plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".export-", dir=path.parent) as folder, failing_plainly(path):
            yield Path(folder) / path.name
            for file in Path(folder).iterdir():
                file.replace(path.parent / file.name)


def require_writable(path: Path) -> None:
    """StoreError where `path` could not be written: what is to hold it is a file, or lets nobody write."""
    above = path.parent
    while not above.exists() and above != above.parent:
        above = above.parent
    if not above.is_dir():
        raise StoreError(f"{path}   cannot be written: {above} is a file; name another place")
    if not os.access(above, os.W_OK | os.X_OK):
        raise StoreError(f"{path}   cannot be written: {above} lets you write nothing; name another place")


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
        near = next((p for p in (path, *path.parents) if p.exists()), Path())
        full = getattr(error, "errno", None) in FULL or "disk is full" in str(error)
        if full or shutil.disk_usage(near).free <= NO_ROOM_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        said = getattr(error, "strerror", None) or textwrap.shorten(str(error), 120)
        raise StoreError(f"{path}   could not be written ({said}); what was there is as it was") from error


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
