"""A programme in the models' language: formulation, rules, and what surrounds them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from models.brief import brief
from models.formulation import Formulation, Rule
from models.messages import Message
from models.plan import Plan
from models.problem import SitingProblem
from solver.engines.engine import Ask
from solver.inputs.instance import ProgrammeInputs

Search = Callable[[float, int], Plan | None]
"""A primal heuristic: seconds and seed -> a plan that keeps every rule, or None. Ctrl-C may raise `StoppedWith`."""


class StoppedWith(KeyboardInterrupt):
    """Ctrl-C in a search or a reduction that has a plan in hand already; `bound` as in `Reduced`."""

    def __init__(self, plan: Plan, bound: float | None = None) -> None:
        super().__init__("stopped by Ctrl-C with a plan in hand")
        self.plan, self.bound = plan, bound


@dataclass(frozen=True, eq=False)
class Reduced:
    """The same model with a smaller program, for the engine.

    Any plan that keeps the rules is no better than `plan` or than the best plan that is left in `formulation`.
    `plan` keeps every rule; None where none is known. `bound` holds for every plan, None where none is proven.
    """

    formulation: Formulation
    plan: Plan | None = None
    bound: float | None = None


Reduce = Callable[[Plan | None, Ask], Reduced]
"""An exact reduction: a plan that keeps every rule, or None, and the time and gap there are -> what is left.

Ctrl-C may raise `StoppedWith`.
"""


@brief
@dataclass(frozen=True, eq=False)
class PosedProgramme:
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
    search_under: Callable[[tuple[Rule, ...]], Search] | None = None
    """The same heuristic under other rules than `rules`."""
    reduce: Reduce | None = None
    apart: Callable[[Ask, str], Reduced] | None = None
    """By the engine of a name, the whole solve without the whole program, where the study asks for one by districts."""
    facts: dict[str, float | int | str | Message] = field(default_factory=dict)
    """Figures known before solving, for example how many flows any station can refuel."""
