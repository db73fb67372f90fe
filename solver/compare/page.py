"""A comparison of plans as files: a page with maps, Markdown, a workbook, CSV, JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from models.messages import say, worded
from solver.charts.bars import Bar, Row, bar_chart
from solver.charts.marks import Chart
from solver.compare.plans import Comparison
from solver.errors import LayerError, StoreError
from solver.export.pages import Table, page, picture_source
from solver.export.workbook import write_workbook
from solver.files.csvtext import write_csv
from solver.files.drivers import layer_names, read_layer
from solver.findings import named
from solver.maps.palette import CHANGES, SERIES
from solver.maps.site_map import SiteClass, sites_png
from solver.results.backdrop import LAYER
from solver.results.shape import REMEDY
from solver.words import report as words
from solver.words.names import counted, names_in
from solver.words.speech import ENGLISH, Speech

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Plans side by side", "方案比较"),
    "changed": ("Changed from the study file", "对研究文件的修改"),
    "plan": ("Plan", "方案"),
    "figures": ("Figures", "指标"),
    "figure": ("Figure", "指标"),
    "sites": ("Sites gained and lost", "站点增减"),
    "gained": ("gained", "新增"),
    "lost": ("lost", "取消"),
    "units": ("other units", "设备数不同"),
    "kept_sites": ("Existing sites kept", "保留的现有站点数"),
    "kept": ("in both", "两者都选"),
    "none": ("the same sites", "站点相同"),
    "districts": ("Covered, by district", "各分区覆盖率"),
    "district": ("District", "分区"),
    "first": ("{plan} is what the others are compared with.", "以 {plan} 为比较基准。"),
    "not_told": (
        "{first} and {second}: the true optima may be in any order, the difference is no more than the gaps.",
        "{first} 与 {second}：差异未超出求解差距，无法区分优劣。",
    ),
}
SHOWN = 40
"""Most sites that a list names."""
TOLD = 2
"""Bars of so many plans have their shares beside them."""


def label(word: str, speech: Speech) -> str:
    """A word of the comparison."""
    return WORDS[word][speech.zh]


def shown(figure: str, value: Any, speech: Speech = ENGLISH) -> str:
    """A figure by its unit; nothing where a plan does not have it."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return ""
    if figure == "ended" and speech.zh:
        return words.WORDS[speech.lang].get(str(value), str(value))
    return words.gap(value, speech) if figure == "gap" else words.figure(figure, value, speech)


def figure_rows(comparison: Comparison, name: str, speech: Speech) -> list[list[str]]:
    """Figures of a programme in words, one column per plan."""
    frame = comparison.figures[comparison.figures["programme"] == name]
    plans, names = list(comparison.plans), names_in(comparison.settings.get(name, {}), speech)
    return [
        [_figure_name(r["figure"], names, speech), *(shown(r["figure"], r[plan], speech) for plan in plans)]
        for _, r in frame.iterrows()
    ]


def _figure_name(figure: str, names: Mapping[str, str], speech: Speech) -> str:
    own = WORDS.get(figure)
    return (
        own[speech.zh]
        if own
        else words.figure_name(figure, speech, words.WORDS[speech.lang].get(figure, figure), names)
    )


def district_rows(comparison: Comparison, name: str, speech: Speech) -> list[list[str]]:
    """Covered shares by district, one column per plan."""
    frame = comparison.districts
    shares = frame[(frame["programme"] == name) & (frame["figure"] == "covered_share")]
    plans = list(comparison.plans)
    return [[str(r["district"]), *(shown("covered_share", r[p], speech) for p in plans)] for _, r in shares.iterrows()]


def site_lines(comparison: Comparison, name: str, speech: Speech) -> list[str]:
    """For every plan after the first, which sites it gained, lost, and holds with other units."""
    changes = comparison.sites[comparison.sites["programme"] == name]
    lines = []
    for plan in comparison.plans[1:]:
        parts = []
        for change in ("gained", "lost", "units"):
            found = changes[(changes["plan"] == plan) & (changes["change"] == change)]
            if len(found):
                held = {"gained": (plan,), "lost": comparison.plans[:1], "units": (comparison.plans[0], plan)}[change]
                texts = [_site(comparison, name, site, held, speech) for site in found["site_id"]]
                sites = worded(named(texts, most=SHOWN), speech)
                parts.append(f"{label(change, speech)} {len(found)}{speech.colon}{sites}")
        lines.append(f"{plan}{speech.colon}{speech.semicolon.join(parts) or label('none', speech)}")
    return lines


def _site(comparison: Comparison, name: str, site: str, plans: Sequence[str], speech: Speech) -> str:
    """A site with the units that it holds in the plans, if any."""
    names, units = names_in(comparison.settings.get(name, {}), speech), comparison.units.get(name, {})
    held = [words.listed(counted(units.get(p, {}).get(site, {}), names, speech), speech) for p in plans]
    return site + words.bracketed(" -> ".join(held), speech) if any(held) else site


def notes_of(comparison: Comparison, speech: Speech) -> dict[str, list[str]]:
    """Programme -> pairs of plans whose difference is no more than their gaps."""
    return {
        name: [label("not_told", speech).format(first=first, second=second) for first, second in pairs]
        for name, pairs in comparison.not_told.items()
    }


def page_html(comparison: Comparison, folders: Mapping[str, Path], *, speech: Speech = ENGLISH) -> str:
    """The comparison as one page that needs no internet; maps where the results of `folders` have places."""
    speech = speech.paying(comparison.currency)
    plans = list(comparison.plans)
    changes = [[plan, speech.comma.join(comparison.changed.get(plan, ())) or "–"] for plan in plans]
    return page(
        "comparison.html",
        speech,
        title=label("title", speech),
        label=lambda key: label(key, speech),
        first=label("first", speech).format(plan=plans[0]),
        changed=Table([label("plan", speech), label("changed", speech)], changes, sorts=False),
        programmes=[
            _programme(comparison, str(name), folders, speech) for name in comparison.figures["programme"].unique()
        ],
    )


@dataclass(frozen=True)
class Programme:
    """What the page says of a programme: figures, notes on them, sites gained and lost, maps, districts."""

    name: str
    figures: Table
    notes: Sequence[str]
    sites: Sequence[str]
    maps: Sequence[tuple[str, str]]
    chart: Chart | None
    districts: Table | None


def _programme(comparison: Comparison, name: str, folders: Mapping[str, Path], speech: Speech) -> Programme:
    plans = list(comparison.plans)
    right = range(1, len(plans) + 1)
    rows = district_rows(comparison, name, speech)
    return Programme(
        name,
        Table([label("figure", speech), *plans], figure_rows(comparison, name, speech), right, sorts=False),
        notes_of(comparison, speech).get(name, []),
        site_lines(comparison, name, speech),
        _maps(comparison, name, folders, speech),
        _district_chart(comparison, name, speech) if rows else None,
        Table([label("district", speech), *plans], rows, right, sorts=False) if rows else None,
    )


def _maps(comparison: Comparison, name: str, folders: Mapping[str, Path], speech: Speech) -> list[tuple[str, str]]:
    """A map of sites gained, lost and kept for every plan after the first that changes any: its name and source."""
    first = _sites(folders.get(comparison.plans[0]), name)
    if first is None:
        return []
    found = []
    for plan in comparison.plans[1:]:
        other = _sites(folders.get(plan), name)
        if other is None or other.crs != first.crs:
            continue
        content = _change_map(first, other, f"{comparison.plans[0]} → {plan}", folders[plan], speech)
        if content is not None:
            found.append((f"{name}{speech.colon}{plan}", picture_source(content)))
    return found


def _change_map(
    first: gpd.GeoDataFrame, other: gpd.GeoDataFrame, title: str, folder: Path, speech: Speech
) -> bytes | None:
    before, after = (set(t["site_id"][t["chosen"].astype(bool)]) for t in (first, other))
    if before == after:
        return None
    both = pd.concat([first, other[~other["site_id"].isin(first["site_id"])]], ignore_index=True)
    was, now = both["site_id"].isin(before).to_numpy(), both["site_id"].isin(after).to_numpy()
    stays = both["open"].astype(bool).to_numpy() & ~was & ~now
    classes = [
        SiteClass(~was & ~now & ~stays, "in neither", "均未选", CHANGES["neither"], 10),
        SiteClass(stays, "existing", "现有", CHANGES["existing"], 32, "s"),
        SiteClass(was & now, *WORDS["kept"], CHANGES["both"], 60),
        SiteClass(was & ~now, *WORDS["lost"], CHANGES["lost"], 75, "X"),
        SiteClass(now & ~was, *WORDS["gained"], CHANGES["gained"], 75, "P"),
    ]
    return sites_png(both, classes, roads=_layer(folder, LAYER), title=title, speech=speech)


def _sites(folder: Path | None, name: str) -> gpd.GeoDataFrame | None:
    return None if folder is None else _layer(folder, f"{name}_sites")


def _layer(folder: Path, layer: str) -> gpd.GeoDataFrame | None:
    """A layer of a result's plan.gpkg, None where it has none of that name or no places."""
    path = folder / "plan.gpkg"
    try:
        if not path.is_file() or layer not in layer_names(path):
            return None
        found = read_layer(path, layer)
    except (RuntimeError, ValueError, LayerError) as error:  # what GDAL and SQLite make of a damaged file
        said = str(error).splitlines()[0]
        raise StoreError(
            say(
                "{path}   is damaged ({said}); {remedy}, or compare without maps: .md or .xlsx",
                path=path,
                said=said,
                remedy=REMEDY,
            )
        ) from None
    return found if isinstance(found, gpd.GeoDataFrame) else None


def _district_chart(comparison: Comparison, name: str, speech: Speech) -> Chart:
    """Bars of the covered share, districts down, plans below each other."""
    frame = comparison.districts
    shares = frame[(frame["programme"] == name) & (frame["figure"] == "covered_share")]
    plans = [(plan, SERIES[i % len(SERIES)]) for i, plan in enumerate(comparison.plans)]
    rows: list[Row] = []
    for _, row in shares.iterrows():
        known = [(color, None if pd.isna(row[plan]) else float(row[plan])) for plan, color in plans]
        told = ["" if len(plans) > TOLD else shown("covered_share", share, speech) for _, share in known]
        bars = [
            Bar(None if share is None else 100 * share, words, color)
            for (color, share), words in zip(known, told, strict=True)
        ]
        rows.append((str(row["district"]), bars))
    return bar_chart(rows, words.figure_name("covered_share", speech) + " (%)", most=100.0, names=plans)


def markdown(comparison: Comparison, speech: Speech = ENGLISH) -> str:
    """The comparison as Markdown."""
    speech = speech.paying(comparison.currency)
    plans = list(comparison.plans)
    changes = [[plan, speech.comma.join(comparison.changed.get(plan, ())) or "–"] for plan in plans]
    parts = [f"# {label('title', speech)}", _grid([label("plan", speech), label("changed", speech)], changes)]
    for name in comparison.figures["programme"].unique():
        parts += [f"## {name}", _grid([label("figure", speech), *plans], figure_rows(comparison, name, speech))]
        parts += notes_of(comparison, speech).get(name, [])
        parts.append("\n".join(f"- {line}" for line in site_lines(comparison, name, speech)))
        rows = district_rows(comparison, name, speech)
        if rows:
            parts += [f"### {label('districts', speech)}", _grid([label("district", speech), *plans], rows)]
    return "\n\n".join(parts) + "\n"


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    number = any(cell[:1].isdigit() for row in rows for cell in row[1:])
    lines = [head, ["---", *["---:" if number else "---"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _xlsx(comparison: Comparison, path: Path) -> None:
    write_workbook({sheet: getattr(comparison, sheet) for sheet in ("figures", "sites", "districts")}, path, told=False)


def _csv(comparison: Comparison, path: Path) -> None:
    """One table: figures, then districts' figures, then the changes of sites, told apart by the column `part`."""
    parts = [getattr(comparison, part).assign(part=part) for part in ("figures", "districts", "sites")]
    joined = pd.concat([p for p in parts if len(p)], ignore_index=True)
    order = ["part", "programme", "district", "figure", "plan", "change", "site_id", "detail", *comparison.plans]
    write_csv(joined.reindex(columns=order), path)


def _json(comparison: Comparison, path: Path) -> None:
    parts = ",\n".join(
        f'"{part}": {getattr(comparison, part).to_json(orient="records", force_ascii=False)}'
        for part in ("figures", "districts", "sites")
    )
    path.write_text("{" + parts + "}\n", encoding="utf-8")


TABLES: dict[str, Callable[[Comparison, Path], None]] = {".xlsx": _xlsx, ".csv": _csv, ".json": _json}
ENDINGS = (".html", ".md", *TABLES)


def write_comparison(
    comparison: Comparison, path: Path, folders: Mapping[str, Path], *, speech: Speech = ENGLISH
) -> None:
    """Write the comparison in the form that the file's ending names."""
    ending = path.suffix.lower()
    if ending == ".html":
        path.write_text(page_html(comparison, folders, speech=speech), encoding="utf-8")
    elif ending == ".md":
        path.write_text(markdown(comparison, speech), encoding="utf-8")
    else:
        TABLES[ending](comparison, path)
