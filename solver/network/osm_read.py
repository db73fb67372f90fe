"""One streaming pass over an OpenStreetMap file: the roads' vertices as arrays, their tags understood."""

from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import osmium
from numpy.typing import NDArray

from models.messages import say
from solver.errors import LayerError
from solver.network import osm_tags
from solver.network.graph import MODES
from solver.network.osm_tags import CLASS_SPEED_KPH

TOLD_EVERY = 50_000
Box = tuple[float, float, float, float]


class Way(NamedTuple):
    """What a way is to those who travel on it."""

    road_class: str
    name: str
    ref: str
    speed_kph: float
    oneway: str
    drive: bool
    walk: bool
    truck: bool
    bridge: bool
    tunnel: bool
    level: int


@dataclass(frozen=True, eq=False)
class OsmWays:
    """All ways of an extract that some mode may use, and what was noticed."""

    start: NDArray[np.int64]  # (n_ways + 1,) vertices of way w are start[w]:start[w + 1]
    node: NDArray[np.int64]  # (n_vertices,) OpenStreetMap's node ids
    lonlat: NDArray[np.float64]  # (n_vertices, 2) degrees, WGS 84
    ways: tuple[Way, ...]
    barriers: Mapping[int, tuple[str, ...]]  # node -> the modes it stops
    closed: tuple[NDArray[np.float64], ...]  # lonlat of ways of a road class that no wanted mode may use
    closed_class: tuple[str, ...]
    unread_speeds: Mapping[str, int]  # maxspeed values nobody understood
    missing_nodes: int  # vertices whose place is not in the file


@dataclass
class _Collector:
    """Grows while the file streams by."""

    modes: tuple[str, ...]
    speeds_kph: Mapping[str, float]
    ferries: bool
    box: Box | None
    sizes: "array[int]" = field(default_factory=lambda: array("q"))
    node: "array[int]" = field(default_factory=lambda: array("q"))
    lonlat: "array[float]" = field(default_factory=lambda: array("d"))
    ways: list[Way] = field(default_factory=list)
    barriers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    closed: list[NDArray[np.float64]] = field(default_factory=list)
    closed_class: list[str] = field(default_factory=list)
    unread_speeds: Counter[str] = field(default_factory=Counter)
    missing_nodes: int = 0

    def take_node(self, node: Any) -> None:
        if "barrier" in node.tags:
            blocked = osm_tags.blocking_modes(dict(node.tags), self.modes)
            if blocked:
                self.barriers[node.id] = blocked

    def take_way(self, way: Any) -> None:
        tags = dict(way.tags)
        way_class = osm_tags.road_class(tags, ferries=self.ferries)
        if way_class is None:
            return
        nodes, lonlat = self._vertices(way)
        if len(nodes) < 2 or (self.box and not _touches(lonlat, self.box)):
            return
        may = {mode: mode in self.modes and osm_tags.may_use(tags, way_class, mode) for mode in MODES}
        if not any(may.values()):
            self.closed.append(np.array(lonlat).reshape(-1, 2))
            self.closed_class.append(way_class)
            return
        self.sizes.append(len(nodes))
        self.node.extend(nodes)
        self.lonlat.extend(lonlat)
        self.ways.append(self._understood(tags, way_class, may))

    def _vertices(self, way: Any) -> tuple[list[int], list[float]]:
        nodes, lonlat = [], []
        for node in way.nodes:
            place = node.location
            if place.valid():
                nodes.append(node.ref)
                lonlat.append(place.lon)
                lonlat.append(place.lat)
            else:
                self.missing_nodes += 1
        return nodes, lonlat

    def _understood(self, tags: dict[str, str], way_class: str, may: dict[str, bool]) -> Way:
        text = osm_tags.maxspeed_text(tags)
        speed = osm_tags.maxspeed_kph(text) if text else None
        if text and speed is None:
            self.unread_speeds[text] += 1
        return Way(
            road_class=way_class,
            name=tags.get("name", ""),
            ref=tags.get("ref", ""),
            speed_kph=speed or self.speeds_kph[way_class],
            oneway=osm_tags.oneway(tags, way_class),
            **may,
            bridge=osm_tags.is_bridge(tags),
            tunnel=osm_tags.is_tunnel(tags),
            level=osm_tags.level(tags),
        )


def read_ways(
    path: Path,
    *,
    modes: tuple[str, ...] = MODES,
    speeds_kph: Mapping[str, float] | None = None,
    ferries: bool = False,
    box: Box | None = None,
    progress: Callable[[int], None] | None = None,
) -> OsmWays:
    """Read the ways some of `modes` may use from a PBF or XML file, in one pass.

    `speeds_kph` replaces default speeds of classes; `box` (west, south, east, north in degrees) skips ways without a
    vertex inside; `progress` is told the number of ways seen. Raises LayerError for a file that is damaged or no
    OpenStreetMap file.
    """
    collector = _Collector(modes, {**CLASS_SPEED_KPH, **(speeds_kph or {})}, ferries, box)
    keys = osmium.filter.KeyFilter("highway", "barrier", *(("route",) if ferries else ()))
    seen = 0
    try:
        for item in osmium.FileProcessor(str(path)).with_locations().with_filter(keys):
            if item.is_node():
                collector.take_node(item)
            elif item.is_way():
                collector.take_way(item)
                seen += 1
                if progress is not None and seen % TOLD_EVERY == 0:
                    progress(seen)
    except (RuntimeError, ValueError, OSError) as error:
        raise LayerError(
            say(
                "{path}: is damaged or not an OpenStreetMap file (after {seen:,} roads: {error}); "
                "download it again and compare its size and checksum with the source",
                path=path,
                seen=seen,
                error=error,
            )
        ) from error
    return OsmWays(
        start=np.concatenate([[0], np.cumsum(np.frombuffer(collector.sizes, dtype=np.int64))]),
        node=np.array(collector.node, dtype=np.int64),
        lonlat=np.array(collector.lonlat, dtype=np.float64).reshape(-1, 2),
        ways=tuple(collector.ways),
        barriers=collector.barriers,
        closed=tuple(collector.closed),
        closed_class=tuple(collector.closed_class),
        unread_speeds=dict(collector.unread_speeds),
        missing_nodes=collector.missing_nodes,
    )


def _touches(lonlat: list[float], box: Box) -> bool:
    west, south, east, north = box
    lon, lat = lonlat[0::2], lonlat[1::2]
    return max(lon) >= west and min(lon) <= east and max(lat) >= south and min(lat) <= north
