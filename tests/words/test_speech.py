"""How a language puts values into its sentences."""

import pytest

from models.messages import ENGLISH, Listed, say
from solver.words.speech import CHINESE


@pytest.mark.parametrize(
    ("sentence", "value", "told"),
    [
        ("图层{x}没有要素", "roads", "图层 roads 没有要素"),
        ("图层 {x} 没有要素", "道路", "图层道路没有要素"),
        ("见 {x} 行", "第 2（many）", "见第 2（many）行"),
        ("共 {x} 个", 3, "共 3 个"),
        ("共 {x:,} 个", 12000, "共 12,000 个"),
        ("（{x}）", "EPSG:4547", "（EPSG:4547）"),
        ("{x}   不存在", "图层", "图层   不存在"),
        ("占{x}的需求", "50%", "占 50%的需求"),
    ],
)
def test_chinese_has_a_space_only_beside_latin_letters_and_digits(sentence, value, told):
    assert CHINESE.filled(sentence, {"x": value}) == told


def test_what_people_named_is_not_changed():
    assert CHINESE.filled("站点 {x} 关闭", {"x": "A区 一号"}) == "站点 A区 一号关闭"


def test_english_takes_values_as_they_are():
    assert say("{n:,} rows ({shown})", n=1200, shown=Listed(("1", "2"))).worded(ENGLISH) == "1,200 rows (1, 2)"
