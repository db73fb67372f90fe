"""Other plans and the worth of sites in words, for the terminal and for reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.words import report as words
from solver.words.report import WORDS
from solver.words.speech import Speech
from solver.words.units import unit_in_words


@dataclass(frozen=True)
class Part:
    """A table with its title, the columns that stand to the right, and notes below."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int]
    notes: Sequence[str]


SAY: dict[str, tuple[str, str]] = {
    "others": ("Other plans that lose at most {share}", "损失不超过 {share} 的其他方案"),
    "plan": ("Plan", "方案"),
    "loses": ("Loses", "损失"),
    "differs": ("Sites that differ", "不同站点数"),
    "opens": ("Opens", "改选"),
    "leaves_out": ("Leaves out", "不选"),
    "complete": ("", ""),
    "exhausted": ("It is proven that there are no more.", "已证明没有更多方案。"),
    "limit": ("{found} of {count}: then the time was out.", "共求 {count} 个，得 {found} 个后时间用完。"),
    "interrupted": ("{found} of {count}: then it was interrupted.", "共求 {count} 个，得 {found} 个后被中断。"),
    "in_all": (
        "{found} of the plan's {count} new sites are in all of these plans too{named}.",
        "原方案 {count} 个新站点中，有 {found} 个在以上方案中都被选中{named}。",
    ),
    "worth": ("What each site is worth", "各站点的价值"),
    "site": ("Site", "站点"),
    "decision": ("Decision", "决定"),
    "lost": ("Lost", "损失"),
    "most_worth": ("chosen, worth most", "已选，价值最大"),
    "least_worth": ("chosen, easiest to do without", "已选，最可替代"),
    "chosen": ("chosen", "已选"),
    "unknown": ("chosen, worth not known yet", "已选，价值尚未求得"),
    "nearest": ("not chosen, nearest to it", "未选，最接近入选"),
    "no_plan": ("no plan is left", "无可行方案"),
    "least": ("at least {low}", "至少 {low}"),
    "range": ("{low} to {high}", "{low} 至 {high}"),
    "meaning": (
        "Lost{unit}: without a chosen site, or by forcing in one that is not chosen; the truth lies between the two "
        "numbers.",
        "损失{unit}：去掉已选站点，或强制选入未选站点时目标值的减少量；真值在两数之间。",
    ),
    "only_relaxed": (
        "{count} of {all} sites have a linear bound only; more time tells more.",
        "{all} 个站点中有 {count} 个只有线性松弛界；增加时间可得更精确的结果。",
    ),
}
"""English and Chinese."""


def further_parts(entry: Mapping[str, Any], speech: Speech, *, most: int) -> list[Part]:
    """What a programme's entry says beyond its plan; at most `most` sites are named at a time."""
    parts = []
    if entry.get("alternatives_sought"):
        parts.append(_others(entry, speech, most))
    if entry.get("marginals"):
        parts.append(_worth(entry, speech, most))
    return parts


def _say(key: str, speech: Speech, **values: Any) -> str:
    return SAY[key][speech.zh].format(**values)


def _others(entry: Mapping[str, Any], speech: Speech, most: int) -> Part:
    sought, others = entry["alternatives_sought"], entry["alternatives"]
    head = [_say("plan", speech), _say("loses", speech), _say("differs", speech), WORDS[speech.lang]["cost"]]
    head += [WORDS[speech.lang]["covered_share"], _say("opens", speech), _say("leaves_out", speech)]
    rows = [
        [
            str(number),
            words.gap(other["lost_share"], speech),
            str(other["differs_by"]),
            words.money(other["cost"], speech),
            _covered(other["figures"], speech),
            _ids(other["opens"], most, speech),
            _ids(other["leaves_out"], most, speech),
        ]
        for number, other in enumerate(others, 1)
    ]
    notes = [_say(sought["ended"], speech, found=len(others), count=sought["count"])]
    if others:
        kept = [site for site in entry["sites"] if all(site in other["sites"] for other in others)]
        named = f"{speech.colon}{_ids(kept, most, speech)}" if kept else ""
        notes.append(_say("in_all", speech, found=len(kept), count=len(entry["sites"]), named=named))
    title = _say("others", speech, share=words.share(sought["within"], speech))
    return Part(title, head, rows, (1, 2, 3, 4), [note for note in notes if note])


def _worth(entry: Mapping[str, Any], speech: Speech, most: int) -> Part:
    marginals: Mapping[str, Mapping[str, Any]] = entry["marginals"]
    chosen = sorted((s for s, m in marginals.items() if m["chosen"]), key=lambda s: _loss(marginals[s]), reverse=True)
    rejected = sorted((s for s, m in marginals.items() if not m["chosen"]), key=lambda s: _loss(marginals[s]))
    known = [site for site in chosen if _is_known(marginals[site])]
    groups = [("most_worth", known[:most]), ("least_worth", known[-most:][::-1])]
    if len(known) <= 2 * most:
        groups = [("chosen", known)]
    unknown = [site for site in chosen if site not in set(known)]
    groups.append(("unknown", unknown[:most]))
    groups.append(("nearest", [site for site in rejected if _is_known(marginals[site])][:most]))
    rows = [[site, _say(key, speech), _interval(marginals[site], speech)] for key, sites in groups for site in sites]
    unit = words.bracketed(unit_in_words(entry["objective_unit"], speech), speech) if entry["objective_unit"] else ""
    notes = [_say("meaning", speech, unit=unit)]
    relaxed = sum(not worth["solved"] for worth in marginals.values())
    if relaxed:
        notes.append(_say("only_relaxed", speech, count=f"{relaxed:,}", all=f"{len(marginals):,}"))
    head = [_say("site", speech), _say("decision", speech), _say("lost", speech) + unit]
    return Part(_say("worth", speech), head, rows, (2,), notes)


def _loss(worth: Mapping[str, Any]) -> tuple[float, float]:
    """What to sort by: certain loss, then possible loss; more than anything where no plan is left."""
    infinite = float("inf")
    if worth["impossible"]:
        return infinite, infinite
    most = worth["lost_at_most"]
    return worth["lost_at_least"], infinite if most is None else most


def _is_known(worth: Mapping[str, Any]) -> bool:
    """Whether anything is known of the loss beside that it is none or more."""
    return bool(worth["impossible"] or worth["lost_at_most"] is not None or worth["lost_at_least"] > 0)


def _interval(worth: Mapping[str, Any], speech: Speech) -> str:
    if worth["impossible"]:
        return _say("no_plan", speech)
    low = words.number(worth["lost_at_least"], speech)
    if worth["lost_at_most"] is None:
        return _say("least", speech, low=low)
    high = words.number(worth["lost_at_most"], speech)
    return low if low == high else _say("range", speech, low=low, high=high)


def _covered(figures: Mapping[str, Any], speech: Speech) -> str:
    share = words.covered(figures)
    return "–" if share is None else words.share(share, speech)


def _ids(ids: Sequence[str], most: int, speech: Speech) -> str:
    """The first ids, and how many more there are."""
    if not ids:
        return "–"
    more = f" (+ {len(ids) - most:,})" if len(ids) > most else ""
    return speech.comma.join(ids[:most]) + more
