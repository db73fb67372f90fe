"""Which streets and rural roads are through roads: those on the quickest ways between towns, villages and gates."""

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay, cKDTree

from models.arrays import FloatArray, IntArray
from solver.reference.draft import RANK, Draft
from solver.reference.facts import Facts
from solver.reference.highways import corners_of


def with_through_roads(facts: Facts, draft: Draft, villages: FloatArray) -> Draft:
    """Raise the class of edges on ways between neighbouring towns (secondary) and from villages to towns (tertiary)."""
    speed = draft.edges["road_class"].map(facts.settings["speed_kph"]).to_numpy(dtype=float)
    time = draft.length() / speed
    time[(draft.edges["road_class"] == "service").to_numpy()] *= 10
    u, v = draft.edges["u"].to_numpy(), draft.edges["v"].to_numpy()
    n = len(draft.xy)
    order = np.argsort(time, kind="stable")
    pair = np.minimum(u, v) * n + np.maximum(u, v)
    _, first = np.unique(pair[order], return_index=True)
    edge = order[first]
    graph = sp.coo_array((time[edge], (u[edge], v[edge])), shape=(n, n)).tocsr()
    number = dict(zip(pair[edge].tolist(), edge.tolist(), strict=True))
    corner = corners_of(draft)
    tree = cKDTree(draft.xy[corner])
    towns = facts.towns[["x", "y"]].to_numpy()
    town = corner[tree.query(towns)[1]]
    triangle = Delaunay(towns).simplices
    near = np.unique(
        np.sort(np.concatenate([triangle[:, [0, 1]], triangle[:, [1, 2]], triangle[:, [0, 2]]]), axis=1), axis=0
    )
    near = near[np.hypot(*(towns[near[:, 0]] - towns[near[:, 1]]).T) < 22_000]
    classes = draft.edges["road_class"].to_numpy(dtype=object).copy()
    distance, before = dijkstra(graph, directed=False, indices=town, return_predecessors=True)
    _raise(classes, "secondary", _edges_on(before[near[:, 0]], town[near[:, 1]], number, n))
    village = corner[tree.query(villages)[1]]
    nearest = distance[:, village].argmin(axis=0)
    _raise(classes, "tertiary", _edges_on(before[nearest], village, number, n))
    return Draft(draft.xy, draft.edges.assign(road_class=classes))


def _edges_on(before: IntArray, goal: IntArray, number: dict[int, int], n: int) -> IntArray:
    """Edges on the way to `goal[i]` along the tree `before[i]` (n, n_nodes)."""
    at = goal.astype(np.int64).copy()
    found: list[IntArray] = []
    row = np.arange(len(at))
    while True:
        last = before[row, at].astype(np.int64)
        on = last >= 0
        if not on.any():
            break
        found.append(np.minimum(at, last)[on] * n + np.maximum(at, last)[on])
        at = np.where(on, last, at)
    keys = np.unique(np.concatenate(found))
    return np.array([number[int(k)] for k in keys], dtype=np.int64)


def _raise(classes: pd.Series, to: str, edges: IntArray) -> None:
    """Set edges of a lesser class than `to`."""
    rank = {name: i for i, name in enumerate(RANK)}
    lesser = np.array([rank[c] > rank[to] for c in classes[edges]])
    classes[edges[lesser]] = to
