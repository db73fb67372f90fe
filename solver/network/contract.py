"""Chains of edges through nodes where nothing happens become one edge; the line on the ground stays.

A node goes when exactly two different edges end there, alike in every column, and a one-way street runs through.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from solver.network.layout import lines_of, runs, starts_of

OWN = ("edge_id", "from_node", "to_node", "length_m")
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def contract(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Merge chains of degree-2 nodes of an edge layer; lengths add up, `edge_id` is numbered anew.

    Edges drawn against their one-way direction are turned round first, so `oneway` is afterwards "both" or "forward".
    """
    geometry = edges.geometry.to_numpy()
    sizes = shapely.get_num_coordinates(geometry).astype(np.int64)
    table = pd.DataFrame(edges.drop(columns=edges.active_geometry_name))
    table, xy, sizes = contract_flat(table, shapely.get_coordinates(geometry), sizes)
    return gpd.GeoDataFrame(table, geometry=lines_of(xy, sizes), crs=edges.crs)


def contract_flat(table: pd.DataFrame, xy: Floats, sizes: Ints) -> tuple[pd.DataFrame, Floats, Ints]:
    """As `contract`, with the lines as flat vertices, shape (sizes.sum(), 2): a third of the memory of geometries."""
    table, turned = _drawn_forward(table)
    order, flipped, start = _walk(_partners(table), len(table))
    first = order[start[:-1]]
    lines = _merged_vertices((xy, sizes), order, flipped ^ turned[order], start)
    ends = table[["from_node", "to_node"]].to_numpy(dtype=np.int64)
    last = start[1:] - 1
    columns: dict[str, object] = {
        "edge_id": np.arange(len(first), dtype=np.int64),
        "from_node": ends[first, flipped[start[:-1]].astype(np.intp)],
        "to_node": ends[order[last], 1 - flipped[last].astype(np.intp)],
        "length_m": np.add.reduceat(table["length_m"].to_numpy(dtype=np.float64)[order], start[:-1]),
    }
    return table.iloc[first].reset_index(drop=True).assign(**columns), *lines


def _drawn_forward(table: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Edges whose one-way direction is against their line have their ends swapped, and are marked: turn the line."""
    back = (table["oneway"] == "backward").to_numpy(dtype=bool)
    if not back.any():
        return table, back
    turned = table.assign(
        from_node=np.where(back, table["to_node"], table["from_node"]),
        to_node=np.where(back, table["from_node"], table["to_node"]),
        oneway=table["oneway"].where(~back, "forward"),
    )
    return turned, back


def _partners(table: pd.DataFrame) -> Ints:
    """(2 n,) for the first (2 e) and last (2 e + 1) end of each edge the end it is joined to, -1 = none."""
    alike = [c for c in table.columns if c not in OWN]
    key = table.groupby(alike, sort=False, dropna=False).ngroup().to_numpy()
    one_way = (table["oneway"] != "both").to_numpy()
    node = table[["from_node", "to_node"]].to_numpy(dtype=np.int64).ravel()
    order = np.argsort(node, kind="stable")
    _, first, degree = np.unique(node[order], return_index=True, return_counts=True)
    pair = first[degree == 2]
    a, b = order[pair], order[pair + 1]
    joined = (a // 2 != b // 2) & (key[a // 2] == key[b // 2]) & (~one_way[a // 2] | (a % 2 != b % 2))
    partner = np.full(len(node), -1, dtype=np.int64)
    partner[a[joined]], partner[b[joined]] = b[joined], a[joined]
    return partner


def _walk(partner: Ints, n_edges: int) -> tuple[Ints, NDArray[np.bool_], Ints]:
    """Edges chain by chain, whether each is walked backwards, and (n_chains + 1,) where chains start.

    Open chains are walked from an unjoined first end where they have one, rings from the first end of their first edge.
    """
    joined = np.flatnonzero(partner >= 0)
    links = coo_array((np.ones(len(joined), bool), (joined // 2, partner[joined] // 2)), shape=(n_edges, n_edges))
    n_chains, chain = connected_components(links, directed=False)
    partner, ring = _cut_rings(partner, chain, n_chains)
    free = np.flatnonzero(partner < 0)
    free = free[np.lexsort((free // 2, free % 2, ring[chain[free // 2]]))]
    begins = free[np.sort(np.unique(chain[free // 2], return_index=True)[1])]  # (n_chains,) ends walked from
    number = np.empty(n_chains, dtype=np.int64)
    number[chain[begins // 2]] = np.arange(n_chains)
    of_edge = number[chain]
    root, rank = _ranked(partner)
    flipped = root[::2] != begins[of_edge]  # the walk that enters at the first end began elsewhere
    order = np.lexsort((np.where(flipped, rank[1::2], rank[::2]), of_edge))
    return order, flipped[order], starts_of(np.bincount(of_edge, minlength=n_chains))


def _cut_rings(partner: Ints, chain: NDArray[np.int32], n_chains: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Rings opened before the first end of their first edge, and which chains are rings."""
    ring = np.ones(n_chains, dtype=bool)
    ring[chain[np.flatnonzero(partner < 0) // 2]] = False
    of_rings = np.flatnonzero(ring[chain])
    cut = 2 * of_rings[np.unique(chain[of_rings], return_index=True)[1]]
    partner = partner.copy()
    partner[partner[cut]] = -1
    partner[cut] = -1
    return partner, ring


def _ranked(partner: Ints) -> tuple[Ints, Ints]:
    """For a walk that enters an edge at each end, (2 n,): the end it began at, and how many edges came before.

    By pointer doubling (Wyllie, 1979): as many rounds as the longest chain has binary digits.
    """
    itself = np.arange(len(partner))
    before = np.where(partner >= 0, partner ^ 1, itself)
    rank = (before != itself).astype(np.int64)
    while True:
        farther = before[before]
        if (farther == before).all():
            return before, rank
        rank = rank + rank[before]
        before = farther


def _merged_vertices(
    lines: tuple[Floats, Ints], order: Ints, flipped: NDArray[np.bool_], start: Ints
) -> tuple[Floats, Ints]:
    """Flat vertices of all chains and their number in each; a vertex where two edges join is taken once."""
    xy, count = lines
    vertex = starts_of(count)
    inner = np.ones(len(order), dtype=np.int64)
    inner[start[:-1]] = 0  # the first edge of a chain gives all its vertices, the others all but one
    step = np.where(flipped, -1, 1)
    begin = np.where(flipped, vertex[order + 1] - 1, vertex[order]) + step * inner
    taken = count[order] - inner
    return xy[runs(begin, taken, step)], np.add.reduceat(taken, start[:-1])
