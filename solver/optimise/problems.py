"""The problem behind a model, whatever it is made of."""

from models.coverage.worst_district import WorstDistrict
from models.formulation import Formulation
from models.hierarchy.tiers import TierProblem
from models.modular import Modular
from models.phasing import Phasing
from models.problem import SitingProblem


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
