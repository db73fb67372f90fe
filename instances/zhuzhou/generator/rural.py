"""Rural roads: a planar web between towns, villages and farms, with bends, driveways and few bridges."""

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import Delaunay, cKDTree

from instances.zhuzhou.generator.curves import crosses, scattered, segments
from instances.zhuzhou.generator.draft import Draft, edges_of, joined
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.highways import corners_of
from instances.zhuzhou.generator.land import Land
from models.arrays import BoolArray, FloatArray, IntArray

LONGEST_M = 4500.0


def make_web(facts: Facts, land: Land, draft: Draft, n_streets: int) -> Draft:
    """The web of junctions joined to streets (nodes below `n_streets`) and highways: straight `unclassified` edges."""
    random = facts.random("rural")
    junctions = _junctions(facts, land, draft, random)
    corner = corners_of(draft)
    both = joined(draft, Draft(junctions, draft.edges.iloc[:0]))
    node = np.concatenate([corner, np.arange(len(junctions)) + len(draft.xy)])
    pairs = node[_urquhart(both.xy[node])]
    a, b = both.xy[pairs[:, 0]], both.xy[pairs[:, 1]]
    length = np.hypot(*(b - a).T)
    rung = (pairs < len(draft.xy)).all(axis=1) & (pairs >= n_streets).any(axis=1)  # between two highways
    fine = (length < LONGEST_M) & ~rung & ~_known(draft, pairs)
    core = shapely.union_all(land.builtup["area"].to_list())
    fine &= ~_inside(core, a, b)
    fine &= ~_through(draft, both.xy, pairs)
    pairs, a, b = pairs[fine], a[fine], b[fine]
    bridge, kept = _bridged(land, facts, draft, a, b)
    pairs, bridge = pairs[kept], bridge[kept]
    web = edges_of(pairs[:, 0], pairs[:, 1], "unclassified", bridge=bridge, level=bridge.astype(int))
    return Draft(both.xy, pd.concat([both.edges, web], ignore_index=True))


def _junctions(facts: Facts, land: Land, draft: Draft, random: np.random.Generator) -> FloatArray:
    """Points spread over the land, denser near towns and in the hills' valleys, none on streets, highways or water."""
    wanted = facts.settings["rural"]["junctions"]
    west, south, east, north = land.outline.bounds
    xy = random.uniform([west, south], [east, north], (9 * wanted, 2))
    shapely.prepare(land.outline)
    xy = xy[shapely.contains_xy(land.outline.buffer(-300), xy[:, 0], xy[:, 1])]
    to_town = cKDTree(facts.towns[["x", "y"]].to_numpy()).query(xy)[0]
    hills = relief(facts, xy)
    xy = xy[random.random(len(xy)) < (0.35 + 0.65 * np.exp(-to_town / 4000)) * (1 - 0.7 * hills)]
    avoid = shapely.union_all([a.buffer(140) for a in land.builtup["area"]]).union(land.water.buffer(60))
    shapely.prepare(avoid)
    xy = xy[~shapely.contains_xy(avoid, xy[:, 0], xy[:, 1])]
    xy = xy[cKDTree(draft.xy).query(xy)[0] > 260]
    xy = xy[scattered(xy, np.full(len(xy), 420.0), random)]
    return np.round(xy[random.permutation(len(xy))[:wanted]], 1)


def relief(facts: Facts, xy: FloatArray) -> FloatArray:
    """How mountainous (n,) the land is, 0 to 1: the Luoxiao range in the east and south, generated folds elsewhere."""
    random = facts.random("relief")
    u = (xy[:, 0] - 440_000.0) / 50_000.0
    v = (3_000_000.0 - xy[:, 1]) / 100_000.0
    folds = np.zeros(len(xy))
    for _ in range(6):
        wave = random.normal(0, 1, 2) / random.uniform(9_000, 22_000) * 6.28
        folds += np.cos(xy @ wave + random.uniform(0, 6.28))
    height = 0.30 + 0.35 * u + 0.45 * v.clip(0) + 0.16 * folds / np.sqrt(3)
    return np.asarray(height.clip(0, 1))


def _urquhart(xy: FloatArray) -> IntArray:
    """Pairs (n, 2) of the Delaunay triangles without the longest side of each: planar, connected, few dead ends."""
    triangle = Delaunay(xy).simplices
    sides = np.sort(np.stack([triangle[:, [0, 1]], triangle[:, [1, 2]], triangle[:, [2, 0]]], axis=1), axis=2)
    length = np.hypot(*(xy[sides[:, :, 0]] - xy[sides[:, :, 1]]).transpose(2, 0, 1))
    longest = length.argmax(axis=1)
    key = sides[:, :, 0] * len(xy) + sides[:, :, 1]
    dropped = key[np.arange(len(key)), longest]
    kept = np.setdiff1d(key.ravel(), dropped)
    return np.column_stack([kept // len(xy), kept % len(xy)])


def _known(draft: Draft, pairs: IntArray) -> BoolArray:
    n = int(pairs.max()) + 1
    have = np.sort(draft.edges[["u", "v"]].to_numpy(), axis=1)
    pairs = np.sort(pairs, axis=1)
    return np.isin(pairs[:, 0] * n + pairs[:, 1], have[:, 0] * n + have[:, 1])


def _inside(core: shapely.Geometry, a: FloatArray, b: FloatArray) -> BoolArray:
    """Edges with their middle in a built-up area: those streets exist already."""
    shapely.prepare(core)
    return shapely.contains_xy(core, *((a + b) / 2).T)


def _through(draft: Draft, xy: FloatArray, pairs: IntArray) -> BoolArray:
    """Edges that would run through a street or highway without meeting it at a node."""
    lines = segments(xy[pairs[:, 0]], xy[pairs[:, 1]])
    mine, other = shapely.STRtree(draft.lines()).query(lines, predicate="intersects")
    ends = draft.edges[["u", "v"]].to_numpy()[other]
    shared = (ends[:, :, None] == pairs[mine][:, None, :]).any(axis=(1, 2))
    out = np.zeros(len(pairs), dtype=bool)
    out[mine[~shared]] = True
    return out


def _bridged(land: Land, facts: Facts, draft: Draft, a: FloatArray, b: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Which edges are bridges and which stay: over each river only so many, far from each other and short."""
    bridge, kept = np.zeros(len(a), dtype=bool), np.ones(len(a), dtype=bool)
    old = np.concatenate([e[draft.edges["bridge"].to_numpy(dtype=bool)] for e in draft.ends()])
    for line, river in zip(land.rivers, facts.rivers, strict=True):
        over = np.flatnonzero(crosses(a, b, line))
        kept[over] = False
        length = np.hypot(*(b[over] - a[over]).T)
        taken = [p for p in old if line.distance(shapely.Point(p)) < 1500]
        for k in over[np.argsort(length, kind="stable")]:
            middle = (a[k] + b[k]) / 2
            long = np.hypot(*(b[k] - a[k])) > river["width_m"] + 700
            if not long and all(np.hypot(*(middle - p)) > river["bridge_spacing_m"] for p in taken):
                taken.append(middle)
                bridge[k] = kept[k] = True
    return bridge, kept
