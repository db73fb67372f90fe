"""Turns of a network: seconds for left, right and about-turns at crossings."""

import numpy as np
import shapely
from numpy.typing import NDArray

from models.messages import say
from solver.errors import NetworkError
from solver.network.layout import runs
from solver.network.roadnetwork import RoadNetwork

TURN_DEG, ABOUT_DEG = 45.0, 170.0


def turn_seconds(network: RoadNetwork) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """All turns from an arc onto a following one and their cost: arcs (n,), arcs (n,), seconds (n,)."""
    costs = network.turns
    if costs is None:
        raise NetworkError(say("the network has no turn costs"))
    ways_on = np.diff(network.out_start)[network.head].astype(np.int64)
    first = np.repeat(np.arange(network.n_arcs, dtype=np.int32), ways_on)
    second = runs(network.out_start[network.head].astype(np.int64), ways_on).astype(np.int32)
    angle = _angles_deg(network, first, second)
    back = (network.arc_edge[first] == network.arc_edge[second]) & (
        network.arc_forward[first] != network.arc_forward[second]
    )
    back |= np.abs(angle) >= ABOUT_DEG
    choices = np.bincount(first[~back], minlength=network.n_arcs)[first]  # ways on that do not lead back
    seconds = np.zeros(len(first))
    seconds[angle > TURN_DEG] = costs.left_s
    seconds[angle < -TURN_DEG] = costs.right_s
    seconds[choices < 2] = 0.0
    seconds[back] = costs.about_s
    return first, second, seconds


def _angles_deg(network: RoadNetwork, first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.float64]:
    """(n,) from -180 to 180, left positive."""
    incoming, outgoing = _headings(network, at_end=True)[first], _headings(network, at_end=False)[second]
    turn = np.degrees(outgoing - incoming)
    return (turn + 180.0) % 360.0 - 180.0


def _headings(network: RoadNetwork, *, at_end: bool) -> NDArray[np.float64]:
    """(n_arcs,) direction of travel at the arc's end or beginning, radians."""
    lines, along = network.geometry[network.arc_edge], network.arc_forward
    last = along == at_end  # the end of an arc is the end of the line when it runs along it
    at = np.where(last, -1, 0)
    beside = np.where(last, -2, 1)
    here = shapely.get_coordinates(shapely.get_point(lines, at))
    there = shapely.get_coordinates(shapely.get_point(lines, beside))
    step = here - there if at_end else there - here
    return np.asarray(np.arctan2(step[:, 1], step[:, 0]), dtype=np.float64)
