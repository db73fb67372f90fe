"""Median and fixed-charge models without capacities: a first plan by interchange, and what a dual bound leaves."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from models.errors import ProblemError
from models.formulation import Formulation, Rule
from models.median.dual import Dual, settle
from models.median.interchange import nearest_costs, search_sites
from models.median.nearest import nearest_plan
from models.median.service import Service, numbers_asked, prices_to_begin, service_of
from models.plan import Plan
from models.problem import SiteStatus, SitingProblem
from solver.engines.engine import Ask
from solver.pose.posed import Narrowed


@dataclass(frozen=True, eq=False)
class Reduction:
    """A model that serves every place from its nearest open site, as `build` makes it of a problem.

    `price` and `with_opening` say what its worth is made of: price times weight times travel, and the cost of sites.
    """

    build: Callable[[SitingProblem], Formulation]
    problem: SitingProblem
    rules: Sequence[Rule]
    price: float = 1.0
    with_opening: bool = False

    @cached_property
    def service(self) -> Service:
        """The problem as lists of costs."""
        return service_of(self.problem, price=self.price, with_opening=self.with_opening)

    def search(self, seconds: float, seed: int) -> Plan | None:
        """A plan by interchange, None where the rules say more than numbers and money."""
        is_open = search_sites(self.service, self.problem, self.rules, seconds=seconds, seed=seed)
        return None if is_open is None else nearest_plan(self.problem, is_open)

    def narrow(self, plan: Plan | None, ask: Ask) -> Narrowed:
        """What a dual bound leaves for the engine to decide."""
        began = time.monotonic()
        whole = self.build(self.problem)
        required = int(self.problem.sites.is_(SiteStatus.REQUIRED).sum())
        least, most = numbers_asked(self.service, self.rules, required)
        if least > most or not len(self.service.lists.cost):
            return Narrowed(whole, plan)
        worth = None if plan is None else whole.objective_of(plan)
        is_open = plan.open if plan is not None else ~self.problem.sites.fixed_closed
        near = nearest_costs(self.service, is_open)
        prices = prices_to_begin(self.service, near.first_cost, near.second_cost)
        seconds = ask.time_limit_s - (time.monotonic() - began)
        dual = settle(self.service, least, most, worth, prices, seconds=seconds)
        try:
            return Narrowed(self.build(self._left(dual)), plan, dual.bound)
        except ProblemError:  # a place without any pair left: no plan is better than the one in hand
            return Narrowed(whole, plan, dual.bound if worth is None else worth)

    def _left(self, dual: Dual) -> SitingProblem:
        """The problem with settled sites forbidden or required, and without the pairs that serve in no better plan."""
        problem = self.problem
        status = problem.sites.status.copy()
        status[dual.closed] = int(SiteStatus.FORBIDDEN)
        status[dual.opened] = int(SiteStatus.REQUIRED)
        keep = np.ones(problem.travel.nnz, dtype=bool)
        keep[self.service.entry[dual.idle]] = False
        rows = np.repeat(np.arange(problem.travel.shape[0]), np.diff(problem.travel.indptr))[keep]
        indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=problem.travel.shape[0]))])
        travel = sp.csr_array((problem.travel.data[keep], problem.travel.indices[keep], indptr), problem.travel.shape)
        return replace(problem, sites=replace(problem.sites, status=status), travel=travel)
