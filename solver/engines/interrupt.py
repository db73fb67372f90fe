"""Work that Ctrl-C ends early without losing what it has found."""

import threading
import time
from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from models.program import Program
from solver.engines.engine import Ask, Engine
from solver.engines.outcome import Answer

Result = TypeVar("Result")
POLL_S = 0.05

LEFT_BEHIND: list[threading.Event] = []
"""What is set when a thread that was left behind ends."""


class Abandoned(Exception):  # noqa: N818  an end, not an error
    """The work goes on somewhere, without anybody waiting for it: what it works on must not be touched."""


class Stoppable(Generic[Result]):
    """Runs `work` in a thread of its own, so that the caller's thread stays free to receive Ctrl-C.

    `work` is given this object and looks at `stopped`, or is told through `on_stop`. `reason` is None, "user" (Ctrl-C)
    or "deadline". Work that has not ended a moment after the limit is left behind: `Abandoned`. A second Ctrl-C is not
    held back: KeyboardInterrupt goes up. Only the main thread of a process ever receives Ctrl-C; in any other thread
    this simply waits.
    """

    def __init__(self, work: Callable[["Stoppable[Result]"], Result], *, time_limit_s: float) -> None:
        self.reason: Literal["user", "deadline"] | None = None
        self.stopped = False
        self.on_stop: Callable[[], None] | None = None
        self._work = work
        began = time.monotonic()
        self._deadline, self._end = began + grace_s(time_limit_s), began + abandoned_s(time_limit_s)
        self._result: list[Result] = []
        self._error: BaseException | None = None
        self._done = threading.Event()

    def run(self) -> Result:
        """The result of `work`; what it raises is raised here."""
        threading.Thread(target=self._run, daemon=True).start()
        while not self._done.is_set():  # an event, as Ctrl-C during Thread.join marks a running thread as ended
            try:
                self._done.wait(POLL_S)
                if self.reason is None and time.monotonic() > self._deadline:
                    self._stop("deadline")
                if self.reason == "deadline" and time.monotonic() > self._end:
                    LEFT_BEHIND.append(self._done)
                    raise Abandoned
            except KeyboardInterrupt:
                if self.reason == "user":
                    raise
                self._stop("user")
        if self._error is not None:
            raise self._error
        return self._result[0]

    def _run(self) -> None:
        try:
            self._result.append(self._work(self))
        except BaseException as error:  # handed to the waiting thread
            self._error = error
        finally:
            self._done.set()

    def _stop(self, reason: Literal["user", "deadline"]) -> None:
        self.reason = reason
        self.stopped = True
        if self.on_stop is not None:
            self.on_stop()


def grace_s(time_limit_s: float) -> float:
    """Time after which an engine that forgets its own limit is told to stop."""
    return time_limit_s * 1.01 + 0.2


def abandoned_s(time_limit_s: float) -> float:
    """Time after which an engine that does not listen is left behind."""
    return time_limit_s * 1.02 + 0.8


def anything_left_behind() -> bool:
    """Is a thread at work still that was left behind? Python cannot end it, only the end of the process can."""
    return any(not done.is_set() for done in LEFT_BEHIND)


def run_or_stop(engine: Engine, program: Program, ask: Ask) -> Answer:
    """One run of many: Ctrl-C, which an engine holds back to keep its plan, goes up as KeyboardInterrupt."""
    answer = engine.run(program, ask)
    if answer.outcome.ended == "interrupted":
        raise KeyboardInterrupt
    return answer
