"""The models by name, and how each is posed from a study's section; the only registry."""

from collections.abc import Callable
from dataclasses import dataclass

from solver.errors import StudyError
from solver.instance import ProgrammeInputs
from solver.pose.covering import pose_max_cover
from solver.pose.posed import Posed
from solver.study.read import nearest
from solver.travel import TravelSource

Pose = Callable[[ProgrammeInputs, TravelSource], Posed]


@dataclass(frozen=True)
class Model:
    """A model a study can name: what it decides in one line, in both languages, and its source."""

    pose: Pose
    what: str
    what_zh: str
    source: str


MODELS: dict[str, Model] = {
    "max-cover": Model(
        pose_max_cover,
        "the most demand within reach (MCLP); gradual and backup coverage as options",
        "覆盖最多需求（最大覆盖），可选渐变覆盖与备用覆盖",
        "Church & ReVelle 1974",
    ),
}
"""Name -> model, in the order `siting models` lists them."""


def pose(inputs: ProgrammeInputs, source: TravelSource) -> Posed:
    """The programme in the models' language; StudyError where its model is unknown or lacks an input."""
    name = inputs.programme.model
    if name not in MODELS:
        near = nearest(name, list(MODELS))
        hint = f"did you mean {near}?" if near else f"known are {', '.join(MODELS)}"
        raise StudyError(f"programmes.{inputs.name}.model   {name} is not a model; {hint}")
    return MODELS[name].pose(inputs, source)
