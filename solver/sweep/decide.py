"""What a sweep says for a decision: marks in its table, robust sites, what matters, regret, and the page of charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from models.messages import Message, say
from solver.files.protect import Guard
from solver.findings import named
from solver.sweep.cases import Case, Measure, cases_of, measure_of
from solver.sweep.design import SweepPlan
from solver.sweep.execute import TABLE, Shared
from solver.sweep.marks import Marks, marks_of, with_marks
from solver.sweep.regret import Regret, regret
from solver.sweep.robust import robust_sites, write_robust
from solver.sweep.runs import Run
from solver.sweep.sensitivity import few_samples, sensitivity
from solver.sweep.table import write_table
from solver.sweep.tornado import tornado

PAGE = "sweep.html"
FEW = 5
"""Fewer plans than this say little of robust sites."""


@dataclass(frozen=True, eq=False)
class Decision:
    """Everything that was found over the runs; tables are empty where there is nothing to tell.

    `cases`, `measures`, `marks` and `robust` are by programme. `notes` are plain sentences about what the tables do
    not say.
    """

    plan: SweepPlan
    cases: dict[str, list[Case]]
    measures: dict[str, Measure | None]
    marks: dict[str, Marks]
    robust: dict[str, pd.DataFrame]
    tornado: pd.DataFrame
    sensitivity: pd.DataFrame
    regret: Regret
    notes: tuple[Message, ...]
    changed: tuple[str, ...] = ()
    """`KEY=VALUE` of what all runs changed from the study file beside what is varied."""


def decide(runs: Sequence[Run], plan: SweepPlan, shared: Shared, out: Path, **where: Any) -> Decision:
    """Everything that all runs together say. `where` (jobs, scheduler) says who values plans in other scenarios."""
    cases = cases_of(runs)
    measures = {name: measure_of(found) for name, found in cases.items()}
    robust = {name: table for name, found in cases.items() if (table := robust_sites(name, found, plan)) is not None}
    tornadoes = [tornado(name, found, plan, measures[name]) for name, found in cases.items()]
    indices = [sensitivity(name, found, plan) for name, found in cases.items()]
    told = joined(indices)
    return Decision(
        plan=plan,
        cases=cases,
        measures=measures,
        marks={name: marks_of(found, measures[name]) for name, found in cases.items()},
        robust=robust,
        tornado=joined(tornadoes),
        sensitivity=told,
        regret=regret(runs, cases, shared, out, **where),
        notes=_notes(cases, told),
        changed=changed_in_all(runs, plan),
    )


def changed_in_all(runs: Sequence[Run], plan: SweepPlan) -> tuple[str, ...]:
    """What every run changes from the study file: by --set, by options; not what is varied."""
    first, *others = [run.file.overrides for run in runs]
    every = [said for said in dict.fromkeys(first) if all(said in other for other in others)]
    return tuple(said for said in every if said.partition("=")[0].strip() not in plan.keys)


def write_decision(decision: Decision, table: pd.DataFrame, runs: Sequence[Run], out: Path, guard: Guard) -> list[str]:
    """Write the marked table and every table that has rows; the names of the files."""
    write_table(with_marks(table, runs), out / TABLE, guard)
    written = write_robust(decision.robust, out, guard) if decision.robust else []
    for name, frame in (
        ("tornado.csv", decision.tornado),
        ("sensitivity.csv", decision.sensitivity),
        ("regret.csv", decision.regret.plans),
        ("regret_matrix.csv", decision.regret.matrix),
    ):
        if len(frame):
            write_table(frame, out / name, guard)
            written.append(name)
    return written


def joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all frames; the columns of the first where there are none."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return frames[0] if frames else pd.DataFrame()
    return filled[0] if len(filled) == 1 else pd.DataFrame([row for f in filled for row in f.to_dict("records")])


def _notes(cases: dict[str, list[Case]], indices: pd.DataFrame) -> tuple[Message, ...]:
    notes: list[Message] = []
    poor: list[str] = []
    for name, found in cases.items():
        plans = sum(case.has_plan for case in found)
        if plans < len(found):
            values = {"part": name, "n": len(found) - plans, "runs": len(found)}
            notes.append(say("{part}: {n} of {runs} runs have no plan and count in no share or index", **values))
        if 0 < plans < FEW:
            poor.append(name)
    if poor:
        notes.append(say("fewer than {n} plans are few to call a site robust ({parts})", n=FEW, parts=named(poor)))
    few = few_samples(indices) if len(indices) else None
    if few:
        notes.append(few)
    return tuple(notes)
