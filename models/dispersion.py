"""The greatest least distance of new sites from each other and from what is there.

Sets: sites j; pairs (i, j) of sites that may both be open, of which at least one is new, with distance d_ij;
D_1 < D_2 < ... < D_K the different distances.
Columns: open_j in {0, 1}; apart_k in [0, 1] for k = 2..K: 1 where every pair that is open is D_k apart or more.

    max  D_1 + sum_k (D_k - D_k-1) apart_k
    open_i + open_j + apart_k   <= 2    for pairs with d_ij < D_k, the least such k     nearer_pairs_forbid_a_distance
    apart_k+1 - apart_k         <= 0                                                    apart_far_means_apart_less
    sum of open_j               <= 1    for cliques of pairs with d_ij < D_1            too_near_to_open_together

How many sites open is a rule (`open = p`); what is there already and stays keeps new sites away. A plan without any
such pair counts as D_K. `at_least` and `at_most` are bounds that are known to hold for some optimum: they leave only
the distances between them. With both equal the program packs points at that distance.

References: Kuby (1987), Programming models for facility dispersion, Geographical Analysis 19; Erkut (1990), The
discrete p-dispersion problem, EJOR 46; the form by distances: Sayah and Irnich (2017), EJOR 256.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, IntArray, frozen
from models.brief import brief
from models.cliques import clique_rows
from models.errors import ProblemError
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.messages import say
from models.plan import Plan
from models.problem import Sites
from models.program import Block, ProgramBuilder, Sense, differences


@checked
@brief
@dataclass(frozen=True, eq=False)
class PDispersion:
    """The greatest least distance of open sites (Kuby 1987; Sayah and Irnich 2017).

    `distance` (n_sites, n_sites); of the two directions of a pair the shorter counts. `unit` names its unit.
    """

    sites: Sites
    distance: FloatArray
    unit: str = "m"
    at_least: float = 0.0
    at_most: float = np.inf
    name: ClassVar[str] = "p-dispersion"
    sense: ClassVar[Sense] = "max"

    def __post_init__(self) -> None:
        n = len(self.sites)
        object.__setattr__(self, "distance", frozen(self.distance, np.float64))
        if self.distance.shape != (n, n):
            raise ProblemError(say("distance has shape {shape}; ({n}, {n}) is needed", shape=self.distance.shape, n=n))
        if n and not (np.isfinite(self.distance).all() and self.distance.min() >= 0):
            raise ProblemError(say("distance holds a negative, infinite or missing number"))
        if self.at_least > self.at_most:
            raise ProblemError(
                say(
                    "p-dispersion: at_least {at_least:g} is above at_most {at_most:g}",
                    at_least=self.at_least,
                    at_most=self.at_most,
                )
            )
        if not len(self.pairs[0]):
            raise ProblemError(
                say("p-dispersion needs two sites that may be open together, one of them new; add candidates")
            )

    def with_sites(self, sites: Sites) -> Self:
        """The same model over the same sites of another status."""
        return replace(self, sites=sites)

    @cached_property
    def pairs(self) -> tuple[IntArray, IntArray, FloatArray]:
        """First site, second site and distance of every pair that may be open with at least one new site."""
        able = np.flatnonzero(~self.sites.fixed_closed)
        a, b = np.triu_indices(len(able), 1)
        first, second = able[a].astype(np.int64), able[b].astype(np.int64)
        new = self.sites.is_new[first] | self.sites.is_new[second]
        first, second = first[new], second[new]
        return first, second, np.minimum(self.distance[first, second], self.distance[second, first])

    @cached_property
    def values(self) -> FloatArray:
        """D (n_values,): what the least distance can be, rising."""
        known = np.unique(self.pairs[2])
        return known[(known >= self.at_least) & (known <= self.at_most)]

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder; ProblemError where no value is left between the bounds."""
        values = self.values
        if not len(values):
            raise ProblemError(
                say(
                    "p-dispersion: no distance lies between {at_least:g} and {at_most:g}",
                    at_least=self.at_least,
                    at_most=self.at_most,
                )
            )
        opened = open_block(builder, self.sites)
        apart = builder.columns(
            "apart", len(values) - 1, upper=1.0, objective=np.diff(values), labels=[f"{v:g}" for v in values[1:]]
        )
        builder.offset += float(values[0])
        self._rows(builder, opened, apart)
        return Draft(
            builder=builder,
            sites=self.sites,
            open=opened,
            cost=opening_cost(self.sites, opened),
            base_cost=self.sites.base_cost(),
            blocks={"open": opened, "apart": apart},
        )

    def _rows(self, builder: ProgramBuilder, opened: Block, apart: Block) -> None:
        first, second, distance = self.pairs
        n, ids = len(self.sites), self.sites.ids
        between = np.flatnonzero((distance >= self.values[0]) & (distance < self.values[-1]))
        m = len(between)
        both = np.stack([first[between], second[between]], axis=1).ravel()
        pairs = sp.csr_array((np.ones(2 * m), both, 2 * np.arange(m + 1)), shape=(m, n))
        beyond = np.searchsorted(self.values, distance[between], side="right") - 1
        forbids = sp.csr_array((np.ones(m), beyond, np.arange(m + 1)), shape=(m, apart.size))
        labels = [f"{ids[first[k]]}_{ids[second[k]]}" for k in between]
        builder.rows("nearer_pairs_forbid_a_distance", [(pairs, opened), (forbids, apart)], upper=2.0, labels=labels)
        builder.rows("apart_far_means_apart_less", [(differences(apart.size), apart)], upper=0.0)
        near = distance < self.values[0]
        if near.any():
            rows = clique_rows(first[near], second[near], n)
            builder.rows("too_near_to_open_together", [(rows, opened)], upper=1.0)

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites; nobody is served."""
        return Plan(open=draft.open.of(values) > 0.5)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        values[draft.open.index] = plan.open
        values[draft.blocks["apart"].index] = self.objective_of(plan) >= self.values[1:]

    def least_spacing(self, plan: Plan) -> float | None:
        """Least distance of an open new site from another open site; None where there is no such pair."""
        first, second, distance = self.pairs
        both = plan.open[first] & plan.open[second]
        return float(distance[both].min()) if both.any() else None

    @property
    def known_bound(self) -> float:
        """The greatest distance of two sites."""
        return float(self.values[-1]) if len(self.values) else 0.0

    def objective_of(self, plan: Plan) -> float:
        """The least distance; where there is no pair, the greatest that any could have."""
        least = self.least_spacing(plan)
        return float(self.pairs[2].max()) if least is None else least


@checked
def straight_distances(sites: Sites) -> FloatArray:
    """Straight-line distances (n_sites, n_sites) in metres; ProblemError where the sites have no coordinates."""
    if sites.xy is None:
        raise ProblemError(
            say("p-dispersion needs the coordinates of the sites (x and y of their layer), or a reach between them")
        )
    return np.hypot(*(sites.xy[:, None, :] - sites.xy[None, :, :]).transpose(2, 0, 1))
