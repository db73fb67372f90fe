"""From a posed programme to a plan with a proof: search for a plan, bound it, and let the engine close what is left."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from models.arrays import FloatArray
from models.formulation import Draft, Formulation, formulate
from models.plan import Plan
from models.program import Program
from solver.engines.catalogue import require
from solver.engines.engine import Ask, Engine
from solver.engines.highs import lp_bound
from solver.engines.outcome import Answer, Outcome, relative_gap
from solver.engines.rowprices import bound_by_prices
from solver.errors import CheckError
from solver.narrowing import better, run_narrowed, values_of
from solver.pose.posed import Posed, StoppedWith

ROUNDING = 1e-6
"""Relative error that engines make in a bound."""

TIE = 1e-9
"""Relative gap below which plan and bound differ by the rounding of their sums."""

FAR = 10.0
"""Relative gap from which on a start is worth next to nothing."""

BOUNDING, ROUGHLY, ROUGHLY_S = 0.5, 0.2, 20.0
"""Shares of the time left for the relaxation, and for a rougher bound where that is too slow, and seconds at most."""

NARROWING = 0.8
"""Share of the time for a model that narrows itself: it knows its problem better than an engine does."""

Say = Callable[[str, str], None]
"""Told the stage and a text as the work goes on."""


@dataclass(frozen=True, eq=False)
class Solved:
    """Draft and program as they were solved, the plan in hand, how it ended, and where the seconds went."""

    draft: Draft
    program: Program
    plan: Plan | None
    values: FloatArray | None
    outcome: Outcome
    seconds: dict[str, float]


def optimise(posed: Posed, engine: Engine, ask: Ask, *, search_s: float, say: Say) -> Solved:
    """The best plan within the time limit and the best bound known for it.

    A plan of the model's own search whose value is within the asked gap of a linear bound is proven without
    branching; otherwise it is the engine's start, and the tighter of both bounds counts.
    """
    began = time.perf_counter()
    say("formulate", "formulating")
    draft, program = formulate(posed.formulation, posed.rules)
    require(engine, program)
    seconds = {"formulate": time.perf_counter() - began}
    say("formulate", f"{program.n_columns:,} columns, {program.n_rows:,} rows, {program.matrix.nnz:,} coefficients")
    started = time.perf_counter()
    try:
        start = _searched(posed, draft, program, min(search_s, 0.5 * ask.time_limit_s), ask.seed, say)
        answer = _solved(posed, (draft, program), engine, replace(ask, start=start), started, say)
    except StoppedWith as stop:
        kept = values_of(posed.formulation, draft, program, stop.plan)
        if kept is None:
            raise
        answer = Answer(kept, _interrupted(program, kept, None, engine, time.perf_counter() - started))
    answer = _at_its_worth(posed.formulation, draft, program, answer, ask.gap)
    seconds["solve"] = time.perf_counter() - started
    plan = None if answer.values is None else posed.formulation.read_plan(draft, answer.values)
    return Solved(draft, program, plan, answer.values, answer.outcome, seconds)


def _at_its_worth(model: Formulation, draft: Draft, program: Program, answer: Answer, gap: float) -> Answer:
    """The answer with all that its open sites give: a plan in hand at a limit may leave some of it unused.

    A model may know a bound of every plan by itself (`known_bound`), which counts where the engine has none so good.
    """
    known: float | None = getattr(model, "known_bound", None)
    full = None
    if answer.values is not None:
        full = values_of(model, draft, program, model.read_plan(draft, answer.values))
    return best_known(program, answer, full, known, gap)


def _solved(posed: Posed, whole: tuple[Draft, Program], engine: Engine, ask: Ask, started: float, say: Say) -> Answer:
    """From the first plan, `ask.start`, to the answer, by the model's own reduction where it has one."""
    if posed.narrow is None:
        return _closed(whole[1], engine, ask, ask.start, started, say)
    return _narrowed(posed, whole, engine, ask, started, say)


def _closed(program: Program, engine: Engine, ask: Ask, start: FloatArray | None, started: float, say: Say) -> Answer:
    """The start with its bound where that is proof enough, else what the engine makes of it.

    Ctrl-C keeps the start, also where the engine cannot be stopped in good order.
    """
    bound: float | None = None
    try:
        if start is not None:
            say("solve", f"first plan {program.objective_at(start):,.6g}; bounding it")
            left = max(1.0, ask.time_limit_s - (time.perf_counter() - started))
            bound = _linear_bound(program, program.objective_at(start), replace(ask, time_limit_s=left))
        gap = relative_gap(None if start is None else program.objective_at(start), bound)
        if start is not None and gap is not None and gap <= ask.gap:
            return Answer(start, _search_outcome(program, start, bound, engine, time.perf_counter() - started))
        say("solve", f"solving with {engine.name}{_from(gap)}")
        left = max(1.0, ask.time_limit_s - (time.perf_counter() - started))
        answer = engine.run(program, replace(ask, start=start, time_limit_s=left))
    except KeyboardInterrupt:
        if start is None:
            raise
        return Answer(start, _interrupted(program, start, bound, engine, time.perf_counter() - started))
    return best_known(program, answer, start, bound, ask.gap)


def _from(gap: float | None) -> str:
    """The gap that an engine starts from, where there is one that says something."""
    return "" if gap is None or gap >= FAR else f" from a gap of {gap:.2%}"


def _linear_bound(program: Program, worth: float, ask: Ask) -> float | None:
    """The bound of the relaxation, or a rougher one where the time is too short for that; None where there is none."""
    linear = lp_bound(program, time_limit_s=BOUNDING * ask.time_limit_s, threads=ask.threads)
    if linear is None:
        linear = bound_by_prices(program, worth, seconds=min(ROUGHLY_S, ROUGHLY * ask.time_limit_s))
    return None if linear is None else linear.bound


def _narrowed(posed: Posed, whole: tuple[Draft, Program], engine: Engine, ask: Ask, started: float, say: Say) -> Answer:
    """As `_closed`, by the model's own reduction: its plan and bound, then the engine on what is left."""
    draft, program = whole
    start, bound = ask.start, None
    try:
        say("solve", "narrowing the model down")
        plan = None if start is None else posed.formulation.read_plan(draft, start)
        assert posed.narrow is not None
        narrowed = posed.narrow(plan, replace(ask, time_limit_s=NARROWING * ask.time_limit_s))
        found = values_of(posed.formulation, draft, program, narrowed.plan)
        start, bound = better(program, start, found), narrowed.bound
        gap = relative_gap(None if start is None else program.objective_at(start), bound)
        if start is not None and gap is not None and gap <= max(ask.gap, TIE):
            return Answer(start, _search_outcome(program, start, bound, engine, time.perf_counter() - started))
        say("solve", f"solving what is left with {engine.name}{_from(gap)}")
        left = max(1.0, ask.time_limit_s - (time.perf_counter() - started))
        answer = run_narrowed(posed, whole, narrowed, engine, replace(ask, start=start, time_limit_s=left))
    except KeyboardInterrupt as stop:
        if isinstance(stop, StoppedWith):
            start, bound = better(program, start, values_of(posed.formulation, draft, program, stop.plan)), stop.bound
        if start is None:
            raise
        return Answer(start, _interrupted(program, start, bound, engine, time.perf_counter() - started))
    return best_known(program, answer, start, bound, ask.gap)


def _searched(posed: Posed, draft: Draft, program: Program, seconds: float, seed: int, say: Say) -> FloatArray | None:
    """Column values of the plan that the model's own search finds, None where it has or finds none."""
    if posed.search is None or seconds <= 0:
        return None
    say("search", "searching for a first plan")
    return values_of(posed.formulation, draft, program, posed.search(seconds, seed))


def _search_outcome(
    program: Program, start: FloatArray, bound: float | None, engine: Engine, seconds: float
) -> Outcome:
    return Outcome(
        ended="proven",
        holds_plan=True,
        objective=program.objective_at(start),
        bound=bound,
        seconds=seconds,
        engine="highs" if engine.name == "highs" else f"highs (bound), {engine.name} not needed",
        version=engine.version(),
        raw="plan by search within the asked gap of a bound",
    )


def _interrupted(program: Program, start: FloatArray, bound: float | None, engine: Engine, seconds: float) -> Outcome:
    return Outcome(
        ended="interrupted",
        holds_plan=True,
        objective=program.objective_at(start),
        bound=bound,
        seconds=seconds,
        engine=engine.name,
        version=engine.version(),
        raw="the first plan, kept at Ctrl-C",
    )


def best_known(program: Program, answer: Answer, start: FloatArray | None, bound: float | None, gap: float) -> Answer:
    """The better of two plans under the tighter of two bounds."""
    outcome = answer.outcome
    if outcome.ended in {"infeasible", "unbounded"}:
        return answer
    sign = 1.0 if program.sense == "max" else -1.0
    values = answer.values
    if start is not None and (
        values is None or sign * program.objective_at(start) > sign * program.objective_at(values) + 1e-9
    ):
        values = start
    bounds = [b for b in (bound, outcome.bound) if b is not None]
    best_bound = None if not bounds else min(bounds) if program.sense == "max" else max(bounds)
    if values is None:
        return Answer(None, replace(outcome, bound=best_bound))
    objective = program.objective_at(values)
    if best_bound is not None and sign * (objective - best_bound) > 0:
        if sign * (objective - best_bound) > ROUNDING * max(1.0, abs(objective)):
            raise CheckError(
                f"the plan in hand is worth {objective:.10g}, beyond the bound {best_bound:.10g} of {outcome.engine}; "
                "one of them is wrong: run again with another engine and report it"
            )
        best_bound = objective
    known_gap = relative_gap(objective, best_bound)
    proven = outcome.ended == "proven" or (known_gap is not None and known_gap <= gap)
    return Answer(
        values,
        replace(
            outcome,
            ended="proven" if proven else outcome.ended,
            limit=None if proven else outcome.limit,
            holds_plan=True,
            objective=objective,
            bound=best_bound,
        ),
    )
