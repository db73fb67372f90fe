"""What joins the programmes of a portfolio, as rules in the planner's words: their rows are the portfolio's own."""

from dataclasses import dataclass

from models.formulation import Draft, Rule
from models.messages import Message, Money, Share, say
from models.plan import Plan
from models.problem import Demand, Sites
from models.rules import Budget


class _OfThePortfolio:
    """The portfolio puts the rows and checks the plans (see `models.portfolio`)."""

    def apply(self, draft: Draft) -> None:
        """Nothing: the rows are the portfolio's own."""

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
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

    def describe(self) -> Message:
        """In words."""
        return say("{part}: {text}", part=self.member, text=self.rule.describe())

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        inner = self.rule.remedy(label, works, by) or say("{row} changed by {by:,.6g}", row=label, by=by)
        return say("{part}: {text}", part=self.member, text=inner)


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

    def describe(self) -> Message:
        """In words."""
        share = Share(self.share)
        return say(
            "{part}: at least {share} of its full value ({key})", part=self.member, share=share, key="floor_share"
        )

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of the share."""
        share = Share(self.share - by / self.full)
        return say("{part} at {share} of its full value", part=self.member, share=share)


@dataclass(frozen=True)
class Linked(_OfThePortfolio):
    """Sites that open only where others do."""

    key: str = "links"

    def describe(self) -> Message:
        """In words."""
        return say("sites that open only where another does ({key})", key=self.key)

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        return say("{site} open without what it waits for", site=label)


@dataclass(frozen=True)
class JointBudget(Budget):
    """What all programmes may cost together."""

    @property
    def called(self) -> Message:
        """What the money is called in a sentence."""
        return say("the joint budget")

    def describe(self) -> Message:
        """In words."""
        return say("a joint budget of {amount} ({key})", amount=Money(self.amount), key=self.key)
