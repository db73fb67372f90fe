"""Motorways: two one-way carriageways, no corner with other roads, joined at interchanges and with each other."""

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.curves import smooth
from instances.zhuzhou.generator.draft import Draft, edges_of, joined
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from models.arrays import FloatArray, IntArray

STEP_M = 1100.0
HALF_M = 15.0  # from the middle to a carriageway
INTERCHANGE_M = 7000.0  # between two of them, at least
RAMP_M = 2600.0
SURFACE = ("trunk", "primary", "secondary")


def with_motorways(facts: Facts, land: Land, draft: Draft) -> Draft:
    """Add the motorways of the facts within the outline."""
    random = facts.random("motorways")
    lines, refs, names = [], [], []
    for road in facts.motorways:
        curve = shapely.LineString(smooth(facts.metric(road["via"]), 200.0, random))
        for part in shapely.get_parts(shapely.intersection(curve, land.frame)):
            if part.length > 3000:
                lines.append(part)
                refs.append(road["ref"])
                names.append(road["name"])
    surface = np.unique(draft.edges.loc[draft.edges["road_class"].isin(SURFACE), ["u", "v"]].to_numpy())
    tree = cKDTree(draft.xy[surface])
    parts, middles, owners = [], [], []
    ramps: list[tuple[int, int]] = []
    n = len(draft.xy)
    for k, line in enumerate(lines):
        at = _stations(line, [other for i, other in enumerate(lines) if i != k])
        middle = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
        part = _carriageways(middle, land.water, names[k], refs[k])
        distance, nearest = tree.query(middle)
        last = -INTERCHANGE_M
        for i in np.flatnonzero(distance < RAMP_M):
            best = int(i + np.argmin(distance[i : i + 3]))
            if at[best] - last >= INTERCHANGE_M and _dry(land, middle[best], draft.xy[surface[nearest[best]]]):
                last = at[best]
                ramps += [(n + 2 * best + side, int(surface[nearest[best]])) for side in (0, 1)]
        parts.append(part)
        middles.append(middle)
        owners.append(np.column_stack([np.full(len(middle), k), n + 2 * np.arange(len(middle))]))
        n += len(part.xy)
    links = np.array(ramps + _crossings(np.concatenate(middles), np.concatenate(owners)), dtype=np.int64)
    both = joined(draft, *parts)
    edges = edges_of(links[:, 0], links[:, 1], "motorway_link", level=1)
    return Draft(both.xy, pd.concat([both.edges, edges], ignore_index=True))


def _stations(line: shapely.LineString, others: list[shapely.LineString]) -> FloatArray:
    """Measures along a motorway: about every `STEP_M`, and where it meets another."""
    meets = [g for other in others for g in shapely.get_parts(shapely.intersection(line, other))]
    meets += [
        shapely.Point(o.coords[e]) for o in others for e in (0, -1) if line.distance(shapely.Point(o.coords[e])) < 400
    ]
    fixed = np.unique(np.round([line.project(shapely.centroid(g)) for g in meets if not g.is_empty]))
    plain = np.linspace(0, line.length, int(np.ceil(line.length / STEP_M)) + 1)
    if len(fixed):
        plain = plain[np.abs(plain[:, None] - fixed[None, :]).min(axis=1) > 350]
    return np.unique(np.concatenate([plain, fixed]))


def _carriageways(middle: FloatArray, water: shapely.Geometry, name: str, ref: str) -> Draft:
    """Nodes 2 i (with the line) and 2 i + 1 (against it); at both ends a turn, so that no one is lost."""
    ahead = np.gradient(middle, axis=0)
    right = np.column_stack([ahead[:, 1], -ahead[:, 0]]) / np.hypot(*ahead.T)[:, None] * HALF_M
    xy = np.stack([middle + right, middle - right], axis=1).reshape(-1, 2)
    i = np.arange(len(middle) - 1)
    u = np.concatenate([2 * i, 2 * i + 3])
    v = np.concatenate([2 * i + 2, 2 * i + 1])
    over = shapely.intersects(water, shapely.linestrings(np.stack([xy[u], xy[v]], axis=1)))
    runs = edges_of(u, v, "motorway", name=name, ref=ref, oneway="forward", bridge=over, level=1)
    last = 2 * (len(middle) - 1)
    turns = edges_of(np.array([last, 1]), np.array([last + 1, 0]), "motorway_link", oneway="forward", level=1)
    return Draft(xy, pd.concat([runs, turns], ignore_index=True))


def _crossings(middle: FloatArray, owner: IntArray) -> list[tuple[int, int]]:
    """Links between all carriageways of two motorways where they meet."""
    links: list[tuple[int, int]] = []
    for a, b in cKDTree(middle).query_pairs(400.0, output_type="ndarray"):
        if owner[a, 0] != owner[b, 0]:
            links += [(int(owner[a, 1]) + s, int(owner[b, 1]) + t) for s in (0, 1) for t in (0, 1)]
    return links


def _dry(land: Land, a: FloatArray, b: FloatArray) -> bool:
    return not shapely.intersects(land.water, shapely.LineString([a, b]))
