"""The textbook program of tiers: what is served and sent between open sites, with capacities, by equal reach."""

import numpy as np

from models.arrays import FloatArray, IntArray
from solver.verify.bounds import Draft
from solver.verify.case import Case
from solver.verify.tiers import access_lengths_m, feed_lengths_m, feeds


def tier_columns(draft: Draft, case: Case, opened: IntArray) -> tuple[IntArray, FloatArray]:
    """Columns of serving and feeding with their rows; the columns that cost transport, and how much a unit of each.

    Places of equal reach are one, unless carrying to them costs or they have loads of their own. What a site hands on
    is at most what it gets, and at most its capacity.
    """
    p, n = case.programme, len(case.sites)
    may, tier = case.sites["may_open"].to_numpy(), case.sites["tier"].to_numpy()
    weight, load = case.places["weight"].to_numpy(), case.places["load"].to_numpy()
    reached: dict[int, list[int]] = {}
    for i, j in zip(case.pairs.place.tolist(), case.pairs.site.tolist(), strict=True):
        if may[j] and weight[i] > 0:
            reached.setdefault(i, []).append(j)
    needs: dict[tuple[int, ...], float] = {}
    carried: dict[tuple[int, ...], float] = {}
    for i, sites in reached.items():
        key = (i if p.transport_per_km or case.has_loads else -1, *sorted(sites))
        needs[key] = needs.get(key, 0.0) + weight[i]
        carried[key] = carried.get(key, 0.0) + load[i]
    need = np.repeat(np.arange(len(needs)), [len(of) - 1 for of in needs])
    place = np.array([of[0] for of in needs], dtype=np.int64)[need]
    site = np.array([j for of in needs for j in of[1:]], dtype=np.int64)
    worth, amount = (np.array(list(of.values()))[need] for of in (needs, carried))
    total, by_cost = float(load.sum()), p.objective == "cost"
    last = amount * _last_leg(case, place, site)
    serve = draft.columns(last if by_cost else -worth, 0.0, 1.0, whole=False)
    links = [pair for pair in feeds(case) if may[pair[0]] and may[pair[1]]]
    upper, lower = (np.array(ends, dtype=np.int64) for ends in (zip(*links, strict=True) if links else ((), ())))
    price = _prices(case, links)
    feed = draft.columns(price if by_cost else np.zeros(len(links)), 0.0, total, whole=False)
    ones, every, below = np.ones(len(serve)), np.arange(n), tier > 0
    draft.rows(len(needs), 1.0, (need, serve, ones))
    if by_cost:
        draft.rows(len(needs), -1.0, (need, serve, -ones))
    got = below[lower]
    draft.rows(
        n,
        np.where(below, 0.0, total),
        (site, serve, amount),
        (upper, feed, np.ones(len(feed))),
        (lower[got], feed[got], -np.ones(int(got.sum()))),
    )
    most = np.minimum(case.sites["capacity"].to_numpy(), total)
    draft.rows(n, 0.0, (site, serve, amount), (upper, feed, np.ones(len(feed))), (every, opened, -most))
    pair = np.arange(len(serve))
    draft.rows(len(serve), 0.0, (pair, serve, ones), (pair, opened[site], -ones))
    return np.concatenate([serve, feed]), np.concatenate([last, price])


def _last_leg(case: Case, place: IntArray, site: IntArray) -> FloatArray:
    """Money per unit of every pair of place and site."""
    price = case.programme.transport_per_km
    if not price:
        return np.zeros(len(place))
    metres = access_lengths_m(case)
    ends = zip(place.tolist(), site.tolist(), strict=True)
    return np.array([price * metres[i, j] / 1000.0 for i, j in ends], dtype=np.float64)


def _prices(case: Case, links: list[tuple[int, int]]) -> FloatArray:
    """Money per unit of every link."""
    p, tier = case.programme, case.sites["tier"].to_numpy()
    if not any(section.transport_per_km for section in p.tiers):
        return np.zeros(len(links))
    metres = feed_lengths_m(case)
    return np.array([p.tiers[tier[b]].transport_per_km * metres[a, b] / 1000.0 for a, b in links], dtype=np.float64)
