"""Least weighted travel to the nearest open site.

Sets: places i with weight w_i; sites j; D_i1 < D_i2 < ... < D_iK the different travel values of place i within reach.
Columns: open_j in {0, 1}; farther_ik in [0, 1] for k = 1..K-1: 1 where no open site is within D_ik of place i.

    min  sum_i w_i (D_i1 + sum_k (D_i,k+1 - D_ik) farther_ik)
    farther_i1 + sum_{j: t_ij = D_i1} open_j                    >= 1     served_at_the_first_distance_or_farther
    farther_ik + sum_{j: t_ij = D_ik} open_j - farther_i,k-1    >= 0     served_at_this_distance_or_farther
                 sum_{j: t_ij = D_iK} open_j - farther_i,K-1    >= 0     every_place_has_an_open_site_within_reach

How many sites open is a rule (`open = p`). A place is served by its nearest open site as a whole, so the assignment is
read off; ties go to the first site. Places whose rows of travel are equal are merged with their weights added.

References: Hakimi (1964), Operations Research 12; the radius form: Cornuejols, Nemhauser and Wolsey (1980), and with
these sparse rows Elloumi (2010), A tighter formulation of the p-median problem, J. Combinatorial Optimization 19; same
relaxation as the classical form of ReVelle and Swain (1970) with far fewer columns where distances repeat.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from models.arrays import BoolArray, FloatArray
from models.brief import brief
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.median.nearest import assigned_travel, nearest_plan, refuse_lost
from models.median.radii import Radii, farther_chains, farther_values, radii_of
from models.placed import OverPlaces
from models.plan import Plan
from models.program import ProgramBuilder, Sense


@checked
@brief
@dataclass(frozen=True, eq=False)
class PMedian(OverPlaces):
    """Least sum of weight times travel to the nearest open site (Hakimi 1964; Elloumi 2010)."""

    name: ClassVar[str] = "p-median"
    sense: ClassVar[Sense] = "min"

    def __post_init__(self) -> None:
        refuse_lost(self.problem, self.name)

    @cached_property
    def radii(self) -> Radii:
        """Different travel values of every class of places."""
        return radii_of(self.problem)

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        radii = self.radii
        opened = open_block(builder, self.sites)
        farther = farther_chains(builder, radii, opened, radii.step * radii.weight[radii.owner[radii.is_inner]])
        builder.offset += float(radii.weight @ radii.value[radii.first])
        return Draft(
            builder=builder,
            sites=self.sites,
            open=opened,
            cost=opening_cost(self.sites, opened),
            base_cost=self.sites.base_cost(),
            demand=self.problem.demand,
            covered_terms=None,
            blocks={"open": opened, "farther": farther},
        )

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites; every place is served by its nearest."""
        return nearest_plan(self.problem, draft.open.of(values) > 0.5)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        values[draft.open.index] = plan.open
        values[draft.blocks["farther"].index] = farther_values(self.radii, plan.open)

    @cached_property
    def known_bound(self) -> float:
        """Every place served by its nearest site that may open."""
        return float(self.radii.weight @ self.radii.value[self.radii.first])

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,); every place is served by its nearest."""
        return nearest_plan(self.problem, is_open)

    def objective_of(self, plan: Plan) -> float:
        """Sum of weight times travel as the plan serves."""
        return assigned_travel(self.problem, plan)
