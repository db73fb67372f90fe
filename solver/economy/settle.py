"""The plan that is shown: of all plans as good as the one in hand the thriftiest, served with the least travel."""

import time
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from models.arrays import FloatArray
from models.clock import Clock
from models.formulation import Draft
from models.messages import say
from models.plan import Plan
from models.program import Program
from solver.economy.descent import descended
from solver.economy.measure import SERVICE_TIE, Ground, Measure
from solver.economy.service import by_flow, by_program, read_served, served_program, serves_by_itself
from solver.economy.stages import cost_goal, keeping, lowered, sites_goal, units_goal
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.events import Tell
from solver.optimise.anytime import SolvedProgramme
from solver.optimise.posed import PosedProgramme

EXACT_ENTRIES, EXACT_WHOLE = 20_000, 1_500
"""Coefficients and whole-number columns up to which a program is small: there all is exact."""
SHARE = 0.1
"""Share of the time limit that this may take."""

How = Literal["exact", "descent"]


@dataclass(frozen=True)
class Economy:
    """How the thriftiest of equally good plans was looked for, and what that saved.

    `sites`: `exact` where it is proven that no plan of the same objective costs less, or as much with fewer sites or
    units; `descent` where no single step would save. `travel`: the same of the service, whose travel is least; None
    where the model has none to choose.
    """

    sites: How
    saved_cost: float
    saved_sites: int
    saved_units: int
    travel: How | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry `ties` of result.json."""
        return asdict(self)


def settle(
    posed: PosedProgramme, solved: SolvedProgramme, ask: Ask, clock: Clock, tell: Tell
) -> tuple[SolvedProgramme, Economy | None]:
    """The solved programme with the thriftiest plan of its objective; None where there is no plan.

    The objective is never worse than that of the plan in hand. Takes what is left on the clock, and at most `SHARE` of
    the time limit; Ctrl-C ends it with what is in hand.
    """
    if solved.plan is None or solved.values is None:
        return solved, None
    began = time.monotonic()
    ground = Ground(posed.formulation, posed.rules, solved.draft, solved.program)
    before = ground.measure(solved.plan)
    if before is None:
        return solved, None
    tell("settle", say("of equally good plans the thriftiest"))
    end = clock.part(1.0, SHARE * ask.time_limit_s).end
    work = Work(ground, ask.seed, end, solved.outcome.gap)
    try:
        work.run(solved.plan, solved.values, before)
    except KeyboardInterrupt:
        work.exact = False
    plan, after = work.plan or solved.plan, work.measure or before
    economy = Economy(
        "exact" if work.exact else "descent",
        before.cost - after.cost,
        before.sites - after.sites,
        before.units - after.units,
        work.travel,
    )
    values = ground.values(plan)
    seconds = solved.seconds | {"settle": time.monotonic() - began}
    if values is None or plan is solved.plan:
        return replace(solved, seconds=seconds), economy
    return _with_plan(replace(solved, seconds=seconds), plan, values), economy


@dataclass(eq=False)
class Work:
    """The plan in hand while the work goes on, so that Ctrl-C loses none of it."""

    ground: Ground
    seed: int
    until: float
    gap: float | None
    plan: Plan | None = None
    measure: Measure | None = None
    exact: bool = False
    travel: How | None = None

    def run(self, plan: Plan, values: FloatArray, measure: Measure) -> None:
        """Cost, sites and units, then travel, then the service."""
        self.plan, self.measure = plan, measure
        program = self.ground.program
        small = program.matrix.nnz <= EXACT_ENTRIES and int(program.integer.sum()) <= EXACT_WHOLE
        if small:
            self._exactly(values)
        self.improve()

    def improve(self) -> None:
        """Step by step where the plan is not the thriftiest for certain, then its service."""
        assert self.plan is not None
        if not self.exact:
            self.take(descended(self.ground, self.plan, until=self.until))
        self._serve()

    def take(self, plan: Plan | None) -> None:
        """Keep a plan that holds and is thriftier."""
        if plan is None or self.measure is None or plan is self.plan:
            return
        measure = self.ground.measure(plan)
        if measure is not None and measure.betters(self.measure) and self.ground.values(plan) is not None:
            self.plan, self.measure = plan, measure

    def _exactly(self, values: FloatArray) -> None:
        ground = self.ground
        n = ground.program.n_columns
        goals = [goal(ground.draft, n) for goal in (cost_goal, sites_goal, units_goal)]
        values = self._clean(values)
        done = lowered(ground.program, goals, values, until=self.until, seed=self.seed)
        self.exact = done.proven
        self.take(ground.model.read_plan(ground.draft, done.values))
        if self.exact:
            self._by_travel(done.values)

    def _clean(self, values: FloatArray) -> FloatArray:
        """The values (n_columns,) of the plan in hand with its service by a flow, which no engine's tolerance rounds.

        What an engine serves beyond a site's room would count for the objective, and no other plan could be as good.
        """
        assert self.plan is not None
        plan = by_flow(self.ground.model, self.plan)
        served = None if plan is None or not self._is_as_good(plan) else self.ground.values(plan)
        return values if served is None else served

    def _by_travel(self, values: FloatArray) -> None:
        """Of plans alike in cost, sites and units the one of least travel, its sites still free."""
        ground, left = self.ground, self.until - time.monotonic()
        among = ~ground.model.sites.fixed_closed
        served = served_program(ground.model, ground.rules, among)
        if served is None or left <= 0:
            return
        program = kept_goals(served.program, served.draft, ground, values)
        answer = Highs().run(
            program.with_objective(served.travel, sense="min"), Ask(time_limit_s=left, gap=0.0, seed=self.seed)
        )
        self.exact = answer.outcome.ended == "proven"
        if answer.values is not None:
            self.take(read_served(ground.model, served, among, answer.values))

    def _serve(self) -> None:
        """The service of the sites and units in hand."""
        ground = self.ground
        assert self.plan is not None
        if serves_by_itself(ground.model):
            self.travel = "exact"
            return
        plan = by_flow(ground.model, self.plan)
        if plan is not None and self._is_as_good(plan):
            self._serve_as(plan)
            self.travel = "exact"
            return
        settled = self.gap is not None and self.gap <= 1e-9
        done = by_program(ground.model, ground.rules, self.plan, until=self.until, seed=self.seed, settled=settled)
        if done is not None and self._is_as_good(done[0]):
            self._serve_as(done[0])
            self.travel = "exact" if done[1] else "descent"

    def _serve_as(self, plan: Plan) -> None:
        """Keep a plan of the same sites and units with its service: all of it, also what rounding had cut off."""
        self.plan, self.measure = plan, self.ground.measure(plan)

    def _is_as_good(self, plan: Plan) -> bool:
        """Does a plan hold, and is it worth no less than the one in hand?"""
        assert self.measure is not None
        measure = self.ground.measure(plan)
        if measure is None or self.ground.values(plan) is None:
            return False
        return measure.worth >= self.measure.worth - SERVICE_TIE * abs(self.measure.worth)


def kept_goals(program: Program, draft: Draft, ground: Ground, values: FloatArray) -> Program:
    """A program of the same model with the objective and the goals of values (n_columns,) of the ground's kept."""
    own = ground.program
    program = keeping(program, "the_objective_is_kept", program.objective, own.sense, float(own.objective @ values))
    for goal in (cost_goal, sites_goal, units_goal):
        value = float(goal(ground.draft, own.n_columns) @ values)
        program = keeping(program, f"{goal.__name__}_is_kept", goal(draft, program.n_columns), "min", value)
    return program


def _with_plan(solved: SolvedProgramme, plan: Plan, values: FloatArray) -> SolvedProgramme:
    """The solved programme with another plan: the outcome's objective is its own, the bound stays."""
    outcome = solved.outcome
    objective = solved.program.objective_at(values)
    bound = outcome.bound
    if bound is not None:
        bound = max(bound, objective) if solved.program.sense == "max" else min(bound, objective)
    return replace(solved, plan=plan, values=values, outcome=replace(outcome, objective=objective, bound=bound))
