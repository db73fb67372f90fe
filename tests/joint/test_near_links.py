"""Links by nearness against trying every pair of choices, from the study file to the joint plan."""

import itertools
import json
import math

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.solve import solve_study
from solver.study.read import read_study
from tests.joint.small import HEAD, JOINT, LOTS, PILES, run

PLACED = 'x = "x", y = "y", crs = "EPSG:4547", '
LINK = '[[portfolio.joint.links]]\nprogramme = "piles"\nneeds = "lots"\n'
N = 4


def town(folder, rng, way):
    """Four lots and four sites of piles on a coarse grid, six places; what each costs and reaches."""
    places = pd.DataFrame({"id": [f"d{i}" for i in range(6)], "district": "all"})
    places["cars"], places["kwh"] = rng.integers(1, 9, 6), rng.integers(1, 9, 6)
    places.to_csv(folder / "places.csv", index=False)
    layers, pairs = {}, []
    for name, letter in (("lots", "P"), ("piles", "C")):
        sites = pd.DataFrame({"id": [f"{letter}{j}" for j in range(N)], "cost": rng.integers(1, 5, N)})
        sites["x"], sites["y"] = 700_000 + 100 * rng.integers(0, 5, N), 3_000_000 + 100 * rng.integers(0, 5, N)
        sites.assign(district="all").to_csv(folder / f"{name}.csv", index=False)
        layers[name] = sites
        pairs += [(d, s, 100) for s in sites["id"] for d in places["id"] if rng.random() < 0.4]
    pairs += [(d, s, 100) for d, s in (("d0", "P0"), ("d0", "C0"))]
    table = pd.DataFrame(pairs, columns=["demand", "site", "value"]).drop_duplicates()
    table.to_csv(folder / "travel.csv", index=False)
    text = "\n".join((HEAD, LOTS, PILES, JOINT.replace("7e6", "8"), LINK + way))
    (folder / "study.toml").write_text(text.replace('cost = "cost"', PLACED + 'cost = "cost"'), "utf-8")
    return places, layers, {(d, s) for d, s, _ in pairs}


def best_by_trying(places, layers, reached, may_open):
    """The most of both shares that 8 buy, where `may_open` says whether a site of piles may open beside some lots."""
    lots, piles = layers["lots"], layers["piles"]
    best = 0.0
    for open_lots, open_piles in itertools.product(itertools.product((0, 1), repeat=N), repeat=2):
        chosen = [lots[np.array(open_lots) > 0], piles[np.array(open_piles) > 0]]
        if sum(part["cost"].sum() for part in chosen) > 8:
            continue
        if not all(may_open(pile, lots, np.array(open_lots) > 0) for _, pile in chosen[1].iterrows()):
            continue
        worth = 0.0
        for part, weight in zip(chosen, ("cars", "kwh"), strict=True):
            covered = [any((d, s) in reached for s in part["id"]) for d in places["id"]]
            worth += places[weight][covered].sum() / places[weight].sum()
        best = max(best, worth)
    return best


def away(pile, lots):
    """Straight distance (n_lots,) of every lot, m."""
    return np.array([math.hypot(x - pile["x"], y - pile["y"]) for x, y in zip(lots["x"], lots["y"], strict=True)])


@pytest.mark.parametrize("unlinked", ["free", "closed"])
@pytest.mark.parametrize("seed", range(4))
def test_any_lot_within_a_distance_will_do(tmp_path, seed, unlinked):
    def may_open(pile, lots, is_open):
        near = away(pile, lots) <= 200
        return (is_open & near).any() or (unlinked == "free" and not near.any())

    told = town(tmp_path, np.random.default_rng(seed), f'within_m = 200\nunlinked = "{unlinked}"')
    joint = solve_study(read_study(tmp_path)).programmes["joint"]
    assert joint.objective == pytest.approx(best_by_trying(*told, may_open))


@pytest.mark.parametrize("unlinked", ["free", "closed"])
@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_lot_must_be_open_where_it_is_near_enough(tmp_path, seed, unlinked):
    places, layers, reached = town(
        tmp_path, np.random.default_rng(100 + seed), f'nearest_m = 200\nunlinked = "{unlinked}"'
    )
    layers["lots"]["x"] += np.arange(N)  # no two lots are as near: the first of equals would be the tool's own choice
    layers["lots"].assign(district="all").to_csv(tmp_path / "lots.csv", index=False)

    def may_open(pile, lots, is_open):
        distance = away(pile, lots)
        if distance.min() > 200:
            return unlinked == "free"
        return is_open[distance.argmin()]

    joint = solve_study(read_study(tmp_path)).programmes["joint"]
    assert joint.objective == pytest.approx(best_by_trying(places, layers, reached, may_open))


@pytest.mark.parametrize("seed", range(4))
def test_of_lots_equally_near_or_at_one_place_either_will_do(tmp_path, seed):
    places, layers, reached = town(tmp_path, np.random.default_rng(seed), 'nearest_m = 200\nunlinked = "closed"')
    lots = layers["lots"]
    lots.loc[1, ["x", "y"]] = lots.loc[0, ["x", "y"]]  # two lots at one place, others equally near by the coarse grid
    lots.assign(district="all").to_csv(tmp_path / "lots.csv", index=False)

    def may_open(pile, lots, is_open):
        distance = away(pile, lots)
        return bool(distance.min() <= 200 and is_open[distance <= distance.min() + 1e-3].any())

    assert run(tmp_path).exit_code == 0
    told = json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))["programmes"]["joint"]
    assert told["objective"] == pytest.approx(best_by_trying(places, layers, reached, may_open))
    assert CliRunner().invoke(siting, ["verify", str(tmp_path / "out")]).exit_code == 0


def test_a_link_within_a_distance_holds_when_it_is_recomputed(tmp_path):
    town(tmp_path, np.random.default_rng(1), 'within_m = 200\nunlinked = "closed"')
    assert run(tmp_path).exit_code == 0
    assert CliRunner().invoke(siting, ["verify", str(tmp_path / "out")]).exit_code == 0
