"""Charging piles in whole numbers under grid limits, serving the most need within reach.

    sets        i places, grouped by equal reach into g; j sites; k kinds of pile
    data        l_g need of a group, kWh/day;  w_g what counts when it is served, the need unless the demand has loads;
                e_k energy of one pile, kWh/day;  p_k its power, kW;  G_j grid limit, kW
    columns     open_j in {0, 1};  n_kj piles, whole;  x_gj share of the need of g that j serves
    max         sum_g,j  w_g x_gj
    s.t.        sum_j x_gj <= 1                                    each_need_is_served_once
                sum_g l_g x_gj <= sum_k e_k n_kj                   energy_comes_from_piles
                sum_g l_g x_gj <= U_j open_j                       served_only_by_open_sites
                x_gj <= open_j  where l_g = 0                      served_for_nothing_only_by_open_sites
                n_kj <= M_kj open_j                                piles_only_at_open_sites
                sum_k n_kj >= m open_j                             at_least_so_many_piles_where_open
                sum_k p_k n_kj <= G_j open_j                       piles_within_the_grid_limit
                sum_k,j n_kj = N                                   piles_in_all
                sum_j n_kj >= s_k sum_k',j n_k'j                   share_of_a_kind

U_j is what j could ever serve: the least of all need in its reach, its capacity and the energy of its most piles.
Source: capacitated maximal covering (Pirkul and Schilling 1991) with modular capacities (Correia and Captivo 2003).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, frozen, pairs_of, sparse_from_pairs
from models.brief import brief
from models.charging.kinds import PileKind, kind_faults
from models.charging.needs import Needs, needs_of
from models.charging.service import best_service, service_faults
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.knapsack import most_within, weight_per_load
from models.labels import PairLabels
from models.messages import Listed, Message, say
from models.placed import OverPlaces
from models.plan import Plan
from models.problem import raise_all
from models.program import Block, ProgramBuilder, Sense, identity, row_of
from models.service import Served, by_load, total_travel

DUST = 1e-9
"""Shares below this are rounding of an engine, not service."""


@checked
@brief
@dataclass(frozen=True, eq=False)
class Charging(OverPlaces):
    """Piles of several kinds at every open site; loads of the demand are needs in kWh/day, weights what is maximised.

    Without loads of their own the needs are the weights: the most energy is served. With `weight` in people and `load`
    in kWh/day piles serve the most people, those first who need least energy.

    `total_units` is the exact number of piles in all, `grid_limit_kw` (n_sites,) the power a site bears, `min_share`
    kind -> least share of all piles, `min_units_where_open` the fewest piles an open site has.
    """

    kinds: tuple[PileKind, ...]
    total_units: int | None = None
    grid_limit_kw: FloatArray | None = None
    min_share: Mapping[str, float] = field(default_factory=dict)
    min_units_where_open: int = 1

    name: ClassVar[str] = "charging"
    sense: ClassVar[Sense] = "max"
    single_source: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.grid_limit_kw is not None:
            object.__setattr__(self, "grid_limit_kw", frozen(self.grid_limit_kw, np.float64))
        raise_all(kind_faults(len(self.sites), self.kinds, self.grid_limit_kw, self.min_share))

    @cached_property
    def needs(self) -> Needs:
        """Need grouped by reach, over the sites that may be open."""
        return needs_of(self.problem, ~self.sites.fixed_closed)

    @cached_property
    def most_units(self) -> FloatArray:
        """(n_kinds, n_sites): most piles of each kind, by their own limit and by the grid's alone."""
        most = np.array([kind.max_per_site for kind in self.kinds])
        if self.grid_limit_kw is not None:
            power = np.array([[kind.power_kw] for kind in self.kinds])
            most = np.minimum(most, np.floor(self.grid_limit_kw / power + 1e-9))
        if self.total_units is not None:
            most = np.minimum(most, self.total_units)
        return most

    @cached_property
    def most_served(self) -> FloatArray:
        """(n_sites,): kWh/day that a site could ever serve."""
        needs = self.needs
        need = np.bincount(needs.site, weights=needs.load[needs.group], minlength=len(self.sites))
        energy = np.array([kind.energy_kwh_per_day for kind in self.kinds]) @ self.most_units
        return np.minimum(np.minimum(need, energy), self.sites.capacity)

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        needs, sites = self.needs, self.sites
        opened = open_block(builder, sites)
        piles = self._pile_blocks(builder)
        served = builder.columns(
            "served",
            needs.n_pairs,
            upper=1.0,
            objective=needs.weight[needs.group],
            labels=PairLabels(needs.group, needs.site, None, sites.ids),
        )
        pair = np.arange(needs.n_pairs)
        of_group = sp.csr_array((np.ones(len(pair)), (needs.group, pair)), shape=(len(needs.weight), len(pair)))
        energy = sp.csr_array((needs.load[needs.group], (needs.site, pair)), shape=(len(sites), len(pair)))
        builder.rows("each_need_is_served_once", [(of_group, served)], upper=1.0)
        delivered = [(identity(len(sites), -k.energy_kwh_per_day), piles[k.name]) for k in self.kinds]
        builder.rows("energy_comes_from_piles", [(energy, served), *delivered], upper=0.0, labels=sites.ids)
        most = sp.csr_array(sp.diags_array(-self.most_served))
        builder.rows("served_only_by_open_sites", [(energy, served), (most, opened)], upper=0.0, labels=sites.ids)
        light = np.flatnonzero(needs.load[needs.group] == 0)
        if len(light):
            own = sp.csr_array((np.ones(len(light)), light, np.arange(len(light) + 1)), (len(light), len(pair)))
            at = sp.csr_array(
                (-np.ones(len(light)), needs.site[light], np.arange(len(light) + 1)), (len(light), len(sites))
            )
            builder.rows("served_for_nothing_only_by_open_sites", [(own, served), (at, opened)], upper=0.0)
        self._pile_rows(builder, opened, piles)
        return Draft(
            builder=builder,
            sites=sites,
            open=opened,
            cost=opening_cost(sites, opened) + [(row_of(k.cost), piles[k.name]) for k in self.kinds],
            base_cost=sites.base_cost(),
            demand=self.problem.demand,
            covered_terms=[(sp.csr_array(needs.spread() @ of_group), served)],
            load_terms=[(energy, served)],
            units=piles,
            blocks={"open": opened, "served": served} | {block_name(k): piles[k.name] for k in self.kinds},
        )

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites, piles by kind, and the share of every place that each site serves."""
        needs = self.needs
        opened = np.round(draft.open.of(values)) > 0
        share = np.clip(draft.blocks["served"].of(values), 0.0, 1.0)
        used = (share > DUST) & opened[needs.site]
        by_group = sparse_from_pairs(
            needs.group[used], needs.site[used], share[used], (len(needs.weight), len(self.sites))
        )
        units = {k.name: np.round(draft.units[k.name].of(values)).astype(np.int64) for k in self.kinds}
        return Plan(
            open=opened,
            units=units,
            served=sp.csr_array(needs.spread() @ by_group),
        )

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write open, piles and shares; a plan without shares is served as well as its piles allow."""
        needs = self.needs
        values[draft.open.index] = plan.open
        for kind in self.kinds:
            values[draft.units[kind.name].index] = plan.units[kind.name]
        served = self.best_service(plan) if plan.served is None else plan.served
        rows, columns, share = pairs_of(served)
        group = needs.of_place[rows]
        pair = self._pair_of(group, columns)
        known = pair >= 0
        need = self.problem.demand.weight[rows[known]] * share[known]
        total = np.bincount(pair[known], weights=need, minlength=needs.n_pairs)
        values[draft.blocks["served"].index] = total / needs.weight[needs.group]

    def objective_of(self, plan: Plan) -> float:
        """Weight served; ProblemError with every way in which piles or service break the problem."""
        served = self.best_service(plan) if plan.served is None else plan.served
        raise_all(self.pile_faults(plan) + service_faults(self.problem, self.energy_of(plan), served))
        return float(self.problem.demand.weight @ np.asarray(served.sum(axis=1)).ravel())

    @cached_property
    def known_bound(self) -> float:
        """Weight within reach, at most what all sites can serve together."""
        return min(float(self.needs.weight.sum()), float(self.most_by_site.sum()))

    @cached_property
    def most_by_site(self) -> FloatArray:
        """(n_sites,): weight that a site could ever serve."""
        needs = self.needs
        if self.problem.demand.own_load is None:
            return self.most_served
        return most_within(needs.site, needs.weight[needs.group], needs.load[needs.group], self.most_served)

    @property
    def carried_by_unit(self) -> Mapping[str, FloatArray]:
        """Weight that the energy of one pile can serve, at most."""
        each = weight_per_load(self.needs.weight, self.needs.load)
        return {kind.name: np.full(len(self.sites), kind.energy_kwh_per_day * each) for kind in self.kinds}

    def cost_of(self, plan: Plan) -> float:
        """Cost of a plan: sites and piles."""
        piles = sum(float(kind.cost @ plan.units[kind.name]) for kind in self.kinds)
        return self.sites.plan_cost(plan.open) + piles

    def unit_cost(self) -> dict[str, FloatArray]:
        """Kind -> cost (n_sites,) of one pile."""
        return {kind.name: kind.cost for kind in self.kinds}

    def unit_capacity(self) -> dict[str, float]:
        """Kind -> kWh/day that one pile delivers."""
        return {kind.name: kind.energy_kwh_per_day for kind in self.kinds}

    def with_service(self, draft: Draft, among: BoolArray) -> Served:
        """Place by place within what the piles deliver."""
        return by_load(draft, self.problem, among)

    def travel_of(self, plan: Plan) -> float:
        """Total travel of a plan, weight times impedance."""
        return total_travel(self.problem, plan)

    def carries(self, plan: Plan) -> FloatArray:
        """Energy (n_sites,) in kWh/day that the plan's piles deliver."""
        return self.energy_of(plan)

    def best_service(self, plan: Plan) -> Sparse:
        """Shares (n_demand, n_sites) that serve the most need with the plan's piles."""
        return best_service(self.problem, self.needs, self.energy_of(plan))

    def pile_faults(self, plan: Plan) -> list[Message]:
        """Where the numbers of piles break the limits of kinds, grid, total and shares."""
        ids = self.sites.ids
        count = np.array([plan.units[k.name] for k in self.kinds], dtype=np.float64)
        found = [
            say(
                "{site} has {count:g} {kind} piles; at most {most:g} fit",
                site=ids[j],
                count=count[k, j],
                kind=kind.name,
                most=kind.max_per_site[j],
            )
            for k, kind in enumerate(self.kinds)
            for j in np.flatnonzero(count[k] > kind.max_per_site)
        ]
        all_kinds = count.sum(axis=0)
        few = plan.open & (all_kinds < self.min_units_where_open)
        found += [say("{site} is open with {n:g} piles", site=ids[j], n=all_kinds[j]) for j in np.flatnonzero(few)]
        if self.grid_limit_kw is not None:
            power = np.array([kind.power_kw for kind in self.kinds]) @ count
            over = power > self.grid_limit_kw * (1 + 1e-9)
            found += [
                say("{site} draws {power:g} kW of {limit:g}", site=ids[j], power=power[j], limit=self.grid_limit_kw[j])
                for j in np.flatnonzero(over)
            ]
        total = float(count.sum())
        if self.total_units is not None and total != self.total_units:
            found.append(say("there are {total:g} piles; {asked} are asked", total=total, asked=self.total_units))
        for k, kind in enumerate(self.kinds):
            if count[k].sum() < self.min_share.get(kind.name, 0.0) * total - 1e-6:
                found.append(
                    say(
                        "{count:g} of {total:g} piles are {kind}, less than the share asked",
                        count=count[k].sum(),
                        total=total,
                        kind=kind.name,
                    )
                )
        return found

    def energy_of(self, plan: Plan) -> FloatArray:
        """Energy (n_sites,) in kWh/day that the plan's piles deliver, within the capacity of open sites."""
        energy = sum(k.energy_kwh_per_day * plan.units[k.name] for k in self.kinds)
        return np.where(plan.open, np.minimum(energy, self.sites.capacity), 0.0)

    def _pair_of(self, group: IntArray, site: IntArray) -> IntArray:
        """Position of pairs among the needs' pairs, -1 where there is none."""
        needs, n = self.needs, len(self.sites)
        key = needs.group * n + needs.site
        wanted = group * n + site
        at = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
        return np.where((group >= 0) & (len(key) > 0) & (key[at] == wanted), at, -1)

    def _pile_blocks(self, builder: ProgramBuilder) -> dict[str, Block]:
        may_open = ~self.sites.fixed_closed
        return {
            kind.name: builder.columns(
                block_name(kind), len(self.sites), upper=most * may_open, integer=True, labels=self.sites.ids
            )
            for kind, most in zip(self.kinds, self.most_units, strict=True)
        }

    def limits_in_words(self) -> dict[str, Message]:
        """Tag of its rows -> what they ask, in words."""
        shares = Listed([f"{name} {share:.6g}" for name, share in self.min_share.items()])
        least = {"n": self.min_units_where_open, "key": "piles.at_least_where_open"}
        return {
            "piles.total": say("exactly {n} piles in all ({key})", n=self.total_units, key="piles.total"),
            "piles.at_least_where_open": say("at least {n} pile at every open site ({key})", **least)
            if self.min_units_where_open == 1
            else say("at least {n} piles at every open site ({key})", **least),
            "piles.grid_limit_kw": say("piles within the power of their site ({key})", key="piles.grid_limit_kw"),
            "piles.min_share": say("least shares of all piles: {shares} ({key})", shares=shares, key="piles.min_share"),
        }

    def _pile_rows(self, builder: ProgramBuilder, opened: Block, piles: Mapping[str, Block]) -> None:
        ids, n = self.sites.ids, len(self.sites)
        unit = identity(n)
        for kind, most in zip(self.kinds, self.most_units, strict=True):
            limit = sp.csr_array(sp.diags_array(-most))
            builder.rows(
                f"piles_of_{kind.name}_only_at_open_sites",
                [(unit, piles[kind.name]), (limit, opened)],
                upper=0.0,
                labels=ids,
            )
        if self.min_units_where_open:
            least = identity(n, -float(self.min_units_where_open))
            builder.rows(
                "at_least_so_many_piles_where_open",
                [*((unit, piles[k.name]) for k in self.kinds), (least, opened)],
                lower=0.0,
                labels=ids,
                rule="piles.at_least_where_open",
            )
        if self.grid_limit_kw is not None:
            limit = sp.csr_array(sp.diags_array(-self.grid_limit_kw))
            drawn = [(identity(n, k.power_kw), piles[k.name]) for k in self.kinds]
            builder.rows(
                "piles_within_the_grid_limit",
                [*drawn, (limit, opened)],
                upper=0.0,
                labels=ids,
                rule="piles.grid_limit_kw",
            )
        ones = np.ones(n)
        if self.total_units is not None:
            all_piles = [(row_of(ones), piles[k.name]) for k in self.kinds]
            total = float(self.total_units)
            builder.rows("piles_in_all", all_piles, lower=total, upper=total, rule="piles.total")
        for name, share in self.min_share.items():
            terms = [(row_of(ones * (float(k.name == name) - share)), piles[k.name]) for k in self.kinds]
            builder.rows(f"share_of_{name}", terms, lower=0.0, rule="piles.min_share")


def block_name(kind: PileKind) -> str:
    """Name of a kind's block of columns."""
    return f"piles_{kind.name}"
