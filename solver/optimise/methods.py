"""How every type of model is solved beside the engine: one table, for models of a study and of Python alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from models.algorithms.covering.annealing import search_max_cover
from models.algorithms.opening.captured import search_captured
from models.algorithms.opening.refuelled import search_refuelled
from models.algorithms.uncapacitated.exchange_within import centre_by_exchange, dispersion_by_exchange
from models.algorithms.uncapacitated.farthest import farthest_from_all, nearest_to_the_farthest
from models.charging.piles import Charging
from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.max_cover import MaxCover
from models.dispersion import PDispersion
from models.dispersion_within import dispersion_within
from models.flow.refuelling import FlowRefuelling
from models.formulation import Formulation, Rule
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.market.market_share import MarketShare
from models.median.centre_within import centre_within
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.median.p_center import PCenter
from models.median.p_median import PMedian
from models.messages import Message
from models.modular import Modular
from models.plan import Plan
from models.problem import SitingProblem
from models.rules import MinimumUse
from solver.engines.engine import Ask
from solver.inputs.instance import ProgrammeInputs
from solver.optimise.bisection import Ladder, bisect
from solver.optimise.capacitated import CapacitatedReduction
from solver.optimise.covering import narrow_cover
from solver.optimise.pile_rounding import search_charging
from solver.optimise.posed import PosedProgramme, Reduce, Reduced, Search
from solver.optimise.reduction import Reduction
from solver.optimise.rens import search_relaxed
from solver.optimise.supplied import search_supplied, supply_of_modules, supply_of_piles, supply_of_sites
from solver.optimise.tiers import search_tiers, upper_first
from solver.optimise.uncapacitated import UncapacitatedReduction

Rules = tuple[Rule, ...]


@dataclass(frozen=True)
class Method:
    """What there is for a type of model beside its program; each part may be missing.

    `search` is a first plan: model, rules, seconds, seed. `reduce` is a smaller program: model, rules, plan, ask.
    `reduction` is both of them in one, from the problem alone; None where this model has none. `compiled` names the
    compiled code that a model uses (see `solver.optimise.warm`).
    """

    search: Callable[[Any, Rules, float, int], Plan | None] | None = None
    reduce: Callable[[Any, Rules, Plan | None, Ask], Reduced] | None = None
    reduction: Callable[[Any, Rules], Reduction | None] | None = None
    compiled: Callable[[Any], tuple[str | bool, ...]] | None = None
    reduce_searches: bool = False
    """`reduce` finds a first plan by itself: no search goes before it."""
    with_modules: "Method | None" = None
    """The method of this type with modules at its sites."""


def method_of(model: Formulation) -> Method:
    """The method of the model's type; one without anything where the engine does all."""
    if isinstance(model, Modular):
        return method_of(model.inner).with_modules or Method()
    return next((METHODS[kind] for kind in type(model).__mro__ if kind in METHODS), Method())


def search_of(model: Formulation, rules: Rules) -> Search | None:
    """A first plan under some rules by the model's own means; None where it has none."""
    reduction, search = reduction_of(model, rules), method_of(model).search
    if reduction is not None:
        return reduction.search
    return None if search is None else partial(search, model, rules)


def reduction_of(model: Formulation, rules: Rules) -> Reduction | None:
    """How a model finds a first plan and becomes smaller without its program; None where it does not."""
    make = method_of(model).reduction
    return None if make is None else make(model, rules)


def posed(
    inputs: ProgrammeInputs,
    model: Formulation,
    rules: Rules,
    *,
    unit: str,
    problem: SitingProblem | None = None,
    facts: Mapping[str, float | int | str | Message] | None = None,
) -> PosedProgramme:
    """The model under its rules with what helps to solve it."""
    method, reduction = method_of(model), reduction_of(model, rules)
    own: Reduce | None = None if method.reduce is None else partial(method.reduce, model, rules)
    search = method.search
    return PosedProgramme(
        inputs=inputs,
        formulation=model,
        rules=rules,
        unit=unit,
        problem=problem,
        search=None if method.reduce_searches else search_of(model, rules),
        search_under=None if search is None else lambda under: partial(search, model, under),
        reduce=own if reduction is None else reduction.reduce,
        facts=dict(facts or {}),
    )


def _by_annealing(model: MaxCover, rules: Rules, seconds: float, seed: int) -> Plan | None:
    return search_max_cover(model, rules, seconds=seconds, seed=seed)


def _by_interchange(model: MarketShare, rules: Rules, seconds: float, _seed: int) -> Plan | None:
    return search_captured(model, rules, seconds=seconds)


def _by_completion(model: FlowRefuelling, rules: Rules, seconds: float, _seed: int) -> Plan | None:
    return search_refuelled(model, rules, seconds=seconds)


def _nearest_to_the_farthest(model: PCenter, rules: Rules, _seconds: float, _seed: int) -> Plan | None:
    return nearest_to_the_farthest(model, rules)


def _farthest_from_all(model: PDispersion, rules: Rules, _seconds: float, _seed: int) -> Plan | None:
    return farthest_from_all(model, rules)


def _sites_by_supply(model: CapacitatedCover, rules: Rules, seconds: float, seed: int) -> Plan | None:
    return search_supplied(model, supply_of_sites(model), search_relaxed, rules, seconds, seed)


def _modules_by_supply(model: Modular, rules: Rules, seconds: float, seed: int) -> Plan | None:
    if not isinstance(model.inner, CapacitatedCover):
        return None
    return search_supplied(model, supply_of_modules(model, model.inner), search_relaxed, rules, seconds, seed)


def _piles_by_supply(model: Charging, rules: Rules, seconds: float, seed: int) -> Plan | None:
    return search_supplied(model, supply_of_piles(model), search_charging, rules, seconds, seed)


def _centre_between(model: PCenter, rules: Rules, plan: Plan | None, ask: Ask) -> Reduced:
    """`p-center` between the worst travels that are still possible."""
    ladder = Ladder(
        model=model,
        values=model.values,
        between=partial(PCenter, model.problem),
        stage=lambda reach, alone: centre_within(model, reach, numbers_alone=alone),
        search=centre_by_exchange,
    )
    return bisect(ladder, rules, plan, ask)


def _spread_between(model: PDispersion, rules: Rules, plan: Plan | None, ask: Ask) -> Reduced:
    """`p-dispersion` between the least distances that are still possible."""
    ladder = Ladder(
        model=model,
        values=model.values,
        between=partial(PDispersion, model.sites, model.distance, model.unit),
        stage=lambda distance, alone: dispersion_within(model, distance, numbers_alone=alone),
        search=dispersion_by_exchange,
    )
    return bisect(ladder, rules, plan, ask)


def _median(model: PMedian, rules: Rules) -> Reduction:
    return UncapacitatedReduction(PMedian, model.problem, rules)


def _assigned(model: AssignmentMedian, rules: Rules) -> Reduction | None:
    if _some_without_load(model.problem):
        return None
    build = partial(AssignmentMedian, single_source=model.single_source)
    return CapacitatedReduction(build, model.problem, rules, single_source=model.single_source)


def _charged(model: FixedCharge, rules: Rules) -> Reduction | None:
    price, whole = model.price, model.single_source
    build = partial(FixedCharge, price=price, single_source=whole)
    if not has_capacity(model.problem) and not any(isinstance(rule, MinimumUse) for rule in rules):
        return UncapacitatedReduction(build, model.problem, rules, price=price, with_opening=True)
    if _some_without_load(model.problem):
        return None
    return CapacitatedReduction(build, model.problem, rules, price=price, with_opening=True, single_source=whole)


def _some_without_load(problem: SitingProblem) -> bool:
    """Do some places take up nothing? Costs of capacitated models are divided by what they do."""
    return bool((problem.demand.load[problem.demand.weight > 0] <= 0).any())


def has_capacity(problem: SitingProblem) -> bool:
    """Does any site that may open have a limit?"""
    return bool(np.isfinite(problem.sites.capacity[~problem.sites.fixed_closed]).any())


METHODS: dict[type, Method] = {
    MaxCover: Method(search=_by_annealing, reduce=narrow_cover, compiled=lambda model: ("covering", model.backup > 1)),
    CapacitatedCover: Method(search=_sites_by_supply, with_modules=Method(search=_modules_by_supply)),
    PMedian: Method(reduction=_median, compiled=lambda _model: ("nearest",)),
    AssignmentMedian: Method(reduction=_assigned, compiled=lambda model: ("capacitated", model.single_source)),
    FixedCharge: Method(
        reduction=_charged,
        compiled=lambda model: ("capacitated", model.single_source) if has_capacity(model.problem) else ("nearest",),
    ),
    PCenter: Method(search=_nearest_to_the_farthest, reduce=_centre_between),
    PDispersion: Method(search=_farthest_from_all, reduce=_spread_between),
    MarketShare: Method(search=_by_interchange),
    Charging: Method(search=_piles_by_supply),
    FlowRefuelling: Method(search=_by_completion, compiled=lambda _model: ("refuelling",)),
    HierarchicalCoverage: Method(search=search_tiers, reduce=upper_first, reduce_searches=True),
    HierarchicalCost: Method(search=search_tiers, reduce=upper_first, reduce_searches=True),
}
"""Type of model -> its method. A type that is not here is the engine's alone."""
