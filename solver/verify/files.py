"""The files of a result beside each other: tables and report say what result.json says."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from models.messages import Message, say
from solver.errors import LayerError
from solver.files.csvtext import read_texts
from solver.files.drivers import layer_names, read_layer
from solver.verify.verdict import Check, Text, apart, same

KINDS = ("sites", "demand", "allocation", "flows")
IDS = {"site_id": str, "programme": str}
"""Columns of the tables that are texts, whatever they look like."""
EXACT = 1e-9
"""Numbers of the study are not rounded."""
ROADS = "roads"
"""The layer of roads that lies under a plan."""


@dataclass(frozen=True, eq=False)
class Files:
    """A result directory: its document and its layers by name."""

    folder: Path
    document: Mapping[str, Any]
    layers: Mapping[str, pd.DataFrame]
    memory: dict[str, Any] = field(default_factory=dict)
    """What checks keep for each other."""

    @property
    def programmes(self) -> Mapping[str, Any]:
        """Name -> entry of result.json."""
        programmes: Mapping[str, Any] = self.document["programmes"]
        return programmes

    @property
    def planned(self) -> dict[str, Any]:
        """Entries with a plan of their own, portfolios apart."""
        return {n: e for n, e in self.programmes.items() if e["objective"] is not None and e["model"] != "portfolio"}

    def layers_of(self, programme: str) -> dict[str, pd.DataFrame]:
        """Kind -> layer of a programme."""
        return {kind: self.layers[f"{programme}_{kind}"] for kind in KINDS if f"{programme}_{kind}" in self.layers}


def read_layers(folder: Path) -> dict[str, pd.DataFrame]:
    """Name -> layer of plan.gpkg; none where it is missing or no GeoPackage."""
    path = folder / "plan.gpkg"
    if not path.is_file():
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # what GDAL thinks of a file that it can read
            names = [name for name in layer_names(path) if name != "layer_styles"]
            return {name: read_layer(path, name) for name in names}
    except (RuntimeError, ValueError, LayerError):  # what GDAL and SQLite make of a damaged file
        return {}


def every_file_of_the_result_is_there(files: Files) -> list[Message]:
    """sites.csv, summary.csv, report.html, and plan.gpkg where there is a plan."""
    wanted = ["sites.csv", "summary.csv", "report.html", *(["plan.gpkg"] if files.planned else [])]
    gone = [name for name in wanted if not (files.folder / name).is_file()]
    found = [say("{name} is missing", name=name) for name in gone]
    if "plan.gpkg" in wanted and "plan.gpkg" not in gone and not files.layers:
        found.append(say("plan.gpkg cannot be read"))
    return found


def every_layer_belongs_to_a_programme(files: Files) -> list[Message] | None:
    """plan.gpkg holds the layers of the programmes and no others."""
    if not files.layers:
        return None
    known = {f"{name}_{kind}" for name in files.planned for kind in KINDS}
    return [
        say("{name} belongs to no programme with a plan", name=name)
        for name in sorted(set(files.layers) - known - {ROADS})
    ]


def sites_csv_lists_what_was_decided(files: Files) -> list[Message] | None:
    """Every new site, and every site that closes, with its cost and its units; no other."""
    if not (files.folder / "sites.csv").is_file() or (files.planned and not files.layers):
        return None
    table = read_texts(pd.read_csv(files.folder / "sites.csv", encoding="utf-8-sig", dtype=IDS))
    found: list[Message] = []
    told = {(row["programme"], row["site_id"]): row for row in table.to_dict("records")}
    wanted: dict[tuple[str, str], tuple[str, float]] = {}
    for name, entry in files.planned.items():
        layer = files.layers[f"{name}_sites"]
        cost = dict(zip(layer["site_id"].astype(str), layer["cost"], strict=True))
        wanted |= {(name, site): ("open", float(cost[site])) for site in entry["sites"]}
        closed = layer[(layer["status"] == "closable") & ~layer["open"].astype(bool)]["site_id"].astype(str)
        wanted |= {(name, site): ("close", float(cost[site])) for site in closed}
    for key in sorted({*told, *wanted}):
        place = say("{site} of {programme}", site=key[1], programme=key[0])
        if key not in told:
            found.append(say("{place} is decided on and not listed", place=place))
        elif key not in wanted:
            found.append(say("{place} is listed and not decided on", place=place))
        else:
            found += apart(say("decision of {place}", place=place), told[key]["decision"], wanted[key][0])
            found += apart(say("cost of {place}", place=place), float(told[key]["cost"]), wanted[key][1], within=EXACT)
            found += _unit_faults(place, told[key], files.programmes[key[0]]["units"].get(key[1], {}))
    return found + ([] if len(told) == len(table) else [say("a site is listed twice")])


def _unit_faults(place: Text, row: Mapping[Any, Any], units: Mapping[str, int]) -> list[Message]:
    columns = [str(c) for c in row if str(c).endswith("_units")]
    names = {*(c.removesuffix("_units") for c in columns), *units}
    told = {kind: row.get(f"{kind}_units") for kind in names}
    return [
        say(
            "{kind} of {place}: sites.csv says {told}, result.json {right}",
            kind=kind,
            place=place,
            told=told[kind],
            right=units.get(kind, 0),
        )
        for kind in sorted(names)
        if not same(0.0 if pd.isna(told[kind]) else float(told[kind] or 0), float(units.get(kind, 0)))
    ]


def summary_csv_says_what_the_result_says(files: Files) -> list[Message] | None:
    """One row per programme, each number as in result.json."""
    if not (files.folder / "summary.csv").is_file():
        return None
    table = read_texts(pd.read_csv(files.folder / "summary.csv", encoding="utf-8-sig", dtype=IDS))
    rows = {row["programme"]: row for row in table.to_dict("records")}
    found = [say("{name} is missing in summary.csv", name=name) for name in files.programmes if name not in rows]
    found += [say("{name} is in summary.csv only", name=name) for name in rows if name not in files.programmes]
    for name, entry in files.programmes.items():
        if name not in rows:
            continue
        numbers = {key: entry[key] for key in ("model", "ended", "objective", "bound", "gap", "budget", "cost")}
        numbers |= {k: v for k, v in entry["figures"].items() if isinstance(v, int | float | str)}
        if entry["objective"] is not None:
            numbers |= {"new_sites": len(entry["sites"]), "kept_sites": len(entry["kept_sites"])}
        for key, right in numbers.items():
            told = rows[name].get(key)
            told = None if told is None or pd.isna(told) else told
            told = float(told) if isinstance(right, int | float) and told is not None else told
            right = float(right) if isinstance(right, int | float) else right
            found += apart(say("{key} of {name} in summary.csv", key=key, name=name), told, right)
    return found


def the_report_tells_of_every_programme(files: Files) -> list[Message] | None:
    """report.html is a page that names every programme."""
    if not (files.folder / "report.html").is_file():
        return None
    text = (files.folder / "report.html").read_text(encoding="utf-8")
    found = [] if "<html" in text and "</html>" in text else [say("report.html is no whole page")]
    titles = {name: {name, entry["title"], entry["title_zh"]} - {""} for name, entry in files.programmes.items()}
    return found + [
        say("{name} is not in report.html", name=name)
        for name, said in titles.items()
        if not any(t in text for t in said)
    ]


FILES: tuple[Check[Files], ...] = (
    every_file_of_the_result_is_there,
    every_layer_belongs_to_a_programme,
    sites_csv_lists_what_was_decided,
    summary_csv_says_what_the_result_says,
    the_report_tells_of_every_programme,
)
