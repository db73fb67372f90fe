"""Posing `charging`: integer piles of several kinds at sites, need within reach."""

from collections.abc import Mapping
from typing import Any

from models.charging.kinds import PileKind
from models.charging.piles import Charging
from models.messages import say
from solver.errors import StudyError
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.travel import TravelSource
from solver.optimise.methods import posed
from solver.optimise.posed import PosedProgramme
from solver.pose.covering import siting_problem, weight_unit
from solver.pose.rules import rules_of
from solver.study.schema import Programme


def pose_charging(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`charging`: the most need served by whole numbers of piles; StudyError where the study names no kinds."""
    formulation, rules = charging_of(inputs, source), rules_of(inputs)
    return posed(
        inputs,
        formulation,
        rules,
        unit=weight_unit(inputs),
        problem=formulation.problem,
        facts={"needs_by_reach": len(formulation.needs.weight)},
    )


def piles_before_the_end(programme: Programme) -> Mapping[str, Any]:
    """The total of piles holds at the end of the last year."""
    return {} if programme.piles is None else {"piles": programme.piles.model_copy(update={"total": None})}


def charging_of(inputs: ProgrammeInputs, source: TravelSource) -> Charging:
    """The model of a programme's `piles`."""
    piles = inputs.programme.piles
    if piles is None or not piles.kinds:
        remedy = say("name the kinds of piles under piles.kinds")
        raise StudyError(Finding(f"programmes.{inputs.name}.piles", say("is missing"), remedy))
    problem = siting_problem(inputs, source)
    kinds = tuple(
        PileKind(
            name=name,
            power_kw=kind.power_kw,
            energy_kwh_per_day=kind.energy_kwh_per_day,
            cost=inputs.site_money(kind.cost, f"piles.kinds.{name}.cost"),
            max_per_site=inputs.site_numbers(kind.max_per_site, f"piles.kinds.{name}.max_per_site", default=0.0),
        )
        for name, kind in piles.kinds.items()
    )
    grid = None
    if piles.grid_limit_kw is not None:
        grid = inputs.site_numbers(piles.grid_limit_kw, "piles.grid_limit_kw", default=0.0)
    return Charging(
        problem=problem,
        kinds=kinds,
        total_units=piles.total,
        grid_limit_kw=grid,
        min_share=dict(piles.min_share),
        min_units_where_open=piles.at_least_where_open,
    )
