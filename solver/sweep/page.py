"""sweep.html: what a sweep says, in charts, tables and short sentences, in one page that needs no internet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from models.messages import worded
from solver.charts.marks import Chart
from solver.export.pages import Cell, Table, page, picture_source
from solver.files.atomic import whole
from solver.files.protect import Guard
from solver.findings import named
from solver.maps.palette import CHANGES, ROBUST, faded
from solver.maps.site_map import SiteClass, sites_png
from solver.sweep.cases import Case, Measure
from solver.sweep.charts import curve, front_chart, heat, index_chart, tornado_chart
from solver.sweep.decide import Decision
from solver.sweep.design import SAMPLED, Vary
from solver.sweep.short import short_lines
from solver.words import report as words
from solver.words.keys import key_name
from solver.words.speech import ENGLISH, Speech
from solver.words.sweep import WORDS, axis_name, figure_name, label, value_text

SITES_SHOWN = 25


def write_page(
    decision: Decision,
    path: Path,
    guard: Guard,
    *,
    title: str,
    speech: Speech = ENGLISH,
    roads: gpd.GeoDataFrame | None = None,
) -> None:
    """Write the page, whole or not at all."""
    with whole(path, guard) as draft:
        draft.write_text(page_html(decision, title=title, speech=speech, roads=roads), encoding="utf-8")


def page_html(
    decision: Decision, *, title: str, speech: Speech = ENGLISH, roads: gpd.GeoDataFrame | None = None
) -> str:
    """The page of a sweep; `roads` lie under the maps."""
    return page(
        "sweep.html",
        speech,
        title=title,
        heading=f"{title} – {label('sweep', speech)}",
        label=lambda key: label(key, speech),
        design=_design(decision, speech),
        programmes=[_programme(decision, name, cases, speech, roads) for name, cases in decision.cases.items()],
        notes=[note.worded(speech) for note in decision.notes],
    )


@dataclass(frozen=True)
class Part:
    """A chart or a table of the page, with its title and notes."""

    title: str = ""
    chart: Chart | None = None
    table: Table | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Programme:
    """What the page says of a programme."""

    title: str
    short: Sequence[str]
    charts: Sequence[Part]
    robust: Table | None
    robust_map: str | None
    regret: Sequence[Part]
    runs: Table


def _design(decision: Decision, speech: Speech) -> Table:
    plan = decision.plan
    rows = [[label("design", speech), plan.design + (f"{speech.comma}{plan.samples}" if plan.samples else "")]]
    if plan.scenarios:
        rows.append([label("scenario", speech), speech.comma.join(scenario.name for scenario in plan.scenarios)])
    rows += [
        [axis_name([v.key for v in axis], speech), " + ".join(_values(v, speech) for v in axis)] for axis in plan.axes
    ]
    if decision.changed:
        rows.append([words.WORDS[speech.lang]["overrides"], speech.comma.join(decision.changed)])
    return Table([label("varied", speech), label("values", speech)], rows, sorts=False)


def _values(vary: Vary, speech: Speech) -> str:
    if vary.low is not None:
        return f"{value_text(vary.key, vary.low, speech)} – {value_text(vary.key, vary.high, speech)}"
    return worded(named([value_text(vary.key, value, speech) for value in vary.values], most=12), speech)


def _programme(
    decision: Decision, name: str, cases: Sequence[Case], speech: Speech, roads: gpd.GeoDataFrame | None
) -> Programme:
    measure, robust = decision.measures[name], decision.robust.get(name)
    drawn = robust_map(robust, speech, roads) if isinstance(robust, gpd.GeoDataFrame) else None
    return Programme(
        title=words.title_of(dict(cases[0].entry), name, speech),
        short=short_lines(decision, name, speech),
        charts=[] if measure is None else list(_charts(decision, name, cases, measure, speech)),
        robust=None if robust is None else _robust(robust, speech),
        robust_map=None if drawn is None else picture_source(drawn),
        regret=_regret(decision, name, measure, speech),
        runs=_all_runs(decision, name, cases, speech),
    )


def _charts(decision: Decision, name: str, cases: Sequence[Case], measure: Measure, speech: Speech) -> Iterator[Part]:
    """The charts that the design allows, each with what its marks mean."""
    plan = decision.plan
    for key, content in (
        ("scatter" if plan.design in SAMPLED else "curve", curve(cases, measure, plan, speech)),
        ("heat", heat(cases, measure, plan, speech)),
        ("front", front_chart(cases, measure, decision.marks[name], speech)),
        ("tornado", _tornado(decision, name, measure, speech)),
        ("sensitivity", _indices(decision, name, measure, speech)),
    ):
        if content is not None:
            note = f"{key}_note"
            yield Part(
                label(key, speech),
                content,
                notes=[label(note, speech)] if note in WORDS else [],
            )


def _tornado(decision: Decision, name: str, measure: Measure, speech: Speech) -> Chart | None:
    rows = decision.tornado
    return tornado_chart(rows[rows["programme"] == name], measure.figure, speech) if len(rows) else None


def _indices(decision: Decision, name: str, measure: Measure, speech: Speech) -> Chart | None:
    rows = decision.sensitivity
    if not len(rows):
        return None
    mine = rows[(rows["programme"] == name) & (rows["figure"] == measure.figure)]
    first = mine["scenario"].iloc[0] if len(mine) else None
    return index_chart(mine[mine["scenario"].isna() if first is None else mine["scenario"] == first], speech)


def _robust(robust: pd.DataFrame, speech: Speech) -> Table:
    """The sites that most plans open."""
    shown = robust[robust["share"] > 0].head(SITES_SHOWN)
    columns = [c for c in ("name_zh", "名称", "name") if c in shown.columns][:1]
    columns += ["group"] if "group" in shown.columns and shown["group"].astype(bool).any() else []
    heads = [label("site", speech), *(label("group", speech) if c == "group" else "" for c in columns)]
    rows = []
    for _, row in shown.iterrows():
        own = ["" if pd.isna(row[column]) else str(row[column]) for column in columns]
        rows.append([str(row["site_id"]), *own, f"{row['chosen']} / {row['runs']}", words.share(row["share"], speech)])
    ends = (len(heads), len(heads) + 1)
    return Table([*heads, label("runs", speech), label("share", speech)], rows, ends, sorts=False)


def robust_map(robust: gpd.GeoDataFrame, speech: Speech, roads: gpd.GeoDataFrame | None) -> bytes | None:
    """The candidates by the share of plans that open them."""
    share = robust["share"].to_numpy(dtype=float)
    classes = [
        SiteClass(share <= 0, "in no plan", "从未选中", ROBUST["never"], 14),
        SiteClass((share > 0) & (share < 0.5), "in fewer than half", "少于半数方案", ROBUST["seldom"], 50),
        SiteClass((share >= 0.5) & (share < 1), "in half or more", "半数及以上方案", ROBUST["often"], 70),
        SiteClass(share >= 1, "in every plan", "每个方案", ROBUST["always"], 95),
    ]
    return sites_png(robust, classes, roads=roads, title="", speech=speech)


def _regret(decision: Decision, name: str, measure: Measure | None, speech: Speech) -> list[Part]:
    """What every plan loses in every scenario; a table for each combination of what a planner decides."""
    matrix, plans = decision.regret.matrix, decision.regret.plans
    mine = plans[plans["programme"] == name] if len(plans) else plans
    if not len(mine) or measure is None:
        return []
    parts = []
    for values, part in mine.groupby("values", dropna=False, sort=False):
        cells = matrix[(matrix["programme"] == name) & matrix["run"].isin(part["run"])]
        scenarios = list(dict.fromkeys(cells["scenario"]))
        top = float(cells["regret_at_most"].max() or 0.0)
        rows = []
        for _, row in part.iterrows():
            mark = words.bracketed(label("best", speech), speech) if row["robust"] else ""
            found = cells[cells["run"] == row["run"]].set_index("scenario")
            lost = [_cell(found.loc[scenario], top, speech) for scenario in scenarios]
            ends = [_amount(row["max_regret"], speech), _amount(row["mean_regret"], speech)]
            rows.append([f"{row['plan_of']}{mark}", *lost, *ends])
        notes = [f"{axis_name(decision.plan.keys, speech)}{speech.colon}{values}"] if isinstance(values, str) else []
        heads = [label("plan_of", speech), *scenarios, label("greatest", speech), label("average", speech)]
        parts.append(Part(table=Table(heads, rows, range(1, len(heads)), sorts=False), notes=notes))
    return parts


def _cell(row: Any, top: float, speech: Speech) -> str | Cell:
    """A cell of the regret table: the redder the worse; what cannot be carried out says why."""
    if isinstance(row["breaks"], str):
        return Cell(label("not_possible", speech), ground="var(--line)", why=row["breaks"])
    lost = row["regret_at_most"]
    if pd.isna(lost):
        return "–"
    shade = 0.0 if top <= 0 else min(1.0, float(lost) / top)
    return Cell(_amount(lost, speech), ground=faded(CHANGES["lost"], 0.55 * shade))


def _all_runs(decision: Decision, name: str, cases: Sequence[Case], speech: Speech) -> Table:
    """Every run with its values and what came of it."""
    measure, marks = decision.measures[name], decision.marks[name]
    keys = decision.plan.keys
    scenario = [label("scenario", speech)] if decision.plan.scenarios else []
    figure = [figure_name(measure.figure, speech)] if measure else []
    other = ["new_sites", "cost", "gap", "ended"]
    heads = [label("run", speech), *scenario, *(key_name(k, speech) for k in keys), *figure]
    heads += [words.WORDS[speech.lang][key] for key in other] + [label("front", speech), label("not_told", speech)]
    rows = []
    for case in cases:
        row = [str(case.run), *([case.scenario] if scenario else [])]
        row += [value_text(key, case.point[key], speech) if key in case.point else "–" for key in keys]
        if measure:
            row.append(words.figure(measure.figure, measure.of(case), speech) if case.has_plan else "–")
        row.append(f"{len(case.entry['sites']):,}" if case.has_plan else "–")
        row.append(words.money(case.figure("cost"), speech) if case.has_plan else "–")
        row += [words.gap(case.figure("gap"), speech), words.WORDS[speech.lang][case.entry["ended"]]]
        beaten = marks.beaten_by.get(case.run) if case.run in marks.beaten_by else 0
        by = label("unbeaten", speech) if beaten is None else f"{label('beaten', speech)}{speech.colon}{beaten}"
        row.append("" if beaten == 0 else by)
        row.append(worded(named([str(run) for run in marks.not_told_from.get(case.run, ())], most=6), speech))
        rows.append(row)
    return Table(heads, rows, range(1 + len(scenario), len(heads) - 3), sorts=False)


def _amount(value: Any, speech: Speech) -> str:
    return "–" if value is None or pd.isna(value) else words.number(float(value), speech)
