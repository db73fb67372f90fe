"""The charts of a sweep: curve with bounds, cost against value, two keys as a heat map, tornado, indices."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from solver.charts.bars import Bar, bar_chart
from solver.charts.heat import Panel, heat_map
from solver.charts.marks import Chart
from solver.charts.plane import Series, plane
from solver.maps.palette import SERIES
from solver.sweep.cases import Case, Measure, is_lever, world_of
from solver.sweep.design import SAMPLED, SweepPlan, Vary
from solver.sweep.marks import Marks
from solver.words.keys import key_name
from solver.words.speech import Speech
from solver.words.sweep import axis_name, figure_name, label, scale_of, value_text

MOST_LINES = 8
"""Most lines in one chart."""


def curve(cases: Sequence[Case], measure: Measure, plan: SweepPlan, speech: Speech) -> Chart | None:
    """The measure over a numeric key, a line for every combination of the others, bounds as bands."""
    axis = curve_axis(plan)
    if axis is None or plan.design == "one-at-a-time":
        return None
    key = axis[0].key
    plans = [case for case in cases if case.has_plan and measure.of(case) is not None]
    if len({case.point[key] for case in plans}) < 2:
        return None
    own = {vary.key for vary in axis}
    lines: dict[tuple[Any, ...], list[Case]] = {}
    for case in plans:
        rest = () if plan.design in SAMPLED else tuple((k, v) for k, v in case.point.items() if k not in own)
        lines.setdefault((case.scenario, *rest), []).append(case)
    tall = max(_number(measure, case) for case in plans)
    x_scale, x_unit = scale_of(key, max(case.point[key] for case in plans), speech)
    y_scale, y_unit = scale_of(measure.figure, tall, speech)
    series = []
    for line, found in list(lines.items())[:MOST_LINES]:
        found = sorted(found, key=lambda case: case.point[key])
        worth = [_number(measure, case) for case in found]
        series.append(
            Series(
                line_name(line, speech),
                [(case.point[key] / x_scale, value / y_scale) for case, value in zip(found, worth, strict=True)],
                [_or(measure.bound_of(case), value) / y_scale for case, value in zip(found, worth, strict=True)],
                joined=plan.design not in SAMPLED,
            )
        )
    whole = x_scale == 1.0 and all(isinstance(case.point[key], int) for case in plans)
    x_name = axis_name([v.key for v in axis], speech) + x_unit
    return plane(series, x_name, figure_name(measure.figure, speech) + y_unit, whole=(whole, False))


def curve_axis(plan: SweepPlan) -> tuple[Vary, ...] | None:
    """The keys along the curve: the budget, else the number of sites, else the first that is a number."""
    numeric = [axis for axis in plan.axes if axis[0].low is not None or _all_numbers(axis[0].values)]
    for end in (".budget", ".open", ".open_at_most"):
        for axis in numeric:
            if axis[0].key.endswith(end):
                return axis
    levers = [axis for axis in numeric if is_lever(axis[0].key)]
    return next(iter([*levers, *numeric]), None)


def front_chart(cases: Sequence[Case], measure: Measure, marks: Marks, speech: Speech) -> Chart | None:
    """Cost against the measure; runs that no other of their conditions beats are filled and joined."""
    plans = [case for case in cases if case.run in marks.beaten_by and case.figure("cost") is not None]
    if len({(case.figure("cost"), measure.of(case)) for case in plans}) < 2:
        return None
    worlds: dict[tuple[Any, ...], list[Case]] = {}
    for case in plans:
        worlds.setdefault(world_of(case), []).append(case)
    if len(worlds) > MOST_LINES:
        return None
    x_scale, x_unit = scale_of("cost", max(_or(case.figure("cost"), 0.0) for case in plans), speech)
    y_scale, y_unit = scale_of(measure.figure, 0.0, speech)
    series = []
    for world, found in worlds.items():
        xy = {case.run: (_or(case.figure("cost"), 0.0) / x_scale, _number(measure, case) / y_scale) for case in found}
        best = sorted({xy[case.run] for case in found if marks.beaten_by[case.run] is None})
        series.append(
            Series(
                world_name(world, speech) or label("base", speech),
                best,
                notes=[", ".join(str(run) for run, other in xy.items() if other == place) for place in best],
                beside=[xy[case.run] for case in found if marks.beaten_by[case.run] is not None],
            )
        )
    return plane(series, figure_name("cost", speech) + x_unit, figure_name(measure.figure, speech) + y_unit)


def heat(cases: Sequence[Case], measure: Measure, plan: SweepPlan, speech: Speech) -> Chart | None:
    """Two keys of a grid across and down, the measure as colour and number; a panel per scenario."""
    if plan.design != "grid" or len(plan.axes) != 2 or min(len(axis[0].values) for axis in plan.axes) < 2:
        return None
    across, down = sorted(plan.axes, key=lambda axis: -len(axis[0].values))
    scenarios = list(dict.fromkeys(case.scenario for case in cases))[:4]
    scale, unit = scale_of(measure.figure, 0.0, speech)
    grids = [_grid(cases, measure, scenario, across[0], down[0], scale) for scenario in scenarios]
    known = [value for grid in grids for row in grid for value in row if value is not None]
    if not known:
        return None

    def words(value: float | None) -> str:
        return "–" if value is None else f"{value:.1f}" if scale != 1.0 else f"{value:,.5g}"

    def axis(side: tuple[Vary, ...]) -> tuple[str, list[str]]:
        values = [value_text(side[0].key, value, speech) for value in side[0].values]
        return axis_name([vary.key for vary in side], speech), values

    panels = [
        Panel(scenario, grid, [[words(value) for value in row] for row in grid])
        for scenario, grid in zip(scenarios, grids, strict=True)
    ]
    figure = figure_name(measure.figure, speech) + unit
    return heat_map(panels, axis(across), axis(down), figure, (words(min(known)), words(max(known))))


def tornado_chart(table: pd.DataFrame, figure_key: str, speech: Speech) -> Chart | None:
    """Bars of what every value alone changes, the key of the widest swing on top."""
    rows = table[(table["figure"] == figure_key) & (table["swing"] > 0)]
    keys = list(dict.fromkeys(rows["key"]))
    if not keys:
        return None
    scale, unit = scale_of(figure_key, float(rows["result"].max()), speech)
    sides = {key: list(np.sign(rows[rows["key"] == key]["change"])) for key in keys}
    overlaid = all(own.count(1) <= 1 and own.count(-1) <= 1 for own in sides.values())
    drawn = []
    for key in keys:
        found = rows[rows["key"] == key].sort_values("change", key=abs, ascending=False)
        bars = [
            Bar(
                row["change"] / scale,
                _shown(key, row["value"], speech) if row["change"] else "",
                SERIES[0] if row["change"] >= 0 else SERIES[4],
                unsure=not (pd.isna(row["told_apart"]) or row["told_apart"]),
            )
            for _, row in found.iterrows()
        ]
        drawn.append((axis_name(key.split(" + "), speech), bars))
    return bar_chart(drawn, f"{figure_name(figure_key, speech)}{unit}", overlaid=overlaid)


def index_chart(table: pd.DataFrame, speech: Speech) -> Chart | None:
    """Indices of one figure by key, with their intervals."""
    keys, kinds = list(dict.fromkeys(table["key"])), list(dict.fromkeys(table["index"]))
    if not keys:
        return None
    rows = []
    for key in keys:
        found = table[table["key"] == key].set_index("index")
        bars = [_index(found.loc[kind], SERIES[i]) for i, kind in enumerate(kinds)]
        rows.append((axis_name(key.split(" + "), speech), bars))
    colors = [(label(kind, speech), SERIES[i]) for i, kind in enumerate(kinds)]
    if len(kinds) == 1:
        return bar_chart(rows, label(kinds[0], speech), most=1.0)
    return bar_chart(rows, label("sensitivity", speech), most=1.0, names=colors)


def _index(row: Any, color: str) -> Bar:
    """The bar of an index, with its interval where one is known."""
    known = not (pd.isna(row["low"]) or pd.isna(row["high"]))
    low, high = (min(row["low"], row["value"]), max(row["high"], row["value"])) if known else (0.0, 0.0)
    return Bar(float(row["value"]), "", color, (float(low), float(high)) if known else None)


def _shown(key: str, text: str, speech: Speech) -> str:
    """A value of the table as people read it."""
    try:
        number = float(text)
    except ValueError:
        return text
    return value_text(key, int(number) if number.is_integer() else number, speech)


def line_name(line: tuple[Any, ...], speech: Speech) -> str:
    """Scenario and values of a line in words."""
    scenario, *rest = line
    parts = [scenario] if scenario else []
    parts += [f"{key_name(key, speech)} {value_text(key, value, speech)}" for key, value in rest]
    return speech.comma.join(parts)


def world_name(world: tuple[Any, ...], speech: Speech) -> str:
    """A world in words; "" for the only one."""
    pairs = [text.partition("=") for text in world[1:]]
    return speech.comma.join(
        [*([world[0]] if world[0] else []), *(f"{key_name(key, speech)} {value}" for key, _, value in pairs)]
    )


def _grid(
    cases: Sequence[Case], measure: Measure, scenario: str, across: Vary, down: Vary, scale: float
) -> list[list[float | None]]:
    """Rows of `down`, columns of `across`: the measure, None where there is no plan."""
    grid: list[list[float | None]] = [[None] * len(across.values) for _ in down.values]
    for case in cases:
        value = measure.of(case) if case.has_plan else None
        if case.scenario == scenario and value is not None:
            row, column = down.values.index(case.point[down.key]), across.values.index(case.point[across.key])
            grid[row][column] = value / scale
    return grid


def _all_numbers(values: Sequence[Any]) -> bool:
    return len(values) > 1 and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def _number(measure: Measure, case: Case) -> float:
    return _or(measure.of(case), 0.0)


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
