"""A floor of coverage in every district."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from models.arrays import Sparse
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft, combined
from models.given import checked
from models.messages import Listed, Message, Share, say
from models.plan import Plan
from models.problem import Demand, Sites


@checked
@brief
@dataclass(frozen=True)
class CoverageFloor:
    """sum of w_i c_i over a district >= share * sum of w_i, for one share or one per district.

    An equity rule in the sense of a minimum service level per district (Marsh & Schilling 1994, EJOR 74(1)).
    Districts without weight are left out.
    """

    share: float | Mapping[str, float]
    key: str = "floor_share"
    about_service: ClassVar[bool] = True

    def shares(self, demand: Demand) -> dict[str, float]:
        """District -> least covered share."""
        weight = _weights(demand)
        if isinstance(self.share, Mapping):
            unknown = sorted(set(self.share) - set(weight))
            if unknown:
                raise ProblemError(
                    say(
                        "{key} names {unknown}; the districts with demand are {known}",
                        key=self.key,
                        unknown=Listed(unknown),
                        known=Listed(list(weight)),
                    )
                )
            return dict(self.share)
        return dict.fromkeys(weight, self.share)

    def apply(self, draft: Draft) -> None:
        """One row per district; ProblemError where the model covers no places."""
        if draft.covered_terms is None or draft.demand is None:
            raise ProblemError(
                say("{key} needs a model that covers places; {name} does not", key=self.key, name=draft.builder.name)
            )
        shares = self.shares(draft.demand)
        names = list(shares)
        weights = district_weights(draft.demand, names)
        draft.builder.rows(
            "covered_share_of_a_district_at_least" + ("" if self.key == "floor_share" else f"_{self.key}"),
            combined(weights, draft.covered_terms),
            lower=np.array([shares[name] for name in names]),
            labels=names,
            rule=self.key,
        )

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """Covered share of every district against its floor, from who is served."""
        if demand is None or plan.served is None:
            return [say("{key} cannot be checked: the plan serves no places", key=self.key)]
        covered = covered_shares(demand, plan)
        return [
            say(
                "{group} is covered to {covered:.4%}; at least {share:.4%} is asked for ({key})",
                group=name,
                covered=covered[name],
                share=share,
                key=self.key,
            )
            for name, share in self.shares(demand).items()
            if covered[name] < share - 1e-6
        ]

    def describe(self) -> Message:
        """In words."""
        if isinstance(self.share, Mapping):
            each = Listed([f"{name} {100 * share:.4g}%" for name, share in self.share.items()])
            return say("a least covered share in districts: {each} ({key})", each=each, key=self.key)
        return say("at least {share} covered in every district ({key})", share=Share(self.share), key=self.key)

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        return say("{group} covered to {share}", group=label, share=Share(works))


def district_weights(demand: Demand, names: Sequence[str]) -> Sparse:
    """Share (n_names, n_demand) that every place has in the weight of its district."""
    total = _weights(demand)
    row = {name: i for i, name in enumerate(names)}
    at = np.array([i for i, g in enumerate(demand.group) if (g or "all") in row], dtype=np.int64)
    rows = np.array([row[demand.group[i] or "all"] for i in at], dtype=np.int64)
    share_of = np.array([demand.weight[i] / total[names[r]] for i, r in zip(at, rows, strict=True)])
    return sp.csr_array((share_of, (rows, at)), shape=(len(names), len(demand)))


def covered_shares(demand: Demand, plan: Plan) -> dict[str, float]:
    """District -> share of its weight that a plan serves, districts without weight left out."""
    total = _weights(demand)
    covered = dict.fromkeys(total, 0.0)
    if plan.served is not None:
        served = np.minimum(1.0, np.asarray(plan.served.sum(axis=1)).ravel()) * demand.weight
        for name, weight in zip(demand.group, served, strict=True):
            if (name or "all") in covered:
                covered[name or "all"] += float(weight)
    return {name: covered[name] / total[name] for name in total}


def _weights(demand: Demand) -> dict[str, float]:
    """District -> its weight, districts without weight left out; places without a district are `all`."""
    weight: dict[str, float] = {}
    for name, value in zip(demand.group, demand.weight, strict=True):
        weight[name or "all"] = weight.get(name or "all", 0.0) + float(value)
    return {name: total for name, total in sorted(weight.items()) if total > 0}
