"""Plans at a given worst travel or least distance, by exchanging one site for another.

Sites that meet every place within a reach: places that stay unmet weigh more with every step, so that the search leaves
where it was caught; Gao, Weise and Li (2015), An efficient local search heuristic with row weighting for the unicost
set covering problem, EJOR 246. As a search for p-centres by vertex substitution: Mladenovic, Labbe and Hansen (2003),
Solving the p-center problem with tabu search and variable neighborhood search, Networks 42.
Sites that keep a distance: the site nearest to others leaves for one that is nearest to the fewest, and neither comes
back at once; Porumbel, Hao and Glover (2011), A simple and effective algorithm for the MaxMin diversity problem, Annals
of Operations Research 186.
"""

import time

import numpy as np

from models.arrays import BoolArray, IntArray
from models.dispersion_within import DispersionWithin
from models.median.centre_within import CentreWithin
from models.problem import Sites, SiteStatus

Numbers = tuple[int | None, int | None]
"""The least and the greatest number of new sites, None where nothing says."""

LOOK_AT_CLOCK = 32
"""Steps between two looks at the clock."""
REST, MORE_REST = 2, 8
"""Steps for which a site that was moved stays where it is, at least, and beyond that at random."""


def centre_by_exchange(stage: CentreWithin, numbers: Numbers, seed: int, steps: int, until: float) -> BoolArray | None:
    """Open sites (n_sites,) that reach every place; None where none were found.

    Ends after so many steps, or when `time.monotonic()` is past `until`.
    """
    able, is_open, required = _roles(stage.sites)
    sets = stage.sets[:, able]
    number = len(able) if numbers[1] is None else numbers[1] - required
    if number < 0 or not sets.any(axis=1).all():
        return None
    inside = meeting(sets, min(number, len(able)), seed, steps=steps, until=until)
    return None if inside is None else _with(is_open, able, inside)


def dispersion_by_exchange(
    stage: DispersionWithin, numbers: Numbers, seed: int, steps: int, until: float
) -> BoolArray | None:
    """The same of open sites of which no two are too near to each other."""
    able, is_open, required = _roles(stage.sites)
    if stage.near[np.ix_(is_open, is_open)].any():
        return None
    number = max(0, (numbers[0] or 0) - required)
    inside = keeping_apart(stage.near[np.ix_(able, able)], number, seed, steps=steps, until=until)
    return None if inside is None else _with(is_open, able, inside)


def _roles(sites: Sites) -> tuple[IntArray, BoolArray, int]:
    """Candidates, what is open anyway (n_sites,), and how much of that is new."""
    able = np.flatnonzero(sites.is_(SiteStatus.CANDIDATE))
    return able, sites.fixed_open, int(sites.is_(SiteStatus.REQUIRED).sum())


def _with(is_open: BoolArray, able: IntArray, inside: BoolArray) -> BoolArray:
    is_open = is_open.copy()
    is_open[able[inside]] = True
    return is_open


def meeting(sets: BoolArray, number: int, seed: int, *, steps: int, until: float) -> BoolArray | None:
    """`number` of the members (n_members,) that meet every set (n_sets, n_members), None where none were found.

    Ends after so many steps, or when `time.monotonic()` is past `until`. Every set has a member.
    """
    rng, n = np.random.default_rng(seed), sets.shape[1]
    of_member = np.ascontiguousarray(sets.T.astype(np.float32))
    weight, met = np.ones(len(sets), dtype=np.float32), np.zeros(len(sets), dtype=np.float32)
    inside = np.zeros(n, dtype=bool)
    for _ in range(min(number, n)):
        new = int(np.argmax(np.where(inside, -1.0, of_member @ (met == 0).astype(np.float32))))
        inside[new] = True
        met += of_member[new]
    moved, left = np.zeros(n, dtype=np.int64), -1
    for step in range(1, steps + 1):
        unmet = np.flatnonzero(met == 0)
        if not len(unmet):
            return inside
        if not number or (step % LOOK_AT_CLOCK == 0 and time.monotonic() > until):
            break
        weight[unmet] += 1.0
        mine = np.flatnonzero(inside)
        loss = of_member[mine] @ (weight * (met == 1.0))
        least = mine[loss == loss.min()]
        out = int(least[np.argmin(moved[least])])
        inside[out] = False
        met -= of_member[out]
        able = np.flatnonzero(sets[unmet[rng.integers(len(unmet))]])
        able = able[able != left] if len(able) > 1 else able
        gain = of_member[able] @ (weight * (met == 0))
        most = able[gain == gain.max()]
        new = int(most[np.argmin(moved[most])])
        inside[new] = True
        met += of_member[new]
        moved[[out, new]], left = step, out
    return None


def keeping_apart(near: BoolArray, number: int, seed: int, *, steps: int, until: float) -> BoolArray | None:
    """`number` of the sites (n_sites,) of which no two are near (n_sites, n_sites); None where none were found.

    Ends after so many steps, or when `time.monotonic()` is past `until`.
    """
    rng, n = np.random.default_rng(seed), len(near)
    if number > n:
        return None
    beside = near.astype(np.int64)
    inside, conflicts, degree = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64), beside.sum(axis=1)
    for _ in range(number):
        able = np.flatnonzero(~inside)
        few = able[conflicts[able] == conflicts[able].min()]
        least = few[degree[few] == degree[few].min()]
        new = int(least[rng.integers(len(least))])
        degree -= beside[new] * (conflicts == 0)
        inside[new] = True
        conflicts += beside[new]
    rests = np.zeros(n, dtype=np.int64)
    for step in range(1, steps + 1):
        mine = np.flatnonzero(inside)
        own = conflicts[mine]
        if not own.any():
            return inside
        others = np.flatnonzero(~inside)
        if not len(others) or (step % LOOK_AT_CLOCK == 0 and time.monotonic() > until):
            break
        worst = _one_of(mine, np.where(rests[mine] > step, -1, own), rng)
        inside[worst] = False
        conflicts -= beside[worst]
        best = _one_of(others, -conflicts[others] - n * (rests[others] > step), rng)
        inside[best] = True
        conflicts += beside[best]
        rests[worst] = step + REST + int(rng.integers(MORE_REST))
        rests[best] = step + REST + int(rng.integers(MORE_REST)) // 2
    return None


def _one_of(sites: IntArray, worth: IntArray, rng: np.random.Generator) -> int:
    """One of the sites of greatest worth, at random."""
    most = sites[worth == worth.max()]
    return int(most[rng.integers(len(most))])
