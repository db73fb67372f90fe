"""A plan on its roads: the ways to the sites as real road lines, and what each site reaches as areas and streets."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from models.arrays import IntArray
from models.messages import Listed, Message, say
from solver.errors import ExportError
from solver.export.column_names import tidy
from solver.export.formats import WRITERS
from solver.files.atomic import whole
from solver.files.parsed import require_parsed
from solver.files.protect import Guard
from solver.findings import named
from solver.inputs.identity import changed
from solver.inputs.instance import ProgrammeInputs, load_instance
from solver.inputs.roads import NO_STOPPING, Points, Roads
from solver.inputs.travel import travel_source
from solver.network.areas import reached_streets
from solver.network.reach import Reach
from solver.network.routes import routes
from solver.network.serviceareas import OffRoad, service_areas
from solver.network.snapping import SnappedPoints
from solver.results.result import ProgrammeResult, StudyResult
from solver.study import schema
from solver.study.read import StudyFile

VIEWS = ("routes", "areas", "streets")
NAMES = {"routes": say("routes"), "areas": say("areas"), "streets": say("streets")}
AREA_STEPS = (1 / 3, 2 / 3, 1.0)
"""Areas are drawn at these shares of the programme's reach."""


def road_views(
    file: StudyFile,
    result: StudyResult,
    views: Sequence[str],
    *,
    on_progress: Callable[[Message, float | None], None] = lambda _text, _share: None,
) -> dict[str, gpd.GeoDataFrame]:
    """Layers `<programme>_<view>` of every programme with a plan on roads.

    `routes`: the way of each served place to its site, or from it; `areas`: polygons around the streets within a
    third, two thirds and all of the reach of each open site; `streets`: those streets. ExportError where the inputs
    changed since the run, or the study has no roads.
    """
    known = (*file.study.programmes, *file.study.portfolio)
    instance = load_instance(file, [name for name in result.programmes if name in known])
    other = changed(result.inputs, instance.inputs)
    if other:
        raise ExportError(
            say("{other} changed since the run; run the study again before its roads are drawn", other=named(other))
        )
    source = travel_source(file, instance.crs, on_progress)
    if not isinstance(source, Roads):
        raise ExportError(say("the study brings a matrix and no roads, so there are no road lines to draw"))
    layers = {}
    for name, programme in result.programmes.items():
        inputs = instance.inputs_of(name)
        reach = None if inputs is None else inputs.programme.reach
        if inputs is None or reach is None or reach.mode == "straight" or not (programme.sites or programme.kept_sites):
            continue
        for view in views:
            on_progress(say("{view} of {programme}", view=NAMES[view], programme=name), None)
            table = _VIEWS[view](source, inputs, reach, programme)
            if table is not None and len(table):
                table.insert(0, "programme", name)
                layers[f"{name}_{view}"] = table
    if not layers:
        raise ExportError(
            say(
                "no programme has open sites with a reach on roads, so there are no {views}",
                views=Listed([NAMES[view] for view in views], by="either"),
            )
        )
    return layers


def write_views(layers: Mapping[str, gpd.GeoDataFrame], path: Path, guard: Guard) -> list[Message]:
    """Write to a GeoPackage, a layer each, or to another format, all below each other; returns notes."""
    if path.suffix.lower() == ".gpkg":
        with whole(path, guard) as draft:
            for name, table in layers.items():
                tidy(table).to_file(draft, layer=name, driver="GPKG", engine="pyogrio")
        return []
    if path.suffix.lower() not in WRITERS:
        raise ExportError(
            say("{name}: road lines and areas are written as .gpkg {others}", name=path.name, others=" ".join(WRITERS))
        )
    kinds = {name.rpartition("_")[2] for name in layers}
    if len(kinds) > 1:
        raise ExportError(
            say(
                "{name} holds one layer; ask for one of {kinds}, or write .gpkg",
                name=path.name,
                kinds=Listed(sorted(kinds)),
            )
        )
    joined = pd.concat(list(layers.values()), ignore_index=True)
    with whole(path, guard) as draft:
        notes = WRITERS[path.suffix.lower()](gpd.GeoDataFrame(joined, crs=next(iter(layers.values())).crs), draft)
        require_parsed(draft, path, rows=len(joined))
        return notes


def _open_sites(inputs: ProgrammeInputs, programme: ProgrammeResult) -> IntArray:
    """Positions of the open sites, ascending."""
    chosen = {*programme.sites, *programme.kept_sites}
    return np.array([i for i, site in enumerate(inputs.sites.ids) if site in chosen], dtype=np.int64)


def _searches(source: Roads, inputs: ProgrammeInputs, reach: schema.Reach, programme: ProgrammeResult) -> Reach:
    """Ready to search from the open sites as the programme's trips run."""
    positions, sites = _open_sites(inputs, programme), inputs.sites
    points = Points(tuple(sites.ids[i] for i in positions), None if sites.xy is None else sites.xy[positions])
    return Reach(
        source.network(reach.mode),
        source.snapped(points, reach.mode, on_motorways=reach.mode != "walk"),
        impedance="length_m" if reach.unit == "m" else "time_s",
        direction=reach.direction,
        access=reach.access,
    )


def _demand(source: Roads, inputs: ProgrammeInputs, mode: str) -> SnappedPoints | None:
    if inputs.demand is None:
        return None
    return source.snapped(Points(inputs.demand.ids, inputs.demand.xy), mode, on_motorways=False)


def _routes(
    source: Roads, inputs: ProgrammeInputs, reach: schema.Reach, programme: ProgrammeResult
) -> gpd.GeoDataFrame | None:
    allocation = programme.allocation_table
    demand = _demand(source, inputs, reach.mode)
    if demand is None or allocation is None or "link" not in allocation:
        return None
    served = allocation[allocation["link"] == "place-site"]
    ready = _searches(source, inputs, reach, programme)
    row = pd.Index(demand.ids).get_indexer(served["from_id"].astype(str))
    column = pd.Index(ready.points.ids).get_indexer(served["to_id"].astype(str))
    found = routes(ready, demand, np.column_stack([row, column]))
    return found.rename(columns={"demand": "from_id", "site": "to_id"})


def _areas(
    source: Roads, inputs: ProgrammeInputs, reach: schema.Reach, programme: ProgrammeResult
) -> gpd.GeoDataFrame | None:
    ready = _searches(source, inputs, reach, programme)
    section = source.section
    off_road = OffRoad(section.access_speed_kph, section.snap_limit_m, NO_STOPPING)
    cutoffs = [reach.limit * share for share in AREA_STEPS]
    return service_areas(ready, cutoffs=cutoffs, off_road=off_road).rename(columns={"site": "site_id"})


def _streets(
    source: Roads, inputs: ProgrammeInputs, reach: schema.Reach, programme: ProgrammeResult
) -> gpd.GeoDataFrame | None:
    ready = _searches(source, inputs, reach, programme)
    return reached_streets(ready, cutoff=reach.limit).rename(columns={"site": "site_id"})


_VIEWS: dict[str, Callable[[Roads, ProgrammeInputs, schema.Reach, ProgrammeResult], gpd.GeoDataFrame | None]] = {
    "routes": _routes,
    "areas": _areas,
    "streets": _streets,
}
