"""Capacitated maximal covering (Pirkul & Schilling 1991, Management Science 37(2); Current & Storbeck 1988).

    max   sum_k,j  w_k f_kj
    s.t.  sum_j f_kj <= 1                       a class of places is served once
          sum_k l_k f_kj <= C_j x_j             within the capacity of an open site
          f_kj <= x_j                           only by open sites
          x_j binary;  f_kj in [0, 1], or binary per place with single sourcing

w_k is the weight of a class and l_k its load, what capacity counts; they are the same unless the demand says otherwise.
With divisible service, places of one district with the same set and as much load per weight are one class: weights and
loads add up and nothing is lost. With single sourcing every place is its own class. C_j is the capacity, at most what
is within reach.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of, reached, sparse_from_pairs
from models.brief import brief
from models.coverage.classes import rows_of
from models.errors import ProblemError
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.knapsack import most_within
from models.labels import PairLabels
from models.messages import say
from models.placed import OverPlaces
from models.plan import Plan
from models.program import ProgramBuilder, Sense, row_of
from models.reduce import equal_rows
from models.service import Served, by_load, total_travel

ROUNDING = 1e-6
NOTHING = 1e-9
"""A share below this is an engine's rounding."""


@checked
@brief
@dataclass(frozen=True, eq=False)
class CapacitatedCover(OverPlaces):
    """Serve the most weight within reach and capacity. `single_source`: one site serves a place as a whole."""

    single_source: bool = False

    name: ClassVar[str] = "capacitated-cover"
    sense: ClassVar[Sense] = "max"

    @cached_property
    def spread(self) -> tuple[Sparse, Sparse]:
        """Sets (n_classes, n_sites) of the classes, and (n_demand, n_classes) which class a place is in."""
        travel, weight = self.problem.travel, self.problem.demand.weight
        rows, columns, _ = pairs_of(travel)
        keep = ~self.sites.fixed_closed[columns] & (weight[rows] > 0)
        sets = sparse_from_pairs(rows[keep], columns[keep], 1.0, (travel.shape[0], travel.shape[1]))
        some = np.diff(sets.indptr) > 0
        places = np.flatnonzero(some)
        sets = rows_of(sets, some)
        if self.single_source:
            of_place, first = np.arange(len(places)), np.arange(len(places))
        else:
            of_place, first = self._classes(sets, places)
        spread = sp.csr_array((np.ones(len(places)), (places, of_place)), shape=(travel.shape[0], len(first)))
        return sp.csr_array(sets[first]), spread

    def _classes(self, sets: Sparse, places: IntArray) -> tuple[IntArray, IntArray]:
        """Class of every place and a place of every class: same set, same district, same load per weight."""
        demand, each = self.problem.demand, np.arange(len(places))
        marks = []
        for kept in (np.array(demand.group, dtype=object), demand.load_per_weight):
            values, at = np.unique(kept[places], return_inverse=True)
            marks.append(sp.csr_array((np.ones(len(places)), (each, at)), (len(places), len(values))))
        joined = sp.csr_array(sp.hstack([sets, *marks]))
        joined.sort_indices()
        groups = equal_rows(joined)
        return groups.of_row, groups.representative

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Columns `open` (n_sites) and `served` (pairs of class and site)."""
        demand, sites = self.problem.demand, self.sites
        sets, spread = self.spread
        weight, each_load = np.asarray(demand.weight @ spread), np.asarray(demand.load @ spread)
        group, site, _ = pairs_of(sets)
        n, n_pairs = len(sites), len(group)
        opened = open_block(builder, sites)
        served = builder.columns(
            "served",
            n_pairs,
            upper=1.0,
            integer=self.single_source,
            objective=weight[group],
            labels=PairLabels(group, site, None, sites.ids),
        )
        pair = np.arange(n_pairs)
        once = sp.csr_array((np.ones(n_pairs), (group, pair)), shape=(len(weight), n_pairs))
        load = sp.csr_array((each_load[group], (site, pair)), shape=(n, n_pairs))
        within = np.minimum(sites.capacity, np.asarray(load.sum(axis=1)).ravel())
        builder.rows("a_class_is_served_once", [(once, served)], upper=1.0)
        builder.rows(
            "within_the_capacity_of_an_open_site",
            [(load, served), (sp.csr_array(sp.diags_array(-within)), opened)],
            upper=0.0,
            labels=sites.ids,
        )
        # elsewhere the capacity row says it already
        tight = np.flatnonzero((within[site] > each_load[group]) | (each_load[group] == 0))
        own = sp.csr_array((np.ones(len(tight)), (np.arange(len(tight)), tight)), shape=(len(tight), n_pairs))
        at = sp.csr_array((-np.ones(len(tight)), (np.arange(len(tight)), site[tight])), shape=(len(tight), n))
        builder.rows("served_only_by_open_sites", [(own, served), (at, opened)], upper=0.0)
        return Draft(
            builder=builder,
            sites=sites,
            open=opened,
            cost=opening_cost(sites, opened),
            base_cost=sites.base_cost(),
            demand=demand,
            covered_terms=[(sp.csr_array(spread @ once), served)],
            load_terms=[(load, served)],
            blocks={"open": opened, "served": served},
        )

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites and the share of every place that each serves."""
        sets, spread = self.spread
        is_open = draft.open.of(values) > 0.5
        share = np.clip(draft.blocks["served"].of(values), 0.0, 1.0)
        share[~is_open[sets.indices] | (share < NOTHING)] = 0.0
        by_class = sp.csr_array((share, sets.indices, sets.indptr), shape=sets.shape, copy=True)
        by_class.eliminate_zeros()
        served = sp.csr_array(spread @ by_class)
        served.sort_indices()
        return Plan(open=is_open, served=served)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the columns of a plan: shares of classes are the means of their places'."""
        if plan.served is None:
            raise ProblemError(say("the plan does not say who serves whom"))
        sets, spread = self.spread
        weight = self.problem.demand.weight
        amount = sp.csr_array(sp.csr_array(spread.T * weight[None, :]) @ plan.served)
        group, site, _ = pairs_of(sets)
        total = np.asarray(weight @ spread)
        values[draft.open.index] = plan.open
        values[draft.blocks["served"].index] = np.asarray(amount[group, site]).ravel() / total[group]

    @cached_property
    def most_by_site(self) -> FloatArray:
        """Weight (n_sites,) within reach of each site, at most what its capacity takes."""
        (sets, spread), demand = self.spread, self.problem.demand
        if demand.own_load is None:
            return np.minimum(self.sites.capacity, np.asarray((demand.weight @ spread) @ sets))
        group, site, _ = pairs_of(sets)
        weight, load = np.asarray(demand.weight @ spread), np.asarray(demand.load @ spread)
        return most_within(site, weight[group], load[group], self.sites.capacity)

    @cached_property
    def known_bound(self) -> float:
        """Weight within reach, at most what all sites carry together."""
        return min(float((self.problem.demand.weight @ self.spread[1]).sum()), float(self.most_by_site.sum()))

    def with_service(self, draft: Draft, among: BoolArray) -> Served:
        """Place by place; the draft's own columns where a place is served as a whole."""
        if not self.single_source:
            return by_load(draft, self.problem, among)
        sets, spread = self.spread
        group, site, _ = pairs_of(sets)
        place = spread.tocsc().indices[group]
        travel = np.asarray(self.problem.travel[place, site]).ravel() if len(place) else np.empty(0)
        return Served(draft, [(row_of(self.problem.demand.weight[place] * travel), draft.blocks["served"])])

    def travel_of(self, plan: Plan) -> float:
        """Total travel of a plan, weight times impedance."""
        return total_travel(self.problem, plan)

    def carries(self, plan: Plan) -> FloatArray:
        """Capacity (n_sites,) of the open sites."""
        return np.where(plan.open, self.sites.capacity, 0.0)

    def objective_of(self, plan: Plan) -> float:
        """Weight served; ProblemError where it is out of reach, twice, beyond capacity or from closed sites."""
        if plan.served is None:
            raise ProblemError(say("the plan does not say who serves whom"))
        rows, columns, share = pairs_of(plan.served)
        weight, sites = self.problem.demand.weight, self.sites
        near = reached(self.problem.travel, rows, columns)
        load = np.bincount(columns, weights=share * self.problem.demand.load[rows], minlength=len(sites))
        total = np.bincount(rows, weights=share, minlength=len(weight))
        faults = [
            say(
                "{place} is served by {site}, which is out of reach",
                place=self.problem.demand.ids[i],
                site=sites.ids[j],
            )
            for i, j in zip(rows[~near].tolist(), columns[~near].tolist(), strict=True)
        ]
        faults += [
            say("{site} serves though it is closed", site=sites.ids[j]) for j in np.unique(columns[~plan.open[columns]])
        ]
        over = load > sites.capacity + ROUNDING * np.maximum(1.0, load)
        faults += [
            say(
                "{site} serves {load:,.6g} of {capacity:,.6g}",
                site=sites.ids[j],
                load=load[j],
                capacity=sites.capacity[j],
            )
            for j in np.flatnonzero(over)
        ]
        twice = np.flatnonzero(total > 1 + ROUNDING)
        faults += [
            say("{place} is served {total:.6f} times", place=self.problem.demand.ids[i], total=total[i]) for i in twice
        ]
        if self.single_source:
            split = np.unique(rows[(share > ROUNDING) & (share < 1 - ROUNDING)])
            faults += [say("{place} is served by more than one site", place=self.problem.demand.ids[i]) for i in split]
        if faults:
            raise ProblemError(*faults[:20])
        return float(weight @ total)
