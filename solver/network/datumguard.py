"""A guard against coordinates of Chinese web maps: points that would lie far nearer to the roads without a shift."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pyproj import Transformer

from models.messages import Message, say
from solver.network.china import Datum, in_china, to_bd09, to_gcj02, to_wgs84
from solver.network.roadnetwork import Floats, RoadNetwork
from solver.network.snapping import nearest

FEWEST = 20
"""Of fewer points nothing is concluded."""

FAR_M = 30.0
NEARER = 3.0


@dataclass(frozen=True)
class Suspicion:
    """Whose coordinates look shifted, by which datum; the middle point's distance to the road as it is and undone."""

    whose: Literal["points", "roads"]
    datum: Datum
    plain_m: float
    undone_m: float

    @property
    def fact(self) -> Message:
        """What is the case."""
        name = {"gcj02": "GCJ-02", "bd09": "BD-09"}[self.datum]
        return say(
            "the {whose} look shifted by {name}, the datum of Chinese web maps: half of the points lie farther "
            "than {plain_m:,.0f} m from the road, but {undone_m:,.0f} m once the shift is undone",
            whose=say("points") if self.whose == "points" else say("roads"),
            name=name,
            plain_m=self.plain_m,
            undone_m=self.undone_m,
        )

    @property
    def message(self) -> Message:
        """What is the case, and what to do."""
        own = say('set datum = "{datum}" at the layer', datum=self.datum)
        roads = say("import the roads with --datum {datum}", datum=self.datum)
        return say(
            "{fact}; {remedy}, or set network.datum_guard = false if they are right",
            fact=self.fact,
            remedy=own if self.whose == "points" else roads,
        )

    def __str__(self) -> str:
        return str(self.message)


def suspicion(network: RoadNetwork, xy: Floats, *, sample: int = 500) -> Suspicion | None:
    """What looks shifted of a network and points in its system, (n, 2); None when nothing does.

    Something does when undoing a shift, of the points or of the roads, brings the middle point at least three times
    nearer to the roads, and from more than 30 m: shifted points lie anywhere between streets, right ones beside them.
    """
    points = np.asarray(xy, dtype=np.float64)[:: max(1, len(xy) // sample)]
    if len(points) < FEWEST:
        return None
    back = Transformer.from_crs(network.crs, 4326, always_xy=True)
    lonlat = np.column_stack(back.transform(points[:, 0], points[:, 1]))
    if not in_china(lonlat).all():
        return None
    ids = [str(i) for i in range(len(points))]

    def middle_m(places: Floats) -> float:
        return float(np.median(nearest(network, ids, places).distance_m))

    plain_m = middle_m(points)
    if plain_m <= FAR_M:
        return None
    found = []
    for whose, datum, move in _MOVES:
        moved = np.column_stack(back.transform(*move(lonlat).T, direction="INVERSE"))
        found.append(Suspicion(whose, datum, plain_m, middle_m(moved)))
    best = min(found, key=lambda suspicion: suspicion.undone_m)
    return best if best.plain_m > NEARER * best.undone_m else None


_MOVES: tuple[tuple[Literal["points", "roads"], Datum, Callable[[Floats], Floats]], ...] = (
    ("points", "gcj02", lambda lonlat: to_wgs84(lonlat, "gcj02")),
    ("points", "bd09", lambda lonlat: to_wgs84(lonlat, "bd09")),
    ("roads", "gcj02", to_gcj02),
    ("roads", "bd09", to_bd09),
)
"""What would be nearer to the roads if it were so: points with their shift undone, or shifted as the roads are."""
