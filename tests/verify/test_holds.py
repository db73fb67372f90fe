"""Results that were computed verify: every check that can be made holds, for every model and every kind of rule."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from solver.cli.town import EXAMPLES
from solver.events import SolveOptions
from solver.export.folder import write_result
from solver.network.store import write_edges
from solver.solve import solve_study
from solver.study.read import read_study
from solver.verify.run import verify_result
from tests.joint import small
from tests.pose import matrix_study
from tests.rules_study import write_study as write_rules_study

TEACHING = Path(__file__).parents[2] / "instances/teaching"


def verified(study, out, sets=(), **options):
    """The report of a study that is solved and written into `out`."""
    sets = ["solve.search_s=0", *sets]
    write_result(solve_study(read_study(study, sets), options=SolveOptions(**options)), out, maps=False)
    return verify_result(out)


def example(name, folder):
    folder.mkdir(parents=True)
    EXAMPLES[name].write(folder)


def wrong(report):
    return [(v.part, v.check, v.details) for v in report.failed]


def unmade(report):
    return {(v.part, v.check) for v in report.verdicts if v.status == "not checked"}


@pytest.mark.parametrize("study", sorted(path.parent.name for path in TEACHING.glob("*/study.toml")))
def test_every_teaching_study_verifies(study, tmp_path):
    report = verified(TEACHING / study, tmp_path / "out")
    assert wrong(report) == []
    # the bounds of years are not proven again, nor what more money would bring, nor more places served whole
    left = {
        "purse": {"no_plan_beats_the_bound", "what_more_money_would_bring"},
        "years": {"no_plan_beats_the_bound", "of_plans_as_good_none_costs_less"},
        "beds": {"open_sites_serve_as_much_as_they_can"},
    }
    assert {check for _, check in unmade(report)} <= left.get(study, set())
    assert len(report.verdicts) > 20


def test_a_town_with_other_plans_and_the_worth_of_sites_verifies(tmp_path):
    example("town", tmp_path / "town")
    report = verified(tmp_path / "town", tmp_path / "out", alternatives=2, within=0.1, marginals=True)
    assert wrong(report) == []
    checks = {v.check: v.status for v in report.verdicts if v.part == "clinics"}
    assert checks["other_plans_are_plans_of_what_they_say"] == "holds"
    assert checks["travel_by_scipy_is_travel_by_networkx"] == "holds"
    assert checks["no_plan_beats_the_bound"] == "holds"  # by a linear program: there are too many sites to try
    assert checks["the_worth_of_sites_fits_the_plan"] == "not checked"


ROADS = """
[study]
name = "grid"
crs = "EPSG:4547"
[network]
file = "roads.parquet"
{network}
[solve]
gap = 0.0
[programmes.p]
model = "{model}"
open = 3
demand = {{ file = "places.csv", id = "id", weight = "people", x = "x", y = "y", crs = "EPSG:4547" }}
sites = {{ file = "sites.csv", id = "id", cost = 2.0, x = "x", y = "y", crs = "EPSG:4547" }}
reach = {reach}
"""


def write_grid(folder, seed, *, network, model, reach):
    """A grid of 6 x 6 crossings with random one-way streets and speeds, and points beside its streets."""
    rng = np.random.default_rng(seed)
    ends = [
        ((i, j), (i + a, j + 1 - a)) for i in range(6) for j in range(6) for a in (0, 1) if i + a < 6 and j + 1 - a < 6
    ]
    n = len(ends)
    lines = [shapely.LineString([(200.0 * a, 200.0 * b) for a, b in pair]) for pair in ends]
    write_edges(
        gpd.GeoDataFrame(
            {
                "edge_id": np.arange(n) + 100,
                "from_node": [6 * a[0] + a[1] for a, _ in ends],
                "to_node": [6 * b[0] + b[1] for _, b in ends],
                "length_m": 200.0,
                "speed_kph": rng.choice([20.0, 40.0, 50.0], n),
                "oneway": rng.choice(["both", "both", "forward", "backward"], n),
                "road_class": rng.choice(["residential", "secondary"], n),
                "name": "",
                "ref": "",
                "bridge": False,
                "tunnel": False,
                "level": 0,
                "drive": True,
                "walk": True,
                "truck": True,
            },
            geometry=lines,
            crs="EPSG:4547",
        ),
        folder / "roads.parquet",
    )
    for name, count in (("places", 40), ("sites", 9)):
        xy = rng.uniform(0, 1000, (count, 2))
        table = {"id": [f"{name[0]}{i}" for i in range(count)], "x": xy[:, 0], "y": xy[:, 1]}
        pd.DataFrame(table | {"people": rng.integers(1, 20, count)}).to_csv(folder / f"{name}.csv", index=False)
    (folder / "study.toml").write_text(ROADS.format(network=network, model=model, reach=reach), encoding="utf-8")


EXPECTED = 'expected-cover"\nvehicles = { busy = 0.4, max_per_site = 2.0 } # "'


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("network", "model", "reach"),
    [
        ("", "max-cover", '{ mode = "drive", limit_min = 1.5 }'),
        ("turns = { left_s = 9, right_s = 4, about_s = 30 }", "max-cover", '{ mode = "drive", limit_min = 2 }'),
        ("", "max-cover", '{ mode = "walk", limit_m = 450, direction = "from_site", access = false }'),
        ("speeds_kph = { secondary = 70 }", "p-median", '{ mode = "truck", limit_min = 30, direction = "from_site" }'),
        ("", "p-center", '{ mode = "straight", limit_m = 2000 }'),
        ("", EXPECTED, '{ mode = "drive", limit_min = 2 }'),
    ],
)
def test_random_streets_verify_in_every_way_of_travelling(network, model, reach, seed, tmp_path):
    write_grid(tmp_path, seed, network=network, model=model, reach=reach)
    report = verified(tmp_path, tmp_path / "out")
    assert wrong(report) == []


PLACES = {"a": 9, "b": 5, "c": 4, "d": 2}
SITES = {"id": ["X", "Y", "Z", "R"], "cost": [3.0, 2.0, 4.0, 0.0], "room": [12, 9, 8, 5], "status": ["candidate"] * 4}
TRAVEL = {"a": {"X": 10, "Y": 40, "R": 30}, "b": {"X": 35, "Z": 10}, "c": {"Y": 5, "Z": 25}, "d": {"Z": 15, "R": 10}}
ONE = 'sites = { file = "sites.csv", id = "id", cost = "cost"%s }\nreach = { limit_m = 50 }\n'
ROOM = ONE % ', capacity = "room"'
PLAIN = ONE % ""
STATUS = ONE % ', status = "status"'

PROGRAMMES = {
    "gradual": 'model = "max-cover"\nopen = 2\ndecay = { shape = "linear", full_m = 10 }\n' + PLAIN,
    "gaussian": 'model = "max-cover"\nopen = 2\ndecay = { shape = "gaussian", full_m = 5, rate = 2 }\n' + PLAIN,
    "steps": 'model = "max-cover"\nopen = 2\ndecay = { shape = "steps", steps = [[10, 1.0], [30, 0.5]] }\n' + PLAIN,
    "backup": 'model = "max-cover"\nopen = 3\nbackup = 2\n' + PLAIN,
    "some-rules": 'model = "max-cover"\nopen_at_most = 3\nrequired = ["Y"]\nforbidden = ["R"]\nneeds = [["X", "Y"]]\n'
    'forbidden_pairs = [["Y", "Z"]]\nbudget = 6\n' + PLAIN,
    "closable": 'model = "set-cover"\nobjective = "cost"\nclosable = ["R"]\n' + PLAIN,
    "within-room": 'model = "capacitated-cover"\nopen = 2\nminimum_use = 1\n' + ROOM,
    "median-room": 'model = "p-median"\nopen = 3\nsingle_source = true\n' + ROOM,
    "charge": 'model = "fixed-charge"\ntransport_per_km = 10\n' + PLAIN,
    "squared": 'model = "p-median"\nopen = 2\nimpedance = { shape = "power", exponent = 2.0 }\n' + PLAIN,
    "charge-steep": 'model = "fixed-charge"\ntransport_per_km = 10\n'
    'impedance = { shape = "exponential", rate = 5.0 }\n' + PLAIN,
    "charge-room": 'model = "fixed-charge"\ntransport_per_km = 10\n' + ROOM,
    "modules": 'model = "capacitated-cover"\nbudget = 14\n' + PLAIN
    + "sizes.s = { capacity = 5.0, cost = 2.0, max_per_site = 2.0 }\n",
    "market": 'model = "market-share"\nopen = 2\ncompetitors = ["R"]\n'
    'market = { attractiveness = "room", stay_away_m = 60.0 }\n' + PLAIN,
    "target": 'model = "market-share"\ncompetitors = ["R"]\n'
    'market = { target_share = 0.5, least_travel_m = 8.0 }\n' + PLAIN,
    "worst-first": 'model = "max-cover"\nopen = 2\nobjective_order = ["floor", "coverage"]\n' + PLAIN,
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_model_verifies_with_a_table_of_travel(name, tmp_path):
    matrix_study.write_study(tmp_path, {name: PROGRAMMES[name]}, places=PLACES, sites=SITES, travel=TRAVEL)
    report = verified(tmp_path, tmp_path / "out")
    document = json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))
    assert document["programmes"][name]["ended"] == "proven"
    assert wrong(report) == []


@pytest.mark.parametrize(
    "rules",
    [
        "open = 2\nspacing_m = 300\nspacing_from_existing = true",
        "open = 2\nat_most_per_group = 1\nfloor_share = 0.1",
        'open = 2\n[[programmes.p.group_rules]]\ncolumn = "owner"\nat_most = 1',
        'open = 2\n[[programmes.p.exclusion]]\nfile = "housing.geojson"\nid = "name"\ndistance_m = 60',
        'budget = 9\nclosable = ["E"]',
    ],
)
def test_rules_verify(rules, tmp_path):
    write_rules_study(tmp_path, rules)
    assert wrong(verified(tmp_path, tmp_path / "out")) == []


def test_a_portfolio_verifies(tmp_path):
    link = '[[portfolio.joint.links]]\nprogramme = "piles"\nneeds = "lots"\ncolumn = "lot"\n'
    small.write(tmp_path, small.LOTS, small.PILES, small.JOINT, link)
    report = verified(tmp_path, tmp_path / "out")
    assert wrong(report) == []
    assert {v.part for v in report.verdicts} == {"", "joint", "joint.lots", "joint.piles"}
    assert unmade(report) == {("joint", "what_more_money_would_bring")}


@pytest.mark.parametrize("carry", ["true", "false"])
def test_years_verify(carry, tmp_path):
    years = f"""[programmes.lots.phasing]
carry_over = {carry}
[[programmes.lots.phasing.years]]
name = "2026"
budget = 3e6
[[programmes.lots.phasing.years]]
name = "2027"
budget = 6e6
growth = 1.5
counts = 2.0
"""
    small.write(tmp_path, small.LOTS, years)
    report = verified(tmp_path, tmp_path / "out")
    assert wrong(report) == []
    assert unmade(report) == {("lots", "no_plan_beats_the_bound"), ("lots", "of_plans_as_good_none_costs_less")}


def test_a_programme_without_a_plan_verifies(tmp_path):
    report = verified(TEACHING / "budget", tmp_path / "out", ["programmes.fair.floor_share=0.2"])
    assert wrong(report) == []
    checks = {v.check: v for v in report.verdicts if v.part == "fair"}
    assert checks["there_is_no_plan_where_none_is_told"].status == "holds"  # by the textbook program
    assert "only the run knows why" in str(checks["reasons_stand_where_there_is_no_plan"].details[0])
    assert "the_objective_is_what_the_plan_is_worth" not in checks


def test_the_study_is_found_from_the_result_wherever_both_are_moved(tmp_path):
    example("matrix", tmp_path / "all/study")
    assert wrong(verified(tmp_path / "all/study", tmp_path / "all/out")) == []
    (tmp_path / "all").rename(tmp_path / "moved")
    assert wrong(verify_result(tmp_path / "moved/out")) == []
    document = json.loads((tmp_path / "moved/out/result.json").read_text(encoding="utf-8"))
    assert document["study_path"] == "../study/study.toml"


def test_a_gap_that_was_asked_for_is_in_the_result_and_counts(tmp_path):
    example("matrix", tmp_path / "study")
    assert wrong(verified(tmp_path / "study", tmp_path / "out", gap=0.5)) == []
    assert json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))["asked"] == {"gap": 0.5}
