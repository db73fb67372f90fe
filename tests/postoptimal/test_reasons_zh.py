"""Reasons in Chinese say what the English ones say: the same lines, the same numbers, no English word but names."""

import re
from pathlib import Path

import pytest

import models.rules
from models.coverage.max_cover import MaxCover
from models.phasing import Phase, Phasing
from models.rules import (
    AtMostOneOf,
    Budget,
    Count,
    CoverageFloor,
    Decided,
    GroupCount,
    MinimumUse,
    Needs,
    Spacing,
    UnitsTotal,
)
from models.rules.joint import Floor, JointBudget, Linked, OfMember
from models.rules.years import OfYear, OrderOfYears, YearBudgets, YearCount
from solver.words.speech import CHINESE
from tests.models.test_worst_district import two_districts
from tests.postoptimal.test_reasons import CONFLICTS
from tests.rules_study import solved

NAMES = r"(?<![A-Za-z])(?:[A-E]|west|east|city|rail|owner|North Court|housing\.geojson|lots|piles|new)(?![A-Za-z])"
KEYS = r"（[a-z_.]+）"

YEARS = Phasing(tuple(Phase(name, MaxCover(two_districts())) for name in ("2026", "2027")))
RULES = [
    (Count(2), "恰好新建 2 个站点（open）"),
    (Count(1, "at most"), "至多新建 1 个站点（open_at_most）"),
    (GroupCount(2, "at least"), "每个分区至少 2 个新站点（at_least_per_group）"),
    (GroupCount({"west": 1}, "at most"), "每个分区至多若干新站点：west 1（at_most_per_group）"),
    (
        GroupCount(1, "exactly", ("city", "rail"), "owner", "open"),
        "每个 owner 列的组恰好 1 个开放站点（group_rules.owner.exactly.open）",
    ),
    (CoverageFloor(0.8), "每个分区覆盖率至少 80.0%（floor_share）"),
    (CoverageFloor({"east": 0.4}), "各分区最低覆盖率：east 40%（floor_share）"),
    (Budget(12_000), "预算 12,000 元（budget）"),
    (AtMostOneOf((("A", "B"),)), "A、B 中至多开放一个（at_most_one_of）"),
    (AtMostOneOf((("A", "B"), ("C", "D")), "forbidden_pairs"), "A、B；C、D 中至多开放一个（forbidden_pairs）"),
    (Needs((("A", "B"),)), "A 须与 B 同时开放（needs）"),
    (Spacing(260.0, from_existing=True), "新站彼此之间及与现有站点间距至少 260 米（spacing_m）"),
    (Decided(("A", "B"), True, "required"), "A、B 必须开放（required）"),
    (Decided(tuple("ABCDEF"), False, "forbidden"), "A、B、C、D、E 等（另有 1 项）不得开放（forbidden）"),
    (MinimumUse(5.0), "每个开放站点服务量至少 5（minimum_use）"),
    (UnitsTotal(7), "模块总数恰好 7 个（sizes_total）"),
    (OfYear(YEARS, 1, Count(2)), "2027：恰好新建 2 个站点（open）"),
    (YearCount(YEARS, 0, 1, 3), "2026：新开站点至少 1 个、至多 3 个（phasing.open）"),
    (YearBudgets(YEARS, (5.0, 6.0)), "各年预算：2026 5 元、2027 6 元；结余转入下年（phasing.budget）"),
    (OrderOfYears(YEARS), "已开放的站点保持开放（phasing）"),
    (OfMember("lots", Count(2)), "lots：恰好新建 2 个站点（open）"),
    (Floor("lots", 0.8, 100.0), "lots：至少达到全覆盖的 80.0%（floor_share）"),
    (Linked(), "站点须待其所依站点开放（links）"),
    (JointBudget(7e6), "联合预算 7,000,000 元（budget）"),
]


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d[\d,.]*\d|\d", text))


@pytest.mark.parametrize(("rule", "chinese"), RULES, ids=[type(rule).__name__ for rule, _ in RULES])
def test_a_rule_in_chinese(rule: object, chinese: str) -> None:
    assert rule.describe().worded(CHINESE) == chinese


def test_every_rule_is_said_in_chinese() -> None:
    assert set(models.rules.__all__) <= {type(rule).__name__ for rule, _ in RULES}


def test_every_remedy_is_said_in_chinese() -> None:
    remedies = [rule.remedy("A without B" if isinstance(rule, Needs) else "A", 2.0, 1.0) for rule, _ in RULES]
    said = [remedy.worded(CHINESE) for remedy in remedies if remedy is not None]
    assert len(said) == 21
    assert not [text for text in said if re.search("[A-Za-z]{2,}", text.replace("lots", "").replace("budget", ""))]


@pytest.mark.parametrize(("rules", "options", "lines"), CONFLICTS)
def test_a_conflict_is_told_in_chinese_with_the_same_numbers(
    tmp_path: Path, rules: str, options: dict[str, object], lines: list[str]
) -> None:
    told = solved(tmp_path, rules, **options).reasons_zh
    assert len(told) == len(lines)
    for english, chinese in zip(lines, told, strict=True):
        said = re.sub(f"{NAMES}|{KEYS}", "", chinese)
        assert not re.search("[A-Za-z]", said), chinese
        assert numbers(chinese) == numbers(re.sub("at most one site", "", english))


def test_a_conflict_in_full(tmp_path: Path) -> None:
    assert solved(tmp_path, "open = 3\nbudget = 12").reasons_zh == (
        "以下规则不能同时满足：“恰好新建 3 个站点（open）”；“预算 12 元（budget）”",
        "若新建 2 个站点，则有可行方案",
        "“恰好新建 3 个站点（open）”至少需 15 元；预算为 12 元",
    )
