"""The objective of a plan, recomputed by the definition of its model."""

from models.messages import Message, say
from solver.verify.case import Case
from solver.verify.verdict import Check, apart


def the_objective_is_what_the_plan_is_worth(case: Case) -> list[Message] | None:
    """objective, recomputed by the definition of the model."""
    if case.programme.phasing is not None:
        return None
    return apart(
        say("objective ({unit})", unit=case.entry["objective_unit"]), case.entry["objective"], case.model.worth(case)
    )


VALUE: tuple[Check[Case], ...] = (the_objective_is_what_the_plan_is_worth,)
