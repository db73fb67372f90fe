"""What a sweep says for a decision, against plans told by hand."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from solver.cli.teaching import TEACHING
from solver.engines.catalogue import engine
from solver.engines.engine import Ask
from solver.inputs.instance import load_instance
from solver.inputs.travel import travel_source
from solver.pose.programme import pose
from solver.solve import solve_study
from solver.study.read import read_study
from solver.sweep.value import Decided, value_of_plan
from tests.sweep.small import STUDY, call, write

ROOT = Path(__file__).parents[2]


def table(folder, name="table.csv"):
    return pd.read_csv(folder / name, encoding="utf-8-sig")


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    """Folder of a sweep over all scenarios, and what was said."""
    folder = tmp_path_factory.mktemp("scenarios")
    ended = call("sweep", write(folder / "study"), "--scenario", "all", "--jobs", 1, "--out", folder / "out")
    assert ended.exit_code == 0, ended.output
    return folder / "out", ended.stdout


def test_every_plan_is_valued_in_every_scenario(scenarios):
    # base opens a (50 of 50, 40, 30), later b (60), south c (60)
    matrix = table(scenarios[0], "regret_matrix.csv").pivot(index="plan_of", columns="scenario", values="worth")
    names = ["base", "later", "south"]
    assert matrix.loc[names, names].to_numpy().tolist() == [[50, 10, 20], [40, 60, 45], [30, 30, 60]]


def test_the_robust_plan_has_the_least_greatest_regret(scenarios):
    plans = table(scenarios[0], "regret.csv").set_index("plan_of")
    assert plans["max_regret"].to_dict() == {"base": 50, "later": 15, "south": 30}
    assert plans["mean_regret"].to_dict() == pytest.approx({"base": 30, "later": 25 / 3, "south": 50 / 3})
    assert plans["worst_in"].to_dict() == {"base": "later", "later": "south", "south": "later"}
    assert plans.index[plans["robust"]].tolist() == ["later"]
    assert "  The robust plan: later; loses at most 15, on average 8.333\n" in scenarios[1]


def test_a_plan_that_a_scenario_does_not_allow_is_named_with_its_rule(tmp_path):
    poor = '[scenarios.poor]\n"programmes.clinics.budget" = 2e6\n'
    study = write(tmp_path / "study", study=STUDY.split("[scenarios")[0] + poor)
    ended = call("sweep", study, "--scenario", "all", "--jobs", 1, "--out", tmp_path / "out")
    plans = table(tmp_path / "out", "regret.csv").set_index("plan_of")
    # a costs 3 million and is worth 50; b costs 2 million and is worth 40
    assert plans["breaks"].fillna("").to_dict() == {"base": "poor: budget", "poor": ""}
    assert plans["possible_in"].to_dict() == {"base": 1, "poor": 2}
    assert plans["max_regret"].fillna(-1).to_dict() == {"base": -1, "poor": 10}
    assert "The robust plan: poor" in ended.stdout


def test_a_site_that_a_scenario_forbids_makes_a_plan_impossible_there(tmp_path):
    shut = '[scenarios.shut]\n"programmes.clinics.forbidden" = ["a"]\n'
    study = write(tmp_path / "study", study=STUDY.split("[scenarios")[0] + shut)
    call("sweep", study, "--scenario", "all", "--jobs", 1, "--out", tmp_path / "out")
    plans = table(tmp_path / "out", "regret.csv").set_index("plan_of")
    assert plans["breaks"].fillna("").to_dict() == {"base": "shut: a may not open there", "shut": ""}


@pytest.mark.parametrize("name", TEACHING)
def test_a_plan_valued_in_its_own_world_is_worth_what_it_was_found_to_be(name):
    file = read_study(ROOT / "instances/teaching" / name)
    alone = [n for n, programme in file.study.programmes.items() if programme.phasing is None]
    result, instance = solve_study(file, programmes=alone), load_instance(file, alone)
    source = travel_source(file, instance.crs, lambda text, share: None)
    for programme in result.programmes.values():
        if programme.plan is None:
            continue
        decided = Decided(frozenset([*programme.sites, *programme.kept_sites]), programme.units)
        posed = pose(instance.programmes[programme.name], source)
        valued = value_of_plan(posed, decided, engine("highs"), Ask(time_limit_s=20, gap=0.0))
        assert valued.objective == pytest.approx(programme.objective)
        assert valued.cost == pytest.approx(programme.cost)
        assert valued.breaks == ()


def test_robust_sites_are_counted_in_all_plans_and_for_every_value(tmp_path):
    # one site: a; two: a, b; three: all. With weights of the south: c; c, b; all
    words = ("--vary", "programmes.clinics.open=1,2,3", "--scenario", "base", "--scenario", "south")
    study = write(tmp_path / "study")
    ended = call("sweep", study, *words, "--jobs", 1, "--out", tmp_path / "out")
    assert ended.exit_code == 0, ended.output
    robust = table(tmp_path / "out", "robust_sites.csv").set_index("site_id")
    assert robust["chosen"].to_dict() == {"a": 4, "b": 4, "c": 4}
    assert set(robust["runs"]) == {6}
    assert robust["scenario=base"].to_dict() == pytest.approx({"a": 1, "b": 2 / 3, "c": 1 / 3})
    assert robust["programmes.clinics.open=2"].to_dict() == {"a": 0.5, "b": 1.0, "c": 0.5}
    assert not (tmp_path / "out/robust_sites.gpkg").exists()  # places are not known


def test_a_tornado_tells_what_each_value_alone_changes(tmp_path):
    words = ("--design", "one-at-a-time", "--vary", "programmes.clinics.open=2,3")
    words += ("--vary", "programmes.clinics.demand.weight=later", "--jobs", 1)
    call("sweep", write(tmp_path / "study"), *words, "--out", tmp_path / "out")
    found = table(tmp_path / "out", "tornado.csv")
    objective = found[found["figure"] == "objective"]
    # the study opens a: 50; two sites: 90, three: 120; one with later weights: b, 60
    assert objective["result"].tolist() == [90, 120, 60]
    assert objective["change"].tolist() == [40, 70, 10]
    assert objective["swing"].tolist() == [70, 70, 10]
    assert objective["told_apart"].tolist() == [True, True, True]


def test_the_table_marks_the_front_of_cost_and_coverage(tmp_path):
    words = ("--vary", 'programmes.clinics.required=[],["b"],["c"]', "--jobs", 1)
    call(
        "sweep",
        write(tmp_path / "study", places="place,district,now\np,north,50\nq,mid,40\nr,south,40\n"),
        *words,
        "--out",
        tmp_path / "out",
    )
    found = table(tmp_path / "out")
    # a: 3 million, 50; b: 2 million, 40; c: 1 million, 40
    assert found["front"].tolist() == [True, False, True]
    assert found["beaten_by"].fillna(0).tolist() == [0, 3, 0]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("In short", "Regret over scenarios")), ("zh", ("结论", "情景后悔值"))]
)
def test_the_page_has_charts_and_needs_no_internet(scenarios, tmp_path, lang, words):
    study = write(tmp_path / "study")
    vary = ("--vary", "programmes.clinics.open=1,2", "--scenario", "all", "--lang", lang)
    call("sweep", study, *vary, "--jobs", 1, "--out", tmp_path / "out")
    page = (tmp_path / "out/sweep.html").read_text(encoding="utf-8")
    assert all(word in page for word in words)
    assert page.count('<svg class="chart"') == 2  # the curve, and cost against coverage
    assert "http:" not in page.replace("https", "http")
    assert "later" in page


def test_robust_sites_with_places_are_a_layer_with_a_style(tmp_path):
    assert call("new", tmp_path / "town").exit_code == 0
    study = tmp_path / "town/study.toml"
    study.write_text(
        study.read_text(encoding="utf-8").replace("[solve]\n", "[solve]\nsearch_s = 0\n"), encoding="utf-8"
    )
    ended = call(
        "sweep", tmp_path / "town", "--vary", "programmes.clinics.open=1,2", "--jobs", 1, "--out", tmp_path / "out"
    )
    assert ended.exit_code == 0, ended.output
    layer = gpd.read_file(tmp_path / "out/robust_sites.gpkg", layer="clinics_robust")
    assert len(layer) == 25  # candidates; the existing clinic is decided already
    assert layer["chosen"].sum() == 1 + 2
    styles = gpd.read_file(tmp_path / "out/robust_sites.gpkg", layer="layer_styles")
    assert "always" in styles["styleQML"][0]
    page = (tmp_path / "out/sweep.html").read_text(encoding="utf-8")
    assert "data:image/png;base64," in page


def test_too_few_samples_are_said_to_be_too_few(tmp_path):
    words = ("--vary", "programmes.clinics.open=1:3", "--design", "sobol", "--samples", 4, "--jobs", 1)
    ended = call("sweep", write(tmp_path / "study"), *words, "--out", tmp_path / "out")
    found = table(tmp_path / "out", "sensitivity.csv")
    assert set(found["index"]) == {"rank_correlation"}
    assert not found["enough"].any()
    assert "too few samples to rely on them" in ended.stdout


def test_what_was_found_before_goes_while_runs_are_missing(tmp_path, monkeypatch):
    from solver.sweep import execute

    words = ("sweep", write(tmp_path / "study"), "--jobs", 1, "--out", tmp_path / "out", "--vary")
    call(*words, "programmes.clinics.open=1,2")
    assert (tmp_path / "out/sweep.html").exists()
    monkeypatch.setattr(execute, "run_one", lambda run, shared: ("interrupted", ""))
    ended = call(*words, "programmes.clinics.open=1,2,3")
    assert ended.exit_code == 5
    assert not (tmp_path / "out/sweep.html").exists()
    assert json.loads((tmp_path / "out/sweep.json").read_text(encoding="utf-8"))["vary"][0]["values"] == [1, 2, 3]
