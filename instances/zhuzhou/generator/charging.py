"""Where charging piles may stand: housing, public lots, shops and offices, town centres, depots, service areas."""

import geopandas as gpd
import numpy as np
import pandas as pd

from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from instances.zhuzhou.generator.layer import beside, layer, money, picked
from instances.zhuzhou.generator.parking import crowding
from instances.zhuzhou.generator.roads import Roads
from models.arrays import FloatArray

# kind: how many, apart_m, most slow (from, to), most fast (from, to), grid kW (from, to), site cost in CNY
KINDS: dict[str, tuple[int, float, tuple[int, int], tuple[int, int], tuple[int, int], float]] = {
    "housing": (820, 150.0, (12, 60), (0, 2), (120, 520), 40_000.0),
    "public_lot": (560, 150.0, (8, 40), (3, 12), (320, 1250), 90_000.0),
    "commercial": (260, 200.0, (6, 30), (4, 14), (400, 1600), 110_000.0),
    "town_centre": (260, 300.0, (4, 24), (2, 8), (160, 800), 60_000.0),
    "depot": (50, 500.0, (4, 20), (10, 30), (1250, 3150), 150_000.0),
    "service_area": (50, 4000.0, (0, 8), (6, 24), (800, 2500), 160_000.0),
}
POWER_FACTOR = 0.9


def make_charging(facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The layer charging_candidates."""
    random = facts.random("charging")
    corner = roads.xy[roads.corner]
    need = crowding(places, corner, "charging_need_kwh_per_day", 700.0)
    block = places[places["kind"] == "urban_block"]
    block_xy = np.column_stack([block.geometry.x, block.geometry.y])
    centre = facts.towns[["x", "y"]].to_numpy()
    spread = 0.25 + np.exp(-_distance(corner, centre) / 1500)
    trunk = roads.xy[np.unique(roads.edges.loc[roads.edges["road_class"].isin(["trunk", "primary"]), "from_node"])]
    pools: dict[str, tuple[FloatArray, FloatArray]] = {
        "housing": (block_xy, block["population"].to_numpy(dtype=np.float64)),
        "public_lot": (corner, need),
        "commercial": (corner, need**1.7),
        "town_centre": (corner, spread / (need + need.mean())),
        "depot": (corner, need**0.5),
        "service_area": (trunk, np.ones(len(trunk))),
    }
    parts, spots = [], []
    for kind, (wanted, apart, slow, fast, grid, cost) in KINDS.items():
        xy, weight = pools[kind]
        chosen = xy[picked(xy, weight, wanted, apart, random)]
        spots.append(beside(chosen, random))
        limit = np.round(random.uniform(*grid, len(chosen)) / 10) * 10
        connection = (
            facts.norms["grid_connection_cny_per_kva"] * limit / POWER_FACTOR * random.uniform(0, 0.6, len(chosen))
        )
        parts.append(
            pd.DataFrame(
                {
                    "kind": kind,
                    "max_slow": random.integers(slow[0], slow[1] + 1, len(chosen)),
                    "max_fast": random.integers(fast[0], fast[1] + 1, len(chosen)),
                    "grid_limit_kw": limit.astype(np.int64),
                    "cost_site_cny": money(cost + connection, random),
                    "cost_slow_cny": money(np.full(len(chosen), facts.norms["slow_pile_cny"]), random, 0.05),
                    "cost_fast_cny": money(np.full(len(chosen), facts.norms["fast_pile_cny"]), random, 0.08),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return layer(facts, land, "C", np.concatenate(spots), {c: table[c].to_numpy() for c in table})


def _distance(xy: FloatArray, to: FloatArray) -> FloatArray:
    """Distance (n,) to the nearest of some points."""
    return np.hypot(xy[:, None, 0] - to[None, :, 0], xy[:, None, 1] - to[None, :, 1]).min(axis=1)
