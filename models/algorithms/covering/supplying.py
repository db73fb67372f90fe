"""A first plan where sites carry what they serve: opened one by one, by what they serve for their cost.

A site is worth what is left within its reach, at most what it carries; with units, the package of them that serves most
for its cost is taken. Worths only fall while others open, so that those computed earlier bound them and only the
greatest is computed anew (lazy greedy: Minoux 1978). What a site serves first is what fewest others reach.
"""

import heapq
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse

MOST_PACKAGES = 20_000
"""Numbers of units that are compared; more kinds or more units are compared in larger steps."""
DUST = 1e-9


@dataclass(frozen=True, eq=False)
class Unit:
    """A kind of unit: what one carries, its cost and the most of them, both (n_sites,), and the power it draws."""

    name: str
    carries: float
    cost: FloatArray
    most: FloatArray
    power: float = 0.0


@dataclass(frozen=True, eq=False)
class Supply:
    """What sites may serve.

    `need` (n_groups,), `reach` (n_groups, n_sites) pairs within reach; of (n_sites,): `capacity`, `cost` of opening,
    `power` that it bears, `sized`: it takes units. `whole`: a group is served by one site or not at all. `shares` are
    the least of each kind among the units of all sites, which every site keeps by itself here.
    """

    need: FloatArray
    reach: Sparse
    capacity: FloatArray
    cost: FloatArray
    fixed_open: BoolArray
    fixed_closed: BoolArray
    units: tuple[Unit, ...] = ()
    sized: BoolArray | None = None
    power: FloatArray | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    least_units: int = 0
    whole: bool = False


@dataclass(frozen=True, eq=False)
class Supplied:
    """Open sites (n_sites,), units by kind (n_sites,), shares of the groups (n_groups, n_sites); `order` of opening."""

    is_open: BoolArray
    units: dict[str, IntArray]
    served: Sparse
    order: tuple[int, ...]


def supply_greedily(
    supply: Supply, *, number: int, budget: float, seconds: float, counted: BoolArray | None = None
) -> Supplied:
    """Open at most `number` of the counted sites (all, if not said) for at most `budget`, in about `seconds`."""
    run = _Run(supply, number, budget, np.ones(len(supply.cost), dtype=bool) if counted is None else counted)
    deadline = time.monotonic() + seconds
    for site in np.flatnonzero(supply.fixed_open).tolist():
        run.open(site, run.package(site))
    free = np.flatnonzero(~supply.fixed_open & ~supply.fixed_closed).tolist()
    heap: list[tuple[float, int]] = [(-run.package(site).rate, site) for site in free]
    heapq.heapify(heap)
    while heap and time.monotonic() < deadline:
        _, site = heapq.heappop(heap)
        package = run.package(site)
        if package.served <= DUST:
            continue
        if heap and package.rate < -heap[0][0] - 1e-12:
            heapq.heappush(heap, (-package.rate, site))
            continue
        run.open(site, package)
    return run.result()


@dataclass(frozen=True, eq=False)
class _Package:
    """Numbers of units (n_kinds,), what they serve and cost, and the rate of both."""

    count: IntArray
    carries: float
    served: float
    cost: float
    rate: float


class _Run:
    """What is open and what is left."""

    def __init__(self, supply: Supply, number: int, budget: float, counted: BoolArray) -> None:
        self.supply, self.counted = supply, counted
        self.number, self.budget, self.whole_budget = float(number), budget, budget
        self.whole_number = max(1.0, float(number))
        by_site = sp.csc_array(supply.reach)
        self.start, self.groups = by_site.indptr, by_site.indices
        self.degree = np.diff(supply.reach.indptr)
        self.left = supply.need.copy()
        self.is_open = np.zeros(len(supply.cost), dtype=bool)
        self.count = np.zeros((len(supply.units), len(supply.cost)), dtype=np.int64)
        self.served: list[tuple[IntArray, int, FloatArray]] = []
        self.order: list[int] = []
        self.packages = _packages(supply)
        if supply.units:
            self.package_carries = np.array([u.carries for u in supply.units]) @ self.packages
            self.package_power = np.array([u.power for u in supply.units]) @ self.packages

    def package(self, site: int) -> _Package:
        """What opening a site would serve and cost, at its best rate; nothing where it does not fit."""
        supply = self.supply
        groups = self.groups[self.start[site] : self.start[site + 1]]
        left = min(float(self.left[groups].sum()), float(supply.capacity[site]))
        none = np.zeros(len(supply.units), dtype=np.int64)
        takes = self.number >= 1.0 or not self.counted[site] or bool(supply.fixed_open[site])
        if not takes or (left <= DUST and not supply.fixed_open[site]):
            return _Package(none, 0.0, 0.0, 0.0, 0.0)
        opening = float(supply.cost[site])
        if not supply.units or (supply.sized is not None and not supply.sized[site]):
            fits = opening <= self.budget
            return _Package(
                none, float(supply.capacity[site]), left if fits else 0.0, opening, self._rate(left, opening, site)
            )
        cost = opening + np.array([u.cost[site] for u in supply.units]) @ self.packages
        able = (self.packages <= np.array([u.most[site] for u in supply.units])[:, None]).all(axis=0) & (
            cost <= self.budget
        )
        if supply.power is not None:
            able &= self.package_power <= supply.power[site] + 1e-9
        if not able.any():
            return _Package(none, 0.0, 0.0, 0.0, 0.0)
        served = np.minimum(left, self.package_carries)
        scarce = np.maximum(
            cost / max(self.whole_budget, DUST), (1.0 if self.counted[site] else 0.0) / self.whole_number
        )
        rate = np.where(able, (served + DUST) / np.maximum(scarce, DUST), -1.0)
        best = int(np.argmax(rate))
        return _Package(
            self.packages[:, best],
            float(self.package_carries[best]),
            float(served[best]),
            float(cost[best]),
            float(rate[best]),
        )

    def _rate(self, served: float, cost: float, site: int) -> float:
        counts = (1.0 if self.counted[site] else 0.0) / self.whole_number
        return served / max(cost / max(self.whole_budget, DUST), counts, DUST)

    def open(self, site: int, package: _Package) -> None:
        """Open a site and serve what fewest others reach first."""
        supply = self.supply
        self.is_open[site] = True
        self.order.append(site)
        if not supply.fixed_open[site]:
            self.number -= float(self.counted[site])
        self.budget -= package.cost
        self.count[:, site] = package.count
        groups = self.groups[self.start[site] : self.start[site + 1]]
        groups = groups[self.left[groups] > 0]
        room = min(package.carries, float(supply.capacity[site]))
        if supply.whole:
            groups = groups[np.argsort(-self.left[groups], kind="stable")]
            taken = _fitting(self.left[groups], room)
            amount = np.where(taken, self.left[groups], 0.0)
        else:
            groups = groups[np.argsort(self.degree[groups], kind="stable")]
            before = np.cumsum(self.left[groups]) - self.left[groups]
            amount = np.clip(room - before, 0.0, self.left[groups])
        some = amount > 0
        self.served.append((groups[some], site, amount[some] / supply.need[groups[some]]))
        self.left[groups] -= amount

    def result(self) -> Supplied:
        """The plan so far."""
        supply = self.supply
        rows = np.concatenate([groups for groups, _, _ in self.served] or [np.empty(0, dtype=np.int64)])
        columns = np.concatenate([np.full(len(g), site) for g, site, _ in self.served] or [np.empty(0, dtype=np.int64)])
        values = np.concatenate([share for _, _, share in self.served] or [np.empty(0)])
        shape = (len(supply.need), len(supply.cost))
        units = {unit.name: self.count[k] for k, unit in enumerate(supply.units)}
        return Supplied(self.is_open, units, sp.csr_array((values, (rows, columns)), shape=shape), tuple(self.order))


def _fitting(size: FloatArray, room: float) -> BoolArray:
    """Which of some sizes, large ones first, fit into a room."""
    taken = np.zeros(len(size), dtype=bool)
    for k, one in enumerate(size.tolist()):
        if one <= room:
            taken[k] = True
            room -= one
        if room <= DUST:
            break
    return taken


def _packages(supply: Supply) -> IntArray:
    """Numbers of units (n_kinds, n_packages) that a site may have, by the shares and the least number."""
    if not supply.units:
        return np.zeros((0, 1), dtype=np.int64)
    most = [int(unit.most.max(initial=0)) for unit in supply.units]
    step = 1
    while np.prod([m // step + 1.0 for m in most]) > MOST_PACKAGES:
        step *= 2
    ladders = [sorted({*range(0, m + 1, step), m}) for m in most]
    packages = np.array(list(itertools.product(*ladders)), dtype=np.int64).T
    total = packages.sum(axis=0)
    able = total >= max(1, supply.least_units)
    for k, unit in enumerate(supply.units):
        able &= packages[k] >= supply.shares.get(unit.name, 0.0) * total - 1e-9
    return packages[:, able]
