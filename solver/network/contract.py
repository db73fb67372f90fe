"""Chains of edges through nodes where nothing happens become one edge; the line on the ground stays.

A node goes when exactly two different edges end there, alike in every column, and a one-way street runs through.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from solver.network.compiled import compiled
from solver.network.ragged import lines_of, runs, starts_of

OWN = ("edge_id", "from_node", "to_node", "length_m")
Ints = NDArray[np.int64]


def contract(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Merge chains of degree-2 nodes of an edge layer; lengths add up, `edge_id` is numbered anew.

    Edges drawn against their one-way direction are turned round first, so `oneway` is afterwards "both" or "forward".
    """
    edges = drawn_forward(edges)
    order, flipped, start = _walk(_partners(edges), len(edges))
    first = order[start[:-1]]
    xy, sizes = _merged_vertices(edges.geometry.to_numpy(), order, flipped, start)
    ends = edges[["from_node", "to_node"]].to_numpy(dtype=np.int64)
    last = start[1:] - 1
    columns: dict[str, object] = {
        "edge_id": np.arange(len(first), dtype=np.int64),
        "from_node": ends[first, flipped[start[:-1]].astype(np.intp)],
        "to_node": ends[order[last], 1 - flipped[last].astype(np.intp)],
        "length_m": np.add.reduceat(edges["length_m"].to_numpy(dtype=np.float64)[order], start[:-1]),
    }
    table = pd.DataFrame(edges.drop(columns=edges.active_geometry_name)).iloc[first].reset_index(drop=True)
    return gpd.GeoDataFrame(table.assign(**columns), geometry=lines_of(xy, sizes), crs=edges.crs)


def drawn_forward(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn round the edges whose one-way direction is against their geometry."""
    back = (edges["oneway"] == "backward").to_numpy()
    if not back.any():
        return edges
    geometry = np.where(back, shapely.reverse(edges.geometry.to_numpy()), edges.geometry.to_numpy())
    turned = edges.assign(
        from_node=np.where(back, edges["to_node"], edges["from_node"]),
        to_node=np.where(back, edges["from_node"], edges["to_node"]),
        oneway=edges["oneway"].where(~back, "forward"),
    )
    return turned.set_geometry(gpd.GeoSeries(geometry, index=edges.index, crs=edges.crs))


def _partners(edges: gpd.GeoDataFrame) -> Ints:
    """(2 n,) for the first (2 e) and last (2 e + 1) end of each edge the end it is joined to, -1 = none."""
    alike = [c for c in edges.columns if c not in OWN and c != edges.active_geometry_name]
    key = edges.groupby(alike, sort=False, dropna=False).ngroup().to_numpy()
    one_way = (edges["oneway"] != "both").to_numpy()
    node = edges[["from_node", "to_node"]].to_numpy(dtype=np.int64).ravel()
    order = np.argsort(node, kind="stable")
    _, first, degree = np.unique(node[order], return_index=True, return_counts=True)
    pair = first[degree == 2]
    a, b = order[pair], order[pair + 1]
    joined = (a // 2 != b // 2) & (key[a // 2] == key[b // 2]) & (~one_way[a // 2] | (a % 2 != b % 2))
    partner = np.full(len(node), -1, dtype=np.int64)
    partner[a[joined]], partner[b[joined]] = b[joined], a[joined]
    return partner


@compiled
def _walk(partner: NDArray[np.int64], n_edges: int) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Edges chain by chain, whether each is walked backwards, and (n_chains + 1,) where chains start.

    Open chains are walked from an unjoined first end where they have one; then what is left are rings.
    """
    order = np.empty(n_edges, dtype=np.int64)
    flipped = np.empty(n_edges, dtype=np.bool_)
    start = np.empty(n_edges + 1, dtype=np.int64)
    seen = np.zeros(n_edges, dtype=np.bool_)
    filled, chains = 0, 0
    for attempt in range(3):  # from unjoined first ends, from unjoined last ends, rings
        for edge in range(n_edges):
            end = 2 * edge + (1 if attempt == 1 else 0)
            if seen[edge] or (attempt < 2 and partner[end] >= 0):
                continue
            start[chains] = filled
            chains += 1
            while end >= 0 and not seen[end // 2]:
                seen[end // 2] = True
                order[filled] = end // 2
                flipped[filled] = end % 2 == 1
                filled += 1
                end = partner[end ^ 1]
    start[chains] = filled
    return order, flipped, start[: chains + 1].copy()


def _merged_vertices(
    geometry: NDArray[np.object_], order: Ints, flipped: NDArray[np.bool_], start: Ints
) -> tuple[NDArray[np.float64], Ints]:
    """Flat vertices of all chains and their number in each; a vertex where two edges join is taken once."""
    xy = shapely.get_coordinates(geometry)
    count = shapely.get_num_coordinates(geometry).astype(np.int64)
    vertex = starts_of(count)
    inner = np.ones(len(order), dtype=np.int64)
    inner[start[:-1]] = 0  # the first edge of a chain gives all its vertices, the others all but one
    step = np.where(flipped, -1, 1)
    begin = np.where(flipped, vertex[order + 1] - 1, vertex[order]) + step * inner
    taken = count[order] - inner
    return xy[runs(begin, taken, step)], np.add.reduceat(taken, start[:-1])
