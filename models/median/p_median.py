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

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray
from models.formulation import Draft, open_block, opening_cost
from models.median.nearest import assigned_travel, nearest_plan, refuse_lost
from models.median.radii import Radii, radii_of
from models.plan import Plan
from models.problem import Sites, SitingProblem
from models.program import ProgramBuilder, Sense


@dataclass(frozen=True, eq=False)
class PMedian:
    """Least sum of weight times travel to the nearest open site (Hakimi 1964; Elloumi 2010)."""

    problem: SitingProblem
    name: ClassVar[str] = "p-median"
    sense: ClassVar[Sense] = "min"

    def __post_init__(self) -> None:
        refuse_lost(self.problem, self.name)

    @property
    def sites(self) -> Sites:
        """The sites."""
        return self.problem.sites

    @cached_property
    def radii(self) -> Radii:
        """Different travel values of every class of places."""
        return radii_of(self.problem)

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        radii = self.radii
        opened = open_block(builder, self.sites)
        step = radii.step * radii.weight[radii.owner[radii.is_inner]]
        farther = builder.columns(
            "farther", int(radii.is_inner.sum()), upper=1.0, objective=step, labels=radii.labels(radii.is_inner)
        )
        builder.offset += float(radii.weight @ radii.value[radii.first])
        column = np.cumsum(radii.is_inner) - 1
        at = sp.csr_array(radii.at)
        for name, mask, bound in (
            ("served_at_the_first_distance_or_farther", radii.is_first, 1.0),
            ("served_at_this_distance_or_farther", radii.is_inner & ~radii.is_first, 0.0),
            ("every_place_has_an_open_site_within_reach", ~radii.is_inner & ~radii.is_first, 0.0),
        ):
            rows = np.flatnonzero(mask)
            own = radii.is_inner[rows]
            before = ~radii.is_first[rows]
            flow = sp.coo_array(
                (
                    np.concatenate([np.ones(int(own.sum())), -np.ones(int(before.sum()))]),
                    (
                        np.concatenate([np.flatnonzero(own), np.flatnonzero(before)]),
                        np.concatenate([column[rows[own]], column[rows[before] - 1]]),
                    ),
                ),
                shape=(len(rows), farther.size),
            )
            builder.rows(
                name, [(sp.csr_array(flow), farther), (at[rows], opened)], lower=bound, labels=radii.labels(mask)
            )
        return Draft(
            builder=builder,
            sites=self.sites,
            open=opened,
            cost=opening_cost(self.sites, opened),
            base_cost_cny=self.sites.base_cost_cny(),
            demand=self.problem.demand,
            covered=None,
            blocks={"open": opened, "farther": farther},
        )

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites; every place is served by its nearest."""
        return nearest_plan(self.problem, draft.open.of(values) > 0.5)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        radii = self.radii
        values[draft.open.index] = plan.open
        reached = (radii.at @ plan.open.astype(np.float64)) > 0
        passed = np.cumsum(reached) - np.repeat((np.cumsum(reached) - reached)[radii.first], radii.count)
        values[draft.blocks["farther"].index] = (passed == 0)[radii.is_inner]

    def objective_of(self, plan: Plan) -> float:
        """Sum of weight times travel as the plan serves."""
        return assigned_travel(self.problem, plan)
