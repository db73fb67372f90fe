"""Which streets and rural roads are through roads: those on the quickest ways between towns, villages and gates."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, cKDTree

from instances.zhuzhou.generator.draft import RANK, Draft
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.highways import corners_of
from instances.zhuzhou.generator.ways import ways
from models.arrays import FloatArray, IntArray

TRUNK = ("motorway", "motorway_link", "trunk", "primary", "secondary")
NEIGHBOURS_M = 22_000.0
LANE_FACTOR = 10.0  # lanes are no through roads


def with_through_roads(facts: Facts, draft: Draft, villages: FloatArray) -> Draft:
    """Raise the class of edges on ways between neighbouring towns (secondary) and from villages to towns (tertiary)."""
    speed = draft.edges["road_class"].map(facts.settings["speed_kph"]).to_numpy(dtype=float)
    graph = ways(draft, draft.length() / speed * _factor(draft))
    corner = corners_of(draft)
    tree = cKDTree(draft.xy[corner])
    towns = facts.towns[["x", "y"]].to_numpy()
    town = corner[tree.query(towns)[1]]
    near = _neighbours(towns)
    classes = draft.edges["road_class"].to_numpy(dtype=object).copy()
    distance, before = graph.tree(town)
    _raise(classes, "secondary", graph.edges_to(before[near[:, 0]], town[near[:, 1]]))
    village = corner[tree.query(villages)[1]]
    nearest = distance[:, village].argmin(axis=0)
    _raise(classes, "tertiary", graph.edges_to(before[nearest], village))
    return Draft(draft.xy, draft.edges.assign(road_class=classes))


def with_trunk_joined(draft: Draft) -> Draft:
    """Raise the class of the shortest ways that join the parts of the trunk network to its greatest part."""
    classes = draft.edges["road_class"].to_numpy(dtype=object).copy()
    u, v = draft.edges["u"].to_numpy(), draft.edges["v"].to_numpy()
    n = len(draft.xy)
    graph = ways(draft, draft.length() * _factor(draft))
    trunk = np.isin(classes, TRUNK)
    lines = sp.coo_array((np.ones(int(trunk.sum())), (u[trunk], v[trunk])), shape=(n, n))
    part = connected_components(lines, directed=False)[1]
    ends = np.unique(np.concatenate([u[trunk], v[trunk]]))
    great = np.bincount(part[ends]).argmax()
    distance, before = graph.nearest_tree(ends[part[ends] == great])
    others = pd.DataFrame({"node": ends, "part": part[ends], "distance": distance[ends]})
    others = others[(others["part"] != great) & np.isfinite(others["distance"])].sort_values(["distance", "node"])
    goals = others.drop_duplicates("part")["node"].to_numpy(dtype=np.int64)
    _raise(classes, "secondary", graph.edges_to(np.broadcast_to(before, (len(goals), n)), goals))
    return Draft(draft.xy, draft.edges.assign(road_class=classes))


def _factor(draft: Draft) -> FloatArray:
    return np.where(draft.edges["road_class"] == "service", LANE_FACTOR, 1.0)


def _neighbours(towns: FloatArray) -> IntArray:
    """Pairs (n, 2) of towns next to each other."""
    triangle = Delaunay(towns).simplices
    sides = np.concatenate([triangle[:, [0, 1]], triangle[:, [1, 2]], triangle[:, [0, 2]]])
    pairs = np.unique(np.sort(sides, axis=1), axis=0).astype(np.int64)
    return pairs[np.hypot(*(towns[pairs[:, 0]] - towns[pairs[:, 1]]).T) < NEIGHBOURS_M]


def _raise(classes: npt.NDArray[np.object_], to: str, edges: IntArray) -> None:
    """Set edges of a lesser class than `to`."""
    lesser = np.array([RANK.index(c.removesuffix("_link")) > RANK.index(to) for c in classes[edges]], dtype=bool)
    classes[edges[lesser]] = to
