"""Rules in Chinese: what each asks, and what would do in its place. The rules themselves say both in English."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from models.formulation import Rule
from models.percent import percent
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
from models.rules.money import yuan
from models.rules.pairs import NAMED
from models.rules.years import OfYear, OrderOfYears, YearBudgets, YearCount

SIDES = {"exactly": "恰好", "at least": "至少", "at most": "至多"}
TOO_NEAR = re.compile(r"^(?P<far>[\d,]+) m from (?P<what>.*) of (?P<file>.*); at least (?P<least>.*) m$")
"""How an exclusion says why a site is too near."""


def in_chinese(rule: Rule) -> str:
    """What a rule asks; in the rule's own English where this does not know it."""
    if isinstance(rule, OfMember):
        return f"{rule.member}：{in_chinese(rule.rule)}"
    if isinstance(rule, OfYear):
        return f"{rule.phasing.phases[rule.year].name}：{in_chinese(rule.rule)}"
    said = _of_a_year(rule) or _of_sites(rule) or _of_amounts(rule)
    return rule.describe() if said is None else f"{said}（{_key(rule)}）"


def relaxed_in_chinese(rule: Rule, label: str, works: float, by: float) -> str | None:
    """What would do in place of one row of a rule, None where the rule has no words for it."""
    if isinstance(rule, OfMember | OfYear):
        name = rule.member if isinstance(rule, OfMember) else rule.phasing.phases[rule.year].name
        inner = relaxed_in_chinese(rule.rule, label, works, by)
        return None if inner is None else f"{name}：{inner}"
    if isinstance(rule, Count):
        return f"新建 {works:g} 个站点"
    if isinstance(rule, GroupCount):
        return f"{label} {_counted(rule)} {works:g} 个站点"
    if isinstance(rule, CoverageFloor):
        return f"{label} 覆盖率为 {percent(works)}"
    if isinstance(rule, Floor):
        return f"{rule.member} 达到全覆盖的 {percent(rule.share - by / rule.full)}"
    if isinstance(rule, Budget):
        return f"预算为 {yuan(rule.amount + by)} 元"
    if isinstance(rule, AtMostOneOf):
        return f"{label} 中开放 {works:g} 个"
    if isinstance(rule, Spacing):
        return f"{label} 中开放 {works:g} 个（间距小于 {rule.distance_m:g} 米）"
    if isinstance(rule, Needs):
        first, _, second = label.partition(" without ")
        return f"{first} 开放而 {second} 不开放"
    if isinstance(rule, Linked):
        return f"{label} 在其所依站点未开放时开放"
    if isinstance(rule, MinimumUse):
        return f"{label} 的服务量比最低要求少 {by:,.6g}"
    if isinstance(rule, UnitsTotal):
        return f"模块总数为 {works:,.6g}"
    if isinstance(rule, Decided):
        why = f"（{_why(rule.why[rule.ids.index(label)])}）" if rule.why else ""
        return f"{label} {'不开放' if rule.is_open else '开放'}{why}"
    return None


def _key(rule: Rule) -> str:
    """The rule's name in the study, as its English ends with it in brackets."""
    return rule.describe().rpartition("(")[2].removesuffix(")")


def _of_sites(rule: Rule) -> str | None:
    """Rules on which sites open and how many."""
    if isinstance(rule, Count):
        return f"{SIDES[rule.side]}新建 {rule.number} 个站点"
    if isinstance(rule, GroupCount):
        every = "每个分区" if rule.column is None else f"{rule.column} 列的每个组"
        if isinstance(rule.number, Mapping):
            each = "、".join(f"{name} {number}" for name, number in rule.number.items())
            return f"{every}{_counted(rule)}{SIDES[rule.side]}若干站点：{each}"
        return f"{every}{_counted(rule)}{SIDES[rule.side]} {rule.number} 个站点"
    if isinstance(rule, AtMostOneOf):
        return f"{_listed(['、'.join(chosen) for chosen in rule.sets], '；')} 中至多开放一个"
    if isinstance(rule, Needs):
        return _listed([f"{a} 须与 {b} 同时开放" for a, b in rule.pairs], "，")
    if isinstance(rule, Linked):
        return "站点须待其所依站点开放"
    if isinstance(rule, Spacing):
        return f"新站{'彼此之间及与现有站点' if rule.from_existing else '彼此'}间距至少 {rule.distance_m:g} 米"
    if isinstance(rule, Decided):
        what = {"required": "必须开放", "forbidden": "不得开放"}.get(rule.key, "距某些要素过近，不得开放")
        return f"{_listed(rule.ids, '、')} {what}"
    return None


def _of_amounts(rule: Rule) -> str | None:
    """Rules on money, shares, loads and modules."""
    if isinstance(rule, Budget):
        return f"{'联合' if isinstance(rule, JointBudget) else ''}预算 {yuan(rule.amount)} 元"
    if isinstance(rule, CoverageFloor):
        if isinstance(rule.share, Mapping):
            each = "、".join(f"{name} {100 * share:.4g}%" for name, share in rule.share.items())
            return f"各分区最低覆盖率：{each}"
        return f"每个分区覆盖率至少 {percent(rule.share)}"
    if isinstance(rule, Floor):
        return f"{rule.member}：至少达到全覆盖的 {percent(rule.share)}"
    if isinstance(rule, MinimumUse):
        amount = np.unique(np.asarray(rule.amount, dtype=np.float64))
        return f"每个开放站点服务量至少 {float(amount[0]):g}" if len(amount) == 1 else "每个开放站点达到最低服务量"
    if isinstance(rule, UnitsTotal):
        return f"模块总数恰好 {rule.number:,} 个"
    return None


def _of_a_year(rule: Rule) -> str | None:
    """Rules of programmes over years."""
    if isinstance(rule, YearBudgets):
        pairs = zip(rule.phasing.phases, rule.amounts, strict=True)
        each = "、".join(f"{phase.name} {yuan(amount)}" for phase, amount in pairs if amount is not None)
        return f"各年预算（元）：{each}；结余{'转入下年' if rule.carry_over else '不转入下年'}"
    if isinstance(rule, YearCount):
        name = rule.phasing.phases[rule.year].name
        if rule.at_least == rule.at_most:
            return f"{name}：恰好新开 {rule.at_least} 个站点"
        least = [f"至少新开 {rule.at_least} 个"] if rule.at_least else []
        most = [] if rule.at_most is None else [f"至多新开 {rule.at_most} 个"]
        return f"{name}：{'、'.join(least + most)}站点"
    return "已开放的站点保持开放" if isinstance(rule, OrderOfYears) else None


def _counted(rule: GroupCount) -> str:
    return "新建" if rule.counts == "new" else "开放"


def _listed(items: Sequence[str], comma: str) -> str:
    more = f" 等 {len(items)} 项" if len(items) > NAMED else ""
    return comma.join(items[:NAMED]) + more


def _why(text: str) -> str:
    """Why a site is too near to something."""
    found = TOO_NEAR.match(text)
    if found is None:
        return text
    return f"距 {found['file']} 的 {found['what']} {found['far']} 米，须至少 {found['least']} 米"
