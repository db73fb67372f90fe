"""Points to the nearest place on the nearest road edge."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from models.limits import within
from models.messages import Listed, say
from solver.errors import NetworkError
from solver.network.roadnetwork import Floats, Ints, RoadNetwork

SHOWN = 20


@dataclass(frozen=True, eq=False)
class SnappedPoints:
    """Where named points meet the network. Raises NetworkError when the arrays contradict each other."""

    ids: tuple[str, ...]
    edge: Ints  # (n,) row of the network's edges
    fraction: Floats  # (n,) 0 at the edge's first vertex, 1 at its last
    distance_m: Floats  # (n,) straight from the point to the road
    access_s: Floats  # (n,) time for that distance
    xy: Floats = field(repr=False)  # (n, 2) the place on the road
    point_xy: Floats | None = field(default=None, repr=False)  # (n, 2) the point itself; None = not known

    def __post_init__(self) -> None:
        sizes = {len(self.ids), len(self.edge), len(self.fraction), len(self.distance_m), len(self.access_s)}
        if sizes != {len(self.xy)}:
            raise NetworkError(
                say("snapped points: arrays differ in length: {sizes}", sizes=sorted(sizes | {len(self.xy)}))
            )
        if self.point_xy is not None and self.point_xy.shape != self.xy.shape:
            raise NetworkError(
                say(
                    "snapped points: point_xy has shape {shape}; {wanted} is needed",
                    shape=self.point_xy.shape,
                    wanted=self.xy.shape,
                )
            )
        if not np.all((self.fraction >= 0) & (self.fraction <= 1)):
            raise NetworkError(say("snapped points: a fraction lies outside 0..1"))
        if not (np.all(self.distance_m >= 0) and np.all(self.access_s >= 0)):
            raise NetworkError(say("snapped points: an access distance or time is negative or unknown"))

    def __len__(self) -> int:
        return len(self.ids)

    def beyond(self, limit_m: float) -> NDArray[np.intp]:
        """Positions of the points farther than `limit_m` from the road."""
        return np.flatnonzero(~within(self.distance_m, limit_m))


def snap(
    network: RoadNetwork,
    ids: Sequence[str],
    xy: Floats,
    *,
    limit_m: float,
    access_speed_kph: float = 4.8,
    avoid: Collection[str] = (),
) -> SnappedPoints:
    """Snap points, shape (n, 2) in the network's coordinate system, to the nearest edge.

    `avoid` names road classes nobody stops on, such as motorways. Raises NetworkError that names every point farther
    than `limit_m` from the road, with its distance.
    """
    snapped = nearest(network, ids, xy, access_speed_kph=access_speed_kph, avoid=avoid)
    far = snapped.beyond(limit_m)
    if len(far):
        raise NetworkError(too_far(snapped, far, limit_m))
    return snapped


def too_far(snapped: SnappedPoints, far: NDArray[np.intp], limit_m: float) -> Listed:
    """The refusal of the points at positions `far`, farthest first, line by line."""
    far = far[np.argsort(-snapped.distance_m[far], kind="stable")]
    head = say(
        "{far:,} of {n:,} points lie farther than {limit_m:,.0f} m from the network; correct their places or "
        "coordinate system, import roads that reach them, or raise the limit (snap_limit_m):",
        far=len(far),
        n=len(snapped),
        limit_m=limit_m,
    )
    points = [
        say("  {id}   {distance_m:,.0f} m from the nearest road", id=snapped.ids[i], distance_m=snapped.distance_m[i])
        for i in far[:SHOWN]
    ]
    more = [say("  ... and {n:,} more", n=len(far) - SHOWN)] if len(far) > SHOWN else []
    return Listed([head, *points, *more], by="line")


def nearest(
    network: RoadNetwork,
    ids: Sequence[str],
    xy: Floats,
    *,
    access_speed_kph: float = 4.8,
    avoid: Collection[str] = (),
) -> SnappedPoints:
    """As `snap`, but with any distance: the caller looks at `distance_m`."""
    xy = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    unknown = [ids[int(i)] for i in np.flatnonzero(~np.isfinite(xy).all(axis=1))]
    if unknown:
        raise NetworkError(
            say(
                "{n:,} points have no coordinates: {points}; mend or remove them",
                n=len(unknown),
                points=Listed(unknown[:SHOWN]),
            )
        )
    if not 0 < access_speed_kph < np.inf:
        raise NetworkError(say("access_speed_kph is {speed}; must be above 0", speed=access_speed_kph))
    rows = np.arange(network.n_edges)
    if avoid:
        rows = np.flatnonzero(~np.isin(network.road_class.astype(str), list(avoid)))
        if len(rows) == 0:
            raise NetworkError(say("every edge is of a class to avoid: {avoid}", avoid=Listed(sorted(avoid))))
    points = shapely.points(xy)
    tree = shapely.STRtree(network.geometry[rows])
    edge = rows[tree.query_nearest(points, all_matches=False)[1]] if len(xy) else rows[:0]
    lines = network.geometry[edge]
    fraction = np.clip(shapely.line_locate_point(lines, points, normalized=True), 0.0, 1.0)
    places = shapely.line_interpolate_point(lines, fraction, normalized=True)
    distance_m = shapely.distance(points, places)
    return SnappedPoints(
        ids=tuple(ids),
        edge=edge.astype(np.int32),
        fraction=fraction,
        distance_m=distance_m,
        access_s=distance_m / (access_speed_kph / 3.6),
        xy=shapely.get_coordinates(places).reshape(-1, 2),
        point_xy=xy,
    )
