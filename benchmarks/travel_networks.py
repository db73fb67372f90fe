"""Networks to measure travel times on: generated ones, an OpenStreetMap extract, a committed edge layer."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from solver.network.graph import build_network
from solver.network.osm import read_osm
from solver.network.roadnetwork import RoadNetwork
from solver.network.store import read_edges

SPACING_M = 100.0
GONE = 0.25  # share of the grid's edges left out
ONE_WAY = 0.15  # share of local streets that are one-way
SPEEDS_KPH = {32: 80.0, 8: 50.0, 1: 30.0}  # every 32nd row and column is a trunk road, every 8th a main road


def generated(n_nodes: int, seed: int = 1) -> RoadNetwork:
    """A bent grid with gaps, one-way streets and faster roads: about `n_nodes` nodes in no particular order."""
    rng = np.random.default_rng(seed)
    side = round((n_nodes * 1.03) ** 0.5)  # some nodes are not reached both ways and stay out
    row, column = np.divmod(np.arange(side * side), side)
    xy = np.column_stack([column, row]) * SPACING_M + rng.uniform(-30, 30, (side * side, 2))
    east, north = np.flatnonzero(column < side - 1), np.flatnonzero(row < side - 1)
    start = np.concatenate([east, north])
    end = np.concatenate([east + 1, north + side])
    lane = np.concatenate([row[east], column[north]])
    speed = np.select([lane % every == 0 for every in SPEEDS_KPH], list(SPEEDS_KPH.values()))
    kept = (rng.random(len(start)) >= GONE) | (speed > 30)
    start, end, speed = start[kept], end[kept], speed[kept]
    oneway = np.full(len(start), "both", dtype=object)
    single = (speed == 30) & (rng.random(len(start)) < ONE_WAY)
    oneway[single] = rng.choice(["forward", "backward"], int(single.sum()))
    number = rng.permutation(side * side)
    lines = shapely.linestrings(np.stack([xy[start], xy[end]], axis=1))
    table = pd.DataFrame(
        {"edge_id": np.arange(len(start)), "from_node": number[start], "to_node": number[end], "oneway": oneway}
    ).assign(road_class="road", name="", ref="", length_m=shapely.length(lines), speed_kph=speed, level=0)
    table = table.assign(drive=True, walk=True, truck=True, bridge=False, tunnel=False)
    return build_network(gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:4547"))


def extract(path: Path) -> RoadNetwork:
    """The driving network of an OpenStreetMap extract."""
    return build_network(read_osm(path).edges)


def committed(path: Path) -> RoadNetwork:
    """The driving network of an edge layer."""
    return build_network(read_edges(path))


def save_task(network: RoadNetwork, path: Path, *, sources: int, demand: int, cutoff_s: float, seed: int = 2) -> None:
    """What every method gets: arcs, places of the nodes, the order they came in, and who asks for whom."""
    rng = np.random.default_rng(seed)
    np.savez(
        path,
        tail=network.tail,
        head=network.head,
        time_s=network.time_s,
        xy=network.node_xy,
        arc_edge=network.arc_edge,
        arc_forward=network.arc_forward,
        edge_from=network.edge_from,
        edge_to=network.edge_to,
        came=np.argsort(np.argsort(network.node_id)).astype(np.int32),  # place of each node in the layer's own order
        source=rng.choice(network.n_nodes, min(sources, network.n_nodes), replace=False),
        demand=np.sort(rng.choice(network.n_nodes, min(demand, network.n_nodes), replace=False)),
        cutoff_s=cutoff_s,
    )
