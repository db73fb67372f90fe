"""Why no plan exists: the smallest set of rules in conflict, and how far each would have to give way.

The set is found by a deletion filter over whole rules (Chinneck & Dravnieks 1991, Locating minimal infeasible
constraint sets in linear programs, ORSA J. Comput. 3), the change by elastic rows (Brown & Graves 1975; Chinneck 2008,
Feasibility and infeasibility in optimization, ch. 6). A rule is all families of rows that carry its tag.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray
from models.messages import Message
from models.program import Block, Program
from solver.engines.engine import Ask, Engine
from solver.engines.highs import Highs
from solver.engines.outcome import Answer

Side = Literal["at most", "at least"]
Verdict = Literal["possible", "impossible", "unknown"]
NEGLIGIBLE = 1e-6
"""Share of a row's size below which a change is rounding."""


@dataclass(frozen=True)
class Change:
    """By how much one row of a rule would have to give way while all else stays.

    `by` is a change that works: with it a plan exists. `at_least` is the least that is proven necessary, None where
    the rule has several rows to change (they trade off) or nothing was proven. Both in the row's unit, above 0.
    """

    rule: str
    row: str
    side: Side
    asked: float
    by: float
    at_least: float | None

    @property
    def works(self) -> float:
        """The bound that lets a plan exist."""
        return self.asked + self.by if self.side == "at most" else self.asked - self.by


@dataclass(frozen=True)
class Explanation:
    """Why a program has no plan. An empty `conflict` means that the model contradicts itself without any rule.

    `smallest` says that leaving out any one of the conflict's rules was proven to resolve it; otherwise time ran out
    and the set may be larger than need be. `further` says that other rules contradict each other too: then `changes`
    resolve this conflict only. `changes` is empty for a rule where time ran out, and for those that are `stuck`: no
    change of it alone lets a plan exist while all other rules are kept.
    """

    conflict: tuple[str, ...]
    words: Mapping[str, Message]
    smallest: bool
    further: bool
    changes: tuple[Change, ...]
    stuck: tuple[str, ...] = ()


def explain(
    program: Program, rules: Mapping[str, Message], engine: Engine, ask: Ask, fixed: Collection[str] = ()
) -> Explanation:
    """Explain a program that has no plan; `rules` gives each rule's key (the families' tag) its words.

    The first of the rules are the first to be cleared of blame. What is `fixed` may be in the conflict, and no change
    of it is looked for.

    `ask.time_limit_s` is for the whole explanation. Rules that no family carries take no part. An engine that cannot
    take continuous columns is replaced by HiGHS, as elastic rows need them.
    """
    asker = _Asker(engine if engine.features.continuous else Highs(), ask)
    present = [key for key in rules if any(family.rule == key for family in program.families)]
    if asker.verdict(_without(program, present)) == "impossible":
        return Explanation((), dict(rules), True, False, ())
    conflict, smallest = _deletion_filter(program, present, asker)
    others = [key for key in present if key not in conflict]
    further = bool(others) and asker.verdict(_without(program, conflict)) == "impossible"
    base = _without(program, others) if further else program
    found = {key: _changes(base, key, asker) for key in conflict if key not in fixed}
    changes = tuple(change for of_rule in found.values() for change in of_rule or ())
    stuck = tuple(key for key, of_rule in found.items() if of_rule is None)
    return Explanation(tuple(conflict), dict(rules), smallest, further, changes, stuck)


def has_plan(program: Program, engine: Engine, ask: Ask) -> Verdict:
    """Has the program a plan, within the time limit?"""
    able = engine if engine.features.continuous else Highs()
    return _Asker(able, replace(ask, time_limit_s=3 * ask.time_limit_s)).verdict(program)


class _Asker:
    """Asks an engine within one time budget."""

    def __init__(self, engine: Engine, ask: Ask) -> None:
        self.engine = engine
        self.ask = replace(ask, start=None, on_progress=None)
        self.deadline = time.monotonic() + ask.time_limit_s

    @property
    def left_s(self) -> float:
        """Seconds left, at least a moment."""
        return max(0.1, self.deadline - time.monotonic())

    def run(self, program: Program, time_limit_s: float) -> Answer:
        """One answer; after Ctrl-C there is only a moment left for all others."""
        answer = self.engine.run(program, replace(self.ask, time_limit_s=time_limit_s))
        if answer.outcome.ended == "interrupted":
            self.deadline = time.monotonic()
        return answer

    def verdict(self, program: Program) -> Verdict:
        """Has the program a plan? The objective plays no part."""
        still = program.with_objective(np.zeros(program.n_columns), sense="min")
        outcome = self.run(still, self.left_s / 3).outcome
        if outcome.ended == "infeasible":
            return "impossible"
        return "possible" if outcome.holds_plan else "unknown"


def _deletion_filter(program: Program, rules: Sequence[str], asker: _Asker) -> tuple[list[str], bool]:
    """Rules without any of which a plan exists, and whether that was proven for each."""
    kept, smallest = list(rules), True
    for key in rules:
        fewer = [other for other in kept if other != key]
        verdict = asker.verdict(_without(program, [r for r in rules if r not in fewer]))
        if verdict == "impossible":
            kept = fewer
        elif verdict == "unknown":
            smallest = False
    return kept, smallest


def _rows(program: Program, rules: Sequence[str]) -> IntArray:
    """Rows of the families of some rules."""
    parts = [family.index for family in program.families if family.rule in rules]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _without(program: Program, rules: Sequence[str]) -> Program:
    """The program with some rules' rows set free."""
    free = _rows(program, rules)
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    lower[free], upper[free] = -np.inf, np.inf
    return replace(program, row_lower=lower, row_upper=upper)


def _changes(program: Program, rule: str, asker: _Asker) -> list[Change] | None:
    """The least total change of a rule's bounds that gives a plan; [] where none was found in time, None if none is."""
    elastic, rows, sides = _elastic(program, _rows(program, [rule]))
    answer = asker.run(elastic, asker.left_s / 2)
    if answer.values is None:
        return None if answer.outcome.ended == "infeasible" else []
    slack = answer.values[program.n_columns :]
    asked = np.where(sides, program.row_upper[rows], program.row_lower[rows])
    moved = np.flatnonzero(slack > NEGLIGIBLE * np.maximum(1.0, np.abs(asked)))
    bound = answer.outcome.bound
    at_least = None if bound is None or len(moved) != 1 or len(rows) > 1 else max(0.0, bound - elastic.offset)
    return [
        Change(
            rule=rule,
            row=program.row_name(int(rows[k])),
            side="at most" if sides[k] else "at least",
            asked=float(asked[k]),
            by=float(slack[k]),
            at_least=at_least,
        )
        for k in moved
    ]


def _elastic(program: Program, rows: IntArray) -> tuple[Program, IntArray, BoolArray]:
    """The program that minimises the total change of some rows' bounds; row and side (True: upper) of each new column.

    The offset is the size of the bounds, so that a relative gap is one of the changed bound, not of the change.
    """
    upper, lower = rows[np.isfinite(program.row_upper[rows])], rows[np.isfinite(program.row_lower[rows])]
    moved = np.concatenate([upper, lower])
    sides = np.arange(len(moved)) < len(upper)
    signs = np.where(sides, -1.0, 1.0)
    slacks = sp.csr_array((signs, (moved, np.arange(len(moved)))), shape=(program.n_rows, len(moved)))
    sizes = np.abs(np.where(sides, program.row_upper[moved], program.row_lower[moved]))
    size, n = len(moved), program.n_columns
    elastic = replace(
        program,
        sense="min",
        objective=np.concatenate([np.zeros(n), np.ones(size)]),
        offset=float(sizes.max(initial=0.0)),
        lower=_joined(program.lower, np.zeros(size)),
        upper=_joined(program.upper, np.full(size, np.inf)),
        integer=np.concatenate([program.integer, np.zeros(size, dtype=bool)]),
        matrix=sp.csr_array(sp.hstack([program.matrix, slacks])),
        blocks=(*program.blocks, Block("change", n, size)),
    )
    return elastic, moved, sides


def _joined(first: FloatArray, second: FloatArray) -> FloatArray:
    return np.concatenate([first, second])
