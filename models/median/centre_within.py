"""Any plan whose worst travel is within a reach: a set covering (Minieka 1970, The m-center problem, SIAM Review 12).

Sets: places i with weight that no site which is open anyway reaches; S_i the sites that may open and reach place i.
Columns: open_j in {0, 1}.

    sum_{j in S_i} open_j >= 1         every_place_has_an_open_site_within_reach

A place whose sites are all some other place's as well as more is left out. Where rules say nothing but numbers of new
sites, a candidate that reaches no place beyond those of another candidate stays closed.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray
from models.dominance import Words, greatest_sets, least_sets, packed, unpacked
from models.formulation import Draft, open_block, opening_cost
from models.median.p_center import PCenter
from models.plan import Plan
from models.problem import Sites, SiteStatus
from models.program import ProgramBuilder, Sense

BLOCK = 1 << 24
"""Cells of the table of places and sites that are looked at together."""


@dataclass(frozen=True, eq=False)
class CentreWithin:
    """`sets` (n_sets, n_sites): the sites that reach each place that counts; any plan that meets them all is alike."""

    whole: PCenter
    sites: Sites
    sets: BoolArray

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
        rows = sp.csr_array(self.sets.astype(np.float64))
        builder.rows("every_place_has_an_open_site_within_reach", [(rows, opened)], lower=1.0)
        return Draft(
            builder=builder,
            sites=self.sites,
            open=opened,
            cost=opening_cost(self.sites, opened),
            base_cost=self.sites.base_cost(),
            demand=self.whole.problem.demand,
            blocks={"open": opened},
        )

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites; every place is served by its nearest."""
        return self.whole.read_plan(draft, values)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        values[draft.open.index] = plan.open

    def objective_of(self, plan: Plan) -> float:
        """The farthest travel of a place with weight to a site that serves it."""
        return self.whole.objective_of(plan)

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,); every place is served by its nearest."""
        return self.whole.plan_of(is_open)


def centre_within(whole: PCenter, reach: float, *, numbers_alone: bool) -> CentreWithin:
    """The set covering at a reach; `numbers_alone`: rules speak of numbers of new sites, if of anything.

    Then closable sites stay open as well.
    """
    sites = whole.sites
    if numbers_alone:
        status = np.where(sites.is_(SiteStatus.CLOSABLE), int(SiteStatus.EXISTING), sites.status)
        sites = replace(sites, status=status)
    words = _reaching(whole, sites.fixed_open, reach)
    sets = unpacked(words[least_sets(words)], len(sites))
    if numbers_alone:
        sites, sets = _without_lesser(sites, sets)
    return CentreWithin(whole, sites, sets)


def _without_lesser(sites: Sites, sets: BoolArray) -> tuple[Sites, BoolArray]:
    """Candidates closed that reach no more than another, and the sets that say no more than others without them."""
    able = np.flatnonzero(sites.is_(SiteStatus.CANDIDATE))
    while True:
        able = able[greatest_sets(packed(sets[:, able].T))]
        left = np.zeros_like(sets)
        left[:, able] = sets[:, able]
        kept = least_sets(packed(left))
        if len(kept) == len(sets):
            break
        sets = left[kept]
    status = np.where(sites.is_(SiteStatus.CANDIDATE), int(SiteStatus.FORBIDDEN), sites.status)
    status[able] = int(SiteStatus.CANDIDATE)
    return replace(sites, status=status), left


def _reaching(whole: PCenter, sure: BoolArray, reach: float) -> Words:
    """Packed sets of sites within reach, of every place with weight that no site which is `sure` (n_sites,) reaches."""
    place, site, travel = whole.pairs
    n_sites, within = len(whole.sites), travel <= reach
    place, site = place[within], site[within]
    counts = whole.problem.demand.weight > 0
    counts[place[sure[site]]] = False
    use = counts[place]
    row, site, n = (np.cumsum(counts) - 1)[place[use]], site[use], int(counts.sum())
    step, parts = max(1, BLOCK // max(1, n_sites)), []
    for low in range(0, max(1, n), step):
        first, last = np.searchsorted(row, (low, low + step))
        block = np.zeros((min(step, n - low), n_sites), dtype=bool)
        block[row[first:last] - low, site[first:last]] = True
        parts.append(packed(block))
    return np.concatenate(parts)
