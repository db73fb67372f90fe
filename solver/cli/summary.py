"""What a run decided, for the terminal: one line per programme, why there is no plan, which files to open."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solver.cli.text import fitted, table
from solver.export.further import further_parts
from solver.export.summary import unit_totals
from solver.words import report as words
from solver.words.report import WORDS
from solver.words.sentences import amount_in_words, reasons_in
from solver.words.speech import Speech

MOST = 5
"""Most sites of a kind that are named."""

FILES = {
    "report.html": ("summary, figures and maps; opens in any browser", "汇总、指标与地图，用浏览器打开"),
    "plan.gpkg": ("layers for QGIS and ArcGIS", "图层，用 QGIS 或 ArcGIS 打开"),
    "plan.qgz": ("the same layers as a project: open it in QGIS", "QGIS 工程，打开即见全部图层"),
    "sites.csv": ("the sites decided on", "选定的站点"),
    "summary.csv": ("one row of figures per programme", "每个方案一行指标"),
    "result.json": ("everything, for programs", "全部结果，供程序读取"),
}


def run_summary(document: Mapping[str, Any], folder: Path, speech: Speech) -> str:
    """The text that ends a run."""
    say = WORDS[speech.lang]
    head = [say[key] for key in ("programme", "ended", "new_sites", "cost", "covered_share", "objective", "gap")]
    programmes = document["programmes"]
    rows = [_row(name, entry, speech, words.is_part(name, programmes)) for name, entry in programmes.items()]
    parts = [words.title_of(dict(document), document["study"], speech), "", fitted(head, rows, right=(2, 3, 4, 5, 6))]
    for name, entry in document["programmes"].items():
        if entry["reasons"]:
            conflict, *ways = reasons_in(entry, speech)
            why = say["why_failed" if entry["ended"] == "failed" else "why_none"]
            parts += ["", f"{name}: {why}", f"  {conflict}", *(f"  - {way}" for way in ways)]
    for name, entry in document["programmes"].items():
        for part in further_parts(entry, speech, most=MOST):
            text = table(part.head, part.rows, right=part.right) if part.rows else ""
            parts += ["", f"{name}: {part.title}", *(f"  {line}" for line in (*text.splitlines(), *part.notes))]
    notes = words.join_notes(document, speech)
    if notes:
        parts += ["", f"{say['unmatched']}{'：' if speech.zh else ':'}", *(f"  {note}" for note in notes)]
    there = [name for name in FILES if (folder / name).is_file()]
    if there:
        place = 1 if speech.zh else 0
        maps = len(list(folder.glob("map-*.png")))
        lines = [f"  {name:<12}  {FILES[name][place]}" for name in there]
        if maps:
            counted = (f"{maps} map" + "s" * (maps > 1), f"{maps} 幅地图")
            lines.append(f"  {'map-*.png':<12}  {counted[place]}")
        parts += ["", f"{folder}:", *lines]
    return "\n".join(parts)


def _row(name: str, entry: Mapping[str, Any], speech: Speech, part: bool) -> list[str]:
    ended = words.ended(entry, speech, part=part)
    if entry["objective"] is None:
        return [name, ended, *["–"] * 5]
    units = ", ".join(f"{total:,} {kind}" for kind, total in unit_totals(dict(entry)).items())
    covered = words.covered(entry["figures"])
    return [
        name,
        ended,
        f"{len(entry['sites']):,}" + (f" ({units})" if units else ""),
        words.money(entry["cost"], speech),
        "–" if covered is None else words.share(covered, speech),
        amount_in_words(entry["objective"], entry["objective_unit"], speech),
        "–" if part else words.gap(entry["gap"], speech),
    ]
