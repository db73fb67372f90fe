"""Bisection over the values that a worst or least distance can take: each step asks for any plan at all.

What a step asks, a set covering or a packing, is easy to search and has a strong linear relaxation: short searches find
a plan, linear relaxations exclude what is much better, a longer search begins where these say no more, and whole
programs decide what is left between. Minieka (1970), The m-center problem, SIAM Review
12; bounds by the relaxation: Elloumi, Labbe and Pochet (2004), INFORMS J. Computing 16.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.clock import Clock
from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import Draft, Formulation, Rule, formulate
from models.incumbent import relative_gap
from models.placed import problem_of
from models.plan import Plan
from models.program import Program
from models.rules import Count, asked
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.interrupt import run_or_stop
from solver.optimise.posed import Reduced, StoppedWith

GLANCE, CLIMB = 500, 20_000
"""Steps of a search before relaxations, and where these say no more: some hundredths of a second, and half a second."""
STRIDE = 0.02
"""How much better than the plan in hand is the first value that a relaxation is asked for; then twice as much."""
PART = 0.5
"""Share of the time left that one program may take."""
SURELY = 1e-6
"""So much more than a number of sites must a relaxation ask for, to prove that the number does not do."""
FIRST = 1e9
"""Relative gap at which an engine is content: any plan."""


Numbers = tuple[int | None, int | None]
"""The least and the greatest number of new sites that rules ask for, None where none does."""


class Stage(Formulation, Protocol):
    """Any plan at one value."""

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,)."""
        ...


At = TypeVar("At", bound=Stage)


@dataclass(frozen=True, eq=False)
class Ladder(Generic[At]):
    """A model by the values that its best worth can have, `values` (n_values,) rising.

    `between`: the model with bounds at_least and at_most on its worth. `stage`: any plan at a value, and whether rules
    speak of numbers of new sites alone. `search`: open sites (n_sites,) of such a plan under numbers of new sites
    (see `Numbers`), by a seed, so many steps, and a time on the monotonic clock that ends it.
    """

    model: Formulation
    values: FloatArray
    between: Callable[[float, float], Formulation]
    stage: Callable[[float, bool], At]
    search: Callable[[At, Numbers, int, int, float], BoolArray | None]

    @property
    def smallest(self) -> bool:
        """A plan at a value has a worth of at most that, or of at least."""
        return self.model.sense == "min"


def bisect(ladder: Ladder[At], rules: Sequence[Rule], plan: Plan | None, ask: Ask) -> Reduced:
    """The model reduced to the values that its best worth can still have.

    What is not settled when the time is over is left to the engine.
    """
    if not len(ladder.values):
        return Reduced(ladder.between(0.0, np.inf), plan)
    climb = _Climb(ladder, tuple(rules), ask, plan)
    try:
        climb.search(GLANCE)
        climb.relax()
        climb.search(CLIMB)
        climb.decide()
    except KeyboardInterrupt:
        if climb.plan is None:
            raise
        raise StoppedWith(climb.plan, climb.bound) from None
    return climb.reduced()


@dataclass(eq=False)
class _Climb(Generic[At]):
    """Rungs of the ladder, the best first: none below `low` has a plan, `high` has one where `plan` is known."""

    ladder: Ladder[At]
    rules: tuple[Rule, ...]
    ask: Ask
    plan: Plan | None
    low: int = 0
    high: int = 0
    clock: Clock = field(init=False)
    rungs: FloatArray = field(init=False)
    numbers: Numbers = field(init=False)
    numbers_alone: bool = field(init=False)
    held: dict[int, At] = field(default_factory=dict)

    def __post_init__(self) -> None:
        values = self.ladder.values
        self.clock = Clock.of(self.ask.time_limit_s)
        self.rungs = values if self.ladder.smallest else values[::-1]
        self.high = len(values) - 1
        few, many = self.numbers = (asked.fewest(self.rules), asked.most(self.rules))
        able = int((self.ladder.model.sites.is_new & ~self.ladder.model.sites.fixed_closed).sum())
        consistent = (few or 0) <= min(able, able if many is None else many)
        self.numbers_alone = asked.only_numbers(self.rules) and consistent
        if self.plan is not None:
            self.high = self._rung_of(self.plan)

    @property
    def bound(self) -> float:
        """What no plan betters."""
        return float(self.rungs[self.low])

    @property
    def enough(self) -> bool:
        """Is the plan within the gap that is asked, or the time over?"""
        if self.clock.over:
            return True
        if self.plan is None:
            return False
        gap = relative_gap(self.ladder.model.objective_of(self.plan), self.bound)
        return self.low >= self.high or (gap is not None and gap <= self.ask.gap)

    def reduced(self) -> Reduced:
        """The model between what is known."""
        first, last = sorted((self.bound, float(self.rungs[max(self.low, self.high)])))
        return Reduced(self.ladder.between(first, last), self.plan, self.bound)

    def search(self, steps: int) -> None:
        """Lower `high` by searches of so many steps, from `low` on."""
        rung, failed = self.low, self.low - 1
        while self.numbers_alone and rung < self.high and not self.enough:
            if not self._found(rung, steps):
                failed = rung
            rung = max(failed + 1, (failed + self.high) // 2)

    def relax(self) -> None:
        """Raise `low` to the least rung that the linear relaxation does not exclude."""
        allowed, stride = self.high, STRIDE
        rung = self._better(allowed, stride)
        while self.low < allowed and not self.enough:
            excluded = self._excluded(rung)
            if excluded is None:
                break
            if excluded:
                self.low, stride = rung + 1, 0.0
            else:
                allowed, stride = rung, 2.0 * stride
            gap = relative_gap(float(self.rungs[allowed]), self.bound)
            if gap is not None and gap <= self.ask.gap:
                break
            rung = self._better(allowed, stride) if stride else (self.low + allowed) // 2

    def decide(self) -> None:
        """Settle rung after rung by whole programs."""
        undecided = self.low
        rung = self.high if self.plan is None else (undecided + self.high) // 2
        while (self.plan is None or undecided < self.high) and not self.enough:
            found, ended = self._any_plan(rung)
            if found is not None:
                if not self._keep(found):
                    break
            elif rung >= self.high:
                break
            else:
                undecided = rung + 1
                self.low = undecided if ended == "infeasible" else self.low
            rung = (undecided + self.high) // 2

    def _rung_of(self, plan: Plan) -> int:
        """The position of a plan's worth on the ladder, which holds every worth a plan can have."""
        worth, smallest = self.ladder.model.objective_of(plan), self.ladder.smallest
        return int(np.searchsorted(self.rungs, worth) if smallest else np.searchsorted(-self.rungs, -worth))

    def _better(self, rung: int, stride: float) -> int:
        """The rung whose value is better than another's by a share of it, by one rung at least."""
        value = float(self.rungs[rung])
        ahead, smallest = stride * abs(value), self.ladder.smallest
        found = np.searchsorted(self.rungs if smallest else -self.rungs, value - ahead if smallest else -value - ahead)
        return max(self.low, min(int(found), rung - 1))

    def _stage(self, rung: int) -> At:
        if rung not in self.held:
            self.held = {rung: self.ladder.stage(float(self.rungs[rung]), self.numbers_alone)}
        return self.held[rung]

    def _found(self, rung: int, steps: int) -> bool:
        """Does a search find a plan at a rung?"""
        if not self.numbers_alone:
            return False
        stage, clock = self._stage(rung), self.clock.part(PART)
        is_open = self.ladder.search(stage, self.numbers, self.ask.seed, steps, clock.end)
        return is_open is not None and self._keep(self._plan_of(rung, is_open))

    def _keep(self, plan: Plan) -> bool:
        """Take a plan that keeps every rule and is better than the one in hand."""
        model, places = self.ladder.model, problem_of(self.ladder.model)
        cost, demand = cost_of(model, plan), None if places is None else places.demand
        if any(rule.violations(model.sites, demand, plan, cost) for rule in self.rules):
            return False
        rung = self._rung_of(plan)
        if self.plan is None or rung < self.high:
            self.plan, self.high = plan, rung
            return True
        return False

    def _excluded(self, rung: int) -> bool | None:
        """Does the linear relaxation prove that no plan is at a rung? None where the time ends it."""
        built = self._program(rung, asked.beside_numbers(self.rules))
        if built is None:
            return True
        outcome = run_or_stop(Highs(), built[1].relaxed(), self._short()).outcome
        if outcome.ended == "infeasible" or outcome.bound is None:
            return True if outcome.ended == "infeasible" else None
        few, many = self.numbers
        beyond = outcome.bound - many if self.ladder.smallest and many is not None else -np.inf
        below = few - outcome.bound if not self.ladder.smallest and few is not None else -np.inf
        return max(beyond, below) > SURELY or (False if outcome.ended == "proven" else None)

    def _any_plan(self, rung: int) -> tuple[Plan | None, str]:
        """A plan at a rung by a whole program, and how that ended."""
        rules: Sequence[Rule] = self.rules
        if self.numbers_alone:
            few, many = self.numbers
            number = many if self.ladder.smallest else few
            rules = () if number is None else (Count(number, "at most" if self.ladder.smallest else "at least"),)
        built = self._program(rung, rules)
        if built is None:
            return None, "infeasible"
        draft, program = built
        answer = run_or_stop(Highs(), program, replace(self._short(), gap=FIRST))
        if answer.values is None:
            return None, answer.outcome.ended
        return self._plan_of(rung, draft.open.of(answer.values) > 0.5), answer.outcome.ended

    def _plan_of(self, rung: int, is_open: BoolArray) -> Plan:
        """The plan of some open sites, with as many new ones as rules ask for: more or fewer do no harm."""
        sites, (few, many) = self.ladder.model.sites, self.numbers
        if self.numbers_alone:
            new = is_open & sites.is_new
            surplus = int(new.sum()) - (many if many is not None else len(new))
            lacking = (few or 0) - int(new.sum())
            is_open = is_open.copy()
            is_open[np.flatnonzero(new & ~sites.fixed_open)[: max(0, surplus)]] = False
            is_open[np.flatnonzero(~is_open & sites.is_new & ~sites.fixed_closed)[: max(0, lacking)]] = True
        return self._stage(rung).plan_of(is_open)

    def _program(self, rung: int, rules: Sequence[Rule]) -> tuple[Draft, Program] | None:
        """Any plan at a rung, by the number of new sites: the fewest, or the most; None where a rule allows none."""
        try:
            draft, program = formulate(self._stage(rung), rules)
        except ProblemError:
            return None
        number = np.zeros(program.n_columns)
        number[draft.open.index] = self.ladder.model.sites.is_new
        return draft, program.with_objective(number, sense=program.sense)

    def _short(self) -> Ask:
        return replace(self.ask, time_limit_s=self.clock.some(PART), start=None)
