"""Where the layers of plan.gpkg lie: shapes as the inputs draw them, straight lines, and the places on the roads."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from models.arrays import BoolArray
from models.messages import Listed, Message, say
from solver.inputs.roads import Points
from solver.verify.case import Case
from solver.verify.columns import ON_ROAD, demand_roads, geometry_name, ordered
from solver.verify.service import serves
from solver.verify.tables import geometry_of
from solver.verify.verdict import Check, Unchecked

Met = tuple[Points, str, bool, tuple[str, ...]]
"""Points, the mode of the roads that they are brought to, whether to motorways too, and the classes (empty: all)."""
NEAR_M = 0.011
"""Places on roads are told to the centimetre."""
SAME_M = 1e-6


def lines_are_told_with_all_their_columns(case: Case) -> list[Message] | None:
    """Layers of who is served by whom, and of trips: programme, kind of link, travel, straight lines, nothing else."""
    found: list[Message] = []
    left: list[str] = []
    for kind, known in LINES.items():
        table = case.layers.get(kind)
        if table is None:
            continue
        travel = {f"travel_{case.pairs.unit}"} if serves(case) else set()
        load = {"served_load"} if kind == "allocation" and case.has_loads else set()
        left += [f"{c} ({kind})" for c in table.columns if c not in {*known, *travel, *load, geometry_name(table)}]
        wrong = sorted({str(p) for p in table["programme"] if p != case.name})
        found += [
            say(
                "programme of the layer of {kind}: {name} is not {programme}", kind=kind, name=name, programme=case.name
            )
            for name in wrong
        ]
        if kind == "allocation" and "link" in table:
            strange = sorted({str(link) for link in table["link"]} - {"place-site", "site-site"})
            found += [say("{link} is no kind of link", link=link) for link in strange]
        shapes = geometry_of(table)
        if shapes is not None:
            bent = np.flatnonzero(shapely.get_num_coordinates(shapes.to_numpy()) != 2)
            found += [say("line {n} of the layer of {kind} is not straight", n=i + 1, kind=kind) for i in bent]
    if left and not found:
        raise Unchecked(say("columns that are not recomputed: {left}", left=Listed(tuple(left))))
    return found if case.layers.keys() & LINES.keys() else None


LINES: Mapping[str, set[str]] = {
    "allocation": {"programme", "link", "from_id", "to_id", "share", "amount"},
    "flows": {"programme", "from_id", "to_id", "weight", "refuelled_share"},
}
"""Kind of a layer of lines -> its columns that other checks recompute."""


def shapes_are_those_of_the_study(case: Case) -> list[Message] | None:
    """Sites and places as the inputs draw them; trips from terminal to terminal."""
    found: list[Message] | None = None
    frames = {"sites": (case.inputs.site_frame, list(case.sites["id"]))}
    if case.inputs.demand is not None and case.inputs.demand_frame is not None:
        frames["demand"] = (case.inputs.demand_frame, list(case.inputs.demand.ids))
    for kind, (frame, ids) in frames.items():
        right, table = geometry_of(frame), ordered(case, kind, ids)
        if right is None or table is None:
            continue
        told = geometry_of(table)
        found = found or []
        if told is None:
            found.append(say("the layer of {kind} has no geometry", kind=kind))
            continue
        found += [
            say("{site} of the layer of {kind} is not where, or not as, the study has it", site=ids[i], kind=kind)
            for i in np.flatnonzero(~_same_shape(told.to_numpy(), right.to_numpy()))
        ]
    lines, flows = geometry_of(case.layers.get("flows")), case.inputs.flows
    if lines is not None and flows is not None and len(lines) == len(flows.weight):
        ends = np.stack([flows.terminal_xy[flows.origin], flows.terminal_xy[flows.destination]], axis=1)
        off = np.flatnonzero(~_same_shape(lines.to_numpy(), shapely.linestrings(ends)))
        found = (found or []) + [say("trip {n} is not drawn from terminal to terminal", n=i + 1) for i in off]
    return found


def _same_shape(told: Any, right: Any) -> BoolArray:
    """Whether shapes (n,) are drawn alike."""
    return np.asarray(shapely.equals_exact(told, right, SAME_M) | shapely.equals(told, right), dtype=bool)


def places_on_roads_are_where_points_meet_them(case: Case) -> list[Message] | None:
    """Columns road_x, road_y and off_road_m: on a road of the mode, as far from the point as they say."""
    found: list[Message] | None = None
    wanted: list[tuple[str, pd.DataFrame | None, Callable[[], list[Met]]]] = [
        ("sites", ordered(case, "sites", list(case.sites["id"])), lambda: _site_parts(case)),
    ]
    demand = case.inputs.demand
    if demand is not None and demand_roads(case):
        table = ordered(case, "demand", list(demand.ids))
        wanted.append(("demand", table, lambda: [(Points(demand.ids, demand.xy), _mode(case), False, ())]))
    for kind, table, parts in wanted:
        if table is None or not {*ON_ROAD} <= {*table.columns} or case.travel.roads is None:
            continue
        for met in parts():
            found = (found or []) + _road_faults(case, kind, table, met)
    return found


def _mode(case: Case) -> str:
    return "drive" if case.programme.reach is None else case.programme.reach.mode


def _site_parts(case: Case) -> list[Met]:
    """Sites, mode, whether on motorways and on which classes they meet their road; a tier as the tier below does."""
    p = case.programme
    every = np.arange(len(case.sites))
    if p.tiers:
        tier = case.sites["tier"].to_numpy()
        found: list[Met] = []
        for level, reach in enumerate([*(t.reach for t in p.tiers[1:]), p.reach]):
            if reach is not None and reach.mode != "straight":
                points = case.points_of(np.flatnonzero(tier == level))
                found.append((points, reach.mode, reach.mode != "walk", ()))
        return found
    if p.reach is not None:
        return [(case.points_of(every), p.reach.mode, p.reach.mode != "walk", ())]
    if p.vehicle is not None:
        return [(case.points_of(every), p.vehicle.mode, True, tuple(p.vehicle.road_classes))]
    return []


def _road_faults(case: Case, kind: str, table: pd.DataFrame, met: Met) -> list[Message]:
    points, mode, motorways, classes = met
    if points.xy is None or not len(points.ids):
        return []
    spots, _ = case.travel.spots(points, mode, motorways=motorways, classes=classes)
    lines = case.travel.streets(mode, classes).lines[spots.edge]
    right = shapely.line_interpolate_point(lines, spots.along, normalized=True)
    own = table.loc[list(points.ids), list(ON_ROAD)].to_numpy(dtype=np.float64)
    off = np.hypot(*(shapely.get_coordinates(right) - own[:, :2]).T)
    away = np.abs(shapely.distance(shapely.points(points.xy), right) - own[:, 2])
    wrong = np.flatnonzero(~((off <= 2 * NEAR_M) & (away <= NEAR_M)))
    return [
        say(
            "{point} of the layer of {kind} meets the road {metres:.2f} m from where it is told to, {right:.2f} m off",
            point=points.ids[i],
            kind=kind,
            metres=off[i],
            right=own[i, 2] + away[i],
        )
        for i in wrong.tolist()
    ]


SHAPES: tuple[Check[Case], ...] = (
    lines_are_told_with_all_their_columns,
    shapes_are_those_of_the_study,
    places_on_roads_are_where_points_meet_them,
)
