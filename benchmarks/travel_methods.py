"""One method on one task in a process of its own: prints its times and its peak memory as JSON.

python -m benchmarks.travel_methods METHOD TASK.npz --sources 1000 --values OUT.npz
"""

import argparse
import contextlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array

ROWS = 100  # sources at a time where a method gives rows of all nodes
Task = dict[str, Any]


class Run(NamedTuple):
    """A method ready to answer: `answer(sources)` gives (n_sources, n_demand), absent = beyond the cut-off.

    `turned` methods give (n_demand, n_sources).
    """

    answer: Callable[[np.ndarray], csr_array]
    settled: Callable[[], int | None] = lambda: None
    turned: bool = False


def ours(task: Task) -> Run:
    """The kernel of this project on one thread."""
    return _ours(task, jobs=1)


def ours_two(task: Task) -> Run:
    """The kernel of this project on two threads."""
    return _ours(task, jobs=2)


def _ours(task: Task, jobs: int) -> Run:
    from solver.network.roadnetwork import LeftOut, RoadNetwork
    from solver.network.snapping import SnappedPoints
    from solver.network.travel import travel_times

    n_nodes, n_edges = len(task["xy"]), len(task["edge_from"])
    nothing = np.full(n_edges, None, dtype=object)
    network = RoadNetwork(
        crs="EPSG:4547",
        mode="drive",
        node_xy=task["xy"],
        node_id=np.arange(n_nodes),
        tail=task["tail"],
        head=task["head"],
        length_m=task["time_s"],
        time_s=task["time_s"],
        arc_edge=task["arc_edge"],
        arc_forward=task["arc_forward"],
        edge_id=np.arange(n_edges),
        edge_from=task["edge_from"],
        edge_to=task["edge_to"],
        geometry=nothing,
        road_class=nothing,
        name=nothing,
        left_out=LeftOut(0, 0.0, 0, np.zeros(0, dtype=np.int64), 0.0),
    )
    edge_at = np.zeros(n_nodes, dtype=np.int32)
    edge_at[task["edge_to"]] = np.arange(n_edges)
    edge_at[task["edge_from"]] = np.arange(n_edges)

    def at(nodes: np.ndarray) -> SnappedPoints:
        edge = edge_at[nodes]
        fraction = (task["edge_from"][edge] != nodes).astype(np.float64)
        nil = np.zeros(len(nodes))
        return SnappedPoints(tuple(map(str, nodes)), edge, fraction, nil, nil, task["xy"][nodes])

    def answer(sources: np.ndarray) -> csr_array:
        demand = at(task["demand"])
        return travel_times(network, at(sources), demand, cutoff=task["cutoff_s"], direction="from_site", jobs=jobs)

    return Run(answer, turned=True)


def scipy_as_it_comes(task: Task) -> Run:
    """scipy.sparse.csgraph.dijkstra with a limit, nodes in the layer's own order."""
    return _scipy(task, task["came"])


def scipy_renumbered(task: Task) -> Run:
    """The same with nodes along the space-filling curve."""
    return _scipy(task, np.arange(len(task["xy"]), dtype=np.int32))


def _scipy(task: Task, number: np.ndarray) -> Run:
    from scipy.sparse.csgraph import dijkstra

    tail, head, weight = _least_of_parallel(number[task["tail"]], number[task["head"]], task["time_s"])
    graph = coo_array((weight, (tail, head)), shape=(len(number),) * 2).tocsr()
    count = 0

    def answer(sources: np.ndarray) -> csr_array:
        nonlocal count
        count = 0

        def rows(some: np.ndarray) -> np.ndarray:
            nonlocal count
            full = dijkstra(graph, indices=number[some], limit=task["cutoff_s"])
            count += int(np.isfinite(full).sum())
            return full[:, number[task["demand"]]]

        return _sparse(rows(sources[i : i + ROWS]) for i in range(0, len(sources), ROWS))

    return Run(answer, lambda: count)


def networkx(task: Task) -> Run:
    """networkx.single_source_dijkstra_path_length with a cut-off."""
    import networkx as nx

    graph = nx.DiGraph()
    arcs = _least_of_parallel(task["tail"], task["head"], task["time_s"])
    graph.add_weighted_edges_from(zip(*(column.tolist() for column in arcs), strict=True))
    demand = task["demand"].tolist()

    def answer(sources: np.ndarray) -> csr_array:
        def row(source: int) -> np.ndarray:
            found = nx.single_source_dijkstra_path_length(graph, source, cutoff=task["cutoff_s"], weight="weight")
            return np.array([[found.get(node, np.inf) for node in demand]])

        return _sparse(row(source) for source in sources.tolist())

    return Run(answer)


def igraph(task: Task) -> Run:
    """igraph's Dijkstra, which knows no cut-off."""
    import igraph as ig

    graph = ig.Graph(n=len(task["xy"]), edges=np.column_stack([task["tail"], task["head"]]).tolist(), directed=True)
    weights, demand = task["time_s"].tolist(), task["demand"].tolist()

    def answer(sources: np.ndarray) -> csr_array:
        def row(source: int) -> np.ndarray:
            found = np.array(graph.distances(source=[source], target=demand, weights=weights, mode="out"))
            found[found > task["cutoff_s"]] = np.inf
            return found

        return _sparse(row(source) for source in sources.tolist())

    return Run(answer)


def pandana(task: Task) -> Run:
    """pandana's range query on contraction hierarchies, 32-bit; the hierarchies are not counted."""
    import pandana as pdna
    import pandas as pd

    n_nodes = len(task["xy"])
    place = np.full(n_nodes, -1)
    place[task["demand"]] = np.arange(len(task["demand"]))
    network = pdna.Network(
        pd.Series(task["xy"][:, 0]),
        pd.Series(task["xy"][:, 1]),
        pd.Series(task["tail"]),
        pd.Series(task["head"]),
        pd.DataFrame({"time_s": task["time_s"]}),
        twoway=False,
    )

    def answer(sources: np.ndarray) -> csr_array:
        rows, columns, values = [], [], []
        for i in range(0, len(sources), ROWS):
            some = sources[i : i + ROWS].tolist()
            found = network.nodes_in_range(some, float(task["cutoff_s"]))
            column = place[found["destination"].to_numpy()]
            inside = column >= 0
            row = pd.Series(np.arange(len(some)), index=some)[found["source"].to_numpy()[inside]].to_numpy()
            rows.append(row + i)
            columns.append(column[inside])
            values.append(found["time_s"].to_numpy()[inside])
        parts = (np.concatenate(part) for part in (values, rows, columns))
        value, row, column = parts
        return coo_array((value, (row, column)), shape=(len(sources), len(task["demand"]))).tocsr()

    return Run(answer)


def _least_of_parallel(tail: np.ndarray, head: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, ...]:
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    first = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]))
    return tail[first], head[first], weight[first]


def _sparse(blocks: Iterator[np.ndarray]) -> csr_array:
    """Stored where finite, zeros too."""
    counts, columns, values, width = [np.zeros(1, dtype=np.int64)], [], [], 0
    for block in blocks:
        finite = np.isfinite(block)
        width = block.shape[1]
        counts.append(finite.sum(axis=1))
        columns.append(np.nonzero(finite)[1])
        values.append(block[finite])
    starts = np.cumsum(np.concatenate(counts))
    return csr_array((np.concatenate(values), np.concatenate(columns), starts), shape=(len(starts) - 1, width))


METHODS = {
    "ours": ours,
    "ours-two": ours_two,
    "scipy": scipy_as_it_comes,
    "scipy-renumbered": scipy_renumbered,
    "networkx": networkx,
    "igraph": igraph,
    "pandana": pandana,
}


def peak_mb() -> float | None:
    """Most memory this process has held, None where the system does not say."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux; its getrusage also counts what the parent held when it made this process
        most = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(most.split()[1]) * 1024 / 1e6
    with contextlib.suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return None


def main() -> None:
    """Measure one method: the median processor time of `--repeat` tries, and the best wall time."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("method", choices=METHODS)
    parser.add_argument("task", type=Path)
    parser.add_argument("--sources", type=int, required=True)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--values", type=Path, required=True)
    asked = parser.parse_args()
    with np.load(asked.task) as arrays:
        task = {name: arrays[name] for name in arrays.files}
    task["cutoff_s"] = float(task["cutoff_s"])
    sources = task["source"][: asked.sources]
    begun = time.perf_counter()
    run = METHODS[asked.method](task)
    run.answer(sources[:1])  # compiled code is loaded, lazy set-up done
    ready = time.perf_counter() - begun
    wall, processor = [], []
    for _ in range(asked.repeat):
        begun, begun_cpu = time.perf_counter(), time.process_time()
        matrix = run.answer(sources)
        wall.append(time.perf_counter() - begun)
        processor.append(time.process_time() - begun_cpu)
    most = peak_mb()
    matrix = csr_array(matrix.T) if run.turned else matrix
    matrix.sort_indices()
    np.savez(asked.values, indptr=matrix.indptr, indices=matrix.indices, data=matrix.data)
    figures = {
        "wall_s": min(wall),
        "cpu_s": median(processor),
        "best_cpu_s": min(processor),
        "ready_s": ready,
        "peak_mb": most,
    }
    print(json.dumps({**figures, "sources": len(sources), "pairs": int(matrix.nnz), "settled": run.settled()}))


if __name__ == "__main__":
    main()
