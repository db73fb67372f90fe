"""One programme over several years: what is open stays open, every year has its budget, every year is a valid plan.

    max   sum over years t of  weight_t * value_t
    s.t.  rows and rules of the programme in every year, under that year's demand,
          open_(t-1),j <= open_t,j            for every site that is not closable,
          units_(t-1),k,j <= units_t,k,j      for every kind of unit,
          cost_t - cost_(t-1) <= budget_t     (without carrying money over), or
          cost_t <= budget_1 + ... + budget_t (with)

`cost_t` is the cost of everything open in year t, so the difference is what the year spends.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray
from models.errors import ProblemError
from models.formulation import Draft, Formulation, Rule, value_of
from models.plan import Plan
from models.problem import SiteStatus
from models.program import Program, ProgramBuilder, Term, identity


@dataclass(frozen=True, eq=False)
class Phase:
    """One year: the programme under the year's demand and rules, its budget, and what its value counts."""

    name: str
    formulation: Formulation
    rules: tuple[Rule, ...] = ()
    budget_cny: float | None = None
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class Phasing:
    """The years in their order; all decide about the same sites."""

    phases: tuple[Phase, ...]
    carry_over: bool = True

    def __post_init__(self) -> None:
        if not self.phases:
            raise ProblemError("phasing needs at least one year")
        first = self.phases[0].formulation
        for phase in self.phases:
            if phase.formulation.sites.ids != first.sites.ids:
                raise ProblemError(f"year {phase.name} decides about other sites than year {self.phases[0].name}")
            if phase.formulation.sense != first.sense:
                raise ProblemError(f"year {phase.name} has another sense than year {self.phases[0].name}")
        names = [phase.name for phase in self.phases]
        if len(set(names)) < len(names):
            raise ProblemError(f"years must differ in name; got {', '.join(names)}")

    def formulate(self) -> tuple[list[Draft], Program]:
        """One program of all years; blocks and rows carry the year's name as a prefix."""
        first = self.phases[0].formulation
        builder = ProgramBuilder(f"{first.name} by year", first.sense)
        drafts: list[Draft] = []
        for phase in self.phases:
            builder.prefix(phase.name)
            blocks, offset = builder.n_blocks, builder.offset
            draft = phase.formulation.draft(builder)
            for rule in phase.rules:
                rule.apply(draft)
            builder.scale_objective(blocks, phase.weight, offset_from=offset)
            if drafts:
                _what_is_there_stays(builder, drafts[-1], draft)
            drafts.append(draft)
            self._budget(builder, drafts)
        builder.prefix("")
        return drafts, builder.build()

    def read_plans(self, drafts: Sequence[Draft], values: FloatArray) -> list[Plan]:
        """The plan of every year."""
        return [p.formulation.read_plan(d, values) for p, d in zip(self.phases, drafts, strict=True)]

    def values_of(self, drafts: Sequence[Draft], plans: Sequence[Plan], n_columns: int) -> FloatArray:
        """Column values (n_columns,) that stand for the years' plans."""
        values = np.zeros(n_columns)
        for phase, draft, plan in zip(self.phases, drafts, plans, strict=True):
            phase.formulation.values_of(draft, plan, values)
        return values

    def objective_of(self, plans: Sequence[Plan]) -> float:
        """The weighted sum of the years' values, from their problems alone."""
        return sum(p.weight * p.formulation.objective_of(plan) for p, plan in zip(self.phases, plans, strict=True))

    def faults(self, plans: Sequence[Plan], costs_cny: Sequence[float]) -> list[str]:
        """How plans break the order of years, from the plans alone: sites or units that vanish, money overspent."""
        found = []
        may_close = self.phases[0].formulation.sites.is_(SiteStatus.CLOSABLE)
        ids = self.phases[0].formulation.sites.ids
        for t in range(1, len(plans)):
            gone = np.flatnonzero(plans[t - 1].open & ~plans[t].open & ~may_close)
            found += [
                f"{ids[j]} is open in {self.phases[t - 1].name} and closed in {self.phases[t].name}" for j in gone
            ]
            for kind, count in plans[t - 1].units.items():
                fewer = np.flatnonzero(count > plans[t].units[kind])
                found += [f"{ids[j]} loses {kind} in {self.phases[t].name}" for j in fewer]
        spent, allowed, before = 0.0, 0.0, 0.0
        for phase, cost in zip(self.phases, costs_cny, strict=True):
            if phase.budget_cny is None:
                before = cost
                continue
            allowed += phase.budget_cny
            spent = cost if self.carry_over else cost - before
            limit = allowed if self.carry_over else phase.budget_cny
            if spent > limit * (1 + 1e-9) + 1e-6:
                found.append(f"{phase.name} has spent {spent:,.0f} CNY; {limit:,.0f} were there")
            before = cost
        return found

    def _budget(self, builder: ProgramBuilder, drafts: Sequence[Draft]) -> None:
        phase = self.phases[len(drafts) - 1]
        if phase.budget_cny is None:
            return
        now = drafts[-1]
        if self.carry_over:
            allowed = sum(p.budget_cny or 0.0 for p in self.phases[: len(drafts)])
            builder.rows(
                "spent_so_far_within_budgets_so_far", now.cost, upper=allowed - now.base_cost_cny, rule="budget_cny"
            )
            return
        terms: list[Term] = list(now.cost)
        base = now.base_cost_cny
        if len(drafts) > 1:
            terms += [(sp.csr_array(-matrix), block) for matrix, block in drafts[-2].cost]
            base -= drafts[-2].base_cost_cny
        builder.rows("spent_this_year_within_its_budget", terms, upper=phase.budget_cny - base, rule="budget_cny")


def _what_is_there_stays(builder: ProgramBuilder, before: Draft, now: Draft) -> None:
    fixed = np.flatnonzero(~now.sites.is_(SiteStatus.CLOSABLE))
    pick = sp.csr_array(identity(len(now.sites))[fixed])
    labels = [now.sites.ids[j] for j in fixed]
    builder.rows(
        "what_is_open_stays_open", [(pick, before.open), (sp.csr_array(-pick), now.open)], upper=0.0, labels=labels
    )
    for kind, block in before.units.items():
        unit = identity(block.size)
        builder.rows(
            f"units_of_{kind}_stay",
            [(unit, block), (sp.csr_array(-unit), now.units[kind])],
            upper=0.0,
            labels=now.sites.ids,
        )


def costs_of_drafts(drafts: Sequence[Draft], values: FloatArray) -> list[float]:
    """Cost in CNY of everything open in every year, from the program's columns."""
    return [float(value_of(d.cost, values)[0]) + d.base_cost_cny for d in drafts]
