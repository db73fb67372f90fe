"""Maximal covering narrowed down: a Lagrangian bound, what it leaves open decided in growing parts, longer searches.

The bound of `models.algorithms.covering.dual` takes a tenth of a second where the linear program takes seconds, and is
within some hundredths of a percent of it. Sites whose reduced cost is small are the ones in doubt: an engine decides
about them with all others as they are, then about more of them, while that is quick (kernel search: Angelelli, Mansini
& Speranza 2010, Computers & Operations Research 37(11)). Where sites are too many for that, the search goes on. What
sites do in every better plan follows from the bound; the engine that was asked for decides about the others.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from models.algorithms.covering.annealing import search_cover
from models.algorithms.covering.dual import CoverDual, bound_cover
from models.algorithms.covering.part import part_of
from models.algorithms.covering.view import CoverSearch, view_of
from models.arrays import BoolArray, FloatArray
from models.clock import Clock
from models.coverage.max_cover import MaxCover
from models.formulation import Rule
from models.incumbent import TIE, relative_gap
from models.plan import Plan
from models.problem import SiteStatus
from solver.engines.catalogue import branches_best
from solver.engines.engine import Ask
from solver.engines.interrupt import run_or_stop
from solver.optimise.posed import Reduced, StoppedWith

BOUNDING = 0.3
"""Share of the time for the bound."""
FEW = 100
"""So many sites in doubt are the asked engine's at once."""
PAIRS_PER_S = 5_000
"""Pairs of a site and a set for which an engine's linear programs and branching take a second, or it is no use.

Measured on cities: 38,000 pairs need some 8 s, 433,000 need minutes."""
PART_PAIRS_PER_S = 10_000
"""The same for a first part, which is decided more easily."""
TOO_MANY = 10
"""Where the sites in doubt have so many times the pairs that there is time for, no part of them is worth an engine."""
DECIDING_FIRST, SEARCHING, DECIDING, PART_S = 0.8, 0.05, 0.4, 0.7
"""Shares of the time left: for the first part, for the search, for all parts, and of the latter for one."""
FIRST_PART, WIDER = 150, 2
"""Sites of the first part, and how it grows."""
MANY = 3_000
"""Of more sites in doubt a part says little: with 5,000 it gained 0.01 %, the search in its time more."""
SMALL_PAIRS = 5_000
"""Pairs up to which a plan is bettered to the end, whatever gap is asked."""
FINISHING_S = 0.5
"""Seconds for that at most where the asked gap is reached: nobody would notice."""
FINER = 0.1
"""Share of the asked gap to which a part is decided."""
DUST = 1e-9
"""Relative error of sums."""


def narrow_cover(model: MaxCover, rules: tuple[Rule, ...], plan: Plan | None, ask: Ask) -> Reduced:
    """The best plan and bound found, and the model of what is left to decide."""
    clock = Clock.of(ask.time_limit_s)
    view = view_of(model, rules)
    if view is None:
        return Reduced(model, plan)
    worth = -np.inf if plan is None else model.objective_of(plan)
    asked = ask.gap
    if view.sets_of_site.nnz <= SMALL_PAIRS:
        ask = replace(ask, gap=min(ask.gap, 0.0))
    dual = bound_cover(view, worth, seconds=clock.left(BOUNDING), gap=max(0.0, ask.gap))
    if plan is None:
        return Reduced(model, None, dual.bound)
    run = _Run(model, view, dual, ask, clock, plan.open, worth, dual.bound, asked)
    try:
        run.better()
    except KeyboardInterrupt:
        raise StoppedWith(model.plan_of(run.is_open), run.bound) from None
    tie = run.bound - run.worth <= TIE * abs(run.worth)  # rounding alone
    return Reduced(run.left(), model.plan_of(run.is_open), run.worth if tie else run.bound)


@dataclass(eq=False)
class _Run:
    """A plan under a bound, and what may better it."""

    model: MaxCover
    view: CoverSearch
    dual: CoverDual
    ask: Ask
    clock: Clock
    is_open: BoolArray
    worth: float
    bound: float
    """What is proven; what the prices of `dual` settle goes by their own bound."""
    asked: float
    """The gap that the user asked for; `ask` has a smaller one where the program is small."""

    def better(self) -> None:
        """Decide a part, search, decide larger parts, and search on where an engine is not quick.

        All this for as long as the plan is not near enough to the bound.
        """
        if self._in_doubt.sum() <= FEW:
            self._search(self.clock.left(SEARCHING), coolings=2)
            if self.ask.engine_is_free and len(self.view.free) and not self._enough(self.worth):
                self._decide_all()
            return
        tractable = self._pairs(self._in_doubt) <= TOO_MANY * PAIRS_PER_S * self.clock.left()
        tractable = tractable and self._in_doubt.sum() <= MANY
        if tractable:
            self._decide_parts(self.clock.part(DECIDING_FIRST), most=FIRST_PART)
        self._search(self.clock.left(SEARCHING if tractable else 1.0))
        if tractable:
            self._decide_parts(self.clock.part(DECIDING))
        if self._pairs(self._in_doubt) > PAIRS_PER_S * self.clock.left():
            self._search(self.clock.left())

    def left(self) -> MaxCover:
        """The model in which candidates that are settled are forbidden or required."""
        sites = self.model.sites
        settled = sites.is_(SiteStatus.CANDIDATE) & ~self._in_doubt
        status = np.where(settled & (self.dual.reduced < 0), int(SiteStatus.FORBIDDEN), sites.status)
        status = np.where(settled & (self.dual.reduced > 0), int(SiteStatus.REQUIRED), status)
        return self.model.with_sites(replace(sites, status=status))

    def _decide_all(self) -> None:
        """The best plan in which sites that are settled are so: nothing is better than it and the one in hand."""
        doubt = self._in_doubt
        doubt[self.view.free[0]] = True  # a part has sites
        begin = np.where(self._is_free & ~doubt, self.dual.reduced > 0, self.is_open)
        part = part_of(self.view, begin, np.flatnonzero(doubt))
        start: FloatArray | None = part.values_of(begin)
        start = None if start is None or part.program.violations(start) else start
        gap = relative_gap(self.worth, self.bound)
        most_s = FINISHING_S if gap is not None and gap <= self.asked else np.inf
        ask = replace(self.ask, start=start, time_limit_s=min(most_s, self.clock.some()), on_progress=None)
        answer = run_or_stop(branches_best(part.program), part.program, ask)
        if answer.values is not None:
            begin[part.sites] = answer.values[: len(part.sites)] > 0.5
            self._take(begin)
        bound = answer.outcome.bound
        if answer.outcome.ended == "infeasible":
            bound = -np.inf
        elif bound is not None:
            bound += part.worth_beside
        if bound is not None:
            self.bound = min(self.bound, max(self.worth, bound))

    def _search(self, seconds: float, coolings: int | None = None) -> None:
        """Go on from the plan in hand."""
        if seconds > 0 and not self._enough(self.worth):
            limits: dict[str, Any] = {"seconds": seconds, "enough": self._enough, "coolings": coolings}
            limits["at_once"] = self._in_doubt.sum() > MANY
            self._take(search_cover(self.view, seed=self.ask.seed, begin=self.is_open, **limits))

    def _decide_parts(self, clock: Clock, most: float = np.inf) -> None:
        """The sites most in doubt, those first that are not as the bound has them; each time twice as many."""
        size = FIRST_PART
        while not self._enough(self.worth) and not clock.over and size < min(most + 1, self._in_doubt.sum()):
            doubt = np.abs(self.dual.reduced)
            doubt = np.where(self.is_open == (self.dual.reduced > 0), doubt, -doubt)
            sites = np.flatnonzero(self._in_doubt)
            part = np.zeros(len(doubt), dtype=bool)
            part[sites[np.argsort(doubt[sites], kind="stable")[:size]]] = True
            if self._pairs(part) > PART_PAIRS_PER_S * clock.left() or not self._decide(part, clock):
                return
            size *= WIDER

    def _pairs(self, sites: BoolArray) -> int:
        """Pairs of a site of some (n_sites,) and a set."""
        return int(np.diff(self.view.sets_of_site.indptr)[sites].sum())

    def _decide(self, part: BoolArray, clock: Clock) -> bool:
        """The best plan in which sites outside a part (n_sites,) stay; False where the time is too short for it."""
        sites = np.flatnonzero(part)
        cut = part_of(self.view, self.is_open, sites)
        ask = replace(
            self.ask,
            gap=FINER * max(0.0, self.ask.gap),
            start=cut.values_of(self.is_open),
            time_limit_s=clock.some(PART_S),
            on_progress=None,
        )
        answer = run_or_stop(branches_best(cut.program), cut.program, ask)
        if answer.values is not None:
            found = self.is_open.copy()
            found[sites] = answer.values[: len(sites)] > 0.5
            self._take(found)
        return answer.outcome.ended == "proven"

    def _take(self, found: BoolArray | None) -> None:
        """Keep a plan where it is better."""
        worth = -np.inf if found is None else self.model.objective_of(Plan(open=found))
        if found is not None and worth > self.worth:
            self.is_open, self.worth = found, worth

    def _enough(self, worth: float) -> bool:
        gap = relative_gap(worth, self.bound)
        return gap is not None and gap <= (max(self.ask.gap, TIE) if self.ask.gap >= 0 else self.ask.gap)

    @cached_property
    def _is_free(self) -> BoolArray:
        free = np.zeros(len(self.view.own), dtype=bool)
        free[self.view.free] = True
        return free

    @property
    def _in_doubt(self) -> BoolArray:
        """Free sites (n_sites,) that may be either way in a plan better than the one in hand."""
        return self._is_free & (np.abs(self.dual.reduced) <= self.dual.bound - self.worth + DUST * abs(self.worth))
