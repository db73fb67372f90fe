"""Which keys matter: indices of every figure over a sweep's runs, with intervals and a plain word on their worth."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.messages import Message, say
from solver.sweep.cases import Case
from solver.sweep.design import Point, SweepPlan, Vary, name_of, points_of, sampled_points
from solver.sweep.indices import Index, of_grid, pick_freeze, rank_correlations

FIGURES = ("covered_share", "objective", "cost", "mean_travel_min", "mean_travel_m")
COLUMNS = ("programme", "scenario", "figure", "key", "index", "value", "low", "high", "runs", "enough")
WIDE = 0.2
"""An interval wider than twice this says too little: there are too few samples."""
FEWEST = 16
"""Fewer samples than this say too little however narrow the interval that they give."""


def sensitivity(name: str, cases: Sequence[Case], plan: SweepPlan) -> pd.DataFrame:
    """One row per figure, scenario, key and index; empty where the design allows none.

    saltelli: `first` and `total` order of Sobol'. grid: the same, exact over the grid. lhs, sobol: `rank_correlation`.
    `enough`: whether the interval is narrow enough to rely on.
    """
    rows: list[list[object]] = []
    for scenario in dict.fromkeys(case.scenario for case in cases) if len(plan.axes) else ():
        mine = {repr(case.point): case for case in cases if case.scenario == scenario and case.has_plan}
        for figure in FIGURES:
            known = {point: value for point, case in mine.items() if (value := case.figure(figure)) is not None}
            for key, kind, index, n in _indices(plan, known):
                told = [index.value, index.low, index.high, n, _is_enough(index, plan, n)]
                rows.append([name, scenario or None, figure, key, kind, *told])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _is_enough(index: Index, plan: SweepPlan, n_runs: int) -> bool:
    if index.low is None or index.high is None:
        return True
    samples = n_runs // (len(plan.axes) + 2) if plan.design == "saltelli" else n_runs
    return samples >= FEWEST and index.high - index.low <= 2 * WIDE


def _indices(plan: SweepPlan, known: dict[str, float]) -> list[tuple[str, str, Index, int]]:
    """Key, kind, index and number of runs behind it."""
    if len(known) < 2:
        return []
    names = [name_of(axis) for axis in plan.axes]
    if plan.design == "saltelli":
        pairs, n = _saltelli(plan, known)
    elif plan.design == "grid":
        pairs, n = _grid(plan, known)
    elif plan.design in ("lhs", "sobol"):
        points = [point for point in points_of(plan) if repr(point) in known]
        inputs = np.array([[_number(point, axis[0]) for axis in plan.axes] for point in points])
        ranks = rank_correlations(inputs, np.array([known[repr(point)] for point in points]))
        return [(key, "rank_correlation", index, len(points)) for key, index in zip(names, ranks, strict=False)]
    else:
        return []
    both = [(key, kind, pair[i], n) for key, pair in zip(names, pairs, strict=False) for i, kind in enumerate(KINDS)]
    return sorted(both, key=lambda row: row[1])


KINDS = ("first", "total")


def _saltelli(plan: SweepPlan, known: dict[str, float]) -> tuple[list[tuple[Index, Index]], int]:
    """The indices, and the number of runs of samples all of whose runs have a plan."""
    n_axes = len(plan.axes)
    values = np.array([known.get(repr(point), np.nan) for point in sampled_points(plan)]).reshape(-1, n_axes + 2)
    whole = values[~np.isnan(values).any(axis=1)]
    return pick_freeze(whole[:, 0], whole[:, 1], whole[:, 2:], seed=plan.seed), whole.size


def _grid(plan: SweepPlan, known: dict[str, float]) -> tuple[list[tuple[Index, Index]], int]:
    """Exact indices where every point of the grid has a plan and there are two keys or more; else none."""
    shape = [len(axis[0].values) for axis in plan.axes]
    points = points_of(plan)
    if len(shape) < 2 or len(points) != np.prod(shape) or any(repr(point) not in known for point in points):
        return [], 0
    return of_grid(np.array([known[repr(point)] for point in points]).reshape(shape)), len(points)


def _number(point: Point, vary: Vary) -> float:
    """The value as a number; the position in its list where it is none."""
    value = point[vary.key]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return float(vary.values.index(value))


def few_samples(table: pd.DataFrame) -> Message | None:
    """A plain sentence where intervals are too wide to rely on; None where they are not."""
    poor = table[~table["enough"].astype(bool)]
    if poor.empty:
        return None
    return say(
        "{n} of {indices} sensitivity indices have an interval wider than {wide:g} or come from fewer than {fewest} "
        "samples: too few samples to rely on them; ask for more --samples (what is there is kept, except with lhs)",
        n=len(poor),
        indices=len(table),
        wide=2 * WIDE,
        fewest=FEWEST,
    )
