"""The compiled part of median searches: interchange with two nearest sites."""

from typing import NamedTuple

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.compiled import compiled, inner

NONE = -1


class CostLists(NamedTuple):
    """Pairs twice: of every place by rising cost, and of every site. `far` is dearer than all service together."""

    start: IntArray
    site: IntArray
    cost: FloatArray
    start_of_site: IntArray
    place_of_site: IntArray
    cost_of_site: FloatArray
    opening: FloatArray
    money: FloatArray
    far: float


class Limits(NamedTuple):
    """How many movable sites may open, and what they may cost in money."""

    least: int
    most: int
    budget: float


class Served(NamedTuple):
    """Open sites, and of every place the nearest and second nearest with their costs; `loss` without each site."""

    is_open: BoolArray
    first: IntArray
    second: IntArray
    first_cost: FloatArray
    second_cost: FloatArray
    loss: FloatArray


@inner()
def _two_nearest(lists: CostLists, served: Served, place: int) -> None:
    served.first[place] = served.second[place] = NONE
    served.first_cost[place] = served.second_cost[place] = lists.far
    for e in range(lists.start[place], lists.start[place + 1]):
        if served.is_open[lists.site[e]]:
            if served.first[place] == NONE:
                served.first[place], served.first_cost[place] = lists.site[e], lists.cost[e]
            else:
                served.second[place], served.second_cost[place] = lists.site[e], lists.cost[e]
                return


@inner()
def _losses(served: Served) -> None:
    served.loss[:] = 0.0
    for place in range(len(served.first)):
        if served.first[place] != NONE:
            served.loss[served.first[place]] += served.second_cost[place] - served.first_cost[place]


@compiled()
def serve(lists: CostLists, served: Served) -> float:
    """Fill in the nearest sites; the cost of service and of opening."""
    total = 0.0
    for place in range(len(served.first)):
        _two_nearest(lists, served, place)
        total += served.first_cost[place]
    _losses(served)
    for site in range(len(served.is_open)):
        if served.is_open[site]:
            total += lists.opening[site]
    return total


@inner()
def _move(lists: CostLists, served: Served, site_in: int, site_out: int) -> None:
    """Open one site and close another, either of them NONE."""
    if site_out != NONE:
        served.is_open[site_out] = False
    if site_in != NONE:
        served.is_open[site_in] = True
        for e in range(lists.start_of_site[site_in], lists.start_of_site[site_in + 1]):
            place, cost = lists.place_of_site[e], lists.cost_of_site[e]
            if cost < served.first_cost[place]:
                served.second[place], served.second_cost[place] = served.first[place], served.first_cost[place]
                served.first[place], served.first_cost[place] = site_in, cost
            elif cost < served.second_cost[place]:
                served.second[place], served.second_cost[place] = site_in, cost
    if site_out != NONE:
        for place in range(len(served.first)):
            if served.first[place] == site_out or served.second[place] == site_out:
                _two_nearest(lists, served, place)
    _losses(served)


@inner()
def _best_with(
    lists: CostLists, served: Served, site_in: int, movable: IntArray, spare: float, relief: FloatArray
) -> tuple[float, float, int]:
    """Change by opening a site, by the best swap with it, and the site that swap closes."""
    gain = 0.0
    for e in range(lists.start_of_site[site_in], lists.start_of_site[site_in + 1]):
        place, cost = lists.place_of_site[e], lists.cost_of_site[e]
        first, second = served.first_cost[place], served.second_cost[place]
        if cost < first:
            gain += first - cost
            if served.first[place] != NONE:
                relief[served.first[place]] += second - first
        elif cost < second and served.first[place] != NONE:
            relief[served.first[place]] += second - cost
    added = lists.opening[site_in] - gain
    swapped, out = np.inf, NONE
    for site in movable:
        if served.is_open[site]:
            change = added + served.loss[site] - relief[site] - lists.opening[site]
            if change < swapped and lists.money[site_in] - lists.money[site] <= spare:
                swapped, out = change, site
        relief[site] = 0.0
    relief[:] = 0.0
    return added, swapped, out


@compiled(allocates=True)
def descend(
    lists: CostLists,
    served: Served,
    movable: IntArray,
    limits: Limits,
    order: IntArray,
    tolerance: float,
    turn: IntArray,
    work: int,
) -> bool:
    """Open, swap and close movable sites, in the given order, while that betters the plan. Is nothing left to better?

    `work` is how many pairs and places may be looked at; `turn`, two zeros to begin with, says where to go on.
    """
    n_open, money, looked = 0, 0.0, 0
    for site in movable:
        if served.is_open[site]:
            n_open += 1
            money += lists.money[site]
    relief = np.zeros(len(served.is_open))
    unchanged, at = turn
    while unchanged < len(order) and looked < work:
        site = order[at]
        at = (at + 1) % len(order)
        unchanged += 1
        looked += 1 + len(movable) + lists.start_of_site[site + 1] - lists.start_of_site[site]
        if unchanged == 1:  # a move before this looked at every place
            looked += 4 * len(served.first)
        if served.is_open[site]:
            change = served.loss[site] - lists.opening[site]
            if n_open > limits.least and change < -tolerance:
                _move(lists, served, NONE, site)
                n_open, money, unchanged = n_open - 1, money - lists.money[site], 0
            continue
        added, swapped, out = _best_with(lists, served, site, movable, limits.budget - money, relief)
        fits = n_open < limits.most and money + lists.money[site] <= limits.budget
        if fits and added < -tolerance and added <= swapped:
            _move(lists, served, site, NONE)
            n_open, money, unchanged = n_open + 1, money + lists.money[site], 0
        elif out != NONE and swapped < -tolerance:
            _move(lists, served, site, out)
            money, unchanged = money + lists.money[site] - lists.money[out], 0
    turn[0], turn[1] = unchanged, at
    return unchanged >= len(order)
