"""Doing many pieces of work: one after another, in processes of this computer, or on the workers of a cluster."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

from models.messages import say
from solver.errors import WorkersError
from solver.workers.crew import with_owner

Answer = TypeVar("Answer")
Pieces = Sequence[tuple[Any, ...]]
"""Arguments of one call each."""


def each(
    work: Callable[..., Answer], pieces: Pieces, *, jobs: int, scheduler: str | None, shared: Path | None = None
) -> Iterator[tuple[int, Answer | Exception]]:
    """Position and answer of every piece as it ends; an exception where its worker was lost.

    `scheduler` is the address of a Dask scheduler, whose workers must see the folder `shared` where one is named.
    """
    if scheduler is not None:
        from solver.workers.dask import on_workers  # loads Dask, which few have

        yield from on_workers(work, pieces, scheduler, shared)
    elif jobs == 1 or len(pieces) < 2:
        for position, piece in enumerate(pieces):
            yield position, work(*piece)
    else:
        yield from _in_processes(work, pieces, min(jobs, len(pieces)))


def _in_processes(work: Callable[..., Answer], pieces: Pieces, jobs: int) -> Iterator[tuple[int, Answer]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=with_owner) as pool:
        futures: dict[Future[Answer], int] = {pool.submit(work, *piece): i for i, piece in enumerate(pieces)}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            raise WorkersError(
                say(
                    "a process ended suddenly, perhaps for lack of memory; start the same again with fewer --jobs: "
                    "a sweep does only what is missing"
                )
            ) from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise
