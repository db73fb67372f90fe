"""Reading OpenStreetMap: seconds and memory from a PBF with a given number of way nodes to a written network.

    python -m benchmarks.network_import                               a generated town of 1.1 million way nodes
    python -m benchmarks.network_import --extract city.osm.pbf        a real extract, laid side by side until as large

The import runs in a process of its own; the best of `--repeat` turns, wall and processor time.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium

from benchmarks.travel_methods import peak_mb

WAY_NODES = 1_100_000
BLOCK = 8  # vertices of a street between two crossings, the first of them a crossing
STREET = 12  # crossings along one way
SPACING_DEG = 0.0012
CLASSES = ("residential", "residential", "service", "tertiary", "residential", "secondary", "footway", "primary")
STEP = 10_000_000_000  # between the ids of copies


def generated(path: Path, way_nodes: int, seed: int = 1) -> None:
    """A grid of bent streets with the tags that matter: classes, names, one-ways, limits, bridges, barriers."""
    rng = np.random.default_rng(seed)
    side = round((way_nodes / BLOCK / 2) ** 0.5)
    with osmium.SimpleWriter(str(path)) as writer:
        crossing = np.arange(side * side).reshape(side, side) + 1
        row, column = np.divmod(np.arange(side * side), side)
        place = np.column_stack([112.9 + column * SPACING_DEG, 27.5 + row * SPACING_DEG])
        place += rng.uniform(-2e-4, 2e-4, place.shape)
        for i, (lon, lat) in enumerate(place.tolist()):
            writer.add_node(osmium.osm.mutable.Node(id=i + 1, version=1, location=(lon, lat)))
        ways, last = [], side * side
        for line in [*crossing, *crossing.T]:
            for first in range(0, side - 1, STREET):
                stops = line[first : first + STREET + 1]
                refs = [int(stops[0])]
                for a, b in pairwise(stops):
                    for share in np.arange(1, BLOCK) / BLOCK:
                        last += 1
                        bent = place[a - 1] * (1 - share) + place[b - 1] * share + rng.uniform(-2e-5, 2e-5, 2)
                        tags = {"barrier": "gate"} if rng.random() < 1e-3 else {}
                        node = osmium.osm.mutable.Node(id=last, version=1, location=tuple(bent.tolist()), tags=tags)
                        writer.add_node(node)
                        refs.append(last)
                    refs.append(int(b))
                ways.append(refs)
        for number, refs in enumerate(ways, start=1):
            tags = {"highway": CLASSES[number % len(CLASSES)], "name": f"Street {number % 997}"}
            if rng.random() < 0.15:
                tags["oneway"] = "yes" if rng.random() < 0.9 else "-1"
            if rng.random() < 0.4:
                tags["maxspeed"] = "50"
            if rng.random() < 0.02:
                tags |= {"bridge": "yes", "layer": "1"}
            writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=refs, tags=tags))


def side_by_side(extract: Path, path: Path, way_nodes: int) -> None:
    """Copies of an extract, each a degree farther east and with ids of its own, until there are as many way nodes."""
    roads = osmium.FileProcessor(str(extract), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))
    own = sum(len(way.nodes) for way in roads)
    copies = -(-way_nodes // own)
    with osmium.SimpleWriter(str(path)) as writer:
        for kind in (osmium.osm.NODE, osmium.osm.WAY):
            for copy in range(copies):
                for item in osmium.FileProcessor(str(extract), kind):
                    own_id = item.id + copy * STEP
                    if kind == osmium.osm.NODE:
                        place = ((item.location.lon + copy + 180) % 360 - 180, item.location.lat)
                        writer.add_node(osmium.osm.mutable.Node(base=item, id=own_id, location=place))
                    else:
                        refs = [node.ref + copy * STEP for node in item.nodes]
                        writer.add_way(osmium.osm.mutable.Way(base=item, id=own_id, nodes=refs))


def one_import(file: Path, out: Path) -> None:
    """In a process of its own: read, write, say what it took."""
    from solver.network.load import ImportOptions, load_roads
    from solver.network.store import write_edges

    begun, cpu = time.perf_counter(), time.process_time()
    edges = load_roads(file, ImportOptions()).edges
    read_s, read_cpu_s = time.perf_counter() - begun, time.process_time() - cpu
    write_edges(edges, out)
    whole = {"wall_s": time.perf_counter() - begun, "cpu_s": time.process_time() - cpu}
    print(json.dumps({**whole, "read_s": read_s, "read_cpu_s": read_cpu_s, "edges": len(edges), "peak_mb": peak_mb()}))


def main() -> None:
    """Measure the import."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extract", type=Path, help="an extract to be laid side by side")
    parser.add_argument("--way-nodes", type=int, default=WAY_NODES)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--import-file", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.import_file:
        one_import(*asked.import_file)
        return
    with tempfile.TemporaryDirectory() as name:
        file, out = Path(name) / "roads.osm.pbf", Path(name) / "roads.parquet"
        if asked.extract:
            side_by_side(asked.extract, file, asked.way_nodes)
        else:
            generated(file, asked.way_nodes)
        roads = osmium.FileProcessor(str(file), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))
        sizes = [len(way.nodes) for way in roads]
        print(f"{len(sizes):,} ways, {sum(sizes):,} way nodes, {file.stat().st_size / 1e6:.1f} MB")
        command = [sys.executable, "-m", "benchmarks.network_import", "--import-file", str(file), str(out)]
        turns = []
        for _ in range(asked.repeat):
            done = subprocess.run(
                command, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, text=True, check=True
            )
            turns.append(json.loads(done.stdout.splitlines()[-1]))
        best = {key: min(turn[key] for turn in turns) for key in turns[0]}
        print(
            f"{best['edges']:,} edges: read in {best['read_s']:.1f} s (processor {best['read_cpu_s']:.1f}), "
            f"written after {best['wall_s']:.1f} s ({best['cpu_s']:.1f}); at most {best['peak_mb']:,.0f} MB"
        )


if __name__ == "__main__":
    main()
