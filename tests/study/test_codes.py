"""Ids are the same wherever they stand: codes keep their zeros, and 7 and 7.0 are one id."""

import numpy as np
import pandas as pd
import pytest

from solver.inputs.columns import id_text
from solver.inputs.layers import read_frame
from solver.solve import solve_study
from solver.study.read import read_study

STUDY = """
[study]
name = "codes"
[travel]
matrix = "{matrix}"
[programmes.p]
model = "max-cover"
open = 1
demand = {{ file = "places.csv", id = "tract", weight = "people" }}
sites = {{ file = "sites.csv", id = "site" }}
reach = {{ limit_m = 100 }}
"""


def test_codes_with_a_leading_zero_stay_text_and_numbers_stay_numbers(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("code,tract,n,share,flag\n0430,060816029.00,7,0.5,true\n4302,560750479.01,0,0.25,false\n")
    frame = read_frame(path)
    assert frame["code"].tolist() == ["0430", "4302"]
    assert frame["tract"].tolist() == ["060816029.00", "560750479.01"]
    assert frame["n"].tolist() == [7, 0]
    assert frame["share"].tolist() == [0.5, 0.25]
    assert frame["flag"].tolist() == [True, False]


@pytest.mark.parametrize("value", [7, 7.0, np.int64(7), np.float64(7.0), "7"])
def test_one_id_however_it_is_written(value):
    assert id_text(value) == "7"


@pytest.mark.parametrize("matrix", ["times.csv", "times.parquet", "times.npz"])
@pytest.mark.parametrize("ids", [("060816029.00", "060750479.01"), ("1", "2"), ("1.0", "2.0"), ("a", "b")])
def test_places_of_a_matrix_are_found_by_their_ids(matrix, ids, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY.format(matrix=matrix), encoding="utf-8")
    (tmp_path / "places.csv").write_text(f"tract,people\n{ids[0]},30\n{ids[1]},12\n")
    (tmp_path / "sites.csv").write_text("site\nX\n")
    (tmp_path / "times.csv").write_text(f"demand,site,value\n{ids[0]},X,50\n{ids[1]},X,60\n")
    frame = read_frame(tmp_path / "times.csv")
    if matrix.endswith("parquet"):
        frame.to_parquet(tmp_path / matrix)
    elif matrix.endswith("npz"):
        np.savez(tmp_path / matrix, **{c: np.array(frame[c].tolist()) for c in frame.columns})
    assert solve_study(read_study(tmp_path)).programmes["p"].objective == 42


def test_an_empty_cell_in_a_column_of_codes_is_missing_not_text(tmp_path):
    (tmp_path / "a.csv").write_text("code,n\n01,1\n,2\n")
    assert pd.isna(read_frame(tmp_path / "a.csv")["code"][1])
