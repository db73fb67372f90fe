"""How a run of an engine ended: why it stopped, what is in hand, and what is proven. Never "optimal" without proof."""

from dataclasses import dataclass
from typing import Literal

from models.arrays import FloatArray
from models.brief import brief
from models.errors import SitingError
from models.incumbent import relative_gap
from models.messages import Listed, say

Ended = Literal["proven", "limit", "infeasible", "unbounded", "interrupted", "failed"]
Limit = Literal["time", "memory", "iterations", "nodes"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Three facts kept apart: `ended` (why it stopped), `holds_plan` (what is in hand), `bound` (what is proven).

    `proven` means that the plan is within the asked gap of the bound. `gap` is |objective - bound| / max(|objective|,
    1e-9), None while either is unknown. `raw` is the engine's own status text.
    """

    ended: Ended
    holds_plan: bool
    objective: float | None
    bound: float | None
    seconds: float
    engine: str
    version: str
    raw: str
    limit: Limit | None = None

    def __post_init__(self) -> None:
        wrong = []
        if (self.limit is not None) != (self.ended == "limit"):
            wrong.append(f"limit={self.limit} with ended={self.ended}")
        if self.holds_plan != (self.objective is not None):
            wrong.append(f"holds_plan={self.holds_plan} with objective={self.objective}")
        if self.ended == "proven" and (not self.holds_plan or self.bound is None):
            wrong.append("proven without a plan and a bound")
        if self.ended == "infeasible" and self.holds_plan:
            wrong.append("infeasible with a plan in hand")
        if wrong:
            raise SitingError(say("impossible outcome: {wrong}", wrong=Listed(wrong, by="semicolon")))

    @property
    def gap(self) -> float | None:
        """Relative gap between objective and bound; None when either is unknown."""
        return relative_gap(self.objective, self.bound)


@brief
@dataclass(frozen=True, eq=False)
class Answer:
    """Column values (n_columns,), or None where there is no plan, and the outcome."""

    values: FloatArray | None
    outcome: Outcome
