"""What is decided about single sites beforehand, as rules: how an explanation can set it free."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft
from models.given import checked
from models.messages import Listed, Message, say
from models.plan import Plan
from models.problem import Demand, Sites

NAMED = 5
"""So many sites are named in words."""


@checked
@brief
@dataclass(frozen=True)
class Decided:
    """x_j = 1 (`is_open`) or x_j = 0 for some sites. `key` is `required`, `forbidden` or `exclusion`.

    `why` says for every site why, where there is more to say.
    """

    ids: tuple[str, ...]
    is_open: bool
    key: str
    why: tuple[Message, ...] = ()
    about_service: ClassVar[bool] = False

    def apply(self, draft: Draft) -> None:
        """One row per site."""
        position = {site: i for i, site in enumerate(draft.sites.ids)}
        unknown = [site for site in self.ids if site not in position]
        if unknown:
            raise ProblemError(
                say(
                    "{key} names {unknown}, which are not sites of the programme",
                    key=self.key,
                    unknown=Listed(unknown[:NAMED]),
                )
            )
        n = len(self.ids)
        at = np.array([position[site] for site in self.ids], dtype=np.int64)
        draft.builder.rows(
            f"{self.key}_sites_are_{'open' if self.is_open else 'closed'}",
            [(sp.csr_array((np.ones(n), (np.arange(n), at)), shape=(n, len(draft.sites))), draft.open)],
            lower=1.0 if self.is_open else -np.inf,
            upper=np.inf if self.is_open else 0.0,
            labels=list(self.ids),
            rule=self.key,
        )

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """Sites that the plan decides otherwise."""
        opened = {sites.ids[i] for i in np.flatnonzero(plan.open)}
        wrong = [site for site in self.ids if (site in opened) != self.is_open]
        if self.is_open:
            return [say("{site} is closed ({key})", site=site, key=self.key) for site in wrong]
        return [say("{site} is open ({key})", site=site, key=self.key) for site in wrong]

    def describe(self) -> Message:
        """In words."""
        told = {"sites": Listed(self.ids, NAMED), "key": self.key}
        if self.why:
            return say("{sites} too near to something ({key})", **told)
        return say("{sites} open ({key})", **told) if self.is_open else say("{sites} closed ({key})", **told)

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        if self.is_open:
            return say("{site} closed", site=label)
        if self.why:
            return say("{site} open ({why})", site=label, why=self.why[self.ids.index(label)])
        return say("{site} open", site=label)
