"""A model that comes without a study, posed with the same search and reduction as one that a study names."""

from models.formulation import Formulation, Rule
from models.hierarchy.tiers import TierProblem
from models.modules import Modular
from models.phasing import Phasing
from models.problem import SitingProblem
from models.rules.years import OrderOfYears
from models.worst import WorstDistrict
from solver.instance import ProgrammeInputs
from solver.pose.helps import posed
from solver.pose.posed import Posed


def pose_model(inputs: ProgrammeInputs, model: Formulation, rules: tuple[Rule, ...]) -> Posed:
    """The model under its rules; years in their order are a rule of a model over years."""
    if isinstance(model, Phasing):
        rules = (*rules, OrderOfYears(model))
    return posed(inputs, model, rules, unit="", problem=problem_of(model))


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
