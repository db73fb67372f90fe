"""Small programs whose truth is known by enumeration or by hand, and hard ones that outlast a second."""

import itertools

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray
from models.program import Program, ProgramBuilder, identity, row_of


def covering(seed: int, *, count: int = 3, n_sites: int = 8, n_demand: int = 12) -> Program:
    """Maximal covering of weighted places by `count` of the sites, every column integer."""
    rng = np.random.default_rng(seed)
    reached = sp.csr_array((rng.random((n_demand, n_sites)) < 0.25).astype(float))
    builder = ProgramBuilder("covering", "max")
    opened = builder.columns("open", n_sites, upper=1.0, integer=True)
    weight = rng.integers(1, 50, n_demand)
    covered = builder.columns("covered", n_demand, upper=1.0, integer=True, objective=weight)
    builder.rows("covered_only_if_open", [(reached, opened), (identity(n_demand, -1.0), covered)], lower=0.0)
    builder.rows("so_many_sites", [(row_of(np.ones(n_sites)), opened)], upper=float(count))
    return builder.build()


def best_covering(program: Program, count: int) -> float:
    """The truth about `covering`: every choice of sites tried."""
    n_sites = program.block("open").size
    reached = program.matrix.toarray()[: program.family("covered_only_if_open").size, :n_sites]
    weight = program.block("covered").of(program.objective)
    return max(
        float(weight[reached[:, list(sites)].sum(axis=1) > 0].sum())
        for sites in itertools.combinations(range(n_sites), count)
    )


def boxed(seed: int) -> Program:
    """min of a pure integer program over a small box with negative numbers, decimals, an equation and a range."""
    rng = np.random.default_rng(seed)
    builder = ProgramBuilder("boxed", "min")
    builder.offset = -3.5
    x = builder.columns("x", 4, lower=-2.0, upper=2.0, integer=True, objective=np.round(rng.normal(0, 5, 4), 2))
    builder.rows("equation", [(row_of(rng.integers(-2, 3, 4)), x)], lower=1.0, upper=1.0)
    builder.rows("range", [(row_of(np.round(rng.normal(0, 1, 4), 1)), x)], lower=-1.3, upper=2.1)
    builder.rows("irrational", [(row_of(rng.normal(0, 1, 4)), x)], upper=1.0)
    return builder.build()


def best_of_box(program: Program) -> float | None:
    """The truth about a program of integer columns in small boxes; None where it has no plan."""
    sides = [
        np.arange(low, high + 1) for low, high in zip(program.lower.astype(int), program.upper.astype(int), strict=True)
    ]
    points = [np.array(point, dtype=float) for point in itertools.product(*sides)]
    values = [program.objective_at(point) for point in points if not program.violations(point)]
    if not values:
        return None
    return max(values) if program.sense == "max" else min(values)


def knapsacks(n: int = 150, m: int = 20) -> Program:
    """Correlated multidimensional knapsack (Chu & Beasley 1998): plans at once, a proof never."""
    rng = np.random.default_rng(1)
    weights = rng.integers(1, 1000, (m, n)).astype(float)
    builder = ProgramBuilder("knapsacks", "max")
    gain = np.round(weights.sum(axis=0) / m + 500 * rng.random(n))
    x = builder.columns("open", n, upper=1.0, integer=True, objective=gain)
    builder.rows("room", [(sp.csr_array(weights), x)], upper=np.floor(weights.sum(axis=1) / 2))
    return builder.build()


def market_split(n: int = 60, m: int = 6) -> tuple[Program, FloatArray]:
    """Equations over binaries (Cornuejols & Dawande 1998) and the hidden plan: nobody finds one within seconds."""
    rng = np.random.default_rng(5)
    weights = rng.integers(1, 100, (m, n)).astype(float)
    hidden = (np.arange(n) % 2 == 0).astype(float)
    builder = ProgramBuilder("market_split", "max")
    x = builder.columns("open", n, upper=1.0, integer=True)
    sums = weights @ hidden
    builder.rows("split", [(sp.csr_array(weights), x)], lower=sums, upper=sums)
    return builder.build(), hidden
