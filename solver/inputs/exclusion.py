"""Candidates that lie too near to something: housing, water, monuments. They may not open, and it is said why."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from models.limits import nearer
from models.messages import Message, say
from models.problem import Sites, SiteStatus
from solver.findings import Findings, named
from solver.inputs.columns import id_text, missing_column
from solver.inputs.layers import read_points
from solver.study.rules import Exclusion


def excluded_sites(
    folder: Path, sections: Sequence[Exclusion], sites: Sites, crs: CRS | None, place: str, findings: Findings
) -> dict[str, Message]:
    """Site -> why it may not open, of the candidates nearer than an exclusion's distance to one of its features.

    Distances are straight, from the point of the site to the feature's shape; exactly at the distance is allowed.
    Existing sites are left as they are. A required site that is too near is a fault of the study.
    """
    found: dict[str, Message] = {}
    if crs is None:
        findings.add(
            f"{place}.exclusion", say("needs one system for all layers"), say("set study.crs, for example EPSG:4547")
        )
        return found
    for i, section in enumerate(sections):
        where = f"{place}.exclusion.{i}"
        layer = read_points(folder, section, crs, where, findings, needs_geometry=True, as_points=False)
        if sites.xy is None or not isinstance(layer, gpd.GeoDataFrame):
            continue
        if section.id is not None and section.id not in layer.columns:
            missing_column(findings, f"{where}.id", section.file, section.id, layer)
            continue
        near = _too_near(section, layer, sites)
        required = [
            say("{site} ({why})", site=site, why=why)
            for site, why in near.items()
            if _status(sites, site) == SiteStatus.REQUIRED
        ]
        if required:
            findings.add(
                where,
                say("forbids required sites: {sites}", sites=named(required)),
                say("require others, or keep less distance"),
            )
        found = {s: w for s, w in near.items() if _status(sites, s) == SiteStatus.CANDIDATE} | found
    return found


def _too_near(section: Exclusion, layer: gpd.GeoDataFrame, sites: Sites) -> dict[str, Message]:
    """Site -> the nearest feature, the first of equals, and how far it is, where that is too near."""
    shapes = layer.geometry.to_numpy()
    points = shapely.points(sites.xy)
    (site, feature), distance = shapely.STRtree(shapes).query_nearest(
        points, max_distance=section.distance_m, return_distance=True
    )
    near = np.flatnonzero(nearer(distance, section.distance_m))
    near = near[np.lexsort((feature[near], site[near]))]
    near = near[np.unique(site[near], return_index=True)[1]]
    return {
        sites.ids[site[k]]: say(
            "{far_m:,.0f} m from {feature} of {file}; at least {least_m:g} m",
            far_m=float(distance[k]),
            feature=_name(section, layer, int(feature[k])),
            file=section.file,
            least_m=section.distance_m,
        )
        for k in near
    }


def _name(section: Exclusion, layer: gpd.GeoDataFrame, row: int) -> Message | str:
    return say("row {n}", n=row + 1) if section.id is None else id_text(layer[section.id].iloc[row])


def _status(sites: Sites, site: str) -> SiteStatus:
    return SiteStatus(int(sites.status[sites.ids.index(site)]))
