"""Location set covering (Toregas, Swain, ReVelle & Bergman 1971, Operations Research 19(6)).

    min   sum_j  c_j x_j                           c_j = 1 (number of sites) or the cost of opening
    s.t.  sum_{j in S_i} x_j >= b                  every place is reached by b open sites
          x_j binary

Places with the same set share a row. Places that no site reaches cannot be covered: they are refused by name, or left
out where that is asked.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, Sparse, pairs_of
from models.brief import brief
from models.coverage.classes import CoverClasses, cover_classes
from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.messages import Listed, say
from models.placed import OverPlaces
from models.plan import Plan
from models.program import ProgramBuilder, Sense
from models.service import Served, by_cover, total_travel

NAMED = 10


@checked
@brief
@dataclass(frozen=True, eq=False)
class SetCover(OverPlaces):
    """Cover every place with the fewest sites (`minimise="sites"`, existing ones free) or at the least cost (`"cost"`).

    `backup`: so many open sites must reach every place. `leave_out`: places that fewer sites can reach are left out
    instead of refused.
    """

    minimise: Literal["sites", "cost"] = "sites"
    backup: int = 1
    leave_out: bool = False

    name: ClassVar[str] = "set-cover"
    sense: ClassVar[Sense] = "min"

    def __post_init__(self) -> None:
        if self.backup < 1:
            raise ProblemError(say("backup must be a whole number of at least 1; got {backup}", backup=self.backup))
        lost = np.flatnonzero(~self.coverable)
        if len(lost) and not self.leave_out:
            places = say("1 place") if len(lost) == 1 else say("{n:,} places", n=len(lost))
            raise ProblemError(
                say(
                    "{places} cannot be covered, too few sites reach them: {ids}; raise the reach, add "
                    'candidates, or leave these places out (unreachable = "leave_out")',
                    places=places,
                    ids=Listed([self.problem.demand.ids[i] for i in lost], NAMED),
                )
            )

    @cached_property
    def _pattern(self) -> Sparse:
        travel = self.problem.travel
        return sp.csr_array((np.ones(travel.nnz), travel.indices, travel.indptr), shape=travel.shape)

    @cached_property
    def coverable(self) -> BoolArray:
        """Places (n_demand,) that enough sites can reach."""
        return np.asarray(self._pattern @ (~self.sites.fixed_closed).astype(np.float64) >= self.backup)

    @cached_property
    def classes(self) -> CoverClasses:
        """The distinct sets of sites."""
        return cover_classes(self._pattern, ~self.sites.fixed_closed)

    def draft(self, builder: ProgramBuilder) -> Draft:
        """One column per site, one row per distinct set."""
        sites, classes = self.sites, self.classes
        opened = open_block(builder, sites)
        builder.add_objective(opened, self._price())
        builder.offset += sites.base_cost() if self.minimise == "cost" else 0.0
        needed = np.flatnonzero(np.diff(classes.sets.indptr) >= self.backup)
        builder.rows(
            "every_place_reached_by_an_open_site"
            if self.backup == 1
            else f"every_place_reached_by_{self.backup}_open_sites",
            [(sp.csr_array(classes.sets[needed]), opened)],
            lower=float(self.backup),
        )
        return Draft(
            builder=builder,
            sites=sites,
            open=opened,
            cost=opening_cost(sites, opened),
            base_cost=sites.base_cost(),
            demand=self.problem.demand,
            blocks={"open": opened},
        )

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites; every place served by the nearest."""
        return self.plan_of(draft.open.of(values) > 0.5)

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,); shares as in maximal covering."""
        return MaxCover(self.problem, backup=self.backup).plan_of(is_open)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the columns of a plan."""
        values[draft.open.index] = plan.open

    def objective_of(self, plan: Plan) -> float:
        """Number of new sites or cost; ProblemError where the plan leaves a place that could be covered uncovered."""
        reached = np.asarray(self._pattern @ (plan.open & ~self.sites.fixed_closed).astype(np.float64))
        missed = np.flatnonzero(self.coverable & (reached < self.backup))
        if len(missed):
            ids = Listed([self.problem.demand.ids[i] for i in missed[:NAMED]])
            raise ProblemError(say("the plan leaves {n} places uncovered: {ids}", n=len(missed), ids=ids))
        base = self.sites.base_cost() if self.minimise == "cost" else 0.0
        return float(self._price()[plan.open].sum()) + base

    @cached_property
    def known_bound(self) -> float:
        """What is open anyway, and the cheapest site of the place that is dearest to cover beside that."""
        sites, price = self.sites, self._price()
        free = ~sites.fixed_open & ~sites.fixed_closed
        given = sites.fixed_open | (free & (price <= 0))
        base = self.sites.base_cost() if self.minimise == "cost" else 0.0
        sets = self.classes.sets
        lacking = np.flatnonzero(
            (sets @ given.astype(np.float64) < self.backup) & (np.diff(sets.indptr) >= self.backup)
        )
        place, site, _ = pairs_of(sp.csr_array(sets[lacking]))
        cheapest = np.full(len(lacking), np.inf)
        np.minimum.at(cheapest, place[~given[site]], price[site[~given[site]]])
        return base + float(price[given].sum()) + float(cheapest.max(initial=0.0))

    def with_service(self, draft: Draft, among: BoolArray) -> Served:
        """Every place that can be covered by open sites."""
        return by_cover(draft, self.problem, among, backup=self.backup, every=self.coverable)

    def travel_of(self, plan: Plan) -> float:
        """Total travel of a plan, weight times impedance."""
        return total_travel(self.problem, plan)

    def _price(self) -> FloatArray:
        if self.minimise == "cost":
            return self.sites.opening_cost()
        return self.sites.is_new.astype(np.float64)
