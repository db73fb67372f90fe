"""The one guard of every path that is written: never what is read, what is not siting's only when told so."""

import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from models.messages import Message, say
from solver.errors import StoreError
from solver.files.geopackage import is_geopackage, siting_layers
from solver.files.owned import owner_of, was_changed

REMEDY = say("name another file, or say --overwrite")


@dataclass(frozen=True)
class Guard:
    """What a writer must leave alone.

    `reads` are files that the command, its study or its result reads: none of them is written, whatever is said. `by`
    is what writes. With `overwrite` files that siting did not write, or that were changed since, may be replaced.
    """

    by: str
    reads: frozenset[Path] = field(default_factory=frozenset)
    overwrite: bool = False
    beside: frozenset[Path] = field(default_factory=frozenset)
    """Files that a study reads which reads what the command reads: written anew only by what wrote them."""

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(spelled(path) for path in self.reads)

    @cached_property
    def _nodes(self) -> frozenset[tuple[int, int]]:
        return frozenset(node for path in self.reads if (node := _node(path)) is not None)

    @cached_property
    def _of_a_study(self) -> "Guard":
        return Guard(self.by, self.beside)

    def is_read(self, path: Path) -> bool:
        """Whether a path is one of the files that are read, by whatever name, link or spelling."""
        return spelled(path) in self._names or _node(path) in self._nodes

    def require(self, path: Path) -> None:
        """StoreError unless a file may be written to `path`."""
        if self.is_read(path):
            raise StoreError(
                say("{path}   is read by this command, its study or its result; name another file", path=path)
            )
        if path.is_dir():
            raise StoreError(say("{path}   is a folder; name a file", path=path))
        if not path.exists():
            return
        if path.suffix.lower() == ".gpkg" and is_geopackage(path) and siting_layers(path):
            return
        by = owner_of(path)
        if by != self.by and self._of_a_study.is_read(path):
            raise StoreError(
                say("{path}   is read by the study of what this command reads; name another file", path=path)
            )
        if by != self.by and not self.overwrite:
            raise StoreError(say("{path}   {why}; {remedy}", path=path, why=_why(path, by), remedy=REMEDY))

    def require_all(self, paths: Iterable[Path]) -> None:
        """As `require`, of every path."""
        for path in paths:
            self.require(path)


def _why(path: Path, by: str | None) -> Message:
    if by is not None:
        return say("is there already, written by `siting {by}`", by=by)
    if was_changed(path):
        return say("was changed since siting wrote it")
    return say("is there already, and siting did not write it")


def spelled(path: Path) -> str:
    """A path as a disk that knows no capitals has it, links followed."""
    return unicodedata.normalize("NFC", os.path.realpath(path)).casefold()


def _node(path: Path) -> tuple[int, int] | None:
    """Where a file really is: the same for all of its names."""
    try:
        told = path.stat()
    except (OSError, ValueError):
        return None
    return (told.st_dev, told.st_ino) if told.st_ino else None
