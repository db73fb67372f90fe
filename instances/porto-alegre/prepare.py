"""Workplaces to be served, out of the hexagons of the r5r project: python instances/porto-alegre/prepare.py

Reads data/poa_hexgrid.csv and data/roads.parquet, writes data/workplaces.csv: the hexagons with jobs whose centre lies
within 400 m of a street that pedestrians can reach. What is left out is said, by name where jobs are lost.
"""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from solver.network.graph import build_network
from solver.network.snapping import nearest
from solver.network.store import read_edges

DATA = Path(__file__).parent / "data"
LIMIT_M = 400.0


def main(data: Path) -> None:
    """Write the workplaces of a folder of data."""
    hexagons = pd.read_csv(data / "poa_hexgrid.csv")
    unknown = hexagons["jobs"].isna()
    none = hexagons["jobs"] == 0
    print(f"{len(hexagons):,} hexagons; left out: {none.sum():,} without jobs, {unknown.sum():,} with unknown jobs")
    kept = hexagons[~unknown & ~none].reset_index(drop=True)
    network = build_network(read_edges(data / "roads.parquet"), mode="walk")
    places = gpd.points_from_xy(kept["lon"], kept["lat"], crs=4326).to_crs(network.crs)
    off_m = nearest(network, list(kept["id"]), np.column_stack([places.x, places.y])).distance_m
    for i in np.flatnonzero(off_m > LIMIT_M):
        print(f"left out: {kept['id'][i]}, {kept['jobs'][i]:,.0f} jobs, {off_m[i]:,.0f} m from the nearest street")
    near = kept[off_m <= LIMIT_M]
    near.to_csv(data / "workplaces.csv", index=False)
    print(f"{data / 'workplaces.csv'}: {len(near):,} hexagons, {near['jobs'].sum():,.0f} jobs")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
