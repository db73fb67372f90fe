"""From what an engine says to what may be claimed: every plan is rounded, recomputed and compared with its bound."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.program import Program
from solver.engines.engine import Ask
from solver.engines.outcome import Answer, Ended, Limit, Outcome

CLAIM_TOLERANCE = 1e-6
"""Relative difference of two objective values that is rounding noise (the feasibility tolerance of the engines)."""
ABSOLUTE_TOLERANCE = 1e-9
ROW_TOLERANCE = 1e-6

Refit = Callable[[Program], FloatArray | None]
"""Solves a program whose integer columns are fixed; None where it has no solution."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """What an engine says about a run. `bound` includes the program's offset; None where it is not known."""

    ended: Ended
    values: FloatArray | None
    bound: float | None
    raw: str
    limit: Limit | None = None


def without_search(program: Program) -> Report | None:
    """The end of a program that needs no engine: contradicting bounds or rows, or no columns at all."""
    lower, upper = whole_bounds(program)
    if np.any(lower > upper) or np.any(program.row_lower > program.row_upper):
        return Report(ended="infeasible", values=None, bound=None, raw="a lower bound is above its upper bound")
    empty = np.diff(program.matrix.indptr) == 0
    if np.any(program.row_lower[empty] > ROW_TOLERANCE) or np.any(program.row_upper[empty] < -ROW_TOLERANCE):
        return Report(ended="infeasible", values=None, bound=None, raw="a row without columns excludes zero")
    if program.n_columns:
        return None
    return Report(ended="proven", values=np.empty(0), bound=program.offset, raw="no columns")


def whole_bounds(program: Program) -> tuple[FloatArray, FloatArray]:
    """Column bounds (n_columns,) with those of integer columns moved to whole numbers."""
    lower = np.where(program.integer, np.ceil(program.lower - CLAIM_TOLERANCE), program.lower)
    upper = np.where(program.integer, np.floor(program.upper + CLAIM_TOLERANCE), program.upper)
    return lower, upper


def may_grow(program: Program) -> bool:
    """Has a column no bound on the side that the objective likes?"""
    towards = program.objective if program.sense == "max" else -program.objective
    return bool(np.any(((towards > 0) & np.isposinf(program.upper)) | ((towards < 0) & np.isneginf(program.lower))))


def cleaned(program: Program, values: FloatArray | None, refit: Refit) -> FloatArray | None:
    """`values` with whole integers and inside their bounds; None where that is no plan.

    Where rounding breaks a row, the integers are fixed and the continuous columns found anew by `refit`.
    """
    if values is None or len(values) != program.n_columns or not np.isfinite(values).all():
        return None
    lower, upper = whole_bounds(program)
    tidy = np.clip(np.where(program.integer, np.round(values), values), lower, upper) + 0.0  # no negative zeros
    if not program.violations(tidy):
        return tidy
    if not program.integer.any() or program.integer.all():
        return None
    fixed = program.with_bounds(
        lower=np.where(program.integer, tidy, program.lower), upper=np.where(program.integer, tidy, program.upper)
    )
    found = refit(fixed.relaxed())
    if found is None:
        return None
    tidy = np.clip(np.where(program.integer, tidy, found), lower, upper) + 0.0
    return None if program.violations(tidy) else tidy


def improvement(program: Program, objective: float, than: float) -> float:
    """By how much `objective` is better than another value, in the program's sense."""
    return objective - than if program.sense == "max" else than - objective


def conclude(
    program: Program, ask: Ask, report: Report, *, engine: str, version: str, seconds: float, refit: Refit
) -> Answer:
    """The answer that the report and the plan recomputed together allow."""
    start = cleaned(program, ask.start, refit)
    values = best(program, cleaned(program, report.values, refit), start)
    objective = None if values is None else program.objective_at(values)
    report = _checked(program, ask, report, objective, has_start=start is not None)
    if report.ended in ("infeasible", "unbounded"):
        values = objective = None
    outcome = Outcome(
        ended=report.ended,
        holds_plan=values is not None,
        objective=objective,
        bound=report.bound,
        seconds=seconds,
        engine=engine,
        version=version,
        raw=report.raw,
        limit=report.limit,
    )
    return Answer(values, outcome)


def best(program: Program, *plans: FloatArray | None) -> FloatArray | None:
    """The plan of best objective; the first of equals."""
    found: FloatArray | None = None
    for plan in plans:
        if plan is None:
            continue
        if found is None or improvement(program, program.objective_at(plan), program.objective_at(found)) > 0:
            found = plan
    return found


def within(objective: float, bound: float, gap: float) -> bool:
    """Is a plan within a relative gap of its bound, up to rounding noise?"""
    return abs(objective - bound) <= max((gap + CLAIM_TOLERANCE) * abs(objective), ABSOLUTE_TOLERANCE)


def _checked(program: Program, ask: Ask, report: Report, objective: float | None, *, has_start: bool) -> Report:
    bound = report.bound if report.bound is not None and np.isfinite(report.bound) else None
    report = replace(report, bound=bound)
    if report.ended in ("infeasible", "unbounded"):
        report = replace(report, bound=None)
    if report.ended == "infeasible":
        return _failed(report, "called infeasible, but the start is a plan") if has_start else report
    if report.ended == "unbounded":
        return report
    if objective is None:
        return _failed(report, "no plan that holds was found") if report.ended == "proven" else report
    if bound is not None:
        excess = improvement(program, objective, bound)
        if excess > max(CLAIM_TOLERANCE * abs(objective), ABSOLUTE_TOLERANCE):
            return replace(
                _failed(report, f"the plan, {objective:.9g}, is better than the bound, {bound:.9g}"), bound=None
            )
        bound = objective if excess > 0 else bound
        report = replace(report, bound=bound)
        if report.ended != "failed" and within(objective, bound, ask.gap):
            return replace(report, ended="proven", limit=None)
    if report.ended == "proven":
        return _failed(report, f"the plan is worth {objective:.9g}, not within the asked gap of the bound {bound}")
    return report


def _failed(report: Report, why: str) -> Report:
    return replace(report, ended="failed", limit=None, raw=f"{report.raw}: {why}")
