"""What a run gives: a checked plan per programme with its proof and its figures, in the contract's form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import pandas as pd

from models.brief import brief
from models.messages import Message, say
from models.plan import Plan
from models.problem import Demand, Sites
from models.program import Sense
from solver.engines.outcome import Ended
from solver.words.currency import CNY, Currency
from solver.words.speech import CHINESE, ENGLISH

FORMAT = 1

SearchEnded = Literal["complete", "exhausted", "limit", "interrupted"]


@dataclass(frozen=True)
class AlternativesSearch:
    """How many other plans were asked for, what each might lose, and how the search ended.

    `complete`: all were found; `exhausted`: proven that there are no more; `limit` and `interrupted`: there may be.
    """

    count: int
    within: float
    ended: SearchEnded


@brief
@dataclass(frozen=True)
class OtherPlan:
    """A plan that loses the share `lost_share` of the best one's objective and differs from it at other sites.

    `opens` and `leaves_out` say where it differs from the plan of the programme; `differs_by` is the number of sites
    in which it differs from the nearest of the plans before it, `differs_by_at_most` the most that is possible within
    the allowed loss (None where not proven).
    """

    sites: tuple[str, ...]
    kept_sites: tuple[str, ...]
    opens: tuple[str, ...]
    leaves_out: tuple[str, ...]
    units: Mapping[str, Mapping[str, int]]
    objective: float
    lost_share: float
    differs_by: int
    differs_by_at_most: int | None
    cost: float
    figures: Mapping[str, Any]


@brief
@dataclass(frozen=True)
class Marginal:
    """What is lost without a chosen site, or by forcing a rejected one in, in the objective's unit.

    The loss lies between `lost_at_least` and `lost_at_most` (None where unknown). `impossible`: proven that there is
    no plan with the decision turned round; both are None then. `solved` says whether that plan was looked for or only
    the linear relaxation's proof is known.
    """

    chosen: bool
    lost_at_least: float | None
    lost_at_most: float | None
    impossible: bool
    solved: bool


@brief
@dataclass(frozen=True, eq=False)
class ProgrammeResult:
    """One programme's plan. A figure that is unknown is None, never 0.

    `site_table`, `demand_table`, `allocation_table` and `flow_table` are (Geo)DataFrames in the study's system with
    English column names and units in the names; None where the model has none. `plan` is None when nothing is in hand.
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
    budget: float | None
    cost: float | None
    sites: tuple[str, ...]
    kept_sites: tuple[str, ...]
    units: Mapping[str, Mapping[str, int]]
    figures: Mapping[str, Any]
    engine: str
    seconds: Mapping[str, float]
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What was asked: the keys of the programme's section that the study sets; empty where there is no study."""
    sense: Sense | None = None
    """Whether more or less of the objective is better; None in results of earlier versions."""
    ties: Mapping[str, Any] = field(default_factory=dict)
    """How the thriftiest of equally good plans was found and what that saved; empty without a plan."""
    reasons: tuple[str, ...] = ()
    """Why there is no plan, in the study's words; empty where there is one."""
    reasons_zh: tuple[str, ...] = ()
    """The same in Chinese, line by line."""
    alternatives_sought: AlternativesSearch | None = None
    """What other plans were asked for, and how far the search came; None where none were."""
    alternatives: tuple[OtherPlan, ...] = ()
    marginals: Mapping[str, Marginal] = field(default_factory=dict)
    """Site -> what turning its decision round costs; empty where it was not asked for."""
    phases: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Year -> what it opens, spends and covers; empty for a programme without years."""
    plan: Plan | None = None
    problem_sites: Sites | None = None
    problem_demand: Demand | None = None
    site_table: pd.DataFrame | None = None
    demand_table: pd.DataFrame | None = None
    allocation_table: pd.DataFrame | None = None
    flow_table: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        for name in ("objective", "bound"):
            if getattr(self, name) == 0:
                object.__setattr__(self, name, 0.0)  # an engine's -0.0 is nothing to show

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
            "sense": self.sense,
            "bound": self.bound,
            "gap": self.gap,
            "budget": self.budget,
            "cost": self.cost,
            "sites": list(self.sites),
            "kept_sites": list(self.kept_sites),
            "units": {site: dict(kinds) for site, kinds in self.units.items()},
            "figures": dict(self.figures),
            "ties": dict(self.ties),
            "reasons": list(self.reasons),
            "reasons_zh": list(self.reasons_zh),
            "alternatives_sought": None if self.alternatives_sought is None else asdict(self.alternatives_sought),
            "alternatives": [asdict(other) for other in self.alternatives],
            "marginals": {site: asdict(worth) for site, worth in self.marginals.items()},
            **({"phases": {year: dict(told) for year, told in self.phases.items()}} if self.phases else {}),
            "engine": self.engine,
            "seconds": {key: round(value, 3) for key, value in self.seconds.items()},
            "settings": dict(self.settings),
        }


@brief
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
    note: str = ""
    note_zh: str = ""
    attribution: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Sections of the study that hold for every programme: roads or matrix, and how it is solved."""
    programmes: Mapping[str, ProgrammeResult] = field(default_factory=dict)
    study_path: str | None = None
    """Where the study file is; written as the way to it from the result directory. None where there is no file."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What the run was asked in place of the study's own settings, such as `gap`."""
    joins: tuple[Mapping[str, Any], ...] = ()
    """What was joined by id: how many ids match, how many stand on one side only, the first of them."""
    warnings: tuple[Mapping[str, str], ...] = ()
    """What is likely no intention of the study, such as a column of money whose unit nobody says."""
    currency: Currency = CNY
    """The money of the study, which every cost and budget is in."""

    def as_json(self) -> dict[str, Any]:
        """result.json as the contract has it."""
        return {
            "study": self.study,
            "title": self.title,
            "title_zh": self.title_zh,
            "note": self.note,
            "note_zh": self.note_zh,
            "attribution": self.attribution,
            "format": FORMAT,
            "study_path": self.study_path,
            "asked": dict(self.asked),
            "crs": self.crs,
            "currency": asdict(self.currency),
            "inputs": dict(self.inputs),
            "overrides": list(self.overrides),
            "versions": dict(self.versions),
            "settings": dict(self.settings),
            "joins": [dict(each) for each in self.joins],
            "warnings": [dict(each) for each in self.warnings],
            "programmes": {name: programme.as_json() for name, programme in self.programmes.items()},
        }


ENDS: Mapping[str, Message] = {
    "proven": say("proven"),
    "limit": say("limit"),
    "infeasible": say("infeasible"),
    "unbounded": say("unbounded"),
    "interrupted": say("interrupted"),
    "failed": say("failed"),
}
"""How a run ended, in a word."""


def in_both(name: str, text: Message) -> dict[str, str]:
    """What is said of a figure as a result keeps it: `NAME` in English, `NAME_zh` in Chinese."""
    return {name: text.worded(ENGLISH), f"{name}_zh": text.worded(CHINESE)}


def ended(result: ProgrammeResult) -> Message:
    """How a programme ended, and with how many sites."""
    if result.objective is None:
        return say("{ended}, no plan", ended=ENDS[result.ended])
    return say("{ended}, {n} sites", ended=ENDS[result.ended], n=len(result.sites))
