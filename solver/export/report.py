"""report.html: what a plan decides, how good it is and why, in one page that needs no internet."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import geopandas as gpd

from solver.export import sections
from solver.export.html import Cell, items, paragraph, table
from solver.export.methods import limits_of, methods_of
from solver.export.pagedata import page_data
from solver.export.policy import policy
from solver.maps import palette
from solver.results.result import StudyResult
from solver.words import report as words
from solver.words.page import around
from solver.words.report import WORDS
from solver.words.speech import ENGLISH, Speech

FILES = Path(__file__).parent / "page"


def report_html(
    document: Mapping[str, Any],
    pictures: Mapping[str, bytes],
    *,
    speech: Speech = ENGLISH,
    result: StudyResult | None = None,
    roads: gpd.GeoDataFrame | None = None,
) -> str:
    """The page of a result's document (result.json) with `pictures` (programme -> PNG) set into it.

    With the tables of `result` the page has a map, over `roads` where there are some, and the tables of all sites.
    """
    speech = speech.of(document)
    data = None if result is None else page_data(result, roads, speech)
    title = words.title_of(dict(document), document["study"], speech)
    parts = [f"<h1>{escape(title)}</h1>", _notice(document, speech), _contents(document, speech)]
    parts += [f'<h2 id="summary">{around("summary", speech)}</h2>', _summary(document, speech)]
    if document["overrides"]:
        parts += [paragraph(WORDS[speech.lang]["overrides"]), items(document["overrides"])]
    placed = data is not None and any(p["sites"]["pool"] is not None for p in data["programmes"])
    parts.append(_map(document, speech) if placed else "")
    for name, entry in document["programmes"].items():
        parts.append(_programme(document, name, entry, pictures.get(name), data, result, speech, placed))
    parts += [_method(document, speech), _inputs(document, speech)]
    html_lang = {"en": "en", "zh": "zh-CN"}[speech.lang]
    return (
        f'<!doctype html>\n<html lang="{html_lang}"><head><meta charset="utf-8">'
        f"{policy(_own_scripts(data, placed))}"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{palette.properties()}{_file('page.css')}</style></head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + _scripts(data, placed)
        + "\n</body></html>\n"
    )


@cache
def _file(name: str) -> str:
    return (FILES / name).read_text(encoding="utf-8")


def _own_scripts(data: Mapping[str, Any] | None, placed: bool) -> list[str]:
    """What the page runs: nothing where there are no data."""
    if data is None:
        return []
    return [_file("page.js") + (_file("painter.js") + _file("map.js") if placed else "")]


def _scripts(data: Mapping[str, Any] | None, placed: bool) -> str:
    """The data and the scripts; `<` is written so that no text of the data can end the element."""
    if data is None:
        return ""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    run = "".join(f"<script>{script}</script>" for script in _own_scripts(data, placed))
    return f'\n<script type="application/json" id="siting-data">{text}</script>\n{run}'


def _notice(document: Mapping[str, Any], speech: Speech) -> str:
    """What the study says that readers must know, and whose data it shows."""
    first, second = ("note_zh", "note") if speech.zh else ("note", "note_zh")
    note = document.get(first) or document.get(second)
    told = [text for text in (note, document.get("attribution")) if text]
    if not told:
        return ""
    return f'<div class="notice"><b>{around("notice", speech)}</b>{"".join(paragraph(text) for text in told)}</div>'


def _contents(document: Mapping[str, Any], speech: Speech) -> str:
    links = [
        f'<li><a href="#{escape(name)}">{escape(words.title_of(entry, name, speech))}</a></li>'
        for name, entry in document["programmes"].items()
    ]
    ends = [("#method", around("method", speech)), ("#inputs", WORDS[speech.lang]["inputs"])]
    links += [f'<li><a href="{place}">{text}</a></li>' for place, text in ends]
    return f"<nav><b>{around('contents', speech)}</b><ul>{''.join(links)}</ul></nav>"


def _summary(document: Mapping[str, Any], speech: Speech) -> str:
    say = WORDS[speech.lang]
    keys = ("programme", "model", "ended", "new_sites", "cost", "budget", "covered_share", "gap")
    rows: list[list[str | Cell]] = []
    for name, entry in document["programmes"].items():
        in_hand = entry["objective"] is not None
        covered = words.covered(entry["figures"])
        money = {key: entry[key] if in_hand or key == "budget" else None for key in ("cost", "budget")}
        rows.append(
            [
                f'<a href="#{escape(name)}">{escape(words.title_of(entry, name, speech))}</a>',
                escape(words.model_name(entry["model"], speech)),
                ended(entry, speech, part=words.is_part(name, document["programmes"])),
                Cell(f"{len(entry['sites']):,}", len(entry["sites"])) if in_hand else Cell("–", None),
                *(Cell("–" if v is None else words.money(v, speech), v) for v in money.values()),
                Cell("–" if covered is None else escape(words.share(covered, speech)), covered),
                Cell("–" if entry["gap"] is None else escape(words.gap(entry["gap"], speech)), entry["gap"]),
            ]
        )
    return table([say[key] for key in keys], rows, right=range(3, 8))


def ended(entry: Mapping[str, Any], speech: Speech, *, part: bool = False) -> str:
    """How a programme ended, in words; red where nothing is in hand."""
    text = escape(words.ended(entry, speech, part=part))
    return text if entry["objective"] is not None else f"<span class=no>{text}</span>"


def _map(document: Mapping[str, Any], speech: Speech) -> str:
    """The place of the map; scripts fill it."""
    attribution = document.get("attribution") or ""
    return f"""<div class="shown-by-script screen"><h2 id="map">{around("map", speech)}</h2>
<div class="tools"><label>{around("programme", speech)} <select id="map-programme"></select></label>
<button type="button" id="map-in">+</button><button type="button" id="map-out">−</button>
<button type="button" id="map-all">{around("whole", speech)}</button>
<input type="search" id="map-find" placeholder="{around("find", speech)}"></div>
<div class="map"><canvas tabindex="0" role="img" aria-label="{around("map", speech)}"></canvas>
<div class="side"><div class="layers"></div><div class="info"></div></div></div>
<p class="note">{around("map_hint", speech)} {escape(attribution)}</p></div>
<noscript><p class="note">{around("no_script", speech)}</p></noscript>"""


def _programme(
    document: Mapping[str, Any],
    name: str,
    entry: Mapping[str, Any],
    picture: bytes | None,
    data: Mapping[str, Any] | None,
    result: StudyResult | None,
    speech: Speech,
    placed: bool,
) -> str:
    title = words.title_of(dict(entry), name, speech)
    parts = [f'<h2 id="{escape(name)}">{escape(title)}</h2>']
    if entry["reasons"]:
        parts.append(sections.reasons(entry, speech))
    if entry["objective"] is None:
        nothing = "" if entry["reasons"] else paragraph(WORDS[speech.lang]["nothing"], "no")
        return "".join([*parts, nothing, sections.asked(entry.get("settings", {}), speech)])
    numbers = {} if data is None else {programme["name"]: i for i, programme in enumerate(data["programmes"])}
    number = numbers.get(name)
    titles = _member_titles(document, name, speech)
    parts.append(sections.verdict(entry, speech, _joint_title(document, name, speech)))
    if placed and number is not None:
        show = f'<a href="#map" data-show="{number}">{around("show_on_map", speech)}</a>'
        parts.append(f'<p class="shown-by-script screen">{show}</p>')
    parts += [sections.picture(title, picture, speech), sections.budget(entry, titles, speech)]
    parts += [sections.figures(entry, speech), sections.districts(entry, titles, speech)]
    sites = None if result is None else result.programmes[name].site_table
    parts += [sections.sites(entry, sites, number, speech, placed), sections.asked(entry.get("settings", {}), speech)]
    return "".join(parts)


def _joint_title(document: Mapping[str, Any], name: str, speech: Speech) -> str | None:
    """The title of the joint plan that an entry is part of."""
    portfolio, point, _ = name.rpartition(".")
    entry = document["programmes"].get(portfolio) if point else None
    return None if entry is None else words.title_of(dict(entry), portfolio, speech)


def _member_titles(document: Mapping[str, Any], name: str, speech: Speech) -> dict[str, str]:
    """Programme -> title, of those in a joint plan."""
    found = document["programmes"].items()
    own = {key.removeprefix(f"{name}."): entry for key, entry in found if key.startswith(f"{name}.")}
    return {key: words.title_of(dict(entry), key, speech) for key, entry in own.items()}


def _method(document: Mapping[str, Any], speech: Speech) -> str:
    models = list(dict.fromkeys(entry["model"] for entry in document["programmes"].values()))
    general = sections.asked(document.get("settings", {}), speech, "general")
    return (
        f'<h2 id="method">{around("method", speech)}</h2>'
        + items(methods_of(models, speech))
        + items(limits_of(document, speech))
        + general
    )


def _inputs(document: Mapping[str, Any], speech: Speech) -> str:
    say = WORDS[speech.lang]
    rows = [[escape(file), f"<code>{escape(sha)}</code>"] for file, sha in document["inputs"].items()]
    versions = words.listed([f"{name} {version}" for name, version in document["versions"].items()], speech)
    made = around("made_by", speech, version=document["versions"].get("siting", ""))
    return (
        f'<h2 id="inputs">{say["inputs"]}</h2>{table([say["file"], "sha256"], rows)}{_joins(document, speech)}'
        f"<h3>{say['versions']}</h3>{paragraph(versions, 'note')}{paragraph(made, 'note')}"
    )


def _joins(document: Mapping[str, Any], speech: Speech) -> str:
    """What was joined by id: numbers of both sides, then what stands on one side only."""
    say, joins = WORDS[speech.lang], document.get("joins", [])
    if not joins:
        return ""
    head = [say[key] for key in ("joined", "matched", "only_in_table", "only_in_layers")]
    counts = ("matched", "only_in_table", "only_in_layers")
    rows: list[Sequence[str | Cell]] = [
        [escape(f"{each['place']} ({each['table']})"), *(Cell(f"{each[key]:,}", each[key]) for key in counts)]
        for each in joins
    ]
    notes = [escape(note) for note in words.join_notes(document, speech)]
    return f"<h3>{say['joins']}</h3>" + table(head, rows, right=[1, 2, 3]) + (items(notes) if notes else "")
