"""Method and limits in words: what each model does, after whom, and what no plan can know."""

from collections.abc import Mapping, Sequence
from typing import Any

from solver.words import report as words
from solver.words.speech import Speech

PORTFOLIO = (
    "one budget is divided among programmes so that the weighted shares of what each could serve add up to the most",
    "在统一预算下统筹各方案，使各方案（占其全覆盖的）加权份额之和最大",
)
PORTFOLIO_ZH = "统筹预算"
LIMITS: dict[str, tuple[str, str]] = {
    "proof": (
        "What a plan is worth and the rules it keeps were recomputed apart from the engine. A bound is what no plan "
        "under the same data and rules can pass; it says nothing about the data.",
        "方案的目标值及其满足的规则均独立于求解器重新核算。理论界表示在相同数据和规则下任何方案都无法超越的值，与数据本身的准确性无关。",
    ),
    "places": (
        "A place is one point: people inside it may be nearer or farther than the point is.",
        "每个需求点以一个点代表，其中的人可能更近或更远。",
    ),
    "roads": (
        "Travel runs along the roads of the layer named under inputs, at the speeds given there, without queues. "
        "Points farther than {snap} m from a road are refused.",
        "出行沿输入文件中的路网、按其速度计算，不计拥堵。距道路超过 {snap} 米的点不予接受。",
    ),
    "matrix": (
        "Travel is what the matrix named under inputs says; pairs that it lacks cannot be served.",
        "出行取自输入文件中的矩阵；矩阵中没有的点对视为不可服务。",
    ),
    "costs": (
        "Costs are those of the layers; they are not checked against the market.",
        "造价取自图层，未与市场核对。",
    ),
    "ties": (
        "Of plans of the same worth the one of least cost is shown, then of fewest sites and units, then of least "
        "travel in all; others alike in all of that may exist.",
        "目标值相同时，取造价最低者，其次取站点与单元最少者，再次取总出行最短者；各项均相同的其他方案仍可能存在。",
    ),
}
"""What holds for every result, or for those on roads or with a matrix."""


def model_name(name: str, speech: Speech) -> str:
    """What a model is called: its name in a study file, in Chinese beside its own."""
    from solver.pose.catalogue import MODELS  # loaded only where a report is written: it takes its time

    named = {model: record.name_zh for model, record in MODELS.items()} | {"portfolio": PORTFOLIO_ZH}
    return f"{named[name]}（{name}）" if speech.zh and name in named else name


def methods_of(models: Sequence[str], speech: Speech) -> list[str]:
    """One sentence for each model: its name, what it seeks, and its source."""
    from solver.pose.catalogue import MODELS  # loaded only where a report is written: it takes its time

    told = []
    for name in models:
        model = MODELS.get(name)
        what = PORTFOLIO[speech.zh] if model is None else (model.purpose_zh if speech.zh else model.purpose)
        source = "" if model is None else words.bracketed(model.source, speech)
        stop = "。" if speech.zh else "."
        told.append(f"{model_name(name, speech)}{speech.colon}{what}{source}{stop}")
    return told


def limits_of(document: Mapping[str, Any], speech: Speech) -> list[str]:
    """What the result cannot know."""
    settings = document.get("settings", {})
    keys = ["proof", "places", "costs", "ties"]
    if "network" in settings:
        keys.insert(2, "roads")
    if "travel" in settings:
        keys.insert(2, "matrix")
    snap = settings.get("network", {}).get("snap_limit_m", 0)
    return [LIMITS[key][speech.zh].format(snap=f"{snap:g}") for key in keys]
