"""From a posed portfolio to a joint plan with a proof: price the money, split it, plan, and close what is left."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.arrays import FloatArray
from models.clock import Clock
from models.incumbent import relative_gap
from models.messages import say
from models.percent import percent
from models.plan import Plan
from models.portfolio import JointProgram, cost_of_drafts
from models.prices import Cluster, clusters_of
from solver.economy.joint import JointWork
from solver.economy.settle import SHARE, Economy
from solver.engines.catalogue import require
from solver.engines.conclude import best
from solver.engines.engine import Ask, Engine
from solver.engines.outcome import Outcome
from solver.errors import CheckError
from solver.events import Tell
from solver.joint.improve import InHand, improve
from solver.joint.plans import Turn, plans_under_split
from solver.joint.pose import PosedPortfolio
from solver.joint.price import Priced, search_price
from solver.optimise.trivial import joint_trivial_bound, tightest

PRICE_SHARE, PLAN_SHARE = 0.4, 0.7
"""Shares of the time that pricing, and of what is left then, that the first plans may take."""
WHOLE = 4000
"""Columns up to which an engine is given the whole program at once."""
ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class JointSolved:
    """The joint program as it was solved, the plans in hand, how it ended, and the price of money.

    `price` is what one more unit of money adds to the program's objective by the linear relaxation, None if unknown.
    """

    joint: JointProgram
    plans: Mapping[str, Plan] | None
    values: FloatArray | None
    outcome: Outcome
    price: float | None
    seconds: dict[str, float]
    economy: Economy | None = None


@dataclass(eq=False)
class _Found:
    """What is in hand while the search goes on, so that Ctrl-C loses none of it.

    `values` (n_columns,) of a joint plan, a bound on every plan, the price with its bound, how the engine's run on
    the whole program ended.
    """

    values: FloatArray | None = None
    bound: float | None = None
    priced: Priced | None = None
    last: Outcome | None = None
    interrupted: bool = False


@dataclass(frozen=True, eq=False)
class _Run:
    """What every step of one run needs."""

    joint: JointProgram
    clusters: tuple[Cluster, ...]
    engine: Engine
    ask: Ask
    clock: Clock
    tell: Tell

    def left(self, share: float = 1.0) -> float:
        """Seconds of a share of what is left, a moment at least."""
        return self.clock.some(share)

    def is_proven(self, found: _Found) -> bool:
        """Is the plan in hand within the asked gap of the bound?"""
        return found.values is not None and _within(
            self.joint.program.objective_at(found.values), found.bound, self.ask.gap
        )


def optimise_jointly(posed: PosedPortfolio, engine: Engine, ask: Ask, *, search_s: float, tell: Tell) -> JointSolved:
    """The best joint plan within the time limit and the best bound known for it. Ctrl-C keeps what is in hand."""
    clock = Clock.of(ask.time_limit_s)
    tell("formulate", say("formulating"))
    joint = posed.joint
    require(engine, joint.program)
    clusters = clusters_of(joint, posed.portfolio.links)
    run = _Run(joint, clusters, engine, ask, clock.without(SHARE), tell)
    seconds = {"formulate": clock.spent}
    found = _Found()
    try:
        _look(posed, run, search_s, found, seconds)
    except KeyboardInterrupt:
        found.interrupted = True
    if not run.is_proven(found):
        found.bound = tightest(joint.program, found.bound, joint_trivial_bound(posed.portfolio, joint))
    plans, economy = None, None
    if found.values is not None:
        plans, economy = _settled(posed, run, found, seconds, clock)
    outcome = _outcome(run, found, clock.spent)
    price = None if found.priced is None else found.priced.price
    return JointSolved(joint, plans, found.values, outcome, price, seconds, economy)


def _settled(
    posed: PosedPortfolio, run: _Run, found: _Found, seconds: dict[str, float], clock: Clock
) -> tuple[Mapping[str, Plan], Economy | None]:
    """The thriftiest plans that are as good as those in hand; `found` has their values."""
    assert found.values is not None
    rest = clock.part(1.0, SHARE * run.ask.time_limit_s)
    run.tell("settle", say("of equally good plans the thriftiest"))
    plans = posed.portfolio.read_plans(run.joint.drafts, found.values)
    work = JointWork(posed.portfolio, run.joint, run.ask.seed, rest.end)
    try:
        work.run(plans, found.values)
    except KeyboardInterrupt:
        found.interrupted, work.exact = True, False
    seconds["settle"] = rest.spent
    values = work.values(work.plans)
    if values is None:
        return plans, None
    found.values = values
    return work.plans, work.economy(plans)


def _look(posed: PosedPortfolio, run: _Run, search_s: float, found: _Found, seconds: dict[str, float]) -> None:
    """Price the money, plan under the split that the price makes, and close what is left; `found` has it all."""
    joint, program = run.joint, run.joint.program
    size = {"columns": program.n_columns, "rows": program.n_rows, "parts": len(run.clusters)}
    run.tell("formulate", say("{columns:,} columns, {rows:,} rows in {parts} parts", **size))
    since = time.monotonic()
    run.tell("price", say("looking for the price of money that splits the budget"))
    priced = search_price(joint, run.clusters, seconds=run.left(PRICE_SHARE), within=0.1 * run.ask.gap + 1e-9)
    found.priced, found.bound = priced, None if priced is None else priced.bound
    seconds["price"] = time.monotonic() - since
    since = time.monotonic()
    try:
        if priced is not None and program.n_columns > WHOLE:
            parts = _parts(posed, joint, priced.values)
            shorter = replace(run.ask, time_limit_s=run.left(PLAN_SHARE), gap=0.5 * run.ask.gap)
            split = plans_under_split(posed, parts, Turn(run.engine, shorter, search_s, run.tell))
            found.values = _values(posed, joint, split.plans)
            if split.interrupted:
                raise KeyboardInterrupt
        _close(run, found)
    finally:
        seconds["solve"] = time.monotonic() - since


def _parts(posed: PosedPortfolio, joint: JointProgram, values: FloatArray) -> dict[str, float]:
    """Each programme's money: what it spends in the relaxation, and its share of what is not spent there."""
    spent = {name: max(0.0, cost) for name, cost in cost_of_drafts(joint.drafts, values).items()}
    total = sum(spent.values())
    if total <= 0:
        return {name: posed.section.budget / len(spent) for name in spent}
    return {name: posed.section.budget * cost / total for name, cost in spent.items()}


def _values(posed: PosedPortfolio, joint: JointProgram, plans: Mapping[str, Plan] | None) -> FloatArray | None:
    """The plans as values of the joint program, None where they are no joint plan."""
    if plans is None:
        return None
    values = posed.portfolio.values_of(joint.drafts, plans, joint.program.n_columns)
    return None if joint.program.violations(values) else values


def _close(run: _Run, found: _Found) -> None:
    """Better values and a better bound, by parts and as a whole."""
    program = run.joint.program
    if found.values is not None and found.priced is not None and not run.is_proven(found):
        gap = relative_gap(program.objective_at(found.values), found.bound)
        run.tell("solve", say("closing a gap of {gap} by parts", gap=percent(gap or 0.0, 2)))

        def keep(hand: InHand) -> None:
            found.values = hand.values
            found.bound = min(b for b in (found.bound, hand.bound(run.joint)) if b is not None)

        hand = InHand(found.values, found.priced.price, found.priced.bound_of)
        improve(run.joint, run.clusters, hand, run.engine, replace(run.ask, time_limit_s=run.left()), keep)
    if found.values is not None and (run.is_proven(found) or run.clock.over):
        return
    run.tell("solve", say("solving all of it with {engine}", engine=run.engine.name))
    answer = run.engine.run(program, replace(run.ask, start=found.values, time_limit_s=run.left()))
    found.last = answer.outcome
    found.bound = min((b for b in (found.bound, answer.outcome.bound) if b is not None), default=None)
    found.values = best(program, found.values, answer.values)


def _within(objective: float, bound: float | None, gap: float) -> bool:
    known = relative_gap(objective, bound)
    return known is not None and known <= gap


def _outcome(run: _Run, found: _Found, seconds: float) -> Outcome:
    """How it ended, from what is in hand and proven; CheckError where a plan is worth more than its bound."""
    last, bound = found.last, found.bound
    objective = None if found.values is None else run.joint.program.objective_at(found.values)
    if objective is not None and bound is not None and objective > bound:
        if objective - bound > ROUNDING * max(1.0, abs(objective)):
            raise CheckError(
                say(
                    "the joint plan is worth {objective:.10g}, beyond its bound {bound:.10g}; one of them is "
                    "wrong: run again with another engine and report it",
                    objective=objective,
                    bound=bound,
                )
            )
        bound = objective
    stopped = Outcome(
        ended="limit",
        limit="time",
        holds_plan=objective is not None,
        objective=objective,
        bound=bound,
        seconds=seconds,
        engine=run.engine.name,
        version=run.engine.version(),
        raw="" if last is None else last.raw,
    )
    if objective is None and last is not None and last.ended in {"infeasible", "unbounded", "failed"}:
        return replace(stopped, ended=last.ended, limit=None, bound=None)
    if objective is not None and (run.is_proven(found) or (last is not None and last.ended == "proven")):
        return replace(stopped, ended="proven", limit=None, raw="plan within the asked gap of the bound")
    if found.interrupted or (last is not None and last.ended == "interrupted"):
        return replace(stopped, ended="interrupted", limit=None, raw="what was in hand, kept at Ctrl-C")
    if last is not None and last.ended == "failed":
        return replace(stopped, ended="failed", limit=None)
    return stopped
