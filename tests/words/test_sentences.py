"""Sentences of a result in Chinese: reasons with their numbers, conventions, units, the steps of a run."""

import re

import pytest
from click.testing import CliRunner

from models.messages import Listed, Money, say
from solver.cli.group import siting
from solver.joint.money import HOW
from solver.solve import solve_study
from solver.study.read import read_study
from solver.words.currency import currency
from solver.words.speech import CHINESE, ENGLISH
from solver.words.units import unit_in_words
from tests.export.test_project import ROOT


def test_messages_are_put_into_words_with_all_that_they_hold():
    text = say("solving what is left with {engine}", engine="highs")
    whole = say("{work} from a gap of {gap}", work=text, gap="1.20%")
    assert str(whole) == "solving what is left with highs from a gap of 1.20%"
    assert whole.worded(CHINESE) == "用 highs 求解剩余部分，当前差距 1.20%"
    costs = say("a budget of {amount} ({key})", amount=Money(12e6), key="budget")
    assert costs.worded(ENGLISH) == "a budget of 12,000,000 CNY (budget)"
    assert costs.worded(CHINESE.paying(currency("EUR"))) == "预算 12,000,000 EUR（budget）"
    listed = Listed(["a", say("transport"), "c"], 2, quoted=True)
    assert (listed.worded(ENGLISH), listed.worded(CHINESE)) == (
        "'a', 'transport' and 1 more",
        "“a”、“运输” 等（另有 1 项）",
    )
    assert say("nobody knows {this}", this=1).worded(CHINESE) == "nobody knows 1"


def test_what_a_result_says_of_a_price_is_a_sentence_of_the_catalogue():
    assert CHINESE.sentence(HOW) == "各方案线性松弛恰好用完预算时的资金影子价格（拉格朗日对偶）"


def test_a_unit_that_is_the_planner_s_own_column_is_called_what_it_is():
    assert unit_in_words("parking_need_spaces", ENGLISH) == "parking need spaces"
    assert unit_in_words("parking_need_spaces", CHINESE) == "停车需求（泊位）"
    assert unit_in_words("beds_of_ours", CHINESE) == "beds of ours"
    assert unit_in_words("population x km, summed over the years", CHINESE) == "人 × km（各年合计）"


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
    told = [pair for p in result.programmes.values() for pair in zip(p.reasons, p.reasons_zh, strict=True)]
    assert told
    for english, chinese in told:
        words = re.sub(r"（[a-z_.]+）|south|north", "", chinese)
        assert not re.search(r"[A-Za-z]{2,}", words), chinese
        assert re.findall(r"\d[\d,.]*\d|\d", chinese) == re.findall(r"\d[\d,.]*\d|\d", english)


def test_a_run_in_chinese_tells_everything_in_chinese(tmp_path):
    words = ["run", str(ROOT / "instances/teaching/budget"), "--marginals", "--alternatives", "1", "--within", "30%"]
    ended = CliRunner().invoke(siting, [*words, "--lang", "zh", "--out", str(tmp_path / "out")])
    text = ended.output.replace(str(tmp_path), "")
    names = {"free", "fair", "budget", "highs", "QGIS", "ArcGIS"}
    left = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"[\w-]+\.(html|gpkg|qgz|csv|json|png)", "", text))) - names
    assert left <= {"out"}
