"""Need that the same sites reach, added up: with divisible service one sum per reach set says the same."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of
from models.problem import SitingProblem


@dataclass(frozen=True, eq=False)
class Needs:
    """Places grouped by district and reach set.

    `of_place` (n_demand,) is the group of every place, -1 where it has no weight or no site; `weight` (n_groups,) what
    counts when it is served, `load` (n_groups,) the need in kWh/day that it takes; `group` and `site` (n_pairs,) every
    pair within reach, sorted by group, then site.
    """

    of_place: IntArray
    weight: FloatArray
    load: FloatArray
    group: IntArray
    site: IntArray

    @property
    def n_pairs(self) -> int:
        """Number of pairs of a group and a site within reach."""
        return len(self.group)

    def spread(self) -> Sparse:
        """(n_demand, n_groups): 1 where the place belongs to the group."""
        places = np.flatnonzero(self.of_place >= 0)
        shape = (len(self.of_place), len(self.weight))
        return sp.csr_array((np.ones(len(places)), (places, self.of_place[places])), shape=shape)


def needs_of(problem: SitingProblem, usable: BoolArray) -> Needs:
    """Group the places of a problem exactly, counting only `usable` sites (n_sites,).

    Two places join when they are in one district, the same sites reach them and they have as much load per weight;
    their needs add up because service is divisible, so no plan is lost and none gained.
    """
    rows, columns, _ = pairs_of(problem.travel)
    keep = usable[columns] & (problem.demand.weight[rows] > 0)
    rows, columns = rows[keep], columns[keep].astype(np.int32)
    start = np.searchsorted(rows, np.arange(len(problem.demand) + 1))
    of_place = np.full(len(problem.demand), -1, dtype=np.int64)
    known: dict[tuple[str, bytes, float], int] = {}
    ratio = problem.demand.load_per_weight.tolist()
    first: list[int] = []
    for place in np.flatnonzero(np.diff(start)):
        reached = columns[start[place] : start[place + 1]]
        number = known.setdefault((problem.demand.group[place], reached.tobytes(), ratio[place]), len(known))
        if number == len(first):
            first.append(int(place))
        of_place[place] = number
    grouped = of_place >= 0
    weight, load = (
        np.bincount(of_place[grouped], weights=each[grouped], minlength=len(first)).astype(np.float64)
        for each in (problem.demand.weight, problem.demand.load)
    )
    size = np.diff(start)[first] if first else np.empty(0, dtype=np.int64)
    sites = [columns[start[place] : start[place + 1]] for place in first]
    return Needs(
        of_place=of_place,
        weight=weight,
        load=load,
        group=np.repeat(np.arange(len(first), dtype=np.int64), size),
        site=np.concatenate(sites).astype(np.int64) if sites else np.empty(0, dtype=np.int64),
    )
