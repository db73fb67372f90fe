"""What a run decided, for the terminal: one line per programme, why there is no plan, which files to open."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.messages import say, worded
from solver.cli.text import fitted, table
from solver.export.further import further_parts
from solver.export.summary import unit_totals
from solver.words import report as words
from solver.words.names import counted, names_in
from solver.words.report import WORDS
from solver.words.speech import Speech
from solver.words.units import amount_in_words

MOST = 5
"""Most sites of a kind that are named."""

FILES = {
    "report.html": say("summary, figures and maps; opens in any browser"),
    "plan.gpkg": say("layers for QGIS and ArcGIS"),
    "plan.qgz": say("the same layers as a project: open it in QGIS"),
    "sites.csv": say("the sites decided on"),
    "summary.csv": say("one row of figures per programme"),
    "result.json": say("everything, for programs"),
}


def run_summary(document: Mapping[str, Any], folder: Path, speech: Speech) -> str:
    """The text that ends a run."""
    label, speech = WORDS[speech.lang], speech.of(document)
    head = [label[key] for key in ("programme", "ended", "new_sites", "cost", "covered_share", "objective", "gap")]
    programmes = document["programmes"]
    rows = [_row(name, entry, speech, words.is_part(name, programmes)) for name, entry in programmes.items()]
    parts = [words.title_of(dict(document), document["study"], speech), "", fitted(head, rows, right=(2, 3, 4, 5, 6))]
    for name, entry in document["programmes"].items():
        if entry["reasons"]:
            conflict, *ways = entry["reasons_zh" if speech.zh else "reasons"]
            why = label["why_failed" if entry["ended"] == "failed" else "why_none"]
            parts += ["", f"{name}{speech.colon}{why}", f"  {conflict}", *(f"  - {way}" for way in ways)]
    for name, entry in document["programmes"].items():
        for part in further_parts(entry, speech, most=MOST):
            text = table(part.head, part.rows, right=part.right) if part.rows else ""
            parts += [
                "",
                f"{name}{speech.colon}{part.title}",
                *(f"  {line}" for line in (*text.splitlines(), *part.notes)),
            ]
    notes = words.join_notes(document, speech)
    if notes:
        parts += ["", f"{label['unmatched']}{speech.colon.rstrip()}", *(f"  {note}" for note in notes)]
    warnings = words.warnings_in(document, speech)
    if warnings:
        parts += ["", f"{label['warnings']}{speech.colon.rstrip()}", *(f"  {text}" for text in warnings)]
    there = [name for name in FILES if (folder / name).is_file()]
    if there:
        maps = len(list(folder.glob("map-*.png")))
        lines = [f"  {name:<12}  {worded(FILES[name], speech)}" for name in there]
        if maps:
            counted = say("{n} map", n=maps) if maps == 1 else say("{n} maps", n=maps)
            lines.append(f"  {'map-*.png':<12}  {worded(counted, speech)}")
        parts += ["", f"{folder}:", *lines]
    return "\n".join(parts)


def _row(name: str, entry: Mapping[str, Any], speech: Speech, part: bool) -> list[str]:
    ended = words.ended(entry, speech, part=part)
    if entry["objective"] is None:
        return [name, ended, *["–"] * 5]
    units = words.listed(counted(unit_totals(dict(entry)), names_in(entry.get("settings", {}), speech), speech), speech)
    covered = words.covered(entry["figures"])
    return [
        name,
        ended,
        f"{len(entry['sites']):,}" + (words.bracketed(units, speech) if units else ""),
        words.money(entry["cost"], speech),
        "–" if covered is None else words.share(covered, speech),
        amount_in_words(entry["objective"], entry["objective_unit"], speech),
        "–" if part else words.gap(entry["gap"], speech),
    ]
