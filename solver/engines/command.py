"""Running a solver as a command of its own, under a clock and under Ctrl-C."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from solver.engines.interrupt import abandoned_s, grace_s

POLL_S = 0.05


def run_command(
    arguments: Sequence[str], log: Path, *, time_limit_s: float, environment: Mapping[str, str] | None = None
) -> Literal["user", "deadline"] | None:
    """Run to the end (None), to the clock ("deadline") or to Ctrl-C ("user"); a second Ctrl-C is not held back.

    It is asked to stop a moment after the limit, and ended a moment later where it has not written what it has. What
    the command prints goes to `log`. OSError where it cannot be started.
    """
    began = time.monotonic()
    end, last_words_s = began + grace_s(time_limit_s), abandoned_s(time_limit_s) - grace_s(time_limit_s)
    stopped: Literal["user", "deadline"] | None = None
    asked = False
    with log.open("wb") as sink, _started(arguments, sink, environment) as command:
        try:
            while command.poll() is None:
                try:
                    time.sleep(POLL_S)
                except KeyboardInterrupt:
                    if stopped == "user":
                        raise
                    stopped, end = "user", time.monotonic()
                if time.monotonic() > end:
                    stopped = stopped or "deadline"
                    end = time.monotonic() + last_words_s
                    _stop(command, by_force=asked)
                    asked = True
        finally:
            if command.poll() is None:
                _stop(command, by_force=True)
    return stopped


def _started(
    arguments: Sequence[str], sink: object, environment: Mapping[str, str] | None
) -> "subprocess.Popen[bytes]":
    """Start the command apart from the terminal, whose Ctrl-C is ours to pass on."""
    apart = {"start_new_session": True} if os.name == "posix" else {"creationflags": 0x00000200}
    return subprocess.Popen(  # type: ignore[call-overload]
        list(arguments),
        stdin=subprocess.DEVNULL,
        stdout=sink,
        stderr=subprocess.STDOUT,
        env=None if environment is None else {**os.environ, **environment},
        **apart,
    )


def _stop(command: "subprocess.Popen[bytes]", *, by_force: bool) -> None:
    """Ask the command and what it has started, or end them."""
    if os.name != "posix":
        command.kill()
        return
    try:
        os.killpg(command.pid, signal.SIGKILL if by_force else signal.SIGINT)
    except ProcessLookupError:
        return  # it has ended by itself
