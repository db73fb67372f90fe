"""Three places, three sites, each within reach of one: plans and their worth can be told by hand."""

from pathlib import Path

from click.testing import CliRunner

from solver.cli.group import siting

STUDY = """
[study]
name = "small"
title = "Three villages"
title_zh = "三个村"
[travel]
matrix = "times.csv"
unit = "min"
[solve]
gap = 0.0
search_s = 0
[programmes.clinics]
model = "max-cover"
open = 1
demand = { file = "places.csv", id = "place", weight = "now", group = "district" }
sites = { file = "sites.csv", id = "site", cost = "cost", group = "district" }
reach = { limit_min = 10 }
[scenarios.later]
"programmes.clinics.demand.weight" = "later"
[scenarios.south.programmes.clinics.demand]
weight = "south"
"""
PLACES = "place,district,now,later,south\np,north,50,10,20\nq,mid,40,60,45\nr,south,30,30,60\n"
SITES = "site,district,cost\na,north,3e6\nb,mid,2e6\nc,south,1e6\n"
TIMES = "demand,site,value\np,a,5\nq,b,5\nr,c,5\n"


def write(folder: Path, **changes: str) -> Path:
    """The study in a folder; files by name without their ending."""
    texts = {"study.toml": STUDY, "places.csv": PLACES, "sites.csv": SITES, "times.csv": TIMES}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(changes.get(name.split(".")[0], text), encoding="utf-8")
    return folder


def call(*words):
    """A command as it ends."""
    return CliRunner().invoke(siting, [str(word) for word in words])
