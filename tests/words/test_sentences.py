"""Sentences of a result in Chinese: reasons with their numbers, conventions, units, the steps of a run."""

import re

import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.joint.money import HOW
from solver.solve import solve_study
from solver.study.read import read_study
from solver.words.sentences import in_words, unit_in_words
from solver.words.speech import CHINESE, ENGLISH
from tests.export.test_project import ROOT


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (HOW, "各方案线性松弛恰好用完预算时的资金影子价格（拉格朗日对偶）"),
        (
            "0.5 of a tank at the origin; round trip, ends with at least what it began with; any path up to 3000 m "
            "longer",
            "起点存量为满载的 0.5；往返，返回时存量不低于出发时；允许绕行不超过 3000 米",
        ),
        (
            "there is a plan if 'a budget of 5 CNY (budget)' is raised by 3, and by no less",
            "若“预算 5 元（budget）”提高 3，则有可行方案，且不能更少",
        ),
        ("population x km, summed over the years", "人 × km（各年合计）"),
        ("proven, 3 sites", "已证明，3 个站点"),
        ("infeasible, no plan", "无可行方案，没有方案"),
        ("solving what is left with highs from a gap of 1.20%", "用 highs 求解，当前差距 1.20%"),
        ("first objective: floor", "首要目标：最差分区"),
        ("a sentence that nobody knows", "a sentence that nobody knows"),
        ("", ""),
    ],
)
def test_a_sentence_in_chinese(english, chinese):
    assert in_words(english, CHINESE) == chinese
    assert in_words(english, ENGLISH) == english


def test_a_unit_that_is_the_planner_s_own_column_is_called_what_it_is():
    assert unit_in_words("parking_need_spaces", ENGLISH) == "parking need spaces"
    assert unit_in_words("parking_need_spaces", CHINESE) == "停车需求（泊位）"
    assert unit_in_words("beds_of_ours", CHINESE) == "beds of ours"


@pytest.mark.parametrize(
    ("study", "overrides"),
    [
        ("teaching/budget", ["programmes.fair.floor_share=0.2"]),
        ("broken/budget-too-small", []),
        ("teaching/overlap", ["programmes.pair.open_at_least=2", "programmes.pair.budget=1"]),
    ],
)
def test_reasons_keep_their_numbers_and_lose_their_english(study, overrides):
    result = solve_study(read_study(ROOT / "instances" / study, overrides))
    told = [reason for programme in result.programmes.values() for reason in programme.reasons]
    assert told
    for reason in told:
        chinese = in_words(reason, CHINESE)
        words = re.sub(r"\([a-z_.]+\)|（[a-z_.]+）|south|north", "", chinese)
        assert not re.search(r"[A-Za-z]{2,}", words), chinese
        assert re.findall(r"\d[\d,.]*\d|\d", chinese) == re.findall(r"\d[\d,.]*\d|\d", reason)


def test_a_run_in_chinese_tells_everything_in_chinese(tmp_path):
    words = ["run", str(ROOT / "instances/teaching/budget"), "--marginals", "--alternatives", "1", "--within", "30%"]
    ended = CliRunner().invoke(siting, [*words, "--lang", "zh", "--out", str(tmp_path / "out")])
    text = ended.output.replace(str(tmp_path), "")
    names = {"free", "fair", "budget", "highs", "QGIS", "ArcGIS"}
    left = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"[\w-]+\.(html|gpkg|qgz|csv|json|png)", "", text))) - names
    assert left <= {"out"}
