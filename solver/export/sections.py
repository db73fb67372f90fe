"""The parts of the report about one programme."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from solver.export.asked import asked_rows
from solver.export.charts import bar_chart, split_bar
from solver.export.further import further_parts
from solver.export.html import Cell, items, paragraph, table
from solver.export.summary import unit_totals
from solver.export.verdict import decided, proof, why
from solver.words import report as words
from solver.words.columns import field_name
from solver.words.page import around
from solver.words.report import WORDS
from solver.words.sentences import in_words, reasons_in, unit_in_words
from solver.words.speech import Speech

SITES_NAMED = 20
"""Most sites of a kind that a table names."""
PAPER = 300
"""Longer lists of sites are not printed."""
CHARTED = 40
"""Most bars of a chart."""


def reasons(entry: Mapping[str, Any], speech: Speech) -> str:
    """Why there is no plan."""
    conflict, *ways = reasons_in(entry, speech)
    why = WORDS[speech.lang]["why_failed" if entry["ended"] == "failed" else "why_none"]
    said = f"{why}{'：' if speech.zh else ': '}{conflict}"
    return paragraph(said) + (items(ways) if ways else "")


def verdict(entry: Mapping[str, Any], speech: Speech, joint: str | None) -> str:
    """What was decided and how good it is, in sentences."""
    return f'<div class="lead">{paragraph(decided(entry, speech))}{paragraph(proof(entry, speech, joint))}</div>'


def figures(entry: Mapping[str, Any], speech: Speech) -> str:
    """Every figure that is known, one a row."""
    say = WORDS[speech.lang]
    unit = unit_in_words(entry["objective_unit"], speech)
    named = f"{say['objective']} ({escape(unit)})" if unit else say["objective"]
    rows: list[Sequence[str | Cell]] = [[named, _number(entry["objective"], speech)]]
    if entry["bound"] is not None:
        rows.append([say["bound"], _number(entry["bound"], speech)])
        rows.append([say["gap"], Cell(escape(words.gap(entry["gap"], speech)), entry["gap"])])
    kinds = unit_totals(dict(entry))
    rows += [[f"{say['units']}: {escape(kind)}", Cell(f"{total:,}", total)] for kind, total in kinds.items()]
    for key, value in entry["figures"].items():
        if value is not None and not isinstance(value, Mapping | list):
            name = words.figure_name(key, speech) if key != "weight" else words.figure_name("members.weight", speech)
            rows.append([escape(name), _figure(key, value, speech)])
    rows.append([say["seconds"], _number(round(sum(entry["seconds"].values()), 1), speech)])
    return f"<h3>{around('figures', speech)}</h3>" + table([say["figure"], say["value"]], rows, right=[1], sorts=False)


def _number(value: float | None, speech: Speech) -> Cell:
    return Cell(words.number(value, speech), value)


def _figure(key: str, value: Any, speech: Speech) -> Cell:
    """A figure in words; what is not known of a row is a dash."""
    if value is None:
        return Cell("–", None)
    if isinstance(value, str):
        return Cell(escape(in_words(value, speech)), None)
    return Cell(escape(words.figure(key, value, speech)), float(value))


def picture(title: str, content: bytes | None, speech: Speech) -> str:
    """The map as a picture: for paper, and where scripts are not run."""
    if content is None:
        return ""
    code = base64.b64encode(content).decode()
    caption = escape(around("picture", speech, title=title))
    return (
        f'<figure class="still"><img alt="{caption}" src="data:image/png;base64,{code}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def budget(entry: Mapping[str, Any], titles: Mapping[str, str], speech: Speech) -> str:
    """How much of the budget is spent, by programme where several share it."""
    money, cost = entry["budget"], entry["cost"]
    if not money or cost is None:
        return ""
    members = entry["figures"].get("members") or {around("spent", speech): {"cost": cost}}
    bars = [(titles.get(name, name), own["cost"], words.money(own["cost"], speech)) for name, own in members.items()]
    bars.append((around("left", speech), max(money - cost, 0.0), words.money(money - cost, speech)))
    title = around("budget_use", speech)
    return f"<h3>{title}: {words.money(money, speech)}</h3>" + split_bar(bars, title)


def districts(entry: Mapping[str, Any], titles: Mapping[str, str], speech: Speech) -> str:
    """Charts and tables by district, by programme of a joint plan, and by year, where there are any."""
    known = entry["figures"]
    parts: list[str] = []
    for key, title, head, rows in (
        ("by_district", "by_district", "district", known.get("by_district")),
        ("members", "together", "programme", known.get("members")),
        ("money_by_district", "money_by_district", "district", known.get("money_by_district")),
        ("phases", "by_year", "year", entry.get("phases")),
    ):
        if rows and (title == "by_year" or head == "programme" or set(rows) != {"all"}):
            even = {n: v if isinstance(v, Mapping) else {"covered_share": v} for n, v in rows.items()}
            parts += [f"<h3>{WORDS[speech.lang][title]}</h3>", _chart(key, even, speech)]
            parts.append(_rows(even, speech, head=head, key=key, titles=titles))
    return "".join(parts)


def _chart(key: str, rows: Mapping[str, Mapping[str, Any]], speech: Speech) -> str:
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
        made.append(bar_chart(bars, around(axis, speech, unit=unit), most=most))
    return "".join(made)


def _rows(
    rows: Mapping[str, Mapping[str, Any]], speech: Speech, *, head: str, key: str, titles: Mapping[str, str]
) -> str:
    """Rows down, their figures across; lists count, what is unknown of all is left out."""
    plain = {
        name: {k: len(v) if isinstance(v, list) else v for k, v in row.items() if not isinstance(v, Mapping)}
        for name, row in rows.items()
    }
    columns = [c for c in dict.fromkeys(k for row in plain.values() for k in row) if _known(plain, c)]
    body: list[list[str | Cell]] = [
        [escape(titles.get(name, _district(name, speech))), *(_figure(c, row.get(c), speech) for c in columns)]
        for name, row in plain.items()
    ]
    heads = [escape(_head(key, column, titles, speech)) for column in columns]
    return table([WORDS[speech.lang][head], *heads], body, right=range(1, len(columns) + 1))


def _district(name: str, speech: Speech) -> str:
    """A district's name; what lies in none is said in words."""
    return around("no_district", speech) if name == "all" else in_words(name, speech)


def _known(rows: Mapping[str, Mapping[str, Any]], column: str) -> bool:
    return any(row.get(column) is not None for row in rows.values())


def _head(key: str, column: str, titles: Mapping[str, str], speech: Speech) -> str:
    """A figure's name; the money of a programme of a joint plan is called by its title."""
    programme = column.removesuffix("_cost")
    if programme != column and programme in titles:
        return titles[programme]
    return words.figure_name(f"{key}.{column}", speech, column)


def sites(
    entry: Mapping[str, Any], table_of: pd.DataFrame | None, number: int | None, speech: Speech, placed: bool
) -> str:
    """Why these sites, the table of all of them, and a list for paper; `placed` says whether there is a map."""
    parts = []
    if table_of is not None:
        found = why(table_of, entry["figures"], speech)
        if found.sentences:
            parts += [f"<h3>{around('why', speech)}</h3>", *(paragraph(text) for text in found.sentences)]
        for key, part in found.tables:
            parts += [f"<h4>{around(key, speech)}</h4>", _frame(part, speech)]
    parts += _further(entry, speech)
    if number is not None:
        parts += [f'<div class="shown-by-script screen"><h3>{around("all_of_them", speech)}</h3>']
        parts += [
            paragraph(around("sites_note" if placed else "sites_note_alone", speech), "note"),
            f'<div class="sites" data-programme="{number}"></div></div>',
        ]
    return "".join([*parts, _listed(entry, speech)])


def _listed(entry: Mapping[str, Any], speech: Speech) -> str:
    """The ids of the new sites; those of a joint plan are told with its programmes."""
    if entry["figures"].get("members"):
        return ""
    say, new = WORDS[speech.lang], entry["sites"]
    shown = ", ".join(escape(_site(site, entry["units"])) for site in new)
    kept = f" (+ {len(entry['kept_sites']):,} {say['kept']})" if entry["kept_sites"] else ""
    paper = " class=paper" if len(new) <= PAPER else ""
    return f"<details{paper}><summary>{say['sites']}: {len(new):,}{kept}</summary><p>{shown}</p></details>"


def _frame(part: pd.DataFrame, speech: Speech) -> str:
    """A small table of sites."""
    numeric = [i for i, name in enumerate(part.columns) if pd.api.types.is_numeric_dtype(part[name])]
    rows = [
        [
            _figure(str(name), None if pd.isna(v) else float(v) if i in numeric else str(v), speech)
            for i, (name, v) in enumerate(zip(part.columns, row, strict=True))
        ]
        for row in part.itertuples(index=False)
    ]
    heads = [escape(field_name(str(c), speech) if c != "cost" else WORDS[speech.lang]["cost"]) for c in part.columns]
    return table(heads, rows, right=numeric)


def _further(entry: Mapping[str, Any], speech: Speech) -> list[str]:
    """Other plans and what sites are worth, where they were asked for."""
    parts = []
    for part in further_parts(entry, speech, most=SITES_NAMED):
        cells = [[escape(cell) for cell in row] for row in part.rows]
        made = table([escape(h) for h in part.head], cells, right=part.right) if cells else ""
        parts += [f"<h3>{escape(part.title)}</h3>", made, *(paragraph(note, "note") for note in part.notes)]
    return parts


def _site(site: str, units: Mapping[str, Mapping[str, int]]) -> str:
    kinds = units.get(site)
    return f"{site} ({', '.join(f'{n} {kind}' for kind, n in kinds.items())})" if kinds else site


def asked(settings: Mapping[str, Any], speech: Speech, title: str = "asked") -> str:
    """What the study asked for, key by key."""
    rows = [
        [escape(name), escape(value), f"<code>{escape(key)}</code>"]
        for name, value, key in asked_rows(settings, speech)
    ]
    if not rows:
        return ""
    heads = [around(key, speech) for key in ("rule", "value", "key")]
    return f"<h3>{around(title, speech)}</h3>" + table(heads, rows, sorts=False)
