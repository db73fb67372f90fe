"""Least worst travel to the nearest open site.

Sets: places i with weight above 0 (each counts alike); sites j; D_1 < D_2 < ... < D_K the values that the worst travel
can have: no less than the farthest of the places' nearest sites. D_i1 < D_i2 < ... the different travel values of place
i, where what is below D_1 reads as D_1.
Columns: open_j in {0, 1}; farther_im in [0, 1]: 1 where no open site is within D_im of place i; beyond_k in [0, 1] for
k = 1..K-1: 1 where the worst travel is beyond D_k.

    min  D_1 + sum_k (D_k+1 - D_k) beyond_k
    the rows on farther_im and open_j of the p-median
    farther_im - beyond_k         <= 0   for the last k with D_k < D_i,m+1     no_place_is_farther_than_the_worst
    beyond_k+1 - beyond_k         <= 0                                         beyond_a_distance_means_beyond_less

How many sites open is a rule (`open = p`). `at_least` and `at_most` are bounds that are known to hold for the worst
travel of some optimum: they leave only the values between them. With both equal, the program is a set covering.

References: Hakimi (1965), Operations Research 13; the form by distances: Elloumi, Labbe and Pochet (2004), A new
formulation and resolution method for the p-center problem, INFORMS J. Computing 16; bisection with set coverings:
Minieka (1970), The m-center problem, SIAM Review 12.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, pairs_of
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.median.nearest import nearest_plan, refuse_lost, worst_travel
from models.median.radii import Radii, farther_chains, farther_values, radii_of
from models.messages import say
from models.placed import OverPlaces
from models.plan import Plan
from models.program import Block, ProgramBuilder, Sense, differences, identity
from models.service import Served, by_cover, total_travel


@checked
@brief
@dataclass(frozen=True, eq=False)
class PCenter(OverPlaces):
    """Least worst travel to the nearest open site (Hakimi 1965; Elloumi, Labbe and Pochet 2004)."""

    at_least: float = 0.0
    at_most: float = np.inf
    name: ClassVar[str] = "p-center"
    sense: ClassVar[Sense] = "min"

    def __post_init__(self) -> None:
        refuse_lost(self.problem, self.name)
        if self.at_least > self.at_most:
            raise ProblemError(
                say(
                    "p-center: at_least {at_least:g} is above at_most {at_most:g}",
                    at_least=self.at_least,
                    at_most=self.at_most,
                )
            )

    @cached_property
    def pairs(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Place, site and travel of every pair that may serve a place with weight, place by place."""
        place, site, travel = pairs_of(self.problem.travel)
        use = ~self.sites.fixed_closed[site] & (self.problem.demand.weight[place] > 0)
        return place[use], site[use], travel[use]

    @cached_property
    def values(self) -> FloatArray:
        """D (n_values,): what the worst travel can be, rising; empty where no place has weight."""
        place, site, travel = self.pairs
        if not len(place):
            return np.empty(0)
        n_demand = len(self.problem.demand)
        nearest, sure = np.full(n_demand, np.inf), np.full(n_demand, np.inf)
        np.minimum.at(nearest, place, travel)
        fixed = self.sites.fixed_open[site]
        np.minimum.at(sure, place[fixed], travel[fixed])
        low = max(float(nearest[place].max()), self.at_least)
        can = (travel >= low) & (travel <= np.minimum(sure[place], self.at_most))
        return np.unique(travel[can])

    @cached_property
    def radii(self) -> Radii:
        """Different travel values of every class of places, between the first and the last of `values`."""
        if not len(self.values):
            return radii_of(self.problem.within(-1.0))
        near = self.problem.within(float(self.values[-1]))
        travel = sp.csr_array(
            (np.maximum(near.travel.data, self.values[0]), near.travel.indices, near.travel.indptr),
            shape=near.travel.shape,
        )
        return radii_of(replace(near, travel=travel))

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder; ProblemError where no value is left between the bounds."""
        values, radii = self.values, self.radii
        if not len(values) and len(self.pairs[0]):
            raise ProblemError(
                say(
                    "p-center: no travel lies between {at_least:g} and {at_most:g}",
                    at_least=self.at_least,
                    at_most=self.at_most,
                )
            )
        opened = open_block(builder, self.sites)
        farther = farther_chains(builder, radii, opened, np.zeros(int(radii.is_inner.sum())))
        beyond = builder.columns(
            "beyond",
            max(0, len(values) - 1),
            upper=1.0,
            objective=np.diff(values),
            labels=[f"{v:g}" for v in values[:-1]],
        )
        builder.offset += float(values[0]) if len(values) else 0.0
        self._worst(builder, farther, beyond)
        return Draft(
            builder=builder,
            sites=self.sites,
            open=opened,
            cost=opening_cost(self.sites, opened),
            base_cost=self.sites.base_cost(),
            demand=self.problem.demand,
            blocks={"open": opened, "farther": farther, "beyond": beyond},
        )

    def _worst(self, builder: ProgramBuilder, farther: Block, beyond: Block) -> None:
        """The rows that tie `beyond` to what is farther, and to itself."""
        radii, n = self.radii, beyond.size
        inner = np.flatnonzero(radii.is_inner)
        last = np.searchsorted(self.values, radii.value[inner + 1]) - 1
        builder.rows(
            "no_place_is_farther_than_the_worst",
            [
                (identity(len(inner)), farther),
                (sp.csr_array((-np.ones(len(inner)), last, np.arange(len(inner) + 1)), shape=(len(inner), n)), beyond),
            ],
            upper=0.0,
            labels=radii.labels(radii.is_inner),
        )
        builder.rows("beyond_a_distance_means_beyond_less", [(differences(n), beyond)], upper=0.0)

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites; every place is served by its nearest."""
        return nearest_plan(self.problem, draft.open.of(values) > 0.5)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        values[draft.open.index] = plan.open
        values[draft.blocks["farther"].index] = farther_values(self.radii, plan.open)
        values[draft.blocks["beyond"].index] = self.objective_of(plan) > self.values[:-1]

    @property
    def known_bound(self) -> float:
        """The farthest of the places' nearest sites."""
        return float(self.values[0]) if len(self.values) else 0.0

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,); every place is served by its nearest."""
        return nearest_plan(self.problem, is_open)

    def with_service(self, draft: Draft, among: BoolArray) -> Served:
        """Every place by open sites."""
        return by_cover(draft, self.problem, among, every=np.ones(len(self.problem.demand), dtype=bool))

    def travel_of(self, plan: Plan) -> float:
        """Total travel of a plan, weight times impedance."""
        return total_travel(self.problem, plan)

    def objective_of(self, plan: Plan) -> float:
        """The farthest travel of a place with weight to a site that serves it."""
        return worst_travel(self.problem, plan)
