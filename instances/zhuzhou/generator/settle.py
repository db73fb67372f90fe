"""From the draft to the edge layer: whole metres, no wet edge, one component, no one-way trap, small columns."""

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import connected_components

from instances.zhuzhou.generator.classes import TRUNK, with_trunk_joined
from instances.zhuzhou.generator.draft import Draft
from instances.zhuzhou.generator.facts import Facts
from models.arrays import BoolArray, IntArray


def settled(draft: Draft, river: shapely.Geometry) -> Draft:
    """A network as it is published; nodes keep their numbers, some are no longer used."""
    draft = Draft(np.round(draft.xy), draft.edges)
    draft = _only(draft, draft.length() >= 1.0)
    draft = _dry(draft, river)
    part = _components(draft, np.ones(len(draft.edges), dtype=bool), "weak")
    draft = _only(draft, part[draft.edges["u"]] == np.bincount(part).argmax())
    draft = with_trunk_joined(draft)
    trunk = draft.edges["road_class"].isin(TRUNK).to_numpy()
    for rows in (trunk, np.ones(len(trunk), dtype=bool)):  # the trunk network is drivable by itself
        draft = _no_trap(draft, rows)
    return draft


def _dry(draft: Draft, river: shapely.Geometry) -> Draft:
    """Unbend what got wet, make ramps over water bridges, leave out what is wet all the same."""
    wet = shapely.intersects(river, lines_of(draft)) & ~draft.edges["bridge"].to_numpy(dtype=bool)
    ramp = (draft.edges["road_class"] == "motorway_link").to_numpy()
    bend = np.where(wet, 0.0, draft.edges["bend_m"])
    bridge = draft.edges["bridge"].to_numpy(dtype=bool) | (wet & ramp)
    draft = Draft(draft.xy, draft.edges.assign(bend_m=bend, bridge=bridge))
    return _only(draft, ~shapely.intersects(river, lines_of(draft)) | bridge)


def _no_trap(draft: Draft, rows: BoolArray) -> Draft:
    """One-way edges among `rows` (n_edges,) outside the strongly connected part of these edges go both ways."""
    part = _components(draft, rows, "strong")
    u, v = draft.edges["u"].to_numpy(), draft.edges["v"].to_numpy()
    core = np.bincount(part[u[rows]]).argmax()
    trap = rows & ((part[u] != core) | (part[v] != core))
    return Draft(draft.xy, draft.edges.assign(oneway=draft.edges["oneway"].where(~trap, "both")))


def _only(draft: Draft, kept: BoolArray) -> Draft:
    return Draft(draft.xy, draft.edges[kept].reset_index(drop=True))


def _components(draft: Draft, rows: BoolArray, connection: str) -> IntArray:
    u, v, way = (draft.edges[c].to_numpy()[rows] for c in ("u", "v", "oneway"))
    there, back = way != "backward", way != "forward"
    tail, head = np.concatenate([u[there], v[back]]), np.concatenate([v[there], u[back]])
    n = len(draft.xy)
    graph = sp.coo_array((np.ones(len(tail)), (tail, head)), shape=(n, n)).tocsr()
    return connected_components(graph, directed=True, connection=connection)[1].astype(np.int64)


def lines_of(draft: Draft) -> np.ndarray:
    """The edges as lines of two points, or three where they bend, in whole metres."""
    a, b = draft.ends()
    length = np.maximum(np.hypot(*(b - a).T), 1.0)
    bend = draft.edges["bend_m"].to_numpy().clip(-0.2 * length, 0.2 * length)
    normal = np.column_stack([-(b - a)[:, 1], (b - a)[:, 0]]) / length[:, None]
    middle = np.round((a + b) / 2 + bend[:, None] * normal)
    bent = np.abs(bend) >= 3
    out = shapely.linestrings(np.stack([a, b], axis=1))
    out[bent] = shapely.linestrings(np.stack([a, middle, b], axis=1)[bent])
    return out


def edge_layer(draft: Draft, facts: Facts) -> gpd.GeoDataFrame:
    """The columns of the edge contract, with small types."""
    edges, lines = draft.edges, lines_of(draft)
    kind = edges["road_class"].astype(str)
    fast = kind.isin(["motorway", "motorway_link"])
    frame = pd.DataFrame(
        {
            "edge_id": np.arange(len(edges), dtype=np.int32),
            "from_node": edges["u"].astype(np.int32),
            "to_node": edges["v"].astype(np.int32),
            "road_class": kind,
            "name": edges["name"].astype(str),
            "ref": edges["ref"].astype(str),
            "length_m": np.round(shapely.length(lines), 1),
            "speed_kph": kind.map(facts.settings["speed_kph"]).astype(np.float32),
            "oneway": edges["oneway"].astype(str),
            "drive": True,
            "walk": ~fast,
            "truck": kind != "service",
            "bridge": edges["bridge"].astype(bool),
            "tunnel": False,
            "level": edges["level"].astype(np.int8),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=lines, crs=facts.settings["crs"])
