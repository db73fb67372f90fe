"""report.html: what a plan decides, how good it is and why, in one page that needs no internet."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from solver.export.methods import limits_of, methods_of, model_name
from solver.export.pagedata import page_data
from solver.export.pages import Cell, Row, Table, number_cell, page, text_of
from solver.export.sections import Programme, asked, plan_of, reasons
from solver.results.result import StudyResult
from solver.words import report as words
from solver.words.page import around
from solver.words.report import WORDS
from solver.words.speech import ENGLISH, Speech


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
    placed = data is not None and any(p["sites"]["pool"] is not None for p in data["programmes"])
    numbers = {} if data is None else {programme["name"]: i for i, programme in enumerate(data["programmes"])}
    entries = document["programmes"]
    versions = [f"{name} {version}" for name, version in document["versions"].items()]
    return page(
        "report.html",
        speech,
        title=words.title_of(dict(document), document["study"], speech),
        scripts=_scripts(data, placed),
        data=data,
        around=lambda key: around(key, speech),
        say=WORDS[speech.lang],
        notice=_notice(document, speech),
        summary=_summary(document, speech),
        overrides=document["overrides"],
        warnings=words.warnings_in(document, speech),
        placed=placed,
        attribution=document.get("attribution") or "",
        programmes=[
            _programme(document, name, speech, pictures.get(name), numbers.get(name), result) for name in entries
        ],
        methods=methods_of(list(dict.fromkeys(entry["model"] for entry in entries.values())), speech),
        limits=limits_of(document, speech),
        general=asked(document.get("settings", {}), speech),
        inputs=_inputs(document, speech),
        joins=_joins(document, speech),
        join_notes=words.join_notes(document, speech),
        versions=words.listed(versions, speech),
        made_by=around("made_by", speech, version=document["versions"].get("siting", "")),
    )


def _scripts(data: Mapping[str, Any] | None, placed: bool) -> list[str]:
    """What the page runs: nothing where there are no data."""
    if data is None:
        return []
    return [text_of("page.js") + (text_of("painter.js") + text_of("map.js") if placed else "")]


def _notice(document: Mapping[str, Any], speech: Speech) -> list[str]:
    """What the study says that readers must know, and whose data it shows."""
    first, second = ("note_zh", "note") if speech.zh else ("note", "note_zh")
    note = document.get(first) or document.get(second)
    return [text for text in (note, document.get("attribution")) if text]


def _summary(document: Mapping[str, Any], speech: Speech) -> Table:
    say = WORDS[speech.lang]
    keys = ("programme", "model", "ended", "new_sites", "cost", "budget", "covered_share", "gap")
    rows: list[Row] = []
    for name, entry in document["programmes"].items():
        in_hand = entry["objective"] is not None
        covered = words.covered(entry["figures"])
        money = {key: entry[key] if in_hand or key == "budget" else None for key in ("cost", "budget")}
        ended = words.ended(entry, speech, part=words.is_part(name, document["programmes"]))
        rows.append(
            [
                Cell(words.title_of(entry, name, speech), href=f"#{name}"),
                model_name(entry["model"], speech),
                ended if in_hand else Cell(ended, kind="no"),
                number_cell(f"{len(entry['sites']):,}", len(entry["sites"])) if in_hand else number_cell("–", None),
                *(number_cell("–" if v is None else words.money(v, speech), v) for v in money.values()),
                number_cell("–" if covered is None else words.share(covered, speech), covered),
                number_cell("–" if entry["gap"] is None else words.gap(entry["gap"], speech), entry["gap"]),
            ]
        )
    return Table([say[key] for key in keys], rows, right=range(3, 8))


def _programme(
    document: Mapping[str, Any],
    name: str,
    speech: Speech,
    picture: bytes | None,
    number: int | None,
    result: StudyResult | None,
) -> Programme:
    """The part of the page about a programme, which is the `number`th of those that scripts show."""
    entry = document["programmes"][name]
    title = words.title_of(dict(entry), name, speech)
    plan = None
    if entry["objective"] is not None:
        sites = None if result is None else result.programmes[name].site_table
        titles, joint = _member_titles(document, name, speech), _joint_title(document, name, speech)
        plan = plan_of(entry, speech, title, picture=picture, number=number, sites=sites, titles=titles, joint=joint)
    told = reasons(entry, speech) if entry["reasons"] else []
    return Programme(name, title, told, plan, asked(entry.get("settings", {}), speech))


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


def _inputs(document: Mapping[str, Any], speech: Speech) -> Table:
    rows = [[file, Cell(sha, kind="code")] for file, sha in document["inputs"].items()]
    return Table([WORDS[speech.lang]["file"], "sha256"], rows)


def _joins(document: Mapping[str, Any], speech: Speech) -> Table | None:
    """What was joined by id: numbers of both sides, then what stands on one side only."""
    say, joins = WORDS[speech.lang], document.get("joins", [])
    if not joins:
        return None
    head = [say[key] for key in ("joined", "matched", "only_in_table", "only_in_layers")]
    counts = ("matched", "only_in_table", "only_in_layers")
    rows: list[Row] = [
        [
            f"{each['place']}{words.bracketed(str(each['table']), speech)}",
            *(number_cell(f"{each[key]:,}", each[key]) for key in counts),
        ]
        for each in joins
    ]
    return Table(head, rows, right=[1, 2, 3])
