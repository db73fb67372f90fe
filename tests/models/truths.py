"""What one choice of open sites is worth at best under rules, model by model: loops and small programs of their own.

Nothing here uses the formulations, their columns or the rules' rows. Each function takes the problem, the open sites
(n_sites,) and what the rules ask beyond the choice of sites, and returns the best objective, or None where no plan is.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from models.arrays import BoolArray, FloatArray
from models.hierarchy.tiers import TierProblem
from models.problem import Demand, SitingProblem
from tests.models.median_truth import dense_travel
from tests.models.plain_rules import Asks, district_weight, shares_of, sites_cost

Truth = Callable[[Any, BoolArray, Asks], float | None]


def share_by_distance(travel: FloatArray) -> FloatArray:
    """The gradual coverage of the matrix: all up to 1, half up to 2, a quarter beyond."""
    return np.where(travel <= 1, 1.0, np.where(travel <= 2, 0.5, np.where(np.isfinite(travel), 0.25, 0.0)))


def covering(*, backup: int = 1, gradual: bool = False, worst: bool = False) -> Truth:
    """Weight covered, or the covered share of the worst district."""

    def best(problem: SitingProblem, opened: BoolArray, asks: Asks) -> float | None:
        travel = dense_travel(problem)[:, opened]
        if gradual:
            covered = share_by_distance(travel).max(axis=1, initial=0.0)
        else:
            covered = (np.isfinite(travel).sum(axis=1) >= backup).astype(float)
        shares = shares_of(problem.demand, covered)
        cost = sites_cost(problem.sites, opened)
        if not asks.met(cost=cost, shares=shares, load=None, opened=opened):
            return None
        return min(shares.values()) if worst else float(problem.demand.weight @ covered)

    return best


def expecting(
    *, busy: float, most: int, price: float = 0.0, there: int = 0, total: int | None = None, worst: bool = False
) -> Truth:
    """Expected weight covered, or the worst district's share, by every way of giving vehicles to the open sites."""

    def best(problem: SitingProblem, opened: BoolArray, asks: Asks) -> float | None:
        reach, at, found = np.isfinite(dense_travel(problem)), np.flatnonzero(opened), None
        new = [problem.sites.status[j] in (0, 2) for j in at]
        least = [1 if fresh else 0 for fresh in new]
        kept = [0 if fresh else there for fresh in new]
        for given in product(*(range(low, most - old + 1) for low, old in zip(least, kept, strict=True))):
            cost = sites_cost(problem.sites, opened) + price * sum(given)
            if asks.units not in (None, sum(given)) or total not in (None, sum(given)):
                continue
            here = reach[:, at] @ np.array([n + old for n, old in zip(given, kept, strict=True)], dtype=float)
            shares = shares_of(problem.demand, 1.0 - busy**here)
            if not asks.met(cost=cost, shares=shares, load=None, opened=opened):
                continue
            weight = sum(w * (1.0 - busy**m) for w, m in zip(problem.demand.weight, here, strict=True))
            value = min(shares.values()) if worst else float(weight)
            found = value if found is None else max(found, value)
        return found

    return best


def capturing(
    shares: Callable[[SitingProblem, BoolArray], FloatArray], *, worst: bool = False, target: float | None = None
) -> Truth:
    """Weight that goes to our sites by `shares` (n_demand, n_sites), the worst district's, or the cost of a target."""

    def best(problem: SitingProblem, opened: BoolArray, asks: Asks) -> float | None:
        ours, weight = shares(problem, opened).sum(axis=1), problem.demand.weight
        by_district, cost = shares_of(problem.demand, ours), sites_cost(problem.sites, opened)
        if not asks.met(cost=cost, shares=by_district, load=None, opened=opened):
            return None
        if target is not None:
            return cost if weight @ ours >= target * weight.sum() - 1e-9 else None
        return min(by_district.values()) if worst else float(weight @ ours)

    return best


def set_covering(*, by_cost: bool, backup: int = 1) -> Truth:
    """Number of new sites or cost, where every place that enough sites can reach has them open."""

    def best(problem: SitingProblem, opened: BoolArray, asks: Asks) -> float | None:
        travel, sites = dense_travel(problem), problem.sites
        for i in range(len(problem.demand)):
            within = np.isfinite(travel[i])
            if (within & ~sites.fixed_closed).sum() >= backup > (within & opened).sum():
                return None
        cost = sites_cost(sites, opened)
        if cost > asks.budget + 1e-9:
            return None
        new = np.isin(sites.status, (0, 2))  # candidates and required sites
        return cost if by_cost else float((opened & new).sum())

    return best


def nearest(problem: SitingProblem, opened: BoolArray, asks: Asks) -> float | None:
    """Weight times travel to the nearest open site."""
    travel = _to_nearest(problem, opened, asks)
    return None if travel is None else float(problem.demand.weight[problem.demand.weight > 0] @ travel)


def farthest(problem: SitingProblem, opened: BoolArray, asks: Asks) -> float | None:
    """The longest travel of a place with weight to its nearest open site."""
    travel = _to_nearest(problem, opened, asks)
    return None if travel is None else float(travel.max(initial=0.0))


def _to_nearest(problem: SitingProblem, opened: BoolArray, asks: Asks) -> FloatArray | None:
    """Travel of every place with weight, None where one has no open site in reach or the money is short."""
    travel = dense_travel(problem)[:, opened].min(axis=1, initial=np.inf)[problem.demand.weight > 0]
    too_dear = sites_cost(problem.sites, opened) > asks.budget + 1e-9
    return None if too_dear or not np.isfinite(travel).all() else travel


def apart(problem: SitingProblem, opened: BoolArray, asks: Asks) -> float | None:
    """The least distance of two open sites, one of them new; where there is no such pair, the greatest there can be."""
    sites = problem.sites
    if sites_cost(sites, opened) > asks.budget + 1e-9:
        return None
    assert sites.xy is not None
    found: dict[bool, list[float]] = {True: [], False: []}
    for k in range(len(sites)):
        for j in range(k):
            if sites.is_new[[j, k]].any() and not sites.fixed_closed[[j, k]].any():
                found[bool(opened[j] and opened[k])].append(float(((sites.xy[j] - sites.xy[k]) ** 2).sum() ** 0.5))
    return min(found[True]) if found[True] else max(found[False])


class Small:
    """A small mixed-integer program built row by row and handed to scipy."""

    def __init__(self) -> None:
        self.gain: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def column(self, *, upper: float = np.inf, whole: bool = False, gain: float = 0.0) -> int:
        self.gain.append(gain)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.gain) - 1

    def row(self, entries: dict[int, float], *, lower: float = -np.inf, upper: float = np.inf) -> None:
        self.rows.append((entries, lower, upper))

    def most(self) -> float | None:
        """The greatest gain, None where nothing keeps the rows."""
        n = len(self.gain)
        empty = [(low, high) for entries, low, high in self.rows if not entries]
        if any(low > 1e-9 or high < -1e-9 for low, high in empty):
            return None
        rows = [row for row in self.rows if row[0]]
        if n == 0:
            return 0.0
        matrix = np.zeros((len(rows), n))
        for k, (entries, _, _) in enumerate(rows):
            for column, value in entries.items():
                matrix[k, column] = value
        limits = [LinearConstraint(matrix, [r[1] for r in rows], [r[2] for r in rows])] if rows else []
        found = milp(
            -np.array(self.gain), integrality=np.array(self.whole, int), bounds=Bounds(0, self.upper),
            constraints=limits, options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        return None if found.status == 2 or found.x is None else -float(found.fun)


Kind = tuple[float, float, float]
"""Capacity of one unit, its cost, most of it at a site."""


def load_of(demand: Demand) -> list[float]:
    """What every place takes up at sites: what it was given, its weight if nothing; nothing where nobody is."""
    own = demand.weight if demand.own_load is None else demand.own_load
    return [load if weight > 0 else 0.0 for load, weight in zip(own.tolist(), demand.weight.tolist(), strict=True)]


def assigning(
    *,
    everybody: bool = False,
    price: float | None = None,
    travel_counts: bool = False,
    single: bool = False,
    kinds: Sequence[Kind] = (),
    at_existing: bool = False,
    worst: bool = False,
) -> Truth:
    """Who is served by whom, place by place, within capacities or within whole units of `kinds`.

    `price`: the objective is the cost of sites, units and `price` times transport, and all of that is in the budget;
    `travel_counts`: it is weight times travel; otherwise it is the weight served, or the worst district's share.
    Units are at new sites, or `at_existing` too; every site that takes them has one where it is open.
    """

    def best(problem: SitingProblem, opened: BoolArray, asks: Asks) -> float | None:
        small, travel, weight = Small(), dense_travel(problem), problem.demand.weight
        sites, taken = problem.sites, load_of(problem.demand)
        sign = -1.0 if price is not None or travel_counts else 1.0
        unit = {True: price or 0.0, False: 1.0}[price is not None]
        by_site: dict[int, dict[int, float]] = {j: {} for j in np.flatnonzero(opened)}
        by_place: dict[int, dict[int, float]] = {i: {} for i in np.flatnonzero(weight > 0)}
        money: dict[int, float] = {}
        units: dict[int, float] = {}
        for i, places in by_place.items():
            for j, load in by_site.items():
                if np.isfinite(travel[i, j]):
                    gain = -unit * weight[i] * travel[i, j] if sign < 0 else 0.0 if worst else weight[i]
                    x = small.column(upper=1.0, whole=single, gain=gain)
                    places[x], load[x] = 1.0, taken[i]
                    if price is not None:
                        money[x] = -gain
        for places in by_place.values():
            small.row(places, lower=1.0 if everybody else 0.0, upper=1.0)
        for j, load in by_site.items():
            if asks.least is not None:
                small.row(load, lower=asks.least[j])
            small.row(load, upper=sites.capacity[j])
            if kinds and (at_existing or sites.status[j] in (0, 2)):
                here = {small.column(upper=m, whole=True, gain=-c * (price is not None)): (q, c) for q, c, m in kinds}
                small.row({**load, **{n: -q for n, (q, _) in here.items()}}, upper=0.0)
                small.row(dict.fromkeys(here, 1.0), lower=1.0)
                money |= {n: c for n, (_, c) in here.items()}
                units |= dict.fromkeys(here, 1.0)
        if asks.units is not None:
            small.row(units, lower=asks.units, upper=asks.units)
        fixed = sites_cost(sites, opened)
        small.row(money, upper=asks.budget - fixed + 1e-9)
        _districts(small, problem.demand, by_place, asks, worst=worst)
        found = small.most()
        if found is None:
            return None
        return fixed - found if price is not None else sign * found

    return best


def going_nearest(problem: SitingProblem, opened: BoolArray, asks: Asks, *, kinds: Sequence[Kind] = ()) -> float | None:
    """Weight that fits where everybody goes to the nearest open site, the first of those as near, all to one share."""
    travel, sites, small = dense_travel(problem), problem.sites, Small()
    coming, people, taken = np.zeros(len(sites)), np.zeros(len(sites)), load_of(problem.demand)
    for i, weight in enumerate(problem.demand.weight):
        reached = [j for j in np.flatnonzero(opened) if np.isfinite(travel[i, j])]
        if reached:
            nearest = min(reached, key=lambda j: (travel[i, j], j))
            coming[nearest] += taken[i]
            people[nearest] += weight
    money: dict[int, float] = {}
    units: dict[int, float] = {}
    for j in np.flatnonzero(opened):
        most = 1.0 if coming[j] <= sites.capacity[j] else float(sites.capacity[j] / coming[j])
        fits = small.column(upper=most, gain=people[j])
        if kinds and sites.status[j] in (0, 2):
            here = {small.column(upper=m, whole=True): (q, c) for q, c, m in kinds}
            small.row({fits: coming[j], **{n: -q for n, (q, _) in here.items()}}, upper=0.0)
            small.row(dict.fromkeys(here, 1.0), lower=1.0)
            money |= {n: c for n, (_, c) in here.items()}
            units |= dict.fromkeys(here, 1.0)
    if asks.units is not None:
        small.row(units, lower=asks.units, upper=asks.units)
    small.row(money, upper=asks.budget - sites_cost(sites, opened) + 1e-9)
    return small.most()


def _districts(small: Small, demand: Demand, by_place: dict[int, dict[int, float]], asks: Asks, *, worst: bool) -> None:
    """Rows for floors of coverage, and a column for the worst share where it is the objective."""
    least = small.column(upper=1.0, gain=1.0) if worst else None
    for name, total in district_weight(demand).items():
        entries: dict[int, float] = {}
        for i, places in by_place.items():
            if (demand.group[i] or "all") == name:
                entries |= dict.fromkeys(places, demand.weight[i] / total)
        small.row(entries, lower=asks.floors.get(name, 0.0) - 1e-9)
        if least is not None:
            small.row({**entries, least: -1.0}, lower=0.0)


def tiers(*, by_cost: bool, single: bool = False) -> Truth:
    """Amounts through open chains: the most served, or the least cost of serving everybody; `single`: a place whole."""

    def best(problem: TierProblem, opened: BoolArray, asks: Asks) -> float | None:
        small, sites, weight = Small(), problem.sites, problem.demand.weight
        taken = load_of(problem.demand)
        out: list[dict[int, float]] = [{} for _ in sites.ids]
        into: list[dict[int, float]] = [{} for _ in sites.ids]
        by_place: dict[int, dict[int, float]] = {i: {} for i in np.flatnonzero(weight > 0)}
        money: dict[int, float] = {}
        for i, j, c in _stored(problem.access, problem.access_cost):
            if opened[j] and weight[i] > 0:
                x = small.column(gain=-taken[i] * c if by_cost else weight[i], upper=1.0, whole=single)
                by_place[i][x], out[j][x], money[x] = 1.0, taken[i], taken[i] * c
        for i, j, c in _stored(problem.feed, problem.feed_cost):
            if opened[i] and opened[j]:
                x = small.column(gain=-c if by_cost else 0.0)
                out[i][x], into[j][x], money[x] = 1.0, 1.0, c
        for places in by_place.values():
            small.row(places, lower=1.0 if by_cost else 0.0, upper=1.0)
        for j in range(len(sites)):
            small.row(out[j], upper=float(sites.capacity[j]))
            if problem.tier[j] > 0:
                small.row({**out[j], **dict.fromkeys(into[j], -1.0)}, lower=0.0, upper=0.0)
            if opened[j] and asks.least is not None:
                small.row(out[j], lower=asks.least[j])
        fixed = sites_cost(sites, opened)
        small.row(money, upper=asks.budget - fixed + 1e-9)
        _districts(small, problem.demand, by_place, asks, worst=False)
        found = small.most()
        return None if found is None else fixed - found if by_cost else found

    return best


def _stored(matrix: Any, prices: Any) -> list[tuple[int, int, float]]:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return list(zip(rows.tolist(), matrix.indices.tolist(), np.asarray(prices).tolist(), strict=True))
