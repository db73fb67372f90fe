"""The greedy plan where sites carry what they serve: worked out by hand."""

import numpy as np
import scipy.sparse as sp

from models.algorithms.covering.supplying import Supply, Unit, supply_greedily


def supply(**more: object) -> Supply:
    """Groups of 30, 20, 10; s0 reaches the first two, s1 the last two, s2 the last; capacities 40, 40, 5."""
    reach = sp.csr_array(np.array([[1.0, 0, 0], [1.0, 1, 0], [0, 1.0, 1]]))
    given: dict[str, object] = {
        "need": np.array([30.0, 20.0, 10.0]),
        "reach": reach,
        "capacity": np.array([40.0, 40.0, 5.0]),
        "cost": np.array([4.0, 2.0, 1.0]),
        "fixed_open": np.zeros(3, dtype=bool),
        "fixed_closed": np.zeros(3, dtype=bool),
    }
    return Supply(**(given | more))  # type: ignore[arg-type]


def served(found: object, need: np.ndarray) -> float:
    return float(need @ np.asarray(found.served.sum(axis=1)).ravel())  # type: ignore[attr-defined]


def test_sites_open_by_what_they_serve_for_their_share_of_number_and_money() -> None:
    # s0 serves 40 for half the number or two fifths of the money, s1 then what is left: 10 + 10
    found = supply_greedily(supply(), number=2, budget=10.0, seconds=1.0)
    assert (found.is_open.tolist(), served(found, supply().need)) == ([True, True, False], 60.0)
    assert supply_greedily(supply(), number=3, budget=3.0, seconds=1.0).is_open.tolist() == [False, True, False]


def test_what_fewest_others_reach_is_served_first() -> None:
    # s0 carries 30 of 50: all of the first group, which nobody else reaches, so that s1 serves the rest
    tight = supply(capacity=np.array([30.0, 40.0, 5.0]))
    assert served(supply_greedily(tight, number=2, budget=10.0, seconds=1.0), tight.need) == 60.0


def test_a_place_that_must_be_whole_is_served_by_one_site_or_none() -> None:
    # 30 + 20 do not fit into 40: s0 serves 30 alone, s1 the 20 and the 10
    found = supply_greedily(supply(whole=True), number=2, budget=10.0, seconds=1.0)
    assert served(found, supply().need) == 60.0
    assert set(found.served.data.tolist()) == {1.0}


def test_units_come_in_packages_that_keep_shares_and_power() -> None:
    # a fast unit of 20 draws 3, a slow one of 5 draws 1; power 8: two fast and two slow carry 50, two of the 50 kW
    fast = Unit("fast", 20.0, np.full(3, 1.0), np.full(3, 9.0), 3.0)
    slow = Unit("slow", 5.0, np.full(3, 1.0), np.full(3, 9.0), 1.0)
    made = supply(
        capacity=np.full(3, np.inf), units=(fast, slow), power=np.full(3, 8.0), shares={"slow": 0.5}, least_units=1
    )
    found = supply_greedily(made, number=1, budget=100.0, seconds=1.0)
    assert (found.units["fast"].tolist(), found.units["slow"].tolist()) == ([2, 0, 0], [2, 0, 0])
    assert served(found, made.need) == 50.0


def test_no_time_leaves_what_is_open_anyway() -> None:
    found = supply_greedily(supply(fixed_open=np.array([False, True, False])), number=3, budget=9.0, seconds=-1.0)
    assert (found.is_open.tolist(), served(found, supply().need)) == ([False, True, False], 30.0)
