"""Travel times against networkx, scipy, pandana and igraph: speed, memory, agreement, and two cores against one.

    python -m benchmarks.travel                                generated networks of 100k, 300k and 1m nodes
    python -m benchmarks.travel --sizes 300000 --sources 1000
    python -m benchmarks.travel --extract city.osm.pbf --network instances/zhuzhou/layers/roads.parquet

Every method runs in a process of its own. Times are processor time of one thread, so that other load on the machine
matters less, and ratios are per source. pandana (AGPL) and igraph (GPL) are measured where they are installed; they
are no dependencies: pip install -e .[bench] puts them beside the rest.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.travel_networks import committed, extract, generated, save_task
from solver.network.roadnetwork import RoadNetwork

COMMITTED = Path(__file__).parent.parent / "instances" / "zhuzhou" / "layers" / "roads.parquet"
SIZES = [100_000, 300_000, 1_000_000]
FEWER = {"networkx": 20, "igraph": 20}  # sources for methods that are slow; ratios are per source
SLOW = ("networkx", "igraph", "pandana")  # measured once
OPTIONAL = ("pandana", "igraph")
COMPARED = 20  # sources whose values are compared pair by pair
WIDTHS = (8, 9, 9, 8, 9, 10, 8)
BORDER_S = 1.0  # pairs this near to the cut-off may fall on either side in 32-bit methods


class Case(NamedTuple):
    """One network to measure on."""

    name: str
    network: RoadNetwork


def measured(method: str, task: Path, folder: Path, *, sources: int, repeat: int) -> dict[str, Any] | None:
    """The figures of one method, None where it failed (the reason goes to standard error)."""
    values = folder / f"{method}.npz"
    command = [sys.executable, "-m", "benchmarks.travel_methods", method, str(task), "--values", str(values)]
    done = subprocess.run(
        [*command, "--sources", str(sources), "--repeat", str(repeat)],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"  {method} failed with exit code {done.returncode}", file=sys.stderr)
        return None
    return {**json.loads(done.stdout.splitlines()[-1]), "values": values}


def deviation(values: Path, truth: Path, cutoff_s: float) -> tuple[float, int]:
    """Largest relative difference of common pairs, and how many pairs clear of the cut-off only one of both has."""
    found, right = (_as_dict(path) for path in (values, truth))
    common = sorted(found.keys() & right.keys())
    a, b = (np.array([pairs[key] for key in common]) for pairs in (found, right))
    lone = [(pairs[key]) for pairs, other in ((found, right), (right, found)) for key in pairs.keys() - other.keys()]
    differing = sum(value < cutoff_s - BORDER_S for value in lone)
    return float(np.max(np.abs(a - b) / np.maximum(b, 1.0), initial=0.0)), differing


def _as_dict(path: Path) -> dict[tuple[int, int], float]:
    with np.load(path) as arrays:
        starts = arrays["indptr"][: COMPARED + 1]
        row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        columns, data = arrays["indices"][: starts[-1]], arrays["data"][: starts[-1]]
    return dict(zip(zip(row.tolist(), columns.tolist(), strict=True), data.tolist(), strict=True))


def report(case: Case, methods: list[str], asked: argparse.Namespace) -> None:
    """Measure all methods on one network and print the table."""
    network = case.network
    print(f"\n{case.name}: {network.n_nodes:,} nodes, {network.n_arcs:,} arcs", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task = folder / "task.npz"
        save_task(network, task, sources=asked.sources, demand=asked.demand, cutoff_s=asked.cutoff_s)
        with np.load(task) as arrays:
            sources, demand = len(arrays["source"]), len(arrays["demand"])
        print(f"{sources:,} sources to {demand:,} demand nodes within {asked.cutoff_s:.0f} s, one thread")
        measured("ours", task, folder, sources=1, repeat=1)  # compile outside the measurement
        found: dict[str, dict[str, Any]] = {}
        for method in methods:
            own = min(FEWER.get(method, sources), sources)
            repeat = 1 if method in SLOW else asked.repeat
            figures = measured(method, task, folder, sources=own, repeat=repeat)
            if figures is not None:
                found[method] = figures
        print_table(found, asked.cutoff_s)
        print_cores(task, folder, sources, asked.repeat)


def print_table(found: dict[str, dict[str, Any]], cutoff_s: float) -> None:
    """Ratios per source against ours, memory, agreement with scipy."""
    ours, truth = found["ours"], found["scipy"]
    settled = truth["settled"] / truth["sources"]
    head = (
        f"{'method':<18}{'sources':>8}{'cpu s':>9}{'ns/node':>9}{'ratio':>8}{'peak MB':>9}{'differs':>10}{'missed':>8}"
    )
    print(f"{settled:,.0f} nodes within reach of a source on average\n  {head}")
    for method, figures in found.items():
        each = figures["cpu_s"] / figures["sources"]
        ratio = each / (ours["cpu_s"] / ours["sources"])
        off, missed = deviation(figures["values"], truth["values"], cutoff_s) if figures["sources"] else (0.0, 0)
        peak = "-" if figures["peak_mb"] is None else f"{figures['peak_mb']:,.0f}"
        print(
            f"  {method:<18}{figures['sources']:>8,}{figures['cpu_s']:>9.2f}{each / settled * 1e9:>9,.0f}{ratio:>8.1f}"
            f"{peak:>9}{off:>10.0e}{missed:>8}",
            flush=True,
        )


def print_cores(task: Path, folder: Path, sources: int, repeat: int) -> None:
    """Wall time and processor time of one thread and of two, the best of several turns."""
    one, two = (measured(m, task, folder, sources=sources, repeat=max(5, repeat)) for m in ("ours", "ours-two"))
    if one is not None and two is not None:
        print(
            f"  two threads against one: {one['wall_s'] / two['wall_s']:.2f} times as fast by the clock, "
            f"for {two['best_cpu_s'] / one['best_cpu_s']:.2f} times the processor time"
        )


def cases(asked: argparse.Namespace) -> list[Case]:
    """The networks that are asked for and there."""
    found = []
    if asked.network.is_file():
        found.append(Case(asked.network.name, committed(asked.network)))
    else:
        print(f"{asked.network} is not there; left out")
    found += [Case(path.name, extract(path)) for path in asked.extract]
    return found + [Case(f"generated, {size:,}", generated(size)) for size in asked.sizes]


def main() -> None:
    """Measure travel times side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="generated networks")
    parser.add_argument("--extract", type=Path, nargs="*", default=[], help="OpenStreetMap extracts")
    parser.add_argument("--network", type=Path, default=COMMITTED, help="an edge layer")
    parser.add_argument("--sources", type=int, default=1_000)
    parser.add_argument("--demand", type=int, default=20_000)
    parser.add_argument("--cutoff-s", type=float, default=900.0)
    parser.add_argument(
        "--repeat", type=int, default=3, help="tries, of which the median counts; slow methods are measured once"
    )
    parser.add_argument("--methods", nargs="*", help="default: all that are installed")
    asked = parser.parse_args()
    methods = asked.methods or ["ours", "scipy", "scipy-renumbered", "networkx", *OPTIONAL]
    for name in OPTIONAL:
        if name in methods and importlib.util.find_spec(name) is None:
            print(f"{name} is not installed; left out")
            methods.remove(name)
    for case in cases(asked):
        report(case, methods, asked)


if __name__ == "__main__":
    main()
