"""A median problem with capacities as lists of costs, loads and rooms: what its search and its bound work on."""

from dataclasses import dataclass, fields

import numpy as np

from models.algorithms.capacitated.volume_kernel import Filled
from models.algorithms.uncapacitated.costs import AssignmentCosts, service_of
from models.algorithms.uncapacitated.swap_kernel import CostLists
from models.arrays import FloatArray, IntArray
from models.problem import SitingProblem


@dataclass(frozen=True, eq=False)
class CapacitatedCosts(AssignmentCosts):
    """A `AssignmentCosts` whose sites carry at most `capacity` (n_sites,) of the `weight` (n_places,).

    `weight` is the load of a place, what capacity counts; above 0 at every one. `places` (n_places,) are the positions
    of the places with weight.
    """

    places: IntArray
    weight: FloatArray
    capacity: FloatArray

    @property
    def whole(self) -> bool:
        """Shares are not whole: nor is the worth of every plan."""
        return False

    @property
    def total(self) -> float:
        """All weight."""
        return float(self.weight.sum())

    def least_counted(self, least: int) -> int:
        """At least so many counted sites open, because those of most capacity would not do otherwise."""
        need = self.total * (1 - 1e-9) - float(self.capacity[self.sure | self.closable].sum())
        if need <= 0:
            return least
        carried = np.cumsum(np.sort(self.capacity[self.counted])[::-1])
        return max(least, int(np.searchsorted(carried, need)) + 1)


def loads_of(problem: SitingProblem, *, price: float = 1.0, with_opening: bool = False) -> CapacitatedCosts:
    """The lists of a problem with capacities; opening and closing cost count where `with_opening` is set."""
    service = service_of(problem, price=price, with_opening=with_opening)
    place = np.repeat(np.arange(problem.travel.shape[0]), np.diff(problem.travel.indptr))
    places = np.unique(place[service.entry])
    weight = problem.demand.load[places]
    parts = {f.name: getattr(service, f.name) for f in fields(service)}
    parts["lists"] = _by_unit_cost(service.lists, weight)
    capacity = np.minimum(problem.sites.capacity, float(weight.sum()))
    return CapacitatedCosts(**parts, places=places, weight=weight, capacity=capacity)


def _by_unit_cost(lists: CostLists, weight: FloatArray) -> CostLists:
    """The pairs of every site by rising cost per weight."""
    site = np.repeat(np.arange(len(lists.opening)), np.diff(lists.start_of_site))
    order = np.lexsort((lists.cost_of_site / weight[lists.place_of_site], site))
    return lists._replace(place_of_site=lists.place_of_site[order], cost_of_site=lists.cost_of_site[order])


def empty_filling(loads: CapacitatedCosts) -> Filled:
    """Room for what every site serves."""
    n_sites, n = len(loads.sure), len(loads.lists.place_of_site)
    return Filled(np.zeros(n_sites, dtype=np.int64), np.zeros(n, dtype=np.int64), np.zeros(n), np.zeros(n_sites))
