"""Service areas: the ground from which travel to a site, with the way to the road, is within a limit.

A place goes to the nearest point of the nearest road and on along it. So the area is put together of straight pieces of
road: beside each, the ground that is nearest to it, as far off as what is left of the limit there allows. Around the
site itself come the places from which the straight way stands for the way by road (`solver.network.offroad`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from models.limits import reaching
from models.messages import say
from solver.errors import NetworkError
from solver.network.cells import Segments, farthest_corner, nearest_ground, segments_of
from solver.network.layout import runs
from solver.network.reach import Reach
from solver.network.roadnetwork import Floats

ARC = np.linspace(0.5 * np.pi, 1.5 * np.pi, 33)
"""Corners of the half circle around the end of a piece."""
RAYS = 256
HALVINGS = 30
SMOOTH_M = 0.2
"""Outlines are true to this: corners nearer to the line between their neighbours than half of it are left out."""


@dataclass(frozen=True)
class OffRoad:
    """How places come to their road: speed, the farthest they may lie off it, and road classes where nobody stops."""

    speed_kph: float
    limit_m: float
    avoid: Collection[str] = ()


class _Run(NamedTuple):
    """Stretches of segments entered at one end: segment, share along the edge and cost there and at the other end."""

    segment: NDArray[np.int64]
    enter: Floats
    leave: Floats
    cost_in: Floats
    cost_out: Floats

    def taken(self, keep: NDArray[np.bool_]) -> "_Run":
        """Some of them."""
        return _Run(self.segment[keep], self.enter[keep], self.leave[keep], self.cost_in[keep], self.cost_out[keep])


def service_areas(reach: Reach, *, cutoffs: Sequence[float], off_road: OffRoad) -> gpd.GeoDataFrame:
    """One row per site and cut-off, the widest first: `site`, `limit_s` or `limit_m`, geometry.

    A place is in the area just when its travel as `solver.network.travel` has it is within the cut-off, but for what
    the outline is rounded by: less than a metre where the roads around are some 100 km long, a few where they are
    1,000.
    """
    if not cutoffs or not all(0 < cutoff < np.inf for cutoff in cutoffs):
        raise NetworkError(say("cut-offs are {cutoffs}; they must be above 0 and finite", cutoffs=list(cutoffs)))
    limit = "limit_s" if reach.impedance == "time_s" else "limit_m"
    network = reach.network
    stops = ~np.isin(network.road_class.astype(str), list(off_road.avoid))
    segments = segments_of(network.geometry, np.flatnonzero(stops).astype(np.int64))
    tree = shapely.STRtree(network.geometry[stops])
    searched = [[_runs_of(reach, site, cutoff, segments) for cutoff in cutoffs] for site in range(len(reach.points))]
    ground = _Ground(segments, _near(segments, searched, 2 * off_road.limit_m))
    rows = []
    for at in np.argsort(cutoffs)[::-1]:
        for site, name in enumerate(reach.points.ids):
            parts = _beside(reach, searched[site][at], float(cutoffs[at]), ground, off_road)
            own = _around(reach, site, float(cutoffs[at]), tree, off_road)
            area = shapely.simplify(shapely.union_all([*parts, *own]), SMOOTH_M / 2)
            if not area.is_empty:
                rows.append({"site": name, limit: float(cutoffs[at]), "geometry": area})
    table = pd.DataFrame(rows, columns=["site", limit, "geometry"])
    return gpd.GeoDataFrame(table, geometry="geometry", crs=network.crs)


class _Ground:
    """The nearest ground of those segments that matter; the others have none."""

    def __init__(self, segments: Segments, wanted: NDArray[np.bool_]) -> None:
        self.segments = segments
        self.polygon = np.full(len(segments), None, dtype=object)
        self.off_m = np.full(len(segments), np.inf)
        """How far (n_segments,) the farthest corner of a segment's ground is from it."""
        if wanted.any():
            pieces = segments.taken(wanted)
            self.polygon[wanted] = nearest_ground(pieces)
            self.off_m[wanted] = farthest_corner(pieces, self.polygon[wanted])


def _near(segments: Segments, searched: list[list[_Run]], margin_m: float) -> NDArray[np.bool_]:
    """Segments (n,) in the box of all that are reached, widened by a margin."""
    reached = np.zeros(len(segments), dtype=bool)
    for site in searched:
        for found in site:
            reached[found.segment] = True
    if not reached.any():
        return reached
    both = np.concatenate([segments.start[reached], segments.end[reached]])
    low, high = both.min(axis=0) - margin_m, both.max(axis=0) + margin_m
    least, most = np.minimum(segments.start, segments.end), np.maximum(segments.start, segments.end)
    return np.asarray(((most >= low) & (least <= high)).all(axis=1), dtype=bool)


def _runs_of(reach: Reach, site: int, cutoff: float, segments: Segments) -> _Run:
    """From both ends of every edge, and on the site's own edge to both sides, as far as edges go."""
    label, nodes = reach.search(site, cutoff)
    arcs, road_of = reach.graph.arcs, reach.graph.road
    count = (arcs.start[nodes + 1] - arcs.start[nodes]).astype(np.int64)
    out = runs(arcs.start[nodes].astype(np.int64), count)
    value = np.repeat(label[nodes], count)[road_of[out] >= 0]
    out = out[road_of[out] >= 0]
    road = road_of[out]
    ahead = reach.drawn_forward(road)
    own = reach.sources
    here, access, edge = float(own.fraction[site]), float(own.access[site]), int(own.edge[site])
    mine = [(1.0, float(own.rising[site])), (0.0, float(own.falling[site]))]
    # a site that may leave its place in no direction is still reached from the place itself
    mine = [(end, cost) for end, cost in mine if access <= reaching(cutoff)]
    return _on_segments(
        segments,
        np.concatenate([reach.network.arc_edge[road], np.full(len(mine), edge)]).astype(np.int64),
        np.concatenate([np.where(ahead, 0.0, 1.0), np.full(len(mine), here)]),
        np.concatenate([np.where(ahead, 1.0, 0.0), np.array([end for end, _ in mine])]),
        np.concatenate([value, np.full(len(mine), access)]),
        np.concatenate([arcs.weight[out], np.array([cost for _, cost in mine])]),
    )


def _on_segments(
    segments: Segments, edge: NDArray[np.int64], begin: Floats, end: Floats, value: Floats, whole: Floats
) -> _Run:
    """Trips along edges from one share to another, cut at the segments; `whole` is what the whole edge costs."""
    order = np.argsort(segments.edge, kind="stable")
    first = np.searchsorted(segments.edge[order], edge, side="left")
    sizes = (np.searchsorted(segments.edge[order], edge, side="right") - first).astype(np.int64)
    trip, segment = np.repeat(np.arange(len(edge)), sizes), order[runs(first.astype(np.int64), sizes)]
    ahead = end[trip] >= begin[trip]
    low, high = segments.begin[segment], segments.stop[segment]
    enter = np.where(ahead, np.maximum(low, begin[trip]), np.minimum(high, begin[trip]))
    leave = np.where(ahead, np.minimum(high, end[trip]), np.maximum(low, end[trip]))
    keep = np.where(ahead, leave >= enter, leave <= enter)
    trip, segment, enter, leave = trip[keep], segment[keep], enter[keep], leave[keep]
    closed = ~np.isfinite(whole[trip])
    leave = np.where(closed, enter, leave)
    keep = ~closed | (enter == begin[trip])
    trip, segment, enter, leave = trip[keep], segment[keep], enter[keep], leave[keep]
    per = np.where(np.isfinite(whole[trip]), whole[trip], 0.0)
    cost_in, cost_out = (value[trip] + np.abs(share - begin[trip]) * per for share in (enter, leave))
    return _Run(segment, enter, leave, cost_in, cost_out)


def _beside(reach: Reach, found: _Run, cutoff: float, ground: _Ground, off_road: OffRoad) -> list[shapely.Geometry]:
    """The ground beside the reached stretches of road from which the rest of the way is within the cut-off."""
    whole = _whole(reach, found, cutoff, ground, off_road)
    partly = ~np.isin(found.segment, whole)
    shapes, segment = _shapes(reach, found.taken(partly), cutoff, ground.segments, off_road)
    if not len(shapes):
        return list(ground.polygon[whole])
    order = np.argsort(segment, kind="stable")
    shapes, segment = shapes[order], segment[order]
    which, first = np.unique(segment, return_index=True)
    joined = [shapely.union_all(some) for some in np.split(shapes, first[1:])]
    parts = shapely.intersection(np.array(joined, dtype=object), ground.polygon[which])
    return [*ground.polygon[whole], *parts]


def _whole(reach: Reach, found: _Run, cutoff: float, ground: _Ground, off_road: OffRoad) -> NDArray[np.int64]:
    """Segments whose nearest ground is within the cut-off to its farthest corner: most of those far from the limit."""
    segments, metres = ground.segments, 1.0 if reach.impedance == "length_m" else off_road.speed_kph / 3.6
    rest = (cutoff - np.maximum(found.cost_in, found.cost_out)) * metres
    most = np.where(rest >= 0, off_road.limit_m, rest) if not reach.access else np.minimum(rest, off_road.limit_m)
    low, high = np.minimum(found.enter, found.leave), np.maximum(found.enter, found.leave)
    all_of_it = np.isclose(low, segments.begin[found.segment]) & np.isclose(high, segments.stop[found.segment])
    return np.unique(found.segment[all_of_it & (most >= ground.off_m[found.segment])])


def _shapes(
    reach: Reach, found: _Run, cutoff: float, segments: Segments, off_road: OffRoad
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Polygons beside stretches, and the segments they belong to."""
    metres = 1.0 if reach.impedance == "length_m" else off_road.speed_kph / 3.6
    rest_in, rest_out = ((reaching(cutoff) - cost) * metres for cost in (found.cost_in, found.cost_out))
    keep = rest_in >= 0
    segment, enter, leave = found.segment[keep], found.enter[keep], found.leave[keep]
    rest_in, rest_out = rest_in[keep], rest_out[keep]
    low, high = segments.begin[segment], segments.stop[segment]
    at_in, at_out = (np.isclose(share, low) | np.isclose(share, high) for share in (enter, leave))
    at_out &= rest_out >= 0
    most = off_road.limit_m
    # where on the stretch the limit off the road ceases to bind, and where nothing is left
    fall = np.maximum(rest_in - rest_out, 1e-12)
    bend, last = np.clip((rest_in - most) / fall, 0.0, 1.0), np.clip(rest_in / fall, 0.0, 1.0)
    last = np.where(rest_out >= 0, 1.0, last)
    if not reach.access:
        bend = last
    bend = np.minimum(bend, last)
    stops = [enter + share * (leave - enter) for share in (np.zeros(len(bend)), bend, last)]
    wide = [np.minimum(rest_in + share * (rest_out - rest_in), most) for share in (np.zeros(len(bend)), bend, last)]
    if not reach.access:
        wide = [np.full(len(bend), most)] * 3
    places = [_place(segments, segment, stop) for stop in stops]
    parts = [_bands(places[k], places[k + 1], wide[k], wide[k + 1]) for k in range(2)]
    along = (segments.end - segments.start)[segment] / segments.length_m[segment][:, None]
    inward = [along * np.where(share < (low + high) / 2, 1.0, -1.0)[:, None] for share in (enter, leave)]
    caps_in = _caps(places[0][at_in], wide[0][at_in], inward[0][at_in])
    caps_out = _caps(places[2][at_out], wide[2][at_out], inward[1][at_out])
    owners = [segment, segment, segment[at_in], segment[at_out]]
    shapes, owner = np.concatenate([*parts, caps_in, caps_out]), np.concatenate(owners)
    some = shapely.area(shapes) > 0
    return shapely.make_valid(shapes[some]), owner[some]


def _place(segments: Segments, segment: NDArray[np.int64], share: Floats) -> Floats:
    """Places (n, 2) at shares along the edges."""
    inside = (share - segments.begin[segment]) / (segments.stop[segment] - segments.begin[segment])
    inside = np.clip(inside, 0.0, 1.0)[:, None]
    return segments.start[segment] * (1.0 - inside) + segments.end[segment] * inside


def _bands(start: Floats, end: Floats, wide: Floats, wide_end: Floats) -> NDArray[np.object_]:
    """Four-cornered polygons (n,) to both sides of stretches, so wide at their beginnings and ends."""
    step = end - start
    long = np.maximum(np.hypot(*step.T), 1e-12)
    side = np.column_stack([-step[:, 1], step[:, 0]]) / long[:, None]
    one, other = wide[:, None] * side, wide_end[:, None] * side
    rings = np.stack([start + one, end + other, end - other, start - one], axis=1)
    return np.asarray(shapely.polygons(rings), dtype=object)


def _caps(centre: Floats, radius: Floats, along: Floats) -> NDArray[np.object_]:
    """Half circles (n,) around the ends of segments, on the side away from `along` (n, 2) into the segment."""
    side = np.column_stack([-along[:, 1], along[:, 0]])
    offset = np.cos(ARC)[None, :, None] * along[:, None, :] + np.sin(ARC)[None, :, None] * side[:, None, :]
    rings = centre[:, None, :] + radius[:, None, None] * offset
    return np.asarray(shapely.polygons(rings), dtype=object) if len(rings) else np.zeros(0, dtype=object)


def _around(reach: Reach, site: int, cutoff: float, tree: shapely.STRtree, off_road: OffRoad) -> list[shapely.Geometry]:
    """The places from which the straight way to the site stands for the way by road.

    Such places lie together: on the line from one of them to the site all are (the way shortens as fast as the distance
    from the road can). So their outline is found on rays from the site.
    """
    points = reach.points
    if points.point_xy is None:
        return []
    itself = shapely.Point(points.point_xy[site]).buffer(SMOOTH_M)
    if not reach.access:
        return [itself]
    metres = reaching(cutoff) * (1.0 if reach.impedance == "length_m" else off_road.speed_kph / 3.6)
    own, centre = float(points.distance_m[site]), points.point_xy[site]
    angle = np.arange(RAYS) * 2.0 * np.pi / RAYS
    ray = np.column_stack([np.cos(angle), np.sin(angle)])
    low, high = np.zeros(RAYS), np.full(RAYS, min(metres, own + off_road.limit_m))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        _, off = tree.query_nearest(
            shapely.points(centre + middle[:, None] * ray), all_matches=False, return_distance=True
        )
        inside = middle <= own + off
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    shape = shapely.Polygon(centre + high[:, None] * ray)
    return [shapely.make_valid(shape), itself]
