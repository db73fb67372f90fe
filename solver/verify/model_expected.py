"""`expected-cover` (Daskin 1983): whole vehicles at stations, each busy a share of the time."""

import numpy as np

from models.arrays import FloatArray, IntArray
from models.messages import Listed, Message, say
from solver.verify.bounds import Draft, Sum, Terms
from solver.verify.case import Case, Model, always, never, of_all_places, weight_name
from solver.verify.proven import proven
from solver.verify.rule import prices
from solver.verify.verdict import Unchecked, apart

KIND = "vehicles"
NEAR = 1e-9
DUST, MOST = 1e-14, 1_000_000
"""A vehicle that adds less, or so many others beside it, has no column."""


def _busy(case: Case) -> float:
    if case.programme.vehicles is None:
        raise Unchecked(say("the programme has no vehicles"))
    return case.programme.vehicles.busy


def _there(case: Case) -> FloatArray:
    """Vehicles (n_sites,) of sites that are there."""
    vehicles = case.programme.vehicles
    if vehicles is None:
        return np.zeros(len(case.sites))
    old = ~case.sites["new"].to_numpy(dtype=bool) & case.sites["may_open"].to_numpy(dtype=bool)
    return np.where(old, case.numbers(vehicles.there), 0.0)


def _most(case: Case) -> FloatArray:
    """The most vehicles (n_sites,) that each site takes beside those that are there."""
    vehicles = case.programme.vehicles
    if vehicles is None:
        return np.zeros(len(case.sites))
    return np.maximum(0.0, np.floor(case.numbers(vehicles.max_per_site)) - _there(case))


def _stationed(case: Case) -> FloatArray:
    """Vehicles (n_sites,) of open sites, old and new."""
    return np.where(case.open, case.units[KIND] + _there(case), 0.0)


def expected_weight(case: Case) -> float:
    """Each place counts with the chance that not all vehicles in its reach are busy."""
    busy, at = _busy(case), _stationed(case)
    reaching = [0.0] * len(case.places)
    for place, site in zip(case.pairs.place.tolist(), case.pairs.site.tolist(), strict=True):
        reaching[place] += at[site]
    weights = case.places["weight"].tolist()
    return float(sum(w * (1.0 - busy**m) for w, m in zip(weights, reaching, strict=True)))


def vehicles_are_as_many_as_asked(case: Case) -> list[Message]:
    """One at least at every new station, no more than fit beside those that are there, and the total."""
    vehicles, ids, count = case.programme.vehicles, case.sites["id"], case.units[KIND]
    if vehicles is None:
        raise Unchecked(say("the programme has no vehicles"))
    new, most = case.sites["new"].to_numpy(dtype=bool), _most(case)
    found = [
        say("{site} is open without a vehicle", site=ids[i]) for i in np.flatnonzero(case.open & new & (count < 1))
    ]
    found += [
        say("{site} gets {n:g} vehicles; {most:g} fit", site=ids[i], n=count[i], most=most[i])
        for i in np.flatnonzero(count > most)
    ]
    if vehicles.total is not None and count.sum() != vehicles.total:
        text = "there are {n:,g} vehicles; {asked:,} are asked for ({key})"
        found.append(Message(text, {"n": count.sum(), "asked": vehicles.total, "key": "vehicles.total"}))
    return found


def the_nearest_free_vehicle_answers(case: Case) -> list[Message]:
    """Sites answer when the vehicles of all nearer sites are busy and one of theirs is not; sites as near, together."""
    busy, at = _busy(case), _stationed(case)
    by_place: dict[int, list[tuple[float, int]]] = {}
    for (place, site), travel in case.travel_of.items():
        if at[site] > 0:
            by_place.setdefault(place, []).append((travel, site))
    told = {(row.place, row.site): row.share for row in case.served.itertuples()}
    names, sites = case.places["id"], case.sites["id"]
    found = [
        say("share of {place} at {site}: no vehicle is there", place=names[i], site=sites[j])
        for i, j in sorted(told)
        if at[j] == 0
    ]
    for i, reaching in sorted(by_place.items()):
        free = 1.0
        for alike in _as_near(sorted(reaching)):
            right = free * (1.0 - busy ** sum(at[j] for j in alike))
            answered = sum(told.get((i, j), 0.0) for j in alike)
            free -= right
            if abs(answered - right) > NEAR:
                group = Listed([sites[j] for j in alike])
                found += apart(say("share of {place} at {site}", place=names[i], site=group), answered, right, within=0)
    return found


def _as_near(reaching: list[tuple[float, int]]) -> list[list[int]]:
    """Sites in order of travel, those that only rounding tells apart as one."""
    groups: list[list[int]] = []
    last = -np.inf
    for travel, site in reaching:
        if not groups or travel > last * (1 + NEAR) + NEAR:
            groups.append([])
        groups[-1].append(site)
        last = travel
    return groups


def _expected_cover(draft: Draft, case: Case, opened: IntArray) -> Terms:
    """A column for the k-th vehicle in reach of places that the same sites reach, worth (1 - q) q^(k-1) of them."""
    vehicles, n, busy = case.programme.vehicles, len(case.sites), _busy(case)
    if vehicles is None:
        raise Unchecked(say("the programme has no vehicles"))
    may, weight = case.sites["may_open"].to_numpy(dtype=bool), case.places["weight"].to_numpy()
    there, most = _there(case), np.where(may, _most(case), 0.0)
    every, (price, base) = np.arange(n), prices(case)
    count = draft.columns(np.zeros(n), 0.0, most, whole=True)
    reached: dict[int, list[int]] = {}
    for i, j in zip(case.pairs.place.tolist(), case.pairs.site.tolist(), strict=True):
        if may[j] and weight[i] > 0:
            reached.setdefault(i, []).append(j)
    alike: dict[frozenset[int], list[int]] = {}
    for i, sites in reached.items():
        alike.setdefault(frozenset(sites), []).append(i)
    columns, amounts, owners = [], [], []
    for of, places in alike.items():
        at = np.array(sorted(of), dtype=np.int64)
        placed = float(most[at].sum())
        number = int((placed if vehicles.total is None else min(placed, vehicles.total)) + there[at].sum())
        worth = (1.0 - busy) * busy ** np.arange(min(number, MOST), dtype=float)
        worth = worth[worth > DUST]
        number = len(worth)
        own = draft.columns(-worth * float(weight[places].sum()), 0.0, 1.0, whole=False)
        row = np.zeros(len(at), dtype=np.int64)
        draft.rows(
            1,
            0.0,
            (np.zeros(number, dtype=np.int64), own, np.ones(number)),
            (row, count[at], -np.ones(len(at))),
            (row, opened[at], -there[at]),
        )
        for i in places:
            columns.append(own)
            amounts.append(weight[i] * worth)
            owners.append(np.full(number, i))
    draft.rows(n, 0.0, (every, count, np.ones(n)), (every, opened, -most))
    new = np.flatnonzero(case.sites["new"].to_numpy(dtype=bool))
    line = np.arange(len(new))
    draft.rows(len(new), 0.0, (line, opened[new], np.ones(len(new))), (line, count[new], -np.ones(len(new))))
    if vehicles.total is not None:
        draft.total(count, 1.0, most=vehicles.total, least=vehicles.total)
    paid = (Sum(opened, price, every), Sum(count, case.money(vehicles.cost), every))
    none = np.zeros(0, dtype=np.int64)
    covered = Sum(np.concatenate([none, *columns]), np.concatenate([none, *amounts]), np.concatenate([none, *owners]))
    return Terms(opened, paid, base=base, covered=covered)


def _the_total(case: Case) -> tuple[str, ...]:
    """So many vehicles may be asked for that some are of no use."""
    vehicles = case.programme.vehicles
    return ("vehicles.total",) if vehicles is not None and vehicles.total is not None else ()


EXPECTED_COVER = Model(
    keys=frozenset({"demand", "reach", "vehicles", "phasing"}),
    sections={"Vehicles": "busy total max_per_site cost there"},
    maximises=always,
    unit=weight_name,
    worth=expected_weight,
    bound=proven,
    program=_expected_cover,
    assigns=never,
    loaded=False,
    serves_all=never,
    leaves_out=True,
    goes_to_best=False,
    chooses=False,
    idle_is_waste=True,
    asks=_the_total,
    full_value=of_all_places,
    figures={"vehicles_there": lambda case: int(_there(case).sum()) or None},
    checks=(vehicles_are_as_many_as_asked, the_nearest_free_vehicle_answers),
    plan=(vehicles_are_as_many_as_asked,),
)
