"""Worths that are meant to be whole numbers are known as such, whatever a product has made of their last digits."""

import numpy as np
import pytest

from models.algorithms.uncapacitated.costs import service_of
from models.algorithms.uncapacitated.lagrangian import safe
from models.problem import Demand, Sites, SitingProblem


def problem(weight: list[float], cost: list[list[float]]) -> SitingProblem:
    """Travel is cost per weight, so that weight times travel gives the cost back, but for rounding."""
    travel = np.array(cost) / np.array(weight)[:, None]
    return SitingProblem.dense(Sites.of(["s", "t"]), Demand.of(["a", "b"], weight=np.array(weight)), travel, unit="m")


def test_a_product_that_misses_a_whole_number_by_its_last_digit_is_whole() -> None:
    weight, cost = [49.0, 0.1], [[1.0, 7.0], [3.0, 11.0]]
    made = problem(weight, cost)
    products = np.array(weight)[:, None] * (np.array(cost) / np.array(weight)[:, None])
    assert (products != np.array(cost)).any()  # 49 * (1 / 49) is 0.9999999999999999
    service = service_of(made)
    assert service.whole
    assert safe(service, 3.2) == 4.0  # a bound of 3.2 on whole numbers is one of 4


@pytest.mark.parametrize("off", [1e-6, 0.25])
def test_a_worth_that_is_no_whole_number_is_none(off: float) -> None:
    assert not service_of(problem([1.0, 1.0], [[1.0, 2.0 + off], [3.0, 4.0]])).whole


def test_little_errors_that_add_up_are_no_longer_whole() -> None:
    assert not service_of(problem([1.0, 1.0], [[1.0 + 6e-8, 2.0], [3.0 + 6e-8, 4.0]])).whole


def test_numbers_less_than_any_rounding_are_not_nothing() -> None:
    assert not service_of(problem([1e-9, 1e-9], [[1e-9, 2e-9], [3e-9, 4e-9]])).whole
