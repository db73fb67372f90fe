"""The charts of a sweep: curve with bounds, cost against value, two keys as a heat map, tornado, indices."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from solver.export.svgchart import COLORS, chart, svg_of
from solver.sweep.cases import Case, Measure, is_lever, world_of
from solver.sweep.design import SAMPLED, SweepPlan, Vary
from solver.sweep.marks import Marks
from solver.words.speech import Speech
from solver.words.sweep import axis_name, figure_name, key_name, label, scale_of, value_text

MOST_LINES = 8
"""Most lines in one chart."""


def curve(cases: Sequence[Case], measure: Measure, plan: SweepPlan, speech: Speech) -> bytes | None:
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
    with chart() as figure:
        axes = figure.subplots()
        for color, (line, found) in zip(COLORS, list(lines.items())[:MOST_LINES], strict=False):
            found = sorted(found, key=lambda case: case.point[key])
            x = np.array([case.point[key] for case in found]) / x_scale
            worth = np.array([_number(measure, case) for case in found]) / y_scale
            bound = np.array([_or(measure.bound_of(case), _number(measure, case)) for case in found]) / y_scale
            if plan.design in SAMPLED:
                axes.vlines(x, np.minimum(worth, bound), np.maximum(worth, bound), color=color, alpha=0.5, lw=3)
                axes.plot(x, worth, "o", color=color, ms=4, label=line_name(line, speech))
            else:
                axes.fill_between(x, worth, bound, color=color, alpha=0.22, lw=0)
                axes.plot(x, worth, "o-", color=color, ms=4, lw=1.6, label=line_name(line, speech))
        axes.set(
            xlabel=axis_name([v.key for v in axis], speech) + x_unit,
            ylabel=figure_name(measure.figure, speech) + y_unit,
        )
        _legend(axes, len(lines))
        return svg_of(figure)


def curve_axis(plan: SweepPlan) -> tuple[Vary, ...] | None:
    """The keys along the curve: the budget, else the number of sites, else the first that is a number."""
    numeric = [axis for axis in plan.axes if axis[0].low is not None or _all_numbers(axis[0].values)]
    for end in (".budget", ".open", ".open_at_most"):
        for axis in numeric:
            if axis[0].key.endswith(end):
                return axis
    levers = [axis for axis in numeric if is_lever(axis[0].key)]
    return next(iter([*levers, *numeric]), None)


def front_chart(cases: Sequence[Case], measure: Measure, marks: Marks, speech: Speech) -> bytes | None:
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
    with chart() as figure:
        axes = figure.subplots()
        for color, (world, found) in zip(COLORS, worlds.items(), strict=False):
            xy = {
                case.run: (_or(case.figure("cost"), 0.0) / x_scale, _number(measure, case) / y_scale) for case in found
            }
            best = sorted({xy[case.run] for case in found if marks.beaten_by[case.run] is None})
            others = [xy[case.run] for case in found if marks.beaten_by[case.run] is not None]
            axes.plot(
                *zip(*best, strict=True),
                "o-",
                color=color,
                ms=6,
                lw=1.4,
                label=world_name(world, speech) or label("base", speech),
            )
            if others:
                axes.plot(*zip(*others, strict=True), "o", mfc="white", mec=color, ms=6)
            for place in best:
                numbers = ", ".join(str(run) for run, other in xy.items() if other == place)
                axes.annotate(numbers, place, xytext=(4, -10), textcoords="offset points", fontsize=8, color="#555555")
        axes.set(xlabel=figure_name("cost", speech) + x_unit, ylabel=figure_name(measure.figure, speech) + y_unit)
        _legend(axes, len(worlds))
        return svg_of(figure)


def heat(cases: Sequence[Case], measure: Measure, plan: SweepPlan, speech: Speech) -> bytes | None:
    """Two keys of a grid across and down, the measure as colour and number; a panel per scenario."""
    if plan.design != "grid" or len(plan.axes) != 2 or min(len(axis[0].values) for axis in plan.axes) < 2:
        return None
    across, down = sorted(plan.axes, key=lambda axis: -len(axis[0].values))
    scenarios = list(dict.fromkeys(case.scenario for case in cases))[:4]
    scale, unit = scale_of(measure.figure, 0.0, speech)
    grids = [_grid(cases, measure, scenario, across[0], down[0]) / scale for scenario in scenarios]
    if all(np.isnan(grid).all() for grid in grids):
        return None
    low, high = float(np.nanmin(grids)), float(np.nanmax(grids))
    width = max(4.6, 1.0 * len(across[0].values) + 2.2)
    with chart(
        width * min(len(scenarios), 2), (0.55 * len(down[0].values) + 1.5) * ((len(scenarios) + 1) // 2)
    ) as figure:
        panels = figure.subplots((len(scenarios) + 1) // 2, min(len(scenarios), 2), squeeze=False)
        for axes, scenario, grid in zip(panels.flat, scenarios, grids, strict=False):
            axes.grid(visible=False)
            shown = axes.imshow(grid, cmap="YlGnBu", vmin=low, vmax=high, aspect="auto", origin="lower")
            for (i, j), value in np.ndenumerate(grid):
                dark = not np.isnan(value) and value > low + 0.6 * (high - low)
                text = "–" if np.isnan(value) else f"{value:.1f}" if scale != 1.0 else f"{value:,.5g}"
                axes.text(j, i, text, ha="center", va="center", fontsize=9, color="white" if dark else "#222222")
            for side, vary in ((axes.xaxis, across[0]), (axes.yaxis, down[0])):
                side.set_ticks(
                    range(len(vary.values)), [value_text(vary.key, v, speech) for v in vary.values], fontsize=8
                )
            axes.set(xlabel=axis_name([v.key for v in across], speech), ylabel=axis_name([v.key for v in down], speech))
            axes.set_title(scenario, fontsize=10)
        for axes in list(panels.flat)[len(scenarios) :]:
            axes.set_visible(False)
        figure.colorbar(shown, ax=panels, label=figure_name(measure.figure, speech) + unit)
        return svg_of(figure)


def tornado_chart(table: pd.DataFrame, figure_key: str, speech: Speech) -> bytes | None:
    """Bars of what every value alone changes, the key of the widest swing on top."""
    rows = table[(table["figure"] == figure_key) & (table["swing"] > 0)]
    keys = list(dict.fromkeys(rows["key"]))
    if not keys:
        return None
    scale, unit = scale_of(figure_key, float(rows["result"].max()), speech)
    with chart(7.4, 0.55 * len(keys) + 1.3) as figure:
        axes = figure.subplots()
        for place, key in enumerate(reversed(keys)):
            for _, row in rows[rows["key"] == key].sort_values("change", key=abs, ascending=False).iterrows():
                change = row["change"] / scale
                hatch = "" if pd.isna(row["told_apart"]) or row["told_apart"] else "///"
                color = COLORS[0] if change >= 0 else COLORS[3]
                axes.barh(place, change, color=color, alpha=0.8, hatch=hatch, height=0.62, ec="white", lw=0.6)
                if change:
                    align = "left" if change > 0 else "right"
                    axes.annotate(
                        f" {_shown(key, row['value'], speech)} ",
                        (change, place),
                        ha=align,
                        va="center",
                        fontsize=8,
                        color="#444444",
                    )
        axes.axvline(0, color="#444444", lw=1)
        names = [axis_name(key.split(" + "), speech) for key in reversed(keys)]
        axes.set_yticks(range(len(keys)), names)
        axes.margins(x=0.15)
        axes.set_xlabel(f"{figure_name(figure_key, speech)}{unit}")
        return svg_of(figure)


def index_chart(table: pd.DataFrame, speech: Speech) -> bytes | None:
    """Indices of one figure by key, with their intervals."""
    keys, kinds = list(dict.fromkeys(table["key"])), list(dict.fromkeys(table["index"]))
    if not keys:
        return None
    with chart(7.4, 0.5 * len(keys) + 1.4) as figure:
        axes = figure.subplots()
        for i, kind in enumerate(kinds):
            part = table[table["index"] == kind].set_index("key").loc[keys]
            place = np.arange(len(keys))[::-1] + (0.2 - 0.4 * i if len(kinds) > 1 else 0.0)
            axes.barh(place, part["value"], height=0.36, color=COLORS[i], alpha=0.85, label=label(kind, speech))
            if part["low"].notna().all():
                ends = np.array([part["value"] - part["low"], part["high"] - part["value"]], dtype=float)
                axes.errorbar(part["value"], place, xerr=np.maximum(ends, 0.0), fmt="none", ecolor="#333333", capsize=3)
        axes.axvline(0, color="#444444", lw=1)
        axes.set_yticks(np.arange(len(keys))[::-1], [axis_name(key.split(" + "), speech) for key in keys])
        axes.set_xlim(min(-0.05, axes.get_xlim()[0]), max(1.0, axes.get_xlim()[1]))
        _legend(axes, 2)
        return svg_of(figure)


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


def _grid(cases: Sequence[Case], measure: Measure, scenario: str, across: Vary, down: Vary) -> Any:
    grid = np.full((len(down.values), len(across.values)), np.nan)
    for case in cases:
        value = measure.of(case) if case.has_plan else None
        if case.scenario == scenario and value is not None:
            grid[down.values.index(case.point[down.key]), across.values.index(case.point[across.key])] = value
    return grid


def _legend(axes: Axes, n_lines: int) -> None:
    """Beside the lines, so that it hides none."""
    if n_lines > 1:
        axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5))


def _ticks(axes: Axes, values: Sequence[float]) -> None:
    """A tick for each value, where they are few."""
    if len(set(values)) <= MOST_LINES:
        axes.set_xticks(sorted(set(values)))


def _all_numbers(values: Sequence[Any]) -> bool:
    return len(values) > 1 and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def _number(measure: Measure, case: Case) -> float:
    return _or(measure.of(case), 0.0)


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
