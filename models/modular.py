"""Capacity that comes in whole modules: how large every open site is built.

    sets        j sites, k kinds of module with capacity q_k, cost g_kj and at most M_kj of them at a site
    columns     n_kj whole, 0 <= n_kj <= M_kj          at new sites, over any model that assigns demand to sites
    s.t.        load_j           <= sum_k q_k n_kj     modules_carry_the_load
                n_kj             <= M_kj open_j        modules_of_a_kind_only_at_open_sites
                sum_k n_kj       >= open_j             an_open_site_has_a_module
    cost        sum_kj g_kj n_kj, in the budget, and in the objective where that is a cost

New sites take modules; a site that is there already keeps the capacity it has. The capacity of a new site's own column
stays its limit in all. Source: modular capacities (Correia & Captivo 2003, A Lagrangean heuristic for a modular
capacitated location problem, Annals of Operations Research 122).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, frozen
from models.brief import brief
from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import AddedUp, Draft, Formulation, known_bound_of, limits_in_words
from models.given import checked
from models.knapsack import weight_per_load
from models.magnitude import LARGEST, is_beyond
from models.messages import Message, say
from models.placed import problem_of, resited
from models.plan import Plan
from models.problem import Demand, Sites, SitingProblem, raise_all
from models.program import Block, ProgramBuilder, Sense, identity, row_of
from models.service import Carrying, Served, Serving, total_travel

ROUNDING = 1e-6


@checked
@brief
@dataclass(frozen=True, eq=False)
class Module:
    """One kind: `capacity` of one module, `cost` (n_sites,) and `max_per_site` (n_sites,), rounded down."""

    name: str
    capacity: float
    cost: FloatArray
    max_per_site: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "cost", frozen(self.cost, np.float64))
        object.__setattr__(self, "max_per_site", frozen(np.floor(self.max_per_site), np.float64))
        if not (np.isfinite(self.capacity) and self.capacity > 0):
            raise ProblemError(
                say("size {name}: capacity is {capacity}; must be above 0", name=self.name, capacity=self.capacity)
            )
        if is_beyond(self.capacity) or is_beyond(self.cost).any():
            raise ProblemError(
                say("size {name}: capacity and cost must be below {largest:g}", name=self.name, largest=LARGEST)
            )
        if not np.isfinite(self.max_per_site).all():
            raise ProblemError(say("size {name}: max_per_site must be finite", name=self.name))


@checked
def modular(
    build: Callable[[SitingProblem], Formulation],
    problem: SitingProblem,
    modules: Sequence[Module],
    *,
    in_objective: bool,
) -> "Modular":
    """The model that `build` makes of a problem, with modules at its new sites, whose capacity they limit."""
    sites = problem.sites
    most = np.minimum(np.sum([m.capacity * m.max_per_site for m in modules], axis=0), 0.1 * LARGEST)
    capacity = np.where(sites.is_new, np.minimum(sites.capacity, most), sites.capacity)
    limited = replace(problem, sites=replace(sites, capacity=capacity))
    return Modular(build(limited), problem.demand, tuple(modules), in_objective)


@checked
@brief
@dataclass(frozen=True, eq=False)
class Modular:
    """Another model whose new sites take whole modules; `in_objective`: their cost is part of the objective."""

    inner: Formulation
    demand: Demand
    modules: tuple[Module, ...]
    in_objective: bool

    def __post_init__(self) -> None:
        n = len(self.sites)
        wrong = [m.name for m in self.modules if m.cost.shape != (n,) or m.max_per_site.shape != (n,)]
        raise_all(
            [
                say("size {name}: cost and most per site need one number for each of {n} sites", name=name, n=n)
                for name in wrong
            ]
        )

    @property
    def name(self) -> str:
        """The other model's name."""
        return self.inner.name

    @property
    def sense(self) -> Sense:
        """The other model's sense."""
        return self.inner.sense

    @property
    def sites(self) -> Sites:
        """The sites it decides about."""
        return self.inner.sites

    @property
    def _sized(self) -> IntArray:
        """Sites that may take modules."""
        return np.flatnonzero(self.sites.is_new & ~self.sites.fixed_closed)

    def draft(self, builder: ProgramBuilder) -> Draft:
        """The other model, and modules at its new sites."""
        draft = self.inner.draft(builder)
        if draft.load_terms is None:
            raise ProblemError(say("sizes needs a model that assigns demand to sites; {name} does not", name=self.name))
        sites = self.sites
        may = sites.is_new & ~sites.fixed_closed
        blocks = {
            m.name: builder.columns(
                f"modules_{m.name}",
                len(sites),
                upper=m.max_per_site * may,
                integer=True,
                objective=m.cost if self.in_objective else 0.0,
                labels=sites.ids,
            )
            for m in self.modules
        }
        self._rows(builder, draft, blocks)
        return replace(
            draft,
            cost=[*draft.cost, *((row_of(m.cost), blocks[m.name]) for m in self.modules)],
            units=draft.units | blocks,
            blocks=draft.blocks | {f"modules_{name}": block for name, block in blocks.items()},
        )

    def _rows(self, builder: ProgramBuilder, draft: Draft, blocks: dict[str, Block]) -> None:
        sites, at = self.sites, self._sized
        labels = [sites.ids[j] for j in at]
        unit = sp.csr_array(identity(len(sites))[at])
        load = [(sp.csr_array(matrix[at]), block) for matrix, block in draft.load_terms or []]
        carried = [(sp.csr_array(-m.capacity * unit), blocks[m.name]) for m in self.modules]
        builder.rows("modules_carry_the_load", [*load, *carried], upper=0.0, labels=labels)
        for m in self.modules:
            most = sp.csr_array(sp.csr_array(sp.diags_array(-m.max_per_site))[at])
            builder.rows(
                f"modules_of_{m.name}_only_at_open_sites",
                [(unit, blocks[m.name]), (most, draft.open)],
                upper=0.0,
                labels=labels,
            )
        some = [(unit, blocks[m.name]) for m in self.modules]
        builder.rows("an_open_site_has_a_module", [*some, (sp.csr_array(-unit), draft.open)], lower=0.0, labels=labels)

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """The other model's plan with the modules of every site."""
        units = {m.name: np.round(draft.units[m.name].of(values)).astype(np.int64) for m in self.modules}
        plan = self.inner.read_plan(draft, values)
        return replace(plan, units={**plan.units, **units})

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """The other model's columns and the modules."""
        self.inner.values_of(draft, plan, values)
        for m in self.modules:
            values[draft.units[m.name].index] = plan.units[m.name]

    def objective_of(self, plan: Plan) -> float:
        """The other model's worth, and what modules cost where that counts; ProblemError where modules do not do."""
        raise_all(self.module_faults(plan)[:20])
        return self.inner.objective_of(plan) + (self._modules_cost(plan) if self.in_objective else 0.0)

    @property
    def known_bound(self) -> float | None:
        """The other model's: modules cost something and add nothing."""
        return known_bound_of(self.inner)

    @property
    def most_by_site(self) -> FloatArray | None:
        """The other model's."""
        return self.inner.most_by_site if isinstance(self.inner, AddedUp) else None

    @property
    def carried_by_unit(self) -> dict[str, FloatArray]:
        """Weight that one module carries at new sites, at most."""
        each = weight_per_load(self.demand.weight, self.demand.load)
        return {m.name: np.where(self.sites.is_new, m.capacity * each, np.inf) for m in self.modules}

    def cost_of(self, plan: Plan) -> float:
        """Cost of a plan: what the other model costs, and the modules."""
        return cost_of(self.inner, plan) + self._modules_cost(plan)

    def unit_cost(self) -> dict[str, FloatArray]:
        """Kind -> cost (n_sites,) of one module."""
        return {m.name: m.cost for m in self.modules}

    def unit_capacity(self) -> dict[str, float]:
        """Kind -> load that one module carries."""
        return {m.name: m.capacity for m in self.modules}

    @property
    def parts(self) -> tuple[Formulation, ...]:
        """The other model."""
        return (self.inner,)

    @property
    def places(self) -> SitingProblem | None:
        """The other model's; None where it has none."""
        return problem_of(self.inner)

    @property
    def problem(self) -> SitingProblem:
        """The other model's problem; ProblemError where it has none."""
        found = self.places
        if found is None:
            raise ProblemError(say("sizes needs a model that assigns demand to sites; {name} does not", name=self.name))
        return found

    def with_sites(self, sites: Sites) -> Self:
        """The same over the other model with its sites; ProblemError where that cannot be stated anew."""
        return replace(self, inner=resited(self.inner, sites))

    @property
    def carrying(self) -> Carrying | None:
        """This model, where the other one carries."""
        return self if isinstance(self.inner, Carrying) else None

    @property
    def single_source(self) -> bool:
        """Whether the other model serves a place as a whole."""
        return self._carrying.single_source

    @property
    def _carrying(self) -> Carrying:
        if not isinstance(self.inner, Carrying):
            raise ProblemError(say("sizes needs a model that assigns demand to sites; {name} does not", name=self.name))
        return self.inner

    def with_service(self, draft: Draft, among: BoolArray) -> Served:
        """As in the other model, whose load the modules carry."""
        if not isinstance(self.inner, Serving):
            raise ProblemError(say("sizes needs a model that assigns demand to sites; {name} does not", name=self.name))
        return self.inner.with_service(draft, among)

    def limits_in_words(self) -> dict[str, Message]:
        """The other model's."""
        return limits_in_words(self.inner)

    def travel_of(self, plan: Plan) -> float:
        """Total travel of a plan, weight times impedance."""
        return total_travel(self.problem, plan)

    def carries(self, plan: Plan) -> FloatArray:
        """What the modules of new sites carry (n_sites,), and the capacity of those that are there."""
        most = self._carrying.carries(plan)
        carried = np.sum([m.capacity * plan.units[m.name] for m in self.modules], axis=0)
        sized = self._sized
        most[sized] = np.minimum(most[sized], carried[sized])
        return most

    def module_faults(self, plan: Plan) -> list[Message]:
        """Sites whose modules are too many, too few or too small for what the site serves."""
        ids, at = self.sites.ids, self._sized
        count = np.array([plan.units[m.name] for m in self.modules])
        faults = [
            say(
                "{site} has {count} modules of {name}; at most {most:g} fit",
                site=ids[j],
                count=count[k, j],
                name=m.name,
                most=m.max_per_site[j],
            )
            for k, m in enumerate(self.modules)
            for j in at[count[k, at] > m.max_per_site[at]]
        ]
        faults += [
            say("{site} is open without a module", site=ids[j])
            for j in at[plan.open[at] & (count[:, at].sum(axis=0) == 0)]
        ]
        if plan.served is None:
            return [*faults, say("the plan does not say who serves whom")]
        load = np.asarray(self.demand.load @ plan.served)
        carried = np.array([m.capacity for m in self.modules]) @ count
        over = at[load[at] > carried[at] + ROUNDING * np.maximum(1.0, load[at])]
        return faults + [
            say(
                "{site} serves {load:,.6g}; its modules carry {carried:,.6g}",
                site=ids[j],
                load=load[j],
                carried=carried[j],
            )
            for j in over
        ]

    def _modules_cost(self, plan: Plan) -> float:
        return sum(float(m.cost @ plan.units[m.name]) for m in self.modules)
