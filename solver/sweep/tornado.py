"""What every value alone changes against the study as it is: the table behind a tornado chart."""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from solver.sweep.cases import Case, Measure
from solver.sweep.design import Point, SweepPlan, name_of
from solver.sweep.marks import span_of

FIGURES = ("covered_share", "objective", "cost", "mean_travel_min", "mean_travel_m")
COLUMNS = ("programme", "scenario", "figure", "key", "value", "run", "base", "result", "change", "swing", "told_apart")


def tornado(name: str, cases: Sequence[Case], plan: SweepPlan, measure: Measure | None) -> pd.DataFrame:
    """One row per figure, scenario and value of a one-at-a-time sweep; empty for other designs.

    `change` is the result less that of the study as it is. `swing` is the range of a key's results, by which the rows
    of a figure are in order. `told_apart`: whether the change is more than the gaps of the two runs (None where the
    figure has no bound).
    """
    if plan.design != "one-at-a-time":
        return pd.DataFrame(columns=list(COLUMNS))
    rows = []
    for scenario in dict.fromkeys(case.scenario for case in cases):
        found = [case for case in cases if case.scenario == scenario and case.has_plan]
        base = next((case for case in found if not case.point), None)
        if base is not None:
            for figure in FIGURES:
                rows += _rows(name, figure, base, found, plan, measure)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    name: str, figure: str, base: Case, cases: Sequence[Case], plan: SweepPlan, measure: Measure | None
) -> list[list[object]]:
    start = base.figure(figure)
    if start is None:
        return []
    known = [(case, value) for case in cases if case.point and (value := case.figure(figure)) is not None]
    blocks: list[tuple[float, list[list[object]]]] = []
    for axis in plan.axes:
        keys = {vary.key for vary in axis}
        mine = [(case, value) for case, value in known if set(case.point) == keys]
        if not mine:
            continue
        values = [start, *(value for _, value in mine)]
        swing = max(values) - min(values)
        told = partial(_told_apart, base, figure=figure, measure=measure)
        head: list[object] = [name, base.scenario or None, figure, name_of(axis)]
        block = [
            [*head, value_text(case.point), case.run, start, value, value - start, swing, told(case)]
            for case, value in mine
        ]
        blocks.append((swing, block))
    return [row for _, block in sorted(blocks, key=lambda pair: -pair[0]) for row in block]


def value_text(point: Point) -> str:
    """The values of a point in one text."""
    return " + ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in point.values())


def _told_apart(base: Case, case: Case, figure: str, measure: Measure | None) -> bool | None:
    if measure is None or figure not in (measure.figure, "objective"):
        return None
    (low, high), (other_low, other_high) = span_of(base, measure), span_of(case, measure)
    if measure.of(base) == measure.of(case):
        return None  # no change to tell
    return high < other_low or other_high < low
