"""The parts of the report about one programme, as plain values: the page puts them into HTML."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from solver.charts.bars import named_bars, split_bar
from solver.charts.marks import Chart
from solver.export.asked import asked_rows
from solver.export.further import further_parts
from solver.export.pages import Cell, Row, Table, number_cell, picture_source
from solver.export.summary import unit_totals
from solver.export.verdict import Why, decided, proof, why
from solver.words import report as words
from solver.words.columns import field_name
from solver.words.names import counted, names_in
from solver.words.page import around
from solver.words.report import WORDS
from solver.words.speech import Speech
from solver.words.units import unit_in_words

SITES_NAMED = 20
"""Most sites of a kind that a table names."""
PAPER = 300
"""Longer lists of sites are not printed."""
CHARTED = 40
"""Most bars of a chart."""


@dataclass(frozen=True)
class Part:
    """A title, and below it charts, a table and notes."""

    title: str
    table: Table | None = None
    charts: Sequence[Chart] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Sites:
    """The ids of the new sites, how many there are, and whether paper shows them."""

    head: str
    ids: str
    paper: bool


@dataclass(frozen=True)
class Plan:
    """What the page says of a plan; `number` is its place among the programmes that scripts show."""

    verdict: Sequence[str]
    number: int | None
    picture: str | None
    caption: str
    parts: Sequence[Part]
    why: Sequence[str]
    why_tables: Sequence[Part]
    further: Sequence[Part]
    sites: Sites | None


@dataclass(frozen=True)
class Programme:
    """What the page says of a programme: reasons where there is no plan, the plan, and what the study asked for."""

    name: str
    title: str
    reasons: Sequence[str]
    plan: Plan | None
    asked: Table | None


def reasons(entry: Mapping[str, Any], speech: Speech) -> list[str]:
    """Why there is no plan, then what would help."""
    told = entry.get("reasons_zh") if speech.zh else None
    conflict, *ways = told or entry["reasons"]  # earlier versions had English only
    why = WORDS[speech.lang]["why_failed" if entry["ended"] == "failed" else "why_none"]
    return [f"{why}{speech.colon}{conflict}", *ways]


def asked(settings: Mapping[str, Any], speech: Speech) -> Table | None:
    """What the study asked for, key by key."""
    rows: list[Row] = [[name, value, Cell(key, kind="code")] for name, value, key in asked_rows(settings, speech)]
    return Table([around(key, speech) for key in ("rule", "value", "key")], rows, sorts=False) if rows else None


def plan_of(
    entry: Mapping[str, Any],
    speech: Speech,
    title: str,
    *,
    picture: bytes | None,
    number: int | None,
    sites: pd.DataFrame | None,
    titles: Mapping[str, str],
    joint: str | None,
) -> Plan:
    """What the page says of a plan in hand, with its table of `sites`.

    `titles` are those of the programmes of a joint plan, `joint` that of the joint plan that this one is part of.
    """
    names = names_in(entry.get("settings", {}), speech)
    found = Why([], []) if sites is None else why(sites, entry["figures"], speech)
    return Plan(
        verdict=[decided(entry, speech), proof(entry, speech, joint)],
        number=number,
        picture=None if picture is None else picture_source(picture),
        caption=around("picture", speech, title=title),
        parts=[*_budget(entry, titles, speech), _figures(entry, speech), *_districts(entry, titles, speech)],
        why=found.sentences,
        why_tables=[Part(around(key, speech), _frame(part, names, speech)) for key, part in found.tables],
        further=[
            Part(part.title, Table(part.head, part.rows, part.right) if part.rows else None, notes=part.notes)
            for part in further_parts(entry, speech, most=SITES_NAMED)
        ],
        sites=_listed(entry, speech),
    )


def _budget(entry: Mapping[str, Any], titles: Mapping[str, str], speech: Speech) -> Iterator[Part]:
    """How much of the budget is spent, by programme where several share it."""
    money, cost = entry["budget"], entry["cost"]
    if not money or cost is None:
        return
    members = entry["figures"].get("members") or {around("spent", speech): {"cost": cost}}
    bars = [(titles.get(name, name), own["cost"], words.money(own["cost"], speech)) for name, own in members.items()]
    bars.append((around("left", speech), max(money - cost, 0.0), words.money(money - cost, speech)))
    title = around("budget_use", speech)
    yield Part(f"{title}{speech.colon}{words.money(money, speech)}", charts=[split_bar(bars, title, speech.colon)])


def _figures(entry: Mapping[str, Any], speech: Speech) -> Part:
    """Every figure that is known, one a row."""
    say = WORDS[speech.lang]
    unit = unit_in_words(entry["objective_unit"], speech)
    named = say["objective"] + (words.bracketed(unit, speech) if unit else "")
    rows: list[Row] = [[named, _number(entry["objective"], speech)]]
    if entry["bound"] is not None:
        rows.append([say["bound"], _number(entry["bound"], speech)])
        rows.append([say["gap"], number_cell(words.gap(entry["gap"], speech), entry["gap"])])
    kinds, names = unit_totals(dict(entry)), names_in(entry.get("settings", {}), speech)
    rows += [
        [f"{say['units']}{speech.colon}{names.get(kind, kind)}", number_cell(f"{total:,}", total)]
        for kind, total in kinds.items()
    ]
    told = entry["figures"]
    for key, value in told.items():
        if value is not None and not isinstance(value, Mapping | list) and not key.endswith("_zh"):
            name = words.figure_name(key, speech) if key != "weight" else words.figure_name("members.weight", speech)
            rows.append([name, _figure(key, told.get(f"{key}_zh", value) if speech.zh else value, speech)])
    rows.append([say["seconds"], _number(round(sum(entry["seconds"].values()), 1), speech)])
    return Part(around("figures", speech), Table([say["figure"], say["value"]], rows, right=[1], sorts=False))


def _number(value: float | None, speech: Speech) -> Cell:
    return number_cell(words.number(value, speech), value)


def _figure(key: str, value: Any, speech: Speech) -> Cell:
    """A figure in words; what is not known of a row is a dash."""
    if value is None:
        return number_cell("–", None)
    if isinstance(value, str):
        return number_cell(speech.comma.join(map(speech.sentence, value.split(", "))), None)
    return number_cell(words.figure(key, value, speech), float(value))


def _districts(entry: Mapping[str, Any], titles: Mapping[str, str], speech: Speech) -> Iterator[Part]:
    """Charts and tables by district, by programme of a joint plan, and by year, where there are any."""
    known = entry["figures"]
    for key, title, head, rows in (
        ("by_district", "by_district", "district", known.get("by_district")),
        ("members", "together", "programme", known.get("members")),
        ("money_by_district", "money_by_district", "district", known.get("money_by_district")),
        ("phases", "by_year", "year", entry.get("phases")),
    ):
        if rows and (title == "by_year" or head == "programme" or set(rows) != {"all"}):
            even = {n: v if isinstance(v, Mapping) else {"covered_share": v} for n, v in rows.items()}
            yield Part(
                WORDS[speech.lang][title],
                _rows(even, speech, head=head, key=key, titles=titles),
                _charts(key, even, speech),
            )


def _charts(key: str, rows: Mapping[str, Mapping[str, Any]], speech: Speech) -> list[Chart]:
    """Bars of the share covered, and of the cost, where the rows have them."""
    made = []
    year = key == "phases"
    names = {name: _district(name, speech) for name in list(rows)[:CHARTED]}
    money, unit = speech.currency.scale(0.0, zh=speech.zh)
    for column, axis, scale, most in (
        ("covered_share", "share_by_year" if year else "share_by_district", 100.0, 100.0),
        ("cost", "cost_by_year" if year else "cost_by_district", 1 / money, None),
    ):
        values = {name: rows[name].get(column) for name in names}
        if key == "members" or all(value is None for value in values.values()):
            continue
        bars = [
            (names[n], None if v is None else v * scale, "–" if v is None else words.figure(column, v, speech))
            for n, v in values.items()
        ]
        made.append(named_bars(bars, around(axis, speech, unit=unit), most=most))
    return made


def _rows(
    rows: Mapping[str, Mapping[str, Any]], speech: Speech, *, head: str, key: str, titles: Mapping[str, str]
) -> Table:
    """Rows down, their figures across; lists count, what is unknown of all is left out."""
    plain = {
        name: {k: len(v) if isinstance(v, list) else v for k, v in row.items() if not isinstance(v, Mapping)}
        for name, row in rows.items()
    }
    columns = [c for c in dict.fromkeys(k for row in plain.values() for k in row) if _known(plain, c)]
    body: list[Row] = [
        [titles.get(name, _district(name, speech)), *(_figure(c, row.get(c), speech) for c in columns)]
        for name, row in plain.items()
    ]
    heads = [_head(key, column, titles, speech) for column in columns]
    return Table([WORDS[speech.lang][head], *heads], body, right=range(1, len(columns) + 1))


def _district(name: str, speech: Speech) -> str:
    """A district's name; what lies in none is said in words."""
    return around("no_district", speech) if name == "all" else speech.sentence(name)


def _known(rows: Mapping[str, Mapping[str, Any]], column: str) -> bool:
    return any(row.get(column) is not None for row in rows.values())


def _head(key: str, column: str, titles: Mapping[str, str], speech: Speech) -> str:
    """A figure's name; the money of a programme of a joint plan is called by its title."""
    programme = column.removesuffix("_cost")
    if programme != column and programme in titles:
        return titles[programme]
    return words.figure_name(f"{key}.{column}", speech, column)


def _listed(entry: Mapping[str, Any], speech: Speech) -> Sites | None:
    """The ids of the new sites; those of a joint plan are told with its programmes."""
    if entry["figures"].get("members"):
        return None
    say, new = WORDS[speech.lang], entry["sites"]
    kept = words.bracketed(f"+ {len(entry['kept_sites']):,} {say['kept']}", speech) if entry["kept_sites"] else ""
    names = names_in(entry.get("settings", {}), speech)
    ids = words.listed([_site(site, entry["units"].get(site, {}), names, speech) for site in new], speech)
    return Sites(f"{say['sites']}{speech.colon}{len(new):,}{kept}", ids, paper=len(new) <= PAPER)


def _site(site: str, units: Mapping[str, int], names: Mapping[str, str], speech: Speech) -> str:
    return site + (words.bracketed(words.listed(counted(units, names, speech), speech), speech) if units else "")


def _frame(part: pd.DataFrame, names: Mapping[str, str], speech: Speech) -> Table:
    """A small table of sites."""
    if "tier" in part.columns:
        part = part.assign(tier=[names.get(tier, tier) for tier in part["tier"]])
    numeric = [i for i, name in enumerate(part.columns) if pd.api.types.is_numeric_dtype(part[name])]
    rows = [
        [
            _figure(str(name), None if pd.isna(v) else float(v) if i in numeric else str(v), speech)
            for i, (name, v) in enumerate(zip(part.columns, row, strict=True))
        ]
        for row in part.itertuples(index=False)
    ]
    heads = [field_name(str(c), speech) if c != "cost" else WORDS[speech.lang]["cost"] for c in part.columns]
    return Table(heads, rows, right=numeric)
