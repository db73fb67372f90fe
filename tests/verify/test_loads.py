"""Loads beside weights: every model that takes them verifies, and what is told of them is checked."""

from pathlib import Path

import geopandas as gpd
import pytest

from solver.errors import StudyError
from solver.solve import solve_study
from solver.study.read import read_study
from solver.verify.run import verify_result
from tests.verify import every_key

LOADS = {name: keys for name, keys in every_key.KEYS.items() if name.startswith("load")}
TAKEN = {
    "capacitated-cover": "load load_room load_room_single load_room_nearest load_of_some load_sizes load_years",
    "p-median": "load load_room load_room_single load_sizes",
    "fixed-charge": "load load_room load_room_single load_sizes load_transport",
    "charging": "load load_room load_of_some load_years",
    "hierarchical": "load load_transport load_by_cost",
}


@pytest.mark.slow
@pytest.mark.parametrize("model", TAKEN)
def test_every_model_with_loads_verifies(model: str, tmp_path: Path) -> None:
    names, report = every_key.verified(tmp_path, model, LOADS)
    assert {*TAKEN[model].split()} <= {*names}
    assert [v for v in report.verdicts if v.status == "fails"] == []


def test_what_is_told_of_loads_is_checked(tmp_path: Path) -> None:
    _, report = every_key.verified(tmp_path, "capacitated-cover", {"load_room": LOADS["load_room"]})
    assert [v for v in report.verdicts if v.status == "fails"] == []
    path = tmp_path / "out/plan.gpkg"
    for layer, column in (("sites", "served_load"), ("demand", "load"), ("allocation", "served_load")):
        right = gpd.read_file(path, layer=f"load_room_{layer}")
        right.assign(**{column: right[column] + 1}).to_file(path, layer=f"load_room_{layer}", driver="GPKG")
    failed = {v.check for v in verify_result(tmp_path / "out").verdicts if v.status == "fails"}
    assert {
        "what_sites_reach_and_serve_is_as_told",
        "places_are_told_with_all_their_columns",
        "no_place_is_served_twice",
    } <= failed


def test_a_load_where_sites_serve_without_limit_is_refused(tmp_path: Path) -> None:
    every_key.write(tmp_path, "max-cover", {"load": LOADS["load"]})
    with pytest.raises(StudyError, match="programmes.load.demand.load   max-cover does not take it: its sites serve"):
        solve_study(read_study(tmp_path))


def test_a_year_with_weights_of_its_own_does_not_say_its_loads(tmp_path: Path) -> None:
    years = [{"name": "one", "demand": "later"}, {"name": "two"}]
    keys = LOADS["load_room"] | {"open": None, "phasing": {"years": years}}
    every_key.write(tmp_path, "capacitated-cover", {"grown": keys})
    with pytest.raises(StudyError, match="years.one.demand   says the weights of that year and not its loads"):
        solve_study(read_study(tmp_path))


def test_tiers_name_the_places_that_take_up_nothing(tmp_path: Path) -> None:
    keys = {"demand": every_key.DEMAND | {"load": "some_visits"}}
    every_key.write(tmp_path, "hierarchical", {"light": keys})
    with pytest.raises(StudyError, match=r"programmes.light.demand.load   is 0 at 1 places with weight \(c\)"):
        solve_study(read_study(tmp_path))
