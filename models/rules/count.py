"""How many new sites open, in all and in every district."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp

from models.errors import ProblemError
from models.formulation import Draft
from models.plan import Plan
from models.problem import Demand, Sites
from models.program import row_of

Side = Literal["exactly", "at least", "at most"]
KEYS: Mapping[Side, str] = {"exactly": "open", "at least": "open_at_least", "at most": "open_at_most"}


@dataclass(frozen=True)
class Count:
    """sum of x_j over new sites  =, >= or <=  number."""

    number: int
    side: Side = "exactly"

    @property
    def key(self) -> str:
        """Name in the study."""
        return KEYS[self.side]

    def apply(self, draft: Draft) -> None:
        """One row over the new sites."""
        new = draft.sites.is_new
        if self.side != "at most" and self.number > (new & ~draft.sites.fixed_closed).sum():
            raise ProblemError(
                f"{self.key} asks for {self.number} new sites; only {int((new & ~draft.sites.fixed_closed).sum())} "
                "candidates may open"
            )
        draft.builder.rows(
            f"new_sites_{self.side.replace(' ', '_')}",
            [(row_of(new), draft.open)],
            lower=-np.inf if self.side == "at most" else self.number,
            upper=np.inf if self.side == "at least" else self.number,
            rule=self.key,
        )

    def faults(self, sites: Sites, demand: Demand | None, plan: Plan, cost_cny: float) -> list[str]:
        """New sites of the plan against the number."""
        n = int((plan.open & sites.is_new).sum())
        return [] if _holds(n, self.number, self.side) else [f"{n} new sites are open; {self.describe()}"]

    def describe(self) -> str:
        """In words."""
        return f"{self.side} {self.number} new sites ({self.key})"


@dataclass(frozen=True)
class GroupCount:
    """sum of x_j over new sites of a district  >= or <=  number, for one number or one per district.

    One number holds for every district that has candidates. A district of which nothing may open can have no site:
    asking for one is refused.
    """

    number: int | Mapping[str, int]
    side: Literal["at least", "at most"]

    @property
    def key(self) -> str:
        """Name in the study."""
        return "at_least_per_group" if self.side == "at least" else "at_most_per_group"

    def numbers(self, sites: Sites) -> dict[str, int]:
        """District -> number, over the districts that have candidates."""
        groups = sorted({g for g, new in zip(sites.group, sites.is_new, strict=True) if new and g})
        if not isinstance(self.number, Mapping):
            return dict.fromkeys(groups, self.number)
        unknown = sorted(set(self.number) - set(groups))
        if unknown:
            raise ProblemError(
                f"{self.key} names {', '.join(unknown)}; the candidates' districts are {', '.join(groups)}"
            )
        return dict(self.number)

    def apply(self, draft: Draft) -> None:
        """One row per district."""
        numbers = self.numbers(draft.sites)
        if not numbers:
            raise ProblemError(f"{self.key} needs a district for every candidate; name the column in sites.group")
        member = np.array([[g == name for g in draft.sites.group] for name in numbers]) & draft.sites.is_new
        number = np.array(list(numbers.values()), dtype=np.float64)
        can = (member & ~draft.sites.fixed_closed).sum(axis=1)
        short = [
            f"{name} has {int(c)}, {int(n)} are asked for"
            for name, n, c in zip(numbers, number, can, strict=True)
            if self.side == "at least" and n > c
        ]
        if short:
            raise ProblemError(f"{self.key}: too few candidates in a district: {'; '.join(short)}")
        draft.builder.rows(
            f"new_sites_of_a_district_{self.side.replace(' ', '_')}",
            [(sp.csr_array(member.astype(np.float64)), draft.open)],
            lower=number if self.side == "at least" else -np.inf,
            upper=number if self.side == "at most" else np.inf,
            labels=list(numbers),
            rule=self.key,
        )

    def faults(self, sites: Sites, demand: Demand | None, plan: Plan, cost_cny: float) -> list[str]:
        """New sites of every district against its number."""
        group = np.array(sites.group, dtype=object)
        new = plan.open & sites.is_new
        count = {name: int((new & (group == name)).sum()) for name in self.numbers(sites)}
        return [
            f"{name} has {count[name]} new sites; {self.side} {number} are asked for ({self.key})"
            for name, number in self.numbers(sites).items()
            if not _holds(count[name], number, self.side)
        ]

    def describe(self) -> str:
        """In words."""
        if isinstance(self.number, Mapping):
            each = ", ".join(f"{name} {number}" for name, number in self.number.items())
            return f"{self.side} so many new sites in a district: {each} ({self.key})"
        return f"{self.side} {self.number} new sites in every district ({self.key})"


def _holds(n: int, number: int, side: Side) -> bool:
    return (side == "at most" or n >= number) and (side == "at least" or n <= number)
