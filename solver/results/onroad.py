"""Where the points of a plan meet the road: columns beside every site and place that was brought to a network."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from models.arrays import IntArray
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.roads import Points, Roads
from solver.inputs.travel import Matrix
from solver.network.snapping import SnappedPoints
from solver.results.result import ProgrammeResult

COLUMNS = ("road_x", "road_y", "off_road_m")
"""The place on the road, and the straight distance from the point to it."""


def with_road_places(result: ProgrammeResult, inputs: ProgrammeInputs, source: Roads | Matrix) -> ProgrammeResult:
    """The result with `COLUMNS` in its tables of sites and demand; as it is where the study brings a matrix.

    What is reached in a straight line was brought to no road and has no such columns.
    """
    if not isinstance(source, Roads) or result.site_table is None or _all_straight(inputs):
        return result
    sites = np.full((len(inputs.sites), len(COLUMNS)), np.nan)
    for part, snapped in _sites_on_road(inputs, source):
        sites[part] = _places(snapped)
    demand_table, demand, reach = result.demand_table, inputs.demand, inputs.programme.reach
    if demand_table is not None and demand is not None and reach is not None and reach.mode != "straight":
        snapped = source.snapped(Points(demand.ids, demand.xy), reach.mode, on_motorways=False)
        demand_table = _with_columns(demand_table, _places(snapped))
    return replace(result, site_table=_with_columns(result.site_table, sites), demand_table=demand_table)


def _all_straight(inputs: ProgrammeInputs) -> bool:
    programme = inputs.programme
    reaches = [reach for reach in (programme.reach, *(tier.reach for tier in programme.tiers)) if reach is not None]
    return bool(reaches) and all(reach.mode == "straight" for reach in reaches)


def _sites_on_road(inputs: ProgrammeInputs, source: Roads) -> Iterator[tuple[IntArray, SnappedPoints]]:
    """Positions of sites and where they lie, as snapped for their travel: those of a tier as the tier below sees it."""
    programme, sites = inputs.programme, inputs.sites
    everyone = np.arange(len(sites), dtype=np.int64)
    if inputs.tier is not None:
        reaches = [tier.reach for tier in programme.tiers[1:]] + [programme.reach]
        for level, reach in enumerate(reaches):
            part = everyone[inputs.tier == level]
            if reach is not None and reach.mode != "straight":
                yield part, _snapped(inputs, source, part, reach.mode)
    elif programme.reach is not None:
        yield everyone, _snapped(inputs, source, everyone, programme.reach.mode)
    elif programme.vehicle is not None:
        mode, classes = programme.vehicle.mode, tuple(programme.vehicle.road_classes)
        yield everyone, source.snapped(Points(sites.ids, sites.xy), mode, on_motorways=True, classes=classes)


def _snapped(inputs: ProgrammeInputs, source: Roads, part: IntArray, mode: str) -> SnappedPoints:
    ids, xy = inputs.sites.ids, inputs.sites.xy
    points = Points(tuple(ids[i] for i in part), None if xy is None else xy[part])
    return source.snapped(points, mode, on_motorways=mode != "walk")


def _places(snapped: SnappedPoints) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.column_stack([snapped.xy, snapped.distance_m])


def _with_columns(table: pd.DataFrame, places: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> pd.DataFrame:
    """Rounded to centimetres; a column of the planner's own of that name stays under its name with `_layer`."""
    renamed = table.rename(columns={name: f"{name}_layer" for name in COLUMNS if name in table.columns})
    return renamed.assign(**{name: places[:, i].round(2) for i, name in enumerate(COLUMNS)})
