"""What a plan may cost."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from models.errors import ProblemError
from models.formulation import Draft
from models.given import checked
from models.magnitude import LARGEST, is_beyond
from models.messages import say
from models.plan import Plan
from models.problem import Demand, Sites

CENT = 0.01


def yuan(amount: float) -> str:
    """An amount in CNY as text: whole where it is whole or large, else to the cent."""
    whole = abs(amount) >= 1e6 or abs(amount - round(amount)) < CENT / 2
    return f"{amount:,.0f}" if whole else f"{amount:,.2f}"


@checked
@dataclass(frozen=True)
class Budget:
    """cost of the plan <= amount: fixed costs of opening and closing, and what units and flows cost."""

    amount: float
    about_service: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not (np.isfinite(self.amount) and self.amount >= 0):
            raise ProblemError(say("budget must be a number of at least 0; got {amount}", amount=self.amount))
        if is_beyond(self.amount):
            raise ProblemError(
                say("budget must be below {largest:g}; got {amount:g}", largest=LARGEST, amount=self.amount)
            )

    @property
    def key(self) -> str:
        """Name in the study."""
        return "budget"

    def apply(self, draft: Draft) -> None:
        """One row over everything that costs."""
        draft.builder.rows("costs_within_budget", draft.cost, upper=self.amount - draft.base_cost, rule=self.key)

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[str]:
        """The plan's cost against the budget."""
        if cost <= self.amount + CENT + 1e-9 * self.amount:
            return []
        return [f"the plan costs {cost:,.2f} CNY; the budget is {self.amount:,.2f}"]

    def describe(self) -> str:
        """In words."""
        return f"a budget of {yuan(self.amount)} CNY (budget)"

    def remedy(self, label: str, works: float, by: float) -> str:
        """What would do in place of the amount."""
        return f"a budget of {yuan(self.amount + by)} CNY"
