"""A model that comes without a study, posed with the same search and reduction as one that a study names."""

from models.formulation import Formulation, Rule
from models.phasing import Phasing
from models.placed import problem_of
from models.rules.years import OrderOfYears
from solver.inputs.instance import ProgrammeInputs
from solver.optimise.methods import posed
from solver.optimise.posed import PosedProgramme


def pose_model(inputs: ProgrammeInputs, model: Formulation, rules: tuple[Rule, ...]) -> PosedProgramme:
    """The model under its rules; years in their order are a rule of a model over years."""
    if isinstance(model, Phasing):
        rules = (*rules, OrderOfYears(model))
    return posed(inputs, model, rules, unit="", problem=problem_of(model))
