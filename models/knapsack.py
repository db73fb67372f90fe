"""The most weight that fits into a room when what takes up least for its weight comes first (Dantzig 1957)."""

import numpy as np

from models.arrays import FloatArray, IntArray


def most_within(site: IntArray, weight: FloatArray, load: FloatArray, room: FloatArray) -> FloatArray:
    """Most weight (n_sites,) that each site can serve of its pairs (n_pairs,) within its room (n_sites,).

    The last of them may be served in part: a bound from above where places must be whole. What has no load always fits.
    """
    ratio = np.divide(load, weight, out=np.zeros(len(weight)), where=weight > 0)
    order = np.lexsort((ratio, site))
    site, weight, load = site[order], weight[order], load[order]
    before = np.cumsum(load) - load
    first = np.searchsorted(site, site, side="left")
    before = before - before[first] if len(site) else before
    part = np.divide(room[site] - before, load, out=np.ones(len(load)), where=load > 0)
    return np.bincount(site, weights=weight * np.clip(part, 0.0, 1.0), minlength=len(room)).astype(np.float64)


def weight_per_load(weight: FloatArray, load: FloatArray) -> float:
    """Most weight that a unit of load can be; inf where some weight has no load, 0 where there is no weight."""
    some = weight > 0
    if bool((load[some] <= 0).any()):
        return np.inf
    return float(np.max(weight[some] / load[some], initial=0.0))
