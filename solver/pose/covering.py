"""Posing the covering models: places within reach of sites, gradual where a decay is given."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Literal

from models.arrays import Sparse
from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.max_cover import MaxCover
from models.coverage.nearest_cover import NearestCover
from models.coverage.set_cover import SetCover
from models.formulation import Formulation, Rule
from models.given import checked
from models.messages import say
from models.problem import SitingProblem
from solver.errors import StudyError
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.roads import Points
from solver.inputs.travel import UNIT_NAMES, TravelSource
from solver.network.transforms import gradual, stepped, transformed
from solver.optimise.decomposed import by_district, districts_of_model
from solver.optimise.methods import posed
from solver.optimise.posed import PosedProgramme
from solver.pose.faults import RIGHT_UNIT, is_missing, of_other_unit
from solver.pose.impedance import within_own_limits
from solver.pose.rules import rules_of
from solver.pose.sizes import with_sizes
from solver.study.schema import Decay, Reach


def siting_problem(inputs: ProgrammeInputs, source: TravelSource) -> SitingProblem:
    """Sites, demand and travel within the programme's reach; StudyError where one of them is missing."""
    reach = inputs.programme.reach
    missing = [key for key, value in (("demand", inputs.demand), ("reach", reach)) if value is None]
    if inputs.demand is None or reach is None:
        raise StudyError(*(is_missing(inputs, key) for key in missing))
    demand, sites = inputs.demand, inputs.sites
    travel = source.between(Points(demand.ids, demand.xy), Points(sites.ids, sites.xy), reach)
    travel = within_own_limits(travel, inputs.demand_limit)
    if travel.nnz == 0:
        told = {"limit": reach.limit, "unit": UNIT_NAMES[reach.unit]}
        fact = say("no place is within {limit:g} {unit} of any site", **told)
        raise StudyError(Finding(f"programmes.{inputs.name}.reach", fact, RIGHT_UNIT))
    return SitingProblem(sites=sites, demand=demand, travel=travel, unit=reach.unit)


def pose_max_cover(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`max-cover`: the most weight within reach."""
    problem = siting_problem(inputs, source)
    programme = inputs.programme
    share = None if programme.decay is None else _decayed(inputs, programme.decay, problem)
    formulation = MaxCover(problem, partial=share, backup=programme.backup)
    rules: tuple[Rule, ...] = rules_of(inputs)
    whole = posed(inputs, formulation, rules, unit=weight_unit(inputs), problem=problem)
    if not programme.decompose:
        return whole
    return replace(whole, apart=partial(by_district, formulation, districts_of_model(formulation, rules)))


def weight_unit(inputs: ProgrammeInputs) -> str:
    """What the weights count: the name of their column."""
    weight = inputs.programme.demand.weight if inputs.programme.demand else None
    return weight if isinstance(weight, str) else "places"


def _reach(inputs: ProgrammeInputs) -> Reach:
    reach = inputs.programme.reach
    if reach is None:
        place = f"programmes.{inputs.name}.reach"
        raise StudyError(Finding(place, say("is missing"), say("a decay needs its limit")))
    return reach


def _decayed(inputs: ProgrammeInputs, decay: Decay, problem: SitingProblem) -> Sparse:
    other, wanted = ("full_min", "full_m") if problem.unit == "m" else ("full_m", "full_min")
    if getattr(decay, other) is not None:
        raise StudyError(of_other_unit(f"programmes.{inputs.name}.decay.{other}", problem.unit, wanted))
    return decayed(problem.travel, decay, _reach(inputs))


@checked
def decayed(travel: Sparse, decay: Decay, reach: Reach) -> Sparse:
    """Share covered (n_demand, n_sites) at every pair within reach; `solver.network.transforms` has the shapes."""
    factor = 1.0 if reach.unit == "m" else 60.0
    if decay.shape == "steps":
        return transformed(travel, stepped([(limit * factor, share) for limit, share in decay.steps]))
    full = (decay.full_m if reach.unit == "m" else decay.full_min) or 0.0
    shape = gradual(decay.shape, full=min(full * factor, reach.limit), limit=reach.limit, rate=decay.rate)
    return transformed(travel, shape)


def pose_set_cover(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`set-cover`: the fewest sites, or the least cost, that reach every place."""
    problem = siting_problem(inputs, source)
    programme = inputs.programme
    minimise: Literal["sites", "cost"] = "cost" if programme.objective == "cost" else "sites"
    formulation = SetCover(
        problem, minimise=minimise, backup=programme.backup, leave_out=programme.unreachable == "leave_out"
    )
    lost = int((~formulation.coverable).sum())
    return posed(
        inputs,
        formulation,
        rules_of(inputs),
        unit=inputs.currency.code if minimise == "cost" else "new sites",
        problem=problem,
        facts={"places_no_site_reaches": lost} if lost else {},
    )


def pose_capacitated_cover(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`capacitated-cover`: the most weight within reach and capacity."""
    problem = siting_problem(inputs, source)
    build: Callable[[SitingProblem], Formulation] = NearestCover
    if inputs.programme.assignment == "best":
        build = partial(CapacitatedCover, single_source=inputs.programme.single_source)
    formulation, rules = with_sizes(inputs, problem, build), rules_of(inputs)
    return posed(
        inputs,
        formulation,
        rules,
        unit=weight_unit(inputs),
        problem=problem,
    )
