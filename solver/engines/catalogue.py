"""The engines by name; the only registry. A library is loaded only when its engine is asked for."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from models.messages import Listed, Message, Said, say
from models.program import Program
from solver.engines.engine import Engine, Features
from solver.engines.highs import Highs
from solver.engines.implied import implied_integer
from solver.engines.safebound import implied_bounds
from solver.errors import EngineError


def _cbc() -> Engine:
    from solver.engines.cbc import Cbc

    return Cbc()


def _cp_sat() -> Engine:
    from solver.engines.ortools_engine import CpSat

    return CpSat()


def _scip() -> Engine:
    from solver.engines.ortools_engine import Scip

    return Scip()


def _pulp(solver: str, *names: str) -> Callable[[], Engine]:
    """One of PuLP's solvers; `names` are PuLP's for it, the one to prefer first."""

    def made() -> Engine:
        from solver.engines.pulp_engine import PulpEngine

        return PulpEngine(solver, names)

    return made


ENGINES: dict[str, Callable[[], Engine]] = {
    Highs.name: Highs,
    "cbc": _cbc,
    "cp-sat": _cp_sat,
    "scip": _scip,
    "pulp:gurobi": _pulp("gurobi", "GUROBI", "GUROBI_CMD"),
    "pulp:cplex": _pulp("cplex", "CPLEX_PY", "CPLEX_CMD"),
    "pulp:copt": _pulp("copt", "COPT", "COPT_CMD"),
    "pulp:xpress": _pulp("xpress", "XPRESS_PY", "XPRESS"),
    "pulp:mosek": _pulp("mosek", "MOSEK"),
    "pulp:scip": _pulp("scip", "SCIP_PY", "SCIP_CMD"),
    "pulp:glpk": _pulp("glpk", "GLPK_CMD"),
    "pulp:highs": _pulp("highs", "HiGHS", "HiGHS_CMD"),
}
"""Name -> what makes the engine. What it can are the `features` of its class, how to get it what `version` says."""


@dataclass(frozen=True)
class Availability:
    """An engine of the catalogue: `text` is its version where it is installed, the reason and remedy where not."""

    name: str
    installed: bool
    text: Said | str
    features: Features | None


def engine(name: str) -> Engine:
    """The engine of that name; EngineError that lists those that exist, or says how to install it."""
    if name not in ENGINES:
        raise EngineError(
            say("engine {name} is not known; choose one of {engines}", name=name, engines=Listed([*ENGINES]))
        )
    try:
        made = ENGINES[name]()
    except ImportError as error:
        raise EngineError(
            say("{name}: {error}; install it with pip, or choose another engine", name=name, error=error)
        ) from error
    made.version()
    return made


FEW_WHOLE = 150
"""Whole columns up to which CP-SAT, which learns from every end of a branch, is ahead of all others by number."""


def branches_best(program: Program) -> Engine:
    """The installed engine that is quickest where a covering program needs much branching.

    Measured on what is left of maximal covering. By number, 100 sites that reach a million places: CP-SAT 1.3 s, SCIP
    8, HiGHS 10; parts of 200 and 400 sites of a city: SCIP 2.4 and 8.3 s, HiGHS 3.5 and 14. By money HiGHS proves in
    seconds what the others do not.
    """
    if not np.any(np.abs(program.matrix.data) != 1.0):
        with suppress(EngineError):
            return engine("cp-sat" if program.integer.sum() <= FEW_WHOLE else "scip")
    return Highs()


def available() -> tuple[Availability, ...]:
    """Every engine of the catalogue with its version, or why it cannot be used here."""
    return tuple(_availability(name) for name in ENGINES)


def _availability(name: str) -> Availability:
    try:
        found = engine(name)
    except EngineError as error:
        return Availability(name, False, error, None)
    return Availability(name, True, found.version(), found.features)


def require(engine: Engine, program: Program) -> None:
    """EngineError where the engine cannot take the program, naming those that can; before any work is spent."""
    lacking = _lacking(engine.features, program)
    if not lacking:
        return
    able = [a.name for a in available() if a.features is not None and not _lacking(a.features, program)]
    raise EngineError(
        say(
            "{engine} cannot take program {program}: it has {lacking}; choose one of {able}",
            engine=engine.name,
            program=program.name,
            lacking=lacking[0],
            able=Listed(able),
        )
    )


def _lacking(features: Features, program: Program) -> list[Message]:
    """What a program has that an engine of these features cannot take."""
    lacking = []
    integer = program.integer if features.continuous else implied_integer(program)
    if not features.continuous and not integer.all():
        lacking.append(say("continuous columns ({example})", example=_example(program, ~integer)))
    if not features.integer and program.integer.any():
        lacking.append(say("integer columns ({example})", example=_example(program, program.integer)))
    if not features.unlimited:
        lower, upper = implied_bounds(program)
        unlimited = integer & ~(np.isfinite(lower) & np.isfinite(upper))
        if unlimited.any():
            example = _example(program, unlimited)
            lacking.append(say("integer columns without a finite bound ({example})", example=example))
    return lacking


def _example(program: Program, columns: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Message:
    positions = np.flatnonzero(columns)
    column = program.column_name(int(positions[0]))
    return say("{n}, the first of them {column}", n=len(positions), column=column)
