"""Logistics of three tiers, and clinics."""

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from instances.zhuzhou.generator.layer import beside, layer, money, picked
from instances.zhuzhou.generator.parking import crowding
from instances.zhuzhou.generator.roads import Roads


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
