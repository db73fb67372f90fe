"""How much an open site must be used."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, frozen
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft
from models.given import checked
from models.messages import Message, say
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

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """What every open site serves, and in tiers passes on, against the least."""
        if plan.served is None or demand is None:
            return [say("{key} cannot be checked: the plan serves no places", key=self.key)]
        load = np.asarray(demand.load @ plan.served)
        if plan.links is not None:
            load = load + np.asarray(plan.links.sum(axis=1)).ravel()
        least = self.amounts(sites)
        short = plan.open & (load < least * (1 - 1e-6) - 1e-9)
        return [
            say(
                "{site} serves {load:,.6g}; at least {least:,.6g} is asked for ({key})",
                site=sites.ids[i],
                load=float(load[i]),
                least=float(least[i]),
                key=self.key,
            )
            for i in np.flatnonzero(short)
        ]

    def describe(self) -> Message:
        """In words."""
        amount = np.unique(np.asarray(self.amount, dtype=np.float64))
        if len(amount) == 1:
            return say("every open site serves at least {least:g} ({key})", least=float(amount[0]), key=self.key)
        return say("every open site serves at least its least load ({key})", key=self.key)

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        return say("{site} used for {by:,.6g} less than its least use", site=label, by=by)
