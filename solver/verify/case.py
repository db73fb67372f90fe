"""A programme of a result as the checks see it, and what verification knows of its model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.arrays import IntArray
from models.messages import Message, say
from solver.verify.bounds import Draft, Terms
from solver.verify.tables import Tables
from solver.verify.verdict import Check, Unchecked

Figure = Callable[["Case"], Any]
"""A case -> the figure; `Unchecked` where it cannot be recomputed."""


@dataclass(frozen=True, eq=False)
class Case(Tables):
    """A programme of a result, with the record of its model; none where verification does not know the model.

    `gap` is what was asked; `member` says that it is part of a portfolio, whose proof is that of the whole.
    """

    gap: float = 0.0
    member: bool = False
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What the run was asked in place of the study's settings."""
    known: "Model | None" = None
    """What verification knows of its model."""
    memory: dict[str, Any] = field(default_factory=dict)
    """What checks keep for each other."""

    @property
    def model(self) -> "Model":
        """The record of its model; Unchecked where there is none."""
        if self.known is None:
            raise Unchecked(say("{model} is no model that verification knows", model=self.programme.model))
        return self.known

    @property
    def maximises(self) -> bool:
        """Whether more is better."""
        return self.model.maximises(self)


Whether = Callable[[Case], bool]


def never(_case: Case) -> bool:
    """In no programme."""
    return False


def always(_case: Case) -> bool:
    """In every programme."""
    return True


def of_none(_case: Case) -> tuple[str, ...]:
    """No key."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Record:
    """The sections of a study that are one model's or one rule's own, and the words that are known of its keys."""

    sections: Mapping[str, str] = field(default_factory=dict)
    """Section -> its keys."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Section and key -> the words that it may be, of keys that choose between some."""


@dataclass(frozen=True, kw_only=True)
class Model(Record):
    """What verification knows of a model. What a record does not say is not checked."""

    keys: frozenset[str]
    """Keys of a programme, beside those of every model and of rules, that the checks of this model are made with."""
    maximises: Whether
    unit: Callable[[Case], str]
    """What the objective counts."""
    worth: Callable[[Case], float]
    """The objective of a plan of one year, by definition."""
    bound: Callable[[Case, float], list[Message]]
    """Faults of a bound: whether a plan beats it; Unchecked where that is not proven."""
    program: Callable[[Draft, Case, IntArray], Terms] | None
    """Its textbook program over the columns of the sites; None where there is none."""
    lacks: tuple[str, ...] = ()
    """Keys that the textbook program leaves out."""
    transport: Callable[[Case], float] | None = None
    """What carrying costs; None where plans pay for sites and units only."""
    assigns: Whether
    """Whether capacities decide who is served, and not just the nearest site."""
    loaded: bool
    """Whether sites carry a load."""
    serves_all: Whether
    """Whether every place is served."""
    leaves_out: bool
    """Whether any choice of sites is a plan, however few it serves."""
    goes_to_best: bool
    """Whether a place is served by its best open site where no capacity decides."""
    chooses: bool
    """Whether the plan chooses who is served, which the objective alone does not settle."""
    idle_is_waste: bool
    """Whether a new site that serves nobody is of no use."""
    asks: Callable[[Case], tuple[str, ...]]
    """Those of its keys that may ask for a site that serves nobody."""
    full_value: Callable[[Case], float]
    """What everything served is worth, for shares in portfolios."""
    year: Callable[[Case, int], tuple[float, float | None]] | None = None
    """Value and share of one of its years; None where who is served in earlier years is not known."""
    share_of_year: str = "covered_share"
    """What the share of a year is called in results."""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """Figures of its own."""
    checks: tuple[Check[Case], ...] = ()
    """Checks of its own."""
    plan: tuple[Check[Case], ...] = ()
    """Of those, the ones that any plan must keep."""


def of_all_places(case: Case) -> float:
    """The weight of all places."""
    return float(case.places["weight"].sum())


def weight_name(case: Case) -> str:
    """What weights count: the name of their column."""
    demand = case.programme.demand
    return demand.weight if demand is not None and isinstance(demand.weight, str) else "places"


def money_name(case: Case) -> str:
    """The money of the study."""
    return case.travel.file.study.study.money.code


def travel_name(case: Case) -> str:
    """The unit of travel."""
    reach = case.programme.reach
    return "m" if reach is None else reach.unit
