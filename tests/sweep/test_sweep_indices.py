"""Sensitivity indices against functions whose indices are known."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc

from solver.sweep.cases import Case
from solver.sweep.design import SweepPlan, crossed, points_of
from solver.sweep.indices import of_grid, pick_freeze, rank_correlations
from solver.sweep.planfile import vary_of
from solver.sweep.sensitivity import sensitivity


def test_indices_of_the_ishigami_function_are_those_of_its_formula():
    # Ishigami and Homma 1990 with a = 7, b = 0.1: S = 0.3139, 0.4424, 0; T = 0.5576, 0.4424, 0.2437
    n = 2048
    base = qmc.Sobol(6, rng=1).random(n)
    x = (2 * crossed(base[:, :3], base[:, 3:]) - 1) * np.pi
    y = (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])).reshape(n, 5)
    found = pick_freeze(y[:, 0], y[:, 1], y[:, 2:], seed=3)
    for (first, total), (s, t) in zip(found, ((0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)), strict=True):
        assert first.low - 0.02 < s < first.high + 0.02
        assert total.low - 0.02 < t < total.high + 0.02
        assert total.high - total.low < 0.15


def test_the_same_seed_draws_the_same_interval():
    a, b, mixed = np.random.default_rng(2).random((3, 40, 1))
    first, again, other = (pick_freeze(a[:, 0], b[:, 0], mixed, seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_on_a_full_grid_the_indices_are_exact():
    # y = x + 2 z on {0, 1}^2: variances 1/4 and 1 of 5/4
    x, z = np.meshgrid([0.0, 1.0], [0.0, 1.0], indexing="ij")
    assert [(f.value, t.value) for f, t in of_grid(x + 2 * z)] == [pytest.approx((0.2, 0.2)), pytest.approx((0.8, 0.8))]
    # y = (2x - 1)(2z - 1): neither explains anything alone, both everything together
    assert [(f.value, t.value) for f, t in of_grid((2 * x - 1) * (2 * z - 1))] == [(0.0, 1.0), (0.0, 1.0)]


def test_ranks_see_any_rising_curve_and_the_interval_narrows_with_runs():
    x = np.random.default_rng(0).random((200, 2))
    rising, other = rank_correlations(x, np.exp(5 * x[:, 0]))
    assert rising.value == pytest.approx(1.0)
    assert other.low < 0 < other.high
    few = rank_correlations(x[:20], x[:20, 0] + x[:20, 1])[0]
    many = rank_correlations(x, x[:, 0] + x[:, 1])[0]
    assert few.high - few.low > 2 * (many.high - many.low)
    assert [(i.low, i.high) for i in rank_correlations(x[:4], x[:4, 0])] == [(-1.0, 1.0)] * 2


@pytest.mark.parametrize(("samples", "enough"), [(8, False), (64, True)])
def test_a_key_without_effect_is_told_so_only_by_enough_samples(samples, enough):
    plan = SweepPlan((vary_of("a=0.0:1.0"), vary_of("b=0.0:1.0")), design="saltelli", samples=samples)
    cases = [case_of(number, point, 1 + point["a"]) for number, point in enumerate(points_of(plan), start=1)]
    found = sensitivity("clinics", cases, plan).set_index(["figure", "key", "index"])
    assert found.loc[("objective", "b", "total"), "value"] == 0.0  # its interval is 0 to 0, however few there are
    assert found.loc[("objective", "b", "total"), "enough"] == enough
    assert set(found["runs"]) == {4 * samples}


def test_samples_with_a_run_without_a_plan_are_left_out_as_wholes():
    plan = SweepPlan((vary_of("a=0.0:1.0"), vary_of("b=0.0:1.0")), design="saltelli", samples=8)
    points = points_of(plan)
    cases = [case_of(n, p, None if n == 6 else 1 + p["a"]) for n, p in enumerate(points, start=1)]
    assert set(sensitivity("clinics", cases, plan)["runs"]) == {4 * 7}


def case_of(run, point, objective):
    """A run of a programme with that worth."""
    entry = {"objective": objective, "bound": objective, "cost": None, "sites": [], "figures": {}}
    return Case(run, "", point, entry, Path())


def test_without_variance_there_are_no_indices():
    same = np.full(8, 3.0)
    assert pick_freeze(same, same, np.full((8, 2), 3.0)) == []
    assert of_grid(np.full((2, 2), 3.0)) == []
    assert rank_correlations(np.arange(8.0).reshape(8, 1), same) == []
