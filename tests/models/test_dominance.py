"""Sets without those that hold others, against looking at every pair."""

import numpy as np
import pytest

from models.dominance import greatest_sets, least_sets, packed, unpacked


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n_members", [3, 64, 70, 130])
def test_what_is_kept_is_what_no_other_set_says_already(seed: int, n_members: int) -> None:
    rng = np.random.default_rng(seed)
    sets = rng.random((30, n_members)) < rng.choice([0.02, 0.5, 0.9, 0.99], (30, 1))
    sets[-1] = sets[0]
    words = packed(sets)
    assert (unpacked(words, n_members) == sets).all()
    holds = [[bool((sets[b] <= sets[a]).all()) for b in range(30)] for a in range(30)]

    def kept(over: list[list[bool]]) -> list[int]:
        """Sets that are over no other, nor over an equal one before them."""
        return [a for a in range(30) if not any(over[a][b] and (not over[b][a] or b < a) for b in range(30) if b != a)]

    assert least_sets(words).tolist() == kept(holds)
    assert greatest_sets(words).tolist() == kept([list(row) for row in zip(*holds, strict=True)])


def test_no_sets_are_no_sets() -> None:
    assert least_sets(packed(np.zeros((0, 5), dtype=bool))).tolist() == []
    assert least_sets(packed(np.zeros((2, 0), dtype=bool))).tolist() == [0]
