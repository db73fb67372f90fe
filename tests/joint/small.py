"""A town of four blocks, three lots and three piles sites: small enough to be worked out by hand."""

import json
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
missing_pairs = "unreachable"
[solve]
gap = 0.0
search_s = 0
"""

LOTS = """
[programmes.lots]
model = "max-cover"
reach = { limit_m = 300 }
demand = { file = "places.csv", id = "id", weight = "cars", group = "district" }
sites = { file = "lots.csv", id = "id", cost = "cost", group = "district" }
"""

PILES = """
[programmes.piles]
model = "max-cover"
reach = { limit_m = 300 }
demand = { file = "places.csv", id = "id", weight = "kwh", group = "district" }
sites = { file = "piles.csv", id = "id", cost = "cost", group = "district" }
"""

JOINT = """
[portfolio.joint]
title = "Lots and piles together"
title_zh = "停车与充电统筹"
budget = 7e6
[portfolio.joint.programmes]
lots = {}
piles = {}
"""

PLACES = {
    "id": ["n1", "n2", "s1", "s2"],
    "cars": [60, 20, 15, 5],
    "kwh": [50, 20, 20, 10],
    "district": ["north", "north", "south", "south"],
}
LOT_SITES = {"id": ["P1", "P2", "P3"], "cost": [6e6, 2.5e6, 2.5e6], "district": ["north", "north", "south"]}
PILE_SITES = {
    "id": ["C1", "C2", "C3"],
    "cost": [4e6, 1e6, 1e6],
    "district": ["north", "north", "south"],
    "lot": ["P1", None, "P3"],
}
NEAR = {
    "P1": ["n1", "n2"],
    "P2": ["n2"],
    "P3": ["s1", "s2"],
    "C1": ["n1", "n2"],
    "C2": ["n2", "s1"],
    "C3": ["s1", "s2"],
}


def write(folder: Path, *parts: str, places: dict[str, list[Any]] | None = None) -> Path:
    """The study of some parts, with its tables."""
    pd.DataFrame(places or PLACES).to_csv(folder / "places.csv", index=False)
    pd.DataFrame(LOT_SITES).to_csv(folder / "lots.csv", index=False)
    pd.DataFrame(PILE_SITES).to_csv(folder / "piles.csv", index=False)
    rows = [(place, site, 100) for site, near in NEAR.items() for place in near]
    pd.DataFrame(rows, columns=["demand", "site", "value"]).to_csv(folder / "travel.csv", index=False)
    (folder / "study.toml").write_text("\n".join((HEAD, *parts)), encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> Result:
    """`siting run` of the study."""
    return CliRunner().invoke(siting, ["run", str(folder), "--out", str(folder / "out"), *words])


def programmes_of(folder: Path) -> dict[str, Any]:
    """The programmes of the result."""
    return dict(json.loads((folder / "out/result.json").read_text(encoding="utf-8"))["programmes"])
