"""A matrix of the study's own: what is refused, in full."""

import pandas as pd
import pytest

from solver.errors import LayerError
from solver.study.schema import TravelSection
from solver.travel import matrix_of


def test_a_matrix_without_rows_is_refused() -> None:
    with pytest.raises(LayerError) as refused:
        matrix_of(pd.DataFrame(columns=["demand", "site", "value"]), TravelSection(matrix="t.csv"), "t.csv")
    assert str(refused.value) == (
        "travel.matrix   t.csv has no rows; give a row of demand, site and value for every pair"
    )
