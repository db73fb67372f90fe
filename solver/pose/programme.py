"""A programme of a study in the models' language."""

from models.messages import Listed, say
from solver.errors import StudyError
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.travel import TravelSource
from solver.optimise.posed import PosedProgramme
from solver.pose.catalogue import MODELS
from solver.pose.fits import unfit
from solver.pose.years import pose_years, unfit_years
from solver.study.faults import nearest


def pose(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """The programme posed by its model's record; StudyError where the model is unknown or lacks an input."""
    name = inputs.programme.model
    if name not in MODELS:
        near, known = nearest(name, list(MODELS)), Listed(tuple(MODELS))
        hint = say("did you mean {near}?", near=near) if near else say("known are {models}", models=known)
        fact = say("{model} is not a model", model=name)
        raise StudyError(Finding(f"programmes.{inputs.name}.model", fact, hint))
    over_years = inputs.programme.phasing is not None
    faults = unfit(inputs) + (unfit_years(inputs) if over_years else [])
    if faults:
        raise StudyError(*faults)
    return pose_years(inputs, source, MODELS[name].pose) if over_years else MODELS[name].pose(inputs, source)
