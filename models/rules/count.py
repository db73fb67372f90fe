"""How many sites open, in all and in every district or other group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import scipy.sparse as sp

from models.apart import Use
from models.arrays import BoolArray
from models.errors import ProblemError
from models.formulation import Draft
from models.given import checked
from models.messages import Listed, Message, say
from models.plan import Plan
from models.problem import Demand, Sites, SiteStatus
from models.program import row_of

Side = Literal["exactly", "at least", "at most"]
Counts = Literal["new", "open"]
SIDES: Mapping[Side, Message] = {
    "exactly": say("exactly"),
    "at least": say("at least"),
    "at most": say("at most"),
}
KEYS: Mapping[Side, str] = {"exactly": "open", "at least": "open_at_least", "at most": "open_at_most"}


@checked
@dataclass(frozen=True)
class Count:
    """sum of x_j over new sites  =, >= or <=  number."""

    number: int
    side: Side = "exactly"
    about_service: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """Name in the study."""
        return KEYS[self.side]

    def apply(self, draft: Draft) -> None:
        """One row over the new sites."""
        new = draft.sites.is_new
        if self.side != "at most" and self.number > (new & ~draft.sites.fixed_closed).sum():
            raise ProblemError(
                say(
                    "{key} asks for {number} new sites; only {new} candidates may open",
                    key=self.key,
                    number=self.number,
                    new=int((new & ~draft.sites.fixed_closed).sum()),
                )
            )
        draft.builder.rows(
            f"new_sites_{self.side.replace(' ', '_')}",
            [(row_of(new), draft.open)],
            lower=-np.inf if self.side == "at most" else self.number,
            upper=np.inf if self.side == "at least" else self.number,
            rule=self.key,
        )

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """New sites of the plan against the number."""
        n = int((plan.open & sites.is_new).sum())
        if _holds(n, self.number, self.side):
            return []
        return [say("{n} new sites are open; {rule}", n=n, rule=self.describe())]

    def describe(self) -> Message:
        """In words."""
        told = {"side": SIDES[self.side], "n": self.number, "key": self.key}
        one = self.number == 1
        return say("{side} {n} new site ({key})", **told) if one else say("{side} {n} new sites ({key})", **told)

    def use_of(self, sites: Sites) -> Use | None:
        """One of the number for every new site; a least number is no use."""
        if self.side == "at least":
            return None
        return Use(sites.is_new.astype(np.float64), float(self.number), self.side == "exactly")

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of the number."""
        return say("{n:g} new site", n=works) if works == 1 else say("{n:g} new sites", n=works)


@checked
@dataclass(frozen=True)
class GroupCount:
    """sum of x_j over the sites of a group  =, >= or <=  number, for one number or one per group.

    Groups are districts, or what `of` (n_sites,) names, which comes from `column` of the sites' layer. `counts` says
    whether new sites count or all that are open. One number holds for every group that has sites to count. A group of
    which nothing may open can have no site: asking for one is refused.
    """

    number: int | Mapping[str, int]
    side: Side
    of: tuple[str, ...] | None = None
    column: str | None = None
    counts: Counts = "new"
    about_service: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """Name in the study."""
        if self.column is None:
            return f"{self.side.replace(' ', '_')}_per_group"
        return f"group_rules.{self.column}.{self.side.replace(' ', '_')}" + ("" if self.counts == "new" else ".open")

    def groups(self, sites: Sites) -> tuple[str, ...]:
        """Group of every site, "" where it has none."""
        return sites.group if self.of is None else self.of

    def counted(self, sites: Sites) -> BoolArray:
        """Sites (n_sites,) that count when open; a competitor's never do."""
        return sites.is_new if self.counts == "new" else ~sites.is_(SiteStatus.COMPETITOR)

    def numbers(self, sites: Sites) -> dict[str, int]:
        """Group -> number, over the groups that have sites to count; ProblemError where none or another is named."""
        of = self.groups(sites)
        known = sorted({g for g in of if g})
        if not known:
            where = (
                say("name it in sites.group")
                if self.column is None
                else say("column {column} is empty", column=self.column)
            )
            raise ProblemError(
                say("{key} needs a {group} for the sites; {where}", key=self.key, group=self._group, where=where)
            )
        if not isinstance(self.number, Mapping):
            counted = self.counted(sites)
            groups = sorted({g for g, one in zip(of, counted, strict=True) if one and g})
            return dict.fromkeys(groups, self.number)
        unknown = sorted(set(self.number) - set(known))
        if unknown:
            what = (
                say("the sites' districts")
                if self.column is None
                else say("the groups in column {column}", column=self.column)
            )
            raise ProblemError(
                say(
                    "{key} names {unknown}; {what} are {known}",
                    key=self.key,
                    unknown=Listed(unknown),
                    what=what,
                    known=Listed(known),
                )
            )
        return dict(self.number)

    def apply(self, draft: Draft) -> None:
        """One row per group."""
        sites = draft.sites
        if self.of is not None and len(self.of) != len(sites):
            raise ProblemError(
                say("{key} has {n} groups; there are {n_sites} sites", key=self.key, n=len(self.of), n_sites=len(sites))
            )
        numbers = self.numbers(sites)
        if not numbers:
            return  # no site can count in any group
        counted, of = self.counted(sites), self.groups(sites)
        member = np.array([[g == name for g in of] for name in numbers]) & counted
        number = np.array(list(numbers.values()), dtype=np.float64)
        can = (member & ~sites.fixed_closed).sum(axis=1)
        short = [
            say("{name} has {can}, {n} are asked for", name=name, can=int(c), n=int(n))
            for name, n, c in zip(numbers, number, can, strict=True)
            if self.side != "at most" and n > c
        ]
        if short:
            raise ProblemError(
                say(
                    "{key}: too few candidates in a {group}: {short}",
                    key=self.key,
                    group=self._group,
                    short=Listed(short, by="semicolon"),
                )
            )
        draft.builder.rows(
            self._family,
            [(sp.csr_array(member.astype(np.float64)), draft.open)],
            lower=-np.inf if self.side == "at most" else number,
            upper=np.inf if self.side == "at least" else number,
            labels=list(numbers),
            rule=self.key,
        )

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """Open sites of every group against its number."""
        group = np.array(self.groups(sites), dtype=object)
        counted = plan.open & self.counted(sites)
        count = {name: int((counted & (group == name)).sum()) for name in self.numbers(sites)}
        return [
            say(
                "{group} has {n} {what}; {side} {number} are asked for ({key})",
                group=name,
                n=count[name],
                what=self._many,
                side=SIDES[self.side],
                number=number,
                key=self.key,
            )
            for name, number in self.numbers(sites).items()
            if not _holds(count[name], number, self.side)
        ]

    def describe(self) -> Message:
        """In words."""
        of = say("district") if self.column is None else say("group of column {column}", column=self.column)
        told = {"side": SIDES[self.side], "of": of, "key": self.key}
        if isinstance(self.number, Mapping):
            each = Listed([f"{name} {number}" for name, number in self.number.items()])
            return say("{side} so many {what} in a {of}: {each} ({key})", what=self._many, each=each, **told)
        what = self._one if self.number == 1 else self._many
        return say("{side} {n} {what} in every {of} ({key})", n=self.number, what=what, **told)

    def numbers_of(self, sites: Sites) -> tuple[Mapping[str, int], Mapping[str, int]] | None:
        """The numbers, where districts are counted and new sites in them."""
        if self.of is not None or self.counts != "new":
            return None
        numbers = self.numbers(sites)
        return ({} if self.side == "at most" else numbers), ({} if self.side == "at least" else numbers)

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        what = self._one if works == 1 else self._many
        return say("{n:g} {what} in {group}", n=works, what=what, group=label)

    @property
    def _one(self) -> Message:
        return say("new site") if self.counts == "new" else say("open site")

    @property
    def _many(self) -> Message:
        return say("new sites") if self.counts == "new" else say("open sites")

    @property
    def _what(self) -> str:
        return "new sites" if self.counts == "new" else "open sites"

    @property
    def _group(self) -> str:
        return "district" if self.column is None else "group"

    @property
    def _family(self) -> str:
        of = "a_district" if self.column is None else f"a_group_of_{self.column}"
        return f"{self._what.replace(' ', '_')}_of_{of}_{self.side.replace(' ', '_')}"


def _holds(n: int, number: int, side: Side) -> bool:
    return (side == "at most" or n >= number) and (side == "at least" or n <= number)
