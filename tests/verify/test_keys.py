"""Every key that a model takes verifies, every key of the schema is known, and what is unknown is no accusation."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import pandas as pd
import pytest
from pydantic import BaseModel, Field

from solver.export.folder import write_result
from solver.pose import fits
from solver.pose.catalogue import MODELS as CATALOGUE
from solver.solve import solve_study
from solver.study.read import read_study
from solver.study.schema import Programme, Study
from solver.verify import alternatives, bound, known, run, textbook, years
from solver.verify.known import READ, RECORDS, known_keys, known_words, only_what_is_known, unknown_in
from solver.verify.models import MODELS
from solver.verify.rules import OF_EVERY_PLAN, RULES
from solver.verify.run import verify_result
from solver.verify.verdict import Verdict
from tests.verify import every_key

LINE = Path(__file__).parents[2] / "instances/teaching/line"
FEW = ("capacity", "closable")
"""Keys that are tried in every test; all of them in the slow ones."""
REMEDY = "add it to the record of its model or rule in solver/verify, or to NOT_CHECKED here"
NOT_CHECKED: dict[str, str] = {}
"""Section.key -> why no check needs to know it, so that a programme that uses it is told to be not checked."""


def sections(of: type[BaseModel], seen: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """Every section of the study, by name."""
    if of.__name__ not in seen:
        seen[of.__name__] = of
        for field in of.model_fields.values():
            for part in parts(field.annotation):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    sections(part, seen)
    return seen


def parts(hint: Any) -> Iterator[Any]:
    yield hint
    if get_origin(hint) is not Literal:
        for part in get_args(hint):
            yield from parts(part)


ALL = sections(Study, {})


@pytest.mark.parametrize("section", ALL)
def test_every_key_of_the_schema_is_known_to_verification(section):
    own = {key for key in ALL[section].model_fields if f"{section}.{key}" not in NOT_CHECKED}
    assert own - known_keys(ALL[section]) == set(), REMEDY
    assert known_keys(ALL[section]) <= set(ALL[section].model_fields), "known.py has keys that are no more"


@pytest.mark.parametrize("section", ALL)
def test_every_word_that_a_key_may_be_is_known_to_verification(section):
    for key, field in ALL[section].model_fields.items():
        words = {w for part in parts(field.annotation) if get_origin(part) is Literal for w in get_args(part)}
        assert words == set(known_words(ALL[section], key) or ()), f"{section}.{key}: {REMEDY}"


def test_no_section_is_known_that_is_no_more():
    known = {*READ, *(name for record in RECORDS for name in record.sections)}
    assert known - {"Titled", "Layer", "SiteLayer"} <= {*ALL}


class Later(Programme):
    """A programme with a rule that came later, and words that did."""

    at_least_apart: Annotated[int | None, Field(description="a rule")] = None
    objective: Annotated[Literal["coverage", "cost", "beauty"] | None, Field(description="one more")] = None


def test_a_key_or_a_word_that_came_later_is_named():
    own = {"model": "max-cover", "group_rules": [{"column": "owner", "at_most": 1}]}
    assert list(unknown_in(Later(**own), "p")) == []
    assert list(unknown_in(Later(**own, at_least_apart=2, objective="beauty"), "p")) == [
        "p.objective = beauty",
        "p.at_least_apart",
    ]


def test_what_fails_beside_something_unknown_is_not_checked_and_says_why():
    verdicts = [Verdict("p", "one", "holds"), Verdict("p", "other", "fails", ("A is open",))]
    assert only_what_is_known(verdicts, []) == verdicts
    assert only_what_is_known(verdicts, ["p.rule"]) == [
        verdicts[0],
        Verdict(
            "p",
            "other",
            "not checked",
            ("p.rule is not known to verification, which finds without it:", "A is open"),
        ),
    ]


@pytest.mark.parametrize("model", ["max-cover", "p-center", "fixed-charge"])
def test_a_model_that_verification_does_not_know_is_named_and_not_accused(model, tmp_path, monkeypatch):
    every_key.verified(tmp_path, model, {"p": {}})
    monkeypatch.setattr(run, "MODELS", {name: known for name, known in MODELS.items() if name != model})
    report = verify_result(tmp_path / "out")
    assert not report.failed
    named = {v.check: v.details for v in report.verdicts if v.status == "not checked"}
    assert named["every_key_is_known_here"] == (f"not known to verification: programmes.p.model = {model}",)
    assert named["the_objective_is_what_the_plan_is_worth"] == (f"{model} is no model that verification knows",)


LATER = {
    "budget": "max-cover",
    "floor_share": "max-cover",
    "spacing": "p-center",
    "required": "max-cover",
    "group_exactly": "p-median",
    "needs": "set-cover",
    "minimum_use": "p-median",
    "sizes_total": "capacitated-cover",
    "worst_first": "max-cover",
}
"""A key of a rule -> the model that it is tried with."""


@pytest.mark.parametrize("name", LATER)
def test_a_rule_that_verification_does_not_know_is_named_and_no_right_result_accused(name, tmp_path, monkeypatch):
    every_key.write(tmp_path, LATER[name], {"p": every_key.KEYS[name]})
    write_result(solve_study(read_study(tmp_path)), tmp_path / "out", maps=False)
    set_keys = every_key.KEYS[name].keys()
    left = tuple(rule for rule in RULES if not set_keys & {*rule.keys} - {"open", "open_at_most"})
    keys = {key for rule in RULES if rule not in left for key in rule.keys}
    assert keys
    for module in (known, textbook, years):
        monkeypatch.setattr(module, "RULES", left)
    monkeypatch.setattr(known, "OF_RULES", known.OF_RULES - keys)
    for module in (run, bound, alternatives):
        monkeypatch.setattr(module, "RULE_CHECKS", (*OF_EVERY_PLAN, *(rule.check for rule in left if rule.check)))
    report = verify_result(tmp_path / "out")
    assert wrong(report) == []
    unmade = {v.check: v.details for v in report.verdicts if v.status == "not checked"}
    named = unmade["every_key_is_known_here"]
    assert "no_plan_beats_the_bound" in unmade
    assert [key for key in sorted(set_keys & keys) if f"programmes.p.{key}" in str(named[0])]


def test_a_model_that_only_the_builders_know_is_not_checked(tmp_path, monkeypatch):
    # all of a run knows it: its name, its programme, its search; verification finds it in no record
    monkeypatch.setitem(CATALOGUE, "later", CATALOGUE["fixed-charge"])
    monkeypatch.setitem(every_key.MODELS, "later", every_key.MODELS["fixed-charge"])
    wider = {key: replace(fit, models=(*fit.models, "later")) for key, fit in fits.FITS.items()}
    monkeypatch.setattr(fits, "FITS", wider)
    every_key.write(tmp_path, "later", {"p": {}})
    write_result(solve_study(read_study(tmp_path)), tmp_path / "out", maps=False)
    report = verify_result(tmp_path / "out")
    assert wrong(report) == []
    unmade = {v.check for v in report.verdicts if v.status == "not checked"}
    assert {
        "every_key_is_known_here",
        "the_objective_is_what_the_plan_is_worth",
        "the_objective_has_its_unit_and_sense",
        "the_cost_is_what_the_plan_costs",
        "the_figures_are_those_of_the_plan",
        "no_plan_beats_the_bound",
    } <= unmade


def test_a_figure_that_verification_does_not_know_is_named(tmp_path):
    every_key.verified(tmp_path, "max-cover", {"p": {}})
    path = tmp_path / "out/result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["programmes"]["p"]["figures"]["beauty"] = 0.7
    path.write_text(json.dumps(document), encoding="utf-8")
    verdicts = {v.check: v for v in verify_result(tmp_path / "out").verdicts if v.part == "p"}
    assert verdicts["figures_without_a_definition_here"].details == ("not recomputed: beauty",)
    assert verdicts["the_figures_are_those_of_the_plan"].status == "holds"


def wrong(report):
    return [(v.part, v.check, v.details) for v in report.failed]


@pytest.mark.parametrize("model", every_key.MODELS)
def test_some_keys_of_every_model_verify(model, tmp_path):
    names, report = every_key.verified(tmp_path, model, {name: every_key.KEYS[name] for name in FEW})
    assert "closable" in names
    assert wrong(report) == []


@pytest.mark.slow
@pytest.mark.parametrize("model", every_key.MODELS)
def test_every_key_of_every_model_verifies(model, tmp_path):
    names, report = every_key.verified(tmp_path, model, every_key.KEYS)
    assert len(names) > 20
    assert wrong(report) == []


def test_piles_at_a_site_with_a_capacity_are_proven_again(tmp_path):
    # A could hold piles for 12 of the 18 kWh in its reach and may give 5 only
    keys = {"budget": 10.0, "sites": every_key.LAYER | {"capacity": 5.0}}
    _, report = every_key.verified(tmp_path, "charging", {"p": keys})
    assert wrong(report) == []
    assert [v.status for v in report.verdicts if v.check == "no_plan_beats_the_bound"] == ["holds"]


FLOWS = {
    "open": ["open=2"],
    "least": ["open=2", 'required=["node-3"]', 'forbidden=["node-1"]'],
    "there": ["open=1", 'existing_sites=["node-0"]'],
    "closing": ["open=1", 'closable=["node-0"]'],
    "needs": ["open=2", 'needs=[["node-1", "node-3"]]', 'forbidden_pairs=[["node-0", "node-1"]]'],
    "money": ["open_at_most=3", "open=2", "budget=2.5e7"],
    "spacing": ["open=2", "spacing_m=1500"],
    "one-way": ["vehicle.round_trip=false", "vehicle.start_fraction=0.25", "open=2"],
    "detour": ["vehicle.max_detour_km=1", "open=2"],
    "roads": ["vehicle.mode='drive'", "open=2"],
    "others": ["alternatives={ count = 2, within = 0.5 }", "marginals=true", "open=2"],
    "years": ['phasing={ years = [{ name = "1" }, { name = "2", growth = 1.5, open = 1 }] }', "open=2"],
}
"""Name -> overrides of a programme of trips."""


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOWS)
def test_every_key_of_refuelling_verifies(name, tmp_path):
    file = read_study(LINE, [f"programmes.anywhere.{override}" for override in FLOWS[name]])
    result = solve_study(file, programmes=["anywhere"])
    write_result(result, tmp_path / "out", maps=False)
    assert wrong(verify_result(tmp_path / "out")) == []


def test_columns_of_the_planners_own_are_no_accusation_whatever_their_names_and_values(tmp_path):
    every_key.write(tmp_path, "max-cover", {"p": {}})
    sites = pd.read_csv(tmp_path / "sites.csv").assign(
        name=["=1+1", "+x", "-y", "@z", "'q"],
        Status=[1, 2, 3, 4, 5],  # GeoPackage knows no capitals: beside `status` it becomes Status_2
        opened="2020-01-01",
        flag=[True, False, True, True, None],
        road_x=1.5,
        in_alternatives="mine",
        note=["a", None, "", "c", "d"],
    )
    sites.to_csv(tmp_path / "sites.csv", index=False)
    write_result(solve_study(read_study(tmp_path)), tmp_path / "out", maps=False)
    report = verify_result(tmp_path / "out")
    assert wrong(report) == []
    assert {v.check for v in report.verdicts if v.status == "not checked"} == set()
