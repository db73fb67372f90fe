"""Where pieces of work are done in this run: here, or on the workers of a Dask scheduler."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from solver.workers.pools import each

Answer = TypeVar("Answer")

_SCHEDULER: ContextVar[str | None] = ContextVar("scheduler", default=None)


@contextmanager
def on_scheduler(address: str | None) -> Iterator[None]:
    """Pieces of work inside the block go to the workers of this scheduler; None: they are done here."""
    token = _SCHEDULER.set(address)
    try:
        yield
    finally:
        _SCHEDULER.reset(token)


def each_where(
    work: Callable[..., Answer], pieces: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[int, Answer | Exception]]:
    """Position and answer of every piece as it ends, where this run has its pieces done."""
    return each(work, pieces, jobs=1, scheduler=_SCHEDULER.get())
