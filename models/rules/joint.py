"""What joins the programmes of a portfolio, as rules in the planner's words: their rows are the portfolio's own."""

from dataclasses import dataclass

from models.formulation import Draft, Rule
from models.percent import percent
from models.plan import Plan
from models.problem import Demand, Sites
from models.rules import Budget
from models.rules.money import yuan


class _OfThePortfolio:
    """The portfolio puts the rows and checks the plans (see `models.portfolio`)."""

    def apply(self, draft: Draft) -> None:
        """Nothing: the rows are the portfolio's own."""

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[str]:
        """Nothing: the portfolio checks its plans."""
        return []


@dataclass(frozen=True)
class OfMember(_OfThePortfolio):
    """A rule of one programme."""

    member: str
    rule: Rule

    @property
    def key(self) -> str:
        """The programme and the rule's name in the study."""
        return f"{self.member}.{self.rule.key}"

    def describe(self) -> str:
        """In words."""
        return f"{self.member}: {self.rule.describe()}"

    def remedy(self, label: str, works: float, by: float) -> str:
        """What would do in place of one row."""
        inner = getattr(self.rule, "remedy", None)
        return (
            f"{self.member}: {label} changed by {by:,.6g}"
            if inner is None
            else (f"{self.member}: {inner(label, works, by)}")
        )


@dataclass(frozen=True)
class Floor(_OfThePortfolio):
    """The least share of its full value that a programme must reach."""

    member: str
    share: float
    full: float

    @property
    def key(self) -> str:
        """Name in the study."""
        return f"{self.member}.floor"

    def describe(self) -> str:
        """In words."""
        return f"{self.member}: at least {percent(self.share)} of its full value (floor_share)"

    def remedy(self, label: str, works: float, by: float) -> str:
        """What would do in place of the share."""
        return f"{self.member} at {percent(self.share - by / self.full)} of its full value"


@dataclass(frozen=True)
class Linked(_OfThePortfolio):
    """Sites that open only where others do."""

    key: str = "links"

    def describe(self) -> str:
        """In words."""
        return "sites that open only where another does (links)"

    def remedy(self, label: str, works: float, by: float) -> str:
        """What would do in place of one row."""
        return f"{label} open without what it waits for"


@dataclass(frozen=True)
class JointBudget(Budget):
    """What all programmes may cost together."""

    def describe(self) -> str:
        """In words."""
        return f"a joint budget of {yuan(self.amount)} CNY (budget)"
