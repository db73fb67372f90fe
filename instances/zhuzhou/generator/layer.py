"""Layers of points: ids, county and town, places in whole metres, and picking nodes to put sites at."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from instances.zhuzhou.generator.curves import scattered
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from models.arrays import FloatArray, IntArray

OFFSET_M = (10.0, 60.0)  # of a site from the road it stands at


def layer(
    facts: Facts, land: Land, prefix: str, xy: FloatArray, columns: Mapping[str, Any], *, id_name: str = "site_id"
) -> gpd.GeoDataFrame:
    """A point layer with ids PREFIX-0001.., county, town and the given columns, ordered from west to east by town."""
    xy = np.round(xy)
    town = land.town_of(xy)
    order = np.lexsort((xy[:, 1], xy[:, 0], town))
    digits = 5 if len(xy) > 9999 else 4
    frame = pd.DataFrame(
        {
            "county": facts.towns["county"].to_numpy(dtype=object)[town],
            "town": facts.towns["town"].to_numpy(dtype=object)[town],
            **columns,
        }
    ).iloc[order]
    frame.insert(0, id_name, [f"{prefix}-{i:0{digits}d}" for i in range(1, len(frame) + 1)])
    return gpd.GeoDataFrame(frame.reset_index(drop=True), geometry=shapely.points(xy[order]), crs=facts.settings["crs"])


def picked(xy: FloatArray, weight: FloatArray, wanted: int, apart_m: float, random: np.random.Generator) -> IntArray:
    """At most `wanted` positions drawn in proportion to `weight` (n,), none within `apart_m` of another."""
    pool = np.argsort(random.exponential(1.0, len(xy)) / np.maximum(weight, 1e-12), kind="stable")[: 5 * wanted]
    kept = pool[scattered(xy[pool], np.full(len(pool), apart_m), random)]
    return np.sort(kept[random.permutation(len(kept))[:wanted]])


def beside(xy: FloatArray, random: np.random.Generator) -> FloatArray:
    """Points a little off the road node they belong to."""
    angle = random.uniform(0, 2 * np.pi, len(xy))
    away = random.uniform(*OFFSET_M, len(xy))[:, None]
    return xy + np.column_stack([np.cos(angle), np.sin(angle)]) * away


def money(cost: FloatArray, random: np.random.Generator, spread: float = 0.15) -> IntArray:
    """Costs with lognormal differences between sites, in whole thousands."""
    return np.asarray(np.round(cost * random.lognormal(0.0, spread, len(cost)) / 1000) * 1000, dtype=np.int64)
