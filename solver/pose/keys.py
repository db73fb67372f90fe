"""Keys of a programme's section that belong to some models only: given to another model they are refused."""

from solver.errors import StudyError
from solver.instance import ProgrammeInputs

OF_SOME_MODELS = (
    "reach",
    "demand",
    "decay",
    "backup",
    "piles",
    "flows",
    "vehicle",
    "tiers",
    "objective",
    "unreachable",
    "single_source",
    "transport_cny_per_km",
    "transport_cny_per_min",
    "market",
)


def refuse_unused(inputs: ProgrammeInputs, *used: str) -> None:
    """StudyError that names every key of the section which the programme's model does not use."""
    programme = inputs.programme
    idle = [key for key in OF_SOME_MODELS if key in programme.model_fields_set and key not in used]
    if idle:
        raise StudyError(
            "\n".join(f"programmes.{inputs.name}.{key}   means nothing to {programme.model}; remove it" for key in idle)
        )
