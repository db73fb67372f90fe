"""Several programmes as one program under one budget.

Sets: programmes p with their own sites i, columns and rows; links l, each a site of one programme and sites J_l of
another.

    max   points * sum_p  weight_p * value_p / full_p
    s.t.  the rows and rules of every programme,
          value_p >= floor_p * full_p                         value_reaches_its_floor
          sum_p cost_p <= budget                              all_costs_within_the_joint_budget
          open_p,i <= sum_{j in J_l} open_q,j                 p_opens_only_where_q_does

`value_p` is the programme's own objective and `full_p` what it would be if everything were covered, so that a weight
of one means "a per cent of this counts as much as a per cent of that". Only programmes that maximise take part: the
most of a sum of shares is defined, the least of lorries' kilometres plus the most of patients is not. `points` is what
a full share of weight one counts: engines work badly with an objective of millionths.

The rows above that join programmes are few, so that prices for them take the program apart (`models.prices`). Capital
budgeting over several knapsacks: Weingartner (1963), Mathematical Programming and the Analysis of Capital Budgeting
Problems; Lorie & Savage (1955), Journal of Business 28.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Draft, Formulation, Rule, value_of
from models.given import checked
from models.magnitude import LARGEST, is_beyond
from models.messages import Listed, Message, Money, Share, say
from models.plan import Plan
from models.problem import raise_all
from models.program import Program, ProgramBuilder, Term

CENT = 0.01
ROUNDING = 1e-6


@checked
@brief
@dataclass(frozen=True, eq=False)
class Member:
    """One programme of a portfolio. `full` is its value if everything were covered, `floor` the least share of it."""

    name: str
    formulation: Formulation
    rules: tuple[Rule, ...]
    full: float
    weight: float = 1.0
    floor: float = 0.0

    def __post_init__(self) -> None:
        if self.formulation.sense != "max":
            raise ProblemError(
                say(
                    "{name} minimises ({model}); only programmes that maximise can share a budget",
                    name=self.name,
                    model=self.formulation.name,
                )
            )
        if not (np.isfinite(self.full) and self.full > 0):
            raise ProblemError(
                say("{name} can cover nothing: its full value is {full:g}", name=self.name, full=self.full)
            )
        if not (np.isfinite(self.weight) and self.weight > 0 and 0 <= self.floor <= 1):
            raise ProblemError(
                say(
                    "{name}: weight must be above 0 and floor a share; got {weight:g} and {floor:g}",
                    name=self.name,
                    weight=self.weight,
                    floor=self.floor,
                )
            )

    @property
    def factor(self) -> float:
        """What one unit of the programme's own value counts in the joint objective."""
        return self.weight / self.full


@checked
@brief
@dataclass(frozen=True)
class Link:
    """A site of one programme that may open only where one of some sites of another is open; never, where none is."""

    member: str
    site: str
    needs_member: str
    needs_sites: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """The columns and rows of one programme within the joint program."""

    columns: slice
    rows: slice


@dataclass(frozen=True, eq=False)
class JointProgram:
    """The program of all programmes, with their drafts and parts; rows from `first_joint_row` on join them."""

    program: Program
    drafts: Mapping[str, Draft]
    parts: Mapping[str, Part]
    first_joint_row: int


@checked
@brief
@dataclass(frozen=True, eq=False)
class Portfolio:
    """Programmes, the money they share, and links between their sites."""

    members: tuple[Member, ...]
    budget: float | None = None
    links: tuple[Link, ...] = ()
    points: float = 1.0

    def __post_init__(self) -> None:
        names = [member.name for member in self.members]
        faults = [] if names else [say("a portfolio needs at least one programme")]
        if len(set(names)) < len(names):
            faults.append(say("programmes must differ in name; got {names}", names=Listed(names)))
        if self.budget is not None and not (np.isfinite(self.budget) and self.budget >= 0):
            faults.append(say("budget must be a number of at least 0; got {budget}", budget=self.budget))
        elif self.budget is not None and is_beyond(self.budget):
            faults.append(say("budget must be below {largest:g}; got {budget:g}", largest=LARGEST, budget=self.budget))
        raise_all(faults or self._link_faults())

    def formulate(self) -> JointProgram:
        """One program of all members; blocks, rows and tags of rules carry the member's name as a prefix."""
        builder = ProgramBuilder("portfolio", "max")
        drafts: dict[str, Draft] = {}
        parts: dict[str, Part] = {}
        for member in self.members:
            builder.prefix(member.name)
            blocks, offset = builder.n_blocks, builder.offset
            columns, rows = builder.n_columns, builder.n_rows
            draft = member.formulation.draft(builder)
            for rule in member.rules:
                rule.apply(draft)
            self._floor(builder, member, blocks, offset)
            builder.scale_objective(blocks, self.points * member.factor, offset_from=offset)
            drafts[member.name] = draft
            parts[member.name] = Part(slice(columns, builder.n_columns), slice(rows, builder.n_rows))
        builder.prefix("")
        first = builder.n_rows
        self._budget(builder, drafts)
        self._links(builder, drafts)
        return JointProgram(builder.build(), drafts, parts, first)

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
        """Points times the weighted sum of the members' shares, from their problems alone."""
        return self.points * sum(m.factor * m.formulation.objective_of(plans[m.name]) for m in self.members)

    def violations(self, plans: Mapping[str, Plan], costs: Mapping[str, float]) -> list[Message]:
        """How plans break the joint budget, floors or links, from the plans alone; members' own rules are theirs."""
        found = []
        total = sum(costs.values())
        if self.budget is not None and total > self.budget + CENT + 1e-9 * self.budget:
            told = {"cost": Money(total), "budget": Money(self.budget)}
            found.append(say("the programmes cost {cost} together; the joint budget is {budget}", **told))
        for member in self.members:
            share = member.formulation.objective_of(plans[member.name]) / member.full
            if share < member.floor - ROUNDING:
                shares = {"share": share, "floor": member.floor}
                text = say(
                    "{part} reaches {share:.4%} of its full value; its floor is {floor:.4%}", part=member.name, **shares
                )
                found.append(text)
        open_ids = {
            m.name: {i for i, is_open in zip(m.formulation.sites.ids, plans[m.name].open, strict=True) if is_open}
            for m in self.members
        }
        for link in self.links:
            if link.site in open_ids[link.member] and not open_ids[link.needs_member].intersection(link.needs_sites):
                needed = Listed(link.needs_sites) if link.needs_sites else say("any site")
                found.append(
                    say(
                        "{part} opens {site} without {needed} of {other}",
                        part=link.member,
                        site=link.site,
                        needed=needed,
                        other=link.needs_member,
                    )
                )
        return found

    def _floor(self, builder: ProgramBuilder, member: Member, first_block: int, offset_before: float) -> None:
        if member.floor <= 0:
            return
        terms = builder.objective_terms(first_block)
        lower = member.floor * member.full - (builder.offset - offset_before)
        if not terms and lower > 0:
            raise ProblemError(
                say(
                    "{name} gains nothing from any site; its floor of {floor} is out of reach",
                    name=member.name,
                    floor=Share(member.floor),
                )
            )
        if terms:
            builder.rows("value_reaches_its_floor", terms, lower=lower, rule="floor")

    def _budget(self, builder: ProgramBuilder, drafts: Mapping[str, Draft]) -> None:
        if self.budget is None:
            return
        terms: list[Term] = [term for draft in drafts.values() for term in draft.cost]
        base = sum(draft.base_cost for draft in drafts.values())
        builder.rows("all_costs_within_the_joint_budget", terms, upper=self.budget - base, rule="budget")

    def _links(self, builder: ProgramBuilder, drafts: Mapping[str, Draft]) -> None:
        by_pair: dict[tuple[str, str], list[Link]] = {}
        for link in self.links:
            by_pair.setdefault((link.member, link.needs_member), []).append(link)
        for (member, needed), links in by_pair.items():
            here, there = drafts[member], drafts[needed]
            own = _incidence([[link.site] for link in links], here.sites.ids)
            other = _incidence([link.needs_sites for link in links], there.sites.ids)
            builder.rows(
                f"{member}_opens_only_where_{needed}_does",
                [(own, here.open), (sp.csr_array(-other), there.open)],
                upper=0.0,
                labels=[link.site for link in links],
                rule="links",
            )

    def _link_faults(self) -> list[Message]:
        known = {m.name: set(m.formulation.sites.ids) for m in self.members}
        found: list[Message] = []
        for link in self.links:
            if link.member == link.needs_member:
                found.append(
                    say("a link joins {member} with itself; use the rule `needs` of the programme", member=link.member)
                )
            for member, sites in ((link.member, (link.site,)), (link.needs_member, link.needs_sites)):
                if member not in known:
                    found.append(say("a link names {member}, which is no programme of the portfolio", member=member))
                    continue
                found += [
                    say("a link names {site}, which {member} does not have", site=site, member=member)
                    for site in sites
                    if site not in known[member]
                ]
        return list(dict.fromkeys(found))[:20]


def cost_of_drafts(drafts: Mapping[str, Draft], values: FloatArray) -> dict[str, float]:
    """Cost of every member's plan, from the program's columns."""
    return {name: float(value_of(d.cost, values)[0]) + d.base_cost for name, d in drafts.items()}


def _incidence(sites: Sequence[Sequence[str]], ids: Sequence[str]) -> sp.csr_array:
    """One row per list of sites, one column per id."""
    position = {site: i for i, site in enumerate(ids)}
    rows = np.repeat(np.arange(len(sites)), [len(each) for each in sites])
    columns = np.array([position[site] for each in sites for site in each], dtype=np.int64)
    return sp.csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(sites), len(ids)))
