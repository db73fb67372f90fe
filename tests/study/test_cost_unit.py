"""Prices in 万元 or thousands: columns of money are multiplied by the unit of their layer, and silence is warned of."""

import json

import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.errors import StudyError
from solver.inputs.instance import load_instance
from solver.solve import solve_study
from solver.study.money import unit_in_name
from solver.study.read import read_study
from solver.verify.run import verify_result

STUDY = """
[study]
name = "small"
currency = "{currency}"
[travel]
matrix = "times.csv"
missing_pairs = "unreachable"
unit = "min"
[solve]
gap = 0.0
[programmes.a]
model = "max-cover"
budget = 60000
demand = {{ file = "places.csv", id = "place", weight = "people" }}
sites = {{ file = "sites.csv", id = "site", cost = "造价_万元", closing_cost = "closing"{unit} }}
reach = {{ limit_min = 10 }}
"""
FILES = {
    "places.csv": "place,people\np,50\nq,40\n",
    "sites.csv": "site,造价_万元,closing\nA,5,1\nB,7,2\n",
    "there.csv": "site,造价_万元,closing\nT,3,4\n",
    "times.csv": "demand,site,value\np,A,5\nq,B,5\nq,T,99\np,T,99\n",
}
WARNING = (
    "column 造价_万元 sounds like 万元, and its amounts are taken as whole CNY; "
    'write sites.cost_unit = "万元", or sites.cost_unit = 1 if they are'
)


def write(folder, unit="", currency="CNY"):
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "study.toml"
    path.write_text(STUDY.format(unit=unit, currency=currency), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("造价_万元", "万元"),
        ("投资（亿元）", "亿元"),
        ("造价百万", "百万元"),
        ("千元造价", "千元"),
        ("cost_wan", "万元"),
        ("cost_k", "thousand"),
        ("cost_thousand", "thousand"),
        ("Cost (mln)", "million"),
        ("keur", "thousand"),
        ("price_mUSD", "million"),
        ("cost", None),
        ("造价", None),
        ("cost_m", None),
        ("kiosk_cost", None),
        ("单元造价", None),
    ],
)
def test_a_columns_name_says_its_unit(column, unit):
    assert unit_in_name(column) == unit


@pytest.mark.parametrize(("unit", "factor"), [("", 1), (', cost_unit = "万元"', 1e4), (", cost_unit = 1e3", 1e3)])
def test_columns_of_money_are_multiplied(tmp_path, unit, factor):
    sites = load_instance(read_study(write(tmp_path, unit))).programmes["a"].sites
    assert sites.cost.tolist() == [5 * factor, 7 * factor]
    assert sites.closing_cost.tolist() == [1 * factor, 2 * factor]


def test_numbers_of_the_study_are_whole_currency(tmp_path):
    file = read_study(write(tmp_path, ', cost_unit = "万元"'), ["programmes.a.sites.cost=5"])
    assert load_instance(file).programmes["a"].sites.cost.tolist() == [5, 5]


def test_every_layer_has_its_own_unit_also_where_piles_and_modules_are_paid(tmp_path):
    existing = 'programmes.a.existing={ file = "there.csv", id = "site", cost = "造价_万元", cost_unit = 1 }'
    inputs = load_instance(read_study(write(tmp_path, ', cost_unit = "万元"'), [existing])).programmes["a"]
    assert inputs.sites.cost.tolist() == [5e4, 7e4, 3]
    assert inputs.site_money("closing", "sizes.box.cost").tolist() == [1e4, 2e4, 4]
    assert inputs.site_money(2.0, "sizes.box.cost").tolist() == [2, 2, 2]


def test_the_plan_is_that_of_whole_amounts(tmp_path):
    # 60,000 pay for A at 5 万元, not for B at 7 nor for both
    result = solve_study(read_study(write(tmp_path, ', cost_unit = "万元"'))).programmes["a"]
    assert (result.sites, result.cost, result.objective) == (("A",), 5e4, 50)


def test_an_amount_too_large_in_its_unit_is_a_fault_of_its_row(tmp_path):
    with pytest.raises(StudyError) as told:
        load_instance(read_study(write(tmp_path, ", cost_unit = 1.5e14")))
    fact = "sites.csv column 造价_万元 times cost_unit is 1e+15 or more in row 2 (1.05e+15); mend them, or the unit"
    assert str(told.value) == f"study.toml: 1 fault\n  programmes.a.sites.cost   {fact}"


def test_what_is_no_unit_is_refused(tmp_path):
    with pytest.raises(
        StudyError, match="cost_unit   is 'wan'; write thousand, million, 千元, 万元, 百万元, 亿元, or a"
    ):
        read_study(write(tmp_path, ', cost_unit = "wan"'))


def test_check_run_and_the_result_warn_where_a_name_says_what_the_study_does_not(tmp_path):
    path, out = str(write(tmp_path)), tmp_path / "out"
    told = CliRunner().invoke(siting, ["check", path])
    assert told.exit_code == 0
    assert f"warning: programmes.a.sites.cost   {WARNING}\n" in told.stdout
    told = CliRunner().invoke(siting, ["run", path, "--out", str(out), "--lang", "zh"])
    assert "警告：\n  programmes.a.sites.cost：列名“造价_万元”似以万元计" in told.stdout
    document = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert [each["text"] for each in document["warnings"]] == [WARNING]
    assert "列名“造价_万元”似以万元计" in (out / "report.html").read_text(encoding="utf-8")
    assert not verify_result(out).failed
    (out / "result.json").write_text(json.dumps(document | {"warnings": []}), encoding="utf-8")
    assert "the_result_is_of_this_study" in {v.check for v in verify_result(out).failed}


@pytest.mark.parametrize("unit", ['"万元"', "1"])
def test_nobody_is_warned_of_a_unit_that_is_said(tmp_path, unit):
    told = CliRunner().invoke(siting, ["check", str(write(tmp_path, f", cost_unit = {unit}"))])
    assert "warning" not in told.stdout


def test_everything_that_is_written_says_the_money_of_the_study(tmp_path):
    write(tmp_path, ', cost_unit = "thousand"', currency="EUR")
    for lang in ("en", "zh"):
        told = CliRunner().invoke(siting, ["run", str(tmp_path), "--out", str(tmp_path / lang), "--lang", lang])
        page = (tmp_path / lang / "report.html").read_text(encoding="utf-8")
        document = json.loads((tmp_path / lang / "result.json").read_text(encoding="utf-8"))
        assert document["currency"] == {"code": "EUR", "symbol": "€", "decimals": 2}
        for text in (told.stdout, page):
            assert "12,000 EUR" in text or "1.2 万 EUR" in text
            assert "CNY" not in text.replace("造价_万元", "")
        assert not verify_result(tmp_path / lang).failed
        other = document | {"currency": {"code": "USD", "symbol": "$", "decimals": 2}}
        (tmp_path / lang / "result.json").write_text(json.dumps(other), encoding="utf-8")
        assert "the_result_is_of_this_study" in {v.check for v in verify_result(tmp_path / lang).failed}
    told = CliRunner().invoke(siting, ["compare", str(tmp_path / "en"), str(tmp_path / "zh")])
    assert told.exit_code == 0
    assert "12,000 USD" in told.stdout


def test_results_of_different_money_are_not_compared(tmp_path):
    for currency in ("EUR", "CNY"):
        path = str(write(tmp_path, ", cost_unit = 1000", currency=currency))
        CliRunner().invoke(siting, ["run", path, "--out", str(tmp_path / currency)])
    told = CliRunner().invoke(siting, ["compare", str(tmp_path / "EUR"), str(tmp_path / "CNY")])
    assert told.exit_code == 2
    fault = "costs of different money cannot be compared: EUR in EUR, CNY in CNY; name results of one currency"
    assert fault in told.stderr


def test_reasons_say_the_money_of_the_study(tmp_path):
    path = write(tmp_path, ', cost_unit = "thousand"', currency="EUR")
    file = read_study(path, ["programmes.a.open=2", "programmes.a.budget=5000"])
    told = solve_study(file).programmes["a"]
    assert told.ended == "infeasible"
    assert "a budget of 5,000 EUR (budget)" in told.reasons[0]
    assert "预算 5,000 EUR（budget）" in told.reasons_zh[0]
    assert not [line for line in (*told.reasons, *told.reasons_zh) if "CNY" in line or "元" in line]
