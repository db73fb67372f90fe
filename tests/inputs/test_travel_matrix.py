"""A matrix of the study's own: what is refused, in full."""

import pandas as pd
import pytest

from solver.errors import LayerError
from solver.inputs.roads import Points
from solver.inputs.travel import matrix_of
from solver.study.schema import Reach, TravelSection


def test_a_matrix_without_rows_is_refused() -> None:
    with pytest.raises(LayerError) as refused:
        matrix_of(pd.DataFrame(columns=["demand", "site", "value"]), TravelSection(matrix="t.csv"), "t.csv")
    assert str(refused.value) == (
        "travel.matrix   t.csv has no rows; give a row of demand, site and value for every pair"
    )


def test_what_a_reach_says_of_roads_is_refused_beside_a_matrix() -> None:
    table = pd.DataFrame({"demand": ["a"], "site": ["A"], "value": [10.0]})
    matrix = matrix_of(table, TravelSection(matrix="t.csv"), "t.csv")
    points = Points(("a",), None), Points(("A",), None)
    assert matrix.between(*points, Reach(limit_m=500)).nnz == 1
    with pytest.raises(LayerError) as refused:
        matrix.between(*points, Reach(limit_m=500, mode="straight"))
    assert str(refused.value) == (
        "reach.mode   is straight, but t.csv gives the travel; take the mode out, or the matrix"
    )
    with pytest.raises(LayerError) as refused:
        matrix.between(*points, Reach(limit_m=500, direction="from_site", access=False))
    assert str(refused.value) == (
        "reach.direction   is from_site, but t.csv gives the travel; take the direction out, or the matrix\n"
        "reach.access   is false, but t.csv gives the travel; take the access out, or the matrix"
    )
