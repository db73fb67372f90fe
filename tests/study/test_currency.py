"""The money of a study: how it is written, what is refused, and keys that money was called by before."""

import pytest

from solver.errors import StudyError
from solver.study.faults import RENAMED
from solver.study.read import read_study
from solver.study.schema import About
from solver.words.currency import CNY, Currency
from solver.words.speech import CHINESE

STUDY = """
[study]
name = "small"
{about}
[travel]
matrix = "times.csv"
[programmes.a]
model = "hierarchical"
demand = {{ file = "places.csv", id = "place" }}
sites = {{ file = "sites.csv", id = "site" }}
sizes = {{ one = {{ capacity = 1, max_per_site = 1 }} }}
piles = {{ kinds = {{ slow = {{ power_kw = 7, energy_kwh_per_day = 40, max_per_site = 3, cost = 1 }} }} }}
phasing = {{ years = [{{ name = "2030" }}] }}
[[programmes.a.tiers]]
name = "depot"
file = "sites.csv"
id = "site"
[portfolio.both]
budget = 1
programmes = {{ a = {{}} }}
"""
PLACES = {
    "programmes.a": ("budget_cny", "transport_cny_per_km", "transport_cny_per_min"),
    "programmes.a.sites": ("cost_cny", "closing_cost_cny"),
    "programmes.a.tiers.0": ("cost_cny", "closing_cost_cny", "transport_cny_per_km"),
    "programmes.a.sizes.one": ("cost_cny",),
    "programmes.a.piles.kinds.slow": ("cost_cny",),
    "programmes.a.phasing.years.0": ("budget_cny",),
    "portfolio.both": ("budget_cny",),
}
OLD = [(place, key) for place, keys in PLACES.items() for key in keys]


def study(folder, about="", name="study.toml"):
    path = folder / name
    path.write_text(STUDY.format(about=about), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("about", "currency"),
    [
        ("", CNY),
        ('currency = "EUR"', Currency("EUR", "€", 2)),
        ('currency = { code = "EUR", decimals = 0 }', Currency("EUR", "€", 0)),
        ('currency = { code = "XTS", symbol = "T" }', Currency("XTS", "T", 2)),
    ],
)
def test_a_currency_is_a_code_or_a_section(tmp_path, about, currency):
    assert read_study(study(tmp_path, about)).study.study.money == currency


def test_a_currency_in_python_is_written_as_in_a_study():
    assert About(name="a", currency="JPY").money == Currency("JPY", "¥", 0)


@pytest.mark.parametrize(
    ("about", "fault"),
    [
        ('currency = "euro"', "study.currency   is 'euro'; write a code of three capital letters, such as EUR"),
        ("currency = 7", "study.currency   is 7, which is no section; write { key = value } or a section in brackets"),
        ('currency = { symbol = "€" }', "study.currency.code   is missing; add it"),
        ('currency = { code = "EUR", decimals = 9 }', "study.currency.decimals   is 9; must be at most 4"),
    ],
)
def test_what_is_no_currency_is_refused(tmp_path, about, fault):
    with pytest.raises(StudyError) as told:
        read_study(study(tmp_path, about))
    assert str(told.value) == f"study.toml: 1 fault\n  {fault}"


def test_every_key_of_money_that_was_renamed_is_asked_for_here():
    assert {key for _, key in OLD} == {*RENAMED}


@pytest.mark.parametrize(("place", "key"), OLD)
def test_an_earlier_name_of_a_key_is_told_with_the_new_one(tmp_path, place, key):
    with pytest.raises(StudyError) as told:
        read_study(study(tmp_path), [f"{place}.{key}=5"])
    new = RENAMED[key]
    fact = f"is {new} now: money has no country in its name; write {new}, and the currency in [study]"
    assert str(told.value) == f"study.toml: 1 fault\n  {place}.{key}   {fact}"
    assert f"现名为 {new}：" in told.value.worded(CHINESE)


def test_a_key_that_must_be_given_and_stands_there_by_its_earlier_name_is_one_fault(tmp_path):
    path = study(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("budget = 1", "budget_cny = 1").replace("3, cost", "3, cost_cny"), encoding="utf-8")
    with pytest.raises(StudyError) as told:
        read_study(path)
    assert str(told.value).splitlines()[0] == "study.toml: 2 faults"
    assert "is missing" not in str(told.value)


def test_an_earlier_name_where_no_such_key_stands_is_an_unknown_key(tmp_path):
    with pytest.raises(StudyError, match="solve.budget_cny   is not a known key; remove it"):
        read_study(study(tmp_path), ["solve.budget_cny=5"])


def test_a_study_and_its_base_have_one_currency(tmp_path):
    study(tmp_path, 'currency = "EUR"', "base.toml")
    over = tmp_path / "over.toml"
    over.write_text('[study]\nname = "over"\nbase = "base.toml"\n', encoding="utf-8")
    assert read_study(over).study.study.money.code == "EUR"
    over.write_text('[study]\nname = "over"\nbase = "base.toml"\ncurrency = "USD"\n', encoding="utf-8")
    with pytest.raises(StudyError) as told:
        read_study(over)
    fault = "is USD; base.toml is in EUR; a study and its base have one currency"
    assert str(told.value) == f"over.toml: study.currency   {fault}"
    study(tmp_path, "", "base.toml")
    with pytest.raises(StudyError, match="is USD; base.toml is in CNY"):
        read_study(over)
