"""Studies with a matrix of their own, written into a folder and run through the command line."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from click.testing import CliRunner, Result

from solver.cli.group import siting

HEAD = """
[study]
name = "small"
[travel]
matrix = "travel.csv"
unit = "m"
[solve]
gap = 0.0
"""

LAYERS = """
demand = { file = "places.csv", id = "id", weight = "people" }
"""


def write_study(
    folder: Path,
    programmes: Mapping[str, str],
    *,
    places: Mapping[str, float],
    sites: Mapping[str, list[Any]],
    travel: Mapping[str, Mapping[str, float]],
    unit: str = "m",
    demand: bool = True,
) -> Path:
    """`travel` is place -> site -> impedance; every programme gets the same demand and sites, and its own lines."""
    pd.DataFrame({"id": list(places), "people": list(places.values())}).to_csv(folder / "places.csv", index=False)
    pd.DataFrame(sites).to_csv(folder / "sites.csv", index=False)
    rows = [(p, s, v) for p, of in travel.items() for s, v in of.items()]
    pd.DataFrame(rows, columns=["demand", "site", "value"]).to_csv(folder / "travel.csv", index=False)
    parts = [HEAD.replace('"m"', f'"{unit}"')]
    for name, lines in programmes.items():
        parts.append(f"[programmes.{name}]{LAYERS if demand else ''}\n{lines}")
    (folder / "study.toml").write_text("\n".join(parts), encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> Result:
    """`siting run` of the study."""
    return CliRunner().invoke(siting, ["run", str(folder), "--out", str(folder / "out"), *words])


def programmes_of(folder: Path) -> dict[str, Any]:
    """The programmes of the result."""
    return dict(json.loads((folder / "out/result.json").read_text(encoding="utf-8"))["programmes"])
