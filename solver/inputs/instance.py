"""Study -> Instance: layers read, ids cross-checked, everything in one metric system."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from models.arrays import FloatArray, IntArray
from models.brief import brief
from models.messages import Listed, Message, say
from models.problem import Demand, Sites, SiteStatus
from solver.errors import StudyError
from solver.findings import Findings, named
from solver.inputs.columns import id_text, ids_of, missing_column, money_of, numbers_of, texts_of
from solver.inputs.demand_limits import own_limits
from solver.inputs.exclusion import excluded_sites
from solver.inputs.identity import hashes_of
from solver.inputs.join import Join, join
from solver.inputs.layers import metric_crs, read_points, xy_of
from solver.inputs.portfolio_faults import note_portfolio_faults
from solver.inputs.site_lists import apply_lists
from solver.study.faults import nearest
from solver.study.read import StudyFile
from solver.study.schema import DemandLayer, Flows, Programme, SiteLayer, Tier
from solver.words.currency import CNY, Currency

STATUS = {status.name.lower(): status for status in SiteStatus}


@brief
@dataclass(frozen=True, eq=False)
class FlowInputs:
    """Trips between terminals; `origin` and `destination` (n_flows,) are positions among the terminals."""

    terminal_ids: tuple[str, ...]
    terminal_xy: FloatArray
    origin: IntArray
    destination: IntArray
    weight: FloatArray


@brief
@dataclass(frozen=True, eq=False)
class ProgrammeInputs:
    """What one programme decides on: sites and demand with the columns of their layers, flows or tiers if any."""

    name: str
    programme: Programme
    sites: Sites
    site_frame: pd.DataFrame
    demand: Demand | None = None
    demand_frame: pd.DataFrame | None = None
    flows: FlowInputs | None = None
    tier: IntArray | None = None
    excluded: Mapping[str, Message] = field(default_factory=dict)
    """Candidates that an exclusion forbids: site -> why."""
    demand_limit: FloatArray | None = None
    """How far each place (n_demand,) may be served from, in the reach's unit (m or s); None where the reach says it."""
    currency: Currency = CNY
    """The money of the study."""
    money_factor: FloatArray | float = 1.0
    """What columns of money are multiplied by, by site (n_sites,) where layers differ."""

    def site_texts(self, column: str, place: str) -> tuple[str, ...]:
        """Texts (n_sites,) of a column of the site layers; "" in the rows of a layer that lacks it or says nothing."""
        findings = Findings(f"programmes.{self.name}")
        if column not in self.site_frame.columns:
            missing_column(findings, f"{place}.column", "sites", column, self.site_frame)
            findings.raise_if_any(StudyError)
        return tuple("" if pd.isna(value) else id_text(value) for value in self.site_frame[column])

    def site_numbers(self, spec: float | str | None, place: str, *, default: float) -> FloatArray:
        """Numbers (n_sites,) of a column of the site layer, or one number; StudyError where they do not do."""
        findings = Findings(f"programmes.{self.name}")
        values = numbers_of(self.site_frame, spec, "sites", place, findings, default=default)
        findings.raise_if_any(StudyError)
        return values

    def site_money(self, spec: float | str, place: str) -> FloatArray:
        """Amounts (n_sites,) in whole currency of a column of the site layer, or one number; StudyError as above."""
        findings = Findings(f"programmes.{self.name}")
        values = money_of(self.site_frame, spec, self.money_factor, "sites", place, findings)
        findings.raise_if_any(StudyError)
        return values


@brief
@dataclass(frozen=True, eq=False)
class Instance:
    """Everything a study names, read and checked."""

    file: StudyFile
    crs: CRS | None
    programmes: Mapping[str, ProgrammeInputs]
    inputs: Mapping[str, str]
    alone: tuple[str, ...] = ()
    """Programmes that are solved by themselves; others are there as members of a portfolio."""
    portfolios: tuple[str, ...] = ()
    """Portfolios that are solved."""
    joins: tuple[Join, ...] = ()
    """What was joined by id, where that was looked at."""

    def only(self, name: str) -> "Instance":
        """Of all that is solved one programme, or one portfolio with its members."""
        members = self.file.study.portfolio[name].programmes if name in self.portfolios else (name,)
        return replace(
            self,
            programmes={member: self.programmes[member] for member in members},
            alone=tuple(n for n in self.alone if n == name),
            portfolios=tuple(n for n in self.portfolios if n == name),
        )

    def inputs_of(self, result: str) -> ProgrammeInputs | None:
        """The inputs behind an entry of the result: a programme's, or those of `portfolio.programme`."""
        if result in self.programmes:
            return self.programmes[result]
        portfolio = next((p for p in self.portfolios if result.startswith(f"{p}.")), None)
        return None if portfolio is None else self.programmes.get(result.removeprefix(f"{portfolio}."))


def load_instance(file: StudyFile, names: Sequence[str] = ()) -> Instance:
    """Read every layer of the named programmes and portfolios (all if none is named); one StudyError with every fault.

    Members of a portfolio are solved by themselves only where they are named.
    """
    findings = Findings(file.path.name)
    instance = collect_instance(file, findings, names)
    findings.raise_if_any(StudyError)
    return instance


def collect_instance(file: StudyFile, findings: Findings, names: Sequence[str] = ()) -> Instance:
    """As `load_instance`, but leaves the faults in `findings`; programmes with faults are left out."""
    study = file.study
    crs = metric_crs(study.study.crs, "study.crs", findings)
    known = [*study.programmes, *study.portfolio]
    for name in names:
        if name not in known:
            near = nearest(name, known)
            findings.add(
                f"-p {name}",
                say("is not a programme of this study"),
                say("did you mean {near}?", near=near) if near else "",
            )
    solved = names or study.solved()
    portfolios = tuple(name for name in study.portfolio if name in solved)
    note_portfolio_faults(study, portfolios, findings)
    wanted = {name: study.programmes[name] for name in study.needed(solved)}
    loaded = {name: _load_programme(file, name, programme, crs, findings) for name, programme in wanted.items()}
    return Instance(
        file=file,
        crs=crs,
        programmes={name: inputs for name, inputs in loaded.items() if inputs is not None},
        inputs=input_hashes(file, list(wanted.values())),
        alone=tuple(n for n in loaded if n in solved and loaded[n] is not None),
        portfolios=tuple(p for p in portfolios if all(loaded.get(m) for m in study.portfolio[p].programmes)),
    )


def _load_programme(
    file: StudyFile, name: str, programme: Programme, crs: CRS | None, findings: Findings
) -> ProgrammeInputs | None:
    place = f"programmes.{name}"
    before = len(findings.found)
    placed = bool(programme.spacing_m or programme.exclusion)
    geometry = file.study.travel.matrix is None
    tiers = programme.tiers
    layers = programme.site_layers()
    parts = [
        _load_sites(file, layer, crs, f"{place}.{key}", findings, geometry or placed, existing=key == "existing")
        for key, layer in layers.items()
    ]
    if not tiers and programme.sites is None:
        findings.add(f"{place}.sites", say("is missing"), say("name the layer of candidate sites"))
    demand_part = _load_demand(file, programme, crs, place, findings, geometry)
    flows = _load_flows(file, programme.flows, crs, place, findings) if programme.flows else None
    if any(part is None for part in parts) or len(findings.found) > before:
        return None
    sound = [part for part in parts if part is not None]
    sites = _joined_sites([sites for sites, _ in sound], programme, place, findings)
    if sites is None:
        return None
    frame = pd.concat([frame for _, frame in sound], ignore_index=True)
    if all(isinstance(f, gpd.GeoDataFrame) for _, f in sound):
        frame = gpd.GeoDataFrame(frame, geometry="geometry", crs=sound[0][1].crs)
    excluded: dict[str, Message] = {}
    if programme.exclusion:
        excluded = excluded_sites(file.folder, programme.exclusion, sites, crs, place, findings)
        if len(findings.found) > before:
            return None
        sites = _forbidden(sites, excluded)
    tier = np.concatenate([np.full(len(s), i) for i, (s, _) in enumerate(sound)]) if tiers else None
    demand, demand_frame, limit = demand_part if demand_part else (None, None, None)
    return ProgrammeInputs(
        name,
        programme,
        sites,
        frame,
        demand,
        demand_frame,
        flows,
        tier,
        excluded,
        limit,
        currency=file.study.study.money,
        money_factor=np.repeat([layer.money_factor for layer in layers.values()], [len(part) for part, _ in sound]),
    )


def _forbidden(sites: Sites, excluded: Mapping[str, Message]) -> Sites:
    """The sites with those that an exclusion names forbidden."""
    status = np.where([i in excluded for i in sites.ids], int(SiteStatus.FORBIDDEN), sites.status)
    return replace(sites, status=status)


def _load_sites(
    file: StudyFile,
    layer: SiteLayer | Tier,
    crs: CRS | None,
    place: str,
    findings: Findings,
    geometry: bool,
    *,
    existing: bool = False,
) -> tuple[Sites, pd.DataFrame] | None:
    frame = read_points(file.folder, layer, crs, place, findings, needs_geometry=geometry)
    sites = None if frame is None else sites_of(frame, layer, place, findings, existing=existing)
    return None if frame is None or sites is None else (sites, frame)


def sites_of(
    frame: pd.DataFrame, layer: SiteLayer, place: str, findings: Findings, *, existing: bool = False
) -> Sites | None:
    """The sites of a frame by the columns that the layer names; None, with findings, where it has faults."""
    before = len(findings.found)
    ids = ids_of(frame, layer.id, layer.file, place, findings)
    cost = money_of(frame, layer.cost, layer.money_factor, layer.file, f"{place}.cost", findings)
    factor = layer.money_factor
    closing = money_of(frame, layer.closing_cost, factor, layer.file, f"{place}.closing_cost", findings)
    capacity = numbers_of(frame, layer.capacity, layer.file, f"{place}.capacity", findings, default=np.inf)
    group = texts_of(frame, layer.group, layer.file, f"{place}.group", findings)
    status = _status(frame, layer, place, findings, existing)
    if len(findings.found) > before:
        return None
    return Sites(
        ids=ids,
        cost=cost,
        status=status,
        group=group,
        capacity=capacity,
        closing_cost=closing,
        xy=xy_of(frame),
    )


def _status(frame: pd.DataFrame, layer: SiteLayer, place: str, findings: Findings, existing: bool) -> IntArray:
    plain = SiteStatus.EXISTING if existing else SiteStatus.CANDIDATE
    if layer.status is None:
        return np.full(len(frame), int(plain), dtype=np.int64)
    words = texts_of(frame, layer.status, layer.file, f"{place}.status", findings)
    unknown = sorted({w for w in words if w not in STATUS})
    if unknown:
        findings.add(
            f"{place}.status",
            say("{file} has {unknown}", file=layer.file, unknown=named(unknown)),
            say("known are {status}", status=Listed(list(STATUS))),
        )
    return np.array([int(STATUS.get(w, plain)) for w in words], dtype=np.int64)


def _joined_sites(parts: list[Sites], programme: Programme, place: str, findings: Findings) -> Sites | None:
    ids = [i for part in parts for i in part.ids]
    status = np.concatenate([part.status for part in parts])
    position = {site: i for i, site in enumerate(ids)}
    if len(position) < len(ids):
        twice = sorted({i for i in ids if ids.count(i) > 1})
        findings.add(
            place,
            say("site {twice} is in more than one layer", twice=named(twice)),
            say("ids must differ across a programme"),
        )
        return None
    apply_lists(programme, ids, status, place, findings)
    xy = [part.xy for part in parts]
    return Sites(
        ids=tuple(ids),
        cost=np.concatenate([part.cost for part in parts]),
        status=status,
        group=tuple(g for part in parts for g in part.group),
        capacity=np.concatenate([part.capacity for part in parts]),
        closing_cost=np.concatenate([part.closing_cost for part in parts]),
        xy=np.concatenate([a for a in xy if a is not None]) if all(a is not None for a in xy) else None,
    )


def _load_demand(
    file: StudyFile, programme: Programme, crs: CRS | None, place: str, findings: Findings, geometry: bool
) -> tuple[Demand, pd.DataFrame, FloatArray | None] | None:
    layer, place = programme.demand, f"{place}.demand"
    if layer is None:
        return None
    frame = read_points(file.folder, layer, crs, place, findings, needs_geometry=geometry)
    demand = None if frame is None else demand_of(frame, layer, place, findings)
    if frame is None or demand is None:
        return None
    return demand, frame, own_limits(frame, demand, layer, programme.reach, place, findings)


def demand_of(frame: pd.DataFrame, layer: DemandLayer, place: str, findings: Findings) -> Demand | None:
    """The places of a frame by the columns that the layer names; None, with findings, where it has faults."""
    before = len(findings.found)
    ids = ids_of(frame, layer.id, layer.file, place, findings)
    weight = numbers_of(frame, layer.weight, layer.file, f"{place}.weight", findings)
    load = None
    if layer.load is not None:
        load = numbers_of(frame, layer.load, layer.file, f"{place}.load", findings)
    group = texts_of(frame, layer.group, layer.file, f"{place}.group", findings)
    if len(findings.found) == before and not weight.any():
        findings.add(f"{place}.weight", say("is 0 at every place"), say("is it the right column?"))
    if len(findings.found) == before and load is not None and not load.any():
        findings.add(f"{place}.load", say("is 0 at every place"), say("is it the right column?"))
    if len(findings.found) > before:
        return None
    return Demand(ids=ids, weight=weight, group=group, xy=xy_of(frame), own_load=load)


def _load_flows(file: StudyFile, flows: Flows, crs: CRS | None, place: str, findings: Findings) -> FlowInputs | None:
    place = f"{place}.flows"
    terminals = read_points(file.folder, flows.terminals, crs, f"{place}.terminals", findings, needs_geometry=True)
    table = read_points(file.folder, _table(flows), crs, place, findings, needs_geometry=False)
    if terminals is None or table is None:
        return None
    ids = ids_of(terminals, flows.terminal_id, flows.terminals.file, f"{place}.terminals", findings)
    weight = numbers_of(table, flows.weight, flows.file, f"{place}.weight", findings)
    position = {terminal: i for i, terminal in enumerate(ids)}
    ends = []
    for column in (flows.origin, flows.destination):
        if column not in table.columns:
            missing_column(findings, place, flows.file, column, table)
            return None
        blank = [str(i + 1) for i in np.flatnonzero(table[column].isna())]
        if blank:
            findings.add(
                f"{place}.{column}",
                say("{file} has no {column} in row {blank}", file=flows.file, column=column, blank=named(blank)),
                say("fill them in"),
            )
            return None
        names = [id_text(v) for v in table[column]]
        join(f"{place}.{column}", flows.file, "terminals", sorted(set(names)), ids, silent_is="counted").note(findings)
        ends.append(np.array([position.get(n, -1) for n in names], dtype=np.int64))
    xy = xy_of(terminals)
    if xy is None:
        return None
    return FlowInputs(ids, xy, ends[0], ends[1], weight)


def _table(flows: Flows) -> DemandLayer:
    return DemandLayer(file=flows.file, id=flows.origin)


def input_hashes(file: StudyFile, programmes: Sequence[Programme]) -> dict[str, str]:
    """sha256 of the study file and of every file that is opened for the inputs it names."""
    names: list[str] = []
    study = file.study
    names += [n for n in (study.network.file if study.network else None, study.travel.matrix) if n]
    for programme in programmes:
        layers = [programme.demand, programme.sites, programme.existing, programme.flows, *programme.tiers]
        names += [layer.file for layer in (*layers, *programme.exclusion) if layer is not None]
        names += [programme.flows.terminals.file] if programme.flows else []
    return hashes_of([*(path.name for path in (file.path, *file.bases)), *names], file.folder)
