"""Who is served by given piles: the most that is possible, and what is wrong with shares, apart from the program."""

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from models.arrays import FloatArray, Sparse, pairs_of, reached, sparse_from_pairs
from models.charging.needs import Needs
from models.errors import ProblemError
from models.messages import Message, say
from models.problem import SitingProblem

TOLERANCE = 1e-5
"""Relative excess over a limit that is an engine's rounding."""


def best_service(problem: SitingProblem, needs: Needs, limit: FloatArray) -> Sparse:
    """Shares (n_demand, n_sites) that serve the most need when sites deliver at most `limit` (n_sites,) kWh/day."""
    if needs.n_pairs == 0:
        return sp.csr_array(problem.travel.shape)
    usable = limit[needs.site] > 0
    pair = np.arange(int(usable.sum()))
    group, site = needs.group[usable], needs.site[usable]
    weight, load = needs.weight[group], needs.load[group]
    of_group = sp.csr_array((np.ones(len(pair)), (group, pair)), shape=(len(needs.weight), len(pair)))
    of_site = sp.csr_array((load, (site, pair)), shape=(len(limit), len(pair)))
    if not len(pair):
        return sp.csr_array(problem.travel.shape)
    found = linprog(
        -weight,
        A_ub=sp.vstack([of_group, of_site]),
        b_ub=np.concatenate([np.ones(len(needs.weight)), limit]),
        bounds=(0, 1),
        method="highs",
    )
    if found.x is None:
        raise ProblemError(say("the service of a plan could not be computed: {message}", message=found.message))
    used = found.x > 0
    shares = sparse_from_pairs(group[used], site[used], found.x[used], (len(needs.weight), len(limit)))
    return sp.csr_array(needs.spread() @ shares)


def service_faults(problem: SitingProblem, limit: FloatArray, served: Sparse) -> list[Message]:
    """Where shares (n_demand, n_sites) are out of reach, serve a place twice, or exceed `limit` (n_sites,) kWh/day."""
    rows, columns, share = pairs_of(served)
    near = reached(problem.travel, rows, columns)
    found = [
        say(
            "{place} is served by {site}, which is out of its reach",
            place=problem.demand.ids[i],
            site=problem.sites.ids[j],
        )
        for i, j in zip(rows[~near], columns[~near], strict=True)
    ]
    total = np.asarray(served.sum(axis=1)).ravel()
    found += [
        say("{place} is served {total:.6g} times", place=problem.demand.ids[i], total=total[i])
        for i in np.flatnonzero(total > 1 + TOLERANCE)
    ]
    load = np.bincount(columns, weights=problem.demand.load[rows] * share, minlength=len(problem.sites))
    found += [
        say(
            "{site} serves {load:,.6g} kWh/day; its piles deliver {limit:,.6g}",
            site=problem.sites.ids[j],
            load=load[j],
            limit=limit[j],
        )
        for j in np.flatnonzero(load > limit + TOLERANCE * np.maximum(1.0, limit))
    ]
    return found
