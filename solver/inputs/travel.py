"""Where a study's travel comes from: its road network, or a matrix of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from models.arrays import FloatArray, Sparse, sparse_from_pairs
from models.brief import brief
from models.limits import within
from models.messages import Message, say
from solver.errors import LayerError, NetworkError
from solver.findings import Finding, findings_of, named
from solver.inputs.columns import id_text
from solver.inputs.join import Missing
from solver.inputs.layers import exists, read_frame
from solver.inputs.no_way import refuse_marks, travel_values
from solver.network.cache import TravelCache, cache_folder
from solver.network.datumguard import suspicion
from solver.network.graph import MODE_NAMES, build_network
from solver.network.offroad import straight_lengths
from solver.network.roadnetwork import RoadNetwork, TurnCosts
from solver.network.snapping import SnappedPoints, snap
from solver.network.store import read_edges
from solver.network.travel import travel_times
from solver.study.faults import nearest
from solver.study.read import StudyFile
from solver.study.schema import NetworkSection, Reach, TravelSection

NO_STOPPING = ("motorway", "motorway_link")
"""Road classes at which nobody begins or ends a trip except facilities that lie on them."""

SECONDS = {"s": 1.0, "min": 60.0}

CHECK_PATH = say("check the path, relative to the study")
WORTH_KEEPING_S = 1.0
"""Travel that takes longer to compute is kept on disk."""


@dataclass(frozen=True, eq=False)
class Points:
    """Named points; `xy` (n, 2) in metres, None in studies that bring a matrix."""

    ids: tuple[str, ...]
    xy: FloatArray | None


class TravelSource(Protocol):
    """Gives the impedance of every pair within reach."""

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        """Sparse (n_demand, n_sites) in metres or seconds, whichever the reach limits; absent means beyond it."""
        ...


UNIT_NAMES = {"m": say("m"), "s": say("s"), "min": say("min")}
"""Units of travel, in a word."""


@brief
@dataclass(eq=False)
class Roads:
    """Travel on the study's road network; networks, snapped points and matrices are computed once and kept.

    `cache` is the folder that keeps long computations for the next run, None = they are not kept.
    """

    section: NetworkSection
    path: Path
    crs: CRS | None
    on_progress: Callable[[Message, float | None], None] = lambda _text, _share: None
    cache: Path | None = None
    _edges: gpd.GeoDataFrame | None = None
    _networks: dict[tuple[str, tuple[str, ...]], RoadNetwork] = field(default_factory=dict)
    _snapped: dict[tuple[object, ...], SnappedPoints] = field(default_factory=dict)
    _travel: dict[tuple[object, ...], Sparse] = field(default_factory=dict)

    def edges(self) -> gpd.GeoDataFrame:
        """The road layer."""
        if self._edges is None:
            self.on_progress(say("reading {file}", file=self.path.name), None)
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
        return self._edges

    def network(self, mode: str, classes: tuple[str, ...] = ()) -> RoadNetwork:
        """The routable network of one mode, of some road classes only where they are named."""
        key = (mode, classes)
        if key not in self._networks:
            self.on_progress(say("building the {mode} network", mode=MODE_NAMES[mode]), None)
            turns = self.section.turns
            self._networks[key] = build_network(
                _of_classes(self.edges(), classes),
                mode=mode,
                walk_speed_kph=self.section.walk_speed_kph,
                truck_speed_kph=self.section.truck_speed_kph,
                speeds_kph=dict(self.section.speeds_kph),
                keep=self.section.keep,
                turns=None if turns is None or mode == "walk" else TurnCosts(**turns.model_dump()),
            )
            if self._networks[key].left_out:
                left_out = self._networks[key].left_out.message
                self.on_progress(say("{mode} network: {left_out}", mode=MODE_NAMES[mode], left_out=left_out), None)
        return self._networks[key]

    def snapped(self, points: Points, mode: str, *, on_motorways: bool, classes: tuple[str, ...] = ()) -> SnappedPoints:
        """Points on the network; NetworkError names those too far from any road."""
        key = (mode, classes, on_motorways, *_identity(points))
        if key not in self._snapped:
            if points.xy is None:
                raise LayerError(
                    say("points without geometry cannot be brought to the road network; give them x and y")
                )
            if self.section.datum_guard:
                self._refuse_shifted(points.xy, mode, classes)
            self._snapped[key] = snap(
                self.network(mode, classes),
                points.ids,
                points.xy,
                limit_m=self.section.snap_limit_m,
                access_speed_kph=self.section.access_speed_kph,
                avoid=() if on_motorways else NO_STOPPING,
            )
        return self._snapped[key]

    def _refuse_shifted(self, xy: FloatArray, mode: str, classes: tuple[str, ...]) -> None:
        suspected = suspicion(self.network(mode, classes), xy)
        if suspected is not None:
            raise NetworkError(suspected.message)

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        """Travel on the network within the reach."""
        key = (*_identity(demand), *_identity(sites), reach)
        if key not in self._travel and reach.mode == "straight":
            self._travel[key] = _straight(demand, sites, reach.limit)
        if key not in self._travel:
            size = {"places": len(demand.ids), "sites": len(sites.ids)}
            text = say("travel of {places:,} places and {sites:,} sites", **size)
            self.on_progress(text, None)
            self._travel[key] = self._computing()(
                self.network(reach.mode),
                self.snapped(sites, reach.mode, on_motorways=reach.mode != "walk"),
                self.snapped(demand, reach.mode, on_motorways=False),
                cutoff=reach.limit,
                impedance="length_m" if reach.unit == "m" else "time_s",
                direction=reach.direction,
                access=reach.access,
                progress=lambda done, total: self.on_progress(text, done / total),
            )
        return self._travel[key]

    def _computing(self) -> Callable[..., Sparse]:
        if self.cache is None:
            return travel_times
        return TravelCache(self.cache, lambda text: self.on_progress(text, None), WORTH_KEEPING_S).travel_times


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


def _identity(points: Points) -> tuple[object, ...]:
    return points.ids, None if points.xy is None else points.xy.tobytes()


@brief
@dataclass(frozen=True, eq=False)
class Matrix:
    """Travel from a table of demand, site and value that the study brings."""

    pairs: pd.DataFrame
    section: TravelSection
    file: str

    @property
    def missing(self) -> Missing:
        """What becomes of an id that stands in the table or in the layers only."""
        return "told" if self.section.missing_pairs == "unreachable" else "refused"

    def ids(self, side: Literal["demand", "site"]) -> list[str]:
        """The ids that a side of the table names, each once, as they come."""
        return [str(i) for i in self.pairs[side].unique()]

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        """The table's pairs within the reach; LayerError where units do not fit."""
        unit = self.section.unit
        if (unit == "m") != (reach.unit == "m"):
            wanted = "limit_m" if unit == "m" else "limit_min"
            fact = say("{file} is in {unit}", file=self.file, unit=UNIT_NAMES[unit])
            raise LayerError(Finding("travel.matrix", fact, say("the reach must be {key}", key=wanted)))
        said = {"mode": reach.mode, "direction": reach.direction, "access": str(reach.access).lower()}
        of_roads = [key for key, value in said.items() if getattr(reach, key) != Reach.model_fields[key].default]
        if of_roads:
            raise LayerError(
                *(
                    Finding(
                        f"reach.{key}",
                        say("is {value}, but {file} gives the travel", value=said[key], file=self.file),
                        say("take the {key} out, or the matrix", key=key),
                    )
                    for key in of_roads
                )
            )
        with np.errstate(over="ignore"):  # a number so large is beyond every reach
            value = self.pairs["value"].to_numpy(dtype=np.float64) * SECONDS.get(unit, 1.0)
        rows = pd.Index(demand.ids).get_indexer(pd.Index(self.pairs["demand"])).astype(np.int64)
        columns = pd.Index(sites.ids).get_indexer(pd.Index(self.pairs["site"])).astype(np.int64)
        keep = (rows >= 0) & (columns >= 0) & within(value, reach.limit)
        refuse_marks(self.pairs["value"].to_numpy(dtype=np.float64), keep, self.pairs, self.section, self.file)
        return sparse_from_pairs(rows[keep], columns[keep], value[keep], (len(demand.ids), len(sites.ids)))


def read_matrix(file: StudyFile) -> Matrix:
    """The study's matrix: CSV or Parquet with its columns, or npz of arrays demand, site, value."""
    section = file.study.travel
    name = str(section.matrix)
    path = file.resolve(name)
    if path.suffix.lower() == ".npz":
        frame = _arrays(path, name)
    else:
        frame = _table(path, name)
    return matrix_of(frame, section, name)


def _table(path: Path, name: str) -> pd.DataFrame:
    try:
        return read_frame(path)
    except LayerError as error:
        found = next(findings_of(error, name))
        told = say("{file} {fact}", file=name, fact=found.fact)
        raise LayerError(Finding("travel.matrix", told, found.remedy or CHECK_PATH)) from None


def _arrays(path: Path, name: str) -> pd.DataFrame:
    """The arrays of an npz file as columns; LayerError where it is none, or they do not fit together."""
    if not exists(path):
        raise LayerError(Finding("travel.matrix", say("{file} does not exist", file=name), CHECK_PATH))
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return pd.DataFrame({key: arrays[key] for key in arrays.files})
    except MemoryError:
        raise
    except Exception:  # numpy, zip and pickle raise errors of many families
        fact = say("{file} cannot be read as arrays of plain numbers and texts, all of one length", file=name)
        remedy = say("write it with numpy.savez(path, demand=..., site=..., value=...)")
        raise LayerError(Finding("travel.matrix", fact, remedy)) from None


def matrix_of(frame: pd.DataFrame, section: TravelSection, name: str) -> Matrix:
    """The pairs of a table of demand, site and value; LayerError, which calls it `name`, where it has faults."""
    faults: list[Finding] = []
    for key in ("demand", "site", "value"):
        column = getattr(section, key)
        if column not in frame.columns:
            near = nearest(column, [str(c) for c in frame.columns])
            there = named([str(c) for c in frame.columns])
            hint = say("did you mean {near}?", near=near) if near else say("it has {names}", names=there)
            faults.append(
                Finding(f"travel.{key}", say("{file} has no column {column}", file=name, column=column), hint)
            )
    if not faults and not len(frame):
        remedy = say("give a row of demand, site and value for every pair")
        faults.append(Finding("travel.matrix", say("{file} has no rows", file=name), remedy))
    if faults:
        raise LayerError(*faults)
    for key in ("demand", "site"):
        blank = [str(i + 1) for i in np.flatnonzero(frame[getattr(section, key)].isna())]
        if blank:
            told = {"file": name, "column": getattr(section, key), "rows": named(blank)}
            faults.append(
                Finding(f"travel.{key}", say("{file} has no {column} in row {rows}", **told), say("fill them in"))
            )
    if faults:
        raise LayerError(*faults)
    pairs = pd.DataFrame(
        {
            "demand": frame[section.demand].map(id_text),
            "site": frame[section.site].map(id_text),
            "value": travel_values(frame[section.value], section, name),
        }
    )
    twice = pairs.duplicated(["demand", "site"])
    if twice.any():
        first = pairs[twice].iloc[0]
        pair = f"{first['demand']} - {first['site']}"
        fact = say("{file} gives {n} pairs more than once, first {pair}", file=name, n=int(twice.sum()), pair=pair)
        raise LayerError(Finding("travel.matrix", fact, say("keep one of each")))
    return Matrix(pairs=pairs, section=section, file=name)


def travel_source(
    file: StudyFile, crs: CRS | None, on_progress: Callable[[Message, float | None], None]
) -> Roads | Matrix:
    """The source that the study names."""
    if file.study.travel.matrix is not None:
        return read_matrix(file)
    if file.study.network is None:
        remedy = say("name a road layer, or a matrix under [travel]")
        raise LayerError(Finding("network", say("is missing"), remedy))
    path = file.resolve(file.study.network.file)
    return Roads(file.study.network, path, crs, on_progress, cache_folder(file.folder))
