"""A bound on models with capacities, and the sites that it settles.

As in `uncapacitated.lagrangian`, with a price p_i per unit of weight at every place and a price m of capacity:

    r_j  = f_j + least of sum_i w_i (c_ij - p_i) x_i  within  sum_i w_i x_i <= q_j,  0 <= x_i <= 1
    L(p) = sum_i w_i p_i + max over m >= 0 of  m W + least sum of r_j - m q_j over sets of sites

where the sets have as many sites as statuses and rules allow, and as the capacities need: W is what the sites that are
open anyway do not carry. Each r_j is a knapsack filled by cost per weight (Dantzig 1957). References: Nauss (1978), An
improved algorithm for the capacitated facility location problem, JORS 29; Beasley (1988), An algorithm for solving
large capacitated warehouse location problems, EJOR 33; Cornuejols, Sridharan and Thizy (1991), EJOR 50. Prices follow
subgradients that remember the last direction (Camerini, Fratta and Maffioli 1975).
"""

import time

import numpy as np

from models.algorithms.capacitated import volume_kernel
from models.algorithms.capacitated.costs import CapacitatedCosts, empty_filling
from models.algorithms.capacitated.volume_kernel import Filled
from models.algorithms.uncapacitated.lagrangian import Dual, Step, cut_of, safe, settle_sites, step_of
from models.arrays import BoolArray, FloatArray

ITERATIONS = 600
PATIENCE = 20
"""Steps without a better bound after which steps become half as long."""
SHORTEST = 5e-3
MEMORY = 0.7
"""How much of the last direction stays in the next."""
FADING = 0.05
RANK = 5


def first_prices(loads: CapacitatedCosts) -> FloatArray:
    """Prices (n_places,) per weight to begin with: what some near site costs."""
    start = loads.lists.start
    return np.asarray(loads.lists.cost[np.minimum(start[:-1] + RANK, start[1:] - 1)] / loads.weight)


class _Evaluation:
    """L(p) and what takes part in it, with room for its arrays."""

    def __init__(self, loads: CapacitatedCosts, least: int, most: int) -> None:
        n = len(loads.sure)
        self.loads, self.least, self.most = loads, loads.least_counted(least), most
        self.choice = volume_kernel.Choice(
            capacity=loads.capacity,
            counted=np.flatnonzero(loads.counted),
            free=np.flatnonzero(loads.closable),
            least=int(self.least),
            most=int(most),
        )
        self.may_open = loads.sure | loads.counted | loads.closable
        self.need = loads.total - float(loads.capacity[loads.sure].sum())
        self.filled = empty_filling(loads)
        self.part, self.chosen = np.zeros(n), np.zeros(n, dtype=bool)

    def at(self, price: FloatArray) -> Step:
        """The bound at prices (n_places,); inf where no set of sites carries all."""
        loads, n = self.loads, len(self.loads.sure)
        reduced = np.empty(n)
        volume_kernel.fill(loads.lists, loads.weight, price, loads.capacity, self.may_open, self.filled, reduced)
        none = np.zeros(n, dtype=bool)
        if self.least > min(self.most, len(self.choice.counted)):
            return Step(np.inf, reduced, none, 0.0, 0.0)
        need = max(0.0, self.need * (1 - 1e-12))
        of_capacity = volume_kernel.price_of_capacity(self.choice, reduced, need, self.part, self.chosen)
        if of_capacity == np.inf:
            return Step(np.inf, reduced, none, 0.0, 0.0)
        chosen = self.chosen.copy()
        self.part[loads.sure] = 1.0
        value = loads.base + float(loads.weight @ price) + float(reduced[loads.sure].sum())
        reduced = reduced - of_capacity * loads.capacity * ~loads.sure
        value += of_capacity * need + float(reduced[chosen].sum())
        return step_of(value, reduced, chosen | loads.sure, loads.counted, (self.least, self.most))


def settle_filled(
    loads: CapacitatedCosts,
    least: int,
    most: int,
    worth: float | None,
    prices: FloatArray,
    *,
    seconds: float,
    steps: int = ITERATIONS,
) -> Dual:
    """As `settle`, with capacities: the prices (n_places,) are per unit of weight. A bound of inf: there is no plan."""
    evaluation = _Evaluation(loads, least, most)
    n_sites = len(loads.sure)
    closed, opened, share = np.zeros(n_sites, dtype=bool), np.zeros(n_sites, dtype=bool), np.zeros(n_sites)
    cut = cut_of(loads, worth)
    price, best, best_price = prices.copy(), -np.inf, prices.copy()
    scale, waited, times, way = 1.0, 0, np.zeros(len(prices)), np.zeros(len(prices))
    deadline = time.monotonic() + seconds
    for _ in range(steps):
        step = evaluation.at(price)
        share += FADING * (evaluation.part - share)
        waited = 0 if step.value > best + 1e-6 * abs(step.value) else waited + 1
        if step.value > best:
            best, best_price = step.value, price.copy()
        if cut is not None:
            settle_sites(loads, step, cut, closed, opened)
        if best == np.inf or scale < SHORTEST or (cut is not None and best > cut) or time.monotonic() > deadline:
            break
        if waited >= PATIENCE:
            scale, waited, price, way = 0.5 * scale, 0, best_price.copy(), 0.0 * way
            step = evaluation.at(price)
        volume_kernel.times_filled(loads.lists, evaluation.filled, evaluation.part, times)
        way = MEMORY * way + (1.0 - times)
        length = float(way @ (way * loads.weight))
        if length == 0:
            break
        aim = worth if worth is not None else best + 0.05 * max(1.0, abs(best))
        price = np.maximum(0.0, price + scale * max(aim - step.value, 1e-6 * abs(aim)) / length * way)
    last, idle = evaluation.at(best_price), np.zeros(len(loads.lists.site), dtype=bool)
    if cut is not None and np.isfinite(last.value):
        settle_sites(loads, last, cut, closed, opened)
        idle = _idle_pairs(loads, last, evaluation.filled, best_price, cut)
    return Dual(safe(loads, best), closed, opened, idle, best_price, last.chosen, share)


def _idle_pairs(loads: CapacitatedCosts, step: Step, filled: Filled, price: FloatArray, cut: float) -> BoolArray:
    """Pairs (n_pairs,) that serve a place as a whole in no better plan.

    At a full site a place displaces others of the least gain per weight that is taken, where it gains less itself.
    """
    lists = loads.lists
    entering = np.where(loads.counted & ~step.chosen, step.reduced - step.enter, 0.0)
    weight = loads.weight[loads.place_of_pair]
    lost = np.maximum(0.0, weight * (filled.edge[lists.site] - price[loads.place_of_pair]) + lists.cost)
    return np.asarray(step.value + np.maximum(0.0, entering)[lists.site] + lost > cut)
