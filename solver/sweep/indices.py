"""Sensitivity indices: how much of a figure's variance each input explains. Arrays only.

First order S_i = V(E[Y|x_i]) / V(Y); total order T_i = E[V(Y|x_~i)] / V(Y) (Sobol' 1993; Homma and Saltelli 1996).
From pick-freeze samples a, b and ab_i (a with column i of b), with f = (a, b) standardised:
S_i = mean(b * (ab_i - a)) / V (Saltelli et al. 2010), T_i = mean((a - ab_i)^2) / 2V (Jansen 1999).
Intervals are percentiles of the bootstrap over samples.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray

DRAWS = 500
"""Bootstrap resamples."""
TINY = 1e-12


@dataclass(frozen=True)
class Index:
    """One index with its interval of 95 %; the ends are None where nothing was drawn (it is exact)."""

    value: float
    low: float | None = None
    high: float | None = None


def pick_freeze(a: FloatArray, b: FloatArray, mixed: FloatArray, *, seed: int = 0) -> list[tuple[Index, Index]]:
    """First and total order of every input; `a`, `b` (n,) and `mixed` (n, d) are results. Empty without variance."""
    n = len(a)
    if n < 2 or np.concatenate([a, b]).std() <= TINY * max(1.0, float(np.abs(a).max())):
        return []
    draws = np.random.default_rng(seed).integers(0, n, (DRAWS, n))
    found = []
    for column in mixed.T:
        first, total = _pair(a, b, column)
        drawn = np.array([_pair(a[row], b[row], column[row]) for row in draws])
        ends = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
        found.append(
            (Index(first, float(ends[0, 0]), float(ends[1, 0])), Index(total, float(ends[0, 1]), float(ends[1, 1])))
        )
    return found


def _pair(a: FloatArray, b: FloatArray, mixed: FloatArray) -> tuple[float, float]:
    both = np.concatenate([a, b])
    variance = float(both.var())
    if variance <= 0:
        return float("nan"), float("nan")
    centre = float(both.mean())
    first = float(np.mean((b - centre) * (mixed - a))) / variance
    return first, float(np.mean((a - mixed) ** 2)) / (2 * variance)


def of_grid(values: FloatArray) -> list[tuple[Index, Index]]:
    """First and total order over a full grid (n_1, ..., n_d) of results, every point of equal weight: exact."""
    variance = float(values.var())
    if variance <= TINY:
        return []
    found = []
    for axis in range(values.ndim):
        others = tuple(i for i in range(values.ndim) if i != axis)
        first = float(values.mean(axis=others).var()) / variance
        total = float(values.var(axis=axis).mean()) / variance
        found.append((Index(first), Index(total)))
    return found


def rank_correlations(inputs: FloatArray, results: FloatArray) -> list[Index]:
    """Spearman's rank correlation of every input (n, d) with the results (n,); empty without variance.

    The interval is Fisher's with the variance of Bonett and Wright (2000); it is the whole range below 5 runs.
    """
    from scipy import stats  # loaded only where it is asked: it takes its time

    n = len(results)
    if n < 2 or np.ptp(results) <= TINY:
        return []
    found = []
    for column in inputs.T:
        if np.ptp(column) <= TINY:
            found.append(Index(0.0, -1.0, 1.0))
            continue
        value = float(stats.spearmanr(column, results).statistic)
        if n < 5:
            found.append(Index(value, -1.0, 1.0))
            continue
        width = 1.959964 * np.sqrt((1 + value**2 / 2) / (n - 3))
        centre = np.arctanh(np.clip(value, -1 + 1e-9, 1 - 1e-9))
        found.append(Index(value, float(np.tanh(centre - width)), float(np.tanh(centre + width))))
    return found
