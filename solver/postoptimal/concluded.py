"""The result of a programme: its checked plan with figures and tables, or the reasons why there is none."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.figures import cost_of, figures_of, unit_costs_of
from models.messages import Message
from models.plan import Plan
from solver.inputs.instance import ProgrammeInputs
from solver.optimise.anytime import SolvedProgramme
from solver.optimise.check import check
from solver.optimise.posed import PosedProgramme
from solver.postoptimal.further import Worth, units_of, with_columns
from solver.postoptimal.sentences import Reasons
from solver.results.result import ProgrammeResult, in_both
from solver.results.tables import allocation_table, demand_table, flow_table, site_table
from solver.study.options import settings_of
from solver.words.speech import CHINESE, ENGLISH


def result_of(
    posed: PosedProgramme, solved: SolvedProgramme, seconds: dict[str, float], reasons: Reasons
) -> ProgrammeResult:
    """The result of a programme, checked (CheckError)."""
    inputs, plan, outcome = posed.inputs, solved.plan, solved.outcome
    programme = inputs.programme
    empty = ProgrammeResult(
        name=inputs.name,
        model=programme.model,
        title=programme.title,
        title_zh=programme.title_zh,
        ended=outcome.ended,
        limit=outcome.limit,
        objective=outcome.objective,
        objective_unit=posed.unit,
        sense=posed.formulation.sense,
        bound=outcome.bound,
        gap=outcome.gap,
        budget=programme.budget,
        cost=None,
        sites=(),
        kept_sites=(),
        units={},
        figures={},
        engine=f"{outcome.engine} {outcome.version}",
        seconds=seconds,
        settings=settings_of(programme),
        reasons=reasons.worded(ENGLISH.paying(inputs.currency)),
        reasons_zh=reasons.worded(CHINESE.paying(inputs.currency)),
        problem_sites=inputs.sites,
        problem_demand=inputs.demand,
    )
    if plan is None:
        return empty
    cost = cost_of(posed.formulation, plan)
    check(posed, solved, cost)
    sites = inputs.sites
    travel = posed.problem.travel if posed.problem else None
    unit = posed.problem.unit if posed.problem else ""
    return replace(
        empty,
        cost=cost,
        sites=_named(sites.ids, plan.open & sites.is_new),
        kept_sites=_named(sites.ids, plan.open & ~sites.is_new),
        units=units_of(sites.ids, plan),
        figures={**_figures(posed, plan), **_facts(posed.facts), **_exclusions(inputs)},
        plan=plan,
        site_table=site_table(inputs, plan, travel, unit_costs_of(posed.formulation)),
        demand_table=None
        if posed.problem is None or travel is None
        else demand_table(inputs, posed.problem.demand, plan, travel, unit),
        allocation_table=allocation_table(inputs, plan, travel, unit),
        flow_table=flow_table(inputs, plan),
    )


def with_worth(result: ProgrammeResult, worth: Worth) -> ProgrammeResult:
    """The result with other plans and what sites are worth."""
    return replace(
        result,
        alternatives_sought=worth.sought,
        alternatives=worth.others,
        marginals=worth.sites,
        site_table=with_columns(result.site_table, worth),
    )


def _named(ids: tuple[str, ...], mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> tuple[str, ...]:
    return tuple(ids[i] for i in np.flatnonzero(mask))


def _figures(posed: PosedProgramme, plan: Plan) -> dict[str, object]:
    return figures_of(posed.formulation, posed.problem, plan).as_json()


def _facts(known: Mapping[str, object]) -> dict[str, object]:
    """What was known before solving; what is said of it stands in both languages, `NAME` and `NAME_zh`."""
    told: dict[str, object] = {}
    for name, value in known.items():
        told |= in_both(name, value) if isinstance(value, Message) else {name: value}
    return told


def _exclusions(inputs: ProgrammeInputs) -> dict[str, object]:
    """How many candidates an exclusion forbids, and why each."""
    if not inputs.programme.exclusion:
        return {}
    return {
        "excluded_sites": len(inputs.excluded),
        "excluded": {site: str(why) for site, why in inputs.excluded.items()},
    }
