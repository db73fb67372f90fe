"""`charging`: whole piles of several kinds under limits of the grid, and the energy that they give."""

import numpy as np

from models.arrays import IntArray
from models.messages import say
from solver.verify.bounds import Draft, Sum, Terms
from solver.verify.case import Case, Model, always, never, of_all_places, weight_name
from solver.verify.proven import proven_of_pairs
from solver.verify.rule import prices
from solver.verify.service import allocated_weight
from solver.verify.verdict import Unchecked


def _charging(draft: Draft, case: Case, opened: IntArray) -> Terms:
    """Needs of equal reach and load per weight are one; whole piles give the energy."""
    piles, n = case.programme.piles, len(case.sites)
    if piles is None:
        raise Unchecked(say("the programme has no piles"))
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
    every, energy, power = np.arange(n), [], []
    price, base = prices(case)
    paid = [Sum(opened, price, every)]
    for kind in piles.kinds.values():
        most = np.floor(case.numbers(kind.max_per_site))
        count = draft.columns(np.zeros(n), 0.0, most, whole=True)
        draft.rows(n, 0.0, (every, count, np.ones(n)), (every, opened, -most))
        paid.append(Sum(count, case.money(kind.cost), every))
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
    columns = np.concatenate([pile.columns for pile in paid[1:]])
    if piles.total is not None:
        draft.total(columns, 1.0, most=piles.total, least=piles.total)
    for name, share in piles.min_share.items():
        own = np.repeat([float(kind == name) for kind in piles.kinds], n)
        draft.total(columns, own - share, most=None, least=0.0)
    return Terms(opened, tuple(paid), base=base)


def _the_total(case: Case) -> tuple[str, ...]:
    """So many piles may be asked for that some are of no use."""
    piles = case.programme.piles
    return ("piles.total",) if piles is not None and piles.total is not None else ()


CHARGING = Model(
    keys=frozenset({"demand", "reach", "piles", "phasing"}),
    sections={
        "Piles": "total at_least_where_open grid_limit_kw min_share kinds",
        "PileKind": "power_kw energy_kwh_per_day cost max_per_site",
    },
    maximises=always,
    unit=weight_name,
    worth=allocated_weight,
    bound=proven_of_pairs,
    program=_charging,
    assigns=always,
    loaded=True,
    serves_all=never,
    leaves_out=True,
    goes_to_best=False,
    chooses=True,
    idle_is_waste=True,
    asks=_the_total,
    full_value=of_all_places,
)
