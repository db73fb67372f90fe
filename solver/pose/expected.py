"""Posing `expected-cover`: vehicles at stations, busy some of the time."""

from collections.abc import Mapping
from typing import Any

from models.coverage.expected_cover import ExpectedCover
from models.messages import Message, say
from solver.errors import StudyError
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.travel import TravelSource
from solver.optimise.methods import posed
from solver.optimise.posed import PosedProgramme
from solver.pose.covering import siting_problem, weight_unit
from solver.pose.rules import rules_of
from solver.study.schema import Programme


def pose_expected_cover(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`expected-cover`: the most calls that find a free vehicle; StudyError where the study names none."""
    vehicles = inputs.programme.vehicles
    if vehicles is None:
        remedy = say("say under vehicles how often one is busy and how many a site takes")
        raise StudyError(Finding(f"programmes.{inputs.name}.vehicles", say("is missing"), remedy))
    problem = siting_problem(inputs, source)
    formulation = ExpectedCover(
        problem=problem,
        busy=vehicles.busy,
        max_per_site=inputs.site_numbers(vehicles.max_per_site, "vehicles.max_per_site", default=0.0),
        cost=inputs.site_money(vehicles.cost, "vehicles.cost"),
        there=inputs.site_numbers(vehicles.there, "vehicles.there", default=0.0),
        total=vehicles.total,
    )
    there = int(formulation.kept.sum())
    facts: dict[str, int | Message] = {"coverage_convention": _convention(vehicles.busy)}
    return posed(
        inputs,
        formulation,
        rules_of(inputs),
        unit=weight_unit(inputs),
        problem=problem,
        facts=facts | ({"vehicles_there": there} if there else {}),
    )


def _convention(busy: float) -> Message:
    return say(
        "covered is expected: the share of calls that find a free vehicle in reach, where each is busy {busy:g} of the "
        "time, independently of the others",
        busy=busy,
    )


def vehicles_before_the_end(programme: Programme) -> Mapping[str, Any]:
    """The total of vehicles holds at the end of the last year."""
    vehicles = programme.vehicles
    return {} if vehicles is None else {"vehicles": vehicles.model_copy(update={"total": None})}
