"""Travel on a study's roads: networks, snapped points and matrices, each computed once, the long ones once for ever.

What is kept on disk lies under the hash of everything it depends on: the content of the road file, the study's section
on it, the points, what was asked. Where all that a run needs is kept, no road is read.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import csr_array

from models.arrays import FloatArray, Sparse, pairs_of, sparse_from_pairs
from models.brief import brief
from models.limits import within as is_within
from models.messages import Message, say
from solver.errors import LayerError, NetworkError
from solver.findings import Finding, named
from solver.inputs.identity import files_of, identity_of
from solver.network.cache import ArrayCache, Arrays, key_of
from solver.network.datumguard import suspicion
from solver.network.graph import MODE_NAMES, build_network
from solver.network.offroad import straight_lengths
from solver.network.roadnetwork import LeftOut, RoadNetwork, TurnCosts
from solver.network.snapping import SnappedPoints, snap
from solver.network.store import read_edges
from solver.network.travel import travel_times
from solver.study.schema import NetworkSection, Reach

NO_STOPPING = ("motorway", "motorway_link")
"""Road classes at which nobody begins or ends a trip except facilities that lie on them."""
WORTH_KEEPING_S = 1.0
"""What takes longer to compute, the network that it needs included, is kept on disk."""
SNAPPED = ("edge", "fraction", "distance_m", "access_s", "xy")
"""What is kept of points on the network."""


@dataclass(frozen=True, eq=False)
class Points:
    """Named points; `xy` (n, 2) in metres, None in studies that bring a matrix."""

    ids: tuple[str, ...]
    xy: FloatArray | None


def _in_silence(_text: Message, _share: float | None) -> None:
    """Nobody listens."""


def _unheard(_text: Message) -> None:
    """Nobody listens."""


@brief
@dataclass(eq=False)
class Roads:
    """Travel on the study's road network; what was computed once is kept here, and in `caches` for the next run.

    `widest` gives a reach that several runs share its longest sibling: the matrix is computed for that one, and cut.
    """

    section: NetworkSection
    path: Path
    crs: CRS | None
    on_progress: Callable[[Message, float | None], None] = _in_silence
    caches: tuple[ArrayCache, ...] = ()
    widest: Mapping[Reach, Reach] = field(default_factory=dict)
    _edges: gpd.GeoDataFrame | None = None
    _networks: dict[tuple[str, tuple[str, ...]], RoadNetwork] = field(default_factory=dict)
    _kept: dict[str, Arrays] = field(default_factory=dict)
    _told: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    _reading_s: float = 0.0
    _identity: str | None = None

    def __getstate__(self) -> dict[str, Any]:
        """For another process: what was computed, without roads and networks, which are read there where needed."""
        caches = tuple(replace(cache, notice=_unheard) for cache in self.caches)
        return self.__dict__ | {"on_progress": _in_silence, "caches": caches, "_edges": None, "_networks": {}}

    def edges(self) -> gpd.GeoDataFrame:
        """The road layer."""
        if self._edges is None:
            self.on_progress(say("reading {file}", file=self.path.name), None)
            since = time.perf_counter()
            edges = read_edges(self.path, layer=self.section.layer)
            if self.crs is not None and not CRS(edges.crs).equals(self.crs):
                fact = say(
                    "{file} is in {crs}; the study is in {wanted}",
                    file=self.path.name,
                    crs=CRS(edges.crs).to_string(),
                    wanted=self.crs.to_string(),
                )
                remedy = say("import the network in that system, or set study.crs to its own")
                raise LayerError(Finding("network.file", fact, remedy))
            self._edges = edges
            self._reading_s += time.perf_counter() - since
        return self._edges

    def network(self, mode: str, classes: tuple[str, ...] = ()) -> RoadNetwork:
        """The routable network of one mode, of some road classes only where they are named."""
        key = (mode, classes)
        if key not in self._networks:
            edges = _of_classes(self.edges(), classes)
            self.on_progress(say("building the {mode} network", mode=MODE_NAMES[mode]), None)
            since, turns = time.perf_counter(), self.section.turns
            self._networks[key] = build_network(
                edges,
                mode=mode,
                walk_speed_kph=self.section.walk_speed_kph,
                truck_speed_kph=self.section.truck_speed_kph,
                speeds_kph=dict(self.section.speeds_kph),
                keep=self.section.keep,
                turns=None if turns is None or mode == "walk" else TurnCosts(**turns.model_dump()),
            )
            self._reading_s += time.perf_counter() - since
            self._tell_left_out(mode, classes, self._networks[key].left_out)
        return self._networks[key]

    def _tell_left_out(self, mode: str, classes: tuple[str, ...], left_out: LeftOut) -> None:
        """Say once which roads a network lacks, also where it was built in an earlier run."""
        if left_out and (mode, classes) not in self._told:
            self.on_progress(say("{mode} network: {left_out}", mode=MODE_NAMES[mode], left_out=left_out.message), None)
        self._told.add((mode, classes))

    def kept(self, kind: str, asked: tuple[str | NDArray[Any] | None, ...], compute: Callable[[], Arrays]) -> Arrays:
        """The arrays of a kind for what is asked, computed where neither this run nor an earlier one did."""
        key = key_of(kind, self._known_by(), *asked)
        if key not in self._kept:
            found = next((found for cache in self.caches if (found := cache.found(key)) is not None), None)
            if found is None:
                since = time.perf_counter() - self._reading_s
                found = compute()
                for cache in self.caches:
                    cache.keep(key, found, time.perf_counter() - since)
            self._kept[key] = found
        return self._kept[key]

    def _known_by(self) -> str:
        """What every array depends on: the roads' content, and what the study says of them."""
        if self._identity is None:
            if not files_of(self.path):  # what is no file of this computer may change under its name
                self.caches = ()
            content = identity_of(self.path) if self.caches else ""
            crs = self.crs.to_string() if self.crs is not None else ""
            self._identity = "\0".join((content, crs, self.section.model_dump_json()))
        return self._identity

    def snapped(self, points: Points, mode: str, *, on_motorways: bool, classes: tuple[str, ...] = ()) -> SnappedPoints:
        """Points on the network; NetworkError names those too far from any road."""
        if points.xy is None:
            raise LayerError(say("points without geometry cannot be brought to the road network; give them x and y"))
        xy = points.xy

        def compute() -> Arrays:
            network = self.network(mode, classes)
            if self.section.datum_guard:
                suspected = suspicion(network, xy)
                if suspected is not None:
                    raise NetworkError(suspected.message)
            found = snap(
                network,
                points.ids,
                xy,
                limit_m=self.section.snap_limit_m,
                access_speed_kph=self.section.access_speed_kph,
                avoid=() if on_motorways else NO_STOPPING,
            )
            return {**{name: getattr(found, name) for name in SNAPPED}, **_packed(network.left_out)}

        arrays = self.kept("snapped", (mode, repr(classes), repr(on_motorways), xy), compute)
        self._tell_left_out(mode, classes, _left_out(arrays))
        edge, fraction, distance_m, access_s, place = (arrays[name] for name in SNAPPED)
        return SnappedPoints(points.ids, edge, fraction, distance_m, access_s, place, xy)

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        """Travel on the network within the reach."""
        if reach.mode == "straight":
            return _straight(demand, sites, reach.limit)
        wide = self.widest.get(reach, reach)
        size = {"places": len(demand.ids), "sites": len(sites.ids)}
        text = say("travel of {places:,} places and {sites:,} sites", **size)
        self.on_progress(text, None)

        def compute() -> Arrays:
            travel = travel_times(
                self.network(wide.mode),
                self.snapped(sites, wide.mode, on_motorways=wide.mode != "walk"),
                self.snapped(demand, wide.mode, on_motorways=False),
                cutoff=wide.limit,
                impedance="length_m" if wide.unit == "m" else "time_s",
                direction=wide.direction,
                access=wide.access,
                progress=lambda done, total: self.on_progress(text, done / total),
            )
            indices = travel.indices.astype(np.int32)
            return {"data": travel.data, "indices": indices, "indptr": travel.indptr.astype(np.int64)}

        arrays = self.kept("travel", (wide.model_dump_json(), demand.xy, sites.xy), compute)
        shape = (len(demand.ids), len(sites.ids))
        found = csr_array((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        found.has_sorted_indices = True
        return found if wide is reach else within(found, reach.limit)


def within(travel: Sparse, limit: float) -> Sparse:
    """The pairs whose impedance is at most `limit`."""
    rows, columns, values = pairs_of(travel)
    keep = is_within(values, limit)
    return travel if keep.all() else sparse_from_pairs(rows[keep], columns[keep], values[keep], travel.shape)


def _straight(demand: Points, sites: Points, limit_m: float) -> Sparse:
    if demand.xy is None or sites.xy is None:
        raise LayerError(say("points without geometry have no straight distance; give them x and y"))
    return straight_lengths(demand.xy, sites.xy, limit_m)


def _of_classes(edges: gpd.GeoDataFrame, classes: tuple[str, ...]) -> gpd.GeoDataFrame:
    """The roads of some classes, all where none is named; a layer need not have the links of its classes."""
    if not classes:
        return edges
    known = sorted({str(c) for c in edges["road_class"]})
    unknown = sorted(c for c in classes if c.removesuffix("_link") not in known)
    if unknown:
        fact = say("{classes} is not in the road layer", classes=named(unknown))
        raise LayerError(Finding("road_classes", fact, say("it has {names}", names=named(known))))
    return edges[edges["road_class"].isin(classes)].reset_index(drop=True)


def _packed(left_out: LeftOut) -> Arrays:
    numbers = (left_out.closed_edges, left_out.closed_km, left_out.islands, left_out.island_km)
    return {"left_out": np.array(numbers, dtype=np.float64), "islands": left_out.island_edge_id}


def _left_out(arrays: Arrays) -> LeftOut:
    closed, closed_km, islands, island_km = arrays["left_out"].tolist()
    return LeftOut(int(closed), closed_km, int(islands), arrays["islands"], island_km)
