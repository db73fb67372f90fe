"""Processes of this computer that work while their owner goes on; what they find comes back when it is asked for.

Each process is its owner's alone. It hears of Ctrl-C from its owner only, ends with its owner however that ends, and
tells its events to whom the owner lets listen. Work and its arguments cross over as pickles, so the work is a function
of a module. With one job nothing is started: the work is done where its answer is asked for.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType, TracebackType
from typing import Any, Generic, TypeVar, cast

from models.messages import say
from solver.errors import WorkersError
from solver.events import Event, Listener

Answer = TypeVar("Answer")

CALL = None if sys.platform == "win32" else signal.SIGUSR1
"""What tells a process of Ctrl-C; on Windows the console itself tells every process."""


def cores() -> int:
    """How many processes this one may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


GIVE_UP_S = 2.0
"""A process that was told to end is given so long."""


class Later(Generic[Answer]):
    """Work that is done elsewhere, or when it is asked for; `answer` once there is one."""

    def __init__(self, work: Callable[..., Answer], args: tuple[Any, ...]) -> None:
        self.work, self.args = work, args
        self.interrupted = False
        self._ended: tuple[Answer | None, BaseException | None] | None = None

    @property
    def is_there(self) -> bool:
        """Has it ended?"""
        return self._ended is not None

    def end(self, answer: Answer | None, error: BaseException | None) -> None:
        """It has ended, with an answer or with an error."""
        self._ended = (answer, error)

    def answer(self) -> Answer:
        """The answer; what the work raised is raised here."""
        assert self._ended is not None
        answer, error = self._ended
        if error is not None:
            raise error
        return cast("Answer", answer)


class Crew:
    """So many processes at most, each started when there is work for it and none is free.

    `later` gives work away, first come first served. While answers are waited for, events of all processes are told to
    `listen`; the first Ctrl-C is told to every process that works, so that each answers with what it has in hand, and
    a second one ends them all.
    """

    def __init__(self, jobs: int, listen: Listener) -> None:
        self.jobs, self._listen = jobs, listen
        self._waiting: deque[Later[Any]] = deque()
        self._hands: list[_Hand] = []

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hand in self._hands:
            hand.dismiss(at_once=kind is not None)
        self._hands.clear()

    def later(self, work: Callable[..., Answer], *args: Any) -> Later[Answer]:
        """Give work away; it is called with `args` and a listener."""
        later = Later(work, args)
        self._waiting.append(later)
        if self.jobs > 1:
            self._hand_out()
        return later

    def prepare(self, work: Callable[[Listener], None], pieces: int) -> None:
        """Let as many processes as will have work, of so many pieces, load what they need for it."""
        if self.jobs > 1:
            for _ in range(min(self.jobs, max(pieces, 1))):
                self.later(work)

    def answer_of(self, later: Later[Answer]) -> Answer:
        """The answer of one piece of work, when it is there."""
        (ended,) = self.as_they_end([later])
        return ended.answer()

    def as_they_end(self, laters: Iterable[Later[Answer]]) -> Iterator[Later[Answer]]:
        """Each of these when it has ended. KeyboardInterrupt goes up where Ctrl-C comes twice for the same work."""
        left = list(laters)
        while left:
            there = [later for later in left if later.is_there]
            left = [later for later in left if not later.is_there]
            yield from there
            if there or not left:
                continue
            if self.jobs == 1:
                self._waiting.remove(left[0])
                left[0].end(left[0].work(*left[0].args, self._listen), None)
                continue
            try:
                self._hear()
            except KeyboardInterrupt:
                self._interrupt()

    def _hand_out(self) -> None:
        """Give what waits to free processes, new ones where there may be more."""
        while self._waiting:
            free = next((hand for hand in self._hands if hand.works_on is None), None)
            if free is None and len(self._hands) >= self.jobs:
                return
            if free is None:
                free = _Hand()
                self._hands.append(free)
            free.take(self._waiting.popleft())

    def _hear(self) -> None:
        """Wait for the next word of any process."""
        busy: dict[Any, _Hand] = {hand.line: hand for hand in self._hands if hand.works_on is not None}
        for line in wait(list(busy)):
            event = busy[line].heard()
            if event is not None:
                self._listen(event)
        self._hand_out()

    def _interrupt(self) -> None:
        """Tell every process that works of Ctrl-C; those that were told already are waited for no longer."""
        busy = [hand for hand in self._hands if hand.works_on is not None]
        if any(hand.works_on is not None and hand.works_on.interrupted for hand in busy):
            raise KeyboardInterrupt
        for hand in busy:
            hand.call()


class _Hand:
    """One process, the line to it, and what it works on."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, far_end = context.Pipe()
        self.works_on: Later[Any] | None = None
        self._process: BaseProcess = context.Process(target=_serve, args=(far_end,), daemon=True)
        with _deaf():
            self._process.start()
        far_end.close()

    def take(self, later: Later[Any]) -> None:
        """Begin with a piece of work."""
        self.works_on = later
        self.line.send((later.work, later.args))

    def heard(self) -> Event | None:
        """The next word: an event, or None where the work has ended."""
        later = self.works_on
        assert later is not None
        try:
            said: Event | tuple[Any, BaseException | None] = self.line.recv()
        except (EOFError, OSError):
            self.works_on = None
            raise WorkersError(
                say(
                    "a process ended suddenly, perhaps for lack of memory; start the same again with fewer --jobs: "
                    "a sweep does only what is missing"
                )
            ) from None
        if isinstance(said, Event):
            return said
        self.works_on = None
        later.end(*said)
        return None

    def call(self) -> None:
        """Tell it of Ctrl-C."""
        if self.works_on is not None:
            self.works_on.interrupted = True
        if CALL is not None and self._process.pid is not None:
            os.kill(self._process.pid, CALL)

    def dismiss(self, *, at_once: bool) -> None:
        """End it: what it works on is lost."""
        if at_once or self.works_on is not None:
            self._process.terminate()
        self.line.close()
        self._process.join(GIVE_UP_S)
        if self._process.is_alive():
            self._process.kill()


@contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl-C is not heard: a process that begins now is born so, until it says otherwise."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Called:
    """Ctrl-C in a process of a crew: it counts while there is work, and only there."""

    def __init__(self) -> None:
        self.works = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if self.works:
            self.works = False
            raise KeyboardInterrupt


def _serve(line: Connection) -> None:
    """Do what comes down the line until it is closed."""
    called, talks = _Called(), threading.Lock()
    with_owner()

    def tell(event: Event) -> None:
        with talks:  # an engine may speak from a thread of its own
            line.send(event)

    signal.signal(CALL or signal.SIGINT, called)
    while True:
        try:
            work, args = line.recv()
        except EOFError:
            return
        answer: tuple[Any, BaseException | None]
        try:
            called.works = True
            done = work(*args, tell)
            called.works = False
            answer = (done, None)
        except BaseException as error:
            answer = (None, error)
        called.works = False
        _send(line, answer)


def _send(line: Connection, answer: tuple[Any, BaseException | None]) -> None:
    """Send an answer; an error that no pickle holds is told by its kind and words."""
    try:
        line.send(answer)
    except (TypeError, AttributeError, ValueError) as error:
        told = answer[1] or error
        line.send((None, RuntimeError(f"{type(told).__name__}: {told}")))


def with_owner() -> None:
    """In a process of its own: Ctrl-C is the owner's, and when the owner is gone the process ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    owner = multiprocessing.parent_process()

    def watch() -> None:
        if owner is not None:
            owner.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
