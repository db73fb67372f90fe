"""Paths on the command line: those that a command reads, those that it writes, and the guard between them."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from models.messages import Listed, say
from solver.cli.misuse import BadValue
from solver.files.protect import Guard
from solver.inputs.reads import files_read

FILES = (".gpkg", ".geojson", ".shp", ".fgb", ".kml", ".parquet", ".csv", ".xlsx", ".html", ".json", ".toml", ".npz")
"""Endings that a folder is not called by: who writes them means a file."""


class Reading(click.Path):
    """A path that a command reads."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)


class Writing(click.Path):
    """A file that a command writes, with one of some endings, or a folder where none is named."""

    def __init__(self, endings: Sequence[str] = ()) -> None:
        super().__init__(path_type=Path)
        self.endings = tuple(endings)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; wrong use where its ending does not fit what is written."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if "\0" in str(path):
            raise BadValue(say("holds a sign that no disk keeps; name another place"), ctx=ctx, param=param)
        suffix = path.suffix.lower()
        if self.endings and suffix not in self.endings:
            told = say("{name} ends in none of {known}", name=path.name, known=Listed(self.endings))
            raise BadValue(told, ctx=ctx, param=param)
        if not self.endings and suffix in FILES:
            told = say("{name} ends as a file does; name a folder", name=path.name)
            raise BadValue(told, ctx=ctx, param=param)
        return path


VARIABLE = "SITING_ALLOW_REMOTE"
"""As `solver.files.drivers` has it, which takes its time to load."""
OVERWRITE = click.option(
    "--overwrite",
    is_flag=True,
    help="Replace what is there and siting did not write, or wrote for another study; never what is read.",
)


def _allow(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001
    """Allow it to this command and to the processes that it starts."""
    if value and os.environ.get(VARIABLE) != "1":
        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = "1"
        ctx.call_on_close(lambda: os.environ.pop(VARIABLE) if before is None else os.environ.update({VARIABLE: before}))


REMOTE = click.option(
    "--allow-remote",
    is_flag=True,
    expose_value=False,
    callback=_allow,
    help="Open virtual layers (.vrt and others) and layers of other computers, too.",
)


def guard_of(ctx: click.Context, by: str, more: Iterable[Path] = (), *, but: Path | None = None) -> Guard:
    """The guard of what a command writes: every path that it was given to read, with all that they lead to.

    `more` are paths that it reads besides; the file `but` is the one that it is to make anew.
    """
    reads: set[Path] = set()
    for path in (*paths_read(ctx), *more):
        reads |= files_read(path)
    own = Guard(by, frozenset() if but is None else frozenset((but,)))
    kept = frozenset(path for path in reads if not own.is_read(path))
    beside = frozenset().union(*(_of_its_study(path) for path in paths_read(ctx)))
    return Guard(by, kept, bool(ctx.params.get("overwrite")), beside)


def _of_its_study(path: Path) -> frozenset[Path]:
    """What the studies read that lie beside a layer or a network and name it."""
    if not path.is_file() or path.suffix.lower() == ".toml":
        return frozenset()
    found: frozenset[Path] = frozenset()
    for study in path.resolve().parent.glob("*.toml"):
        reads = files_read(study)
        if Guard("", reads).is_read(path):
            found |= reads
    return found


def paths_read(ctx: click.Context) -> list[Path]:
    """Every path that was given to a command to be read."""
    given: list[Path] = []
    for param in ctx.command.params:
        value = ctx.params.get(param.name or "")
        if isinstance(param.type, Reading) and value is not None:
            given += [Path(one) for one in (value if isinstance(value, tuple) else (value,))]
    return given
