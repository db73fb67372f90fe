"""Maximal covering narrowed down: a Lagrangian bound, a longer search where it asks for one, and sites that it settles.

The bound of `models.algorithms.covering.dual` takes a tenth of a second where the linear program takes seconds, and is
within some hundredths of a percent of it. What sites do in every better plan follows from it; an engine decides about
the others.
"""

from dataclasses import replace

import numpy as np

from models.algorithms.covering.annealing import search_cover
from models.algorithms.covering.dual import CoverDual, bound_cover
from models.algorithms.covering.view import CoverSearch, view_of
from models.arrays import BoolArray
from models.clock import Clock
from models.coverage.max_cover import MaxCover
from models.formulation import Rule
from models.plan import Plan
from models.problem import SiteStatus
from solver.engines.engine import Ask
from solver.optimise.posed import Reduced

BOUNDING, SEARCHING = 0.3, 0.5
"""Shares of the time for the bound and for the longer search, of what is left each."""
FEW = 200
"""So many sites that are not settled are an engine's at once."""
DUST = 1e-9
"""Relative error of sums."""


def narrow_cover(model: MaxCover, rules: tuple[Rule, ...], plan: Plan | None, ask: Ask) -> Reduced:
    """The best plan and bound found, and the model of what is left to decide."""
    clock = Clock.of(ask.time_limit_s)
    view = view_of(model, rules)
    if view is None:
        return Reduced(model, plan)
    worth = -np.inf if plan is None else model.objective_of(plan)
    dual = bound_cover(view, worth, seconds=clock.left(BOUNDING), gap=ask.gap)
    if plan is None:
        return Reduced(model, None, dual.bound)
    if dual.bound - worth > ask.gap * abs(worth) and _unsettled(view, dual, worth).sum() > FEW:

        def enough(found: float) -> bool:
            return dual.bound - found <= ask.gap * abs(found)

        seconds = clock.left(SEARCHING)
        found = search_cover(view, seconds=seconds, seed=ask.seed, enough=enough, begin=plan.open)
        if found is not None:
            plan = model.plan_of(found)
            worth = model.objective_of(plan)
    return Reduced(_left(model, view, dual, worth), plan, dual.bound)


def _unsettled(view: CoverSearch, dual: CoverDual, worth: float) -> BoolArray:
    """Free sites (n_sites,) that may be either way in a plan better than one of some worth."""
    free = np.zeros(len(view.own), dtype=bool)
    free[view.free] = True
    return free & (np.abs(dual.reduced) <= dual.bound - worth + DUST * abs(worth))


def _left(model: MaxCover, view: CoverSearch, dual: CoverDual, worth: float) -> MaxCover:
    """The model in which candidates that are settled are forbidden or required."""
    sites = model.sites
    settled = sites.is_(SiteStatus.CANDIDATE) & ~_unsettled(view, dual, worth)
    status = np.where(settled & (dual.reduced < 0), int(SiteStatus.FORBIDDEN), sites.status)
    status = np.where(settled & (dual.reduced > 0), int(SiteStatus.REQUIRED), status)
    return model.with_sites(replace(sites, status=status))
