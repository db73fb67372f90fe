"""The thriftiest of joint plans that are equally good: over all programmes where they are small, else one by one."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.arrays import FloatArray
from models.figures import cost_of
from models.formulation import formulate
from models.plan import Plan
from models.portfolio import JointProgram, Portfolio
from solver.economy.measure import Ground, Measure
from solver.economy.settle import EXACT_ENTRIES, EXACT_WHOLE, Economy, How, Work
from solver.economy.stages import cost_goal, lowered, sites_goal, units_goal


@dataclass(eq=False)
class JointWork:
    """The joint plan in hand, so that Ctrl-C loses none of it; `until` is on the monotonic clock."""

    portfolio: Portfolio
    joint: JointProgram
    seed: int
    until: float
    plans: dict[str, Plan] = field(default_factory=dict)
    exact: bool = False
    travel: set[How | None] = field(default_factory=set)

    def run(self, plans: Mapping[str, Plan], values: FloatArray) -> None:
        """Cost, sites and units of all together, then every programme's own service."""
        self.plans = dict(plans)
        program, drafts = self.joint.program, self.joint.drafts.values()
        small = program.matrix.nnz <= EXACT_ENTRIES and int(program.integer.sum()) <= EXACT_WHOLE
        if small:
            n = program.n_columns
            goals = [
                np.sum([goal(draft, n) for draft in drafts], axis=0) for goal in (cost_goal, sites_goal, units_goal)
            ]
            done = lowered(program, goals, values, until=self.until, seed=self.seed)
            self.exact = done.proven
            self._take(self.portfolio.read_plans(self.joint.drafts, done.values))
        for number, member in enumerate(self.portfolio.members):
            left = self.until - time.monotonic()
            ground = Ground(member.formulation, member.rules, *formulate(member.formulation, member.rules))
            self._member(ground, member.name, time.monotonic() + left / (len(self.portfolio.members) - number))

    def _member(self, ground: Ground, name: str, until: float) -> None:
        """One programme's plan of the same worth, the others as they are."""
        plan = self.plans[name]
        measure, values = ground.measure(plan), ground.values(plan)
        if measure is None or values is None:
            return
        work = Work(ground, self.seed, until, None, plan, measure, exact=self.exact)
        work.improve()
        self.travel.add(work.travel)
        if work.plan is not None:
            self._take(self.plans | {name: work.plan})

    def _take(self, plans: Mapping[str, Plan]) -> None:
        """Keep plans that hold together and cost no more."""
        costs = {m.name: cost_of(m.formulation, plans[m.name]) for m in self.portfolio.members}
        if not self.portfolio.violations(plans, costs) and self.values(plans) is not None:
            self.plans = dict(plans)

    def values(self, plans: Mapping[str, Plan]) -> FloatArray | None:
        """Values (n_columns,) of the joint program; None where the plans break one of its rows."""
        values = self.portfolio.values_of(self.joint.drafts, plans, self.joint.program.n_columns)
        return None if self.joint.program.violations(values) else values

    def economy(self, before: Mapping[str, Plan]) -> Economy:
        """How it was done, and what it saved."""
        was, now = self._measured(before), self._measured(self.plans)
        known = self.travel - {None}
        travel: How | None = None if not known else "exact" if known == {"exact"} else "descent"
        return Economy(
            "exact" if self.exact else "descent",
            sum(m.cost for m in was) - sum(m.cost for m in now),
            sum(m.sites for m in was) - sum(m.sites for m in now),
            sum(m.units for m in was) - sum(m.units for m in now),
            travel,
        )

    def _measured(self, plans: Mapping[str, Plan]) -> list[Measure]:
        found = [Measure.of(m.formulation, plans[m.name]) for m in self.portfolio.members]
        return [measure for measure in found if measure is not None]
