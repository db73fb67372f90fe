"""Models together under one budget, from Python: a `Portfolio` of them to checked solutions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.arrays import Sparse
from models.brief import brief
from models.errors import ProblemError
from models.given import checked
from models.messages import say
from models.portfolio import Portfolio
from models.rules.money import Budget
from models.rules.sites import Decided
from solver.api.from_model import pose_model
from solver.api.solution import DEFAULTS, Solution, inputs_of
from solver.engines.catalogue import engine as engine_of
from solver.events import SILENT
from solver.inputs.roads import Points
from solver.joint.pose import POINTS, PosedPortfolio
from solver.joint.run import solve_posed_jointly
from solver.optimise.options import ask_in_python
from solver.optimise.posed import PosedProgramme
from solver.postoptimal.concluded import result_of
from solver.study.joint import PortfolioMember, PortfolioSection
from solver.study.schema import Programme, Reach

NAME = "portfolio"


@brief
@dataclass(frozen=True, eq=False)
class Together:
    """`whole`: the joint plan with its proof; `members`: name -> that model's part, which has no bound of its own."""

    whole: Solution
    members: Mapping[str, Solution]

    def __getitem__(self, member: str) -> Solution:
        return self.members[member]


@dataclass(frozen=True, eq=False)
class _Models(PosedPortfolio):
    """A portfolio whose members were made in Python and are posed again as they are."""

    def alone(self, name: str, budget: float, closed: frozenset[str] = frozenset()) -> PosedProgramme:
        """One member under a budget of its own, some of its candidates closed."""
        own = self.posed[name]
        rules = (*own.rules, Budget(max(0.0, budget)))
        if closed:
            rules = (*rules, Decided(tuple(sorted(closed)), False, "links"))
        return pose_model(own.inputs, own.formulation, rules)


class _NoTravel:
    """Models bring their own travel."""

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:  # noqa: ARG002
        """There is nothing to ask."""
        raise ProblemError(say("the models of a portfolio have their travel already"))


@checked
def solve_together(
    portfolio: Portfolio,
    *,
    engine: str = DEFAULTS.engine,
    time_limit_s: float = DEFAULTS.time_limit_s,
    gap: float = DEFAULTS.gap,
    seed: int = DEFAULTS.seed,
) -> Together:
    """Solve models that share a budget: `Portfolio((Member("lots", MaxCover(problem), rules, full=...), ...), 2e9)`.

    The plans are checked one by one and together (CheckError). ProblemError where the portfolio has no budget.
    """
    if portfolio.budget is None:
        raise ProblemError(
            say("a portfolio without a budget falls apart into its models; give it one, or solve_model each")
        )
    members = {m.name: m for m in portfolio.members}
    pairs = members.items()
    inputs = {n: inputs_of(n, m.formulation, Programme(model=m.formulation.name)) for n, m in pairs}
    posed = _Models(
        name=NAME,
        section=PortfolioSection(
            budget=float(portfolio.budget),
            programmes={
                n: PortfolioMember(weight=float(m.weight), floor_share=float(m.floor)) for n, m in members.items()
            },
        ),
        inputs=inputs,
        posed={n: pose_model(inputs[n], m.formulation, tuple(m.rules)) for n, m in pairs},
        portfolio=replace(portfolio, points=POINTS),
        source=_NoTravel(),
    )
    ask = ask_in_python(time_limit_s=time_limit_s, gap=gap, seed=seed, engine=engine)
    results = solve_posed_jointly(
        posed,
        engine_of(engine),
        ask,
        search_s=DEFAULTS.search_s,
        seconds={},
        tell=SILENT,
        make=result_of,
    )
    return Together(Solution(results[NAME]), {name: Solution(results[f"{NAME}.{name}"]) for name in members})
