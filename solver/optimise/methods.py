"""A model's own way to a first plan and to a smaller program, whether a study names the model or Python does."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from models.algorithms.covering.annealing import search_max_cover
from models.algorithms.hierarchy.relax_and_fix import relax_and_fix
from models.algorithms.market.interchange import search_captured
from models.algorithms.uncapacitated.farthest import farthest_from_all, nearest_to_the_farthest
from models.arrays import FloatArray
from models.charging.piles import Charging
from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.max_cover import MaxCover
from models.dispersion import PDispersion
from models.formulation import Formulated, Formulation, Rule
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.market.market_share import MarketShare
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.median.p_center import PCenter
from models.median.p_median import PMedian
from models.modular import Modular
from models.plan import Plan
from models.problem import SitingProblem
from models.program import Program
from models.rules import MinimumUse
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.interrupt import run_or_stop
from solver.inputs.instance import ProgrammeInputs
from solver.optimise.benders import upper_first
from solver.optimise.bisection import bisect
from solver.optimise.capacitated import CapacitatedReduction
from solver.optimise.pile_rounding import search_charging
from solver.optimise.posed import PosedProgramme, Reduce, Reduced, Search
from solver.optimise.rens import search_relaxed
from solver.optimise.supplied import search_under
from solver.optimise.uncapacitated import UncapacitatedReduction


def posed(
    inputs: ProgrammeInputs,
    model: Formulation,
    rules: tuple[Rule, ...],
    *,
    unit: str,
    problem: SitingProblem | None = None,
    facts: Mapping[str, float | int | str] | None = None,
) -> PosedProgramme:
    """The model under its rules with what helps to solve it."""
    under, reduce, reduction = _search_under(model), _reduce(model, rules), reduction_of(model, rules)
    upper = isinstance(model, HierarchicalCoverage | HierarchicalCost)
    search = None if upper else search_of(model, rules)  # tiers are searched while they are reduced
    if reduction is not None:
        search, reduce = reduction.search, reduction.reduce
    return PosedProgramme(
        inputs=inputs,
        formulation=model,
        rules=rules,
        unit=unit,
        problem=problem,
        search=search,
        search_under=under,
        reduce=reduce,
        facts=dict(facts or {}),
    )


def search_of(model: Formulation, rules: tuple[Rule, ...]) -> Search | None:
    """A first plan under some rules by the model's own means; None where it has none."""
    reduction, under = reduction_of(model, rules), _search_under(model)
    if reduction is not None:
        return reduction.search
    return None if under is None else under(rules)


def _search_under(model: Formulation) -> Callable[[tuple[Rule, ...]], Search] | None:
    """A first plan by the model's own means, under any rules; None where it has none."""
    if isinstance(model, MaxCover):
        return partial(partial, _covered, model)
    if isinstance(model, Charging):
        return partial(search_under, model, partial(search_charging, model))
    if isinstance(model, CapacitatedCover) or (
        isinstance(model, Modular) and isinstance(model.inner, CapacitatedCover)
    ):
        return partial(search_under, model, partial(search_relaxed, model))
    if isinstance(model, MarketShare):
        return partial(partial, _captured, model)
    if isinstance(model, HierarchicalCoverage | HierarchicalCost):
        return partial(partial, _tier_by_tier, model)
    if isinstance(model, PCenter | PDispersion):
        return partial(partial, _farthest_next, model)
    return None


def _reduce(model: Formulation, rules: tuple[Rule, ...]) -> Reduce | None:
    """A smaller program by the model's own means, None where it has none."""
    if isinstance(model, PCenter):
        return partial(_centre_between, model, rules)
    if isinstance(model, PDispersion):
        return partial(_spread_between, model, rules)
    if isinstance(model, HierarchicalCoverage | HierarchicalCost):
        return partial(upper_first, model, rules)
    return None


def reduction_of(model: Formulation, rules: tuple[Rule, ...]) -> UncapacitatedReduction | CapacitatedReduction | None:
    """How a median model finds a first plan and becomes smaller; None for any other model."""
    if isinstance(model, PMedian):
        return UncapacitatedReduction(PMedian, model.problem, rules)
    if isinstance(model, AssignmentMedian):
        if _some_without_load(model.problem):
            return None
        build = partial(AssignmentMedian, single_source=model.single_source)
        return CapacitatedReduction(build, model.problem, rules, single_source=model.single_source)
    if not isinstance(model, FixedCharge):
        return None
    price, whole = model.price, model.single_source
    priced = partial(FixedCharge, price=price, single_source=whole)
    if has_capacity(model.problem) or any(isinstance(rule, MinimumUse) for rule in rules):
        if _some_without_load(model.problem):
            return None
        return CapacitatedReduction(priced, model.problem, rules, price=price, with_opening=True, single_source=whole)
    return UncapacitatedReduction(priced, model.problem, rules, price=price, with_opening=True)


def _covered(model: MaxCover, rules: tuple[Rule, ...], seconds: float, seed: int) -> Plan | None:
    return search_max_cover(model, rules, seconds=seconds, seed=seed)


def _farthest_next(model: PCenter | PDispersion, rules: tuple[Rule, ...], _seconds: float, _seed: int) -> Plan | None:
    """A first plan; neither time nor chance has a part in it."""
    return nearest_to_the_farthest(model, rules) if isinstance(model, PCenter) else farthest_from_all(model, rules)


def _captured(model: MarketShare, rules: tuple[Rule, ...], seconds: float, _seed: int) -> Plan | None:
    """A first plan; chance has no part in it."""
    return search_captured(model, rules, seconds=seconds)


def _centre_between(formulation: PCenter, rules: tuple[Rule, ...], plan: Plan | None, ask: Ask) -> Reduced:
    """`p-center` between the worst travels that are still possible."""
    between = partial(PCenter, formulation.problem)
    return bisect(between, formulation.values, rules, plan, ask, smallest=True)


def _spread_between(formulation: PDispersion, rules: tuple[Rule, ...], plan: Plan | None, ask: Ask) -> Reduced:
    """`p-dispersion` between the least distances that are still possible."""
    between = partial(PDispersion, formulation.sites, formulation.distance, formulation.unit)
    return bisect(between, formulation.values, rules, plan, ask, smallest=False)


def _tier_by_tier(
    model: HierarchicalCoverage | HierarchicalCost, rules: tuple[Rule, ...], seconds: float, seed: int
) -> Plan | None:
    """A plan tier by tier, each stage solved by HiGHS."""
    draft, program = Formulated.of(model, rules).built

    def solve(stage: Program, limit_s: float, gap: float) -> FloatArray | None:
        return run_or_stop(Highs(), stage, Ask(time_limit_s=limit_s, gap=gap, seed=seed)).values

    values = relax_and_fix(draft, program, model.problem.tier, solve, seconds=seconds)
    if values is None:
        return None
    whole = np.where(program.integer, np.round(values), values)
    return model.read_plan(draft, whole)


def _some_without_load(problem: SitingProblem) -> bool:
    """Do some places take up nothing? CapacitatedCosts are divided by there."""
    return bool((problem.demand.load[problem.demand.weight > 0] <= 0).any())


def has_capacity(problem: SitingProblem) -> bool:
    """Does any site that may open have a limit?"""
    return bool(np.isfinite(problem.sites.capacity[~problem.sites.fixed_closed]).any())
