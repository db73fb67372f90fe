"""The streets within reach of a site."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.ops import substring

from models.limits import within
from models.messages import say
from solver.errors import NetworkError
from solver.network.layout import runs
from solver.network.reach import Reach
from solver.network.roadnetwork import Floats

UNIT = {"time_s": "reached_s", "length_m": "reached_m"}
WHOLE = 1e-9


@dataclass(frozen=True, eq=False)
class _Stretches:
    """Parts of edges within reach: fractions along the edge and the value where the part is entered."""

    edge: NDArray[np.int64]
    begin: Floats
    end: Floats
    value: Floats


def reached_streets(reach: Reach, *, cutoff: float) -> gpd.GeoDataFrame:
    """Parts of streets within `cutoff` (seconds or metres) of each site: one row per part.

    Columns `site`, `edge_id`, `road_class`, `name`, `reached_s` or `reached_m` (the least value on the part), geometry.
    With direction `to_site` these are the places from which the site is reached.
    """
    if not 0 < cutoff < np.inf:
        raise NetworkError(say("cut-off is {cutoff}; must be above 0 and finite", cutoff=cutoff))
    frames = [_as_frame(reach, site, _stretches(reach, site, cutoff)) for site in range(len(reach.points))]
    table = pd.concat(frames, ignore_index=True) if frames else _as_frame(reach, 0, _no_stretches())
    return gpd.GeoDataFrame(table, geometry="geometry", crs=reach.network.crs)


def _stretches(reach: Reach, site: int, cutoff: float) -> _Stretches:
    """From both ends of every edge as far as the cut-off allows, and on the site's own edge to both sides."""
    label, nodes = reach.search(site, cutoff)
    arcs, road_of = reach.graph.arcs, reach.graph.road
    count = (arcs.start[nodes + 1] - arcs.start[nodes]).astype(np.int64)
    out = runs(arcs.start[nodes].astype(np.int64), count)
    value = np.repeat(label[nodes], count)[road_of[out] >= 0]
    out = out[road_of[out] >= 0]
    road = road_of[out]
    share = np.clip((cutoff - value) / arcs.weight[out], 0.0, 1.0)
    forward = reach.drawn_forward(road)
    begin, end = np.where(forward, 0.0, 1.0 - share), np.where(forward, share, 1.0)
    own_begin, own_end, access = _own_edge(reach, site, cutoff)
    return _merged(
        np.append(reach.network.arc_edge[road], reach.points.edge[site]).astype(np.int64),
        np.append(begin, own_begin),
        np.append(end, own_end),
        np.append(value, access),
    )


def _own_edge(reach: Reach, site: int, cutoff: float) -> tuple[float, float, float]:
    sources = reach.sources
    here, access = float(sources.fraction[site]), float(sources.access[site])
    left = max(cutoff - access, 0.0)
    begin = max(here - left / float(sources.falling[site]), 0.0)
    end = min(here + left / float(sources.rising[site]), 1.0)
    return (begin, end, access) if within(access, cutoff) else (here, here, access)


def _merged(edge: NDArray[np.int64], begin: Floats, end: Floats, value: Floats) -> _Stretches:
    """Parts of one edge that touch become one."""
    order = np.lexsort((begin, edge))
    edge, begin, end, value = edge[order], begin[order], end[order], value[order]
    furthest = _running_most(edge, end)
    new = np.ones(len(edge), dtype=bool)
    new[1:] = (edge[1:] != edge[:-1]) | (begin[1:] > furthest[:-1] + WHOLE)
    first = np.flatnonzero(new)
    merged = _Stretches(edge[first], begin[first], np.maximum.reduceat(end, first), np.minimum.reduceat(value, first))
    some = merged.end - merged.begin > WHOLE
    return _Stretches(merged.edge[some], merged.begin[some], merged.end[some], merged.value[some])


def _running_most(group: NDArray[np.int64], values: Floats) -> Floats:
    """The greatest value so far within each group; values are 0..1 and groups ascend."""
    rank = np.unique(group, return_inverse=True)[1]
    return np.asarray(np.maximum.accumulate(values + 2.0 * rank) - 2.0 * rank, dtype=np.float64)


def _no_stretches() -> _Stretches:
    return _Stretches(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0))


def _as_frame(reach: Reach, site: int, found: _Stretches) -> pd.DataFrame:
    network = reach.network
    lines = network.geometry[found.edge]
    for i in np.flatnonzero((found.begin > WHOLE) | (found.end < 1.0 - WHOLE)):
        lines[i] = substring(lines[i], found.begin[i], found.end[i], normalized=True)
    return pd.DataFrame(
        {
            "site": reach.points.ids[site] if len(found.edge) else "",
            "edge_id": network.edge_id[found.edge],
            "road_class": network.road_class[found.edge],
            "name": network.name[found.edge],
            UNIT[reach.impedance]: found.value,
            "geometry": lines,
        },
        index=range(len(found.edge)),
    )
