"""What people read of a result, made anew from result.json and plan.gpkg: page, tables, project, styles, maps.

result.json and plan.gpkg are recomputed from the inputs by the other checks. What follows from them is made again by
the code that writes results and compared as content: every text of the page, every cell of the tables, every layer and
style of the project, every point of the maps.
"""

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd

from models.messages import Message, say
from solver.errors import StoreError
from solver.export.column_names import tidy
from solver.export.folder import PROJECT, REPORT, SITES, SUMMARY, write_readable
from solver.export.gpkg import layer_names, plan_layers
from solver.export.pages import HTML_LANG
from solver.export.styles import style_of
from solver.results.result import StudyResult
from solver.results.store import PLAN, read_result, read_roads
from solver.verify.files import Files
from solver.verify.verdict import Check, Text, Unchecked, same
from solver.versions import versions
from solver.words.speech import Speech

PICTURE = re.compile(r'src="data:image/png;base64,([^"]*)"')
TOKENS = re.compile(r"<[^>]*>|[^<,]+|,")
FEW = 2000
"""Pieces of text of which all differences are looked for."""
SHOWN = 90
"""So much of a text is told."""
ROUNDED = {"lon": 2e-6, "lat": 2e-6}
"""Degrees depend on the version of PROJ in their last digit."""
EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class Made:
    """A result read back, the language of its page, and its files made anew (name -> content)."""

    result: StudyResult
    roads: gpd.GeoDataFrame | None
    lang: str
    placed: tuple[str, ...]
    """Programmes of which there are maps."""
    content: Mapping[str, bytes]


def made_of(files: Files) -> Made:
    """The files of a result, made anew once."""
    if "made" not in files.memory:
        files.memory["made"] = _make(files)
    made: Made = files.memory["made"]
    return made


def _make(files: Files) -> Made:
    if files.planned and not files.layers:
        raise Unchecked(say("{plan} cannot be read, and it is made from that", plan=PLAN))
    try:
        result, roads = read_result(files.folder), read_roads(files.folder)
    except StoreError as error:
        raise Unchecked(say("{error}", error=error)) from None
    page = page_of(files)
    lang = next((own for own, tag in HTML_LANG.items() if f'<html lang="{tag}"' in page), "en")
    placed = tuple(name for name, p in result.programmes.items() if isinstance(p.site_table, gpd.GeoDataFrame))
    stubs = dict.fromkeys(placed, b"") if PICTURE.search(page) else {}
    return Made(result, roads, lang, placed, _written(files, result, roads, stubs, lang))


def _written(
    files: Files, result: StudyResult, roads: gpd.GeoDataFrame | None, pictures: dict[str, bytes], lang: str
) -> dict[str, bytes]:
    with TemporaryDirectory(prefix="siting-verify-") as folder:
        write_readable(dict(files.document), result, Path(folder), pictures=pictures, roads=roads, speech=Speech(lang))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def page_of(files: Files) -> str:
    """The text of the page, empty where there is none."""
    path = files.folder / REPORT
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _unlike_by_version(files: Files, faults: list[Message]) -> list[Message]:
    """The faults; a result of another version of this software writes its pages in its own way."""
    told, own = files.document["versions"].get("siting"), versions()["siting"]
    if faults and told != own:
        raise Unchecked(
            say("it was written by siting {told} and this is {own}: {fault}", told=told, own=own, fault=faults[0])
        )
    return faults


def the_report_is_what_the_result_makes_of_it(files: Files) -> list[Message] | None:
    """Every text, number, table, chart and the data of the map in report.html; pictures are another check."""
    page = page_of(files)
    if not page:
        return None
    anew = made_of(files).content[REPORT].decode("utf-8")
    return _unlike_by_version(files, differences(REPORT, PICTURE.sub("", page), PICTURE.sub("", anew)))


def differences(name: Text, told: str, anew: str) -> list[Message]:
    """Where two texts differ, in their own words."""
    told, anew = told.replace("\r\n", "\n"), anew.replace("\r\n", "\n")
    if told == anew:
        return []
    a, b = TOKENS.findall(told), TOKENS.findall(anew)
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    end = next((i for i, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[: len(a) - end], b[: len(b) - end]
    if len(a) + len(b) > FEW:
        return [_unlike(name, a[:20], b[:20])]
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return [_unlike(name, a[i:j], b[k:m]) for tag, i, j, k, m in codes if tag != "equal"] or [
        say("{name} is not as made", name=name)
    ]


def _unlike(name: Text, told: Sequence[str], anew: Sequence[str]) -> Message:
    said, right = (_short(" ".join("".join(part).split())) for part in (told, anew))
    return say("{name} says {said}; made anew it says {right}", name=name, said=said, right=right)


def _short(text: str) -> Text:
    return (text if len(text) <= SHOWN else f"{text[:SHOWN]}...") or say("nothing")


def sites_csv_is_what_the_plan_makes_of_it(files: Files) -> list[Message] | None:
    """Every cell of sites.csv: decisions, costs, what is served, names and coordinates."""
    return _table(files, SITES, 2)


def summary_csv_is_what_the_result_makes_of_it(files: Files) -> list[Message] | None:
    """Every cell of summary.csv."""
    return _table(files, SUMMARY, 1)


def _table(files: Files, name: str, keys: int) -> list[Message] | None:
    path = files.folder / name
    if not path.is_file():
        return None
    told, anew = _rows(path.read_bytes()), _rows(made_of(files).content[name])
    return _unlike_by_version(files, _cells(name, told, anew, keys))


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _cells(name: str, told: list[list[str]], anew: list[list[str]], keys: int) -> list[Message]:
    """Cells of two tables that differ; rows are named by their first columns."""
    if told[:1] != anew[:1]:
        return differences(say("{name}, its columns:", name=name), ",".join(told[0] if told else []), ",".join(anew[0]))
    found = (
        []
        if len(told) == len(anew)
        else [say("{name} has {n:,} rows; made anew it has {right:,}", name=name, n=len(told) - 1, right=len(anew) - 1)]
    )
    for own, right in zip(told[1:], anew[1:], strict=False):
        found += [
            say(
                "{head} of {row} in {name}: it says {told}, made anew it is {right}",
                head=head,
                row=" ".join(right[:keys]),
                name=name,
                told=a or say("nothing"),
                right=b or say("nothing"),
            )
            for head, a, b in zip(anew[0], own, right, strict=False)
            if not _alike(a, b, ROUNDED.get(head, 0.0))
        ]
        found += (
            []
            if len(own) == len(right)
            else [say("{row} in {name} has {n} cells", row=" ".join(right[:keys]), name=name, n=len(own))]
        )
    return found


def _alike(told: str, anew: str, slack: float) -> bool:
    if told == anew:
        return True
    try:
        a, b = float(told), float(anew)
    except ValueError:
        return False
    return same(a, b, within=EXACT) or abs(a - b) <= slack


def the_project_opens_the_layers_of_the_plan(files: Files) -> list[Message] | None:
    """plan.qgz: its title, its groups and layers, where their data are, and how they are drawn."""
    path, made = files.folder / PROJECT, made_of(files)
    if PROJECT not in made.content:
        return [say("{project} is there and no layer has a place", project=PROJECT)] if path.is_file() else None
    if not path.is_file():
        return [say("{project} is missing", project=PROJECT)]
    try:
        told = _project(path.read_bytes())
    except zipfile.BadZipFile:
        return [say("{project} cannot be read", project=PROJECT)]
    stubs: dict[str, bytes] = {}
    right = {
        lang: _project(
            made.content[PROJECT]
            if lang == made.lang
            else _written(files, made.result, made.roads, stubs, lang)[PROJECT]
        )
        for lang in HTML_LANG
    }
    if told in right.values():
        return []
    return _unlike_by_version(files, differences(PROJECT, told, right[made.lang]))


def _project(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.endswith(".qgs")]
        return "\n".join(package.read(name).decode("utf-8") for name in names)


def layers_are_drawn_in_their_styles(files: Files) -> list[Message] | None:
    """The default style of every layer of plan.gpkg, with the names of its columns and its legend."""
    spatial = {
        name: table
        for name, table in plan_layers(made_of(files).result, made_of(files).roads).items()
        if isinstance(table, gpd.GeoDataFrame)
    }
    if not spatial:
        return None
    try:
        with closing(sqlite3.connect(f"file:{files.folder / PLAN}?mode=ro", uri=True)) as base:
            told = dict(base.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    except sqlite3.Error as error:
        return [say("the styles of {plan} cannot be read: {error}", plan=PLAN, error=error)]
    result = made_of(files).result
    names = layer_names(result)
    right = {name: style_of(name, tidy(t), result.currency, names.get(name, {})) for name, t in spatial.items()}
    found = [fault for name, style in right.items() for fault in _style_faults(name, told, style)]
    return _unlike_by_version(files, found)


def _style_faults(name: str, told: Mapping[str, str], right: str) -> list[Message]:
    if name not in told:
        return [say("the layer {name} has no style", name=name)]
    return differences(say("the style of {name}", name=name), told[name], right)


MADE: tuple[Check[Files], ...] = (
    the_report_is_what_the_result_makes_of_it,
    sites_csv_is_what_the_plan_makes_of_it,
    summary_csv_is_what_the_result_makes_of_it,
    the_project_opens_the_layers_of_the_plan,
    layers_are_drawn_in_their_styles,
)
