"""The compiled part of writing trips down as graphs: the hops a vehicle may drive, and stops that are alike."""

import heapq
from typing import NamedTuple

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.compiled import compiled, inner
from models.selection import sorted_distinct

SOURCE, SINK = 0, 1
NONE = -1
MICRO = 1e-6
"""Metres of a way that are told apart."""


class Ways(NamedTuple):
    """The legs of a trip one after the other.

    `first` (n_legs + 1,): leg l has the stops first[l] to first[l + 1]. `site`, `after`, `before` (n_stops,) as in
    `Leg`; `hop` holds the (n_on, n_on) hops of leg l from `block[l]` on; `shortest`, `longest` (n_legs,).
    """

    first: IntArray
    site: IntArray
    after: FloatArray
    before: FloatArray
    hop: FloatArray
    block: IntArray
    shortest: FloatArray
    longest: FloatArray


class Tank(NamedTuple):
    """How far a vehicle goes, in metres, room for rounding included.

    `first` from the start, `first_to_end` from the start to the end without a stop, `between` stops, `last` from a stop
    to the end. `apart`: stops nearer than this share of the longer of range and way are one. `rounding`: lengths that
    differ by less than this share are equal.
    """

    first: float
    first_to_end: float
    between: float
    last: float
    range_m: float
    apart: float
    rounding: float


@inner(allocates=True)
def _more(old: np.ndarray) -> np.ndarray:
    """The same array with room for twice as many."""
    new = np.empty(2 * len(old), dtype=old.dtype)
    for i in range(len(old)):
        new[i] = old[i]
    return new


@inner()
def _way(ways: Ways, leg: int, at: int, goal: int, stop: int) -> float:
    """Metres from a stop `at` of a leg (NONE: its start) to a stop of leg `goal`, or to the trip's end."""
    n_legs = len(ways.shortest)
    if goal == leg:
        start = ways.first[leg]
        if at == NONE:
            return ways.after[start + stop]
        return ways.hop[ways.block[leg] + at * (ways.first[leg + 1] - start) + stop]
    way = ways.shortest[leg] if at == NONE else ways.before[ways.first[leg] + at]
    for between in range(leg + 1, min(goal, n_legs)):
        way += ways.shortest[between]
    return way if goal == n_legs else way + ways.after[ways.first[goal] + stop]


@inner()
def _reach(tank: Tank, node: int, is_end: bool) -> float:
    if node == SOURCE:
        return tank.first_to_end if is_end else tank.first
    return tank.last if is_end else tank.between


@compiled(allocates=True)
def expand(ways: Ways, tank: Tank, most: int) -> tuple[IntArray, IntArray, FloatArray, IntArray, IntArray]:
    """Every stop of every way of driving a trip, and the hops between them.

    Leg, position on the leg and metres of the leg (n_nodes,), then the nodes that hops lead from and to (n_hops,).
    Node 0 is the start, 1 the end. More than `most` nodes: no hops at all, and that many nodes and one.
    """
    n_legs = len(ways.shortest)
    n_stops = ways.first[n_legs]
    leg, at = np.full(64, n_legs, dtype=np.int64), np.full(64, NONE, dtype=np.int64)
    driven, key = np.zeros(64), np.zeros(64)
    leg[SOURCE] = 0
    alike = np.full(64, NONE, dtype=np.int64)  # the next node at the same stop
    first_at = np.full(n_stops, NONE, dtype=np.int64)
    into = np.full(64, NONE, dtype=np.int64)  # the last hop that leads to a node
    tail, head = np.empty(256, dtype=np.int64), np.empty(256, dtype=np.int64)
    earlier = np.empty(256, dtype=np.int64)  # the hop before it that leads to the same node
    n, n_hops = 2, 0
    queue = [(0, 0.0, SOURCE)]
    while len(queue):
        _, _, here = heapq.heappop(queue)
        for goal in range(leg[here], n_legs + 1):
            is_end = goal == n_legs
            for stop in range(1 if is_end else ways.first[goal + 1] - ways.first[goal]):
                way = _way(ways, leg[here], at[here], goal, stop)
                if not way <= _reach(tank, here, is_end):
                    continue
                metres, place = 0.0, NONE
                if not is_end:
                    place = ways.first[goal] + stop
                    metres = driven[here] + way if goal == leg[here] else ways.after[place]
                    if not metres + ways.before[place] <= ways.longest[goal]:
                        continue
                    same_leg = goal == leg[here] and at[here] != NONE
                    if same_leg and way <= tank.apart * max(tank.range_m, ways.longest[goal]):
                        continue
                if here != SOURCE:
                    needed = False
                    hop = into[here]
                    while hop != NONE and not needed:
                        back = tail[hop]
                        needed = _way(ways, leg[back], at[back], goal, stop) > _reach(tank, back, is_end)
                        hop = earlier[hop]
                    if not needed:
                        continue
                to = SINK
                if not is_end:
                    after = ways.after[place]
                    if metres <= after * (1 + tank.rounding):
                        metres = after
                    rounded = np.rint(metres / MICRO)
                    to = first_at[place]
                    while to != NONE and key[to] != rounded:
                        to = alike[to]
                    if to == NONE:
                        if n == len(leg):
                            leg, at, driven, key = _more(leg), _more(at), _more(driven), _more(key)
                            alike, into = _more(alike), _more(into)
                        to, n = n, n + 1
                        leg[to], at[to], driven[to], key[to] = goal, stop, metres, rounded
                        alike[to], into[to], first_at[place] = first_at[place], NONE, to
                        heapq.heappush(queue, (goal, metres, to))
                        if n > most:
                            return leg[:n], at[:n], driven[:n], tail[:0], head[:0]
                if n_hops == len(tail):
                    tail, head, earlier = _more(tail), _more(head), _more(earlier)
                tail[n_hops], head[n_hops], earlier[n_hops] = here, to, into[to]
                into[to] = n_hops
                n_hops += 1
    return leg[:n], at[:n], driven[:n], tail[:n_hops], head[:n_hops]


@inner()
def _are_equal(value: IntArray, a: int, a_end: int, b: int, b_end: int) -> bool:
    """Do two stretches of an array hold the same numbers?"""
    size, i = a_end - a, 0
    while i < min(size, b_end - b) and value[a + i] == value[b + i]:
        i += 1
    return i == size == b_end - b


@compiled(allocates=True)
def compact(
    place: IntArray, order: IntArray, tail: IntArray, head: IntArray, n_places: int
) -> tuple[IntArray, IntArray, IntArray, BoolArray]:
    """Nodes from which the end is reached, one for all at the same `place` (n_nodes,) with the same hops ahead.

    `order`: nodes but for the ends, those farthest on first. The place of every node that is left (n_left,), NONE for
    the two ends, then hops by node as `start` (n_left + 1,) and `onward`, and which nodes (n_left,) are reached.
    """
    n = len(place)
    begin = np.zeros(n + 1, dtype=np.int64)
    for i in range(len(tail)):
        begin[tail[i] + 1] += 1
    for node in range(n):
        begin[node + 1] += begin[node]
    fill, ahead = begin.copy(), np.empty(len(tail), dtype=np.int64)
    for i in range(len(tail)):
        ahead[fill[tail[i]]] = head[i]
        fill[tail[i]] += 1
    merged = np.full(n, NONE, dtype=np.int64)
    merged[SINK] = SINK
    left = np.full(n + 1, NONE, dtype=np.int64)
    alike = np.full(n + 1, NONE, dtype=np.int64)
    first_at = np.full(max(n_places, 1), NONE, dtype=np.int64)
    begins, ends = np.zeros(n + 1, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    onward, used, n_left = np.empty(len(tail), dtype=np.int64), 0, 2
    for turn in range(len(order) + 1):
        node = order[turn] if turn < len(order) else SOURCE
        found = used
        for i in range(begin[node], begin[node + 1]):
            if merged[ahead[i]] != NONE:
                onward[found] = merged[ahead[i]]
                found += 1
        if found == used and node != SOURCE:
            continue
        found = sorted_distinct(onward, used, found)
        same = NONE
        if node == SOURCE:
            same = SOURCE
        else:
            same = first_at[place[node]]
            while same != NONE:
                if _are_equal(onward, begins[same], ends[same], used, found):
                    break
                same = alike[same]
        if same in (NONE, SOURCE):
            if same == NONE:
                same, n_left = n_left, n_left + 1
                left[same] = place[node]
                alike[same], first_at[place[node]] = first_at[place[node]], same
            begins[same], ends[same] = used, found
            used = found
        merged[node] = same
    reached = np.zeros(n_left, dtype=np.bool_)
    reached[SOURCE] = True
    todo, high = np.empty(n_left + 1, dtype=np.int64), 1
    todo[0] = SOURCE
    while high:
        high -= 1
        node = todo[high]
        for i in range(begins[node], ends[node]):
            if not reached[onward[i]]:
                reached[onward[i]] = True
                todo[high] = onward[i]
                high += 1
    start = np.zeros(n_left + 1, dtype=np.int64)
    for node in range(n_left):
        start[node + 1] = start[node] + ends[node] - begins[node]
    hops = np.empty(start[n_left], dtype=np.int64)
    for node in range(n_left):
        for i in range(ends[node] - begins[node]):
            hops[start[node] + i] = onward[begins[node] + i]
    return left[:n_left], start, hops, reached
