"""Serving all places from given open sites within capacities at least cost, and the plan that this is."""

from dataclasses import dataclass

import numpy as np

from models.algorithms.capacitated import transport_duals, transport_kernel
from models.algorithms.capacitated.costs import CapacitatedCosts
from models.algorithms.uncapacitated.swap_kernel import NONE
from models.arrays import BoolArray, FloatArray, sparse_from_pairs
from models.plan import Plan
from models.problem import SitingProblem

MOST_CELLS = 10**7
"""So many pairs of open sites and places at most are served by a flow of our own."""


@dataclass(frozen=True, eq=False)
class Transported:
    """A least-cost flow that can go on: sites enter and leave it."""

    loads: CapacitatedCosts
    flow: transport_kernel.Flow

    @property
    def is_open(self) -> BoolArray:
        """Open sites (n_sites,)."""
        found = np.zeros(len(self.loads.sure), dtype=bool)
        found[self.flow.site[self.flow.site != NONE]] = True
        return found

    @property
    def worth(self) -> float:
        """Cost of service and of opening."""
        return self.loads.base + transport_kernel.cost_of_flow(self.loads.lists, self.flow)

    @property
    def spare(self) -> int:
        """Empty slots."""
        return int((self.flow.site == NONE).sum())

    def least_without(self) -> FloatArray:
        """A bound from below (n_sites,) on the cost without each open site, from the duals; inf at closed sites."""
        least = np.full(len(self.loads.sure), np.inf)
        transport_duals.least_without(self.loads.lists, self.loads.weight, self.flow, least)
        return self.loads.base + least

    def prices(self) -> FloatArray:
        """Prices (n_places,) per unit of weight: the duals of the flow."""
        price = np.zeros(len(self.loads.weight))
        transport_duals.prices_of_flow(self.flow, price)
        return price

    def copy(self) -> "Transported":
        """A flow of its own."""
        flow = self.flow
        own = flow._replace(
            site=flow.site.copy(),
            cost=flow.cost.copy(),
            amount=flow.amount.copy(),
            room=flow.room.copy(),
            load=flow.load.copy(),
            step=flow.step.copy(),
            via=flow.via.copy(),
        )
        return Transported(self.loads, own)

    def opened(self, site: int) -> "Transported | None":
        """The flow with one more site; None where there is no slot left."""
        empty = np.flatnonzero(self.flow.site == NONE)
        if not len(empty):
            return None
        new = self.copy()
        transport_kernel.enter(self.loads.lists, self.loads.weight, self.loads.capacity, new.flow, int(empty[0]), site)
        transport_kernel.draw(new.flow, int(empty[0]))
        return new

    def closed(self, site: int) -> "Transported | None":
        """The flow without a site; None where the others have no room or do not reach its places."""
        new = self.copy()
        slot = int(np.flatnonzero(new.flow.site == site)[0])
        return new if transport_kernel.leave(new.flow, slot) else None

    def plan(self, problem: SitingProblem) -> Plan:
        """The plan, with the share of every place that each site serves."""
        slot, row = np.nonzero(self.flow.amount)
        share = self.flow.amount[slot, row] / self.loads.weight[row]
        shape = (problem.travel.shape[0], problem.travel.shape[1])
        served = sparse_from_pairs(self.loads.places[row], self.flow.site[slot], share, shape)
        return Plan(open=self.is_open, served=served)


def transported(loads: CapacitatedCosts, is_open: BoolArray, *, spare: int = 0) -> Transported | None:
    """The least-cost flow from open sites (n_sites,), with `spare` empty slots; None where they cannot serve all."""
    n_slots, n_places = int(is_open.sum()) + spare, len(loads.weight)
    if n_slots * n_places > MOST_CELLS or float(loads.capacity[is_open].sum()) < loads.total * (1 - 1e-9):
        return None
    flow = transport_kernel.Flow(
        site=np.full(n_slots, NONE, dtype=np.int64),
        cost=np.full((n_slots, n_places), np.inf),
        amount=np.zeros((n_slots, n_places)),
        room=np.zeros(n_slots),
        load=np.zeros(n_slots),
        step=np.full((n_slots, n_slots), np.inf),
        via=np.full((n_slots, n_slots), NONE, dtype=np.int64),
        small=transport_kernel.NOTHING * loads.total,
    )
    done = transport_kernel.begin(loads.lists, loads.weight, loads.capacity, is_open, flow)
    return Transported(loads, flow) if done else None
