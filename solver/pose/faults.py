"""Faults that several models have in common."""

from models.messages import say
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.travel import UNIT_NAMES

RIGHT_UNIT = say("is the limit in the right unit, and do the layers lie in the same area?")


def is_missing(inputs: ProgrammeInputs, key: str) -> Finding:
    """A key that the programme's model needs is not there."""
    remedy = say("{model} needs it", model=inputs.programme.model)
    return Finding(f"programmes.{inputs.name}.{key}", say("is missing"), remedy)


def of_other_unit(place: str, unit: str, wanted: str) -> Finding:
    """A key in minutes where the reach is in metres, or the other way round."""
    return Finding(
        place, say("does not fit a reach in {unit}", unit=UNIT_NAMES.get(unit, unit)), say("use {key}", key=wanted)
    )
