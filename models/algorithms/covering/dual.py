"""A bound on covering by a Lagrangian of its rows, and what it settles about single sites.

    max  own @ x + weight @ y    need y_k <= sum_{j in S_k} x_j   (price u_k, 0 <= need u_k <= weight_k)
                                 per @ x <= allowed               (price r >= 0)      0 <= x, y <= 1
    bound(u, r) = sum_k (weight_k - need u_k) + r allowed + sum_j max(0, own_j + sum_{k of j} u_k - r per_j)

For any prices it is at least the optimum, whatever other rows ask (Galvao & ReVelle 1996, A Lagrangean heuristic for
the maximal covering location problem, EJOR 88; Neumaier & Shcherbina 2004 on bounds that are safe from rounding). A
site whose turn the other way takes the bound below a plan in hand is as it is in every better one (reduced costs).
Steps: Held, Wolfe & Crowder 1974, with the direction of Camerini, Fratta & Maffioli 1975.
"""

import time
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.algorithms.covering import dual_kernel as kernel
from models.algorithms.covering.view import CoverSearch
from models.arrays import FloatArray

STEPS_BETWEEN = 10
"""Steps between two looks at the clock."""
MOST_STEPS = 1_500
EPS = float(np.finfo(np.float64).eps)
UNKNOWN = 0.9
"""Where no plan is known: the worth that steps head for, as a share of the first bound."""
FIRST_LENGTH, SHARED = 1.2, 3.0
"""Length of the first steps; a set's first price is its weight among at most so many sites."""


@dataclass(frozen=True, eq=False)
class CoverDual:
    """A bound that holds for every plan; `reduced` (n_sites,): by how much it falls, at least, where a free site turns.

    `reduced` is positive where a site is worth opening and negative where not. `steps` that were taken; `price`
    (n_sets,), to go on from.
    """

    bound: float
    reduced: FloatArray
    price: FloatArray
    steps: int


def bound_cover(search: CoverSearch, worth: float, *, seconds: float, gap: float = 0.0) -> CoverDual:
    """The best bound in time; steps end where it is within `gap` of `worth`, that of a plan, or falls no more.

    At least a few steps are taken. Sites that are open anyway cover as they are; of several rows on sites that speak of
    nothing else the scarcest is priced, and the others are left out.
    """
    until = time.monotonic() + seconds
    free = search.free
    there = np.asarray(search.sites_of_set @ search.fixed_open.astype(np.float64))
    lacking = np.flatnonzero(there < search.need)
    sets = sp.csr_array(search.sets_of_site[free][:, lacking])
    weight, need = search.weight[lacking], search.need - there[lacking]
    per, allowed = _scarcest(search)
    given = float(search.own @ search.fixed_open + search.weight.sum() - weight.sum())
    price = weight / np.maximum(need, np.clip(np.bincount(sets.indices, minlength=len(lacking)), 1.0, SHARED))
    most = float(weight.sum() + np.maximum(search.own[free], 0.0).sum())
    best, pace = np.zeros(len(lacking)), np.array([most, FIRST_LENGTH, 0.0, 0.0])  # by prices of 0
    links = (np.array(sets.indptr, dtype=np.int32), np.array(sets.indices, dtype=np.int32))
    part = kernel.Part(*links, weight, need, np.array(search.own[free]), per, allowed)
    state = kernel.Ascent(price, best, np.zeros(len(lacking)), np.empty(len(free)), np.empty(len(lacking)), pace)
    target, steps, over = worth - given, 0, False
    if not np.isfinite(worth):
        target = UNKNOWN * most
    while not over and steps < MOST_STEPS:
        over = kernel.ascend(STEPS_BETWEEN, target, part, state)
        steps += STEPS_BETWEEN
        over = over or pace[kernel.BEST] - target <= gap * abs(worth) or time.monotonic() >= until
    value = search.own[free] + sets @ best
    reduced = np.zeros(len(search.own))
    reduced[free] = value - pace[kernel.RATE] * per
    bound = float(given + pace[kernel.BEST])
    rounding = EPS * (sets.nnz + len(weight) + len(free)) * max(abs(bound), float(pace[kernel.RATE] * allowed))
    whole = np.zeros(len(search.weight))
    whole[lacking] = best
    return CoverDual(bound + rounding, reduced, whole, steps)


def _scarcest(search: CoverSearch) -> tuple[FloatArray, float]:
    """What each free site takes of the row on sites that allows the least of what all would take, and what it
    allows."""
    use, allows = search.resources
    if not len(allows):
        return np.zeros(len(search.free)), 0.0
    of_free = sp.csc_array(use[search.free])
    wanted = np.asarray(of_free.sum(axis=0)).ravel()
    row = int(np.argmin(allows / np.maximum(wanted, 1e-300)))
    return np.asarray(of_free[:, [row]].toarray()).ravel(), float(allows[row])
