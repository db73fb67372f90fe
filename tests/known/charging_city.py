"""Charging in a real city, made from an OpenStreetMap extract: car parks may take piles, streets want energy.

Candidates are the nodes and ways tagged amenity=parking; places the residential streets in squares of 150 m, their
energy in proportion to the metres of street; travel five minutes' drive on the same roads.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely

from models.charging.kinds import PileKind
from models.charging.piles import Charging
from models.problem import SitingProblem
from solver.api.frames import demand_from_frame, problem_on_roads, sites_from_frame
from solver.network.osm import read_osm
from solver.study.schema import Reach

SQUARE_M, MINUTES, KWH_PER_M = 150.0, 5.0, 0.05
CRS = {"columbus": "EPSG:32617", "porto_alegre_poa": "EPSG:31982"}


def car_parks(extract: Path, crs: str) -> gpd.GeoDataFrame:
    """Columns `id` and a point: the mean of a way's vertices."""
    rows = []
    for item in osmium.FileProcessor(str(extract)).with_locations().with_filter(osmium.filter.KeyFilter("amenity")):
        if item.tags["amenity"] != "parking" or item.is_relation():
            continue
        places = [item.location] if item.is_node() else [n.location for n in item.nodes if n.location.valid()]
        lon, lat = np.mean([(place.lon, place.lat) for place in places], axis=0)
        rows.append((f"{'node' if item.is_node() else 'way'}-{item.id}", lon, lat))
    table = pd.DataFrame(rows, columns=["id", "lon", "lat"])
    points = gpd.points_from_xy(table["lon"], table["lat"], crs=4326)
    return gpd.GeoDataFrame(table[["id"]], geometry=points).to_crs(crs)


def streets(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Columns `id`, `kwh` and a point for every square with residential streets."""
    lines = roads.geometry[roads["road_class"].astype(str).isin(["residential", "living_street"])].to_numpy()
    middle = shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True))
    table = pd.DataFrame({"x": middle[:, 0], "y": middle[:, 1], "kwh": KWH_PER_M * shapely.length(lines)})
    square = [np.floor(table[axis] / SQUARE_M).astype(int) for axis in ("x", "y")]
    sums = table.groupby(square).agg(x=("x", "mean"), y=("y", "mean"), kwh=("kwh", "sum"))
    ids = [f"q{number}" for number in range(len(sums))]
    return gpd.GeoDataFrame(
        {"id": ids, "kwh": sums["kwh"].to_numpy()}, geometry=gpd.points_from_xy(sums["x"], sums["y"]), crs=roads.crs
    )


def charging_city(extract: Path) -> Charging:
    """Fast piles of 120 kW and slow ones of 7 kW, half of them slow at least; car parks bear 200 to 1,000 kW."""
    crs = CRS[extract.name.split(".")[0]]
    roads = read_osm(extract, crs=crs).edges
    parks = car_parks(extract, crs)
    problem: SitingProblem = problem_on_roads(
        demand_from_frame(streets(roads), id="id", weight="kwh"),
        sites_from_frame(parks.assign(cost=300_000.0), id="id", cost="cost"),
        roads,
        Reach(limit_min=MINUTES, mode="drive"),
        snap_limit_m=1_000.0,
    )
    n = len(problem.sites)
    kinds = (
        PileKind("fast", 120.0, 900.0, np.full(n, 60_000.0), np.full(n, 10.0)),
        PileKind("slow", 7.0, 60.0, np.full(n, 5_000.0), np.full(n, 60.0)),
    )
    grid = np.random.default_rng(0).choice([200.0, 400.0, 1_000.0], n)
    return Charging(problem, kinds, grid_limit_kw=grid, min_share={"slow": 0.5})
