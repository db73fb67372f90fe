"""The folder of a result: only what siting wrote is replaced, all at once; files of other people stay in it."""

import ctypes
import json
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from models.messages import say
from solver.errors import StoreError
from solver.files.atomic import clear_drafts, failing_plainly, require_writable, rescue
from solver.files.owned import RECORD, Owned, fingerprint, record_of, write_record
from solver.files.parsed import require_parsed
from solver.files.protect import Guard, spelled
from solver.files.system import of_system
from solver.findings import named
from solver.inputs.reads import RESULT, RESULT_FILES, files_read
from solver.results.result import StudyResult
from solver.study.schema import Study

RUN = "run"
"""What wrote the files of a result, as the record has it."""
EXCHANGE = 2
"""Linux's RENAME_EXCHANGE: two folders change places in one step."""
HERE = -100
"""Linux's AT_FDCWD: paths as they are."""


UNGUARDED = Guard(RUN)
"""The guard of a writer that reads nothing."""


@dataclass(frozen=True)
class Whose:
    """The study of a result: its name, and its file where there is one."""

    name: str
    path: Path | None = None


def guard_of(result: StudyResult) -> Guard:
    """A guard of the inputs that a result was computed from."""
    if result.study_path is None:
        return Guard(RUN)
    study = Path(result.study_path)
    paths = [study, *(study.parent / name for name in result.inputs)]
    return Guard(RUN, frozenset().union(*map(files_read, paths)))


def is_result(folder: Path) -> bool:
    """Whether a folder holds a complete result."""
    try:
        document = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "format" in document and "programmes" in document


def names_of(programmes: Collection[str]) -> set[str]:
    """Names of the files of a result, maps included."""
    return {*RESULT_FILES, RECORD, *(f"map-{name}.png" for name in programmes)}


def entries_of(study: Study, names: Collection[str]) -> list[str]:
    """Names of the entries of a result of the named programmes and portfolios, of all where none is named."""
    solved = [name for name in study.solved() if not names or name in names] + list(names)
    members = [f"{name}.{m}" for name in solved if name in study.portfolio for m in study.portfolio[name].programmes]
    return [*dict.fromkeys(solved), *members]


def own_files(folder: Path) -> set[str]:
    """Names of the files of a result that is there; those of earlier versions, which kept no record, by their names."""
    record = {name for name, one in record_of(folder).items() if one.by == RUN}
    if RESULT in record or not is_result(folder):
        return record
    document = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    return record | {name for name in names_of(document["programmes"]) if (folder / name).is_file()}


def require_free(
    folder: Path, study: Whose | None = None, guard: Guard = UNGUARDED, programmes: Collection[str] = ()
) -> None:
    """StoreError unless a result of the study may be written to the folder, and can be; of any where none is named."""
    require_writable(folder)
    rescue(folder)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise StoreError(say("{folder}   is a file; name a folder for the result", folder=folder))
    _require_replaceable(folder, names_of(programmes), guard)
    if guard.overwrite or not any(folder.iterdir()):
        return
    if not is_result(folder) and not own_files(folder):
        raise StoreError(
            say("{folder}   holds files that are no result of siting; name an empty or a new folder", folder=folder)
        )
    other = None if study is None else _other_study(folder, study)
    if other is not None:
        raise StoreError(
            say(
                "{folder}   holds the result of another study, {other}; name a new folder, or say --overwrite",
                folder=folder,
                other=other,
            )
        )


def _require_replaceable(folder: Path, names: Collection[str], guard: Guard) -> None:
    """StoreError where a file that is read, or one of other people, is in the place of a file of a result."""
    there = [folder / name for name in sorted(names) if os.path.lexists(folder / name)]
    read = [path.name for path in there if guard.is_read(path)]
    if read:
        raise StoreError(
            say("{folder}   holds {read}, which the study reads; name another folder", folder=folder, read=named(read))
        )
    if guard.overwrite:
        return
    own, record = own_files(folder), record_of(folder)
    changed = [n for n, one in record.items() if one.by == RUN and _is_changed(folder / n, one)]
    foreign = [path.name for path in there if path.name not in own and path.name != RECORD]
    for found, fact in ((changed, say("changed since siting wrote it")), (foreign, say("not siting's"))):
        if found:
            remedy = say("move it away, name another folder, or say --overwrite")
            raise StoreError(
                say(
                    "{folder}   holds {found}, {fact}; {remedy}",
                    folder=folder,
                    found=named(sorted(found)),
                    fact=fact,
                    remedy=remedy,
                )
            )


def _is_changed(path: Path, entry: Owned) -> bool:
    try:
        return path.is_file() and fingerprint(path) not in entry.hashes
    except OSError:
        return True


def _other_study(folder: Path, study: Whose) -> str | None:
    """The study of the result that is there, where it is another one."""
    try:
        document = json.loads((folder / RESULT).read_text(encoding="utf-8"))
        name, way = document["study"], document.get("study_path")
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    if name != study.name:
        return str(name)
    if study.path is None or not isinstance(way, str):
        return None
    before = folder / way
    return str(before.resolve()) if before.is_file() and spelled(before) != spelled(study.path) else None


@contextmanager
def replacing(
    folder: Path, study: Whose | None = None, guard: Guard = UNGUARDED, programmes: Sequence[str] = ()
) -> Iterator[Path]:
    """A new folder beside `folder` that takes its place when the block ends well, and vanishes when it does not.

    What other people have in the folder is in the new one too: at no moment is a file of theirs in neither.
    """
    require_free(folder, study, guard, programmes)
    folder = Path(os.path.realpath(folder))
    clear_drafts(folder)
    draft = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.part")
    with failing_plainly(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
        try:
            with failing_plainly(folder):
                yield draft
                _take_over(folder, draft, guard)
            _swap(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _take_over(folder: Path, draft: Path, guard: Guard) -> None:
    """Bring what is not siting's into the draft, and write the record."""
    new = {path.name for path in draft.iterdir()}
    for name in sorted(new):
        require_parsed(draft / name, folder / name)
    record = {name: Owned(RUN, (fingerprint(draft / name),)) for name in new}
    if folder.exists():
        _require_replaceable(folder, new, guard)
        own = own_files(folder)
        for path in sorted(folder.iterdir()):
            if path.name not in own and path.name not in new and path.name != RECORD:
                _linked(path, draft / path.name)
        record |= {n: one for n, one in record_of(folder).items() if n not in own and n not in new}
    write_record(draft, record)


def _linked(path: Path, place: Path) -> None:
    """The file, or everything in the folder, in a second place too: by a link, or a copy where a disk has no links."""
    if path.is_dir() and not path.is_symlink():
        place.mkdir()
        for inside in path.iterdir():
            _linked(inside, place / inside.name)
        shutil.copystat(path, place)
        return
    try:
        os.link(path, place, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(path, place, follow_symlinks=False)


def _swap(draft: Path, folder: Path) -> None:
    """Put the draft in the folder's place; what was there goes only when the new one stands."""
    old = draft.with_suffix(".old")
    try:
        if folder.exists() and _exchanged(draft, folder):
            draft.rename(old)
        else:
            if folder.exists():
                folder.rename(old)
            try:
                draft.rename(folder)
            except OSError:
                if old.exists():
                    old.rename(folder)
                raise
    except OSError as error:
        kept = folder.with_name(f"{folder.name}-new-{uuid4().hex[:8]}")
        os.replace(draft, kept)  # noqa: PTH105 - a directory
        raise StoreError(
            say(
                "{folder}   cannot be replaced ({said}); close the programs that have it open. The "
                "new result is in {kept}",
                folder=folder,
                said=of_system(error),
                kept=kept,
            )
        ) from None
    if old.exists():
        own = own_files(old)
        _emptied(old, folder, own | {RECORD})


def _exchanged(first: Path, second: Path) -> bool:
    """Whether two folders changed places in one step, which Linux can do on most disks."""
    if sys.platform != "linux":
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(call(HERE, os.fsencode(first), HERE, os.fsencode(second), EXCHANGE) == 0)


def _emptied(old: Path, folder: Path, own: Collection[str] = ()) -> None:
    """Take away a folder that was replaced; what is in it and not in the new one goes there first."""
    with suppress(OSError):
        for path in sorted(old.iterdir()):
            place = folder / path.name
            if path.is_dir() and not path.is_symlink():
                place.mkdir(exist_ok=True)
                _emptied(path, place)
            elif path.name in own or (os.path.lexists(place) and not _is_newer(path, place)):
                path.unlink()
            else:
                path.replace(place)
        old.rmdir()


def _is_newer(path: Path, other: Path) -> bool:
    """Whether a file was saved while the folder was replaced."""
    return not os.path.samestat(path.lstat(), other.lstat()) and path.lstat().st_mtime > other.lstat().st_mtime
