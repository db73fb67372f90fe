"""Logistics of three tiers, clinics, base stations, shelters, services of the 15-minute circle, cold stores."""

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree

from models.arrays import FloatArray
from solver.reference.facts import Facts
from solver.reference.land import Land
from solver.reference.layer import beside, layer, money, picked
from solver.reference.parking import crowding
from solver.reference.roads import Roads

SERVICES = ("market", "kindergarten", "elderly_care", "government_service")


def make_logistics(facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Centres at main roads, stations in the towns, points in villages and blocks."""
    random = facts.random("logistics")
    corner = roads.xy[roads.corner]
    main = np.unique(roads.edges.loc[roads.edges["road_class"].isin(["primary", "secondary"]), "from_node"])
    main = roads.xy[main[np.isin(main, roads.corner)]]
    pull = crowding(places, main, "parcels_per_day", 5000.0)
    centres = main[picked(main, pull, 25, 2500.0, random)]
    towns = facts.towns[["x", "y"]].to_numpy()
    near = corner[cKDTree(corner).query(towns)[1]]
    more = corner[picked(corner, crowding(places, corner, "parcels_per_day", 1500.0) + 30, 75, 900.0, random)]
    stations = np.concatenate([near, more])
    villages = roads.xy[roads.village]
    village = villages[picked(villages, np.ones(len(villages)), 820, 500.0, random)]
    block = corner[picked(corner, crowding(places, corner, "parcels_per_day"), 380, 350.0, random)]
    points = np.concatenate([village, block])
    out = {}
    tiers = (
        ("logistics_centres", "L1", centres, (45_000, 120_000), "logistics_centre_cny", 0.35),
        ("logistics_stations", "L2", stations, (4_000, 14_000), "logistics_station_cny", 0.30),
    )
    for name, prefix, xy, (low, high), norm, spread in tiers:
        size = random.uniform(low, high, len(xy))
        out[name] = layer(facts, land, prefix, beside(xy, random), {
            "capacity_parcels_per_day": np.round(size, -2).astype(np.int64),
            "cost_cny": money(facts.norms[norm] * (0.4 + 0.6 * size / ((low + high) / 2)), random, spread / 2),
        })  # fmt: skip
    rural = np.arange(len(points)) < len(village)
    size = np.where(rural, random.uniform(150, 700, len(points)), random.uniform(1200, 4500, len(points)))
    out["logistics_points"] = layer(facts, land, "L3", beside(points, random), {
        "kind": np.where(rural, "village", "community"),
        "capacity_parcels_per_day": np.round(size, -1).astype(np.int64),
        "cost_cny": money(facts.norms["logistics_point_cny"] * np.where(rural, 0.8, 1.4), random, 0.2),
    })  # fmt: skip
    return out


def make_clinics(facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Existing clinics in part of the villages and blocks; candidates where people live and none stands near."""
    random = facts.random("clinics")
    corner = roads.xy[roads.corner]
    people = crowding(places, corner, "population", 700.0)
    villages = roads.xy[roads.village]
    old_village = picked(villages, np.ones(len(villages)), 760, 600.0, random)
    old_block = picked(corner, people, 150, 700.0, random)
    old = np.concatenate([villages[old_village], corner[old_block]])
    away = cKDTree(old).query(corner)[0]
    group = places[places["kind"] == "village_group"]
    groups = cKDTree(np.column_stack([group.geometry.x, group.geometry.y])).query(corner)[0] < 400
    rural = np.flatnonzero((away > 900) & groups & (people < np.quantile(people, 0.7)))
    urban = np.flatnonzero((away > 350) & (people > 1500))
    kept_rural = rural[picked(corner[rural], people[rural] + 20, 540, 700.0, random)]
    kept_urban = urban[picked(corner[urban], people[urban], 260, 350.0, random)]
    xy = corner[np.concatenate([kept_rural, kept_urban])]
    village = np.arange(len(xy)) < len(kept_rural)
    cost = np.where(village, facts.norms["village_clinic_cny"], facts.norms["health_station_cny"])
    kind = {True: "village_clinic", False: "health_station"}
    return {
        "clinics_existing": layer(facts, land, "KE", beside(old, random), {
            "kind": np.where(np.arange(len(old)) < len(old_village), kind[True], kind[False]),
        }),
        "clinic_candidates": layer(facts, land, "K", beside(xy, random), {
            "kind": np.where(village, kind[True], kind[False]),
            "cost_cny": money(cost, random, 0.2),
        }),
    }  # fmt: skip


def make_further(facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Candidates of the plan's further networks."""
    random = facts.random("further")
    corner = roads.xy[roads.corner]
    people = crowding(places, corner, "population", 600.0)
    urban = corner[people > 1500]
    crowd = people[people > 1500]
    villages = roads.xy[roads.village]

    def at(xy: FloatArray, weight: FloatArray, count: int, apart: float) -> FloatArray:
        return beside(xy[picked(xy, weight, count, apart, random)], random)

    masts = at(urban, np.sqrt(crowd), 1000, 220.0)
    shelters = at(urban, np.sqrt(crowd), 420, 350.0)
    area = np.round(random.lognormal(8.2, 0.7, len(shelters)).clip(800, 30_000), -1)
    circle = at(urban, crowd, 900, 160.0)
    cold = at(villages, np.ones(len(villages)), 120, 3000.0)
    tonnes = random.uniform(10, 120, len(cold))
    return {
        "stations_5g_candidates": layer(facts, land, "G", masts, {
            "cost_cny": money(np.full(len(masts), facts.norms["base_station_cny"]), random, 0.12),
        }),
        "shelter_candidates": layer(facts, land, "S", shelters, {
            "area_m2": area.astype(np.int64),
            "capacity_persons": np.round(area / 1.5).astype(np.int64),
            "cost_cny": money(area * facts.norms["shelter_m2_cny"], random, 0.2),
        }),
        "service_candidates": layer(facts, land, "V", circle, {
            "kind": np.array(SERVICES, dtype=object)[random.integers(0, len(SERVICES), len(circle))],
            "cost_cny": money(np.full(len(circle), facts.norms["service_site_cny"]), random, 0.3),
        }),
        "cold_chain_candidates": layer(facts, land, "F", cold, {
            "capacity_t_per_day": np.round(tonnes, 1),
            "cost_cny": money(tonnes * facts.norms["cold_store_t_cny"], random, 0.15),
        }),
    }  # fmt: skip
