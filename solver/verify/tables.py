"""What a result claims of a programme, beside its inputs, as the plain tables that the checks work on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from models.arrays import BoolArray, FloatArray
from models.messages import say
from models.problem import SiteStatus
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.roads import Points
from solver.study.schema import Programme
from solver.verify.travel import ROUNDING, SEAM, Pairs, Travel
from solver.verify.verdict import Unchecked

WORDS = {int(status): status.name.lower() for status in SiteStatus}


@dataclass(frozen=True, eq=False)
class Tables:
    """A programme's entry in result.json, its layers in plan.gpkg, and its inputs."""

    name: str
    entry: Mapping[str, Any]
    layers: Mapping[str, pd.DataFrame]
    inputs: ProgrammeInputs
    travel: Travel

    @property
    def programme(self) -> Programme:
        """The programme's section of the study."""
        return self.inputs.programme

    @property
    def has_plan(self) -> bool:
        """Whether a plan is claimed at all."""
        return self.entry["objective"] is not None

    @cached_property
    def sites(self) -> pd.DataFrame:
        """One row per site, by position: id, status, cost, capacity, group, whether it is new and open, x, y, tier."""
        read = self.inputs.sites
        named = {*self.entry["sites"], *self.entry["kept_sites"]}
        table = pd.DataFrame(
            {
                "id": list(read.ids),
                "status": [WORDS[int(status)] for status in read.status],
                "cost": read.cost,
                "closing": read.closing_cost,
                "capacity": read.capacity,
                "group": list(read.group),
                "tier": 0 if self.inputs.tier is None else self.inputs.tier,
            }
        )
        table["new"] = table["status"].isin(["candidate", "required", "forbidden"])
        table["may_open"] = ~table["status"].isin(["forbidden", "competitor"])
        table["open"] = table["id"].isin(named)
        if read.xy is not None:
            table["x"], table["y"] = read.xy[:, 0], read.xy[:, 1]
        return table

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Id of a site -> its row."""
        return {site: i for i, site in enumerate(self.sites["id"])}

    @cached_property
    def open(self) -> BoolArray:
        """Sites (n_sites,) that are open."""
        return self.sites["open"].to_numpy(dtype=bool)

    @cached_property
    def units(self) -> dict[str, FloatArray]:
        """Kind -> number of units (n_sites,)."""
        found = {kind: np.zeros(len(self.sites)) for kind in self.programme.unit_kinds}
        for site, held in self.entry["units"].items():
            for kind, count in held.items():
                found.setdefault(kind, np.zeros(len(self.sites)))[self.row_of[site]] = count
        return found

    @cached_property
    def places(self) -> pd.DataFrame:
        """One row per place, by position: id, weight, load that counts, group ("all" where it has none)."""
        demand = self.inputs.demand
        if demand is None:
            raise Unchecked(say("the programme has no places"))
        weight, load = demand.weight, demand.own_load
        phasing = self.programme.phasing
        if phasing is not None:
            weight = year_weights(self, len(phasing.years) - 1)
            load = None if load is None else load * phasing.years[-1].growth
        counts = weight if load is None else np.where(weight > 0, load, 0.0)
        group = [g or "all" for g in demand.group]
        return pd.DataFrame({"id": list(demand.ids), "weight": weight, "load": counts, "group": group})

    @property
    def has_loads(self) -> bool:
        """Do places take up something else at sites than their weight?"""
        return self.inputs.demand is not None and self.inputs.demand.own_load is not None

    @property
    def points(self) -> tuple[Points, Points]:
        """Places and sites as points."""
        demand, sites = self.inputs.demand, self.inputs.sites
        if demand is None:
            raise Unchecked(say("the programme has no places"))
        if self.inputs.tier is None:
            return Points(demand.ids, demand.xy), Points(sites.ids, sites.xy)
        return Points(demand.ids, demand.xy), self.points_of(np.flatnonzero(self.serving))

    def points_of(self, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> Points:
        """Some sites as points."""
        sites = self.inputs.sites
        return Points(tuple(sites.ids[i] for i in rows), None if sites.xy is None else sites.xy[rows])

    @property
    def serving(self) -> BoolArray:
        """Sites that serve places: all, or those of the lowest tier where tiers are not nested."""
        tier = self.sites["tier"].to_numpy()
        all_serve = self.programme.nested or not self.programme.tiers
        return np.asarray(tier >= 0 if all_serve else tier == len(self.programme.tiers) - 1)

    @cached_property
    def pairs(self) -> Pairs:
        """Every pair of place and site within reach.

        At the very limit of travel that is computed, where rounding decides, a pair counts as the plan has it.
        """
        found, doubtful = self._pairs_and_doubts
        if not doubtful.any():
            return found
        served = {*zip(self.served["place"], self.served["site"], strict=True)}
        both = zip(found.place.tolist(), found.site.tolist(), strict=True)
        return found.where(np.array([not at or pair in served for at, pair in zip(doubtful, both, strict=True)]))

    @cached_property
    def doubts(self) -> Pairs:
        """The pairs at the very limit, which rounding has on either side of it."""
        found, doubtful = self._pairs_and_doubts
        return found.where(doubtful)

    @cached_property
    def _pairs_and_doubts(self) -> tuple[Pairs, BoolArray]:
        """Pairs up to the limit or a rounding beyond it, and which of them are so near to it; a table is exact."""
        reach = self.programme.reach
        if reach is None:
            raise Unchecked(say("the programme has no reach"))
        found = self.travel.between(*self.points, reach)
        rows = np.flatnonzero(self.serving)
        found = Pairs(found.place, rows[found.site], found.travel, found.unit)
        limit = np.full(len(self.places), reach.limit) if self.own_limit is None else self.own_limit
        seam = 0.0 if self.travel.roads is None else SEAM
        last = limit[found.place] + limit[found.place] * ROUNDING
        near = found.travel <= last * (1 + seam)
        return found.where(near), (found.travel > last * (1 - seam))[near]

    @cached_property
    def own_limit(self) -> FloatArray | None:
        """How far (n_places,) each place may be served from, in m or s, where the study says it; else None."""
        layer, frame = self.programme.demand, self.inputs.demand_frame
        if layer is None or frame is None or (layer.limit_m is None and layer.limit_min is None):
            return None
        column, to_unit = (layer.limit_m, 1.0) if layer.limit_m is not None else (layer.limit_min, 60.0)
        return np.asarray(pd.to_numeric(frame[column]).to_numpy(dtype=np.float64) * to_unit)

    def counted(self, travel: float) -> float:
        """What travel counts as where a model adds it up: itself, or a power or exponential of km or minutes."""
        impedance, per = self.programme.impedance, 1000.0 if self.pairs.unit == "m" else 60.0
        if impedance is None:
            return travel
        if impedance.shape == "power":
            return float((travel / per) ** impedance.exponent)
        return float(np.exp((impedance.rate or 0.0) * travel / per))

    @cached_property
    def travel_of(self) -> dict[tuple[int, int], float]:
        """Place and open site -> travel, of pairs within reach."""
        pairs = self.pairs.where(self.open[self.pairs.site])
        keys = zip(pairs.place.tolist(), pairs.site.tolist(), strict=True)
        return dict(zip(keys, pairs.travel.tolist(), strict=True))

    @cached_property
    def served(self) -> pd.DataFrame:
        """Rows of the allocation between places and sites, by position: place, site, share, amount, travel as told."""
        table = self._allocation("place-site")
        place = {i: n for n, i in enumerate(self.places["id"])}
        found = pd.DataFrame(
            {
                "place": [place[str(i)] for i in table["from_id"]],
                "site": [self.row_of[str(i)] for i in table["to_id"]],
                "share": table["share"].astype(float) if len(table) else [],
                "amount": table["amount"].astype(float) if len(table) else [],
            }
        )
        found["load"] = table["served_load"].astype(float).to_numpy() if "served_load" in table.columns else np.nan
        told = [c for c in ("travel_m", "travel_s") if c in table.columns]
        found["told"] = table[told[0]].astype(float).to_numpy() if told else np.nan
        return found.astype({"place": int, "site": int, "share": float, "amount": float})

    @cached_property
    def sent(self) -> pd.DataFrame:
        """Rows of the allocation between sites, by position: upper, lower, amount."""
        table = self._allocation("site-site")
        return pd.DataFrame(
            {
                "upper": np.array([self.row_of[str(i)] for i in table["from_id"]], dtype=int),
                "lower": np.array([self.row_of[str(i)] for i in table["to_id"]], dtype=int),
                "amount": table["amount"].astype(float).to_numpy() if len(table) else np.zeros(0),
            }
        )

    def _allocation(self, link: str) -> pd.DataFrame:
        table = self.layers.get("allocation")
        if table is None:
            return pd.DataFrame({"from_id": [], "to_id": [], "share": [], "amount": []})
        return pd.DataFrame(table[table["link"] == link]).reset_index(drop=True)

    @cached_property
    def share(self) -> FloatArray:
        """Share (n_places,) of every place that is served by the allocation, at most 1."""
        total = np.zeros(len(self.places))
        np.add.at(total, self.served["place"].to_numpy(), self.served["share"].to_numpy())
        return np.minimum(1.0, total)

    @cached_property
    def load(self) -> FloatArray:
        """What every site (n_sites,) serves and, in tiers, passes on."""
        total = np.zeros(len(self.sites))
        load = self.places["load"].to_numpy()[self.served["place"]]
        np.add.at(total, self.served["site"].to_numpy(), self.served["share"].to_numpy() * load)
        np.add.at(total, self.sent["upper"].to_numpy(), self.sent["amount"].to_numpy())
        return total

    @cached_property
    def wanted(self) -> FloatArray:
        """Weight (n_places,) that must be served; 0 where no site may reach and the study leaves such places out."""
        weight = self.places["weight"].to_numpy(dtype=np.float64).copy()
        if self.programme.unreachable == "leave_out":
            weight[self.lost] = 0.0
        return weight

    @cached_property
    def lost(self) -> BoolArray:
        """Places (n_places,) with weight that no site which may open reaches."""
        reached = np.zeros(len(self.places), dtype=bool)
        reached[self.pairs.place[self.sites["may_open"].to_numpy()[self.pairs.site]]] = True
        return ~reached & (self.places["weight"].to_numpy() > 0)

    def nearest(self) -> tuple[dict[int, float], dict[int, int]]:
        """Place -> travel to its nearest open site, and how many open sites reach it."""
        least: dict[int, float] = {}
        count: dict[int, int] = {}
        for (place, _), travel in self.travel_of.items():
            least[place] = min(travel, least.get(place, np.inf))
            count[place] = count.get(place, 0) + 1
        return least, count

    def numbers(self, spec: float | str | None, default: float = 0.0) -> FloatArray:
        """Numbers (n_sites,) of a column of the sites' layers, or one number for all."""
        if isinstance(spec, str):
            return pd.to_numeric(self.inputs.site_frame[spec]).to_numpy(dtype=np.float64)
        return np.full(len(self.sites), default if spec is None else float(spec))

    def money(self, spec: float | str) -> FloatArray:
        """Amounts (n_sites,) in whole currency: a column times the unit of its layer, or one number for all."""
        return self.numbers(spec) * (self.inputs.money_factor if isinstance(spec, str) else 1.0)

    def named(self, rows: Iterable[Any]) -> list[str]:
        """Ids of sites."""
        return [str(self.sites["id"].iloc[i]) for i in rows]


def year_weights(case: Tables, year: int) -> FloatArray:
    """Weights (n_places,) of one of the years of a programme."""
    inputs = case.inputs
    phasing, demand = inputs.programme.phasing, inputs.demand
    if phasing is None or demand is None:
        raise Unchecked(say("the programme has no years with places"))
    section = phasing.years[year]
    base = demand.weight
    if section.demand is not None and inputs.demand_frame is not None:
        base = pd.to_numeric(inputs.demand_frame[section.demand]).to_numpy(dtype=np.float64)
    return np.asarray(base * section.growth, dtype=np.float64)


def geometry_of(table: pd.DataFrame | None) -> gpd.GeoSeries | None:
    """The geometry of a layer, None for a table without."""
    return table.geometry if isinstance(table, gpd.GeoDataFrame) else None
