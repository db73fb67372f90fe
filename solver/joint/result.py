"""A joint plan as results: one entry for the portfolio, one for every programme in it, all of them checked."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from models.figures import cost_of
from models.formulation import Formulated
from models.messages import Said, say
from models.plan import Plan
from solver.engines.outcome import Outcome
from solver.errors import CheckError
from solver.joint.money import HOW, MILLION, joint_districts, member_figures
from solver.joint.pose import POINTS, PosedPortfolio
from solver.joint.solve import JointSolved
from solver.optimise.anytime import SolvedProgramme
from solver.optimise.posed import PosedProgramme
from solver.postoptimal.sentences import Reasons
from solver.results.result import ProgrammeResult, in_both
from solver.study.options import settings_of
from solver.words.speech import CHINESE, ENGLISH

TOLERANCE = 1e-6
MakeResult = Callable[[PosedProgramme, SolvedProgramme, dict[str, float], Reasons], ProgrammeResult]
"""What makes and checks the result of one programme."""


def joint_results(
    posed: PosedPortfolio, solved: JointSolved, seconds: dict[str, float], reasons: Reasons, make: MakeResult
) -> dict[str, ProgrammeResult]:
    """Name -> result: the portfolio under its own name, its programmes under `portfolio.programme`.

    CheckError where the plans do not hold what they claim together or one by one.
    """
    _check(posed, solved)
    total = {"joint": sum(seconds.values())}
    members = {m.name: _member(posed, solved, m.name, total, make) for m in posed.portfolio.members}
    joint = _portfolio(posed, solved, seconds, reasons, members)
    return {posed.name: joint} | {result.name: result for result in members.values()}


def _check(posed: PosedPortfolio, solved: JointSolved) -> None:
    """What joins the programmes, recomputed from their plans; their own rules are checked with their results."""
    plans, values, outcome = solved.plans, solved.values, solved.outcome
    if plans is None or values is None:
        return
    wrong: list[Said | str] = [
        say("{where} is broken by {amount:.6g}", where=v.where, amount=v.amount)
        for v in solved.joint.program.violations(values, tolerance=1e-5)
    ]
    worth = posed.portfolio.objective_of(plans)
    size = max(1.0, abs(worth))
    if outcome.objective is None or abs(worth - outcome.objective) > TOLERANCE * size:
        wrong.append(
            say(
                "the objective is claimed as {claimed} and is {worth:.10g} when recomputed from the plans",
                claimed=outcome.objective,
                worth=worth,
            )
        )
    if outcome.bound is not None and worth > outcome.bound + TOLERANCE * size:
        wrong.append(
            say("the bound {bound:.10g} is worse than the plans' worth {worth:.10g}", bound=outcome.bound, worth=worth)
        )
    wrong += posed.portfolio.violations(plans, _costs(posed, plans))
    if wrong:
        raise CheckError(
            say(
                "portfolio.{name}   the plan of {engine} does not hold what it claims:",
                name=posed.name,
                engine=outcome.engine,
            ),
            *(say("  {fault}", fault=fault) for fault in wrong[:20]),
            say("  try another engine, and report this"),
        )


def _costs(posed: PosedPortfolio, plans: Mapping[str, Plan]) -> dict[str, float]:
    return {m.name: cost_of(m.formulation, plans[m.name]) for m in posed.portfolio.members}


def _member(
    posed: PosedPortfolio, solved: JointSolved, name: str, seconds: dict[str, float], make: MakeResult
) -> ProgrammeResult:
    """One programme's part of the joint plan. It has no bound of its own: what is proven is proven of the whole."""
    own = posed.posed[name]
    named = replace(own, inputs=replace(own.inputs, name=f"{posed.name}.{name}"))
    whole = Formulated.of(own.formulation, own.rules)
    draft, program = whole.built
    plan = None if solved.plans is None else solved.plans[name]
    values = None
    if plan is not None:
        values = np.zeros(program.n_columns)
        own.formulation.values_of(draft, plan, values)
    claimed = None if values is None else program.objective_at(values)
    outcome = Outcome(
        ended="limit",
        limit="time",
        holds_plan=plan is not None,
        objective=claimed,
        bound=None,
        seconds=solved.outcome.seconds,
        engine=solved.outcome.engine,
        version=solved.outcome.version,
        raw=solved.outcome.raw,
    )
    result = make(named, SolvedProgramme(whole, plan, values, outcome, {}), seconds, Reasons())
    result = replace(result, ended=solved.outcome.ended, limit=solved.outcome.limit)
    if plan is None or values is None:
        return result
    member = next(m for m in posed.portfolio.members if m.name == name)
    price = None if solved.price is None else solved.price / POINTS
    figures = member_figures(member, own, plan, draft, values, price)
    return replace(result, figures={**result.figures, **figures})


def _portfolio(
    posed: PosedPortfolio,
    solved: JointSolved,
    seconds: dict[str, float],
    reasons: Reasons,
    members: Mapping[str, ProgrammeResult],
) -> ProgrammeResult:
    outcome, section = solved.outcome, posed.section
    money = next(iter(posed.posed.values())).inputs.currency
    costs = None if solved.plans is None else _costs(posed, solved.plans)
    return ProgrammeResult(
        name=posed.name,
        model="portfolio",
        title=section.title,
        title_zh=section.title_zh,
        ended=outcome.ended,
        limit=outcome.limit,
        objective=_in_shares(outcome.objective),
        objective_unit="weighted shares of full coverage",
        sense="max",
        bound=_in_shares(outcome.bound),
        gap=outcome.gap,
        budget=section.budget,
        cost=None if costs is None else sum(costs.values()),
        sites=tuple(f"{m}/{site}" for m, result in members.items() for site in result.sites),
        kept_sites=tuple(f"{m}/{site}" for m, result in members.items() for site in result.kept_sites),
        units={},
        figures={} if costs is None else _figures(posed, solved, members, costs),
        engine=f"{outcome.engine} {outcome.version}",
        seconds=seconds,
        settings=settings_of(section),
        reasons=reasons.worded(ENGLISH.paying(money)),
        reasons_zh=reasons.worded(CHINESE.paying(money)),
        ties={} if solved.economy is None else solved.economy.as_json(),
    )


def _in_shares(points: float | None) -> float | None:
    return None if points is None else points / POINTS


def _figures(
    posed: PosedPortfolio, solved: JointSolved, members: Mapping[str, ProgrammeResult], costs: Mapping[str, float]
) -> dict[str, Any]:
    """What the money does: by programme, by district, and what one more million would add to the objective."""
    wanted = (
        "weight",
        "floor_share",
        "share_of_full_value",
        "gained",
        "gained_per_million",
        "one_more_million_gains",
    )
    return {
        "left_over": posed.section.budget - sum(costs.values()),
        "one_more_million_adds": None if solved.price is None else solved.price / POINTS * MILLION,
        **in_both("one_more_million_how", HOW),
        "members": {
            m: {"cost": costs[m], "new_sites": len(result.sites), **{key: result.figures[key] for key in wanted}}
            for m, result in members.items()
        },
        "by_district": joint_districts({m: result.figures for m, result in members.items()}),
    }
