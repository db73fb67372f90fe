"""All roads of the reference study, from the ground up, as the edge layer of solver.network.store."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import connected_components

from models.arrays import BoolArray, FloatArray, IntArray
from solver.reference.bridges import with_bridges
from solver.reference.classes import with_through_roads
from solver.reference.draft import Draft
from solver.reference.facts import Facts
from solver.reference.farms import with_farms
from solver.reference.highways import make_highways
from solver.reference.land import Land
from solver.reference.motorways import with_motorways
from solver.reference.rural import make_web
from solver.reference.streets import make_streets

VILLAGE_EVERY = 4  # one junction of the web in four is the seat of a village


@dataclass(frozen=True, eq=False)
class Roads:
    """The edge layer, node places (n_nodes, 2) in whole metres, and the nodes of blocks and village groups."""

    edges: gpd.GeoDataFrame
    xy: FloatArray
    block: IntArray
    block_area: IntArray
    group: IntArray
    village: IntArray
    corner: IntArray


def make_roads(facts: Facts, land: Land) -> Roads:
    """Streets, highways, bridges, the rural web, driveways and motorways, in one strongly connected network."""
    streets = make_streets(facts, land)
    base = with_bridges(facts, land, make_highways(facts, land, streets))
    web = make_web(facts, land, base, len(streets.draft.xy))
    village = np.arange(len(base.xy), len(web.xy), VILLAGE_EVERY)
    farms = with_farms(facts, land, with_through_roads(facts, web, web.xy[village]), len(base.edges))
    draft = _settled(with_motorways(facts, land, farms.draft), shapely.union_all(land.rivers))
    edges = draft.edges
    used = np.unique(edges[["u", "v"]].to_numpy())
    number = np.full(len(draft.xy), -1, dtype=np.int64)
    number[used] = np.arange(len(used))
    final = Draft(draft.xy[used], edges.assign(u=number[edges["u"]], v=number[edges["v"]]))
    block = number[streets.block]
    group, village = number[farms.group], number[village]
    return Roads(
        edges=_layer(final, facts),
        xy=final.xy,
        block=block[block >= 0],
        block_area=streets.block_area[block >= 0],
        group=group[group >= 0],
        village=village[village >= 0],
        corner=_corners(final),
    )


def _corners(draft: Draft) -> IntArray:
    """Nodes of ordinary streets and roads, where a site may stand."""
    plain = draft.edges["road_class"].isin(["primary", "secondary", "tertiary", "residential", "unclassified"])
    return np.unique(draft.edges.loc[plain, ["u", "v"]].to_numpy())


def _settled(draft: Draft, river: shapely.Geometry) -> Draft:
    """Whole metres, no edge of no length, no wet edge without bridge, only the great component, no one-way trap."""
    draft = Draft(np.round(draft.xy), draft.edges)
    draft = _only(draft, draft.length() >= 1.0)
    for _ in range(2):  # first unbend what got wet, then leave out what still is
        wet = shapely.intersects(river, _lines(draft))
        plain = wet & ~draft.edges["bridge"].to_numpy(dtype=bool)
        straight = draft.edges["bend_m"].to_numpy() == 0
        joint = draft.edges["road_class"].isin(["motorway_link"]).to_numpy() & plain
        draft = _only(
            draft.__class__(
                draft.xy,
                draft.edges.assign(
                    bend_m=np.where(plain, 0.0, draft.edges["bend_m"]),
                    bridge=draft.edges["bridge"].to_numpy(dtype=bool) | joint,
                ),
            ),
            ~(plain & straight & ~joint),
        )
    part = _components(draft, strong=False)
    draft = _only(draft, part[draft.edges["u"]] == np.bincount(part).argmax())
    part = _components(draft, strong=True)
    core = np.bincount(part).argmax()
    u, v = draft.edges["u"].to_numpy(), draft.edges["v"].to_numpy()
    trap = (part[u] != core) | (part[v] != core)
    return Draft(draft.xy, draft.edges.assign(oneway=draft.edges["oneway"].where(~trap, "both")))


def _only(draft: Draft, kept: BoolArray) -> Draft:
    return Draft(draft.xy, draft.edges[kept].reset_index(drop=True))


def _components(draft: Draft, *, strong: bool) -> IntArray:
    u, v, way = (draft.edges[c].to_numpy() for c in ("u", "v", "oneway"))
    there, back = way != "backward", way != "forward"
    rows, columns = np.concatenate([u[there], v[back]]), np.concatenate([v[there], u[back]])
    n = len(draft.xy)
    graph = sp.coo_array((np.ones(len(rows)), (rows, columns)), shape=(n, n)).tocsr()
    return connected_components(graph, directed=True, connection="strong" if strong else "weak")[1].astype(np.int64)


def _lines(draft: Draft) -> np.ndarray:
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


def _layer(draft: Draft, facts: Facts) -> gpd.GeoDataFrame:
    """The columns of the edge contract, with small types."""
    edges, lines = draft.edges, _lines(draft)
    kind = edges["road_class"].astype(str)
    fast = kind.isin(["motorway", "motorway_link"])
    speed = kind.map(facts.settings["speed_kph"])
    frame = pd.DataFrame(
        {
            "edge_id": np.arange(len(edges), dtype=np.int32),
            "from_node": edges["u"].astype(np.int32),
            "to_node": edges["v"].astype(np.int32),
            "road_class": kind,
            "name": edges["name"].astype(str),
            "ref": edges["ref"].astype(str),
            "length_m": np.round(shapely.length(lines), 1),
            "speed_kph": speed.astype(np.float32),
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
