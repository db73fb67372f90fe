"""Capacitated covering where everybody goes to the nearest open site, whatever its load.

    max   sum_j b_j
    s.t.  a_ij <= x_j                                   places go to open sites
          sum_{k no farther than j} a_ik >= x_j         and no farther than the nearest of them
          sum_j a_ij <= 1
          b_j <= sum_i w_i a_ij                         a site serves of those who come
          b_j <= C_j x_j                                what fits
          x_j binary;  0 <= a_ij <= 1

Of two sites as near the one that comes first is the nearest. Of the places that come to a crowded site each is served
to the same share, C_j over what comes. Opening a site can therefore cover *less*: it may draw people away from a
larger one. Where the load l_i of a place is not its weight, capacity counts load and the objective weight: with the
share r_j that site j serves, and s_ij what it serves of place i,

    max   sum_ij w_i s_ij
    s.t.  b_j = sum_i l_i s_ij
          s_ij <= a_ij,  s_ij <= r_j,  s_ij >= r_j - 1 + a_ij        all who come are served to the same share
          0 <= r_j, s_ij <= 1

in place of the objective and the row on b_j above.

Closest assignment: Rojeski & ReVelle (1970), Central facilities location under an investment constraint, Geographical
Analysis 2; the rows are those of Wagner & Falkson (1975), The optimal nodal location of public facilities with
price-sensitive demand, Geographical Analysis 7; compared by Gerrard & Church (1996), Location Science 4.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of, sparse_from_pairs
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.knapsack import most_within
from models.median.nearest import nearest_site
from models.messages import say
from models.placed import OverPlaces
from models.plan import Plan
from models.program import Block, ProgramBuilder, Sense, identity

ROUNDING = 1e-6


@checked
@brief
@dataclass(frozen=True, eq=False)
class NearestCover(OverPlaces):
    """Serve the most weight when everybody within reach goes to the nearest open site and what fits is served."""

    name: ClassVar[str] = "capacitated-cover"
    sense: ClassVar[Sense] = "max"

    @cached_property
    def _pairs(self) -> tuple[IntArray, IntArray]:
        """Place and site of every pair that may serve, by place, the nearest first."""
        rows, columns, travel = pairs_of(self.problem.travel)
        keep = ~self.sites.fixed_closed[columns] & (self.problem.demand.weight[rows] > 0)
        rows, columns, travel = rows[keep], columns[keep], travel[keep]
        order = np.lexsort((columns, travel, rows))
        return rows[order], columns[order]

    @cached_property
    def most_by_site(self) -> FloatArray:
        """What weight each site may serve at most (n_sites,): all within its reach, if it carries that."""
        (rows, columns), demand = self._pairs, self.problem.demand
        if demand.own_load is not None:
            return most_within(columns, demand.weight[rows], demand.load[rows], self.sites.capacity)
        near = np.bincount(columns, weights=demand.weight[rows], minlength=len(self.sites))
        return np.asarray(np.minimum(near, self.sites.capacity))

    @property
    def known_bound(self) -> float:
        """All weight that some site reaches, or all that the sites carry where that is less."""
        reached = float(self.problem.demand.weight[np.unique(self._pairs[0])].sum())
        return min(reached, float(self.most_by_site.sum()))

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Columns `open` (n_sites), `goes` (pairs) and `fits` (n_sites)."""
        demand, sites = self.problem.demand, self.sites
        rows, columns = self._pairs
        n, n_pairs, each = len(sites), len(rows), np.arange(len(rows))
        come = sp.csr_array((demand.load[rows], (columns, each)), shape=(n, n_pairs))
        most = np.minimum(sites.capacity, np.asarray(come.sum(axis=1)).ravel())
        opened = open_block(builder, sites)
        labels = [f"{demand.ids[i]}_{sites.ids[j]}" for i, j in zip(rows.tolist(), columns.tolist(), strict=True)]
        goes = builder.columns("goes", n_pairs, upper=1.0, labels=labels)
        by_weight = demand.own_load is None
        fits = builder.columns("fits", n, upper=most, objective=1.0 if by_weight else 0.0, labels=sites.ids)
        at = sp.csr_array((np.ones(n_pairs), (each, columns)), shape=(n_pairs, n))
        first = np.searchsorted(rows, rows, side="left")
        size = each - first + 1
        nearer = sp.csr_array(
            (
                np.ones(int(size.sum())),
                np.repeat(first, size) + np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size),
                np.concatenate([[0], np.cumsum(size)]),
            ),
            shape=(n_pairs, n_pairs),
        )
        once = sp.csr_array((np.ones(n_pairs), (rows, each)), shape=(len(demand), n_pairs))
        builder.rows("a_place_goes_to_one_site", [(once, goes)], upper=1.0)
        builder.rows("places_go_to_open_sites", [(identity(n_pairs), goes), (sp.csr_array(-at), opened)], upper=0.0)
        builder.rows("no_farther_than_the_nearest", [(nearer, goes), (sp.csr_array(-at), opened)], lower=0.0)
        blocks = {"open": opened, "goes": goes, "fits": fits}
        if by_weight:
            of_them = [(identity(n), fits), (sp.csr_array(-come), goes)]
            builder.rows("a_site_serves_of_those_who_come", of_them, upper=0.0)
        else:
            blocks |= self._shares(builder, goes, fits, come, labels)
        builder.rows(
            "within_the_capacity_of_an_open_site",
            [(identity(n), fits), (sp.csr_array(sp.diags_array(-most)), opened)],
            upper=0.0,
            labels=sites.ids,
        )
        return Draft(
            builder=builder,
            sites=sites,
            open=opened,
            cost=opening_cost(sites, opened),
            base_cost=sites.base_cost(),
            demand=demand,
            load_terms=[(identity(n), fits)],
            blocks=blocks,
        )

    def _shares(
        self, builder: ProgramBuilder, goes: Block, fits: Block, come: Sparse, labels: list[str]
    ) -> dict[str, Block]:
        """Columns `share` (n_sites) and `served` (pairs): all who come to a site are served to the same share."""
        rows, columns = self._pairs
        n, n_pairs = len(self.sites), len(rows)
        share = builder.columns("share", n, upper=1.0, labels=self.sites.ids)
        weight = self.problem.demand.weight[rows]
        served = builder.columns("served", n_pairs, upper=1.0, objective=weight, labels=labels)
        one, at = identity(n_pairs), sp.csr_array((np.ones(n_pairs), (np.arange(n_pairs), columns)), (n_pairs, n))
        own = [(identity(n), fits), (sp.csr_array(-come), served)]
        builder.rows("a_site_serves_of_those_who_come", own, lower=0.0, upper=0.0)
        builder.rows("only_who_comes_is_served", [(one, served), (sp.csr_array(-one), goes)], upper=0.0)
        builder.rows("to_no_more_than_the_share", [(one, served), (sp.csr_array(-at), share)], upper=0.0)
        least = [(one, served), (sp.csr_array(-at), share), (sp.csr_array(-one), goes)]
        builder.rows("and_to_no_less", least, lower=-1.0)
        return {"share": share, "served": served}

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites, and of every place the share that its nearest serves."""
        return self._plan(draft.open.of(values) > 0.5, draft.blocks["fits"].of(values))

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,)."""
        return self._plan(is_open, self.sites.capacity)

    def _plan(self, is_open: BoolArray, most: FloatArray) -> Plan:
        """Every place at its nearest open site, which serves at most so much (n_sites,)."""
        nearest, coming = self._coming(is_open)
        share = np.where(coming > 0, np.clip(most, 0.0, coming) / np.where(coming > 0, coming, 1.0), 1.0)
        place = np.flatnonzero(nearest >= 0)
        place = place[(share[nearest[place]] > 0) & (self.problem.demand.weight[place] > 0)]
        at = nearest[place]
        return Plan(open=is_open, served=sparse_from_pairs(place, at, share[at], self.problem.travel.shape))

    def _coming(self, is_open: BoolArray) -> tuple[IntArray, FloatArray]:
        """Nearest open site (n_demand,) of every place, -1 for none, and the load (n_sites,) that comes to each."""
        nearest, _ = nearest_site(self.problem, is_open & ~self.sites.fixed_closed)
        has = nearest >= 0
        load = self.problem.demand.load[has]
        coming = np.bincount(nearest[has], weights=load, minlength=len(self.sites))
        return nearest, coming.astype(np.float64)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the columns of a plan."""
        rows, columns = self._pairs
        nearest, coming = self._coming(plan.open)
        values[draft.open.index] = plan.open
        values[draft.blocks["goes"].index] = nearest[rows] == columns
        served = coming if plan.served is None else np.asarray(self.problem.demand.load @ plan.served)
        fits = np.minimum(served, self.sites.capacity)
        values[draft.blocks["fits"].index] = fits
        if "share" in draft.blocks:
            share = np.where(coming > 0, np.minimum(1.0, fits / np.where(coming > 0, coming, 1.0)), 1.0)
            values[draft.blocks["share"].index] = share
            values[draft.blocks["served"].index] = np.where(nearest[rows] == columns, share[columns], 0.0)

    def objective_of(self, plan: Plan) -> float:
        """Weight served; ProblemError where somebody is served elsewhere than at the nearest, or beyond capacity."""
        if plan.served is None:
            raise ProblemError(say("the plan does not say who serves whom"))
        nearest, _ = self._coming(plan.open)
        rows, columns, share = pairs_of(plan.served)
        ids, sites = self.problem.demand.ids, self.sites
        wrong = np.flatnonzero((nearest[rows] != columns) & (share > ROUNDING))
        faults = [
            say("{place} is served by {site}, which is not its nearest", place=ids[rows[k]], site=sites.ids[columns[k]])
            for k in wrong
        ]
        load = np.bincount(columns, weights=self.problem.demand.load[rows] * share, minlength=len(sites))
        over = np.flatnonzero(load > sites.capacity + ROUNDING * np.maximum(1.0, load))
        faults += [
            say(
                "{site} serves {load:,.6g} of {capacity:,.6g}",
                site=sites.ids[j],
                load=load[j],
                capacity=sites.capacity[j],
            )
            for j in over
        ]
        if faults:
            raise ProblemError(*faults[:20])
        return float(self.problem.demand.weight[rows] @ share)
