"""Work on the workers of a Dask scheduler. The only place that knows Dask.

Workers of a sweep read the study and write the results themselves: they must see the same folders under the same paths.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from models._version import __version__
from models.messages import say
from solver.errors import WorkersError

Answer = TypeVar("Answer")
ANSWERS_WITHIN_S = 15


def require_dask() -> Any:
    """The module `distributed`; WorkersError with the remedy where it is not installed."""
    try:
        import distributed
    except ImportError:
        raise WorkersError(
            say(
                "--scheduler needs Dask, which is not installed; install it with: pip install "
                "'siting-solver[dask]', or leave --scheduler out and give --jobs N to use the cores of "
                "this computer"
            )
        ) from None
    return distributed


def on_workers(
    work: Callable[..., Answer], pieces: Sequence[tuple[Any, ...]], scheduler: str, shared: Path | None
) -> Iterator[tuple[int, Answer | Exception]]:
    """Position and answer of every piece as it ends; an exception where its worker was lost."""
    distributed = require_dask()
    try:
        client = distributed.Client(scheduler, timeout=ANSWERS_WITHIN_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise WorkersError(
            say(
                "--scheduler {scheduler}   no Dask scheduler answers there ({error}); start one with "
                "`dask scheduler` and give the address that it prints, such as tcp://10.0.0.5:8786",
                scheduler=scheduler,
                error=error,
            )
        ) from None
    try:
        _require_fit_workers(client, scheduler, shared)
        futures = {client.submit(work, *piece, pure=False): position for position, piece in enumerate(pieces)}
        try:
            for future in distributed.as_completed(list(futures), loop=client.loop):
                lost = future.exception()
                yield futures[future], future.result() if lost is None else lost
        except BaseException:
            client.cancel(list(futures))
            raise
    finally:
        client.close()


def _require_fit_workers(client: Any, scheduler: str, shared: Path | None) -> None:
    """WorkersError unless there are workers, all of this version, and all see the folder where one is named."""
    try:
        client.wait_for_workers(1, timeout=ANSWERS_WITHIN_S)
    except TimeoutError:
        raise WorkersError(
            say(
                "--scheduler {scheduler}   has no workers; start some with `dask worker {scheduler} --nthreads 1`",
                scheduler=scheduler,
            )
        ) from None
    token = None if shared is None else shared / f".seen-{uuid4().hex}"
    if token is not None:
        token.write_text("", encoding="utf-8")
    try:
        told: dict[str, tuple[str, bool]] = client.run(told_by_worker, None if token is None else str(token))
    except Exception as error:
        raise WorkersError(
            say(
                "--scheduler {scheduler}   its workers cannot run siting ({error}); install "
                "siting-solver {version} where they run",
                scheduler=scheduler,
                error=error,
                version=__version__,
            )
        ) from None
    finally:
        if token is not None:
            token.unlink(missing_ok=True)
    wrong = []
    for worker, (version, sees) in sorted(told.items()):
        if version != __version__:
            wrong.append(
                say(
                    "  {worker}   has siting {version}; this is {own}: install the same there",
                    worker=worker,
                    version=version,
                    own=__version__,
                )
            )
        if not sees:
            wrong.append(
                say(
                    "  {worker}   does not see {shared}; study and --out must lie where all see them",
                    worker=worker,
                    shared=shared,
                )
            )
    if wrong:
        raise WorkersError(say("--scheduler {scheduler}   workers cannot be used:", scheduler=scheduler), *wrong)


def told_by_worker(token: str | None) -> tuple[str, bool]:
    """Asked of every worker: its version of siting, and whether it sees a file of ours where there is one to see."""
    return __version__, token is None or Path(token).is_file()
