"""Running a solver as a command of its own, under a clock and under Ctrl-C."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

POLL_S = 0.1
LAST_WORDS_S = 5.0
"""How long a command that was told to stop may take to write what it has."""


def run_command(
    arguments: Sequence[str], log: Path, *, deadline_s: float, environment: Mapping[str, str] | None = None
) -> Literal["user", "deadline"] | None:
    """Run to the end (None), to the clock ("deadline") or to Ctrl-C ("user"); a second Ctrl-C is not held back.

    What the command prints goes to `log`. OSError where it cannot be started.
    """
    end = time.monotonic() + deadline_s
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
                    end = time.monotonic() + LAST_WORDS_S
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
