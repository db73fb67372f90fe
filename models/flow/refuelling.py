"""Stations that refuel the most vehicles on their trips (flow-refuelling location model).

Kuby and Lim (2005), The flow-refueling location problem for alternative-fuel vehicles, Socio-Economic Planning Sciences
39; for trips on one line the arc-cover form of Capar et al. (2013), for ties and ways round the expanded network of
MirHassani and Ebrazi (2013) with the detours of Kim and Kuby (2012); with capacities after Upchurch, Kuby and Lim
(2009), A model for location of capacitated alternative-fuel stations, Geographical Analysis 41.

    sets        c classes of flows with the same needs;  s sites;  K in K_c sets of sites (arc covers);
                A_c the sites that do alone;  G_c the graph of stops and hops of the trip
    data        w_c vehicles a day;  kg per stop;  Q_s capacity in kg/day
    columns     open_s in {0, 1};  y_c share refuelled in [0, 1];  z_a share that drives hop a of G_c
    max         sum_c  w_c y_c
    s.t.        y_c <= sum_{s in K} open_s                      for K in K_c          each_piece_of_a_trip_is_covered
                y_c <= sum_{s in A_c} open_s + sum_{a from start} z_a                 trips_start_where_refuelled
                sum_{a into n} z_a = sum_{a out of n} z_a       at stops n of G_c     what_stops_drives_on
                sum_{a into (leg, s)} z_a <= open_s             by leg                stops_only_at_open_stations
                sum_c,a into s  kg w_c z_a <= Q_s open_s        where Q_s is finite   refuelled_within_capacity

Tank and ties: the vehicle leaves its origin with `start_fraction` of a tank (half), every stop fills it, and a round
trip ends with at least what it began with. A stop counts on any shortest way, and on any way at most `max_detour_m`
longer, there and back each.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from models.arrays import FloatArray, sparse_from_pairs
from models.brief import brief
from models.errors import ProblemError
from models.flow.classes import FlowClasses, classes_of
from models.flow.drive import refuelled
from models.flow.hops import Hops, hops_of
from models.flow.problem import FlowProblem, Vehicle
from models.flow.stops import best_shares
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.messages import say
from models.plan import Plan
from models.problem import Sites, raise_all
from models.program import ProgramBuilder, Sense

TOLERANCE = 1e-6
"""Share of a plan's worth that is an engine's rounding."""


@checked
@brief
@dataclass(frozen=True, eq=False)
class FlowRefuelling:
    """The most vehicles a day refuelled on their trips."""

    problem: FlowProblem
    vehicle: Vehicle

    name: ClassVar[str] = "flow-refuelling"
    sense: ClassVar[Sense] = "max"

    def __post_init__(self) -> None:
        if self.vehicle.kg_per_refuel is None and np.isfinite(self.sites.capacity).any():
            raise ProblemError(say("stations have a capacity in kg/day; say what a stop takes (kg_per_refuel)"))

    @property
    def sites(self) -> Sites:
        """The sites it decides about."""
        return self.problem.sites

    def with_sites(self, sites: Sites) -> Self:
        """The same model over the same sites of another status or capacity."""
        return replace(self, problem=replace(self.problem, sites=sites))

    @cached_property
    def flows(self) -> FlowClasses:
        """The flows by class."""
        return classes_of(self.problem, self.vehicle)

    @cached_property
    def hops(self) -> Hops:
        """The graphs of all classes as one."""
        return hops_of(self.flows.classes, len(self.sites))

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        classes, hops = self.flows.classes, self.hops
        weight = np.array([c.weight for c in classes])
        opened = open_block(builder, self.sites)
        share = builder.columns("refuelled", len(classes), upper=1.0, objective=weight)
        driven = builder.columns("driven", hops.n_hops, upper=1.0)
        builder.offset += self.always_refuelled()
        builder.rows(
            "each_piece_of_a_trip_is_covered", [(hops.cover_class, share), (-hops.cover_site, opened)], upper=0.0
        )
        builder.rows(
            "trips_start_where_refuelled",
            [(hops.start_class, share), (-hops.alone, opened), (-hops.start_hop, driven)],
            upper=0.0,
        )
        builder.rows("what_stops_drives_on", [(hops.balance, driven)], lower=0.0, upper=0.0)
        builder.rows("stops_only_at_open_stations", [(hops.stop_hop, driven), (-hops.stop_site, opened)], upper=0.0)
        draft = Draft(
            builder=builder,
            sites=self.sites,
            open=opened,
            cost=opening_cost(self.sites, opened),
            base_cost=self.sites.base_cost(),
            blocks={"open": opened, "refuelled": share, "driven": driven},
        )
        if self.vehicle.kg_per_refuel is not None:
            self._limit(draft)
        return draft

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open stations and the share of every flow they refuel."""
        share = self.flows.always.astype(np.float64)
        of_class = np.clip(draft.blocks["refuelled"].of(values), 0.0, 1.0)
        for one, value in zip(self.flows.classes, of_class, strict=True):
            share[one.flows] = value
        return Plan(open=np.round(draft.open.of(values)) > 0, flow_share=share)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write open, shares and hops; a plan without shares refuels as much as its stations allow."""
        share = self.best_share(plan) if plan.flow_share is None else plan.flow_share
        weight = self.problem.weight
        values[draft.open.index] = plan.open
        of_class = [float(weight[c.flows] @ share[c.flows]) / c.weight for c in self.flows.classes]
        values[draft.blocks["refuelled"].index] = of_class
        values[draft.blocks["driven"].index] = self._hops_of(plan, np.array(of_class))

    def objective_of(self, plan: Plan) -> float:
        """Vehicles a day refuelled, by driving them; ProblemError where the plan claims trips that cannot be driven."""
        most = self.best_share(plan)
        if plan.flow_share is None:
            return float(self.problem.weight @ most)
        worth = float(self.problem.weight @ plan.flow_share)
        over = np.flatnonzero(self.problem.weight * (plan.flow_share - most) > TOLERANCE * max(1.0, worth))
        raise_all(
            [
                say(
                    "flow {f}: {flow_share:.6g} refuelled; at most {most:.6g} can be driven",
                    f=f,
                    flow_share=plan.flow_share[f],
                    most=most[f],
                )
                for f in over
            ]
        )
        return worth

    @cached_property
    def known_bound(self) -> float:
        """Vehicles a day that some stations could refuel, at most what all of them hold, and those that need none."""
        most = float(sum(c.weight for c in self.flows.classes))
        if self.vehicle.kg_per_refuel is not None:
            held = float(self.sites.capacity[~self.sites.fixed_closed].sum()) / self.vehicle.kg_per_refuel
            most = min(most, held)
        return self.always_refuelled() + most

    def refuelled_share(self, plan: Plan) -> float | None:
        """Share of all vehicles a day that the plan refuels; None where there are none."""
        total = float(self.problem.weight.sum())
        return self.objective_of(plan) / total if total > 0 else None

    def best_share(self, plan: Plan) -> FloatArray:
        """Share (n_flows,) of every flow that the plan's stations refuel.

        With capacities, the plan's own shares where they can be kept, as stations may refuel one flow or another.
        """
        if self.vehicle.kg_per_refuel is None:
            return refuelled(self.problem, self.vehicle, plan.open).astype(np.float64)
        return best_shares(self.problem, self.vehicle, plan.open, at_most=plan.flow_share)

    def always_refuelled(self) -> float:
        """Vehicles a day whose trips need no station."""
        return float(self.problem.weight[self.flows.always].sum())

    def _hops_of(self, plan: Plan, of_class: FloatArray) -> FloatArray:
        kg = self.vehicle.kg_per_refuel
        if kg is None:
            return self.hops.any_path(plan.open, of_class)
        taken = kg * np.array([c.weight for c in self.flows.classes])
        return self.hops.within(plan.open, of_class, taken, self.sites.capacity)

    def _limit(self, draft: Draft) -> None:
        """What stops take, within the capacity of each station."""
        weight = np.array([c.weight for c in self.flows.classes])
        taken = self.hops.taken((self.vehicle.kg_per_refuel or 0.0) * weight)
        draft.load_terms = [(taken, draft.blocks["driven"])]
        limited = np.flatnonzero(np.isfinite(self.sites.capacity))
        if len(limited):
            capacity = sparse_from_pairs(
                np.arange(len(limited)), limited, -self.sites.capacity[limited], (len(limited), len(self.sites))
            )
            draft.builder.rows(
                "refuelled_within_capacity",
                [(taken[limited], draft.blocks["driven"]), (capacity, draft.open)],
                upper=0.0,
                labels=[self.sites.ids[s] for s in limited],
            )
