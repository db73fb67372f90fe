"""OR-Tools: CP-SAT for pure integer programs, SCIP through MathOpt; both are handed arrays, row by row at most.

Perron & Furnon, OR-Tools; Perron, Didier & Gay (2023), The CP-SAT-LP solver, CP 2023; Bolusani et al. (2024), The SCIP
optimization suite 9.0.
"""

import datetime
import time
from dataclasses import replace
from importlib import metadata
from typing import Any

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from models.arrays import FloatArray
from models.messages import say
from models.program import Program
from solver.engines.answering import answered
from solver.engines.conclude import Report, may_grow
from solver.engines.engine import Ask, Features, Progress
from solver.engines.highs import Highs, solve_linear, solve_strictly
from solver.engines.implied import implied_integer
from solver.engines.interrupt import Abandoned, Stoppable
from solver.engines.outcome import Answer, Ended, Limit
from solver.engines.whole import WholeProgram, unlimited_columns, whole
from solver.errors import EngineError

CP_SAT_STATUS: dict[str, tuple[Ended, Limit | None]] = {
    "OPTIMAL": ("proven", None),
    "FEASIBLE": ("limit", "time"),
    "UNKNOWN": ("limit", "time"),
    "INFEASIBLE": ("infeasible", None),
}
"""CP-SAT's status -> ours; one that is not here is `failed`."""

REASON: dict[str, Ended] = {
    "OPTIMAL": "proven",
    "INFEASIBLE": "infeasible",
    "UNBOUNDED": "unbounded",
    "FEASIBLE": "limit",
    "NO_SOLUTION_FOUND": "limit",
}
"""MathOpt's reason -> ours; one that is not here is `failed`."""

LIMIT: dict[str, Limit] = {
    "TIME": "time",
    "MEMORY": "memory",
    "ITERATION": "iterations",
    "NODE": "nodes",
    "SOLUTION": "nodes",
}
"""MathOpt's limit -> ours; at one that is not here the run `failed`."""

SEEDS = 2**31 - 1


class CpSat:
    """Programs whose columns are bounded, and integer or as good as (see `implied`); start, bound, progress, Ctrl-C."""

    name = "cp-sat"
    features = Features(continuous=False, unlimited=False, warm_start=True, progress=True, interrupt=True)

    def version(self) -> str:
        """Version of OR-Tools."""
        return metadata.version("ortools")

    def run(self, program: Program, ask: Ask) -> Answer:
        """Solve; see `Engine.run`. EngineError for columns it cannot take."""
        called_integer = replace(program, integer=implied_integer(program))
        _refuse(called_integer)

        def solve(_program: Program, ask: Ask) -> Report:
            return _cp_sat_report(called_integer, ask)

        # its whole numbers have factors of their own
        return answered(self, program, ask, solve, refit=solve_linear, strictly=solve_strictly, scale=False)


class Scip:
    """Linear and mixed-integer programs, warm start, bound, Ctrl-C."""

    name = "scip"
    features = Features(warm_start=True, interrupt=True)

    def version(self) -> str:
        """Version of OR-Tools, which brings SCIP."""
        return metadata.version("ortools")

    def run(self, program: Program, ask: Ask) -> Answer:
        """Solve; see `Engine.run`."""
        return answered(self, program, ask, _scip_report, refit=solve_linear, strictly=solve_strictly)


def _refuse(program: Program) -> None:
    """EngineError that names columns CP-SAT cannot take; the catalogue's `require` says which engines can."""
    for columns, fact in (
        (np.flatnonzero(~program.integer), say("not integer")),
        (unlimited_columns(program), say("without a finite bound")),
    ):
        if len(columns):
            raise EngineError(
                say(
                    "cp-sat: column {column} is {fact} ({n} such columns); choose another engine, for example highs",
                    column=program.column_name(int(columns[0])),
                    fact=fact,
                    n=len(columns),
                )
            )


def _cp_sat_report(program: Program, ask: Ask) -> Report:
    began = time.monotonic()
    form = whole(program)
    if np.any(form.row_lower > form.row_upper):
        return Report(ended="infeasible", values=None, bound=None, raw="a row has no whole number between its sides")
    model = _cp_model(program, form, ask.start)
    left = max(0.1, ask.time_limit_s - (time.monotonic() - began))
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.max_time_in_seconds = left
    parameters.relative_gap_limit = float(ask.gap)
    parameters.num_workers = int(ask.threads)
    parameters.random_seed = int(ask.seed) % SEEDS
    parameters.linearization_level = 2  # at less, the relaxation leaves out "covered only if open"
    parameters.catch_sigint_signal = False  # Ctrl-C is `Stoppable`'s
    watch = _Watch(ask, form, program.sense == "max")
    solver.best_bound_callback = watch.bounded

    def work(state: Stoppable[str]) -> str:
        state.on_stop = solver.stop_search
        return "UNKNOWN" if state.stopped else str(solver.status_name(solver.solve(model, watch)))

    stoppable = Stoppable(work, time_limit_s=left)
    try:
        raw = stoppable.run()
    except Abandoned:
        return watch.report()
    ended, limit = CP_SAT_STATUS.get(raw, ("failed", None))
    if ended == "limit" and stoppable.reason == "user":
        ended, limit = "interrupted", None
    if raw == "MODEL_INVALID":
        raw += f": {model.validate()}"
    if raw == "UNKNOWN" and not solver.response_proto.wall_time:  # stopped before it began
        return Report(ended=ended, values=None, bound=None, raw=raw, limit=limit)
    values = np.array(list(solver.response_proto.solution), dtype=np.float64)
    bound = solver.best_objective_bound / form.scale
    bound += form.slack if program.sense == "max" else -form.slack
    return Report(ended=ended, values=values if len(values) else None, bound=bound, raw=raw, limit=limit)


def _cp_model(program: Program, form: WholeProgram, start: FloatArray | None) -> Any:
    """The model's message, filled one column and one row at a time."""
    model = cp_model.CpModel()
    proto = model.proto
    for low, high in zip(form.lower.tolist(), form.upper.tolist(), strict=True):
        proto.variables.add().domain.extend([low, high])
    columns, data, ends = program.matrix.indices.tolist(), form.data.tolist(), program.matrix.indptr.tolist()
    for row, (low, high) in enumerate(zip(form.row_lower.tolist(), form.row_upper.tolist(), strict=True)):
        linear = proto.constraints.add().linear
        linear.vars.extend(columns[ends[row] : ends[row + 1]])
        linear.coeffs.extend(data[ends[row] : ends[row + 1]])
        linear.domain.extend([low, high])
    sign = -1 if program.sense == "max" else 1
    used = np.flatnonzero(form.objective)
    objective = proto.objective
    objective.vars.extend(used.tolist())
    objective.coeffs.extend((sign * form.objective[used]).tolist())
    objective.offset = sign * program.offset * form.scale
    objective.scaling_factor = float(sign)
    if start is not None and len(start) == program.n_columns:
        proto.solution_hint.vars.extend(range(program.n_columns))
        proto.solution_hint.values.extend(np.clip(np.round(start), form.lower, form.upper).astype(np.int64).tolist())
    return model


class _Watch(cp_model.CpSolverSolutionCallback):
    """Passes on every better plan and bound."""

    def __init__(self, ask: Ask, form: WholeProgram, maximise: bool) -> None:
        super().__init__()
        self._tell, self._scale, self._began = ask.on_progress, form.scale, time.monotonic()
        self._slack = form.slack if maximise else -form.slack
        self._values: FloatArray | None = None
        self._objective: float | None = None
        self._bound: float | None = None

    def on_solution_callback(self) -> None:
        """A better plan."""
        self._objective = self.objective_value / self._scale
        self._bound = self.best_objective_bound / self._scale
        self._values = np.array(list(self.response_proto.solution), dtype=np.float64)
        self._say()

    def bounded(self, bound: float) -> None:
        """A better bound."""
        self._bound = bound / self._scale
        self._say()

    def report(self) -> Report:
        """What is known of a run that was left behind."""
        bound = None if self._bound is None else self._bound + self._slack
        return Report(ended="limit", values=self._values, bound=bound, raw="left behind at the limit", limit="time")

    def _say(self) -> None:
        if self._tell is not None:
            self._tell(Progress(time.monotonic() - self._began, self._objective, self._bound))


def _scip_report(program: Program, ask: Ask) -> Report:
    model = mathopt.Model.from_model_proto(_model_proto(program))
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=ask.time_limit_s),
        relative_gap_tolerance=ask.gap,  # SCIP's is relative to the smaller of plan and bound: never looser than ours
        absolute_gap_tolerance=1e-9,
        threads=ask.threads,
        random_seed=int(ask.seed) % SEEDS,
    )
    hints = mathopt.ModelSolveParameters()
    if ask.start is not None and len(ask.start) == program.n_columns:
        start = dict(zip(model.variables(), ask.start.tolist(), strict=True))
        hints.solution_hints.append(mathopt.SolutionHint(variable_values=start))
    # SCIP watches for Ctrl-C itself: MathOpt's interrupter makes this version of SCIP print errors at every run
    parameters.gscip.bool_params["misc/catchctrlc"] = True
    try:
        result = mathopt.solve(model, mathopt.SolverType.GSCIP, params=parameters, model_params=hints)
    except Exception as error:  # MathOpt refuses SCIP's infinite objective, and fails in telling so
        return _after_an_error(program, ask, error)
    end = result.termination
    if end.reason.name == "INFEASIBLE_OR_UNBOUNDED":
        return _unbounded_or_infeasible(program, ask)
    raw = end.reason.name + (f" ({end.limit.name})" if end.limit is not None else "")
    ended: Ended = REASON.get(end.reason.name, "failed")
    limit: Limit | None = None
    if ended == "limit" and end.limit is not None and end.limit.name == "INTERRUPTED":
        ended = "interrupted"
    elif ended == "limit":
        limit = None if end.limit is None else LIMIT.get(end.limit.name)
        ended = "limit" if limit is not None else "failed"
    values = None
    if result.has_primal_feasible_solution():
        found = result.variable_values()
        values = np.array([found[column] for column in model.variables()], dtype=np.float64)
    return Report(ended=ended, values=values, bound=float(end.objective_bounds.dual_bound), raw=raw, limit=limit)


def _unbounded_or_infeasible(program: Program, ask: Ask) -> Report:
    """Tell the two apart: without its objective, an unbounded program has a solution."""
    still = program.with_objective(np.zeros(program.n_columns), sense=program.sense)
    report = _scip_report(still, ask)
    ended: Ended = "unbounded" if report.ended == "proven" else report.ended
    return Report(
        ended=ended, values=None, bound=None, raw=f"INFEASIBLE_OR_UNBOUNDED, {report.raw}", limit=report.limit
    )


def _after_an_error(program: Program, ask: Ask, error: Exception) -> Report:
    """A program that has a plan and whose relaxation is unbounded is unbounded (Meyer 1974)."""
    if may_grow(program) and Highs().run(program.relaxed(), ask).outcome.ended == "unbounded":
        return _unbounded_or_infeasible(program, ask)
    return Report(ended="failed", values=None, bound=None, raw=f"MathOpt: {error}")


def _model_proto(program: Program) -> Any:
    """MathOpt's message from arrays; its entries are ordered by row and column, zeros left out."""
    columns, rows = range(program.n_columns), range(program.n_rows)
    message = model_pb2.ModelProto()
    message.variables.ids.extend(columns)
    message.variables.lower_bounds.extend(program.lower)
    message.variables.upper_bounds.extend(program.upper)
    message.variables.integers.extend(program.integer)
    message.objective.maximize = program.sense == "max"
    message.objective.offset = program.offset
    used = np.flatnonzero(program.objective)
    message.objective.linear_coefficients.ids.extend(used)
    message.objective.linear_coefficients.values.extend(program.objective[used])
    message.linear_constraints.ids.extend(rows)
    message.linear_constraints.lower_bounds.extend(program.row_lower)
    message.linear_constraints.upper_bounds.extend(program.row_upper)
    matrix = program.matrix.sorted_indices()
    matrix.eliminate_zeros()
    entries = message.linear_constraint_matrix
    entries.row_ids.extend(np.repeat(np.arange(program.n_rows), np.diff(matrix.indptr)))
    entries.column_ids.extend(matrix.indices)
    entries.coefficients.extend(matrix.data)
    return message
