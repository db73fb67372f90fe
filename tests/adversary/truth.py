"""The truth of a random town by trying every set of open sites, with small programs of its own for who serves whom."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tests.adversary.town import Town
from tests.models.truths import Small

Opened = frozenset[int]
TIE = 1e-7
"""Worths that differ by this share are the same."""
INF = float("inf")


@dataclass(frozen=True)
class Best:
    """In whole numbers: the best worth, the least that a plan of that worth costs, and the fewest sites for that.

    `floor`: the worst district's share, where the study asks for it as an objective.
    """

    worth: float
    cost: float
    sites: int
    floor: float | None = None


@dataclass(frozen=True)
class Judged:
    """A choice of sites: its best worths in their order (more is better), and the least cost of worths as good."""

    worth: tuple[float, ...]
    least_cost: Callable[[tuple[float, ...]], float]


def maximises(town: Town) -> bool:
    """Is more of the objective better?"""
    target = "target_share" in town.keys.get("market", {})
    return town.model in ("max-cover", "capacitated-cover", "charging", "market-share", "p-dispersion") and not target


def choices(town: Town) -> Iterator[Opened]:
    """Every set of open sites that statuses allow."""
    must = {j for j, s in enumerate(town.sites) if s.status in ("existing", "required")}
    free = [j for j, s in enumerate(town.sites) if s.status in ("candidate", "closable")]
    for size in range(len(free) + 1):
        for chosen in itertools.combinations(free, size):
            yield frozenset(must | set(chosen))


def new_of(town: Town, opened: Opened) -> list[int]:
    """Open sites that are new."""
    return [j for j in opened if town.sites[j].is_new]


def sites_cost(town: Town, opened: Opened) -> float:
    """Of opening and of closing."""
    closed = [s.closing for j, s in enumerate(town.sites) if s.status == "closable" and j not in opened]
    return float(sum(town.sites[j].cost for j in new_of(town, opened)) + sum(closed))


def turned(town: Town, opened: Opened) -> int:
    """Sites that open or close."""
    closed = sum(s.status == "closable" and j not in opened for j, s in enumerate(town.sites))
    return len(new_of(town, opened)) + closed


def keeps(town: Town, opened: Opened) -> bool:
    """Are the rules kept that concern the choice of sites alone?"""
    keys, new = town.keys, new_of(town, opened)
    here = {town.sites[j].id for j in opened}
    pairs = [*keys.get("forbidden_pairs", ()), *keys.get("at_most_one_of", ())]
    return (
        keys.get("open", len(new)) == len(new)
        and keys.get("open_at_least", 0) <= len(new) <= keys.get("open_at_most", len(new))
        and all(b in here for a, b in keys.get("needs", ()) if a in here)
        and all(len(here & set(ids)) <= 1 for ids in pairs)
        and _groups_kept(town, opened)
        and _apart(town, opened)
    )


def _groups_kept(town: Town, opened: Opened) -> bool:
    keys, sites = town.keys, town.sites
    for name in {s.group for s in sites if s.is_new}:
        n = sum(sites[j].group == name for j in new_of(town, opened))
        if not keys.get("at_least_per_group", 0) <= n <= keys.get("at_most_per_group", n):
            return False
    for rule in keys.get("group_rules", ()):
        counted = {
            j for j, s in enumerate(sites) if s.is_new or (rule["counts"] == "open" and s.status != "competitor")
        }
        for name in {sites[j].owner for j in counted} - {""}:
            n = sum(sites[j].owner == name for j in counted & opened)
            if not rule.get("at_least", 0) <= n <= rule.get("at_most", n):
                return False
    return True


def _apart(town: Town, opened: Opened) -> bool:
    least = town.keys.get("spacing_m", 0)
    there = opened if town.keys.get("spacing_from_existing") else frozenset(new_of(town, opened))
    return all(straight(town, j, k) >= least - 1e-6 for j in new_of(town, opened) for k in there if j != k)


def straight(town: Town, j: int, k: int) -> float:
    """Metres between two sites."""
    (a, b), (c, d) = town.sites[j].xy, town.sites[k].xy
    return float(((a - c) ** 2 + (b - d) ** 2) ** 0.5)


def best_of(town: Town) -> Best | None:
    """The best plan of a town, None where none keeps the rules."""
    judged = [(o, j) for o in choices(town) if keeps(town, o) and (j := judge(town, o)) is not None]
    if not judged:
        return None
    worth = max(j.worth for _, j in judged)
    as_good = [(j.least_cost(worth), turned(town, o)) for o, j in judged if _as_good(j.worth, worth)]
    cost = min(c for c, _ in as_good)
    sites = min(n for c, n in as_good if c <= cost + 1e-6 * max(1.0, cost))
    order = town.keys.get("objective_order", ["coverage"])
    value = worth[order.index("coverage")] if "coverage" in order else None
    floor = worth[order.index("floor")] if "floor" in order else None
    return Best(INF if value is None else value if maximises(town) else -value, cost, sites, floor)


def _as_good(worth: tuple[float, ...], best: tuple[float, ...]) -> bool:
    return all(a >= b - TIE * max(1.0, abs(b)) for a, b in zip(worth, best, strict=True))


def judge(town: Town, opened: Opened) -> Judged | None:
    """What a choice of sites is worth, None where its rules cannot be kept."""
    model, keys = town.model, town.keys
    if keys.get("assignment") == "nearest" or (model in ("max-cover", "market-share")):
        return _by_shares(town, opened)
    if model in ("set-cover", "p-center", "p-dispersion"):
        return _by_sites(town, opened)
    return Assigned(town, opened).judged()


def _priced(town: Town, opened: Opened, worths: tuple[float, ...] | None) -> Judged | None:
    cost = sites_cost(town, opened)
    if worths is None or cost > town.keys.get("budget", INF) + 1e-9:
        return None
    return Judged(worths, lambda _worth: cost)


def shares(town: Town, opened: Opened) -> list[float]:
    """Covered share of every place, where no capacity shares it out."""
    if town.model == "market-share":
        return [_huff(town, opened, i) for i in range(len(town.places))]
    if town.keys.get("assignment") == "nearest":
        return _fits(town, opened)
    found = []
    for i in range(len(town.places)):
        near = sorted(t for j in opened if (t := town.reach(i, j)) is not None)
        if "decay" in town.keys:
            full = town.keys["decay"]["full_m"]
            found.append(max((min(1.0, (town.limit - t) / (town.limit - full)) for t in near), default=0.0))
        else:
            found.append(float(len(near) >= town.keys.get("backup", 1)))
    return found


def _huff(town: Town, opened: Opened, i: int) -> float:
    market = town.keys["market"]
    ours = rivals = 0.0
    for j, site in enumerate(town.sites):
        t = town.reach(i, j)
        if t is not None and (j in opened or site.status == "competitor"):
            pull = 2.0 / max(t, market["least_travel_m"])
            ours, rivals = (ours, rivals + pull) if site.status == "competitor" else (ours + pull, rivals)
    return ours / (ours + rivals) if ours else 0.0


def _fits(town: Town, opened: Opened) -> list[float]:
    """Everybody goes to the nearest open site, the first of those as near; what fits is served, in equal shares."""
    goes = {}
    for i in range(len(town.places)):
        near = [(t, j) for j in opened if (t := town.reach(i, j)) is not None]
        if near:
            goes[i] = min(near)[1]
    found = [0.0] * len(town.places)
    for i, j in goes.items():
        coming = sum(town.weights[k] for k in goes if goes[k] == j)
        room = town.sites[j].capacity
        found[i] = 1.0 if room is None or coming <= room else room / coming
    return found


def _by_shares(town: Town, opened: Opened) -> Judged | None:
    covered, weights = shares(town, opened), town.weights
    total: dict[str, float] = {}
    got: dict[str, float] = {}
    for place, weight, share in zip(town.places, weights, covered, strict=True):
        total[place.group] = total.get(place.group, 0.0) + weight
        got[place.group] = got.get(place.group, 0.0) + weight * share
    by_district = {name: got[name] / total[name] for name in total if total[name] > 0}
    worst, worth = min(by_district.values()), sum(got.values())
    if worst < town.keys.get("floor_share", 0.0) - 1e-9:
        return None
    target = town.keys.get("market", {}).get("target_share")
    if target is not None:
        enough = worth >= target * sum(weights) - 1e-9
        cost = sites_cost(town, opened) if town.keys.get("objective") == "cost" else float(len(new_of(town, opened)))
        return _priced(town, opened, (-cost,) if enough else None)
    order = {"floor": worst, "coverage": worth}
    return _priced(town, opened, tuple(order[name] for name in town.keys.get("objective_order", ["coverage"])))


def _by_sites(town: Town, opened: Opened) -> Judged | None:
    usable = [j for j, s in enumerate(town.sites) if s.status not in ("forbidden", "competitor")]
    if town.model == "p-dispersion":
        pairs = [(j, k) for j in usable for k in usable if j < k and (town.sites[j].is_new or town.sites[k].is_new)]
        far = [straight(town, j, k) for j, k in pairs if j in opened and k in opened]
        most = max((straight(town, j, k) for j, k in pairs), default=0.0)
        return _priced(town, opened, (min(far, default=most),))
    worst = 0.0
    for i, weight in enumerate(town.weights):
        near = {j: t for j in usable if (t := town.reach(i, j)) is not None}
        need = town.keys.get("backup", 1)
        mine = sorted(t for j, t in near.items() if j in opened)
        if len(near) < need or (weight == 0 and town.model == "p-center"):
            continue
        if len(mine) < need:
            return None
        worst = max(worst, mine[0])
    if town.model == "p-center":
        return _priced(town, opened, (-worst,))
    by_cost = town.keys.get("objective") == "cost"
    return _priced(town, opened, (-sites_cost(town, opened) if by_cost else -float(len(new_of(town, opened))),))


class Assigned:
    """Who serves whom at open sites, as a small program: capacities, units, money, loads, floors."""

    def __init__(self, town: Town, opened: Opened) -> None:
        self.town, self.opened, self.small = town, opened, Small()
        self.money: dict[int, float] = {}
        self.units: dict[int, str] = {}
        self.load: dict[int, dict[int, float]] = {j: {} for j in opened}
        self.by_place: dict[int, dict[int, float]] = {}
        self.fixed = sites_cost(town, opened)
        self.possible = True
        for i, weight in enumerate(town.weights):
            if weight:
                self._place(i, float(weight))
        for j in opened:
            self._site(j)
        self._all()

    def _place(self, i: int, weight: float) -> None:
        town, small = self.town, self.small
        everybody = town.model in ("p-median", "fixed-charge")
        usable = [j for j, s in enumerate(town.sites) if s.status != "forbidden" and town.reach(i, j) is not None]
        if everybody and not usable:
            return
        mine: dict[int, float] = {}
        for j in self.opened:
            t = town.reach(i, j)
            if t is None:
                continue
            price = town.keys.get("transport_per_km", 0.0) / 1000 * t
            counted = (t / 1000) ** 2 if "impedance" in town.keys else t
            gain = {"p-median": -weight * counted, "fixed-charge": -weight * price}.get(town.model, weight)
            x = small.column(upper=1.0, whole=bool(town.keys.get("single_source")), gain=gain)
            mine[x], self.load[j][x] = 1.0, weight
            if town.model == "fixed-charge":
                self.money[x] = weight * price
        small.row(mine, lower=1.0 if everybody else 0.0, upper=1.0)
        self.by_place[i] = mine

    def _site(self, j: int) -> None:
        site, keys, small = self.town.sites[j], self.town.keys, self.small
        if site.capacity is not None:
            small.row(dict(self.load[j]), upper=float(site.capacity))
        if "minimum_use" in keys:
            small.row(dict(self.load[j]), lower=float(keys["minimum_use"]))
        kinds: Mapping[str, Any] = keys.get("piles", {}).get("kinds", {}) or (
            keys.get("sizes", {}) if site.is_new else {}
        )
        if not kinds:
            return
        load, power = dict(self.load[j]), {}
        here: dict[int, float] = {}
        for name, kind in kinds.items():
            in_objective = self.town.model == "fixed-charge"
            n = small.column(upper=kind["max_per_site"], whole=True, gain=-float(kind["cost"]) if in_objective else 0.0)
            here[n], load[n], power[n] = 1.0, -float(kind.get("capacity", 0) or kind["energy_kwh_per_day"]), 0.0
            power[n] = float(kind.get("power_kw", 0.0))
            self.units[n], self.money[n] = name, float(kind["cost"])
        small.row(load, upper=0.0)
        small.row(here, lower=1.0)
        if "grid_limit_kw" in keys.get("piles", {}):
            small.row(power, upper=float(keys["piles"]["grid_limit_kw"]))

    def _all(self) -> None:
        town, small = self.town, self.small
        small.row(dict(self.money), upper=min(town.keys.get("budget", INF) - self.fixed + 1e-9, 1e12))
        if "sizes_total" in town.keys:
            total = float(town.keys["sizes_total"])
            small.row(dict.fromkeys(self.units, 1.0), lower=total, upper=total)
        for name, share in town.keys.get("piles", {}).get("min_share", {}).items():
            small.row({n: float(kind == name) - share for n, kind in self.units.items()}, lower=0.0)
        floor = town.keys.get("floor_share", 0.0)
        for group in {p.group for p in town.places} if floor else ():
            own = [i for i, p in enumerate(town.places) if p.group == group and p.weight]
            row = {x: float(town.weights[i]) for i in own for x in self.by_place.get(i, {})}
            if own:
                small.row(row, lower=floor * sum(town.weights[i] for i in own) - 1e-9)

    def judged(self) -> Judged | None:
        """The most of the objective, then what it costs at least."""
        most = self.small.most()
        if most is None:
            return None
        in_objective = self.town.model == "fixed-charge"
        return Judged((most - self.fixed if in_objective else most,), self._least_cost)

    def _least_cost(self, worth: tuple[float, ...]) -> float:
        small, gain = self.small, list(self.small.gain)
        if self.town.model == "fixed-charge":
            return -worth[0]
        small.row({x: g for x, g in enumerate(gain) if g}, lower=worth[0] - TIE * max(1.0, abs(worth[0])), upper=INF)
        small.gain = [-self.money.get(x, 0.0) for x in range(len(gain))]
        found = small.most()
        small.gain = gain
        small.rows.pop()
        return INF if found is None else self.fixed - found


def best_of_years(town: Town) -> Best | None:
    """The best sequence of choices over two years: what is open stays open, closable sites that closed stay closed.

    What must be there must be there at the end; required sites too.
    """
    phasing = town.keys["phasing"]
    years: list[dict[str, Any]] = phasing["years"]
    plain = {k: v for k, v in town.keys.items() if not k.startswith("open") and k != "phasing"}
    growth = int(years[1].get("growth", 1))
    later = tuple(replace(p, weight=p.later * growth) for p in town.places)
    towns = (replace(town, keys=plain), replace(town, keys=plain, places=later))
    free = tuple(replace(s, status="candidate") if s.status == "required" else s for s in town.sites)

    @cache
    def worth(year: int, opened: Opened) -> float | None:
        keys = plain | ({"floor_share": years[year]["floor_share"]} if "floor_share" in years[year] else {})
        judged = judge(replace(towns[year], keys=keys), opened)
        return None if judged is None else judged.worth[0]

    found: list[tuple[float, float]] = []
    for first, last in itertools.product(choices(replace(town, sites=free)), choices(town)):
        if not _may_follow(town, first, last) or not keeps(town, last):
            continue
        values = (worth(0, first), worth(1, last))
        costs = (sites_cost(town, first), sites_cost(town, last) - sites_cost(town, first))
        newly = (len(new_of(town, first)), len(new_of(town, last)) - len(new_of(town, first)))
        if None in values or not _years_kept(phasing, costs, newly):
            continue
        total = sum(float(y.get("counts", 1.0)) * (v or 0.0) for y, v in zip(years, values, strict=True))
        found.append((total, sum(costs)))
    if not found:
        return None
    best = max(found)[0]
    cost = min(c for w, c in found if _as_good((w,), (best,)))
    return Best(best, cost, -1)


def _may_follow(town: Town, first: Opened, last: Opened) -> bool:
    for j, site in enumerate(town.sites):
        if site.status == "closable" and j in last and j not in first:
            return False
        if site.status != "closable" and j in first and j not in last:
            return False
    return True


def _years_kept(phasing: Mapping[str, Any], costs: tuple[float, ...], newly: tuple[int, ...]) -> bool:
    money = spent = 0.0
    for year, cost, n in zip(phasing["years"], costs, newly, strict=True):
        money, spent = money + year.get("budget", INF), spent + cost
        limit, used = (money, spent) if phasing["carry_over"] else (year.get("budget", INF), cost)
        if used > limit + 1e-9 or n > year.get("open_at_most", n):
            return False
    return True
