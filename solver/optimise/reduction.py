"""What median and fixed-charge models have in common where they are made smaller without their program."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from models.algorithms.uncapacitated.costs import AssignmentCosts, numbers_asked
from models.algorithms.uncapacitated.lagrangian import Dual, cut_of
from models.errors import ProblemError
from models.formulation import Formulation, Rule
from models.plan import Plan
from models.problem import SiteStatus, SitingProblem
from solver.engines.engine import Ask
from solver.optimise.posed import Reduced


@dataclass(frozen=True, eq=False)
class Reduction(ABC):
    """A model that serves every place, as `build` makes it of a problem.

    `price` and `with_opening` say what its worth is made of: price times weight times travel, and the cost of sites.
    """

    build: Callable[[SitingProblem], Formulation]
    problem: SitingProblem
    rules: Sequence[Rule]
    price: float = 1.0
    with_opening: bool = False

    @property
    @abstractmethod
    def costs(self) -> AssignmentCosts:
        """The problem as lists of costs."""

    @abstractmethod
    def search(self, seconds: float, seed: int) -> Plan | None:
        """A first plan that keeps the rules; None where none was found."""

    @abstractmethod
    def reduce(self, plan: Plan | None, ask: Ask) -> Reduced:
        """The best plan and bound found, and what they leave for the engine to decide."""

    @cached_property
    def whole(self) -> Formulation:
        """The model before anything is settled."""
        return self.build(self.problem)

    @cached_property
    def limits(self) -> tuple[int, int]:
        """Least and most free new sites."""
        required = int(self.problem.sites.is_(SiteStatus.REQUIRED).sum())
        return numbers_asked(self.costs, self.rules, required)

    def worth_of(self, plan: Plan | None) -> float | None:
        """What a plan is worth; None where there is none."""
        return None if plan is None else self.whole.objective_of(plan)

    def reduced(self, plan: Plan | None, bound: float, left: Callable[[], SitingProblem]) -> Reduced:
        """The plan where the bound proves it, else the model of what is left to decide."""
        worth = self.worth_of(plan)
        cut = cut_of(self.costs, worth)
        if cut is not None and worth is not None and bound > cut:
            return Reduced(self.whole, plan, worth)
        try:
            return Reduced(self.build(left()), plan, bound)
        except ProblemError:  # a place without any pair left: no plan is better than the one in hand
            return Reduced(self.whole, plan, bound if worth is None else worth)


def left_by(dual: Dual, service: AssignmentCosts, problem: SitingProblem) -> SitingProblem:
    """The problem with settled sites forbidden or required, and without the pairs that serve in no better plan."""
    status = problem.sites.status.copy()
    status[dual.closed] = int(SiteStatus.FORBIDDEN)
    status[dual.opened] = int(SiteStatus.REQUIRED)
    keep = np.ones(problem.travel.nnz, dtype=bool)
    keep[service.entry[dual.idle]] = False
    rows = np.repeat(np.arange(problem.travel.shape[0]), np.diff(problem.travel.indptr))[keep]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=problem.travel.shape[0]))])
    travel = sp.csr_array((problem.travel.data[keep], problem.travel.indices[keep], indptr), problem.travel.shape)
    return replace(problem, sites=replace(problem.sites, status=status), travel=travel)
