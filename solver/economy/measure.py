"""What is compared between plans of equal objective, and whether a plan holds at all."""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import Draft, Formulation, Rule
from models.plan import Plan
from models.program import Program
from solver.economy.service import travel_of
from solver.optimise.reduced import values_of

TIE = 1e-9
"""Relative difference that is rounding."""
SERVICE_TIE = 1e-7
"""Relative difference of objectives that shares of service, which engines round, may make."""


@dataclass(frozen=True)
class Measure:
    """A plan's objective (more is better), its cost, sites that open or close, units, and total travel."""

    worth: float
    cost: float
    sites: int
    units: int
    travel: float | None

    @staticmethod
    def of(model: Formulation, plan: Plan) -> "Measure | None":
        """A plan's figures by its model alone; None where the model says that it is none."""
        sign, sites = 1.0 if model.sense == "max" else -1.0, model.sites
        closable = ~sites.is_new & ~sites.fixed_open & ~sites.fixed_closed
        try:
            worth, cost, travel = sign * model.objective_of(plan), cost_of(model, plan), travel_of(model, plan)
        except ProblemError:
            return None
        if not np.isfinite(worth):
            return None
        changed = int((plan.open & sites.is_new).sum() + (~plan.open & closable).sum())
        return Measure(worth, cost, changed, sum(int(n.sum()) for n in plan.units.values()), travel)

    def betters(self, other: "Measure") -> bool:
        """Is the objective kept and the first of the other figures that differs lower?"""
        if self.worth < other.worth - SERVICE_TIE * max(abs(other.worth), abs(self.worth)):
            return False
        pairs = [(self.cost, other.cost), (float(self.sites), float(other.sites))]
        pairs += [(float(self.units), float(other.units)), (self.travel or 0.0, other.travel or 0.0)]
        for own, its in pairs:
            if abs(own - its) > TIE * max(1.0, abs(own), abs(its)):
                return own < its
        return self.worth > other.worth + SERVICE_TIE * abs(other.worth)


@dataclass(frozen=True, eq=False)
class Ground:
    """The model under its rules, drafted; what a plan is measured and held against."""

    model: Formulation
    rules: tuple[Rule, ...]
    draft: Draft
    program: Program

    def measure(self, plan: Plan) -> Measure | None:
        """The plan's figures; None where the model says that it is none."""
        return Measure.of(self.model, plan)

    def values(self, plan: Plan) -> FloatArray | None:
        """Column values (n_columns,) of a plan that keeps every row and every rule; None where it does not."""
        sites = self.model.sites
        if (plan.open < sites.fixed_open).any() or (plan.open & sites.fixed_closed).any():
            return None
        try:
            cost = cost_of(self.model, plan)
            if any(rule.violations(sites, self.draft.demand, plan, cost) for rule in self.rules):
                return None
            return values_of(self.model, self.draft, self.program, plan)
        except ProblemError:
            return None
