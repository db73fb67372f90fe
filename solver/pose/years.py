"""Posing a programme with `phasing`: its model once for every year, joined by what stays and what may be spent."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from models.arrays import FloatArray
from models.formulation import Rule
from models.messages import say
from models.phasing import Phase, Phasing
from models.problem import Demand, SiteStatus
from models.rules.years import OfYear, OrderOfYears, YearBudgets, YearCount
from solver.errors import StudyError
from solver.findings import Finding, Findings
from solver.inputs.columns import numbers_of
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.travel import TravelSource
from solver.optimise.posed import PosedProgramme
from solver.optimise.years import YearTask, search_years
from solver.pose.catalogue import MODELS, Pose
from solver.pose.rules import before_the_end
from solver.study.joint import Year
from solver.study.schema import Programme


def pose_years(inputs: ProgrammeInputs, source: TravelSource, pose_one: Pose) -> PosedProgramme:
    """The programme over its years."""
    phasing = inputs.programme.phasing
    if phasing is None:
        raise StudyError(Finding(f"programmes.{inputs.name}.phasing", say("is missing")))
    number = len(phasing.years)
    posed = [pose_one(_of_year(inputs, year, t, number), source) for t, year in enumerate(phasing.years)]
    pairs = zip(phasing.years, posed, strict=True)
    model = Phasing(tuple(Phase(year.name, one.formulation, year.counts) for year, one in pairs))
    rules: list[Rule] = [OfYear(model, t, rule) for t, one in enumerate(posed) for rule in one.rules]
    counts = [
        YearCount(model, t, *_openings(year)) for t, year in enumerate(phasing.years) if _openings(year) != (0, None)
    ]
    budgets = YearBudgets(model, tuple(year.budget for year in phasing.years), phasing.carry_over)
    rules += counts
    if any(amount is not None for amount in budgets.amounts):
        rules.append(budgets)
    rules.append(OrderOfYears(model))
    task = YearTask(model, tuple(one.rules for one in posed), budgets, {count.year: count for count in counts})
    last = posed[-1]
    return PosedProgramme(
        inputs=replace(inputs, demand=last.inputs.demand, flows=last.inputs.flows),
        formulation=model,
        rules=tuple(rules),
        unit=f"{last.unit}, summed over the years",
        problem=last.problem,
        search=partial(search_years, task),
        facts=last.facts,
    )


def _openings(year: Year) -> tuple[int, int | None]:
    """Fewest and most sites that open newly in a year."""
    if year.open is not None:
        return year.open, year.open
    return year.open_at_least or 0, year.open_at_most


def _of_year(inputs: ProgrammeInputs, year: Year, number: int, years: int) -> ProgrammeInputs:
    """The programme's inputs as they are in one year."""
    programme, sites = inputs.programme, inputs.sites
    changed: dict[str, Any] = {"phasing": None}
    if number < years - 1:
        changed |= before_the_end(inputs) | dict(MODELS[programme.model].before_the_end(programme))
        required = sites.is_(SiteStatus.REQUIRED)
        sites = replace(sites, status=np.where(required, int(SiteStatus.CANDIDATE), sites.status))
    if year.floor_share is not None:
        changed["floor_share"] = year.floor_share
    return replace(
        inputs,
        programme=programme.model_copy(update=changed),
        sites=sites,
        demand=None if inputs.demand is None else _demand(inputs.demand, _weights(inputs, year), year.growth),
        flows=None if inputs.flows is None else replace(inputs.flows, weight=inputs.flows.weight * year.growth),
    )


def _demand(demand: Demand, weight: FloatArray, growth: float) -> Demand:
    """The places of a year: loads grow as weights do."""
    return replace(demand, weight=weight, own_load=None if demand.own_load is None else demand.own_load * growth)


def _weights(inputs: ProgrammeInputs, year: Year) -> FloatArray:
    demand, frame, layer = inputs.demand, inputs.demand_frame, inputs.programme.demand
    if demand is None:
        raise StudyError(Finding(f"programmes.{inputs.name}.demand", say("is missing")))
    if year.demand is None or frame is None or layer is None:
        return demand.weight * year.growth
    place = f"programmes.{inputs.name}.phasing.years.{year.name}.demand"
    findings = Findings(f"programmes.{inputs.name}")
    weight = numbers_of(frame, year.demand, layer.file, place, findings)
    if findings:
        raise StudyError(*findings.found)
    return weight * year.growth


def unfit_years(inputs: ProgrammeInputs) -> list[Finding]:
    """Everything of the programme that years do not go with, beside its model."""
    programme, place = inputs.programme, f"programmes.{inputs.name}"
    faults: list[Finding] = []
    if _pays_every_year(programme):
        fact = say("transport is paid every year, so what a year spends would be unknown")
        remedy = say('leave out transport_per_km and objective = "cost"')
        faults.append(Finding(f"{place}.phasing", fact, remedy))
    if programme.objective_order:
        fact = say("objective_order and years together are not defined")
        faults.append(Finding(f"{place}.phasing", fact, say("remove one of them")))
    faults += [
        Finding(
            f"{place}.{key}", say("is not told of a programme over years"), say("take {key} or phasing out", key=key)
        )
        for key in ("alternatives", "marginals")
        if getattr(programme, key) is not None
    ]
    with_demand = (
        [year.name for year in programme.phasing.years if year.demand is not None] if programme.phasing else []
    )
    if programme.demand is not None and programme.demand.load is not None:
        faults += [
            Finding(
                f"{place}.phasing.years.{year}.demand",
                say("says the weights of that year and not its loads ({place}.demand.load)", place=place),
                say("use growth, which both grow by"),
            )
            for year in with_demand
        ]
    if inputs.demand is None:
        faults += [
            Finding(
                f"{place}.phasing.years.{year}.demand",
                say("{model} has no places", model=programme.model),
                say("use growth"),
            )
            for year in with_demand
        ]
    return faults


def _pays_every_year(programme: Programme) -> bool:
    paid = [programme.transport_per_km, *(tier.transport_per_km for tier in programme.tiers)]
    return programme.objective == "cost" or any(paid)
