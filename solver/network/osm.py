"""OpenStreetMap extract -> edge layer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from models.messages import Listed, Message, say
from solver.errors import LayerError, NetworkError
from solver.network.china import metric_crs
from solver.network.contract import contract_flat
from solver.network.graph import MODES
from solver.network.layout import lines_of
from solver.network.osm_read import OsmWays, Way, read_ways
from solver.network.osm_tags import CLASS_SPEED_KPH
from solver.network.segments import Segments, Vertices, cut_at_barriers, lengths_m, split_at_junctions
from solver.network.store import ATTRIBUTION

SHOWN = 8
CONTRIBUTORS = "© OpenStreetMap contributors (ODbL)"
"""Whose data the roads of an extract are: to be said wherever they are shown."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Imported:
    """An edge layer and what happened on the way to it."""

    edges: gpd.GeoDataFrame
    source_km: Mapping[str, float]  # by road class, before any access rule
    notes: tuple[Message, ...]


def read_osm(
    path: str | Path,
    *,
    modes: Sequence[str] = MODES,
    crs: str | None = None,
    clip: gpd.GeoDataFrame | None = None,
    speeds_kph: Mapping[str, float] | None = None,
    ferries: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Read the roads of a PBF or XML extract that some of `modes` may use, with degree-2 chains contracted.

    `crs` is a metric coordinate system, by default the CGCS2000 or UTM zone; `clip` keeps the edges that touch its
    polygons, whole; `speeds_kph` replaces default speeds by class; lengths are geodesic. Raises LayerError for a
    damaged file or one without roads, NetworkError for options that make no sense.
    """
    path = Path(path)
    if not path.is_file():
        raise LayerError(say("{path}: there is no such file", path=path))
    check_options(modes, speeds_kph or {}, crs, clip)
    box = None if clip is None else _box(clip)
    found = read_ways(path, modes=tuple(modes), speeds_kph=speeds_kph, ferries=ferries, box=box, progress=progress)
    if not found.ways:
        raise LayerError(_nothing(path, found, modes, clipped=clip is not None))
    target = CRS.from_user_input(crs or metric_crs(*np.median(found.lonlat, axis=0)))
    notes = tuple(_notes(found))
    segments = _segments(found)
    source_km = _source_km(found, segments)
    pieces = _pieces(segments, found, target)
    del found, segments  # what is understood is let go: extracts are large
    pieces = contract_flat(*pieces)
    edges = _layer(*pieces, target)
    del pieces
    if clip is not None:
        edges = clipped(edges, clip)
    edges.attrs[ATTRIBUTION] = CONTRIBUTORS
    return Imported(edges, source_km, notes)


def _segments(found: OsmWays) -> Segments:
    vertices, cuts = Vertices(found.start, found.node, found.lonlat), None
    if found.barriers:
        vertices, cuts = cut_at_barriers(vertices, found.barriers)
    return split_at_junctions(vertices, cuts)


def clipped(edges: gpd.GeoDataFrame, clip: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The edges that touch the polygons, uncut, so that roads still meet at their nodes."""
    area = clip.to_crs(edges.crs).geometry.union_all()
    kept = edges[edges.intersects(area)].reset_index(drop=True)
    if kept.empty:
        raise LayerError(say("no road touches the clip layer; check that both are of the same region"))
    return kept.assign(edge_id=np.arange(len(kept), dtype=np.int64))


def check_options(
    modes: Sequence[str], speeds_kph: Mapping[str, float], crs: str | None, clip: gpd.GeoDataFrame | None
) -> None:
    """Refuse options of an import that make no sense, before anything is read."""
    unknown = [mode for mode in modes if mode not in MODES]
    if unknown or not modes:
        raise NetworkError(
            say(
                "modes are {modes}; must be among {known}",
                modes=Listed(modes) if modes else say("none"),
                known=Listed([*MODES]),
            )
        )
    for road_class, speed in speeds_kph.items():
        if road_class not in CLASS_SPEED_KPH:
            raise NetworkError(
                say(
                    "{road_class} is no road class; known are {known}",
                    road_class=road_class,
                    known=Listed([*CLASS_SPEED_KPH]),
                )
            )
        if not 0 < speed < np.inf:
            raise NetworkError(
                say("speed of {road_class} is {speed}; must be above 0 km/h", road_class=road_class, speed=speed)
            )
    if crs is not None:
        try:
            metric = CRS.from_user_input(crs).is_projected
        except CRSError as error:
            raise NetworkError(
                say("crs is {crs}, which is no known system; use a code such as EPSG:4547", crs=crs)
            ) from error
        if not metric:
            raise NetworkError(
                say("crs is {crs} (degrees); lengths need a metric system, for example EPSG:4547", crs=crs)
            )
    if clip is not None:
        _check_clip(clip)


def _check_clip(clip: gpd.GeoDataFrame) -> None:
    if clip.crs is None:
        raise LayerError(say("the clip layer has no coordinate system; set it in your GIS"))
    polygons = clip.geom_type.isin(["Polygon", "MultiPolygon"])
    if len(clip) == 0 or not polygons.all():
        kinds = sorted({str(kind) for kind in clip.geom_type[~polygons]})
        raise LayerError(
            say(
                "the clip layer must hold polygons only; it holds {found}",
                found=Listed(kinds) if kinds else say("nothing"),
            )
        )


def _box(clip: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    west, south, east, north = clip.to_crs(4326).total_bounds
    return float(west), float(south), float(east), float(north)


def _pieces(segments: Segments, found: OsmWays, crs: CRS) -> tuple[pd.DataFrame, Floats, Ints]:
    """Columns, flat vertices and their number of every piece of road between junctions."""
    table = pd.DataFrame(found.ways, columns=list(Way._fields)).iloc[segments.way].reset_index(drop=True)
    table.insert(0, "edge_id", np.arange(len(table), dtype=np.int64))
    table.insert(1, "from_node", segments.from_node)
    table.insert(2, "to_node", segments.to_node)
    table.insert(6, "length_m", segments.length_m)  # beside the texts, as in the layer on disk
    table["speed_kph"] = table["speed_kph"].astype(np.float64)
    table["level"] = table["level"].astype(np.int8)
    table = table.assign(**_open_past_barriers(table, found.barriers))
    x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(segments.lonlat[:, 0], segments.lonlat[:, 1])
    open_to_some = table[list(MODES)].any(axis=1).to_numpy(dtype=bool)
    xy = np.column_stack([x, y])[np.repeat(open_to_some, segments.sizes)]
    return table[open_to_some].reset_index(drop=True), xy, segments.sizes[open_to_some]


def _layer(table: pd.DataFrame, xy: Floats, sizes: Ints, crs: CRS) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(table, geometry=lines_of(xy, sizes), crs=crs)


def _open_past_barriers(table: pd.DataFrame, barriers: Mapping[int, tuple[str, ...]]) -> dict[str, NDArray[np.bool_]]:
    """Who may use each piece: the short ones between a barrier and the vertices put beside it, not those it stops."""
    ends = table[["from_node", "to_node"]].to_numpy(dtype=np.int64)
    stub = np.flatnonzero((ends < 0).sum(axis=1) == 1)
    barrier = np.where(ends[stub, 0] < 0, ends[stub, 1], ends[stub, 0])
    stops = [barriers.get(int(node), ()) for node in barrier]
    columns = {}
    for mode in MODES:
        may = table[mode].to_numpy(dtype=bool).copy()
        may[stub[[mode in modes for modes in stops]]] = False
        columns[mode] = may
    return columns


def _source_km(found: OsmWays, segments: Segments) -> dict[str, float]:
    road_class = np.array([way.road_class for way in found.ways], dtype=object)[segments.way]
    km = pd.Series(segments.length_m / 1000).groupby(road_class).sum()
    if found.closed:
        sizes = np.array([len(lonlat) for lonlat in found.closed], dtype=np.int64)
        closed = pd.Series(lengths_m(np.concatenate(found.closed), sizes) / 1000)
        km = km.add(closed.groupby(np.array(found.closed_class, dtype=object)).sum(), fill_value=0.0)
    return {str(name): float(value) for name, value in km.sort_values(ascending=False).items()}


def _notes(found: OsmWays) -> list[Message]:
    notes = []
    if found.closed:
        notes.append(say("{n:,} ways are closed to every wanted mode by their tags", n=len(found.closed)))
    if found.barriers:
        notes.append(say("{n:,} barriers stop some mode", n=len(found.barriers)))
    if found.missing_nodes:
        lost = found.missing_nodes
        notes.append(say("{n:,} vertices of ways are not in the file (the extract cuts roads)", n=lost))
    if found.unread_speeds:
        most = sorted(found.unread_speeds.items(), key=lambda item: -item[1])[:SHOWN]
        spelled = Listed([f"{text!r} x {count}" for text, count in most])
        notes.append(say("maxspeed not understood, class default taken: {values}", values=spelled))
    return notes


def _nothing(path: Path, found: OsmWays, modes: Sequence[str], *, clipped: bool) -> Message:
    if found.closed:
        n, listed = len(found.closed), Listed(modes)
        if clipped:
            return say(
                "{path}: none of its {n:,} roads inside the clip layer is open to {modes}", path=path, n=n, modes=listed
            )
        return say("{path}: none of its {n:,} roads is open to {modes}", path=path, n=n, modes=listed)
    if clipped:
        return say(
            "{path}: holds no road (way with a highway tag and places of its nodes) inside the clip layer; extract it "
            "with roads",
            path=path,
        )
    return say(
        "{path}: holds no road (way with a highway tag and places of its nodes); extract it with roads", path=path
    )
