"""Small working studies to start from: a town with streets and a table of travel times, made on the spot, and the
teaching studies."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from models.arrays import FloatArray
from solver.cli.teaching import TEACHING, copy_teaching
from solver.network.store import write_edges

CRS = "EPSG:4547"
HERE = Path(__file__).parent
WEST_M, SOUTH_M, BLOCK_M, BLOCKS = 500_000.0, 3_080_000.0, 250.0, 10


@dataclass(frozen=True)
class Example:
    """An example by what it shows and what writes it into a folder."""

    what: str
    write: Callable[[Path], None]


def write_town(folder: Path) -> None:
    """A grid of streets with a main road, 100 blocks of people in two districts, 25 candidates, one clinic."""
    shutil.copyfile(HERE / "town.toml", folder / "study.toml")
    write_edges(_streets(), folder / "roads.gpkg")
    column, row = (a.ravel() for a in np.meshgrid(np.arange(BLOCKS), np.arange(BLOCKS)))
    x, y = column + 0.2 + 0.05 * ((5 * column + 2 * row) % 9), row + 0.1 + 0.05 * ((3 * column + 7 * row) % 11)
    district = np.where(x < BLOCKS / 2, "west", "east")
    people = 40 + 10 * ((7 * np.floor(x) + 3 * np.floor(y)) % 11) + np.where(np.hypot(x - 3, y - 4) < 2.5, 250, 0)
    blocks = {"place_id": [f"B-{i + 1:03}" for i in range(len(x))], "population": people.astype(int)}
    _layer(folder, "places", {**blocks, "district": district}, x, y)
    pick = np.flatnonzero((np.floor(x) % 2 == 0) & (np.floor(y) % 2 == 0))
    cost = 1_000_000 + 100_000 * (np.floor(x[pick]) + 2 * np.floor(y[pick])) % 900_000
    sites = {"site_id": [f"C-{i + 1:02}" for i in range(len(pick))], "cost": cost, "district": district[pick]}
    _layer(folder, "candidates", sites, np.floor(x[pick]) + 0.1 + 0.08 * (np.arange(len(pick)) % 11), y[pick])
    _layer(folder, "existing", {"site_id": ["E-01"], "district": ["east"]}, np.array([7.2]), np.array([8.4]))


def write_matrix(folder: Path) -> None:
    """Three tables: places, sites, minutes."""
    shutil.copyfile(HERE / "matrix.toml", folder / "study.toml")
    pd.DataFrame({"place": ["A", "B", "C", "D"], "people": [100, 200, 300, 50]}).to_csv(
        folder / "places.csv", index=False
    )
    pd.DataFrame({"site": ["X", "Y", "Z"], "cost": [1e6, 1e6, 2e6]}).to_csv(folder / "sites.csv", index=False)
    minutes = [
        ("A", "X", 3),
        ("B", "X", 9),
        ("C", "X", 14),
        ("C", "Y", 5),
        ("D", "Y", 8),
        ("B", "Z", 4),
        ("D", "Z", 12),
    ]
    pd.DataFrame(minutes, columns=["place", "site", "minutes"]).to_csv(folder / "times.csv", index=False)


EXAMPLES = {
    "town": Example("a small town with streets, places, candidate sites and an existing one", write_town),
    "matrix": Example("travel times from a table in place of a road network", write_matrix),
    **{name: Example(what, partial(copy_teaching, name)) for name, what in TEACHING.items()},
}


def _layer(folder: Path, name: str, columns: dict[str, object], x: FloatArray, y: FloatArray) -> None:
    points = shapely.points(WEST_M + BLOCK_M * x, SOUTH_M + BLOCK_M * y)
    frame = gpd.GeoDataFrame(columns, geometry=points, crs=CRS)
    frame.to_file(folder / "layers.gpkg", layer=name, driver="GPKG")


def _streets() -> gpd.GeoDataFrame:
    """Streets along every block; the middle one is a main road."""
    node = np.arange((BLOCKS + 1) ** 2).reshape(BLOCKS + 1, BLOCKS + 1)
    ends = [(node[r, c], node[r, c + 1]) for r in range(BLOCKS + 1) for c in range(BLOCKS)]
    ends += [(node[r, c], node[r + 1, c]) for r in range(BLOCKS) for c in range(BLOCKS + 1)]
    begin, end = np.array(ends).T
    place = [
        np.stack([WEST_M + BLOCK_M * (n % (BLOCKS + 1)), SOUTH_M + BLOCK_M * (n // (BLOCKS + 1))], 1)
        for n in (begin, end)
    ]
    main = (begin // (BLOCKS + 1) == BLOCKS // 2) & (end // (BLOCKS + 1) == BLOCKS // 2)
    n = len(begin)
    columns = {
        "edge_id": np.arange(n),
        "from_node": begin,
        "to_node": end,
        "road_class": np.where(main, "primary", "residential"),
        "name": np.where(main, "Main Road", ""),
        "ref": [""] * n,
        "length_m": np.full(n, BLOCK_M),
        "speed_kph": np.where(main, 50.0, 30.0),
        "oneway": ["both"] * n,
        **{mode: np.ones(n, dtype=bool) for mode in ("drive", "walk", "truck")},
        **{kind: np.zeros(n, dtype=bool) for kind in ("bridge", "tunnel")},
        "level": np.zeros(n, dtype=int),
    }
    return gpd.GeoDataFrame(columns, geometry=shapely.linestrings(np.stack(place, axis=1)), crs=CRS)
