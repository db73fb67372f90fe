import numpy as np
import pytest
from scipy.sparse import csr_array

from solver.network.transforms import exponential, gaussian, gradual, linear, power, stepped, transformed

T = np.array([0.0, 100.0, 300.0, 500.0])


def test_impedances_that_weigh_far_places_more():
    assert list(linear(1 / 60)(T)) == pytest.approx([0, 100 / 60, 5, 500 / 60])
    assert list(power(2)(T)) == [0, 10_000, 90_000, 250_000]
    assert list(exponential(0.01)(T)) == pytest.approx([1, np.e, np.e**3, np.e**5])


def test_distance_decay_of_gravity_models():
    assert list(power(-1, floor=60)(T)) == pytest.approx([1 / 60, 1 / 100, 1 / 300, 1 / 500])
    assert gaussian(100)(T)[1] == pytest.approx(0.60653, abs=1e-5)
    assert gaussian(100)(T)[2] == pytest.approx(0.011109, abs=1e-6)


@pytest.mark.parametrize(
    ("shape", "rate", "shares"),
    [
        ("linear", 1, [1, 1, 0.5, 0]),
        ("power", 2, [1, 1, 0.25, 0]),
        ("exponential", 3, [1, 1, np.exp(-1.5), np.exp(-3)]),
        ("gaussian", 4, [1, 1, np.exp(-1), np.exp(-4)]),
    ],
)
def test_coverage_is_full_up_to_one_distance_and_falls_to_another(shape, rate, shares):
    assert list(gradual(shape, full=100, limit=500, rate=rate)(T)) == pytest.approx(shares)
    assert gradual(shape, full=100, limit=499, rate=rate)(T)[-1] == 0


def test_full_coverage_up_to_the_limit_is_plain_coverage():
    assert list(gradual("linear", full=300, limit=300)(T)) == [1, 1, 1, 0]


def test_steps_hold_up_to_and_with_their_limit_in_any_order():
    assert list(stepped([(300, 0.5), (100, 1.0)])(T)) == [1, 1, 0.5, 0]


def test_what_is_beyond_reach_stays_absent_and_a_zero_stays_stored():
    matrix = csr_array((np.array([0.0, 300.0]), np.array([2, 0]), np.array([0, 1, 2])), shape=(2, 3))
    found = transformed(matrix, gradual("linear", full=0, limit=300))
    assert found.shape == (2, 3)
    assert list(found.data) == [1, 0]  # both stored: the second place is within reach, only worth nothing
    assert list(found.indices) == [2, 0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: power(-2), "power -2 of 0 is infinite"),
        (lambda: gaussian(0), "spread is 0; must be above 0"),
        (lambda: gradual("linear", full=5, limit=4), "must be 0 <= full <= limit"),
        (lambda: gradual("cosine", full=0, limit=4), "shape is 'cosine'; must be one of linear"),
    ],
)
def test_parameters_without_sense_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
