"""sweep.html: what a sweep says, in charts, tables and short sentences, in one page that needs no internet."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from solver.export.plainpage import page, raw_table, table
from solver.export.svgchart import image
from solver.files.atomic import whole
from solver.files.protect import Guard
from solver.findings import named
from solver.maps.palette import CHANGES, PAGE, ROBUST, rgb
from solver.maps.site_map import SiteClass, sites_png
from solver.sweep.cases import Case, Measure
from solver.sweep.charts import curve, front_chart, heat, index_chart, tornado_chart
from solver.sweep.decide import Decision
from solver.sweep.design import SAMPLED, Vary
from solver.sweep.short import short_lines
from solver.words import report as words
from solver.words.sentences import in_words
from solver.words.speech import ENGLISH, Speech
from solver.words.sweep import axis_name, figure_name, key_name, label, value_text

SITES_SHOWN = 25
CELLS = "td.n,td.h{white-space:nowrap}td.h{text-align:right}.short{background:#f4f8fb;padding:.6em 1em}"


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
    parts = [f"<h1>{escape(title)} – {label('sweep', speech)}</h1>", _design(decision, speech)]
    for name, cases in decision.cases.items():
        parts += _programme(decision, name, cases, speech, roads)
    if decision.notes:
        parts += [
            f"<h2>{label('notes', speech)}</h2>",
            "<ul>" + "".join(f"<li>{escape(in_words(n, speech))}</li>" for n in decision.notes),
        ]
        parts.append("</ul>")
    return page(title, parts, speech, style=CELLS)


def _design(decision: Decision, speech: Speech) -> str:
    plan = decision.plan
    rows = [[label("design", speech), plan.design + (f", {plan.samples}" if plan.samples else "")]]
    if plan.scenarios:
        rows.append([label("scenario", speech), ", ".join(scenario.name for scenario in plan.scenarios)])
    rows += [
        [axis_name([v.key for v in axis], speech), " + ".join(_values(v, speech) for v in axis)] for axis in plan.axes
    ]
    if decision.changed:
        rows.append([words.WORDS[speech.lang]["overrides"], ", ".join(decision.changed)])
    return table([label("varied", speech), label("values", speech)], rows)


def _values(vary: Vary, speech: Speech) -> str:
    if vary.low is not None:
        return f"{value_text(vary.key, vary.low, speech)} – {value_text(vary.key, vary.high, speech)}"
    return str(named([value_text(vary.key, value, speech) for value in vary.values], most=12))


def _programme(
    decision: Decision, name: str, cases: Sequence[Case], speech: Speech, roads: gpd.GeoDataFrame | None
) -> list[str]:
    measure, marks = decision.measures[name], decision.marks[name]
    parts = [f"<h2>{escape(words.title_of(dict(cases[0].entry), name, speech))}</h2>", _short(decision, name, speech)]
    if measure is not None:
        for key, content in (
            ("scatter" if decision.plan.design in SAMPLED else "curve", curve(cases, measure, decision.plan, speech)),
            ("heat", heat(cases, measure, decision.plan, speech)),
            ("front", front_chart(cases, measure, marks, speech)),
            ("tornado", _tornado(decision, name, measure, speech)),
            ("sensitivity", _indices(decision, name, measure, speech)),
        ):
            parts += _chart(key, content, speech)
    parts += _robust(decision.robust.get(name), speech, roads)
    parts += _regret(decision, name, measure, speech)
    parts.append(_all_runs(decision, name, cases, speech))
    return parts


def _chart(key: str, content: bytes | None, speech: Speech) -> list[str]:
    if content is None:
        return []
    head = f"<h3>{label(key, speech)}</h3>"
    try:
        note = [f"<p class=note>{label(f'{key}_note', speech)}</p>"]
    except KeyError:
        note = []
    return [head, image(content, label(key, speech)), *note]


def _tornado(decision: Decision, name: str, measure: Measure, speech: Speech) -> bytes | None:
    rows = decision.tornado
    return tornado_chart(rows[rows["programme"] == name], measure.figure, speech) if len(rows) else None


def _indices(decision: Decision, name: str, measure: Measure, speech: Speech) -> bytes | None:
    rows = decision.sensitivity
    if not len(rows):
        return None
    mine = rows[(rows["programme"] == name) & (rows["figure"] == measure.figure)]
    first = mine["scenario"].iloc[0] if len(mine) else None
    return index_chart(mine[mine["scenario"].isna() if first is None else mine["scenario"] == first], speech)


def _short(decision: Decision, name: str, speech: Speech) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in short_lines(decision, name, speech))
    return f"<div class=short><b>{label('short', speech)}</b><ul>{items}</ul></div>"


def _robust(robust: pd.DataFrame | None, speech: Speech, roads: gpd.GeoDataFrame | None) -> list[str]:
    if robust is None:
        return []
    parts = [f"<h3>{label('robust', speech)}</h3>", f"<p class=note>{label('robust_note', speech)}</p>"]
    if isinstance(robust, gpd.GeoDataFrame):
        content = robust_map(robust, speech, roads)
        parts += [image(content, label("robust", speech), "png")] if content else []
    shown = robust[robust["share"] > 0].head(SITES_SHOWN)
    columns = [c for c in ("name_zh", "名称", "name") if c in shown.columns][:1]
    columns += ["group"] if "group" in shown.columns and shown["group"].astype(bool).any() else []
    heads = [label("site", speech), *(label("group", speech) if c == "group" else "" for c in columns)]
    rows = []
    for _, row in shown.iterrows():
        own = ["" if pd.isna(row[column]) else str(row[column]) for column in columns]
        rows.append([str(row["site_id"]), *own, f"{row['chosen']} / {row['runs']}", words.share(row["share"], speech)])
    return [
        *parts,
        table([*heads, label("runs", speech), label("share", speech)], rows, right=[len(heads), len(heads) + 1]),
    ]


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


def _regret(decision: Decision, name: str, measure: Measure | None, speech: Speech) -> list[str]:
    matrix, plans = decision.regret.matrix, decision.regret.plans
    mine = plans[plans["programme"] == name] if len(plans) else plans
    if not len(mine) or measure is None:
        return []
    parts = [f"<h3>{label('regret', speech)}</h3>", f"<p class=note>{label('regret_note', speech)}</p>"]
    for values, part in mine.groupby("values", dropna=False, sort=False):
        cells = matrix[(matrix["programme"] == name) & matrix["run"].isin(part["run"])]
        scenarios = list(dict.fromkeys(cells["scenario"]))
        top = float(cells["regret_at_most"].max() or 0.0)
        rows = []
        for _, row in part.iterrows():
            mark = f" ({label('best', speech)})" if row["robust"] else ""
            found = cells[cells["run"] == row["run"]].set_index("scenario")
            lost = [_cell(found.loc[scenario], top, speech) for scenario in scenarios]
            ends = [_amount(row["max_regret"], speech), _amount(row["mean_regret"], speech)]
            rows.append([escape(f"{row['plan_of']}{mark}"), *lost, *ends])
        if isinstance(values, str):
            parts.append(f"<p>{escape(axis_name(decision.plan.keys, speech))}: {escape(values)}</p>")
        heads = [label("plan_of", speech), *map(escape, scenarios), label("greatest", speech), label("average", speech)]
        parts.append(raw_table(heads, rows, right=range(1, len(heads))))
    return parts


def _cell(row: Any, top: float, speech: Speech) -> str:
    """A cell of the regret table: the redder the worse; what cannot be carried out says why."""
    if isinstance(row["breaks"], str):
        why, ground = escape(row["breaks"]), PAGE["line"]
        return f'<td class=h title="{why}" style="background:{ground}">{label("not_possible", speech)}</td>'
    lost = row["regret_at_most"]
    if pd.isna(lost):
        return "<td class=h>–</td>"
    red, green, blue = rgb(CHANGES["lost"])
    shade = 0.0 if top <= 0 else min(1.0, float(lost) / top)
    return f'<td class=h style="background:rgb({red} {green} {blue} / {0.55 * shade:.2f})">{_amount(lost, speech)}</td>'


def _all_runs(decision: Decision, name: str, cases: Sequence[Case], speech: Speech) -> str:
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
        row.append(str(named([str(run) for run in marks.not_told_from.get(case.run, ())], most=6)))
        rows.append(row)
    body = table(heads, rows, right=range(1 + len(scenario), len(heads) - 3))
    return f"<details{' open' if len(rows) <= 30 else ''}><summary>{label('table', speech)}</summary>{body}</details>"


def _amount(value: Any, speech: Speech) -> str:
    return "–" if value is None or pd.isna(value) else words.number(float(value), speech)
