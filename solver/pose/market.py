"""Posing `market-share`: demand that divides among our sites and competitors by attractiveness and travel."""

from typing import Literal

from models.formulation import Rule
from models.market.attraction import Attraction, huff
from models.market.market_share import MarketShare, MarketTarget
from models.messages import say
from models.problem import SitingProblem
from solver.errors import StudyError
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.travel import TravelSource
from solver.optimise.methods import posed
from solver.optimise.posed import PosedProgramme
from solver.pose.covering import siting_problem, weight_unit
from solver.pose.faults import of_other_unit
from solver.pose.rules import rules_of
from solver.study.schema import Market

SECONDS_PER_MIN = 60.0


def pose_market_share(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`market-share`: the most demand captured, or the fewest sites (least cost) for a target share of it."""
    place, programme = f"programmes.{inputs.name}", inputs.programme
    market = programme.market
    if market is None:
        remedy = say(
            "say what draws people to a site and how travel puts them off: "
            'market = {{ attractiveness = "COLUMN", distance_power = 2 }}'
        )
        raise StudyError(Finding(f"{place}.market", say("is missing"), remedy))
    if programme.objective == "cost" and market.target_share is None:
        remedy = say("give market.target_share, or leave objective out")
        raise StudyError(Finding(f"{place}.objective", say("is cost without a share to reach"), remedy))
    problem = siting_problem(inputs, source)
    pulls = _pulls(inputs, market, problem)
    if market.target_share is None:
        return _most_captured(inputs, MarketShare(problem, pulls))
    minimise: Literal["sites", "cost"] = "cost" if programme.objective == "cost" else "sites"
    formulation = MarketTarget(problem, pulls, market.target_share, minimise)
    unit = inputs.currency.code if minimise == "cost" else "new sites"
    return posed(inputs, formulation, rules_of(inputs), unit=unit, problem=problem)


def _most_captured(inputs: ProgrammeInputs, model: MarketShare) -> PosedProgramme:
    rules: tuple[Rule, ...] = rules_of(inputs)
    return posed(
        inputs,
        model,
        rules,
        unit=weight_unit(inputs),
        problem=model.problem,
    )


def _pulls(inputs: ProgrammeInputs, market: Market, problem: SitingProblem) -> Attraction:
    size = inputs.site_numbers(market.attractiveness, "market.attractiveness", default=1.0)
    least = _in_unit(inputs, market, "least_travel", problem.unit)
    stay = _in_unit(inputs, market, "stay_away", problem.unit)
    return huff(
        problem,
        size,
        attractiveness_power=market.attractiveness_power,
        distance_power=market.distance_power,
        least_travel=least or 0.0,
        stay_away_travel=stay,
    )


def _in_unit(inputs: ProgrammeInputs, market: Market, key: str, unit: str) -> float | None:
    """A travel of the section in metres or seconds; StudyError where its unit is not the reach's."""
    wanted, other = (f"{key}_m", f"{key}_min") if unit == "m" else (f"{key}_min", f"{key}_m")
    if getattr(market, other) is not None:
        raise StudyError(of_other_unit(f"programmes.{inputs.name}.market.{other}", unit, wanted))
    value: float | None = getattr(market, wanted)
    return value if value is None or unit == "m" else value * SECONDS_PER_MIN
