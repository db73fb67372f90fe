"""Max-min coverage: the district that is covered least, covered as well as can be.

    max   t
    s.t.  the rows of a model that maximises, and its rules,
          sum_{i in d} w_i c_i / sum_{i in d} w_i  >= t      for every district d with weight
          objective of the model  >=  v                      where it comes first and was v
          0 <= t <= 1

As the first or second objective it is solved in order with the model's own (lexicographic): first one, then the other
with the first kept. Rawls (1971) as location has it: Ogryczak (1997), On the lexicographic minimax approach to
location problems, EJOR 100; Marsh & Schilling (1994), Equity measurement in facility location analysis, EJOR 74.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray
from models.brief import brief
from models.errors import ProblemError
from models.figures import cost_of, unit_costs_of
from models.formulation import Draft, Formulation, combined, limits_in_words, value_of
from models.given import checked
from models.messages import Message, say
from models.placed import problem_of, resited
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem
from models.program import ProgramBuilder, Sense
from models.rules.coverage import covered_shares, district_weights
from models.service import Carrying, Served, Serving, carrying_of


@checked
@brief
@dataclass(frozen=True, eq=False)
class WorstDistrict:
    """The covered share of the worst district, over the plans of another model.

    `keep_at_least` is the least value of the other model's objective; None: any.
    """

    inner: Formulation
    demand: Demand
    keep_at_least: float | None = None

    def __post_init__(self) -> None:
        if self.inner.sense != "max":
            raise ProblemError(
                say("objective_order needs a model that maximises; {name} minimises here", name=self.inner.name)
            )
        if not self.demand.weight.any():
            raise ProblemError(say("objective_order needs a district with demand; every weight is 0"))

    @property
    def name(self) -> str:
        """The other model's name."""
        return self.inner.name

    @property
    def sense(self) -> Sense:
        """It maximises."""
        return "max"

    @property
    def sites(self) -> Sites:
        """The sites it decides about."""
        return self.inner.sites

    @property
    def parts(self) -> tuple[Formulation, ...]:
        """The other model."""
        return (self.inner,)

    @property
    def places(self) -> SitingProblem | None:
        """The other model's; None where it has none."""
        return problem_of(self.inner)

    def with_sites(self, sites: Sites) -> Self:
        """The same over the other model with its sites; ProblemError where that cannot be stated anew."""
        return replace(self, inner=resited(self.inner, sites))

    @property
    def carrying(self) -> Carrying | None:
        """The other model, where it carries."""
        return carrying_of(self.inner)

    def limits_in_words(self) -> dict[str, Message]:
        """The other model's."""
        return limits_in_words(self.inner)

    def draft(self, builder: ProgramBuilder) -> Draft:
        """The other model without its objective, one column for the worst share, one row per district."""
        first, offset = builder.n_blocks, builder.offset
        draft = self.inner.draft(builder)
        if draft.covered_terms is None or draft.demand is None:
            raise ProblemError(say("objective_order needs a model that covers places; {name} does not", name=self.name))
        terms, fixed = builder.objective_terms(first), builder.offset - offset
        builder.scale_objective(first, 0.0, offset_from=offset)
        worst = builder.columns("worst_share", 1, upper=1.0, objective=1.0)
        names = list(covered_shares(self.demand, Plan(open=np.zeros(len(self.sites), dtype=bool))))
        share = combined(district_weights(self.demand, names), draft.covered_terms)
        builder.rows(
            "no_district_is_covered_less",
            [*share, (sp.csr_array(-np.ones((len(names), 1))), worst)],
            lower=0.0,
            labels=names,
        )
        if self.keep_at_least is not None and terms:
            builder.rows("the_first_objective_is_kept", terms, lower=self.keep_at_least - fixed)
        return replace(draft, blocks=draft.blocks | {"worst_share": worst})

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """The other model's plan."""
        return self.inner.read_plan(draft, values)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """The other model's columns and the worst share."""
        self.inner.values_of(draft, plan, values)
        names = list(covered_shares(self.demand, plan))
        share = value_of(combined(district_weights(self.demand, names), draft.covered_terms or []), values)
        values[draft.blocks["worst_share"].index] = np.clip(share.min(), 0.0, 1.0)

    @property
    def known_bound(self) -> float:
        """All of every district."""
        return 1.0

    def with_service(self, draft: Draft, among: BoolArray) -> Served:
        """As in the other model; ProblemError where that serves no places."""
        if not isinstance(self.inner, Serving):
            raise ProblemError(say("{name} serves no places", name=self.name))
        served = self.inner.with_service(draft, among)
        if served.draft.covered_terms is not None and served.draft.covered_terms is not draft.covered_terms:
            names = list(covered_shares(self.demand, Plan(open=np.zeros(len(self.sites), dtype=bool))))
            share = combined(district_weights(self.demand, names), served.draft.covered_terms)
            worst = (sp.csr_array(-np.ones((len(names), 1))), draft.blocks["worst_share"])
            draft.builder.rows("no_district_is_served_less", [*share, worst], lower=0.0, labels=names)
        return served

    def travel_of(self, plan: Plan) -> float:
        """Total travel of a plan as in the other model; ProblemError where that serves no places."""
        if not isinstance(self.inner, Serving):
            raise ProblemError(say("{name} serves no places", name=self.name))
        return self.inner.travel_of(plan)

    def objective_of(self, plan: Plan) -> float:
        """Covered share of the worst district, from who is served."""
        return worst_district(self.demand, plan)[1]

    def cost_of(self, plan: Plan) -> float:
        """Cost of the plan."""
        return cost_of(self.inner, plan)

    def unit_cost(self) -> Mapping[str, FloatArray]:
        """Kind -> cost (n_sites,) of one unit of the other model."""
        return unit_costs_of(self.inner)


def worst_district(demand: Demand, plan: Plan) -> tuple[str, float]:
    """The district that a plan covers least, the first of equals, and its covered share."""
    shares = covered_shares(demand, plan)
    name = min(shares, key=lambda district: shares[district])
    return name, shares[name]
