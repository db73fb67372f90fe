"""Blocks of sources over a pool of threads. The kernel releases the interpreter lock, so threads really run at once."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.compiled import compiled
from solver.network.kernel import NOT_WAITING, Arcs, Queue, Sources, Targets, search

BLOCK = 32  # sources searched before progress is told
MAX_BUCKETS = 1 << 16

Progress = Callable[[int, int], None]
Found = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]


class Blocks(NamedTuple):
    """Searches from all sources, ready to run. `limits` as in `kernel.search`."""

    arcs: Arcs
    sources: Sources
    targets: Targets
    limits: tuple[float, int]

    def run(self, jobs: int | None, progress: Progress | None, *, turned: bool = False) -> csr_array:
        """(n_sources, n_targets), the indices of a row unsorted; `turned` (n_targets, n_sources), sorted.

        `jobs` threads, None = one for each core.
        """
        n_sources, n_targets = len(self.sources.edge), len(self.targets.fraction)
        order = np.argsort(self.sources.node[:, 0], kind="stable")  # searches of neighbours share memory
        ordered = self.sources.taken(order)
        blocks = [(first, min(first + BLOCK, n_sources)) for first in range(0, n_sources, BLOCK)]
        threads = max(1, min(jobs or _cores(), len(blocks)))
        idle: SimpleQueue[Queue] = SimpleQueue()
        for _ in range(threads):
            idle.put(new_queue(self.arcs, n_targets))

        def search_block(block: tuple[int, int]) -> Found:
            queue = idle.get()
            found = search(self.arcs, ordered, self.targets, queue, block, self.limits)
            idle.put(queue)
            return found

        results: dict[int, Found] = {}
        pool = ThreadPoolExecutor(threads, thread_name_prefix="travel")
        try:
            pending = {pool.submit(search_block, block): number for number, block in enumerate(blocks)}
            done = 0
            for future in as_completed(pending):
                number = pending[future]
                results[number] = future.result()
                done += len(results[number][0])
                if progress is not None:
                    progress(done, n_sources)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        in_order = [results.pop(number) for number in range(len(blocks))]
        return _turned(in_order, order, n_targets) if turned else _gather(in_order, order, n_targets)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def new_queue(arcs: Arcs, n_targets: int) -> Queue:
    """Working memory for one thread. Buckets are as wide as the mean arc, which is near the fastest width."""
    n_nodes = len(arcs.start) - 1
    longest = float(arcs.weight.max())
    width = max(float(arcs.weight[arcs.weight > 0].mean()), longest / (MAX_BUCKETS - 2))
    buckets = 1 << int(np.ceil(np.log2(longest / width + 2)))
    return Queue(
        label=np.full(n_nodes, np.inf),
        after=np.full(n_nodes, -1, dtype=np.int32),
        before=np.full(n_nodes, NOT_WAITING, dtype=np.int32),
        bucket=np.full(buckets, -1, dtype=np.int32),
        touched=np.empty(n_nodes, dtype=np.int32),
        best=np.full(n_targets, np.inf),
        found=np.empty(n_targets, dtype=np.int32),
        tally=np.zeros(3, dtype=np.int64),
        per_width=1.0 / width,
    )


def _gather(results: list[Found], order: NDArray[np.intp], n_targets: int) -> csr_array:
    """Put the blocks together and the rows back into the order the sources were given in."""
    n_sources = len(order)
    counts = np.concatenate([result[0] for result in results]) if results else np.zeros(0, dtype=np.int64)
    start = np.zeros(n_sources + 1, dtype=np.int64)
    per_row = np.empty(n_sources, dtype=np.int64)
    per_row[order] = counts
    np.cumsum(per_row, out=start[1:])
    ids = np.empty(start[-1], dtype=np.int32)
    values = np.empty(start[-1], dtype=np.float64)
    row = 0
    while results:
        block_counts, block_ids, block_values = results.pop(0)
        taken = 0
        for count in block_counts:
            at = start[order[row]]
            ids[at : at + count] = block_ids[taken : taken + count]
            values[at : at + count] = block_values[taken : taken + count]
            taken, row = taken + count, row + 1
    return csr_array((values, ids, start), shape=(n_sources, n_targets))


def _turned(results: list[Found], order: NDArray[np.intp], n_targets: int) -> csr_array:
    """The blocks as (n_targets, n_sources), written once: sources in the order given, so that every row is sorted."""
    n_sources = len(order)
    start = np.zeros(n_targets + 1, dtype=np.int64)
    for _, ids, _ in results:
        start[1:] += np.bincount(ids, minlength=n_targets)
    np.cumsum(start, out=start)
    columns = np.empty(start[-1], dtype=np.int32)
    data = np.empty(start[-1], dtype=np.float64)
    block_of = np.repeat(np.arange(len(results)), [len(counts) for counts, _, _ in results])
    ends = [np.cumsum(counts) for counts, _, _ in results]
    first = [0, *np.cumsum([len(counts) for counts, _, _ in results])]
    place = np.argsort(order, kind="stable")  # where among the ordered sources each one is
    filled = start[:-1].copy()
    for source in range(n_sources):
        block = block_of[place[source]]
        row = place[source] - first[block]
        end = ends[block][row]
        _, ids, values = results[block]
        begin = end - results[block][0][row]
        scatter(source, ids[begin:end], values[begin:end], filled, (columns, data))
    return csr_array((data, columns, start), shape=(n_targets, n_sources))


@compiled()
def scatter(
    source: int,
    ids: NDArray[np.int32],
    values: NDArray[np.float64],
    filled: NDArray[np.int64],
    out: tuple[NDArray[np.int32], NDArray[np.float64]],
) -> None:
    """Put the values of one source behind what is `filled` of each target's row."""
    columns, data = out
    for k in range(len(ids)):
        at = filled[ids[k]]
        columns[at] = source
        data[at] = values[k]
        filled[ids[k]] = at + 1
