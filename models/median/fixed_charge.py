"""Where to open and who serves whom when sites have a price and perhaps a capacity.

Sets: places i with weight w_i and load l_i (the weight, unless the demand says otherwise), sites j with fixed cost f_j
and capacity q_j, pairs (i, j) within reach with transport cost c_ij per unit of weight.
Columns: open_j in {0, 1}; assign_ij in [0, 1], the share of place i served by j (binary with `single_source`).

    min  sum_j f_j open_j + sum_ij w_i c_ij assign_ij
    sum_j assign_ij                                = 1     every_place_is_served
    assign_ij - open_j                            <= 0     served_only_by_open_sites
    sum_i l_i assign_ij - q_j open_j              <= 0     load_within_capacity          where q_j is finite
    sum_j q_j open_j                              >= sum_i l_i    capacity_suffices       where every q_j is finite

`FixedCharge` has fixed and transport cost in its objective (UFLP, CFLP); `AssignmentMedian` transport alone, the
p-median with capacities, with the number of sites or the money as a rule. The last row follows from the others for
whole open_j and tightens the relaxation.

References: Balinski (1965), Integer programming: methods, uses, computation, Management Science 12; Kuehn and Hamburger
(1963); the strong rows and single sourcing: Cornuejols, Sridharan and Thizy (1991), EJOR 50.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of, sparse_from_pairs
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft, least_opening_cost, open_block, opening_cost
from models.given import checked
from models.labels import PairLabels
from models.median.nearest import assigned_travel, refuse_lost
from models.messages import Message, say
from models.placed import OverPlaces
from models.plan import Plan
from models.problem import SitingProblem
from models.program import Block, ProgramBuilder, Sense, row_of
from models.service import Served, total_travel

DUST = 1e-9
"""Shares below this are rounding of an engine."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """Pairs that can serve, and the columns and rows that both models share."""

    problem: SitingProblem
    single_source: bool = False

    @cached_property
    def pairs(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Place, site, travel of every pair that may serve: places with weight, sites that may open."""
        place, site, travel = pairs_of(self.problem.travel)
        keep = ~self.problem.sites.fixed_closed[site] & (self.problem.demand.weight[place] > 0)
        return place[keep], site[keep], travel[keep]

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Columns and rows; the objective is left to the caller."""
        sites, demand = self.problem.sites, self.problem.demand
        place, site, _ = self.pairs
        n_pairs, n = len(place), len(sites)
        opened = open_block(builder, sites)
        labels = PairLabels(place, site, demand.ids, sites.ids)
        assign = builder.columns("assign", n_pairs, upper=1.0, integer=self.single_source, labels=labels)
        each = np.arange(n_pairs)
        by_place = sp.csr_array(sp.coo_array((np.ones(n_pairs), (place, each)), shape=(len(demand), n_pairs)))
        load = sp.csr_array(sp.coo_array((demand.load[place], (site, each)), shape=(n, n_pairs)))
        wanted = np.flatnonzero(demand.weight > 0)
        builder.rows(
            "every_place_is_served",
            [(sp.csr_array(by_place[wanted]), assign)],
            lower=1.0,
            upper=1.0,
            labels=[demand.ids[i] for i in wanted],
        )
        of_site = sp.csr_array((-np.ones(n_pairs), site, np.arange(n_pairs + 1)), shape=(n_pairs, n))
        ones = sp.csr_array(sp.diags_array(np.ones(n_pairs))) if n_pairs else sp.csr_array((0, 0))
        builder.rows("served_only_by_open_sites", [(ones, assign), (of_site, opened)], upper=0.0, labels=labels)
        self._capacity(builder, opened, assign, load)
        return Draft(
            builder=builder,
            sites=sites,
            open=opened,
            cost=opening_cost(sites, opened),
            base_cost=sites.base_cost(),
            demand=demand,
            covered_terms=[(by_place, assign)],
            load_terms=[(load, assign)],
            blocks={"open": opened, "assign": assign},
        )

    def _capacity(self, builder: ProgramBuilder, opened: Block, assign: Block, load: Sparse) -> None:
        sites, total = self.problem.sites, float(self.problem.demand.load.sum())
        usable = ~sites.fixed_closed
        finite = np.flatnonzero(np.isfinite(sites.capacity) & usable)
        if not len(finite):
            return
        most = np.minimum(sites.capacity[finite], total)
        of_site = sp.csr_array((-most, finite, np.arange(len(finite) + 1)), shape=(len(finite), len(sites)))
        builder.rows(
            "load_within_capacity",
            [(sp.csr_array(load[finite]), assign), (of_site, opened)],
            upper=0.0,
            labels=[sites.ids[j] for j in finite],
        )
        if np.isfinite(sites.capacity[usable]).all():
            capacity = np.where(usable, np.minimum(sites.capacity, total), 0.0)
            builder.rows("capacity_suffices", [(row_of(capacity), opened)], lower=total)

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites and the share of every place each serves."""
        opened = draft.open.of(values) > 0.5
        place, site, _ = self.pairs
        share = np.minimum(1.0, draft.blocks["assign"].of(values))
        keep = (share > DUST) & opened[site]
        place, site, share = place[keep], site[keep], share[keep]
        if self.single_source:
            share = np.round(share)
            keep = share > 0
            place, site, share = place[keep], site[keep], share[keep]
        total = np.bincount(place, weights=share, minlength=len(self.problem.demand))
        shape = (len(self.problem.demand), len(self.problem.sites))
        return Plan(open=opened, served=sparse_from_pairs(place, site, share / np.maximum(total[place], DUST), shape))

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        place, site, _ = self.pairs
        values[draft.open.index] = plan.open
        if plan.served is not None and len(place):
            values[draft.blocks["assign"].index] = np.asarray(plan.served[place, site]).ravel()


def capacity_faults(problem: SitingProblem, plan: Plan, *, tolerance: float = 1e-6) -> list[Message]:
    """Sites that carry more than their capacity, by name."""
    if plan.served is None:
        return []
    place, site, share = pairs_of(plan.served)
    carried = np.bincount(site, weights=share * problem.demand.load[place], minlength=len(problem.sites))
    over = carried > problem.sites.capacity + tolerance * np.maximum(1.0, carried)
    return [
        say("{site} carries {carried:.6g}", site=problem.sites.ids[j], carried=carried[j]) for j in np.flatnonzero(over)
    ]


def _refuse_too_small(problem: SitingProblem) -> None:
    capacity = float(problem.sites.capacity[~problem.sites.fixed_closed].sum())
    total = float(problem.demand.load.sum())
    if capacity < total * (1 - 1e-9):
        raise ProblemError(
            say(
                "all sites that may open carry {capacity:,.6g} together; the demand is {total:,.6g}: add "
                "sites or capacity",
                capacity=capacity,
                total=total,
            )
        )


class _Assigning(OverPlaces):
    """What both models share: every place is served, by sites that the assignment chooses."""

    single_source: bool
    name: ClassVar[str]
    sense: ClassVar[Sense] = "min"

    def __post_init__(self) -> None:
        refuse_lost(self.problem, self.name)
        _refuse_too_small(self.problem)

    @cached_property
    def least_travel(self) -> float:
        """Weight times travel with every place served by its nearest site that may open."""
        place, _, travel = self.assignment.pairs
        nearest = np.full(len(self.problem.demand), np.inf)
        np.minimum.at(nearest, place, travel)
        some = np.isfinite(nearest)
        return float(self.problem.demand.weight[some] @ nearest[some])

    @cached_property
    def assignment(self) -> Assignment:
        """Who may serve whom."""
        return Assignment(self.problem, self.single_source)

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites and shares."""
        return self.assignment.read_plan(draft, values)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        self.assignment.values_of(draft, plan, values)

    def with_service(self, draft: Draft, among: BoolArray) -> Served:  # noqa: ARG002  its columns are there already
        """The draft's own pairs."""
        place, _, travel = self.assignment.pairs
        return Served(draft, [(row_of(self.problem.demand.weight[place] * travel), draft.blocks["assign"])])

    def travel_of(self, plan: Plan) -> float:
        """Total travel of a plan, weight times impedance."""
        return total_travel(self.problem, plan)

    def carries(self, plan: Plan) -> FloatArray:
        """Capacity (n_sites,) of the open sites."""
        return np.where(plan.open, self.sites.capacity, 0.0)


@checked
@brief
@dataclass(frozen=True, eq=False)
class FixedCharge(_Assigning):
    """Least fixed plus transport cost (Balinski 1965); `price` is money per unit of weight and travel."""

    problem: SitingProblem
    price: float = 1.0
    single_source: bool = False
    name: ClassVar[str] = "fixed-charge"

    def _transport(self) -> FloatArray:
        place, _, travel = self.assignment.pairs
        return self.price * self.problem.demand.weight[place] * travel

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        draft = self.assignment.draft(builder)
        transport = self._transport()
        builder.add_objective(draft.open, self.sites.opening_cost())
        builder.add_objective(draft.blocks["assign"], transport)
        builder.offset += draft.base_cost
        draft.cost.append((row_of(transport), draft.blocks["assign"]))
        return draft

    @cached_property
    def known_bound(self) -> float:
        """What opening costs at least, and every place served by its nearest site."""
        return least_opening_cost(self.sites) + self.price * self.least_travel

    def objective_of(self, plan: Plan) -> float:
        """Cost of opening and transport; inf where weight is left unserved or a capacity is passed."""
        if capacity_faults(self.problem, plan):
            return np.inf
        return self.sites.plan_cost(plan.open) + self.price * assigned_travel(self.problem, plan)

    def cost_of(self, plan: Plan) -> float:
        """The objective, in money."""
        return self.objective_of(plan)


@checked
@brief
@dataclass(frozen=True, eq=False)
class AssignmentMedian(_Assigning):
    """Least weight times travel within capacities (the capacitated p-median; ReVelle and Swain 1970)."""

    problem: SitingProblem
    single_source: bool = False
    name: ClassVar[str] = "p-median"

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        draft = self.assignment.draft(builder)
        place, _, travel = self.assignment.pairs
        builder.add_objective(draft.blocks["assign"], self.problem.demand.weight[place] * travel)
        return draft

    @property
    def known_bound(self) -> float:
        """Every place served by its nearest site."""
        return self.least_travel

    def objective_of(self, plan: Plan) -> float:
        """Weight times travel; inf where weight is left unserved or a capacity is passed."""
        return np.inf if capacity_faults(self.problem, plan) else assigned_travel(self.problem, plan)
