"""From frames to a problem, without files: sites and places from columns, travel on roads or from a table.

Every frame is checked as a layer of a study is: all faults at once, with the rows and the remedy. Nothing is dropped
or filled, and columns are named, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from models.arrays import Sparse
from models.brief import brief
from models.errors import ProblemError
from models.given import checked
from models.messages import say
from models.problem import Demand, Sites, SitingProblem
from solver.errors import LayerError
from solver.findings import Findings
from solver.inputs.instance import demand_of, sites_of
from solver.inputs.layers import is_metric, points_of, unit_of
from solver.inputs.roads import Points, Roads
from solver.inputs.study_joins import table_joins
from solver.inputs.travel import UNIT_NAMES, matrix_of
from solver.network.line_columns import LineColumns, LineLayer
from solver.network.lines import understand_lines
from solver.network.store import check_edges
from solver.study.schema import DemandLayer, Layer, NetworkSection, Reach, SiteLayer, TravelSection


@checked
@brief
@dataclass(frozen=True, eq=False)
class SiteFrame:
    """Sites and the frame they came from, row by row."""

    sites: Sites
    frame: pd.DataFrame


@checked
@brief
@dataclass(frozen=True, eq=False)
class DemandFrame:
    """Places and the frame they came from, row by row."""

    demand: Demand
    frame: pd.DataFrame


@checked
@brief
@dataclass(frozen=True, eq=False)
class FramedProblem(SitingProblem):
    """A problem that remembers its frames: a solution comes back with their columns, geometry and system."""

    site_frame: pd.DataFrame | None = None
    demand_frame: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, frame, size in (
            ("site_frame", self.site_frame, len(self.sites)),
            ("demand_frame", self.demand_frame, len(self.demand)),
        ):
            if frame is not None and len(frame) != size:
                raise ProblemError(say("{name} has {n} rows; {size} are needed", name=name, n=len(frame), size=size))


@checked
def sites_from_frame(
    frame: pd.DataFrame,
    *,
    id: str,  # noqa: A002  the key of the study file
    cost: float | str = 0.0,
    capacity: float | str | None = None,
    group: str | None = None,
    status: str | None = None,
    closing_cost: float | str = 0.0,
    cost_unit: float | str | None = None,
) -> SiteFrame:
    """Sites from a frame; a text names a column, a number counts for all. LayerError with every fault.

    `status` is a column of candidate, existing, required, forbidden, competitor or closable. A GeoDataFrame gives
    the places, in a system in metres; polygons stand for a point on their surface. Columns of money are multiplied by
    `cost_unit`: "thousand", "million", "万元", ..., or a number.
    """
    layer = SiteLayer(
        file="sites",
        id=id,
        cost=_plain(cost),
        capacity=None if capacity is None else _plain(capacity),
        group=group,
        status=status,
        closing_cost=_plain(closing_cost),
        cost_unit=cost_unit,
    )
    findings = Findings(say("sites"))
    table = _points(frame, layer, findings)
    sites = sites_of(table, layer, "columns", findings)
    findings.raise_if_any(LayerError)
    if sites is None:
        raise LayerError(say("sites   could not be read"))
    return SiteFrame(sites, table)


@checked
def demand_from_frame(
    frame: pd.DataFrame,
    *,
    id: str,  # noqa: A002  the key of the study file
    weight: float | str = 1.0,
    load: float | str | None = None,
    group: str | None = None,
) -> DemandFrame:
    """Places from a frame, as `sites_from_frame`; `weight` is what is to be covered, `group` the district.

    `load` is what capacities count, the weight if not given.
    """
    own = None if load is None else _plain(load)
    layer = DemandLayer(file="demand", id=id, weight=_plain(weight), load=own, group=group)
    findings = Findings(say("demand"))
    table = _points(frame, layer, findings)
    demand = demand_of(table, layer, "columns", findings)
    findings.raise_if_any(LayerError)
    if demand is None:
        raise LayerError(say("demand   could not be read"))
    return DemandFrame(demand, table)


@checked
def problem_from_matrix(
    demand: DemandFrame,
    sites: SiteFrame,
    matrix: pd.DataFrame,
    reach: Reach,
    *,
    unit: str = "m",
    columns: tuple[str, str, str] = ("demand", "site", "value"),
    unreachable_value: float | str | list[float | str] | None = None,
    missing_pairs: str = "refuse",
) -> FramedProblem:
    """The problem with travel from a table of pairs in m, s or min; `columns` name place, site and value.

    `unreachable_value` is what the table holds where there is no way, such as -1; [] says that all of it is travel.

    Pairs that the table lacks, or that lie beyond the reach, are out of reach. LayerError where the table names ids
    that no frame has, or a place or site has no row at all, unless `missing_pairs` is "unreachable".
    """
    section = TravelSection(
        matrix="matrix",
        unit=unit,
        unreachable_value=unreachable_value,
        missing_pairs=missing_pairs,
        **dict(zip(("demand", "site", "value"), columns, strict=True)),
    )
    table, places, there = matrix_of(matrix, section, "the table"), _named(demand.demand), _named(sites.sites)
    findings = Findings(say("frames"))
    for each in table_joins(table, places, there):
        each.note(findings, say('say missing_pairs="unreachable" where there is no way'))
    findings.raise_if_any(LayerError)
    travel = table.between(places, there, reach)
    return _framed(demand, sites, travel, reach)


@checked
def problem_on_roads(
    demand: DemandFrame,
    sites: SiteFrame,
    roads: gpd.GeoDataFrame,
    reach: Reach,
    *,
    snap_limit_m: float = 500.0,
    speeds_kph: Mapping[str, float] | None = None,
) -> FramedProblem:
    """The problem with travel on roads: an edge layer as `roads_from_lines` and `siting network import` make it.

    LayerError where the frames are not in the system of the roads, NetworkError where a point is too far from them.
    """
    travel = travel_on_roads(demand, sites, roads, reach, snap_limit_m=snap_limit_m, speeds_kph=speeds_kph)
    return _framed(demand, sites, travel, reach)


@checked
def travel_on_roads(
    here: DemandFrame | SiteFrame,
    there: SiteFrame,
    roads: gpd.GeoDataFrame,
    reach: Reach,
    *,
    snap_limit_m: float = 500.0,
    speeds_kph: Mapping[str, float] | None = None,
) -> Sparse:
    """Travel (n_here, n_there) within the reach, in its unit: of places to sites, or of sites to sites, as tiers and
    spacing along roads need it. Errors as `problem_on_roads`."""
    check_edges(roads, "roads")
    crs = CRS(roads.crs)
    findings = Findings(say("frames"))
    for name, frame in ((_role(here), here.frame), (_role(there), there.frame)):
        if not isinstance(frame, gpd.GeoDataFrame):
            findings.add(name, say("has no geometry"), say("make it a GeoDataFrame of points"))
        elif not CRS(frame.crs).equals(crs):
            findings.add(
                name,
                say(
                    "is in {own}, the roads are in {roads}",
                    own=CRS(frame.crs).to_string(),
                    roads=crs.to_string(),
                ),
                say("bring it there first: frame.to_crs(roads.crs)"),
            )
    findings.raise_if_any(LayerError)
    section = NetworkSection(
        file="roads",
        snap_limit_m=float(snap_limit_m),
        speeds_kph={name: float(speed) for name, speed in (speeds_kph or {}).items()},
    )
    return Roads(section, Path("roads"), crs, _edges=roads).between(
        _named(_points_of(here)), _named(there.sites), reach
    )


def _role(points: DemandFrame | SiteFrame) -> str:
    return "demand" if isinstance(points, DemandFrame) else "sites"


def _points_of(points: DemandFrame | SiteFrame) -> Demand | Sites:
    return points.demand if isinstance(points, DemandFrame) else points.sites


@checked
def roads_from_lines(
    lines: gpd.GeoDataFrame,
    *,
    columns: LineColumns | None = None,
    split: bool = False,
    speeds_kph: Mapping[str, float] | None = None,
    crs: str | None = None,
) -> gpd.GeoDataFrame:
    """An edge layer from lines in a system in metres (or brought to `crs`), as `siting network import` makes it.

    `columns` say which columns hold class, speed and direction; without them every line is a road of the class
    `unclassified`, open both ways. Lines meet at their ends; `split` cuts them where they cross at one level.
    """
    how = LineLayer(columns=columns or LineColumns(), split=split)
    return understand_lines(lines, how, name="lines", crs=crs, speeds_kph=speeds_kph).edges


def _plain(value: float | str) -> float | str:
    return value if isinstance(value, str) else float(value)


def _points(frame: pd.DataFrame, layer: Layer, findings: Findings) -> pd.DataFrame:
    """The frame with rows numbered anew; one with geometry as points in metres."""
    if frame.empty:
        findings.add("rows", say("there are none"))
        findings.raise_if_any(LayerError)
    table = frame.reset_index(drop=True)
    if not isinstance(table, gpd.GeoDataFrame):
        return table
    if table.crs is None:
        findings.add(
            "geometry", say("does not say its system of coordinates"), say('say it: frame.set_crs("EPSG:4547"), say')
        )
    elif not is_metric(CRS(table.crs)):
        crs = CRS(table.crs)
        found = say("is in {crs} ({unit}); lengths need a metric system", crs=crs.to_string(), unit=unit_of(crs))
        findings.add("geometry", found, say('bring it there: frame.to_crs("EPSG:4547"), say'))
    findings.raise_if_any(LayerError)
    if table.active_geometry_name != "geometry":
        table = table.rename_geometry("geometry")
    points = points_of(table, layer, None, "geometry", findings)
    findings.raise_if_any(LayerError)
    return table if points is None else points


def _named(points: Sites | Demand) -> Points:
    return Points(points.ids, points.xy)


def _framed(demand: DemandFrame, sites: SiteFrame, travel: Sparse, reach: Reach) -> FramedProblem:
    if travel.nnz == 0:
        raise ProblemError(
            say(
                "no place is within {limit:g} {unit} of any site; is the limit in the right unit, and do "
                "the frames lie in the same area?",
                limit=reach.limit,
                unit=UNIT_NAMES[reach.unit],
            )
        )
    return FramedProblem(sites.sites, demand.demand, travel, reach.unit, sites.frame, demand.frame)
