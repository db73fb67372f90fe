"""The protocol of a model, and the handles through which rules take hold of any of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Protocol, runtime_checkable
from weakref import WeakValueDictionary

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, Sparse
from models.brief import brief
from models.messages import Message
from models.plan import Plan
from models.problem import Demand, Sites
from models.program import Block, Program, ProgramBuilder, Sense, Term, row_of


@brief
@dataclass
class Draft:
    """What a formulation has put into a program so far, as handles for rules, portfolios and phases.

    `open` has one column per site. `cost` are one-row terms in money over and above `base_cost` (fixed cost of what
    is opened, and what units and flows cost). `covered_terms` are terms (n_demand, block.size): the share of every
    place that is served; None where the model serves no places. `load_terms` are terms (n_sites, block.size): what
    each site carries, in the unit of its capacity; None where the model assigns nothing. `units` names the integer
    block of each kind, one column per site.
    """

    builder: ProgramBuilder
    sites: Sites
    open: Block
    cost: list[Term]
    base_cost: float = 0.0
    demand: Demand | None = None
    covered_terms: list[Term] | None = None
    load_terms: list[Term] | None = None
    units: dict[str, Block] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    """Every block of the formulation by its short name (without a programme's prefix)."""


class Formulation(Protocol):
    """A model over a problem: a frozen value that formulates itself and reads the answer back."""

    @property
    def name(self) -> str:
        """The model's name in a study."""
        ...

    @property
    def sense(self) -> Sense:
        """Whether it maximises or minimises."""
        ...

    @property
    def sites(self) -> Sites:
        """The sites it decides about."""
        ...

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        ...

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """The plan that column values (n_columns,) stand for."""
        ...

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the formulation's column values for a plan into `values` (n_columns,): the inverse of `read_plan`."""
        ...

    def objective_of(self, plan: Plan) -> float:
        """What the plan is worth, computed from the problem alone, never from the program."""
        ...


@runtime_checkable
class Bounded(Protocol):
    """A model that knows what no plan passes before anything is solved."""

    @property
    def known_bound(self) -> float | None:
        """All demand, all capacity, everybody at the nearest site; None where a part of the model does not know."""
        ...


@runtime_checkable
class AddedUp(Protocol):
    """A model that maximises, and in which no plan is worth more than what its open sites may add, one by one."""

    @property
    def most_by_site(self) -> FloatArray | None:
        """The most (n_sites,) that each site may add where it is open, whatever else is; None where it is not known."""
        ...


@runtime_checkable
class CarriedByUnits(Protocol):
    """A model some of whose sites add no more than their units carry."""

    @property
    def carried_by_unit(self) -> Mapping[str, FloatArray]:
        """Kind -> what one unit carries at each site (n_sites,); inf at sites that carry without units."""
        ...


@runtime_checkable
class Limiting(Protocol):
    """A formulation or a rule that puts words to rows of its own."""

    def limits_in_words(self) -> dict[str, Message]:
        """Tag of rows -> what they ask, in words."""
        ...


@runtime_checkable
class ByReach(Protocol):
    """A model that must serve what its sites can reach, and would serve more if more of them could open."""

    @property
    def coverable(self) -> BoolArray:
        """Places (n_demand,) that sites which may open can reach."""
        ...


@runtime_checkable
class Composed(Protocol):
    """A model made of others: of one whose sites take modules or whose worst district counts, of one for each year."""

    @property
    def parts(self) -> tuple["Formulation", ...]:
        """The models it is made of."""
        ...


def parts_of(formulation: Formulation) -> tuple[Formulation, ...]:
    """The models that a model is made of; none where it stands for itself."""
    return formulation.parts if isinstance(formulation, Composed) else ()


def known_bound_of(formulation: Formulation) -> float | None:
    """What no plan of a model passes, None where the model does not say."""
    return formulation.known_bound if isinstance(formulation, Bounded) else None


class Rule(Protocol):
    """Something a plan must keep, written in the study, that fits any formulation with the handles it needs."""

    @property
    def key(self) -> str:
        """The rule's name in the study, such as `budget`."""
        ...

    def apply(self, draft: Draft) -> None:
        """Add the rule's rows (tagged with `key`); ProblemError where the model lacks a handle."""
        ...

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """How the plan breaks the rule, computed from plan and problem alone; empty where it holds."""
        ...

    def describe(self) -> Message:
        """The rule in words with its number, for reports and explanations."""
        ...

    def remedy(self, label: str, works: float, by: float) -> Message | None:
        """What would do in place of the row `label`: a bound of `works`, which is `by` more or less than is asked.

        None where the row has no words of its own.
        """
        ...


@runtime_checkable
class BySites(Protocol):
    """A rule that open sites, and the least cost of serving everybody from them, decide."""

    @property
    def about_service(self) -> bool:
        """Does it speak of who is served, which holds by itself where everybody is?"""
        ...


def least_opening_cost(sites: Sites) -> float:
    """What opening and closing costs at least: what is fixed, and every free site as it is cheaper."""
    cost = sites.opening_cost()
    free = ~sites.fixed_open & ~sites.fixed_closed
    return sites.base_cost() + float(cost[sites.fixed_open].sum() + np.minimum(cost[free], 0.0).sum())


def open_block(builder: ProgramBuilder, sites: Sites) -> Block:
    """One binary per site, fixed where its status fixes it."""
    return builder.columns(
        "open",
        len(sites),
        lower=sites.fixed_open.astype(np.float64),
        upper=1.0 - sites.fixed_closed.astype(np.float64),
        integer=True,
        labels=sites.ids,
    )


def opening_cost(sites: Sites, block: Block) -> list[Term]:
    """The one-row cost term of opening."""
    return [(row_of(sites.opening_cost()), block)]


def formulate(formulation: Formulation, rules: Sequence[Rule] = ()) -> tuple[Draft, Program]:
    """Draft, rules, program: the way from a model to something an engine takes."""
    builder = ProgramBuilder(formulation.name, formulation.sense)
    draft = formulation.draft(builder)
    for rule in rules:
        rule.apply(draft)
    return draft, builder.build()


@dataclass(eq=False)
class Formulated:
    """Draft and program of a model under its rules, built when first asked for: in a city that takes seconds.

    Who asks for the same model and rules while somebody holds them gets the same, so that a search that needs them and
    what follows build them once. Nobody changes them.
    """

    model: Formulation
    rules: tuple[Rule, ...]
    _held: ClassVar["WeakValueDictionary[tuple[int, ...], Formulated]"] = WeakValueDictionary()

    @staticmethod
    def of(model: Formulation, rules: Sequence[Rule]) -> "Formulated":
        """What is held of this very model under these very rules, else a new one."""
        key = (id(model), *map(id, rules))  # what is held keeps model and rules alive, so that no other has their ids
        held = Formulated._held.get(key)
        if held is None:
            held = Formulated._held[key] = Formulated(model, tuple(rules))
        return held

    @cached_property
    def built(self) -> tuple[Draft, Program]:
        """Draft and program; ProblemError where a rule does not fit the model."""
        return formulate(self.model, self.rules)

    @property
    def is_built(self) -> bool:
        """Has somebody asked for them?"""
        return "built" in self.__dict__


def value_of(terms: Sequence[Term], values: FloatArray) -> FloatArray:
    """Value (n_rows,) of a sum of terms at column values."""
    total = np.zeros(terms[0][0].shape[0])
    for matrix, block in terms:
        total += matrix @ block.of(values)
    return total


def combined(weights: Sparse, terms: Sequence[Term]) -> list[Term]:
    """`weights` (n, n_rows) times a sum of terms (n_rows, ...): for example districts' sums of what is covered."""
    return [(sp.csr_array(weights @ matrix), block) for matrix, block in terms]


def limits_in_words(stated: Formulation | Rule) -> dict[str, Message]:
    """Tag of rows that are a formulation's or a rule's own -> what they ask, in words; {} where it names none."""
    return stated.limits_in_words() if isinstance(stated, Limiting) else {}
