"""Bounds by prices of rows: they hold, come near the relaxation, and need its columns to have bounds."""

import numpy as np
import pytest

from models.program import ProgramBuilder, row_of
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.rowprices import bound_by_prices
from tests.engines.programs import best_covering, best_of_box, boxed, covering


@pytest.mark.parametrize("seed", range(6))
def test_it_holds_for_programs_of_both_senses(seed: int) -> None:
    for program, truth in ((boxed(seed), best_of_box(boxed(seed))), (covering(seed), best_covering(covering(seed), 3))):
        assert truth is not None
        found = bound_by_prices(program, truth, seconds=0.2)
        assert found is not None
        assert found.bound >= truth if program.sense == "max" else found.bound <= truth


@pytest.mark.parametrize("seed", range(3))
def test_it_comes_near_the_relaxation_and_not_beyond_it(seed: int) -> None:
    program = covering(seed, n_sites=20, n_demand=60)
    linear = Highs().run(program.relaxed(), Ask(gap=0.0)).outcome.objective
    best = Highs().run(program, Ask(gap=0.0)).outcome.objective
    assert linear is not None
    assert best is not None
    found = bound_by_prices(program, best, seconds=2.0)
    assert found is not None
    assert linear - 1e-6 <= found.bound <= 1.02 * linear  # without steps it would be all the weight there is
    assert found.bound < float(program.objective.sum())


def test_columns_without_bounds_prove_nothing() -> None:
    builder = ProgramBuilder("open", "max")
    flow = builder.columns("flow", 2, objective=np.ones(2))
    builder.rows("at_least", [(row_of(np.ones(2)), flow)], lower=1.0)
    assert bound_by_prices(builder.build(), 1.0, seconds=0.1) is None
