"""Candidate and existing public parking lots in the built-up areas."""

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from instances.zhuzhou.generator.layer import beside, layer, money, picked
from instances.zhuzhou.generator.roads import Roads
from models.arrays import FloatArray

KINDS = ("ground", "mechanical", "structure", "underground")
SPACES = {"ground": (60, 260), "mechanical": (60, 220), "structure": (180, 520), "underground": (160, 480)}
AREA_M2 = {"ground": 30.0, "mechanical": 9.0, "structure": 10.0, "underground": 35.0}  # of land to the space
MAIN = ("荷塘区", "芦淞区", "石峰区", "天元区")
CANDIDATES, EXISTING, EXISTING_MAIN = 1500, 320, 235


def crowding(places: gpd.GeoDataFrame, xy: FloatArray, column: str, radius_m: float = 500.0) -> FloatArray:
    """Sum (n,) of a column over the places within a straight radius of each point."""
    at = np.column_stack([places.geometry.x, places.geometry.y])
    value = places[column].to_numpy(dtype=np.float64)
    near = cKDTree(at).query_ball_point(xy, radius_m)
    return np.array([value[rows].sum() for rows in near])


def make_parking(facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """The layers parking_candidates and parking_existing."""
    random = facts.random("parking")
    corner = roads.xy[roads.corner]
    need = crowding(places, corner, "parking_need_spaces")
    centre = need > 0.12 * need.max()
    corner, need = corner[centre], need[centre]
    chosen = picked(corner, need, CANDIDATES, 110.0, random)
    new = _candidates(facts, land, beside(corner[chosen], random), need[chosen], random)
    old = _existing(facts, land, corner, need, random)
    return {"parking_candidates": new, "parking_existing": old}


def _candidates(
    facts: Facts, land: Land, xy: FloatArray, need: FloatArray, random: np.random.Generator
) -> gpd.GeoDataFrame:
    crowd = need / need.max()
    weight = np.column_stack([1.2 - crowd, 0.2 + 0.5 * crowd, 0.1 + 0.5 * crowd, 0.02 + 0.35 * crowd])
    pick = (random.random(len(xy))[:, None] > np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1)).sum(axis=1)
    kind = np.array(KINDS, dtype=object)[pick]
    low, high = (np.array([SPACES[k][end] for k in kind], dtype=float) for end in (0, 1))
    spaces = np.round(random.uniform(low, high) / 5) * 5
    unit = np.array([facts.norms[f"parking_space_{k}_cny"] for k in kind])
    land_price = 0.8 + 0.6 * crowd
    area = spaces * np.array([AREA_M2[k] for k in kind])
    return layer(facts, land, "P", xy, {
        "kind": kind,
        "spaces": spaces.astype(np.int64),
        "area_m2": np.round(area, -1).astype(np.int64),
        "cost_cny": money(spaces * unit * land_price, random),
    })  # fmt: skip


def _existing(
    facts: Facts, land: Land, corner: FloatArray, need: FloatArray, random: np.random.Generator
) -> gpd.GeoDataFrame:
    county = facts.towns["county"].to_numpy(dtype=object)[land.town_of(corner)]
    main = np.isin(county, MAIN)
    parts = []
    for side, wanted in ((main, EXISTING_MAIN), (~main, EXISTING - EXISTING_MAIN)):
        rows = np.flatnonzero(side)
        parts.append(rows[picked(corner[rows], need[rows] ** 1.5, wanted, 90.0, random)])
    rows = np.concatenate(parts)
    spaces = np.round(random.lognormal(4.9, 0.5, len(rows)).clip(40, 600))
    turnover = spaces * (2.0 + 4.0 * need[rows] / need.max()) * random.lognormal(0, 0.25, len(rows))
    return layer(facts, land, "PE", beside(corner[rows], random), {
        "spaces": spaces.astype(np.int64),
        "turnover_vehicles_per_day": np.round(turnover).astype(np.int64),
        "smart_upgrade_cost_cny": money(facts.norms["smart_lot_cny"] + facts.norms["smart_space_cny"] * spaces, random),
    })  # fmt: skip
