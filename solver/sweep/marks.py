"""Which runs are worth looking at: those that no other beats in cost and value, and those that cannot be told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from solver.sweep.cases import Case, Measure, cases_of, measure_of, world_of
from solver.sweep.runs import Run

ROUNDING = 1e-9
"""Relative difference below which two values are the same."""
MOST = 12
"""Most runs that a cell of the table names."""


@dataclass(frozen=True)
class Marks:
    """Run -> the run that beats it (None where none does), and run -> runs that it cannot be told from."""

    beaten_by: Mapping[int, int | None]
    not_told_from: Mapping[int, Sequence[int]]

    def front(self) -> list[int]:
        """The runs that no other beats."""
        return [run for run, other in self.beaten_by.items() if other is None]


def marks_of(cases: Sequence[Case], measure: Measure | None) -> Marks:
    """The marks of one programme's runs."""
    if measure is None:
        return Marks({}, {})
    plans = [case for case in cases if case.has_plan and measure.of(case) is not None]
    worlds: dict[tuple[object, ...], list[Case]] = {}
    for case in plans:
        worlds.setdefault(world_of(case), []).append(case)
    beaten: dict[int, int | None] = {}
    for alike in worlds.values():
        beaten |= _beaten(alike, measure)
    return Marks(dict(sorted(beaten.items())), _not_told(plans, measure))


def with_marks(frame: pd.DataFrame, runs: Sequence[Run]) -> pd.DataFrame:
    """The table of all runs with `front`, `beaten_by` and `not_told_from` before its last columns."""
    found = {name: marks_of(cases, measure_of(cases)) for name, cases in cases_of(runs).items()}
    marks = [(found.get(row["programme"]), int(row["run"])) for _, row in frame.iterrows()]
    columns: dict[str, list[object]] = {
        "front": [m.beaten_by[run] is None if m and run in m.beaten_by else None for m, run in marks],
        "beaten_by": [m.beaten_by.get(run) if m else None for m, run in marks],
        "not_told_from": [_list(m.not_told_from.get(run, ())) if m else None for m, run in marks],
    }
    place = len(frame.columns) - sum(name in frame.columns for name in ("seconds", "folder", "fault"))
    marked = frame.copy()
    for offset, (name, values) in enumerate(columns.items()):
        whole = pd.array(values, dtype="Int64") if name == "beaten_by" else pd.Series(values, dtype=object).to_numpy()
        marked.insert(place + offset, name, whole)
    return marked


def _beaten(cases: Sequence[Case], measure: Measure) -> dict[int, int | None]:
    """Run -> the best of the runs that cost no more and are worth no less, one of them really better."""
    sign = 1.0 if measure.sense == "max" else -1.0
    known = [(case.run, case.figure("cost") or 0.0, sign * (measure.of(case) or 0.0)) for case in cases]
    found: dict[int, int | None] = {}
    for run, cost, worth in known:
        better = [
            (w, -c, other)
            for other, c, w in known
            if not _less(w, worth) and not _less(cost, c) and (_less(worth, w) or _less(c, cost))
        ]
        found[run] = max(better)[2] if better else None
    return found


def _less(first: float, second: float) -> bool:
    return second - first > ROUNDING * max(1.0, abs(first), abs(second))


def _not_told(cases: Sequence[Case], measure: Measure) -> dict[int, list[int]]:
    """Run -> runs of its scenario whose plans are worth another amount, but whose true optima may be in any order."""
    ends = {case.run: span_of(case, measure) for case in cases}
    found: dict[int, list[int]] = {}
    for case in cases:
        low, high = ends[case.run]
        worth = measure.of(case) or 0.0
        found[case.run] = [
            other.run
            for other in cases
            if other.scenario == case.scenario
            and (_less(worth, measure.of(other) or 0.0) or _less(measure.of(other) or 0.0, worth))
            and not _less(high, ends[other.run][0])
            and not _less(ends[other.run][1], low)
        ]
    return found


def span_of(case: Case, measure: Measure) -> tuple[float, float]:
    """Between what the true optimum of a run lies: its plan and its bound."""
    worth, bound = measure.of(case) or 0.0, measure.bound_of(case)
    if bound is None:
        return (worth, float("inf")) if measure.sense == "max" else (-float("inf"), worth)
    return min(worth, bound), max(worth, bound)


def _list(runs: Sequence[int]) -> str | None:
    if not runs:
        return None
    more = f" and {len(runs) - MOST} more" if len(runs) > MOST else ""
    return " ".join(map(str, runs[:MOST])) + more
