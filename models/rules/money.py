"""What a plan may cost."""

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from models.errors import ProblemError
from models.formulation import Draft
from models.given import checked
from models.magnitude import LARGEST, is_beyond
from models.messages import Message, Money, say
from models.plan import Plan
from models.problem import Demand, Sites

CENT = 0.01


@runtime_checkable
class OfMoney(Protocol):
    """A rule that gives so much money."""

    @property
    def amount(self) -> float:
        """How much there is."""
        ...

    @property
    def called(self) -> Message:
        """What the money is called in a sentence."""
        ...


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

    @property
    def called(self) -> Message:
        """What the money is called in a sentence."""
        return say("the budget")

    def apply(self, draft: Draft) -> None:
        """One row over everything that costs."""
        draft.builder.rows("costs_within_budget", draft.cost, upper=self.amount - draft.base_cost, rule=self.key)

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """The plan's cost against the budget."""
        if cost <= self.amount + CENT + 1e-9 * self.amount:
            return []
        return [say("the plan costs {cost}; the budget is {budget}", cost=Money(cost), budget=Money(self.amount))]

    def describe(self) -> Message:
        """In words."""
        return say("a budget of {amount} ({key})", amount=Money(self.amount), key=self.key)

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of the amount."""
        return say("a budget of {amount}", amount=Money(self.amount + by))
