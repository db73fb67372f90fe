"""Rules of programmes over several years: a year's own rules, its money, and how many sites it opens."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft, Rule
from models.given import checked
from models.magnitude import LARGEST
from models.messages import Listed, Message, Money, say
from models.phasing import Phasing, plans_of, years_of
from models.placed import problem_of
from models.plan import Plan
from models.problem import Demand, Sites
from models.program import Term, row_of
from models.rules.money import CENT


@checked
@brief
@dataclass(frozen=True)
class OfYear:
    """A rule that holds in one year of several."""

    phasing: Phasing
    year: int
    rule: Rule

    @property
    def key(self) -> str:
        """The year and the rule's name in the study."""
        return f"{self.phasing.phases[self.year].name}.{self.rule.key}"

    def apply(self, draft: Draft) -> None:
        """The rule's rows on the year's columns."""
        draft.builder.prefix(self.phasing.phases[self.year].name)
        self.rule.apply(years_of(draft)[self.year])
        draft.builder.prefix("")

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """How the year's plan breaks the rule."""
        phase, own = self.phasing.phases[self.year], plans_of(plan)[self.year]
        places = problem_of(phase.formulation)
        of_year = demand if places is None else places.demand
        cost = self.phasing.costs_of(plan)[self.year]
        found = self.rule.violations(phase.formulation.sites, of_year, own, cost)
        return [say("{part}: {text}", part=phase.name, text=fault) for fault in found]

    def describe(self) -> Message:
        """In words."""
        return say("{part}: {text}", part=self.phasing.phases[self.year].name, text=self.rule.describe())

    def remedy(self, label: str, works: float, by: float) -> Message | None:
        """What would do in place of one row of the year's rule."""
        inner = self.rule.remedy(label, works, by)
        return None if inner is None else say("{part}: {text}", part=self.phasing.phases[self.year].name, text=inner)


@checked
@brief
@dataclass(frozen=True)
class YearBudgets:
    """What every year may spend; None: any sum. `carry_over`: what is left is there in the next year.

    ProblemError where money carries over from or into years without a budget.
    """

    phasing: Phasing
    amounts: tuple[float | None, ...]
    carry_over: bool = True

    def __post_init__(self) -> None:
        names = [phase.name for phase in self.phasing.phases]
        given = [amount is not None for amount in self.amounts]
        if any(amount is not None and not 0 <= amount < LARGEST for amount in self.amounts):
            raise ProblemError(say("budget of every year must be at least 0 and below {largest:g}", largest=LARGEST))
        if self.carry_over and any(given) and not all(given):
            without = [name for name, has in zip(names, given, strict=True) if not has]
            raise ProblemError(
                say(
                    "money carries over, but {without} has no budget; give every year one, or set carry_over = false",
                    without=Listed(without),
                )
            )

    @property
    def key(self) -> str:
        """Name in the study."""
        return "phasing.budget"

    def so_far(self, year: int) -> float | None:
        """All money up to the end of a year, None where a year had any sum."""
        amounts = self.amounts[: year + 1]
        return None if any(a is None for a in amounts) else float(sum(a or 0.0 for a in amounts))

    def apply(self, draft: Draft) -> None:
        """A row for the money so far, and one for the year's own where it does not carry over."""
        years = years_of(draft)
        for t, (phase, now) in enumerate(zip(self.phasing.phases, years, strict=True)):
            draft.builder.prefix(phase.name)
            total, own = self.so_far(t), self.amounts[t]
            if total is not None:
                draft.builder.rows(
                    "spent_so_far_within_budgets_so_far", now.cost, upper=total - now.base_cost, rule=self.key
                )
            if not self.carry_over and own is not None and t > 0:
                before = years[t - 1]
                terms: list[Term] = [*now.cost, *((sp.csr_array(-matrix), block) for matrix, block in before.cost)]
                base = now.base_cost - before.base_cost
                draft.builder.rows("spent_this_year_within_its_budget", terms, upper=own - base, rule=self.key)
            draft.builder.prefix("")

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """Years that spent more than there was."""
        found, before = [], 0.0
        for t, (phase, cost) in enumerate(zip(self.phasing.phases, self.phasing.costs_of(plan), strict=True)):
            limit = self.so_far(t) if self.carry_over else self.amounts[t]
            spent = cost if self.carry_over else cost - before
            if limit is not None and spent > limit + CENT + 1e-9 * limit:
                told = {"year": phase.name, "spent": Money(spent), "limit": Money(limit)}
                found.append(
                    say("{year} has spent {spent} so far; {limit} were there", **told)
                    if self.carry_over
                    else say("{year} has spent {spent}; {limit} were there", **told)
                )
            before = cost
        return found

    def describe(self) -> Message:
        """In words."""
        pairs = zip(self.phasing.phases, self.amounts, strict=True)
        each = Listed([say("{year} {amount}", year=p.name, amount=Money(a)) for p, a in pairs if a is not None])
        if self.carry_over:
            return say("budgets of the years: {each}; what is left carries over ({key})", each=each, key=self.key)
        return say("budgets of the years: {each}; what is left is lost ({key})", each=each, key=self.key)

    def remedy(self, label: str, works: float, by: float) -> Message | None:
        """None: a year's money is told by how much more of it is needed."""
        return None

    def limits_in_words(self) -> dict[str, Message]:
        """The year's tag -> what may be spent in it, in words."""
        pairs = zip(self.phasing.phases, self.amounts, strict=True)
        return {f"{p.name}.{self.key}": self._limit(p.name, a) for p, a in pairs if a is not None}

    def _limit(self, year: str, amount: float) -> Message:
        told = {"part": year, "amount": Money(amount), "key": self.key}
        if self.carry_over:
            return say("{part}: {amount} and what is left of the years before ({key})", **told)
        return say("{part}: {amount} ({key})", **told)


def budgets_of(rules: Iterable[Rule]) -> YearBudgets | None:
    """The budgets of the years among some rules, None where there are none."""
    return next((rule for rule in rules if isinstance(rule, YearBudgets)), None)


@checked
@brief
@dataclass(frozen=True)
class YearCount:
    """How many sites open newly in one year: at least and at most."""

    phasing: Phasing
    year: int
    at_least: int = 0
    at_most: int | None = None

    @property
    def key(self) -> str:
        """The year and the name in the study."""
        return f"{self.phasing.phases[self.year].name}.open"

    def apply(self, draft: Draft) -> None:
        """One row over the new sites of this year less those of the year before."""
        years = years_of(draft)
        now = years[self.year]
        new = now.sites.is_new
        terms: list[Term] = [(row_of(new), now.open)]
        if self.year > 0:
            terms.append((row_of(-new.astype(np.float64)), years[self.year - 1].open))
        draft.builder.prefix(self.phasing.phases[self.year].name)
        upper = np.inf if self.at_most is None else float(self.at_most)
        draft.builder.rows("new_sites_of_this_year", terms, lower=float(self.at_least), upper=upper, rule="open")
        draft.builder.prefix("")

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """The number against its limits."""
        plans, name = plans_of(plan), self.phasing.phases[self.year].name
        before = int((plans[self.year - 1].open & sites.is_new).sum()) if self.year > 0 else 0
        opened = int((plans[self.year].open & sites.is_new).sum()) - before
        found = []
        if opened < self.at_least:
            found.append(
                say(
                    "{year} opens {n} new sites; at least {least} are asked for",
                    year=name,
                    n=opened,
                    least=self.at_least,
                )
            )
        if self.at_most is not None and opened > self.at_most:
            found.append(
                say("{year} opens {n} new sites; at most {most} are allowed", year=name, n=opened, most=self.at_most)
            )
        return found

    def describe(self) -> Message:
        """In words."""
        name = self.phasing.phases[self.year].name
        if self.at_most == self.at_least:
            return say("{part}: exactly {n} new sites open ({key})", part=name, n=self.at_least, key="phasing.open")
        least = [say("at least {n}", n=self.at_least)] if self.at_least else []
        most = [] if self.at_most is None else [say("at most {n}", n=self.at_most)]
        numbers = Listed([*least, *most], by="both")
        return say("{part}: {numbers} new sites open ({key})", part=name, numbers=numbers, key="phasing.open")

    def remedy(self, label: str, works: float, by: float) -> Message | None:
        """None: the number is told by how much it must give way."""
        return None


@checked
@brief
@dataclass(frozen=True)
class OrderOfYears:
    """What is open stays open, units stay, what is closed stays closed: the model's own rows, checked in the plans."""

    phasing: Phasing

    @property
    def key(self) -> str:
        """Name in the study."""
        return "phasing"

    def apply(self, draft: Draft) -> None:
        """Nothing: the rows are the model's own."""

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """Sites and units that come and go."""
        return self.phasing.order_faults(plan)

    def describe(self) -> Message:
        """In words."""
        return say("what is open stays open ({key})", key=self.key)

    def remedy(self, label: str, works: float, by: float) -> Message | None:
        """None: the rows are the model's own."""
        return None
