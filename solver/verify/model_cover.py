"""Covering: `max-cover` (Church and ReVelle 1974) and `set-cover` (Toregas et al. 1971)."""

import numpy as np

from models.arrays import FloatArray, IntArray
from models.messages import Message, say
from solver.verify.bounds import Draft, Sum, Terms
from solver.verify.case import Case, Model, always, money_name, never, of_all_places, of_none, weight_name
from solver.verify.money import site_cost
from solver.verify.proven import proven
from solver.verify.rule import prices
from solver.verify.service import best_cover, decay
from solver.verify.tables import year_weights
from solver.verify.textbook import terms_of_sites
from solver.verify.years import reopened, year_case


def covered_weight(case: Case) -> float:
    """Weight that the open sites cover, each place by its best."""
    return float(case.places["weight"].to_numpy() @ best_cover(case)[0])


def _max_cover(draft: Draft, case: Case, opened: IntArray) -> Terms:
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
    return terms_of_sites(case, opened, covered=Sum(covered[number], amount, place_of))


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


def _year(case: Case, year: int) -> tuple[float, float | None]:
    """Value of one year, and its share of all demand."""
    weight, done = year_weights(case, year), best_cover(reopened(case, year_case(case, year)))[0]
    total, value = float(weight.sum()), float(weight @ done)
    return value, value / total if total > 0 else None


def sites_or_cost(case: Case) -> float:
    """New sites, or what opening and closing costs."""
    if case.programme.objective == "cost":
        return site_cost(case)
    return float((case.sites["open"] & case.sites["new"]).sum())


def sites_or_money(case: Case) -> str:
    """The unit of that."""
    return money_name(case) if case.programme.objective == "cost" else "new sites"


def _set_cover(draft: Draft, case: Case, opened: IntArray) -> Terms:
    """sum of x over the sites that reach a place >= backup."""
    by_cost = case.programme.objective == "cost"
    price, base = prices(case)
    counted = case.sites["new"].to_numpy(dtype=float)
    draft.cost_of_sites(price if by_cost else counted)
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
    return terms_of_sites(case, opened, offset=base if by_cost else 0.0)


def every_place_that_can_be_is_reached_often_enough(case: Case) -> list[Message]:
    """By as many open sites as asked, but for places that so many sites cannot reach."""
    p = case.programme
    pairs = case.pairs.where(case.sites["may_open"].to_numpy()[case.pairs.site])
    possible = np.bincount(pairs.place, minlength=len(case.places))
    _, count = case.nearest()
    asked, names = p.backup, case.places["id"]
    lost = np.flatnonzero(possible < asked)
    missed = [i for i in np.flatnonzero(possible >= asked) if count.get(int(i), 0) < asked]
    found = [
        say(
            "{place} is reached by {n} open sites; {asked} are asked for",
            place=names[i],
            n=count.get(int(i), 0),
            asked=asked,
        )
        for i in missed
    ]
    if len(lost) and p.unreachable != "leave_out":
        found += [
            say("{place} can be reached by {n} sites only; the study refuses that", place=names[i], n=possible[i])
            for i in lost
        ]
    return found


def _short_of_backup(case: Case) -> int:
    """Places that fewer sites reach than are asked for."""
    pairs = case.pairs.where(case.sites["may_open"].to_numpy()[case.pairs.site])
    reached = np.bincount(pairs.place, minlength=len(case.places))
    return int((reached < case.programme.backup).sum())


MAX_COVER = Model(
    keys=frozenset({"demand", "reach", "decay", "backup", "phasing"}),
    sections={"Decay": "shape full_m full_min steps rate"},
    words={"Decay.shape": ("linear", "exponential", "gaussian", "power", "steps")},
    maximises=always,
    unit=weight_name,
    worth=covered_weight,
    bound=proven,
    program=_max_cover,
    assigns=never,
    loaded=False,
    serves_all=never,
    leaves_out=True,
    goes_to_best=True,
    chooses=False,
    idle_is_waste=True,
    asks=of_none,
    full_value=of_all_places,
    year=_year,
)
SET_COVER = Model(
    keys=frozenset({"demand", "reach", "backup", "objective", "unreachable"}),
    words={"Programme.objective": ("coverage", "cost")},
    maximises=never,
    unit=sites_or_money,
    worth=sites_or_cost,
    bound=proven,
    program=_set_cover,
    assigns=never,
    loaded=False,
    serves_all=never,
    leaves_out=False,
    goes_to_best=True,
    chooses=False,
    idle_is_waste=True,
    asks=of_none,
    full_value=of_all_places,
    figures={"places_no_site_reaches": _short_of_backup},
    checks=(every_place_that_can_be_is_reached_often_enough,),
    plan=(every_place_that_can_be_is_reached_often_enough,),
)
