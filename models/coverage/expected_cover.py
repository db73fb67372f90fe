"""Maximal expected covering (MEXCLP; Daskin 1983, A maximum expected covering location model: formulation, properties
and heuristic solution, Transportation Science 17(1)): vehicles that are out on a call some of the time.

    sets     i places, those that the same sites reach as one;  j sites;  k = 1, 2, ... vehicles in reach of a place
    data     w_i weight;  q share of the time that a vehicle is busy;  a_j vehicles that an existing site has and keeps;
             M_j most vehicles at site j
    columns  open_j in {0, 1};  n_j vehicles stationed, whole;  y_ik in [0, 1]: i has k vehicles in reach
    max      sum_i w_i sum_k (1 - q) q^(k-1) y_ik
    s.t.     sum_k y_ik <= sum_{j reaches i} (n_j + a_j open_j)     no_more_than_the_vehicles_in_reach
             n_j <= (M_j - a_j) open_j                              vehicles_only_at_open_sites
             open_j <= n_j     at new sites                         a_vehicle_at_every_new_station
             sum_j n_j = N     where a total is asked               vehicles_in_all

A call from i finds a free vehicle with probability 1 - q^m, where m vehicles reach i: each is busy independently of the
others, with the same q everywhere (Daskin's assumptions). The k-th adds (1 - q) q^(k-1), less than the one before, so
that y needs no whole numbers. With q = 0 it is maximal covering. There are columns of as many k as vehicles could ever
reach i, and as add anything to speak of.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, frozen, pairs_of, sparse_from_pairs
from models.brief import brief
from models.coverage.classes import CoverClasses, cover_classes
from models.errors import ProblemError
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.magnitude import LARGEST, is_beyond
from models.messages import Message, say
from models.placed import OverPlaces
from models.plan import Plan
from models.problem import raise_all
from models.program import Block, ProgramBuilder, Sense, identity, row_of

VEHICLES = "vehicles"
"""The kind of unit."""
DUST = 1e-12
"""Where so little of a place is left, further vehicles have no columns."""


@checked
@brief
@dataclass(frozen=True, eq=False)
class ExpectedCover(OverPlaces):
    """Cover the most weight by vehicles of which each is busy a share `busy` of the time, 0 <= busy < 1.

    `max_per_site` (n_sites,): most vehicles at a site; `cost` (n_sites,): what one costs; `there` (n_sites,): those
    that sites which are there have and keep, free of cost and within `max_per_site`; at new sites it counts for
    nothing. `total` is the exact number of vehicles to station, beside those that are there.
    """

    busy: float
    max_per_site: FloatArray
    cost: FloatArray | None = None
    there: FloatArray | None = None
    total: int | None = None

    name: ClassVar[str] = "expected-cover"
    sense: ClassVar[Sense] = "max"

    def __post_init__(self) -> None:
        n = len(self.sites)
        faults = [] if 0 <= self.busy < 1 else [say("busy must be at least 0 and below 1; got {q:g}", q=self.busy)]
        if self.total is not None and self.total < 0:
            faults.append(say("total must be at least 0; got {n}", n=self.total))
        zeros = np.zeros(n)
        for what, given in (("max_per_site", self.max_per_site), ("cost", self.cost), ("there", self.there)):
            values = frozen(zeros if given is None else given, np.float64)
            object.__setattr__(self, what, values)
            if values.shape != (n,):
                faults.append(say("{what} has shape {shape}; there are {n} sites", what=what, shape=values.shape, n=n))
            elif not (np.isfinite(values).all() and values.min(initial=0.0) >= 0 and not is_beyond(values).any()):
                faults.append(
                    say("{what} must be at least 0 and below {largest:g} at every site", what=what, largest=LARGEST)
                )
        raise_all(faults)
        if (self.kept != np.floor(self.kept)).any():
            raise ProblemError(say("vehicles that are there must be whole numbers"))

    @cached_property
    def kept(self) -> FloatArray:
        """Vehicles (n_sites,) that sites which are there have."""
        there = np.zeros(len(self.sites)) if self.there is None else self.there
        return np.where(self.sites.is_new | self.sites.fixed_closed, 0.0, there)

    @cached_property
    def room(self) -> FloatArray:
        """The most vehicles (n_sites,) that may be stationed at each site."""
        most = np.maximum(0.0, np.floor(self.max_per_site) - self.kept)
        most = most if self.total is None else np.minimum(most, self.total)
        return np.where(self.sites.fixed_closed, 0.0, most)

    @cached_property
    def price(self) -> FloatArray:
        """What a vehicle costs (n_sites,)."""
        return np.zeros(len(self.sites)) if self.cost is None else self.cost

    @cached_property
    def reach(self) -> Sparse:
        """1 where a site that may open reaches a place (n_demand, n_sites)."""
        rows, columns, _ = pairs_of(self.problem.travel)
        may = ~self.sites.fixed_closed[columns]
        return sparse_from_pairs(rows[may], columns[may], np.ones(int(may.sum())), self.problem.travel.shape)

    @cached_property
    def classes(self) -> CoverClasses:
        """Places that the same sites reach."""
        return cover_classes(self.reach, ~self.sites.fixed_closed)

    @cached_property
    def _ranks(self) -> tuple[IntArray, FloatArray]:
        """Class and what it adds, of every column y: k = 1, 2, ... of one class after the other."""
        sets = self.classes.sets
        counts = np.asarray(sets @ self.room)
        counts = counts if self.total is None else np.minimum(counts, self.total)
        counts = (counts + np.asarray(sets @ self.kept)).round().astype(np.int64)
        counts = np.minimum(counts, 1 if self.busy == 0 else int(np.ceil(np.log(DUST) / np.log(self.busy))))
        of = np.repeat(np.arange(len(counts)), counts)
        before = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
        return of, (1.0 - self.busy) * self.busy ** before.astype(np.float64)

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        sites, classes, (of, gain) = self.sites, self.classes, self._ranks
        opened = open_block(builder, sites)
        placed = builder.columns(VEHICLES, len(sites), upper=self.room, integer=True, labels=sites.ids)
        weight = classes.weight(self.problem.demand.weight)
        reached = builder.columns("reached_by", len(of), upper=1.0, objective=weight[of] * gain)
        pick = sp.csr_array((np.ones(len(of)), (of, np.arange(len(of)))), shape=(len(classes), len(of)))
        held = [(sp.csr_array(-classes.sets), placed)]
        if self.kept.any():
            held.append((sp.csr_array(-classes.sets @ sp.diags_array(self.kept)), opened))
        builder.rows("no_more_than_the_vehicles_in_reach", [(pick, reached), *held], upper=0.0)
        self._vehicle_rows(builder, opened, placed)
        by_rank = sp.csr_array((gain, (of, np.arange(len(of)))), shape=(len(classes), len(of)))
        return Draft(
            builder=builder,
            sites=sites,
            open=opened,
            cost=[*opening_cost(sites, opened), (row_of(self.price), placed)],
            base_cost=sites.base_cost(),
            demand=self.problem.demand,
            covered_terms=[(sp.csr_array(classes.of_demand @ by_rank), reached)],
            units={VEHICLES: placed},
            blocks={"open": opened, VEHICLES: placed, "reached_by": reached},
        )

    def _vehicle_rows(self, builder: ProgramBuilder, opened: Block, placed: Block) -> None:
        sites, unit = self.sites, identity(len(self.sites))
        limit = sp.csr_array(sp.diags_array(-self.room))
        builder.rows("vehicles_only_at_open_sites", [(unit, placed), (limit, opened)], upper=0.0, labels=sites.ids)
        new = np.flatnonzero(sites.is_new)
        if len(new):
            own = sp.csr_array(unit[new])
            terms = [(own, placed), (sp.csr_array(-own), opened)]
            labels = [sites.ids[j] for j in new]
            builder.rows("a_vehicle_at_every_new_station", terms, lower=0.0, labels=labels)
        if self.total is not None:
            every, total = [(row_of(np.ones(len(sites))), placed)], float(self.total)
            builder.rows("vehicles_in_all", every, lower=total, upper=total, rule="vehicles.total")

    def limits_in_words(self) -> dict[str, Message]:
        """Tag of its rows -> what they ask, in words."""
        return {"vehicles.total": say("exactly {n} vehicles in all ({key})", n=self.total, key="vehicles.total")}

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites, their vehicles, and the share of calls that each site answers."""
        is_open = draft.open.of(values) > 0.5
        return self.plan_with(is_open, np.round(draft.units[VEHICLES].of(values)).astype(np.int64))

    def plan_with(self, is_open: BoolArray, vehicles: IntArray) -> Plan:
        """The plan of open sites and vehicles (n_sites,): the nearest vehicle that is free answers."""
        plan = Plan(open=is_open, units={VEHICLES: vehicles})
        return Plan(open=plan.open, units=plan.units, served=self._answered(plan))

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the columns of a plan."""
        of, _ = self._ranks
        rank = np.arange(len(of)) - np.searchsorted(of, of, side="left")
        values[draft.open.index] = plan.open
        values[draft.units[VEHICLES].index] = plan.units[VEHICLES]
        count = np.asarray(self.classes.sets @ self.vehicles_of(plan)).round()
        values[draft.blocks["reached_by"].index] = rank < count[of]

    def vehicles_of(self, plan: Plan) -> FloatArray:
        """Vehicles (n_sites,) at every open site, those that were there included."""
        return np.where(plan.open & ~self.sites.fixed_closed, plan.units[VEHICLES] + self.kept, 0.0)

    def objective_of(self, plan: Plan) -> float:
        """Expected weight covered; ProblemError with every way in which the vehicles break the problem."""
        raise_all(self.vehicle_faults(plan))
        in_reach = np.asarray(self.reach @ self.vehicles_of(plan))
        return float(self.problem.demand.weight @ (1.0 - self.busy**in_reach))

    def vehicle_faults(self, plan: Plan) -> list[Message]:
        """Where vehicles are too many for a site, a new station has none, or their number is not the one asked."""
        count, ids = plan.units[VEHICLES], self.sites.ids
        found = [
            say("{site} has {n} vehicles more; at most {most:g} fit", site=ids[j], n=int(count[j]), most=self.room[j])
            for j in np.flatnonzero(count > self.room)
        ]
        bare = np.flatnonzero(plan.open & self.sites.is_new & (count == 0))
        found += [say("{site} is a station without a vehicle", site=ids[j]) for j in bare]
        total = int(count.sum())
        if self.total is not None and total != self.total:
            found.append(say("there are {n} vehicles; {asked} are asked", n=total, asked=self.total))
        return found

    @cached_property
    def known_bound(self) -> float:
        """Expected weight covered with as many vehicles as fit at every site, or as many as there are in all."""
        of, gain = self._ranks
        return float(self.classes.weight(self.problem.demand.weight)[of] @ gain)

    @cached_property
    def most_by_site(self) -> FloatArray:
        """Expected weight (n_sites,) that each site covers by itself, with as many vehicles as fit."""
        within = np.asarray(self.problem.demand.weight @ self.reach)
        return np.asarray(within * (1.0 - self.busy ** (self.room + self.kept)))

    def cost_of(self, plan: Plan) -> float:
        """Cost of a plan: stations and vehicles."""
        return self.sites.plan_cost(plan.open) + float(self.price @ plan.units[VEHICLES])

    def unit_cost(self) -> dict[str, FloatArray]:
        """Cost (n_sites,) of one vehicle."""
        return {VEHICLES: self.price}

    def _answered(self, plan: Plan) -> Sparse:
        """Share (n_demand, n_sites) of a place's calls that each site answers: the m vehicles of nearer sites busy."""
        rows, columns, travel = pairs_of(self.problem.travel)
        vehicles = self.vehicles_of(plan)
        at = np.flatnonzero(vehicles[columns] > 0)
        at = at[np.lexsort((columns[at], travel[at], rows[at]))]
        here, row = vehicles[columns[at]], rows[at]
        nearer = np.cumsum(here) - here
        nearer = nearer - nearer[np.searchsorted(row, row, side="left")]
        share = self.busy**nearer * (1.0 - self.busy**here)
        some = share > 0
        return sparse_from_pairs(row[some], columns[at][some], share[some], self.problem.travel.shape)
