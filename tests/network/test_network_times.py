"""`siting network times`: travel as a table, on the one-way square A -> B -> C -> D -> A of 1,000 m a side."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.inputs.layers import read_frame
from solver.solve import solve_study
from solver.study.read import read_study

SQUARE = Path(__file__).parents[2] / "instances/teaching/one-way"
HOW = ("--demand-id", "place", "--site-id", "site", "--x", "x", "--y", "y", "--crs", "EPSG:4547")


def times(out, *words, demand=SQUARE / "places.csv", sites=SQUARE / "sites.csv"):
    how = (
        "network",
        "times",
        SQUARE / "edges.geojson",
        "--demand",
        demand,
        "--sites",
        sites,
        "--out",
        out,
        *HOW,
        *words,
    )
    return CliRunner().invoke(siting, [str(word) for word in how])


@pytest.fixture
def read():
    def table(path):
        if path.suffix == ".npz":
            with np.load(path) as arrays:
                return pd.DataFrame({name: arrays[name] for name in arrays.files})
        return read_frame(path)

    return table


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".npz"])
def test_the_table_holds_the_metres_along_the_one_way_streets(suffix, tmp_path, read):
    ended = times(tmp_path / f"t{suffix}", "--limit-m", 3000)
    assert ended.exit_code == 0, ended.output
    table = read(tmp_path / f"t{suffix}").astype({"demand": str, "site": str})
    assert sorted(table.itertuples(index=False, name=None)) == [
        ("B", "at-A", 3000),  # by C and D
        ("B", "at-C", 1000),
        ("D", "at-A", 1000),
        ("D", "at-C", 3000),
    ]
    assert "4 pairs of 2 places and 2 facilities, in m" in ended.stdout
    assert "0 places have no facility within the limit" in ended.stdout


def test_the_other_direction_goes_the_other_way(tmp_path, read):
    times(tmp_path / "t.csv", "--limit-m", 1500, "--direction", "from_site")
    assert read(tmp_path / "t.csv")[["demand", "site"]].to_numpy().tolist() == [["B", "at-A"], ["D", "at-C"]]


def test_only_the_nearest_are_kept(tmp_path, read):
    ended = times(tmp_path / "t.csv", "--limit-min", 60, "--nearest", 1)
    assert "2 pairs of 2 places and 2 facilities, in s" in ended.stdout
    assert read(tmp_path / "t.csv")[["demand", "site"]].to_numpy().tolist() == [["B", "at-C"], ["D", "at-A"]]


def test_a_study_takes_the_table_in_place_of_the_roads(tmp_path):
    times(tmp_path / "t.csv", "--limit-m", 1500)
    text = (SQUARE / "study.toml").read_text(encoding="utf-8")
    text = text.replace('[network]\nfile = "edges.geojson"', '[travel]\nmatrix = "t.csv"\nunit = "m"')
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    for name in ("places.csv", "sites.csv"):
        (tmp_path / name).write_bytes((SQUARE / name).read_bytes())
    by_table, by_roads = (solve_study(read_study(f), programmes=["visit"]) for f in (tmp_path, SQUARE))
    assert by_table.programmes["visit"].sites == by_roads.programmes["visit"].sites == ("at-A",)
    assert by_table.programmes["visit"].objective == by_roads.programmes["visit"].objective


def test_faults_of_both_layers_are_said_at_once(tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("place,x,y\nB,501000,3081000\nB,500000,3080000\n")
    ended = times(tmp_path / "t.csv", "--limit-m", 1500, demand=bad, sites=tmp_path / "none.csv")
    assert ended.exit_code == 3
    assert "bad.csv has place B more than once" in ended.stderr
    assert "none.csv   does not exist" in ended.stderr
    assert times(tmp_path / "t.csv").exit_code == 2
    assert times(tmp_path / "t.doc", "--limit-m", 5).exit_code == 2


def test_an_import_loads_neither_the_compiler_nor_networkx():
    code = "import sys, solver.cli.network; sys.exit('numba' in sys.modules or 'networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
