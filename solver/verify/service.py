"""Who serves whom, row by row: reach, shares, capacities, the nearest, and the layers that say so."""

import numpy as np
import pandas as pd

from models.arrays import FloatArray
from models.messages import Listed, Message, say
from solver.verify.case import Case
from solver.verify.travel import SAMPLE, farthest, snapping_faults
from solver.verify.verdict import TOLERANCE, Check, apart, same, shown

ROUNDING_OF_SHARES = 1e-5
"""A share that an engine gave may be off by so much."""


def serves(case: Case) -> bool:
    """Whether the plan serves places at all."""
    return case.inputs.demand is not None and case.programme.reach is not None


def points_are_brought_to_their_nearest_road(case: Case) -> list[Message] | None:
    """Every place and site, within the study's limit."""
    reach = case.programme.reach
    if reach is None or case.travel.roads is None or reach.mode == "straight":
        return None
    places, sites = (
        case.points if case.inputs.demand is not None else (None, case.points_of(np.arange(len(case.sites))))
    )
    found = snapping_faults(case.travel, sites, reach.mode, motorways=reach.mode != "walk")
    return found if places is None else found + snapping_faults(case.travel, places, reach.mode, motorways=False)


def travel_by_scipy_is_travel_by_networkx(case: Case) -> list[Message] | None:
    """All travel is by scipy; a sample of starts is searched by networkx as well."""
    reach = case.programme.reach
    if reach is None or case.travel.roads is None or reach.mode == "straight" or not serves(case):
        return None
    trips = case.travel.trips(*case.points, reach)
    pairs = case.travel.between(*case.points, reach)
    starts, goals = (pairs.place, pairs.site) if reach.direction == "to_site" else (pairs.site, pairs.place)
    found = []
    chosen = np.unique(starts)
    for start in np.random.default_rng(0).choice(chosen, min(SAMPLE, len(chosen)), replace=False):
        cost = trips.by_networkx(int(start))
        told = np.full(len(cost), np.inf)
        told[goals[starts == start]] = pairs.travel[starts == start]
        wrong = np.flatnonzero(~np.isclose(cost, told, rtol=1e-9, atol=1e-9))
        found += [
            say(
                "from start {start} to goal {goal}: {told:.9g} by scipy, {right:.9g} by networkx",
                start=start,
                goal=g,
                told=told[g],
                right=cost[g],
            )
            for g in wrong
        ]
    return found


def places_are_served_by_open_sites_within_reach(case: Case) -> list[Message] | None:
    """Every row of the allocation joins a place and an open site within reach of each other, at the shortest way."""
    if not serves(case):
        return None
    names, found = case.places["id"], []
    for row in case.served.itertuples():
        site = case.sites["id"].iloc[row.site]
        if not case.open[row.site]:
            found.append(say("{place} is served by {site}, which is closed", place=names[row.place], site=site))
        elif (row.place, row.site) not in case.travel_of:
            found.append(say("{place} is served by {site}, which is out of reach", place=names[row.place], site=site))
        elif not np.isnan(row.told) and not same(row.told, case.travel_of[row.place, row.site]):
            found += apart(
                say("travel of {place} and {site}", place=names[row.place], site=site),
                row.told,
                case.travel_of[row.place, row.site],
            )
    return found


def no_place_is_served_twice(case: Case) -> list[Message] | None:
    """Shares add up to one at most, are above zero, and their amounts are shares of the weight, or of the load."""
    if not serves(case):
        return None
    rows, names = case.served, case.places["id"]
    total = np.zeros(len(names))
    np.add.at(total, rows["place"].to_numpy(), rows["share"].to_numpy())
    found = [
        say("{place} is served {n:.6f} times", place=names[i], n=total[i])
        for i in np.flatnonzero(total > 1 + ROUNDING_OF_SHARES)
    ]
    found += [
        say("{place} has a share of {share:g}", place=names[row.place], share=row.share)
        for row in rows.itertuples()
        if not row.share >= 0
    ]
    weight = case.places["weight"].to_numpy()
    for row in rows.itertuples():
        found += apart(
            say("amount of {place}", place=names[row.place]), row.amount, float(weight[row.place] * row.share)
        )
    if case.has_loads:
        load = case.places["load"].to_numpy()
        for row in rows.itertuples():
            found += apart(say("load of {place}", place=names[row.place]), row.load, float(load[row.place] * row.share))
    return found


def allocated_weight(case: Case) -> float:
    """Weight of what is served by the allocation."""
    rows = case.served
    return float(case.places["weight"].to_numpy()[rows["place"]] @ rows["share"].to_numpy())


def every_place_is_served(case: Case) -> list[Message] | None:
    """In models that serve all: every place with weight, but for those that the study leaves out."""
    if not case.model.serves_all(case):
        return None
    short = np.flatnonzero((case.wanted > 0) & (case.share < 1 - TOLERANCE))
    return [say("{place} is served to {share:.4%}", place=case.places["id"][i], share=case.share[i]) for i in short]


def places_are_served_by_the_best_open_site(case: Case) -> list[Message] | None:
    """Without capacities: by the nearest of those that cover best, or as many of them as asked."""
    p = case.programme
    if not serves(case) or case.model.assigns(case) or not case.model.goes_to_best:
        return None
    best, least = best_cover(case)
    found, names = [], case.places["id"]
    share = np.zeros(len(names))
    np.add.at(share, case.served["place"].to_numpy(), case.served["share"].to_numpy())
    found += [
        say(
            "{place} is served to {share:.6f}; its open sites cover it to {best:.6f}",
            place=names[i],
            share=share[i],
            best=best[i],
        )
        for i in np.flatnonzero(np.abs(share - best) > TOLERANCE)
    ]
    if p.backup > 1:
        return found
    for row in case.served.itertuples():
        travel = case.travel_of.get((row.place, row.site))
        if travel is not None and travel > least[row.place] * (1 + 1e-9) + 1e-9:
            site = case.sites["id"].iloc[row.site]
            found.append(
                say(
                    "{place} goes {travel:.6g} to {site}; another open site is {least:.6g} off",
                    place=names[row.place],
                    travel=travel,
                    site=site,
                    least=least[row.place],
                )
            )
    return found


def best_cover(case: Case) -> tuple[FloatArray, FloatArray]:
    """Share (n_places,) to which open sites cover each place, and travel to the nearest that does; inf: none."""
    p, n = case.programme, len(case.places)
    best, least, count = np.zeros(n), np.full(n, np.inf), np.zeros(n)
    for (place, _), travel in case.travel_of.items():
        share = decay(case, travel)
        count[place] += 1
        if share > best[place] or (share == best[place] > 0 and travel < least[place]):
            best[place], least[place] = share, travel
    if p.backup > 1:
        best = np.where(count >= p.backup, 1.0, 0.0)
    return best, least


def decay(case: Case, travel: float) -> float:
    """Share of a place that a site so far off covers (Berman, Krass and Drezner 2003)."""
    section, reach = case.programme.decay, case.programme.reach
    if section is None or reach is None:
        return 1.0
    to_unit = 1.0 if reach.unit == "m" else 60.0
    if section.shape == "steps":
        steps = ((farthest(limit * to_unit), share) for limit, share in sorted(section.steps))
        return float(next((share for last, share in steps if travel <= last), 0.0))
    full = min(to_unit * ((section.full_m if reach.unit == "m" else section.full_min) or 0.0), reach.limit)
    if travel <= farthest(full):
        return 1.0
    along = min(1.0, (travel - full) / (reach.limit - full))
    shapes = {
        "linear": 1.0 - along,
        "power": (1.0 - along) ** section.rate,
        "exponential": float(np.exp(-section.rate * along)),
        "gaussian": float(np.exp(-section.rate * along * along)),
    }
    return shapes[section.shape]


def no_site_serves_more_than_it_can(case: Case) -> list[Message] | None:
    """Capacities, and in `charging` the energy of a site's piles."""
    if not case.model.loaded:
        return None
    most = room_of(case)
    over = np.flatnonzero(case.load > most + ROUNDING_OF_SHARES * np.maximum(1.0, most))
    names = case.named(over)
    return [
        say("{site} serves {load} of {most}", site=s, load=shown(float(case.load[i])), most=shown(float(most[i])))
        for i, s in zip(over, names, strict=True)
    ]


def room_of(case: Case) -> FloatArray:
    """Most (n_sites,) that each site can serve: its capacity, the energy of its piles, what its modules carry."""
    p, most = case.programme, case.sites["capacity"].to_numpy(dtype=np.float64)
    if p.piles is not None:
        return np.minimum(most, sum(kind.energy_kwh_per_day * case.units[name] for name, kind in p.piles.kinds.items()))
    if p.sizes:
        modules = sum(size.capacity * case.units[name] for name, size in p.sizes.items())
        return np.where(case.sites["new"], np.minimum(most, modules), most)
    return most


def everybody_goes_to_the_nearest(case: Case) -> list[Message] | None:
    """assignment = "nearest": every place is served by its nearest open site, to the share that fits there."""
    if case.programme.assignment != "nearest":
        return None
    nearest: dict[int, tuple[float, int]] = {}
    for (place, site), travel in case.travel_of.items():
        if case.open[site]:
            nearest[place] = min(nearest.get(place, (np.inf, -1)), (travel, site))
    weight, load = (case.places[name].to_numpy(dtype=np.float64) for name in ("weight", "load"))
    coming = np.zeros(len(case.sites))
    for place, (_, site) in nearest.items():
        coming[site] += load[place]
    fits = np.where(coming > 0, np.minimum(1.0, room_of(case) / np.where(coming > 0, coming, 1.0)), 1.0)
    found, names, sites = [], case.places["id"], case.sites["id"]
    told = {(row.place, row.site): row.share for row in case.served.itertuples()}
    right = {(i, site): fits[site] for i, (_, site) in nearest.items() if weight[i] > 0 and fits[site] > 0}
    for pair in sorted({*told, *right}):
        if abs(told.get(pair, 0.0) - right.get(pair, 0.0)) > ROUNDING_OF_SHARES:
            what = say("share of {place} at {site}", place=names[pair[0]], site=sites[pair[1]])
            found += apart(what, told.get(pair, 0.0), right.get(pair, 0.0), within=0)
    return found


def places_have_one_server_where_asked(case: Case) -> list[Message] | None:
    """single_source."""
    if not case.programme.single_source:
        return None
    rows = case.served[(case.served["share"] > TOLERANCE) & (case.served["share"] < 1 - TOLERANCE)]
    return [say("{place} is served by more than one site", place=case.places["id"][i]) for i in rows["place"].unique()]


def the_demand_layer_agrees_with_the_allocation(case: Case) -> list[Message] | None:
    """Weights, shares and servers of plan.gpkg's demand layer."""
    table = case.layers.get("demand")
    if not serves(case):
        return None
    if table is None:
        return [say("plan.gpkg has no layer of demand")]
    told, names = table.set_index(table["demand_id"].astype(str)), list(case.places["id"])
    found = apart(say("places of the demand layer"), len(told), len(names))
    missing = [i for i in names if i not in told.index]
    if missing or found:
        return found + [say("{name} is missing", name=i) for i in missing]
    told = told.loc[names]
    columns = [("weight", case.places["weight"]), ("served_share", case.share)]
    for column, right in columns:
        wrong = np.flatnonzero(~np.isclose(told[column].astype(float), right, rtol=TOLERANCE, atol=TOLERANCE))
        for i in wrong.tolist():
            found += apart(
                say("{column} of {place}", column=column, place=names[i]),
                float(told[column].iloc[i]),
                float(np.asarray(right)[i]),
                within=0,
            )
    servers = case.served.groupby("place")["site"].agg(set)
    for number, site in enumerate(told["site_id"]):
        known = {str(s) for s in case.named(sorted(servers.get(number, set())))}
        if (pd.isna(site) and known) or (not pd.isna(site) and str(site) not in known):
            found.append(
                say(
                    "{place} is served by {site} in the demand layer and by {others}",
                    place=names[number],
                    site=site,
                    others=Listed(sorted(known)) if known else say("none"),
                )
            )
    return found


SERVICE: tuple[Check[Case], ...] = (
    points_are_brought_to_their_nearest_road,
    travel_by_scipy_is_travel_by_networkx,
    places_are_served_by_open_sites_within_reach,
    no_place_is_served_twice,
    every_place_is_served,
    places_are_served_by_the_best_open_site,
    no_site_serves_more_than_it_can,
    places_have_one_server_where_asked,
    everybody_goes_to_the_nearest,
    the_demand_layer_agrees_with_the_allocation,
)
