"""Bends along rural roads, and short driveways to groups of houses: where rural people live."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.curves import segments
from instances.zhuzhou.generator.draft import Draft, edges_of
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from models.arrays import FloatArray, IntArray

RURAL = ("secondary", "tertiary", "unclassified")


@dataclass(frozen=True, eq=False)
class Farms:
    """The network with bends and driveways, and the node of each village group."""

    draft: Draft
    group: IntArray


def with_farms(facts: Facts, land: Land, draft: Draft, first: int) -> Farms:
    """Break the web's edges (rows from `first`) into bent pieces and hang the village groups on them."""
    random = facts.random("farms")
    step = facts.settings["rural"]["spacing_m"]
    edges = draft.edges
    web = np.zeros(len(edges), dtype=bool)
    web[first:] = True
    web &= ~edges["bridge"].to_numpy(dtype=bool) & edges["road_class"].isin(RURAL).to_numpy()
    parts = np.where(web, np.maximum(1, np.round(draft.length() / step)), 1).astype(np.int64)
    bent = _bent(draft, parts, land, random)
    free = np.arange(len(draft.xy), len(bent.xy))
    group_xy, host = _groups(facts, land, bent, free, random)
    n = len(bent.xy)
    drives = edges_of(host, np.arange(len(group_xy)) + n, "residential", bend_m=random.normal(0, 8, len(group_xy)))
    grown = Draft(np.concatenate([bent.xy, group_xy]), pd.concat([bent.edges, drives], ignore_index=True))
    return Farms(grown, np.arange(len(group_xy)) + n)


def _bent(draft: Draft, parts: IntArray, land: Land, random: np.random.Generator) -> Draft:
    """Each edge in `parts` pieces (n_edges,) whose joints stray to the side, but never over water."""
    a, b = draft.ends()
    length = np.hypot(*(b - a).T)
    edge = np.repeat(np.arange(len(parts)), parts)
    place = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
    joint = place > 0
    share = (place / parts[edge])[joint]
    owner = edge[joint]
    normal = np.column_stack([-(b - a)[:, 1], (b - a)[:, 0]]) / np.maximum(length, 1.0)[:, None]
    sway = (random.normal(0, 0.10, len(parts)) * length).clip(-160, 160)
    curl = (random.normal(0, 0.07, len(parts)) * length).clip(-120, 120)
    off = sway[owner] * np.sin(np.pi * share) + curl[owner] * np.sin(2 * np.pi * share)
    off += random.normal(0, 18, len(owner)).clip(-40, 40)
    straight = a[owner] + share[:, None] * (b - a)[owner]
    off[shapely.dwithin(land.water, shapely.points(straight), np.abs(off) + 45)] = 0.0
    joints = np.round(straight + off[:, None] * normal[owner], 1)
    node = np.full(len(edge), -1, dtype=np.int64)
    node[joint] = np.arange(len(joints)) + len(draft.xy)
    starts = np.where(joint, node, draft.edges["u"].to_numpy()[edge])
    ends = np.where(place == parts[edge] - 1, draft.edges["v"].to_numpy()[edge], np.roll(node, -1))
    pieces = draft.edges.iloc[edge].assign(u=starts, v=ends).reset_index(drop=True)
    bend = np.where(parts[edge] > 1, random.normal(0, 14, len(edge)).clip(-30, 30), 0.0)
    return Draft(np.concatenate([draft.xy, joints]), pieces.assign(bend_m=bend))


def _groups(
    facts: Facts, land: Land, draft: Draft, free: IntArray, random: np.random.Generator
) -> tuple[FloatArray, IntArray]:
    """Places of village groups (n, 2), 50 to 260 m off the road, and the node each hangs on."""
    wanted = facts.settings["rural"]["groups"]
    xy = draft.xy[free]
    to_town = cKDTree(facts.towns[["x", "y"]].to_numpy()).query(xy)[0]
    weight = 0.4 + np.exp(-to_town / 3500)
    order = np.argsort(random.exponential(1.0, len(free)) / weight, kind="stable")
    host = np.repeat(free[order], 2)[: int(1.25 * wanted)] if len(free) < 1.25 * wanted else free[order]
    angle = random.uniform(0, 2 * np.pi, len(host))
    reach = random.uniform(50, 260, len(host))
    away = np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    spot = np.round(draft.xy[host] + away, 1)
    core = shapely.union_all([land.water.buffer(30), *land.builtup["area"]])
    shapely.prepare(core)
    drive = segments(draft.xy[host], spot)
    fine = ~shapely.intersects(core, drive)
    mine, other = shapely.STRtree(draft.lines()).query(drive, predicate="intersects")
    ends = draft.edges[["u", "v"]].to_numpy()[other]
    fine[mine[(ends != host[mine][:, None]).all(axis=1)]] = False
    kept = np.flatnonzero(fine)[:wanted]
    return spot[kept], host[kept]
