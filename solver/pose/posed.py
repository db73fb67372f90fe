"""A programme in the models' language: formulation, rules, and what surrounds them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from models.formulation import Formulation, Rule
from models.plan import Plan
from models.problem import SitingProblem
from solver.instance import ProgrammeInputs

Search = Callable[[float, int], Plan | None]
"""A primal heuristic: seconds and seed -> a plan that keeps every rule, or None."""


@dataclass(frozen=True, eq=False)
class Posed:
    """What `solve` needs of one programme.

    `problem` is sites, demand and travel for the figures, None where a model serves no places. `unit` is the
    objective's unit in words, `travel_unit` that of the travel.
    """

    inputs: ProgrammeInputs
    formulation: Formulation
    rules: tuple[Rule, ...]
    unit: str
    problem: SitingProblem | None = None
    search: Search | None = None
    facts: dict[str, float | int | str] = field(default_factory=dict)
    """Figures known before solving, for example how many flows any station can refuel."""
