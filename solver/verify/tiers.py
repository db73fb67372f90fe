"""Sites in tiers: what every site gets, hands on and serves."""

import numpy as np

from models.arrays import IntArray
from models.messages import Message, say
from solver.study.schema import Reach
from solver.verify.case import Case
from solver.verify.travel import Pairs
from solver.verify.verdict import TOLERANCE, Check, shown

FASTEST_M_PER_S = 120 / 3.6
"""Ways within a time are looked for as far as the fastest road leads in it."""


def feed_pairs(case: Case, level: int, *, lengths: bool = False) -> tuple[Pairs, IntArray, IntArray]:
    """Pairs of lower (place) and upper (site) within reach of a tier and the one above, or all above where they are
    nested, and their rows of sites.

    `lengths`: in metres also where the reach is a time.
    """
    reach = case.programme.tiers[level].reach
    if reach is None:
        raise ValueError(f"tier {level} has no reach")
    reach = in_metres(reach) if lengths else reach
    tier = case.sites["tier"].to_numpy()
    above = tier < level if case.programme.nested else tier == level - 1
    lower, upper = np.flatnonzero(tier == level), np.flatnonzero(above)
    return case.travel.between(case.points_of(lower), case.points_of(upper), reach), lower, upper


def in_metres(reach: Reach) -> Reach:
    """A reach that finds the lengths of all ways that a reach in time leads."""
    if reach.unit == "m":
        return reach
    far = reach.limit * FASTEST_M_PER_S
    return Reach(mode=reach.mode, direction=reach.direction, access=reach.access, limit_m=far)


def access_lengths_m(case: Case) -> dict[tuple[int, int], float]:
    """Place and site -> length of the shortest way, of the pairs that may serve."""
    reach = case.programme.reach
    if reach is None:
        raise ValueError("the programme has no reach")
    pairs, sites = case.pairs, case.pairs.site
    if reach.unit != "m":
        pairs = case.travel.between(*case.points, in_metres(reach))
        sites = np.flatnonzero(case.serving)[pairs.site]
    return dict(zip(zip(pairs.place.tolist(), sites.tolist(), strict=True), pairs.travel.tolist(), strict=True))


def feeds(case: Case, *, lengths: bool = False) -> dict[tuple[int, int], float]:
    """Upper and lower site -> travel between them, of the pairs within reach that the plan may use."""
    found: dict[tuple[int, int], float] = {}
    for level in range(1, len(case.programme.tiers)):
        pairs, lower, upper = feed_pairs(case, level, lengths=lengths)
        keys = zip(upper[pairs.site].tolist(), lower[pairs.place].tolist(), strict=True)
        found |= dict(zip(keys, pairs.travel.tolist(), strict=True))
    return found


def feed_lengths_m(case: Case) -> dict[tuple[int, int], float]:
    """Upper and lower site -> length of the shortest way between them."""
    return feeds(case, lengths=True)


def sites_are_fed_by_the_tier_above_within_reach(case: Case) -> list[Message] | None:
    """Links join open sites of neighbouring tiers, within the lower one's reach."""
    if not case.programme.tiers:
        return None
    tier, within = case.sites["tier"].to_numpy(), feeds(case)
    found = []
    for row in case.sent.itertuples():
        upper, lower = case.named([row.upper, row.lower])
        step = tier[row.lower] - tier[row.upper]
        if step < 1 or (step > 1 and not case.programme.nested):
            found.append(say("{upper} feeds {lower}, which is not in the tier below", upper=upper, lower=lower))
        elif (row.upper, row.lower) not in within:
            found.append(say("{upper} feeds {lower}, which is beyond its reach", upper=upper, lower=lower))
        closed = [case.named([i])[0] for i in (row.upper, row.lower) if not case.open[i]]
        found += [say("{site} is closed and takes part in feeding", site=site) for site in closed]
    return found


def no_site_hands_on_more_than_it_gets(case: Case) -> list[Message] | None:
    """Below the highest tier, what is served and sent came from above."""
    if not case.programme.tiers:
        return None
    got = np.zeros(len(case.sites))
    np.add.at(got, case.sent["lower"].to_numpy(), case.sent["amount"].to_numpy())
    over = case.load > got + TOLERANCE * np.maximum(1.0, case.load)
    below = np.flatnonzero(over & (case.sites["tier"].to_numpy() > 0))
    return [
        say(
            "{site} hands on {load} and gets {got}",
            site=site,
            load=shown(float(case.load[i])),
            got=shown(float(got[i])),
        )
        for i, site in zip(below, case.named(below), strict=True)
    ]


TIERS: tuple[Check[Case], ...] = (sites_are_fed_by_the_tier_above_within_reach, no_site_hands_on_more_than_it_gets)
