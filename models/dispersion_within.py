"""Any plan whose sites are a distance apart: sites of which no two are too near to each other.

    sum of open_j <= 1    for cliques of pairs nearer than the distance        too_near_to_open_together

Packing by cliques: Padberg (1973), On the facial structure of set packing polyhedra, Mathematical Programming 5; as a
step of p-dispersion: Sayah and Irnich (2017), EJOR 256.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.cliques import clique_rows
from models.dispersion import PDispersion
from models.formulation import Draft, open_block, opening_cost
from models.plan import Plan
from models.problem import Sites, SiteStatus
from models.program import ProgramBuilder, Sense


@dataclass(frozen=True, eq=False)
class DispersionWithin:
    """`near` (n_sites, n_sites): pairs that must not open together; any plan without one is alike."""

    whole: PDispersion
    sites: Sites
    near: BoolArray

    @property
    def name(self) -> str:
        """The model's name in a study."""
        return self.whole.name

    @property
    def sense(self) -> Sense:
        """Whether it maximises or minimises."""
        return self.whole.sense

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns and rows into the builder."""
        opened = open_block(builder, self.sites)
        may = ~self.sites.fixed_closed
        first, second = np.nonzero(np.triu(self.near & may[:, None] & may[None, :], 1))
        rows = clique_rows(first.astype(np.int64), second.astype(np.int64), len(self.sites))
        builder.rows("too_near_to_open_together", [(rows, opened)], upper=1.0)
        return Draft(
            builder=builder,
            sites=self.sites,
            open=opened,
            cost=opening_cost(self.sites, opened),
            base_cost=self.sites.base_cost(),
            blocks={"open": opened},
        )

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites; nobody is served."""
        return self.whole.read_plan(draft, values)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        values[draft.open.index] = plan.open

    def objective_of(self, plan: Plan) -> float:
        """The least distance."""
        return self.whole.objective_of(plan)

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,)."""
        return Plan(open=is_open)


def dispersion_within(whole: PDispersion, distance: float, *, numbers_alone: bool) -> DispersionWithin:
    """The packing at a distance; `numbers_alone`: rules speak of numbers of new sites, if of anything.

    Then closable sites close, and candidates that are too near to what is open anyway are left out.
    """
    sites = whole.sites
    first, second, apart = whole.pairs
    close = apart < distance
    near = np.zeros((len(sites), len(sites)), dtype=bool)
    near[first[close], second[close]] = near[second[close], first[close]] = True
    if numbers_alone:
        beside = near[:, sites.fixed_open].any(axis=1) & sites.is_(SiteStatus.CANDIDATE)
        status = np.where(beside | sites.is_(SiteStatus.CLOSABLE), int(SiteStatus.FORBIDDEN), sites.status)
        sites = replace(sites, status=status)
    return DispersionWithin(whole, sites, near)
