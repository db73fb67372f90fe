"""A `[portfolio.NAME]` section in the models' language: its programmes posed, weighed and linked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.brief import brief
from models.errors import ProblemError
from models.formulation import Rule
from models.messages import Listed, say
from models.portfolio import JointProgram, Link, Member, Portfolio
from models.problem import SiteStatus
from models.rules.joint import Floor, JointBudget, Linked, OfMember
from solver.errors import NetworkError, StudyError
from solver.findings import Finding, findings_of
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.travel import TravelSource
from solver.joint.links import links_of
from solver.optimise.posed import PosedProgramme
from solver.pose.abilities import Can
from solver.pose.catalogue import MODELS, models_that
from solver.pose.programme import pose
from solver.study.joint import PortfolioMember, PortfolioSection

POINTS = 1e6
"""What a full share counts in the program: engines work badly with an objective of millionths."""


@brief
@dataclass(frozen=True, eq=False)
class PosedPortfolio:
    """A portfolio with everything `solve` needs of it: the members' inputs, as they are posed together."""

    name: str
    section: PortfolioSection
    inputs: Mapping[str, ProgrammeInputs]
    posed: Mapping[str, PosedProgramme]
    portfolio: Portfolio
    source: TravelSource

    @cached_property
    def joint(self) -> JointProgram:
        """All of it in rows and columns; ProblemError where a rule does not fit its model."""
        return self.portfolio.formulate()

    def alone(self, name: str, budget: float, closed: frozenset[str] = frozenset()) -> PosedProgramme:
        """One member under a budget of its own, some of its candidates closed."""
        inputs = self.inputs[name]
        own = inputs.programme.budget
        least = budget if own is None else min(own, budget)
        status = np.where([i in closed for i in inputs.sites.ids], int(SiteStatus.FORBIDDEN), inputs.sites.status)
        programme = inputs.programme.model_copy(update={"budget": max(0.0, least)})
        return pose(replace(inputs, programme=programme, sites=replace(inputs.sites, status=status)), self.source)

    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the joint program, those that join the programmes last."""
        own: list[Rule] = [OfMember(name, rule) for name, posed in self.posed.items() for rule in posed.rules]
        own += [Floor(m.name, m.floor, m.full) for m in self.portfolio.members if m.floor > 0]
        own += [Linked()] if self.portfolio.links else []
        return (*own, JointBudget(self.section.budget))


def pose_joint(
    name: str, section: PortfolioSection, inputs: Mapping[str, ProgrammeInputs], source: TravelSource
) -> PosedPortfolio:
    """Pose every member and join them; StudyError with every fault of any of them."""
    faults: list[Finding] = []
    posed: dict[str, PosedProgramme] = {}
    members: list[Member] = []
    own = {m: inputs[m] if asked.keep_budget else _without_budget(inputs[m]) for m, asked in section.programmes.items()}
    for member, asked in section.programmes.items():
        try:
            posed[member] = pose(own[member], source)
            members.append(_member(member, asked, posed[member]))
        except (NetworkError, StudyError) as error:
            faults += findings_of(error, f"programmes.{member}")
        except ProblemError as error:
            faults += findings_of(error, f"portfolio.{name}.programmes.{member}")
    links: tuple[Link, ...] = ()
    try:
        links = links_of(name, section, inputs)
    except StudyError as error:
        faults += findings_of(error, f"portfolio.{name}")
    if faults:
        raise StudyError(*faults)
    portfolio = Portfolio(tuple(members), section.budget, links, POINTS)
    return PosedPortfolio(name, section, own, posed, portfolio, source)


def _without_budget(inputs: ProgrammeInputs) -> ProgrammeInputs:
    return replace(inputs, programme=inputs.programme.model_copy(update={"budget": None}))


def _member(name: str, asked: PortfolioMember, posed: PosedProgramme) -> Member:
    if posed.formulation.sense != "max":
        raise ProblemError(
            say(
                "{model} minimises {unit}; programmes share money by the share of their need that they cover: give it "
                "a model that covers ({models})",
                model=posed.inputs.programme.model,
                unit=posed.unit,
                models=Listed(models_that(Can.COVER_IN_FULL)),
            )
        )
    return Member(name, posed.formulation, posed.rules, full_value(posed), asked.weight, asked.floor_share)


def full_value(posed: PosedProgramme) -> float:
    """What a programme would be worth if everything were covered; ProblemError where that has no meaning."""
    flow = posed.facts.get("total_flow")
    if isinstance(flow, float):
        return flow
    if Can.SHARE in MODELS[posed.inputs.programme.model].can and posed.problem is not None:
        return float(posed.problem.demand.weight.sum())
    raise ProblemError(
        say(
            "{model} has no value of full coverage to compare with others'; give it a model that covers ({models})",
            model=posed.inputs.programme.model,
            models=Listed(models_that(Can.COVER_IN_FULL)),
        )
    )
