"""What a plan may cost, in all and in one district."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
import scipy.sparse as sp

from models.apart import Use
from models.arrays import FloatArray
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft
from models.given import checked
from models.magnitude import LARGEST, is_beyond
from models.messages import Listed, Message, Money, Share, say
from models.plan import Plan
from models.problem import Demand, Sites, SiteStatus
from models.program import Block

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

    def use_of(self, sites: Sites) -> Use:
        """The cost of opening, of the money that closing leaves."""
        return Use(sites.opening_cost(), self.amount - sites.base_cost())

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of the amount."""
        return say("a budget of {amount}", amount=Money(self.amount + by))


@checked
@brief
@dataclass(frozen=True, eq=False)
class MoneyShare:
    """cost at the sites of a district <= share * cost at all sites, for one share or one per district.

    What counts is paid at sites: opening, closing, units; transport belongs to no district. `unit_cost` is what a unit
    of every kind costs at each site (n_sites,), as `unit_cost()` of models with units says; sites without a district
    count in the whole alone. Linear in the plan: the share is of what is spent, not of a budget.
    """

    share: float | Mapping[str, float]
    unit_cost: Mapping[str, FloatArray] = field(default_factory=dict)
    about_service: ClassVar[bool] = False

    def __post_init__(self) -> None:
        shares = self.share.values() if isinstance(self.share, Mapping) else (self.share,)
        if not all(0 <= share <= 1 for share in shares):
            raise ProblemError(say("{key} must be shares from 0 to 1", key=self.key))

    @property
    def key(self) -> str:
        """Name in the study."""
        return "money_share_per_group"

    def shares(self, sites: Sites) -> dict[str, float]:
        """District -> its greatest share; ProblemError where sites have no districts, or another is named."""
        known = sorted({group for group in sites.group if group})
        if not known:
            raise ProblemError(say("{key} needs a district for the sites; name it in sites.group", key=self.key))
        if not isinstance(self.share, Mapping):
            return dict.fromkeys(known, self.share)
        unknown = sorted(set(self.share) - set(known))
        if unknown:
            text = "{key} names {unknown}; the sites' districts are {known}"
            raise ProblemError(Message(text, {"key": self.key, "unknown": Listed(unknown), "known": Listed(known)}))
        return dict(self.share)

    def apply(self, draft: Draft) -> None:
        """One row per district: what is paid there, less its share of what is paid anywhere."""
        lacks = sorted(set(draft.units) - set(self.unit_cost))
        if lacks:
            raise ProblemError(say("{key} needs what a unit of {kinds} costs", key=self.key, kinds=Listed(lacks)))
        shares = self.shares(draft.sites)
        member = _members(draft.sites, shares) - np.array(list(shares.values()))[:, None]
        paid: list[tuple[FloatArray, Block]] = [(draft.sites.opening_cost(), draft.open)]
        paid += [(np.asarray(self.unit_cost[kind], dtype=np.float64), block) for kind, block in draft.units.items()]
        draft.builder.rows(
            "paid_in_a_district_within_its_share",
            [(sp.csr_array(member * price), block) for price, block in paid],
            upper=0.0 - member @ _closing(draft.sites),
            labels=list(shares),
            rule=self.key,
        )

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """What the plan pays in every district, against its share of all that is paid at sites."""
        paid = _closing(sites) + sites.opening_cost() * plan.open
        for kind, count in plan.units.items():
            paid = paid + np.asarray(self.unit_cost.get(kind, 0.0)) * count
        shares, total = self.shares(sites), float(paid.sum())
        in_district = dict(zip(shares, _members(sites, shares) @ paid, strict=True))
        return [
            say(
                "{group} gets {paid} of {total}; at most {share} is asked for ({key})",
                group=name,
                paid=Money(float(in_district[name])),
                total=Money(total),
                share=Share(share),
                key=self.key,
            )
            for name, share in shares.items()
            if in_district[name] > share * total + CENT + 1e-9 * total
        ]

    def describe(self) -> Message:
        """In words."""
        if isinstance(self.share, Mapping):
            each = Listed([say("{group} {share}", group=g, share=Share(s)) for g, s in self.share.items()])
            return say("at most a share of the money in districts: {each} ({key})", each=each, key=self.key)
        return say("at most {share} of the money in one district ({key})", share=Share(self.share), key=self.key)

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        return say("{amount} more in {group} than its share", amount=Money(by), group=label)


def _members(sites: Sites, groups: Iterable[str]) -> FloatArray:
    """Which sites are in which district (n_groups, n_sites)."""
    return np.array([[own == group for own in sites.group] for group in groups], dtype=np.float64)


def _closing(sites: Sites) -> FloatArray:
    """What is paid at each site (n_sites,) where nothing opens: closing what may close."""
    return np.where(sites.is_(SiteStatus.CLOSABLE), sites.closing_cost, 0.0)
