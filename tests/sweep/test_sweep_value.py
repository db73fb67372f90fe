"""Plans valued in another world, against arithmetic of its own."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from solver.engines.catalogue import engine
from solver.engines.engine import Ask
from solver.inputs.instance import load_instance
from solver.inputs.travel import travel_source
from solver.pose.programme import pose
from solver.solve import solve_study
from solver.study.read import read_study
from solver.sweep.value import Decided, value_of_plan

HEAD = """
[study]
name = "random"
[travel]
matrix = "times.csv"
unit = "min"
[solve]
gap = 0.0
search_s = 0
[programmes.it]
demand = { file = "places.csv", id = "place", weight = "now" }
sites = { file = "sites.csv", id = "site", cost = 1e6 }
reach = { limit_min = 60 }
"""
MEDIAN = 'model = "p-median"\nopen = 2\n'
WARDS = 'model = "capacitated-cover"\nopen_at_most = 3\nsizes_total = 4\n'
WARDS += "sizes = { ward = { capacity = 40, max_per_site = 2 } }\n"


def world(folder, model, seed):
    """A random study; weights (n_places,) now and later, times (n_places, n_sites), inf beyond reach."""
    numbers = np.random.default_rng(seed)
    times = numbers.integers(1, 60 if "median" in model else 110, (8, 5)).astype(float)
    weights = numbers.integers(5, 40, (2, 8))
    pairs = [(f"p{i}", f"s{j}", times[i, j]) for i in range(8) for j in range(5)]
    pd.DataFrame(pairs, columns=["demand", "site", "value"]).to_csv(folder / "times.csv", index=False)
    places = pd.DataFrame({"place": [f"p{i}" for i in range(8)], "now": weights[0], "later": weights[1]})
    places.to_csv(folder / "places.csv", index=False)
    pd.DataFrame({"site": [f"s{j}" for j in range(5)]}).to_csv(folder / "sites.csv", index=False)
    (folder / "study.toml").write_text(HEAD + model, encoding="utf-8")
    return weights[1], np.where(times <= 60, times, np.inf)


def valued_later(folder):
    """The plan for the weights of now, and what it is worth with those of later."""
    now = solve_study(read_study(folder)).programmes["it"]
    file = read_study(folder, ["programmes.it.demand.weight=later"])
    instance = load_instance(file)
    posed = pose(instance.programmes["it"], travel_source(file, instance.crs, lambda text, share: None))
    decided = Decided(frozenset(now.sites), now.units)
    return now, value_of_plan(posed, decided, engine("highs"), Ask(time_limit_s=20, gap=0.0))


@pytest.mark.parametrize("seed", range(6))
def test_a_median_plan_serves_every_place_from_its_nearest_open_site(tmp_path, seed):
    weight, times = world(tmp_path, MEDIAN, seed)
    now, valued = valued_later(tmp_path)
    nearest = times[:, [int(site[1:]) for site in now.sites]].min(axis=1)
    assert valued.objective == pytest.approx(float(weight @ nearest) * 60)  # travel is in seconds
    assert valued.breaks == ()


@pytest.mark.parametrize("seed", range(6))
def test_wards_stay_where_they_were_put_and_beds_are_shared_out_anew(tmp_path, seed):
    weight, times = world(tmp_path, WARDS, seed)
    now, valued = valued_later(tmp_path)
    beds = [40 * now.units.get(f"s{j}", {}).get("ward", 0) for j in range(5)]
    assert sum(beds) == 160
    # the most people that reach a bed: x_ij <= w_i, rows at most w_i, columns at most the beds there
    rows = np.kron(np.eye(8), np.ones(5))
    columns = np.kron(np.ones(8), np.eye(5))
    most = [(0, float(weight[i]) if np.isfinite(times[i, j]) else 0.0) for i in range(8) for j in range(5)]
    served = linprog(-np.ones(40), np.vstack([rows, columns]), [*weight, *beds], bounds=most)
    assert valued.objective == pytest.approx(-served.fun)
    assert valued.cost == pytest.approx(now.cost)
    assert valued.breaks == ()


def test_a_plan_with_more_units_than_a_site_may_hold_there_cannot_be_carried_out(tmp_path):
    world(tmp_path, WARDS, 0)
    file = read_study(tmp_path)
    instance = load_instance(file)
    posed = pose(instance.programmes["it"], travel_source(file, instance.crs, lambda text, share: None))
    decided = Decided(frozenset(["s1"]), {"s1": {"ward": 3}})
    valued = value_of_plan(posed, decided, engine("highs"), Ask(time_limit_s=20, gap=0.0))
    assert (valued.objective, valued.breaks) == (None, ("its sites and units cannot serve what must be served there",))
