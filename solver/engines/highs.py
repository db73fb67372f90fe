"""HiGHS through arrays (Huangfu & Hall 2018, Parallelizing the dual revised simplex method, Math. Prog. Comp. 10)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from types import MappingProxyType
from typing import Any, Literal

import highspy
import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, IntArray, Sparse
from models.messages import say
from models.program import Program
from solver.engines.answering import answered
from solver.engines.conclude import Report, within, without_search
from solver.engines.engine import Ask, Features, Progress
from solver.engines.interrupt import Abandoned, Stoppable
from solver.engines.outcome import Answer, Ended, Limit
from solver.engines.safebound import LpBound, safe_bound
from solver.engines.scaling import scaled
from solver.errors import EngineError

STATUS: dict[str, tuple[Ended, Limit | None]] = {
    "kOptimal": ("proven", None),
    "kInfeasible": ("infeasible", None),
    "kUnbounded": ("unbounded", None),
    "kTimeLimit": ("limit", "time"),
    "kMemoryLimit": ("limit", "memory"),
    "kIterationLimit": ("limit", "iterations"),
    "kSolutionLimit": ("limit", "nodes"),
    "kInterrupt": ("interrupted", None),
    "kHighsInterrupt": ("interrupted", None),
}
"""HiGHS' model status -> ours; one that is not here is `failed`."""

PROGRESS_EVERY_S = 0.3
SEEDS = 2**31 - 1
BROKEN = 1e-4
ROUNDS = 20
MOVED = 2e-4
AGAIN = 1.0
"""Rows are added as long as a round moves the relaxation's worth by more than the first part of it, and as long as all
further rounds take no longer than the first, times the second."""
STRICT = {
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "mip_feasibility_tolerance": 1e-9,
}
METHODS: dict[str, dict[str, str | float]] = {
    "ipm": {"solver": "ipm", "run_crossover": "off"},
    "simplex": {"solver": "simplex"},
    "strict": dict(STRICT),
}
"""Way to the linear relaxation -> options of HiGHS."""
SIMPLEX_FIRST = 0.3
"""Share of the time that the simplex method is given before interior point."""
IMPROVED = int(highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution)
STOPPABLE = ("kCallbackMipInterrupt", "kCallbackSimplexInterrupt", "kCallbackIpmInterrupt")


class Highs:
    """Linear and mixed-integer programs, warm start, bound, progress, Ctrl-C."""

    name = "highs"
    features = Features(warm_start=True, progress=True, interrupt=True)

    def version(self) -> str:
        """Version of highspy."""
        return metadata.version("highspy")

    def run(self, program: Program, ask: Ask) -> Answer:
        """Solve; see `Engine.run`."""
        return answered(self, program, ask, _report, refit=solve_linear, strictly=solve_strictly)


def solve_linear(program: Program, *, time_limit_s: float = 60.0) -> FloatArray | None:
    """Values of an optimum of a linear program; None where HiGHS finds none in time."""
    if without_search(program) is not None:
        return None
    form = scaled(program)
    report = form.back(_report(form.program, Ask(time_limit_s=time_limit_s)))
    return report.values if report.ended == "proven" else None


def solve_strictly(program: Program, ask: Ask) -> Report:
    """The start where the relaxation's safe bound proves it, else a run with the strictest tolerances."""
    began = time.monotonic()
    if ask.start is not None and not program.violations(ask.start):
        linear = lp_bound(program, time_limit_s=0.5 * ask.time_limit_s, threads=ask.threads, method="strict")
        if linear is not None and within(program.objective_at(ask.start), linear.bound, ask.gap):
            return Report(ended="proven", values=ask.start, bound=linear.bound, raw="within a safe bound")
    left = max(0.1, ask.time_limit_s - (time.monotonic() - began))
    return _one_report(program, replace(ask, time_limit_s=left), STRICT)[0]


def quick_lp_bound(program: Program, *, time_limit_s: float, threads: int = 1) -> LpBound | None:
    """As `lp_bound`, by the method that suits the program: first by the simplex method where amounts are weighed.

    Measured on programs of cities: with capacities or money in the rows the simplex method is three to six times as
    fast as interior point, but now and then it takes minutes; in coverage by numbers alone it is half as fast.
    """
    weighs = bool(np.any(np.abs(program.matrix.data) != 1.0))
    if weighs:
        began = time.monotonic()
        found = lp_bound(program, time_limit_s=SIMPLEX_FIRST * time_limit_s, threads=threads, method="simplex")
        if found is not None and found.optimal:
            return found
        time_limit_s = max(0.0, time_limit_s - (time.monotonic() - began))
        rough = lp_bound(program, time_limit_s=time_limit_s, threads=threads) if time_limit_s > 0 else None
        return tighter(program, found, rough)
    return lp_bound(program, time_limit_s=time_limit_s, threads=threads)


def tighter(program: Program, first: LpBound | None, second: LpBound | None) -> LpBound | None:
    """The tighter of two bounds; the second where they are even."""
    if first is None or second is None:
        return second if first is None else first
    sign = 1.0 if program.sense == "max" else -1.0
    return first if sign * first.bound < sign * second.bound else second


def lp_bound(
    program: Program, *, time_limit_s: float, threads: int = 1, method: Literal["ipm", "simplex", "strict"] = "ipm"
) -> LpBound | None:
    """A valid bound from the linear relaxation by interior point without crossover, or None where none was reached.

    `method`: or by the simplex method, `strict` with the strictest tolerances.

    The bound is computed from the row duals whatever state they are in (see `safebound`), so that a run stopped by
    its time limit still gives one. None also where the relaxation has no solution. Ctrl-C is not held back.
    """
    relaxed = program.relaxed()
    if without_search(relaxed) is not None:
        return None
    ask = Ask(time_limit_s=time_limit_s, threads=threads)
    model = _model(relaxed, ask)
    for option, value in METHODS[method].items():
        _set(model, option, value)
    try:
        if _run(model, relaxed, ask) == "user":
            raise KeyboardInterrupt
    except Abandoned:
        return None
    if _status(model) in ("kInfeasible", "kUnbounded", "kUnboundedOrInfeasible"):
        return None
    solution = model.getSolution()
    if not solution.dual_valid:
        return None
    found = safe_bound(program, _array(solution.col_value), _array(solution.row_dual))
    return None if found is None else replace(found, optimal=_status(model) == "kOptimal")


def tightened(
    program: Program, implied: Sparse, *, time_limit_s: float, threads: int = 1
) -> tuple[Program, LpBound | None]:
    """The program with those of `implied` (n_rows, n_columns), all at most 0 in every plan, that its relaxation breaks.

    Rounds of the linear relaxation from where the last one ended, each with the rows that its solution breaks (cutting
    planes, Dantzig, Fulkerson & Johnson 1954), as long as that moves its worth; with the last solution, and what it
    bounds. The program as it is where the relaxation is not solved in time.
    """
    began = time.monotonic()
    end = began + time_limit_s
    relaxed = program.relaxed()
    if without_search(relaxed) is not None:
        return program, None
    ask = Ask(time_limit_s=time_limit_s, threads=threads)
    model = _model(relaxed, ask)
    _set(model, "solver", "simplex")
    none = np.empty(0, dtype=np.int64)
    added: list[IntArray] = []
    solved: tuple[int, FloatArray, FloatArray] | None = None
    worth = np.inf
    for _ in range(ROUNDS):
        try:
            _run(model, relaxed, replace(ask, time_limit_s=max(0.1, end - time.monotonic())))
        except Abandoned:
            break
        if _status(model) != "kOptimal":
            break
        if solved is None:
            end = min(end, time.monotonic() + AGAIN * (time.monotonic() - began))
        solution, last = model.getSolution(), worth
        worth = float(model.getInfo().objective_function_value)
        solved = len(added), _array(solution.col_value), _array(solution.row_dual)
        new = np.setdiff1d(np.flatnonzero(implied @ solved[1] > BROKEN), np.concatenate([none, *added]))
        if not len(new) or abs(worth - last) < MOVED * abs(worth):
            break
        added.append(new)
        rows = sp.csr_array(implied[new])
        model.addRows(
            len(new),
            np.full(len(new), -highspy.kHighsInf),
            np.zeros(len(new)),
            rows.nnz,
            rows.indptr[:-1].astype(np.int32),
            rows.indices.astype(np.int32),
            rows.data,
        )
    if solved is None:
        return program, None
    taken = np.concatenate([none, *added[: solved[0]]])
    tight = program.with_rows("implied_by_whole_sites", sp.csr_array(implied[taken]), upper=0.0)
    linear = safe_bound(tight, *solved[1:])
    return tight, None if linear is None else replace(linear, optimal=True)


def write_mps(program: Program, path: str) -> None:
    """Write the program as an MPS file with names by position (c0, c1, ..., r0, r1, ...), a `max` program negated."""
    sign = -1.0 if program.sense == "max" else 1.0
    positive = program.with_objective(sign * program.objective, sense="min", offset=sign * program.offset)
    model = _model(positive, Ask())
    if model.writeModel(path) == highspy.HighsStatus.kError:
        raise EngineError(
            say("highs: the program could not be written to {path}; check that there is room on the disk", path=path)
        )


class _QuietHighs(highspy.Highs):
    """HiGHS without the banner that setting a callback prints before output can be switched off."""

    def enableCallbacks(self) -> None:  # noqa: N802  the library's name
        """Set none yet; `_work` does once the output is off."""


def _report(program: Program, ask: Ask) -> Report:
    """Run HiGHS and say in our words what it says.

    HiGHS (1.16) may give back the start itself where its presolve has turned it into a better plan, whose objective
    and bound it reports: then the continuous columns of the start are solved again, or all without the start.
    """
    began = time.monotonic()
    report, claimed = _one_report(program, ask)
    if ask.start is None or report.ended != "proven" or report.values is None:
        return report
    if within(program.objective_at(report.values), claimed, ask.gap):
        return report
    left = max(0.1, ask.time_limit_s - (time.monotonic() - began))
    values = _with_best_rest(program, report.values, left)
    if values is not None and within(program.objective_at(values), claimed, ask.gap):
        return replace(report, values=values)
    left = max(0.1, ask.time_limit_s - (time.monotonic() - began))
    again, _ = _one_report(program, replace(ask, start=None, time_limit_s=left))
    return again


def _with_best_rest(program: Program, values: FloatArray, time_limit_s: float) -> FloatArray | None:
    """The best values of the continuous columns with the integer ones as they are."""
    whole = np.round(values)
    lower, upper = np.where(program.integer, whole, program.lower), np.where(program.integer, whole, program.upper)
    return solve_linear(program.with_bounds(lower=lower, upper=upper).relaxed(), time_limit_s=time_limit_s)


def _one_report(
    program: Program, ask: Ask, options: Mapping[str, float] = MappingProxyType({})
) -> tuple[Report, float]:
    """One run of HiGHS, and the objective that it claims."""
    model = _model(program, ask)
    for option, value in options.items():
        _set(model, option, value)
    if ask.start is not None and program.integer.any() and len(ask.start) == program.n_columns:
        index = np.arange(program.n_columns, dtype=np.int32)
        model.setSolution(program.n_columns, index, np.asarray(ask.start, dtype=np.float64))
    best = _Best()
    try:
        reason = _run(model, program, ask, best)
    except Abandoned:
        return best.report(), np.nan
    raw = _status(model)
    if raw == "kUnboundedOrInfeasible":
        raw = _unbounded_or_infeasible(program, ask)
    ended, limit = STATUS.get(raw, ("failed", None))
    if ended == "interrupted" and reason == "deadline":
        ended, limit = "limit", "time"
    solution = model.getSolution()
    values = _array(solution.col_value) if solution.value_valid else None
    report = Report(ended=ended, values=values, bound=_bound(program, model, ended), raw=raw, limit=limit)
    return report, float(model.getInfo().objective_function_value)


def _bound(program: Program, model: Any, ended: Ended) -> float | None:
    info = model.getInfo()
    if program.integer.any():
        return float(info.mip_dual_bound)
    solution = model.getSolution()
    if solution.dual_valid:
        safe = safe_bound(program, _array(solution.col_value), _array(solution.row_dual))
        if safe is not None:
            return safe.bound
    return float(info.objective_function_value) if ended == "proven" else None


def _unbounded_or_infeasible(program: Program, ask: Ask) -> str:
    """Tell the two apart: without its objective, an unbounded program has a solution."""
    still = program.with_objective(np.zeros(program.n_columns), sense=program.sense)
    model = _model(still, ask)
    try:
        _run(model, still, ask)
    except Abandoned:
        return "kTimeLimit"
    status = _status(model)
    return "kUnbounded" if status == "kOptimal" else status


def _model(program: Program, ask: Ask) -> Any:
    """A silent HiGHS model that holds the program, row by row."""
    model = _QuietHighs()
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "time_limit": float(ask.time_limit_s),
        "mip_rel_gap": float(ask.gap),
        "mip_abs_gap": 1e-9,
        "threads": int(ask.threads),
        "parallel": "off" if ask.threads == 1 else "on",
        "random_seed": int(ask.seed) % SEEDS,
    }
    for option, value in options.items():
        _set(model, option, value)
    none = np.empty(0, dtype=np.int32)
    status = model.passModel(
        program.n_columns,
        program.n_rows,
        program.matrix.nnz,
        0,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.HessianFormat.kTriangular),
        int(highspy.ObjSense.kMaximize if program.sense == "max" else highspy.ObjSense.kMinimize),
        float(program.offset),
        program.objective,
        program.lower,
        program.upper,
        program.row_lower,
        program.row_upper,
        program.matrix.indptr.astype(np.int32),
        program.matrix.indices.astype(np.int32),
        program.matrix.data.astype(np.float64),
        none,
        none,
        np.empty(0),
        program.integer.astype(np.int32),
    )
    if status == highspy.HighsStatus.kError:
        raise EngineError(
            say("highs: program {name} was refused; look for coefficients that are not finite", name=program.name)
        )
    return model


def _set(model: Any, option: str, value: bool | int | float | str) -> None:
    if model.setOptionValue(option, value) == highspy.HighsStatus.kError:
        raise EngineError(
            say(
                "highs: {option}={value} is not an option of this version; install highspy 1.10 or newer",
                option=option,
                value=value,
            )
        )


@dataclass(eq=False)
class _Best:
    """The best plan and bound that HiGHS has told on the way."""

    values: FloatArray | None = None
    bound: float | None = None

    def report(self) -> Report:
        """What is known of a run that was left behind."""
        return Report(ended="limit", values=self.values, bound=self.bound, raw="left behind at the limit", limit="time")


def _run(model: Any, program: Program, ask: Ask, best: _Best | None = None) -> Literal["user", "deadline"] | None:
    """Solve in a thread that Ctrl-C, or a clock HiGHS has forgotten, can stop; why it was stopped.

    Abandoned where it does not listen: then the model is not to be touched.
    """
    stoppable = Stoppable(
        lambda state: _work(model, program, ask, state, best or _Best()), time_limit_s=ask.time_limit_s
    )
    stoppable.run()
    return stoppable.reason


def _work(model: Any, program: Program, ask: Ask, state: Stoppable[None], best: _Best) -> None:
    next_report_s = 0.0
    is_mip = bool(program.integer.any())

    def called(kind: int, _message: str, out: Any, into: Any, _data: object) -> None:
        nonlocal next_report_s
        if state.stopped and into is not None:
            into.user_interrupt = True
        if is_mip:
            best.bound = _known(out.mip_dual_bound)
        if kind == IMPROVED:
            best.values = _array(out.mip_solution)
            return
        if ask.on_progress is None or not is_mip or out.running_time < next_report_s:
            return
        next_report_s = out.running_time + PROGRESS_EVERY_S
        ask.on_progress(Progress(out.running_time, _known(out.mip_primal_bound), _known(out.mip_dual_bound)))

    model.setCallback(called, None)
    for kind in (*STOPPABLE, "kCallbackMipImprovingSolution"):
        model.startCallback(getattr(highspy.cb.HighsCallbackType, kind))
    model.run()
    model.setCallback(None, None)
    highspy.Highs.resetGlobalScheduler(False)  # the next run may ask for another number of threads


def _known(value: float) -> float | None:
    return float(value) if abs(value) < 1e20 else None


def _status(model: Any) -> str:
    return str(model.getModelStatus().name)


def _array(values: Any) -> FloatArray:
    return np.asarray(values, dtype=np.float64)
