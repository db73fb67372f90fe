"""From a posed portfolio to a joint plan with a proof: price the money, split it, plan, and close what is left."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from models.arrays import FloatArray
from models.plan import Plan
from models.portfolio import JointProgram, cost_of_drafts
from models.prices import Cluster, clusters_of
from solver.engines.catalogue import require
from solver.engines.engine import Ask, Engine
from solver.engines.outcome import Outcome, relative_gap
from solver.errors import CheckError
from solver.joint.improve import InHand, improved
from solver.joint.plans import Turn, plans_under_split
from solver.joint.pose import JointPosed
from solver.joint.price import Priced, search_price

PRICE_SHARE, PLAN_SHARE = 0.4, 0.7
"""Shares of the time that pricing, and of what is left then, that the first plans may take."""
WHOLE = 4000
"""Columns up to which an engine is given the whole program at once."""
ROUNDING = 1e-6

Say = Callable[[str, str], None]


@dataclass(frozen=True, eq=False)
class JointSolved:
    """The joint program as it was solved, the plans in hand, how it ended, and the price of money.

    `price` is what one more CNY adds to the program's objective by the linear relaxation, None where it is unknown.
    """

    joint: JointProgram
    plans: Mapping[str, Plan] | None
    values: FloatArray | None
    outcome: Outcome
    price: float | None
    seconds: dict[str, float]


def optimise_jointly(posed: JointPosed, engine: Engine, ask: Ask, *, search_s: float, say: Say) -> JointSolved:
    """The best joint plan within the time limit and the best bound known for it."""
    began = time.monotonic()
    until = began + ask.time_limit_s
    say("formulate", "formulating")
    joint = posed.portfolio.formulate()
    program = joint.program
    require(engine, program)
    clusters = clusters_of(joint, posed.portfolio.links)
    say("formulate", f"{program.n_columns:,} columns, {program.n_rows:,} rows in {len(clusters)} parts")
    seconds = {"formulate": time.monotonic() - began}
    since = time.monotonic()
    say("price", "looking for the price of money that splits the budget")
    priced = search_price(joint, clusters, seconds=PRICE_SHARE * ask.time_limit_s, within=0.1 * ask.gap + 1e-9)
    seconds["price"] = time.monotonic() - since
    since = time.monotonic()
    values = None
    if priced is not None and program.n_columns > WHOLE:
        parts = _parts(posed, joint, priced.values)
        left = PLAN_SHARE * (until - time.monotonic())
        turn = Turn(engine, replace(ask, time_limit_s=max(left, 1.0), gap=0.5 * ask.gap), search_s, say)
        values = _values(posed, joint, plans_under_split(posed, parts, turn))
    values, bound, last = _closed(joint, clusters, priced, values, engine, ask, until, say)
    outcome = _outcome(joint, values, bound, last, engine, ask, time.monotonic() - began)
    seconds["solve"] = time.monotonic() - since
    plans = None if values is None else posed.portfolio.read_plans(joint.drafts, values)
    return JointSolved(joint, plans, values, outcome, None if priced is None else priced.price, seconds)


def _parts(posed: JointPosed, joint: JointProgram, values: FloatArray) -> dict[str, float]:
    """Each programme's money: what it spends in the relaxation, and its share of what is not spent there."""
    spent = {name: max(0.0, cost) for name, cost in cost_of_drafts(joint.drafts, values).items()}
    total = sum(spent.values())
    if total <= 0:
        return {name: posed.section.budget_cny / len(spent) for name in spent}
    return {name: posed.section.budget_cny * cost / total for name, cost in spent.items()}


def _values(posed: JointPosed, joint: JointProgram, plans: Mapping[str, Plan] | None) -> FloatArray | None:
    """The plans as values of the joint program, None where they are no joint plan."""
    if plans is None:
        return None
    values = posed.portfolio.values_of(joint.drafts, plans, joint.program.n_columns)
    return None if joint.program.violations(values) else values


def _closed(
    joint: JointProgram,
    clusters: tuple[Cluster, ...],
    priced: Priced | None,
    values: FloatArray | None,
    engine: Engine,
    ask: Ask,
    until: float,
    say: Say,
) -> tuple[FloatArray | None, float | None, Outcome | None]:
    """Better values and a better bound, by parts and as a whole, and how the engine's run on the whole ended."""
    program = joint.program
    bound = None if priced is None else priced.bound
    if values is not None and priced is not None:
        hand = InHand(values, priced.price, priced.bound_of)
        if not _within(program.objective_at(values), bound, ask.gap):
            say("solve", f"closing a gap of {relative_gap(program.objective_at(values), bound):.2%} by parts")
            hand = improved(
                joint, clusters, hand, engine, replace(ask, time_limit_s=max(1.0, until - time.monotonic()))
            )
        values, bound = hand.values, min(hand.bound(joint), priced.bound)
    if values is not None and _within(program.objective_at(values), bound, ask.gap):
        return values, bound, None
    left = until - time.monotonic()
    if left < 1.0 and values is not None:
        return values, bound, None
    say("solve", "solving all of it with " + engine.name)
    answer = engine.run(program, replace(ask, start=values, time_limit_s=max(1.0, left)))
    outcome = answer.outcome
    bounds = [b for b in (bound, outcome.bound) if b is not None]
    if answer.values is not None and (
        values is None or program.objective_at(answer.values) > program.objective_at(values)
    ):
        values = answer.values
    return values, min(bounds) if bounds else None, outcome


def _within(objective: float, bound: float | None, gap: float) -> bool:
    known = relative_gap(objective, bound)
    return known is not None and known <= gap


def _outcome(
    joint: JointProgram,
    values: FloatArray | None,
    bound: float | None,
    last: Outcome | None,
    engine: Engine,
    ask: Ask,
    seconds: float,
) -> Outcome:
    """How it ended, from what is in hand and proven; CheckError where a plan is worth more than its bound."""
    objective = None if values is None else joint.program.objective_at(values)
    if objective is not None and bound is not None and objective > bound:
        if objective - bound > ROUNDING * max(1.0, abs(objective)):
            raise CheckError(
                f"the joint plan is worth {objective:.10g}, beyond its bound {bound:.10g}; one of them is wrong: run "
                "again with another engine and report it"
            )
        bound = objective
    stopped = Outcome(
        ended="limit",
        limit="time",
        holds_plan=objective is not None,
        objective=objective,
        bound=bound,
        seconds=seconds,
        engine=engine.name,
        version=engine.version(),
        raw="" if last is None else last.raw,
    )
    if objective is None:
        if last is not None and last.ended in {"infeasible", "unbounded", "failed", "interrupted"}:
            return replace(stopped, ended=last.ended, limit=None, bound=None)
        return stopped
    if _within(objective, bound, ask.gap) or (last is not None and last.ended == "proven"):
        return replace(stopped, ended="proven", limit=None, raw="plan within the asked gap of the bound")
    if last is not None and last.ended in {"interrupted", "failed"}:
        return replace(stopped, ended=last.ended, limit=None)
    return stopped
