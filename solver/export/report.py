"""report.html: the summary, the figures and the maps of a result in one plain page that needs no internet."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from solver.export import words
from solver.export.further import further_parts
from solver.export.summary import unit_totals
from solver.export.words import WORDS

STYLE = """
body{font:15px/1.5 "Segoe UI","Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif;color:#222;
  max-width:1000px;margin:2em auto;padding:0 1em}
h1{font-size:1.6em}h2{font-size:1.25em;margin-top:2em;border-bottom:1px solid #ccc}
table{border-collapse:collapse;margin:.8em 0}th,td{padding:.25em .8em;border-bottom:1px solid #ddd;text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}th{background:#f5f5f5}
img{max-width:100%;border:1px solid #ddd}.note{color:#666}.no{color:#b22}code{font-size:.9em}
@media print{body{max-width:none}h2{break-after:avoid}img,table{break-inside:avoid}}
"""
SITES_NAMED = 20
"""Most sites of a kind that a table names."""


def report_html(document: Mapping[str, Any], pictures: Mapping[str, bytes], *, lang: str = "en") -> str:
    """The page of a result's document (result.json) with `pictures` (programme -> PNG) set into it."""
    say = WORDS[lang]
    title = words.title_of(dict(document), document["study"], lang)
    parts = [f"<h1>{escape(title)}</h1>", _summary(document, lang)]
    if document["overrides"]:
        items = "".join(f"<li><code>{escape(text)}</code></li>" for text in document["overrides"])
        parts.append(f"<p>{say['overrides']}:</p><ul>{items}</ul>")
    for name, entry in document["programmes"].items():
        parts += _programme(name, entry, pictures.get(name), lang)
    rows = [(file, f"<code>{escape(sha)}</code>") for file, sha in document["inputs"].items()]
    parts += [f"<h2>{say['inputs']}</h2>", _table([say["file"], "sha256"], [[escape(f), s] for f, s in rows])]
    versions = ", ".join(f"{escape(k)} {escape(v)}" for k, v in document["versions"].items())
    parts += [f"<h2>{say['versions']}</h2>", f"<p class=note>{versions}</p>"]
    html_lang = {"en": "en", "zh": "zh-CN"}[lang]
    return (
        f'<!doctype html>\n<html lang="{html_lang}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _summary(document: Mapping[str, Any], lang: str) -> str:
    say = WORDS[lang]
    keys = ("programme", "model", "ended", "new_sites", "cost", "budget", "covered_share", "gap")
    rows = []
    for name, entry in document["programmes"].items():
        in_hand = entry["objective"] is not None
        rows.append(
            [
                f'<a href="#{escape(name)}">{escape(words.title_of(entry, name, lang))}</a>',
                escape(entry["model"]),
                ended(entry, lang),
                f"{len(entry['sites']):,}" if in_hand else "–",
                words.money(entry["cost_cny"], lang) if in_hand else "–",
                words.money(entry["budget_cny"], lang) if entry["budget_cny"] is not None else "–",
                words.share(entry["figures"]["covered_share"], lang) if "covered_share" in entry["figures"] else "–",
                words.gap(entry["gap"], lang) if in_hand else "–",
            ]
        )
    return _table([say[key] for key in keys], rows, right=range(3, 8))


def ended(entry: Mapping[str, Any], lang: str) -> str:
    """How a programme ended, in words; red where nothing is in hand."""
    text = WORDS[lang][entry["ended"]] + (f" ({entry['limit']})" if entry["limit"] else "")
    return text if entry["objective"] is not None else f"<span class=no>{text}</span>"


def _programme(name: str, entry: Mapping[str, Any], picture: bytes | None, lang: str) -> list[str]:
    say = WORDS[lang]
    parts = [f'<h2 id="{escape(name)}">{escape(words.title_of(dict(entry), name, lang))}</h2>']
    if entry["reasons"]:
        conflict, *ways = entry["reasons"]
        items = "".join(f"<li>{escape(way)}</li>" for way in ways)
        parts.append(f"<p>{say['why_none']}: {escape(conflict)}</p><ul>{items}</ul>")
    if entry["objective"] is None:
        return [*parts, f"<p class=no>{say['nothing']}</p>"] if not entry["reasons"] else parts
    parts.append(_figures(entry, lang))
    if picture is not None:
        code = base64.b64encode(picture).decode()
        parts.append(f'<img alt="{escape(name)}" src="data:image/png;base64,{code}">')
    district = entry["figures"].get("by_district")
    if district:
        parts += [f"<h3>{say['by_district']}</h3>", _districts(district, lang)]
    for key, title, head, rows in _more_tables(entry):
        parts += [f"<h3>{say[title]}</h3>", _districts(rows, lang, head=head, key=key)]
    parts += _further(entry, lang)
    shown = ", ".join(escape(_site(site, entry["units"])) for site in entry["sites"])
    kept = f" (+ {len(entry['kept_sites']):,} {say['kept']})" if entry["kept_sites"] else ""
    parts.append(f"<details><summary>{say['sites']}: {len(entry['sites']):,}{kept}</summary><p>{shown}</p></details>")
    return parts


def _figures(entry: Mapping[str, Any], lang: str) -> str:
    say = WORDS[lang]
    unit = f" ({escape(entry['objective_unit'])})" if entry["objective_unit"] else ""
    rows = [
        [say["objective"] + unit, words.number(entry["objective"], lang)],
        [say["bound"], words.number(entry["bound"], lang)],
        [say["gap"], words.gap(entry["gap"], lang)],
    ]
    rows += [[f"{say['units']}: {escape(kind)}", f"{total:,}"] for kind, total in unit_totals(dict(entry)).items()]
    rows += [
        [escape(words.figure_name(key, lang)), escape(words.figure(key, value, lang))]
        for key, value in entry["figures"].items()
        if value is not None and not isinstance(value, Mapping | list)
    ]
    rows.append([say["seconds"], words.number(round(sum(entry["seconds"].values()), 1), lang)])
    return _table([say["figure"], say["value"]], rows, right=[1])


def _more_tables(entry: Mapping[str, Any]) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Tables of a joint plan and of years, where there are any: key, title, head of the first column, rows."""
    found = []
    for key, title, head, rows in (
        ("members", "together", "programme", entry["figures"].get("members")),
        ("money_by_district", "money_by_district", "district", entry["figures"].get("money_by_district")),
        ("phases", "by_year", "year", entry.get("phases")),
    ):
        if rows:
            plain = {
                name: {k: len(v) if isinstance(v, list) else v for k, v in row.items()} for name, row in rows.items()
            }
            kept = {n: {k: v for k, v in r.items() if not isinstance(v, Mapping)} for n, r in plain.items()}
            found.append((key, title, head, kept))
    return found


def _districts(district: Mapping[str, Any], lang: str, *, head: str = "district", key: str = "") -> str:
    """Districts down, their figures across; a district that is one number counts as its covered share."""
    rows = {name: value if isinstance(value, Mapping) else {"covered_share": value} for name, value in district.items()}
    columns = list(dict.fromkeys(key for row in rows.values() for key in row))
    body = [[escape(name), *(escape(words.figure(c, row.get(c), lang)) for c in columns)] for name, row in rows.items()]
    heads = [escape(words.figure_name(f"{key}.{column}", lang, column)) for column in columns]
    return _table([WORDS[lang][head], *heads], body, right=range(1, len(columns) + 1))


def _further(entry: Mapping[str, Any], lang: str) -> list[str]:
    """Other plans and what sites are worth, where they were asked for."""
    parts = []
    for part in further_parts(entry, lang, most=SITES_NAMED):
        cells = [[escape(cell) for cell in row] for row in part.rows]
        table = _table([escape(h) for h in part.head], cells, right=part.right) if cells else ""
        parts += [f"<h3>{escape(part.title)}</h3>", table]
        parts += [f"<p class=note>{escape(note)}</p>" for note in part.notes]
    return parts


def _site(site: str, units: Mapping[str, Mapping[str, int]]) -> str:
    kinds = units.get(site)
    return f"{site} ({', '.join(f'{n} {kind}' for kind, n in kinds.items())})" if kinds else site


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> str:
    numeric = set(right)

    def cells(values: Sequence[str], tag: str) -> str:
        return "".join(f"<{tag}{' class=n' if i in numeric else ''}>{v}</{tag}>" for i, v in enumerate(values))

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table><tr>{cells(head, 'th')}</tr>{body}</table>"
