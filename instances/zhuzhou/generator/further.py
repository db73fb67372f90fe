"""The plan's further networks: base stations, shelters, services of the 15-minute circle, pre-cooling of produce."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.curves import scattered
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from instances.zhuzhou.generator.layer import beside, layer, money, picked
from instances.zhuzhou.generator.parking import crowding
from instances.zhuzhou.generator.roads import Roads
from models.arrays import FloatArray

PARKS = "产业园区"  # zone of the parks' cells in the layer mobile_demand
MASTS, MAST_APART_M = 1900, 190.0
GAP_M = 350.0  # where no mast is this near, one more could be set up
# kind: how many, apart_m, area in m2 (from, to), norm of cost
SHELTERS: dict[str, tuple[int, float, tuple[int, int], str]] = {
    "park": (230, 500.0, (4_000, 40_000), "shelter_open_m2_cny"),
    "school": (270, 400.0, (3_000, 14_000), "shelter_open_m2_cny"),
    "public_building": (120, 500.0, (1_500, 8_000), "shelter_building_m2_cny"),
    "underground": (120, 500.0, (1_000, 9_000), "shelter_building_m2_cny"),
}
# kind: how many there are, how many more could be, apart_m
SERVICES: dict[str, tuple[int, int, float]] = {
    "government_service": (110, 330, 450.0),
    "market": (140, 520, 300.0),
    "elderly_care": (90, 520, 300.0),
}
COLD_STORES, COLD_APART_M, COLD_T_PER_DAY = 260, 1800.0, (5.0, 40.0)


def make_stations_5g(
    facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame, terminals: gpd.GeoDataFrame
) -> dict[str, gpd.GeoDataFrame]:
    """Where people use mobile networks at the busiest hour, in blocks and parks, and masts and roofs for stations."""
    random = facts.random("stations_5g")
    cells = _park_cells(terminals[terminals["kind"] == "park"], facts.settings["mobile"])
    block = places[places["kind"] == "urban_block"]
    block_xy = np.column_stack([block.geometry.x, block.geometry.y])
    xy = np.concatenate([block_xy, cells[["x", "y"]].to_numpy()])
    users = np.concatenate(
        [block["population"] * facts.settings["mobile"]["devices_per_person"], cells["users"].to_numpy()]
    )
    zone = np.concatenate([block["county"].to_numpy(dtype=object), np.full(len(cells), PARKS, dtype=object)])
    corner = roads.xy[roads.corner]
    near = shapely.union_all([*land.builtup["area"], *shapely.buffer(shapely.points(cells[["x", "y"]]), 250.0)])
    shapely.prepare(near)
    inside = corner[shapely.contains_xy(near, corner[:, 0], corner[:, 1])]
    weight = np.sqrt(crowding(places, inside, "population", 600.0)) + 25.0
    masts = beside(inside[picked(inside, weight, MASTS, MAST_APART_M, random)], random)
    bare = xy[cKDTree(masts).query(xy)[0] > GAP_M]
    masts = np.concatenate([masts, bare[scattered(bare, np.full(len(bare), GAP_M), random)]])
    in_park = cKDTree(cells[["x", "y"]]).query(masts)[0] <= facts.settings["mobile"]["park_cell_m"]
    return {
        "mobile_demand": layer(facts, land, "N", xy, {
            "zone": zone,
            "users": np.round(users).astype(np.int64),
        }, id_name="place_id"),
        "stations_5g_candidates": layer(facts, land, "G", masts, {
            "zone": np.where(in_park, PARKS, facts.towns["county"].to_numpy(dtype=object)[land.town_of(masts)]),
            "max_macro": random.integers(3, 10, len(masts)),
            "max_light": random.integers(2, 9, len(masts)),
            "cost_site_cny": money(np.full(len(masts), facts.norms["mast_cny"]), random, 0.3),
        }),
    }  # fmt: skip


def _park_cells(parks: gpd.GeoDataFrame, mobile: dict[str, float]) -> pd.DataFrame:
    """Square cells (x, y, users) of the parks' ground, a disc each."""
    cell, rows = mobile["park_cell_m"], []
    for x, y, mass in zip(parks.geometry.x, parks.geometry.y, parks["mass"], strict=True):
        users = mobile["park_users"] * mass
        radius = np.sqrt(users / mobile["park_users_per_ha"] * 1e4 / np.pi)
        steps = np.arange(-np.ceil(radius / cell), np.ceil(radius / cell) + 1) * cell
        dx, dy = (a.ravel() for a in np.meshgrid(steps, steps))
        inside = np.hypot(dx, dy) <= radius
        rows.append(pd.DataFrame({"x": x + dx[inside], "y": y + dy[inside], "users": users / inside.sum()}))
    return pd.concat(rows, ignore_index=True)


def make_shelters(facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Parks, schools, public buildings and underground space that could be fitted out as shelters."""
    random = facts.random("shelters")
    xy, crowd = _urban(roads, places)
    spots, parts = [], []
    for kind, (wanted, apart, size, norm) in SHELTERS.items():
        spot = beside(xy[picked(xy, np.sqrt(crowd), wanted, apart, random)], random)
        low, high = np.log(size)
        area = np.round(np.exp(random.uniform(low, high, len(spot))), -1).astype(np.float64)
        spots.append(spot)
        parts.append(
            pd.DataFrame(
                {
                    "kind": kind,
                    "area_m2": area.astype(np.int64),
                    "capacity_persons": np.floor(area / facts.settings["shelter"]["m2_per_person"]).astype(np.int64),
                    "cost_cny": money(area * facts.norms[norm], random, 0.2),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return {"shelter_candidates": layer(facts, land, "S", np.concatenate(spots), {c: table[c] for c in table})}


def make_services(facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Government service points, markets and care for the elderly: those there are, and rooms for more."""
    random = facts.random("services")
    xy, crowd = _urban(roads, places)
    spots, kinds, states = [], [], []
    for kind, (there, more, apart) in SERVICES.items():
        rows = picked(xy, np.sqrt(crowd), there + more, apart, random)
        old = np.zeros(len(rows), dtype=bool)
        old[np.argsort(random.exponential(1.0, len(rows)) / crowd[rows], kind="stable")[:there]] = True
        spots.append(beside(xy[rows], random))
        kinds.append(np.full(len(rows), kind, dtype=object))
        states.append(np.where(old, "existing", "candidate").astype(object))
    status = np.concatenate(states)
    cost = money(np.full(len(status), facts.norms["service_site_cny"]), random, 0.3)
    return {
        "service_sites": layer(facts, land, "V", np.concatenate(spots), {
            "kind": np.concatenate(kinds),
            "status": status,
            "cost_cny": np.where(status == "existing", 0, cost),
        }),
    }  # fmt: skip


def make_cold_chain(facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Growing areas with the produce to be cooled there in the harvest, and villages where a store could stand."""
    random = facts.random("cold_chain")
    villages = roads.xy[roads.village]
    people = crowding(places[places["kind"] == "village_group"], villages, "population", 1500.0)
    farmed = np.flatnonzero(people > 0)
    produce = facts.settings["produce"]
    tonnes = people[farmed] * random.lognormal(0, 0.6, len(farmed))
    rural = float(places.loc[places["kind"] == "village_group", "population"].sum())
    tonnes *= rural * produce["kg_per_rural_person_day"] * produce["cooled_share"] / 1000 / tonnes.sum()
    stores = villages[picked(villages, np.sqrt(people) + 1.0, COLD_STORES, COLD_APART_M, random)]
    size = np.round(random.uniform(*COLD_T_PER_DAY, len(stores)))
    return {
        "growing_areas": layer(facts, land, "A", beside(villages[farmed], random), {
            "precool_t_per_day": np.round(tonnes, 2),
        }, id_name="place_id"),
        "cold_store_candidates": layer(facts, land, "F", beside(stores, random), {
            "capacity_t_per_day": size.astype(np.int64),
            "cost_cny": money(facts.norms["cold_store_cny"] + size * facts.norms["cold_store_t_cny"], random, 0.15),
        }),
    }  # fmt: skip


def _urban(roads: Roads, places: gpd.GeoDataFrame) -> tuple[FloatArray, FloatArray]:
    """Corners (n, 2) in built-up surroundings, and the people (n,) within 600 m."""
    corner = roads.xy[roads.corner]
    people = crowding(places, corner, "population", 600.0)
    urban = people > 1500
    return corner[urban], people[urban]
