"""Sentences that a result holds in English, in Chinese: reasons, conventions, units. Unknown ones stay as they are."""

import re
from collections.abc import Mapping
from typing import Any

from solver.words.report import WORDS, exact, money
from solver.words.speech import Speech

UNITS: dict[str, str] = {
    "weighted shares of full coverage": "加权覆盖份额",
    "new sites": "个新站点",
    "CNY": "元",
    "m": "米",
    "s": "秒",
    "min": "分钟",
    "demand": "需求量",
    "weight": "需求量",
    "population": "人",
    "people": "人",
    "jobs": "岗位",
    "spaces": "泊位",
    "parking_need_spaces": "停车需求（泊位）",
    "turnover_vehicles_per_day": "周转量（辆/日）",
    "charging_need_kwh_per_day": "充电需求（千瓦时/日）",
    "vehicles_per_day": "辆/日",
    "parcels_per_day": "件/日",
    "parcels": "件",
    "cars": "辆",
    "patients": "人",
    "pupils": "人",
    "households": "户",
    "kwh": "千瓦时",
    "kwh_per_day": "千瓦时/日",
    "share of the market": "市场份额",
}
"""Units of objectives; a unit that is a column of the planner's is called what it is."""

ENDS = ("proven", "limit", "infeasible", "unbounded", "interrupted", "failed")
"""How a run ended."""

PHRASES: tuple[tuple[str, str], ...] = (
    (
        r"price of money at which the linear relaxations of the programmes spend the budget \(Lagrangian dual\)",
        "各方案线性松弛恰好用完预算时的资金影子价格（拉格朗日对偶）",
    ),
    (r"([\d.]+) of a tank at the origin; (.+); (.+)", r"起点存量为满载的 \1；\2；\3"),
    (r"round trip, ends with at least what it began with", "往返，返回时存量不低于出发时"),
    (r"one way", "单程"),
    (r"any shortest path", "任一最短路径"),
    (r"any path up to (.+) m longer", r"允许绕行不超过 \1 米"),
    (r"cannot be kept together: (.+)", r"下列规则不能同时满足：\1"),
    (r"(.+) \(perhaps not all of them are at fault: time ran out\)", r"\1（时间用完，其中可能有并无冲突的规则）"),
    (
        r"no plan exists even without the rules: look at required sites, capacities and reach",
        "即使不计规则也无可行方案：请检查必选站点、容量与服务范围",
    ),
    (
        r"other rules contradict each other too: run again once these are mended",
        "其他规则之间也有冲突：改正后请重新运行",
    ),
    (r"changing '(.+)' alone is not enough: it stands against other rules too", r"仅修改“\1”不够：它还与其他规则冲突"),
    (r"there is a plan if '(.+)' is raised by ([\d,.]*\d)(.*)", r"若“\1”提高 \2，则有可行方案\3"),
    (r"there is a plan if '(.+)' is lowered by ([\d,.]*\d)(.*)", r"若“\1”降低 \2，则有可行方案\3"),
    (r", and by no less", "，且不能更少"),
    (r"; at least (\S+) is needed", r"；至少需要 \1"),
    (r"there is a plan if '(.+)' gives way at: (.+)", r"若“\1”在以下各处放宽，则有可行方案：\2"),
    (r"there is a plan with (.+)", r"满足以下条件时有可行方案：\1"),
    (r"with all other rules kept, (.+)", r"保留其他全部规则时，\1"),
    (r"(.+) costs? at least (\S+) CNY; the budget is ([\d,.]*\d)(.*)", r"\1至少需要 \2 元；预算为 \3 元\4"),
    (
        r"(.+) costs? (\S+) CNY in the cheapest plan found; the budget is (\S+)",
        r"\1在已知最省方案中需要 \2 元；预算为 \3 元",
    ),
    (r"the other rules here", "其余规则"),
    (r"the cheapest plan", "最省方案"),
    (r"; (\S+) is enough", r"；\1 元足够"),
    (r"a budget of (\S+) CNY", r"预算 \1 元"),
    (r"a budget of (\S+) CNY \(budget\)", r"预算 \1 元（budget）"),
    (r"at least (.+) covered in every district \((.+)\)", r"各分区覆盖率不低于 \1（\2）"),
    (r"a least covered share in districts: (.+) \((.+)\)", r"各分区最低覆盖率：\1（\2）"),
    (r"(.+) covered to (.+)", r"\1 覆盖到 \2"),
    (
        r"no site serves more than its capacity; (\S+) are to be served \(capacity\)",
        r"各站点服务量不超过其容量；共需服务 \1（capacity）",
    ),
    (r"no site serves more than its capacity \(capacity\)", "各站点服务量不超过其容量（capacity）"),
    (
        r"modules carry what their site serves; (\S+) are to be served \(sizes\)",
        r"模块须承担站点服务量；共需服务 \1（sizes）",
    ),
    (r"modules carry what their site serves \(sizes\)", "模块须承担站点服务量（sizes）"),
    (r"every place is served within reach \(reach\)", "各需求点均须在服务范围内得到服务（reach）"),
    (r"exactly (\S+) new sites? \((.+)\)", r"恰好 \1 个新站点（\2）"),
    (r"at least (\S+) new sites? \((.+)\)", r"至少 \1 个新站点（\2）"),
    (r"at most (\S+) new sites? \((.+)\)", r"至多 \1 个新站点（\2）"),
    (r"(\S+) CNY and what is left of the years before \((.+)\)", r"\1 元及以往结余（\2）"),
    (r"(\S+) CNY \((phasing\.budget)\)", r"\1 元（\2）"),
    (r"([^\s:']+): (.+ \([a-z_.]+\))", r"\1：\2"),
    (r"exactly (\S+) piles in all \(piles\.total\)", r"充电桩共 \1 台（piles.total）"),
    (
        r"at least (\S+) piles? at every open site \((.+)\)",
        r"每个开放站点至少 \1 台充电桩（\2）",
    ),
    (r"piles within the power of their site \((.+)\)", r"充电桩不超过站点电力容量（\1）"),
    (r"least shares of all piles: (.+) \((.+)\)", r"各类充电桩最低占比：\1（\2）"),
    (r"at least (\S+) (?:new |open )?sites? in every (.+) \((.+)\)", r"每个 \2 至少 \1 个站点（\3）"),
    (r"at most (\S+) (?:new |open )?sites? in every (.+) \((.+)\)", r"每个 \2 至多 \1 个站点（\3）"),
    (r"new sites at least (\S+) m (.+) \((.+)\)", r"新站间距不小于 \1 米（\3）"),
    (r"every open site serves at least (.+) \((.+)\)", r"每个开放站点至少服务 \1（\2）"),
    (r"at most one site of (.+) \((.+)\)", r"\1 中至多选一个（\2）"),
    (r"(\S+) new sites?", r"\1 个新站点"),
    (r"(.+) must open \((.+)\)", r"\1 必须开放（\2）"),
    (r"(.+) must not open \((.+)\)", r"\1 不得开放（\2）"),
    (r"(.+) closed", r"\1 关闭"),
    (r"(.+), summed over the years", r"\1（各年合计）"),
    (r"(.+) x (.+)", r"\1 × \2"),
    (r"transport", "运输"),
    (r"reading the layers", "读取图层"),
    (r"reading (\S+\.\S+)", r"读取 \1"),
    (r"building the (\w+) network", r"建立路网（\1）"),
    (r"(\w+) network: left out: (.+)", r"路网（\1）：略去 \2"),
    (
        r"(.+) edges \((.+)\) in (.+) parts that cannot be reached and left again",
        r"不能往返的 \3 部分共 \1 条路段（\2）",
    ),
    (r"(.+) edges \((.+)\) closed to the mode", r"不向该出行方式开放的路段 \1 条（\2）"),
    (r"travel of (\S+) places and (\S+) sites", r"计算 \1 个需求点与 \2 个站点之间的出行"),
    (r"travel within reach", "计算服务范围内的出行"),
    (r"travel within reach of (\d+) programmes", r"计算 \1 个方案服务范围内的出行"),
    (r"other plans that lose at most (.+)", r"寻找损失不超过 \1 的其他方案"),
    (r"other plan (\d+) of (\d+) loses (.+), differs by (\d+) sites", r"其他方案 \1/\2：损失 \3，有 \4 个站点不同"),
    (r"what each site is worth", "计算各站点的价值"),
    (r"formulating", "建立模型"),
    (r"(\S+) columns, (\S+) rows, (\S+) coefficients", r"\1 列，\2 行，\3 个系数"),
    (r"(\S+) columns, (\S+) rows in (\d+) parts", r"\1 列，\2 行，分为 \3 部分"),
    (r"of equally good plans the thriftiest", "在同等方案中选取最省者"),
    (r"searching for a first plan", "寻找初始方案"),
    (r"first plan (\S+); bounding it", r"初始方案 \1；计算其界"),
    (r"narrowing the model down", "缩小模型"),
    (r"solving(?: what is left| all of it)? with (\S+)", r"用 \1 求解"),
    (r"solving(?: what is left| all of it)? with (\S+) from a gap of (.+)", r"用 \1 求解，当前差距 \2"),
    (r"closing a gap of (.+) by parts", r"分部缩小差距 \1"),
    (r"looking for the price of money that splits the budget", "寻找划分预算的资金价格"),
    (r"no plan keeps every rule; looking for the rules in conflict", "没有满足全部规则的方案；正在查找冲突的规则"),
    (r"(first|second) objective: (\w+)", r"\1目标：\2"),
    (r"first", "首要"),
    (r"second", "次要"),
    (r"floor", "最差分区"),
    (r"coverage", "覆盖"),
    (
        r"(.+): (\d+) of (\d+) runs have no plan and count in no share or index",
        r"\1：\3 次计算中有 \2 次无方案，不计入比例与指标",
    ),
    (r"fewer than (\d+) plans are few to call a site robust \((.+)\)", r"方案不足 \1 个，难以断定站点稳健（\2）"),
    (
        r"(\d+) of (\d+) sensitivity indices have an interval wider than (\S+) or come from fewer than (\d+) samples: "
        r"too few samples to rely on them; ask for more --samples \(what is there is kept, except with lhs\)",
        r"\2 个敏感性指标中有 \1 个区间宽于 \3 或样本少于 \4 个，样本过少，不足为凭；"
        r"请增大 --samples（已有结果保留，lhs 除外）",
    ),
    (r"(\w+), no plan", r"\1，没有方案"),
    (r"(\w+), (\d+) sites", r"\1，\2 个站点"),
)
"""English sentence as a pattern -> Chinese; parts in brackets are put into Chinese in their turn."""


def in_words(text: str, speech: Speech) -> str:
    """A sentence of a result in the language, part by part; what is not known stays English."""
    if not speech.zh or not text:
        return text
    if text in UNITS:
        return UNITS[text]
    if text in ENDS:
        return WORDS["zh"][text]
    for pattern, chinese in PHRASES:
        match = re.fullmatch(pattern, text)
        if match:
            parts = [in_words(part or "", speech) for part in match.groups()]
            for i, part in enumerate(parts, 1):
                chinese = chinese.replace(f"\\{i}", part)
            return chinese
    if re.fullmatch(r"'.+'(; '.+')+", text):
        return "；".join(f"“{in_words(part.strip(chr(39)), speech)}”" for part in text.split("; "))
    if re.fullmatch(r"'[^']+'", text):
        return f"“{in_words(text[1:-1], speech)}”"
    return text


def reasons_in(entry: Mapping[str, Any], speech: Speech) -> list[str]:
    """Why a programme has no plan, in the language; results of earlier versions are put into Chinese by pattern."""
    if speech.zh and entry.get("reasons_zh"):
        return list(entry["reasons_zh"])
    return [in_words(reason, speech) for reason in entry["reasons"]]


def unit_in_words(unit: str, speech: Speech) -> str:
    """The unit of an objective: a known one in words, else the column's name with spaces."""
    if unit == speech.currency.code:
        return speech.currency.name(zh=speech.zh)
    told = in_words(unit, speech)
    return told if told != unit else unit.replace("_", " ")


def amount_in_words(value: float | None, unit: str, speech: Speech) -> str:
    """What a plan is worth, with its unit; money as money."""
    if unit == speech.currency.code:
        return money(value, speech)
    text = exact(value, speech)
    return f"{text} {unit_in_words(unit, speech)}" if unit and value is not None else text
