"""The textbook program of assignment: z_ij, the share of place i that site j serves, within capacities and modules."""

import numpy as np

from models.arrays import FloatArray, IntArray
from solver.verify.bounds import Draft, Sum, Terms
from solver.verify.case import Case
from solver.verify.rule import prices


def assignment(
    draft: Draft, case: Case, opened: IntArray, *, price_of_unit: FloatArray | None, must_serve: bool, pays: bool
) -> Terms:
    """The cost of serving place i from site j is `price_of_unit` (n_pairs,) per weight, the weight itself where None.

    `must_serve`: every place is served; `pays`: sites, modules and service are one sum of money, which is least.
    """
    p, weight = case.programme, case.wanted
    load = np.where(weight > 0, case.places["load"].to_numpy(), 0.0)
    may, limit = case.sites["may_open"].to_numpy(), case.sites["capacity"].to_numpy()
    wanted_pairs = may[case.pairs.site] & (weight[case.pairs.place] > 0)
    pairs = case.pairs.where(wanted_pairs)
    n, place, site = len(pairs.place), pairs.place, pairs.site
    price, base = prices(case)
    worth = -weight[place] if price_of_unit is None else price_of_unit[wanted_pairs] * weight[place]
    serve = draft.columns(worth, 0.0, 1.0, whole=p.single_source and case.model.assigns(case))
    wanted, row = np.unique(place, return_inverse=True)
    draft.rows(len(wanted), 1.0, (row, serve, np.ones(n)))
    if must_serve:
        draft.rows(len(wanted), -1.0, (row, serve, -np.ones(n)))
    draft.rows(n, 0.0, (np.arange(n), serve, np.ones(n)), (np.arange(n), opened[site], -np.ones(n)))
    limited = np.flatnonzero(np.isfinite(limit) & may)
    at = np.flatnonzero(np.isin(site, limited))
    where = np.searchsorted(limited, site[at])
    own = np.arange(len(limited))
    draft.rows(len(limited), 0.0, (where, serve[at], load[place[at]]), (own, opened[limited], -limit[limited]))
    money = [Sum(opened, price, np.arange(len(price)))]
    money += _modules(draft, case, opened, serve, load[place], site, paid=pays)
    if pays:
        draft.cost_of_sites(price)
        money.append(Sum(serve, worth, np.full(n, -1)))
    covered = None if must_serve else Sum(serve, weight[place], place)
    return Terms(opened, tuple(money), base=base, covered=covered, offset=base if pays else 0.0)


def _modules(
    draft: Draft, case: Case, opened: IntArray, serve: IntArray, load: FloatArray, site: IntArray, *, paid: bool
) -> list[Sum]:
    """Whole modules that carry the load (n_pairs,) that a new site serves; what they cost."""
    p, n = case.programme, len(case.sites)
    if not p.sizes:
        return []
    new, every = case.sites["new"].to_numpy(), np.arange(n)
    bought: list[Sum] = []
    carried = []
    for size in p.sizes.values():
        most = np.floor(case.numbers(size.max_per_site)) * new
        cost = case.money(size.cost)
        count = draft.columns(cost if paid else 0.0 * cost, 0.0, most, whole=True)
        draft.rows(n, 0.0, (every, count, np.ones(n)), (every, opened, -most))
        bought.append(Sum(count, cost, every))
        carried.append((every, count, np.full(n, -size.capacity)))
    free = np.where(new, 0.0, float(case.places["load"].sum()))
    draft.rows(n, free, (site, serve, load), *carried)
    sized = new.astype(np.float64)
    draft.rows(n, 0.0, (every, opened, sized), *((row, count, -sized) for row, count, _ in carried))
    if p.sizes_total is not None:
        columns = np.concatenate([module.columns for module in bought])
        draft.total(columns, 1.0, most=p.sizes_total, least=p.sizes_total)
    return bought
