"""Exit codes, in one place."""

import errno
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from models.errors import ProblemError, SitingError
from solver.errors import CheckError, EngineError, ExportError, StoreError, StudyError, SweepError
from solver.files.atomic import FULL

if TYPE_CHECKING:
    from solver.results.result import ProgrammeResult  # brings pandas, which `--help` should not wait for

DONE = 0
WRONG_USE = 2
FAULTY_STUDY = 3
INFEASIBLE = 4
LIMIT_WITH_PLAN = 5
NOTHING = 6
CHECK_FAILED = 7

BY_ERROR: tuple[tuple[type[BaseException], int], ...] = (
    (CheckError, CHECK_FAILED),
    (StudyError, FAULTY_STUDY),
    (ProblemError, FAULTY_STUDY),
    (EngineError, WRONG_USE),
    (StoreError, WRONG_USE),
    (SweepError, WRONG_USE),
    (ExportError, WRONG_USE),
    (SitingError, FAULTY_STUDY),
    (OSError, WRONG_USE),
    (MemoryError, NOTHING),
    (KeyboardInterrupt, NOTHING),
)
"""The first family an error belongs to gives its code."""

MEANING = """\b
Exit codes:
  0  done, and proven within the asked gap
  2  wrong use
  3  a study with faults
  4  proven infeasible
  5  stopped at a limit with a plan in hand
  6  stopped with nothing
  7  a check failed
"""


class Reported(click.ClickException):
    """An error the user is told of in full, without a traceback."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        setattr(self, "exit_code", code)  # noqa: B010 - declared as the class's own, read as the error's

    def show(self, file: Any = None) -> None:
        """The report as it stands, on standard error."""
        click.echo(self.message, file=file, err=file is None)


def reported(error: BaseException) -> Reported | None:
    """The report of an error that a user can meet, None for one that is a fault of this software."""
    code = next((code for family, code in BY_ERROR if isinstance(error, family)), None)
    if code is None:
        return None
    if isinstance(error, KeyboardInterrupt):
        return Reported("stopped before there was a plan; nothing was written", code)
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return Reported("not enough memory; a shorter reach or fewer candidate sites need less", NOTHING)
    if isinstance(error, OSError):
        return _of_the_system(error)
    return Reported(str(error), code)


def _of_the_system(error: OSError) -> Reported:
    """What the system did not do with which file; files and results that were there stay as they were."""
    file = error.filename2 or error.filename or "a file"
    if error.errno in FULL:
        return Reported(f"{file}   could not be written: the disk is full; make room, or name another place", NOTHING)
    return Reported(f"{file}   could not be read or written ({error.strerror or error}); check the place", WRONG_USE)


def code_of(programmes: Iterable["ProgrammeResult"]) -> int:
    """The code of a run: the gravest end of any of its programmes."""
    return max((_code(p) for p in programmes), key=(DONE, LIMIT_WITH_PLAN, NOTHING, INFEASIBLE).index, default=DONE)


def _code(programme: "ProgrammeResult") -> int:
    if programme.ended == "infeasible":
        return INFEASIBLE
    if programme.objective is None:
        return NOTHING
    return DONE if programme.ended == "proven" else LIMIT_WITH_PLAN
