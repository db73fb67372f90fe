"""How many units, modules or piles there are in all."""

from dataclasses import dataclass

import numpy as np

from models.errors import ProblemError
from models.formulation import Draft
from models.given import checked
from models.messages import Message, say
from models.plan import Plan
from models.problem import Demand, Sites
from models.program import row_of


@checked
@dataclass(frozen=True)
class UnitsTotal:
    """sum of n_kj over all kinds k and sites j = number."""

    number: int

    @property
    def key(self) -> str:
        """Name in the study."""
        return "sizes_total"

    def apply(self, draft: Draft) -> None:
        """One row over every kind; ProblemError where sites hold no units."""
        if not draft.units:
            raise ProblemError(
                say("{key} needs sites that hold modules in whole numbers; name them under sizes", key=self.key)
            )
        ones = row_of(np.ones(len(draft.sites)))
        draft.builder.rows(
            "modules_in_all",
            [(ones, block) for block in draft.units.values()],
            lower=self.number,
            upper=self.number,
            rule=self.key,
        )

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """The plan's units against the number."""
        count = sum(int(n.sum()) for n in plan.units.values())
        if count == self.number:
            return []
        return [say("there are {n:,} modules; {rule}", n=count, rule=self.describe())]

    def describe(self) -> Message:
        """In words."""
        return say("exactly {n:,} modules in all ({key})", n=self.number, key=self.key)

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of the number."""
        return say("{n:,.6g} modules in all", n=works)
