"""The travel of a study, computed anew: on roads, in a straight line, or from the study's own table."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from models.arrays import FloatArray, IntArray
from models.messages import Message, say
from solver.files.csvtext import read_texts
from solver.inputs.columns import id_text
from solver.inputs.roads import NO_STOPPING, Points, Roads
from solver.network.snapping import SnappedPoints, nearest
from solver.study.read import StudyFile
from solver.study.schema import Reach
from solver.verify.streets import ROUNDING as ROUNDING
from solver.verify.streets import Spots, Streets, Ways, streets_of, ways_of
from solver.verify.trips import Trips
from solver.verify.verdict import Unchecked

SAME_PLACE_M = 1e-3
"""Points nearer to each other than this are at one place."""
SEAM = 1e-9
"""Computed travel that differs from the last that counts by a smaller share is as well within reach as beyond it."""
SAMPLE = 5
"""So many starts are searched by networkx as well."""
NEAR_M = 1e-4
"""Difference of two lengths that is rounding, m."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Place, site (positions) and travel of every pair within reach; `unit` is m or s."""

    place: IntArray
    site: IntArray
    travel: FloatArray
    unit: str

    def where(self, keep: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> "Pairs":
        """Some of the pairs."""
        return Pairs(self.place[keep], self.site[keep], self.travel[keep], self.unit)


@dataclass(eq=False)
class Travel:
    """Everything between points; networks and pairs are computed once. `roads` is None where the study has a table."""

    file: StudyFile
    roads: Roads | None
    _streets: dict[tuple[str, tuple[str, ...]], Streets] = field(default_factory=dict)
    _spots: dict[tuple[object, ...], tuple[Spots, SnappedPoints]] = field(default_factory=dict)
    _trips: dict[tuple[object, ...], Trips] = field(default_factory=dict)
    _pairs: dict[tuple[object, ...], Pairs] = field(default_factory=dict)

    def between(self, places: Points, sites: Points, reach: Reach) -> Pairs:
        """Every pair within reach."""
        key = (places.ids, sites.ids, reach)
        if key not in self._pairs:
            if self.roads is None:
                self._pairs[key] = _from_table(self.file, places, sites, reach)
            elif reach.mode == "straight":
                self._pairs[key] = _straight(places, sites, reach.limit)
            else:
                trips = self.trips(places, sites, reach)
                first, second, cost = trips.found()
                ends = (first, second) if reach.direction == "to_site" else (second, first)
                self._pairs[key] = Pairs(*ends, cost, reach.unit)
        return self._pairs[key]

    def trips(self, places: Points, sites: Points, reach: Reach) -> Trips:
        """The trips on roads that a reach allows: from places to sites or the other way."""
        key = (places.ids, sites.ids, reach)
        if key not in self._trips:
            if self.roads is None or reach.mode == "straight":
                raise Unchecked(say("nothing travels on roads"))
            streets = self.streets(reach.mode, ())
            spots = {
                name: self._access(self.spots(points, reach.mode, motorways=motorways)[0], points, reach)
                for name, points, motorways in (
                    ("places", places, False),
                    ("sites", sites, reach.mode != "walk"),
                )
            }
            starts, goals = ("places", "sites") if reach.direction == "to_site" else ("sites", "places")
            ways = ways_of(streets, reach.unit, self.roads.section, reach.mode)
            last = farthest(reach.limit) * (1 + SEAM)
            self._trips[key] = Trips(ways, spots[starts], spots[goals], last, self._per_m(reach))
        return self._trips[key]

    def ways(self, mode: str, classes: tuple[str, ...]) -> Ways:
        """The graph of lengths on some road classes."""
        if self.roads is None:
            raise Unchecked(say("the study has no roads"))
        return ways_of(self.streets(mode, classes), "m", self.roads.section, mode)

    def streets(self, mode: str, classes: tuple[str, ...]) -> Streets:
        """The roads of a mode."""
        if self.roads is None:
            raise Unchecked(say("the study has no roads"))
        key = (mode, classes)
        if key not in self._streets:
            self._streets[key] = streets_of(self.roads.edges(), mode, classes, self.roads.section)
        return self._streets[key]

    def spots(
        self, points: Points, mode: str, *, motorways: bool, classes: tuple[str, ...] = ()
    ) -> tuple[Spots, SnappedPoints]:
        """Where points meet the roads, access apart, and as they were read."""
        if self.roads is None:
            raise Unchecked(say("the study has no roads"))
        key = (points.ids, mode, motorways, classes)
        if key not in self._spots:
            snapped = self.roads.snapped(points, mode, on_motorways=motorways, classes=classes)
            self._spots[key] = (self._placed(snapped, mode, classes), snapped)
        return self._spots[key]

    def terminals(self, points: Points, mode: str, classes: tuple[str, ...]) -> Spots:
        """Ends of trips: off motorways where another road is near enough, on them elsewhere."""
        on_any, snapped = self.spots(points, mode, motorways=True, classes=classes)
        if self.roads is None or points.xy is None:
            raise Unchecked(say("the study has no roads"))
        network = self.roads.network(mode, classes)
        if set(network.road_class) <= set(NO_STOPPING):
            return on_any
        speed = self.roads.section.access_speed_kph
        off = nearest(network, points.ids, points.xy, access_speed_kph=speed, avoid=NO_STOPPING)
        own = self._placed(off, mode, classes)
        far = off.distance_m > farthest(self.roads.section.snap_limit_m)
        return Spots(np.where(far, on_any.edge, own.edge), np.where(far, on_any.along, own.along), own.access)

    def _placed(self, snapped: SnappedPoints, mode: str, classes: tuple[str, ...]) -> Spots:
        if self.roads is None:
            raise Unchecked(say("the study has no roads"))
        streets, network = self.streets(mode, classes), self.roads.network(mode, classes)
        rows = [streets.row_of[int(edge)] for edge in network.edge_id[snapped.edge]]
        return Spots(np.array(rows, dtype=np.int64), snapped.fraction.astype(np.float64), np.zeros(len(rows)))

    def _access(self, spots: Spots, points: Points, reach: Reach) -> Spots:
        """With the way between point and road, where the reach counts it."""
        if self.roads is None or points.xy is None:
            return spots
        if not reach.access:
            return replace(spots, xy=points.xy, off_m=np.zeros(len(spots)))
        metres = off_road_m(self.streets(reach.mode, ()), spots, points.xy)
        return replace(spots, access=metres * self._per_m(reach), xy=points.xy, off_m=metres)

    def _per_m(self, reach: Reach) -> float:
        """What a metre between point and road costs, in m or s."""
        if self.roads is None or reach.unit == "m":
            return 1.0
        return 3.6 / self.roads.section.access_speed_kph


def farthest(limit: float) -> float:
    """The largest number that a limit lets count."""
    return limit + limit * ROUNDING


def off_road_m(streets: Streets, spots: Spots, xy: FloatArray) -> FloatArray:
    """Straight distance (n,) of points from their places on the road."""
    lines = streets.lines[spots.edge]
    return np.asarray(
        shapely.distance(shapely.points(xy), shapely.line_interpolate_point(lines, spots.along, normalized=True))
    )


def snapping_faults(travel: Travel, points: Points, mode: str, *, motorways: bool) -> list[Message]:
    """Points that are not at the nearest road, or farther from it than the study allows."""
    if travel.roads is None or points.xy is None:
        return []
    streets = travel.streets(mode, ())
    spots, _ = travel.spots(points, mode, motorways=motorways)
    allowed = np.ones(len(streets.lines), bool) if motorways else ~np.isin(streets.road_class.astype(str), NO_STOPPING)
    tree = shapely.STRtree(streets.lines[allowed])
    shapes = shapely.points(points.xy)
    _, least = tree.query_nearest(shapes, all_matches=False, return_distance=True)
    told, limit = off_road_m(streets, spots, points.xy), travel.roads.section.snap_limit_m
    far = np.flatnonzero((np.abs(told - least) > NEAR_M) | (told > farthest(limit)) | ~allowed[spots.edge])
    return [
        say(
            "{point} is brought to a road {told:.2f} m off; the nearest is {least:.2f}, the limit {limit:g}",
            point=points.ids[i],
            told=told[i],
            least=least[i],
            limit=limit,
        )
        for i in far
    ]


def _straight(places: Points, sites: Points, limit_m: float) -> Pairs:
    if places.xy is None or sites.xy is None:
        raise Unchecked(say("points without coordinates have no distance"))
    found: list[tuple[IntArray, IntArray, FloatArray]] = [(np.zeros(0, int), np.zeros(0, int), np.zeros(0))]
    for j, (x, y) in enumerate(sites.xy):
        metres = np.sqrt((places.xy[:, 0] - x) ** 2 + (places.xy[:, 1] - y) ** 2)
        near = np.flatnonzero(metres <= farthest(limit_m) * (1 + SEAM))
        found.append((near, np.full(len(near), j), metres[near]))
    place, site, metres = (np.concatenate(column) for column in zip(*found, strict=True))
    return Pairs(place, site, metres, "m")


def table_of(file: StudyFile) -> pd.DataFrame:
    """The study's matrix as it stands, ids as texts; CSV, Parquet or npz."""
    section = file.study.travel
    path = file.resolve(section.matrix or "")
    if path.suffix.lower() == ".npz":
        with np.load(path, allow_pickle=False) as arrays:
            table = pd.DataFrame({name: arrays[name] for name in arrays.files})
    elif path.suffix.lower() == ".parquet":
        table = pd.read_parquet(path)
    else:
        names = {section.demand: str, section.site: str}
        separator = "\t" if path.suffix.lower() == ".tsv" else ","
        table = read_texts(pd.read_csv(path, sep=separator, dtype=names, encoding="utf-8-sig"))
    return table.assign(**{column: table[column].map(id_of) for column in (section.demand, section.site)})


def _from_table(file: StudyFile, places: Points, sites: Points, reach: Reach) -> Pairs:
    section, table = file.study.travel, table_of(file)
    value = _travel_told(table[section.value], section.unreachable_value)
    value = value * {"m": 1.0, "s": 1.0, "min": 60.0}[section.unit]
    place = table[section.demand].map({i: n for n, i in enumerate(places.ids)})
    site = table[section.site].map({i: n for n, i in enumerate(sites.ids)})
    keep = place.notna() & site.notna() & (value <= farthest(reach.limit))
    found = (column[keep].to_numpy() for column in (place, site, value))
    rows, columns, travel = found
    return Pairs(rows.astype(np.int64), columns.astype(np.int64), travel.astype(np.float64), reach.unit)


def _travel_told(cells: "pd.Series[Any]", marks: float | str | list[float | str] | None) -> "pd.Series[float]":
    """The numbers of a table; nothing where a cell holds a mark for no way."""
    found = pd.to_numeric(cells, errors="coerce")
    for mark in marks if isinstance(marks, list) else [marks]:
        if isinstance(mark, int | float):
            found = found.mask((found - mark).abs() <= 1e-12 * abs(mark))
    return found


def id_of(value: object) -> str:
    """An id as the layers have it."""
    text = id_text(value)
    return text.removesuffix(".0") if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text
