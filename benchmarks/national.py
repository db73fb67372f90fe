"""A made country, district by district on the workers of a Dask scheduler: seconds and memory of all who take part.

    python -m benchmarks.national                              three sizes, two workers on this machine
    python -m benchmarks.national --places 100000 --workers 2
    python -m benchmarks.national --keep national              leaves study and result in a folder, to look at

Every district is a square of its own with 2,000 places and 100 candidate sites around eight towns, 60 to 70 % of them
near one; places near a border are reached from both sides. 13.5 % of all sites may open, between 5 and 25 in each
district. The study is a study file as any other; `decompose = true` has it solved district by district. Memory is the
most that each process has held at once, the libraries included.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from benchmarks.rows.figure import KIB, most_memory_mb
from models.arrays import FloatArray

ROOT = Path(__file__).parent.parent
SIDE_M, TOWNS, REACH_M, SPREAD_M = 30_000.0, 8, 1_500.0, 1_200.0
PLACES, SITES, OPEN = 2_000, 100, 0.135
FEWEST, GREATEST = 5, 25

STUDY = """# A made country: {districts} districts of {places} places and {sites} candidate sites.
[study]
name = "country"
crs = "EPSG:4547"
note = "generated: no place, site or distance is real"

[solve]
time_limit_s = {limit_s}
gap = {gap}

[travel]
matrix = "travel.parquet"
missing_pairs = "unreachable"

[programmes.clinics]
model = "max-cover"
decompose = true
open = {open}
at_least_per_group = {fewest}
at_most_per_group = {greatest}
  [programmes.clinics.demand]
  file = "places.parquet"
  id = "place_id"
  weight = "people"
  group = "district"
  [programmes.clinics.sites]
  file = "candidates.parquet"
  id = "site_id"
  group = "district"
  [programmes.clinics.reach]
  limit_m = {reach}
"""


def scattered(rng: np.random.Generator, towns: FloatArray, corner: FloatArray, n: int, near: float) -> FloatArray:
    """Points (n, 2) of one district, a share of them near a town."""
    k = int(near * n)
    around = towns[rng.integers(0, len(towns), k)] + rng.normal(0, SPREAD_M, (k, 2))
    return np.vstack([around, rng.uniform(0, SIDE_M, (n - k, 2))]) + corner


def write_country(folder: Path, districts: int, *, limit_s: float, gap: float) -> int:
    """Layers, distances and study of a made country; how many pairs are within reach."""
    rng = np.random.default_rng(7)
    across = int(np.ceil(np.sqrt(districts)))
    places, sites = [], []
    for k in range(districts):
        corner = SIDE_M * np.array([k % across, k // across], dtype=np.float64)
        towns = rng.uniform(0, SIDE_M, (TOWNS, 2))
        places.append(scattered(rng, towns, corner, PLACES, 0.7))
        sites.append(scattered(rng, towns, corner, SITES, 0.6))
    place_xy, site_xy = np.vstack(places), np.vstack(sites)
    near = cKDTree(site_xy).sparse_distance_matrix(cKDTree(place_xy), REACH_M, output_type="coo_matrix")
    place_id = np.array([f"P-{k:07}" for k in range(len(place_xy))])
    site_id = np.array([f"S-{k:06}" for k in range(len(site_xy))])
    people = rng.integers(1, 101, len(place_xy))
    _layer(
        folder / "places.parquet", place_xy, place_id=place_id, people=people, district=_districts(districts, PLACES)
    )
    _layer(folder / "candidates.parquet", site_xy, site_id=site_id, district=_districts(districts, SITES))
    pairs = {"demand": place_id[near.col], "site": site_id[near.row], "value": near.data.round(1)}
    pd.DataFrame(pairs).to_parquet(folder / "travel.parquet")
    said: dict[str, Any] = {
        "districts": districts,
        "places": PLACES,
        "sites": SITES,
        "open": int(OPEN * len(site_xy)),
        "fewest": FEWEST,
        "greatest": GREATEST,
        "reach": REACH_M,
        "limit_s": limit_s,
        "gap": gap,
    }
    (folder / "study.toml").write_text(STUDY.format(**said), encoding="utf-8")
    return int(near.nnz)


def _districts(districts: int, each: int) -> list[str]:
    return [f"district {k:03}" for k in range(districts) for _ in range(each)]


def _layer(path: Path, xy: FloatArray, **columns: Any) -> None:
    frame = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs="EPSG:4547")
    frame.to_parquet(path)


def run(folder: Path, scheduler: str) -> tuple[float, float, dict[str, Any]]:
    """Seconds and memory, MB, of `siting run`, and what its result says of the programme."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.perf_counter()
    command = [sys.executable, "-m", "solver.cli.main", "run", str(folder), "--scheduler", scheduler]
    done = subprocess.run(
        [*command, "--out", str(folder / "result"), "--overwrite"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode not in (0, 5):
        sys.exit(done.stderr)
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    result = json.loads((folder / "result" / "result.json").read_text(encoding="utf-8"))
    return seconds, max(before, held) / KIB, result["programmes"]["clinics"]


def measure(districts: int, workers: int, folder: Path, asked: argparse.Namespace) -> None:
    """One size: a line of the table."""
    from distributed import Client, LocalCluster

    pairs = write_country(folder, districts, limit_s=asked.limit, gap=asked.gap)
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        seconds, memory, told = run(folder, cluster.scheduler_address)
        held = sorted(client.run(most_memory_mb).values())
    size = f"{districts * PLACES:>10,}{districts * SITES:>9,}{pairs:>12,}{districts:>10}"
    solve_s = sum(told["seconds"].get(key, 0.0) for key in ("formulate", "solve"))
    each = ", ".join(f"{mb:,.0f}" for mb in held)
    print(f"{size}{seconds:>9.1f}{solve_s:>9.1f}{told['gap']:>9.3%}{memory:>11,.0f}   {each}", flush=True)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, nargs="*", default=[24_000, 50_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=600.0)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--keep", type=Path, help="a folder for studies and results")
    asked = parser.parse_args()
    print(
        f"{'places':>10}{'sites':>9}{'pairs':>12}{'districts':>10}{'s':>9}{'solve s':>9}{'gap':>9}{'main MB':>11}   ",
        end="",
    )
    print("MB of each worker")
    for places in asked.places:
        districts = max(1, places // PLACES)
        if asked.keep is not None:
            folder = asked.keep / str(districts * PLACES)
            folder.mkdir(parents=True, exist_ok=True)
            measure(districts, asked.workers, folder, asked)
            continue
        with tempfile.TemporaryDirectory() as name:
            measure(districts, asked.workers, Path(name), asked)


if __name__ == "__main__":
    main()
