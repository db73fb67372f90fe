"""Kinds of units, modules and tiers are called what the study calls them, in the language of who reads."""

import pytest

from solver.cli.summary import run_summary
from solver.export.asked import asked_rows
from solver.export.pagedata import site_columns
from solver.words.columns import field_name
from solver.words.keys import key_name
from solver.words.names import counted, names_in
from solver.words.speech import CHINESE, ENGLISH
from tests.made_results import programme_result, study_result

SETTINGS = {
    "piles": {"kinds": {"slow": {"power_kw": 7, "title": "slow pile", "title_zh": "慢充桩"}, "fast": {"power_kw": 60}}},
    "tiers": [{"name": "county", "title_zh": "县级中心"}],
    "sizes": {"box": {"capacity": 7.0, "title": "container"}},
}


def test_a_title_is_told_in_its_own_language_only():
    assert names_in(SETTINGS, ENGLISH) == {"slow": "slow pile", "box": "container"}
    assert names_in(SETTINGS, CHINESE) == {"slow": "慢充桩", "county": "县级中心"}
    assert names_in({}, CHINESE) == {}


def test_counts_and_columns_go_by_titles_and_else_by_names():
    names = names_in(SETTINGS, CHINESE)
    assert counted({"slow": 1200, "fast": 3}, names, CHINESE) == ["慢充桩 1,200", "fast 3"]
    assert counted({"slow": 1200, "fast": 3}, names_in(SETTINGS, ENGLISH), ENGLISH) == ["1,200 slow pile", "3 fast"]
    assert field_name("slow_units", CHINESE, names) == "慢充桩（数量）"
    assert field_name("fast_units", CHINESE, names) == "fast（数量）"


def test_what_was_asked_goes_by_titles_and_does_not_list_them():
    said = {key: name for name, _, key in asked_rows(SETTINGS, CHINESE)}
    assert said["piles.kinds.slow.power_kw"] == "设备：种类：慢充桩：功率（千瓦）"
    assert not [key for key in said if "title" in key]


def test_the_terminal_and_the_tables_of_a_page_go_by_titles(tmp_path):
    made = programme_result(units={"P-1": {"slow": 4}}, settings=SETTINGS)
    assert "1（慢充桩 4）" in run_summary(study_result(made).as_json(), tmp_path, CHINESE)
    assert "1 (4 slow pile)" in run_summary(study_result(made).as_json(), tmp_path, ENGLISH)
    table = made.site_table.assign(tier="county", slow_units=1)
    columns = site_columns(table, ["other"] * len(table), CHINESE, names_in(SETTINGS, CHINESE))
    assert [c["head"] for c in columns if c["key"] == "slow_units"] == ["慢充桩（数量）"]
    assert [c.get("levels", c["values"])[0] for c in columns if c["key"] == "tier"] == ["县级中心"]


@pytest.mark.parametrize(
    ("key", "english", "chinese"),
    [
        ("programmes.clinics.open", "New sites", "新建站点数"),
        ("programmes.clinics.reach.limit_m", "Reach, m", "服务半径（米）"),
        ("programmes.piles.piles.kinds.slow.max_per_site", "slow: Most at a site", "slow：单站上限"),
        ("network.walk_speed_kph", "Walking speed, km/h", "步行速度（公里/时）"),
        ("solve.novelty", "solve.novelty", "solve.novelty"),
    ],
)
def test_a_key_that_stands_alone_is_told_in_words(key, english, chinese):
    assert (key_name(key, ENGLISH), key_name(key, CHINESE)) == (english, chinese)
