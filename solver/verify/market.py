"""Huff's rule, place by place: people go where attractiveness is large and travel small, or stay away."""

import numpy as np

from solver.verify.case import Case

Shares = dict[tuple[int, int], float]
"""Place and site (positions) -> share of the place's people."""


def pulls(case: Case) -> tuple[Shares, dict[int, float]]:
    """Pull of every pair of a place and an open site of ours or a competitor's, and the pull of staying away."""
    market = case.programme.market
    if market is None:
        raise ValueError("the programme has no market")
    in_metres = case.pairs.unit == "m"
    least = (market.least_travel_m if in_metres else 60.0 * (market.least_travel_min or 0.0)) or 0.0
    away = market.stay_away_m if in_metres else market.stay_away_min and 60.0 * market.stay_away_min
    size = case.numbers(market.attractiveness, 1.0)
    weight = case.places["weight"].to_numpy()
    there = case.open | (case.sites["status"] == "competitor").to_numpy()
    found: Shares = {}
    for place, site, travel in zip(case.pairs.place, case.pairs.site, case.pairs.travel, strict=True):
        if weight[place] > 0 and size[site] > 0 and there[site]:
            draws = market.attractiveness_power * np.log(size[site])
            found[int(place), int(site)] = draws - market.distance_power * np.log(max(travel, least))
    if not away:
        return found, {}
    home = market.attractiveness_power * np.log(size.mean()) - market.distance_power * np.log(away)
    return found, dict.fromkeys(range(len(weight)), float(home))


def all_shares(case: Case) -> Shares:
    """Share of every place that goes to each site, ours and competitors'."""
    logs, home = pulls(case)
    by_place: dict[int, list[int]] = {}
    for place, site in logs:
        by_place.setdefault(place, []).append(site)
    found: Shares = {}
    for place, sites in by_place.items():
        top = max(*(logs[place, site] for site in sites), home.get(place, -np.inf), -np.inf)
        total = sum(np.exp(logs[place, site] - top) for site in sites) + np.exp(home.get(place, -np.inf) - top)
        found |= {(place, site): float(np.exp(logs[place, site] - top) / total) for site in sites}
    return found


def own_shares(case: Case) -> Shares:
    """Share of every place that each of our open sites draws."""
    return {pair: share for pair, share in all_shares(case).items() if case.open[pair[1]]}


def held(case: Case) -> tuple[float, float]:
    """Weight that our sites and that competitors hold."""
    weight, own, others = case.places["weight"].to_numpy(), 0.0, 0.0
    for (place, site), share in all_shares(case).items():
        if case.open[site]:
            own += weight[place] * share
        else:
            others += weight[place] * share
    return float(own), float(others)
