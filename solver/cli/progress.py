"""Progress on standard error: bars on a terminal, one quiet line per step elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from solver.events import Event, Listener
from solver.words.speech import ENGLISH, Speech


@contextmanager
def progress(study: str, *, terminal: bool | None = None, speech: Speech = ENGLISH) -> Iterator[Listener]:
    """A listener that shows events in the language while the block runs."""
    with _shown(study, sys.stderr.isatty() if terminal is None else terminal, speech) as listen:
        yield listen


@contextmanager
def _shown(study: str, terminal: bool, speech: Speech) -> Iterator[Listener]:
    if terminal:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(24), TextColumn("{task.fields[text]}"))
        with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
            yield Bars(bars, study, speech)
    else:
        yield Lines(study, speech)


class Bars:
    """One bar for each programme."""

    def __init__(self, bars: Progress, study: str, speech: Speech) -> None:
        self._bars, self._study, self._speech = bars, study, speech
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, event: Event) -> None:
        """Show an event."""
        name = event.programme or self._study
        if name not in self._tasks:
            self._end(self._study)
            self._tasks[name] = self._bars.add_task(name, total=None, text="")
        task = self._tasks[name]
        total = None if event.done is None else 1.0
        self._bars.update(task, text=event.text.worded(self._speech), total=total, completed=event.done or 0.0)
        if event.stage == "done":
            self._end(name)

    def _end(self, name: str) -> None:
        """The bar of what has ended stands still."""
        task = self._tasks.get(name)
        if task is not None:
            self._bars.update(task, total=1.0, completed=1.0)
            self._bars.stop_task(task)


class Lines:
    """One line for each step; a share that only grows is not told again."""

    def __init__(self, study: str, speech: Speech) -> None:
        self._study, self._speech, self._last = study, speech, ("", "", "")

    def __call__(self, event: Event) -> None:
        """Tell an event."""
        step = (event.programme or self._study, event.stage, event.text.worded(self._speech))
        if step != self._last:
            self._last = step
            click.echo(f"{step[0]}{self._speech.colon}{step[2]}", err=True)
