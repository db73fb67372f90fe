"""Serving every place from its nearest open site, and what an assignment is worth."""

from dataclasses import replace

import numpy as np

from models.arrays import BoolArray, FloatArray, pairs_of, sparse_from_pairs
from models.errors import ProblemError
from models.given import checked
from models.messages import Listed, say
from models.plan import Plan
from models.problem import SitingProblem


def lost_places(problem: SitingProblem) -> BoolArray:
    """Places (n_demand,) with weight that no site which may open reaches."""
    place, site, _ = pairs_of(problem.travel)
    reached = np.zeros(len(problem.demand), dtype=bool)
    reached[place[~problem.sites.fixed_closed[site]]] = True
    return ~reached & (problem.demand.weight > 0)


@checked
def without_lost(problem: SitingProblem) -> tuple[SitingProblem, BoolArray]:
    """The problem with weight 0 at the places that no site which may open reaches, and which these are (n_demand,)."""
    lost = lost_places(problem)
    demand = replace(problem.demand, weight=np.where(lost, 0.0, problem.demand.weight))
    return replace(problem, demand=demand), lost


def refuse_lost(problem: SitingProblem, model: str) -> None:
    """ProblemError that names the places with weight that no site which may open reaches."""
    lost = np.flatnonzero(lost_places(problem))
    if len(lost):
        named = Listed([problem.demand.ids[i] for i in lost[:10]])
        raise ProblemError(
            say(
                "{n} places are out of reach of every site that may open ({named}); {model} must serve "
                'all: widen the reach, add sites, or leave these places out (unreachable = "leave_out")',
                n=len(lost),
                named=named,
                model=model,
            )
        )


def nearest_site(problem: SitingProblem, opened: BoolArray) -> tuple[np.ndarray, FloatArray]:
    """Position of the nearest open site (n_demand,), -1 where none is in reach, and the travel, inf there.

    Ties go to the site that comes first.
    """
    place, site, travel = pairs_of(problem.travel)
    usable = opened[site]
    place, site, travel = place[usable], site[usable], travel[usable]
    order = np.lexsort((site, travel, place))
    place, site, travel = place[order], site[order], travel[order]
    first = np.ones(len(place), dtype=bool)
    first[1:] = place[1:] != place[:-1]
    nearest = np.full(len(problem.demand), -1, dtype=np.int64)
    far = np.full(len(problem.demand), np.inf)
    nearest[place[first]] = site[first]
    far[place[first]] = travel[first]
    return nearest, far


def nearest_plan(problem: SitingProblem, opened: BoolArray) -> Plan:
    """The plan that serves every place from its nearest open site."""
    nearest, _ = nearest_site(problem, opened)
    has = np.flatnonzero(nearest >= 0)
    shape = (len(problem.demand), len(problem.sites))
    return Plan(open=opened, served=sparse_from_pairs(has, nearest[has], 1.0, shape))


def assigned_travel(problem: SitingProblem, plan: Plan) -> float:
    """Sum of weight times share times travel of what a plan serves; inf where it leaves weight unserved."""
    if plan.served is None:
        return np.inf if problem.demand.weight.any() else 0.0
    place, site, share = pairs_of(plan.served)
    total = np.bincount(place, weights=share, minlength=len(problem.demand))
    if bool(np.any((np.abs(total - 1) > 1e-6) & (problem.demand.weight > 0))) or not plan.open[site].all():
        return np.inf
    travel = np.asarray(problem.travel[place, site]).ravel() if len(place) else np.empty(0)
    return float((problem.demand.weight[place] * share) @ travel)


def worst_travel(problem: SitingProblem, plan: Plan) -> float:
    """Farthest travel of a place with weight to a site that serves it, 0 without any; inf where one is unserved."""
    if assigned_travel(problem, plan) == np.inf or plan.served is None:
        return 0.0 if not problem.demand.weight.any() else np.inf
    place, site, _ = pairs_of(plan.served)
    has = problem.demand.weight[place] > 0
    return float(np.asarray(problem.travel[place[has], site[has]]).max(initial=0.0)) if has.any() else 0.0
