"""Any road file -> edge layer: OpenStreetMap by its suffix, everything else as a layer of lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np

from models.messages import Listed, say
from solver.errors import LayerError, NetworkError
from solver.network.graph import MODES
from solver.network.line_columns import LineLayer
from solver.network.lines import read_lines
from solver.network.osm import Imported, read_osm

OSM_SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2", ".osm.xml")


@dataclass(frozen=True)
class ImportOptions:
    """What to make of a road file; `ferries` is for OpenStreetMap, `lines` for line layers."""

    modes: Sequence[str] = MODES
    crs: str | None = None
    speeds_kph: Mapping[str, float] = field(default_factory=dict)
    ferries: bool = False
    lines: LineLayer = field(default_factory=LineLayer)


def load_roads(
    path: Path,
    options: ImportOptions,
    *,
    clip: gpd.GeoDataFrame | None = None,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Read a road file. Raises LayerError with all faults of the file, NetworkError for options that do not fit it."""
    if is_osm(path):
        if options.lines != LineLayer():
            raise NetworkError(
                say(
                    "{name} is OpenStreetMap data, which says its columns, levels and coordinates itself; "
                    "leave out the options for line layers",
                    name=path.name,
                )
            )
        return read_osm(
            path,
            modes=options.modes,
            crs=options.crs,
            clip=clip,
            speeds_kph=options.speeds_kph,
            ferries=options.ferries,
            progress=progress,
        )
    imported = read_lines(path, options.lines, crs=options.crs, clip=clip, speeds_kph=options.speeds_kph)
    return _only_modes(path, imported, options.modes)


def is_osm(path: Path) -> bool:
    """Whether a file is OpenStreetMap data by its name."""
    return path.name.lower().endswith(OSM_SUFFIXES)


def _only_modes(path: Path, imported: Imported, modes: Sequence[str]) -> Imported:
    edges = imported.edges
    kept = edges[edges[list(modes)].any(axis=1)].reset_index(drop=True)
    if kept.empty:
        raise LayerError(
            say("{path}: none of its {n:,} roads is open to {modes}", path=path, n=len(edges), modes=Listed(modes))
        )
    kept = kept.assign(edge_id=np.arange(len(kept), dtype=np.int64))
    kept = kept.assign(**{mode: kept[mode] & (mode in modes) for mode in MODES})
    return Imported(kept, imported.source_km, imported.notes)
