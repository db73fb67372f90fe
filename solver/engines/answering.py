"""From a program to an answer, the same for every engine: scaled, run, unscaled, and looked at again where it failed.

What an engine says may not hold together: its tolerances are absolute, and a plan within them may, rounded and computed
anew, be worth more than its bound or less than was asked. Then the linear relaxation, whose bound is safe from
rounding, may prove the plan; else the program is solved once more with the strictest tolerances there are.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from models.arrays import FloatArray
from models.program import Program
from solver.engines.conclude import Report, conclude, without_search
from solver.engines.engine import Ask
from solver.engines.outcome import Answer
from solver.engines.scaling import Scaled, scaled

Solve = Callable[[Program, Ask], Report]
REFIT_S, REFIT_SHARE = 1.0, 0.03
"""Time for making a rounded plan whole again, beyond the limit if need be."""


class Named(Protocol):
    """What of an engine is told."""

    name: str

    def version(self) -> str:
        """Version of the library behind it."""
        ...


class Refit(Protocol):
    """Values of an optimum of a linear program; None where none is found in time."""

    def __call__(self, program: Program, *, time_limit_s: float) -> FloatArray | None: ...


def answered(
    engine: Named, program: Program, ask: Ask, solve: Solve, *, refit: Refit, strictly: Solve, scale: bool = True
) -> Answer:
    """The answer of one run of `solve`, and of `strictly` where that does not hold together.

    `scale`: in numbers that suit absolute tolerances. The time limit counts from here.
    """
    began = time.monotonic()
    form = scaled(program) if scale else Scaled.same(program)
    report = without_search(program) or form.back(solve(form.program, form.ask(ask)))
    concluded = partial(_concluded, engine, program, ask, refit=refit, began=began)
    answer = concluded(report)
    left = ask.time_limit_s - (time.monotonic() - began)
    if answer.outcome.ended != "failed" or left <= 0:
        return answer
    start = answer.values if answer.values is not None else ask.start
    suited = scaled(program)
    again = suited.back(strictly(suited.program, suited.ask(replace(ask, time_limit_s=left, start=start))))
    second = concluded(replace(again, raw=f"{answer.outcome.raw}; once more: {again.raw}"))
    return answer if second.outcome.ended == "failed" and second.values is None else second


def _concluded(engine: Named, program: Program, ask: Ask, report: Report, *, refit: Refit, began: float) -> Answer:
    return conclude(
        program,
        ask,
        report,
        engine=engine.name,
        version=engine.version(),
        seconds=time.monotonic() - began,
        refit=partial(refit, time_limit_s=max(REFIT_S, REFIT_SHARE * ask.time_limit_s)),
    )
