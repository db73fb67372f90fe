"""Facilities in tiers: who opens, who feeds whom, who is served.

Sets: classes c of places that the same sites reach (weight w_c, and load l_c that is carried: the
weight, unless the demand says otherwise), sites j with capacity q_j in tiers, feeding pairs
(i, j) from an upper to a lower site within reach, serving pairs (c, j) within reach.
Columns: open_j in {0, 1}; serve_cj in [0, 1], the share of c served by j; feed_ij >= 0, the amount from i to j.

    sum_j serve_cj                               <= 1        a_place_is_served_at_most_once   (= 1 for cost)
    sum_c l_c serve_cj + sum_k feed_jk - sum_i feed_ij = 0   a_site_passes_on_what_it_receives, below the highest tier
    sum_c l_c serve_cj + sum_k feed_jk - U_j open_j <= 0     an_open_site_carries_at_most_its_capacity
    serve_cj - min(1, U_j / l_c) open_j          <= 0        a_place_is_served_only_by_open_sites
    feed_ij - min(U_i, U_j) open_i               <= 0        a_site_is_fed_only_by_open_sites

with U_j the least of q_j and of all that j could ever pass on. The last two families follow from the third for whole
open_j and tighten the linear relaxation; they are written for sites whose q_j is no less than all they could pass on,
elsewhere the third binds. `HierarchicalCoverage` maximises the weight served, sum w_c serve_cj; `HierarchicalCost`
minimises opening plus transport, of the load, with every place served. With `single_feeder` every lower site takes
what it gets from one site (binary feeds_ij, feed_ij <= min(U_i, U_j) feeds_ij, sum_i feeds_ij <= open_j,
feeds_ij <= open_i); with `single_source` every place has one server (serve binary, no classes).

References: Narula (1984), Hierarchical location-allocation problems: a classification scheme, EJOR 15; Sahin and Sural
(2007), A review of hierarchical facility location models, Computers & Operations Research 34 (nested and non-nested,
single- and multi-flow). The flow form is theirs, the bounds U tighten it.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from models.arrays import BoolArray, FloatArray, pairs_of
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft, least_opening_cost
from models.given import checked
from models.hierarchy.chain import plan_cost, served_weight, total_travel_of_tiers
from models.hierarchy.flows import TierFlows
from models.hierarchy.tiers import TierProblem
from models.knapsack import most_within
from models.messages import Listed, say
from models.plan import Plan
from models.problem import Sites, SitingProblem
from models.program import ProgramBuilder, Sense
from models.service import Served


@dataclass(frozen=True, eq=False)
class _OverTiers:
    """What both models share: sites in tiers, what may flow between them, and who serves whom."""

    problem: TierProblem
    single_feeder: bool = False
    single_source: bool = False
    name: ClassVar[str] = "hierarchical"

    @property
    def sites(self) -> Sites:
        """The sites of all tiers."""
        return self.problem.sites

    @property
    def places(self) -> SitingProblem:
        """Sites, places and the travel between them."""
        return self.problem.placed

    def with_sites(self, sites: Sites) -> Self:
        """The same model over the same sites of another status or capacity."""
        return replace(self, problem=replace(self.problem, sites=sites))

    @cached_property
    def flows(self) -> TierFlows:
        """What may flow."""
        return TierFlows(self.problem, self.single_feeder, self.single_source)

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """The plan that column values stand for; `served` are shares, `links` amounts from upper to lower site."""
        return self.flows.read_plan(draft, values)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        self.flows.values_of(draft, plan, values)

    def with_service(self, draft: Draft, among: BoolArray) -> Served:  # noqa: ARG002  its columns are there already
        """Travel of all that is served, and of all that goes from tier to tier."""
        return self.flows.with_service(draft)

    def travel_of(self, plan: Plan) -> float:
        """Total travel of all that is served and fed, weight times impedance."""
        return total_travel_of_tiers(self.problem, plan)

    def cost_of(self, plan: Plan) -> float:
        """Cost of opening and transport."""
        return plan_cost(self.problem, plan)


@checked
@brief
@dataclass(frozen=True, eq=False)
class HierarchicalCoverage(_OverTiers):
    """Most weight served through a chain of open sites from the highest tier down (Sahin and Sural 2007)."""

    sense: ClassVar[Sense] = "max"

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        draft = self.flows.draft(builder, all_served=False)
        builder.add_objective(draft.blocks["serve"], self.flows.serve_weight)
        return draft

    def objective_of(self, plan: Plan) -> float:
        """Weight served that the plan's links account for, tier by tier."""
        return served_weight(self.problem, plan)

    @cached_property
    def known_bound(self) -> float:
        """Weight that some chain reaches, at most what the sites of a tier that all of it passes through carry."""
        problem, able = self.problem, self.problem.chained()
        capacity, served = np.where(able, problem.sites.capacity, 0.0), problem.reachable()
        passed = range(1) if problem.nested else range(problem.n_tiers)
        carried = [float(capacity[problem.tier == tier].sum()) for tier in passed]
        weight, load = problem.demand.weight[served], problem.demand.load[served]
        if problem.demand.own_load is None:
            return min([float(weight.sum()), *carried])
        room = np.array([min([float(load.sum()), *carried])])
        return float(most_within(np.zeros(len(weight), dtype=np.int64), weight, load, room)[0])


@checked
@brief
@dataclass(frozen=True, eq=False)
class HierarchicalCost(_OverTiers):
    """Least cost of opening and transport with every place served through open sites (Sahin and Sural 2007)."""

    sense: ClassVar[Sense] = "min"

    def __post_init__(self) -> None:
        demand = self.problem.demand
        lost = np.flatnonzero(~self.problem.reachable() & (demand.weight > 0))
        if len(lost):
            named = Listed([demand.ids[k] for k in lost[:10]])
            raise ProblemError(
                say(
                    "{n} places are beyond the reach of every chain of sites ({named}); objective cost must "
                    "serve all of them: widen the reach, add sites, or choose objective coverage",
                    n=len(lost),
                    named=named,
                )
            )

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        draft = self.flows.draft(builder, all_served=True)
        for row, block in draft.cost:
            builder.add_objective(block, row.toarray().ravel())
        builder.offset += draft.base_cost
        return draft

    def objective_of(self, plan: Plan) -> float:
        """Cost of opening and transport."""
        return plan_cost(self.problem, plan)

    @cached_property
    def known_bound(self) -> float:
        """What opening costs at least, and every place at its cheapest site, fed for nothing."""
        place, _, _ = pairs_of(self.problem.access)
        least = np.full(len(self.problem.demand), np.inf)
        np.minimum.at(least, place, np.asarray(self.problem.access_cost))
        some = np.isfinite(least)
        return least_opening_cost(self.sites) + float(self.problem.demand.load[some] @ least[some])
