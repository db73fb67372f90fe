"""Whether service is as much and as near as the open sites allow, and no new site idle: by a graph of exchanges.

A place that one site serves may move to another at the difference of its two travels. A service is of least total
travel where no round of such moves gains (Klein 1967, A primal method for minimal cost flows, Management Science 14),
which Bellman and Ford's search for a negative cycle decides; it is the most where no chain of moves makes room for
somebody who is not served.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import NegativeCycleError, bellman_ford, breadth_first_order

from models.arrays import BoolArray, FloatArray
from models.messages import Listed, Message, say
from solver.verify.bounds import Draft, Sum, Terms
from solver.verify.case import Case
from solver.verify.rule_service import floor_rows
from solver.verify.rules import keys_that
from solver.verify.service import ROUNDING_OF_SHARES, room_of, serves
from solver.verify.verdict import Check, Text, Unchecked, shown

ROUNDING_OF_TRAVEL = 1e-6
"""A round of moves gains nothing where it gains less than this share of the longest travel."""
MOST_PAIRS, PROGRAM_S = 20_000, 20.0
"""Pairs of open sites and places that are shared out again by a program, and seconds for that."""


@dataclass(frozen=True, eq=False)
class Exchanges:
    """Least extra travel (n_open + 2, n_open + 2) of moving a unit between sites; last but one is `nobody`: who is
    not served; last is `room`: what a site has left. Inf: no move.
    """

    cost: FloatArray
    longest: float

    def negative(self) -> bool:
        """Does a round of moves gain more than rounding?"""
        graph = np.where(np.isfinite(self.cost), self.cost + ROUNDING_OF_TRAVEL * self.longest, np.inf)
        rows, columns = np.nonzero(np.isfinite(graph))
        n = len(graph)
        start = sp.csr_array((np.full(n, 1.0), (np.full(n, n), np.arange(n))), shape=(n + 1, n + 1))
        moves = sp.csr_array((graph[rows, columns], (rows, columns)), shape=(n + 1, n + 1))
        try:
            bellman_ford(sp.csr_array(moves + start), directed=True, indices=n)
        except NegativeCycleError:
            return True
        return False

    def more_could_be_served(self) -> bool:
        """Does a chain of moves lead from who is not served to a site with room?"""
        n = len(self.cost)
        rows, columns = np.nonzero(np.isfinite(self.cost))
        keep = (columns != n - 2) & (rows != n - 1)
        graph = sp.csr_array((np.ones(int(keep.sum())), (rows[keep], columns[keep])), shape=(n, n))
        order, _ = breadth_first_order(graph, n - 2, directed=True)
        return bool((order == n - 1).any())


def exchanges_of(case: Case) -> Exchanges:
    """The graph of a plan's service."""
    opened = np.flatnonzero(case.open)
    at = {int(site): k for k, site in enumerate(opened)}
    n = len(opened)
    cost = np.full((n + 2, n + 2), np.inf)
    near: dict[int, tuple[list[int], list[float]]] = {}
    for (place, site), travel in case.travel_of.items():
        if site in at:
            slots, travels = near.setdefault(place, ([], []))
            slots.append(at[site])
            travels.append(travel)
    for row in case.served.itertuples():
        if row.share <= ROUNDING_OF_SHARES or row.site not in at:
            continue
        here, own = at[row.site], case.travel_of.get((row.place, row.site), 0.0)
        slots, travels = near[row.place]
        cost[here, slots] = np.minimum(cost[here, slots], np.array(travels) - own)
        cost[here, n] = min(cost[here, n], -own)
    weight = case.places["weight"].to_numpy()
    for place in np.flatnonzero((weight > 0) & (case.share < 1 - 10 * ROUNDING_OF_SHARES)).tolist():
        if place in near:
            slots, travels = near[place]
            cost[n, slots] = np.minimum(cost[n, slots], np.array(travels))
    room, load = room_of(case)[opened], case.load[opened]
    spare = load < room - 10 * ROUNDING_OF_SHARES * np.maximum(1.0, np.minimum(room, load.sum() + 1.0))
    cost[np.flatnonzero(spare), n + 1] = 0.0
    cost[n + 1, np.flatnonzero(load > ROUNDING_OF_SHARES)] = 0.0
    np.fill_diagonal(cost, np.inf)
    longest = max((travel for _, travels in near.values() for travel in travels), default=1.0)
    return Exchanges(cost, longest or 1.0)


def _chooses(case: Case) -> bool:
    """Does the plan choose who is served?"""
    p = case.programme
    return case.model.chooses and p.assignment != "nearest" and serves(case) and case.model.assigns(case)


def _bound_by(case: Case) -> list[str]:
    """Keys that bind service beyond reach and capacity."""
    keys = [key for key in ("single_source", "phasing") if getattr(case.programme, key)]
    return [*keys, *keys_that("binds", case), *(["demand.load"] if case.has_loads else [])]


def service_is_of_least_travel(case: Case) -> list[Message] | None:
    """No round of places could change their sites and travel less in all."""
    if not _chooses(case):
        return None
    bound = _bound_by(case)
    if not bound:
        gains = exchanges_of(case).negative()
        return [say("some places could change their sites and travel less in all")] if gains else []
    if {"phasing", "objective_order"} & set(bound):
        raise Unchecked(say("{bound} may keep it from that", bound=Listed(tuple(bound))))
    return _by_program(case)


def _by_program(case: Case, *, most: bool = False) -> list[Message]:
    """The least travel of as large a service from the open sites under the rules that bind it; or the most service."""
    p, draft = case.programme, Draft()
    weight, load = (case.places[name].to_numpy(dtype=np.float64) for name in ("weight", "load"))
    pairs = [(i, j, t) for (i, j), t in case.travel_of.items() if case.open[j] and weight[i] > 0]
    if len(pairs) > MOST_PAIRS:
        raise Unchecked(say("{n:,} pairs are too many to share out again", n=len(pairs)))
    place, site = np.array([i for i, _, _ in pairs], dtype=int), np.array([j for _, j, _ in pairs], dtype=int)
    travel = np.array([t for _, _, t in pairs]) * weight[place]
    share = draft.columns(-weight[place] if most else travel, 0.0, 1.0, whole=p.single_source)
    n, total = len(case.sites), float(weight @ case.share)
    draft.rows(len(weight), 1.0, (place, share, np.ones(len(pairs))))
    draft.rows(n, np.minimum(room_of(case), load.sum()), (site, share, load[place]))
    if p.minimum_use is not None:
        least = np.where(case.open, case.numbers(p.minimum_use), 0.0)
        draft.rows(n, -least + ROUNDING_OF_SHARES, (site, share, -load[place]))
    floor_rows(draft, case, Terms(np.zeros(0, dtype=int), None, covered=Sum(share, weight[place], place)))
    if most:
        found, _ = draft.build().whole_bound(PROGRAM_S, 0.0)
        if found is None:
            raise Unchecked(say("the most that can be served was not found in time"))
        more = -found > total + ROUNDING_OF_SHARES * max(1.0, total)
        return (
            [say("{total} are served; the open sites could serve {most}", total=shown(total), most=shown(-found))]
            if more
            else []
        )
    draft.total(share, weight[place], most=None, least=total * (1 - ROUNDING_OF_SHARES / 10))
    least_travel, _ = draft.build().whole_bound(PROGRAM_S, 0.0)
    rows = case.served
    told = sum(weight[r.place] * r.share * case.travel_of.get((r.place, r.site), 0.0) for r in rows.itertuples())
    if least_travel is None:
        raise Unchecked(say("the least travel was not found in time"))
    slack = ROUNDING_OF_SHARES * max(1.0, told)
    return (
        [say("{told} are travelled; {least} would do", told=shown(told), least=shown(least_travel))]
        if told > least_travel + slack
        else []
    )


def _exchanges(case: Case) -> Exchanges | None:
    if not _chooses(case):
        return None
    bound = _bound_by(case)
    if bound:
        raise Unchecked(say("{bound} may keep them from that", bound=Listed(tuple(bound))))
    return exchanges_of(case)


def open_sites_serve_as_much_as_they_can(case: Case) -> list[Message] | None:
    """No chain of moves makes room for somebody who is in reach and not served."""
    if _chooses(case) and _bound_by(case) == ["demand.load"]:
        return _by_program(case, most=True)
    graph = _exchanges(case)
    if graph is None:
        return None
    return (
        [say("the open sites could serve more people within their capacities")] if graph.more_could_be_served() else []
    )


def no_new_site_serves_nobody(case: Case) -> list[Message] | None:
    """Every new site serves somebody, unless a rule may ask for more sites than are of use."""
    p = case.programme
    if not serves(case) or not case.model.idle_is_waste:
        return None
    idle = idle_sites(case)
    if not idle.any():
        return []
    asked: list[Text] = [*keys_that("asks", case), *(["phasing"] if p.phasing is not None else [])]
    if case.member:
        asked.append(say("links of the portfolio"))
    asked += case.model.asks(case)
    if asked or (case.sites["status"] == "required").any():
        raise Unchecked(
            say(
                "{sites}: asked for by {keys}",
                sites=Listed(tuple(case.named(np.flatnonzero(idle)))),
                keys=Listed(tuple(asked) or ("required",)),
            )
        )
    return [say("{site} is new and serves nobody", site=site) for site in case.named(np.flatnonzero(idle))]


def idle_sites(case: Case) -> BoolArray:
    """New open sites (n_sites,) that no row of the allocation names."""
    used = np.zeros(len(case.sites), dtype=bool)
    rows = case.served
    used[rows["site"].to_numpy()[rows["share"].to_numpy() > 0]] = True
    return np.asarray(case.open & case.sites["new"].to_numpy() & ~used)


THRIFT: tuple[Check[Case], ...] = (
    service_is_of_least_travel,
    open_sites_serve_as_much_as_they_can,
    no_new_site_serves_nobody,
)
