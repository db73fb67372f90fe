"""After the plan: other plans that are nearly as good, and what each site is worth, where the study asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from models.arrays import FloatArray
from models.figures import cost_of, figures_of
from models.messages import say
from models.percent import percent
from models.plan import Plan
from solver.engines.conclude import best, improvement
from solver.engines.engine import Ask, Engine
from solver.engines.outcome import Answer
from solver.events import Tell
from solver.optimise.anytime import SolvedProgramme, best_known
from solver.optimise.check import check
from solver.optimise.posed import PosedProgramme
from solver.postoptimal.alternatives import Alternative, Alternatives, AlternativesOptions, alternatives, around
from solver.postoptimal.marginals import Marginals, MarginalValue, marginals
from solver.results.result import AlternativesSearch, Marginal, OtherPlan, SearchEnded
from solver.study import schema

COLUMNS = ("in_alternatives", "lost_at_least", "lost_at_most")
"""Columns that this adds to the table of sites."""


@dataclass(frozen=True)
class FurtherOptions:
    """What is wanted after the plan, and the seconds for it; None where it is not wanted."""

    alternatives: AlternativesOptions | None
    alternatives_s: float
    marginals_s: float | None

    def __bool__(self) -> bool:
        return self.alternatives is not None or self.marginals_s is not None


@dataclass(frozen=True)
class Worth:
    """What was found after the plan."""

    sought: AlternativesSearch | None = None
    others: tuple[OtherPlan, ...] = ()
    sites: Mapping[str, Marginal] = field(default_factory=dict)


def asked_of(programme: schema.Programme, time_limit_s: float) -> FurtherOptions:
    """What the study asks; `time_limit_s` is the programme's, which each part takes for its own."""
    section, turned = programme.alternatives, programme.marginals
    return FurtherOptions(
        alternatives=None if section is None else AlternativesOptions(section.count, section.within, section.method),
        alternatives_s=time_limit_s if section is None else section.time_limit_s or time_limit_s,
        marginals_s=None if turned is None else turned.time_limit_s or time_limit_s,
    )


def look_further(
    posed: PosedProgramme, solved: SolvedProgramme, engine: Engine, ask: Ask, asked: FurtherOptions, tell: Tell
) -> tuple[SolvedProgramme, Worth]:
    """Other plans and the worth of sites. A better plan that comes up on the way takes the place of the one in hand.

    Every other plan is checked as the plan itself is (CheckError). Ctrl-C keeps what was found until then.
    """
    if solved.values is None or solved.outcome.ended == "interrupted" or not asked:
        return solved, Worth()
    found, stopped = None, False
    if asked.alternatives is not None:
        ask_others = replace(ask, time_limit_s=asked.alternatives_s, start=None)
        found = _alternatives(solved, solved.values, engine, ask_others, asked.alternatives, tell)
        solved = _adopting(posed, solved, found.plans, ask)
        stopped = found.interrupted
    turned: dict[str, Marginal] = {}
    if asked.marginals_s is not None and not stopped and solved.values is not None:
        given = solved.values
        told = _marginals(solved, given, engine, replace(ask, time_limit_s=asked.marginals_s, start=None), tell)
        if told.better is not None:
            solved = _with_plan(posed, solved, told.better, ask)
        turned = _site_worths(posed, solved, given, told)
    if found is None or asked.alternatives is None or solved.values is None:
        return solved, Worth(sites=turned)
    kept = around(solved.program, solved.draft.open.index, solved.values, found.plans, asked.alternatives)
    others = tuple(_other_plan(posed, solved, plan) for plan in kept)
    return solved, Worth(_sought(asked.alternatives, found, len(others)), others, turned)


def with_columns(table: pd.DataFrame | None, worth: Worth) -> pd.DataFrame | None:
    """The table of sites with the share of other plans that open each, and what turning its decision round costs."""
    if table is None or worth == Worth():
        return table
    table = table.drop(columns=[name for name in COLUMNS if name in table.columns])
    ids, place = table["site_id"], table.columns.get_loc("open") + 1
    if worth.sites:
        for name in ("lost_at_most", "lost_at_least"):
            values = [getattr(worth.sites.get(site), name, None) for site in ids]
            table.insert(place, name, pd.Series(values, index=table.index, dtype=np.float64))
    if worth.others:
        count = ids.map(lambda site: sum(site in other.sites or site in other.kept_sites for other in worth.others))
        table.insert(place, "in_alternatives", count / len(worth.others))
    return table


def _alternatives(
    solved: SolvedProgramme, values: FloatArray, engine: Engine, ask: Ask, wanted: AlternativesOptions, tell: Tell
) -> Alternatives:
    text = say("other plans that lose at most {share}", share=percent(wanted.within, 2))
    tell("alternatives", text, 0.0)
    number = 0

    def on_found(plan: Alternative) -> None:
        nonlocal number
        number += 1
        loses = percent(max(plan.loss, 0.0), 2)
        values = {"number": number, "count": wanted.count, "loses": loses, "n": plan.distance}
        said = say("other plan {number} of {count} loses {loses}, differs by {n} sites", **values)
        tell("alternatives", said, number / wanted.count)

    return alternatives(solved.program, solved.draft.open.index, values, engine, ask, wanted, on_found)


def _marginals(solved: SolvedProgramme, values: FloatArray, engine: Engine, ask: Ask, tell: Tell) -> Marginals:
    text = say("what each site is worth")
    tell("marginals", text, 0.0)
    return marginals(
        solved.program,
        solved.draft.open.index,
        values,
        solved.outcome.bound,
        engine,
        ask,
        lambda _site, done: tell("marginals", text, done),
    )


def _adopting(
    posed: PosedProgramme, solved: SolvedProgramme, plans: Sequence[Alternative], ask: Ask
) -> SolvedProgramme:
    """The best of the plans as the one in hand."""
    better = best(solved.program, *(plan.values for plan in plans))
    return solved if better is None or better is plans[0].values else _with_plan(posed, solved, better, ask)


def _with_plan(posed: PosedProgramme, solved: SolvedProgramme, values: FloatArray, ask: Ask) -> SolvedProgramme:
    answer = best_known(solved.program, Answer(solved.values, solved.outcome), values, None, ask.gap)
    plan = None if answer.values is None else posed.formulation.read_plan(solved.draft, answer.values)
    return replace(solved, plan=plan, values=answer.values, outcome=answer.outcome)


def _sought(wanted: AlternativesOptions, found: Alternatives, count: int) -> AlternativesSearch:
    ended: SearchEnded = "limit"
    if count >= wanted.count:
        ended = "complete"
    elif found.exhausted:
        ended = "exhausted"
    elif found.interrupted:
        ended = "interrupted"
    return AlternativesSearch(wanted.count, wanted.within, ended)


def _other_plan(posed: PosedProgramme, solved: SolvedProgramme, found: Alternative) -> OtherPlan:
    """A plan in the study's words, checked like the best one."""
    formulation, draft = posed.formulation, solved.draft
    plan = formulation.read_plan(draft, found.values)
    values = np.zeros(solved.program.n_columns)
    formulation.values_of(draft, plan, values)  # what the sites really are worth, also where time ran out for it
    if solved.program.violations(values):
        values = found.values
    objective = solved.program.objective_at(values)
    cost = cost_of(formulation, plan)
    outcome = replace(solved.outcome, objective=objective)
    check(posed, replace(solved, plan=plan, values=values, outcome=outcome), cost)
    sites, in_hand = formulation.sites, np.zeros(len(plan.open), bool) if solved.plan is None else solved.plan.open
    first = 0.0 if solved.outcome.objective is None else solved.outcome.objective
    return OtherPlan(
        sites=_named(sites.ids, plan.open & sites.is_new),
        kept_sites=_named(sites.ids, plan.open & ~sites.is_new),
        opens=_named(sites.ids, plan.open & ~in_hand),
        leaves_out=_named(sites.ids, ~plan.open & in_hand),
        units=units_of(sites.ids, plan),
        objective=objective,
        lost_share=max(0.0, improvement(solved.program, first, objective) / max(abs(first), 1e-9)),
        differs_by=found.distance,
        differs_by_at_most=found.distance_bound,
        cost=cost,
        figures={**figures_of(formulation, posed.problem, plan).as_json(), **posed.facts},
    )


def _site_worths(
    posed: PosedProgramme, solved: SolvedProgramme, given: FloatArray, told: Marginals
) -> dict[str, Marginal]:
    """Site -> what it is worth, around the plan in hand; `given` is the plan that the marginals began with.

    Where a better plan decides otherwise about a site, the given plan is one with the decision turned round.
    """
    program, outcome = solved.program, solved.outcome
    most = None if outcome.bound is None else max(0.0, improvement(program, outcome.bound, program.objective_at(given)))
    is_open = None if solved.values is None else solved.draft.open.of(solved.values) > 0.5
    found = {}
    for entry in told.sites:
        chosen = entry.chosen if is_open is None else bool(is_open[entry.site])
        turned = Marginal(chosen, 0.0, most, False, False) if chosen != entry.chosen else _site_worth(entry)
        found[posed.formulation.sites.ids[entry.site]] = turned
    return found


def _site_worth(entry: MarginalValue) -> Marginal:
    return Marginal(entry.chosen, entry.at_least, entry.at_most, entry.impossible, entry.basis == "solved")


def _named(ids: tuple[str, ...], mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> tuple[str, ...]:
    return tuple(ids[i] for i in np.flatnonzero(mask))


def units_of(ids: tuple[str, ...], plan: Plan) -> dict[str, dict[str, int]]:
    """Site -> kind -> number, only where a site holds units."""
    return {
        site: {kind: int(count[i]) for kind, count in plan.units.items() if count[i]}
        for i, site in enumerate(ids)
        if any(count[i] for count in plan.units.values())
    }
