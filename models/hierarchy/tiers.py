"""Sites in tiers, the demand below them, and travel between one tier and the next within reach."""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, frozen, pairs_of
from models.brief import brief
from models.given import checked
from models.messages import Listed, Message, say
from models.problem import Demand, Sites, SitingProblem, raise_all


@checked
@brief
@dataclass(frozen=True, eq=False)
class TierProblem:
    """Sites of several tiers with what may feed what.

    What is fed, carried and paid for is the load of the demand; what counts as served is its weight. A place with
    weight needs a load, since what takes up nothing cannot be fed.

    `tier` (n_sites,): 0 is the highest, where goods or services begin. `access` (n_demand, n_sites): travel from a
    place to a site that may serve it, a stored entry means within reach. `feed` (n_sites, n_sites): travel from an
    upper site (row) to a lower one (column) that it may supply. `access_cost` and `feed_cost` are transport costs
    per unit of demand, aligned with the stored entries of `access` and `feed`; numbers are repeated for every entry.
    Without `nested` only the lowest tier serves places and a tier is fed by the one right above it; with it an upper
    site offers the services of all tiers below as well, so it may serve places and feed any lower tier directly.
    """

    sites: Sites
    tier: IntArray
    demand: Demand
    access: Sparse
    feed: Sparse
    access_cost: FloatArray | float = 0.0
    feed_cost: FloatArray | float = 0.0
    nested: bool = False
    unit: str = field(default="s")

    def __post_init__(self) -> None:
        n = len(self.sites)
        object.__setattr__(self, "tier", frozen(self.tier, np.int64))
        faults = []
        if self.tier.shape != (n,):
            faults.append(say("tier has shape {shape}; there are {n} sites", shape=self.tier.shape, n=n))
        for name, shape in (("access", (len(self.demand), n)), ("feed", (n, n))):
            faults += self._matrix_faults(name, shape)
        light = np.flatnonzero((self.demand.weight > 0) & (self.demand.load <= 0))
        if len(light):
            named = Listed([self.demand.ids[i] for i in light[:10]])
            faults.append(
                say(
                    "demand.load is 0 at {n} places with weight ({named}); tiers feed what places take up: "
                    "give them a load above 0",
                    n=len(light),
                    named=named,
                )
            )
        raise_all(faults)
        raise_all(self._tier_faults())

    def _matrix_faults(self, name: str, shape: tuple[int, int]) -> list[Message]:
        matrix = sp.csr_array(getattr(self, name), dtype=np.float64)
        if not matrix.has_canonical_format:
            matrix = matrix.copy()
            matrix.sum_duplicates()
        object.__setattr__(self, name, matrix)
        faults = []
        if matrix.shape != shape:
            faults.append(
                say("{name} has shape {shape}; {needed} is needed", name=name, shape=matrix.shape, needed=shape)
            )
        if matrix.nnz and not (np.isfinite(matrix.data).all() and matrix.data.min() >= 0):
            faults.append(
                say("{name} holds a negative, infinite or missing number; leave unreachable pairs out", name=name)
            )
        cost = np.asarray(getattr(self, f"{name}_cost"), dtype=np.float64)
        if cost.ndim and cost.shape != (matrix.nnz,):
            faults.append(
                say(
                    "{name}_cost has {size} numbers; {name} has {nnz} pairs within reach",
                    name=name,
                    size=cost.size,
                    nnz=matrix.nnz,
                )
            )
        else:
            cost = np.broadcast_to(cost, (matrix.nnz,))
            if not (np.isfinite(cost).all() and (cost >= 0).all()):
                faults.append(say("{name}_cost must be numbers of at least 0", name=name))
            object.__setattr__(self, f"{name}_cost", frozen(cost, np.float64))
        return faults

    def _tier_faults(self) -> list[Message]:
        faults = []
        if len(self.sites) and self.tier.min() < 0:
            faults.append(say("tier must count from 0, the highest"))
        lowest = self.n_tiers - 1
        upper, lower, _ = pairs_of(self.feed)
        ids = self.sites.ids
        step = self.tier[lower] - self.tier[upper]
        for wrong, why in (
            (step < 1, say("which is not in a lower tier")),
            ((step > 1) & (not self.nested), say("past a tier; only nested tiers may")),
        ):
            faults += [
                say("{upper} feeds {lower}, {why}", upper=ids[upper[k]], lower=ids[lower[k]], why=why)
                for k in np.flatnonzero(wrong)[:5]
            ]
        if not self.nested:
            _, server, _ = pairs_of(self.access)
            past = np.unique(server[self.tier[server] < lowest])
            faults += [
                say("{site} serves places but is not in the lowest tier; only nested tiers may", site=ids[j])
                for j in past[:5]
            ]
        return faults

    @property
    def placed(self) -> SitingProblem:
        """Sites, places and the travel between them."""
        return SitingProblem(self.sites, self.demand, self.access, unit=self.unit)

    @property
    def n_tiers(self) -> int:
        """How many tiers there are."""
        return int(self.tier.max()) + 1 if len(self.tier) else 0

    @property
    def is_source(self) -> BoolArray:
        """Mask (n_sites,) of the highest tier, which nothing feeds."""
        return self.tier == 0

    def chained(self) -> BoolArray:
        """Mask (n_sites,) of sites that some chain of sites that may be open supplies from the highest tier."""
        upper, lower, _ = pairs_of(self.feed)
        usable = ~self.sites.fixed_closed
        reached = self.is_source & usable
        for tier in range(1, self.n_tiers):
            fed = np.zeros(len(self.sites), dtype=bool)
            fed[lower[reached[upper]]] = True
            reached |= fed & usable & (self.tier == tier)
        return reached

    def reachable(self) -> BoolArray:
        """Mask (n_demand,) of places that some site in a chain reaches."""
        place, site, _ = pairs_of(self.access)
        mask = np.zeros(len(self.demand), dtype=bool)
        mask[place[self.chained()[site]]] = True
        return mask
