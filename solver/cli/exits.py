"""Exit codes, in one place."""

import errno
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from models.errors import ProblemError, SitingError
from models.messages import Said, say, worded
from solver.errors import CheckError, EngineError, ExportError, StoreError, StudyError, SweepError, WorkersError
from solver.files.atomic import FULL
from solver.files.system import of_system
from solver.words.speech import ENGLISH, Speech

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
    (WorkersError, WRONG_USE),
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

    def __init__(self, said: Said, code: int, speech: Speech = ENGLISH) -> None:
        super().__init__(worded(said, speech))
        setattr(self, "exit_code", code)  # noqa: B010 - declared as the class's own, read as the error's

    def show(self, file: Any = None) -> None:
        """The report as it stands, on standard error."""
        click.echo(self.message, file=file, err=file is None)


def reported(error: BaseException, speech: Speech = ENGLISH) -> Reported | None:
    """The report in a language of an error that a user can meet, None for one that is a fault of this software."""
    code = next((code for family, code in BY_ERROR if isinstance(error, family)), None)
    if code is None:
        return None
    if isinstance(error, KeyboardInterrupt):
        return Reported(say("stopped before there was a plan; nothing was written"), code, speech)
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        told = say("not enough memory; a shorter reach or fewer candidate sites need less")
        return Reported(told, NOTHING, speech)
    if isinstance(error, OSError):
        return _of_the_system(error, speech)
    return Reported(error, code, speech) if isinstance(error, SitingError) else None


def _of_the_system(error: OSError, speech: Speech) -> Reported:
    """What the system did not do with which file; files and results that were there stay as they were."""
    file = error.filename2 or error.filename or say("a file")
    if error.errno in FULL:
        full = say("{file}   could not be written: the disk is full; make room, or name another place", file=file)
        return Reported(full, NOTHING, speech)
    said = say("{file}   could not be read or written ({said}); check the place", file=file, said=of_system(error))
    return Reported(said, WRONG_USE, speech)


def code_of(programmes: Iterable["ProgrammeResult"]) -> int:
    """The code of a run: the gravest end of any of its programmes."""
    return max((_code(p) for p in programmes), key=(DONE, LIMIT_WITH_PLAN, NOTHING, INFEASIBLE).index, default=DONE)


def _code(programme: "ProgrammeResult") -> int:
    if programme.ended == "infeasible":
        return INFEASIBLE
    if programme.objective is None:
        return NOTHING
    return DONE if programme.ended == "proven" else LIMIT_WITH_PLAN
