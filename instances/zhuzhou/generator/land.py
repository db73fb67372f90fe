"""Rivers, banks, built-up areas, counties: the ground the roads are laid on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.curves import smooth
from instances.zhuzhou.generator.facts import Facts
from models.arrays import BoolArray, FloatArray, IntArray

CELL_M = 1000.0
FARTHEST_M = 20_000.0
BEYOND_M = 2500.0
GAP_M = 450.0  # between patches of a built-up area, at each side, that is built up as well


@dataclass(frozen=True, eq=False)
class Land:
    """Rivers (lines and water), built-up areas, outline of the city, and which town a point belongs to."""

    rivers: tuple[shapely.LineString, ...]
    water: shapely.Geometry
    outline: shapely.Geometry
    builtup: pd.DataFrame  # name, kind (city | seat | town), area (polygon), bearing_deg
    frame: shapely.Geometry  # where highways end, a little beyond the outline
    west: shapely.Geometry  # of the first river, the largest
    towns: pd.DataFrame

    def town_of(self, xy: FloatArray) -> IntArray:
        """Row of the town (n,) nearest to each point on the same bank of the first river."""
        towns = self.towns[["x", "y"]].to_numpy()
        bank, town_bank = self.is_west(xy), self.is_west(towns)
        out = np.empty(len(xy), dtype=np.int64)
        for side in (False, True):
            rows = np.flatnonzero(town_bank == side)
            mine = bank == side
            if mine.any():
                out[mine] = rows[cKDTree(towns[rows]).query(xy[mine])[1]]
        return out

    def is_west(self, xy: FloatArray) -> BoolArray:
        """Whether each point (n,) lies west of the first river."""
        return shapely.contains_xy(self.west, xy[:, 0], xy[:, 1])


def make_land(facts: Facts) -> Land:
    """Draw rivers, the outline and the built-up areas."""
    random = facts.random("land")
    rivers = tuple(
        shapely.LineString(np.round(smooth(facts.metric(r["course"]), 250.0, random, 0.04), 1)) for r in facts.rivers
    )
    water = shapely.union_all([line.buffer(r["width_m"] / 2) for line, r in zip(rivers, facts.rivers, strict=True)])
    outline = _outline(facts)
    return Land(
        rivers=rivers,
        water=water,
        outline=outline,
        frame=outline.buffer(BEYOND_M, quad_segs=6),
        builtup=_builtup(facts, water, random),
        west=_west_of(rivers[0], outline),
        towns=facts.towns,
    )


def _west_of(river: shapely.LineString, outline: shapely.Geometry) -> shapely.Geometry:
    """The side of the river towards the west, far beyond the outline."""
    xy = shapely.get_coordinates(river)
    west, south, _, north = outline.bounds
    far = west - 100_000
    return shapely.Polygon(
        [*xy, (xy[-1, 0], north + 1e5), (far, north + 1e5), (far, south - 1e5), (xy[0, 0], south - 1e5)]
    ).buffer(0)


def _outline(facts: Facts) -> shapely.Geometry:
    """A generated outline round the towns: as far beyond each county's towns as its area asks for."""
    xy, names = facts.towns[["x", "y"]].to_numpy(), list(facts.counties["county"])
    county = facts.towns["county"].map({name: i for i, name in enumerate(names)}).to_numpy(dtype=np.int64)
    target = facts.counties["area_km2"].to_numpy(dtype=np.float64)
    core = shapely.concave_hull(shapely.multipoints(xy), ratio=0.25)
    low, high = xy.min(axis=0) - FARTHEST_M, xy.max(axis=0) + FARTHEST_M
    grid = np.stack(np.meshgrid(*(np.arange(a, b, CELL_M) for a, b in zip(low, high, strict=True))), axis=-1)
    cells = grid.reshape(-1, 2)
    owner = county[cKDTree(xy).query(cells)[1]]
    shapely.prepare(core)
    within = shapely.contains_xy(core, cells[:, 0], cells[:, 1])
    hulls = [shapely.convex_hull(shapely.multipoints(xy[county == k])) for k in range(len(names))]
    away = np.array([shapely.distance(hull, shapely.points(cells)) for hull in hulls])
    reach = np.full(len(names), 5000.0)
    for _ in range(60):
        inside = within | (away < reach[:, None]).any(axis=0)
        area = np.bincount(owner[inside], minlength=len(names)) * (CELL_M / 1000) ** 2
        reach = (reach + (target - area) / target * 1500).clip(300.0, FARTHEST_M)
    rings = [hull.buffer(float(r), quad_segs=6) for hull, r in zip(hulls, reach, strict=True)]
    return shapely.union_all([core, *rings]).buffer(2500, quad_segs=6).buffer(-2500, quad_segs=6)


def _builtup(facts: Facts, water: shapely.Geometry, random: np.random.Generator) -> pd.DataFrame:
    urban = facts.settings["urban"]
    where = facts.towns.set_index("town")[["x", "y"]]
    plans: list[tuple[str, str, list[str], float, float]] = [
        ("主城区", "city", urban["core_towns"], urban["main_city_area_km2"], 4.0)
    ]
    plans += [(s["name"], "seat", s["towns"], s["area_km2"], s["bearing_deg"]) for s in urban["seat"]]
    taken = {name for plan in plans for name in plan[2]}
    rest = facts.towns[~facts.towns["town"].isin(taken)]
    size = urban["town_area_km2"]
    plans += [
        (row.town, "town", [row.town], size[str(row.plan_tier)] * random.uniform(0.75, 1.3), random.uniform(-45, 45))
        for row in rest.itertuples()
    ]
    rows: list[dict[str, Any]] = []
    before: shapely.Geometry = shapely.Polygon()
    for name, kind, towns, area_km2, bearing in plans:
        centres = where.loc[towns].to_numpy()
        if kind == "city":
            centres = np.concatenate([centres, facts.metric(urban["core_points"])])
        area = _grown(centres, area_km2 * 1e6, water.union(before), random)
        before = before.union(area.buffer(400))
        rows.append({"name": name, "kind": kind, "area": area, "bearing_deg": bearing})
    return pd.DataFrame(rows)


def _grown(centres: FloatArray, area_m2: float, taken: shapely.Geometry, random: np.random.Generator) -> Any:
    """Uneven patches round the centres, grown until their free land measures `area_m2`."""
    angle = np.linspace(0, 2 * np.pi, 37)[:-1]
    patches = []
    for centre in centres:
        wave = np.zeros(len(angle))
        for k in (2, 3, 4):
            wave += random.normal(0, 0.10) * np.cos(k * angle + random.uniform(0, 6.28))
        patches.append((centre, np.column_stack([np.cos(angle), np.sin(angle)]) * (1 + wave)[:, None]))
    low, high = 100.0, 12_000.0
    for _ in range(22):
        radius = (low + high) / 2
        shape = shapely.union_all([shapely.Polygon(c + radius * p).buffer(0) for c, p in patches])
        shape = shape.buffer(GAP_M, quad_segs=4).buffer(-GAP_M, quad_segs=4).difference(taken)
        low, high = (radius, high) if shape.area < area_m2 else (low, radius)
    return shape
