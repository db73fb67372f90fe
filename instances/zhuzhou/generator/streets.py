"""Street grids of the built-up areas, with lanes into the blocks; every block is a place where people live."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from instances.zhuzhou.generator.draft import Draft, compacted, edges_of, joined, unwet
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from models.arrays import FloatArray, IntArray

DROPPED_SHARE = 0.05  # of the lesser streets: no city is a full grid
ALLOWANCE = 0.90  # of the grid's full density: streets dropped and cut at the edge of the built-up area


@dataclass(frozen=True, eq=False)
class Streets:
    """The streets of all built-up areas; node of each block's middle and the area it lies in."""

    draft: Draft
    block: IntArray
    block_area: IntArray
    area_of_node: IntArray


def make_streets(facts: Facts, land: Land) -> Streets:
    """Grids of all built-up areas, not yet joined over rivers."""
    random = facts.random("streets")
    spacing = 2000.0 / facts.settings["urban"]["street_density_km_per_km2"] * ALLOWANCE
    river = shapely.union_all(land.rivers)
    drafts, blocks, areas = [], [], []
    for row in land.builtup.itertuples():
        draft, block = _grid(row, spacing, random)
        dry = unwet(draft, river)
        drafts.append(dry)
        blocks.append(block)
        areas.append(np.full(len(draft.xy), row.Index))
    start = np.cumsum([0, *(len(d.xy) for d in drafts)])
    draft, number = compacted(joined(*drafts))
    block = number[np.concatenate([b + s for b, s in zip(blocks, start, strict=False)])]
    area = np.concatenate(areas)[number >= 0]
    block = block[block >= 0]
    return Streets(draft, block, area[block], area)


def _grid(row: Any, spacing: float, random: np.random.Generator) -> tuple[Draft, IntArray]:
    """One area's streets: lattice lines, every 4th an avenue, and a lane through each block."""
    area = row.area
    centre = shapely.get_coordinates(area.representative_point() if row.kind == "town" else area.centroid)[0]
    half = int(np.ceil(shapely.hausdorff_distance(area, shapely.Point(centre)) / spacing)) + 2
    index = np.arange(-half, half + 1)
    i, j = (a.ravel() for a in np.meshgrid(index, index, indexing="ij"))
    lattice: FloatArray = np.column_stack([i, j]) * np.float64(spacing)
    xy = _warped(lattice, row.kind, random)
    xy = _turned(xy + random.normal(0, 0.07 * spacing, xy.shape).clip(-30, 30), np.deg2rad(row.bearing_deg)) + centre
    shapely.prepare(area)
    inside = shapely.contains_xy(area, xy[:, 0], xy[:, 1]).reshape(len(index), -1)
    node = np.arange(len(xy)).reshape(len(index), -1)
    parts = []
    for axis, across in ((0, j), (1, i)):
        a, b = (node[:-1], node[1:]) if axis == 0 else (node[:, :-1], node[:, 1:])
        fine = (inside[:-1] & inside[1:]) if axis == 0 else (inside[:, :-1] & inside[:, 1:])
        u, v = a[fine], b[fine]
        line = across[u]
        parts.append(
            edges_of(
                u, v, _class_of(line, row.kind), name=_names(line, axis, row), oneway=_oneway(line, u, axis, i, j, row)
            )
        )
    edges = pd.concat(parts, ignore_index=True)
    lesser = edges["road_class"].isin(["tertiary", "residential"]).to_numpy()
    edges = edges[~(lesser & (random.random(len(edges)) < DROPPED_SHARE))]
    full = inside[:-1, :-1] & inside[1:, :-1] & inside[:-1, 1:] & inside[1:, 1:]
    corners = np.column_stack([c[full] for c in (node[:-1, :-1], node[1:, :-1], node[1:, 1:], node[:-1, 1:])])
    return _with_lanes(xy, edges.reset_index(drop=True), corners, random)


def _warped(xy: FloatArray, kind: str, random: np.random.Generator) -> FloatArray:
    """Long soft waves, so that streets bend."""
    size = 60.0 if kind == "town" else 260.0
    out = xy.copy()
    for axis in (0, 1):
        for _ in range(2):
            wave = random.uniform(3500, 8000)
            out[:, axis] += size * np.sin(2 * np.pi * xy[:, 1 - axis] / wave + random.uniform(0, 6.28)) / 2
    return out


def _turned(xy: FloatArray, angle: float) -> FloatArray:
    c, s = np.cos(angle), np.sin(angle)
    return xy @ np.array([[c, s], [-s, c]])


def _class_of(line: IntArray, kind: str) -> Any:
    if kind == "town":
        return np.where(line % 4 == 0, "secondary", np.where(line % 2 == 0, "tertiary", "residential"))
    lesser = np.where(line % 2 == 0, "tertiary", "residential")
    return np.where(line % 8 == 0, "primary", np.where(line % 4 == 0, "secondary", lesser))


def _names(line: IntArray, axis: int, row: Any) -> Any:
    """Avenues (大道) and roads (路) get numbered names; lesser streets none."""
    if row.kind == "town":
        return ""
    way = "纵" if axis == 1 else "横"
    side = "西北" if row.kind == "city" else "新城"
    names = [f"{side[0] if k < 0 else side[1]}{way}{abs(k) // 4}{'大道' if k % 8 == 0 else '路'}" for k in line]
    return np.where(line % 4 == 0, names, "")


def _oneway(line: IntArray, u: IntArray, axis: int, i: IntArray, j: IntArray, row: Any) -> Any:
    """In the middle of the city and the seats some neighbouring streets are one-way, one up and one down."""
    if row.kind == "town":
        return "both"
    middle = np.maximum(np.abs(i[u]), np.abs(j[u])) < (14 if row.kind == "city" else 6)
    forward, backward = middle & (axis == 0) & (line % 8 == 4), middle & (axis == 0) & (line % 8 == 6)
    return np.where(forward, "forward", np.where(backward, "backward", "both"))


def _with_lanes(
    xy: FloatArray, edges: pd.DataFrame, corners: IntArray, random: np.random.Generator
) -> tuple[Draft, IntArray]:
    """A node in the middle of each block, and lanes from there to the middle of one or two of its streets."""
    n = len(xy)
    u, v = edges["u"].to_numpy(), edges["v"].to_numpy()
    where = {(int(a), int(b)): k for k, (a, b) in enumerate(zip(u, v, strict=True))}
    sides = np.stack([corners, np.roll(corners, -1, axis=1)], axis=2)  # (n_blocks, 4, 2)
    chosen = np.argsort(random.random((len(corners), 4)), axis=1)
    doors = np.where(random.random(len(corners)) < 0.65, 2, 1)
    split: dict[int, int] = {}
    lane_u: list[int] = []
    lane_v: list[int] = []
    for block in range(len(corners)):
        opened = 0
        for side in chosen[block]:
            a, b = (int(x) for x in sides[block, side])
            k = where.get((a, b), where.get((b, a)))
            if k is not None and opened < doors[block]:
                lane_u.append(n + block)
                lane_v.append(split.setdefault(k, n + len(corners) + len(split)))
                opened += 1
    middle = xy[corners].mean(axis=1) + random.normal(0, 12, (len(corners), 2)).clip(-30, 30)
    cut = np.fromiter(split, dtype=np.int64, count=len(split))
    fresh = np.arange(len(cut)) + n + len(corners)
    share = random.uniform(0.35, 0.65, len(cut))[:, None]
    doors_xy = xy[u[cut]] * share + xy[v[cut]] * (1 - share)
    rest = edges.drop(index=cut)
    halves = [edges.iloc[cut].assign(v=fresh), edges.iloc[cut].assign(u=fresh)]
    lanes = edges_of(np.array(lane_u, dtype=np.int64), np.array(lane_v, dtype=np.int64), "service")
    all_edges = pd.concat([rest, *halves, lanes], ignore_index=True)
    return Draft(np.concatenate([xy, middle, doors_xy]), all_edges), np.arange(len(corners)) + n
