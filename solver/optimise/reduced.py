"""Solving a programme by a smaller program of the same optimum, and answering for the whole one."""

import time
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.clock import Clock
from models.errors import ProblemError
from models.formulation import Draft, Formulation, formulate
from models.plan import Plan
from models.program import Program
from solver.engines.engine import Ask, Engine
from solver.engines.outcome import Answer, Outcome
from solver.optimise.posed import PosedProgramme, Reduced


def values_of(model: Formulation, draft: Draft, program: Program, plan: Plan | None) -> FloatArray | None:
    """Column values (n_columns,) of a plan; None where there is none or it breaks a row."""
    if plan is None:
        return None
    values = np.zeros(program.n_columns)
    model.values_of(draft, plan, values)
    return values if not program.violations(values) else None


def better(program: Program, first: FloatArray | None, second: FloatArray | None) -> FloatArray | None:
    """The values of higher worth; the first where they are even."""
    if first is None or second is None:
        return second if first is None else first
    sign = 1.0 if program.sense == "max" else -1.0
    return second if sign * program.objective_at(second) > sign * program.objective_at(first) else first


def run_reduced(
    posed: PosedProgramme, whole: tuple[Draft, Program], reduced: Reduced, engine: Engine, ask: Ask, clock: Clock
) -> Answer:
    """The engine's answer to what is left, in the columns of the whole program and with a bound that holds for it.

    `ask.start` is a plan of the whole program; where nothing better is left, it comes back as proven.
    """
    draft, program = whole
    began = time.perf_counter()
    start = ask.start
    try:
        small_draft, small = formulate(reduced.formulation, posed.rules)
    except ProblemError:
        if start is None:
            raise
        return Answer(start, nothing_better(program, start, engine, time.perf_counter() - began))
    plan = None if start is None else posed.formulation.read_plan(draft, start)
    begin = values_of(reduced.formulation, small_draft, small, plan)
    answer = engine.run(small, replace(ask, start=begin, time_limit_s=clock.some()))
    outcome = answer.outcome
    if outcome.ended == "infeasible" and start is not None:
        return Answer(start, nothing_better(program, start, engine, outcome.seconds))
    values = None
    if answer.values is not None:
        values = values_of(posed.formulation, draft, program, reduced.formulation.read_plan(small_draft, answer.values))
    values = better(program, start, values)
    if values is None:
        ended = "failed" if outcome.holds_plan else outcome.ended
        limit = None if ended == "failed" else outcome.limit
        return Answer(None, replace(outcome, ended=ended, limit=limit, holds_plan=False, objective=None))
    objective = program.objective_at(values)
    bound = outcome.bound
    if bound is not None:
        bound = min(bound, objective) if program.sense == "min" else max(bound, objective)
    return Answer(values, replace(outcome, holds_plan=True, objective=objective, bound=bound))


def nothing_better(program: Program, start: FloatArray, engine: Engine, seconds: float) -> Outcome:
    """The plan in hand is proven: the reduction, or the engine, leaves no better one."""
    worth = program.objective_at(start)
    return Outcome(
        ended="proven",
        holds_plan=True,
        objective=worth,
        bound=worth,
        seconds=seconds,
        engine=engine.name,
        version=engine.version(),
        raw="nothing better than the plan in hand is left",
    )
