"""What a plan decides and how good it is, in sentences; why its sites, and not others, from the table of sites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from solver.export.pagedata import kinds_of
from solver.export.summary import NAMES, unit_totals
from solver.words import report as words
from solver.words.names import counted, names_in
from solver.words.speech import Speech
from solver.words.units import unit_in_words

SAY: dict[str, tuple[str, str]] = {
    "opens": ("{new} new sites open", "新建站点 {new} 个"),
    "opens_one": ("1 new site opens", "新建站点 1 个"),
    "stay": ("{kept} existing ones stay", "保留现有站点 {kept} 个"),
    "stays": ("1 existing one stays", "保留现有站点 1 个"),
    "units": ("with {units}", "设备 {units}"),
    "cost": ("for {cost}", "造价 {cost}"),
    "of_budget": ("{share} of the budget of {budget}", "占预算 {budget} 的 {share}"),
    "serve": (
        "They serve {share} of the demand ({covered} of {total}).",
        "服务需求的 {share}（{total} 中的 {covered}）。",
    ),
    "serve_share": ("They serve {share} of the demand.", "服务需求的 {share}。"),
    "refuel": ("They refuel {share} of the trips.", "可为 {share} 的出行补能。"),
    "market": ("They hold {share} of the market.", "占市场份额 {share}。"),
    "mean_min": (
        "Mean travel of those served: {value} minutes, the longest {worst}.",
        "被服务者平均出行 {value} 分钟，最远 {worst} 分钟。",
    ),
    "mean_m": (
        "Mean travel of those served: {value} m, the longest {worst} m.",
        "被服务者平均出行 {value} 米，最远 {worst} 米。",
    ),
    "best": (
        "Proven best: no plan that keeps the rules does better than {objective} {unit}.",
        "已证明最优：满足全部规则的方案都不会优于 {objective} {unit}。",
    ),
    "within": (
        "Proven to within {gap}: this plan is worth {objective} {unit}, and no plan that keeps the rules can do better "
        "than {bound}.",
        "已证明差距不超过 {gap}：本方案目标值为 {objective} {unit}，满足全部规则的方案都不会优于 {bound}。",
    ),
    "stopped": (
        "Stopped before that was proven ({ended}): this plan is worth {objective} {unit}; no plan can do better than "
        "{bound}, so it may fall short of the best by up to {gap}.",
        "尚未证明最优（{ended}）：本方案目标值为 {objective} {unit}；任何方案都不会优于 {bound}，"
        "因此与最优的差距至多 {gap}。",
    ),
    "unbounded": (
        "Stopped before anything was proven ({ended}): this plan is worth {objective} {unit}; how much better a plan "
        "could be is not known.",
        "尚未证明（{ended}）：本方案目标值为 {objective} {unit}；与最优的差距未知。",
    ),
    "ties_exact": (
        "Of all plans that are worth as much, none costs less{saved}.",
        "在目标值相同的方案中造价最低{saved}。",
    ),
    "ties_descent": (
        "Closing or exchanging a single site would not make it cheaper at the same worth{saved}.",
        "在目标值不变的前提下，关闭或替换任一站点都不能再降低造价{saved}。",
    ),
    "saved": ("; that saved {cny}", "，由此节省 {cny}"),
    "member": (
        "Part of the joint plan “{name}”: what is proven is proven of the whole. By itself it is worth {objective} "
        "{unit}.",
        "属于统筹方案“{name}”：证明针对整体。单独看其目标值为 {objective} {unit}。",
    ),
    "out": (
        "{n} candidates are not chosen; {none} of them would reach nothing that open sites do not reach already.",
        "未选候选点 {n} 个，其中 {none} 个不能新增任何可达需求。",
    ),
    "sole": (
        "{n} of {all} chosen sites are alone in reaching some of their demand; the others stand in for each other.",
        "{all} 个选中站点中有 {n} 个独自可达部分需求；其余可相互替代。",
    ),
    "sole_all": (
        "Each of the {n} chosen sites is alone in reaching some of its demand.",
        "{n} 个选中站点各自独自可达部分需求。",
    ),
    "excluded": (
        "{n} candidates are left out because they are too near to something.",
        "因距离限制排除候选点 {n} 个。",
    ),
}
"""English and Chinese."""
NAMED = 10
"""So many sites of a kind are named in a table."""


def say(key: str, speech: Speech, **values: Any) -> str:
    """A sentence, or a part of one."""
    return SAY[key][speech.zh].format(**values)


def decided(entry: Mapping[str, Any], speech: Speech) -> str:
    """What opens, what stays, what it costs, and what it does."""
    new, kept = len(entry["sites"]), len(entry["kept_sites"])
    parts = [say("opens_one" if new == 1 else "opens", speech, new=f"{new:,}")]
    units = unit_totals(dict(entry))
    if units:
        kinds = counted(units, names_in(entry.get("settings", {}), speech), speech)
        parts.append(say("units", speech, units=words.listed(kinds, speech)))
    if kept:
        parts.append(say("stays" if kept == 1 else "stay", speech, kept=f"{kept:,}"))
    if entry["cost"]:
        cost = say("cost", speech, cost=words.money(entry["cost"], speech))
        if entry["budget"]:
            used = words.share(entry["cost"] / entry["budget"], speech)
            budget = say("of_budget", speech, share=used, budget=words.money(entry["budget"], speech))
            cost += words.bracketed(budget, speech)
        parts.append(cost)
    first = words.joined(parts, speech)
    return (" " if not speech.zh else "").join([first, *_service(entry["figures"], speech)])


def _service(figures: Mapping[str, Any], speech: Speech) -> list[str]:
    told = []
    if figures.get("covered_share") is not None:
        weights = {key: figures.get(f"{key}_weight") for key in ("covered", "total")}
        key = "serve_share" if None in weights.values() else "serve"
        shown = {name: words.number(value, speech) for name, value in weights.items()}
        told.append(say(key, speech, share=words.share(figures["covered_share"], speech), **shown))
    for key, name in (("refuel", "refuelled_share"), ("market", "market_share")):
        if figures.get(name) is not None:
            told.append(say(key, speech, share=words.share(figures[name], speech)))
    for unit in ("min", "m"):
        mean, worst = figures.get(f"mean_travel_{unit}"), figures.get(f"worst_travel_{unit}")
        if mean is not None and worst is not None:
            told.append(say(f"mean_{unit}", speech, value=f"{mean:,.1f}", worst=f"{worst:,.1f}"))
    return told


def proof(entry: Mapping[str, Any], speech: Speech, joint: str | None = None) -> str:
    """How good the plan is; `joint` is the title of the joint plan that it is part of."""
    values = {
        "objective": words.exact(entry["objective"], speech),
        "unit": unit_in_words(entry["objective_unit"], speech),
        "bound": words.exact(entry["bound"], speech),
        "gap": words.gap(entry["gap"], speech),
        "ended": words.ended(entry, speech),
        "name": joint,
    }
    if joint is not None:
        key = "member"
    elif entry["bound"] is None or entry["gap"] is None:
        key = "unbounded"
    elif entry["ended"] != "proven":
        key = "stopped"
    else:
        key = "best" if entry["gap"] < 1e-9 else "within"
    told = say(key, speech, **values).replace(" .", ".").replace(" ;", ";")
    return (" " if not speech.zh else "").join([told, *_ties(entry, speech)])


def _ties(entry: Mapping[str, Any], speech: Speech) -> list[str]:
    """How the plan compares with others of the same worth; nothing where it costs nothing, or cost is its worth."""
    ties, cost = entry.get("ties") or {}, entry["cost"]
    if not ties or not cost or cost == entry["objective"]:
        return []
    saved = say("saved", speech, cny=words.money(ties["saved_cost"], speech)) if ties["saved_cost"] > 0 else ""
    return [say(f"ties_{ties['sites']}", speech, saved=saved)]


@dataclass(frozen=True)
class Why:
    """Sentences, and tables (key of the title, columns) of the sites that matter most."""

    sentences: Sequence[str]
    tables: Sequence[tuple[str, pd.DataFrame]]


def why(sites: pd.DataFrame, figures: Mapping[str, Any], speech: Speech) -> Why:
    """Why these sites: which are hardest to replace, which would be next."""
    kinds = np.array(kinds_of(sites))
    chosen, other = sites[kinds == "chosen"], sites[(kinds == "other") & (sites["status"] == "candidate").to_numpy()]
    sentences, tables = [], []
    alone = chosen[chosen["sole_weight"] > 0] if "sole_weight" in sites else chosen[:0]
    if len(alone):  # where every site reaches everything, as in a median, nothing is said by this
        key = "sole_all" if len(alone) == len(chosen) > 1 else "sole"
        sentences.append(say(key, speech, n=f"{len(alone):,}", all=f"{len(chosen):,}"))
        tables.append(("matter_most", _first(alone, "sole_weight")))
    if "added_weight" in sites and len(other):
        none = int((other["added_weight"] <= 0).sum())
        sentences.append(say("out", speech, n=f"{len(other):,}", none=f"{none:,}"))
        tables.append(("next_in_line", _first(other[other["added_weight"] > 0], "added_weight")))
    if figures.get("excluded_sites"):
        sentences.append(say("excluded", speech, n=f"{figures['excluded_sites']:,}"))
    return Why(sentences, [(key, table) for key, table in tables if len(table)])


def _first(sites: pd.DataFrame, by: str) -> pd.DataFrame:
    columns = ("site_id", *NAMES, "group", "tier", "cost", "reachable_weight", by, "served_weight", "served_load")
    top = sites.sort_values([by, "site_id"], ascending=[False, True]).head(NAMED)
    return pd.DataFrame(top)[[c for c in columns if c in top.columns and top[c].notna().any() and (top[c] != "").any()]]
