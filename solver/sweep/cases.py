"""The runs of one programme side by side: their values, their plans, and what a plan is measured by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.program import Sense
from solver.results.folder import is_result
from solver.results.store import read_document
from solver.study.rules import RuleKeys
from solver.sweep.design import Point
from solver.sweep.runs import Run

FACTS = ("existing_sites", "competitors")
"""Keys among the rules that say what is there, not what is decided."""
UNITS = ("piles", "vehicles.total", "vehicles.max_per_site")
"""Keys beside the rules that say how many units there may be, or sections of them."""


@dataclass(frozen=True, eq=False)
class Case:
    """One programme in one run: its number, scenario and values, its entry of result.json and where that lies."""

    run: int
    scenario: str
    point: Point
    entry: Mapping[str, Any]
    folder: Path

    @property
    def has_plan(self) -> bool:
        """Whether a plan is in hand."""
        return self.entry["objective"] is not None

    @property
    def new_sites(self) -> frozenset[str]:
        """Ids of the sites that the plan opens."""
        return frozenset(self.entry["sites"])

    def figure(self, name: str) -> float | None:
        """A figure by its name, None where the plan has none."""
        value = self.entry.get(name, self.entry["figures"].get(name))
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True)
class Measure:
    """What plans are told apart by: a figure and whether more of it is better.

    `covered_share` where that is what the model maximises, so that its bound is known; else `objective`.
    """

    figure: str
    sense: Sense

    def of(self, case: Case) -> float | None:
        """Its value in the plan."""
        return case.figure(self.figure)

    def bound_of(self, case: Case) -> float | None:
        """What no plan of that run can be better than."""
        bound = case.figure("bound")
        if bound is None or self.figure == "objective":
            return bound
        total = case.figure("total_weight")
        return bound / total if total else None


def cases_of(runs: Sequence[Run]) -> dict[str, list[Case]]:
    """Entry of the results (programme or portfolio) -> its runs that ended, in their order."""
    found: dict[str, list[Case]] = {}
    for number, run in enumerate(runs, start=1):
        if is_result(run.folder):
            for name, entry in read_document(run.folder)["programmes"].items():
                found.setdefault(name, []).append(Case(number, run.scenario, run.point, entry, run.folder))
    return found


def measure_of(cases: Sequence[Case]) -> Measure | None:
    """What the plans of a programme are measured by; None where no run has a plan, or its sense is not known."""
    with_plan = [case for case in cases if case.has_plan]
    senses = {case.entry.get("sense") for case in with_plan}
    if len(senses) != 1 or None in senses:
        return None
    sense: Sense = "max" if senses == {"max"} else "min"
    shares = sense == "max" and all(_is_covered_weight(case) for case in with_plan)
    return Measure("covered_share" if shares else "objective", sense)


def _is_covered_weight(case: Case) -> bool:
    objective, covered, total = (case.figure(key) for key in ("objective", "covered_weight", "total_weight"))
    if objective is None or covered is None or not total:
        return False
    return abs(objective - covered) <= 1e-6 * max(1.0, abs(objective))


def is_lever(key: str) -> bool:
    """Whether a key is something that is decided (a budget, a number of sites, a rule), not what the world is like.

    Plans under different levers can be compared with each other; under different reaches or demands they cannot.
    """
    parts = key.split(".")
    if parts[0] == "solve":
        return True
    if parts[0] == "portfolio":
        return True
    if parts[0] != "programmes" or len(parts) < 3:
        return False
    units = parts[2] in UNITS or ".".join(parts[2:4]) in UNITS
    return units or (parts[2] in RuleKeys.model_fields and parts[2] not in FACTS)


def world_of(case: Case) -> tuple[Any, ...]:
    """Scenario and values that are no levers: plans of one world can be compared with each other."""
    return (case.scenario, *(f"{key}={value!r}" for key, value in case.point.items() if not is_lever(key)))
