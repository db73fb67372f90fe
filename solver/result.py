"""What a run gives: a checked plan per programme with its proof and its figures, in the contract's form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from models.plan import Plan
from models.problem import Demand, Sites
from solver.engines.outcome import Ended

FORMAT = 1


@dataclass(frozen=True, eq=False)
class ProgrammeResult:
    """One programme's plan. A figure that is unknown is None, never 0.

    `site_table`, `demand_table` and `allocation_table` are (Geo)DataFrames in the study's system with English column
    names and units in the names; None where the model has none. `plan` is None when nothing is in hand.
    """

    name: str
    model: str
    title: str
    title_zh: str
    ended: Ended
    limit: str | None
    objective: float | None
    objective_unit: str
    bound: float | None
    gap: float | None
    budget_cny: float | None
    cost_cny: float | None
    sites: tuple[str, ...]
    kept_sites: tuple[str, ...]
    units: Mapping[str, Mapping[str, int]]
    figures: Mapping[str, Any]
    engine: str
    seconds: Mapping[str, float]
    reasons: tuple[str, ...] = ()
    """Why there is no plan, in the study's words; empty where there is one."""
    plan: Plan | None = None
    problem_sites: Sites | None = None
    problem_demand: Demand | None = None
    site_table: pd.DataFrame | None = None
    demand_table: pd.DataFrame | None = None
    allocation_table: pd.DataFrame | None = None

    def as_json(self) -> dict[str, Any]:
        """The programme's entry in result.json."""
        return {
            "model": self.model,
            "title": self.title,
            "title_zh": self.title_zh,
            "ended": self.ended,
            "limit": self.limit,
            "objective": self.objective,
            "objective_unit": self.objective_unit,
            "bound": self.bound,
            "gap": self.gap,
            "budget_cny": self.budget_cny,
            "cost_cny": self.cost_cny,
            "sites": list(self.sites),
            "kept_sites": list(self.kept_sites),
            "units": {site: dict(kinds) for site, kinds in self.units.items()},
            "figures": dict(self.figures),
            "reasons": list(self.reasons),
            "engine": self.engine,
            "seconds": {key: round(value, 3) for key, value in self.seconds.items()},
        }


@dataclass(frozen=True, eq=False)
class StudyResult:
    """All programmes of one run, with what they were computed from and by."""

    study: str
    title: str
    title_zh: str
    crs: str | None
    inputs: Mapping[str, str]
    overrides: tuple[str, ...]
    versions: Mapping[str, str]
    programmes: Mapping[str, ProgrammeResult] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """result.json as the contract has it."""
        return {
            "study": self.study,
            "title": self.title,
            "title_zh": self.title_zh,
            "format": FORMAT,
            "crs": self.crs,
            "inputs": dict(self.inputs),
            "overrides": list(self.overrides),
            "versions": dict(self.versions),
            "programmes": {name: programme.as_json() for name, programme in self.programmes.items()},
        }
