"""Homes and hospitals out of the OpenStreetMap extract: python instances/columbus/prepare.py

Reads data/columbus.osm.pbf and data/roads.parquet. Writes data/homes.csv: squares of 500 m with the metres of
residential street in them, a stand-in for the people who live there, at the middle of these streets. Writes
data/hospitals.gpkg: nodes and ways tagged amenity=hospital, as points.
"""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely

from solver.inputs.layers import write_layer
from solver.network.graph import build_network
from solver.network.roadnetwork import RoadNetwork
from solver.network.store import read_edges

DATA = Path(__file__).parent / "data"
SQUARE_M = 500.0


def homes(network: RoadNetwork) -> pd.DataFrame:
    """One row for each square with residential streets: columns `id`, `x`, `y`, `street_m`."""
    lines = network.geometry[np.isin(network.road_class.astype(str), ["residential", "living_street"])]
    middle = shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True))
    table = pd.DataFrame({"x": middle[:, 0], "y": middle[:, 1], "street_m": shapely.length(lines)})
    table["column"], table["row"] = (np.floor(table[axis] / SQUARE_M).astype(int) for axis in ("x", "y"))
    weighted = table.assign(x=table["x"] * table["street_m"], y=table["y"] * table["street_m"])
    sums = weighted.groupby(["column", "row"], as_index=False)[["x", "y", "street_m"]].sum()
    ids = [f"H-{column}-{row}" for column, row in zip(sums["column"], sums["row"], strict=True)]
    places = {"id": ids, "x": sums["x"] / sums["street_m"], "y": sums["y"] / sums["street_m"]}
    return pd.DataFrame(places).assign(street_m=sums["street_m"]).round(1)


def hospitals(extract: Path, crs: str) -> gpd.GeoDataFrame:
    """Columns `site_id`, `name` and a point; of a way the mean of its vertices."""
    rows = []
    for item in osmium.FileProcessor(str(extract)).with_locations().with_filter(osmium.filter.KeyFilter("amenity")):
        if item.tags["amenity"] != "hospital" or item.is_relation():
            continue
        places = [item.location] if item.is_node() else [n.location for n in item.nodes if n.location.valid()]
        lon, lat = np.mean([(place.lon, place.lat) for place in places], axis=0)
        kind = "node" if item.is_node() else "way"
        rows.append({"site_id": f"{kind}-{item.id}", "name": item.tags.get("name", ""), "lon": lon, "lat": lat})
    table = pd.DataFrame(rows)
    points = gpd.points_from_xy(table["lon"], table["lat"], crs=4326)
    return gpd.GeoDataFrame(table[["site_id", "name"]], geometry=points).to_crs(crs)


def main(data: Path) -> None:
    """Write the layers of a folder of data."""
    network = build_network(read_edges(data / "roads.parquet"), mode="drive")
    places = homes(network)
    places.to_csv(data / "homes.csv", index=False)
    print(f"{data / 'homes.csv'}: {len(places):,} squares, {places['street_m'].sum() / 1000:,.0f} km of street")
    there = hospitals(data / "columbus.osm.pbf", network.crs)
    write_layer(there, data / "hospitals.gpkg")
    print(f"{data / 'hospitals.gpkg'}: {len(there):,} hospitals: {', '.join(there['name'])}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
