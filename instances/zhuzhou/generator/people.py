"""Demand places: urban blocks and village groups whose people sum to the census of each county."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.curves import shares
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from instances.zhuzhou.generator.layer import layer
from instances.zhuzhou.generator.roads import Roads
from models.arrays import BoolArray, FloatArray, IntArray

DRAW = {"city": 5000.0, "seat": 2500.0, "town": 900.0}  # how far from a middle the density falls to 1/e
WEIGHT = {"city": 1.0, "seat": 1.0, "town": 0.45}


def make_places(facts: Facts, land: Land, roads: Roads) -> gpd.GeoDataFrame:
    """All demand places with their needs."""
    random = facts.random("people")
    block = roads.xy[roads.block] + random.integers(-20, 21, (len(roads.block), 2))
    group = roads.xy[roads.group] + random.integers(-12, 13, (len(roads.group), 2))
    xy = np.concatenate([block, group]).astype(np.float64)
    urban = np.arange(len(xy)) < len(block)
    county = facts.towns["county"].to_numpy(dtype=object)[land.town_of(xy)]
    density = np.empty(len(xy))
    density[urban] = _density(facts, land, block.astype(np.float64), roads.block_area) * random.lognormal(
        0, 0.45, len(block)
    )
    density[~urban] = random.lognormal(0, 0.5, len(group))
    population = _population(facts, county, urban, density)
    pull = np.where(urban, density / density[urban].mean(), 0.0)
    return layer(
        facts, land, "D", xy, {
            "kind": np.where(urban, "urban_block", "village_group"),
            "population": population,
            "population_65": _older(facts, urban, population, random),
            **_needs(facts, urban, population, pull, random),
        }, id_name="place_id",
    )  # fmt: skip


def _density(facts: Facts, land: Land, xy: FloatArray, area: IntArray) -> FloatArray:
    """People to the block (n,): high near the middles of the built-up area, low at its edge."""
    out = np.empty(len(xy))
    towns = facts.towns[["x", "y"]].to_numpy()
    for k, row in enumerate(land.builtup.itertuples()):
        mine = area == k
        if mine.any():
            centre = xy[mine].mean(axis=0)
            to_middle = np.hypot(*(xy[mine] - centre).T)
            to_town = cKDTree(towns).query(xy[mine])[0]
            draw = DRAW[str(row.kind)]
            out[mine] = WEIGHT[str(row.kind)] * (0.15 + np.exp(-to_middle / draw) + 0.8 * np.exp(-to_town / (draw / 3)))
    return out


def _population(facts: Facts, county: npt.NDArray[np.object_], urban: BoolArray, density: FloatArray) -> IntArray:
    """Whole people (n,): county by county exactly the census, urban people of all counties exactly the fact."""
    table = facts.counties
    share = table["county"].map(facts.settings["urban"]["urban_share"]).to_numpy(dtype=float)
    total = table["population_2020"].to_numpy(dtype=np.int64)
    in_town = shares(int(facts.settings["urban"]["urban_population"]), share * total)
    out = np.zeros(len(density), dtype=np.int64)
    for name, people, townspeople in zip(table["county"], total, in_town, strict=True):
        for side, count in ((True, townspeople), (False, people - townspeople)):
            mine = (county == name) & (urban == side)
            out[mine] = shares(int(count), density[mine])
    return out


def _older(facts: Facts, urban: BoolArray, population: IntArray, random: np.random.Generator) -> IntArray:
    share = facts.settings["demand"]["share_65"]
    mean = np.where(urban, share["urban"], share["rural"])
    return np.asarray(np.round(population * (mean + random.normal(0, 0.03, len(mean))).clip(0.03, 0.5)), dtype=np.int64)


def _needs(
    facts: Facts, urban: BoolArray, population: IntArray, pull: FloatArray, random: np.random.Generator
) -> dict[str, IntArray]:
    """Parking, charging and parcels of each place, in proportion to people; parking also to how central it is."""
    demand = facts.settings["demand"]

    def by(key: str) -> FloatArray:
        return np.where(urban, demand[key]["urban"], demand[key]["rural"])

    cars = population * by("cars_per_1000") / 1000
    parking = cars * demand["public_parking_share"] * urban
    parking *= (0.5 + 0.5 * pull.clip(0, 3)) * random.lognormal(0, 0.3, len(cars))
    charging = cars * by("electric_share") * demand["kwh_per_electric_car_day"]
    parcels = population * by("parcels_per_person_day") * random.lognormal(0, 0.2, len(cars))
    return {
        "parking_need_spaces": np.round(parking).astype(np.int64),
        "charging_need_kwh_per_day": np.round(charging).astype(np.int64),
        "parcels_per_day": np.round(parcels).astype(np.int64),
    }
