"""A study of five sites and four places on a line, written to a folder, for tests of rules."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from solver.inputs.instance import ProgrammeInputs, load_instance
from solver.results.result import ProgrammeResult
from solver.solve import solve_study
from solver.study.read import StudyFile, read_study

SITES = """id,x,y,cost,owner,county,capacity,status,land
A,0,0,4,city,west,10,candidate,2
B,100,0,5,city,west,10,candidate,2
C,250,0,6,rail,east,10,candidate,3
D,450,0,7,city,east,10,candidate,4
E,700,0,9,,east,10,existing,1
"""
PLACES = """id,people,county
a,10,west
b,8,west
c,6,east
d,4,east
"""
# every place is reached by the site of its letter; A reaches b too, E reaches d
TRAVEL = "demand,site,value\na,A,10\nb,A,90\nb,B,10\nc,C,10\nd,D,10\nd,E,60\n"
HOUSING = {
    "type": "FeatureCollection",
    "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}},
    "features": [
        {
            "type": "Feature",
            "properties": {"name": name, "kind": kind},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 30], [x + 40, 30], [x + 40, 60], [x, 60], [x, 30]]]},
        }
        for name, kind, x in (("North Court", "flats", 60.0), ("Mill", "works", 440.0))
    ],
}
STUDY = """
[study]
name = "line"
crs = "EPSG:4547"
[travel]
matrix = "travel.csv"
[solve]
gap = 0.0
search_s = 0
[programmes.p]
model = "max-cover"
{rules}
[programmes.p.demand]
file = "places.csv"
id = "id"
weight = "people"
group = "county"
[programmes.p.sites]
file = "sites.csv"
id = "id"
cost = "cost"
group = "county"
status = "status"
x = "x"
y = "y"
crs = "EPSG:4547"
[programmes.p.reach]
limit_m = 100
"""


def write_study(
    folder: Path, rules: str, *, model: str = "max-cover", sites: str = SITES, sets: Sequence[str] = ()
) -> StudyFile:
    """The study with more lines in its programme's section; `sets` are overrides."""
    head, _, tables = rules.partition("\n[")
    text = STUDY.replace("{rules}", head).replace('"max-cover"', f'"{model}"') + (f"\n[{tables}" if tables else "")
    for name, content in (
        ("study.toml", text),
        ("sites.csv", sites),
        ("places.csv", PLACES),
        ("travel.csv", TRAVEL),
        ("housing.geojson", json.dumps(HOUSING)),
    ):
        (folder / name).write_text(content, encoding="utf-8")
    return read_study(folder, sets)


def inputs_of(folder: Path, rules: str, **options: Any) -> ProgrammeInputs:
    """The programme's layers, read."""
    return load_instance(write_study(folder, rules, **options)).programmes["p"]


def solved(folder: Path, rules: str, **options: Any) -> ProgrammeResult:
    """The programme, solved."""
    return solve_study(write_study(folder, rules, **options)).programmes["p"]
