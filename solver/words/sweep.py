"""The words of a sweep's page in English and Chinese, and how keys and their values are shown."""

from collections.abc import Sequence
from typing import Any

from solver.words import report as words
from solver.words.columns import is_money
from solver.words.keys import key_name
from solver.words.speech import Speech

WORDS: dict[str, tuple[str, str]] = {
    "sweep": ("Sweep", "多方案计算"),
    "runs": ("Runs", "计算次数"),
    "run": ("Run", "序号"),
    "scenario": ("Scenario", "情景"),
    "design": ("Design", "试验设计"),
    "varied": ("Varied", "变动参数"),
    "values": ("Values", "取值"),
    "together": ("together with", "同时变动"),
    "with_plan": ("runs with a plan", "有方案"),
    "proven": ("proven", "已证明"),
    "short": ("In short", "结论"),
    "always": ("Chosen in every plan", "每个方案都选中的站点"),
    "none_always": ("No site is chosen in every plan.", "没有站点在每个方案中都被选中。"),
    "none_opens": ("No plan opens a new site.", "没有方案新建站点。"),
    "most_often": ("Most often", "最常选中"),
    "no_robust": (
        "No plan can be carried out in every scenario within its rules.",
        "没有方案在所有情景中都满足规则。",
    ),
    "matters": ("What matters most", "影响最大的参数"),
    "robust_plan": ("The robust plan", "稳健方案"),
    "loses_at_most": ("loses at most", "最多损失"),
    "mean": ("on average", "平均"),
    "curve": ("What more of it brings", "随参数变化的效果"),
    "curve_note": (
        "Line: the plans in hand. Band: up to what no plan can better; where bands overlap, runs cannot be told apart.",
        "线：已得方案；色带：到理论界为止，色带重叠处无法区分优劣。",
    ),
    "scatter": ("Every run over one key", "各次计算的分布"),
    "scatter_note": (
        "A mark is the plan in hand; a bar above or below it reaches to what no plan can better.",
        "点：已得方案；竖条：到理论界为止。",
    ),
    "front": ("Cost and value", "造价与效果"),
    "front_note": (
        "Filled: no run of the same conditions costs less and is worth as much. Lines join them.",
        "实心：同等条件下没有更省且不差的方案，以线相连。",
    ),
    "unbeaten": ("not beaten", "未被超越"),
    "beaten": ("beaten", "被超越"),
    "heat": ("Two keys together", "两个参数的联合作用"),
    "tornado": ("Each key alone", "单参数影响（龙卷风图）"),
    "tornado_note": (
        "Change against the study as it is. Hatched: no more than the gaps of the two runs.",
        "相对原方案的变化；斜线：变化未超出求解差距。",
    ),
    "sensitivity": ("Which keys explain the differences", "敏感性指标"),
    "first": ("alone (first order)", "单独作用（一阶）"),
    "total": ("with all others (total)", "含交互作用（总）"),
    "rank_correlation": ("rank correlation", "秩相关"),
    "robust": ("Robust sites", "稳健站点"),
    "robust_note": (
        "Share of the plans that open a site; runs weigh alike.",
        "选中该站点的方案比例，各次计算权重相同。",
    ),
    "site": ("Site", "站点"),
    "share": ("In plans", "选中比例"),
    "group": ("District", "分区"),
    "regret": ("Regret over scenarios", "情景后悔值"),
    "regret_note": (
        "What the plan of a row loses where the scenario of a column comes true, against the best there.",
        "按某情景选定方案（行），而另一情景（列）成真时，与该情景最优相比的损失。",
    ),
    "plan_of": ("Plan made for", "方案针对"),
    "greatest": ("Greatest", "最大"),
    "average": ("Mean", "平均"),
    "at": ("at", "取值"),
    "not_possible": ("not possible", "不可行"),
    "best": ("robust", "最稳健"),
    "table": ("All runs", "全部计算"),
    "notes": ("To bear in mind", "注意"),
    "not_told": ("Not told from", "无法区分"),
    "objective": ("Objective", "目标值"),
    "figure": ("Figure", "指标"),
    "base": ("the study as it is", "原方案"),
    "candidate": ("in no plan", "从未选中"),
}


def label(word: str, speech: Speech) -> str:
    """A word of the page."""
    return WORDS[word][speech.zh]


def axis_name(keys: Sequence[str], speech: Speech) -> str:
    """Keys that change together in words."""
    return " + ".join(key_name(key, speech) for key in keys)


def value_text(key: str, value: Any, speech: Speech) -> str:
    """A value of a key as people read it."""
    return words.figure(key.rsplit(".", 1)[-1], value, speech)


def figure_name(figure: str, speech: Speech) -> str:
    """A figure in words."""
    return label("objective", speech) if figure == "objective" else words.figure_name(figure, speech)


def scale_of(name: str, largest: float, speech: Speech) -> tuple[float, str]:
    """What numbers of a figure are divided by on an axis, and the unit after its name."""
    if name.endswith("_share"):
        return 0.01, " (%)"
    if not is_money(name):
        return 1.0, ""
    scale, unit = speech.currency.scale(largest, zh=speech.zh)
    return scale, words.bracketed(unit, speech)
