"""How much an open site must be used."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, frozen
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft
from models.given import checked
from models.messages import say
from models.plan import Plan
from models.problem import Demand, Sites


@checked
@brief
@dataclass(frozen=True, eq=False)
class MinimumUse:
    """load of an open site >= amount (n_sites,) or one number, in the unit of the demand's load."""

    amount: FloatArray | float

    @property
    def key(self) -> str:
        """Name in the study."""
        return "minimum_use"

    def amounts(self, sites: Sites) -> FloatArray:
        """Least load (n_sites,)."""
        return np.asarray(frozen(np.broadcast_to(np.asarray(self.amount, dtype=np.float64), (len(sites),)), np.float64))

    def apply(self, draft: Draft) -> None:
        """One row per site; ProblemError where the model assigns no demand to sites."""
        if draft.load_terms is None or draft.demand is None:
            raise ProblemError(
                say(
                    "{key} needs a model that assigns demand to sites; {name} does not",
                    key=self.key,
                    name=draft.builder.name,
                )
            )
        least = sp.csr_array(sp.diags_array(-self.amounts(draft.sites)))
        draft.builder.rows(
            "open_sites_are_used_enough",
            [*draft.load_terms, (least, draft.open)],
            lower=0.0,
            labels=draft.sites.ids,
            rule=self.key,
        )

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[str]:
        """What every open site serves, and in tiers passes on, against the least."""
        if plan.served is None or demand is None:
            return [f"{self.key} cannot be checked: the plan serves no places"]
        load = np.asarray(demand.load @ plan.served)
        if plan.links is not None:
            load = load + np.asarray(plan.links.sum(axis=1)).ravel()
        least = self.amounts(sites)
        short = plan.open & (load < least * (1 - 1e-6) - 1e-9)
        return [
            f"{sites.ids[i]} serves {load[i]:,.6g}; at least {least[i]:,.6g} is asked for ({self.key})"
            for i in np.flatnonzero(short)
        ]

    def describe(self) -> str:
        """In words."""
        amount = np.unique(np.asarray(self.amount, dtype=np.float64))
        words = f"{float(amount[0]):g}" if len(amount) == 1 else "its least load"
        return f"every open site serves at least {words} ({self.key})"

    def remedy(self, label: str, works: float, by: float) -> str:
        """What would do in place of one row."""
        return f"{label} used for {by:,.6g} less than its least use"
