"""The layers of facts and ground: towns, counties, rivers, built-up areas."""

import geopandas as gpd
import numpy as np
import shapely

from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land


def make_areas(facts: Facts, land: Land) -> dict[str, gpd.GeoDataFrame]:
    """The layers towns, counties, rivers and builtup."""
    crs = facts.settings["crs"]
    towns = gpd.GeoDataFrame(
        facts.towns.drop(columns=["x", "y"]).astype({"villages_2016": "Int16", "plan_tier": np.int8}),
        geometry=shapely.points(facts.towns[["x", "y"]].to_numpy()),
        crs=crs,
    )
    rivers = gpd.GeoDataFrame(
        {
            "name": [r["name"] for r in facts.rivers],
            "name_en": [r["name_en"] for r in facts.rivers],
            "width_m": [r["width_m"] for r in facts.rivers],
        },
        geometry=shapely.set_precision(np.array(land.rivers, dtype=object), 1.0),
        crs=crs,
    )
    builtup = gpd.GeoDataFrame(
        land.builtup[["name", "kind"]],
        geometry=shapely.set_precision(shapely.simplify(land.builtup["area"].to_numpy(dtype=object), 5.0), 1.0),
        crs=crs,
    )
    return {"towns": towns, "counties": _counties(facts, land), "rivers": rivers, "builtup": builtup}


def _counties(facts: Facts, land: Land) -> gpd.GeoDataFrame:
    """Generated outlines: the land nearer to a county's towns than to others' on its bank of the first river."""
    xy = facts.towns[["x", "y"]].to_numpy()
    west_towns = land.is_west(xy)
    parts: dict[str, list[shapely.Geometry]] = {name: [] for name in facts.counties["county"]}
    for side, ground in ((True, land.outline.intersection(land.west)), (False, land.outline.difference(land.west))):
        rows = np.flatnonzero(west_towns == side)
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy[rows]), extend_to=ground))
        owner = shapely.STRtree(cells).query(shapely.points(xy[rows]), predicate="within")
        for town, cell in owner.T:
            parts[facts.towns["county"].iloc[rows[town]]].append(cells[cell].intersection(ground))
    shapes = [shapely.set_precision(shapely.simplify(shapely.union_all(parts[n]), 20.0), 1.0) for n in parts]
    return gpd.GeoDataFrame(
        facts.counties.assign(generated_area_km2=np.round(shapely.area(shapes) / 1e6, 1)),
        geometry=shapes,
        crs=facts.settings["crs"],
    )
