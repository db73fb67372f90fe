"""The textbook program of a case: the rules that are plain sums, and the model without any reduction of its maker.

Rules that are left out only make the bound weaker, never wrong.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from models.arrays import FloatArray, IntArray
from solver.inputs.columns import id_text
from solver.verify.bounds import Draft, Linear
from solver.verify.case import Case
from solver.verify.money import price_of_travel
from solver.verify.service import assigns, decay
from solver.verify.tier_program import tier_columns
from solver.verify.verdict import Unchecked

MOST_PAIRS = 400_000
"""Programs of more pairs of places and sites take too long to be solved again."""


def textbook(case: Case) -> tuple[Linear, float]:
    """The program, and what is added to its objective."""
    model = case.programme.model
    if model not in PROGRAMS:
        raise Unchecked(f"no program of {model} is written anew here")
    draft = Draft()
    opened = site_columns(draft, case)
    offset = PROGRAMS[model](draft, case, opened)
    return draft.build(), offset


def site_columns(draft: Draft, case: Case) -> IntArray:
    """A column per site, and the rules that are sums of them."""
    table, p = case.sites, case.programme
    must = table["status"].isin(["existing", "required"]).to_numpy(dtype=float)
    opened = draft.columns(np.zeros(len(table)), must, table["may_open"].to_numpy(dtype=float), whole=True)
    new = table["new"].to_numpy()
    least = [n for n in (p.open, p.open_at_least) if n is not None]
    most = [n for n in (p.open, p.open_at_most) if n is not None]
    draft.total(opened[new], 1.0, most=min(most, default=None), least=max(least, default=None))
    _groups(draft, case, opened)
    row = case.row_of
    for sets in (p.at_most_one_of, p.forbidden_pairs):
        for group in sets:
            draft.total(opened[[row[site] for site in group]], 1.0, most=1.0, least=None)
    for a, b in p.needs:
        draft.total(opened[[row[a], row[b]]], np.array([1.0, -1.0]), most=0.0, least=None)
    return opened


def _groups(draft: Draft, case: Case, opened: IntArray) -> None:
    table, p = case.sites, case.programme
    rules: list[tuple[FloatArray, FloatArray, object, object]] = [
        (table["group"].to_numpy(dtype=object), table["new"].to_numpy(), p.at_least_per_group, p.at_most_per_group)
    ]
    for rule in p.group_rules:
        of = case.inputs.site_frame[rule.column].map(lambda v: "" if pd.isna(v) else id_text(v)).to_numpy(dtype=object)
        counted = table["new"] if rule.counts == "new" else table["status"] != "competitor"
        rules.append((of, counted.to_numpy(), rule.at_least, rule.at_most))
        rules.append((of, counted.to_numpy(), rule.exactly, rule.exactly))
    for of, counted, least, most in rules:
        for group in sorted({g for g, one in zip(of, counted, strict=True) if one and g}):
            at = opened[(of == group) & counted]
            draft.total(at, 1.0, most=_of(most, group), least=_of(least, group))


def _of(number: object, group: str) -> float | None:
    if isinstance(number, Mapping):
        return float(number[group]) if group in number else None
    return float(number) if isinstance(number, int) else None


def _prices(case: Case) -> tuple[FloatArray, float]:
    """What opening each site adds to the cost, and the cost with all of them closed."""
    table = case.sites
    closable = (table["status"] == "closable").to_numpy()
    price = np.where(table["new"], table["cost"], 0.0) - np.where(closable, table["closing"], 0.0)
    return price, float(table["closing"][closable].sum())


def _budget(draft: Draft, case: Case, *paid: tuple[IntArray, FloatArray]) -> None:
    if case.programme.budget is not None and not case.member:
        columns = np.concatenate([column for column, _ in paid])
        values = np.concatenate([value for _, value in paid])
        draft.total(columns, values, most=case.programme.budget - _prices(case)[1], least=None)


def floors(draft: Draft, case: Case, place: IntArray, column: IntArray, amount: FloatArray) -> None:
    """floor_share: `amount` of the weight of `place` is covered by each column."""
    floor, places = case.programme.floor_share, case.places
    if floor is None:
        return
    total = places.groupby("group")["weight"].sum()
    group = places["group"].to_numpy()[place]
    for name, weight in total.items():
        least = floor.get(str(name), 0.0) if isinstance(floor, dict) else floor
        at = group == name
        if least > 0 and weight > 0:
            draft.total(column[at], amount[at] / weight, most=None, least=least)


def _max_cover(draft: Draft, case: Case, opened: IntArray) -> float:
    """y_k <= sum of x over the set of class k, which is a level of coverage of some places."""
    place_of, sets, amount = _levels(case)
    known: dict[frozenset[int], int] = {}
    number = np.array([known.setdefault(of, len(known)) for of in sets], dtype=np.int64)
    gain = np.bincount(number, weights=amount, minlength=len(known)).astype(np.float64)
    covered = draft.columns(-gain, 0.0, 1.0, whole=case.programme.backup > 1)
    row = np.repeat(np.arange(len(known)), [len(of) for of in known])
    site = np.array([j for of in known for j in sorted(of)], dtype=np.int64)
    every = np.arange(len(known))
    draft.rows(
        len(known),
        0.0,
        (every, covered, np.full(len(known), float(case.programme.backup))),
        (row, opened[site], -np.ones(len(row))),
    )
    _budget(draft, case, (opened, _prices(case)[0]))
    floors(draft, case, place_of, covered[number], amount)
    return 0.0


def _levels(case: Case) -> tuple[IntArray, list[frozenset[int]], FloatArray]:
    """Place, sites that cover it so well or better, and the weight that this level adds."""
    may, weight = case.sites["may_open"].to_numpy(), case.places["weight"].to_numpy()
    by_place: dict[int, dict[int, float]] = {}
    for i, j, t in zip(case.pairs.place.tolist(), case.pairs.site.tolist(), case.pairs.travel.tolist(), strict=True):
        share = decay(case, t)
        if may[j] and share > 0 and weight[i] > 0:
            by_place.setdefault(i, {})[j] = share
    places, sets, amount = [], [], []
    for i, of in by_place.items():
        steps = sorted({*of.values()}, reverse=True)
        for level, lower in zip(steps, [*steps[1:], 0.0], strict=True):
            places.append(i)
            sets.append(frozenset(j for j, share in of.items() if share >= level))
            amount.append(weight[i] * (level - lower))
    return np.array(places, dtype=np.int64), sets, np.array(amount)


def _set_cover(draft: Draft, case: Case, opened: IntArray) -> float:
    """sum of x over the sites that reach a place >= backup."""
    by_cost = case.programme.objective == "cost"
    price, base = _prices(case)
    counted = case.sites["new"].to_numpy(dtype=float)
    draft._cost[0] = price if by_cost else counted
    reached: dict[int, set[int]] = {}
    may = case.sites["may_open"].to_numpy()
    for i, j in zip(case.pairs.place.tolist(), case.pairs.site.tolist(), strict=True):
        if may[j]:
            reached.setdefault(i, set()).add(j)
    asked = case.programme.backup
    known = sorted({frozenset(of) for of in reached.values() if len(of) >= asked}, key=sorted)
    row = np.repeat(np.arange(len(known)), [len(of) for of in known])
    site = np.array([j for of in known for j in sorted(of)], dtype=np.int64)
    draft.rows(len(known), -float(asked), (row, opened[site], -np.ones(len(row))))
    _budget(draft, case, (opened, price))
    return base if by_cost else 0.0


def _assignment(draft: Draft, case: Case, opened: IntArray) -> float:
    """z_ij, the share of place i that site j serves (p-median, fixed-charge, capacitated-cover)."""
    p, weight = case.programme, case.wanted
    load = np.where(weight > 0, case.places["load"].to_numpy(), 0.0)
    may, limit = case.sites["may_open"].to_numpy(), case.sites["capacity"].to_numpy()
    pairs = case.pairs.where(may[case.pairs.site] & (weight[case.pairs.place] > 0))
    n, place, site = len(pairs.place), pairs.place, pairs.site
    price, base = _prices(case)
    worth = _worth(case, pairs.travel, weight[place])
    serve = draft.columns(worth, 0.0, 1.0, whole=p.single_source and assigns(case))
    wanted, row = np.unique(place, return_inverse=True)
    draft.rows(len(wanted), 1.0, (row, serve, np.ones(n)))
    if p.model != "capacitated-cover":
        draft.rows(len(wanted), -1.0, (row, serve, -np.ones(n)))
    draft.rows(n, 0.0, (np.arange(n), serve, np.ones(n)), (np.arange(n), opened[site], -np.ones(n)))
    limited = np.flatnonzero(np.isfinite(limit) & may)
    at = np.flatnonzero(np.isin(site, limited))
    where = np.searchsorted(limited, site[at])
    own = np.arange(len(limited))
    draft.rows(len(limited), 0.0, (where, serve[at], load[place[at]]), (own, opened[limited], -limit[limited]))
    paid = [(opened, price), *_modules(draft, case, opened, serve, load[place], site)]
    if p.model == "fixed-charge":
        draft._cost[0] = price
        paid.append((serve, worth))
    _budget(draft, case, *paid)
    if p.model == "capacitated-cover":
        floors(draft, case, place, serve, weight[place])
    return base if p.model == "fixed-charge" else 0.0


def _worth(case: Case, travel: FloatArray, weight: FloatArray) -> FloatArray:
    """What each pair adds to the objective."""
    if case.programme.model == "capacitated-cover":
        return -weight
    price = 1.0 if case.programme.model == "p-median" else price_of_travel(case)
    return np.asarray(price * weight * np.array([case.counted(t) for t in travel.tolist()]))


def _modules(
    draft: Draft, case: Case, opened: IntArray, serve: IntArray, load: FloatArray, site: IntArray
) -> list[tuple[IntArray, FloatArray]]:
    """Whole modules that carry the load (n_pairs,) that a new site serves; what they cost."""
    p, n = case.programme, len(case.sites)
    if not p.sizes:
        return []
    new, every, paid, carried = case.sites["new"].to_numpy(), np.arange(n), [], []
    for size in p.sizes.values():
        most = np.floor(case.numbers(size.max_per_site)) * new
        cost = case.money(size.cost)
        count = draft.columns(cost if p.model == "fixed-charge" else 0.0 * cost, 0.0, most, whole=True)
        draft.rows(n, 0.0, (every, count, np.ones(n)), (every, opened, -most))
        paid.append((count, cost))
        carried.append((every, count, np.full(n, -size.capacity)))
    free = np.where(new, 0.0, float(case.places["load"].sum()))
    draft.rows(n, free, (site, serve, load), *carried)
    sized = new.astype(np.float64)
    draft.rows(n, 0.0, (every, opened, sized), *((row, count, -sized) for row, count, _ in carried))
    if p.sizes_total is not None:
        columns = np.concatenate([count for count, _ in paid])
        draft.total(columns, 1.0, most=p.sizes_total, least=p.sizes_total)
    return paid


def _charging(draft: Draft, case: Case, opened: IntArray) -> float:
    """Needs of equal reach and load per weight are one; whole piles give the energy."""
    piles, n = case.programme.piles, len(case.sites)
    if piles is None:
        raise Unchecked("the programme has no piles")
    may, weight = case.sites["may_open"].to_numpy(), case.places["weight"].to_numpy()
    load = case.places["load"].to_numpy()
    reached: dict[int, list[int]] = {}
    for i, j in zip(case.pairs.place.tolist(), case.pairs.site.tolist(), strict=True):
        if may[j] and weight[i] > 0:
            reached.setdefault(i, []).append(j)
    needs: dict[tuple[frozenset[int], float], tuple[float, float]] = {}
    for i, sites in reached.items():
        key = (frozenset(sites), load[i] / weight[i])
        told = needs.get(key, (0.0, 0.0))
        needs[key] = (told[0] + weight[i], told[1] + load[i])
    need = np.repeat(np.arange(len(needs)), [len(of) for of, _ in needs])
    site = np.array([j for of, _ in needs for j in sorted(of)], dtype=np.int64)
    worth, amount = np.array([*needs.values()]).reshape(-1, 2)[need].T
    serve = draft.columns(-worth, 0.0, 1.0, whole=False)
    draft.rows(len(needs), 1.0, (need, serve, np.ones(len(serve))))
    every, paid, energy, power = np.arange(n), [(opened, _prices(case)[0])], [], []
    for kind in piles.kinds.values():
        most = np.floor(case.numbers(kind.max_per_site))
        count = draft.columns(np.zeros(n), 0.0, most, whole=True)
        draft.rows(n, 0.0, (every, count, np.ones(n)), (every, opened, -most))
        paid.append((count, case.money(kind.cost)))
        energy.append((every, count, np.full(n, -kind.energy_kwh_per_day)))
        power.append((every, count, np.full(n, kind.power_kw)))
    draft.rows(n, 0.0, (site, serve, amount), *energy)
    most_energy = np.minimum(case.sites["capacity"].to_numpy(), float(load.sum()))
    light = np.flatnonzero(amount == 0)
    row, ones = np.arange(len(light)), np.ones(len(light))
    draft.rows(len(light), 0.0, (row, serve[light], ones), (row, opened[site[light]], -ones))
    draft.rows(n, 0.0, (site, serve, amount), (every, opened, -most_energy))
    fewest = np.full(n, float(piles.at_least_where_open))
    draft.rows(n, 0.0, (every, opened, fewest), *((row, count, -np.ones(n)) for row, count, _ in energy))
    if piles.grid_limit_kw is not None:
        draft.rows(n, 0.0, *power, (every, opened, -case.numbers(piles.grid_limit_kw)))
    columns = np.concatenate([column for column, _ in paid[1:]])
    if piles.total is not None:
        draft.total(columns, 1.0, most=piles.total, least=piles.total)
    for name, share in piles.min_share.items():
        own = np.repeat([float(kind == name) for kind in piles.kinds], n)
        draft.total(columns, own - share, most=None, least=0.0)
    _budget(draft, case, *paid)
    return 0.0


def _hierarchical(draft: Draft, case: Case, opened: IntArray) -> float:
    """Serving and feeding through tiers: the most served, or the least cost of serving all."""
    feed, carried = tier_columns(draft, case, opened)
    price, base = _prices(case)
    _budget(draft, case, (opened, price), (feed, carried))
    if case.programme.objective != "cost":
        return 0.0
    draft._cost[0] = price
    return base


PROGRAMS: dict[str, Callable[[Draft, Case, IntArray], float]] = {
    "max-cover": _max_cover,
    "set-cover": _set_cover,
    "p-median": _assignment,
    "fixed-charge": _assignment,
    "capacitated-cover": _assignment,
    "charging": _charging,
    "hierarchical": _hierarchical,
}
"""Model -> its columns and rows beside those of the sites."""


def is_whole(case: Case) -> bool:
    """Whether every rule of the programme is in its program, so that its plans are plans of the programme."""
    p = case.programme
    floored = p.floor_share is not None and p.model not in ("max-cover", "capacitated-cover")
    return not (
        p.assignment == "nearest"
        or floored
        or p.spacing_m
        or p.minimum_use is not None
        or (p.tiers and p.single_source)
    )
