"""From a posed programme to a plan with a proof: search for a plan, bound it, and let the engine close what is left."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.arrays import FloatArray
from models.brief import brief
from models.clock import Clock
from models.formulation import Draft, Formulated, Formulation, known_bound_of
from models.incumbent import relative_gap
from models.messages import Message, say
from models.percent import percent
from models.placed import problem_of
from models.plan import Plan
from models.program import Program
from solver.engines.catalogue import require
from solver.engines.engine import Ask, Engine
from solver.engines.highs import Highs, quick_lp_bound, solve_linear
from solver.engines.outcome import Answer, Outcome
from solver.engines.rowprices import bound_by_prices
from solver.errors import CheckError
from solver.events import Tell
from solver.optimise.methods import reduction_of
from solver.optimise.posed import PosedProgramme, Reduced, StoppedWith
from solver.optimise.reduced import better, run_reduced, values_of
from solver.optimise.trivial import strongest, tightest, trivial_bound

ROUNDING = 1e-6
"""Relative error that engines make in a bound."""

TIE = 1e-9
"""Relative gap below which plan and bound differ by the rounding of their sums."""

FAR = 10.0
"""Relative gap from which on a start is worth next to nothing."""

SEARCHING, SEARCHING_S = 0.5, 0.5
"""Share of the time for the model's own search, and seconds for it at least: any plan is better than none."""

BOUNDING, ROUGHLY, ROUGHLY_S = 0.5, 0.2, 20.0
"""Shares of the time left for the relaxation, and for a rougher bound where that is too slow, and seconds at most."""

REDUCING = 0.8
"""Share of the time left for a model that narrows itself: it knows its problem better than an engine does."""

PAIR_S = 1e-6
"""Building a program takes about so long for every pair of a place and a site, s."""
LATE, BUILDING = 0.1, 0.5
"""Share of the limit from which on building waits for a first plan; share of what is left that it may take then."""

SERVING, SERVING_S = 0.05, 1.0
"""Share of the limit kept for serving all that a plan in hand can serve, and seconds that this may take at least."""


@brief
@dataclass(frozen=True, eq=False)
class SolvedProgramme:
    """What was solved, the plan in hand, how it ended, and where the seconds went.

    A plan without `values` (n_columns,) is one of a limit that was too short to build the program.
    """

    whole: Formulated
    plan: Plan | None
    values: FloatArray | None
    outcome: Outcome
    seconds: dict[str, float]

    @property
    def draft(self) -> Draft:
        """What the formulation put into the program; built where it was not yet."""
        return self.whole.built[0]

    @property
    def program(self) -> Program:
        """The whole program; built where it was not yet."""
        return self.whole.built[1]


def optimise(posed: PosedProgramme, engine: Engine, ask: Ask, *, search_s: float, tell: Tell) -> SolvedProgramme:
    """The best plan within the time limit, which counts from here, and the best bound known for it.

    A plan of the model's own search whose value is within the asked gap of a linear bound is proven without
    branching; otherwise it is the engine's start, and the tighter of both bounds counts.
    """
    clock = Clock.of(ask.time_limit_s)
    held = Formulated.of(posed.formulation, posed.rules)
    if posed.apart is not None:
        taken_apart = _by_parts(posed, posed.apart, held, engine, ask, clock, tell)
        if taken_apart is not None:
            return taken_apart
    late = posed.search is not None and building_s(held) >= LATE * ask.time_limit_s
    early = _before_the_program(posed, held, engine, ask, search_s, clock, tell) if late else None
    if isinstance(early, SolvedProgramme):
        return early
    tell("formulate", say("formulating"))
    began = clock.spent
    draft, program = held.built
    require(engine, program)
    seconds = {"formulate": clock.spent - began}
    tell("formulate", _size(program))
    whole, stages = (draft, program), clock.without(SERVING if draft.load_terms is not None else 0.0)
    try:
        plan = early if late else _searched(posed, _searching_s(search_s, stages), ask.seed, tell)
        start = values_of(posed.formulation, draft, program, plan)
        answer = _solved(posed, whole, engine, replace(ask, start=start), stages, tell)
    except StoppedWith as stop:
        kept = values_of(posed.formulation, draft, program, stop.plan)
        if kept is None:
            raise
        answer = Answer(kept, _ended("interrupted", program, kept, None, engine, clock.spent))
    answer = _at_its_worth(posed.formulation, whole, answer, ask.gap, clock)
    seconds["solve"] = clock.spent - seconds["formulate"]
    plan = None if answer.values is None else posed.formulation.read_plan(draft, answer.values)
    return SolvedProgramme(held, plan, answer.values, answer.outcome, seconds)


def _before_the_program(
    posed: PosedProgramme, whole: Formulated, engine: Engine, ask: Ask, search_s: float, clock: Clock, tell: Tell
) -> SolvedProgramme | Plan | None:
    """The first plan where building the program takes much of the time; all there is where it takes too much.

    Then the model's own reduction, which needs no program, betters the plan and bounds it.
    """
    model, bound, stopped, plan = posed.formulation, None, False, None
    try:
        plan = _searched(posed, _searching_s(search_s, clock), ask.seed, tell)
        if plan is None or building_s(whole) < BUILDING * clock.left():
            return plan
        if posed.reduce is not None and reduction_of(model, posed.rules) is not None and not clock.over:
            tell("solve", say("bounding the plan; the time is too short for the whole program"))
            reduced = posed.reduce(plan, replace(ask, time_limit_s=clock.some(REDUCING)))
            plan, bound = reduced.plan or plan, reduced.bound
    except KeyboardInterrupt as stop:
        if isinstance(stop, StoppedWith):
            plan, bound = stop.plan, stop.bound
        if plan is None:
            raise
        stopped = True
    why = "the model's own plan and bound: the time was too short for the whole program"
    return _without_program(whole, plan, bound, engine, ask.gap, clock, stopped=stopped, raw=why)


def _by_parts(
    posed: PosedProgramme,
    apart: Callable[[Ask, str], Reduced],
    whole: Formulated,
    engine: Engine,
    ask: Ask,
    clock: Clock,
    tell: Tell,
) -> SolvedProgramme | None:
    """The plan and the bound that the districts give; None where they give no plan: then the whole may."""
    tell("solve", say("solving district by district"))
    stopped = False
    try:
        found = apart(ask, engine.name)
    except StoppedWith as stop:
        found, stopped = Reduced(posed.formulation, stop.plan, stop.bound), True
    if found.plan is None:
        return None
    raw = "solved district by district under common prices"
    return _without_program(whole, found.plan, found.bound, engine, ask.gap, clock, stopped=stopped, raw=raw)


def _without_program(
    whole: Formulated,
    plan: Plan,
    bound: float | None,
    engine: Engine,
    gap: float,
    clock: Clock,
    *,
    stopped: bool,
    raw: str,
) -> SolvedProgramme:
    """A plan and its bound where the whole program was never built."""
    model = whole.model
    objective = model.objective_of(plan)
    bound = strongest(model.sense, bound, known_bound_of(model))
    reached = relative_gap(objective, bound)
    proven = reached is not None and reached <= max(gap, TIE)
    outcome = Outcome(
        ended="interrupted" if stopped else "proven" if proven else "limit",
        limit=None if stopped or proven else "time",
        holds_plan=True,
        objective=objective,
        bound=bound,
        seconds=clock.spent,
        engine=engine.name,
        version=engine.version(),
        raw=raw,
    )
    return SolvedProgramme(whole, plan, None, outcome, {"formulate": 0.0, "solve": clock.spent})


def building_s(whole: Formulated) -> float:
    """About how long the program takes to build, s; 0 where it is built."""
    problem = None if whole.is_built else problem_of(whole.model)
    return 0.0 if problem is None else PAIR_S * problem.travel.nnz


def _searching_s(search_s: float, clock: Clock) -> float:
    return min(search_s, max(SEARCHING_S, clock.left(SEARCHING)))


def _at_its_worth(model: Formulation, whole: tuple[Draft, Program], answer: Answer, gap: float, clock: Clock) -> Answer:
    """The answer with all that its open sites give, and with no bound beyond what anybody can see.

    A plan in hand at a limit may leave some of what is open unused: who is served is settled exactly.
    """
    draft, program = whole
    if answer.outcome.ended in ("infeasible", "unbounded"):
        return answer
    values = answer.values
    if values is not None:
        values = better(program, values, values_of(model, draft, program, model.read_plan(draft, values)))
    if answer.outcome.ended == "proven":
        return best_known(program, answer, values, None, gap)
    if values is not None and draft.load_terms is not None:
        values = better(program, values, _served(program, values, max(SERVING_S, clock.left())))
    known = best_known(program, answer, values, trivial_bound(model, draft, program), gap)
    if answer.outcome.ended == "interrupted" and known.outcome.ended == "proven":  # whoever asks next must hear of it
        return replace(known, outcome=replace(known.outcome, ended="interrupted"))
    return known


def _served(program: Program, values: FloatArray, seconds: float) -> FloatArray | None:
    """The best values with whole columns as they are: what is open serves all it can."""
    fixed = program.with_held(np.flatnonzero(program.integer), np.round(values[program.integer])).relaxed()
    return solve_linear(fixed, time_limit_s=seconds)


def _solved(
    posed: PosedProgramme, whole: tuple[Draft, Program], engine: Engine, ask: Ask, clock: Clock, tell: Tell
) -> Answer:
    """From the first plan, `ask.start`, to the answer, by the model's own reduction where it has one."""
    if clock.over and ask.start is not None:
        return Answer(ask.start, _ended("limit", whole[1], ask.start, None, engine, clock.spent))
    if posed.reduce is None:
        return _closed(whole[1], engine, ask, ask.start, clock, tell)
    return _reduced(posed, whole, engine, ask, clock, tell)


def _closed(program: Program, engine: Engine, ask: Ask, start: FloatArray | None, clock: Clock, tell: Tell) -> Answer:
    """The start with its bound where that is proof enough, else what the engine makes of it.

    Ctrl-C keeps the start, also where the engine cannot be stopped in good order.
    """
    bound: float | None = None
    try:
        if start is not None:
            tell("solve", say("first plan {worth:,.6g}; bounding it", worth=program.objective_at(start)))
            bound = _linear_bound(program, program.objective_at(start), replace(ask, time_limit_s=clock.some()))
        gap = relative_gap(None if start is None else program.objective_at(start), bound)
        if start is not None and gap is not None and gap <= ask.gap:
            return Answer(start, _search_outcome(program, start, bound, engine, clock.spent))
        if start is not None and clock.over:
            return Answer(start, _ended("limit", program, start, bound, engine, clock.spent))
        tell("solve", _from(say("solving with {engine}", engine=engine.name), gap))
        answer = engine.run(program, replace(ask, start=start, time_limit_s=clock.some()))
    except KeyboardInterrupt:
        if start is None:
            raise
        return Answer(start, _ended("interrupted", program, start, bound, engine, clock.spent))
    return best_known(program, answer, start, bound, ask.gap)


def _size(program: Program) -> Message:
    size = {"columns": program.n_columns, "rows": program.n_rows, "coefficients": program.matrix.nnz}
    return say("{columns:,} columns, {rows:,} rows, {coefficients:,} coefficients", **size)


def _from(text: Message, gap: float | None) -> Message:
    """What is done, and the gap that an engine starts from where there is one that says something."""
    if gap is None or gap >= FAR:
        return text
    return say("{work} from a gap of {gap}", work=text, gap=percent(gap, 2))


def _linear_bound(program: Program, worth: float, ask: Ask) -> float | None:
    """The bound of the relaxation, or a rougher one where the time is too short for that; None where there is none."""
    linear = quick_lp_bound(program, time_limit_s=BOUNDING * ask.time_limit_s, threads=ask.threads)
    if linear is None:
        linear = bound_by_prices(program, worth, seconds=min(ROUGHLY_S, ROUGHLY * ask.time_limit_s))
    return None if linear is None else linear.bound


def _reduced(
    posed: PosedProgramme, whole: tuple[Draft, Program], engine: Engine, ask: Ask, clock: Clock, tell: Tell
) -> Answer:
    """As `_closed`, by the model's own reduction: its plan and bound, then the engine on what is left."""
    draft, program = whole
    start, bound = ask.start, None
    try:
        tell("solve", say("narrowing the model down"))
        plan = None if start is None else posed.formulation.read_plan(draft, start)
        assert posed.reduce is not None
        reduced = posed.reduce(plan, replace(ask, time_limit_s=clock.some(REDUCING)))
        found = values_of(posed.formulation, draft, program, reduced.plan)
        start, bound = better(program, start, found), reduced.bound
        gap = relative_gap(None if start is None else program.objective_at(start), bound)
        if start is not None and gap is not None and gap <= (max(ask.gap, TIE) if ask.gap >= 0 else ask.gap):
            return Answer(start, _search_outcome(program, start, bound, engine, clock.spent))
        if start is not None and clock.over:
            return Answer(start, _ended("limit", program, start, bound, engine, clock.spent))
        tell("solve", _from(say("solving what is left with {engine}", engine=engine.name), gap))
        answer = run_reduced(posed, whole, reduced, engine, replace(ask, start=start), clock)
    except KeyboardInterrupt as stop:
        if isinstance(stop, StoppedWith):
            start, bound = better(program, start, values_of(posed.formulation, draft, program, stop.plan)), stop.bound
        if start is None:
            raise
        return Answer(start, _ended("interrupted", program, start, bound, engine, clock.spent))
    return best_known(program, answer, start, bound, ask.gap)


def _searched(posed: PosedProgramme, seconds: float, seed: int, tell: Tell) -> Plan | None:
    """The plan that the model's own search finds, None where it has or finds none."""
    if posed.search is None or seconds <= 0:
        return None
    tell("search", say("searching for a first plan"))
    return posed.search(seconds, seed)


def _search_outcome(
    program: Program, start: FloatArray, bound: float | None, engine: Engine, seconds: float
) -> Outcome:
    return Outcome(
        ended="proven",
        holds_plan=True,
        objective=program.objective_at(start),
        bound=bound,
        seconds=seconds,
        engine=Highs.name if engine.name == Highs.name else f"{Highs.name} (bound), {engine.name} not needed",
        version=engine.version(),
        raw="plan by search within the asked gap of a bound",
    )


def _ended(
    ended: Literal["limit", "interrupted"],
    program: Program,
    start: FloatArray,
    bound: float | None,
    engine: Engine,
    seconds: float,
) -> Outcome:
    """The first plan, with no time left for more."""
    return Outcome(
        ended=ended,
        limit="time" if ended == "limit" else None,
        holds_plan=True,
        objective=program.objective_at(start),
        bound=bound,
        seconds=seconds,
        engine=engine.name,
        version=engine.version(),
        raw="the first plan, kept at Ctrl-C" if ended == "interrupted" else "the first plan, at the limit",
    )


def best_known(program: Program, answer: Answer, start: FloatArray | None, bound: float | None, gap: float) -> Answer:
    """The better of two plans under the tighter of two bounds."""
    outcome = answer.outcome
    if outcome.ended in {"infeasible", "unbounded"}:
        return answer
    sign = 1.0 if program.sense == "max" else -1.0
    values = answer.values
    if start is not None and (
        values is None
        or sign * (program.objective_at(start) - program.objective_at(values)) > TIE * abs(program.objective_at(values))
    ):
        values = start
    best_bound = tightest(program, bound, outcome.bound)
    if values is None:
        return Answer(None, replace(outcome, bound=best_bound))
    objective = program.objective_at(values)
    if best_bound is not None and sign * (objective - best_bound) > 0:
        if sign * (objective - best_bound) > ROUNDING * max(1.0, abs(objective)):
            raise CheckError(
                say(
                    "the plan in hand is worth {objective:.10g}, beyond the bound {best_bound:.10g} of "
                    "{engine}; one of them is wrong: run again with another engine and report it",
                    objective=objective,
                    best_bound=best_bound,
                    engine=outcome.engine,
                )
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
