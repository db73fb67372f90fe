"""Arc cover: on a trip whose stops lie on one line, refuelling is a cover of the line by stations.

Capar, Kuby, Leon and Tsai (2013), An arc cover-path-cover formulation and strategic analysis of alternative-fuel
station locations, European Journal of Operational Research 227. A stop at position p of the trip (there and back as one
line from 0 to T) carries the vehicle over (p, p + range]; what is in the tank at the origin over [0, f range]; and the
trip must end with f range, as if it were that much longer. A flow is refuelled when every piece of the line is covered,
so for each piece one of its sites must be open.
"""

from collections.abc import Iterable

import numpy as np

from models.arrays import IntArray
from models.flow.legs import Leg
from models.flow.problem import Vehicle

Covers = tuple[tuple[int, ...], ...]
"""Sets of sites; each must hold an open one."""


def covers_of(legs: tuple[Leg, ...], vehicle: Vehicle) -> Covers:
    """The smallest sets of sites of which a trip needs one open each; none of them where it needs no station at all.

    An empty set says that no stations can refuel the trip.
    """
    site = np.concatenate([leg.site for leg in legs])
    offset = np.cumsum([0.0] + [leg.shortest_m for leg in legs])
    position = np.concatenate([leg.after_m + before for leg, before in zip(legs, offset[:-1], strict=True)])
    must_end_with = vehicle.range_m * vehicle.start_fraction if vehicle.round_trip else 0.0
    pieces_end = np.append(position, offset[-1] + must_end_with)
    slack = vehicle.first_reach_m - vehicle.range_m * vehicle.start_fraction
    sets = []
    for end in np.unique(pieces_end[pieces_end > vehicle.first_reach_m]):
        covering = (position < end - slack) & (position + vehicle.reach_m >= end)
        sets.append(tuple(np.unique(site[covering]).tolist()))
    return smallest(sets)


def smallest(sets: Iterable[tuple[int, ...]]) -> Covers:
    """The sets that hold no other: a row over more sites says nothing beyond the row over fewer."""
    kept: list[frozenset[int]] = []
    for candidate in sorted({frozenset(s) for s in sets}, key=lambda s: (len(s), sorted(s))):
        if not any(other <= candidate for other in kept):
            kept.append(candidate)
    return tuple(sorted(tuple(sorted(s)) for s in kept))


def sites_in(covers: Covers) -> IntArray:
    """All sites of some sets, each once."""
    return np.unique(np.array([s for cover in covers for s in cover], dtype=np.int64))
