"""Posing the median models: least weighted travel, least worst travel, least cost of sites and transport."""

from dataclasses import replace
from functools import partial

import numpy as np

from models.arrays import FloatArray, pairs_of
from models.dispersion import PDispersion, straight_distances
from models.formulation import Formulation, Rule
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.median.nearest import without_lost
from models.median.p_center import PCenter
from models.median.p_median import PMedian
from models.messages import say
from models.problem import SitingProblem
from solver.errors import StudyError
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.roads import Points
from solver.inputs.travel import TravelSource
from solver.optimise.methods import has_capacity, posed
from solver.optimise.posed import PosedProgramme
from solver.pose.covering import siting_problem, weight_unit
from solver.pose.faults import of_other_unit
from solver.pose.impedance import as_impedance, impedance_unit
from solver.pose.rules import rules_of
from solver.pose.sizes import with_sizes

M_PER_KM, S_PER_MIN = 1000.0, 60.0


def pose_p_median(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`p-median`: the least weight times travel; within capacities where sites have one or a least use."""
    problem = siting_problem(inputs, source)
    served, facts = reachable_part(inputs, problem)
    served, counted = weighed(inputs, served)
    rules: tuple[Rule, ...] = rules_of(inputs)
    p = inputs.programme
    formulation: Formulation
    if has_capacity(problem) or p.minimum_use is not None or p.sizes:
        formulation = with_sizes(inputs, served, partial(AssignmentMedian, single_source=p.single_source))
    else:
        formulation = PMedian(served)
    return posed(
        inputs,
        formulation,
        rules,
        unit=f"{weight_unit(inputs)} x {counted}",
        problem=problem,
        facts=facts,
    )


def pose_fixed_charge(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`fixed-charge`: the least cost of sites and transport; within capacities where sites have one."""
    problem = siting_problem(inputs, source)
    served, facts = reachable_part(inputs, problem)
    price = transport_price(inputs, problem.unit)
    served, _ = weighed(inputs, served)
    p, rules = inputs.programme, rules_of(inputs)
    build = partial(FixedCharge, price=price, single_source=p.single_source)
    formulation = with_sizes(inputs, served, build, in_objective=True)
    return posed(
        inputs,
        formulation,
        rules,
        unit=inputs.currency.code,
        problem=problem,
        facts=facts,
    )


def pose_p_center(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`p-center`: the least worst travel of any place with demand, places weighing alike."""
    problem = siting_problem(inputs, source)
    served, facts = reachable_part(inputs, problem)
    formulation = PCenter(served)
    rules: tuple[Rule, ...] = rules_of(inputs)
    return posed(
        inputs,
        formulation,
        rules,
        unit=problem.unit,
        problem=problem,
        facts=facts,
    )


FIXES_A_NUMBER = ("open", "open_at_least", "required", "at_least_per_group", "group_rules")


def pose_p_dispersion(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`p-dispersion`: the greatest least distance of new sites; along the roads where the study gives a reach."""
    programme = inputs.programme
    if not any(getattr(programme, key) for key in FIXES_A_NUMBER):
        remedy = say(
            "{model} spreads the sites that must open: say how many (open or open_at_least)", model=programme.model
        )
        raise StudyError(Finding(f"programmes.{inputs.name}.open", say("is missing"), remedy))
    distance, unit = _apart(inputs, source)
    formulation = PDispersion(inputs.sites, distance, unit)
    rules: tuple[Rule, ...] = rules_of(inputs)
    return posed(
        inputs,
        formulation,
        rules,
        unit=unit,
    )


def _apart(inputs: ProgrammeInputs, source: TravelSource) -> tuple[FloatArray, str]:
    """Distances (n_sites, n_sites) and their unit; travel beyond the reach counts as its limit."""
    reach, sites = inputs.programme.reach, inputs.sites
    if reach is None:
        return straight_distances(sites), "m"
    points = Points(sites.ids, sites.xy)
    place, site, travel = pairs_of(source.between(points, points, reach))
    distance = np.full((len(sites), len(sites)), reach.limit)
    distance[place, site] = np.minimum(travel, reach.limit)
    return distance, reach.unit


def reachable_part(
    inputs: ProgrammeInputs, problem: SitingProblem
) -> tuple[SitingProblem, dict[str, float | int | str]]:
    """The problem as the model serves it, and how many places are left out where the study allows that."""
    if inputs.programme.unreachable != "leave_out":
        return problem, {}
    served, lost = without_lost(problem)
    return served, {"places_no_site_reaches": int(lost.sum())} if lost.any() else {}


def weighed(inputs: ProgrammeInputs, problem: SitingProblem) -> tuple[SitingProblem, str]:
    """The problem with travel as what it counts as, and the unit of that."""
    impedance, place = inputs.programme.impedance, f"programmes.{inputs.name}"
    travel = as_impedance(problem.travel, impedance, problem.unit, place)
    return replace(problem, travel=travel), impedance_unit(impedance, problem.unit)


def transport_price(inputs: ProgrammeInputs, unit: str) -> float:
    """Money per unit of weight and of travel in m, s or as it counts; StudyError where the key does not fit."""
    programme, place = inputs.programme, f"programmes.{inputs.name}"
    wanted, other = ("transport_per_km", "transport_per_min")
    if unit != "m":
        wanted, other = other, wanted
    faults = []
    if getattr(programme, other) is not None:
        faults.append(of_other_unit(f"{place}.{other}", unit, wanted))
    price = getattr(programme, wanted)
    if price is None:
        remedy = say("{model} weighs transport against the cost of sites", model=programme.model)
        faults.append(Finding(f"{place}.{wanted}", say("is missing"), remedy))
    if faults or price is None:
        raise StudyError(*faults)
    if programme.impedance is not None:
        return float(price)
    return float(price) / (M_PER_KM if unit == "m" else S_PER_MIN)
