"""One programme over several years: what is open stays open, every year has its budget, every year is a valid plan.

Sets: years t in their order, each the programme's model under that year's demand; sites j, the same in all years.

    max   sum_t  counts_t * value_t
    s.t.  the rows of the model, and the year's rules, in every year,
          open_(t-1),j <= open_t,j                      what_is_open_stays_open, closable sites aside
          open_(t-1),j >= open_t,j                      what_is_closed_stays_closed, closable sites alone
          n_(t-1),k,j  <= n_t,k,j                       units_of_k_stay
          cost_t <= budget_1 + ... + budget_t           spent_so_far_within_budgets_so_far
          cost_t - cost_(t-1) <= budget_t               spent_this_year_within_its_budget, where none carries over
          a_t <= sum_j new open_t,j - open_(t-1),j <= b_t    new_sites_of_this_year

`cost_t` is the cost of everything that is open in year t, so the difference is what the year spends. Dynamic location
with irrevocable openings: Ballou 1968, J. Marketing Research 5; Scott 1971, Environment and Planning 3; Owen & Daskin
1998, Strategic facility location: a review, EJOR 111.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray
from models.brief import brief
from models.errors import ProblemError
from models.figures import cost_of, unit_costs_of
from models.formulation import Draft, Formulation, known_bound_of, limits_in_words
from models.given import checked
from models.messages import Listed, Message, say
from models.placed import problem_of
from models.plan import Plan
from models.problem import Sites, SiteStatus, SitingProblem, raise_all
from models.program import ProgramBuilder, Sense, Term, identity
from models.service import Served, Serving


@checked
@brief
@dataclass(frozen=True, eq=False)
class Phase:
    """One year: the programme's model under the year's demand, and what its value counts."""

    name: str
    formulation: Formulation
    counts: float = 1.0


@brief
@dataclass(frozen=True, eq=False)
class PhasedPlan(Plan):
    """The plan of the last year, with those of all years in their order."""

    years: tuple[Plan, ...] = ()


@dataclass
class PhasedDraft(Draft):
    """The draft of the last year, with those of all years in their order."""

    years: list[Draft] = field(default_factory=list)


@checked
@brief
@dataclass(frozen=True, eq=False)
class Phasing:
    """The years in their order as one model; its rules are those of `models.rules.years`."""

    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        if not self.phases:
            raise ProblemError(say("phasing needs at least one year"))
        first, faults = self.phases[0], []
        for phase in self.phases:
            if phase.formulation.sites.ids != first.formulation.sites.ids:
                faults.append(
                    say(
                        "year {name} decides about other sites than year {first_name}",
                        name=phase.name,
                        first_name=first.name,
                    )
                )
            if phase.formulation.sense != first.formulation.sense:
                faults.append(
                    say("year {name} has another sense than year {first_name}", name=phase.name, first_name=first.name)
                )
            if not (np.isfinite(phase.counts) and phase.counts > 0):
                faults.append(
                    say("year {name} must count more than 0; got {counts:g}", name=phase.name, counts=phase.counts)
                )
        names = [phase.name for phase in self.phases]
        if len(set(names)) < len(names):
            faults.append(say("years must differ in name; got {names}", names=Listed(names)))
        raise_all(faults)

    def limits_in_words(self) -> dict[str, Message]:
        """Tag of the rows that are a model's own, by year -> what they ask, in words."""
        return {
            f"{phase.name}.{tag}": say("{part}: {text}", part=phase.name, text=text)
            for phase in self.phases
            for tag, text in limits_in_words(phase.formulation).items()
        }

    @property
    def last(self) -> Formulation:
        """The model of the last year."""
        return self.phases[-1].formulation

    @property
    def parts(self) -> tuple[Formulation, ...]:
        """The models of the years."""
        return tuple(phase.formulation for phase in self.phases)

    @property
    def places(self) -> SitingProblem | None:
        """Sites, places and travel of the last year; None where it serves no places."""
        return problem_of(self.last)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.last.name

    @property
    def sense(self) -> Sense:
        """The model's sense."""
        return self.last.sense

    @property
    def sites(self) -> Sites:
        """The sites as the last year sees them."""
        return self.last.sites

    def draft(self, builder: ProgramBuilder) -> PhasedDraft:
        """Every year's columns and rows with the year's name before theirs, and what joins a year to the one before."""
        years: list[Draft] = []
        for phase in self.phases:
            builder.prefix(phase.name)
            blocks, offset = builder.n_blocks, builder.offset
            year = phase.formulation.draft(builder)
            builder.scale_objective(blocks, phase.counts, offset_from=offset)
            if years:
                _what_is_there_stays(builder, years[-1], year)
            years.append(year)
        builder.prefix("")
        last = years[-1]
        return PhasedDraft(
            builder=builder,
            sites=last.sites,
            open=last.open,
            cost=last.cost,
            base_cost=last.base_cost,
            demand=last.demand,
            covered_terms=last.covered_terms,
            load_terms=last.load_terms,
            units=last.units,
            blocks=last.blocks,
            years=years,
        )

    def read_plan(self, draft: Draft, values: FloatArray) -> PhasedPlan:
        """The plan of every year."""
        pairs = zip(self.phases, years_of(draft), strict=True)
        return joined([phase.formulation.read_plan(year, values) for phase, year in pairs])

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the columns of the plans of all years."""
        for phase, year, own in zip(self.phases, years_of(draft), plans_of(plan), strict=True):
            phase.formulation.values_of(year, own, values)

    def objective_of(self, plan: Plan) -> float:
        """What the years count times their values, from their problems alone."""
        pairs = zip(self.phases, plans_of(plan), strict=True)
        return sum(phase.counts * phase.formulation.objective_of(own) for phase, own in pairs)

    @property
    def known_bound(self) -> float | None:
        """What the years' own bounds count together."""
        bounds = [known_bound_of(phase.formulation) for phase in self.phases]
        if any(bound is None for bound in bounds):
            return None
        return sum(phase.counts * (bound or 0.0) for phase, bound in zip(self.phases, bounds, strict=True))

    def cost_of(self, plan: Plan) -> float:
        """Cost of everything open in the last year: what all years spend."""
        return cost_of(self.last, plans_of(plan)[-1])

    def with_service(self, draft: Draft, among: BoolArray) -> Served:
        """Travel of all years, each as often as it counts; ProblemError where the model serves no places."""
        years, travel = [], list[Term]()
        for phase, year in zip(self.phases, years_of(draft), strict=True):
            if not isinstance(phase.formulation, Serving):
                raise ProblemError(say("{name} serves no places", name=self.name))
            draft.builder.prefix(phase.name)
            served = phase.formulation.with_service(year, among)
            years.append(served.draft)
            travel += [(phase.counts * matrix, block) for matrix, block in served.travel]
        draft.builder.prefix("")
        last = years[-1]
        handles = {
            "covered_terms": last.covered_terms,
            "load_terms": last.load_terms,
            "blocks": last.blocks,
            "years": years,
        }
        whole = PhasedDraft(**{f.name: getattr(draft, f.name) for f in fields(draft)} | handles)
        return Served(whole, travel)

    def travel_of(self, plan: Plan) -> float:
        """Total travel of all years, each as often as it counts; ProblemError where the model serves no places."""
        total = 0.0
        for phase, own in zip(self.phases, plans_of(plan), strict=True):
            if not isinstance(phase.formulation, Serving):
                raise ProblemError(say("{name} serves no places", name=self.name))
            total += phase.counts * phase.formulation.travel_of(own)
        return total

    def unit_cost(self) -> Mapping[str, FloatArray]:
        """Kind -> cost (n_sites,) of one unit of the model."""
        return unit_costs_of(self.last)

    def costs_of(self, plan: Plan) -> list[float]:
        """Cost of everything open in every year."""
        return [cost_of(p.formulation, own) for p, own in zip(self.phases, plans_of(plan), strict=True)]

    def order_faults(self, plan: Plan) -> list[Message]:
        """Sites or units that vanish, and sites that open again, from the plans alone."""
        found = []
        ids, may_close = self.sites.ids, self.sites.is_(SiteStatus.CLOSABLE)
        plans = plans_of(plan)
        for before, now, phase in zip(plans, plans[1:], self.phases[1:], strict=False):
            gone = np.flatnonzero(before.open & ~now.open & ~may_close)
            again = np.flatnonzero(~before.open & now.open & may_close)
            found += [say("{site} was open and is closed in {year}", site=ids[j], year=phase.name) for j in gone]
            found += [say("{site} was closed and is open again in {year}", site=ids[j], year=phase.name) for j in again]
            for kind, count in before.units.items():
                fewer = np.flatnonzero((count > now.units[kind]) & ~may_close)
                found += [say("{site} loses {kind} in {year}", site=ids[j], kind=kind, year=phase.name) for j in fewer]
        return found


def joined(plans: Sequence[Plan]) -> PhasedPlan:
    """The plans of all years as one."""
    last = plans[-1]
    return PhasedPlan(last.open, last.units, last.served, last.flow_share, last.links, years=tuple(plans))


def plans_of(plan: Plan) -> tuple[Plan, ...]:
    """The plans of all years; ProblemError where a plan is of one year only."""
    if not isinstance(plan, PhasedPlan):
        raise ProblemError(say("the plan is of one year only"))
    return plan.years


def years_of(draft: Draft) -> list[Draft]:
    """The drafts of all years; ProblemError where there is one only."""
    if not isinstance(draft, PhasedDraft):
        raise ProblemError(say("the program is of one year only"))
    return draft.years


def opening_year(plan: Plan, sites: Sites) -> IntArray:
    """Number (n_sites,) of the year in which each new site opens, -1 where it does not or is there already."""
    opened = np.array([own.open for own in plans_of(plan)])
    return np.where(opened.any(axis=0) & sites.is_new, opened.argmax(axis=0), -1)


def year_by_year(
    phasing: Phasing, years: Sequence[int], solve: Callable[[int, dict[int, Plan]], Plan | None]
) -> PhasedPlan | None:
    """Plans of the years in the given order, each found by `solve` from those before it; None where one has none."""
    plans: dict[int, Plan] = {}
    for year in years:
        plan = solve(year, plans)
        if plan is None:
            return None
        plans[year] = plan
    return joined([plans[year] for year in range(len(phasing.phases))])


def _what_is_there_stays(builder: ProgramBuilder, before: Draft, now: Draft) -> None:
    may_close = now.sites.is_(SiteStatus.CLOSABLE)
    stays, closes = np.flatnonzero(~may_close & ~now.sites.fixed_closed), np.flatnonzero(may_close)
    unit = identity(len(now.sites))
    for name, at, sign in (("what_is_open_stays_open", stays, 1.0), ("what_is_closed_stays_closed", closes, -1.0)):
        if len(at):
            pick = sp.csr_array(unit[at])
            terms = [(sign * pick, before.open), (-sign * pick, now.open)]
            builder.rows(name, terms, upper=0.0, labels=[now.sites.ids[j] for j in at])
    for kind, block in before.units.items():
        pick = sp.csr_array(unit[stays])
        terms = [(pick, block), (sp.csr_array(-pick), now.units[kind])]
        builder.rows(f"units_of_{kind}_stay", terms, upper=0.0, labels=[now.sites.ids[j] for j in stays])
