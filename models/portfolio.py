"""Several programmes as one program under one budget.

    max   sum over programmes p of  weight_p * value_p / scale_p
    s.t.  the rows and rules of every programme,
          sum of cost_p <= budget_cny,
          value_p / scale_p >= floor_p          for programmes with a floor,
          open_p,i <= open_q,j                  for linked sites (what stands at i needs j)

`value_p` is the programme's own objective and `scale_p` what it would be if everything were covered, so that a weight
of one means "a percent of this counts as much as a percent of that". Only programmes that maximise take part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray
from models.errors import ProblemError
from models.formulation import Draft, Formulation, Rule, value_of
from models.plan import Plan
from models.program import Program, ProgramBuilder, Term


@dataclass(frozen=True, eq=False)
class Member:
    """One programme of a portfolio. `scale` is the value of full coverage, `floor` the least share of it."""

    name: str
    formulation: Formulation
    rules: tuple[Rule, ...]
    scale: float
    weight: float = 1.0
    floor: float = 0.0

    def __post_init__(self) -> None:
        if self.formulation.sense != "max":
            raise ProblemError(f"{self.name} minimises; only programmes that maximise can share a budget")
        if not self.scale > 0:
            raise ProblemError(f"{self.name} can cover nothing: its full value is {self.scale:g}")
        if self.weight < 0 or not 0 <= self.floor <= 1:
            raise ProblemError(
                f"{self.name}: weight must be at least 0 and floor a share; got {self.weight}, {self.floor}"
            )


@dataclass(frozen=True)
class Link:
    """A site of one programme that may open only where a site of another is open."""

    member: str
    site: str
    needs_member: str
    needs_site: str


@dataclass(frozen=True, eq=False)
class Portfolio:
    """Programmes, the money they share, and links between their sites."""

    members: tuple[Member, ...]
    budget_cny: float | None = None
    links: tuple[Link, ...] = ()

    def formulate(self) -> tuple[dict[str, Draft], Program]:
        """One program of all members; blocks and rows carry the member's name as a prefix."""
        builder = ProgramBuilder("portfolio", "max")
        drafts: dict[str, Draft] = {}
        for member in self.members:
            builder.prefix(member.name)
            first, offset = builder.n_blocks, builder.offset
            draft = member.formulation.draft(builder)
            for rule in member.rules:
                rule.apply(draft)
            self._floor(builder, member, first, offset)
            builder.scale_objective(first, member.weight / member.scale, offset_from=offset)
            drafts[member.name] = draft
        builder.prefix("")
        self._budget(builder, drafts)
        self._links(builder, drafts)
        return drafts, builder.build()

    def read_plans(self, drafts: Mapping[str, Draft], values: FloatArray) -> dict[str, Plan]:
        """Every member's plan."""
        return {m.name: m.formulation.read_plan(drafts[m.name], values) for m in self.members}

    def values_of(self, drafts: Mapping[str, Draft], plans: Mapping[str, Plan], n_columns: int) -> FloatArray:
        """Column values (n_columns,) that stand for the members' plans."""
        values = np.zeros(n_columns)
        for member in self.members:
            member.formulation.values_of(drafts[member.name], plans[member.name], values)
        return values

    def objective_of(self, plans: Mapping[str, Plan]) -> float:
        """The weighted sum of the members' shares, from their problems alone."""
        return sum(m.weight / m.scale * m.formulation.objective_of(plans[m.name]) for m in self.members)

    def _floor(self, builder: ProgramBuilder, member: Member, first_block: int, offset_before: float) -> None:
        if member.floor <= 0:
            return
        terms = builder.objective_terms(first_block)
        builder.rows(
            "value_reaches_its_floor",
            terms,
            lower=member.floor * member.scale - (builder.offset - offset_before),
            rule=f"{member.name}.floor",
        )

    def _budget(self, builder: ProgramBuilder, drafts: Mapping[str, Draft]) -> None:
        if self.budget_cny is None:
            return
        terms: list[Term] = [term for draft in drafts.values() for term in draft.cost]
        base = sum(draft.base_cost_cny for draft in drafts.values())
        builder.rows("all_costs_within_the_joint_budget", terms, upper=self.budget_cny - base, rule="budget_cny")

    def _links(self, builder: ProgramBuilder, drafts: Mapping[str, Draft]) -> None:
        by_pair: dict[tuple[str, str], list[Link]] = {}
        for link in self.links:
            by_pair.setdefault((link.member, link.needs_member), []).append(link)
        for (member, needed), links in by_pair.items():
            here, there = drafts[member], drafts[needed]
            own = _rows_of(_positions(here.sites.ids, [x.site for x in links], member), len(here.sites))
            other = _rows_of(_positions(there.sites.ids, [x.needs_site for x in links], needed), len(there.sites))
            builder.rows(
                f"{member}_opens_only_where_{needed}_does",
                [(own, here.open), (sp.csr_array(-other), there.open)],
                upper=0.0,
                labels=[f"{x.site}_{x.needs_site}" for x in links],
                rule="links",
            )


def cost_of_drafts(drafts: Mapping[str, Draft], values: FloatArray) -> dict[str, float]:
    """Cost of every member's plan in CNY, from the program's columns."""
    return {name: float(value_of(d.cost, values)[0]) + d.base_cost_cny for name, d in drafts.items()}


def _positions(ids: Sequence[str], wanted: Sequence[str], member: str) -> list[int]:
    position = {site: i for i, site in enumerate(ids)}
    unknown = [site for site in wanted if site not in position]
    if unknown:
        raise ProblemError(f"links name {', '.join(unknown[:5])}, which {member} does not have")
    return [position[site] for site in wanted]


def _rows_of(columns: Sequence[int], size: int) -> sp.csr_array:
    n = len(columns)
    return sp.csr_array((np.ones(n), (np.arange(n), np.array(columns))), shape=(n, size))
