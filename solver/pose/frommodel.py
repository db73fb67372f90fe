"""A model that comes without a study, posed with the same search and reduction as one that a study names."""

from functools import partial

from models.charging.piles import Charging
from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.max_cover import MaxCover
from models.coverage.search import search_max_cover
from models.formulation import Formulation, Rule
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.hierarchy.tiers import TierProblem
from models.median.p_center import PCenter
from models.median.p_dispersion import PDispersion
from models.modules import Modular
from models.phasing import Phasing
from models.problem import SitingProblem
from models.rules.years import OrderOfYears
from models.worst import WorstDistrict
from solver.instance import ProgrammeInputs
from solver.pose.median import centre_between, reduction_of, spread_between
from solver.pose.posed import Narrow, Posed, Search
from solver.pose.relaxed import search_relaxed
from solver.pose.rounding import search_charging
from solver.pose.upper_first import upper_first


def pose_model(inputs: ProgrammeInputs, model: Formulation, rules: tuple[Rule, ...]) -> Posed:
    """The model under its rules; years in their order are a rule of a model over years."""
    if isinstance(model, Phasing):
        rules = (*rules, OrderOfYears(model))
    search, narrow = helped(model, rules)
    return Posed(
        inputs=inputs,
        formulation=model,
        rules=rules,
        unit="",
        problem=problem_of(model),
        search=search,
        narrow=narrow,
    )


def helped(model: Formulation, rules: tuple[Rule, ...]) -> tuple[Search | None, Narrow | None]:
    """The model's own way to a first plan and to a smaller program, None where it has none."""
    if isinstance(model, MaxCover):
        return lambda seconds, seed: search_max_cover(model, rules, seconds=seconds, seed=seed), None
    if isinstance(model, Charging):
        return partial(search_charging, model, rules), None
    if isinstance(model.inner if isinstance(model, Modular) else model, CapacitatedCover):
        return partial(search_relaxed, model, rules), None
    if isinstance(model, PCenter):
        return None, partial(centre_between, model, rules)
    if isinstance(model, PDispersion):
        return None, partial(spread_between, model, rules)
    if isinstance(model, HierarchicalCoverage | HierarchicalCost):
        return None, partial(upper_first, model, rules)
    reduction = reduction_of(model, rules)
    return (None, None) if reduction is None else (reduction.search, reduction.narrow)


def problem_of(model: Formulation) -> SitingProblem | None:
    """Sites, places and travel of a model that serves places; of the last year where there are several."""
    if isinstance(model, Phasing):
        return problem_of(model.last)
    if isinstance(model, Modular | WorstDistrict):
        return problem_of(model.inner)
    problem = getattr(model, "problem", None)
    if isinstance(problem, TierProblem):
        return SitingProblem(problem.sites, problem.demand, problem.access, unit=problem.unit)
    return problem if isinstance(problem, SitingProblem) else None
