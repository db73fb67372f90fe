"""Every key of a study file, with its unit, meaning and default. Unknown keys are refused; all sections are frozen."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from models.messages import Listed, say
from solver.study.joint import Phasing, PortfolioSection
from solver.study.money import CostUnit, CurrencyKey, CurrencySection, factor_of
from solver.study.rules import RuleKeys, Size
from solver.study.section import (
    MONEY,
    MONEY_PER_KM,
    MONEY_PER_MIN,
    Column,
    Mode,
    Name,
    NotNegative,
    NumberOrColumn,
    Positive,
    ReachMode,
    Section,
    Share,
    Step,
    Titled,
    in_unit,
    same_names,
)
from solver.study.section import Layer as Layer
from solver.words.currency import Currency


class About(Section):
    """`[study]`: what the study is."""

    name: Annotated[Name, Field(description="short name, used for files")]
    title: Annotated[str, Field(description="title in English")] = ""
    title_zh: Annotated[str, Field(description="title in Chinese")] = ""
    note: Annotated[str, Field(description="what readers must know, such as which data are generated")] = ""
    note_zh: Annotated[str, Field(description="the same in Chinese")] = ""
    attribution: Annotated[str, Field(description="whose data the maps show, such as © OpenStreetMap contributors")] = (
        ""
    )
    crs: Annotated[str | None, Field(description="metric system all layers are brought to, such as EPSG:4547")] = None
    base: Annotated[
        str | None, Field(description="study file in the same folder whose keys hold where this one has none")
    ] = None
    currency: Annotated[
        CurrencyKey,
        Field(description='money of every cost and budget: its code, such as "EUR", or a section; CNY if not given'),
    ] = CurrencySection(code="CNY")

    @property
    def money(self) -> Currency:
        """The currency, with what it is known by."""
        return self.currency.money


class DemandLayer(Layer):
    """`demand`: the places to be served."""

    id: Annotated[Column, Field(description="column of the id")]
    weight: Annotated[
        NumberOrColumn,
        Field(
            description="what is to be covered: a column or one number",
            json_schema_extra=in_unit("the study's own, such as people"),
        ),
    ] = 1.0
    load: Annotated[
        NumberOrColumn | None,
        Field(
            description="what a place takes up at the sites that serve it: a column or one number. Capacities count "
            "it, the objective counts the weight; without it the weight is the load",
            json_schema_extra=in_unit("that of capacities, such as visits or kWh a day"),
        ),
    ] = None
    group: Annotated[Column | None, Field(description="column of the district")] = None
    limit_m: Annotated[
        Column | None, Field(description="column of how far each place may be served from, m; at most the reach")
    ] = None
    limit_min: Annotated[
        Column | None, Field(description="the same by travel time, minutes; as the reach has it, m or minutes")
    ] = None

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if self.limit_m is not None and self.limit_min is not None:
            raise ValueError(say("has both limit_m and limit_min; keep the one that the reach has"))
        return self


class SiteLayer(Layer):
    """`sites`, `existing`: where facilities may be or are."""

    id: Annotated[Column, Field(description="column of the id")]
    cost: Annotated[NumberOrColumn, Field(description="fixed cost of opening", json_schema_extra=MONEY)] = 0.0
    closing_cost: Annotated[
        NumberOrColumn, Field(description="cost of closing a closable site", json_schema_extra=MONEY)
    ] = 0.0
    cost_unit: Annotated[
        CostUnit | None,
        Field(
            description="what the columns of money of this layer are in, such as 万元 or 10000, for its own costs and "
            "those of piles and modules; numbers in the study itself are not multiplied",
            json_schema_extra=MONEY,
        ),
    ] = None
    capacity: Annotated[
        NumberOrColumn | None,
        Field(description="demand a site can serve", json_schema_extra=in_unit("that of the demand's load or weight")),
    ] = None
    group: Annotated[Column | None, Field(description="column of the district")] = None
    status: Annotated[
        Column | None,
        Field(description="column of candidate, existing, required, forbidden, competitor or closable"),
    ] = None

    @property
    def money_factor(self) -> float:
        """What the columns of money of this layer are multiplied by."""
        return factor_of(self.cost_unit)


class Turns(Section):
    """`network.turns`: seconds that turning at a crossing takes. Travel times of driving and lorries count them."""

    left_s: Annotated[NotNegative, Field(description="turning left, s")] = 0.0
    right_s: Annotated[NotNegative, Field(description="turning right, s")] = 0.0
    about_s: Annotated[NotNegative, Field(description="turning back, s")] = 0.0


class NetworkSection(Section):
    """`[network]`: the roads."""

    file: Annotated[str, Field(description="edge layer as `siting network import` writes it")]
    layer: Annotated[str | None, Field(description="layer inside the file, where it has several")] = None
    snap_limit_m: Annotated[Positive, Field(description="how far from a road a point may lie, m")] = 500.0
    walk_speed_kph: Annotated[Positive, Field(description="walking speed, km/h")] = 4.8
    truck_speed_kph: Annotated[Positive, Field(description="highest speed of trucks, km/h")] = 80.0
    access_speed_kph: Annotated[Positive, Field(description="speed between a point and its road, km/h")] = 4.8
    speeds_kph: Annotated[dict[str, Positive], Field(description="road class -> speed, km/h")] = Field(
        default_factory=dict
    )
    keep: Annotated[Literal["largest", "all"], Field(description="largest strongly connected part, or all")] = "largest"
    turns: Annotated[Turns | None, Field(description="what turning costs; without it turning is free")] = None
    datum_guard: Annotated[bool, Field(description="refuse points or roads that look like Chinese web maps'")] = True


class TravelSection(Section):
    """`[travel]`: a matrix of the study's own in place of a network."""

    matrix: Annotated[str | None, Field(description="file of demand, site, value: csv, parquet or npz")] = None
    demand: Annotated[Column, Field(description="its column of the demand id")] = "demand"
    site: Annotated[Column, Field(description="its column of the site id")] = "site"
    value: Annotated[Column, Field(description="its column of the impedance")] = "value"
    unit: Annotated[Literal["m", "s", "min"], Field(description="unit of its values")] = "m"
    unreachable_value: Annotated[
        float | str | list[float | str] | None,
        Field(
            description="what its values hold where there is no way, such as -1, 2147483647 or NA; [] says that all of "
            "them are travel",
            json_schema_extra=in_unit("that of `unit`"),
        ),
    ] = None
    missing_pairs: Annotated[
        Literal["refuse", "unreachable"],
        Field(
            description="ids of the matrix that no layer has, and places and sites without a row: refuse them, or take "
            "what is not there as unreachable; how many there are is told"
        ),
    ] = "refuse"


class SolveSection(Section):
    """`[solve]`: how the programmes are solved, unless a programme says otherwise."""

    engine: Annotated[str, Field(description="see `siting engines`")] = "highs"
    time_limit_s: Annotated[Positive, Field(description="for each programme, s")] = 300.0
    gap: Annotated[Share, Field(description="relative gap at which a plan counts as proven")] = 0.001
    threads: Annotated[
        int, Field(ge=1, le=1024, description="threads of the engine; with one, the same seed gives the same plan")
    ] = 1
    seed: Annotated[int, Field(ge=0, description="seed of searches and engines")] = 0
    search_s: Annotated[NotNegative, Field(description="at most this long for the first plan, s")] = 20.0


class Reach(Section):
    """`reach`: how far counts as served (the service standard)."""

    mode: Annotated[ReachMode, Field(description="who travels; straight: no roads, as for radio or sirens")] = "drive"
    direction: Annotated[Literal["to_site", "from_site"], Field(description="which way the trip goes")] = "to_site"
    limit_m: Annotated[Positive | None, Field(description="limit along the road, m")] = None
    limit_min: Annotated[Positive | None, Field(description="limit of travel time, minutes")] = None
    access: Annotated[bool, Field(description="count the way between a point and its road")] = True

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.limit_m is None) == (self.limit_min is None):
            raise ValueError(say("needs exactly one of limit_m and limit_min; write one of them"))
        if self.mode == "straight" and self.limit_m is None:
            raise ValueError(say("mode straight knows no travel time; give limit_m in place of limit_min"))
        return self

    @property
    def limit(self) -> float:
        """The limit in metres or seconds."""
        return self.limit_m if self.limit_m is not None else 60.0 * (self.limit_min or 0.0)

    @property
    def unit(self) -> Literal["m", "s"]:
        """Unit of `limit`."""
        return "m" if self.limit_m is not None else "s"


class Decay(Section):
    """`decay`: coverage that falls with distance, from 1 up to `full` to 0 at the limit of the reach."""

    shape: Annotated[
        Literal["linear", "exponential", "gaussian", "power", "steps"],
        Field(description="how coverage falls between full and the limit"),
    ] = "linear"
    full_m: Annotated[NotNegative | None, Field(description="covered in full up to here, m")] = None
    full_min: Annotated[NotNegative | None, Field(description="covered in full up to here, minutes")] = None
    steps: Annotated[list[Step], Field(description="for shape steps: (limit, share) pairs, in the limit's unit")] = (
        Field(default_factory=list)
    )
    rate: Annotated[Positive, Field(description="exponent or steepness of exponential, gaussian and power")] = 1.0

    @model_validator(mode="after")
    def _steps_where_stepped(self) -> Self:
        if (self.shape == "steps") != bool(self.steps):
            raise ValueError(say("shape `steps` and the key `steps` go together"))
        if self.full_m is not None and self.full_min is not None:
            raise ValueError(say("has both full_m and full_min; keep the one that the reach has"))
        if self.shape == "steps" and (self.full_m is not None or self.full_min is not None):
            raise ValueError(
                say("shape `steps` has no full_m or full_min; the first step says up to where all is covered")
            )
        if self.shape in ("linear", "steps") and self.rate != 1:
            raise ValueError(say("shape `{shape}` has no rate; exponential, gaussian and power do", shape=self.shape))
        shares = [share for _, share in sorted(self.steps)]
        if shares != sorted(shares, reverse=True):
            raise ValueError(say("has steps whose share rises with distance; a farther step must not cover more"))
        return self


class Impedance(Section):
    """`impedance`: what travel counts as where a model adds it up; t is in km or minutes, as the reach has it."""

    shape: Annotated[
        Literal["power", "exponential"], Field(description="power: t ** exponent; exponential: exp(rate * t)")
    ]
    exponent: Annotated[Positive, Field(description="of shape power; above 1 far places weigh more")] = 2.0
    rate: Annotated[
        Positive | None, Field(description="of shape exponential", json_schema_extra=in_unit("per km or per minute"))
    ] = None

    @model_validator(mode="after")
    def _parameter_of_its_shape(self) -> Self:
        if (self.shape == "exponential") != (self.rate is not None):
            raise ValueError(say("shape `exponential` and the key `rate` go together"))
        if self.shape == "exponential" and "exponent" in self.model_fields_set:
            raise ValueError(say("`exponent` belongs to shape `power`; exponential has `rate`"))
        return self


class PileKind(Titled):
    """One kind of charging pile."""

    power_kw: Annotated[Positive, Field(description="power drawn from the grid, kW")]
    energy_kwh_per_day: Annotated[Positive, Field(description="energy one pile delivers")]
    cost: Annotated[NumberOrColumn, Field(description="cost of one pile", json_schema_extra=MONEY)]
    max_per_site: Annotated[NumberOrColumn, Field(description="most piles at one site")]


class Piles(Section):
    """`piles`: integer units at every open site."""

    total: Annotated[int | None, Field(ge=1, description="exactly this many piles in all")] = None
    at_least_where_open: Annotated[int, Field(ge=0, description="fewest piles at an open site")] = 1
    grid_limit_kw: Annotated[NumberOrColumn | None, Field(description="power a site's grid connection bears, kW")] = (
        None
    )
    min_share: Annotated[dict[str, Share], Field(description="kind -> least share of all piles")] = Field(
        default_factory=dict
    )
    kinds: Annotated[
        dict[str, PileKind], Field(description="name of a kind -> its power, energy, cost and most per site")
    ]


class Vehicles(Titled):
    """`vehicles`: whole numbers of vehicles at every station, each of them busy some of the time."""

    busy: Annotated[
        float,
        Field(ge=0, lt=1, description="how much of the time a vehicle is out", json_schema_extra=in_unit("share")),
    ]
    total: Annotated[int | None, Field(ge=1, description="exactly this many, beside those that are there")] = None
    max_per_site: Annotated[
        NumberOrColumn, Field(description="most vehicles at one site, those that are there included")
    ]
    cost: Annotated[NumberOrColumn, Field(description="cost of one vehicle", json_schema_extra=MONEY)] = 0.0
    there: Annotated[NumberOrColumn, Field(description="vehicles that existing sites have, and keep")] = 0.0


class UnitKind(NamedTuple):
    """A kind of unit that sites hold in whole numbers: where in a programme it is described, and how."""

    place: str
    section: Size | PileKind | Vehicles


class Flows(Section):
    """`flows`: trips between terminals that want refuelling."""

    file: Annotated[str, Field(description="table of trips, path relative to the study file")]
    origin: Annotated[Column, Field(description="column of the terminal a trip begins at")] = "origin"
    destination: Annotated[Column, Field(description="column of the terminal it goes to")] = "destination"
    weight: Annotated[Column, Field(description="column of vehicles a day")] = "vehicles_per_day"
    terminals: Annotated[Layer, Field(description="points the trips begin and end at")]
    terminal_id: Annotated[Column, Field(description="column of the terminals' id")] = "terminal_id"


class Vehicle(Section):
    """`vehicle`: what refuels."""

    range_km: Annotated[Positive, Field(description="distance on a full tank, km")]
    start_fraction: Annotated[Share, Field(description="tank at the origin")] = 0.5
    round_trip: Annotated[
        bool, Field(description="there and back, with as much in the tank at the end as at the start")
    ] = True
    max_detour_km: Annotated[NotNegative, Field(description="longest way round for a station, km")] = 0.0
    kg_per_refuel: Annotated[
        Positive | None, Field(description="what a stop takes, where stations have a capacity in kg/day")
    ] = None
    mode: Annotated[Mode, Field(description="whose roads and speeds")] = "truck"
    road_classes: Annotated[list[str], Field(description="road classes used; empty: all")] = Field(default_factory=list)


class Tier(Titled, SiteLayer):
    """One of `tiers`, highest first."""

    name: Annotated[str, Field(description="name of the tier, such as centre")]
    reach: Annotated[Reach | None, Field(description="how far from the tier above; the lowest tier uses `reach`")] = (
        None
    )
    transport_per_km: Annotated[
        NotNegative,
        Field(
            description="cost of carrying from the tier above",
            json_schema_extra=MONEY_PER_KM,
        ),
    ] = 0.0


class Alternatives(Section):
    """`alternatives`: other plans that are nearly as good and differ from each other as much as can be."""

    count: Annotated[int, Field(ge=1, description="how many besides the plan itself")] = 3
    within: Annotated[Share, Field(description="share of the plan's objective that each may lose")] = 0.02
    method: Annotated[
        Literal["farthest", "hsj"], Field(description="the plans farthest apart, or hop-skip-jump, which is faster")
    ] = "farthest"
    time_limit_s: Annotated[Positive | None, Field(description="for all of them, s; else the programme's limit")] = None


class Marginals(Section):
    """`marginals`: what is lost without each chosen site, and by forcing each rejected one in. `true` will do."""

    time_limit_s: Annotated[Positive | None, Field(description="for all sites, s; else the programme's limit")] = None


def _switched(value: Any) -> Any:
    """A section that `true` switches on and `false` off."""
    if isinstance(value, bool):
        return {} if value else None
    if value is not None and not isinstance(value, dict | Marginals):
        raise ValueError(say("is {value}; write true or false, or a section with time_limit_s", value=repr(value)))
    return value


class Market(Section):
    """`market`: how demand divides among our sites, competitors and staying away (Huff)."""

    attractiveness: Annotated[
        NumberOrColumn,
        Field(
            description="what draws people to a site, such as its floor area: a column or one number",
            json_schema_extra=in_unit("its own, the same for all sites"),
        ),
    ] = 1.0
    attractiveness_power: Annotated[Positive, Field(description="a site pulls by attractiveness to this power")] = 1.0
    distance_power: Annotated[Positive, Field(description="and by one over travel to this power")] = 2.0
    least_travel_m: Annotated[Positive | None, Field(description="travel below counts as this, m")] = None
    least_travel_min: Annotated[Positive | None, Field(description="travel below counts as this, minutes")] = None
    stay_away_m: Annotated[
        Positive | None, Field(description="half stay away from a single site of mean attractiveness so far off, m")
    ] = None
    stay_away_min: Annotated[Positive | None, Field(description="the same by travel time, minutes")] = None
    target_share: Annotated[
        Share | None, Field(description="share of all demand to capture with the fewest sites, or the least cost")
    ] = None


class Programme(RuleKeys):
    """`[programmes.NAME]`: one decision."""

    model: Annotated[str, Field(description="see `siting models`")]
    title: Annotated[str, Field(description="title in English")] = ""
    title_zh: Annotated[str, Field(description="title in Chinese")] = ""
    demand: Annotated[DemandLayer | None, Field(description="the places to be served")] = None
    sites: Annotated[SiteLayer | None, Field(description="where facilities may open")] = None
    existing: Annotated[SiteLayer | None, Field(description="facilities that are there and stay")] = None
    reach: Annotated[Reach | None, Field(description="how far counts as served: the service standard")] = None
    decay: Annotated[Decay | None, Field(description="coverage that falls with distance")] = None
    impedance: Annotated[
        Impedance | None, Field(description="what travel counts as where it is added up; without it, as it is")
    ] = None
    backup: Annotated[int, Field(ge=1, description="open sites that must reach a place before it is covered")] = 1
    piles: Annotated[Piles | None, Field(description="charging piles in whole numbers")] = None
    vehicles: Annotated[Vehicles | None, Field(description="vehicles at stations, busy some of the time")] = None
    flows: Annotated[Flows | None, Field(description="trips that want refuelling")] = None
    vehicle: Annotated[Vehicle | None, Field(description="what makes the trips")] = None
    tiers: Annotated[list[Tier], Field(description="layers of sites that feed each other, highest first")] = Field(
        default_factory=list
    )
    nested: Annotated[
        bool,
        Field(
            description="upper tiers also do what the tiers below them do: serve places within `reach`, feed any lower "
            "tier within its reach"
        ),
    ] = False
    objective: Annotated[Literal["coverage", "cost"] | None, Field(description="where a model knows both")] = None
    unreachable: Annotated[
        Literal["refuse", "leave_out"], Field(description="places that no site reaches: for models that must serve all")
    ] = "refuse"
    single_source: Annotated[bool, Field(description="one site serves a place as a whole")] = False
    assignment: Annotated[
        Literal["best", "nearest"],
        Field(
            description="who goes where within capacities: best, as the plan shares them out, or nearest, everybody to "
            "the nearest open site whatever its load, of whom it serves what fits"
        ),
    ] = "best"
    market: Annotated[Market | None, Field(description="what draws people to a site, and how travel puts them off")] = (
        None
    )
    transport_per_km: Annotated[
        NotNegative | None,
        Field(
            description="cost of travel between a place and its site",
            json_schema_extra=MONEY_PER_KM,
        ),
    ] = None
    transport_per_min: Annotated[
        NotNegative | None,
        Field(
            description="fixed-charge: the same by travel time",
            json_schema_extra=MONEY_PER_MIN,
        ),
    ] = None

    alternatives: Annotated[Alternatives | None, Field(description="other plans that are nearly as good")] = None
    marginals: Annotated[
        Marginals | None, BeforeValidator(_switched), Field(description="what each site is worth: true, or a section")
    ] = None
    phasing: Annotated[Phasing | None, Field(description="years, each with its money and demand")] = None

    engine: Annotated[str | None, Field(description="in place of the study's")] = None
    time_limit_s: Annotated[Positive | None, Field(description="in place of the study's, s")] = None
    gap: Annotated[Share | None, Field(description="in place of the study's")] = None
    decompose: Annotated[
        bool, Field(description="solve the sites' districts apart under common prices: for whole countries")
    ] = False

    def site_layers(self) -> dict[str, SiteLayer]:
        """Key -> layer of sites, in the order in which their sites stand."""
        if self.tiers:
            return {f"tiers.{i}": tier for i, tier in enumerate(self.tiers)}
        layers = {"sites": self.sites, "existing": self.existing}
        return {key: layer for key, layer in layers.items() if layer is not None}

    @property
    def unit_kinds(self) -> dict[str, UnitKind]:
        """Name -> every kind of unit that sites hold: piles or vehicles, else modules."""
        if self.piles is not None:
            return {name: UnitKind(f"piles.kinds.{name}", kind) for name, kind in self.piles.kinds.items()}
        if self.vehicles is not None:
            return {"vehicles": UnitKind("vehicles", self.vehicles)}
        return {name: UnitKind(f"sizes.{name}", size) for name, size in self.sizes.items()}

    @model_validator(mode="after")
    def _tiers_and_kinds_differ(self) -> Self:
        kinds = self.piles.kinds if self.piles else {}
        for what, names in (("tiers", [tier.name for tier in self.tiers]), ("piles.kinds", list(kinds))):
            alike = same_names(names)
            if alike:
                raise ValueError(
                    say("{what} has the name {alike} more than once; give each its own", what=what, alike=Listed(alike))
                )
        return self


class Study(Section):
    """A whole study file."""

    study: Annotated[About, Field(description="what the study is")]
    network: Annotated[NetworkSection | None, Field(description="the roads")] = None
    travel: Annotated[TravelSection, Field(description="a matrix of the study's own in place of roads")] = (
        TravelSection()
    )
    solve: Annotated[SolveSection, Field(description="how programmes are solved, unless one says otherwise")] = (
        SolveSection()
    )
    programmes: Annotated[dict[Name, Programme], Field(min_length=1, description="name -> one decision")]
    portfolio: Annotated[dict[Name, PortfolioSection], Field(description="programmes together under one budget")] = (
        Field(default_factory=dict)
    )
    scenarios: Annotated[
        dict[Name, dict[str, Any]], Field(description="name -> keys of this study and the values they have in it")
    ] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _roads_or_matrix(self) -> Self:
        if self.network is None and self.travel.matrix is None:
            raise ValueError(say("needs [network] with a road layer, or [travel] with a matrix; add one of them"))
        if {"base", "all"} & set(self.scenarios):
            raise ValueError(
                say("scenarios: base is the study as it is and all is every scenario; give it another name")
            )
        return self

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        members = [f"{name}.{member}" for name, joint in self.portfolio.items() for member in joint.programmes]
        for listed in ([*self.programmes, *self.portfolio, *members], list(self.scenarios)):
            alike = same_names(dict.fromkeys(listed))  # the same name twice is told by the portfolio, with its remedy
            if alike:
                raise ValueError(
                    say(
                        "the names {alike} are one name to many disks; give each a name of its own", alike=Listed(alike)
                    )
                )
        return self

    def needed(self, names: Sequence[str]) -> tuple[str, ...]:
        """The programmes that some programmes and portfolios are made of, in the study's order."""
        wanted = {member for name in names if name in self.portfolio for member in self.portfolio[name].programmes}
        return tuple(name for name in self.programmes if name in names or name in wanted)

    def solved(self) -> tuple[str, ...]:
        """What a run solves where nothing is named: the portfolios, and every programme that is in none of them."""
        members = {member for section in self.portfolio.values() for member in section.programmes}
        return (*(name for name in self.programmes if name not in members), *self.portfolio)
