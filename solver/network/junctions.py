"""Junctions of a network as candidate sites, where nobody has drawn any yet."""

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from models.messages import say
from solver.errors import NetworkError
from solver.findings import named
from solver.network.roadnetwork import Floats, RoadNetwork

STREETS = 3  # so many meet at a junction
NAMES_JOINED = " / "


def junctions(network: RoadNetwork, *, classes: Collection[str] = (), every_m: float = 250.0) -> gpd.GeoDataFrame:
    """Nodes where at least three streets of `classes` (all if empty) meet, one for each square of `every_m`.

    Of a square's junctions the one where most streets meet is taken, of equals the one nearest to the middle. Columns
    `site_id` ("J-" and the node), `streets` (how many meet), `name` (of the streets that have one), geometry. Raises
    NetworkError for a class that is not there, and where no junction is left.
    """
    if not 0 < every_m < np.inf:
        raise NetworkError(say("every_m is {every_m:g}; must be above 0", every_m=every_m))
    known = sorted(set(network.road_class))
    absent = sorted(set(classes) - set(known))
    if absent:
        raise NetworkError(
            say(
                "{absent} is no class of the {mode} network; it has {known}",
                absent=named(absent),
                mode=network.mode,
                known=named(known),
            )
        )
    wanted = np.isin(network.road_class.astype(str), list(classes or known))
    ends = pd.DataFrame(
        {
            "node": np.concatenate([network.edge_from[wanted], network.edge_to[wanted]]),
            "name": np.tile(network.name[wanted], 2),
        }
    )
    streets = ends.groupby("node").size()
    met = streets[streets >= STREETS].sort_index()
    if met.empty:
        of = named(sorted(classes) or known)
        raise NetworkError(
            say("no node of the {mode} network has {n} streets of {of}", mode=network.mode, n=STREETS, of=of)
        )
    node = met.index.to_numpy(dtype=np.int64)
    chosen = _one_per_square(network.node_xy[node], met.to_numpy(dtype=np.int64), every_m)
    node = node[chosen]
    names = ends[ends["node"].isin(node) & (ends["name"] != "")].groupby("node")["name"].agg(_joined)
    table = pd.DataFrame(
        {
            "site_id": [f"J-{number}" for number in network.node_id[node]],
            "streets": met.to_numpy(dtype=np.int64)[chosen],
            "name": names.reindex(node).fillna("").to_numpy(dtype=object),
        }
    )
    return gpd.GeoDataFrame(table, geometry=shapely.points(network.node_xy[node]), crs=network.crs)


def _one_per_square(xy: Floats, streets: NDArray[np.int64], every_m: float) -> NDArray[np.intp]:
    """Positions of the chosen junctions, ascending."""
    square = np.floor(xy / every_m)
    off_middle = np.hypot(*(xy - (square + 0.5) * every_m).T)
    order = np.lexsort((off_middle, -streets, square[:, 1], square[:, 0]))
    ordered = square[order]
    first = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])
    return np.sort(order[first])


def _joined(names: "pd.Series[str]") -> str:
    return NAMES_JOINED.join(sorted(set(names)))
