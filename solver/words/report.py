"""The words of summaries and reports in English and Chinese."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from models.percent import NOTHING, percent
from solver.words.columns import UNITS, field_name, is_money
from solver.words.speech import Speech

FAR = 10.0
"""Relative gap from which on a figure would say nothing more."""
LIMITS = {"time": "时间", "memory": "内存", "iterations": "迭代次数", "nodes": "节点数"}

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "programme": "Programme",
        "model": "Model",
        "ended": "Ended",
        "new_sites": "New sites",
        "cost": "Cost",
        "budget": "Budget",
        "covered_share": "Covered",
        "gap": "Gap",
        "objective": "Objective",
        "bound": "Bound",
        "seconds": "Seconds",
        "proven": "proven",
        "limit": "stopped at a limit",
        "part": "part of the joint plan",
        "far": "over 1,000%",
        "infeasible": "no plan exists",
        "unbounded": "unbounded",
        "interrupted": "interrupted",
        "failed": "failed",
        "figure": "Figure",
        "value": "Value",
        "by_district": "By district",
        "district": "District",
        "sites": "Sites",
        "kept": "existing sites kept",
        "units": "Units",
        "inputs": "Inputs",
        "joins": "What was joined by id",
        "joined": "Joined",
        "matched": "Match",
        "only_in_table": "Only in the table",
        "only_in_layers": "Only in the layers",
        "unmatched": "Ids on one side only",
        "versions": "Versions",
        "why_none": "Why there is no plan",
        "why_failed": "What went wrong",
        "unknown": "unknown",
        "file": "File",
        "overrides": "Changed from the study file",
        "warnings": "Warnings",
        "nothing": "no plan in hand",
        "together": "What each programme does with the money",
        "money_by_district": "What the money does by district",
        "by_year": "By year",
        "year": "Year",
    },
    "zh": {
        "programme": "方案",
        "model": "模型",
        "ended": "求解结果",
        "new_sites": "新建站点数",
        "cost": "造价",
        "budget": "预算",
        "covered_share": "覆盖率",
        "gap": "最优差距",
        "objective": "目标值",
        "bound": "理论界",
        "seconds": "用时（秒）",
        "proven": "已证明",
        "limit": "到达限制而停止",
        "part": "联合方案的一部分",
        "far": "超过1,000%",
        "infeasible": "无可行方案",
        "unbounded": "无界",
        "interrupted": "被中断",
        "failed": "失败",
        "figure": "指标",
        "value": "数值",
        "by_district": "分区指标",
        "district": "分区",
        "sites": "站点",
        "kept": "个现有站点保留",
        "units": "设备数",
        "inputs": "输入文件",
        "joins": "按编号关联",
        "joined": "关联",
        "matched": "相符",
        "only_in_table": "仅在表中",
        "only_in_layers": "仅在图层中",
        "unmatched": "仅一侧有的编号",
        "versions": "软件版本",
        "why_none": "无可行方案的原因",
        "why_failed": "出错原因",
        "unknown": "未知",
        "file": "文件",
        "overrides": "对研究文件的修改",
        "warnings": "警告",
        "nothing": "没有方案",
        "together": "各方案资金效益",
        "money_by_district": "各分区资金效益",
        "by_year": "分年计划",
        "year": "年份",
    },
}


FIGURES: dict[str, tuple[str, str]] = {
    "new_sites": ("New sites", "新建站点数"),
    "open_sites": ("Open sites, existing ones included", "开放站点数（含现有）"),
    "covered_weight": ("Demand covered", "覆盖需求量"),
    "total_weight": ("Demand in all", "需求总量"),
    "weight": ("Demand", "需求量"),
    "covered_share": ("Share covered", "覆盖率"),
    "mean_travel_min": ("Mean travel of those served, minutes", "平均出行时间（分钟）"),
    "mean_travel_m": ("Mean travel of those served, m", "平均出行距离（米）"),
    "worst_travel_min": ("Longest travel of those served, minutes", "最远出行时间（分钟）"),
    "worst_travel_m": ("Longest travel of those served, m", "最远出行距离（米）"),
    "units": ("Units in all, by kind", "各类单元总数"),
    "by_district": ("By district", "分区指标"),
    "excluded": ("Candidates left out, and what each is too near to", "被排除的候选站点及其原因"),
    "excluded_sites": ("Candidates too near to something, left out", "因距离限制排除的候选站点数"),
    "objective_order": ("Objectives in their order", "目标优先顺序"),
    "worst_district": ("District covered least", "覆盖率最低的分区"),
    "worst_district_share": ("Its share covered", "最低分区覆盖率"),
    "worst_district_share_bound": ("No plan covers every district to more than", "最低分区覆盖率的理论界"),
    "market_share": ("Market share of our sites", "本方市场份额"),
    "competitors_share": ("Market share of competitors", "竞争者市场份额"),
    "least_spacing_m": ("Least distance of a new site from another, m", "新站与其他站的最小间距（米）"),
    "least_spacing_min": ("Least travel of a new site from another, minutes", "新站与其他站的最短行程（分钟）"),
    "places_no_site_reaches": ("Places that no site reaches, left out", "无站点可达而不计的需求点数"),
    "reachable_weight": ("Demand that some chain of sites reaches", "各级设施可达的需求量"),
    "needs_by_reach": ("Groups of places with the same sites in reach", "可达站点相同的需求组数"),
    "total_flow": ("Trips in all", "出行总量"),
    "flow_refuelled_with_all_sites_open": ("Trips refuelled if every site were open", "全部站点开放时可补能的出行量"),
    "coverage_convention": ("What covered means", "覆盖的含义"),
    "coverage_convention_zh": ("The same in Chinese", "同上，中文"),
    "vehicles_there": ("Vehicles that are there, beside those of the plan", "现有车辆数（不含方案新增）"),
    "tank_convention": ("What is assumed of tanks and ways", "油箱与路径约定"),
    "tank_convention_zh": ("The same in Chinese", "同上，中文"),
    "refuelled_share": ("Share of trips refuelled", "可补能出行比例"),
    "cost": ("Cost", "造价"),
    "cost_so_far": ("Cost so far", "累计造价"),
    "budget": ("Budget", "预算"),
    "left": ("Not spent", "结余"),
    "left_over": ("Not spent", "结余"),
    "floor_share": ("Least share asked for", "要求的最低比例"),
    "full_value": ("Value if everything were covered", "全覆盖时的目标值"),
    "share_of_full_value": ("Share of full coverage", "占全覆盖的比例"),
    "gained": ("Gained over what is there", "较现状新增"),
    "gained_per_million": ("Gained per {million}", "每{million}新增"),
    "one_more_million_gains": ("What one more {million} would gain", "再增{million}可新增"),
    "one_more_million_adds": ("What one more {million} would add to the objective", "再增{million}目标值增量"),
    "one_more_million_how": ("How that is known", "计算依据"),
    "one_more_million_how_zh": ("The same in Chinese", "同上，中文"),
    "members": ("What each programme does with the money", "各方案资金使用情况"),
    "money_by_district": ("What the money does by district", "分区资金效果"),
    "members.weight": ("Weight", "权重"),
    "phases.sites": ("Sites opened", "新开站点数"),
    "phases.closed_sites": ("Sites closed", "关闭站点数"),
    "phases.open_new_sites": ("New sites open", "累计新建站点数"),
    "phases.objective": ("Value of the year", "当年目标值"),
    "phases.counts": ("What it counts", "年度权重"),
}
"""Name of a figure in result.json -> what it is, in English and Chinese."""


def figure_name(name: str, speech: Speech, plain: str = "", names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What a figure is, in words, kinds by their `names`; else its plain name; else its own."""
    found = FIGURES.get(name) or FIGURES.get(plain)
    if found:
        return speech.with_currency(found[speech.zh])
    return field_name(name, speech, names) if name.endswith(UNITS) else plain or name


def title_of(entry: dict[str, Any], name: str, speech: Speech) -> str:
    """A study's or programme's title in the language, else in the other, else its name."""
    first, second = ("title_zh", "title") if speech.zh else ("title", "title_zh")
    return entry.get(first) or entry.get(second) or name


def covered(figures: Any) -> float | None:
    """The share that a plan serves, of demand or of trips; None where it is unknown."""
    shares = (figures.get(key) for key in ("covered_share", "refuelled_share"))
    return next((share for share in shares if share is not None), None)


def is_part(name: str, programmes: Collection[str]) -> bool:
    """Whether a programme of a result is part of a joint plan, of which alone anything is proven."""
    portfolio, point, _ = name.rpartition(".")
    return bool(point) and portfolio in programmes


def ended(entry: dict[str, Any] | Any, speech: Speech, *, part: bool = False) -> str:
    """How a programme ended, and at which limit; of a `part` of a joint plan only that."""
    if part and entry["objective"] is not None:
        return WORDS[speech.lang]["part"]
    text = WORDS[speech.lang][entry["ended"]]
    limit = entry["limit"]
    if not limit:
        return text
    return text + bracketed(LIMITS.get(limit, limit) if speech.zh else limit, speech)


def listed(parts: Sequence[str], speech: Speech) -> str:
    """Things one after the other."""
    return speech.comma.join(parts)


def bracketed(text: str, speech: Speech) -> str:
    """A text in brackets, after what it explains."""
    return f"（{text}）" if speech.zh else f" ({text})"


def joined(parts: Sequence[str], speech: Speech) -> str:
    """Parts of a sentence, with its stop."""
    return "，".join(parts) + "。" if speech.zh else ", ".join(parts) + "."


def money(value: float | None, speech: Speech) -> str:
    """An amount of money in words people read; unknown in words."""
    return WORDS[speech.lang]["unknown"] if value is None else speech.round_money(value)


def share(value: float | None, speech: Speech) -> str:
    """A share in per cent."""
    return WORDS[speech.lang]["unknown"] if value is None else percent(value)


def gap(value: float | None, speech: Speech) -> str:
    """A relative gap, or a share that is lost, in per cent."""
    if value is None:
        return WORDS[speech.lang]["unknown"]
    if value >= FAR:
        return WORDS[speech.lang]["far"]
    return "0%" if value < NOTHING else percent(value, 2)


def number(value: Any, speech: Speech) -> str:
    """A number with thousands apart; texts as they are; unknown in words."""
    if value is None:
        return WORDS[speech.lang]["unknown"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or (abs(value) < 1e12 and round(value, 5).is_integer()):
        return f"{value:,.0f}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"


def exact(value: float | None, speech: Speech) -> str:
    """A number in as many places as tell it from its neighbours."""
    if value is None:
        return WORDS[speech.lang]["unknown"]
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1e6 else f"{value:,.6g}"


def figure(name: str, value: Any, speech: Speech) -> str:
    """A figure by the unit in its name."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if name.endswith(("_share", "_share_bound")) or name == "share_of_full_value":
            return share(value, speech)
        if is_money(name):
            return money(value, speech)
    return number(value, speech)


def warnings_in(document: Mapping[str, Any], speech: Speech) -> list[str]:
    """What is likely no intention of the study, a sentence each with its place."""
    key = "text_zh" if speech.zh else "text"
    return [f"{each['place']}{speech.colon}{each[key]}" for each in document.get("warnings", [])]


def join_notes(document: Mapping[str, Any], speech: Speech) -> list[str]:
    """What stands on one side only of the joins by id of a result, a sentence each."""
    key = "note_zh" if speech.zh else "note"
    return [str(each[key]) for each in document.get("joins", []) if each.get(key)]
